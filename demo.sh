#!/usr/bin/env bash
# The main job on real databases, shown: by the cluster, or by the one command that needs none.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

usage() {
    cat <<'TEXT'
Usage: ./demo.sh [cluster | migrate]

cluster (default)  3 dm-masters, 3 dm-workers, two live sources and one target: a task in mode all with routes and filters; a worker and the leading master are killed on
                   the way, and the end is equal.
migrate            `tiferry migrate` carries one live database, is killed in the middle of the copy, goes on, and proves both sides equal.

Installs what is missing, builds, starts throw-away servers and leaves nothing behind. Takes one to two minutes after the first build.
TEXT
}

case ${1-cluster} in
    cluster | migrate) exec "scripts/demo/${1-cluster}.sh" ;;
    -h | --help) usage ;;
    *) usage >&2; exit 2 ;;
esac
