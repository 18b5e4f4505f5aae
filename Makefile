# `make` lists the targets. The work is done by the scripts in scripts/.
.PHONY: help setup run build test e2e check lint fmt bench demo-reset clean

PATH := $(CURDIR)/.tools/bin:$(PATH)

help: ## this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## start Rollcall with a demo on http://localhost:3000; installs and builds what is missing
	@scripts/build
	@scripts/run

test: ## everything: lints, architecture, server, rules in wasm, SCIM conformance, real browser
	@scripts/setup
	@scripts/test

setup: ## install what building and testing need
	@scripts/setup

build: ## the release: target/release/rollcall and target/site
	@scripts/build

e2e: build ## only the tests in a real browser; ARGS go to Playwright
	@scripts/setup
	@scripts/end2end $(ARGS)

check: ## compile both sides, quickly
	cargo check --all-targets
	cargo check --package frontend --target wasm32-unknown-unknown

lint: ## clippy on both sides, and the architecture
	cargo clippy --all-targets -- -D warnings
	cargo clippy --package frontend --target wasm32-unknown-unknown -- -D warnings
	@scripts/check-architecture

fmt: ## format the Rust sources
	cargo fmt --all

bench: build ## print the figures: sizes, requests a second, memory, large teams, one team attacking another
	@scripts/bench

demo-reset: ## delete the demo's database; stop the server first
	@scripts/demo-reset

clean: ## delete the built site and what tests left; compiled crates and tools stay
	rm -rf target/site target/site.new target/build-logs target/test-logs target/release/rollcall.sources end2end/test-results end2end/playwright-report
