# Everything a checkout needs, without root, Docker or a server. `make` alone lists the targets.

PYTHON ?= python3
# `make setup GRAPHIQL=no` goes on without the GraphiQL page, where npm packages cannot be had.
GRAPHIQL ?= yes
# Passed on to the program that a target runs: make test ARGS="-k archive", make serve ARGS="--port 9000".
ARGS ?=

# Each process has a Postgres of its own, and some an OpenSearch: two are enough to fill two cores.
SIDE_BY_SIDE := --numprocesses=2 --dist=loadfile

VENV := .venv
BIN := $(VENV)/bin
PAGE := gateway/graphiql
PAGE_SOURCES := $(addprefix $(PAGE)/,package.json package-lock.json .npmrc build.mjs main.jsx favicon.svg)

export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help setup demo serve opensearch test test-opensearch-2 test-vast test-vast-sdk lint format bench lock clean

help: ## List these targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-17s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(VENV)/.installed $(if $(filter yes,$(GRAPHIQL)),$(PAGE)/static/manifest.json) ## Install what the checkout needs into .venv, and build GraphiQL
	@true

demo: setup ## Start the gateway with a small generated library, and print what to open
	$(BIN)/interneg serve --demo $(ARGS)

serve: setup ## Start the gateway on the data in .interneg
	$(BIN)/interneg serve $(ARGS)

test: setup ## Run every test but the benchmarks
	$(BIN)/python -m pytest $(SIDE_BY_SIDE) $(ARGS)

operations: setup ## Run every test, and write what they show of each operation into tests/OPERATIONS.md
	$(BIN)/python -m pytest --write-operations $(SIDE_BY_SIDE) $(ARGS)

VAST := .venv-vast

opensearch: ## Install one OpenSearch node with Maven and run it on port 9200; needs a JDK of version 21 or later
	@deploy/opensearch/install.sh
	@deploy/opensearch/run.sh .interneg/opensearch 9200

test-opensearch-2: setup ## Install an OpenSearch 2 node with Maven, and test search on it; needs a JDK of version 11 or later
	@deploy/opensearch/install.sh 2
	$(BIN)/python -m pytest -m opensearch_2 tests/contracts/search tests/projections/search/opensearch tests/gateway/test_opensearch.py $(ARGS)

test-vast: setup ## Test the VAST DB emulator, and the columnar store on it
	$(BIN)/python -m pytest tests/deploy/vastdb_emulator tests/contracts/columnar -k "not duckdb" $(ARGS)

test-vast-sdk: $(VAST)/.installed ## Run the SDK's own test suite against the emulator; it needs an older DuckDB, and so its own .venv-vast
	$(VAST)/bin/python -m deploy.vastdb_emulator.sdk_suite $(ARGS)

$(VAST)/.installed: $(VENV)/.created deploy/requirements-vast-suite.lock
	@deploy/create_venv.sh "$(PYTHON)" $(VAST)
	$(VAST)/bin/python -m pip install --quiet --require-hashes -r deploy/requirements-vast-suite.lock
	@touch $@

lint: $(VENV)/.installed ## Check format, lint rules, types and import directions
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/.installed ## Rewrite the Python files in the one format
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .

bench: setup ## Measure ratios side by side, and print them
	$(BIN)/python -m pytest -m benchmark -s $(ARGS)

LOCK := $(VENV)/tools/bin/uv pip compile pyproject.toml --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --no-annotate --no-header --system-certs --quiet

lock: $(VENV)/tools/bin/uv ## Resolve pyproject.toml into the two hashed locks; ARGS=--upgrade takes new versions
	$(LOCK) $(ARGS) --extra vast --output-file deploy/requirements.lock
	$(LOCK) $(ARGS) --extra vast --group dev --output-file deploy/requirements-dev.lock
	$(subst pyproject.toml,deploy/requirements-vast-suite.in,$(LOCK)) $(ARGS) --output-file deploy/requirements-vast-suite.lock

clean: ## Remove what setup made; the data in .interneg stays
	rm -rf $(VENV) $(PAGE)/static $(PAGE)/node_modules
	rm -rf .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

$(VENV)/.created:
	@deploy/create_venv.sh "$(PYTHON)" $(VENV)
	@touch $@

$(VENV)/.installed: $(VENV)/.created deploy/requirements-dev.lock pyproject.toml
	$(BIN)/python -m pip install --quiet --require-hashes -r deploy/requirements-dev.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/tools/bin/uv: $(VENV)/.created
	$(BIN)/python -m venv $(VENV)/tools
	$(VENV)/tools/bin/python -m pip install --quiet uv

$(PAGE)/static/manifest.json: $(PAGE_SOURCES) | $(VENV)/.installed
	@deploy/build_graphiql.sh $(BIN)
