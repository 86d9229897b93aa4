# `make` lists the targets. CI runs `make lint` and `make test` (.ci/run), nothing else.
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

# The lock is made for 3.11 and complete for 3.12; Prefect needs other packages from 3.13 on.
# `make PYTHON=/path/to/python` overrides the search.
PYTHON ?= $(shell for each in python3.11 python3 python3.12; do \
	"$$each" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 13))' 2>/dev/null \
	&& echo "$$each" && break; done)

VENV := .venv
BIN := $(VENV)/bin
PEERS := $(VENV)/peers
MINING := $(VENV)/mining
# A venv made without ensurepip has no pip of its own: the outer pip then installs into it.
PIP = $$($(1)/bin/python -m pip --version >/dev/null 2>&1 \
	&& echo "$(1)/bin/python -m pip" || echo "$(PYTHON) -m pip --python $(1)/bin/python")
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Neither Prefect nor its libraries call home from a make target.
export DO_NOT_TRACK := 1
export PREFECT_SERVER_ANALYTICS_ENABLED := false

.PHONY: help setup run test lint format bench chaos screenshots lock sizes clean

help: ## list the targets
	@sed -nE 's/^([a-z]+):.*## (.*)/  make \1\t\2/p' $(firstword $(MAKEFILE_LIST)) | expand -t 16

setup: $(VENV)/.set-up ## create .venv and install what requirements.lock says, when it changed

run: setup ## start everything on this machine with sample cases
	$(BIN)/bihuan up --sample

test: setup ## what CI runs: layers, then every test
	$(BIN)/lint-imports --no-logo
	$(BIN)/pytest -n 3 --dist loadfile --no-loadscope-reorder

lint: setup ## style, types and layers
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

format: setup ## let ruff lay out the code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: setup $(PEERS)/.set-up ## measure ratios against a floor and peers, in one run
	BIHUAN_PEERS_PYTHON=$(PEERS)/bin/python $(BIN)/python -m benchmarks

mining: setup $(MINING)/.set-up ## open our event log with pm4py (AGPL, 550 MB, an environment of its own)
	BIHUAN_MINING_PYTHON=$(MINING)/bin/python $(BIN)/pytest tests/casework/auditing/test_event_log_mined.py

chaos: setup ## falsify sealed databases more than ten thousand times; every time must be found
	BIHUAN_MUTATIONS_SHARE=1 BIHUAN_MUTATIONS_ROUNDS=6 $(BIN)/pytest tests/casework/test_verifying.py

screenshots: setup ## keep a picture of every page, at both widths, in build/screenshots
	BIHUAN_TEST_SCREENSHOTS=build/screenshots $(BIN)/pytest tests/web/test_web_every_page.py

lock: setup ## pin what pyproject.toml asks for, with hashes; UPGRADE=--upgrade takes the newest
	$(BIN)/python -c 'import uv' 2>/dev/null || $(call PIP,$(VENV)) install uv
	$(BIN)/python -m uv pip compile pyproject.toml --extra dev --python-version 3.11 \
		--generate-hashes --no-header --quiet $(UPGRADE) -o requirements.lock

sizes: setup ## print how long functions and files are
	$(BIN)/python -m tests.architecture.sizes

clean: ## remove .venv, caches and builds; .bihuan keeps your cases
	rm -rf $(VENV) build dist *.egg-info .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# --no-deps: the lock is complete, and pip before 23.3 forgets pins of packages asked for with extras.
$(VENV)/.set-up: requirements.lock pyproject.toml | $(BIN)/python
	@echo "installing requirements.lock into $(VENV)"
	@$(call PIP,$(VENV)) install --quiet --no-deps --require-hashes -r requirements.lock
	@$(call PIP,$(VENV)) install --quiet --no-deps --no-build-isolation -e .
	@$(call PIP,$(VENV)) check
	@touch $@

$(PEERS)/.set-up: $(wildcard benchmarks/requirements.txt) | $(PEERS)/bin/python
	$(if $(wildcard benchmarks/requirements.txt),$(call PIP,$(PEERS)) install --quiet -r benchmarks/requirements.txt)
	@touch $@

$(MINING)/.set-up: benchmarks/requirements-mining.txt | $(MINING)/bin/python
	$(call PIP,$(MINING)) install --quiet -r benchmarks/requirements-mining.txt
	@touch $@

# Debian keeps ensurepip in a package of its own (python3-venv), which may be missing.
%/bin/python:
	@[ -n "$(PYTHON)" ] || { echo "Python 3.11 or 3.12 is needed: make PYTHON=/path/to/python" >&2; exit 1; }
	$(PYTHON) -m venv $* >/dev/null 2>&1 || { rm -rf $*; $(PYTHON) -m venv --without-pip $*; }
	@$@ -m pip --version >/dev/null 2>&1 || $(PYTHON) -m pip --version >/dev/null 2>&1 \
		|| { rm -rf $*; echo "$(PYTHON) has neither ensurepip nor pip: install python3-venv" >&2; exit 1; }
