#!/usr/bin/env bash
# Breaks a migration on purpose: while sysbench and clients of its own write to the source and change definitions there, by hand and as gh-ost and
# pt-online-schema-change do, tiferry is killed (SIGKILL) at 20 random moments of both stages, the target and the source are killed and restarted in
# between. Routes give tables new names on the target. At the end every table of both sides must be equal.
# Usage: scripts/chaos/migrate.sh [MINUTES] [SEED]     needs mariadb-server, sysbench and the .NET SDK
set -euo pipefail

minutes=${1:-3}
RANDOM=${2:-$$}
echo "chaos: $minutes minutes, seed ${2:-$$}"
cd "$(dirname "$0")/../.."
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

# Starts servers that crashed by themselves, which MariaDB has done under such schema changes; false where none has.
revive_servers() {
    local side crashed=1
    for side in source target; do
        kill -0 "${server_pid[$side]}" 2>/dev/null && continue
        say "the $side crashed by itself"
        start_server "$side"
        crashed=0
    done
    return "$crashed"
}

start_tiferry() {
    dotnet "$program" migrate --from "mysql://root@127.0.0.1:${port[source]}" --to "mysql://root@127.0.0.1:${port[target]}" \
        --filter 'sbtest.*' --filter 'chaos.*' --rules "$work/rules.yaml" --threads 3 --chunk-rows 200 "$@" >>"$work/tiferry.log" 2>&1 &
    tiferry_pid=$!
}

# A client that works on tables without a key and with foreign keys, until the file "stop" exists; it waits out restarts.
client() {
    RANDOM=$1
    while [[ ! -e $work/stop ]]; do
        for _ in $(seq 40); do
            local a=$((RANDOM % 400)) b=$((RANDOM % 400)) c=$((RANDOM % 30))
            case $((RANDOM % 9)) in
                0 | 1) echo "INSERT INTO heap (kind, line) VALUES ($c, 'line $((b % 7))'), ($c, 'line $((b % 7))');" ;;
                2) echo "UPDATE heap SET line = 'changed $b' WHERE kind = $c LIMIT 2;" ;;
                3) echo "DELETE FROM heap WHERE kind = $c LIMIT 1;" ;;
                4) echo "INSERT IGNORE INTO parent (id, name) VALUES ($a, 'p$b'); INSERT IGNORE INTO child VALUES ($((a * 10 + c % 10)), $a, $b);" ;;
                5) echo "DELETE FROM parent WHERE id = $a;" ;;
                6) echo "UPDATE child SET v = v + 1 WHERE parent = $a;" ;;
                7) echo "BEGIN; INSERT INTO heap (kind, line) VALUES ($c, 'together'); UPDATE parent SET name = 'q$b' WHERE id = $a; COMMIT;" ;;
                8) echo "BEGIN; DELETE FROM heap WHERE kind = $c; ROLLBACK;" ;;
            esac
        done | sql source --force chaos >/dev/null 2>&1 || sleep 0.2
    done
}

# One statement of a schema change; what a restart of the source or a lock interrupts is made again. Any other refusal means that it ran before its answer was lost, or that
# one before it did.
change() {
    local answer
    until answer=$(sql source chaos -e "$1" 2>&1); do
        [[ $answer =~ ERROR\ (2002|2003|2006|2013|1040|1053|1205|1213|1927) && ! -e $work/stop ]] || return 0
        sleep 0.2
    done
}

