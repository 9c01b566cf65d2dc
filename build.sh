#!/usr/bin/env bash
# Publishes every program into bin/, one shared folder.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
. scripts/dotnet.sh

usage() {
    cat <<'TEXT'
Usage: ./build.sh [--force]

Publishes every program under src/Programs into bin/: Release, ReadyToRun, for linux-x64 with the .NET runtime installed.
Does nothing when nothing changed since the last time; --force publishes anyway.
TEXT
}

main() {
    local force=false
    while (($#)); do
        case $1 in
            --force) force=true ;;
            -h | --help) usage; return 0 ;;
            *) printf "build.sh: unknown argument '%s'\n" "$1" >&2; usage >&2; return 2 ;;
        esac
        shift
    done
    require_dotnet

    local inputs
    inputs=$(fingerprint)
    if [[ $force == false && -f bin/.inputs && $(<bin/.inputs) == "$inputs" ]]; then
        return 0
    fi

    rm -f bin/.inputs
    local project
    for project in src/Programs/*/*.csproj; do
        publish "$project"
    done
    printf '%s\n' "$inputs" >bin/.inputs
}

# Changes when a source file is added, removed or edited.
fingerprint() {
    {
        dotnet --version
        find build.sh global.json Directory.*.props src -name obj -prune -o -name bin -prune -o -type f -printf '%p %s %T@\n' | sort
    } | sha256sum
}

# The publish has intermediate files of its own: sharing obj/ would make it and the developer's builds undo each other's restore.
publish() {
    local log
    log=artifacts/publish/$(basename "$1" .csproj).log
    mkdir -p artifacts/publish bin
    if ! dotnet publish "$1" --configuration Release --runtime linux-x64 --no-self-contained -p:PublishReadyToRun=true \
        -p:PublishDocumentationFiles=false --artifacts-path artifacts/publish --output bin --verbosity quiet >"$log" 2>&1; then
        cat "$log" >&2
        printf 'build.sh: publishing %s failed\n' "$1" >&2
        return 1
    fi
}

main "$@"
