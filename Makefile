# One command for each thing one does with a checkout; .ci/run calls the same ones.
# Plain POSIX shell, and nothing newer than make 3.81, which macOS has.

VENV ?= .venv
BIN := $(VENV)/bin
# More arguments for the command, such as `make test ARGS="tests/unit -k names"`.
ARGS ?=
# Where the servers of `make test-servers` are installed.
SERVERS ?= .servers
# Processes that run tests, one more than cores, since many wait for servers; each has a database of its own.
JOBS ?= 3

.DEFAULT_GOAL := help
.PHONY: help demo test coverage check format-check lint types imports openapi-check docs drill quality forge fuzz once webhooks-drill \
	test-servers bench format openapi clients release-contract migration requirements setup clean FORCE

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' Makefile

demo: setup ## fill a database of its own with an invented world and open it in the browser
	$(BIN)/cxcore demo $(ARGS)

test: setup ## run all tests (less than ten minutes on two cores)
	$(BIN)/python -m pytest -n $(JOBS) --dist loadgroup --durations=10 $(ARGS)

coverage: setup ## run all tests and tell what none of them reaches (takes twice as long)
	@$(MAKE) --no-print-directory test ARGS="--cov --cov-report=term:skip-covered $(ARGS)"

# make -k goes on after a red step, so that one run shows all that is wrong.
check: setup ## format, lint, types, floors, openapi and docs: all that needs no database
	@$(MAKE) --no-print-directory -k format-check lint types imports openapi-check docs

format-check: setup
	$(BIN)/ruff format --check --output-format concise .
lint: setup
	$(BIN)/ruff check --output-format concise .
types: setup
	$(BIN)/mypy
imports: setup
	$(BIN)/lint-imports
openapi-check: setup
	$(BIN)/cxcore openapi --check openapi/cxcore.v1.json
docs: setup
	$(BIN)/python -m pytest -q tests/architecture

drill: setup ## undo 500 random sequences of decisions, and 1,000 of merges to the byte (a quarter of an hour on two cores)
	CX_DRILL=500 CX_UNDO=1000 $(BIN)/python -m pytest -n $(JOBS) --dist worksteal -q -k undone \
		tests/integration/resolve/test_online.py tests/integration/resolve/test_undo.py $(ARGS)

quality: setup ## the goals of who is who on all labelled sets, the two large ones among them (some two minutes)
	CX_QUALITY=all $(BIN)/python -m pytest -q -n 0 tests/acceptance/test_identity_quality.py $(ARGS)

forge: setup ## send 100,000 forged, old and repeated deliveries: none is accepted, none counts twice (some minutes)
	CX_FORGED=100000 $(BIN)/python -m pytest -q -s tests/acceptance/test_forged_deliveries.py $(ARGS)

fuzz: setup ## send 10,000 requests that the OpenAPI document does and does not allow: no finding (some five minutes)
	CX_FUZZ=10000 $(BIN)/python -m pytest -q -s tests/acceptance/test_fuzzed_contract.py $(ARGS)

once: setup ## 1,000 idempotency keys by 20 senders each while processes are killed, and 100 x 100 edits (half an hour)
	CX_ONCE=1000 $(BIN)/python -m pytest -q -s -n 0 tests/integration/api/test_once.py $(ARGS)
	CX_EDITS=100x100 $(BIN)/python -m pytest -q -n 0 tests/integration/api/test_etags.py

webhooks-drill: setup ## send 100,000 events to a receiver that fails three times in ten: each arrives (a quarter of an hour)
	CX_WEBHOOKS=100000 CX_ROTATED=10000 $(BIN)/python -m pytest -n 0 -q -s tests/acceptance/test_webhooks.py \
		-k 'three_times or rotated' $(ARGS)

test-servers: setup ## run connectors against Bluesky's network and WordPress, installed into .servers (some ten minutes; root on Debian)
	.ci/servers $(SERVERS)
	CX_TEST_ATPROTO=$(abspath $(SERVERS)) $(BIN)/python -m pytest -m test_servers -n 0 --durations=10 tests/acceptance $(ARGS)

bench: setup ## measure speed against baselines run in the same minute
	$(BIN)/python -m bench $(ARGS)

format: setup ## format, and put right what ruff can
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .

openapi: setup ## write openapi/cxcore.v1.json and docs/api/problems.md anew from the app
	@mkdir -p openapi
	$(BIN)/cxcore openapi > openapi/.cxcore.v1.json
	mv openapi/.cxcore.v1.json openapi/cxcore.v1.json
	sed '/^## /,$$d' docs/api/problems.md > docs/api/.problems.md
	$(BIN)/python -m cxcore.api.problem_table >> docs/api/.problems.md
	mv docs/api/.problems.md docs/api/problems.md

