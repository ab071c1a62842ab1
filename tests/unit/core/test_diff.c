/* SPDX-License-Identifier: MIT */
/* test_diff - two texts line by line, as diff -u shows them. */
#include "core/diff.h"

#include "fake.h"

static struct kp_buf
diff(struct kp_str old, struct kp_str new)
{
	const struct kp_side before = { .name = "a", .text = old };
	const struct kp_side after = { .name = "b", .text = new };
	struct kp_buf out = { 0 };

	assert_true(kp_diff_add(&out, &before, &after));
	return out;
}

#define NAMES "--- a\n+++ b\n"

static const struct {
	const char *name;
	struct kp_str old, new;
	const char *expect;
} cases[] = {
	{ "two empty texts", KP_STR(""), KP_STR(""), "" },
	{ "the same text twice", KP_STR("a\nb\n"), KP_STR("a\nb\n"), "" },
	{ "the same text without a final line ending", KP_STR("a"), KP_STR("a"),
	    "" },
	{ "a line changes", KP_STR("a\nb\nc\n"), KP_STR("a\nB\nc\n"),
	    NAMES "@@ -1,3 +1,3 @@\n a\n-b\n+B\n c\n" },
	{ "a line is added", KP_STR("a\nc\n"), KP_STR("a\nb\nc\n"),
	    NAMES "@@ -1,2 +1,3 @@\n a\n+b\n c\n" },
	{ "a line goes", KP_STR("a\nb\nc\n"), KP_STR("a\nc\n"),
	    NAMES "@@ -1,3 +1,2 @@\n a\n-b\n c\n" },
	{ "a text where there was none", KP_STR(""), KP_STR("a\nb\n"),
	    NAMES "@@ -0,0 +1,2 @@\n+a\n+b\n" },
	{ "nothing is left", KP_STR("a\nb\n"), KP_STR(""),
	    NAMES "@@ -1,2 +0,0 @@\n-a\n-b\n" },
	{ "the final line ending goes", KP_STR("a\nb\n"), KP_STR("a\nb"),
	    NAMES "@@ -1,2 +1,2 @@\n a\n-b\n+b\n"
	          "\\ No newline at end of file\n" },
	{ "the final line ending comes", KP_STR("a"), KP_STR("a\n"),
	    NAMES "@@ -1,1 +1,1 @@\n-a\n\\ No newline at end of file\n+a\n" },
	{ "neither side has a final line ending", KP_STR("a\nb"),
	    KP_STR("A\nb"),
	    NAMES "@@ -1,2 +1,2 @@\n-a\n+A\n b\n"
	          "\\ No newline at end of file\n" },
	{ "a CR is of its line", KP_STR("a\r\n"), KP_STR("a\n"),
	    NAMES "@@ -1,1 +1,1 @@\n-a\r\n+a\n" },
	{ "three lines around it are shown",
	    KP_STR("1\n2\n3\n4\n5\n6\n7\n8\n9\n"),
	    KP_STR("1\n2\n3\n4\nX\n6\n7\n8\n9\n"),
	    NAMES "@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+X\n 6\n 7\n 8\n" },
	{ "six common lines keep two changes together",
	    KP_STR("a\n1\n2\n3\n4\n5\n6\nb\n"),
	    KP_STR("A\n1\n2\n3\n4\n5\n6\nB\n"),
	    NAMES "@@ -1,8 +1,8 @@\n-a\n+A\n 1\n 2\n 3\n 4\n 5\n 6\n-b\n+B\n" },
	{ "seven common lines part two changes",
	    KP_STR("a\n1\n2\n3\n4\n5\n6\n7\nb\n"),
	    KP_STR("A\n1\n2\n3\n4\n5\n6\n7\nB\n"),
	    NAMES "@@ -1,4 +1,4 @@\n-a\n+A\n 1\n 2\n 3\n"
	          "@@ -6,4 +6,4 @@\n 5\n 6\n 7\n-b\n+B\n" },
	{ "the shortest script is found", KP_STR("a\nb\nc\na\nb\nb\na\n"),
	    KP_STR("c\nb\na\nb\na\nc\n"), NULL },
};

static size_t
count_changes(const struct kp_buf *out)
{
	struct kp_str rest = kp_buf_view(out), line;
	size_t count = 0;

	while (kp_str_next_line(&rest, &line))
		count += kp_str_starts(line, "+") || kp_str_starts(line, "-");
	return count;
}

static void
test_what_is_shown(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct kp_buf out = diff(cases[i].old, cases[i].new);

		/* Myers' own example: five lines, and the two of the names. */
		if (cases[i].expect == NULL)
			assert_int_equal(count_changes(&out), 5 + 2);
		else
			expect_text(cases[i].name, kp_buf_view(&out),
			    cases[i].expect);
		kp_buf_wipe(&out);
	}
}

static void
add_lines(struct kp_buf *text, const char *word, unsigned count)
{
	unsigned i;

	for (i = 0; i < count; i++)
		kp_buf_add_format(text, "%s%u\n", word, i);
}

static void
test_more_lines_than_are_compared_are_one_block(void **state)
{
	struct kp_buf old = { 0 }, new = { 0 }, out;

	(void)state;
	add_lines(&old, "same", 5);
	add_lines(&old, "old", 1500);
	add_lines(&new, "same", 5);
	add_lines(&new, "new", 1500);
	kp_buf_add_text(&old, "end\n");
	kp_buf_add_text(&new, "end\n");
	out = diff(kp_buf_view(&old), kp_buf_view(&new));
	assert_true(kp_str_starts(kp_buf_view(&out),
	    NAMES "@@ -3,1504 +3,1504 @@\n same2\n same3\n same4\n-old0\n"));
	assert_true(kp_str_ends(kp_buf_view(&out), "+new1499\n end\n"));
	assert_int_equal(count_changes(&out), 3000 + 2);
	kp_buf_wipe(&old);
	kp_buf_wipe(&new);
	kp_buf_wipe(&out);
}

