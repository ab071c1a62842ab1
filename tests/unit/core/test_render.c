/* SPDX-License-Identifier: MIT */
/* test_render - one template to the bytes of one target. */
#include "core/render.h"

#include "fake.h"
#include "format/formats.h"

#include <stdlib.h>
#include <time.h>

static const struct fake_name names[] = {
	{ KP_SECRET, "pw", KP_STR("canary-pw\n"), NULL },
	{ KP_SECRET, "other", KP_STR("canary-other\n"), NULL },
	{ KP_SECRET, "twolines", KP_STR("canary-one\ncanary-two\n"), NULL },
	{ KP_SECRET, "breakout", KP_STR("canary\nadmin: yes\n# "), NULL },
	{ KP_SECRET, "again", KP_STR("canary-${pw}-again"), NULL },
	{ KP_SECRET, "yamltree", KP_STR("a: canary-a\n  b: canary-b\n"), NULL },
	{ KP_SECRET, "digits", KP_STR("424242\n"), NULL },
	{ KP_SECRET, "blank", KP_STR("\n"), NULL },
	{ KP_SECRET, "fifo", KP_STR(""), "is a FIFO, not a file" },
	{ KP_ENV, "HOST", KP_STR("db.example"), NULL },
	{ KP_ENV, "PORT", KP_STR("5432"), NULL },
	{ KP_ENV, "ON", KP_STR("true"), NULL },
	{ KP_ENV, "EXP", KP_STR("1e3"), NULL },
	{ KP_ENV, "EMPTY", KP_STR(""), NULL },
	{ KP_ENV, "TYPO", KP_STR("x"), NULL },
	{ KP_ANY, NULL, KP_STR(""), NULL },
};

/* A rule as a rule file would have it; what is not said is NULL. */
struct rule {
	const char *key, *pattern;
	const char *value, *replace;
	bool optional;
	size_t count; /* 0: once */
};

/* The bytes of a template, a plan for it, and what came of both. */
struct run {
	struct kp_source src;
	struct kp_plan plan;
	struct kp_values values;
	struct fake fake;
	struct kp_rendering out;
	struct kp_diags diags;
	bool done;
};

static char *
copy(const char *text)
{
	return text == NULL ? NULL : strdup(text);
}

/* Rule n stands on line n + 1: its name, a blank and its value. */
static void
add_rule(struct run *run, const struct rule *rule,
    const struct kp_source *rules, struct kp_str line)
{
	size_t at = (size_t)(line.ptr - rules->text.ptr);
	const struct kp_written name = { rules, at, 2 };
	const struct kp_written value = { rules, at + 3, line.len - 3 };

	if (rule->key != NULL) {
		struct kp_set_rule *set = kp_plan_add_set(&run->plan);

		set->name = strdup("s");
		set->file = strdup("target");
		set->key = copy(rule->key);
		set->value = copy(rule->value);
		set->optional = rule->optional;
		set->written = name;
		set->value_written = value;
	} else {
		struct kp_match_rule *match = kp_plan_add_match(&run->plan);

		match->name = strdup("m");
		match->file = strdup("target");
		match->pattern = copy(rule->pattern);
		match->value = copy(rule->value);
		match->replace = copy(rule->replace);
		match->count = rule->count == 0 ? 1 : rule->count;
		match->optional = rule->optional;
		match->written = match->pattern_written = name;
		match->value_written = value;
	}
}

static void
set_plan(struct run *run, const struct rule *rules, size_t count)
{
	struct kp_target *target = kp_plan_add_target(&run->plan);
	struct kp_buf text = { 0 };
	const struct kp_source *src;
	struct kp_str rest, line;
	size_t i;

	target->name = strdup("target");
	for (i = 0; i < count; i++)
		kp_buf_add_format(&text, "r%zu %s\n", i,
		    rules[i].value != NULL ? rules[i].value : rules[i].replace);
	src = kp_plan_add_source(&run->plan, "rules", &text, KP_NPOS);
	rest = src->text;
	for (i = 0; i < count && kp_str_next_line(&rest, &line); i++)
		add_rule(run, &rules[i], src, line);
	assert_true(kp_plan_check(&run->plan, &run->diags));
}

static void
render_as(struct run *run, const struct kp_format *format, struct kp_str text,
    const struct rule *rules, size_t nrules, bool allow_missing)
{
	struct kp_job job = { .src = &run->src,
		.format = format,
		.plan = &run->plan,
		.allow_missing = allow_missing,
		.traced = true };

	*run = (struct run){ .src = { .name = "t", .text = text },
		.fake = { .names = names } };
	set_plan(run, rules, nrules);
	job.target = &run->plan.targets[0];
	fake_values(&run->values, &run->fake);
	run->done = kp_render(&job, &run->values, &run->out, &run->diags);
}

/* Placeholders alone; traced or not. */
static void
render_way(struct run *run, const struct kp_format *format, struct kp_str text,
    bool traced, bool allow_missing)
{
	const struct kp_job job = { .src = &run->src,
		.format = format,
		.allow_missing = allow_missing,
		.traced = traced };

	*run = (struct run){ .src = { .name = "t", .text = text },
		.fake = { .names = names } };
	fake_values(&run->values, &run->fake);
	run->done = kp_render(&job, &run->values, &run->out, &run->diags);
}

static void
free_run(struct run *run)
{
	kp_rendering_free(&run->out);
	kp_values_wipe(&run->values);
	kp_plan_free(&run->plan);
	kp_diags_free(&run->diags);
}

/* "kp", six letters, eight digits and a "z". */
static bool
holds_sentinel(struct kp_str text)
{
	size_t at, i;

	for (at = 0; at + 17 <= text.len; at++) {
		const char *p = text.ptr + at;

		if (p[0] != 'k' || p[1] != 'p' || p[16] != 'z')
			continue;
		for (i = 2; i < 16; i++) {
			if (i < 8 ? !kp_is_alpha(p[i]) : !kp_is_digit(p[i]))
				break;
		}
		if (i == 16)
			return true;
	}
	return false;
}

static bool
holds_canary(struct kp_str text)
{
	return kp_str_find_str(text, kp_str_of("canary")) != KP_NPOS ||
	    kp_str_find_str(text, kp_str_of("424242")) != KP_NPOS;
}

/* Slots are in order, and outside of them is no byte of a secret. */
static void
check_slots(const char *name, const struct kp_rendering *out)
{
	struct kp_str bytes = kp_buf_view(&out->bytes);
	size_t done = 0, i;

	for (i = 0; i <= out->nslots; i++) {
		size_t start =
		    i < out->nslots ? out->slots[i].start : bytes.len;

		if (start < done || start > bytes.len)
			fail_msg("%s: slot %zu begins at %zu", name, i, start);
		if (holds_canary(kp_str_slice(bytes, done, start)))
			fail_msg("%s: a value is outside of the slots", name);
		if (i == out->nslots)
			break;
		done = out->slots[i].end;
		if (done < start || done > bytes.len)
			fail_msg("%s: slot %zu ends at %zu", name, i, done);
		if (holds_canary(kp_buf_view(&out->slots[i].label)))
			fail_msg("%s: a label holds a value", name);
		if (holds_sentinel(kp_buf_view(&out->slots[i].label)))
			fail_msg("%s: a label holds a sentinel", name);
	}
}

