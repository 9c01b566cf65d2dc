#!/usr/bin/env bash
# Breaks a migration on purpose: while sysbench and clients of its own write to the source, tiferry is killed (SIGKILL) at 20 random moments of
# both stages, the target and the source are killed and restarted in between, and at the end every table of both sides must be equal.
# Usage: scripts/chaos.sh [MINUTES] [SEED]     needs mariadb-server, sysbench and the .NET SDK
set -euo pipefail

minutes=${1:-3}
RANDOM=${2:-$$}
echo "chaos: $minutes minutes, seed ${2:-$$}"
cd "$(dirname "$0")/.."
work=$(mktemp -d /tmp/tiferry-chaos.XXXXXX)
declare -A server_pid=() port=()
tiferry_pid='' sysbench_pid='' clients=()

finish() {
    for pid in "$tiferry_pid" "$sysbench_pid" "${clients[@]}"; do [[ -n $pid ]] && kill -9 "$pid" 2>/dev/null || true; done
    for pid in "${server_pid[@]}"; do kill -9 "$pid" 2>/dev/null || true; done
    wait 2>/dev/null || true
    rm -rf "$work"
}
trap finish EXIT

say() { printf '%s  %s\n' "$(date +%T)" "$*"; }
sql() { mariadb --no-defaults -uroot -S "$work/$1.sock" --batch --skip-column-names "${@:2}"; }
free_port() {
    local candidate
    while true; do
        candidate=$((20000 + RANDOM % 12000))
        (: <"/dev/tcp/127.0.0.1/$candidate") 2>/dev/null || { printf '%s' "$candidate"; return; }
    done
}

start_server() {
    local side=$1 options=()
    [[ $side == source ]] && options=(--log-bin=binlog --binlog-format=ROW --sync-binlog=1)
    mariadbd --no-defaults --user="$(id -un)" --datadir="$work/$side" --port="${port[$side]}" --bind-address=127.0.0.1 --socket="$work/$side.sock" \
        --pid-file="$work/$side.pid" --server-id="$([[ $side == source ]] && echo 1 || echo 2)" --innodb-flush-log-at-trx-commit=1 "${options[@]}" >>"$work/$side.log" 2>&1 &
    server_pid[$side]=$!
    for _ in $(seq 600); do
        sql "$side" -e 'SELECT 1' >/dev/null 2>&1 && return
        sleep 0.1
    done
    say "the $side does not start:"; tail -20 "$work/$side.log"; exit 1
}

restart_server() {
    local signal=$([[ $((RANDOM % 2)) == 0 ]] && echo KILL || echo TERM)
    say "restart of the $1 (SIG$signal)"
    kill -"$signal" "${server_pid[$1]}"
    wait "${server_pid[$1]}" 2>/dev/null || true
    start_server "$1"
}

start_tiferry() {
    dotnet "$program" migrate --from "mysql://root@127.0.0.1:${port[source]}" --to "mysql://root@127.0.0.1:${port[target]}" \
        --filter 'sbtest.*' --filter 'chaos.*' --threads 3 --chunk-rows 200 "$@" >>"$work/tiferry.log" 2>&1 &
    tiferry_pid=$!
}

# A client that works on tables without a key and with foreign keys, until the file "stop" exists; it waits out restarts.
client() {
    RANDOM=$1
    while [[ ! -e $work/stop ]]; do
        for _ in $(seq 40); do
            local a=$((RANDOM % 400)) b=$((RANDOM % 400)) c=$((RANDOM % 30))
            case $((RANDOM % 9)) in
                0 | 1) echo "INSERT INTO heap VALUES ($c, 'line $((b % 7))'), ($c, 'line $((b % 7))');" ;;
                2) echo "UPDATE heap SET line = 'changed $b' WHERE kind = $c LIMIT 2;" ;;
                3) echo "DELETE FROM heap WHERE kind = $c LIMIT 1;" ;;
                4) echo "INSERT IGNORE INTO parent VALUES ($a, 'p$b'); INSERT IGNORE INTO child VALUES ($((a * 10 + c % 10)), $a, $b);" ;;
                5) echo "DELETE FROM parent WHERE id = $a;" ;;
                6) echo "UPDATE child SET v = v + 1 WHERE parent = $a;" ;;
                7) echo "BEGIN; INSERT INTO heap VALUES ($c, 'together'); UPDATE parent SET name = 'q$b' WHERE id = $a; COMMIT;" ;;
                8) echo "BEGIN; DELETE FROM heap WHERE kind = $c; ROLLBACK;" ;;
            esac
        done | sql source --force chaos >/dev/null 2>&1 || sleep 0.2
    done
}

