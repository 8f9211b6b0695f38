# `make run` and `make test` need nothing but Python >= 3.11 on the machine.
PYTHON ?= python3
BIN := .venv/bin
INSTALLED := .venv/.installed

.PHONY: run test check bench web

run: $(INSTALLED)
	$(BIN)/mathlm setup
	$(BIN)/mathlm solve "What is the greatest common divisor of 84 and 126?" --require lean
	$(BIN)/mathlm solve "What is the next term in 3, 8, 15, 24, 35?" --require python
	$(BIN)/mathlm prove "theorem sum_comm (a b c : Nat) : a + b + c = c + b + a"

# Two at once, since many tests wait for Lean to start; they take up to 17 GB. A file's tests stay together.
test: $(INSTALLED)
	$(BIN)/python -m pytest -n 2 --dist loadfile

check: $(INSTALLED)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -q tests/architecture

bench: $(INSTALLED)
	set -e; for file in tests/bench/bench_*.py; do $(BIN)/python $$file; done

# The page of `mathlm serve`: its built files are committed, so only those who change it need Node.
web:
	cd mathlm/api/web && npm ci --ignore-scripts && npm run types && npm run build

# torch comes first and alone, so that no other package chooses its version.
$(INSTALLED): pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed: make PYTHON=..." if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet -c constraints.txt torch==2.13.0
	$(BIN)/python -m pip install --quiet -c constraints.txt -e '.[dev]'
	touch $@
