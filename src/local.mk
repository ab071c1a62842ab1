# SPDX-License-Identifier: MIT
noinst_LIBRARIES = libkeyplate.a libkeyplate-init.a libkeyplate-once.a \
    libkeyplate-run.a

# What does no input or output: tests/arch/layers.sh holds it to that.
libkeyplate_a_SOURCES = \
	%D%/base/array.c \
	%D%/base/array.h \
	%D%/base/attr.h \
	%D%/base/buf.c \
	%D%/base/buf.h \
	%D%/base/codec.h \
	%D%/base/diag.h \
	%D%/base/duration.h \
	%D%/base/hash.h \
	%D%/base/list.c \
	%D%/base/list.h \
	%D%/base/near.h \
	%D%/base/pages.c \
	%D%/base/pages.h \
	%D%/base/pool.c \
	%D%/base/pool.h \
	%D%/base/random.c \
	%D%/base/random.h \
	%D%/base/source.c \
	%D%/base/source.h \
	%D%/base/str.c \
	%D%/base/str.h \
	%D%/base/table.c \
	%D%/base/table.h \
	%D%/base/utf8.c \
	%D%/base/utf8.h \
	%D%/core/diff.h \
	%D%/core/direct.c \
	%D%/core/expand.c \
	%D%/core/expand.h \
	%D%/core/filter.h \
	%D%/core/gather.c \
	%D%/core/match.c \
	%D%/core/match.h \
	%D%/core/parser.h \
	%D%/core/pieces.c \
	%D%/core/place.c \
	%D%/core/plan.h \
	%D%/core/pointer.h \
	%D%/core/render.c \
	%D%/core/render.h \
	%D%/core/rulevalue.h \
	%D%/core/splice.c \
	%D%/core/stage.c \
	%D%/core/stage.h \
	%D%/core/syntax.h \
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
	%D%/format/cursor.h \
	%D%/format/env.c \
	%D%/format/env.h \
	%D%/format/env_compose.c \
	%D%/format/env_sh.c \
	%D%/format/env_systemd.c \
	%D%/format/env_walk.c \
	%D%/format/format.c \
	%D%/format/format.h \
	%D%/format/formats.h \
	%D%/format/frame.h \
	%D%/format/index.c \
	%D%/format/index.h \
	%D%/format/ini.c \
	%D%/format/ini.h \
	%D%/format/ini_go.c \
	%D%/format/ini_grafana.c \
	%D%/format/ini_mysql.c \
	%D%/format/ini_php.c \
	%D%/format/ini_php.h \
	%D%/format/ini_php_encode.c \
	%D%/format/ini_python.c \
	%D%/format/ini_systemd.h \
	%D%/format/ini_walk.c \
	%D%/format/json.c \
	%D%/format/json.h \
	%D%/format/line.c \
	%D%/format/line.h \
	%D%/format/literal.c \
	%D%/format/literal.h \
	%D%/format/nginx.c \
	%D%/format/number.c \
	%D%/format/number.h \
	%D%/format/path.c \
	%D%/format/path.h \
	%D%/format/php.h \
	%D%/format/properties.c \
	%D%/format/redis.c \
	%D%/format/text.c \
	%D%/format/toml.c \
	%D%/format/toml.h \
	%D%/format/toml_encode.c \
	%D%/format/toml_string.c \
	%D%/format/toml_tree.c \
	%D%/format/toml_word.c \
	%D%/format/xml.c \
	%D%/format/xml.h \
	%D%/format/xml_encode.c \
	%D%/format/xml_word.c \
	%D%/format/yaml.c \
	%D%/format/yaml.h \
	%D%/format/yaml_encode.c \
	%D%/format/yaml_text.c

# A part of it, which runs once, or for short texts alone: small rather than
# quick.
libkeyplate_a_LIBADD = $(libkeyplate_once_a_OBJECTS)
libkeyplate_once_a_CFLAGS = $(AM_CFLAGS) $(KP_SMALL)
libkeyplate_once_a_SOURCES = \
	%D%/base/codec.c \
	%D%/base/diag.c \
	%D%/base/duration.c \
	%D%/base/near.c \
	%D%/core/diff.c \
	%D%/core/filter.c \
	%D%/core/plan.c \
	%D%/core/pointer.c \
	%D%/core/profile.c \
	%D%/core/rulevalue.c \
	%D%/core/syntax.c \
	%D%/format/frame.c \
	%D%/format/ini_insert.c \
	%D%/format/ini_systemd.c \
	%D%/format/ini_systemd_encode.c \
	%D%/format/ini_systemd_line.c \
	%D%/format/ini_systemd_word.c \
	%D%/format/json_insert.c \
	%D%/format/php.c \
	%D%/format/php_string.c \
	%D%/format/php_walk.c \
	%D%/format/toml_insert.c \
	%D%/format/xml_doctype.c \
	%D%/format/xml_insert.c \
	%D%/format/yaml_insert.c