static void
test_as_many_lines_as_are_compared_are_told_apart(void **state)
{
	struct kp_buf old = { 0 }, new = { 0 }, out;
	unsigned i;

	(void)state;
	for (i = 0; i < 500; i++) {
		kp_buf_add_format(&old, "same%u\nold%u\n", i, i);
		kp_buf_add_format(&new, "same%u\nnew%u\n", i, i);
	}
	out = diff(kp_buf_view(&old), kp_buf_view(&new));
	assert_int_equal(count_changes(&out), 1000 + 2);
	assert_true(kp_str_starts(kp_buf_view(&out),
	    NAMES "@@ -1,1000 +1,1000 @@\n same0\n-old0\n+new0\n same1\n"));
	kp_buf_wipe(&old);
	kp_buf_wipe(&new);
	kp_buf_wipe(&out);
}

#define SHOWN KP_STR("[x]")

static const struct {
	const char *name;
	struct kp_str text;
	struct kp_mask masks[3];
	size_t nmasks;
	const char *expect; /* as the new side, nothing before */
} masked[] = {
	{ "a part of a line", KP_STR("p = hunter2 # c\n"), { { 4, 11, SHOWN } },
	    1, "+p = [x] # c\n" },
	{ "a whole line", KP_STR("hunter2\n"), { { 0, 7, SHOWN } }, 1,
	    "+[x]\n" },
	{ "two in a line", KP_STR("a:hunter2@b:hunter3\n"),
	    { { 2, 9, SHOWN }, { 12, 19, SHOWN } }, 2, "+a:[x]@b:[x]\n" },
	{ "two that touch", KP_STR("hunter2hunter3\n"),
	    { { 0, 7, SHOWN }, { 7, 14, SHOWN } }, 2, "+[x][x]\n" },
	{ "one over two lines", KP_STR("a\nb: hunt\ner2 c\nd\n"),
	    { { 5, 13, SHOWN } }, 1, "+a\n+b: [x]\n+... c\n+d\n" },
	{ "one over three lines", KP_STR("b: hu\nnte\nr2 c\n"),
	    { { 3, 12, SHOWN } }, 1, "+b: [x]\n+...\n+... c\n" },
	{ "one that ends with its line", KP_STR("a: hunter2\nb\n"),
	    { { 3, 11, SHOWN } }, 1, "+a: [x]\n+b\n" },
	{ "one that is only a line ending", KP_STR("a\nb\n"),
	    { { 1, 2, SHOWN } }, 1, "+a[x]\n+b\n" },
	{ "an empty one", KP_STR("a: \nb\n"), { { 3, 3, SHOWN } }, 1,
	    "+a: [x]\n+b\n" },
	{ "one up to the end of the text", KP_STR("a: hunter2"),
	    { { 3, 10, SHOWN } }, 1,
	    "+a: [x]\n\\ No newline at end of file\n" },
	{ "the next begins where one over two lines ends",
	    KP_STR("hun\nter2hunter3\n"), { { 0, 8, SHOWN }, { 8, 15, SHOWN } },
	    2, "+[x]\n+...[x]\n" },
	{ "the three of three lines", KP_STR("h1\nh2\nh3\n"),
	    { { 0, 2, SHOWN }, { 3, 5, SHOWN }, { 6, 8, SHOWN } }, 3,
	    "+[x]\n+[x]\n+[x]\n" },
};

static void
test_masks_hide_what_they_cover(void **state)
{
	const struct kp_side before = { .name = "a" };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(masked) / sizeof(masked[0]); i++) {
		const struct kp_side after = { .name = "b",
			.text = masked[i].text,
			.masks = masked[i].masks,
			.nmasks = masked[i].nmasks };
		struct kp_buf out = { 0 };
		size_t start;

		assert_true(kp_diff_add(&out, &before, &after));
		start = kp_str_find_str(kp_buf_view(&out), kp_str_of(" @@\n"));
		assert_int_not_equal(start, KP_NPOS);
		expect_text(masked[i].name,
		    kp_str_slice(kp_buf_view(&out), start + 4, out.len),
		    masked[i].expect);
		kp_buf_wipe(&out);
	}
}

/* What differs behind a mask is told, and not how. */
static void
test_lines_are_compared_by_their_bytes(void **state)
{
	const struct kp_mask mask = { 4, 11, SHOWN };
	const struct kp_side before = { "a", KP_STR("p = hunter2\n"), &mask,
		1 };
	const struct kp_side after = { "b", KP_STR("p = hunter3\n"), &mask, 1 };
	struct kp_buf out = { 0 };

	(void)state;
	assert_true(kp_diff_add(&out, &before, &after));
	expect_text("masked on both sides", kp_buf_view(&out),
	    NAMES "@@ -1,1 +1,1 @@\n-p = [x]\n+p = [x]\n");
	kp_buf_wipe(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_is_shown),
		cmocka_unit_test(
		    test_more_lines_than_are_compared_are_one_block),
		cmocka_unit_test(
		    test_as_many_lines_as_are_compared_are_told_apart),
		cmocka_unit_test(test_masks_hide_what_they_cover),
		cmocka_unit_test(test_lines_are_compared_by_their_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
