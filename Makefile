# Verbs for developers. `make check` is what must pass before a change goes in.
# T narrows: make test T=tests/test_hostile.py

bin := .venv/bin
T ?=

.PHONY: dev check test lint format types docs page snapshots bench

dev:                ## make .venv with everything that development needs
	@sh support/dev setup

check: dev          ## all that CI runs
	@.ci/run

test:               ## the tests, or those of T
	@sh support/dev test $(T)

lint: dev           ## style, and the layers of the architecture
	@$(bin)/ruff check
	@$(bin)/lint-imports --no-cache

format: dev         ## format the code
	@$(bin)/ruff format
	@$(bin)/ruff check --fix --quiet

types: dev          ## type checks
	@$(bin)/mypy

docs: dev           ## write the generated parts of README.md and docs/
	@$(bin)/python support/docs.py

page:               ## build the page of the HTML report from web/
	@sh support/page build

snapshots: dev      ## write the expected reports of tests/apps/ anew; review with git diff
	@$(bin)/python support/snapshots.py

bench: dev          ## time, memory and growth
	@$(bin)/python benchmarks/scan examples tests/apps
	@$(bin)/python benchmarks/rescan examples
	@$(bin)/python benchmarks/growth
