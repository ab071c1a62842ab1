# SPDX-License-Identifier: MIT
TEST_EXTENSIONS = .sh .bats

TAP_DRIVER = env AM_TAP_AWK='$(AWK)' $(SHELL) $(srcdir)/build-aux/tap-driver.sh
LOG_DRIVER = $(TAP_DRIVER)
LOG_COMPILER = $(srcdir)/%D%/tap/unit.sh
SH_LOG_DRIVER = $(TAP_DRIVER)
BATS_LOG_DRIVER = $(TAP_DRIVER)
AM_SH_LOG_DRIVER_FLAGS = --ignore-exit
AM_BATS_LOG_DRIVER_FLAGS = --ignore-exit
BATS_LOG_COMPILER = $(srcdir)/%D%/tap/bats.sh

AM_TESTS_ENVIRONMENT = \
	KEYPLATE='$(abs_builddir)/keyplate$(EXEEXT)'; export KEYPLATE; \
	KIND='$(KIND)'; export KIND; \
	LIBC='$(LIBC)'; export LIBC; \
	PATH='$(PYTHON_PATH)'"$$PATH"; export PATH; \
	TOP_BUILDDIR='$(abs_builddir)'; export TOP_BUILDDIR; \
	TOP_SRCDIR='$(abs_srcdir)'; export TOP_SRCDIR;

# A unit test links what is shipped, as it is.
LDADD = libkeyplate-run.a libkeyplate-init.a libkeyplate.a \
    $(CMOCKA_LIBS) $(DEPS_LIBS)

UNIT_TESTS = \
	%D%/unit/base/test_buf \
	%D%/unit/base/test_codec \
	%D%/unit/base/test_diag \
	%D%/unit/base/test_duration \
	%D%/unit/base/test_list \
	%D%/unit/base/test_near \
	%D%/unit/base/test_pages \
	%D%/unit/base/test_pool \
	%D%/unit/base/test_random \
	%D%/unit/base/test_source \
	%D%/unit/base/test_str \
	%D%/unit/base/test_table \
	%D%/unit/base/test_utf8 \
	%D%/unit/cli/test_memory \
	%D%/unit/cli/test_options \
	%D%/unit/cli/test_report \
	%D%/unit/cli/test_varfiles \
	%D%/unit/compat/test_bytes \
	%D%/unit/core/test_diff \
	%D%/unit/core/test_expand \
	%D%/unit/core/test_filter \
	%D%/unit/core/test_guess \
	%D%/unit/core/test_joints \
	%D%/unit/core/test_lines \
	%D%/unit/core/test_match \
	%D%/unit/core/test_nomem \
	%D%/unit/core/test_plan \
	%D%/unit/core/test_render \
	%D%/unit/core/test_shell \
	%D%/unit/core/test_template \
	%D%/unit/core/test_values \
	%D%/unit/core/test_weave \
	%D%/unit/format/test_caddyfile \
	%D%/unit/format/test_env \
	%D%/unit/format/test_format \
	%D%/unit/format/test_ini \
	%D%/unit/format/test_ini_grafana \
	%D%/unit/format/test_ini_mysql \
	%D%/unit/format/test_ini_php \
	%D%/unit/format/test_ini_python \
	%D%/unit/format/test_ini_systemd \
	%D%/unit/format/test_json \
	%D%/unit/format/test_line \
	%D%/unit/format/test_nginx \
	%D%/unit/format/test_path \
	%D%/unit/format/test_php \
	%D%/unit/format/test_properties \
	%D%/unit/format/test_redis \
	%D%/unit/format/test_text \
	%D%/unit/format/test_toml \
	%D%/unit/format/test_xml \
	%D%/unit/format/test_yaml \
	%D%/unit/io/test_bundle \
	%D%/unit/io/test_commit \
	%D%/unit/io/test_config \
	%D%/unit/io/test_envfile \
	%D%/unit/io/test_file \
	%D%/unit/io/test_memfile \
	%D%/unit/io/test_rulefile \
	%D%/unit/io/test_secrets \
	%D%/unit/io/test_spent \
	%D%/unit/io/test_watch \
	%D%/unit/net/test_dns \
	%D%/unit/net/test_http \
	%D%/unit/net/test_names \
	%D%/unit/net/test_url \
	%D%/unit/proc/test_account \
	%D%/unit/proc/test_capture \
	%D%/unit/proc/test_childenv \
	%D%/unit/proc/test_exits \
	%D%/unit/proc/test_release \
	%D%/unit/proc/test_signals

