/* SPDX-License-Identifier: MIT */
/* test_line - the lines of a text, and where one for a new key begins. */
#include "format/line.h"

#include "tables.h"

static const struct {
	const char *name, *text;
	size_t at, start, next;
} lines[] = {
	{ "an empty text is one line", "", 0, 0, 0 },
	{ "the first line begins with the text", "ab\ncd\n", 1, 0, 3 },
	{ "a line ends with its LF", "ab\ncd\n", 2, 0, 3 },
	{ "the next line begins behind it", "ab\ncd\n", 3, 3, 6 },
	{ "behind the last LF is a line without bytes", "ab\n", 3, 3, 3 },
	{ "a last line may have no LF", "ab\ncd", 4, 3, 5 },
	{ "a CR is a byte as any other", "a\rb\r\nc", 3, 0, 5 },
};

static void
a_line_has_a_start_and_a_next_one(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(lines); i++) {
		struct kp_str text = kp_str_of(lines[i].text);

		if (kp_line_start(text, lines[i].at) != lines[i].start)
			fail_msg("%s: another start", lines[i].name);
		if (kp_line_next(text, lines[i].at) != lines[i].next)
			fail_msg("%s: another end", lines[i].name);
	}
}

static const struct {
	const char *name, *text;
	size_t offset;
	const char *before, *after;
} begun[] = {
	{ "an empty text gets a line", "", 0, "", "\n" },
	{ "a line between others ends in LF", "a\nb\n", 2, "", "\n" },
	{ "a line at the end does too", "a\nb\n", 4, "", "\n" },
	{ "a last line without an ending gets one first", "a\nb", 3, "\n", "" },
	{ "where lines end in CR LF, so does a new one", "a\r\nb\r\n", 3, "",
	    "\r\n" },
	{ "the first line decides", "a\nb\r\n", 5, "", "\n" },
	{ "a text of one line has LF", "a", 1, "\n", "" },
};

static void
a_new_line_is_a_line_of_its_own(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(begun); i++) {
		struct kp_insertion where = { .offset = begun[i].offset };

		kp_line_begin(kp_str_of(begun[i].text),
		    kp_line_ending(kp_str_of(begun[i].text)), &where);
		if (!kp_str_is(kp_buf_view(&where.before), begun[i].before) ||
		    !kp_str_is(kp_buf_view(&where.after), begun[i].after))
			fail_msg("%s: another line ending", begun[i].name);
		kp_buf_wipe(&where.before);
		kp_buf_wipe(&where.after);
	}
}

static bool
is_dash(struct kp_str text, const struct kp_item *comment, struct kp_str name)
{
	(void)name;
	return text.ptr[comment->start + 1] == '-';
}

static const struct insert_row inserted[] = {
	{ "behind the last comment that has the key", "#-\n#-\n#x\na 1\n", "k",
	    "#-\n#-\nk: \n#x\na 1\n" },
	{ "at the end, where none has", "#x\na 1", "k", "#x\na 1\nk: " },
};

static void
a_key_goes_to_where_it_is_commented_out(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(inserted); i++) {
		const struct kp_source src = { .name = "text",
			.text = kp_str_of(inserted[i].text) };
		struct kp_scan scan =
		    slot_scan(inserted[i].name, &kp_format_redis, &src);
		struct kp_insertion where = { 0 };
		struct kp_buf got = { 0 };

		kp_line_insert(&scan, kp_str_of(inserted[i].path), ": ", "\n",
		    is_dash, &where);
		kp_buf_add(&got, kp_str_slice(src.text, 0, where.offset));
		kp_buf_add(&got, kp_buf_view(&where.before));
		kp_buf_add(&got, kp_buf_view(&where.after));
		kp_buf_add(&got,
		    kp_str_slice(src.text, where.offset, src.text.len));
		slot_expect(inserted[i].name, &got, inserted[i].expect);
		kp_buf_wipe(&where.before);
		kp_buf_wipe(&where.after);
		kp_buf_wipe(&got);
		kp_scan_wipe(&scan);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_has_a_start_and_a_next_one),
		cmocka_unit_test(a_new_line_is_a_line_of_its_own),
		cmocka_unit_test(a_key_goes_to_where_it_is_commented_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
