#!/usr/bin/env bash
# Runs the benchmarks under bench/ against the peers on this machine.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

usage() {
    cat <<'TEXT'
Usage: ./bench.sh [--list | NAME [arguments]]

Without a name runs all benchmarks in turn. Each is bench/NAME/run.sh, which runs TiFerry (built for release) and its peer in turn on the
same machine and data and prints wall-clock time, processor time and peak memory side by side.
TEXT
}

names() {
    local script
    for script in bench/*/run.sh; do
        [[ ! -x $script ]] || basename "$(dirname "$script")"
    done
}

main() {
    case ${1-} in
        -h | --help) usage; printf '\nBenchmarks: %s\n' "$(names | paste -sd ' ')"; return 0 ;;
        --list) names; return 0 ;;
    esac

    local name=${1-}
    if [[ -n $name && ! -x bench/$name/run.sh ]]; then
        printf "bench.sh: there is no benchmark '%s'; there are: %s\n" "$name" "$(names | paste -sd ' ')" >&2
        return 2
    fi
    scripts/install-servers.sh
    ./build.sh
    if [[ -n $name ]]; then
        shift
        "bench/$name/run.sh" "$@"
        return
    fi
    while read -r name; do
        printf '== %s\n' "$name"
        "bench/$name/run.sh"
    done < <(names)
}

main "$@"
