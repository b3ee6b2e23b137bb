#!/usr/bin/env bash
# Runs a Postgres of our own in the foreground; it dies with whoever started it.
#
#   scripts/postgres.sh FOLDER PORT [postgres arguments]
#
# FOLDER/data is the cluster, made where it is missing; the socket lies in FOLDER. It listens on 127.0.0.1
# only and trusts every local user; the superuser is `postgres`. To change who may enter, edit
# FOLDER/data/pg_hba.conf and reload. SIGINT ends it cleanly.
set -euo pipefail

if [ $# -lt 2 ]; then
    echo "usage: scripts/postgres.sh FOLDER PORT [postgres arguments]" >&2
    exit 2
fi
# Tied to its parent from the first line on; `exec` keeps the process, so the mark is set once.
if [ "${PARLEY_TIED:-}" != $$ ]; then
    PARLEY_TIED=$$ exec setpriv --pdeathsig KILL "$0" "$@"
fi
folder=$1
port=$2
shift 2

# Debian keeps the programs of each version in a folder of their own.
if command -v postgres >/dev/null 2>&1; then
    programs=$(dirname "$(readlink -f "$(command -v postgres)")")
else
    programs=$(find /usr/lib/postgresql -mindepth 2 -maxdepth 2 -name bin 2>/dev/null | sort -V | tail -n 1)
fi
if [ ! -x "$programs/initdb" ] || [ ! -x "$programs/postgres" ]; then
    echo "postgres: no server here; install it with: scripts/setup.sh test" >&2
    exit 2
fi

mkdir -p "$folder"
folder=$(cd "$folder" && pwd)

# It refuses to run as root. Changing the user forgets the tie to the parent, so it is made again.
run=(setpriv --pdeathsig KILL)
make=()
if [ "$(id -u)" = 0 ]; then
    chown postgres "$folder"
    run+=(--reuid=postgres --regid=postgres --init-groups)
    make=(setpriv --reuid=postgres --regid=postgres --init-groups)
fi
cd "$folder"

if [ ! -e data/PG_VERSION ]; then
    # Made beside its place and moved there, so that half a cluster is never taken for one.
    rm -rf data.new
    ${make[@]+"${make[@]}"} "$programs/initdb" --no-sync --auth=trust --username=postgres --encoding=UTF8 \
        --locale=C --pgdata=data.new >initdb.log 2>&1 </dev/null || {
        cat initdb.log >&2
        exit 1
    }
    mv data.new data
fi

# A socket's path has room for 107 bytes.
sockets=$folder
[ ${#folder} -le 80 ] || sockets=
exec "${run[@]}" "$programs/postgres" -D data -p "$port" -h 127.0.0.1 -k "$sockets" -c max_connections=200 \
    -c fsync=on "$@" </dev/null
