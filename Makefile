# SPDX-License-Identifier: MIT
# "make help" lists the goals (the lines with ##); config.mk holds the settings.

VERSION = 0.1.0
COMMIT := $(shell git rev-parse --short=12 HEAD 2>/dev/null || echo none)
BOARD = host
BUILD = build$(if $(filter-out host,$(BOARD)),/$(BOARD))

include config.mk
BOARD_DIR = board/$(BOARD)
include $(BOARD_DIR)/board.mk

ifeq ($(origin CC),default)
CC := $(or $(if $(CROSS_COMPILE),$(CROSS_COMPILE)gcc),$(shell \
	command -v musl-gcc >/dev/null && echo musl-gcc),gcc)
endif
CFLAGS ?= -Os
PREFIX = /usr/local
JSON_SUITE ?= ../shared/data/json-test-suite/test_parsing
SCHEMA ?= ../shared/data/runtime-spec/schema/test/config

all:

# --- Features ---

FEATURES = CGROUP_V1 CGROUP_V2 PTY HOOKS PIDFD USERNS CONF EXEC LSM \
	SECCOMP_TOOL CHECK_HOST
$(foreach f,$(FEATURES) PIE STRIP WERROR,$(if $(filter y n,$(strip $($f))),,\
	$(error $f=$($f): give y or n)))

# What a feature owns whole.  Where it is off, its header refuses.
FILES-seccomp = $(wildcard src/calls.c src/plan_seccomp*.c src/filter.c) \
	$(FILES-SECCOMP_TOOL)
FILES-SECCOMP_TOOL = src/profile.c src/cmd_seccomp.c
FILES-CGROUP_V1 = $(wildcard src/cgroup_v1*.c)
FILES-CGROUP_V2 = $(wildcard src/cgroup_v2*.c)
FILES-CONF = src/conf_ini.c
FILES-HOOKS = src/hook.c src/hook_late.c
FILES-EXEC = src/cmd_exec.c src/cgroup_join.c src/enter.c src/exec.c
FILES-USERNS = src/idmap.c
FILES-PTY = src/tty.c src/relay.c
FILES-CHECK_HOST = $(wildcard src/feature*.c) src/cmd_check_host.c \
	src/kconfig.c src/inflate.c
FILES-LSM = src/lsm.c src/plan_lsm.c src/host_lsm.c

OFF = $(foreach f,$(FEATURES),$(if $(filter n,$($f)),$(FILES-$f)))
OFF += $(if $(filter none,$(SECCOMP_IS)),$(FILES-seccomp), \
	$(if $(filter raw,$(SECCOMP_IS)),src/plan_seccomp_lib.c, \
	src/plan_seccomp_raw.c))
# What libraries want of musl: libseccomp a function of glibc, and libinih
# without it nothing that is worth a malloc.
OFF += $(if $(filter musl/libseccomp,$(LIBC_IS)/$(SECCOMP_IS)),, \
	compat/fprintf_chk.c)
OFF += $(if $(filter musl/y/raw musl/y/none, \
	$(LIBC_IS)/$(CONF)/$(SECCOMP_IS)),,compat/inih.c)
