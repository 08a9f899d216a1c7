# Everything a machine with Python 3.11, git and make needs: `make demo`, `make test`.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
RUN := $(VENV)/bin/python
STAMP := $(VENV)/.installed
PIN := $(RUN) -m uv pip compile --quiet --universal --generate-hashes --no-emit-index-url \
	--no-emit-find-links --custom-compile-command "make lock" --python-version 3.11
BOTS := ccxt freqtrade nautilus plain telegram_bot

.PHONY: help setup demo check test example lint format map cases crash-matrix chaos chaos-proof explore oracle meter soak bench lock clients bots-times screenshots docs site clean

help:            ## this list
	@grep -E '^[a-z-]+: .*##' Makefile | sed -E 's/:[^#]*## /\t/'

setup: $(STAMP)  ## create the environment (needs the package index once)

$(STAMP): requirements.lock pyproject.toml
	$(PYTHON) -m venv --clear $(VENV)
	$(RUN) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(RUN) -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps --no-index -e .
	@touch $(STAMP)

demo: $(STAMP)   ## a typical repair, live, against the simulator
	@$(RUN) -m trueup demo

check:           ## what main must pass: lint, all tests, the example project, 5,000 histories
	$(MAKE) lint
	$(MAKE) test
	$(MAKE) example
	$(MAKE) chaos SEEDS=1-5000
	$(MAKE) chaos SEEDS=10000001-10000500
	$(MAKE) chaos SEEDS=20000001-20000300
	$(MAKE) chaos SEEDS=30000001-30000300
	$(MAKE) chaos SEEDS=40000001-40001500
	$(MAKE) chaos SEEDS=50000001-50000300
	$(MAKE) chaos SEEDS=55000001-55000150
	$(MAKE) chaos SEEDS=60000001-60000300
	$(MAKE) chaos SEEDS=70000001-70000150
	$(MAKE) chaos SEEDS=80000040-80000189
	$(MAKE) chaos SEEDS=90000001-90000300

map: $(STAMP)    ## the rooms of the house and what they import: ROOM=domain/planning (or a file), WORD=110072
	@$(RUN) -m docs.house $(if $(ROOM),--room $(ROOM)) $(if $(WORD),--word "$(WORD)")

test: $(STAMP)   ## all tests
	$(RUN) -m pytest $(PYTEST_ARGS)

example: $(STAMP) ## the example project, in an environment of its own with the built wheel
	@$(RUN) -m tests.packaging

lint: $(STAMP)   ## style, types, contracts, generated pages, reasons
	$(RUN) -m ruff check .
	$(RUN) -m ruff format --check .
	$(RUN) -m mypy
	$(RUN) -m mypy --exclude '^examples/.+/' chaos oracle tests bench docs examples
	$(RUN) -m mypy --explicit-package-bases examples/pinned_bot examples/plain examples/ccxt examples/telegram_bot
	$(VENV)/bin/lint-imports
	$(RUN) -m docs.generate --check
	$(RUN) -m pytest -n 0 tests/docs/test_reasons.py

format: $(STAMP) ## fix what a tool can fix
	$(RUN) -m ruff format .
	$(RUN) -m ruff check --fix .

docs: $(STAMP)   ## write the generated pages again
	$(RUN) -m docs.generate

site: $(STAMP)   ## the documentation as a site, in build/site; a warning is an error
	@$(RUN) -m docs.site

cases: $(STAMP)  ## real monitor states through the engine: CASES=FILE, IMPORT=1 by the import
	@$(RUN) -m tests.cases $(if $(IMPORT),--import) $(CASES)

crash-matrix: $(STAMP) ## kill -9 at every point of every story
	@$(RUN) -m tests.crash

chaos: $(STAMP)  ## random histories, held to the promises: SEEDS=A-B, BUDGET=seconds
	@$(RUN) -m chaos run $(if $(SEEDS),--seeds $(SEEDS)) $(if $(BUDGET),--budget $(BUDGET) --least 0)

chaos-proof: $(STAMP) ## planted bugs, one at a time: each must be caught
	@$(RUN) -m chaos proof

explore: $(STAMP) ## every path in a small scope: DEVIATIONS=2, RESUME=file, BUDGET=seconds
	@$(RUN) -m chaos explore $(if $(DEVIATIONS),--deviations $(DEVIATIONS)) $(if $(RESUME),--resume $(RESUME)) $(if $(BUDGET),--budget $(BUDGET))

oracle: $(STAMP) ## histories played by an old commit and by this tree, compared: OLD=COMMIT, HISTORIES=N or A-B
	@$(RUN) -m oracle compare --old $(OLD) $(if $(HISTORIES),--histories $(HISTORIES))

meter: $(STAMP)  ## the cover that writes of ours left, over the oracle's histories: OLD=COMMIT draws them, NEWER=1 for seeds of newer kinds, COLUMN=name
	@$(RUN) -m oracle meter $(if $(NEWER),--newer) $(if $(OLD),--old $(OLD)) $(if $(HISTORIES),--histories $(HISTORIES)) $(if $(COLUMN),--column $(COLUMN))

soak: $(STAMP)   ## trueup live over sockets, under faults: MINUTES=10, SEED=1
	@$(RUN) -m chaos soak --minutes $(or $(MINUTES),10) --seed $(or $(SEED),1)

bench: $(STAMP)  ## measured figures, as ratios in one run
	$(RUN) -m bench

# It needs an environment, but not one of what was pinned before: that is made anew at the end.
lock:            ## pin again what pyproject.toml asks for, and what real bots need beside it; install it
	@test -x $(RUN) || $(MAKE) setup
	$(PIN) --all-extras --group dev pyproject.toml -o requirements.lock
	$(PIN) --extra alerts --extra cli --extra postgres --extra web pyproject.toml -o service.lock
	$(foreach bot,$(BOTS),$(PIN) --extra simulator examples/$(bot)/requirements.in pyproject.toml \
		-o examples/$(bot)/requirements.lock &&) true
	@$(MAKE) setup

clients: $(STAMP) ## what becomes of every call of ccxt on the simulator, for docs/clients.md
	@$(RUN) -m tests.clients && $(RUN) -m docs.generate

bots-times: $(STAMP) ## how soon real bots know of fills, beside freqtrade's own stop, for docs/clients.md: a quarter of an hour
	@$(RUN) -m tests.clients.times && $(RUN) -m docs.generate

screenshots: $(STAMP) ## the pictures of the pages in docs/, by Debian's Chromium
	@$(RUN) -m docs.screenshots

clean:           ## remove everything that make created
	rm -rf $(VENV) build dist src/*.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .oracle .clients
