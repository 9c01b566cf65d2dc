#!/usr/bin/env bash
# Catching up: tiferry migrate in mode incremental against a native MariaDB replica with parallel threads, from the same position.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

seconds=30 threads=4 rows=100000

usage() {
    cat <<TEXT
Usage: ./bench.sh sync [--seconds N] [--threads N] [--rows N]

Lets sysbench oltp_write_only (8 threads, 4 tables of N rows, default $rows) write to a source for N seconds (default $seconds), then times how long a native
replica with N parallel threads (default $threads) and tiferry with as many workers take to catch up, one after the other.
TEXT
}

while (($#)); do
    case $1 in
        --seconds | --threads | --rows)
            (($# > 1)) || { usage >&2; exit 2; }
            declare "${1#--}=$2"
            shift
            ;;
        -h | --help) usage; exit 0 ;;
        *) usage >&2; exit 2 ;;
    esac
    shift
done
. scripts/throwaway-servers.sh

tables='sbtest.sbtest1, sbtest.sbtest2, sbtest.sbtest3, sbtest.sbtest4'
load() {
    sysbench oltp_write_only --db-driver=mysql --mysql-host=127.0.0.1 --mysql-port="${port[source]}" --mysql-user=root --mysql-db=sbtest \
        --tables=4 --table-size="$rows" "$@"
}

catch_up_replica() {
    sql replica "START SLAVE"
    local answer
    answer=$(sql replica "SELECT MASTER_POS_WAIT('$end_file', $end_position, 600)")
    [[ $answer != NULL && $answer != -1 ]]
}

printf 'Preparing 4 tables of %d rows on the source, a replica and a target\n' "$rows"
start_server source --server-id=1 --log-bin=binlog --binlog-format=ROW
start_server replica --server-id=2 --slave-parallel-threads="$threads" --slave-parallel-mode=optimistic --skip-slave-start
start_server target --server-id=3
sql source "CREATE DATABASE sbtest"
load --threads=4 prepare >"$work/prepare.log"
for name in replica target; do
    mariadb-dump --no-defaults --user=root --host=127.0.0.1 --port="${port[source]}" --single-transaction --databases sbtest |
        mariadb --no-defaults --user=root --host=127.0.0.1 --port="${port[$name]}"
done
read -r start_file start_position _ <<<"$(sql source 'SHOW MASTER STATUS')"

printf 'Writing for %d seconds\n' "$seconds"
load --threads=8 --time="$seconds" run >"$work/load.log"
grep -E 'transactions:' "$work/load.log"
read -r end_file end_position _ <<<"$(sql source 'SHOW MASTER STATUS')"

sql replica "CHANGE MASTER TO MASTER_HOST='127.0.0.1', MASTER_PORT=${port[source]}, MASTER_USER='root', MASTER_LOG_FILE='$start_file', MASTER_LOG_POS=$start_position, MASTER_USE_GTID=no"
started=$(date +%s.%N)
catch_up_replica
awk -v a="$started" -v b="$(date +%s.%N)" 'BEGIN { printf "replica %.2f 0 0\n", b - a }' >>"$work/figures"
sql replica "STOP SLAVE"

measure tiferry bin/tiferry migrate --from "mysql://root@127.0.0.1:${port[source]}" --to "mysql://root@127.0.0.1:${port[target]}" \
    --mode incremental --start-position "$start_file:$start_position" --stop-when caught-up --threads "$threads" --filter 'sbtest.*'

for name in replica target; do
    if [[ $(sql source "CHECKSUM TABLE $tables") != "$(sql "$name" "CHECKSUM TABLE $tables")" ]]; then
        printf 'The %s is not equal to the source.\n' "$name" >&2
        exit 1
    fi
done

report_line tiferry tiferry
report_line replica replica
# Where the time went, stage by stage.
sed -n 's/^  time  *//p' "$work/tiferry.log" | tr ',' '\n' | sed 's/^ */  /'
ratio tiferry replica 0.7
