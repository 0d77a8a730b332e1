# Every target creates what it needs and ends by itself. `make help` lists them.
VENV := .venv
BIN := $(VENV)/bin
UV := .cache/uv/bin/uv
UV_VERSION := 0.13.9
PIP_INSTALL = $(BIN)/pip install --quiet --disable-pip-version-check --no-deps

# The first interpreter that Papergate runs on and that can make a virtual environment.
USABLE = -c 'import ensurepip, sys, venv; sys.exit(not (3, 11) <= sys.version_info < (3, 15))' 2>/dev/null
PYTHON ?= $(shell for name in python3.14 python3.13 python3.12 python3.11 python3; do \
	$$name $(USABLE) && command -v $$name && break; done)
NEED_PYTHON = @$(or $(PYTHON),false) $(USABLE) || { echo "Install Python 3.11, 3.12, 3.13 or 3.14 with its venv \
	module, or name one: make PYTHON=/path/to/python3" | tr -d '\t' >&2; exit 2; }

# An environment of another interpreter than PYTHON names is made anew.
ifneq ($(filter command% environment%,$(origin PYTHON)),)
VERSION = $(shell $(1) -c 'import sys; print(sys.version)' 2>/dev/null)
ifneq ($(call VERSION,$(PYTHON)),$(call VERSION,$(BIN)/python))
$(shell rm -f $(VENV)/.ready)
endif
endif

# Most tests wait for other processes now and then: one worker more than there are processors.
WORKERS ?= $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)
# In the files' order: the slow ones are in the middle, and many quick ones fill the gaps at the end.
PYTEST = $(BIN)/pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder

# As pip leaves what it installs, also where Python is told to write no bytecode: many processes start in the tests.
COMPILE_PRODUCT = $(BIN)/python -m compileall -q bot rules

NEED = @command -v $(1) >/dev/null || { echo "$(1) is missing: install $(2), then run make again." >&2; exit 2; }

.PHONY: help setup demo test quick docs picture lock dist bench load chaos need-git need-npm

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "%-9s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))
	@echo 'PYTHON=python3.12 chooses an interpreter; without it, the first of 3.14 to 3.11 is taken.'

setup: $(VENV)/.ready ## create .venv with papergate and everything the tests need

# The lock names every package with its hash. Nothing is resolved or built, so no release of a package changes this.
$(VENV)/.ready: requirements-dev.txt pyproject.toml
	$(NEED_PYTHON)
	$(PYTHON) -m venv --clear $(VENV)
	$(PIP_INSTALL) --only-binary :all: --require-hashes -r requirements-dev.txt
	$(PIP_INSTALL) --no-build-isolation --editable .
	$(BIN)/pip check
	$(COMPILE_PRODUCT)
	touch $@

demo: need-git setup ## four pull requests on a stand-in for GitHub; KEEP=1 stays up until Ctrl-C
	$(BIN)/python -m tests.demo

test: need-git need-npm setup ## everything that continuous integration runs
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(COMPILE_PRODUCT)
	$(PYTEST)

quick: need-git need-npm setup ## the tests of the core, the comments and the commands, in less than a minute
	$(PYTEST) -q tests/rules tests/bot/render tests/bot/slash

docs: setup ## write the pages that are made from the code
	$(BIN)/python -m tests.pages

picture: need-git setup ## take the picture of a comment that README shows; it needs Chromium
	$(BIN)/python -m tests.picture

lock: $(UV) ## rebuild both lock files; UPGRADE=1 takes the newest releases
	UV_CUSTOM_COMPILE_COMMAND='make lock' $(RESOLVE) $(if $(UPGRADE),--upgrade) --extra dev -o requirements-dev.txt
	UV_CUSTOM_COMPILE_COMMAND='make lock' $(RESOLVE) --constraints requirements-dev.txt -o requirements.txt

# For every platform and Python at once, wheels only, and without naming the index they come from.
RESOLVE = $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --only-binary :all: \
	--no-annotate --no-emit-index-url --no-emit-find-links pyproject.toml

$(UV):
	$(NEED_PYTHON)
	$(PYTHON) -m venv --clear .cache/uv
	.cache/uv/bin/pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

dist: setup ## write the wheel and the source distribution to dist/
	rm -rf dist build
	$(BIN)/python -c 'from setuptools import build_meta; build_meta.build_sdist("dist"); build_meta.build_wheel("dist")'

bench: need-git need-npm setup ## time and memory beside another linter
	$(COMPILE_PRODUCT)
	$(BIN)/python -m tests.bench

load: need-git setup ## a burst of pull requests
	$(BIN)/python -m tests.load

chaos: need-git setup ## kill parts of the bot while it works; SEED=N chooses another course of events
	$(BIN)/python -m tests.chaos --seed $(or $(SEED),1)

need-git:
	$(call NEED,git,Git)

need-npm:
	$(call NEED,npm,Node.js with npm (for the tests only))
