/* SPDX-License-Identifier: MIT */
/*
 * tables - the tests that all formats have: a table of rows for each.
 *
 * A format's file holds its tables and puts them into a struct tables, for
 * which run_tables() runs each test that it has rows for.  A row's name is
 * shown where the row fails.
 */
#ifndef KP_TESTS_UNIT_FORMAT_TABLES_H
#define KP_TESTS_UNIT_FORMAT_TABLES_H

#include "slot.h"

#include "base/utf8.h"
#include "format/formats.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* The members of a struct tables that are about its table of that name. */
#define TABLE(member, rows) .member = (rows), .n##member = COUNT(rows)

/* A text, and its items as slot_list() shows them. */
struct reading_row {
	const char *name, *text, *expect;
};

/*
 * A text that is an error, and where.  Column 0: anywhere in the line; words
 * are in the message, NULL: whichever.
 */
struct fault_row {
	const char *name, *text;
	unsigned line, column;
	const char *words;
};

/* A template, what is put into it, and the text that results. */
struct fill_row {
	const char *name, *template, *value, *expect;
};

/* A template, what cannot be put into it, and words of the reason. */
struct refusal_row {
	const char *name, *template, *value, *words;
};

/* A text, the path of a key it lacks, and the text with that key. */
struct insert_row {
	const char *name, *text, *path, *expect;
};

/* A text, the path of a key it cannot get, and words of the reason. */
struct no_insert_row {
	const char *name, *text, *path, *words;
};

/* A text, a path that one scalar of it has, and that scalar's value. */
struct path_row {
	const char *name, *text, *path, *value;
};

/* Words, as they are written in the text, that are all of one type. */
struct type_row {
	enum kp_type type;
	const char *words[24];
};

/* A value that is meant to be of a type, and how it is written. */
struct typed_row {
	const char *value, *expect;
	enum kp_type type;
};

struct tables {
	const struct kp_format *format;
	const struct reading_row *readings;
	const struct fault_row *faults;
	const struct fill_row *fills;
	const struct refusal_row *refusals;
	const struct insert_row *inserts;
	const struct no_insert_row *no_inserts;
	const struct path_row *paths;
	const struct type_row *types;
	const struct typed_row *typed;
	const char *const *byte_places; /* templates that take any bytes, */
	const char *const *rune_places; /* and any characters */
	size_t nreadings, nfaults, nfills, nrefusals, ninserts, nno_inserts,
	    npaths, ntypes, ntyped, nbyte_places, nrune_places;
	const char *bare;      /* a template whose slot is bare: types, typed */
	const char *nul;       /* a template that takes no NUL, */
	const char *nul_words; /* and why */
	const char *nest;      /* what comes before brackets: nesting */
};

/* Fails unless value can be put into template, with expect for a result. */
static inline void
check_fill(const char *name, const struct kp_format *format,
    const char *template, struct kp_str value, const char *expect)
{
	struct kp_buf got = { 0 };

	if (!slot_fill(name, format, kp_str_of(template), value, &got))
		fail_msg("%s: refused: %s", name, got.data);
	slot_expect(name, &got, expect);
	kp_buf_wipe(&got);
}

/* Fails unless value cannot be put into template, for a reason with words. */
static inline void
check_refusal(const char *name, const struct kp_format *format,
    const char *template, struct kp_str value, const char *words)
{
	struct kp_buf got = { 0 };
	bool done = slot_fill(name, format, kp_str_of(template), value, &got);

	slot_expect_refusal(name, done, &got, words);
	kp_buf_wipe(&got);
}

/* Fails unless template takes value: slot_fill() reads it back. */
static inline void
check_carried(const struct kp_format *format, const char *template,
    struct kp_str value)
{
	struct kp_buf got = { 0 }, hex = { 0 };
	size_t i;

	if (!slot_fill(template, format, kp_str_of(template), value, &got)) {
		for (i = 0; i < value.len; i++)
			kp_buf_add_format(&hex, " %02x",
			    (unsigned)(unsigned char)value.ptr[i]);
		fail_msg("%s: bytes%s: %s", template, hex.data, got.data);
	}
	kp_buf_wipe(&got);
}

