# SPDX-License-Identifier: MIT
noinst_LIBRARIES = libkeyplate.a libkeyplate-run.a

# What does no input or output: tests/arch/layers.sh holds it to that.
libkeyplate_a_SOURCES = \
	%D%/base/array.c \
	%D%/base/array.h \
	%D%/base/attr.h \
	%D%/base/buf.c \
	%D%/base/buf.h \
	%D%/base/codec.c \
	%D%/base/codec.h \
	%D%/base/diag.c \
	%D%/base/diag.h \
	%D%/base/duration.c \
	%D%/base/duration.h \
	%D%/base/list.c \
	%D%/base/list.h \
	%D%/base/near.c \
	%D%/base/near.h \
	%D%/base/source.c \
	%D%/base/source.h \
	%D%/base/str.c \
	%D%/base/str.h \
	%D%/base/utf8.c \
	%D%/base/utf8.h \
	%D%/core/diff.c \
	%D%/core/diff.h \
	%D%/core/expand.c \
	%D%/core/expand.h \
	%D%/core/filter.c \
	%D%/core/filter.h \
	%D%/core/gather.c \
	%D%/core/match.c \
	%D%/core/match.h \
	%D%/core/place.c \
	%D%/core/plan.c \
	%D%/core/plan.h \
	%D%/core/pointer.c \
	%D%/core/pointer.h \
	%D%/core/render.c \
	%D%/core/render.h \
	%D%/core/splice.c \
	%D%/core/stage.c \
	%D%/core/stage.h \
	%D%/core/template.c \
	%D%/core/template.h \
	%D%/core/values.c \
	%D%/core/values.h \
	%D%/core/verify.c \
	%D%/core/weave.c \
	%D%/core/weave.h \
	%D%/format/caddyfile.c \
	%D%/format/caddyfile.h \
	%D%/format/caddyfile_encode.c \
	%D%/format/caddyfile_lex.c \
	%D%/format/caddyfile_lex.h \
	%D%/format/format.c \
	%D%/format/format.h \
	%D%/format/formats.h \
	%D%/format/ini.c \
	%D%/format/ini.h \
	%D%/format/ini_go.c \
	%D%/format/ini_grafana.c \
	%D%/format/ini_insert.c \
	%D%/format/ini_walk.c \
	%D%/format/text.c \
	%D%/format/yaml.c \
	%D%/format/yaml.h \
	%D%/format/yaml_encode.c \
	%D%/format/yaml_insert.c \
	%D%/format/yaml_text.c

# The rest of keyplate but its main(), so that unit tests can link it.
libkeyplate_run_a_SOURCES = \
	%D%/cli/cmd_check.c \
	%D%/cli/cmd_diff.c \
	%D%/cli/cmd_explain.c \
	%D%/cli/cmd_render.c \
	%D%/cli/cmd_run.c \
	%D%/cli/commands.h \
	%D%/cli/exit.c \
	%D%/cli/exit.h \
	%D%/cli/exports.c \
	%D%/cli/help.c \
	%D%/cli/help.h \
	%D%/cli/inputs.c \
	%D%/cli/inputs.h \
	%D%/cli/option.c \
	%D%/cli/option.h \
	%D%/cli/options.c \
	%D%/cli/options.h \
	%D%/cli/report.c \
	%D%/cli/report.h \
	%D%/cli/start.c \
	%D%/cli/start.h \
	%D%/cli/store.c \
	%D%/cli/work.c \
	%D%/cli/work.h \
	%D%/io/commit.c \
	%D%/io/commit.h \
	%D%/io/config.c \
	%D%/io/config.h \
	%D%/io/dir.c \
	%D%/io/dir.h \
	%D%/io/envfile.c \
	%D%/io/envfile.h \
	%D%/io/file.c \
	%D%/io/file.h \
	%D%/io/rewrite.c \
	%D%/io/rewrite.h \
	%D%/io/rulefile.c \
	%D%/io/rulefile.h \
	%D%/io/secrets.c \
	%D%/io/secrets.h \
	%D%/io/tree.c \
	%D%/io/tree.h \
	%D%/proc/account.c \
	%D%/proc/account.h \
	%D%/proc/capture.c \
	%D%/proc/capture.h \
	%D%/proc/childenv.c \
	%D%/proc/childenv.h \
	%D%/proc/creds.c \
	%D%/proc/creds.h \
	%D%/proc/descriptors.c \
	%D%/proc/descriptors.h \
	%D%/proc/exits.c \
	%D%/proc/exits.h \
	%D%/proc/guard.c \
	%D%/proc/guard.h \
	%D%/proc/launch.c \
	%D%/proc/launch.h \
	%D%/proc/program.c \
	%D%/proc/program.h \
	%D%/proc/service.c \
	%D%/proc/service.h \
	%D%/proc/signals.c \
	%D%/proc/signals.h \
	%D%/proc/spec.c \
	%D%/proc/spec.h \
	%D%/proc/supervise.c \
	%D%/proc/supervise.h \
	%D%/proc/terminal.c \
	%D%/proc/terminal.h

bin_PROGRAMS = keyplate
keyplate_SOURCES = \
	%D%/cli/main.c
keyplate_LDADD = libkeyplate-run.a libkeyplate.a $(PROGRAM_LIBS)
keyplate_LDFLAGS = $(AM_LDFLAGS) $(PROGRAM_LDFLAGS)