static void
check_words(const char *name, const char *words)
{
	if (holds_canary(kp_str_of(words)))
		fail_msg("%s: a message holds a value", name);
	if (holds_sentinel(kp_str_of(words)))
		fail_msg("%s: a message holds a sentinel: %s", name, words);
}

static struct kp_str
path_of(const struct kp_use *use)
{
	return use->path == NULL ? kp_str_of("") : kp_buf_view(use->path);
}

/* What holds of every rendering, whatever comes of it. */
static void
check_run(const char *name, const struct run *run)
{
	size_t i;

	if (run->done != (run->diags.errors == 0))
		fail_msg("%s: done is %d with %zu errors", name, run->done,
		    run->diags.errors);
	if (!run->done && run->out.bytes.len > 0)
		fail_msg("%s: there are bytes though it failed", name);
	if (holds_sentinel(kp_buf_view(&run->out.bytes)))
		fail_msg("%s: the result holds a sentinel", name);
	for (i = 0; i < run->diags.count; i++) {
		check_words(name, run->diags.list[i].text);
		check_words(name, run->diags.list[i].hint);
		check_words(name, run->diags.list[i].line);
	}
	for (i = 0; i < run->out.nuses; i++)
		check_words(name, path_of(&run->out.uses[i]).ptr);
	if (run->done)
		check_slots(name, &run->out);
}

static size_t
count_rules(const struct rule *rules)
{
	size_t count = 0;

	while (count < 4 &&
	    (rules[count].key != NULL || rules[count].pattern != NULL))
		count++;
	return count;
}

/* --- what comes out --- */

