#!/usr/bin/env bash
# The decoder: a binlog file in row format, every value typed, against mariadb-binlog decoding the same file.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

megabytes=500

usage() {
    cat <<TEXT
Usage: ./bench.sh decode [--megabytes N]

Has a MariaDB write a binlog file of about N MB (default $megabytes; sysbench's table and one with every common type; inserts, updates, deletes),
then decodes it on one core, checksums verified: speed, allocations per event, and the ratio to mariadb-binlog --base64-output=decode-rows -v.
TEXT
}

while (($#)); do
    case $1 in
        --megabytes)
            (($# > 1)) || { usage >&2; exit 2; }
            megabytes=$2
            shift
            ;;
        -h | --help) usage; exit 0 ;;
        *) usage >&2; exit 2 ;;
    esac
    shift
done
. scripts/throwaway-servers.sh

binlog=$work/source/binlog.000001

binlog_megabytes() { echo $(($(stat -c %s "$binlog") / 1000000)); }

prepare() {
    start_server source --server-id=1 --log-bin=binlog --binlog-format=ROW --max-binlog-size=1G --binlog-cache-size=16M
    sql source "CREATE DATABASE bench;
        CREATE TABLE bench.sbtest1 (id INT NOT NULL AUTO_INCREMENT PRIMARY KEY, k INT NOT NULL DEFAULT 0, c CHAR(120) NOT NULL DEFAULT '', pad CHAR(60) NOT NULL DEFAULT '');
        CREATE TABLE bench.orders (id BIGINT UNSIGNED PRIMARY KEY, customer INT UNSIGNED NOT NULL, status ENUM('new','paid','sent','done') NOT NULL, amount DECIMAL(12,2) NOT NULL,
            rate DOUBLE, placed DATETIME(6) NOT NULL, changed TIMESTAMP NOT NULL, due DATE, name VARCHAR(100) CHARACTER SET utf8mb4, note TEXT, flags BIT(8), small SMALLINT, tiny TINYINT)"
    local first=1 last
    while (($(binlog_megabytes) < megabytes)); do
        last=$((first + 19999))
        sql source "USE bench;
            INSERT INTO sbtest1 SELECT seq, seq * 37 % 500000, CONCAT_WS('-', MD5(seq), MD5(seq + 1), MD5(seq + 2)), MD5(seq) FROM seq_${first}_to_${last};
            UPDATE sbtest1 SET k = k + 1 WHERE id BETWEEN $first AND $last AND id % 2;
            INSERT INTO orders SELECT seq, seq % 9973, 1 + seq % 4, seq * 1.37, seq / 7, '2024-01-01' + INTERVAL seq * 1234567 MICROSECOND, FROM_UNIXTIME(1700000000 + seq),
                '2024-01-01' + INTERVAL seq % 5000 DAY, CONCAT('customer ', MD5(seq)), IF(seq % 3, REPEAT('note ', seq % 20), NULL), seq % 256, seq % 30000, seq % 100 FROM seq_${first}_to_${last};
            UPDATE orders SET status = 'done', amount = amount + 1 WHERE id BETWEEN $first AND $last AND id % 2;
            DELETE FROM orders WHERE id BETWEEN $first AND $last AND id % 10 = 0"
        first=$((last + 1))
    done
    sql source "FLUSH BINARY LOGS"
}

decode() { taskset -c 0 dotnet "$work/bin/TiFerry.Bench.Decode.dll" "$binlog" "${port[source]}"; }

decode_with_peer() { taskset -c 0 mariadb-binlog --no-defaults --base64-output=decode-rows -v "$binlog"; }

printf 'Writing a binlog file of %d MB\n' "$megabytes"
prepare
dotnet build bench/decode --configuration Release --artifacts-path artifacts/bench --output "$work/bin" --verbosity quiet >"$work/build.log" 2>&1 || { cat "$work/build.log" >&2; exit 1; }

decode | tee "$work/decode.out" | grep -v '^seconds'
start=$(date +%s.%N)
decode_with_peer >/dev/null
end=$(date +%s.%N)
awk -v mine="$(awk '/^seconds/ { print $2 }' "$work/decode.out")" -v start="$start" -v end="$end" \
    'BEGIN { peer = end - start; printf "mariadb-binlog: %.2f s; tiferry / mariadb-binlog: %.3f\n", peer, mine / peer }'
