/* SPDX-License-Identifier: MIT */
/* test_match - where a rule's pattern is found, and what it replaces there. */
#include "core/match.h"

#include "base/utf8.h"
#include "fake.h"

#include <stdlib.h>
#include <time.h>

/* A rule whose pattern stands in a rule file, from the fourth column on. */
struct rule {
	char *pattern; /* owned */
	struct kp_buf written;
	struct kp_source src;
	struct kp_match_rule rule;
};

static void
set_rule(struct rule *rule, const char *pattern, bool has_value, size_t count)
{
	static char name[] = "r", text[] = "v";

	*rule = (struct rule){ .pattern = strdup(pattern) };
	kp_buf_add_format(&rule->written, "\np =%s", pattern);
	rule->src = (struct kp_source){ .name = "rules",
		.text = kp_buf_view(&rule->written) };
	rule->rule = (struct kp_match_rule){
		.name = name,
		.pattern = rule->pattern,
		.value = has_value ? text : NULL,
		.replace = has_value ? NULL : text,
		.count = count,
		.pattern_written = { &rule->src, 4, strlen(pattern) },
	};
}

static void
free_rule(struct rule *rule)
{
	free(rule->pattern);
	kp_buf_wipe(&rule->written);
}

/* "3-5 7-9" */
static struct kp_buf
list_hits(const struct kp_hits *hits)
{
	struct kp_buf list = { 0 };
	size_t i;

	for (i = 0; i < hits->count; i++)
		kp_buf_add_format(&list, "%s%zu-%zu", i == 0 ? "" : " ",
		    hits->list[i].start, hits->list[i].end);
	return list;
}

static const struct {
	const char *name, *pattern;
	bool has_value;
	size_t count;
	struct kp_str text;
	const char *hits;
} found[] = {
	{ "a replacement takes the whole match", "b+", false, 1, KP_STR("abbc"),
	    "1-3" },
	{ "a value takes its group", "^a: (?<value>.*)$", true, 1,
	    KP_STR("b: 1\na: 2\n"), "8-9" },
	{ "a group of the P kind", "a(?P<value>b)c", true, 1, KP_STR("abc"),
	    "1-2" },
	{ "a group may be empty", "^a:(?<value>)", true, 1, KP_STR("a:\n"),
	    "2-2" },
	{ "as often as the rule says", "a", false, 2, KP_STR("a-a"),
	    "0-1 2-3" },
	{ "any number, and none", "a", false, KP_COUNT_ANY, KP_STR("b"), "" },
	{ "none, where none is asked for", "a", false, 0, KP_STR("b"), "" },
	{ "any number of them", "a", false, KP_COUNT_ANY, KP_STR("aba"),
	    "0-1 2-3" },
	{ "matches do not overlap", "aa", false, KP_COUNT_ANY, KP_STR("aaaaa"),
	    "0-2 2-4" },
	{ "lines begin and end", "^.$", false, KP_COUNT_ANY, KP_STR("a\nbb\nc"),
	    "0-1 5-6" },
	{ "lines may end in CR LF", "^a=(?<value>.*)$", true, KP_COUNT_ANY,
	    KP_STR("a=b\r\na=c\r\na=d"), "2-3 7-8 12-13" },
	{ "an empty line of CR LF is one", "^$", false, KP_COUNT_ANY,
	    KP_STR("a\r\n\r\nb"), "3-3" },
	{ "an empty text has an empty line", "^$", false, 1, KP_STR(""),
	    "0-0" },
	{ "empty matches go on", "x*", false, KP_COUNT_ANY, KP_STR("axb"),
	    "0-0 1-2 2-2 3-3" },
	{ "empty matches go on by characters", "", false, KP_COUNT_ANY,
	    KP_STR("\xc3\xa4z"), "0-0 2-2 3-3" },
	{ "a lookahead's match may be empty", "(?=b)", false, 1, KP_STR("ab"),
	    "1-1" },
	{ "a character is one dot", "^.(?<value>.)$", true, 1,
	    KP_STR("\xc3\xa4\xe2\x82\xac"), "2-5" },
	{ "what is no UTF-8 is passed over", "b(?<value>.)", true, KP_COUNT_ANY,
	    KP_STR("\xff"
	           "bc\xfe\xffzbd"),
	    "2-3 7-8" },
	{ "empty matches in what is no UTF-8", "a?", false, KP_COUNT_ANY,
	    KP_STR("a\xff"), "0-1 1-1 2-2" },
	{ "no line begins or ends beside what is no UTF-8", "^a|a$", false,
	    KP_COUNT_ANY,
	    KP_STR("\xff"
	           "a\xff\na\na"),
	    "4-5 6-7" },
	{ "nor does a match look over it", "(?<=\\xff)b|a(?=.b)|(?<=a)b", false,
	    KP_COUNT_ANY,
	    KP_STR("a\xff"
	           "ba.b"),
	    "3-4" },
	{ "what is no UTF-8 is no part of a word", "\\bb\\b", false,
	    KP_COUNT_ANY,
	    KP_STR("a\xff"
	           "b\xff"
	           "ab"),
	    "2-3" },
	{ "a match over lines, behind what is no UTF-8", "a\nb", false, 1,
	    KP_STR("\xe4\na\nb\n"), "2-5" },
	{ "a text begins and ends once", "\\Aa|a\\z|\\Gb", false, KP_COUNT_ANY,
	    KP_STR("abab\na"), "0-1 1-2 5-6" },
	{ "a NUL is a byte", "a(?<value>.)b", true, 1, KP_STR("a\0b"), "1-2" },
	{ "letters of either case, where asked for", "(?i)A", false, 1,
	    KP_STR("xa"), "1-2" },
	{ "a literal is looked for first", "^ab\\.c = (?<value>.*)$", true, 2,
	    KP_STR("ab.c = 1\nxab.c = 2\nabxc = 3\nab.c = 4\n"), "7-8 35-36" },
	{ "what a repeat follows may be absent", "ab?c", false, KP_COUNT_ANY,
	    KP_STR("ac abc"), "0-2 3-6" },
	{ "as may a branch", "abc|d", false, KP_COUNT_ANY, KP_STR("d abc"),
	    "0-1 2-5" },
	{ "a match begins where \\K says", "a\\Kb", false, 1, KP_STR("ab"),
	    "1-2" },
};

