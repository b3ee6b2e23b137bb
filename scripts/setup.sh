#!/usr/bin/env bash
# Installs what is missing, and says so; where nothing is, it does nothing and asks nobody.
#
#   scripts/setup.sh build         what the compiler needs
#   scripts/setup.sh build test    and what the tests need
#   scripts/setup.sh build bench   and what the benchmarks need
set -euo pipefail
cd "$(dirname "$0")/.."

missing=()
need() { missing+=("$1"); }
has() { command -v "$1" >/dev/null 2>&1; }
# Debian keeps the server's programs out of PATH.
has_postgres() { compgen -G '/usr/lib/postgresql/*/bin/postgres' >/dev/null; }

if ! has swift; then
    echo "setup: swift is not in PATH; Parley needs Swift 6.3 or later (https://www.swift.org/install/)." >&2
    exit 2
fi

for purpose in "$@"; do
    case $purpose in
    build)
        if has pkg-config; then
            pkg-config --exists libssl libcrypto || need libssl-dev
            pkg-config --exists zlib || need zlib1g-dev
            pkg-config --exists sqlite3 || need libsqlite3-dev
            pkg-config --exists libpq || need libpq-dev
        else
            need pkg-config
            need libssl-dev
            need zlib1g-dev
            need libsqlite3-dev
            need libpq-dev
        fi
        [ -e /usr/include/hiredis/hiredis.h ] || need libhiredis-dev
        ;;
    test)
        has python3 || need python3
        has python3 && python3 -c 'import venv, ensurepip' 2>/dev/null || need python3-venv
        has node || need nodejs
        has tsc || need node-typescript
        has perl && perl -MMojolicious -e1 2>/dev/null || need libmojolicious-perl
        has chromium || need chromium
        # Teaches Chromium a test's own certificate authority.
        has certutil || need libnss3-tools
        # The tests run servers of their own, on ports of their own (scripts/postgres.sh, scripts/redis.sh):
        # whether Debian starts one too does not matter to them.
        has postgres || has_postgres || need postgresql
        has openssl || need openssl
        has psql || need postgresql-client
        has redis-server || need redis-server
        has redis-cli || need redis-tools
        ;;
    bench)
        has python3 || need python3
        has valgrind || need valgrind
        # What attacks and judges the front door, and an echo of strangers to compare with.
        has slowhttptest || need slowhttptest
        has testssl || need testssl.sh
        [ -e /usr/share/nodejs/ws ] || need node-ws
        ;;
    esac
done

if [ ${#missing[@]} -gt 0 ]; then
    if ! has apt-get; then
        echo "setup: missing, and there is no apt-get to install them: ${missing[*]} (names as in Debian)" >&2
        exit 2
    fi
    install=(apt-get install -y --no-install-recommends "${missing[@]}")
    if [ "$(id -u)" = 0 ]; then
        root=()
    elif has sudo && sudo -n true 2>/dev/null; then
        root=(sudo)
    else
        echo "setup: please run this once, then try again:" >&2
        echo "  sudo apt-get update && sudo ${install[*]}" >&2
        exit 2
    fi
    echo "setup: installing ${missing[*]}"
    ${root[@]+"${root[@]}"} apt-get update -q </dev/null
    ${root[@]+"${root[@]}"} env DEBIAN_FRONTEND=noninteractive "${install[@]}" </dev/null
fi

# The outside tests speak to the gateway with strangers' libraries, pinned, in a folder of their own.
wants_tests=false
for purpose in "$@"; do [ "$purpose" = test ] && wants_tests=true; done
if $wants_tests; then
    wanted=Tests/outside/requirements.txt
    if ! cmp -s "$wanted" .venv/installed.txt; then
        echo "setup: installing $(grep -cv '^#' "$wanted") Python packages into .venv"
        rm -rf .venv
        python3 -m venv .venv
        .venv/bin/python -m pip install --quiet --disable-pip-version-check -r "$wanted" </dev/null
        cp "$wanted" .venv/installed.txt
    fi
fi
