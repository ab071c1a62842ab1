/* SPDX-License-Identifier: MIT */
/*
 * test_joints - formats whose long texts are rendered in pieces that end
 * behind one byte, in the midst of what is open there.
 *
 * Texts are put together by chance, most of them long enough for some pieces.
 */
#include "format/formats.h"
#include "ways.h"

static const struct fake_name names[] = {
	{ KP_SECRET, "pw", KP_STR("canary-pw\n"), NULL },
	{ KP_ENV, "HOST", KP_STR("db.example"), NULL },
	{ KP_ENV, "PORT", KP_STR("5432"), NULL },
	{ KP_ENV, "EMPTY", KP_STR(""), NULL },
	{ KP_SECRET, "odd", KP_STR(" canary-odd\n"), NULL },
	{ KP_SECRET, "fifo", KP_STR(""), "is a FIFO, not a file" },
	{ KP_ENV, "quote", KP_STR("x\""), NULL },
	{ KP_ENV, "member", KP_STR("x\", \"y\": \"z"), NULL },
	{ KP_ENV, "element", KP_STR("1, 2"), NULL },
	{ KP_ENV, "comma", KP_STR("1,"), NULL },
	{ KP_ENV, "open", KP_STR("{\"x\": 1"), NULL },
	{ KP_ENV, "list", KP_STR("["), NULL },
	{ KP_ENV, "close", KP_STR("]"), NULL },
	{ KP_ENV, "end", KP_STR("1}"), NULL },
	{ KP_ENV, "other", KP_STR("1], [2"), NULL },
	{ KP_ENV, "lines", KP_STR("x\ny"), NULL },
	{ KP_ENV, "latin", KP_STR("\xe9"), NULL },
	{ KP_ANY, NULL, KP_STR(""), NULL },
};

/* --- texts --- */

/* What stands for a value; "$" is a placeholder of some name. */
static const char *const plain[] = { "1", "-0.5", "true", "null", "\"x\"",
	"\"a, b\"", "\"{[\\\"\"", "[]", "{}", "\"\\u00e9\"", "\"$\"", "$",
	"\"a $ b\"", "\"$$\"", "\"$, $\"", NULL };
static const char *const odd[] = { "tru", "", "1 2", "\"x", "[1,]", "{1}",
	"{\"a\" 1}", "]", "}", "a$", "\"\\x\"", "${nope}", "${pw|raw}",
	"${HOST:+1}", "\"${nope:-a,b}\"", "${unclosed", "\"\xe9\"", "1}, {",
	NULL };

/* How a text is put together. */
struct mix {
	struct kp_buf text; /* owned */
	const char *odd;    /* now and then; NULL: never */
	const char *name;   /* now and then in place of PORT; NULL: never */
	uint32_t rare;      /* one of so many */
	bool minified;
};

static void
add_placeholders(struct mix *mix, const char *value)
{
	for (; *value != '\0'; value++) {
		const char *name = "PORT";

		if (*value != '$' || value[1] == '{') {
			kp_buf_add_char(&mix->text, *value);
			continue;
		}
		if (mix->name != NULL && pick(mix->rare) == 0)
			name = mix->name;
		kp_buf_add_format(&mix->text, "${%s}", name);
	}
}

static void
add_space(struct mix *mix, unsigned depth)
{
	if (mix->minified)
		return;
	kp_buf_add_text(&mix->text, pick(8) == 0 ? "\r\n" : "\n");
	for (; depth > 0; depth--)
		kp_buf_add_text(&mix->text, "  ");
}

#define DEEP 6

static void add_value(struct mix *mix, unsigned depth);

static void
add_block(struct mix *mix, unsigned depth)
{
	bool object = pick(2) == 0;
	uint32_t parts = pick(8), i;

	kp_buf_add_char(&mix->text, object ? '{' : '[');
	for (i = 0; i < parts; i++) {
		if (i > 0)
			kp_buf_add_char(&mix->text, ',');
		add_space(mix, depth);
		if (object)
			kp_buf_add_format(&mix->text,
			    mix->minified ? "\"k%u\":" : "\"k%u\": ", pick(5));
		add_value(mix, depth + 1);
	}
	if (parts > 0)
		add_space(mix, depth - 1);
	kp_buf_add_char(&mix->text, object ? '}' : ']');
}

static void
add_value(struct mix *mix, unsigned depth)
{
	if (mix->odd != NULL && pick(mix->rare) == 0)
		kp_buf_add_text(&mix->text, mix->odd);
	else if (depth < DEEP && pick(3) == 0)
		add_block(mix, depth);
	else
		add_placeholders(mix, plain[pick(count(plain))]);
}

/* An array, or an object, of about so many bytes. */
static void
make_text(struct mix *mix, size_t len)
{
	bool object = pick(2) == 0;
	const char *name = object ? "\"k\":" : "";

	kp_buf_cut(&mix->text, 0);
	kp_buf_add_text(&mix->text, object ? "{" : "[");
	while (mix->text.len < len) {
		kp_buf_add_text(&mix->text, name);
		add_value(mix, 1);
		kp_buf_add_char(&mix->text, ',');
		add_space(mix, 1);
	}
	kp_buf_add_text(&mix->text, name);
	kp_buf_add_text(&mix->text, object ? "0}" : "0]");
}

