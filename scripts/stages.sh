#!/usr/bin/env bash
# Runs the stages of `make test`, `make check`, `make lint` or `make simulate`, stops at the first that fails,
# and ends with a table: seconds, and each runner's own closing line.
set -euo pipefail
cd "$(dirname "$0")/.."

logs=$(mktemp -d)
stages=()
beside=
table() {
    local status=$?
    [ -z "$beside" ] || kill -- "-$beside" 2>/dev/null || true
    printf '\n%-24s %8s  %s\n' stage seconds 'what its runner said'
    local stage
    for stage in ${stages[@]+"${stages[@]}"}; do
        printf '%-24s %8s  %s\n' "$stage" "$(cat "$logs/$stage.seconds" 2>/dev/null || echo -)" \
            "$(closing_line "$logs/$stage.log")"
    done
    local verdict=passed
    [ $status = 0 ] || verdict="FAILED (exit status $status)"
    printf '%-24s %8s  %s\n' total "$SECONDS" "$verdict"
    rm -rf "$logs"
    exit $status
}
trap table EXIT

# The last line in which a runner says how it went; node counts on lines of its own.
closing_line() {
    if grep -qE '^(# |ℹ )pass [0-9]' "$1"; then
        grep -E '^(# |ℹ )(tests|pass|fail) [0-9]' "$1" | tail -3 | tr '\n' ' '
    else
        local said='Test run with|outside tests,|^conformance |Build.* complete|corpora passed'
        said+='|^lint: |^types: |error:'
        grep -E "$said" "$1" | tail -1 || true
    fi
}

# stage NAME COMMAND...: a stage, its output shown and kept.
stage() {
    local name=$1 begin=$SECONDS status
    shift
    stages+=("$name")
    printf '\n=== %s: %s\n' "$name" "$*"
    # Not behind `||`: that would switch errexit off inside the functions below.
    set +e
    (
        set -e
        "$@"
    ) </dev/null 2>&1 | tee "$logs/$name.log"
    status=${PIPESTATUS[0]}
    set -e
    echo $((SECONDS - begin)) >"$logs/$name.seconds"
    if [ $status != 0 ]; then
        echo "=== $name failed with status $status" >&2
        exit $status
    fi
}

# begin NAME COMMAND...: starts a stage beside the next ones; `join NAME` waits for it and shows what it said.
begin() {
    local name=$1
    shift
    echo "=== $name begins beside what follows: $*"
    # A group of its own, so that it can be ended whole.
    set -m
    (
        begun=$SECONDS status=0
        "$@" </dev/null >"$logs/$name.output" 2>&1 || status=$?
        echo $((SECONDS - begun)) >"$logs/$name.beside"
        exit $status
    ) &
    beside=$!
    set +m
}

join() {
    local name=$1 process=$beside status=0
    stages+=("$name")
    wait "$process" || status=$?
    beside=
    printf '\n=== %s\n' "$name"
    tee "$logs/$name.log" <"$logs/$name.output"
    mv "$logs/$name.beside" "$logs/$name.seconds"
    if [ $status != 0 ]; then
        echo "=== $name failed with status $status" >&2
        exit $status
    fi
}

