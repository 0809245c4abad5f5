# Lotse's commands. `make` lists them; CONTRIBUTING.md says more.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo chat test check format imports types dependencies fast eval bench bench-faults access-schema lock clean

# The first Python that every library has a ready-made build for (3.11 to 3.13), else 3.14, where wordllama needs a C compiler.
PYTHONS := python3 python3.13 python3.12 python3.11 python
USABLE = 'import ensurepip, sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= $(1))'
PYTHON ?= $(shell \
	for python in $(PYTHONS); do $$python -c $(call USABLE,(3, 13)) 2>/dev/null && echo $$python && exit; done; \
	for python in python3 python3.14; do $$python -c $(call USABLE,(3, 14)) 2>/dev/null && echo $$python && exit; done)

WANTED = Lotse needs Python 3.11 to 3.14 with venv (Debian, Ubuntu: the package python3-venv). Name one: make PYTHON=/path/to/python3

SHARED ?= ../shared
export SHARED

VENV := .venv
BIN := $(VENV)/bin
INSTALLER := $(VENV)/.installer
INSTALLED := $(VENV)/.installed
DEVELOPER := $(VENV)/.developer

# uv reads proxies and SSL_CERT_FILE from the environment, but not pip's settings: an index or a certificate that a company has
# set for pip (variable or file) serves uv too, unless uv has its own. Without a certificate of its own it trusts the system's.
pip_setting = $$($(BIN)/python -m pip config list 2>/dev/null | sed -n "s/^.*\.$(1)='\(.*\)'$$/\1/p" | head -n 1)
UV_SETTINGS = \
	index="$${UV_DEFAULT_INDEX:-$${UV_INDEX_URL:-$(call pip_setting,index-url)}}"; \
	certificate="$${SSL_CERT_FILE:-$(call pip_setting,cert)}"; \
	if [ -n "$$index" ]; then export UV_DEFAULT_INDEX="$$index"; fi; \
	if [ -n "$$certificate" ]; then export SSL_CERT_FILE="$$certificate"; else export UV_SYSTEM_CERTS=true; fi
UV = $(UV_SETTINGS); $(BIN)/uv
INSTALL = $(UV) pip install --quiet --python $(BIN)/python

##@ Use

demo: $(INSTALLED)  ## install Lotse, take in the starter handbook, ask three questions, open the chat
	@$(BIN)/lotse demo

chat: $(INSTALLED)  ## ask in the terminal
	@$(BIN)/lotse chat

##@ Develop

test: $(DEVELOPER)  ## run every test
	@$(BIN)/python -m pytest --numprocesses 2

check: $(DEVELOPER)  ## format, lint, house rules, types, dependencies and the fast tests, in under a minute
	@$(MAKE) --no-print-directory --keep-going -j2 $(if $(filter output-sync,$(.FEATURES)),--output-sync=target) \
		types fast format imports dependencies

format:
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .

imports:
	@$(BIN)/lint-imports --no-logo

types:
	@$(BIN)/mypy

dependencies:
	@$(BIN)/deptry --no-ansi .

fast:
	@$(BIN)/python -m pytest --quiet --numprocesses 2 -m "not slow"

DEV := $(SHARED)/eval
HANDBOOKS := campus city klinik
eval: $(DEVELOPER)  ## ask the project's own questions, and those that SHARED names, and hold the answers against the goals
	@mkdir -p build
	@$(BIN)/lotse eval tests/golden/questions.jsonl --documents knowledge/starter --out build/golden.jsonl
	@$(BIN)/python -m bench.grade build/golden.jsonl tests/golden/questions.jsonl --goals golden --where split=seen
	@echo "The third of them that is not looked at:"
	@$(BIN)/python -m bench.grade build/golden.jsonl tests/golden/questions.jsonl --where split=held
	@for each in $(HANDBOOKS); do echo "$$each:"; \
		$(BIN)/lotse eval tests/calibration/$$each/questions.jsonl --documents tests/calibration/$$each/documents \
			--out build/$$each.jsonl >build/$$each.txt && \
		$(BIN)/python -m bench.grade build/$$each.jsonl tests/calibration/$$each/questions.jsonl --goals $$each || exit 1; done
	@if [ -d "$(DEV)/dev" ]; then \
		$(BIN)/lotse eval $(DEV)/dev/questions.jsonl --documents $(DEV)/dev/docs/handbook --where collection=handbook \
			--out build/dev.jsonl && \
		$(BIN)/python -m bench.grade build/dev.jsonl $(DEV)/dev/questions.jsonl --goals dev --where collection=handbook && \
		$(BIN)/python $(DEV)/score.py build/dev.jsonl --questions $(DEV)/dev/questions.jsonl \
			--manifest $(DEV)/dev/manifest.json --docs $(DEV)/dev/docs --collection handbook; \
	else echo "SHARED names no questions ($(DEV)): only the project's own were asked."; fi

bench: $(DEVELOPER)  ## measure speed and cost against the goals (ONLY=part for one, FULL=1 for all)
	@$(BIN)/python -m bench $(ONLY) $(if $(FULL),--full)

bench-faults: $(DEVELOPER)  ## break things and hold what happens against the goals (ONLY=part for one part)
	@$(BIN)/python -m bench.faults $(ONLY) $(if $(FULL),--full)

SCHEMA := docs/reference/access.schema.json
access-schema: $(DEVELOPER)
	@$(BIN)/python -c "import json; from adapters.access_file import schema; print(json.dumps(schema(), indent=2))" >$(SCHEMA)

lock: $(INSTALLER)  ## resolve the libraries anew (one of them: make lock PACKAGE=name)
	@$(call compile,requirements-build.lock,--group build)
	@$(call compile,requirements.lock,pyproject.toml)
	@$(call compile,requirements-dev.lock,pyproject.toml --group dev --constraint requirements.lock)

clean:  ## remove what make made (never the data folder)
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache build dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

help:
	@awk 'BEGIN { FS = ":.*  ## " } /^##@ / { printf "%s%s\n", separator, substr($$0, 5); separator = "\n" } \
		/^[a-z-]+:.*  ## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# The locks name neither an index nor a path: they serve every machine.
PACKAGE ?=
compile = $(UV) pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-emit-find-links \
	--custom-compile-command "make lock" $(if $(PACKAGE),--upgrade-package $(PACKAGE),--upgrade) --output-file $(1) $(2)

# uv comes by pip, everything else by uv; all of it by the hashes in the locks.
$(INSTALLER): requirements-build.lock
	@$(if $(PYTHON),:,echo "$(WANTED)" >&2; exit 1)
	@$(PYTHON) -c $(call USABLE,(3, 14)) || { echo "$(PYTHON) will not do. $(WANTED)" >&2; exit 1; }
	@echo "Setting up $(VENV) (half a minute, more on a slow line) ..."
	@$(PYTHON) -m venv --clear $(VENV)
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes --no-deps -r requirements-build.lock
	@touch $@

$(INSTALLED): $(INSTALLER) requirements.lock pyproject.toml
	@echo "Installing what Lotse needs ..."
	@$(INSTALL) --require-hashes -r requirements.lock
	@$(INSTALL) --offline --no-deps --no-build-isolation --editable .
	@touch $@

$(DEVELOPER): $(INSTALLED) requirements-dev.lock
	@echo "Installing what the checks and tests need ..."
	@$(INSTALL) --require-hashes -r requirements-dev.lock
	@touch $@
