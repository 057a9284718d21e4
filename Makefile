.PHONY: setup test lint

UV := $(shell command -v uv 2>/dev/null || echo .tools/bin/uv)

setup:
	@command -v uv >/dev/null || test -x .tools/bin/uv || { python3 -m venv .tools && .tools/bin/pip install -q uv; }
	@$(UV) sync --frozen -q

test: setup
	$(UV) run --no-sync pytest
