# The two commands of the README are `make demo` and `make test`; both set everything up first.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.DEFAULT_GOAL := help
.PHONY: help setup demo test lint bench lock clean

help:  ## list the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

setup: $(READY)  ## install the locked packages and the project into .venv

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "workbench needs Python 3.11 or later: set PYTHON=/path/to/python3")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	-$(BIN)/python -m workbench.treeshap  # compiled once, so that no explanation waits for it
	@touch $(READY)

demo: $(READY)  ## the whole journey on the bundled real data; prints where the report is
	$(BIN)/workbench demo

test: $(READY)  ## the fast test suite
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

lint: $(READY)  ## formatting, lint rules, types and import contracts
	$(BIN)/ruff format --check workbench tests
	$(BIN)/ruff check workbench tests
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(READY)  ## the measurements behind the README's figures (slow)
	$(BIN)/python -m tests.bench

# without catboost and xgboost: hundreds of megabytes for families that are tested where they are installed
lock:  ## rewrite requirements.lock from pyproject.toml (needs uv)
	uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
		--extra demo --extra report-pdf --extra cluster --extra ebm --extra dev \
		--no-emit-index-url --no-emit-find-links --no-header --output-file requirements.lock

clean:  ## remove the environment and caches, keep mlruns/
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
