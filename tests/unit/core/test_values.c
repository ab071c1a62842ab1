/* SPDX-License-Identifier: MIT */
/* test_values - each name is looked up once, where its placeholder says. */
#include "core/values.h"

#include "fake.h"

static const struct fake_name names[] = {
	{ KP_SECRET, "both", KP_STR("of the secret\n"), NULL },
	{ KP_ENV, "both", KP_STR("of the variable"), NULL },
	{ KP_ENV, "variable", KP_STR("set\n"), NULL },
	{ KP_ENV, "empty", KP_STR(""), NULL },
	{ KP_ENV, "byfile_FILE", KP_STR("/etc/token"), NULL },
	{ KP_FILE, "/etc/token", KP_STR("of the file\n"), NULL },
	{ KP_ENV, "twice", KP_STR("of the variable"), NULL },
	{ KP_ENV, "twice_FILE", KP_STR("/etc/token"), NULL },
	{ KP_SECRET, "thrice", KP_STR("of the secret"), NULL },
	{ KP_ENV, "thrice", KP_STR("of the variable"), NULL },
	{ KP_ENV, "thrice_FILE", KP_STR("/etc/token"), NULL },
	{ KP_ENV, "emptied", KP_STR(""), NULL },
	{ KP_ENV, "emptied_FILE", KP_STR("/etc/token"), NULL },
	{ KP_ENV, "nofile_FILE", KP_STR(""), NULL },
	{ KP_ENV, "lost_FILE", KP_STR("/nowhere"), NULL },
	{ KP_SECRET, "hidden", KP_STR("of the secret"), NULL },
	{ KP_ENV, "hidden_FILE", KP_STR("/etc/token"), NULL },
	{ KP_SECRET, "fifo", KP_STR(""), "is a FIFO, not a file" },
	{ KP_ENV, "fifo", KP_STR("of the variable"), NULL },
	{ KP_SECRET, "lf", KP_STR("a\n"), NULL },
	{ KP_SECRET, "crlf", KP_STR("a\r\n"), NULL },
	{ KP_SECRET, "lflf", KP_STR("a\n\n"), NULL },
	{ KP_SECRET, "cr", KP_STR("a\r"), NULL },
	{ KP_SECRET, "onlylf", KP_STR("\n"), NULL },
	{ KP_SECRET, "nul", KP_STR("a\0b\n"), NULL },
	{ KP_ENV, "nul", KP_STR("a"), NULL },
	{ KP_ANY, NULL, KP_STR(""), NULL },
};

static const struct {
	const char *name;
	enum kp_origin asked;
	const char *wanted;
	enum kp_found found;
	enum kp_origin from;
	struct kp_str value;
} cases[] = {
	{ "a secret comes before a variable", KP_ANY, "both", KP_FOUND,
	    KP_SECRET, KP_STR("of the secret") },
	{ "env: asks for the variable alone", KP_ENV, "both", KP_FOUND, KP_ENV,
	    KP_STR("of the variable") },
	{ "secret: asks for the secret alone", KP_SECRET, "variable", KP_ABSENT,
	    KP_SECRET, KP_STR("") },
	{ "a variable keeps its line ending", KP_ANY, "variable", KP_FOUND,
	    KP_ENV, KP_STR("set\n") },
	{ "a variable may be empty", KP_ANY, "empty", KP_FOUND, KP_ENV,
	    KP_STR("") },
	{ "a name that nothing knows is absent", KP_ANY, "unknown", KP_ABSENT,
	    KP_SECRET, KP_STR("") },
	{ "the file of the _FILE variable comes last", KP_ANY, "byfile",
	    KP_FOUND, KP_FILE, KP_STR("of the file") },
	{ "env: knows no _FILE variable", KP_ENV, "byfile", KP_ABSENT, KP_ENV,
	    KP_STR("") },
	{ "an empty variable leaves the word to its _FILE", KP_ANY, "emptied",
	    KP_FOUND, KP_FILE, KP_STR("of the file") },
	{ "an empty _FILE variable names no file", KP_ANY, "nofile", KP_ABSENT,
	    KP_SECRET, KP_STR("") },
	{ "a secret comes before a _FILE variable", KP_ANY, "hidden", KP_FOUND,
	    KP_SECRET, KP_STR("of the secret") },
	{ "a file is read by its path", KP_FILE, "/etc/token", KP_FOUND,
	    KP_FILE, KP_STR("of the file") },
	{ "a file that is not there is absent", KP_FILE, "/nowhere", KP_ABSENT,
	    KP_FILE, KP_STR("") },
	{ "one LF at the end goes", KP_SECRET, "lf", KP_FOUND, KP_SECRET,
	    KP_STR("a") },
	{ "one CR LF at the end goes", KP_SECRET, "crlf", KP_FOUND, KP_SECRET,
	    KP_STR("a") },
	{ "of two line endings one stays", KP_SECRET, "lflf", KP_FOUND,
	    KP_SECRET, KP_STR("a\n") },
	{ "a CR alone is no line ending", KP_SECRET, "cr", KP_FOUND, KP_SECRET,
	    KP_STR("a\r") },
	{ "a secret of one LF is empty", KP_SECRET, "onlylf", KP_FOUND,
	    KP_SECRET, KP_STR("") },
	{ "a NUL is a byte as others are", KP_SECRET, "nul", KP_FOUND,
	    KP_SECRET, KP_STR("a\0b") },
};

