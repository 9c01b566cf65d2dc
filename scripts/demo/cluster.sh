#!/usr/bin/env bash
# Two live shops, one in MariaDB and one in MySQL 5.6 (MariaDB where that isn't installed), become one database: 3 masters, 3 workers, a task in mode all with
# routes and filters. A worker is killed in the middle of the copy, the leading master after it. The end is equal.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

say() { printf '\n\033[1m== %s\033[0m\n' "$*"; }

scripts/install-servers.sh --all
./build.sh
. scripts/throwaway-servers.sh
. scripts/throwaway-cluster.sh

traffic=()
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
trap 'stop_traffic; stop_cluster; cleanup' EXIT

# create_shop SERVER SCHEMA FIRST: the shops' keys don't meet, so that they can become one.
create_shop() {
    local schema=$2 first=$3
    sql "$1" "
        CREATE DATABASE $schema CHARACTER SET utf8mb4;
        USE $schema;
        CREATE TABLE customer (
            id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, email VARCHAR(120) NOT NULL, name VARCHAR(80) NOT NULL, balance DECIMAL(12,2) NOT NULL DEFAULT 0,
            UNIQUE KEY email (email)) AUTO_INCREMENT = $first;
        CREATE TABLE purchase (
            id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, customer_id INT UNSIGNED NOT NULL, placed_at DATETIME(3) NOT NULL,
            state ENUM('new','paid','sent') NOT NULL DEFAULT 'new', total DECIMAL(12,2) NOT NULL, KEY by_customer (customer_id)) AUTO_INCREMENT = $first;
        CREATE TABLE scratch (note VARCHAR(100));
        INSERT INTO customer (email, name, balance) VALUES ('first@$schema.example', 'Zoë', 1);
        INSERT INTO purchase (customer_id, placed_at, total) VALUES ($first, NOW(3), 9.99);"
    local doubling
    for doubling in {0..18}; do
        sql "$1" "USE $schema;
            INSERT INTO customer (email, name, balance) SELECT CONCAT('$doubling.', email), name, balance + $doubling FROM customer;
            INSERT INTO purchase (customer_id, placed_at, state, total) SELECT customer_id + $doubling, placed_at, 1 + id MOD 3, total + 1 FROM purchase;"
    done
}

# keep_shopping SERVER SCHEMA FIRST: new purchases, changed states, customers that come and leave, without a break.
keep_shopping() {
    local i schema=$2 first=$3
    for ((i = 1; ; i++)); do
        printf "INSERT INTO customer (email, name) VALUES ('new%d@%s.example', 'Ann');\n" "$i" "$schema"
        printf "INSERT INTO purchase (customer_id, placed_at, total) SELECT id, NOW(3), %d.50 FROM customer ORDER BY id DESC LIMIT 3;\n" "$((i % 500))"
        printf "UPDATE purchase SET state = 'sent' WHERE id BETWEEN %d AND %d;\n" "$((first + i * 10))" "$((first + i * 10 + 5))"
        printf "DELETE FROM customer WHERE id = %d;\n" "$((first + i * 3))"
        printf "INSERT INTO scratch VALUES ('nobody needs this');\n"
        sleep 0.02
    done | mariadb --no-defaults --user=root --host=127.0.0.1 --port="${port[$1]}" --force "$schema"
}

source_file() {
    cat >"$work/$1.yaml" <<YAML
source-id: $1
from:
  host: 127.0.0.1
  port: ${port[$2]}
  user: root
  password: ""
YAML
}

task_file() {
    cat >"$work/shops.yaml" <<YAML
name: shops
task-mode: all
clean-dump-file: true
target-database:
  host: 127.0.0.1
  port: ${port[target]}
  user: root
  password: ""
mysql-instances:
  - source-id: shop-eu
    block-allow-list: shops
    route-rules: [one-shop]
    filter-rules: [keep-the-database]
  - source-id: shop-us
    block-allow-list: shops
    route-rules: [one-shop]
    filter-rules: [keep-the-database]
block-allow-list:
  shops:
    do-dbs: ["shop_*"]
    ignore-tables:
      - db-name: "shop_*"
        tbl-name: scratch
routes:
  one-shop:
    schema-pattern: "shop_*"
    target-schema: shop
filters:
  keep-the-database:
    schema-pattern: "shop_*"
    events: [drop database]
    action: Ignore
YAML
}