/* Each byte from first to last, at either end, between others, and alone. */
static inline void
check_bytes(const struct kp_format *format, const char *template,
    unsigned first, unsigned last)
{
	unsigned byte;
	size_t form;

	for (byte = first; byte <= last; byte++) {
		const char c = (char)byte;
		const char forms[][3] = { { 'a', c, 'b' }, { c, 'x', 'x' },
			{ 'x', 'x', c }, { c, c, c } };

		for (form = 0; form < COUNT(forms); form++)
			check_carried(format, template,
			    kp_str_make(forms[form], 3));
	}
}

/* Fails unless text is an error as row says. */
static inline void
check_fault(const struct kp_format *format, const struct fault_row *row)
{
	const struct kp_source src = { .name = "text",
		.text = kp_str_of(row->text) };
	struct kp_diags diags = { 0 };
	const struct kp_place *place;
	struct kp_scan scan;

	if (kp_scan_run(&scan, format, &src, &diags))
		fail_msg("%s: it is read", row->name);
	if (diags.count != 1)
		fail_msg("%s: %zu faults", row->name, diags.count);
	place = &diags.list[0].place;
	if (place->line != row->line ||
	    (row->column != 0 && place->column != row->column))
		fail_msg("%s: at %u:%u, want %u:%u", row->name, place->line,
		    place->column, row->line, row->column);
	if (row->words != NULL &&
	    strstr(diags.list[0].text, row->words) == NULL)
		fail_msg("%s: %s", row->name, diags.list[0].text);
	kp_scan_wipe(&scan);
	kp_diags_free(&diags);
}

/* The paths of all scalars of text, a line each. */
static inline struct kp_buf
list_paths(const struct kp_format *format, struct kp_str text)
{
	const struct kp_source src = { .name = "text", .text = text };
	struct kp_scan scan = slot_scan("paths", format, &src);
	struct kp_buf list = { 0 };
	size_t i;

	for (i = 0; i < scan.count; i++) {
		struct kp_buf path = { 0 };

		if (scan.items[i].kind != KP_SCALAR)
			continue;
		kp_scan_path(&scan, &scan.items[i], &path);
		kp_buf_add(&list, kp_buf_view(&path));
		kp_buf_add_char(&list, '\n');
		kp_buf_wipe(&path);
	}
	kp_scan_wipe(&scan);
	return list;
}

static inline void
scans_list_what_readers_see(void **state)
{
	const struct tables *tables = *state;
	size_t i;

	for (i = 0; i < tables->nreadings; i++) {
		const struct reading_row *row = &tables->readings[i];
		struct kp_buf list =
		    slot_list(row->name, tables->format, kp_str_of(row->text));

		slot_expect(row->name, &list, row->expect);
		kp_buf_wipe(&list);
	}
}

static inline void
faults_have_a_place(void **state)
{
	const struct tables *tables = *state;
	size_t i;

	for (i = 0; i < tables->nfaults; i++)
		check_fault(tables->format, &tables->faults[i]);
}

static inline void
values_take_the_slot(void **state)
{
	const struct tables *tables = *state;
	size_t i;

	for (i = 0; i < tables->nfills; i++) {
		const struct fill_row *row = &tables->fills[i];

		check_fill(row->name, tables->format, row->template,
		    kp_str_of(row->value), row->expect);
	}
}

static inline void
what_cannot_be_carried_is_refused(void **state)
{
	const struct tables *tables = *state;
	size_t i;

	for (i = 0; i < tables->nrefusals; i++) {
		const struct refusal_row *row = &tables->refusals[i];

		check_refusal(row->name, tables->format, row->template,
		    kp_str_of(row->value), row->words);
	}
}

static inline void
a_nul_is_refused(void **state)
{
	const struct tables *tables = *state;
	const struct kp_str nul = KP_STR("a\0b");

	check_refusal("a NUL", tables->format, tables->nul, nul,
	    tables->nul_words);
}

static inline void
keys_can_be_added(void **state)
{
	const struct tables *tables = *state;
	size_t i;

	for (i = 0; i < tables->ninserts; i++) {
		const struct insert_row *row = &tables->inserts[i];
		struct kp_buf got = { 0 };

		if (!slot_insert(row->name, tables->format,
		        kp_str_of(row->text), row->path, &got))
			fail_msg("%s: refused: %s", row->name, got.data);
		slot_expect(row->name, &got, row->expect);
		kp_buf_wipe(&got);
	}
}

