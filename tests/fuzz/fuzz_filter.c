/* SPDX-License-Identifier: MIT */
/*
 * fuzz_filter - each filter: an argument, what the target holds, a value.
 *
 * The first byte chooses the filter.  A refusal has a reason; what a filter
 * makes is always the same, what it made it takes again unchanged where it
 * only gives a shape, and an encoding is undone here.  The salted hashes,
 * which are slow by design, are left out.
 */
#include "core/filter.h"

#include "fuzz.h"

static bool
apply(const struct kp_filter *filter, struct kp_str value,
    struct kp_str argument, struct kp_str current, struct kp_buf *out)
{
	struct kp_filter_error why = { 0 };
	bool done = filter->apply(value, argument, current, out, &why);

	require(done || why.text[0] != '\0', "a refusal has a reason");
	require(!done || kp_buf_ok(out), "there is memory");
	return done;
}

static bool
is_one_of(const char *name, const char *const *names)
{
	for (; *names != NULL; names++) {
		if (strcmp(name, *names) == 0)
			return true;
	}
	return false;
}

static void
check_shape(const struct kp_filter *filter, struct kp_str made)
{
	static const char *const shapes[] = { "bool", "int", "lower", "number",
		"trim", "upper", NULL };
	const struct kp_str none = { 0 };
	struct kp_buf again = { 0 };

	if (!is_one_of(filter->name, shapes))
		return;
	require(apply(filter, made, none, none, &again) &&
	        kp_str_eq(kp_buf_view(&again), made),
	    "a shape is kept");
	kp_buf_wipe(&again);
}

static int
digit_of(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = kp_to_lower(c);
	require(c >= 'a' && c <= 'f', "a hexadecimal digit");
	return c - 'a' + 10;
}

static void
add_byte(struct kp_buf *out, const char *digits)
{
	kp_buf_add_char(out,
	    (char)(digit_of(digits[0]) * 16 + digit_of(digits[1])));
}

static void
undo_hex(struct kp_str made, struct kp_buf *out)
{
	size_t i;

	require(made.len % 2 == 0, "two digits a byte");
	for (i = 0; i < made.len; i += 2)
		add_byte(out, made.ptr + i);
}

/* RFC 3986: what is not unreserved is %XX. */
static void
undo_urlencode(struct kp_str made, struct kp_buf *out)
{
	size_t i;

	for (i = 0; i < made.len; i++) {
		char c = made.ptr[i];

		if (c != '%') {
			require(kp_is_alnum(c) || strchr("-._~", c) != NULL,
			    "what is not escaped is unreserved");
			kp_buf_add_char(out, c);
			continue;
		}
		require(i + 2 < made.len, "an escape is complete");
		add_byte(out, made.ptr + i + 1);
		i += 2;
	}
}

static void
undo_base64(struct kp_str made, struct kp_buf *out)
{
	const struct kp_str none = { 0 };

	require(apply(kp_filter_by_name(kp_str_of("unbase64")), made, none,
	            none, out),
	    "base64 is read back");
}

static void
check_undone(const struct kp_filter *filter, struct kp_str value,
    struct kp_str made)
{
	static const struct {
		const char *name;
		void (*undo)(struct kp_str made, struct kp_buf *out);
	} rows[] = {
		{ "base64", undo_base64 },
		{ "hex", undo_hex },
		{ "urlencode", undo_urlencode },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct kp_buf undone = { 0 };

		if (strcmp(filter->name, rows[i].name) != 0)
			continue;
		rows[i].undo(made, &undone);
		require(kp_str_eq(kp_buf_view(&undone), value),
		    "an encoding is undone");
		kp_buf_wipe(&undone);
	}
}

static void
check_filter(const struct kp_filter *filter, const struct parts *parts)
{
	const struct kp_str none = { 0 };
	struct kp_str value = parts->list[2];
	struct kp_str argument =
	    filter->argument == KP_ARG_NONE ? none : parts->list[0];
	struct kp_buf once = { 0 }, twice = { 0 };

	if (apply(filter, value, argument, parts->list[1], &once)) {
		require(apply(filter, value, argument, parts->list[1],
		            &twice) &&
		        kp_str_eq(kp_buf_view(&once), kp_buf_view(&twice)),
		    "a filter does the same again");
		check_shape(filter, kp_buf_view(&once));
		check_undone(filter, value, kp_buf_view(&once));
	}
	kp_buf_wipe(&once);
	kp_buf_wipe(&twice);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const slow[] = { "bcrypt", "sha512crypt", NULL };
	const char *const *names = kp_filter_names();
	const struct kp_filter *filter;
	struct parts parts;
	size_t count = 0;

	if (size == 0)
		return 0;
	while (names[count] != NULL)
		count++;
	filter = kp_filter_by_name(kp_str_of(names[data[0] % count]));
	require(filter != NULL, "a filter has its name");
	if (filter->apply == NULL || is_one_of(filter->name, slow))
		return 0;
	parts_cut(&parts, kp_str_make((const char *)data + 1, size - 1), 3);
	check_filter(filter, &parts);
	parts_free(&parts);
	return 0;
}