static const struct {
	const char *name;
	const struct kp_format *format;
	const char *text;
	struct rule rules[4];
	const char *expect;
} good[] = {
	{ "nothing to replace", &kp_format_yaml, "a: 1\n", { { 0 } },
	    "a: 1\n" },
	{ "an empty text", &kp_format_text, "", { { 0 } }, "" },
	{ "one of several directives", &kp_format_nginx, "a 1;\na 2 3;\na 4;\n",
	    { { .key = "a[2]", .value = "${HOST}" },
	        { .key = "a[1][1]", .value = "${PORT}" } },
	    "a 1;\na 2 5432;\na db.example;\n" },
	{ "a placeholder that a set replaces is not looked up", &kp_format_yaml,
	    "a: x${nope}y\n", { { .key = "a", .value = "${PORT}" } },
	    "a: 5432\n" },
	{ "values in a text", &kp_format_text, "a=${pw} b=${HOST}\nc=$${x} $d",
	    { { 0 } }, "a=canary-pw b=db.example\nc=${x} $d" },
	{ "one name at several places", &kp_format_text, "${pw}${pw}-${pw}",
	    { { 0 } }, "canary-pwcanary-pw-canary-pw" },
	{ "an element in one that has nothing", &kp_format_xml, "<c></c>",
	    { { .key = "c.d", .value = "${pw}" } }, "<c><d>canary-pw</d></c>" },
	{ "an element in one that has blanks", &kp_format_xml,
	    "<c>\n  <e>\n  </e>\n</c>\n",
	    { { .key = "c.e.f", .value = "${pw}" },
	        { .key = "c.e.g", .value = "${HOST}" } },
	    "<c>\n  <e><f>canary-pw</f><g>db.example</g>\n  </e>\n</c>\n" },
	{ "an element in one that has a comment", &kp_format_xml,
	    "<c>\n  <!-- <d>e</d> -->\n</c>\n",
	    { { .key = "c.d", .value = "${pw}" } },
	    "<c>\n  <!-- <d>e</d> -->\n  <d>canary-pw</d>\n</c>\n" },
	{ "a key that stands alone", &kp_format_properties,
	    "# ${nope}\nflag\nb=1\n", { { .key = "flag", .value = "=${pw}" } },
	    "# ${nope}\nflag==canary-pw\nb=1\n" },
	{ "a value is never scanned again", &kp_format_text, "a=${again}\n",
	    { { 0 } }, "a=canary-${pw}-again\n" },
	{ "several values in one scalar", &kp_format_yaml,
	    "dsn: pg://u:${pw|urlencode}@${HOST}:${PORT}/d # ${nope}\n",
	    { { 0 } }, "dsn: pg://u:canary-pw@db.example:5432/d # ${nope}\n" },
	{ "a setting stays a number, a secret does not", &kp_format_yaml,
	    "a: ${PORT}\nb: ${ON}\nc: ${digits}\n", { { 0 } },
	    "a: 5432\nb: true\nc: \"424242\"\n" },
	{ "a filter makes no number of what is in quotes", &kp_format_yaml,
	    "a: \"${EXP|number}\"\n", { { 0 } }, "a: \"1e3\"\n" },
	{ "a number with an exponent in JSON", &kp_format_json,
	    "{\"a\": ${EXP|number}}", { { 0 } }, "{\"a\": 1e3}" },
	{ "a tag says what becomes of a text", &kp_format_yaml,
	    "a: !b ${pw}\nc: !!int ${digits}\nd: !e '${HOST}'\n"
	    "f: !!binary |\n  ${pw|base64}\ng: !h x\ni: !j ${PORT}\n",
	    { { .key = "g", .value = "${ON} ${pw}" } },
	    "a: !b canary-pw\nc: !!int 424242\nd: !e 'db.example'\n"
	    "f: !!binary |\n  Y2FuYXJ5LXB3\ng: !h true canary-pw\n"
	    "i: !j 5432\n" },
	{ "a filter makes a secret a number", &kp_format_yaml,
	    "a: ${digits|int}\n", { { 0 } }, "a: 424242\n" },
	{ "a value with a line ending stays in its scalar", &kp_format_yaml,
	    "a: ${breakout}\nb: 1\n", { { 0 } },
	    "a: \"canary\\nadmin: yes\\n# \"\nb: 1\n" },
	{ "comments of YAML are left alone", &kp_format_yaml,
	    "# ${nope}\na: ${HOST} # ${pw} ${nope|raw}\n", { { 0 } },
	    "# ${nope}\na: db.example # ${pw} ${nope|raw}\n" },
	{ "comments of an INI file are left alone", &kp_format_ini_grafana,
	    "; ${nope}\n[a]\n# ${pw}\nb = ${HOST}\n", { { 0 } },
	    "; ${nope}\n[a]\n# ${pw}\nb = db.example\n" },
	{ "comments of a Caddyfile are left alone", &kp_format_caddyfile,
	    "# ${nope}\n:80 {\n\trespond ${HOST} # ${pw}\n}\n", { { 0 } },
	    "# ${nope}\n:80 {\n\trespond db.example # ${pw}\n}\n" },
	{ "comments in the first line of a block are left alone",
	    &kp_format_yaml,
	    "a: > # ${nope}\n  b\n  c\nd: |  # ${nope} ${pw}\n  ${HOST}\n"
	    "e: | # ${nope}\n  f\n",
	    { { .key = "e", .value = "${pw}" } },
	    "a: > # ${nope}\n  b\n  c\nd: |  # ${nope} ${pw}\n  db.example\n"
	    "e: |- # ${nope}\n  canary-pw\n" },
	{ "what is malformed in a comment is left alone", &kp_format_yaml,
	    "# ${a.b} ${nope}\na: ${HOST} # ${c:d} ${pw}\nb: ${pw} # ${\n"
	    "# ${X\nc: 1 # ${Y:-\n",
	    { { 0 } },
	    "# ${a.b} ${nope}\na: db.example # ${c:d} ${pw}\nb: canary-pw # ${\n"
	    "# ${X\nc: 1 # ${Y:-\n" },
	{ "what looks like a comment in what is read later is none",
	    &kp_format_yaml, "# use ${X:-foo\na: ${Y:-foo #bar}/${HOST}\n",
	    { { 0 } }, "# use ${X:-foo\na: \"foo #bar/db.example\"\n" },
	{ "also where a rule sets the value beside it", &kp_format_xml,
	    "<a><!-- ${a.b} ${pw} --><b>1</b></a>",
	    { { .key = "a.b", .value = "${pw}" } },
	    "<a><!-- ${a.b} ${pw} --><b>canary-pw</b></a>" },
	{ "also where text is spliced in", &kp_format_ini_grafana,
	    "[a]\n# ${a.b} ${nope|raw}\nb = ${pw|raw}\n", { { 0 } },
	    "[a]\n# ${a.b} ${nope|raw}\nb = canary-pw\n" },
	{ "also where a pattern matches beside it", &kp_format_nginx,
	    "# ${a.b}\nroot xxx; # ${X\n",
	    { { .pattern = "xxx", .replace = "${HOST}" } },
	    "# ${a.b}\nroot db.example; # ${X\n" },
	{ "the order, blanks and line endings stay", &kp_format_yaml,
	    "\r\n z:   ${HOST}   # c\r\n a: [ 1,2 ]\r\n q: ''", { { 0 } },
	    "\r\n z:   db.example   # c\r\n a: [ 1,2 ]\r\n q: ''" },
	/* raw and alternatives */
	{ "raw text brings structure", &kp_format_yaml,
	    "x:\n  ${yamltree|raw}\n  c: ${pw}\n", { { 0 } },
	    "x:\n  a: canary-a\n  b: canary-b\n  c: canary-pw\n" },
	{ "raw text between values", &kp_format_text,
	    "${pw} ${other|raw} ${HOST}\n", { { 0 } },
	    "canary-pw canary-other db.example\n" },
	{ "raw text beside a value of one scalar", &kp_format_yaml,
	    "a: \"${other|raw} ${twolines} ${other|raw}\"\n", { { 0 } },
	    "a: \"canary-other canary-one\\ncanary-two canary-other\"\n" },
	{ "raw text that reaches into a scalar with a value", &kp_format_yaml,
	    "x:\n  ${yamltree|raw}-${PORT}-${pw}\n", { { 0 } },
	    "x:\n  a: canary-a\n  b: canary-b-5432-canary-pw\n" },
	{ "raw in a comment is left alone", &kp_format_ini_grafana,
	    "[a]\n# ${nope|raw}\nb = ${pw|raw}\n", { { 0 } },
	    "[a]\n# ${nope|raw}\nb = canary-pw\n" },
	{ "an alternative alone on its lines is text of the template",
	    &kp_format_yaml,
	    "a: 1\n${HOST:+b:\n  c: ${pw}\n  # ${nope}\n}\nd: 2\n", { { 0 } },
	    "a: 1\nb:\n  c: canary-pw\n  # ${nope}\n\nd: 2\n" },
	{ "an alternative of what is not set is nothing", &kp_format_yaml,
	    "a: 1\n${nope:+b:\n  c: ${missing}\n}\nd: 2\n", { { 0 } },
	    "a: 1\n\nd: 2\n" },
	{ "alternatives within alternatives", &kp_format_ini_grafana,
	    "[a]\n${HOST:+b = 1\n${PORT:+c = ${pw}\n}\n${nope:+d = 1\n}\n}\n",
	    { { 0 } }, "[a]\nb = 1\nc = canary-pw\n\n\n\n" },
	{ "an alternative within a line is a value", &kp_format_yaml,
	    "a: ${HOST:+x: y}\n", { { 0 } }, "a: \"x: y\"\n" },
	/* set */
	{ "a key that is there is set", &kp_format_ini_grafana,
	    "[s]\na = 1 \nb = 2\n", { { .key = "s.a", .value = "${pw}" } },
	    "[s]\na = canary-pw \nb = 2\n" },
	{ "a key that is commented out is set on the next line",
	    &kp_format_ini_grafana, "[s]\n;a = 1\nb = 2\n",
	    { { .key = "s.a", .value = "${pw}" } },
	    "[s]\n;a = 1\na = canary-pw\nb = 2\n" },
	{ "a key that is missing is added to its section",
	    &kp_format_ini_grafana, "[s]\nb = 2\n\n[t]\n",
	    { { .key = "s.a", .value = "${pw}" } },
	    "[s]\nb = 2\na = canary-pw\n\n[t]\n" },
	{ "a set replaces the placeholders of its scalar", &kp_format_yaml,
	    "a: ${nope}\nb: ${HOST}\n", { { .key = "a", .value = "${pw}" } },
	    "a: canary-pw\nb: db.example\n" },
	{ "a set of text and values", &kp_format_yaml, "a:\n  b: 1\n",
	    { { .key = "a.b", .value = "x-${pw}-${nope:-z}" } },
	    "a:\n  b: x-canary-pw-z\n" },
	{ "a set without encoding", &kp_format_yaml, "a: 1\nb: 2\n",
	    { { .key = "a", .value = "[ ${pw|raw}, 3 ]" } },
	    "a: [ canary-pw, 3 ]\nb: 2\n" },
	{ "an optional set of what is not there is passed over",
	    &kp_format_yaml, "a: 1\n",
	    { { .key = "a", .value = "${nope}", .optional = true },
	        { .key = "a", .value = "${blank}", .optional = true } },
	    "a: 1\n" },
	{ "sets and placeholders together", &kp_format_yaml,
	    "a: 1\nb: ${pw}\nc: 3\n",
	    { { .key = "c", .value = "${HOST}" },
	        { .key = "a", .value = "${other}" } },
	    "a: canary-other\nb: canary-pw\nc: db.example\n" },
	/* match */
	{ "a match's value goes into its scalar", &kp_format_yaml,
	    "m:\n  skip: xxx\n",
	    { { .pattern = "^ +skip: (?<value>xxx)$", .value = "${ON|bool}" } },
	    "m:\n  skip: true\n" },
	{ "a match's value is encoded for its place", &kp_format_yaml,
	    "a: [ 'xxx', b ]\n",
	    { { .pattern = "'(?<value>xxx)'", .value = "${breakout}" } },
	    "a: [ \"canary\\nadmin: yes\\n# \", b ]\n" },
	{ "a replacement with groups", &kp_format_text, "user=root host=x\n",
	    { { .pattern = "(user)=(\\w+)",
	        .replace = "${2}/$1/$$1/$9/${pw}$" } },
	    "root/user/$1//canary-pw$ host=x\n" },
	{ "a group with a placeholder", &kp_format_text, "a=x${HOST}y$${z}\n",
	    { { .pattern = "^(a)=(.*)$", .replace = "$1: $2!" } },
	    "a: xdb.exampley${z}!\n" },
	{ "a match takes a placeholder away", &kp_format_text,
	    "a=${nope}b c=1\n",
	    { { .pattern = "=(?<value>\\$\\{nope\\}b)", .value = "${HOST}" },
	        { .pattern = "c", .replace = "d" } },
	    "a=db.example d=1\n" },
	{ "matches beside placeholders", &kp_format_text, "x${HOST}x${PORT}x",
	    { { .pattern = "x", .replace = "-", .count = 3 } },
	    "-db.example-5432-" },
	{ "empty matches at both ends", &kp_format_text, "a",
	    { { .pattern = "\\A", .replace = "<" },
	        { .pattern = "\\z", .replace = ">" } },
	    "<a>" },
	{ "empty matches at a placeholder", &kp_format_text, "${HOST}",
	    { { .pattern = "\\A", .replace = "<" },
	        { .pattern = "^", .replace = "[" } },
	    "<[db.example" },
	{ "an optional match of what is not there is passed over",
	    &kp_format_text, "a\n",
	    { { .pattern = "a", .replace = "${nope}", .optional = true } },
	    "a\n" },
	{ "a match and a set", &kp_format_yaml, "a: xxx\nb: 1\n",
	    { { .pattern = "(?<value>xxx)", .value = "${HOST}" },
	        { .key = "b", .value = "${pw}" } },
	    "a: db.example\nb: canary-pw\n" },
	{ "a match without encoding", &kp_format_yaml, "a: xxx\n",
	    { { .pattern = "(?<value>xxx)", .value = "[ ${pw|raw} ]" } },
	    "a: [ canary-pw ]\n" },
};

