#!/usr/bin/env bash
# Builds the fuzz targets with libFuzzer and AddressSanitizer and runs them, one after the other.
#
#   scripts/fuzz.sh SECONDS [TARGET]    each target, or only that one, for so long; 0: replay the corpora
#
# What crashes stays as crash-* in FUZZ_KEEP (else where it was run), together with what was learned on the
# way; the smallest set of that which covers as much goes into the corpus with
#   FUZZ_TARGET=NAME .build-fuzz/debug/Fuzz -merge=1 Tests/Fuzz/Corpus/NAME FUZZ_KEEP/NAME
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
targets=$("$binary" targets)

found=$(mktemp -d)
trap 'rm -rf "$found"' EXIT
learned=${FUZZ_KEEP:-$found}
count=0
for target in $targets; do
    [ -n "$only" ] && [ "$only" != "$target" ] && continue
    corpus=Tests/Fuzz/Corpus/$target
    if [ -z "$(ls -A "$corpus" 2>/dev/null)" ]; then
        echo "error: the target $target has no seeds in $corpus" >&2
        exit 1
    fi
    count=$((count + 1))
    echo "fuzz: $target"
    options=(-timeout=10 -rss_limit_mb=1024)
    [ -n "${FUZZ_KEEP:-}" ] && mkdir -p "$learned" && options+=("-artifact_prefix=$learned/")
    if [ "$duration" = 0 ]; then
        FUZZ_TARGET=$target "$binary" -runs=0 "${options[@]}" "$corpus" </dev/null
    else
        words=Tests/Fuzz/Dictionaries/$target
        [ -f "$words" ] && options+=("-dict=$words")
        mkdir -p "$learned/$target"
        FUZZ_TARGET=$target "$binary" -max_total_time="$duration" -max_len=4096 -print_final_stats=1 \
            "${options[@]}" "$learned/$target" "$corpus" </dev/null
    fi
done
if [ $count = 0 ]; then
    echo "error: no fuzz target${only:+ named $only}; there are:" $targets >&2
    exit 2
fi

# A fuzzer that finds nothing must be shown to find something: this one, in any of a minute's inputs.
if [ -z "$only" ]; then
    if FUZZ_TARGET=canary "$binary" -max_total_time=60 -artifact_prefix="$found/" \
        >"$found/log" 2>&1 </dev/null; then
        echo "error: the canary lives; the fuzzer finds nothing" >&2
        exit 1
    fi
    # It must have died of its song, not of a fuzzer that could not start.
    if ! grep -aq "the canary sings" "$found/log" || ! grep -aq "^song" "$found"/crash-*; then
        echo "error: the canary died of something else:" >&2
        tail -n 20 "$found/log" >&2
        exit 1
    fi
fi
echo "fuzz: $count targets passed"