static inline void
keys_without_a_place_are_refused(void **state)
{
	const struct tables *tables = *state;
	size_t i;

	for (i = 0; i < tables->nno_inserts; i++) {
		const struct no_insert_row *row = &tables->no_inserts[i];
		struct kp_buf got = { 0 };
		bool done = slot_insert(row->name, tables->format,
		    kp_str_of(row->text), row->path, &got);

		slot_expect_refusal(row->name, done, &got, row->words);
		kp_buf_wipe(&got);
	}
}

static inline void
paths_find_their_scalars(void **state)
{
	const struct tables *tables = *state;
	size_t i;

	for (i = 0; i < tables->npaths; i++) {
		const struct path_row *row = &tables->paths[i];
		const struct kp_source src = { .name = "text",
			.text = kp_str_of(row->text) };
		struct kp_scan scan =
		    slot_scan(row->name, tables->format, &src);
		size_t found = 0;

		if (kp_scan_find(&scan, kp_str_of(row->path), &found) != 1)
			fail_msg("%s: not the path of one scalar", row->name);
		if (!kp_str_is(scan.items[found].value, row->value))
			fail_msg("%s: another value", row->name);
		kp_scan_wipe(&scan);
	}
}

/* Fails unless word, in the place of a template's bare slot, is of type. */
static inline void
check_type(const struct tables *tables, const char *word, enum kp_type type)
{
	const struct kp_str bare = kp_str_of(tables->bare);
	const struct kp_source asked = { .name = "text", .text = bare };
	struct kp_scan scan = slot_scan(word, tables->format, &asked);
	size_t number = slot_item(word, &scan);
	struct kp_source src = { .name = "text" };
	struct kp_buf text = { 0 };

	kp_buf_add(&text, kp_str_slice(bare, 0, scan.items[number].start));
	kp_buf_add_text(&text, word);
	kp_buf_add(&text, kp_str_slice(bare, scan.items[number].end, bare.len));
	kp_scan_wipe(&scan);
	src.text = kp_buf_view(&text);
	scan = slot_scan(word, tables->format, &src);
	if (scan.items[number].type != type)
		fail_msg("\"%s\" is of another type", word);
	kp_scan_wipe(&scan);
	kp_buf_wipe(&text);
}

static inline void
words_have_types(void **state)
{
	const struct tables *tables = *state;
	size_t i, j;

	for (i = 0; i < tables->ntypes; i++) {
		for (j = 0; tables->types[i].words[j] != NULL; j++)
			check_type(tables, tables->types[i].words[j],
			    tables->types[i].type);
	}
}

static inline void
a_typed_value_stays_bare_only_where_it_is_one(void **state)
{
	const struct tables *tables = *state;
	const struct kp_source src = { .name = "text",
		.text = kp_str_of(tables->bare) };
	struct kp_scan scan = slot_scan("typed", tables->format, &src);
	const struct kp_item *item = &scan.items[slot_item("typed", &scan)];
	struct kp_refusal why;
	size_t i;

	for (i = 0; i < tables->ntyped; i++) {
		const struct typed_row *row = &tables->typed[i];
		const struct kp_value value = {
			.bytes = kp_str_of(row->value),
			.type = row->type,
		};
		struct kp_buf got = { 0 };

		assert_true(
		    tables->format->encode(&scan, item, &value, &got, &why));
		slot_expect(row->value, &got, row->expect);
		kp_buf_wipe(&got);
	}
	kp_scan_wipe(&scan);
}

static inline void
every_byte_is_carried_everywhere(void **state)
{
	const struct tables *tables = *state;
	size_t i;

	for (i = 0; i < tables->nbyte_places; i++)
		check_bytes(tables->format, tables->byte_places[i], 0, 255);
}