static void
test_what_comes_out(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		struct run run;

		render_as(&run, good[i].format, kp_str_of(good[i].text),
		    good[i].rules, count_rules(good[i].rules), false);
		if (!run.done)
			fail_msg("%s: %s:%u:%u: %s", good[i].name,
			    run.diags.list[0].path,
			    run.diags.list[0].place.line,
			    run.diags.list[0].place.column,
			    run.diags.list[0].text);
		expect_text(good[i].name, kp_buf_view(&run.out.bytes),
		    good[i].expect);
		check_run(good[i].name, &run);
		free_run(&run);
	}
}

/* --- what does not --- */

/* Each problem as "file:line:column what", sorted. */
static const struct {
	const char *name;
	const struct kp_format *format;
	const char *text;
	struct rule rules[4];
	const char *problems[6];
} bad[] = {
	{ "a value in a key", &kp_format_yaml, "${HOST}: ${pw}\n", { { 0 } },
	    { "t:1:1 a value cannot stand in a key (yaml)" } },
	{ "a value in the name of a section", &kp_format_ini_grafana,
	    "[a${HOST}]\nb = 1\n", { { 0 } },
	    { "t:1:3 a value cannot stand in the name of a section "
	      "(ini/grafana)" } },
	{ "every missing name is told", &kp_format_yaml,
	    "a: ${nope}\nb: ${pw}\nc: ${TYPPO} ${none}\n", { { 0 } },
	    { "t:1:4 no value for \"nope\" (looked in /run/secrets, "
	      "environment)",
	        "t:3:4 no value for \"TYPPO\" (looked in /run/secrets, "
	        "environment)",
	        "t:3:13 no value for \"none\" (looked in /run/secrets, "
	        "environment)" } },
	{ "places are right behind what was replaced", &kp_format_text,
	    "${pw}${twolines}\n\xc3\xa4 ${nope}\n", { { 0 } },
	    { "t:2:3 no value for \"nope\" (looked in /run/secrets, "
	      "environment)" } },
	{ "what cannot be read", &kp_format_text, "a\n ${fifo}\n", { { 0 } },
	    { "t:2:2 cannot use \"fifo\": /run/secrets/fifo is a FIFO, not a "
	      "file" } },
	{ "an empty secret", &kp_format_text, "${blank}\n", { { 0 } },
	    { "t:1:1 the value of \"blank\" is empty (/run/secrets/blank)" } },
	{ "of two values in one place that which cannot stand there",
	    &kp_format_ini, "[a]\nb = ${pw} ${twolines}\n", { { 0 } },
	    { "t:2:11 \"twolines\" cannot stand here (ini, bare): the "
	      "value has a line feed at byte 11 that INI readers read "
	      "differently" } },
	{ "a filter that fails", &kp_format_text, "${pw|trim|int}\n", { { 0 } },
	    { "t:1:11 cannot apply \"int\" to \"pw\": it is no whole number "
	      "in decimal without leading zeros" } },
	{ "a message that was asked for", &kp_format_text,
	    "${nope:?set ${pw}}\n", { { 0 } },
	    { "t:1:1 \"nope\" is not set: set ${pw}" } },
	{ "malformed placeholders do not hide missing names", &kp_format_yaml,
	    "# ${none}\na: ${pw x}\nb: ${nope}\n", { { 0 } },
	    { "t:2:4 malformed placeholder: neither \"}\", nor a filter, nor "
	      "an operator after the name",
	        "t:3:4 no value for \"nope\" (looked in /run/secrets, "
	        "environment)" } },
	{ "raw text does not hide missing names", &kp_format_yaml,
	    "a: ${none|raw}\nb: ${nope}\n", { { 0 } },
	    { "t:1:4 no value for \"none\" (looked in /run/secrets, "
	      "environment)",
	        "t:2:4 no value for \"nope\" (looked in /run/secrets, "
	        "environment)" } },
	{ "rules do not hide missing names, nor the other way round",
	    &kp_format_yaml, "a: ${nope}\nb: 1\n${HOST}: 2\n",
	    { { .key = "b", .value = "${none}" },
	        { .key = "b.c", .value = "${pw}" } },
	    { "rules:1:4 no value for \"none\" (looked in /run/secrets, "
	      "environment)",
	        "rules:2:1 cannot add b.c to t: it is not there, and what "
	        "would hold it is no mapping with one key a line",
	        "t:1:4 no value for \"nope\" (looked in /run/secrets, "
	        "environment)",
	        "t:3:1 a value cannot stand in a key (yaml)" } },
	{ "a set of a key that stands there twice", &kp_format_ini_grafana,
	    "[s]\na = 1\na = 2\n", { { .key = "s.a", .value = "${pw}" } },
	    { "rules:1:1 s.a stands in t 2 times: lines 2, 3" } },
	{ "a set of a key that stands there more than twice", &kp_format_nginx,
	    "a 1;\na 2;\na 3;\na 4;\na 5;\n",
	    { { .key = "a", .value = "${pw}" } },
	    { "rules:1:1 a stands in t 5 times: lines 1, 2, 3, 4, ..." } },
	{ "a set of text with a comment in it", &kp_format_xml,
	    "<c>\n <a>\n  <!-- b -->\n W</a>\n</c>\n",
	    { { .key = "c.a", .value = "${pw}" } },
	    { "rules:1:1 c.a in t is one value in 2 parts: lines 2, 3" } },
	{ "a set of one too far of several", &kp_format_nginx, "a 1;\na 2;\n",
	    { { .key = "a[2]", .value = "${pw}" } },
	    { "rules:1:1 cannot find a[2] in t: a stands there 2 times" } },
	{ "a set of one that is no list", &kp_format_nginx, "a 1;\n",
	    { { .key = "a[0]", .value = "${pw}" } },
	    { "rules:1:1 a[0] in t does not exist, and this format cannot add "
	      "keys" } },
	{ "two sets of one of several", &kp_format_nginx, "a 1;\na 2 3;\n",
	    { { .key = "a[0]", .value = "${pw}" },
	        { .key = "a[1][1]", .value = "${HOST}" },
	        { .key = "a[1][1]", .value = "${HOST}" } },
	    { "rules:3:4 two rules set \"a[1][1]\"" } },
	{ "two sets of one key", &kp_format_yaml, "a: 1\n",
	    { { .key = "a", .value = "${pw}" },
	        { .key = "a", .value = "${HOST}" } },
	    { "rules:2:4 two rules set \"a\"" } },
	{ "a number that some readers of YAML take for text", &kp_format_yaml,
	    "a: ${EXP|number}\n", { { 0 } },
	    { "t:1:4 \"EXP\" cannot stand here (yaml, bare): not all of its "
	      "readers take it for a number" } },
	{ "a set in a text", &kp_format_text, "a: 1\n",
	    { { .key = "a", .value = "${pw}" } },
	    { "rules:1:1 a in t cannot be found: text has no keys" } },
	{ "a set whose value is malformed", &kp_format_yaml, "a: 1\n",
	    { { .key = "a", .value = "x ${pw" } },
	    { "rules:1:6 malformed placeholder: its closing mark is "
	      "missing" } },
	{ "matches that overlap", &kp_format_text, "abcd\n",
	    { { .pattern = "bc", .replace = "x" },
	        { .pattern = "cd", .replace = "y" } },
	    { "t:1:3 \"m\" matches text that is replaced already" } },
	{ "a match of a placeholder's first half", &kp_format_text,
	    "a${HOST}\n", { { .pattern = "a\\$", .replace = "x" } },
	    { "t:1:2 \"m\" matches text that is replaced already" } },
	{ "a match within a placeholder", &kp_format_text, "a${HOST}\n",
	    { { .pattern = "OS", .replace = "x" } },
	    { "t:1:2 \"m\" matches text that is replaced already" } },
	{ "a group of a placeholder's half", &kp_format_text, "${HOST}\n",
	    { { .pattern = "(\\$.*T)\\}", .replace = "$1" } },
	    { "t:1:1 a group of a pattern holds one half of this" } },
	{ "a match within a comment", &kp_format_yaml, "a: 1 # xxx\n",
	    { { .pattern = "(?<value>xxx)", .value = "${pw}" } },
	    { "rules:1:4 \"m\" matches within a comment of t, which nobody "
	      "reads" } },
	{ "a match of a key", &kp_format_yaml, "xxx: 1\n",
	    { { .pattern = "(?<value>xxx)", .value = "${pw}" } },
	    { "rules:1:4 a value cannot stand in a key (yaml)" } },
	{ "a match that is not found, and a name that is missing",
	    &kp_format_yaml, "a: ${nope}\n",
	    { { .pattern = "b", .replace = "x" } },
	    { "rules:1:1 the pattern of \"m\" is not found in t",
	        "t:1:4 no value for \"nope\" (looked in /run/secrets, "
	        "environment)" } },
	{ "an optional match whose filter fails is told once", &kp_format_text,
	    "a\n",
	    { { .pattern = "a", .replace = "${pw|int}", .optional = true } },
	    { "rules:1:9 cannot apply \"int\" to \"pw\": it is no whole number "
	      "in decimal without leading zeros" } },
	{ "what is malformed in a value, and not in a comment", &kp_format_yaml,
	    "# ${a.b}\na: ${c.d} # ${nope}\nb: ${nope}\nc: ${X|nono}\n",
	    { { 0 } },
	    { "t:2:4 malformed placeholder: neither \"}\", nor a filter, nor an "
	      "operator after the name",
	        "t:3:4 no value for \"nope\" (looked in /run/secrets, "
	        "environment)",
	        "t:4:8 there is no such filter" } },
	{ "a placeholder that a comment's end would close", &kp_format_yaml,
	    "a: ${X:-\n# ${b.c}\n}\n", { { 0 } },
	    { "t:2:3 malformed placeholder: neither \"}\", nor a filter, nor an "
	      "operator after the name" } },
	{ "one that opens in a value and is not closed", &kp_format_yaml,
	    "# ${a.b}\na: ${X # c\nb: ${nope}\n", { { 0 } },
	    { "t:2:4 malformed placeholder: neither \"}\", nor a filter, nor an "
	      "operator after the name",
	        "t:3:4 no value for \"nope\" (looked in /run/secrets, "
	        "environment)" } },
	{ "in text nothing is a comment", &kp_format_text, "# ${a.b}\n",
	    { { 0 } },
	    { "t:1:3 malformed placeholder: neither \"}\", nor a filter, nor an "
	      "operator after the name" } },
	{ "raw text that makes no sense", &kp_format_yaml,
	    "a: ${twolines|raw} ]\n  b: [ ${twolines|raw}\n", { { 0 } },
	    { NULL } },
};

