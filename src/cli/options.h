/* SPDX-License-Identifier: MIT */
/*
 * options - what the command line, KEYPLATE_ variables and the [keyplate]
 * section ask for, from one table.
 *
 * The command line wins, then the environment, then rule files.  A
 * repeatable option given at a higher place replaces the lower one's list.
 * In a variable or a rule file, where an option stands once, lists of paths
 * are split at ":", lists of words at ","; --template, --set and --export,
 * which may hold both, give one value there.
 */
#ifndef KP_CLI_OPTIONS_H
#define KP_CLI_OPTIONS_H

#include "base/attr.h"
#include "base/diag.h"
#include "base/list.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>

enum kp_command {
	KP_CMD_RUN,
	KP_CMD_RENDER,
	KP_CMD_CHECK,
	KP_CMD_DIFF,
	KP_CMD_EXPLAIN,
	KP_CMD_INIT,
	KP_CMD_ENCODE,
	KP_CMD_DECODE,
	KP_CMD_WAIT,
	KP_CMD_PROBE,
	KP_CMD_HELP, /* also where no command could be made out */
	KP_CMD_VERSION,
};

/* never, child's end, and the like: -1 means "as long as it takes". */
#define KP_FOREVER (-1L)

/* How problems are told. */
enum kp_log_format {
	KP_LOG_TEXT,
	KP_LOG_JSON,
	KP_LOG_GCC,    /* as compilers do: for editors */
	KP_LOG_GITHUB, /* annotations of GitHub's workflows */
};

/* What --watch does, where it is no signal. */
#define KP_OPTIONS_RESTART "restart"

/* No fewer than there are options in the table. */
#define KP_OPTIONS_MAX 96

struct kp_options {
	enum kp_command command;
	enum kp_command topic; /* of KP_CMD_HELP: a command, or itself: all */
	const char *help_on;   /* of KP_CMD_HELP: a topic by name, or NULL */

	/* where things are */
	struct kp_list configs;   /* -c; empty: the default places */
	struct kp_list secrets;   /* -s; empty: the default places */
	struct kp_list env_files; /* -e */
	const char *root;         /* --root, or NULL */

	/* what is rendered */
	struct kp_list operands;  /* SRC[:DST]; of wait and probe: URL */
	struct kp_list templates; /* -t SRC[:DST] */
	struct kp_list sets;      /* --set FILE:PATH=VALUE */
	struct kp_list exports;   /* --export NAME=VALUE */
	const char *format;       /* -f, or NULL: by file name */
	const char *syntax;       /* --syntax, or NULL: keyplate */
	const char *delimiters;   /* --delimiters 'L R', or NULL */
	struct kp_list only;      /* --only; empty: every name */
	const char *style;        /* encode --style, or NULL: bare */
	const char *suffix;       /* --suffix, cut off in rendered trees */
	const char *output;       /* -o, or NULL */
	const char *mode;         /* --mode 0640, or NULL */
	const char *owner;        /* --owner USER:GROUP, or NULL */
	bool no_overwrite, in_place, allow_missing, dry_run, fsync;
	bool names;               /* explain --names */
	unsigned long max_secret; /* --max, bytes */

	/* the service */
	char **argv;             /* borrowed: all that was parsed */
	char **command_argv;     /* borrowed from argv; NULL: none */
	const char *user;        /* -u, or NULL */
	bool exec;               /* --exec */
	bool to_group;           /* --signal=group */
	struct kp_list rewrites; /* --rewrite SIG:SIG2 */
	struct kp_list delays;   /* --delay SIG:DUR */
	long kill_after_ms;      /* --kill-after; KP_FOREVER: never (default) */
	long linger_ms;          /* --linger; default 3000; KP_FOREVER: inf */
	const char *watch; /* --watch: a signal, KP_OPTIONS_RESTART, or NULL */
	struct kp_list exit_zero; /* --exit-zero CODE */
	struct kp_list map_exit;  /* --map-exit A:B */
	bool propagate_signal;    /* --propagate-signal */
	const char *parent_death; /* --parent-death SIG, or NULL */
	bool no_subreaper;        /* --subreaper=no */
	bool setsid, reset_signals, log_reaped;
	bool keep_home, no_new_privs, keep_init_root, no_chown_stdio;
	struct kp_list keep_caps;  /* --cap-keep NAME */
	const char *oom_score_adj; /* --oom-score-adj N, or NULL */
	bool pristine; /* --pristine: exports and what keep_env names */
	struct kp_list keep_env, drop_env; /* shell patterns */
	struct kp_list expand_files; /* the same, and KP_VARFILES_SECRETS */
	int exit_code;               /* --exit-code; default 125 */

	/* what is waited for */
	struct kp_list waits;   /* --wait URL */
	long timeout_ms;        /* --timeout; 0: as the command has it */
	long interval_ms;       /* --interval; default 1000 */
	struct kp_list expect;  /* --expect; empty: 200-399 */
	struct kp_list headers; /* --header NAME:VALUE */
	const char *basic_auth; /* --basic-auth USER:PASS, or NULL */

	/* diagnostics */
	unsigned verbose;
	bool quiet;
	enum kp_log_format log_format; /* --log-format */
	int color;                     /* 0 auto, 1 always, -1 never */

	struct kp_list kept; /* owns the strings that came from rule files */

	/* Of each option of the table, the place that set it: private. */
	unsigned char places[KP_OPTIONS_MAX];
};

/* The built-in defaults. */
void kp_options_init(struct kp_options *options);

/*
 * Read argv (argv[0] included) and the KEYPLATE_ variables of envp.  A
 * problem is a usage error; all are reported, and what could be read is set
 * all the same: command and exit_code decide the status.  A variable that
 * names no option gets a warning, an empty one counts as not set.  Strings
 * are borrowed from both.
 */
bool kp_options_parse(struct kp_options *options, int argc, char **argv,
    char **envp, struct kp_diags *diags) KP_MUST_CHECK;

/*
 * One "name = value" of a [keyplate] section: taken only where neither the
 * command line nor the environment set it; of two rule files the later one
 * counts.  Copies value.  A problem is reported at the value, which is at
 * offset of src, or at the name that begins its line.
 */
bool kp_options_from_rule(struct kp_options *options, struct kp_str name,
    struct kp_str value, const struct kp_source *src, size_t offset,
    struct kp_diags *diags) KP_MUST_CHECK;

/*
 * The names that [keyplate] knows, for near-miss hints; ended by NULL.  All
 * but config, which says where to look for rule files, help and version.
 */
const char *const *kp_options_names(void);

void kp_options_free(struct kp_options *options);

#endif