dist_noinst_SCRIPTS = \
	%D%/abuse/memcheck.sh \
	%D%/fuzz/fuzz.sh \
	%D%/lint/analyze.sh \
	%D%/pid1/soak.sh \
	%D%/swarm/check-swarm.sh \
	%D%/swarm/deployment.sh

dist_check_SCRIPTS = \
	%D%/abuse/denials.bats \
	%D%/abuse/faults.bats \
	%D%/abuse/leaks.bats \
	%D%/abuse/memcheck.bats \
	%D%/abuse/outputs.bats \
	%D%/abuse/sources.bats \
	%D%/abuse/start.bats \
	%D%/abuse/values.bats \
	%D%/arch/binary.sh \
	%D%/arch/layers.sh \
	%D%/arch/listed.sh \
	%D%/cases/run.sh \
	%D%/cli/check.bats \
	%D%/cli/completion.bats \
	%D%/cli/diff.bats \
	%D%/cli/encode.bats \
	%D%/cli/envsubst.bats \
	%D%/cli/expand-files.bats \
	%D%/cli/explain.bats \
	%D%/cli/init.bats \
	%D%/cli/manual.bats \
	%D%/cli/mem.bats \
	%D%/cli/options.bats \
	%D%/cli/probe.bats \
	%D%/cli/readme.bats \
	%D%/cli/render.bats \
	%D%/cli/run.bats \
	%D%/cli/syntax.bats \
	%D%/cli/wait.bats \
	%D%/docs/peers.bats \
	%D%/docs/pictures.bats \
	%D%/engine/files.bats \
	%D%/engine/image.bats \
	%D%/engine/service.bats \
	%D%/fuzz/replay.sh \
	%D%/gallery/run.sh \
	%D%/lint/cppcheck.sh \
	%D%/lint/layout.sh \
	%D%/lint/manuals.sh \
	%D%/lint/scripts.sh \
	%D%/noop/noop.bats \
	%D%/packages/sbom.bats \
	%D%/packages/versions.sh \
	%D%/pid1/exit.bats \
	%D%/pid1/memory.bats \
	%D%/pid1/privileges.bats \
	%D%/pid1/reaping.bats \
	%D%/pid1/signals.bats \
	%D%/pid1/standin.bats \
	%D%/pid1/terminal.bats \
	%D%/readers/caddyfile.bats \
	%D%/readers/env-compose.bats \
	%D%/readers/env-sh.bats \
	%D%/readers/env-systemd.bats \
	%D%/readers/env.bats \
	%D%/readers/grafana.bats \
	%D%/readers/ini.bats \
	%D%/readers/json.bats \
	%D%/readers/nginx.bats \
	%D%/readers/php.bats \
	%D%/readers/properties.bats \
	%D%/readers/redis.bats \
	%D%/readers/text.bats \
	%D%/readers/toml.bats \
	%D%/readers/xml.bats \
	%D%/readers/yaml.bats \
	%D%/swarm/exporter.bats \
	%D%/swarm/images.bats \
	%D%/swarm/kubernetes.bats \
	%D%/swarm/stacks.bats \
	%D%/templates/alertmanager.bats \
	%D%/templates/all.bats \
	%D%/templates/blackbox.bats \
	%D%/templates/caddy.bats \
	%D%/templates/demo.bats \
	%D%/templates/grafana.bats \
	%D%/templates/haproxy.bats \
	%D%/templates/mariadb.bats \
	%D%/templates/mosquitto.bats \
	%D%/templates/msmtp.bats \
	%D%/templates/nginx.bats \
	%D%/templates/php-fpm.bats \
	%D%/templates/postgres.bats \
	%D%/templates/prometheus.bats \
	%D%/templates/redis.bats \
	%D%/templates/wordpress.bats \
	%D%/watch/watch.bats

# Each target of the fuzzers has a folder of seeds in tests/fuzz/corpus.
FUZZ_TARGETS = \
	%D%/fuzz/fuzz_account \
	%D%/fuzz/fuzz_diff \
	%D%/fuzz/fuzz_envfile \
	%D%/fuzz/fuzz_filter \
	%D%/fuzz/fuzz_format \
	%D%/fuzz/fuzz_match \
	%D%/fuzz/fuzz_options \
	%D%/fuzz/fuzz_path \
	%D%/fuzz/fuzz_pointer \
	%D%/fuzz/fuzz_render \
	%D%/fuzz/fuzz_report \
	%D%/fuzz/fuzz_rulefile \
	%D%/fuzz/fuzz_script \
	%D%/fuzz/fuzz_template \
	%D%/fuzz/fuzz_values

