# shellcheck shell=bash
# Throw-away MariaDB servers, and a stopwatch for time, processor and memory. Sourced by demo.sh and the benchmarks.

declare -A port=() server_pid=()
work=$(mktemp -d "${TMPDIR:-/tmp}/tiferry.XXXXXX")
server_host=127.0.0.1

cleanup() {
    local pid
    for pid in "${server_pid[@]}"; do
        kill "$pid" 2>/dev/null || true
    done
    wait
    rm -rf "$work"
}
trap cleanup EXIT

free_port() {
    local candidate
    while true; do
        candidate=$((20000 + RANDOM % 12000))
        if ! (: <"/dev/tcp/127.0.0.1/$candidate") 2>/dev/null; then
            printf '%s' "$candidate"
            return
        fi
    done
}

# start_server NAME [mariadbd options]: afterwards ${port[NAME]} is its port; root has no password and may come from anywhere.
start_server() {
    local name=$1 data=$work/$1 user
    user=$(id -un)
    shift
    printf "UPDATE mysql.global_priv SET Host = '%%%%' WHERE User = 'root' AND Host = 'localhost';\n" >"$work/anywhere.sql"
    mariadb-install-db --no-defaults --datadir="$data" --user="$user" --auth-root-authentication-method=normal --skip-test-db --extra-file="$work/anywhere.sql" >"$work/$name.log" 2>&1
    port[$name]=$(free_port)
    mariadbd --no-defaults --datadir="$data" --user="$user" --bind-address="$server_host" --skip-name-resolve --port="${port[$name]}" --socket="$data/s.sock" --pid-file="$data/server.pid" \
        --innodb-buffer-pool-size=1G --innodb-log-file-size=1G --innodb-flush-log-at-trx-commit=2 --sync-binlog=0 --max-allowed-packet=64M "$@" >>"$work/$name.log" 2>&1 &
    server_pid[$name]=$!
    await_server "$name"
}

await_server() {
    local attempt name=$1
    for attempt in {1..600}; do
        if sql "$name" "SELECT 1" >/dev/null 2>&1; then
            return 0
        fi
        kill -0 "${server_pid[$name]}" 2>/dev/null || break
        sleep 0.1
    done
    printf 'The %s server did not start after %d attempts to connect:\n' "$name" "$attempt" >&2
    tail -n 20 "$work/$name.log" >&2
    return 1
}

mysql56=${TIFERRY_TOOLS:-$HOME/.cache/tiferry/tools}/mysql-5.6
has_mysql56() { [[ -x $mysql56/mysqld ]]; }

# start_mysql56 NAME [mysqld options]: as start_server, with MySQL 5.6.
start_mysql56() {
    local name=$1 data=$work/$1 user options
    user=$(id -un)
    shift
    mkdir -p "$data/mysql"
    options=(--no-defaults --user="$user" --basedir="$mysql56" --lc-messages-dir="$mysql56/share" --character-sets-dir="$mysql56/share/charsets"
        --explicit-defaults-for-timestamp --datadir="$data")
    {
        printf 'CREATE DATABASE IF NOT EXISTS mysql;\nUSE mysql;\n'
        cat "$mysql56"/share/mysql_system_tables.sql "$mysql56"/share/mysql_system_tables_data.sql
        printf "\nDELETE FROM user WHERE User <> 'root' OR Host <> 'localhost';\nUPDATE user SET Host = '%%';\n"
    } | "$mysql56/mysqld" "${options[@]}" --bootstrap >"$work/$name.log" 2>&1
    port[$name]=$(free_port)
    "$mysql56/mysqld" "${options[@]}" --bind-address="$server_host" --skip-name-resolve --port="${port[$name]}" --socket="$data/s.sock" --pid-file="$data/server.pid" \
        --max-allowed-packet=64M "$@" >>"$work/$name.log" 2>&1 &
    server_pid[$name]=$!
    await_server "$name"
}

# sql NAME STATEMENTS: runs them as root, prints rows without headings.
sql() { mariadb --no-defaults --user=root --host="$server_host" --port="${port[$1]}" --batch --skip-column-names --execute="$2"; }

# measure LABEL COMMAND...: runs it, appends "LABEL wall cpu peak" (seconds, seconds, MiB) to $work/figures; its output goes to $work/LABEL.log.
measure() {
    local label=$1 wall user system peak
    shift
    if ! /usr/bin/time -o "$work/time" -f '%e %U %S %M' "$@" >"$work/$label.log" 2>&1; then
        printf '%s failed:\n' "$label" >&2
        tail -n 20 "$work/$label.log" >&2
        return 1
    fi
    read -r wall user system peak <"$work/time"
    awk -v label="$label" -v wall="$wall" -v user="$user" -v system_="$system" -v peak="$peak" \
        'BEGIN { printf "%s %.2f %.2f %.0f\n", label, wall, user + system_, peak / 1024 }' >>"$work/figures"
}

# figure LABEL COLUMN: the median over the runs of LABEL; column 2 is wall-clock seconds, 3 processor seconds, 4 peak MiB.
figure() {
    awk -v label="$1" -v column="$2" '$1 == label { print $column }' "$work/figures" | sort -n |
        awk '{ value[NR] = $1 } END { print (NR % 2) ? value[(NR + 1) / 2] : (value[NR / 2] + value[NR / 2 + 1]) / 2 }'
}

# report_line NAME LABEL...: one line of the table; the labels are steps that follow each other.
report_line() {
    local name=$1 wall=0 cpu=0 peak=0 label
    shift
    for label in "$@"; do
        wall=$(awk -v a="$wall" -v b="$(figure "$label" 2)" 'BEGIN { print a + b }')
        cpu=$(awk -v a="$cpu" -v b="$(figure "$label" 3)" 'BEGIN { print a + b }')
        peak=$(awk -v a="$peak" -v b="$(figure "$label" 4)" 'BEGIN { print (a > b ? a : b) }')
    done
    printf '%-24s %10.2f s wall %10.2f s cpu %8.0f MiB peak\n' "$name" "$wall" "$cpu" "$peak"
    wall_of[$name]=$wall
}
declare -A wall_of=()

# ratio NAME PEER LIMIT: prints the ratio of their wall-clock times; fails above the limit.
ratio() {
    awk -v a="${wall_of[$1]}" -v b="${wall_of[$2]}" -v limit="$3" -v names="$1 / $2" \
        'BEGIN { r = a / b; printf "%s: %.2f (at most %.2f)\n", names, r, limit; exit r > limit }'
}