static void
expect_problems(const char *name, const struct kp_diags *diags,
    const char *const *problems)
{
	size_t i;

	for (i = 0; i < diags->count || problems[i] != NULL; i++) {
		const struct kp_diag *diag = &diags->list[i];
		struct kp_buf got = { 0 };

		if (i < diags->count)
			kp_buf_add_format(&got, "%s:%u:%u %s", diag->path,
			    diag->place.line, diag->place.column, diag->text);
		expect_text(name, kp_buf_view(&got),
		    problems[i] == NULL ? "" : problems[i]);
		kp_buf_wipe(&got);
	}
}

static void
test_what_is_refused(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct run run;

		render_as(&run, bad[i].format, kp_str_of(bad[i].text),
		    bad[i].rules, count_rules(bad[i].rules), false);
		if (run.done)
			fail_msg("%s: it was rendered", bad[i].name);
		check_run(bad[i].name, &run);
		kp_diags_sort(&run.diags);
		if (bad[i].problems[0] != NULL)
			expect_problems(bad[i].name, &run.diags,
			    bad[i].problems);
		free_run(&run);
	}
}

/* --- what stays --- */

static const struct {
	const char *name;
	const struct kp_format *format;
	const char *text, *expect;
	size_t warnings;
} kept[] = {
	{ "what is missing stays as it is written", &kp_format_yaml,
	    "a: ${nope}\nb: ${pw}\n", "a: ${nope}\nb: canary-pw\n", 1 },
	{ "also beside a value", &kp_format_yaml, "a: ${nope}-${pw}\n",
	    "a: \"${nope}-canary-pw\"\n", 1 },
	{ "also where it stands as text", &kp_format_text,
	    "${nope|raw} ${pw} ${none}", "${nope|raw} canary-pw ${none}", 2 },
	{ "also beside raw text", &kp_format_yaml, "a: ${pw|raw} ${nope}\n",
	    "a: canary-pw ${nope}\n", 1 },
	{ "a word that is missing stays with its name", &kp_format_text,
	    "${nope:-a${none}}", "${nope:-a${none}}", 1 },
};

