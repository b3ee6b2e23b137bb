#!/usr/bin/env bash
# Runs a Redis of our own in the foreground; it dies with whoever started it.
#
#   scripts/redis.sh FOLDER PORT [redis-server arguments]
#
# It listens on 127.0.0.1 only and stores nothing unless the arguments say so (`--appendonly yes`): FOLDER is
# where it would. SIGTERM ends it cleanly.
set -euo pipefail

if [ $# -lt 2 ]; then
    echo "usage: scripts/redis.sh FOLDER PORT [redis-server arguments]" >&2
    exit 2
fi
folder=$1
port=$2
shift 2

if ! command -v redis-server >/dev/null 2>&1; then
    echo "redis: no server here; install it with: scripts/setup.sh test" >&2
    exit 2
fi

mkdir -p "$folder"
exec setpriv --pdeathsig KILL redis-server --bind 127.0.0.1 --port "$port" --dir "$folder" --save '' \
    --appendonly no --daemonize no "$@" </dev/null
