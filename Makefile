# Everything a person does with a checkout. Needs Python 3.11 or newer; the rest is fetched.
PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin

.PHONY: setup run test attack mutate check bench lock messages wheel docs clean

setup: .venv/runtime.stamp
	@$(BIN)/python -m compileall -q src  # each command starts faster, also where Python may keep nothing
	@$(BIN)/python tools/assets.py
	@$(BIN)/python tools/messages.py compile

.venv/runtime.stamp: requirements/runtime.txt pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/runtime.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/dev.stamp: requirements/dev.txt .venv/runtime.stamp
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@

run: setup
	@$(BIN)/tafahom init --verbosity 0
	@$(BIN)/tafahom demo load
	@exec $(BIN)/tafahom serve --port $(PORT)

test: setup .venv/dev.stamp
	@$(BIN)/python tools/run_tests.py $(T)

attack: setup .venv/dev.stamp
	@$(BIN)/python tools/attack.py $(ATTACK)

check: setup .venv/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djangofmt --check src
	$(BIN)/djangofmt check src
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/bandit --quiet --recursive --severity-level medium --configfile pyproject.toml src/tafahom
	$(BIN)/python tools/audit_dependencies.py
	$(BIN)/tafahom check --fail-level WARNING
	$(BIN)/tafahom makemigrations --check --dry-run
	$(BIN)/python tools/messages.py check
	$(BIN)/mkdocs build --strict --quiet

bench: setup .venv/dev.stamp
	@$(BIN)/python -m bench.run

messages: setup
	@$(BIN)/python tools/messages.py update
	@$(BIN)/python tools/glossary.py

UV := uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-annotate --quiet

lock: .venv/dev.stamp
	@$(UV) requirements/runtime.in requirements/build.in -o requirements/runtime.txt
	@$(UV) requirements/dev.in -o requirements/dev.txt

wheel: setup .venv/dev.stamp
	@$(BIN)/python -m pip wheel --quiet --disable-pip-version-check --no-deps --no-build-isolation -w dist .
	@TAFAHOM_WHEEL=whole $(BIN)/python -m pytest -q -n 0 tests/test_wheel.py
	@ls -l dist

docs: .venv/dev.stamp
	$(BIN)/mkdocs serve

mutate: setup .venv/dev.stamp
	@$(BIN)/python tools/mutate.py $(T)

clean:
	rm -rf .venv build dist mutants site var/assets