static void
test_what_may_stay(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(kept) / sizeof(kept[0]); i++) {
		struct run run;

		render_as(&run, kept[i].format, kp_str_of(kept[i].text), NULL,
		    0, true);
		if (!run.done)
			fail_msg("%s: %s", kept[i].name,
			    run.diags.list[0].text);
		expect_text(kept[i].name, kp_buf_view(&run.out.bytes),
		    kept[i].expect);
		assert_int_equal(run.diags.count, kept[i].warnings);
		check_run(kept[i].name, &run);
		free_run(&run);
	}
}

/* What the author wrote for a missing value may be no value there. */
static const struct {
	const char *name;
	const struct kp_format *format;
	const char *text;
	unsigned column;
	const char *problem;
} unfit[] = {
	{ "bare in JSON", &kp_format_json,
	    "{\"b\": \"${none}\", \"a\": ${nope}}", 23,
	    "\"nope\" has no value, and json cannot read" },
	{ "bare in TOML", &kp_format_toml, "a = ${nope}", 5,
	    "\"nope\" has no value, and toml cannot read" },
	{ "in a flow mapping", &kp_format_yaml, "{a: ${PORT}, b: ${nope}}", 17,
	    "\"nope\" has no value, and yaml cannot read" },
};

static void
test_what_may_not_stay(void **state)
{
	size_t i, j;

	(void)state;
	for (i = 0; i < sizeof(unfit) / sizeof(unfit[0]); i++) {
		const struct kp_diag *error = NULL;
		struct run run;

		render_as(&run, unfit[i].format, kp_str_of(unfit[i].text), NULL,
		    0, true);
		if (run.done)
			fail_msg("%s: it stayed", unfit[i].name);
		assert_int_equal(run.diags.errors, 1);
		for (j = 0; j < run.diags.count; j++) {
			if (run.diags.list[j].severity == KP_ERROR)
				error = &run.diags.list[j];
		}
		assert_non_null(error);
		if (strstr(error->text, unfit[i].problem) == NULL)
			fail_msg("%s: %s", unfit[i].name, error->text);
		assert_non_null(strstr(error->hint, "quotes"));
		assert_int_equal(error->place.column, unfit[i].column);
		check_run(unfit[i].name, &run);
		free_run(&run);
	}
}

/* --- what rendering tells beside the bytes --- */

static void
test_a_replaced_placeholder_names_its_rule(void **state)
{
	static const struct rule rules[] = {
		{ .key = "a", .value = "${PORT}" },
	};
	struct run run;

	(void)state;
	render_as(&run, &kp_format_yaml, kp_str_of("a: ${nope}\n"), rules, 1,
	    false);
	assert_true(run.done);
	assert_int_equal(run.diags.count, 0);
	assert_int_equal(run.out.nuses, 2);
	assert_int_equal(run.out.uses[0].fate, KP_REPLACED);
	assert_string_equal(run.out.uses[0].rule, "s");
	assert_int_equal(run.out.uses[1].fate, KP_PUT);
	free_run(&run);
}

static void
expect_path(const char *name, const struct kp_rendering *out, size_t use,
    const char *path)
{
	expect_text(name, path_of(&out->uses[use]), path);
}

static void
test_each_use_has_its_path_and_fate(void **state)
{
	static const struct rule rules[] = {
		{ .key = "s.new", .value = "${pw}" },
		{ .key = "s.old", .value = "${pw}" },
		{ .key = "s.none", .value = "${nope}", .optional = true },
	};
	struct run run;

	(void)state;
	render_as(&run, &kp_format_ini_grafana,
	    kp_str_of("[s]\nold = 1\nat = \"${HOST}\" # ${pw}\n# ${nope}\n"),
	    rules, 3, false);
	assert_true(run.done);
	assert_int_equal(run.out.nuses, 6);
	assert_int_equal(run.out.uses[0].fate, KP_PUT);
	expect_path("a placeholder", &run.out, 0, "s.at");
	assert_int_equal(run.out.uses[0].style, KP_DOUBLE);
	assert_int_equal(run.out.uses[1].fate, KP_COMMENTED);
	assert_int_equal(run.out.uses[2].fate, KP_COMMENTED);
	assert_int_equal(run.out.uses[3].fate, KP_PUT);
	expect_path("a set that adds its key", &run.out, 3, "s.new");
	assert_int_equal(run.out.uses[4].fate, KP_PUT);
	expect_path("a set of a key that is there", &run.out, 4, "s.old");
	assert_int_equal(run.out.uses[5].fate, KP_KEPT);
	free_run(&run);
}

