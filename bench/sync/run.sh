#!/usr/bin/env bash
# Catching up: tiferry migrate in mode incremental against a native MariaDB replica with parallel threads, from the same position.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

seconds=30 threads=4 rows='' workload=mixed

usage() {
    cat <<TEXT
Usage: ./bench.sh sync [--workload mixed|hot] [--seconds N] [--threads N] [--rows N]
       ./bench.sh hot [--seconds N] [--threads N] [--rows N]

Lets sysbench write to a source with 8 threads for N seconds (default $seconds), then times how long a native replica with N parallel threads (default $threads)
and tiferry with as many workers take to catch up, one after the other.

Workload mixed is oltp_write_only on 4 tables of N rows (default 100000), hot is oltp_update_non_index on one table of N rows (default 1000).
TEXT
}

while (($#)); do
    case $1 in
        --seconds | --threads | --rows | --workload)
            (($# > 1)) || { usage >&2; exit 2; }
            declare "${1#--}=$2"
            shift
            ;;
        -h | --help) usage; exit 0 ;;
        *) usage >&2; exit 2 ;;
    esac
    shift
done
case $workload in
    mixed) script=oltp_write_only table_count=4 rows=${rows:-100000} limit=0.7 ;;
    hot) script=oltp_update_non_index table_count=1 rows=${rows:-1000} limit=0.3 ;;
    *) usage >&2; exit 2 ;;
esac
. scripts/throwaway-servers.sh

tables=$(seq -s ', ' -f 'sbtest.sbtest%g' "$table_count")
load() {
    sysbench "$script" --db-driver=mysql --mysql-host=127.0.0.1 --mysql-port="${port[source]}" --mysql-user=root --mysql-db=sbtest \
        --tables="$table_count" --table-size="$rows" "$@"
}

catch_up_replica() {
    sql replica "START SLAVE"
    local answer
    answer=$(sql replica "SELECT MASTER_POS_WAIT('$end_file', $end_position, 600)")
    [[ $answer != NULL && $answer != -1 ]]
}

printf 'Preparing %s of %d rows on the source, a replica and a target\n' "$tables" "$rows"
start_server source --server-id=1 --log-bin=binlog --binlog-format=ROW
start_server replica --server-id=2 --slave-parallel-threads="$threads" --slave-parallel-mode=optimistic --skip-slave-start
start_server target --server-id=3
sql source "CREATE DATABASE sbtest"
load --threads="$table_count" prepare >"$work/prepare.log"
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
ratio tiferry replica "$limit"
