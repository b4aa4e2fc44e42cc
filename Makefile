.DEFAULT_GOAL := help
.PHONY: help setup run test lint bench clean

# What a fresh Debian lacks. Tesseract's data read paper; the rest is for tests: pages are drawn with the fonts, Chromium
# is the clerk's browser, Dovecot the mailbox, strace breaks system calls.
PACKAGES := tesseract-ocr tesseract-ocr-rus tesseract-ocr-eng tesseract-ocr-ita tesseract-ocr-chi-sim \
	fonts-dejavu-core fonts-liberation fonts-noto-cjk chromium dovecot-imapd strace openssl python3-venv
PYTHON ?= python3
SUDO := $(shell [ "$$(id -u)" = 0 ] || echo sudo)

help: ## tell what can be made
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 8

setup: .venv/.done ## prepare this machine: Debian packages and .venv (called by the others)

.venv/.done: requirements.lock pyproject.toml Makefile
	@missing=$$(dpkg-query -W -f '$${Package} $${Status}\n' $(PACKAGES) 2>/dev/null | awk '/install ok installed/{print $$1}' \
		| sort > .venv-have; printf '%s\n' $(PACKAGES) | sort | comm -23 - .venv-have; rm -f .venv-have); \
	if [ -n "$$missing" ]; then echo "installing Debian packages:" $$missing; \
		$(SUDO) apt-get -qq update && DEBIAN_FRONTEND=noninteractive $(SUDO) apt-get -qq install -y --no-install-recommends $$missing >/dev/null; fi
	@[ -x .venv/bin/python ] || { echo "making .venv"; $(PYTHON) -m venv .venv; }
	@echo "installing Python packages of requirements.lock into .venv"
	@.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

run: setup ## the embedded gateway with a sample desk; sample reports arrive, Ctrl-C ends it
	@.venv/bin/python -m sample

test: setup ## all tests
	@.venv/bin/python -m pytest

lint: setup ## ruff, mypy --strict, import-linter
	@.venv/bin/ruff check . && .venv/bin/ruff format --check . && .venv/bin/mypy && .venv/bin/lint-imports

bench: setup ## what docs/performance.md says, measured anew (needs Debian's postfix)
	@for one in smtp_accept road; do .venv/bin/python -m bench.$$one || exit 1; done

clean: ## remove what setup and run made
	rm -rf .venv faultgate-data .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
