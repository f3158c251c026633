# Each target is one line that calls pulumi, python -m local (the Azure on loopback) or python -m ops (a deployed platform).
#
#   make up                      the whole platform on the local target, ends with a prediction
#   make up STACK=dev            the same program on Azure, with your own login
#   make up STACK=prod TARGET=local
STACK  ?= local
TARGET ?= $(if $(filter local,$(STACK)),local,azure)
PYTHON ?= python3

PY    := .venv/bin/python
LOCAL := $(if $(filter local,$(TARGET)),$(PY) -m local run --stack $(STACK) --)
OPS    = $(LOCAL) $(PY) -m ops
READY  = $(if $(filter local,$(TARGET)),ready-local,ready)

# Without bytecode each of the engine's processes would compile the SDK again: seconds.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help up preview down export score authorization sdk-config status env test test-clients check format prices generate bench clean ready ready-local kubernetes

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

up: $(READY) ## deploy STACK (default local), both policy packs mandatory; ends with a prediction
	@$(OPS) up --stack $(STACK) --target $(TARGET)

preview: $(READY) ## what `up` would change on STACK
	@$(OPS) preview --stack $(STACK) --target $(TARGET)

down: $(READY) ## destroy STACK; UNLOCK=1 takes locks and protection off first
	@$(OPS) down --stack $(STACK) --target $(TARGET) $(if $(UNLOCK),--unlock)

export: $(READY) ## what is deployed as ARM templates, in build/arm-STACK/
	@$(OPS) export --stack $(STACK) --target $(TARGET)

score: $(READY) ## call the deployed models (or MODEL) through their REST endpoints, with DATA or their samples
	@$(OPS) score $(MODEL) --stack $(STACK) --target $(TARGET) $(if $(DATA),--data $(DATA))

authorization: $(READY) ## the header that MODEL's endpoint wants, for curl --header @-
	@$(OPS) authorization $(MODEL) --stack $(STACK) --target $(TARGET)

sdk-config: $(READY) ## config.json for azure-ai-ml, MLflow's tracking URI, az's defaults
	@$(OPS) sdk-config --stack $(STACK) --target $(TARGET)

kubernetes: .venv/.installed ## build the local target's Kubernetes cluster and the engine's provider for it, once for this machine
	@$(PY) -m local.kubernetes

status: ready-local ## what runs on the local target
	@$(PY) -m local status

env: ready-local ## shell settings for plain pulumi on the local target: eval "$$(make -s env)"
	@$(PY) -m local env

test: .venv/.dev .local/made/clients ready-local ## unit tests, then the real engine on the local target
	@$(PY) -m pytest tests/unit -n 2
	@$(PY) -m pytest tests/integration

test-clients: .venv/.dev ready-local ## others' clients, unchanged, against the local target: az, OpenTofu with azapi
	-@$(MAKE) -s .local/made/azure-cli
	-@$(PY) -m tests.nightly.programs
	@$(PY) -m pytest tests/nightly

check: .venv/.dev ## format, lint, types, generated files clean
	@$(PY) -m ruff format --check . && $(PY) -m ruff check .
	@$(PY) tools/schema.py --check && $(PY) tools/policy_table.py --check && $(PY) tools/profile_table.py --check && $(PY) -m tools.local_azure --check
	@$(PY) -m mypy infra/azure_ml_platform policies/kit policies/security policies/cost local ops tools bench __main__.py

format: .venv/.dev ## format and mend what can be mended
	@$(PY) -m ruff check --fix -q . ; $(PY) -m ruff format .

prices: .venv/.installed ## read the price table anew from Azure's price list; REGION adds one
	@$(PY) tools/prices.py $(if $(REGION),--region $(REGION))

generate: .venv/.dev ## write the generated files again
	@$(PY) tools/schema.py && $(PY) tools/policy_table.py && $(PY) tools/profile_table.py && $(PY) -m tools.local_azure

bench: .venv/.dev ready-local ## measure; figures go to build/bench.json
	@$(PY) -m bench

clean: ## end the local target and remove everything that was made
	@if [ -x $(PY) ]; then $(PY) -m local stop; fi
	@rm -rf .local .venv build

ready: .venv/.installed
	@$(MAKE) -s .local/made/engine

# Three unrelated pieces, each of which says what it does when there is something to do.
ready-local: .venv/.installed
	@$(MAKE) -s -j3 .local/made/engine .local/made/storage .local/made/environment

.venv/.installed: requirements.lock pyproject.toml
	@$(PYTHON) tools/setup.py && touch $@

.venv/.dev: .venv/.installed requirements-dev.lock
	@$(PYTHON) tools/setup.py --dev && touch $@

.local/made/clients: .venv/.installed tests/clients/requirements.lock
	@$(PYTHON) tools/setup.py --clients && mkdir -p $(@D) && touch $@

.local/made/azure-cli: .venv/.installed tests/nightly/azure-cli.lock
	@$(PYTHON) tools/setup.py --azure-cli && mkdir -p $(@D) && touch $@

.local/made/engine: .venv/.installed local/engine/go.mod
	@$(PY) -m local.engine && mkdir -p $(@D) && touch $@

.local/made/storage: .venv/.installed local/storage/package-lock.json
	@$(PY) -m local.storage && mkdir -p $(@D) && touch $@

.local/made/environment: .venv/.installed examples/model/environment.yaml
	@$(PY) -m local.serving examples/model/environment.yaml && mkdir -p $(@D) && touch $@