static void
test_slots_are_labelled_as_the_template_writes_them(void **state)
{
	struct run run;

	(void)state;
	render_as(&run, &kp_format_yaml,
	    kp_str_of("a: ${PORT}x${pw|trim}\nb: \"${twolines}\"\n"), NULL, 0,
	    false);
	assert_true(run.done);
	assert_int_equal(run.out.nslots, 3);
	expect_text("bare", kp_buf_view(&run.out.slots[0].label), "${PORT}");
	assert_int_equal(run.out.slots[0].start, 3);
	assert_int_equal(run.out.slots[0].end, 7);
	expect_text("bare", kp_buf_view(&run.out.slots[1].label), "${pw|trim}");
	expect_text("bare", kp_buf_view(&run.out.slots[1].path), "a");
	expect_text("quoted", kp_buf_view(&run.out.slots[2].label),
	    "\"${twolines}\"");
	expect_text("quoted", kp_buf_view(&run.out.slots[2].path), "b");
	free_run(&run);
}

static void
test_a_hash_that_still_fits_stays(void **state)
{
	struct kp_source src = { .name = "t",
		.text = KP_STR("a: ${pw|bcrypt(4)}\n") };
	struct kp_job job = { .src = &src, .format = &kp_format_yaml };
	struct fake fake = { .names = names };
	struct kp_rendering first, second;
	struct kp_diags diags = { 0 };
	struct kp_values values;

	(void)state;
	fake_values(&values, &fake);
	assert_true(kp_render(&job, &values, &first, &diags));
	job.current = kp_buf_view(&first.bytes);
	assert_true(kp_render(&job, &values, &second, &diags));
	expect_bytes("again", kp_buf_view(&second.bytes),
	    kp_buf_view(&first.bytes));
	kp_rendering_free(&first);
	kp_rendering_free(&second);
	kp_values_wipe(&values);
	kp_diags_free(&diags);
}

/* --- a format whose encoder is wrong --- */

/*
 * Lines of KEY=VALUE and #COMMENT.  A value of digits is a number, one that
 * begins with "#" is a comment, one that ends in "^" makes the next one be
 * read without its first byte, and a "!" cannot be read at all.
 */
static bool
scan_value(struct kp_scan *scan, size_t start, size_t end, uint32_t key,
    bool *bent)
{
	struct kp_str text = kp_str_slice(scan->src->text, start, end);
	struct kp_item *item = kp_scan_add(scan,
	    kp_str_starts(text, "#") ? KP_COMMENT : KP_SCALAR, start, end, key);
	unsigned long number;

	if (item == NULL)
		return false;
	if (kp_str_to_number(text, 1000000000UL, &number))
		item->type = KP_INT;
	if (*bent && text.len > 0)
		item->value = kp_str_slice(text, 1, text.len);
	*bent = kp_str_ends(text, "^");
	return true;
}

static bool
scan_lines(struct kp_scan *scan, struct kp_diags *diags)
{
	struct kp_str rest = scan->src->text, line;
	bool bent = false;

	while (kp_str_next_line(&rest, &line)) {
		size_t at = (size_t)(line.ptr - scan->src->text.ptr);
		size_t sign = kp_str_find(line, '=');
		uint32_t key = (uint32_t)scan->count;

		if (kp_str_find(line, '!') != KP_NPOS)
			return kp_diag_at(diags, scan->src, at, line.len,
			    "\"%.*s\" is wrong", (int)line.len, line.ptr);
		if (sign == KP_NPOS)
			kp_scan_add(scan, KP_COMMENT, at, at + line.len,
			    KP_NO_PARENT);
		else if (kp_scan_add(scan, KP_KEY, at, at + sign,
		             KP_NO_PARENT) == NULL ||
		    !scan_value(scan, at + sign + 1, at + line.len, key, &bent))
			return false;
	}
	return true;
}

static const char *wrong; /* what the encoder puts behind the value */
static bool drops;        /* ... or in place of it */

static bool
encode_wrong(const struct kp_scan *scan, const struct kp_item *item,
    const struct kp_value *value, struct kp_buf *out, struct kp_refusal *why)
{
	(void)scan, (void)item, (void)why;
	if (!drops)
		kp_buf_add(out, value->bytes);
	kp_buf_add_text(out, wrong);
	return true;
}

/* The line of a key at the end, and something behind its value. */
static bool
insert_wrong(const struct kp_scan *scan, struct kp_str path,
    struct kp_insertion *where, struct kp_refusal *why)
{
	(void)why;
	where->offset = scan->src->text.len;
	kp_buf_add(&where->before, path);
	kp_buf_add_char(&where->before, '=');
	kp_buf_add_text(&where->after, wrong);
	return true;
}

static const struct kp_format wrong_format = {
	.name = "wrong",
	.scan = scan_lines,
	.encode = encode_wrong,
	.insert = insert_wrong,
};

static const struct {
	const char *name, *text, *wrong;
	bool drops, good;
} faults[] = {
	{ "an encoder that is right", "a=${pw}\nb=2\n", "", false, true },
	{ "a key is added", "a=${pw}\nb=2\n", "\nadmin=yes", false, false },
	{ "a comment is added", "a=${pw}\nb=2\n", "\n# x", false, false },
	{ "the line is doubled at the end", "a=1\nb=${pw}", "\nb=", false,
	    false },
	{ "the next value is read otherwise", "a=${pw}\nb=two\n", "^", true,
	    false },
	{ "the value is read otherwise", "a=${pw}\nb=2\n", "x", false, false },
	{ "the value is lost", "a=${pw}\nb=2\n", "", true, false },
	{ "the value becomes a comment", "a=${pw}\nb=2\n", "#", true, false },
	{ "a string becomes a number", "a=${digits}\nb=2\n", "", false, false },
	{ "the text cannot be read", "a=${pw}\nb=2\n", "!", false, false },
	{ "the value's end is in the next key", "a=${pw}\nb=2\n", "\nc", false,
	    false },
};

static void
test_a_wrong_encoder_is_found_out(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		struct run run;

		wrong = faults[i].wrong;
		drops = faults[i].drops;
		render_as(&run, &wrong_format, kp_str_of(faults[i].text), NULL,
		    0, false);
		if (run.done != faults[i].good)
			fail_msg("%s: done is %d", faults[i].name, run.done);
		check_run(faults[i].name, &run);
		if (!run.done) {
			assert_int_equal(run.diags.count, 1);
			assert_true(tells(&run.diags,
			    "written here, it would not be read back as it is "
			    "(wrong)"));
			assert_true(
			    tells(&run.diags, "this is a fault of keyplate"));
		}
		free_run(&run);
	}
}

/* A comment cannot be wrong: it is what it was. */
static void
test_a_comment_is_not_to_blame(void **state)
{
	static const char *const behind[] = { "!", "\nb=2" };
	const struct kp_str text = KP_STR("note ${nope}\na=${pw}\n");
	struct run run;
	size_t i;

	(void)state;
	drops = false;
	for (i = 0; i < sizeof(behind) / sizeof(behind[0]); i++) {
		wrong = behind[i];
		render_as(&run, &wrong_format, text, NULL, 0, false);
		assert_false(run.done);
		assert_int_equal(run.diags.list[0].place.line, 2);
		free_run(&run);
	}
}