static void
test_where_a_value_is_from(void **state)
{
	struct fake fake = { .names = names };
	struct kp_values values;
	size_t i;

	(void)state;
	fake_values(&values, &fake);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct kp_entry *entry = kp_values_get(&values,
		    cases[i].asked, kp_str_of(cases[i].wanted));

		assert_non_null(entry);
		if (entry->found != cases[i].found)
			fail_msg("%s: found is %d, want %d", cases[i].name,
			    (int)entry->found, (int)cases[i].found);
		if (entry->found == KP_FOUND && entry->from != cases[i].from)
			fail_msg("%s: it is from %d, want %d", cases[i].name,
			    (int)entry->from, (int)cases[i].from);
		expect_bytes(cases[i].name, entry->value, cases[i].value);
	}
	kp_values_wipe(&values);
}

static const struct {
	const char *name, *wanted, *where, *why;
} broken[] = {
	{ "a variable and its _FILE are a contradiction", "twice", "",
	    "both twice and twice_FILE are set" },
	{ "a secret of that name does not settle it", "thrice", "",
	    "both thrice and thrice_FILE are set" },
	{ "a _FILE variable without its file is no default", "lost", "/nowhere",
	    "does not exist; lost_FILE names it" },
	{ "no variable stands in for a secret that cannot be read", "fifo",
	    "/run/secrets/fifo", "is a FIFO, not a file" },
};

static void
test_what_cannot_be_used(void **state)
{
	struct fake fake = { .names = names };
	struct kp_values values;
	size_t i;

	(void)state;
	fake_values(&values, &fake);
	for (i = 0; i < sizeof(broken) / sizeof(broken[0]); i++) {
		const struct kp_entry *entry =
		    kp_values_get(&values, KP_ANY, kp_str_of(broken[i].wanted));

		assert_non_null(entry);
		if (entry->found != KP_BROKEN)
			fail_msg("%s: found is %d", broken[i].name,
			    (int)entry->found);
		expect_text(broken[i].name, kp_str_of(entry->where),
		    broken[i].where);
		expect_text(broken[i].name, kp_str_of(entry->why),
		    broken[i].why);
	}
	kp_values_wipe(&values);
}

static void
test_other_places_are_told(void **state)
{
	struct fake fake = { .names = names };
	struct kp_values values;

	(void)state;
	fake_values(&values, &fake);
	assert_string_equal(kp_values_get(&values, KP_ANY, kp_str_of("both"))
	                        ->shadowed,
	    "environment");
	assert_string_equal(kp_values_get(&values, KP_ANY, kp_str_of("hidden"))
	                        ->shadowed,
	    "file of its _FILE variable");
	assert_string_equal(kp_values_get(&values, KP_ANY,
	                        kp_str_of("variable"))
	                        ->shadowed,
	    "");
	kp_values_wipe(&values);
}

static void
test_a_name_is_read_once(void **state)
{
	struct fake fake = { .names = names };
	struct kp_entry *first;
	struct kp_values values;
	unsigned reads;

	(void)state;
	fake_values(&values, &fake);
	first = kp_values_get(&values, KP_ANY, kp_str_of("both"));
	reads = fake.reads;
	assert_ptr_equal(kp_values_get(&values, KP_ANY, kp_str_of("both")),
	    first);
	/* What is not there is not asked for again, either. */
	kp_values_get(&values, KP_SECRET, kp_str_of("unknown"));
	kp_values_get(&values, KP_SECRET, kp_str_of("unknown"));
	assert_int_equal(fake.reads, reads + 1);
	kp_values_wipe(&values);
}

static enum kp_found
echo(void *ctx, struct kp_str name, struct kp_reading *out)
{
	(void)ctx;
	kp_buf_add(&out->bytes, name);
	return KP_FOUND;
}

static void
test_ten_thousand_names(void **state)
{
	struct kp_values values;
	struct kp_entry *first;
	char name[24];
	unsigned round, i;

	(void)state;
	kp_values_init(&values,
	    (struct kp_reader){ .secret = echo, .env = echo, .file = echo });
	first = kp_values_get(&values, KP_SECRET, kp_str_of("name_0"));
	for (round = 0; round < 2; round++) {
		for (i = 0; i < 10000; i++) {
			const struct kp_entry *entry;

			snprintf(name, sizeof(name), "name_%u", i);
			entry =
			    kp_values_get(&values, KP_SECRET, kp_str_of(name));
			assert_non_null(entry);
			expect_text("its own value", entry->value, name);
		}
	}
	assert_int_equal(values.count, 10000);
	/* Entries stay where they are while the store grows. */
	assert_ptr_equal(kp_values_get(&values, KP_SECRET, kp_str_of("name_0")),
	    first);
	kp_values_wipe(&values);
	assert_null(values.entries);
}

static enum kp_found
read_without_memory(void *ctx, struct kp_str name, struct kp_reading *out)
{
	(void)ctx;
	out->bytes.failed = kp_str_ends(name, "_FILE");
	return out->bytes.failed ? KP_FOUND : KP_ABSENT;
}

static void
test_a_reading_that_ran_out_of_memory_is_no_answer(void **state)
{
	struct kp_values values;

	(void)state;
	kp_values_init(&values,
	    (struct kp_reader){
	        .secret = read_without_memory,
	        .env = read_without_memory,
	        .file = read_without_memory,
	    });
	assert_null(kp_values_get(&values, KP_ANY, kp_str_of("name")));
	kp_values_wipe(&values);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_where_a_value_is_from),
		cmocka_unit_test(test_what_cannot_be_used),
		cmocka_unit_test(test_other_places_are_told),
		cmocka_unit_test(test_a_name_is_read_once),
		cmocka_unit_test(test_ten_thousand_names),
		cmocka_unit_test(
		    test_a_reading_that_ran_out_of_memory_is_no_answer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
