.DEFAULT_GOAL := help
.PHONY: help setup run test lint bench clean

# What a fresh Debian lacks: the data that Tesseract reads paper with.
PACKAGES := tesseract-ocr tesseract-ocr-rus tesseract-ocr-eng tesseract-ocr-ita tesseract-ocr-chi-sim python3-venv
# For tests: pages are drawn with the fonts, Chromium is the clerk's browser, Dovecot the mailbox, strace breaks system calls.
TEST_PACKAGES := fonts-dejavu-core fonts-liberation fonts-noto-cjk chromium dovecot-imapd strace openssl curl
PYTHON ?= python3
SUDO := $(shell [ "$$(id -u)" = 0 ] || echo sudo)
APT := DEBIAN_FRONTEND=noninteractive $(SUDO) apt-get -qq
# Installs those of the given packages that are missing, and says so.
install = @missing=$$(for one in $(1); do dpkg-query -W -f '$${Status}' $$one 2>/dev/null | grep -q 'install ok installed' \
	|| printf ' %s' $$one; done); if [ -n "$$missing" ]; then echo "installing Debian packages:$$missing"; \
	$(APT) update && $(APT) install -y --no-install-recommends $$missing >/dev/null; fi

help: ## tell what can be made
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 8

setup: .venv/.done ## prepare this machine: Debian packages and .venv (called by the others)

.venv/.done: requirements.lock pyproject.toml Makefile
	$(call install,$(PACKAGES))
	@[ -x .venv/bin/python ] || { echo "making .venv"; $(PYTHON) -m venv .venv; }
	@echo "installing Python packages of requirements.lock into .venv"
	@.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

# Prism is an npm program; Debian's npm is installed only where there is none, for it drags much along.
.venv/.test-done: .venv/.done tests/outbox/prism_cli/package-lock.json
	$(call install,$(TEST_PACKAGES))
	@command -v npm >/dev/null || { echo "installing Debian packages: npm"; $(APT) update && $(APT) install -y npm >/dev/null; }
	@echo "installing the npm packages of tests/outbox/prism_cli into .venv/prism"
	@mkdir -p .venv/prism && cp tests/outbox/prism_cli/package*.json .venv/prism/
	@npm ci --silent --no-audit --no-fund --prefix .venv/prism
	@touch $@

run: setup ## the embedded gateway with a sample desk; sample reports arrive, Ctrl-C ends it
	@.venv/bin/python -m sample

test: .venv/.test-done ## all tests
	@.venv/bin/python -m pytest --numprocesses 3 --dist loadfile

lint: setup ## ruff, mypy --strict, import-linter
	@.venv/bin/ruff check . && .venv/bin/ruff format --check . && .venv/bin/mypy && .venv/bin/lint-imports

bench: .venv/.test-done ## what docs/performance.md says, measured anew (needs Debian's postfix)
	@for one in smtp_accept road ocr paper_flood desk deliveries slow_backend webhook partner_post; do .venv/bin/python -m bench.$$one || exit 1; done

clean: ## remove what setup and run made
	rm -rf .venv faultgate-data .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
