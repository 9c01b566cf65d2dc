# shellcheck shell=bash
# For the scripts that build: quiet dotnet, and a clear word where the SDK is missing.

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1

require_dotnet() {
    local wanted
    wanted=$(sed -n 's/.*"version": *"\([0-9]*\)\..*/\1/p' global.json)
    if ! command -v dotnet >/dev/null; then
        printf 'The .NET %s SDK is missing: dotnet is not on the PATH. Install the package dotnet-sdk-%s.0 or unpack the SDK and add it to the PATH.\n' "$wanted" "$wanted" >&2
        exit 1
    fi
    if ! dotnet --version >/dev/null 2>&1; then
        printf 'The .NET %s SDK is missing: dotnet is there, but only with these SDKs:\n%s\n' "$wanted" "$(dotnet --list-sdks)" >&2
        exit 1
    fi
}
