#!/usr/bin/env bash
# Carries a live shop from one MariaDB server to another, is killed half-way, goes on, and proves both sides equal.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

say() { printf '\n\033[1m== %s\033[0m\n' "$*"; }

scripts/install-servers.sh
./build.sh
. scripts/throwaway-servers.sh

load() {
    sysbench oltp_read_write --db-driver=mysql --mysql-host=127.0.0.1 --mysql-port="${port[source]}" --mysql-user=root --mysql-db=sessions \
        --tables=3 --table-size=60000 "$@"
}

create_shop() {
    sql source "
        CREATE DATABASE shop CHARACTER SET utf8mb4;
        USE shop;
        CREATE TABLE customer (
            id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, email VARCHAR(120) NOT NULL, name VARCHAR(80) NOT NULL, born DATE NULL,
            balance DECIMAL(12,2) NOT NULL DEFAULT 0, flags SET('news','vip','blocked') NOT NULL DEFAULT '', UNIQUE KEY email (email));
        CREATE TABLE purchase (
            id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, customer_id INT UNSIGNED NOT NULL, placed_at DATETIME(3) NOT NULL,
            state ENUM('new','paid','sent') NOT NULL DEFAULT 'new', total DECIMAL(12,2) NOT NULL, KEY by_customer (customer_id),
            FOREIGN KEY (customer_id) REFERENCES customer (id) ON DELETE CASCADE);
        CREATE TABLE click (at TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6), customer_id INT UNSIGNED, page VARCHAR(200));
        CREATE VIEW open_purchase AS SELECT p.id, c.name, p.total FROM purchase p JOIN customer c ON c.id = p.customer_id WHERE p.state <> 'sent';
        INSERT INTO customer (email, name, born, balance, flags)
            SELECT CONCAT('user', seq, '@example.com'), CONCAT('Zoë ', seq), DATE '1950-01-01' + INTERVAL seq MOD 20000 DAY, seq / 7, seq MOD 8 FROM seq_1_to_50000;
        INSERT INTO purchase (customer_id, placed_at, state, total)
            SELECT 1 + seq * 7 MOD 50000, NOW(3) - INTERVAL seq MINUTE, 1 + seq MOD 3, seq MOD 900 + 0.99 FROM seq_1_to_120000;
        INSERT INTO click (customer_id, page) SELECT seq, CONCAT('/item/', seq MOD 500) FROM seq_1_to_5000;"
}

# Everyday traffic: new purchases, changed states, customers that leave (their purchases go with them), clicks.
keep_shopping() {
    local i
    for ((i = 1; ; i++)); do
        printf "INSERT INTO purchase (customer_id, placed_at, total) SELECT id, NOW(3), %d.50 FROM customer ORDER BY id DESC LIMIT 3;\n" "$((i % 500))"
        printf "UPDATE purchase SET state = 'sent' WHERE id BETWEEN %d AND %d;\n" "$((i * 10))" "$((i * 10 + 5))"
        printf "DELETE FROM customer WHERE id = %d;\n" "$((i * 3))"
        printf "INSERT INTO click (customer_id, page) VALUES (%d, '/cart'), (%d, '/cart');\n" "$i" "$i"
        ((i % 50)) || printf "DELETE FROM click WHERE page = '/cart' LIMIT 20;\n"
        sleep 0.02
    done | mariadb --no-defaults --user=root --host=127.0.0.1 --port="${port[source]}" --force shop
}

start_traffic() {
    load --threads=2 --time=600 --rate=150 run >"$work/load.log" 2>&1 &
    traffic=($!)
    keep_shopping >"$work/shopping.log" 2>&1 &
    traffic+=($!)
}

stop_traffic() {
    ((${#traffic[@]})) || return 0
    local pid
    for pid in "${traffic[@]}"; do
        pkill -P "$pid" 2>/dev/null || true
        kill "$pid" 2>/dev/null || true
    done
    wait "${traffic[@]}" 2>/dev/null || true
    traffic=()
}
traffic=()
ferry=
trap 'stop_traffic; [[ -z $ferry ]] || kill -9 "$ferry" 2>/dev/null || true; cleanup' EXIT

compare() {
    local table left right
    printf '%-28s %10s %14s %14s\n' table rows source target
    while read -r table; do
        left=$(sql source "CHECKSUM TABLE $table" | cut -f2)
        right=$(sql target "CHECKSUM TABLE $table" | cut -f2)
        printf '%-28s %10s %14s %14s  %s\n' "$table" "$(sql target "SELECT COUNT(*) FROM $table")" "$left" "$right" "$([[ $left == "$right" ]] && echo equal || echo DIFFERENT)"
        [[ $left == "$right" ]] || return 1
    done < <(sql source "SELECT CONCAT(table_schema, '.', table_name) FROM information_schema.tables WHERE table_schema IN ('shop', 'sessions') AND table_type = 'BASE TABLE' ORDER BY 1")
}

say "A source with two databases, and an empty target"
start_server source --server-id=1 --log-bin=binlog --binlog-format=ROW
start_server target --server-id=2
sql source "CREATE DATABASE sessions"
create_shop
load --threads=2 prepare >"$work/prepare.log"
start_traffic
printf 'Programs write to the source from now on, without a break.\n'

say "What is missing? (tiferry check)"
bin/tiferry check --from "mysql://root@127.0.0.1:${port[source]}" --to "mysql://root@127.0.0.1:${port[target]}"

migrate=(bin/tiferry migrate --from "mysql://root@127.0.0.1:${port[source]}" --to "mysql://root@127.0.0.1:${port[target]}" --log-file "$work/tiferry.log"
    --chunk-rows 5000 --threads 2)

say "tiferry migrate, killed with -9 in the middle of the copy"
"${migrate[@]}" &
ferry=$!
for ((i = 0; i < 200; i++)); do
    copied=$(sql target "SELECT COALESCE(SUM(copied_rows), 0) FROM tiferry_meta.copy_chunk" 2>/dev/null || echo 0)
    ((copied < 100000)) || break
    sleep 0.05
done
kill -9 "$ferry"
wait "$ferry" 2>/dev/null || true
ferry=
printf 'Killed after %s rows.\n' "$copied"

say "The same command again: it goes on, then follows the source"
"${migrate[@]}" --stop-when caught-up

say "A schema change while the traffic goes on"
sql source "ALTER TABLE shop.customer ADD COLUMN city VARCHAR(60) NOT NULL DEFAULT 'Graz' AFTER name"
sleep 2
"${migrate[@]}" --stop-when caught-up

say "The traffic stops; a last run catches up and compares both sides row by row"
stop_traffic
"${migrate[@]}" --stop-when caught-up --verify

say "The servers' own checksums"
compare
printf '\nBoth sides are equal.\n'