# Without a fuzzer a target runs the files that it is given.
if FUZZING
FUZZ_SHARED = %D%/fuzz/fuzz.h
FUZZ_LINK = -fsanitize=fuzzer
else
FUZZ_SHARED = %D%/fuzz/fuzz.h %D%/fuzz/replay.c
FUZZ_LINK = $(AM_LDFLAGS)
endif

# Programs that tests start.
check_PROGRAMS = \
	$(FUZZ_TARGETS) \
	%D%/abuse/shared \
	%D%/abuse/shortio \
	%D%/noop/scalars \
	%D%/pid1/probe
# keyplate, for valgrind to see into.
tests_abuse_shared_SOURCES = src/cli/main.c %D%/abuse/clone.c
tests_abuse_shared_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=clone
tests_fuzz_fuzz_account_SOURCES = \
	%D%/fuzz/fuzz_account.c \
	$(FUZZ_SHARED)
tests_fuzz_fuzz_account_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_diff_SOURCES = \
	%D%/fuzz/fuzz_diff.c \
	$(FUZZ_SHARED)
tests_fuzz_fuzz_diff_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_envfile_SOURCES = \
	%D%/fuzz/fuzz_envfile.c \
	$(FUZZ_SHARED)
tests_fuzz_fuzz_envfile_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_filter_SOURCES = \
	%D%/fuzz/fuzz_filter.c \
	$(FUZZ_SHARED)
tests_fuzz_fuzz_filter_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_format_SOURCES = \
	%D%/fuzz/fuzz_format.c \
	$(FUZZ_SHARED)
tests_fuzz_fuzz_format_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_match_SOURCES = \
	%D%/fuzz/fuzz_match.c \
	$(FUZZ_SHARED)
tests_fuzz_fuzz_match_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_options_SOURCES = \
	%D%/fuzz/fuzz_options.c \
	$(FUZZ_SHARED)
tests_fuzz_fuzz_options_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_path_SOURCES = \
	%D%/fuzz/fuzz_path.c \
	$(FUZZ_SHARED)
tests_fuzz_fuzz_path_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_pointer_SOURCES = \
	%D%/fuzz/fuzz_pointer.c \
	$(FUZZ_SHARED)
tests_fuzz_fuzz_pointer_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_render_SOURCES = \
	%D%/fuzz/fuzz_render.c \
	$(FUZZ_SHARED)
tests_fuzz_fuzz_render_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_report_SOURCES = \
	%D%/fuzz/fuzz_report.c \
	$(FUZZ_SHARED)
tests_fuzz_fuzz_report_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_rulefile_SOURCES = \
	%D%/fuzz/fuzz_rulefile.c \
	$(FUZZ_SHARED)
tests_fuzz_fuzz_rulefile_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_script_SOURCES = \
	%D%/fuzz/fuzz_script.c \
	$(FUZZ_SHARED)
tests_fuzz_fuzz_script_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_template_SOURCES = \
	%D%/fuzz/fuzz_template.c \
	$(FUZZ_SHARED)
tests_fuzz_fuzz_template_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_values_SOURCES = \
	%D%/fuzz/fuzz_values.c \
	$(FUZZ_SHARED)
tests_fuzz_fuzz_values_LDFLAGS = $(FUZZ_LINK)
tests_pid1_probe_LDADD = -lutil
# The test puts itself in front of what allocates.
tests_unit_core_test_nomem_LDFLAGS = $(AM_LDFLAGS) \
	-Wl,--wrap=malloc,--wrap=calloc,--wrap=reallocarray \
	-Wl,--wrap=strdup,--wrap=strndup

TESTS = $(dist_check_SCRIPTS)
if HAVE_CMOCKA
check_PROGRAMS += $(UNIT_TESTS)
TESTS += $(UNIT_TESTS)
else
TESTS += %D%/tap/no-cmocka.sh
endif

