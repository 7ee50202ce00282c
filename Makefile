# Everything starts from a bare Python 3.11 or newer and make; `make demo` needs nothing else done first.

.DEFAULT_GOAL := help
.PHONY: help demo test browser accuracy rulesets lint format types docs docs-check bench floors spark nightly clean

# The first that runs: a pyenv shim of a version that is not chosen is on the path and fails.
PYTHON ?= $(firstword $(foreach python,python3.11 python3 python3.12 python3.13,$(shell \
	$(python) -c 'import sys; assert sys.version_info >= (3, 11); print("$(python)")' 2>/dev/null)))
BIN := .venv/bin
READY := .venv/.ready
OLDEST := .venv-floors/.ready

help:  ## this list
	@sed -n 's/^\([a-z-]*\):.*## /make \1\t/p' Makefile | expand -t 20

demo: $(READY)  ## scan thirteen ads with the bundled packages and show why each was stopped
	@$(BIN)/automod scan src/automod/demo/creatives.jsonl -r rulesets -f text

test: $(READY) browser  ## every test, doctest and documented command, and the built wheel
	$(BIN)/python -m pytest -n 2 --dist loadgroup

browser:  # what reports are looked at with; without it those tests say that they were skipped
	@sh tools/chromium.sh >&2 || echo "reports will not be looked at in a browser" >&2

accuracy: $(READY)  ## how well the bundled rulesets do on 1,111 labelled ads, and what they promise
	@$(BIN)/automod eval benchmarks/accuracy/cases/*.jsonl -r rulesets \
		--gate benchmarks/accuracy/gates.yaml -f text

rulesets: $(READY)  ## lint and examples of the bundled rulesets, and what their last change does
	@BIN=$(BIN) sh tools/rulesets.sh

lint: $(READY)  ## ruff: rules and format
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: $(READY)  ## ruff: repair what can be repaired
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

types: $(READY)  ## mypy --strict over the library, its tests, docs and benchmarks
	$(BIN)/mypy

docs: $(READY)  ## write docs/cli.md and docs/images anew, then run every block of every page
	$(BIN)/python docs/generate.py
	$(BIN)/python -m pytest -q tests/test_docs.py

docs-check: $(READY)  ## fail if a generated page is not current
	$(BIN)/python docs/generate.py --check

bench: $(READY)  ## the benchmarks, answers asserted first
	$(BIN)/python -m benchmarks

floors: $(OLDEST)  ## the tests again, with the oldest dependencies that pyproject.toml allows
	.venv-floors/bin/python -m pytest -n 2 --dist loadgroup -m "not slow" --ignore tests/test_docs.py tests

spark: $(READY)  ## decisions on a real Spark, 3.5 and 4, also with its workers killed
	@BIN=$(BIN) sh tools/spark.sh

nightly: $(READY)  ## the property tests with at least 5,000 examples each
	HYPOTHESIS_PROFILE=nightly $(BIN)/python -m pytest -n 2 --dist loadgroup tests

clean:  ## remove everything that make and the tools made
	rm -rf .venv .venv-floors .venv-spark3 .venv-spark4 .venv-spark-constraints.txt dist .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# A virtual environment that an interrupted run left half made has no working pip: made anew.
$(READY): pyproject.toml constraints.txt
	@test -n "$(PYTHON)" || { echo "automod needs Python 3.11 or newer on the path" >&2; exit 1; }
	@echo "setting up .venv" >&2
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear .venv
	@$(BIN)/python -m pip install -qq --constraint constraints.txt pip
	@$(BIN)/python -m pip install -qq --constraint constraints.txt --editable . --group dev
	@touch $@

$(OLDEST): $(READY) tools/floors.py
	@echo "setting up .venv-floors" >&2
	@$(BIN)/python -m venv --clear .venv-floors
	@$(BIN)/python tools/floors.py > .venv-floors/constraints.txt
	@.venv-floors/bin/python -m pip install -qq --constraint constraints.txt pip
	@.venv-floors/bin/python -m pip install -qq --constraint .venv-floors/constraints.txt \
		--editable . --group dev
	@touch $@
