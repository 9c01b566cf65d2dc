#!/usr/bin/env bash
# Breaks a cluster of 3 masters (each with its etcd member) and 3 workers while two sources are written to and one of them changes its definitions: members are killed (SIGKILL),
# stopped (SIGSTOP) and cut off from the network for random times, servers are restarted, and one task is begun anew again and again so that the blows meet every unit.
# At the end every table of every source must equal the target's.
# Usage: scripts/chaos/cluster.sh [MINUTES] [SEED]     network cuts need root: each member then has a network namespace of its own
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

# All in namespaces of its own: nothing listens outside, and nothing outlives the script.
if [[ -z ${TIFERRY_CHAOS_INSIDE-} ]] && unshare --net --mount --pid --fork true 2>/dev/null; then
    TIFERRY_CHAOS_INSIDE=1 exec unshare --net --mount --pid --fork --mount-proc --kill-child "$0" "$@"
fi

minutes=${1:-3} seed=${2:-$$}
RANDOM=$seed
. scripts/throwaway-servers.sh
. scripts/throwaway-cluster.sh
writers=()
finish() {
    local pid
    for pid in "${writers[@]}"; do pkill -9 -P "$pid" 2>/dev/null || true; kill -9 "$pid" 2>/dev/null || true; done
    stop_cluster
    cleanup
}
trap finish EXIT

say() { printf '%s  %s\n' "$(date +%T)" "$*"; }
# One of the arguments, in $picked: a subshell would not take part in the sequence of the seed.
pick() { local all=("$@"); picked=${all[RANDOM % ${#all[@]}]}; }
nap() { sleep "$(($1 / 1000)).$(printf '%03d' $(($1 % 1000)))"; }

# A bridge with the servers on it, and a cable to each member's namespace.
lay_cables() {
    ip link set lo up
    ip link add tiferry type bridge
    ip addr add 10.99.0.1/24 dev tiferry
    ip link set tiferry up
    server_host=10.99.0.1
    local number=10 name
    for name in master{1..3} worker{1..3}; do
        ((++number))
        unshare --net sleep infinity &
        writers+=($!)
        disown
        wait_until 10 "namespace of $name" other_namespace "$!"
        namespace[$name]=/proc/$!/ns/net
        address[$name]=10.99.0.$number
        ip link add "$name" type veth peer name eth0 netns "$!"
        ip link set "$name" master tiferry up
        nsenter --net="${namespace[$name]}" ip link set lo up
        nsenter --net="${namespace[$name]}" ip addr add "10.99.0.$number/24" dev eth0
        nsenter --net="${namespace[$name]}" ip link set eth0 up
    done
}
other_namespace() { [[ $(readlink "/proc/$1/ns/net") != "$(readlink /proc/$$/ns/net)" ]]; }

create_rows() {
    sql "$1" "CREATE DATABASE $2; USE $2;
        CREATE TABLE account (id INT PRIMARY KEY, email VARCHAR(40) NOT NULL, note VARCHAR(200), UNIQUE KEY email (email));
        CREATE TABLE heap (kind INT, line VARCHAR(20));
        CREATE TABLE still (id INT PRIMARY KEY, v VARCHAR(100));
        INSERT INTO account VALUES (0, 'first', NULL); INSERT INTO still VALUES (0, REPEAT('s', 100));"
    local doubling
    for doubling in {0..14}; do
        sql "$1" "USE $2; INSERT INTO account SELECT id + (1 << $doubling), CONCAT('mail', id + (1 << $doubling)), note FROM account; INSERT INTO still SELECT id + (1 << $doubling), v FROM still;"
    done
    sql "$1" "USE $2; INSERT INTO still SELECT id + 100000, v FROM still; INSERT INTO still SELECT id + 200000, v FROM still;"
}

# A client that writes until the file "stop" exists; it waits out restarts.
client() {
    RANDOM=$3
    while [[ ! -e $work/stop ]]; do
        for _ in $(seq 40); do
            local a=$((RANDOM % 32768)) b=$((RANDOM % 400)) c=$((RANDOM % 30))
            case $((RANDOM % 8)) in
                0 | 1) echo "INSERT INTO heap (kind, line) VALUES ($c, 'line $((b % 7))'), ($c, 'line $((b % 7))');" ;;
                2) echo "UPDATE heap SET line = 'changed $b' WHERE kind = $c LIMIT 2;" ;;
                3) echo "DELETE FROM heap WHERE kind = $c LIMIT 2;" ;;
                4) echo "REPLACE INTO account (id, email, note) VALUES ($a, 'new$b', 'r');" ;;
                5) echo "UPDATE account SET note = REPEAT('u', $((b % 150))) WHERE id BETWEEN $a AND $((a + 5));" ;;
                6) echo "UPDATE IGNORE account SET id = $((40000 + a)) WHERE id = $a;" ;;
                7) echo "BEGIN; DELETE FROM account WHERE id = $a; INSERT IGNORE INTO account (id, email) VALUES ($a, 'again$a'); COMMIT;" ;;
            esac
        done | sql_input "$1" "$2" >/dev/null 2>&1 || sleep 0.3
        sleep 0.05
    done
}
sql_input() { mariadb --no-defaults --user=root --host="$server_host" --port="${port[$1]}" --force "$2"; }

