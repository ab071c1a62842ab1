/* SPDX-License-Identifier: MIT */
/*
 * test_lines - formats whose lines are read one by one.
 *
 * A part of such a text is looked at in place of the whole, and a long one is
 * rendered in pieces.  Nobody may see a difference: texts are put together by
 * chance from lines that go well and lines that go wrong, and each is rendered
 * in both ways, also by an encoder that writes values as they are.
 */
#include "format/formats.h"
#include "ways.h"

#include <stdlib.h>

/* What an encoder has to keep where it is put. */
static const struct fake_name names[] = {
	{ KP_SECRET, "pw", KP_STR("canary-pw\n"), NULL },
	{ KP_SECRET, "odd", KP_STR(" canary-odd\n"), NULL },
	{ KP_ENV, "HOST", KP_STR("db.example"), NULL },
	{ KP_ENV, "PORT", KP_STR("5432"), NULL },
	{ KP_ENV, "EMPTY", KP_STR(""), NULL },
	{ KP_SECRET, "fifo", KP_STR(""), "is a FIFO, not a file" },
	{ KP_ENV, "line", KP_STR("x\nadmin = yes"), NULL },
	{ KP_ENV, "lines", KP_STR("x\ny\n\nz: 1\n"), NULL },
	{ KP_ENV, "section", KP_STR("x\n[other]\nk = v"), NULL },
	{ KP_ENV, "joint", KP_STR("x\\"), NULL },
	{ KP_ENV, "joints", KP_STR("x\\\n\\"), NULL },
	{ KP_ENV, "tick", KP_STR("`x"), NULL },
	{ KP_ENV, "triple", KP_STR("\"\"\"x"), NULL },
	{ KP_ENV, "quote", KP_STR("\"x"), NULL },
	{ KP_ENV, "single", KP_STR("'x"), NULL },
	{ KP_ENV, "comment", KP_STR("x # y ; z"), NULL },
	{ KP_ENV, "hash", KP_STR("#"), NULL },
	{ KP_ENV, "block", KP_STR("|\n  x"), NULL },
	{ KP_ENV, "flow", KP_STR("[x, {y: "), NULL },
	{ KP_ENV, "document", KP_STR("x\n---\ny: 1"), NULL },
	{ KP_ENV, "anchor", KP_STR("&a *b"), NULL },
	{ KP_ENV, "cr", KP_STR("x\ry = 1"), NULL },
	{ KP_ENV, "nul", KP_STR("x\0y"), NULL },
	{ KP_ENV, "latin", KP_STR("\xe9"), NULL },
	{ KP_ANY, NULL, KP_STR(""), NULL },
};

