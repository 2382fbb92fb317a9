# Two commands do everything on a fresh machine: `make run` and `make test`.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
BIN := .venv/bin
STAMP := .venv/.ready

.PHONY: help setup run demo test test-fast soak check bench lock catalogue sign clean

help: ## Say what there is
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

$(STAMP): requirements/dev.lock pyproject.toml tools/setup
	@tools/setup

setup: $(STAMP) ## Create .venv with everything the other targets need

run: $(STAMP) ## Serve a demonstration institution and say whom to sign in as
	@$(BIN)/ciment serve --demo

demo: $(STAMP) ## Play the three stories headless and verify what they wrote
	@$(BIN)/ciment demo --out demo-out

test: $(STAMP) ## Everything a release needs: both databases, mail, browser, PDF
	@tools/test

test-fast: $(STAMP) ## Under a minute: SQLite, no browser, no slow test
	@$(BIN)/python -m pytest -n auto -m "not slow and not browser"

soak: $(STAMP) ## The law against slow readings of thousands of random packs
	@CIMENT_EXAMPLES=soak $(BIN)/python -m pytest -n auto tests/core/law/test_law_{diagram,difference,near,proof,qualification,space}.py

check: $(STAMP) ## Lint, types, contracts, the law proved, migrations, catalogue, security
	@tools/check

bench: $(STAMP) ## Measure, as ratios in one run
	@bench/run

mutate: $(STAMP) ## An hour: one fault at a time in the law, and a test that must fail for each
	@nice $(BIN)/python tools/mutate.py $(MODULES)

lock: $(STAMP) ## Regenerate the locks (needs uv)
	@requirements/lock

catalogue: $(STAMP) ## Write the French catalogue after a sentence with a plural changed
	@$(BIN)/python tools/catalogue.py

sign: $(STAMP) ## Sign the law packs with the demonstration key, after one of them changed
	@$(BIN)/python tools/sign_packs.py

clean: ## Remove what the targets made, the demonstration included
	rm -rf .venv var demo-out build .coverage* .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
