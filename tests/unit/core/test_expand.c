/* SPDX-License-Identifier: MIT */
/* test_expand - what a placeholder comes to. */
#include "core/expand.h"

#include "fake.h"

static char mebibyte[1 << 20];

static const struct fake_name names[] = {
	{ KP_ENV, "SET", KP_STR("v"), NULL },
	{ KP_ENV, "EMPTY", KP_STR(""), NULL },
	{ KP_ENV, "OTHER", KP_STR("o"), NULL },
	{ KP_SECRET, "secret", KP_STR("s\n"), NULL },
	{ KP_SECRET, "blank", KP_STR("\n"), NULL },
	{ KP_SECRET, "broken", KP_STR(""), "is a FIFO, not a file" },
	{ KP_SECRET, "cr", KP_STR("a\rb"), NULL },
	{ KP_SECRET, "lines", KP_STR("a\n\n"), NULL },
	{ KP_SECRET, "spaced", KP_STR(" a\n"), NULL },
	{ KP_SECRET, "latin", KP_STR("\xe4"), NULL },
	{ KP_SECRET, "db-pass.word", KP_STR("d\n"), NULL },
	{ KP_SECRET, "SET-up", KP_STR(""), "is a FIFO, not a file" },
	{ KP_SECRET, "UNSET-", KP_STR("u\n"), NULL },
	{ KP_ENV, "SPACED", KP_STR(" a\r\n"), NULL },
	{ KP_ENV, "MIB", { mebibyte, sizeof(mebibyte) }, NULL },
	{ KP_ANY, NULL, KP_STR(""), NULL },
};

/* Expand the only placeholder of the text. */
static enum kp_outcome
expand(struct kp_str text, enum kp_missing missing, struct kp_result *result,
    struct kp_diags *diags)
{
	const struct kp_source src = { .name = "t", .text = text };
	struct fake fake = { .names = names };
	struct kp_values values;
	struct kp_expander expander = { .values = &values,
		.diags = diags,
		.missing = missing };
	struct kp_template template;
	enum kp_outcome outcome;

	assert_true(kp_template_parse(&template, &src, diags));
	assert_int_equal(template.count, 1);
	fake_values(&values, &fake);
	outcome =
	    kp_expand(&expander, &src, template.parts[0].placeholder, result);
	result->entry = NULL; /* it goes with the values */
	kp_values_wipe(&values);
	kp_template_free(&template);
	return outcome;
}

/* POSIX, Shell Command Language, 2.6.2: the table of its operators. */
static const struct {
	const char *text, *expect; /* NULL: an error */
} operators[] = {
	{ "${SET:-w}", "v" },
	{ "${SET-w}", "v" },
	{ "${SET:?w}", "v" },
	{ "${SET?w}", "v" },
	{ "${SET:+w}", "w" },
	{ "${SET+w}", "w" },
	{ "${EMPTY:-w}", "w" },
	{ "${EMPTY-w}", "" },
	{ "${EMPTY:?w}", NULL },
	{ "${EMPTY?w}", "" },
	{ "${EMPTY:+w}", "" },
	{ "${EMPTY+w}", "w" },
	{ "${UNSET:-w}", "w" },
	{ "${UNSET-w}", "w" },
	{ "${UNSET:?w}", NULL },
	{ "${UNSET?w}", NULL },
	{ "${UNSET:+w}", "" },
	{ "${UNSET+w}", "" },
	/* Words within words; what is not needed is not looked at. */
	{ "${UNSET:-a${OTHER}b}", "aob" },
	{ "${UNSET:-${EMPTY:-${SET:+w}}}", "w" },
	{ "${UNSET:-${EMPTY-w}}", "" },
	{ "${SET:-${UNSET}}", "v" },
	{ "${UNSET:+${UNSET}}", "" },
	{ "${SET:+${UNSET}}", NULL },
	{ "${UNSET:-${UNSET}}", NULL },
	{ "${UNSET:-}", "" },
	{ "${UNSET:-a\nb}", "a\nb" },
	/* A secret is a file, and an empty one most often a mistake. */
	{ "${secret}", "s" },
	{ "${secret:blank}", NULL },
	{ "${secret:blank:-w}", "w" },
	{ "${secret:blank:+w}", "" },
	{ "${blank-w}", "" },
	{ "${blank+w}", "w" },
	{ "${blank|whole}", "\n" },
	{ "${secret|whole}", "s\n" },
	{ "${EMPTY}", "" },
	{ "${UNSET}", NULL },
	/* What is there and cannot be read is no matter of defaults. */
	{ "${broken:-w}", NULL },
	{ "${broken-w}", NULL },
	{ "${broken:+w}", NULL },
	/* Filters are for the value, and those of a type for a word too. */
	{ "${SET|upper:-w}", "V" },
	{ "${UNSET|upper:-w}", "w" },
	{ "${UNSET|int:-5}", "5" },
	{ "${UNSET|int:-x}", NULL },
	{ "${UNSET|bool:-yes}", "true" },
	{ "${SET|upper|hex}", "56" },
};