/* Lines that may be all of a text, the first two a key and a value; others. */
static const struct {
	const struct kp_format *format;
	const char *plain[14], *odd[18];
} lists[] = {
	{ &kp_format_ini,
	    { "k = v\n", "k = ${pw}\n", "[s]\n", "k=${HOST}\n", "# c ${pw}\n",
	        "; c\n", "\n", "k: a ${PORT} b\n", "a.b = ${pw}\n",
	        "k = ${nope:-d}\n", NULL },
	    { " k = ${pw}\n", " more\n", "k = a\\\n", "# c \\\n",
	        "k = ${pw} # c\n", "k = ${nope}\n", "k = ${pw|raw}\n",
	        "${HOST:+k = ${pw}\n}\n", "[s\n", "k = ${nope:-a\nb}\n",
	        "${pw} = 1\n", "k = ${unclosed\n", "k = ${fifo}\n", NULL } },
	{ &kp_format_ini_grafana,
	    { "k = v\n", "k = ${pw}\n", "[s]\n", "k=${HOST}\n", "# c ${pw}\n",
	        "; c\n", "\n", " k = ${pw}\n", "k = 'a ${pw}'\n",
	        "k = \"\"\"a\nb = ${HOST}\nc\"\"\"\n", "k = `a ${pw}` # c\n",
	        "a.b : ${PORT} ; c\n", NULL },
	    { "- = ${pw}\n", "k = a\\\n", "k = \"\"\"a\n", "k = `a\n", "bad\n",
	        "k = ${nope}\n", "k = ${pw|raw}\n", "${HOST:+k = ${pw}\n}\n",
	        "[s\n", "k = ${nope:-a\nb}\n", "${pw} = 1\n",
	        "k = ${unclosed\n", "\"\"\"\n", "k = ${EMPTY}\n", NULL } },
	{ &kp_format_ini_php,
	    { "k = v\n", "k = ${pw}\n", "[s]\n", "k=${HOST}\n", "; c ${pw}\n",
	        "\n", "k = \"a ${pw}\"\n", "k = 'a\n${HOST}\nb'\n",
	        " k.l = ${PORT} ; c\n", "k[] = \"x\ny ${pw}\"\n",
	        "k = 'a'\"${HOST}\"\n", NULL },
	    { "k = \"a\n", "k = 'a\n", "# = c\n", "k\n", "on = 1\n",
	        "k = a | ${PORT}\n", "k = ${nope}\n", "k = ${pw|raw}\n",
	        "${HOST:+k = ${pw}\n}\n", "[s\n", "${pw} = 1\n",
	        "k = a\rl = ${pw}\n", "k = ${unclosed\n", NULL } },
	{ &kp_format_env,
	    { "A=v\n", "A=${pw}\n", "B='${HOST}'\n", "C=\"a ${PORT}\"\n",
	        "# c ${pw}\n", "\n", "  D=${pw}\n", "E=${nope:-d}\n", NULL },
	    { "A=a b\n", "A='a\n", "# c \\\n", "# ${a.b}\n", "bad\n",
	        "A=${nope}\n", "A=${pw|raw}\n", "A=a\\\n", "A= ${pw}\n",
	        "${pw}=1\n", "A=${unclosed\n", NULL } },
	{ &kp_format_redis,
	    { "port 6379\n", "requirepass ${pw}\n", "user a on \">${pw}\" ~*\n",
	        "# c ${pw}\n", "\n", " save ${PORT} '${HOST}'\n",
	        "a \"b \\\" ${pw}\" c\n", NULL },
	    { "a \"b\n", "a 'b'c\n", "a ${nope}\n", "a ${pw|raw}\n",
	        "${pw} 1\n", "a b\\\n", "a ${nope:-a\nb}\n", "a ${unclosed\n",
	        "# ${a.b}\n", NULL } },
	{ &kp_format_properties,
	    { "a=v\n", "a=${pw}\n", "a.b : ${HOST}\n", "a ${PORT}\n",
	        "# c ${pw}\n", "! c \\\n", "\n", "a = b \\\n  ${pw} c\n",
	        "a\\ b = ${pw}\n", "a = b \\\n", "a = ${pw}\r\n", NULL },
	    { "a = \\u00\n", "a = ${nope}\n", "a = ${pw|raw}\n", "${pw} = 1\n",
	        "a = \xe9 ${pw}\n", "a = ${nope:-a\nb}\n", "a = ${unclosed\n",
	        "a=b\rc=${pw}\n", NULL } },
	{ &kp_format_yaml,
	    { "a: v\n", "a: ${pw}\n", "b: \"x ${HOST}\"\n", "# c ${pw}\n", "\n",
	        "c:\n  d: ${pw}\n  e: [1, ${PORT}]\n", "f:\n- ${pw}\n",
	        "g: |\n  x ${HOST}\n  y\n", "h: >-\n  x\n  ${HOST}\n",
	        "i: 'x\n  ${pw}'\n", "j: {k: ${pw},\n  l: 1}\n", NULL },
	    { "---\n", "...\n", "a: &x ${pw}\n", "a: *x\n", "a: 'x\n", "bad\n",
	        "a: ${nope}\n", "a: ${pw|raw}\n", "? a\n: ${pw}\n", " a: 1\n",
	        "${HOST:+a: ${pw}\n}\n", "a: !t ${pw}\n", "k: |+\n  x\n\n\n",
	        "\"a\": ${pw}\n", "a: ${unclosed\n", "# ${a.b}\n",
	        "a: ${pw} # ${unclosed\n", NULL } },
};

/* --- texts --- */

/* What a text is made of, beside lines that go well. */
struct mix {
	uint32_t oddities; /* so many lines in a thousand */
	const char *odd;   /* the only one of that kind; NULL: any */
	const char *other; /* the only name in place of ${HOST}; NULL: any */
};

/* Now and then with another name. */
static void
add_line(struct kp_buf *text, const char *line, const struct mix *mix)
{
	static const char name[] = "${HOST}";
	const char *at = strstr(line, name), *other = mix->other;

	if (at == NULL || mix->oddities == 0 || pick(4) > 0) {
		kp_buf_add_text(text, line);
		return;
	}
	if (other == NULL)
		other = names[pick(sizeof(names) / sizeof(*names) - 1)].name;
	kp_buf_add(text, kp_str_make(line, (size_t)(at - line)));
	kp_buf_add_format(text, "${%s}", other);
	kp_buf_add_text(text, at + strlen(name));
}

