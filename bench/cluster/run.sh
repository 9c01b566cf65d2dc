#!/usr/bin/env bash
# The cluster's cost: processor and memory per source with light traffic, and how fast it catches up beside the bare engine.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

sources=20 seconds=30 backlog=30 rows=100000 limit=1.05

usage() {
    cat <<TEXT
Usage: ./bench.sh cluster [--sources N] [--seconds N] [--backlog N]

Light traffic: N sources (default $sources), each with a worker of its own on this machine, are written to with 5 transactions a second for N seconds (default $seconds);
printed are the processor time and the memory of their workers, per source (the proportional set size: pages that they share count once).

Catching up: sysbench writes to a source for N seconds (--backlog, default $backlog); then tiferry migrate and a task of the cluster catch up from the same position, one
after the other, three times. Timed is from the first checkpoint on the target to the last. Fails where the cluster takes more than $limit times as long.
TEXT
}

while (($#)); do
    case $1 in
        --sources | --seconds | --backlog)
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
. scripts/throwaway-cluster.sh
writers=()
trap 'kill "${writers[@]}" 2>/dev/null || true; stop_cluster; cleanup' EXIT

source_file() {
    printf 'source-id: %s\nfrom:\n  host: 127.0.0.1\n  port: %d\n  user: root\n  password: ""\n' "$1" "${port[$2]}" >"$work/$1.yaml"
    dmctl operate-source create "$work/$1.yaml" >/dev/null
}

# task_file NAME SOURCE MODE [META]: META is a line of the instance.
task_file() {
    cat >"$work/$1.task.yaml" <<YAML
name: $1
task-mode: $3
meta-schema: meta_$1
target-database: {host: 127.0.0.1, port: ${port[target]}, user: root, password: ""}
mysql-instances:
  - source-id: $2
    block-allow-list: sbtest
    syncer-config-name: same
${4:-}
block-allow-list:
  sbtest: {do-dbs: ["sbtest*"]}
syncers:
  same: {worker-count: 4, compact: true, multiple-rows: true}
YAML
}

# start_task NAME: ends the benchmark with the reason where it is refused.
start_task() {
    dmctl start-task "$work/$1.task.yaml" >"$work/$1.start.log"
    grep -q '^    "result": true' "$work/$1.start.log" || { cat "$work/$1.start.log" >&2; return 1; }
}

synced() { [[ $(subtask "$1" "$2" .sync.synced) == true ]]; }

# ticks PID...: the processor time of processes so far, in hundredths of a second.
ticks() {
    local pid sum=0 fields
    for pid in "$@"; do
        read -ra fields <"/proc/$pid/stat"
        ((sum += fields[13] + fields[14]))
    done
    printf '%d' "$sum"
}

light_traffic() {
    printf 'Starting %d sources\n' "$sources"
    local number pids=() names=()
    start_server target --server-id=1000
    create_cluster 1 "$sources"
    for ((number = 1; number <= sources; number++)); do
        start_server "source$number" --server-id="$number" --log-bin=binlog --binlog-format=ROW --innodb-buffer-pool-size=32M --innodb-log-file-size=16M
        sql "source$number" "CREATE DATABASE sbtest$number; CREATE TABLE sbtest$number.t (id BIGINT AUTO_INCREMENT PRIMARY KEY, at DATETIME(6), note VARCHAR(100));"
        source_file "source$number" "source$number"
        task_file "light$number" "source$number" all
        start_task "light$number"
        names+=("light$number")
    done
    for ((number = 1; number <= sources; number++)); do
        wait_until 120 "source$number is followed" synced "light$number" "source$number"
        pids+=("${member_pid[worker$number]}")
        {
            while sleep 0.2; do printf "INSERT INTO t (at, note) VALUES (NOW(6), 'light');\n"; done | mariadb --no-defaults --user=root --host=127.0.0.1 --port="${port[source$number]}" "sbtest$number"
        } >/dev/null 2>&1 &
        writers+=($!)
    done
    sleep 5
    local before after memory=0 pid
    before=$(ticks "${pids[@]}")
    sleep "$seconds"
    after=$(ticks "${pids[@]}")
    for pid in "${pids[@]}"; do ((memory += $(awk '/^Pss:/ { print $2 }' "/proc/$pid/smaps_rollup"))); done
    awk -v ticks="$((after - before))" -v seconds="$seconds" -v sources="$sources" -v memory="$memory" \
        'BEGIN { printf "light traffic: %.2f %% of a core and %.0f MiB per source\n", ticks / seconds / sources, memory / sources / 1024 }'
    kill "${writers[@]}" 2>/dev/null || true
    writers=()
    local name
    for name in "${names[@]}"; do dmctl stop-task "$name" >/dev/null; done
    for ((number = 1; number <= sources; number++)); do
        dmctl operate-source stop -s "source$number" >/dev/null
        kill "${server_pid[source$number]}"
    done
}

position() { sql target "SELECT CONCAT(binlog_name, ':', binlog_pos) FROM \`$1\`.\`$2_syncer_checkpoint\` WHERE is_global" 2>/dev/null || true; }

# catch_up SCHEMA TASK: seconds from the first checkpoint after the start to the one at the end.
catch_up() {
    local first='' now
    while true; do
        now=$(position "$1" "$2")
        if [[ -n $now && $now != "$start_file:$start_position" && -z $first ]]; then first=$(date +%s.%N); fi
        if [[ $now == "$end_file:$end_position" || $now == "$end_file:"* && ${now##*:} -ge $end_position ]]; then break; fi
        sleep 0.02
    done
    awk -v a="$first" -v b="$(date +%s.%N)" 'BEGIN { printf "%.2f\n", b - a }'
}

empty_target() {
    mariadb --no-defaults --user=root --host=127.0.0.1 --port="${port[target]}" -e "DROP DATABASE IF EXISTS sbtest; DROP DATABASE IF EXISTS meta_heavy; DROP DATABASE IF EXISTS meta_bare; CREATE DATABASE sbtest"
    mariadb --no-defaults --user=root --host=127.0.0.1 --port="${port[target]}" <"$work/dump.sql"
}

catching_up() {
    printf 'Preparing a backlog of %d seconds\n' "$backlog"
    start_server heavy --server-id=900 --log-bin=binlog --binlog-format=ROW
    sql heavy "CREATE DATABASE sbtest"
    local load=(sysbench oltp_write_only --db-driver=mysql --mysql-host=127.0.0.1 --mysql-port="${port[heavy]}" --mysql-user=root --mysql-db=sbtest --tables=4 --table-size="$rows")
    "${load[@]}" --threads=4 prepare >"$work/prepare.log"
    mariadb-dump --no-defaults --user=root --host=127.0.0.1 --port="${port[heavy]}" --single-transaction --databases sbtest >"$work/dump.sql"
    read -r start_file start_position _ <<<"$(sql heavy 'SHOW MASTER STATUS')"
    "${load[@]}" --threads=8 --time="$backlog" run >"$work/load.log"
    read -r end_file end_position _ <<<"$(sql heavy 'SHOW MASTER STATUS')"
    source_file heavy heavy
    task_file heavy heavy incremental "    meta: {binlog-name: $start_file, binlog-pos: $start_position}"

    local run ferry
    for run in 1 2 3; do
        empty_target
        bin/tiferry migrate --from "mysql://root@127.0.0.1:${port[heavy]}" --to "mysql://root@127.0.0.1:${port[target]}" --task bare --meta-schema meta_bare --mode incremental \
            --start-position "$start_file:$start_position" --threads 4 --filter 'sbtest.*' >"$work/bare.log" 2>&1 &
        ferry=$!
        printf 'engine %s 0 0\n' "$(catch_up meta_bare bare)" >>"$work/figures"
        kill "$ferry"
        wait "$ferry" || true
        empty_target
        start_task heavy
        printf 'cluster %s 0 0\n' "$(catch_up meta_heavy heavy)" >>"$work/figures"
        dmctl stop-task heavy >/dev/null
    done
    report_line engine engine
    report_line cluster cluster
    ratio cluster engine "$limit"
}

light_traffic
catching_up
