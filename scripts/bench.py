#!/usr/bin/env python3
"""Counts the instructions one operation of each microbenchmark takes, under callgrind.

Usage: bench.py compare|record [BENCH]

Two runs with different numbers of operations are subtracted: starting and ending the program cost nothing.
"""
import json
import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
BASELINES = ROOT / "loadtest" / "baselines"
TOLERANCE = 0.03
ENVIRONMENT = dict(os.environ, PARLEY_CORES="1")
BUILD = ["swift", "build", "-c", "release", "--product", "Microbench", "--scratch-path", ".build-bench"]


def build():
    """Builds Microbench with the cores only; returns its path."""
    subprocess.run(BUILD, cwd=ROOT, env=ENVIRONMENT, check=True)
    shown = subprocess.run(
        BUILD + ["--show-bin-path"], cwd=ROOT, env=ENVIRONMENT, check=True, capture_output=True, text=True
    )
    return pathlib.Path(shown.stdout.strip()) / "Microbench"


def instructions(program, bench, operations):
    """The instructions of one whole run."""
    run = subprocess.run(
        ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", program, bench, str(operations)],
        capture_output=True,
        text=True,
        # Swift's hash seeds would move the counts from run to run.
        env=dict(os.environ, SWIFT_DETERMINISTIC_HASHING="1"),
        stdin=subprocess.DEVNULL,
    )
    found = re.search(r"Collected : (\d+)", run.stderr)
    if run.returncode != 0 or not found:
        sys.exit(f"error: {bench} under callgrind: status {run.returncode}\n{run.stderr}")
    return int(found[1])


def measure(program, bench, operations):
    """Instructions per operation."""
    few, many = operations, operations * 3
    return (instructions(program, bench, many) - instructions(program, bench, few)) / (many - few)


def main(arguments):
    if not arguments or arguments[0] not in ("compare", "record"):
        sys.exit(__doc__)
    subprocess.run([ROOT / "scripts" / "setup.sh", "build", "bench"], check=True)
    program = build()
    listed = subprocess.run([program, "--list"], check=True, capture_output=True, text=True).stdout
    benches = [line.split() for line in listed.splitlines()]
    if arguments[1:]:
        benches = [bench for bench in benches if bench[0] in arguments[1:]]
    if not benches:
        sys.exit("error: no such bench")
    worse = 0
    print(f"{'bench':<12} {'instructions':>14} {'baseline':>14} {'change':>9}")
    for bench, operations in benches:
        count = measure(program, bench, int(operations))
        file = BASELINES / f"{bench}.json"
        before = json.loads(file.read_text())["instructionsPerOperation"] if file.exists() else None
        change = "" if before is None else f"{(count / before - 1) * 100:+.2f} %"
        shown = "-" if before is None else before
        print(f"{bench:<12} {count:>14.1f} {shown:>14} {change:>9}", flush=True)
        if arguments[0] == "record":
            BASELINES.mkdir(exist_ok=True)
            figures = {"bench": bench, "instructionsPerOperation": round(count, 1)}
            file.write_text(json.dumps(figures, indent=2) + "\n")
        elif before is None:
            print(f"error: {bench} has no baseline; `make bench-record BENCH={bench}` writes it")
            worse += 1
        elif count > before * (1 + TOLERANCE):
            worse += 1
    if worse:
        print(f"error: {worse} of {len(benches)} benches have no baseline or are {TOLERANCE:.0%} worse")
    return 1 if worse else 0


sys.exit(main(sys.argv[1:]))
