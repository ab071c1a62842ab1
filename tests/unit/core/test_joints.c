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
	{ KP_ENV, "semicolon", KP_STR("x; y z"), NULL },
	{ KP_ENV, "brace", KP_STR("x {"), NULL },
	{ KP_ENV, "reference", KP_STR("{$x"), NULL },
	{ KP_ENV, "heredoc", KP_STR("<<END\nx"), NULL },
	{ KP_ENV, "line", KP_STR("x\n}\ny {"), NULL },
	{ KP_ENV, "comment", KP_STR("# x"), NULL },
	{ KP_ANY, NULL, KP_STR(""), NULL },
};

/* --- texts --- */

/*
 * What stands for a value, or for a line; "~" is a placeholder of some name.
 * What is odd comes now and then.
 */
static const char *const json_plain[] = { "1", "-0.5", "true", "null", "\"x\"",
	"\"a, b\"", "\"{[\\\"\"", "[]", "{}", "\"\\u00e9\"", "\"~\"", "~",
	"\"a ~ b\"", "\"~~\"", "\"~, ~\"", NULL };
static const char *const json_odd[] = { "tru", "", "1 2", "\"x", "[1,]", "{1}",
	"{\"a\" 1}", "]", "}", "a~", "\"\\x\"", "${nope}", "${pw|raw}",
	"${HOST:+1}", "\"${nope:-a,b}\"", "${unclosed", "\"\xe9\"", "1}, {",
	NULL };

static const char *const nginx_plain[] = { "listen 80;",
	"server_name \"a; ~\" b;", "set $x '~';", "return 200 ~;", "# ~; {",
	"root /a/~/b; index ~;", "a \"$${x}~\"; # b; ~", "b\n  c ~ # d;\n ;",
	"e ~ {f ~;}", "$${HOST} ~;", NULL };
static const char *const nginx_open[] = { "server {", "location /~ {",
	"map $a $b {", "if ($x = ~) {", NULL };
static const char *const nginx_odd[] = { "a", "a }", "; b ~;", "a \"~;", "}",
	"{", "a_by_lua_block { ~; }", "a \"~\"b;", "\xef\xbb\xbfx ~;", "a ~;}",
	"b {", "a ${nope};", "a ${pw|raw};", "a ${HOST:+1};", "# ${unclosed",
	NULL };

static const char *const caddy_plain[] = { "respond \"~\" 200", "respond 404",
	"header X-A ~", "# ~ {", "import a", "root * /a~/b",
	"reverse_proxy {$X}:80 ~", "respond `a ~`", "header X \"a\n  b ~\"",
	"header X \\\n  ~", "x { y ~ }", "$${HOST} ~", NULL };
static const char *const caddy_v1_plain[] = { "status ~ /a", "# ~ {",
	"import a", "root /a~/b", "proxy {%X%}:80 ~", "a b#c ~", "a `b ~`",
	"header X \"a\n  b ~\"", "x { y ~ }", "$${HOST} ~", NULL };
static const char *const caddy_open[] = { "route {", "basicauth /~ {",
	"handle_path /x {", "(a) {", "a.example, ~ {", "map ~ {x} {", NULL };
static const char *const caddy_odd[] = { "respond {$X ~", "respond \"~",
	"respond <<END\n~\nEND", "respond <<END ~", "a <<X\n", "}", "{",
	"# a \\", "\xef\xbb\xbfx ~", "a ~ }", "x,", "import", "a {$",
	"a ${nope}", "a ${pw|raw}", "a ${HOST:+1}", "# ${unclosed", NULL };

struct mix;

/* A format, and how a text of about so many bytes is put together. */
struct language {
	const struct kp_format *format;
	void (*make)(struct mix *mix, size_t len);
	const char *const *plain, *const *odd;
	const char *const *open; /* lines that "}" closes; NULL: no lines */
};

struct mix {
	const struct language *language;
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

