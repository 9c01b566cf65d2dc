# shellcheck shell=bash
# A throw-away migration cluster: dm-master and dm-worker processes on free ports of 127.0.0.1, their files in $work. Sourced after throwaway-servers.sh.

declare -A master_port=() peer_port=() worker_port=() member_pid=()
# The network namespace and the address of a member that has its own; 127.0.0.1 for the others.
declare -A namespace=() address=()
keepalive_ttl=5

address_of() { printf '%s' "${address[$1]:-127.0.0.1}"; }

# in_namespace NAME COMMAND...: becomes the command, in the member's namespace where it has one.
in_namespace() {
    local name=$1
    shift
    [[ -z ${namespace[$name]-} ]] || exec nsenter --net="${namespace[$name]}" "$@"
    exec "$@"
}

# create_cluster MASTERS WORKERS: names them master1.. and worker1.. and starts them all.
create_cluster() {
    local number
    for ((number = 1; number <= $1; number++)); do
        master_port[master$number]=$(free_port)
        peer_port[master$number]=$(free_port)
    done
    for ((number = 1; number <= $2; number++)); do
        worker_port[worker$number]=$(free_port)
    done
    for ((number = 1; number <= $1; number++)); do start_master "master$number"; done
    for ((number = 1; number <= $2; number++)); do start_worker "worker$number"; done
    wait_until 90 "the cluster has a leader and free workers" cluster_is_ready "$2"
}

cluster_is_ready() { [[ $(dmctl list-member --worker | jq '[.members[].worker.workers[]? | select(.stage != "offline")] | length') == "$1" ]]; }

# start_master NAME: also starts one again that was killed.
start_master() {
    local name=$1 host initial=() other
    host=$(address_of "$name")
    for other in "${!peer_port[@]}"; do initial+=("$other=http://$(address_of "$other"):${peer_port[$other]}"); done
    in_namespace "$name" bin/dm-master --name "$name" --data-dir "$work/$name" --log-file "$work/$name.log" \
        --master-addr "$host:${master_port[$name]}" --advertise-addr "$host:${master_port[$name]}" \
        --peer-urls "http://$host:${peer_port[$name]}" --advertise-peer-urls "http://$host:${peer_port[$name]}" \
        --initial-cluster "$(IFS=,; printf '%s' "${initial[*]}")" >>"$work/$name.out" 2>&1 &
    member_pid[$name]=$!
}

# start_worker NAME: also starts one again that was killed.
start_worker() {
    local name=$1 host
    host=$(address_of "$name")
    in_namespace "$name" bin/dm-worker --name "$name" --worker-addr "$host:${worker_port[$name]}" --advertise-addr "$host:${worker_port[$name]}" \
        --join "$(master_addresses)" --keepalive-ttl "$keepalive_ttl" --log-file "$work/$name.log" --relay-dir "$work/$name-relay" >>"$work/$name.out" 2>&1 &
    member_pid[$name]=$!
}

# kill_member NAME: as a power failure would.
kill_member() {
    kill -9 "${member_pid[$1]}" 2>/dev/null || true
    wait "${member_pid[$1]}" 2>/dev/null || true
    unset "member_pid[$1]"
}

stop_cluster() {
    local pid
    for pid in "${member_pid[@]}"; do
        kill -CONT "$pid" 2>/dev/null || true
        kill -9 "$pid" 2>/dev/null || true
    done
    wait "${member_pid[@]}" 2>/dev/null || true
    member_pid=()
}

master_addresses() {
    local addresses=() name
    for name in "${!master_port[@]}"; do addresses+=("$(address_of "$name"):${master_port[$name]}"); done
    (IFS=,; printf '%s' "${addresses[*]}")
}

dmctl() { bin/dmctl --master-addr "$(master_addresses)" "$@"; }

leading_master() { dmctl list-member --leader | jq -r '.members[].leader.name'; }

# worker_of SOURCE: the worker that it is bound to, or nothing.
worker_of() { dmctl operate-source show -s "$1" | jq -r '.sources[].worker'; }

# subtask TASK SOURCE FILTER: a field of a subtask's status, such as .stage or .sync.synced.
subtask() { dmctl query-status "$1" -s "$2" 2>/dev/null | jq -r ".sources[].subTaskStatus[]? | $3" 2>/dev/null; }

# wait_until SECONDS WHAT COMMAND...: polls it; ends the script where it isn't true in time.
wait_until() {
    local deadline=$((SECONDS + $1)) what=$2
    shift 2
    until "$@" >/dev/null 2>&1; do
        if ((SECONDS >= deadline)); then
            printf 'Not within the time given: %s\n' "$what" >&2
            return 1
        fi
        sleep 0.2
    done
}
