# Each target is one script in scripts/.
.PHONY: help demo test dev build bench soak lint
.DEFAULT_GOAL := help

help: ## lists the targets
	@sed -nE 's/^([a-z]+): ## (.*)/  make \1\t\2/p' Makefile | expand -t 14

demo: ## builds, then starts Renova with the simulated Meta and demo data
	@exec scripts/demo.sh

test: ## runs everything: format, lints, tests on both databases, size, browser
	@exec scripts/test.sh

dev: ## like demo, with a binary that compiles faster
	@exec scripts/dev.sh

build: ## the release binary with the site inside: target/release/renova
	@exec scripts/build.sh

bench: ## measures size, speed and memory, and prints a table
	@exec scripts/bench.sh

soak: ## the property tests, screens and random walks at their full sizes
	@exec scripts/soak.sh

lint: ## format, clippy and documentation checks
	@exec scripts/lint.sh
