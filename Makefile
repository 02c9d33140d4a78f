# All that is done with Flipside, a word each. Every word first sets up what it needs, which is quick when nothing changed.

python := .venv/bin/python
export PYTHONDONTWRITEBYTECODE := # what was compiled once is kept, whatever the machine's habit

.PHONY: help run test check bench setup lock

help:
	@sed -n 's/^\([a-z]*\): ## /  make \1	/p' Makefile

run: ## start a local Slack workspace with the bot in it
	@sh .ci/setup run && exec $(python) -m sandbox $(ARGS)

test: ## run the tests (some of them: make test ARGS="-k join")
	@sh .ci/setup dev
	@$(python) -m pytest -n auto --dist worksteal $(ARGS)

check: ## look at the code without running it: format, lint, types, security, imports
	@sh .ci/setup dev
	$(python) -m ruff format --check .
	$(python) -m ruff check .
	$(python) -m mypy
	$(python) -m bandit --quiet --configfile pyproject.toml --recursive app.py bot store sandbox
	$(python) -m pytest -k imports tests/test_contracts.py

bench: ## run the benchmarks, one after the other
	@sh .ci/setup dev
	@for file in tests/benchmarks/[a-z]*.py; do \
		test -f "$$file" || continue; \
		name=$${file##*/}; echo "== $${name%.py}"; \
		$(python) -m tests.benchmarks.$${name%.py} || exit; \
	done

setup: ## make .venv with everything in it, to run and to test
	@sh .ci/setup dev

lock: ## write requirements*.txt anew from pyproject.toml (newest versions: ARGS=--upgrade)
	@sh .ci/setup dev
	@sh .ci/lock $(ARGS)