# What tests read; a folder stands for all that is in it.
EXTRA_DIST += \
	%D%/abuse/abuse.sh \
	%D%/abuse/disks.py \
	%D%/abuse/faults.py \
	%D%/abuse/growth.py \
	%D%/abuse/landlock.py \
	%D%/abuse/raw.py \
	%D%/abuse/rotate.py \
	%D%/abuse/rules.py \
	%D%/abuse/sample.py \
	%D%/abuse/served.py \
	%D%/abuse/watch.py \
	%D%/bench/bench.py \
	%D%/bench/check.py \
	%D%/bench/envsubst.go \
	%D%/bench/floor.c \
	%D%/bench/instructions.txt \
	%D%/bench/plot.py \
	%D%/bench/race.py \
	%D%/bench/service.c \
	%D%/cases/caddyfile \
	%D%/cases/ini-grafana \
	%D%/cases/php \
	%D%/cases/rules \
	%D%/cases/text \
	%D%/cases/xml \
	%D%/cases/yaml \
	%D%/cli/cli.sh \
	%D%/cli/complete.zsh \
	%D%/cli/peer.py \
	%D%/cli/peer.sh \
	%D%/cli/transcript.sh \
	%D%/engine/dockerd.sh \
	%D%/engine/engine.sh \
	%D%/fuzz/corpus \
	%D%/fuzz/target.sh \
	%D%/gallery/mistakes \
	%D%/hostile/values.py \
	%D%/noop/Dump.java \
	%D%/noop/noop.py \
	%D%/noop/readers.py \
	%D%/noop/tokens.php \
	%D%/pid1/pid1.sh \
	%D%/pid1/shim \
	%D%/proof/draw.py \
	%D%/proof/draw_env.py \
	%D%/proof/draw_ini.py \
	%D%/proof/draw_server.py \
	%D%/proof/draw_tree.py \
	%D%/proof/long.py \
	%D%/proof/proof.sh \
	%D%/proof/surroundings.py \
	%D%/proof/table.py \
	%D%/readers/envs.py \
	%D%/readers/flat.py \
	%D%/readers/gotoml/main.go \
	%D%/readers/goxml/main.go \
	%D%/readers/goyaml/main.go \
	%D%/readers/grafana/main.go \
	%D%/readers/markup.py \
	%D%/readers/markup/Read.java \
	%D%/readers/models.py \
	%D%/readers/php/ini.php \
	%D%/readers/php/source.php \
	%D%/readers/systemd/main.c \
	%D%/readers/readers.sh \
	%D%/readers/properties/Read.java \
	%D%/readers/roundtrip.py \
	%D%/readers/servers.py \
	%D%/swarm/lab \
	%D%/swarm/manifests.py \
	%D%/swarm/swarm.sh \
	%D%/tap/bats.sh \
	%D%/tap/folders.sh \
	%D%/tap/no-cmocka.sh \
	%D%/tap/tap.sh \
	%D%/tap/unit.sh \
	%D%/templates/mail.py \
	%D%/templates/templates.sh \
	%D%/unit/core/fake.h \
	%D%/unit/core/ways.h \
	%D%/unit/format/pieces.h \
	%D%/unit/format/slot.h \
	%D%/unit/format/tables.h \
	%D%/unit/io/scratch.h

# The same tests with what finds memory errors and undefined behaviour, in a
# tree of its own.
check-asan:
	$(MAKE) $(AM_MAKEFLAGS) distdir distdir=asan
	cd asan && ./configure CC='$(CC)' --enable-sanitizers
	cd asan && $(MAKE) $(AM_MAKEFLAGS) check

# The same tests with the small program.
musl-tree:
	$(MAKE) $(AM_MAKEFLAGS) distdir distdir=musl
	cd musl && ./configure --with-musl

check-musl: musl-tree
	cd musl && $(MAKE) $(AM_MAKEFLAGS) check

# keyplate beside what it replaces, in one table; BENCH: sections of it, GO:
# "--go PROGRAM" for each template tool.  Then its curves, as SVG.
BENCH =
GO =

bench: keyplate$(EXEEXT)
	if command -v musl-gcc >/dev/null; then \
	    $(MAKE) $(AM_MAKEFLAGS) musl-tree && \
	    $(MAKE) $(AM_MAKEFLAGS) -C musl keyplate; fi
	$(AM_TESTS_ENVIRONMENT) \
	    KEYPLATE_MUSL='$(abs_builddir)/musl/keyplate' \
	    $(srcdir)/%D%/bench/bench.py $(GO) $(BENCH)