# Definitions come and go, as far as the source lives.
schema_client() {
    local round=0 statement
    while [[ ! -e $work/stop ]]; do
        round=$((round + 1))
        while read -r statement; do
            sql "$1" "USE $2; $statement" >/dev/null 2>&1 || sleep 0.3
            sleep 0.2
        done <<SQL
ALTER TABLE account ADD COLUMN extra INT NOT NULL DEFAULT $round
UPDATE account SET extra = id WHERE id % 9 = 0
CREATE INDEX by_note ON account (note(10))
ALTER TABLE account DROP INDEX by_note
ALTER TABLE account DROP COLUMN extra
CREATE TABLE made_$round LIKE heap
INSERT INTO made_$round SELECT * FROM heap LIMIT 50
RENAME TABLE made_$round TO kept_$round
SQL
    done
}

source_file() {
    printf 'source-id: %s\nfrom:\n  host: %s\n  port: %d\n  user: root\n  password: ""\n' "$1" "$server_host" "${port[$1]}" >"$work/$1.yaml"
    dmctl operate-source create "$work/$1.yaml" >/dev/null
}

# task_file NAME SOURCE SCHEMA TABLES
task_file() {
    cat >"$work/$1.task.yaml" <<YAML
name: $1
task-mode: all
meta-schema: meta_$1
target-database: {host: $server_host, port: ${port[target]}, user: root, password: ""}
mysql-instances:
  - {source-id: $2, block-allow-list: mine, mydumper-config-name: small, route-rules: [away]}
block-allow-list:
  mine: {do-tables: [{db-name: $3, tbl-name: "$4"}]}
routes:
  away: {schema-pattern: $3, target-schema: $1}
mydumpers:
  small: {threads: 2, rows: 300}
YAML
}

# The still table is carried by a task of its own that begins anew as soon as it has arrived.
begin_again() {
    [[ $(subtask still one .unit) == Sync ]] || return 0
    still_is_equal || { say "DIFFERENT: the task that was begun anew"; exit 1; }
    dmctl stop-task still >/dev/null 2>&1 || return 0
    sql target "DROP DATABASE IF EXISTS still" || return 0
    dmctl start-task "$work/still.task.yaml" --remove-meta >/dev/null 2>&1 || true
    say "task still begins anew"
}
still_is_equal() { [[ $(sql one "CHECKSUM TABLE data.still" | cut -f 2) == $(sql target "CHECKSUM TABLE still.still" | cut -f 2) ]]; }

restart_server() {
    local name=$1
    pick KILL TERM
    kill "-$picked" "${server_pid[$name]}"
    wait "${server_pid[$name]}" 2>/dev/null || true
    mariadbd --no-defaults --datadir="$work/$name" --user="$(id -un)" --bind-address="$server_host" --skip-name-resolve --port="${port[$name]}" --socket="$work/$name/s.sock" --pid-file="$work/$name/server.pid" \
        "${server_options[@]}" --server-id="${server_id[$name]}" >>"$work/$name.log" 2>&1 &
    server_pid[$name]=$!
    await_server "$name"
}
declare -A server_id=([one]=1 [target]=9)
server_options=(--log-bin=binlog --binlog-format=ROW --sync-binlog=1 --innodb-flush-log-at-trx-commit=1 --max-allowed-packet=64M)