status() { dmctl query-status shops | jq -r '.sources[] | "\(.sourceStatus.source) on \(.sourceStatus.worker): \(.subTaskStatus[0] | "\(.stage) \(.unit) \(.load.progress // "") \(.sync.syncerBinlog // "")")"'; }
in_copy() { [[ $(sql target "SELECT COUNT(*) FROM shop.purchase") -gt 2000 ]]; }
is_copied() { [[ $(subtask shops shop-eu .unit) == Sync && $(subtask shops shop-us .unit) == Sync ]]; }
has_new_leader() { local leader; leader=$(leading_master) && [[ -n $leader && $leader != "$1" ]]; }
has_moved() { local worker; worker=$(worker_of shop-eu) && [[ -n $worker && $worker != "$1" ]]; }

# What both shops hold together, or what the target holds; the sums don't depend on the order of the rows.
summary() {
    local table=$1 columns=$2
    shift 2
    local side
    for side in "$@"; do sql "${side%%:*}" "SELECT CONCAT_WS('|', $columns) FROM ${side##*:}.$table"; done | LC_ALL=C sort | md5sum | cut -d ' ' -f 1
}

is_equal() {
    [[ $(summary customer 'id, email, name, balance' source1:shop_eu source2:shop_us) == $(summary customer 'id, email, name, balance' target:shop) &&
        $(summary purchase 'id, customer_id, placed_at, state, total' source1:shop_eu source2:shop_us) == $(summary purchase 'id, customer_id, placed_at, state, total' target:shop) ]]
}

say "Two live sources and an empty target"
start_server source1 --server-id=1 --log-bin=binlog --binlog-format=ROW
if has_mysql56; then
    start_mysql56 source2 --server-id=2 --log-bin=binlog --binlog-format=ROW
else
    start_server source2 --server-id=2 --log-bin=binlog --binlog-format=ROW
fi
start_server target --server-id=3
create_shop source1 shop_eu 1
create_shop source2 shop_us 10000000
keep_shopping source1 shop_eu 1 >"$work/eu.log" 2>&1 & traffic+=($!)
keep_shopping source2 shop_us 10000000 >"$work/us.log" 2>&1 & traffic+=($!)
for source in source1 source2; do printf '%s: %s\n' "$source" "$(sql "$source" 'SELECT VERSION()')"; done
printf 'Programs write to both from now on, without a break.\n'

say "3 dm-masters, each with an etcd member of its own, and 3 dm-workers"
create_cluster 3 3
dmctl list-member --leader --worker | jq -c '.members[] | .leader // .worker.workers[]'

say "dmctl operate-source create"
source_file shop-eu source1
source_file shop-us source2
for source in shop-eu shop-us; do dmctl operate-source create "$work/$source.yaml" | jq -c '.sources[]'; done

say "dmctl start-task"
task_file
dmctl start-task "$work/shops.yaml"

say "The worker of shop-eu is killed with -9 in the middle of the copy"
wait_until 60 "rows have arrived" in_copy
victim=$(worker_of shop-eu)
status
kill_member "$victim"
printf 'killed %s after %s rows\n' "$victim" "$(sql target 'SELECT COUNT(*) FROM shop.purchase')"
wait_until 60 "another worker has taken shop-eu over" has_moved "$victim"
status

say "The leading master is killed with -9"
leader=$(leading_master)
kill_member "$leader"
printf 'killed %s\n' "$leader"
wait_until 90 "there is a new leader" has_new_leader "$leader"
printf 'the leader is now %s\n' "$(leading_master)"

say "The copy ends, and the sources are followed"
wait_until 180 "both sources are followed" is_copied
status

say "A schema change, and the killed ones come back"
sql source1 "ALTER TABLE shop_eu.purchase ADD COLUMN city VARCHAR(60) NOT NULL DEFAULT 'Graz'"
sql source2 "ALTER TABLE shop_us.purchase ADD COLUMN city VARCHAR(60) NOT NULL DEFAULT 'Graz'"
start_worker "$victim"
start_master "$leader"
sleep 3
stop_traffic

say "The traffic has stopped: both sides, row by row"
wait_until 120 "both sides are equal" is_equal
status
for table in customer purchase; do
    printf '%-10s %8s rows in shop_eu, %8s in shop_us, %8s in shop\n' "$table" "$(sql source1 "SELECT COUNT(*) FROM shop_eu.$table")" \
        "$(sql source2 "SELECT COUNT(*) FROM shop_us.$table")" "$(sql target "SELECT COUNT(*) FROM shop.$table")"
done
printf '\nBoth sides are equal.\n'