/* Every character, alone and between others, in every kind of place. */
static inline void
every_character_is_carried_everywhere(void **state)
{
	static const uint32_t more[] = { 0x2028, 0x2029, 0x202e, 0x3000, 0xd7ff,
		0xe000, 0xfdd0, 0xfeff, 0xfffd, 0xfffe, 0xffff, 0x1f600,
		0x1fffe, 0x10ffff };
	const struct tables *tables = *state;
	size_t i, place;

	for (i = 0; i < 0x180 + COUNT(more); i++) {
		uint32_t rune = i < 0x180 ? (uint32_t)i : more[i - 0x180];
		struct kp_buf alone = { 0 }, lines = { 0 };

		kp_utf8_add(&alone, rune);
		kp_buf_add(&lines, kp_buf_view(&alone));
		kp_buf_add_text(&lines, "\nb");
		kp_buf_add(&lines, kp_buf_view(&alone));
		for (place = 0; place < tables->nrune_places; place++) {
			check_carried(tables->format,
			    tables->rune_places[place], kp_buf_view(&alone));
			check_carried(tables->format,
			    tables->rune_places[place], kp_buf_view(&lines));
		}
		kp_buf_wipe(&alone);
		kp_buf_wipe(&lines);
	}
}

/* 64 levels of brackets are read, and the 65th is the fault. */
static inline void
nesting_has_a_limit(void **state)
{
	const struct tables *tables = *state;
	const size_t start = strlen(tables->nest);
	char text[160] = "";
	const struct fault_row fault = { "nesting", text, 1,
		(unsigned)start + 65, "nested deeper than 64 levels" };
	struct kp_source src = { .name = "text" };
	struct kp_scan scan;

	assert_true(start + 130 < sizeof(text));
	memcpy(text, tables->nest, start);
	memset(text + start, '[', 64);
	memset(text + start + 64, ']', 64);
	src.text = kp_str_of(text);
	scan = slot_scan("nesting", tables->format, &src);
	kp_scan_wipe(&scan);
	memset(text + start, '[', 65);
	memset(text + start + 65, ']', 65);
	check_fault(tables->format, &fault);
}

#define TABLES_TESTS 13

/* Add a test of tables to list, at *count, if there is something to test. */
static inline void
list_test(struct CMUnitTest *list, size_t *count, const char *name,
    CMUnitTestFunction test, struct tables *tables, bool wanted)
{
	if (wanted)
		list[(*count)++] =
		    (struct CMUnitTest){ name, test, NULL, NULL, tables };
}

/* Add a test if this member of tables, which is a pointer, is there. */
#define LIST_TEST(test, member)                                                \
	list_test(list, &count, #test, test, tables, tables->member != NULL)

/* Fills list, of TABLES_TESTS; returns how many tests that are. */
static inline size_t
list_tests(struct tables *tables, struct CMUnitTest *list)
{
	size_t count = 0;

	LIST_TEST(scans_list_what_readers_see, readings);
	LIST_TEST(words_have_types, types);
	LIST_TEST(faults_have_a_place, faults);
	LIST_TEST(nesting_has_a_limit, nest);
	LIST_TEST(values_take_the_slot, fills);
	LIST_TEST(what_cannot_be_carried_is_refused, refusals);
	LIST_TEST(a_nul_is_refused, nul);
	LIST_TEST(a_typed_value_stays_bare_only_where_it_is_one, typed);
	LIST_TEST(every_byte_is_carried_everywhere, byte_places);
	LIST_TEST(every_character_is_carried_everywhere, rune_places);
	LIST_TEST(keys_can_be_added, inserts);
	LIST_TEST(keys_without_a_place_are_refused, no_inserts);
	LIST_TEST(paths_find_their_scalars, paths);
	return count;
}

/*
 * Run the tests of so many tables, and some more.  Returns how many failed,
 * for main().
 */
static inline int
run_tables(struct tables *tables, size_t ntables, const struct CMUnitTest *more,
    size_t nmore)
{
	/* cmocka passes over those that are left empty. */
	struct CMUnitTest tests[64] = { { NULL, NULL, NULL, NULL, NULL } };
	size_t count = 0, i;

	assert_true(ntables * TABLES_TESTS + nmore <= COUNT(tests));
	for (i = 0; i < ntables; i++)
		count += list_tests(&tables[i], &tests[count]);
	for (i = 0; i < nmore; i++)
		tests[count++] = more[i];
	return cmocka_run_group_tests(tests, NULL, NULL);
}

#endif
