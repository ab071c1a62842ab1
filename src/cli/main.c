/* SPDX-License-Identifier: MIT */
/*
 * main - the start of keyplate, and the map of it.
 *
 *	main
 *	  kp_signals_block    proc/signals: from here on no signal is lost
 *	  secure_stdio        no secret's file ever becomes descriptor 0, 1, 2
 *	  kp_guard_raise      proc/guard: no core, no reader of our memory
 *	  kp_options_parse    cli/options: what to do
 *	  dispatch            cli/cmd_*: one file for each command
 *	    rule files          io/config     -> core/plan: targets, rules
 *	    secrets, variables  io/secrets    -> core/values: names, bytes
 *	    files               io/file       -> core/render: new bytes, by
 *	                        core/template, core/match and format/NAME
 *	    --wait              net/wait      -> what COMMAND needs is up
 *	    no error anywhere   io/commit     -> files on disk, by rename
 *	    run                 proc/service  -> privileges dropped, COMMAND
 *	                        started; proc/supervise stays with it
 *	    --watch             cli/watching  -> rendered again by a process of
 *	                        its own, when io/watch has seen a change
 *	  kp_report           cli/report: what there is to say
 *
 * The folders are layers: each knows those before it, but net io and base
 * alone, and proc base.
 *
 *	base    strings, buffers, texts with line numbers, problems
 *	format  one file for each reader's dialect: scan a text, encode a value
 *	core    placeholders, rules, rendering; no input or output up to here
 *	io      files, secrets, rule files, writing
 *	net     names, connections, what is up
 *	proc    signals, users, environment, start, supervision
 *	cli     options, commands, messages
 */
#include "base/diag.h"
#include "base/near.h"
#include "cli/commands.h"
#include "cli/envsubst.h"
#include "cli/exit.h"
#include "cli/help.h"
#include "cli/options.h"
#include "cli/report.h"
#include "cli/topic.h"
#include "io/file.h"
#include "proc/guard.h"
#include "proc/heap.h"
#include "proc/signals.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/auxv.h>
#include <sys/xattr.h>
#include <unistd.h>

/* One call asks for all three; false too where it cannot tell. */
static bool
has_stdio(void)
{
	struct pollfd fds[] = {
		{ .fd = STDIN_FILENO },
		{ .fd = STDOUT_FILENO },
		{ .fd = STDERR_FILENO },
	};

	return poll(fds, 3, 0) != -1 &&
	    ((fds[0].revents | fds[1].revents | fds[2].revents) & POLLNVAL) ==
	    0;
}

/*
 * A closed descriptor is the next one that open() gives.  Where there is no
 * /dev/null, a directory takes the place: neither read nor written.
 */
static bool
secure_stdio(void)
{
	int fd;

	if (has_stdio())
		return true;
	for (fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
		if (fcntl(fd, F_GETFD) != -1 || errno != EBADF)
			continue;
		if (open("/dev/null", O_RDWR | O_NOCTTY) != fd &&
		    open("/", O_RDONLY | O_DIRECTORY) != fd)
			return false;
	}
	return true;
}

/*
 * A copy that is set-user-ID, or has capabilities of its own, would read
 * secrets for those who may not.  AT_SECURE alone does not tell: a change of
 * security label sets it too.
 */
static bool
has_borrowed_rights(void)
{
	return getauxval(AT_SECURE) != 0 &&
	    (getuid() != geteuid() || getgid() != getegid() ||
	        getxattr("/proc/self/exe", "security.capability", NULL, 0) > 0);
}

static bool
print_out(struct kp_str text, struct kp_diags *diags)
{
	return kp_file_write(STDOUT_FILENO, text) ||
	    kp_diag_sys(diags, NULL, "cannot write to standard output");
}

static int
complain_topic(const char *name, struct kp_diags *diags)
{
	const char *near = kp_near_best(kp_str_of(name), kp_topic_names());

	kp_diag_usage(diags, "no topic \"%s\"", name);
	if (near != NULL)
		kp_diag_hint(diags, "did you mean %s?", near);
	else
		kp_diag_hint(diags, "keyplate help lists the topics");
	return KP_EXIT_USAGE;
}

static int
print_help(const struct kp_options *options, struct kp_diags *diags)
{
	struct kp_buf out = { 0 };
	bool done;

	if (options->help_on == NULL)
		kp_help_add(options->topic, &out);
	else if (!kp_topic_add(options->help_on, &out))
		return complain_topic(options->help_on, diags);
	done = kp_buf_ok(&out) ? print_out(kp_buf_view(&out), diags) :
	                         kp_diag_nomem(diags);
	kp_buf_wipe(&out);
	return done ? KP_EXIT_DONE : KP_EXIT_FAULT;
}

static int
print_version(struct kp_diags *diags)
{
	if (!print_out(kp_str_of("keyplate " PACKAGE_VERSION "\n"), diags))
		return KP_EXIT_FAULT;
	return KP_EXIT_DONE;
}

static int
dispatch(struct kp_options *options, char **envp, struct kp_diags *diags)
{
	switch (options->command) {
	case KP_CMD_RUN:
		return kp_cmd_run(options, envp, diags);
	case KP_CMD_RENDER:
		return kp_cmd_render(options, envp, diags);
	case KP_CMD_CHECK:
		return kp_cmd_check(options, envp, diags);
	case KP_CMD_DIFF:
		return kp_cmd_diff(options, envp, diags);
	case KP_CMD_EXPLAIN:
		return kp_cmd_explain(options, envp, diags);
	case KP_CMD_INIT:
		return kp_cmd_init(options, envp, diags);
	case KP_CMD_ENCODE:
		return kp_cmd_encode(options, envp, diags);
	case KP_CMD_DECODE:
		return kp_cmd_decode(options, envp, diags);
	case KP_CMD_WAIT:
		return kp_cmd_wait(options, envp, diags);
	case KP_CMD_PROBE:
		return kp_cmd_probe(options, envp, diags);
	case KP_CMD_VERSION:
		return print_version(diags);
	case KP_CMD_HELP:
		break;
	}
	return print_help(options, diags);
}

static int
start(int argc, char **argv, char **envp, struct kp_options *options,
    struct kp_diags *diags)
{
	if (has_borrowed_rights()) {
		kp_diag_file(diags, NULL,
		    "this copy of keyplate is set-user-ID or has capabilities");
		kp_diag_hint(diags, "chmod 0755 it, setcap -r it");
		return KP_EXIT_OWN;
	}
	if (argc > 0 && kp_envsubst_is_name(argv[0]))
		return kp_envsubst(argc, argv, envp, diags);
	if (!kp_options_parse(options, argc, argv, envp, diags))
		return kp_exit_of(options, diags);
	return dispatch(options, envp, diags);
}

int
main(int argc, char **argv, char **envp)
{
	struct kp_options options;
	struct kp_diags diags = { 0 };
	int status;

	kp_signals_block();
	if (!secure_stdio())
		return KP_EXIT_OWN;
	kp_guard_raise();
	kp_heap_widen();
	kp_options_init(&options);
	status = start(argc, argv, envp, &options, &diags);
	kp_report(&diags, &options);
	kp_diags_free(&diags);
	kp_options_free(&options);
	return status;
}
