# Two commands do all the set-up: make demo, make test (as root, or with sudo for packages).

RID ?= $(shell scripts/rid.sh)
OUT := out

.PHONY: help setup build demo test lint bench docs format clean

help:
	@echo "make demo [STORE=s3]  back up, lose everything, restore, prove it"
	@echo "make test             all tests"
	@echo "make build            the native binary: $(OUT)/kubectl-mlopsbackup"
	@echo "make bench            side by side with other tools (long)"
	@echo "make lint             shell scripts and workflows"
	@echo "make docs             docs/commands anew, from the help texts"

setup:
	scripts/setup.sh

build: setup
	scripts/build.sh $(RID) $(OUT)

demo: build
	demo/run.sh $(STORE)

test: build lint
	scripts/test.sh

lint: setup
	scripts/lint.sh

bench: build
	bench/run.sh

docs:
	scripts/docs.sh

format:
	dotnet format KubectlMlopsBackup.sln

clean:
	rm -rf $(OUT)
	dotnet clean KubectlMlopsBackup.sln -v q
