# badgeserver, from the command line. Needs make and Python 3.11 or newer; everything else goes into .venv and var.

PORT ?= 8000
DATA_DIR ?= var
SECONDS ?= 60
export PORT DATA_DIR

PY := .venv/bin/python
SOURCES := badgeserver issuers badges assertions tests manage.py
TEMPLATES := templates

.DEFAULT_GOAL := help
.PHONY: help setup run seed test check fmt migrations bench pictures fuzz

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: .venv/.installed-all ## Install everything that work on the code needs

run: .venv/.installed ## Run it with demo data: make run [PORT=8000] [DATA_DIR=var]
	@exec $(PY) manage.py run --port "$(PORT)"

seed: .venv/.installed ## Load the demo organisation into DATA_DIR (once) and say where to look
	@$(PY) manage.py migrate --verbosity 0
	@exec $(PY) manage.py seed_demo

test: .venv/.installed-all ## Run all tests that this machine can run (REQUIRE_ALL=1: fail where it cannot)
	@exec $(PY) -m tests

check: .venv/.installed-all ## Format, lint, imports, types, templates, Django's own checks
	$(PY) -m ruff format --check $(SOURCES)
	$(PY) -m ruff check $(SOURCES)
	.venv/bin/lint-imports
	$(PY) -m mypy badgeserver issuers badges assertions
	$(PY) -m djlint --quiet --lint $(TEMPLATES)
	$(PY) manage.py check
	$(PY) manage.py makemigrations --check --dry-run

fmt: .venv/.installed-all ## Bring the code into its form
	$(PY) -m ruff check --fix-only $(SOURCES)
	$(PY) -m ruff format $(SOURCES)

migrations: .venv/.installed ## Make a migration: make migrations APP=badges NAME=says_what_it_does
	@test -n "$(APP)" -a -n "$(NAME)" || { echo "Say which and what: make migrations APP=badges NAME=says_what_it_does"; exit 1; }
	@exec $(PY) manage.py makemigrations "$(APP)" --name "$(NAME)"

bench: .venv/.installed-all ## Measure how fast it answers and awards on this machine
	@exec $(PY) -m tests.bench

fuzz: .venv/.installed-all ## Look for input that breaks what reads strangers' files: make fuzz [SECONDS=60] [TARGETS=...]
	@exec $(PY) -m tests.fuzz --seconds "$(SECONDS)" --corpus "$(DATA_DIR)/fuzz" $(TARGETS)

pictures: .venv/.installed-all ## Take the pictures of the README anew
	@exec $(PY) -m tests.pictures

# One environment; these files say when it was last brought up to date, and with what.
.venv/.installed: pyproject.toml .constraints.txt .ci/install
	@.ci/install run && touch $@

.venv/.installed-all: pyproject.toml .constraints.txt .ci/install
	@.ci/install all && touch .venv/.installed $@