write_with_sysbench() {
    while [[ ! -e $work/stop ]]; do
        sysbench oltp_write_only "${sysbench_options[@]}" --threads=4 --time=3600 --rate=300 run >/dev/null 2>&1 || sleep 0.5
    done
}

say "building"
dotnet build src/Programs/tiferry -c Release -v q >"$work/build.log" 2>&1 || { cat "$work/build.log"; exit 1; }
program=$(find "$PWD/src/Programs/tiferry/bin/Release" -name tiferry.dll | head -1)

for side in source target; do
    mariadb-install-db --no-defaults --datadir="$work/$side" --user="$(id -un)" --auth-root-authentication-method=normal --skip-test-db >/dev/null 2>&1
    port[$side]=$(free_port)
    start_server "$side"
done
sql source -e "CREATE DATABASE sbtest; CREATE DATABASE chaos; USE chaos;
    CREATE TABLE heap (kind INT, line VARCHAR(20));
    CREATE TABLE parent (id INT PRIMARY KEY, name VARCHAR(10));
    CREATE TABLE child (id INT PRIMARY KEY, parent INT, v INT, FOREIGN KEY (parent) REFERENCES parent (id) ON DELETE CASCADE);"
sysbench_options=(--mysql-socket="$work/source.sock" --mysql-user=root --mysql-db=sbtest --tables=4 --table-size=100000)
sysbench oltp_write_only "${sysbench_options[@]}" --threads=2 prepare >/dev/null
write_with_sysbench & clients+=($!)
for number in 1 2; do client $((RANDOM + number)) & clients+=($!); done

start_tiferry
for kill in $(seq 20); do
    # The first ones come fast, to meet the copy.
    if ((kill <= 10)); then pause=$((300 + RANDOM % 900)); else pause=$((RANDOM % (minutes * 60000 * 2 / 12))); fi
    sleep "$((pause / 1000)).$(printf '%03d' $((pause % 1000)))"
    if ! kill -0 "$tiferry_pid" 2>/dev/null && ! wait "$tiferry_pid"; then
        say "tiferry ended by itself:"; tail -5 "$work/tiferry.log"; exit 1
    fi
    case $kill in
        4 | 10 | 15) restart_server target; sleep 1 ;;
        6 | 12 | 17) restart_server source; sleep 1 ;;
    esac
    kill -9 "$tiferry_pid" 2>/dev/null || true
    wait "$tiferry_pid" 2>/dev/null || true
    stage=$(sql target -e "SELECT stage FROM tiferry_meta.task" 2>/dev/null || echo start)
    say "kill $kill of 20 (stage: $stage)"
    start_tiferry
done

touch "$work/stop"
pkill -TERM -P "${clients[0]}" sysbench 2>/dev/null || true
wait "${clients[@]}" >/dev/null 2>&1 || true
clients=()
kill -9 "$tiferry_pid"; wait "$tiferry_pid" 2>/dev/null || true
say "the writers have stopped, catching up"
start_tiferry --stop-when caught-up
if ! wait "$tiferry_pid"; then
    say "tiferry failed:"; tail -5 "$work/tiferry.log"; exit 1
fi
tiferry_pid=''

failed=0
for table in sbtest.sbtest{1..4} chaos.{heap,parent,child}; do
    left=$(sql source -e "SELECT COUNT(*) FROM $table; CHECKSUM TABLE $table" | xargs)
    right=$(sql target -e "SELECT COUNT(*) FROM $table; CHECKSUM TABLE $table" | xargs)
    if [[ $left == "$right" ]]; then say "equal      $left"; else say "DIFFERENT  source: $left  target: $right"; failed=1; fi
done
((failed == 0)) && say "all tables are equal" || { cp "$work/tiferry.log" /tmp/tiferry-chaos.log; say "not equal; the log is in /tmp/tiferry-chaos.log"; exit 1; }
