#!/usr/bin/env bash
# Breaks things on purpose and proves that both sides are equal in the end: first tiferry migrate, then the cluster.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

usage() {
    cat <<'TEXT'
Usage: scripts/chaos.sh [MINUTES] [SEED] [migrate | cluster]

migrate   kills `tiferry migrate` and its servers at random moments (scripts/chaos/migrate.sh)
cluster   kills, stops and cuts off masters and workers, and restarts servers (scripts/chaos/cluster.sh)

Each runs for about MINUTES (default 3); the same SEED gives the same sequence of blows. Without a name both run in turn. Needs mariadb-server, sysbench, etcd-server, jq and
the .NET SDK; network cuts need root.
TEXT
}

case ${1-} in
    -h | --help) usage; exit 0 ;;
esac
minutes=${1:-3} seed=${2:-$$}
for name in ${3:-migrate cluster}; do
    "scripts/chaos/$name.sh" "$minutes" "$seed"
done
