#!/usr/bin/env bash
# The full copy: tiferry migrate against mydumper followed by myloader, same data, same number of threads.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

rows=500000 threads=4 rounds=3

usage() {
    cat <<TEXT
Usage: ./bench.sh full [--rows N] [--threads N] [--rounds N]

Copies 4 sysbench tables of N rows (default $rows) from one MariaDB to another, TiFerry and its peer in turn, $rounds rounds; prints medians.
TEXT
}

while (($#)); do
    case $1 in
        --rows | --threads | --rounds)
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

checksums() { sql "$1" "CHECKSUM TABLE sbtest.sbtest1, sbtest.sbtest2, sbtest.sbtest3, sbtest.sbtest4"; }

expect_equal() {
    if [[ $(checksums source) != "$(checksums target)" ]]; then
        printf 'After %s the two sides are not equal.\n' "$1" >&2
        exit 1
    fi
}

copy_with_peer() {
    rm -rf "$work/dump"
    sql target "DROP DATABASE IF EXISTS sbtest"
    measure mydumper mydumper --host=127.0.0.1 --port="${port[source]}" --user=root --database=sbtest --threads="$threads" --rows=50000 --outputdir="$work/dump"
    measure myloader myloader --host=127.0.0.1 --port="${port[target]}" --user=root --database=sbtest --threads="$threads" --directory="$work/dump"
    expect_equal "mydumper and myloader"
}

copy_with_tiferry() {
    sql target "DROP DATABASE IF EXISTS sbtest; DROP DATABASE IF EXISTS tiferry_meta"
    measure tiferry bin/tiferry migrate --from "mysql://root@127.0.0.1:${port[source]}" --to "mysql://root@127.0.0.1:${port[target]}" --mode full --threads "$threads" --filter 'sbtest.*'
    expect_equal "tiferry migrate"
}

printf 'Preparing 4 tables of %d rows\n' "$rows"
start_server source --server-id=1 --log-bin=binlog --binlog-format=ROW
start_server target --server-id=2
sql source "CREATE DATABASE sbtest"
sysbench oltp_write_only --db-driver=mysql --mysql-host=127.0.0.1 --mysql-port="${port[source]}" --mysql-user=root --mysql-db=sbtest --tables=4 --table-size="$rows" --threads=4 prepare >"$work/prepare.log"

for ((round = 1; round <= rounds; round++)); do
    copy_with_peer
    copy_with_tiferry
done

report_line tiferry tiferry
report_line mydumper+myloader mydumper myloader
ratio tiferry mydumper+myloader 1.0
