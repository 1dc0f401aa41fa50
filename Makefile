# The commands a person types. Each says what it does, shows progress, and may be repeated.
.PHONY: help run build test asan format lint bench clean
help:
	@echo "make run      packages, build, web app, demo workspace, server on 127.0.0.1:8080"
	@echo "make test     packages, build, every test"
	@echo "make build    the command, at build/bin/vigie"
	@echo "make asan     the tests again, under the address and undefined-behaviour sanitizers"
	@echo "make bench    the benchmarks"
	@echo "make format   format the code          make lint    judge it"
	@echo "make clean    remove what builds made"

run:
	@scripts/run.sh
build:
	@scripts/setup.sh --for run
	@scripts/build.sh release vigie
test:
	@scripts/test.sh release
asan:
	@scripts/test.sh asan --native
format:
	@scripts/format.sh
lint:
	@scripts/lint.sh
bench:
	@scripts/bench.sh
clean:
	@scripts/clean.sh
