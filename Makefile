# Every target creates what it needs; all of them end by themselves.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin

.PHONY: setup demo test bench load chaos

setup: $(VENV)/.ready

$(VENV)/.ready: requirements-dev.txt pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-dev.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	$(BIN)/pip check
	$(BIN)/python -m compileall -q bot rules
	touch $@

# Lint, types, contracts, tests.
test: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest -n 3 --dist loadfile

# KEEP=1 stays up until Ctrl-C.
demo: setup
	$(BIN)/python -m tests.demo

# SEED=N chooses another course of events.
chaos: setup
	$(BIN)/python -m tests.chaos --seed $(or $(SEED),1)

load: setup
	$(BIN)/python -m tests.load

# Compiled, as pip leaves what it installs, wherever Python itself is told to write no bytecode.
bench: setup
	$(BIN)/python -m compileall -q bot rules
	$(BIN)/python -m tests.bench