/* --- two ways --- */

#define KIB ((size_t)1024)
#define SOME_PIECES (20 * KIB)

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Two for each oddity, and for each name. */
#define TEXTS ((size_t)2 * (COUNT(odd) + COUNT(names) - 2))

/* Texts of each kind, by this encoder; returns how many could be rendered. */
static size_t
compare_texts(const struct kp_format *format)
{
	size_t good = 0, i;

	for (i = 0; i < TEXTS / 2; i++) {
		struct mix mix = { .rare = 1000, .minified = i % 2 == 0 };

		seed = (uint32_t)i + 1;
		if (i < count(odd))
			mix.odd = odd[i];
		else
			mix.name = names[i - count(odd)].name;
		make_text(&mix, SOME_PIECES);
		good += expect_same(format, names, &mix.text, false);
		mix.rare = 20;
		make_text(&mix, 17 * KIB);
		good += expect_same(format, names, &mix.text, i % 4 == 0);
		kp_buf_wipe(&mix.text);
	}
	return good;
}

static void
test_pieces_come_to_the_whole(void **state)
{
	size_t good = compare_texts(&kp_format_json);

	(void)state;
	assert_in_range(good, TEXTS / 4, TEXTS - 1);
}

/* What is in quotes stays there, and has no escapes. */
static bool
encode_quotes(const struct kp_scan *scan, const struct kp_item *item,
    const struct kp_value *value, struct kp_buf *out, struct kp_refusal *why)
{
	const char *quote = item->style == KP_DOUBLE ? "\"" : "";

	kp_buf_add_text(out, quote);
	(void)encode_nothing(scan, item, value, out, why);
	kp_buf_add_text(out, quote);
	return true;
}

static void
test_a_wrong_encoder_is_found_out_in_a_piece(void **state)
{
	struct kp_format wrong = kp_format_json;

	(void)state;
	wrong.encode = encode_quotes;
	assert_in_range(compare_texts(&wrong), TEXTS / 16, TEXTS / 2);
}

/*
 * Filler so that the first piece ends behind each comma of some lines, and
 * elsewhere in them.
 */
static void
test_a_joint_is_not_seen(void **state)
{
	static const struct kp_str lines =
	    KP_STR("[[\"${pw}, ${HOST}\", ${pw}], {\"a, b\": [${PORT},"
	           "{\"b\": ${pw}, \"b\": [1, ${pw}]}, 2]}, 3],");
	struct kp_buf text = { 0 };
	size_t at;

	(void)state;
	for (at = 0; at <= lines.len; at++) {
		kp_buf_cut(&text, 0);
		kp_buf_add_text(&text, "[");
		while (text.len < 8 * KIB - at)
			kp_buf_add_text(&text, " ");
		kp_buf_add(&text, lines);
		while (text.len < SOME_PIECES)
			kp_buf_add_text(&text, "${pw}, ");
		kp_buf_add_text(&text, "4]");
		assert_true(expect_same(&kp_format_json, names, &text, false));
	}
	kp_buf_wipe(&text);
}

/* --- what goes in pieces --- */

static const struct {
	const char *name, *before, *part, *behind;
	bool in_pieces;
} shapes[] = {
	{ "members", "{", "\"a\": ${pw},\n", "\"z\": 1}", true },
	{ "elements on one line", "[", "${pw},", "1]", true },
	{ "objects in a list in an object", "{\"a\": [",
	    "{\"b\": {\"c\": [${pw}], \"d\": 1}},\n", "2]}", true },
	{ "commas in strings", "[", "\"a, ${pw}, b\",", "1]", true },
	{ "raw values", "[", "\"${pw|raw}\",", "1]", false },
	{ "objects that were closed", "[", "{\"a\": ${pw}},", "[]]", true },
};

/* A text without its end is an error in either way. */
static void
test_what_goes_in_pieces(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(shapes); i++) {
		struct kp_buf text = { 0 };
		struct kp_source src = { .name = "t" };
		struct run run;

		kp_buf_add_text(&text, shapes[i].before);
		while (text.len < 64 * KIB)
			kp_buf_add_text(&text, shapes[i].part);
		assert_false(expect_same(&kp_format_json, names, &text, false));
		kp_buf_add_text(&text, shapes[i].behind);
		assert_true(expect_same(&kp_format_json, names, &text, false));
		src.text = kp_buf_view(&text);
		render(&run, &kp_format_json, names, &src, false);
		/* One use stands for all that went the same way. */
		if ((run.out.nuses <= 1) != shapes[i].in_pieces)
			fail_msg("%s: %zu uses", shapes[i].name, run.out.nuses);
		free_run(&run);
		kp_buf_wipe(&text);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pieces_come_to_the_whole),
		cmocka_unit_test(test_a_wrong_encoder_is_found_out_in_a_piece),
		cmocka_unit_test(test_a_joint_is_not_seen),
		cmocka_unit_test(test_what_goes_in_pieces),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