		if (*value != '~') {
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

/* --- values in each other --- */

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
		add_placeholders(mix, json_plain[pick(count(json_plain))]);
}

/* An array, or an object. */
static void
make_value(struct mix *mix, size_t len)
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

/* --- lines, in blocks --- */

static const char *
pick_of(const char *const *list)
{
	return list[pick(count(list))];
}

static void
make_lines(struct mix *mix, size_t len)
{
	const struct language *language = mix->language;
	unsigned depth = 0;

	kp_buf_cut(&mix->text, 0);
	while (mix->text.len < len || depth > 0) {
		uint32_t what = pick(8);

		if (mix->odd != NULL && pick(mix->rare) == 0) {
			kp_buf_add_text(&mix->text, mix->odd);
		} else if (depth > 0 && (what < 2 || mix->text.len >= len)) {
			kp_buf_add_char(&mix->text, '}');
			depth--;
		} else if (depth == 0 || (what == 2 && depth < DEEP)) {
			add_placeholders(mix, pick_of(language->open));
			depth++;
		} else {
			add_placeholders(mix, pick_of(language->plain));
		}
		add_space(mix, depth);
	}
}

static const struct language languages[] = {
	{ &kp_format_json, make_value, json_plain, json_odd, NULL },
	{ &kp_format_nginx, make_lines, nginx_plain, nginx_odd, nginx_open },
	{ &kp_format_caddyfile, make_lines, caddy_plain, caddy_odd,
	    caddy_open },
	{ &kp_format_caddyfile_v1, make_lines, caddy_v1_plain, caddy_odd,
	    caddy_open },
};

/* --- two ways --- */

#define KIB ((size_t)1024)
#define SOME_PIECES (20 * KIB)

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Two for each oddity, and for each name. */
static size_t
count_texts(const struct language *language)
{
	return (size_t)2 * (count(language->odd) + COUNT(names) - 1);
}

/* Texts of each kind, by this encoder; returns how many could be rendered. */
static size_t
compare_texts(const struct language *language, const struct kp_format *format)
{
	size_t good = 0, i;

	for (i = 0; i < count_texts(language) / 2; i++) {
		struct mix mix = { .language = language,
			.rare = 1000,
			.minified = language->open == NULL && i % 2 == 0 };

		seed = (uint32_t)i + 1;
		if (i < count(language->odd))
			mix.odd = language->odd[i];
		else
			mix.name = names[i - count(language->odd)].name;
		language->make(&mix, SOME_PIECES);
		good += expect_same(format, names, &mix.text, false);
		mix.rare = 20;
		language->make(&mix, 17 * KIB);
		good += expect_same(format, names, &mix.text, i % 4 == 0);
		kp_buf_wipe(&mix.text);
	}
	return good;
}

static void
test_pieces_come_to_the_whole(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(languages); i++) {
		const struct language *language = &languages[i];
		size_t good = compare_texts(language, language->format);

		assert_in_range(good, count_texts(language) / 8,
		    count_texts(language) - 1);
	}
}

/* What is in quotes stays there, and has no escapes. */
static bool
encode_quotes(const struct kp_scan *scan, const struct kp_item *item,
    const struct kp_value *value, struct kp_buf *out, struct kp_refusal *why)
{
	const char *quote = "";

	if (item->style == KP_DOUBLE)
		quote = "\"";
	else if (item->style == KP_SINGLE)
		quote = "'";
	else if (item->style == KP_BACKTICK)
		quote = "`";
	kp_buf_add_text(out, quote);
	(void)encode_nothing(scan, item, value, out, why);
	kp_buf_add_text(out, quote);
	return true;
}

static void
test_a_wrong_encoder_is_found_out_in_a_piece(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(languages); i++) {
		const struct language *language = &languages[i];
		struct kp_format wrong = *language->format;
		size_t texts = count_texts(language);

		wrong.encode = encode_quotes;
		assert_in_range(compare_texts(language, &wrong), texts / 16,
		    texts * 3 / 4);
	}
}