static void
test_operators(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(operators) / sizeof(operators[0]); i++) {
		struct kp_result result = { 0 };
		struct kp_diags diags = { 0 };
		enum kp_outcome outcome = expand(kp_str_of(operators[i].text),
		    KP_MISSING_FAILS, &result, &diags);

		if ((outcome == KP_RESOLVED) != (operators[i].expect != NULL))
			fail_msg("%s: %s", operators[i].text,
			    diags.count > 0 ? diags.list[0].text : "it passed");
		assert_int_equal(diags.errors, operators[i].expect == NULL);
		if (outcome == KP_RESOLVED)
			expect_text(operators[i].text,
			    kp_buf_view(&result.bytes), operators[i].expect);
		kp_result_free(&result);
		kp_diags_free(&diags);
	}
}

static const struct {
	const char *text, *problem, *hint;
} messages[] = {
	{ "${UNSET}",
	    "no value for \"UNSET\" (looked in /run/secrets, environment)",
	    "provide it, or give a default: ${UNSET:-...}" },
	{ "${env:UNSET}", "no value for \"UNSET\" (looked in environment)",
	    "provide it" },
	{ "${TYPPO}", "no value for \"TYPPO\"", "did you mean \"TYPO\"?" },
	{ "${file:/none}", "no file /none", "" },
	{ "${UNSET:?}", "\"UNSET\" is not set: it is required", "" },
	{ "${EMPTY:?say ${secret} so}", "\"EMPTY\" is empty: say ${secret} so",
	    "" },
	{ "${secret:blank}",
	    "the value of \"blank\" is empty (/run/secrets/blank)",
	    "optional = yes" },
	{ "${broken}",
	    "cannot use \"broken\": /run/secrets/broken is a FIFO, not a file",
	    "" },
	{ "${SET|trim|int}", "cannot apply \"int\" to \"SET\": it is no whole",
	    "" },
};

static void
test_messages(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(messages) / sizeof(messages[0]); i++) {
		struct kp_result result = { 0 };
		struct kp_diags diags = { 0 };

		assert_int_equal(expand(kp_str_of(messages[i].text),
		                     KP_MISSING_FAILS, &result, &diags),
		    KP_FAILED);
		if (!tells(&diags, messages[i].problem) ||
		    !tells(&diags, messages[i].hint))
			fail_msg("%s: \"%s\", \"%s\"", messages[i].text,
			    diags.list[0].text, diags.list[0].hint);
		kp_result_free(&result);
		kp_diags_free(&diags);
	}
}

static const struct {
	const char *text;
	enum kp_missing missing;
	enum kp_outcome outcome;
	size_t problems;
} absent[] = {
	{ "${UNSET}", KP_MISSING_FAILS, KP_FAILED, 1 },
	{ "${UNSET}", KP_MISSING_STAYS, KP_UNRESOLVED, 1 },
	{ "${UNSET}", KP_MISSING_SKIPS, KP_UNRESOLVED, 0 },
	{ "${blank}", KP_MISSING_SKIPS, KP_UNRESOLVED, 0 },
	{ "${broken}", KP_MISSING_SKIPS, KP_UNRESOLVED, 0 },
	{ "${broken}", KP_MISSING_STAYS, KP_FAILED, 1 },
	{ "${UNSET:?w}", KP_MISSING_SKIPS, KP_UNRESOLVED, 0 },
	{ "${UNSET:?w}", KP_MISSING_STAYS, KP_FAILED, 1 },
	{ "${UNSET:-${UNSET}}", KP_MISSING_SKIPS, KP_UNRESOLVED, 0 },
	{ "${SET|int}", KP_MISSING_SKIPS, KP_FAILED, 1 },
};

static void
test_what_is_done_about_what_is_missing(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(absent) / sizeof(absent[0]); i++) {
		struct kp_result result = { 0 };
		struct kp_diags diags = { 0 };
		enum kp_outcome outcome = expand(kp_str_of(absent[i].text),
		    absent[i].missing, &result, &diags);

		if (outcome != absent[i].outcome ||
		    diags.count != absent[i].problems)
			fail_msg("%s: %d with %zu problems", absent[i].text,
			    (int)outcome, diags.count);
		kp_result_free(&result);
		kp_diags_free(&diags);
	}
}