# A client that changes definitions, round after round, until the file "stop" exists; each round leaves the columns as they were.
schema_client() {
    RANDOM=$1
    local round=0 statement
    while [[ ! -e $work/stop ]]; do
        round=$((round + 1))
        while read -r statement; do
            change "$statement"
            sleep 0.0$((RANDOM % 10))
        done <<SQL
ALTER TABLE parent ADD COLUMN extra INT NOT NULL DEFAULT $round AFTER id
UPDATE parent SET extra = id WHERE id % 3 = 0
ALTER TABLE heap ADD COLUMN more VARCHAR(5) DEFAULT 'm'
ALTER TABLE parent CHANGE extra renamed BIGINT NULL
CREATE INDEX named ON parent (name)
UPDATE parent SET renamed = NULL WHERE id % 2 = 0
RENAME TABLE side_a TO side_t$round, side_b TO side_a, side_t$round TO side_b
REPLACE INTO side_a VALUES ($round, $round)
TRUNCATE TABLE side_b
REPLACE INTO side_b VALUES ($round, $round)
DROP INDEX named ON parent
ALTER TABLE parent DROP COLUMN renamed
ALTER TABLE heap DROP COLUMN more
CREATE /* gh-ost */ TABLE _online_ghc (id BIGINT AUTO_INCREMENT PRIMARY KEY, hint VARCHAR(64))
CREATE /* gh-ost */ TABLE _online_gho LIKE online
ALTER /* gh-ost */ TABLE _online_gho ADD COLUMN g$round INT DEFAULT $round
REPLACE /* gh-ost */ INTO _online_gho (id, v) SELECT id, v FROM online
RENAME /* gh-ost */ TABLE online TO _online_del, _online_gho TO online
UPDATE online SET g$round = id WHERE id % 2 = 0
DROP /* gh-ost */ TABLE IF EXISTS _online_ghc
DROP /* gh-ost */ TABLE IF EXISTS _online_del
ALTER TABLE online DROP COLUMN g$round
CREATE TABLE _online_new LIKE online
ALTER TABLE _online_new ADD INDEX p$round (v)
REPLACE LOW_PRIORITY INTO _online_new SELECT * FROM online LOCK IN SHARE MODE
RENAME TABLE online TO _online_old, _online_new TO online
DROP TABLE IF EXISTS _online_old
REPLACE INTO online (id, v) VALUES ($round, $round)
DROP INDEX p$round ON online
SQL
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
    CREATE TABLE side_a (id INT PRIMARY KEY, v INT);
    CREATE TABLE side_b LIKE side_a;
    CREATE TABLE online (id INT PRIMARY KEY, v INT);
    INSERT INTO online VALUES (1000, 1), (1001, 2);
    CREATE TABLE child (id INT PRIMARY KEY, parent INT, v INT, FOREIGN KEY (parent) REFERENCES parent (id) ON DELETE CASCADE);"
cat >"$work/rules.yaml" <<'YAML'
online-ddl: true
routes:
  chaos:
    schema-pattern: chaos
    target-schema: chaos_new
  heap:
    schema-pattern: chaos
    table-pattern: heap
    target-schema: chaos_heap
    target-table: lines
YAML
sysbench_options=(--mysql-socket="$work/source.sock" --mysql-user=root --mysql-db=sbtest --tables=4 --table-size=100000)
sysbench oltp_write_only "${sysbench_options[@]}" --threads=2 prepare >/dev/null
write_with_sysbench & clients+=($!)
for number in 1 2; do client $((RANDOM + number)) & clients+=($!); done
schema_client $RANDOM & clients+=($!)

start_tiferry
for kill in $(seq 20); do
    # The first ones come fast, to meet the copy.
    if ((kill <= 10)); then pause=$((300 + RANDOM % 900)); else pause=$((RANDOM % (minutes * 60000 * 2 / 12))); fi
    sleep "$((pause / 1000)).$(printf '%03d' $((pause % 1000)))"
    if revive_servers; then
        say "tiferry may have met it"
    elif ! kill -0 "$tiferry_pid" 2>/dev/null && ! wait "$tiferry_pid"; then
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

revive_servers || true
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
for table in sbtest.sbtest{1..4} chaos.{heap,parent,child,side_a,side_b,online}; do
    case $table in
        chaos.heap) routed=chaos_heap.lines ;;
        *) routed=${table/#chaos./chaos_new.} ;;
    esac
    left=$(sql source -e "SELECT COUNT(*) FROM $table; CHECKSUM TABLE $table" | awk '{ print $NF }' | xargs)
    right=$(sql target -e "SELECT COUNT(*) FROM $routed; CHECKSUM TABLE $routed" | awk '{ print $NF }' | xargs)
    if [[ $left == "$right" ]]; then say "equal      $table: $left"; else say "DIFFERENT  $table: $left  target's $routed: $right"; failed=1; fi
done
((failed == 0)) && say "all tables are equal" || { cp "$work/tiferry.log" /tmp/tiferry-chaos.log; say "not equal; the log is in /tmp/tiferry-chaos.log"; exit 1; }
