#!/usr/bin/env bash
# Latency: from a commit on the source to the row being visible on the target, with one writer at a steady pace.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

seconds=30 rate=200

usage() {
    cat <<TEXT
Usage: ./bench.sh latency [--seconds N] [--rate N]

One writer commits N transactions of one row a second (default $rate) on a source for N seconds (default $seconds) while tiferry migrate follows. Another session of the
same program asks the target for new rows about once a millisecond. Both use one monotonic clock: a row's latency runs from the moment the source has acknowledged
its commit to the moment the target has answered with the row, so it is never too small by more than the way of the acknowledgement, and too large by the pause
between two questions. Rows count after a warm-up of five seconds. Fails when the 99th percentile is above 20 ms or a row does not arrive.
TEXT
}

while (($#)); do
    case $1 in
        --seconds | --rate)
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

start_server source --server-id=1 --log-bin=binlog --binlog-format=ROW
start_server target --server-id=2
for name in source target; do
    sql "$name" "CREATE DATABASE bench; CREATE TABLE bench.ticks (id BIGINT PRIMARY KEY, note VARCHAR(100) NOT NULL)"
done
read -r file position _ <<<"$(sql source 'SHOW MASTER STATUS')"
dotnet build bench/latency --configuration Release --artifacts-path artifacts/bench --output "$work/bin" --verbosity quiet >"$work/build.log" 2>&1 || { cat "$work/build.log" >&2; exit 1; }

bin/tiferry migrate --from "mysql://root@127.0.0.1:${port[source]}" --to "mysql://root@127.0.0.1:${port[target]}" \
    --mode incremental --start-position "$file:$position" --filter 'bench.*' >"$work/tiferry.log" 2>&1 &
server_pid[tiferry]=$!

if ! dotnet "$work/bin/TiFerry.Bench.Latency.dll" "${port[source]}" "${port[target]}" "$rate" "$seconds"; then
    tail -n 5 "$work/tiferry.log" >&2
    exit 1
fi
