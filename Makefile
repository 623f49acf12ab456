# What people and CI call. Each target is a script in script/ that may be read and run by itself.
LISTEN ?= 127.0.0.1:8080

.PHONY: help setup build run test bench torture check-data format clean

help:
	@sed -n 's/^# \(make .*\)/\1/p' Makefile

# make setup        install what the build needs (Debian 12); quick when all is there
setup:
	@script/setup

# make build        the program with its web interface, build/onefold
build: setup
	@script/build

# make run          build, and serve the demo company on $(LISTEN); CUSTOMERS=2000 makes a smaller one
run: build
	@script/run $(LISTEN)

# make test         everything that must hold before a change lands
test: setup
	@script/test

# make bench        measure, and write docs/benchmarks.md; BENCH="million retail" measures these alone
bench: build
	@script/bench $(BENCH)

# make torture      pull plugs, fill disks, break requests: up to 110 minutes; writes docs/torture.md
torture: setup
	@script/torture

# make check-data   hold the program to the reference figures of the public data sets
check-data: build
	@script/check_data

# make format       clang-format over src and test
format:
	@script/format

# make clean        remove what was built and the demo's data
clean:
	rm -rf build web/dist var
