# The commands of every day. `make help` lists them.

CARGO ?= cargo
# The published inbox components in a page of ours; /demo/inbox shows a small inbox of our own without.
DEMO = examples/inbox/dist/inbox.js
NO_DEMO = The published components could not be built: /demo/inbox shows a small inbox of our own.
.DEFAULT_GOAL := help
.PHONY: help run demo test bench fuzz lint fmt

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-6s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## Build and start a server for development; needs only Rust
	@{ command -v npm >/dev/null && $(MAKE) --silent $(DEMO); } || echo "$(NO_DEMO)"
	$(CARGO) run --bin tidings -- dev

demo: $(DEMO) ## Put the published inbox components into /demo/inbox; needs Node

$(DEMO): examples/inbox/inbox.js examples/inbox/package.json examples/inbox/package-lock.json
	cd examples/inbox && npm ci --no-audit --no-fund --loglevel=error && npm run --silent build

test: ## Run every suite: Rust, published clients, crash, browser
	./scripts/setup-test.sh
	python3 scripts/test.py

bench: ## Measure throughput, latency, memory and start-up
	./bench/run

fuzz: ## Feed hostile input to what reads templates; needs nightly and cargo-fuzz
	for target in template expression elemental; do ./fuzz/run $$target 60 || exit 1; done

lint: ## Check formatting, lints, documentation and dependencies
	$(CARGO) fmt --check
	$(CARGO) clippy --workspace --all-targets -- -D warnings
	RUSTDOCFLAGS="-D warnings" $(CARGO) doc --workspace --no-deps --document-private-items
	@if $(CARGO) deny --version >/dev/null 2>&1; \
	then $(CARGO) deny check licenses bans sources; \
	else echo "cargo-deny is not installed: licences, bans and sources were not checked"; fi

fmt: ## Format the code
	$(CARGO) fmt
