#!/usr/bin/env bash
# Builds the fuzz targets with libFuzzer and AddressSanitizer and runs them.
#
#   scripts/fuzz.sh SECONDS [TARGET]    0 seconds: replay the corpora only
set -euo pipefail
cd "$(dirname "$0")/.."

duration=${1:-30}
only=${2:-}

# Without this a crash waits for the backtracer instead of ending.
export SWIFT_BACKTRACE=enable=no
export ASAN_OPTIONS=detect_leaks=0
build=(swift build --scratch-path .build-fuzz --product Fuzz
    -Xswiftc -sanitize=fuzzer,address -Xswiftc -use-ld=lld)
FUZZ=1 PARLEY_CORES=1 "${build[@]}"
binary="$(FUZZ=1 PARLEY_CORES=1 "${build[@]}" --show-bin-path)/Fuzz"

found=$(mktemp -d)
trap 'rm -rf "$found"' EXIT
count=0
for corpus in Tests/Fuzz/Corpus/*/; do
    target=$(basename "$corpus")
    [ "$target" = canary ] && continue
    [ -n "$only" ] && [ "$only" != "$target" ] && continue
    count=$((count + 1))
    echo "fuzz: $target"
    if [ "$duration" = 0 ]; then
        FUZZ_TARGET=$target "$binary" -runs=0 -rss_limit_mb=1024 "$corpus" </dev/null
    else
        # New inputs go to a folder that is thrown away; what crashes stays here as crash-*.
        mkdir -p "$found/$target"
        FUZZ_TARGET=$target "$binary" -max_total_time="$duration" -timeout=5 -rss_limit_mb=1024 \
            -print_final_stats=1 "$found/$target" "$corpus" </dev/null
    fi
done
if [ $count = 0 ]; then
    echo "error: no fuzz target${only:+ named $only} in Tests/Fuzz/Corpus" >&2
    exit 2
fi

# A fuzzer that finds nothing must be shown to find something.
if [ -z "$only" ]; then
    export FUZZ_TARGET=canary
    if "$binary" -max_total_time=60 -artifact_prefix="$found/" >"$found/log" 2>&1 </dev/null; then
        echo "error: the canary lives; the fuzzer finds nothing" >&2
        exit 1
    fi
fi
echo "fuzz: $count corpora passed"