bench-plot:
	$(MAKE) $(AM_MAKEFLAGS) bench BENCH="job growth"
	$(srcdir)/%D%/bench/plot.py bench.json bench-plots

# Instructions of fixed jobs: UPDATE=--update writes the list anew.
UPDATE =

bench-check: keyplate$(EXEEXT)
	$(AM_TESTS_ENVIRONMENT) $(srcdir)/%D%/bench/check.py $(UPDATE)

VALGRIND = valgrind --quiet --error-exitcode=99 --leak-check=full

# Each target for so many seconds, two at a time, from the corpus in the tree.
# FUZZ_CC=afl-clang-fast: by AFL++ (Debian: afl++) instead of libFuzzer.
FUZZ_SECONDS = 300
FUZZ_CC = clang
FUZZ =

fuzz:
	$(MAKE) $(AM_MAKEFLAGS) distdir distdir=fuzzing
	cd fuzzing && ./configure CC=$(FUZZ_CC) --enable-fuzzing
	cd fuzzing && $(MAKE) $(AM_MAKEFLAGS) $(FUZZ_TARGETS)
	cd fuzzing && FUZZ_SECONDS=$(FUZZ_SECONDS) %D%/fuzz/fuzz.sh $(FUZZ)

check-valgrind:
	UNIT_WRAPPER='$(VALGRIND)' \
	    $(MAKE) $(AM_MAKEFLAGS) check \
	    TESTS='$(UNIT_TESTS) %D%/abuse/memcheck.bats'
	rm -rf memcheck && mkdir memcheck
	$(AM_TESTS_ENVIRONMENT) MEMCHECK_LOGS='$(abs_builddir)/memcheck' \
	    KEYPLATE='$(abs_srcdir)/%D%/abuse/memcheck.sh' \
	    $(srcdir)/%D%/cases/run.sh

# Random values in random files of each format, read back by real parsers:
# ROUNDS values a format, from SEED.
ROUNDS = 20000

check-long: keyplate$(EXEEXT)
	$(AM_TESTS_ENVIRONMENT) SEED='$(SEED)' ROUNDS='$(ROUNDS)' \
	    $(srcdir)/%D%/proof/proof.sh long.py $(FORMATS)

# Each hostile value in each position of each format, as a table.
proof: keyplate$(EXEEXT)
	$(AM_TESTS_ENVIRONMENT) \
	    $(srcdir)/%D%/proof/proof.sh table.py $(FORMATS)

# The tests of process 1 so many times, under load.
SOAK_ROUNDS = 50

check-pid1-soak: keyplate$(EXEEXT) %D%/pid1/probe$(EXEEXT)
	$(AM_TESTS_ENVIRONMENT) \
	    SOAK_ROUNDS=$(SOAK_ROUNDS) $(srcdir)/%D%/pid1/soak.sh

# The deployment of examples/swarm on a real Docker swarm, walked through as
# examples/README.md says.  SWARM_ENGINE=machine: with the engine of this
# machine, and the public images.
SWARM_ENGINE = lab

check-swarm: keyplate$(EXEEXT)
	$(AM_TESTS_ENVIRONMENT) SWARM_ENGINE='$(SWARM_ENGINE)' \
	    $(srcdir)/%D%/swarm/check-swarm.sh

# Each fault at each system call, of file systems and disks, and how time grows:
# tests/abuse/faults.py, disks.py and growth.py have the kinds.
check-faults: keyplate$(EXEEXT) %D%/abuse/shortio$(EXEEXT)
	$(AM_TESTS_ENVIRONMENT) FAULTS=all BATS_TIMEOUT=20000 \
	    $(srcdir)/%D%/tap/bats.sh $(srcdir)/%D%/abuse/faults.bats

# The analyzers, which take minutes; what they say is an error.
lint:
	$(MAKE) $(AM_MAKEFLAGS) check-TESTS TESTS=%D%/lint/cppcheck.sh
	$(srcdir)/%D%/lint/analyze.sh $(DEFS) $(CPPFLAGS) -Isrc -std=c11 \
	    $(DEPS_CFLAGS)

distclean-local:
	rm -rf arm64 asan deb fuzzing memcheck musl proof-failures repro compat/sysroot

.PHONY: bench bench-check bench-plot check-asan check-faults check-long \
    check-musl check-pid1-soak check-swarm check-valgrind fuzz lint musl-tree \
    proof