lint() {
    swift format lint --strict -r Package.swift Sources Tests loadtest
    python3 scripts/wrap_comments.py --check Package.swift Sources Tests loadtest
    for script in scripts/*.sh .ci/run; do bash -n "$script"; done
    echo "lint: nothing to complain about"
}

browser_client() {
    local files
    files=$(find Tests/BrowserClientTests -name '*.test.mjs' 2>/dev/null | sort)
    if [ -z "$files" ]; then
        echo "error: no Tests/BrowserClientTests/*.test.mjs" >&2
        return 1
    fi
    # shellcheck disable=SC2086 # one word a file
    node --test $files
}

# Types: a page in strict TypeScript against client.d.ts, and the modules of client and page against their
# JSDoc, from a folder where client.d.ts does not stand in for client.js.
browser_types() {
    local options=(--noEmit --target ES2022 --lib ES2022,DOM,DOM.Iterable
        --module ES2022 --moduleResolution node)
    tsc "${options[@]}" --strict Tests/BrowserClientTests/types/*.ts
    mkdir "$logs/client"
    cp Sources/BrowserClient/Assets/client/*.js "$logs/client"
    cp -r Sources/BrowserClient/Assets/page "$logs/page"
    # Only a file of options says where /client.js is.
    cat >"$logs/tsconfig.json" <<'END'
{ "compilerOptions": { "noEmit": true, "target": "ES2022", "lib": ["ES2022", "DOM", "DOM.Iterable"],
    "module": "ES2022", "moduleResolution": "node", "allowJs": true, "checkJs": true, "baseUrl": ".",
    "paths": { "/client.js": ["client/client.js"] } },
  "files": ["client/client.js", "page/app.js", "page/theme.js"] }
END
    tsc --project "$logs"
    echo "types: nothing to complain about"
}

# The cases that take no time; `make conformance` runs all.
conformance() {
    python3 scripts/conformance.py "$(swift build -c release --show-bin-path)/parley" fast
}

outside() {
    .venv/bin/python Tests/outside/run.py "$(swift build -c release --show-bin-path)/parley"
}

# The browser tests once more, all of them over TLS and compressed (`make test` runs three of them so).
browser_tls() {
    local names
    names=$(cd Tests/outside && ls test_browser*.py | sed 's/^test_//; s/\.py$//')
    # shellcheck disable=SC2086 # one word a test
    TEST_WITH_TLS=1 .venv/bin/python Tests/outside/run.py \
        "$(swift build -c release --show-bin-path)/parley" $names
}

simulation() {
    export PARLEY_CORES=1
    if [ -n "${PARLEY_SIMULATE_SEED:-}" ]; then
        export PARLEY_SEED=$PARLEY_SIMULATE_SEED
    else
        export PARLEY_SEEDS=${PARLEY_SIMULATE_SEEDS:-1000}
    fi
    # Release: the seeds take longer than the build. Cores only, so that nothing else is built again.
    swift test -c release -Xswiftc -enable-testing --scratch-path .build-sim --disable-xctest \
        --filter SimulationTests
}

sanitized() {
    case $1 in
    thread)
        PARLEY_CORES=1 swift test --disable-xctest --sanitize=thread -Xswiftc -DTSAN \
            --scratch-path .build-tsan
        ;;
    address)
        # XCTest's own leaks would fail every run.
        PARLEY_CORES=1 ASAN_OPTIONS=detect_leaks=0 \
            swift test --disable-xctest --sanitize=address --scratch-path .build-asan
        ;;
    esac
}

tests() {
    stage setup scripts/setup.sh build test
    local checked=(--explicit-target-dependency-import-check error)
    stage build-debug swift build --build-tests "${checked[@]}"
    # The Swift tests wait more than they work, so the release is built meanwhile. They are run without
    # SwiftPM, which would want its lock and its database, too.
    local tests
    tests="$(swift build --show-bin-path)/parleyPackageTests.xctest"
    begin build-release swift build -c release --product parley "${checked[@]}"
    stage swift-tests "$tests" --testing-library swift-testing
    join build-release
    stage build-load swift build -c release --product parley-load "${checked[@]}"
    stage browser-client browser_client
    stage browser-types browser_types
    stage conformance conformance
    stage outside-tests outside
}

case ${1:-} in
test) tests ;;
lint) stage lint lint ;;
simulate) stage simulation simulation ;;
check)
    stage lint lint
    tests
    stage browser-tls browser_tls
    stage simulation simulation
    stage thread-sanitizer sanitized thread
    stage address-sanitizer sanitized address
    stage fuzz-corpora scripts/fuzz.sh 0
    ;;
*)
    echo "usage: scripts/stages.sh test|check|lint|simulate" >&2
    exit 2
    ;;
esac
