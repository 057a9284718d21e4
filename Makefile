SEEDS ?= 10000
ROUNDS ?= 20
SEED ?= 1
# Most of the tests wait for brokers, groups and processes: more at a time than there are cores.
JOBS ?= 3

# Without byte code every process compiles its imports again: 4.5 s instead of 1.9 s for a worker.
export PYTHONDONTWRITEBYTECODE =

.PHONY: setup demo test lint bench bench-peers accuracy simulate-faults chaos

UV := $(shell command -v uv 2>/dev/null || echo .tools/bin/uv)

setup:
	@command -v $(UV) >/dev/null 2>&1 || { \
	  python3 -m venv .tools && .tools/bin/pip install -q uv; } || { \
	  echo "setup: install uv (https://docs.astral.sh/uv) or Python 3 with venv and pip"; exit 1; }
	@$(UV) sync --frozen -q

demo: setup
	@$(UV) run --no-sync shendeng demo

test: lint
	$(UV) run --no-sync pytest -n $(JOBS) --dist worksteal

lint: setup
	$(UV) run --no-sync ruff check
	$(UV) run --no-sync ruff format --check
	$(UV) run --no-sync mypy
	$(UV) run --no-sync lint-imports

simulate-faults: setup
	@$(UV) run --no-sync python -m tests.simulation $(SEEDS)

chaos: setup
	@$(UV) run --no-sync python -m tests.chaos $(ROUNDS) $(SEED)

bench: setup
	@$(UV) run --no-sync shendeng bench

# EVENTS=… (10 million), ROUNDS=… (3), ONLY=regex of contenders, OUT=folder, AGAIN=1 to forget runs kept
bench-peers: setup
	@$(UV) run --no-sync python -m bench.peers $(if $(EVENTS),--events $(EVENTS)) $(if $(ROUNDS),--rounds $(ROUNDS)) \
	  $(if $(ONLY),--only '$(ONLY)') $(if $(AGAIN),--again) $(if $(OUT),-o $(OUT))

accuracy: setup
	@$(UV) run --no-sync shendeng accuracy --phones 1000 --days 16 --seeds 1,2 --check 3,4 --towers tests/data/towers/lesotho.csv -o docs
