# Everything is a script in scripts/; this file names them. `make help` lists the targets.
SEED ?=
SEEDS ?= 1000
SECONDS ?= 30
TARGET ?=
ARGS ?=
BENCH ?=

.DEFAULT_GOAL := help
.PHONY: help setup run test check format lint simulate fuzz bench bench-record replay conformance

help: ## Lists the targets.
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' Makefile

setup: ## Installs what is missing: Debian packages, and a .venv for the outside tests.
	@scripts/setup.sh build test

run: ## Builds a release and serves on loopback, chat page included (ARGS="--listen 127.0.0.1:9000").
	@scripts/run.sh $(ARGS)

test: ## Runs all tests: Swift, browser client, and the built binary from outside.
	@scripts/stages.sh test

check: ## Does all that must pass before a commit: lint, test, simulation, sanitizers, fuzz corpora.
	@scripts/stages.sh check

format: ## Formats the Swift sources and wraps their comments.
	@swift format -i -r Package.swift Sources Tests loadtest
	@python3 scripts/wrap_comments.py Package.swift Sources Tests loadtest

lint: ## Says what `make format` would change, and what it cannot mend.
	@scripts/stages.sh lint

simulate: ## Runs the simulator over SEEDS fresh seeds, or repeats one (SEED=4711).
	@PARLEY_SIMULATE_SEED="$(SEED)" PARLEY_SIMULATE_SEEDS="$(SEEDS)" scripts/stages.sh simulate

fuzz: ## Fuzzes each parser for SECONDS (30), or only TARGET, or replays the corpora (SECONDS=0).
	@scripts/fuzz.sh "$(SECONDS)" "$(TARGET)"

bench: ## Counts instructions per operation and compares with loadtest/baselines (BENCH=one of them).
	@python3 scripts/bench.py compare $(BENCH)

bench-record: ## Counts instructions per operation and writes loadtest/baselines.
	@python3 scripts/bench.py record $(BENCH)

conformance: ## Runs the Autobahn suite: all cases, and most again over TLS and byte by byte (ARGS=plain).
	@scripts/setup.sh build test
	@swift build -c release --product parley
	@python3 scripts/conformance.py "$$(swift build -c release --show-bin-path)/parley" $(ARGS)

replay: ## Replays 25,000 messages over two instances and proves each arrived once (ARGS="--kills 20 --rate 600").
	@scripts/setup.sh build test
	@swift build -c release --product parley
	@swift build -c release --product parley-load
	@.venv/bin/python loadtest/replay.py "$$(swift build -c release --show-bin-path)" $(ARGS)