static void
test_where_it_is_found(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(found) / sizeof(found[0]); i++) {
		const struct kp_source src = { .name = "t",
			.text = found[i].text };
		struct kp_diags diags = { 0 };
		struct kp_hits hits;
		struct rule rule;
		struct kp_buf got;

		set_rule(&rule, found[i].pattern, found[i].has_value,
		    found[i].count);
		if (!kp_match_find(&rule.rule, &src, kp_utf8_end(src.text, 0),
		        &hits, &diags))
			fail_msg("%s: %s", found[i].name, diags.list[0].text);
		got = list_hits(&hits);
		expect_text(found[i].name, kp_buf_view(&got), found[i].hits);
		kp_buf_wipe(&got);
		kp_hits_free(&hits);
		kp_diags_free(&diags);
		free_rule(&rule);
	}
}

static const struct {
	const char *name, *pattern;
	bool has_value;
	size_t count;
	const char *text, *problem, *hint;
	unsigned column;
} refused[] = {
	{ "it is not found", "b", false, 1, "a",
	    "the pattern of \"r\" is not found in t", "ends of a line", 4 },
	{ "it is found too often", "a", false, 1, "aa",
	    "the pattern of \"r\" is found 2 times in t, not 1",
	    "count = 2 or count = any", 4 },
	{ "it is found though it must not be", "a", false, 0, "a",
	    "the pattern of \"r\" is found 1 times in t, not 0", "count", 4 },
	{ "a parenthesis is not closed", "ab(c", false, 1, "a",
	    "the pattern of \"r\" is malformed: missing closing parenthesis",
	    "", 8 },
	{ "a value has no group", "a(b)", true, 1, "ab",
	    "the pattern of \"r\" has no group (?<value>...)", "or use replace",
	    4 },
	{ "the group took no part", "a|(?<value>b)", true, KP_COUNT_ANY, "ab",
	    "matched without its group \"value\"", "", 4 },
	{ "two matches look ahead to one group", "a(?=.*(?<value>z))", true,
	    KP_COUNT_ANY, "aaz", "finds one place more than once",
	    "outside of what looks ahead or behind", 4 },
	{ "they look to one empty group", "a(?=.*z(?<value>))", true,
	    KP_COUNT_ANY, "aaz", "finds one place more than once", "", 4 },
	{ "a later match looks back to an earlier place",
	    "(?|a(?=b(?<value>c))|b(?<=(?<value>a)b))", true, KP_COUNT_ANY,
	    "abc", "finds one place more than once", "", 4 },
	{ "a repeat within a repeat runs away", "^(a+)+$", false, 1,
	    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab",
	    "the pattern of \"r\" takes too many steps on this file",
	    "avoid a repeat within a repeat", 4 },
	{ "alternatives run away", "^(a|aa|aaa)*c", false, 1,
	    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaabc",
	    "takes too many steps", "anchor it with ^", 4 },
	{ "the end of what is no UTF-8 is asked for", "a\\z", false, 1, "a\xff",
	    "asks for an end of this file, which is not UTF-8",
	    "^ and $ find the ends of lines", 4 },
	{ "a part of a character is asked for", "a\\C", false, 1, "a",
	    "using \\C is disabled", "", 7 },
	{ "a recursion has no end", "(?R)?a(?R)?b", false, 1,
	    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
	    "the pattern of \"r\"", "", 4 },
};

