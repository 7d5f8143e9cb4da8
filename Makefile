# Everything a person does with this repository. `make` alone lists it.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_NO_INPUT := 1

PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --quiet
SERIAL := faults or browser

.PHONY: help demo test lint types imports fast bench bench-identity servers clean

help: ## List what can be done here
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: .venv/.project ## Try it out on this machine (CRM=hubspot, salesforce, highlevel or all; ONCE=1: run through and stop)
	@$(BIN)/firstpath demo $(if $(ONCE),--once) $(if $(CRM),--crm $(CRM))

test: .venv/.dev servers lint types imports ## Everything that CI checks
	@echo "Tests, side by side"
	@$(BIN)/python -m pytest -q -n 4 --dist loadscope -m "not ($(SERIAL))"
	@echo "Tests that kill processes or drive a browser"
	@$(BIN)/python -m pytest -q -n 2 --dist loadfile -m "$(SERIAL)"

lint: .venv/.dev ## Style and common mistakes
	@echo "Lint"
	@$(BIN)/ruff check --quiet
	@$(BIN)/ruff format --check --quiet

types: .venv/.dev ## Types
	@echo "Types"
	@$(BIN)/mypy

imports: .venv/.dev ## Rooms import one way only
	@echo "Imports"
	@$(BIN)/lint-imports --no-cache --no-logo

fast: .venv/.dev ## Only the tests that need no server and no browser
	@$(BIN)/python -m pytest -q -m "not servers and not ($(SERIAL))"

bench: .venv/.dev ## Measure the budgets
	@$(BIN)/python -m bench

bench-identity: .venv/.bench ## Our identity rules beside other people's, on three sets of data (installs libraries for it)
	@$(BIN)/python -m bench.identity

servers: ## Redis and Chromium for the tests (Debian packages, when root)
	@bash tests/services/install

clean: ## Remove what was built or installed here; data in var/ stays
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build dist *.egg-info
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Stamps: a step is repeated only when the file that decides it has changed.

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Firstpath needs Python 3.11 or newer. Name one like this: make demo PYTHON=python3.12" >&2; exit 1; }
	@echo "Creating .venv"
	@$(PYTHON) -m venv .venv || \
		{ rm -rf .venv; echo "Python's venv module is missing. On Debian: apt-get install python3-venv" >&2; exit 1; }

.venv/.runtime: requirements.txt | .venv/bin/python
	@echo "Installing what Firstpath needs (once)"
	@$(PIP) install --require-hashes -r requirements.txt
	@touch $@

.venv/.project: pyproject.toml .venv/.runtime
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

.venv/.dev: requirements-dev.txt requirements-recordings.txt .venv/.project
	@echo "Installing what the tests need (once)"
	@$(PIP) install --require-hashes -r requirements-dev.txt
	@$(PIP) install --require-hashes --no-deps -r requirements-recordings.txt
	@touch $@

.venv/.bench: requirements-bench.txt .venv/.project
	@echo "Installing what bench/identity.py measures us by (once)"
	@$(PIP) install --require-hashes -r requirements-bench.txt
	@touch $@
