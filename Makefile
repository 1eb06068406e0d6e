# The front door: `make` lists what there is. Everything real is in scripts/, CMakePresets.json
# and tests/run, each of which can be called by itself.

SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help demo build wheel test unit sanitize simulate fuzz e2e bench bench-spark lint install clean

# So that a clone in another folder finds what this one compiled.
export CCACHE_BASEDIR ?= $(CURDIR)
export CCACHE_NOHASHDIR ?= 1

PREFIX ?= /usr/local
FUZZ_SECONDS ?= 10
SIMULATE_SECONDS ?= 600
SIMULATE_SEED ?= 1

# GoogleTest says how long each test took where `make test` wants to know.
times = GTEST_OUTPUT=$${POMONA_TEST_TIMES:+xml:$$POMONA_TEST_TIMES/$(1)/}

help: ## this list
	@awk -F ':.*## ' '/^[a-z0-9]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: ## install what is missing, build the command line, extract a small drawn data set, learn from it
	@scripts/phase setup scripts/setup
	@scripts/phase configure cmake --preset release -DPOMONA_BUILD_TESTS=OFF -DPOMONA_BUILD_BENCHMARKS=OFF
	@scripts/phase build cmake --build --preset release
	@scripts/phase demo build/release/pomona demo build/demo

build: ## build everything, tests and benchmarks too, in build/release
	@scripts/phase setup scripts/setup --compile-tests
	@scripts/phase configure cmake --preset release -DPOMONA_BUILD_TESTS=ON -DPOMONA_BUILD_BENCHMARKS=ON
	@scripts/phase build cmake --build --preset release

wheel: ## the Python package, build/wheel/pomona-*.whl, with all libraries but libc's inside
	@scripts/phase setup scripts/setup
	@scripts/phase wheel scripts/wheel

test: ## install what is missing, build, run all tests
	@scripts/test

unit: ## unit tests (after make build)
	@$(call times,release) scripts/phase "unit tests" ctest --preset release --label-exclude servers -j2

sanitize: ## unit tests under ASan+UBSan and under TSan
	@for preset in asan-ubsan tsan; do \
	  scripts/phase "configure $$preset" cmake --preset $$preset && \
	  scripts/phase "build $$preset" cmake --build --preset $$preset && \
	  $(call times,$$preset) scripts/phase "unit tests $$preset" ctest --preset $$preset --label-exclude servers -j2 || exit 1; \
	done

simulate: ## runs that sleep, die and wake up on one simulated store, for SIMULATE_SECONDS (600)
	@scripts/phase "configure" cmake --preset release -DPOMONA_BUILD_TESTS=ON
	@scripts/phase "build simulate" cmake --build --preset release --target simulate
	@scripts/phase simulate build/release/tests/simulate --seconds $(SIMULATE_SECONDS) --first-seed $(SIMULATE_SEED)

fuzz: ## each fuzz target for FUZZ_SECONDS (10); with FUZZ_SEED, the same inputs each time
	@scripts/phase "configure asan-ubsan" cmake --preset asan-ubsan
	@scripts/phase "build fuzz" cmake --build --preset asan-ubsan --target pomona_fuzzers
	@scripts/phase fuzz scripts/fuzz $(FUZZ_SECONDS)

e2e: ## tests against real servers, parity, end-to-end, Python, AWS and Spark (after make build wheel)
	@scripts/phase setup scripts/setup --tests
	@scripts/phase "servers, parity, end to end" tests/run
	@scripts/phase "AWS" tests/aws/run

bench: build ## the speed figures, one line each
	@benchmarks/run

bench-spark: build wheel ## Pomona on Spark beside the command line and its peers; hours
	@benchmarks/run-spark

lint: ## formatting, clang-tidy on changed sources, shellcheck, ruff, oxlint, prettier
	@scripts/phase setup scripts/setup --tests
	@scripts/lint --changed

install: ## install under PREFIX (/usr/local)
	cmake --install build/release --prefix $(PREFIX)

clean: ## remove build/ (keeps .venv and .cache)
	rm -rf build