static void
make_text(size_t list, size_t lines, const struct mix *mix, struct kp_buf *text)
{
	const char *const *plain = lists[list].plain;
	const char *const *odd = lists[list].odd;

	for (; lines > 0; lines--) {
		if (pick(1000) >= mix->oddities)
			add_line(text, plain[pick(count(plain))], mix);
		else if (mix->odd != NULL)
			kp_buf_add_text(text, mix->odd);
		else
			kp_buf_add_text(text, odd[pick(count(odd))]);
	}
	if (pick(4) == 0)
		kp_buf_cut(text, text->len > 0 ? text->len - 1 : 0);
}

#define LONG 3000 /* lines: some pieces */

/* A text of about so many lines. */
static bool
compare_one(const struct kp_format *format, size_t list, uint32_t lines,
    const struct mix *mix)
{
	struct kp_buf text = { 0 };
	bool good;

	make_text(list, lines / 2 + pick(lines / 2), mix, &text);
	good = expect_same(format, names, &text, false);
	if (lines < LONG)
		(void)expect_same(format, names, &text, true);
	kp_buf_wipe(&text);
	return good;
}

/* Short texts; neither all of them are good nor none. */
static void
compare_short(const struct kp_format *format, size_t list)
{
	const struct mix many = { .oddities = 60 }, few = { .oddities = 5 };
	const size_t texts = 800;
	size_t good = 0, i;

	seed = (uint32_t)list + 1;
	for (i = 0; i < texts; i++)
		good += compare_one(format, list, 8, &many);
	for (i = 0; i < texts / 4; i++)
		good += compare_one(format, list, 40, &few);
	if (good < texts / 8 || good == texts + texts / 4)
		fail_msg("%s: %zu are good", format->name, good);
}

static void
test_a_part_tells_the_same_as_the_whole(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		assert_true(lists[i].format->by_lines);
		compare_short(lists[i].format, i);
	}
}

static void
test_a_wrong_encoder_is_found_out_in_a_part(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		struct kp_format wrong = *lists[i].format;

		wrong.encode = encode_nothing;
		compare_short(&wrong, i);
	}
}

/* --- pieces --- */

/* One kind of odd line, or one other name, some times. */
static size_t
compare_long(const struct kp_format *format, size_t list)
{
	size_t good = 0, i;

	for (i = 0; i < count(lists[list].odd); i++) {
		const struct mix odd = { 1, lists[list].odd[i], "HOST" };

		good += compare_one(format, list, LONG, &odd);
	}
	for (i = 0; names[i].name != NULL; i++) {
		const struct mix other = { 1, lists[list].plain[0],
			names[i].name };

		good += compare_one(format, list, LONG, &other);
	}
	return good;
}

static void
test_pieces_come_to_the_whole(void **state)
{
	const struct mix plain = { 0, NULL, NULL };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		struct kp_format wrong = *lists[i].format;

		seed = (uint32_t)i + 1;
		assert_true(compare_one(lists[i].format, i, LONG, &plain));
		if (compare_long(lists[i].format, i) < 4)
			fail_msg("%s: few are good", wrong.name);
		wrong.encode = encode_nothing;
		(void)compare_long(&wrong, i);
	}
}

#define KIB ((size_t)1024)

#define SEAM 8192 /* the first piece ends behind the line of this byte */

/* Lines so that the seam is in front of byte at of some of them. */
static void
compare_seam(const struct kp_format *format, const char *filler,
    struct kp_str lines, size_t at)
{
	struct kp_buf text = { 0 };

	while (text.len < SEAM - 2 - lines.len)
		kp_buf_add_text(&text, filler);
	kp_buf_add_text(&text, "#");
	while (text.len < SEAM - 2 - at)
		kp_buf_add_text(&text, "#");
	kp_buf_add_text(&text, "\n");
	kp_buf_add(&text, lines);
	while (text.len < 2 * SEAM + 512)
		kp_buf_add_text(&text, filler);
	(void)expect_same(format, names, &text, false);
	kp_buf_wipe(&text);
}

/*
 * One odd line between two that have values, with the seam in each of them:
 * of what is above and below an encoder sees as much as in the whole.
 */
static void
compare_at_seam(const struct kp_format *format, size_t list, const char *odd)
{
	const char *value = lists[list].plain[1];
	struct kp_buf around = { 0 };
	struct kp_str lines;
	size_t at;

	kp_buf_add_text(&around, value);
	kp_buf_add_text(&around, odd);
	kp_buf_add_text(&around, value);
	lines = kp_buf_view(&around);
	for (at = 0; at <= lines.len; at++) {
		if (at == 0 || lines.ptr[at - 1] == '\n')
			compare_seam(format, lists[list].plain[0], lines, at);
	}
	kp_buf_wipe(&around);
}