/* Lines of a text, with what is before and behind them. */
static const struct {
	const struct kp_format *format;
	const char *before, *lines, *part, *behind;
} joints[] = {
	{ &kp_format_json, "[",
	    "[[\"${pw}, ${HOST}\", ${pw}], {\"a, b\": [${PORT},"
	    "{\"b\": ${pw}, \"b\": [1, ${pw}]}, 2]}, 3],",
	    "${pw}, ", "4]" },
	{ &kp_format_nginx, "",
	    "a { b ${pw}; c \"; ${pw}\" d; } # ${pw}; {\n"
	    "e { f { g ${pw} h; } } i '${pw};}' j;\n k\n # l; ${pw} m;\n;",
	    "n ${pw};\n", "o p;" },
	{ &kp_format_caddyfile, "",
	    "a {\n b ${pw}\n c \"\n ${pw}\" # {\n d {\n e ${pw}\n }\n"
	    " # {$f ;\n g {$h\n}\n}\ni {\n j \\\n k ${pw}\n}\n",
	    "l {\n m ${pw}\n}\n", "n {\n}\n" },
	{ &kp_format_caddyfile, "a\n", "b {\n c ${pw}\n}\nd ${pw}\n",
	    "e ${pw}\n", "f\n" },
};

/*
 * Filler so that the first piece ends behind each joint of the lines, and
 * elsewhere in them.
 */
static void
test_a_joint_is_not_seen(void **state)
{
	struct kp_buf text = { 0 };
	size_t i, at;

	(void)state;
	for (i = 0; i < COUNT(joints); i++) {
		for (at = 0; at <= strlen(joints[i].lines); at++) {
			kp_buf_cut(&text, 0);
			kp_buf_add_text(&text, joints[i].before);
			while (text.len < 8 * KIB - at)
				kp_buf_add_text(&text, " ");
			kp_buf_add_text(&text, joints[i].lines);
			while (text.len < SOME_PIECES)
				kp_buf_add_text(&text, joints[i].part);
			kp_buf_add_text(&text, joints[i].behind);
			assert_true(
			    expect_same(joints[i].format, names, &text, false));
		}
	}
	kp_buf_wipe(&text);
}

/* --- what goes in pieces --- */

static const struct {
	const struct kp_format *format;
	const char *name, *before, *part, *behind;
	bool in_pieces;
} shapes[] = {
	{ &kp_format_json, "members", "{", "\"a\": ${pw},\n", "\"z\": 1}",
	    true },
	{ &kp_format_json, "elements on one line", "[", "${pw},", "1]", true },
	{ &kp_format_json, "objects in a list in an object", "{\"a\": [",
	    "{\"b\": {\"c\": [${pw}], \"d\": 1}},\n", "2]}", true },
	{ &kp_format_json, "commas in strings", "[", "\"a, ${pw}, b\",", "1]",
	    true },
	{ &kp_format_json, "raw values", "[", "\"${pw|raw}\",", "1]", false },
	{ &kp_format_json, "objects that were closed", "[", "{\"a\": ${pw}},",
	    "[]]", true },
	{ &kp_format_nginx, "directives in a block", "a {", "b ${pw};\n", "}",
	    true },
	{ &kp_format_nginx, "blocks on one line", "a { b {",
	    "c { d { e ${pw}; } f g; } ", "} }", true },
	{ &kp_format_nginx, "one long directive", "a {", "b ${pw}\n", ";}",
	    true },
	{ &kp_format_caddyfile, "sites", "{\n", "}\na {\n b ${pw}\n", "}",
	    true },
	{ &kp_format_caddyfile, "lines in a block", "a {\n map {\n",
	    "b ${pw} {c}\n", "}\n}", true },
	{ &kp_format_caddyfile, "a snippet and a site", "(a) {\nb c\n}\nd {",
	    "\n e ${pw}", "\n}", true },
	{ &kp_format_caddyfile, "lines that are joined", "a {\n b",
	    " \\\n ${pw}", "\n}", true },
	{ &kp_format_caddyfile_v1, "sites", "a {\n", "b ${pw}\n}\nc {\n", "}",
	    true },
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
		assert_false(
		    expect_same(shapes[i].format, names, &text, false));
		kp_buf_add_text(&text, shapes[i].behind);
		assert_true(expect_same(shapes[i].format, names, &text, false));
		src.text = kp_buf_view(&text);
		render(&run, shapes[i].format, names, &src, false);
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
