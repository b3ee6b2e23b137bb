#!/usr/bin/env bash
# Builds a release and serves. Arguments go to `parley serve`.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/setup.sh build
swift build -c release --product parley
binary="$(swift build -c release --show-bin-path)/parley"

address=${PARLEY_LISTEN:-127.0.0.1:8080}
previous=
for argument in "$@"; do
    case $previous in --listen) address=$argument ;; esac
    case $argument in --listen=*) address=${argument#*=} ;; esac
    previous=$argument
done
echo "Parley: open http://$address/ in two browser tabs; Ctrl-C stops it."
exec "$binary" serve "$@"