clients: setup ## write the clients anew from openapi/cxcore.v1.json
	PYTHON=$(abspath $(BIN))/python .ci/clients .clients

release-contract: setup ## with a release: from now on keep what the API has today (openapi/released)
	cp openapi/cxcore.v1.json openapi/released/cxcore.v1.json
	$(BIN)/python -c "import json; from cxcore.auth.scopes import Scope; print(json.dumps([s.value for s in Scope], indent=2))" \
		> openapi/released/scopes.json

migration: setup ## write a migration from the changed tables: make migration MESSAGE="what it does"
	@test -n "$(MESSAGE)" || { echo 'Say what it does: make migration MESSAGE="keep the time of a merge"' >&2; exit 1; }
	@PYTHONPATH=tests $(BIN)/python -c "$$REVISE" "$(MESSAGE)"
	@$(BIN)/ruff check --fix-only --quiet migrations
	@$(BIN)/ruff format --quiet migrations
define REVISE
import asyncio, sys
from cxcore.db import migrate, session
from support import server

with server.server() as url:
    database = session.Database(server.fresh_database(url, "cxcore_migration"))
    asyncio.run(migrate.revise(database, sys.argv[1]))
endef
export REVISE

# Keeps what still fits; ARGS=--upgrade takes the newest of everything. One file holds for all Pythons and systems.
PIN = $(BIN)/uv pip compile --quiet --no-config --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --custom-compile-command "make requirements" $(ARGS)
requirements: $(VENV)/.requirements ## pin the dependencies anew in requirements/
	$(PIN) pyproject.toml --extra embedded --output-file requirements/run.txt
	$(PIN) requirements/build.in --output-file requirements/build.txt
	$(PIN) pyproject.toml --extra embedded --extra mcp --extra testing --group pyproject.toml:dev requirements/dev.in \
		--constraint requirements/run.txt --constraint requirements/build.txt --output-file requirements/dev.txt
	$(PIN) requirements/servers.in --output-file requirements/servers.txt
	$(PIN) requirements/pretix.in --output-file requirements/pretix.txt
	$(PIN) requirements/clients.in --output-file requirements/clients.txt
	$(PIN) pyproject.toml --extra embedded --extra bench --extra spark --constraint requirements/dev.txt \
		--output-file requirements/extras.txt

clean: ## remove the environment, caches and build results (not the data of .cxcore)
	rm -rf $(VENV) .clients build dist htmlcov .coverage .coverage.* .mypy_cache .ruff_cache .pytest_cache .hypothesis \
		.import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

setup: $(VENV)/.project ## make the environment in .venv; done by all others when it is out of date
	@:

PIP = $(BIN)/python -m pip --disable-pip-version-check --no-input -qq

$(VENV)/.project: $(VENV)/.requirements pyproject.toml
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

# Hashes, wheels only, no resolving: the file says it all. An environment whose Python is gone is made again.
$(VENV)/.requirements: requirements/dev.txt $(shell test -x $(BIN)/python || echo FORCE)
	@$(make_venv)
	@echo "Installing the pinned requirements into $(VENV) (about a minute, once)."
	@$(PIP) install --require-hashes --only-binary :all: --no-deps --requirement requirements/dev.txt
	@touch $@

# The first Python new enough (PYTHON=… names another). Debian keeps venv's ensurepip in a package of its own:
# root gets it, others are told.
define make_venv
set -e; \
enough='import sys; sys.exit(sys.version_info < (3, 11))'; \
if "$(BIN)/python" -c "$$enough" 2>/dev/null; then exit 0; fi; \
for python in $${PYTHON:-python3.13 python3.12 python3.11 python3 python}; do \
	if "$$python" -c "$$enough" 2>/dev/null; then found=$$python; break; fi; \
done; \
if [ -z "$${found:-}" ]; then \
	echo "cxcore needs Python 3.11 or newer; found none as $${PYTHON:-python3} (say PYTHON=/path/to/python3)." >&2; \
	exit 1; \
fi; \
if ! "$$found" -c 'import ensurepip, venv' 2>/dev/null; then \
	package=$$("$$found" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])'); \
	if [ "$$(command -v "$$found")" -ef /usr/bin/python3 ]; then package=python3-venv; fi; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "Installing $$package, which $$found needs to make an environment."; \
		apt-get update -qq; \
		DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends "$$package" >/dev/null; \
	else \
		echo "$$found cannot make an environment: run  sudo apt-get install $$package" >&2; \
		exit 1; \
	fi; \
fi; \
rm -rf "$(VENV)"; \
"$$found" -m venv "$(VENV)"
endef

FORCE:
