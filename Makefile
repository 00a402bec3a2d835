# Everything a person types. `make help` lists it.
SHELL := /bin/sh
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PY := .venv/bin/python
# the first Python that is new enough
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && { echo "$$p"; break; }; done)
BOOTSTRAP = test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed, and none was found (python3, python3.11 … 3.13)" >&2; exit 1; }; \
	"$(PYTHON)" staff_portal/supervisor/bootstrap.py
SIZE ?= small
FILE ?=
TESTS ?= tests

.PHONY: help run test test-one check docs seed bench backup restore shell assets environment environment-dev

help: ## what can be done here
	@grep -hE '^[a-z-]+:.*## ' Makefile | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 24
	@echo
	@echo "  PORT (8000), HOST (127.0.0.1), DATA_DIR (.data), DEMO (small, full, none), DATABASE_URL, DATABASE_OWNER_URL, REDIS_URL"

environment:
	@$(BOOTSTRAP)

environment-dev:
	@$(BOOTSTRAP) --dev

assets: environment ## copy the named npm files to assets/vendor
	@$(PY) -m staff_portal.kernel.assets

run: environment assets ## start everything: PostgreSQL, Valkey, worker, beat, web
	@exec $(PY) -m staff_portal.embedded run

test: environment-dev assets-dev ## every test, on servers of its own (ARGS="-k name" for pytest)
	@exec $(PY) -m pytest $(TESTS) $(ARGS)

test-one: environment-dev ## one file quickly: make test-one TESTS=tests/kernel/test_x.py
	@exec env KEEP_TEST_SERVER=1 $(PY) -m pytest -n0 $(TESTS) $(ARGS)

.PHONY: assets-dev
assets-dev: environment-dev
	@$(PY) -m staff_portal.kernel.assets --dev

check: environment-dev assets-dev ## linters, types, layers, migrations, production settings
	@exec .ci/check

docs: environment-dev ## the documents that are drawn from the code
	@exec env DJANGO_SETTINGS_MODULE=staff_portal.settings $(PY) -m tests.support.write_documents

seed: environment assets ## demo data into the database (SIZE=small, full or a number)
	@exec $(PY) -m staff_portal.embedded manage seed_demo --size $(SIZE)

shell: environment assets ## Django's shell on the embedded servers
	@exec $(PY) -m staff_portal.embedded manage shell

bench: environment-dev assets ## measured figures beside their bounds
	@exec $(PY) -m benchmarks $(if $(filter command line environment,$(origin SIZE)),$(SIZE))

backup: environment ## database, media and keys into one file (FILE=…)
	@test -n "$(FILE)" || { echo "say where to: make backup FILE=path" >&2; exit 1; }
	@exec $(PY) -m staff_portal.embedded backup "$(FILE)"

restore: environment ## put a backup in place (FILE=…; FORCE=1 over existing data)
	@test -n "$(FILE)" || { echo "say what from: make restore FILE=path" >&2; exit 1; }
	@exec $(PY) -m staff_portal.embedded restore "$(FILE)" $(if $(filter 1,$(FORCE)),--force)
