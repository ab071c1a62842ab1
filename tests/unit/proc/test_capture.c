/* SPDX-License-Identifier: MIT */
/* test_capture - a command's output and status, and an end while it runs. */
#include "proc/capture.h"
#include "proc/signals.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <unistd.h>

#include <cmocka.h>

static const struct {
	const char *name, *script, *output;
	int status;
} commands[] = {
	{ "silence is no output", "exit 3", "", 3 },
	{ "both outputs are kept", "echo a; echo b >&2", "a\nb\n", 0 },
	{ "a signal counts as 128 and its number", "kill -9 $$", "", 137 },
	{ "input is empty", "cat; echo end", "end\n", 0 },
	{ "a command is waited for that closes its outputs",
	    "exec >&- 2>&-; sleep 0.1; exit 4", "", 4 },
};

/* kp_capture() of a shell's script. */
static bool
capture(const char *script, int *status, struct kp_buf *output,
    struct kp_diags *diags)
{
	char shell[] = "sh", option[] = "-c";
	char *text = strdup(script);
	char *argv[] = { shell, option, text, NULL };
	bool done;

	assert_non_null(text);
	done = kp_capture("file", argv, environ, status, output, diags);
	free(text);
	return done;
}

static void
a_command_is_run_to_its_end(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		struct kp_diags diags = { 0 };
		struct kp_buf output = { 0 };
		int status = -1;

		print_message("# %s\n", commands[i].name);
		assert_true(
		    capture(commands[i].script, &status, &output, &diags));
		assert_int_equal(status, commands[i].status);
		kp_buf_add_char(&output, '\0');
		assert_string_equal(output.data, commands[i].output);
		kp_buf_wipe(&output);
		assert_int_equal(diags.count, 0);
	}
}

static void
what_cannot_be_run_has_the_status_of_the_shell(void **state)
{
	char none[] = "/no/such/command", folder[] = "/";
	char *absent[] = { none, NULL }, *present[] = { folder, NULL };
	struct kp_diags diags = { 0 };
	struct kp_buf output = { 0 };
	int status = -1;

	(void)state;
	assert_true(
	    kp_capture("file", absent, environ, &status, &output, &diags));
	assert_int_equal(status, 127);
	assert_true(
	    kp_capture("file", present, environ, &status, &output, &diags));
	assert_int_equal(status, 126);
	kp_buf_wipe(&output);
	kp_diags_free(&diags);
}

/* These commands do not end by themselves within the time of a test. */
static void
a_signal_puts_an_end_to_it(void **state)
{
	static const char *const scripts[] = {
		"sleep 1000 & sleep 1000",
		"exec >&- 2>&-; sleep 1000",
		"trap '' TERM INT; while :; do sleep 1000; done",
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(scripts) / sizeof(scripts[0]); i++) {
		struct kp_diags diags = { 0 };
		struct kp_buf output = { 0 };
		int status = -1;

		assert_int_equal(kill(getpid(), SIGTERM), 0);
		assert_false(capture(scripts[i], &status, &output, &diags));
		assert_int_equal(status, -1);
		assert_int_equal(diags.count, 0);
		assert_int_equal(kp_signals_poll(), SIGTERM);
		assert_int_equal(kp_signals_poll(), 0);
		kp_buf_wipe(&output);
	}
}

static void
a_signal_while_it_runs_puts_an_end_to_it(void **state)
{
	struct kp_diags diags = { 0 };
	struct kp_buf output = { 0 };
	int status = -1;

	(void)state;
	assert_false(
	    capture("kill -INT $PPID; sleep 1000", &status, &output, &diags));
	assert_int_equal(kp_signals_poll(), SIGINT);
	kp_buf_wipe(&output);
}

static void
without_a_descriptor_nothing_is_run(void **state)
{
	struct rlimit old, few;
	struct kp_diags diags = { 0 };
	struct kp_buf output = { 0 };
	int status = -1, next = dup(STDIN_FILENO);
	bool done;

	(void)state;
	assert_int_not_equal(next, -1);
	close(next);
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &old), 0);
	few = (struct rlimit){ (rlim_t)next + 1, old.rlim_max };
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
	done = capture("exit 0", &status, &output, &diags);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &old), 0);
	assert_false(done);
	assert_int_equal(status, -1);
	assert_int_equal(diags.errors, 1);
	assert_non_null(strstr(diags.list[0].text, "cannot make a pipe"));
	kp_buf_wipe(&output);
	kp_diags_free(&diags);
	/* One of two is not kept. */
	assert_int_equal(dup(STDIN_FILENO), next);
	close(next);
}

static void
note_alarm(int number)
{
	(void)number;
}

/* No call is made again by itself where a handler has run. */
static void
interruptions_change_nothing(void **state)
{
	const struct sigaction noting = { .sa_handler = note_alarm };
	const struct itimerval often = { { 0, 5000 }, { 0, 5000 } };
	const struct itimerval never = { { 0, 0 }, { 0, 0 } };
	struct sigaction old;
	struct kp_diags diags = { 0 };
	struct kp_buf output = { 0 };
	sigset_t alarms, blocked;
	int status = -1;

	(void)state;
	sigemptyset(&alarms);
	sigaddset(&alarms, SIGALRM);
	assert_int_equal(sigaction(SIGALRM, &noting, &old), 0);
	assert_int_equal(sigprocmask(SIG_UNBLOCK, &alarms, &blocked), 0);
	assert_int_equal(setitimer(ITIMER_REAL, &often, NULL), 0);
	assert_true(capture("sleep 0.1; echo a; exec >&- 2>&-; sleep 0.1; "
	                    "exit 4",
	    &status, &output, &diags));
	assert_int_equal(setitimer(ITIMER_REAL, &never, NULL), 0);
	assert_int_equal(sigprocmask(SIG_SETMASK, &blocked, NULL), 0);
	assert_int_equal(sigaction(SIGALRM, &old, NULL), 0);
	assert_int_equal(status, 4);
	assert_int_equal(diags.count, 0);
	assert_true(kp_str_is(kp_buf_view(&output), "a\n"));
	kp_buf_wipe(&output);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_command_is_run_to_its_end),
		cmocka_unit_test(
		    what_cannot_be_run_has_the_status_of_the_shell),
		cmocka_unit_test(a_signal_puts_an_end_to_it),
		cmocka_unit_test(a_signal_while_it_runs_puts_an_end_to_it),
		cmocka_unit_test(without_a_descriptor_nothing_is_run),
		cmocka_unit_test(interruptions_change_nothing),
	};

	/* Who started the test may ignore it: then keyplate does, too. */
	signal(SIGINT, SIG_DFL);
	/* As main does: a signal stays pending until it is asked for. */
	kp_signals_block();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