strike() {
    local name away
    pick master{1..3} worker{1..3}
    name=$picked
    away=$((500 + RANDOM % 12000))
    case $((RANDOM % (${#namespace[@]} ? 8 : 5))) in
        0 | 1)
            say "kill $name for $away ms"
            kill_member "$name"
            nap "$away"
            "start_${name%[0-9]}" "$name"
            ;;
        2 | 3)
            say "stop $name for $away ms"
            kill -STOP "${member_pid[$name]}"
            nap "$away"
            kill -CONT "${member_pid[$name]}"
            ;;
        4)
            pick one target
            name=$picked
            say "restart $name"
            restart_server "$name"
            ;;
        5 | 6)
            say "cut $name off for $away ms"
            ip link set "$name" down
            nap "$away"
            ip link set "$name" up
            ;;
        7)
            say "cut $name off from the databases for $away ms"
            nsenter --net="${namespace[$name]}" ip route add blackhole "$server_host/32"
            nap "$away"
            nsenter --net="${namespace[$name]}" ip route del blackhole "$server_host/32"
            ;;
    esac
    nap "$((RANDOM % 3000))"
}

# same NAME SCHEMA TASK: every table of the source's schema against the target's.
same() {
    local table left right tables=0 rows=0
    for table in $(sql "$1" "SELECT table_name FROM information_schema.tables WHERE table_schema = '$2' AND table_name <> 'still' ORDER BY 1"); do
        left=$(sql "$1" "SELECT COUNT(*) FROM $2.$table; CHECKSUM TABLE $2.$table" | awk '{ print $NF }' | xargs)
        right=$(sql target "SELECT COUNT(*) FROM $3.$table; CHECKSUM TABLE $3.$table" 2>&1 | awk '{ print $NF }' | xargs)
        if [[ $left != "$right" ]]; then
            say "DIFFERENT: $2.$table of $1 has $left (rows, checksum), the target $right"
            return 1
        fi
        ((++tables, rows += ${left%% *}))
    done
    say "$1: $tables tables with $rows rows are equal"
}

say "chaos in the cluster: $minutes minutes, seed $seed"
./build.sh
if [[ -n ${TIFERRY_CHAOS_INSIDE-} ]]; then lay_cables; else say "no network cuts: they need root"; fi
start_server one --server-id="${server_id[one]}" "${server_options[@]}"
if has_mysql56; then start_mysql56 two --server-id=2 --log-bin=binlog --binlog-format=ROW; else start_server two --server-id=2 "${server_options[@]}"; fi
start_server target --server-id="${server_id[target]}" "${server_options[@]}"
create_rows one data
create_rows two data
create_cluster 3 3
source_file one
source_file two
task_file first one data '~^[^s].*'
task_file second two data '~^[^s].*'
task_file still one data still
for task in first second still; do dmctl start-task "$work/$task.task.yaml" >/dev/null; done
for number in 1 2; do
    client one data "$((seed + number))" & writers+=($!)
    client two data "$((seed + number + 10))" & writers+=($!)
done
schema_client one data & writers+=($!)

end=$((SECONDS + minutes * 60)) blows=0
while ((SECONDS < end)); do
    strike
    blows=$((blows + 1))
    begin_again
done
say "$blows blows; the writers stop, catching up"
touch "$work/stop"
caught_up() { [[ $(subtask first one .sync.synced) == true && $(subtask second two .sync.synced) == true && $(subtask still one .sync.synced) == true ]]; }
if ! wait_until 180 "all tasks have caught up" caught_up; then
    dmctl query-status --more || dmctl query-status
    mkdir -p /tmp/tiferry-chaos && cp "$work"/*.log "$work"/*.out /tmp/tiferry-chaos
    say "the logs are in /tmp/tiferry-chaos"
    exit 1
fi
if same one data first && same two data second && still_is_equal; then
    say "all tables are equal"
else
    mkdir -p /tmp/tiferry-chaos && cp "$work"/*.log "$work"/*.out /tmp/tiferry-chaos
    say "not equal; the logs are in /tmp/tiferry-chaos"
    exit 1
fi