static void
test_a_seam_is_not_seen(void **state)
{
	size_t i, j;

	(void)state;
	for (i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		for (j = 0; lists[i].odd[j] != NULL; j++)
			compare_at_seam(lists[i].format, i, lists[i].odd[j]);
	}
}

/* A line with its number, which "%" stands for. */
static void
add_numbered(struct kp_buf *text, const char *line, unsigned number)
{
	const char *at = strchr(line, '%');
	size_t before = at == NULL ? strlen(line) : (size_t)(at - line);

	kp_buf_add(text, kp_str_make(line, before));
	if (at != NULL) {
		kp_buf_add_format(text, "%u", number);
		kp_buf_add_text(text, at + 1);
	}
}

/* In pieces, one use stands for all that went the same way. */
static size_t
count_uses(const struct kp_format *format, const struct kp_buf *text)
{
	const struct kp_source src = { .name = "t", .text = kp_buf_view(text) };
	struct run run;
	size_t uses;

	render(&run, format, names, &src, false);
	if (!run.done)
		fail_msg("%.40s: %s", src.text.ptr, run.diags.list[0].text);
	uses = run.out.nuses;
	free_run(&run);
	return uses;
}

/* A comment that is longer than some lines, as hashing takes its time. */
#define DOTS "................................................................"
#define FILLER "#" DOTS DOTS DOTS DOTS "\n"

static const struct {
	const char *name;
	const struct kp_format *format;
	const char *lines[4]; /* again and again, each with a number */
	bool in_pieces;
} ways[] = {
	{ "lines", &kp_format_ini_grafana, { "k% = ${pw}\n" }, true },
	{ "of few bytes", &kp_format_env, { "A%=${PORT}\n" }, true },
	{ "keys and what is below them", &kp_format_yaml,
	    { "k%:\n", "  a: ${pw}\n", "  b: [${PORT}]\n" }, true },
	{ "comments", &kp_format_ini, { "k%=1\n", "# ${pw}\n" }, true },
	{ "one key alone", &kp_format_yaml, { "  k%: ${pw}\n" }, true },
	{ "a line that is joined", &kp_format_properties,
	    { "k% = ${pw} \\\n", "  x\n" }, true },
	{ "all lines joined", &kp_format_properties, { "k% = ${pw}\\\n" },
	    true },
	{ "raw values", &kp_format_ini_grafana, { "k% = ${pw|raw}\n" }, false },
	{ "salted values", &kp_format_ini_grafana,
	    { "k% = ${pw|bcrypt(4)}\n", FILLER, FILLER, FILLER }, false },
	{ "another format", &kp_format_toml, { "k% = \"${pw}\"\n" }, false },
};

static void
test_what_goes_in_pieces(void **state)
{
	size_t i;
	unsigned n;

	(void)state;
	for (i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		struct kp_buf text = { 0 };
		size_t line = 0, uses;

		for (n = 0; text.len < 64 * KIB; n++) {
			if (line == 4 || ways[i].lines[line] == NULL)
				line = 0;
			add_numbered(&text, ways[i].lines[line++], n);
		}
		/* A salt is another one each time. */
		if (strstr(ways[i].lines[0], "crypt") == NULL)
			(void)expect_same(ways[i].format, names, &text, false);
		uses = count_uses(ways[i].format, &text);
		if ((uses <= 2) != ways[i].in_pieces)
			fail_msg("%s: %zu uses", ways[i].name, uses);
		kp_buf_wipe(&text);
	}
}

/* --- parts --- */

static size_t scanned; /* bytes */

static bool
count_scanned(struct kp_scan *scan, struct kp_diags *diags)
{
	scanned += scan->src->text.len;
	return kp_format_ini_grafana.scan(scan, diags);
}

static void
test_most_lines_are_read_once(void **state)
{
	struct kp_format counting = kp_format_ini_grafana;
	struct kp_buf text = { 0 };
	unsigned n;

	(void)state;
	counting.scan = count_scanned;
	kp_buf_add_text(&text, "[s]\n; ${pw}\n");
	for (n = 0; n < 200; n++)
		kp_buf_add_text(&text, n % 50 == 7 ? "k = ${pw}\n" : "k = v\n");
	scanned = 0;
	(void)count_uses(&counting, &text);
	assert_in_range(scanned, text.len + 1, text.len + 200);
	kp_buf_wipe(&text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_part_tells_the_same_as_the_whole),
		cmocka_unit_test(test_a_wrong_encoder_is_found_out_in_a_part),
		cmocka_unit_test(test_pieces_come_to_the_whole),
		cmocka_unit_test(test_a_seam_is_not_seen),
		cmocka_unit_test(test_what_goes_in_pieces),
		cmocka_unit_test(test_most_lines_are_read_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
