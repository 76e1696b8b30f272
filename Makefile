SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export PYTHONUNBUFFERED := 1

.DEFAULT_GOAL := help

help: ## list these commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | awk -F'\t' '{printf "  make %-12s %s\n", $$1, $$2}'

setup: $(VENV)/.ready ## make .venv with everything in it (Java 17 by apt where it can)

$(VENV)/.ready: pyproject.toml constraints.txt tools/setup.sh
	@PYTHON=$(PYTHON) tools/setup.sh $(VENV)
	@touch $@

horovod: setup ## build Horovod for .venv's torch (8 minutes, once)
	@tools/build_horovod.sh $(VENV)

kenlm: setup ## build KenLM's programs, which train_perplexity runs (5 minutes, once)
	@tools/build_kenlm.sh $(VENV)

versitygw: setup ## build the S3 server that tests talk to (3 minutes, once)
	@tools/build_versitygw.sh $(VENV)

demo: setup ## a real crawl to a trained model and a report, in build/demo
	@$(BIN)/python -m corpusmill.demo.run

test: setup ## the suite, about an hour on 2 cores
	@tools/run_tests.sh

test-full: setup ## the suite with its slow tests
	@CORPUSMILL_TEST_FULL=1 tools/run_tests.sh

bench: setup ## claims about speed, as ratios
	@tools/run_benchmarks.sh

check: setup ## ruff, mypy --strict, import-linter
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

wheel: setup ## build the wheel into dist/
	@$(BIN)/python -m build --no-isolation --wheel

.PHONY: help setup horovod kenlm versitygw demo test test-full bench check wheel
