# Everything a fresh machine needs is Python >= 3.11, make and git.
PYTHON ?= python3
BIN := .venv/bin

# The tests start the program many times: where it is not compiled, each start compiles all of it anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test check checks fix schema pictures bench clean

demo: .venv/ready  ## the plan screen (without a terminal: the plan) of two embedded accounts, where the article was followed half way
	@$(BIN)/xacct-tui --demo || test $$? -eq 2

test: .venv/ready  ## the one check command: format, lint, types, layers, tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest

fix: .venv/ready
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

checks: .venv/ready  ## docs/checks.md from the checks themselves
	$(BIN)/python -m reconcile.proof.checks > docs/checks.md

schema: .venv/ready  ## config/schema.json from the models
	$(BIN)/xacct-tui --schema > config/schema.json

pictures: .venv/ready  ## docs/pictures from the program itself
	$(BIN)/python docs/pictures.py

bench: .venv/ready
	$(BIN)/python benchmarks/plan.py
	$(BIN)/python benchmarks/deployments.py
	$(BIN)/python benchmarks/proof.py
	$(BIN)/python benchmarks/screens.py
	$(BIN)/python benchmarks/reading.py

.venv/ready: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@touch $@

clean:
	rm -rf .venv build *.egg-info