static const struct {
	const char *text, *warning; /* NULL: none */
} odd[] = {
	{ "${secret}", NULL },
	{ "${cr}", "\"cr\" (3 bytes): it holds a carriage return" },
	{ "${lines}",
	    "\"lines\" (2 bytes): it still ends in a line ending after one "
	    "was dropped" },
	{ "${spaced}", "\"spaced\" (2 bytes): it has a blank at an end" },
	{ "${latin}", "\"latin\" (1 bytes): it is not UTF-8" },
	{ "${spaced|trim}", NULL },
	{ "${SPACED}", NULL },
	{ "${db-pass.word}",
	    "\"db-pass.word\" is a secret, but this is \"db\" with a default" },
	{ "${db-pass.word|upper}",
	    "\"db-pass.word\" is a secret, but this is \"db\" with a default" },
	{ "${SET-up:-${OTHER}}",
	    "\"SET-up\" is a secret, but this is \"SET\" with a default" },
	{ "${UNSET-}", NULL },
	{ "${UNSET-pass.word}", NULL },
	{ "${db:-pass.word}", NULL },
	{ "${env:db-pass.word}", NULL },
	{ "${secret:db-pass.word}", NULL },
};

static void
test_odd_secrets_and_names_are_warned_about(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
		struct kp_result result = { 0 };
		struct kp_diags diags = { 0 };

		assert_int_equal(expand(kp_str_of(odd[i].text),
		                     KP_MISSING_FAILS, &result, &diags),
		    KP_RESOLVED);
		assert_int_equal(diags.errors, 0);
		assert_int_equal(diags.count, odd[i].warning != NULL);
		if (odd[i].warning != NULL)
			assert_string_equal(diags.list[0].text, odd[i].warning);
		kp_result_free(&result);
		kp_diags_free(&diags);
	}
}

static const struct {
	const char *text;
	bool string;
	size_t nruns;
	bool first_trusted;
} kinds[] = {
	{ "${SET}", false, 1, false },
	{ "${SET|str}", true, 1, false },
	{ "${secret}", true, 1, false },
	{ "${UNSET:-a}", false, 1, true },
	{ "${UNSET|str:-a}", true, 1, true },
	{ "${UNSET:-a${SET}b}", false, 3, true },
	{ "${UNSET:-${secret}a}", true, 2, false },
	{ "${UNSET|bool:-on}", false, 1, true },
};

static void
test_who_wrote_which_bytes(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		struct kp_result result = { 0 };
		struct kp_diags diags = { 0 };

		assert_int_equal(expand(kp_str_of(kinds[i].text),
		                     KP_MISSING_FAILS, &result, &diags),
		    KP_RESOLVED);
		if (result.string != kinds[i].string ||
		    result.nruns != kinds[i].nruns ||
		    result.runs[0].trusted != kinds[i].first_trusted)
			fail_msg("%s: string is %d, %zu runs", kinds[i].text,
			    result.string, result.nruns);
		kp_result_free(&result);
		kp_diags_free(&diags);
	}
}

/* A word of so many values of a mebibyte. */
static enum kp_outcome
expand_many(unsigned count, struct kp_result *result, struct kp_diags *diags)
{
	struct kp_buf text = { 0 };
	enum kp_outcome outcome;
	unsigned i;

	kp_buf_add_text(&text, "${UNSET:-");
	for (i = 0; i < count; i++)
		kp_buf_add_text(&text, "${MIB}");
	kp_buf_add_text(&text, "}");
	assert_true(kp_buf_ok(&text));
	outcome = expand(kp_buf_view(&text), KP_MISSING_FAILS, result, diags);
	kp_buf_wipe(&text);
	return outcome;
}

static void
test_values_come_to_64_mebibytes_at_most(void **state)
{
	struct kp_result result = { 0 };
	struct kp_diags diags = { 0 };

	(void)state;
	memset(mebibyte, 'x', sizeof(mebibyte));
	assert_int_equal(expand_many(64, &result, &diags), KP_RESOLVED);
	assert_int_equal(result.bytes.len, KP_EXPAND_MAX);
	assert_int_equal(diags.count, 0);
	kp_result_free(&result);
	result = (struct kp_result){ 0 };
	/* However many more there are, it is said once. */
	assert_int_equal(expand_many(70, &result, &diags), KP_FAILED);
	assert_int_equal(diags.count, 1);
	assert_string_equal(diags.list[0].text,
	    "the values come to more than 67108864 bytes");
	kp_result_free(&result);
	kp_diags_free(&diags);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_operators),
		cmocka_unit_test(test_messages),
		cmocka_unit_test(test_what_is_done_about_what_is_missing),
		cmocka_unit_test(test_odd_secrets_and_names_are_warned_about),
		cmocka_unit_test(test_who_wrote_which_bytes),
		cmocka_unit_test(test_values_come_to_64_mebibytes_at_most),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
