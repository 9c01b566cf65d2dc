#!/usr/bin/env bash
# Installs what is missing, builds, checks the format and runs all tests.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
. scripts/dotnet.sh

usage() {
    cat <<'TEXT'
Usage: ./test.sh [--no-install] [dotnet test arguments, such as --filter TableZoo]

Installs missing test servers (as root on Debian 12), builds the solution, checks the format and runs all tests against real servers, then a short
scripts/chaos.sh, unless arguments choose tests.
The last line is the sum over all test projects: "N passed, N failed, N skipped". A failed build or format check counts as one failure.
TEXT
}

results=artifacts/test-results
passed=0 failed=0 skipped=0

main() {
    local install=true
    case ${1-} in
        -h | --help) usage; return 0 ;;
        --no-install) install=false; shift ;;
    esac
    require_dotnet
    trap 'printf "%d passed, %d failed, %d skipped\n" "$passed" "$failed" "$skipped"' EXIT

    if [[ $install == true ]]; then
        scripts/install-servers.sh --all || fail "the test servers could not be installed"
    fi
    dotnet build TiFerry.slnx --verbosity quiet -consoleLoggerParameters:NoSummary || fail "the build failed"
    dotnet format TiFerry.slnx --no-restore --verify-no-changes || { ((++failed)); printf 'test.sh: the format check failed; run dotnet format\n' >&2; }
    run_tests "$@"
    (($# > 0)) || run_chaos
    ((failed == 0))
}

fail() {
    failed=1
    printf 'test.sh: %s\n' "$1" >&2
    exit 1
}

# Two projects at a time; the crossings last and alone, because they hold the most servers and processes.
run_tests() {
    rm -rf "$results"
    local complete=true
    basename --zero --multiple tests/*.Tests | test_projects 2 "$@" || complete=false
    printf 'TiFerry.IntegrationTests\0' | test_projects 1 "$@" || complete=false
    count_results
    if [[ $complete == false && $failed == 0 ]]; then
        failed=1
        printf 'test.sh: a test run broke off before it gave its results\n' >&2
    fi
}

# test_projects COUNT [dotnet test arguments]: runs the projects whose names stand in the input, COUNT at a time.
test_projects() {
    local count=$1
    shift
    xargs --null --replace='{}' --max-procs="$count" dotnet test 'tests/{}' --no-build --logger 'trx;LogFilePrefix={}' --results-directory "$PWD/$results" "$@"
}

# The short form of the chaos script counts as one test.
run_chaos() {
    if scripts/chaos.sh 1 1 >"$results/chaos.log" 2>&1; then
        ((++passed))
    else
        ((++failed))
        tail -n 40 "$results/chaos.log" >&2
    fi
}

# A results file has one line <Counters total="4" executed="4" passed="4" failed="0" .../>; a skipped test is one that was not executed.
count_results() {
    local line
    while read -r line; do
        ((passed += $(counter passed), failed += $(counter failed), skipped += $(counter total) - $(counter executed), 1))
    done < <(grep -rhoE --include='*.trx' '<Counters [^>]*>' "$results" 2>/dev/null)
}

counter() { sed -E "s/.* $1=\"([0-9]+)\".*/\1/" <<<"$line"; }

main "$@"