/* Seconds of processor time that no bounded search needs. */
#define RUNAWAY_SECONDS 20

static void
test_what_is_refused(void **state)
{
	clock_t start = clock();
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		const struct kp_source src = { .name = "t",
			.text = kp_str_of(refused[i].text) };
		struct kp_diags diags = { 0 };
		struct kp_hits hits;
		struct rule rule;

		set_rule(&rule, refused[i].pattern, refused[i].has_value,
		    refused[i].count);
		if (kp_match_find(&rule.rule, &src, kp_utf8_end(src.text, 0),
		        &hits, &diags))
			fail_msg("%s: it was taken", refused[i].name);
		assert_int_equal(diags.count, 1);
		if (!tells(&diags, refused[i].problem) ||
		    !tells(&diags, refused[i].hint))
			fail_msg("%s: got \"%s\" and \"%s\"", refused[i].name,
			    diags.list[0].text, diags.list[0].hint);
		assert_string_equal(diags.list[0].path, "rules");
		assert_int_equal(diags.list[0].place.line, 2);
		if (diags.list[0].place.column != refused[i].column)
			fail_msg("%s: column %u", refused[i].name,
			    diags.list[0].place.column);
		kp_hits_free(&hits);
		kp_diags_free(&diags);
		free_rule(&rule);
	}
	assert_true(clock() - start < RUNAWAY_SECONDS * CLOCKS_PER_SEC);
}

static void
test_groups_are_kept(void **state)
{
	const struct kp_source src = { .name = "t", .text = KP_STR("k = v") };
	struct kp_diags diags = { 0 };
	struct kp_hits hits;
	struct rule rule;

	(void)state;
	set_rule(&rule, "(k)(x)?( = )(?<value>v)", true, 1);
	assert_true(kp_match_find(&rule.rule, &src, kp_utf8_end(src.text, 0),
	    &hits, &diags));
	expect_text("$0", hits.list[0].groups[0], "k = v");
	expect_text("$1", hits.list[0].groups[1], "k");
	expect_text("$2 took no part", hits.list[0].groups[2], "");
	expect_text("$3", hits.list[0].groups[3], " = ");
	expect_text("$4", hits.list[0].groups[4], "v");
	expect_text("$5 is not there", hits.list[0].groups[5], "");
	kp_hits_free(&hits);
	kp_diags_free(&diags);
	free_rule(&rule);
}

#define MANY_SECONDS 10

/* A search that reads on to the end at each match takes minutes. */
static const struct {
	const char *each, *end;
	unsigned count;
} many[] = {
	{ "\n", "\n", 100000 },
	{ "\n", "\xff\n", 100000 },
	{ "\xe4\n", "\n", 100000 },
};

static void
test_many_matches_in_a_large_text(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(many) / sizeof(many[0]); i++) {
		struct kp_buf text = { 0 };
		struct kp_diags diags = { 0 };
		struct kp_source src = { .name = "t" };
		struct kp_hits hits;
		struct rule rule;
		clock_t start;
		unsigned n;

		for (n = 0; n < many[i].count; n++)
			kp_buf_add_format(&text,
			    "key%u = some words, then xxx and a \xc3\xa4%s", n,
			    many[i].each);
		kp_buf_add_text(&text, many[i].end);
		src.text = kp_buf_view(&text);
		set_rule(&rule, "\\b(?<value>xxx)\\b", true, many[i].count);
		start = clock();
		if (!kp_match_find(&rule.rule, &src, kp_utf8_end(src.text, 0),
		        &hits, &diags))
			fail_msg("%s", diags.list[0].text);
		assert_true(clock() - start < MANY_SECONDS * CLOCKS_PER_SEC);
		assert_int_equal(hits.count, many[i].count);
		kp_hits_free(&hits);
		kp_diags_free(&diags);
		free_rule(&rule);
		kp_buf_wipe(&text);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_where_it_is_found),
		cmocka_unit_test(test_what_is_refused),
		cmocka_unit_test(test_groups_are_kept),
		cmocka_unit_test(test_many_matches_in_a_large_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