static void
test_a_key_is_added_with_its_value_alone(void **state)
{
	const struct rule rule = { .key = "new", .value = "${HOST}" };
	const struct kp_str text = KP_STR("a=1\n");
	struct run run;

	(void)state;
	wrong = "\r\n";
	drops = false;
	render_as(&run, &wrong_format, text, &rule, 1, false);
	check_run("a CR behind it", &run);
	assert_false(run.done);
	assert_true(tells(&run.diags,
	    "new in t cannot be added so that its value would be read alone"));
	free_run(&run);
}

/* --- large texts --- */

#define LARGE_COUNT 20000U

/* Seconds of processor time that no linear walk needs, even instrumented. */
#define LARGE_SECONDS 30

static const struct {
	const char *name;
	const struct kp_format *format;
	const char *line;
	struct rule rule;
} large[] = {
	{ "placeholders in a text", &kp_format_text, "key%u = ${pw}\n", { 0 } },
	{ "placeholders in YAML", &kp_format_yaml, "key%u: ${pw}\n", { 0 } },
	{ "raw values", &kp_format_text, "key%u ${pw|raw} ${HOST}\n", { 0 } },
	{ "matches", &kp_format_yaml, "key%u: xxx\n",
	    { .pattern = "(?<value>xxx)",
	        .value = "${pw}",
	        .count = LARGE_COUNT } },
	{ "replacements with groups", &kp_format_text, "key%u: xxx ${HOST}\n",
	    { .pattern = "^(\\w+): (xxx.*)$",
	        .replace = "$2 = $1 ${pw}",
	        .count = LARGE_COUNT } },
};

/* Of a text that takes any byte: both ways, and what they have to say. */
static const char *const any_text[] = {
	"",
	"no placeholder, $, $$, ${, ${1} and $${HOST}",
	"${pw}",
	"${pw}${pw}$${pw}$$${pw}\n${HOST}:${PORT}$",
	"a ${pw|upper} b ${pw|upper} ${pw|base64|unbase64}",
	"${HOST:-d} ${nope:-d e} ${nope:-} ${EMPTY:-d}${EMPTY-d}${EMPTY}",
	"${nope:-${pw}} ${nope:-a\\}b} ${HOST:+x} ${nope:+x}",
	"x\n${HOST:+in: ${pw}\n}\ny",
	"${pw|raw} ${twolines} ${twolines|line(2)}",
	"${yamltree} ${yamltree}",
	"${yamltree} ${nope}",
	"${nope} ${pw} ${nope} ${another:?it is needed}",
	"${blank} ${fifo} ${pw|int}",
	"${secret:pw} ${env:HOST} ${secret:HOST} ${file:/none}",
	"${pw ${HOST}",
	"${HOST} ${pw|nofilter} ${x y} ${pw",
	"${pw|line(})} ${digits} ${again}",
	"\xff\xfe ${pw} \x80",
};

/* What is traced takes the long way. */
static void
test_both_ways_lead_to_the_same(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < 2 * sizeof(any_text) / sizeof(*any_text); i++) {
		const char *text = any_text[i / 2];
		bool allow_missing = i % 2 == 1;
		struct run ways[2];

		render_way(&ways[0], &kp_format_text, kp_str_of(text), false,
		    allow_missing);
		render_way(&ways[1], &kp_format_text, kp_str_of(text), true,
		    allow_missing);
		if (ways[0].done != ways[1].done)
			fail_msg("%s: done is %d", text, ways[0].done);
		if (!kp_str_eq(kp_buf_view(&ways[0].out.bytes),
		        kp_buf_view(&ways[1].out.bytes)))
			fail_msg("%s: %s", text, ways[0].out.bytes.data);
		if ((ways[0].out.nuses > 0) != (ways[1].out.nuses > 0))
			fail_msg("%s: %zu uses", text, ways[0].out.nuses);
		expect_same_problems(text, &ways[0].diags, &ways[1].diags);
		free_run(&ways[0]);
		free_run(&ways[1]);
	}
}

/* A filter is applied each time: it may make another salt. */
static void
test_filters_are_not_remembered(void **state)
{
	const char *text = "${pw|sha512crypt}\n${pw|sha512crypt}\n";
	struct run run = { 0 };
	struct kp_str bytes;

	(void)state;
	render_way(&run, &kp_format_text, kp_str_of(text), false, false);
	assert_true(run.done);
	bytes = kp_buf_view(&run.out.bytes);
	assert_true(bytes.len > 20 && bytes.len % 2 == 0);
	assert_int_not_equal(memcmp(bytes.ptr, bytes.ptr + bytes.len / 2,
	                         bytes.len / 2),
	    0);
	free_run(&run);
}

static void
test_the_time_grows_with_the_text_alone(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(large) / sizeof(large[0]); i++) {
		struct kp_buf text = { 0 };
		clock_t start;
		struct run run;
		unsigned n;

		for (n = 0; n < LARGE_COUNT; n++) {
			char number[16];
			struct kp_str line = kp_str_of(large[i].line);

			snprintf(number, sizeof(number), "%u", n);
			kp_buf_add(&text, kp_str_slice(line, 0, 3));
			kp_buf_add_text(&text, number);
			kp_buf_add(&text, kp_str_slice(line, 5, line.len));
		}
		start = clock();
		render_as(&run, large[i].format, kp_buf_view(&text),
		    &large[i].rule, large[i].rule.pattern != NULL, false);
		if (!run.done)
			fail_msg("%s: %s", large[i].name,
			    run.diags.list[0].text);
		if (clock() - start > LARGE_SECONDS * CLOCKS_PER_SEC)
			fail_msg("%s: it takes too long", large[i].name);
		check_slots(large[i].name, &run.out);
		free_run(&run);
		kp_buf_wipe(&text);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_comes_out),
		cmocka_unit_test(test_what_is_refused),
		cmocka_unit_test(test_what_may_stay),
		cmocka_unit_test(test_what_may_not_stay),
		cmocka_unit_test(test_a_replaced_placeholder_names_its_rule),
		cmocka_unit_test(test_each_use_has_its_path_and_fate),
		cmocka_unit_test(
		    test_slots_are_labelled_as_the_template_writes_them),
		cmocka_unit_test(test_a_hash_that_still_fits_stays),
		cmocka_unit_test(test_a_wrong_encoder_is_found_out),
		cmocka_unit_test(test_a_comment_is_not_to_blame),
		cmocka_unit_test(test_a_key_is_added_with_its_value_alone),
		cmocka_unit_test(test_both_ways_lead_to_the_same),
		cmocka_unit_test(test_filters_are_not_remembered),
		cmocka_unit_test(test_the_time_grows_with_the_text_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
