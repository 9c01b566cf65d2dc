#!/usr/bin/env bash
# Hot rows: the race of bench/sync over updates of 1,000 rows only.
set -euo pipefail
exec "$(dirname "${BASH_SOURCE[0]}")/../sync/run.sh" --workload hot "$@"