# The same, of init alone.
libkeyplate_init_a_CFLAGS = $(AM_CFLAGS) $(KP_SMALL)
libkeyplate_init_a_SOURCES = \
	%D%/core/guess.c \
	%D%/core/guess.h \
	%D%/core/proposal.c \
	%D%/core/proposal.h \
	%D%/core/script.c \
	%D%/core/script.h \
	%D%/core/script_parts.h \
	%D%/core/script_sed.c \
	%D%/core/script_word.c \
	%D%/core/shell.c \
	%D%/core/shell.h \
	%D%/core/survey.c \
	%D%/core/survey.h

# The rest of keyplate but its main(), so that unit tests can link it.
libkeyplate_run_a_CFLAGS = $(AM_CFLAGS) $(KP_SMALL)
libkeyplate_run_a_SOURCES = \
	%D%/cli/cmd_check.c \
	%D%/cli/cmd_diff.c \
	%D%/cli/cmd_encode.c \
	%D%/cli/cmd_explain.c \
	%D%/cli/cmd_init.c \
	%D%/cli/cmd_probe.c \
	%D%/cli/cmd_render.c \
	%D%/cli/cmd_run.c \
	%D%/cli/cmd_wait.c \
	%D%/cli/commands.h \
	%D%/cli/envsubst.c \
	%D%/cli/envsubst.h \
	%D%/cli/exit.c \
	%D%/cli/exit.h \
	%D%/cli/exports.c \
	%D%/cli/help.c \
	%D%/cli/help.h \
	%D%/cli/hidden.c \
	%D%/cli/hidden.h \
	%D%/cli/inputs.c \
	%D%/cli/inputs.h \
	%D%/cli/memory.c \
	%D%/cli/memory.h \
	%D%/cli/option.c \
	%D%/cli/option.h \
	%D%/cli/options.c \
	%D%/cli/options.h \
	%D%/cli/paint.c \
	%D%/cli/paint.h \
	%D%/cli/report.c \
	%D%/cli/report.h \
	%D%/cli/start.c \
	%D%/cli/start.h \
	%D%/cli/store.c \
	%D%/cli/topic.c \
	%D%/cli/topic.h \
	%D%/cli/varfiles.c \
	%D%/cli/varfiles.h \
	%D%/cli/waits.c \
	%D%/cli/waits.h \
	%D%/cli/watching.c \
	%D%/cli/watching.h \
	%D%/cli/work.c \
	%D%/cli/work.h \
	%D%/io/attributes.c \
	%D%/io/attributes.h \
	%D%/io/bundle.c \
	%D%/io/bundle.h \
	%D%/io/commit.c \
	%D%/io/commit.h \
	%D%/io/commit_file.h \
	%D%/io/commit_place.c \
	%D%/io/commit_target.c \
	%D%/io/commit_temp.c \
	%D%/io/config.c \
	%D%/io/config.h \
	%D%/io/dir.c \
	%D%/io/dir.h \
	%D%/io/envfile.c \
	%D%/io/envfile.h \
	%D%/io/file.c \
	%D%/io/file.h \
	%D%/io/memfile.c \
	%D%/io/memfile.h \
	%D%/io/rewrite.c \
	%D%/io/rewrite.h \
	%D%/io/rulefile.c \
	%D%/io/rulefile.h \
	%D%/io/secrets.c \
	%D%/io/secrets.h \
	%D%/io/spent.c \
	%D%/io/spent.h \
	%D%/io/tree.c \
	%D%/io/tree.h \
	%D%/io/watch.c \
	%D%/io/watch.h \
	%D%/net/address.c \
	%D%/net/address.h \
	%D%/net/connect.c \
	%D%/net/connect.h \
	%D%/net/dns.c \
	%D%/net/dns.h \
	%D%/net/http.c \
	%D%/net/http.h \
	%D%/net/limit.c \
	%D%/net/limit.h \
	%D%/net/names.c \
	%D%/net/names.h \
	%D%/net/reason.c \
	%D%/net/reason.h \
	%D%/net/resolve.c \
	%D%/net/resolve.h \
	%D%/net/url.c \
	%D%/net/url.h \
	%D%/net/wait.c \
	%D%/net/wait.h \
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
	%D%/proc/heap.c \
	%D%/proc/heap.h \
	%D%/proc/launch.c \
	%D%/proc/launch.h \
	%D%/proc/program.c \
	%D%/proc/program.h \
	%D%/proc/refresh.c \
	%D%/proc/refresh.h \
	%D%/proc/release.c \
	%D%/proc/release.h \
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
	%D%/cli/main.c \
	%D%/proc/origin.c
keyplate_LDADD = libkeyplate-run.a libkeyplate-init.a libkeyplate.a \
    $(PROGRAM_LIBS)
keyplate_LDFLAGS = $(AM_LDFLAGS) $(PROGRAM_LDFLAGS)