SRC = $(filter-out $(OFF),$(wildcard src/*.c compat/*.c))

CPPFLAGS_RT = -std=c11 -D_GNU_SOURCE -Isrc -Icompat \
	-DWHERRY_VERSION='"$(VERSION)"' -DWHERRY_COMMIT='"$(COMMIT)"' \
	-DARENA_KB=$(strip $(ARENA_KB)) -DSECCOMP_NAME='"$(SECCOMP_IS)"' \
	-DFEAT_SECCOMP=$(if $(filter none,$(SECCOMP_IS)),0,1) \
	$(foreach f,$(FEATURES),-DFEAT_$f=$(if $(filter y,$($f)),1,0))
WARN = -Wall -Wextra -Wpedantic -Wshadow -Wundef -Wmissing-prototypes \
	-Wstrict-prototypes -Wwrite-strings -Wpointer-arith -Wvla \
	-Wformat-security $(if $(filter y,$(WERROR)),-Werror)

# --- Toolchain ---

# build/config holds every setting: a change rebuilds what depends on it.
# board/probe.sh asks the toolchain what it can do; its answer is probe.mk.
PROBED = CC CFLAGS LDFLAGS PIE STRIP LIBC SECCOMP SECCOMP_ARCHES CONF SANITIZE \
	MUSL_INC MUSL_LIB UAPI_INC INIH_LIB INIH_INC SECCOMP_LIB SECCOMP_INC
settings = $(foreach v,$1,$v='$(strip $($v))')
SETTINGS := $(call settings,VERSION BOARD CPPFLAGS WERROR ARENA_KB $(FEATURES) \
	$(PROBED))

# These goals install packages or call make again: they probe nothing.
OUTER = bench bench-doc check check-san clean coverage demo fuzz help matrix \
	size sizes tidy toggles
ifneq ($(filter-out $(OUTER),$(or $(MAKECMDGOALS),all)),)
$(shell mkdir -p $(BUILD))
ifneq ($(SETTINGS),$(file <$(BUILD)/config))
$(file >$(BUILD)/config,$(SETTINGS))
endif
ifneq ($(COMMIT),$(file <$(BUILD)/commit))
$(file >$(BUILD)/commit,$(COMMIT))
endif
include $(BUILD)/probe.mk
endif

$(BUILD)/probe.mk: board/probe.sh $(BUILD)/config
	$(if $(PREPARE),@$(PREPARE))
	$Q$(call settings,$(PROBED)) sh board/probe.sh $(BUILD) >$@.new
	@mv $@.new $@

# --- Rules ---

Q = $(if $(filter 1,$(V)),,@)
SUBMAKE = $(MAKE) --no-print-directory \
	$(if $(findstring jobs,$(MAKEFLAGS)),,-j$(shell nproc))
say = $(if $(filter 1,$(V))$(findstring s,$(firstword -$(MAKEFLAGS))),:,printf \
	'  %-5s %s\n')
COMPILE = $(CC) $(CPPFLAGS_TC) $(WARN) $(CPPFLAGS_RT) $(CPPFLAGS) \
	$(CFLAGS_TC) $(CFLAGS) $(CFLAGS_SIZE)
# The numbers of system calls, for the architectures that SECCOMP_ARCHES names.
GEN = $(if $(filter none,$(SECCOMP_IS)),,$(BUILD)/gen/calls_data.c)
$(BUILD)/gen/calls_data.c: src/calls/pack.awk src/calls/list \
		$(BUILD)/config $(BUILD)/probe.mk
	@$(say) GEN $@
	@mkdir -p $(@D)
	$Qawk -v arches='$(ARCHES_IS)' -f src/calls/pack.awk src/calls/list >$@
$(BUILD)/gen/calls_all.c: src/calls/pack.awk src/calls/list
	@mkdir -p $(@D)
	$Qawk -v arches=all -f src/calls/pack.awk src/calls/list >$@
$(BUILD)/obj/gen/%.o: $(BUILD)/gen/%.c
	@mkdir -p $(@D)
	$Q$(COMPILE) -c -o $@ $<

LINK = $(CC) $(CFLAGS_TC) $(CFLAGS) $(LDFLAGS_TC) $(LDFLAGS) -o $@ $(LINK_PRE)
OBJ = $(SRC:%.c=$(BUILD)/obj/%.o) $(GEN:$(BUILD)/%.c=$(BUILD)/obj/%.o)
# What few starts of a container run stands behind the libc of the others: a
# page fault maps 64 KiB around it, and counts what is there as memory.
SELDOM = $(addprefix src/,calls.c cgroup_stats.c cgroup_update.c \
	cgroup_v2_dev.c enter.c exec.c filter.c idmap.c inflate.c json_path.c \
	kconfig.c listener.c mount_copyup.c mount_idmap.c netdev.c notify.c \
	profile.c rdt.c relay.c spec_write.c tty.c) src/feature% src/hook% \
	src/plan_dump% src/plan_seccomp% $(filter-out src/cmd_create.c \
	src/cmd_run.c src/cmd_start.c,$(wildcard src/cmd_*.c))
SELDOM_OBJ = $(patsubst %.c,$(BUILD)/obj/%.o,$(filter $(SELDOM),$(SRC))) \
	$(GEN:$(BUILD)/%.c=$(BUILD)/obj/%.o)

## make            build/wherry
all: $(BUILD)/wherry
$(BUILD)/wherry: $(OBJ)
	@$(say) LD '$@ ($(FORM), $(LIBC_IS), seccomp: $(SECCOMP_IS))'
	$Q$(LINK) $(filter-out $(SELDOM_OBJ),$(OBJ)) $(LINK_LIBC) \
		$(SELDOM_OBJ) $(LINK_POST)

$(BUILD)/obj/%.o: %.c $(BUILD)/config $(BUILD)/probe.mk
	@$(say) CC $<
	@mkdir -p $(@D)
	$Q$(COMPILE) -MMD -MP -c -o $@ $<

$(BUILD)/obj/src/cmd_version.o $(BUILD)/obj/src/cmd_features.o: $(BUILD)/commit

# Everything but main as a library: a test that includes or replaces a file gets
# its own, and the library's is left out.
$(BUILD)/lib.a: $(filter-out %/src/main.o %/compat/inih.o,$(OBJ))
	$Qrm -f $@ && $(CROSS_COMPILE)ar rcs $@ $^

# Test programs: a file each.  Fuzzers bring their main with them.
TESTS = $(wildcard tests/unit/t_*.c tests/json/suite.c tests/schema/schema.c)
FUZZERS = $(patsubst tests/%.c,$(BUILD)/%,$(wildcard tests/fuzz/f_*.c))
TEST_BIN = $(TESTS:tests/%.c=$(BUILD)/%)
$(BUILD)/obj/tests/%.o: CPPFLAGS_RT += -Itests/unit -I$(BUILD)/gen \
	-Wno-write-strings
$(patsubst %.c,$(BUILD)/obj/%.o,$(TESTS) \
	$(wildcard tests/fuzz/*.c tests/bench/*.c)): | $(BUILD)/gen/calls_all.c
# The libraries behind lib.a may need it though no test does.
KEEP = $(if $(filter compat/fprintf_chk.c,$(SRC)),-u __fprintf_chk)
$(FUZZERS): LDFLAGS += -fsanitize=fuzzer
$(TEST_BIN) $(FUZZERS) $(BUILD)/bench/seccomp: $(BUILD)/%: \
		$(BUILD)/obj/tests/%.o $(BUILD)/lib.a
	@$(say) LD $@
	@mkdir -p $(@D)
	$Q$(LINK) $(KEEP) $^ $(LINK_POST)
test-bins: $(TEST_BIN)
fuzz-bins: $(FUZZERS)

# Small programs for the live tests, static: some run inside containers.
TOOLS = $(patsubst tests/%.c,$(BUILD)/%,$(wildcard tests/tools/*.c) \
	tests/bench/floor.c tests/bench/turns.c)
$(TOOLS): $(BUILD)/%: tests/%.c $(BUILD)/config $(BUILD)/probe.mk
	@$(say) CC $<
	@mkdir -p $(@D)
	$Q$(LINK) $(CPPFLAGS_TC) $(WARN) -D_GNU_SOURCE $< $(LINK_POST)
tools: $(TOOLS)

# For the attack tests: tests/unsafe/NAME.c takes the place of NAME.c.
UNSAFE = $(patsubst tests/unsafe/%.c,%,$(wildcard tests/unsafe/*.c))
UNSAFE_OBJ = $(filter-out $(UNSAFE:%=\%/%.o),$(OBJ)) \
	$(UNSAFE:%=$(BUILD)/obj/tests/unsafe/%.o)
$(BUILD)/wherry-unsafe: $(UNSAFE_OBJ)
	@$(say) LD $@
	$Q$(LINK) $^ $(LINK_POST)
## make unsafe     build/wherry-unsafe: guards replaced by their naive form
unsafe: $(BUILD)/wherry-unsafe

## make install    to DESTDIR and PREFIX (/usr/local)
install: all
	install -D -m 755 $(BUILD)/wherry -t $(DESTDIR)$(PREFIX)/bin
	install -D -m 644 doc/wherry.8 -t $(DESTDIR)$(PREFIX)/share/man/man8
	$(if $(wildcard $(BOARD_DIR)/wherry.conf),install -D -m 644 \
		$(BOARD_DIR)/wherry.conf -t $(DESTDIR)/etc)

## make clean
clean:
	rm -rf $(BUILD)

## make demo       installs what is missing, builds, runs a container
demo:
	@sh tests/deps.sh demo
	@+$(SUBMAKE) all
	@sh tests/demo.sh $(BUILD)/wherry

# --- Tests ---

# Those with the longest programs come first.
GROUPS = masks qemu live clients cross oci unit json schema golden man elf lint
RUN-unit = $(filter $(BUILD)/unit/%,$(TEST_BIN))
RUN-json = "$(BUILD)/json/suite $(JSON_SUITE)"
RUN-schema = "$(BUILD)/schema/schema $(SCHEMA)"
# What is sourced has no #! line.
scripts = $(foreach s,$(if $(wildcard $1),$(shell \
	grep -l '^\#!' $(wildcard $1))),"sh $s")
RUN-golden = $(call scripts,tests/golden.sh tests/golden/*.sh tests/calls.sh)
RUN-man = $(call scripts,tests/man.sh)
RUN-elf = "sh tests/elf.sh $(FORM) $(BUILD)/wherry" "sh tests/install.sh"
RUN-lint = $(call scripts,tests/lint.sh)
RUN-masks = $(call scripts,tests/live/masked.sh tests/masks/*.sh)
RUN-live = $(call scripts,$(filter-out %/masked.sh,$(wildcard tests/live/*.sh)))
RUN-clients = $(call scripts,tests/clients/*.sh)
RUN-oci = $(call scripts,tests/oci/run.sh)
RUN-left = "sh tests/left.sh $(BUILD)/started"
RUN-qemu = "sh tests/qemu.sh $(filter-out host,$(BOARD))"
RUN-san = $(subst $(BUILD)/,$(BUILD)/san/, \
	$(RUN-unit) $(RUN-json) $(RUN-schema))
RUN-cross = $(call scripts,tests/cross.sh)
RUN-toggles = $(call scripts,tests/toggles.sh)
# Seconds for one program.
LIMIT = 1200
run = @COMPILE='$(subst ','\'',$(COMPILE))' BUILD='$(BUILD)' \
	LOGS='$(BUILD)/log' WHERRY='$(BUILD)/wherry' TOOLS='$(BUILD)/tools' \
	UNSAFE='$(BUILD)/wherry-unsafe' sh tests/run.sh \
	$(foreach g,$1,$(if $(filter --,$g),--,@$g:$(LIMIT) $(RUN-$g)))

## make check      every test; installs what is missing
check:
	@sh tests/deps.sh check
	@+$(SUBMAKE) check-all

check-all: all unsafe tools test-bins san
	@: >$(BUILD)/started
	$(call run,toggles $(GROUPS) san -- left)

## make check-X    one group: unit json schema golden man elf lint live
##                 masks oci qemu clients cross san; FULL=1 with masks: every
##                 live test on each kernel that tests/masks/sets describes;
##                 BOARDS=all with cross: the unit tests of every board
$(GROUPS:%=check-%): all unsafe tools test-bins
	$(call run,$(@:check-%=%))
check-san: san
	$(call run,san)

# Sanitizers need glibc.
SAN = -fsanitize=address,undefined -fno-sanitize-recover=undefined
san:
	@+$(SUBMAKE) BUILD=$(BUILD)/san CC=gcc LIBC=glibc \
		CFLAGS=-O1 SANITIZE='$(SAN)' test-bins

## make matrix     boots every guest of tests/cells: doc/kernel-matrix.md
##                 (BOARD=NAME: that one's; the others keep their results)
matrix:
	@sh tests/matrix.sh $(filter-out host,$(BOARD))
## make sizes      builds every board: doc/size.md
sizes:
	@sh tests/sizes.sh >doc/size.md.new && mv doc/size.md.new doc/size.md

## make fuzz       each fuzzer for FUZZ_TIME seconds (60)
FUZZ_TIME = 60
fuzz:
	@sh tests/deps.sh fuzz
	@+$(SUBMAKE) BUILD=$(BUILD)/fuzzing CC=clang \
		LIBC=glibc CFLAGS=-O1 \
		SANITIZE='$(SAN) -fsanitize=fuzzer-no-link' fuzz-bins
	@sh tests/fuzz/run.sh $(BUILD)/fuzzing/fuzz $(FUZZ_TIME)

## make coverage   lines that the unit tests reach
coverage:
	@+$(SUBMAKE) BUILD=$(BUILD)/cov CC=gcc LIBC=glibc \
		CFLAGS=-O0 SANITIZE=--coverage test-bins
	@sh tests/coverage.sh $(BUILD)/cov

## make lint       the rules of the tree
lint: all
	$(call run,lint)

## make tidy       clang-tidy and cppcheck
tidy:
	@sh tests/deps.sh tidy
	@+$(SUBMAKE) -k BUILD=$(BUILD)/tidy CC=clang tidy-run
tidy-run: $(SRC:%=%.tidy)
	cppcheck --quiet --std=c11 --enable=warning,performance,portability \
		--suppressions-list=tests/cppcheck-suppressions --inline-suppr \
		--error-exitcode=1 $(filter -D% -I%,$(CPPFLAGS_RT)) $(SRC)
%.tidy: %
	@$(say) TIDY $<
	$Qclang-tidy --quiet $< -- $(CPPFLAGS_TC) $(CPPFLAGS_RT) 2>/dev/null

## make size       stripped size, all on, all off and each off
size:
	@sh tests/size.sh
## make toggles    builds every set of features with gcc and clang
toggles:
	@sh tests/run.sh @toggles:1200 $(RUN-toggles)
## make bench      wherry beside the kernel's floor, crun and runc: tables,
##                 $(BUILD)/bench.json; bench-doc puts them into the document
bench:
	@sh tests/deps.sh bench
	@+$(SUBMAKE) all tools
	@TOOLS='$(BUILD)/tools' sh tests/bench.sh $(BUILD)/wherry \
		$(BUILD)/bench.data
	@sh tests/bench/report.sh -j $(BUILD)/bench.data >$(BUILD)/bench.json
	@sh tests/bench/report.sh $(BUILD)/bench.data
	@+$(SUBMAKE) SECCOMP=libseccomp BUILD=$(BUILD)/bench bench-bins
	@for p in $(PROFILES); do echo "$$p:"; \
		$(BUILD)/bench/bench/seccomp $$p; done
bench-doc:
	@sh tests/bench/report.sh $(BUILD)/bench.data doc/performance.md
PROFILES = /usr/share/containers/seccomp.json \
	/usr/share/gocode/src/github.com/docker/docker/profiles/seccomp/*.json
bench-bins: $(BUILD)/bench/seccomp
show-%:
	@echo '$($*)'
help:
	@sed -n 's/^## //p' Makefile

.PHONY: all bench bench-bins bench-doc check check-all check-san clean coverage
.PHONY: demo fuzz fuzz-bins help install lint matrix san size sizes test-bins
.PHONY: tidy tidy-run toggles tools unsafe
.PHONY: $(GROUPS:%=check-%)
.SECONDARY:
.DELETE_ON_ERROR:
-include $(shell test -d $(BUILD)/obj && find $(BUILD)/obj -name '*.d')
