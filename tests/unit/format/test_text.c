/* SPDX-License-Identifier: MIT */
/* test_text - bytes as they are. */
#include "format/formats.h"

#include "slot.h"

static void
test_a_text_is_one_scalar(void **state)
{
	struct kp_buf list =
	    slot_list("text", &kp_format_text, kp_str_of("[a]\nb = \"c\" # d"));

	(void)state;
	slot_expect("text", &list, "bare <[a]\nb = \"c\" # d>\n");
	kp_buf_wipe(&list);
}

static void
test_an_empty_text_is_an_empty_scalar(void **state)
{
	struct kp_buf list = slot_list("empty", &kp_format_text, kp_str_of(""));

	(void)state;
	slot_expect("empty", &list, "bare <>\n");
	kp_buf_wipe(&list);
}

static void
test_every_byte_stays_as_it_is(void **state)
{
	char all[256];
	struct kp_buf got = { 0 };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(all); i++)
		all[i] = (char)i;
	assert_true(slot_fill("all bytes", &kp_format_text,
	    kp_str_of("a=" SLOT "\n"), kp_str_make(all, sizeof(all)), &got));
	assert_int_equal(got.len, 2 + sizeof(all) + 1);
	assert_memory_equal(got.data, "a=", 2);
	assert_memory_equal(got.data + 2, all, sizeof(all));
	kp_buf_wipe(&got);
}

static void
test_a_text_has_no_keys_to_add(void **state)
{
	(void)state;
	assert_null(kp_format_text.insert);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_text_is_one_scalar),
		cmocka_unit_test(test_an_empty_text_is_an_empty_scalar),
		cmocka_unit_test(test_every_byte_stays_as_it_is),
		cmocka_unit_test(test_a_text_has_no_keys_to_add),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
