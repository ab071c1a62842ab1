/* SPDX-License-Identifier: MIT */
/* test_template - text with placeholders in it. */
#include "core/template.h"

#include "core/filter.h"
#include "fake.h"

#include <time.h>

static void add_template(struct kp_buf *out,
    const struct kp_template *template);

static void
add_operator(struct kp_buf *out, const struct kp_placeholder *placeholder)
{
	static const char *const signs[] = { "", "-", "?", "+" };

	if (placeholder->op == KP_NO_OPERATOR)
		return;
	kp_buf_add_format(out, " %s%s", placeholder->or_empty ? ":" : "",
	    signs[placeholder->op]);
	add_template(out, placeholder->word);
}

/* "<secret name filter(argument) :-'word'>" */
static void
add_placeholder(struct kp_buf *out, const struct kp_placeholder *placeholder)
{
	static const char *const origins[] = { "any", "secret", "env", "file" };
	size_t i;

	kp_buf_add_format(out, "<%s ", origins[placeholder->origin]);
	kp_buf_add(out, placeholder->name);
	for (i = 0; i < placeholder->nfilters; i++) {
		const struct kp_filter_use *use = &placeholder->filters[i];

		kp_buf_add_format(out, " %s", use->filter->name);
		if (use->argument.ptr != NULL)
			kp_buf_add_format(out, "(%.*s)", (int)use->argument.len,
			    use->argument.ptr);
	}
	add_operator(out, placeholder);
	kp_buf_add_text(out, ">");
}

/* Text in single quotes; neighbouring texts are one. */
static void
add_template(struct kp_buf *out, const struct kp_template *template)
{
	bool quoted = false;
	size_t i;

	for (i = 0; i < template->count; i++) {
		const struct kp_part *part = &template->parts[i];

		if (quoted != (part->placeholder == NULL))
			kp_buf_add_text(out, "'");
		quoted = part->placeholder == NULL;
		if (quoted)
			kp_buf_add(out, kp_part_text(template, part));
		else
			add_placeholder(out, part->placeholder);
	}
	if (quoted)
		kp_buf_add_text(out, "'");
}

static const struct {
	const char *name;
	struct kp_str text;
	const char *expect; /* as add_template() writes it */
} good[] = {
	{ "an empty text has no parts", KP_STR(""), "" },
	{ "text alone is one part", KP_STR("a b\nc"), "'a b\nc'" },
	{ "a name alone", KP_STR("${X}"), "<any X>" },
	{ "names and text alternate", KP_STR("a${X}b${Y_2}"),
	    "'a'<any X>'b'<any Y_2>" },
	{ "a name may begin with an underscore", KP_STR("${_x}"), "<any _x>" },
	{ "sources", KP_STR("${secret:x}${env:X}${file:/x}"),
	    "<secret x><env X><file /x>" },
	{ "the name of a source alone is a name", KP_STR("${secret}${env}"),
	    "<any secret><any env>" },
	{ "a secret's name holds dashes and dots",
	    KP_STR("${secret:a-b.c_d.9}"), "<secret a-b.c_d.9>" },
	{ "a secret's name may begin with a digit", KP_STR("${secret:1a}"),
	    "<secret 1a>" },
	{ "a path holds blanks, dashes and colons",
	    KP_STR("${file:/a b/c-d:e}"), "<file /a b/c-d:e>" },
	{ "a dollar sign without a brace is text", KP_STR("$X $ $$ $1"),
	    "'$X $ $$ $1'" },
	{ "a brace before what is no name is text",
	    KP_STR("${1} ${} ${-} ${ X} ${\xc3\xa9}"),
	    "'${1} ${} ${-} ${ X} ${\xc3\xa9}'" },
	{ "a doubled dollar sign writes one brace", KP_STR("$${X}"), "'${X}'" },
	{ "of three dollar signs the last two are doubled", KP_STR("$$${X}"),
	    "'$${X}'" },
	{ "doubled before what is no name", KP_STR("$${1}"), "'${1}'" },
	{ "filters, with and without an argument",
	    KP_STR("${X|trim|line(2)|base64}"), "<any X trim line(2) base64>" },
	{ "an argument may be empty", KP_STR("${X|bcrypt()}"),
	    "<any X bcrypt()>" },
	{ "an argument may be left out", KP_STR("${X|bcrypt}"),
	    "<any X bcrypt>" },
	{ "an argument may hold what is special outside",
	    KP_STR("${X|quote(a}b|c:-d)}"), "<any X quote(a}b|c:-d)>" },
	{ "a filter behind a path", KP_STR("${file:/a|base64}"),
	    "<file /a base64>" },
	{ "the six operators",
	    KP_STR("${A:-a}${B-b}${C:?c}${D?d}${E:+e}${F+f}"),
	    "<any A :-'a'><any B -'b'><any C :?'c'><any D ?'d'>"
	    "<any E :+'e'><any F +'f'>" },
	{ "an operator behind filters", KP_STR("${X|int:-5}"),
	    "<any X int :-'5'>" },
	{ "a word may be empty", KP_STR("${X:-}"), "<any X :->" },
	{ "a word may span lines", KP_STR("${X:-a\nb}"), "<any X :-'a\nb'>" },
	{ "a word may hold placeholders", KP_STR("${A:-b${C:-d${E}f}g}h"),
	    "<any A :-'b'<any C :-'d'<any E>'f'>'g'>'h'" },
	{ "a brace in a word", KP_STR("${X:-a\\}b}c"), "<any X :-'a}b'>'c'" },
	{ "a backslash before something else stays", KP_STR("${X:-a\\nb\\\\c}"),
	    "<any X :-'a\\nb\\\\c'>" },
	{ "outside of a word a backslash is text", KP_STR("a\\}${X}\\"),
	    "'a\\}'<any X>'\\'" },
	{ "an opening brace in a word is text", KP_STR("${X:-{a}b"),
	    "<any X :-'{a'>'b'" },
	{ "a doubled dollar sign in a word", KP_STR("${X:-$${Y}z}"),
	    "<any X :-'${Y'>'z}'" },
	{ "a word that begins as another operator", KP_STR("${X:--1}${Y-?}"),
	    "<any X :-'-1'><any Y -'?'>" },
	{ "a dash behind a secret's name is of the name",
	    KP_STR("${secret:a-b:-c}"), "<secret a-b :-'c'>" },
	{ "an operator behind a path", KP_STR("${file:/a-b?c+d:-e}"),
	    "<file /a-b?c+d :-'e'>" },
};

static void
test_what_is_read(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		const struct kp_source src = { .name = "t",
			.text = good[i].text };
		struct kp_diags diags = { 0 };
		struct kp_template template;
		struct kp_buf got = { 0 };

		if (!kp_template_parse(&template, &src, &diags))
			fail_msg("%s: %s", good[i].name, diags.list[0].text);
		add_template(&got, &template);
		expect_text(good[i].name, kp_buf_view(&got), good[i].expect);
		kp_buf_wipe(&got);
		kp_template_free(&template);
		kp_diags_free(&diags);
	}
}

static void
test_a_nul_is_text(void **state)
{
	const struct kp_source src = { .name = "t",
		.text = KP_STR("a\0${X:-b\0c}\0") };
	struct kp_diags diags = { 0 };
	struct kp_template template;
	struct kp_buf got = { 0 };

	(void)state;
	assert_true(kp_template_parse(&template, &src, &diags));
	add_template(&got, &template);
	expect_bytes("a NUL", kp_buf_view(&got),
	    (struct kp_str)KP_STR("'a\0'<any X :-'b\0c'>'\0'"));
	kp_buf_wipe(&got);
	kp_template_free(&template);
	kp_diags_free(&diags);
}

/* Each problem as "line:column what". */
static const struct {
	const char *name;
	struct kp_str text;
	const char *problems[4];
} bad[] = {
	{ "no closing brace", KP_STR("a\nb ${X"),
	    { "2:3 malformed placeholder: its closing mark is missing" } },
	{ "no closing brace behind a word", KP_STR("${X:-a"),
	    { "1:1 malformed placeholder: its closing mark is missing" } },
	{ "no closing brace behind a filter", KP_STR("${X|trim"),
	    { "1:1 malformed placeholder: its closing mark is missing" } },
	{ "a word that closes no inner placeholder", KP_STR("${X:-${Y}"),
	    { "1:1 malformed placeholder: its closing mark is missing" } },
	{ "a blank in a name", KP_STR("${X y}"),
	    { "1:1 malformed placeholder: neither \"}\", nor a filter, nor an "
	      "operator after the name" } },
	{ "an assignment", KP_STR("${X:=a}"),
	    { "1:1 malformed placeholder: nothing is assigned here, use "
	      "\":-\"" } },
	{ "a source that is none", KP_STR("${vault:x}"),
	    { "1:1 malformed placeholder: the sources are secret:, env: and "
	      "file:" } },
	{ "a secret without a name", KP_STR("${secret:}"),
	    { "1:1 malformed placeholder: that is no name of a secret" } },
	{ "a secret above its directory", KP_STR("${secret:../x}"),
	    { "1:1 malformed placeholder: that is no name of a secret" } },
	{ "a secret in a directory", KP_STR("${secret:a/b}"),
	    { "1:1 malformed placeholder: neither \"}\", nor a filter, nor an "
	      "operator after the name" } },
	{ "a secret whose name begins with a dash", KP_STR("${secret:-x}"),
	    { "1:1 malformed placeholder: that is no name of a secret" } },
	{ "a variable without a name", KP_STR("${env:}"),
	    { "1:1 malformed placeholder: that is no name of a variable" } },
	{ "a variable with a dash", KP_STR("${env:1}"),
	    { "1:1 malformed placeholder: that is no name of a variable" } },
	{ "a relative path", KP_STR("${file:a}"),
	    { "1:1 malformed placeholder: file: takes an absolute path" } },
	{ "a path with a NUL", KP_STR("${file:/a\0b}"),
	    { "1:1 malformed placeholder: neither \"}\", nor a filter, nor an "
	      "operator after the name" } },
	{ "blanks within our own marks", KP_STR("${X } ${X | trim}"),
	    { "1:1 malformed placeholder: neither \"}\", nor a filter, nor an "
	      "operator after the name",
	        "1:7 malformed placeholder: neither \"}\", nor a filter, nor an "
	        "operator after the name" } },
	{ "a path that ends in a line ending", KP_STR("${file:/a\n}"),
	    { "1:1 malformed placeholder: its closing mark is missing" } },
	{ "an unknown filter", KP_STR("${X|bas64}"),
	    { "1:5 there is no such filter" } },
	{ "a filter without a name", KP_STR("${X|}"),
	    { "1:5 there is no such filter" } },
	{ "a filter that needs an argument", KP_STR("${X|trim|json}"),
	    { "1:10 the filter \"json\" needs an argument" } },
	{ "a filter that takes none", KP_STR("${X|hex(1)}"),
	    { "1:5 the filter \"hex\" takes no argument" } },
	{ "an argument without its end", KP_STR("${X|line(1}"),
	    { "1:1 malformed placeholder: a filter's \")\" is missing" } },
	{ "an argument over a line's end", KP_STR("${X|line(1\n)}"),
	    { "1:1 malformed placeholder: a filter's \")\" is missing" } },
	{ "what follows a malformed placeholder is read as well",
	    KP_STR("${X y}\n${A}\n  ${B|nono} ${C"),
	    { "1:1 malformed placeholder: neither \"}\", nor a filter, nor an "
	      "operator after the name",
	        "3:7 there is no such filter",
	        "3:13 malformed placeholder: its closing mark is missing" } },
	{ "what follows one within a word is read as well",
	    KP_STR("${X:-${Y z}} ${secret:}"),
	    { "1:6 malformed placeholder: neither \"}\", nor a filter, nor an "
	      "operator after the name",
	        "1:14 malformed placeholder: that is no name of a secret" } },
	{ "a column counts characters",
	    KP_STR("\xc3\xa4\xe2\x82\xac\xf0\x9f\x94\x91 ${X y}"),
	    { "1:5 malformed placeholder: neither \"}\", nor a filter, nor an "
	      "operator after the name" } },
};

static void
test_what_is_refused(void **state)
{
	size_t i, j;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		const struct kp_source src = { .name = "t",
			.text = bad[i].text };
		struct kp_diags diags = { 0 };
		struct kp_template template;

		if (kp_template_parse(&template, &src, &diags))
			fail_msg("%s: it was read", bad[i].name);
		for (j = 0; j < diags.count || bad[i].problems[j] != NULL;
		     j++) {
			const struct kp_diag *diag = &diags.list[j];
			struct kp_buf got = { 0 };

			if (j < diags.count)
				kp_buf_add_format(&got, "%u:%u %s",
				    diag->place.line, diag->place.column,
				    diag->text);
			expect_text(bad[i].name, kp_buf_view(&got),
			    bad[i].problems[j] == NULL ? "" :
			                                 bad[i].problems[j]);
			kp_buf_wipe(&got);
		}
		kp_template_free(&template);
		kp_diags_free(&diags);
	}
}

static void
test_a_near_filter_is_told(void **state)
{
	const struct kp_source src = { .name = "t",
		.text = KP_STR("${X|urlencod}") };
	struct kp_diags diags = { 0 };
	struct kp_template template;

	(void)state;
	assert_false(kp_template_parse(&template, &src, &diags));
	assert_string_equal(diags.list[0].hint, "did you mean \"urlencode\"?");
	kp_template_free(&template);
	kp_diags_free(&diags);
}

static void
test_a_dot_in_a_name_may_be_of_a_secret(void **state)
{
	const struct kp_source src = { .name = "t",
		.text = KP_STR("${tls.canary}") };
	struct kp_diags diags = { 0 };
	struct kp_template template;

	(void)state;
	assert_false(kp_template_parse(&template, &src, &diags));
	assert_string_equal(diags.list[0].hint,
	    "a name with a dot is a secret's: ${secret:name.key}");
	assert_false(tells(&diags, "canary"));
	kp_template_free(&template);
	kp_diags_free(&diags);
}

static void
test_what_stands_in_place_of_a_name_is_not_shown(void **state)
{
	const struct kp_source src = { .name = "t",
		.text = KP_STR("p = ${hunter2 canary}\n") };
	struct kp_diags diags = { 0 };
	struct kp_template template;

	(void)state;
	assert_false(kp_template_parse(&template, &src, &diags));
	assert_string_equal(diags.list[0].line, "p = ${hu...");
	assert_false(tells(&diags, "nter2"));
	kp_template_free(&template);
	kp_diags_free(&diags);
}

static void
test_a_part_of_a_text(void **state)
{
	const struct kp_source src = { .name = "t",
		.text = KP_STR("${A}\nvalue = ${B}${C}") };
	struct kp_diags diags = { 0 };
	struct kp_template template;
	struct kp_buf got = { 0 };

	(void)state;
	assert_true(kp_template_parse_part(&template, &src, 13, 17, &diags));
	add_template(&got, &template);
	expect_text("a part", kp_buf_view(&got), "<any B>");
	assert_int_equal(template.parts[0].placeholder->start, 13);
	assert_int_equal(template.parts[0].placeholder->end, 17);
	kp_buf_wipe(&got);
	kp_template_free(&template);
	/* One that goes on behind the part is not closed in it. */
	assert_false(kp_template_parse_part(&template, &src, 13, 16, &diags));
	assert_int_equal(diags.list[0].place.line, 2);
	assert_int_equal(diags.list[0].place.column, 9);
	kp_template_free(&template);
	kp_diags_free(&diags);
}

/* "${A:-" so often, then so many closing braces. */
static struct kp_buf
nest(unsigned depth)
{
	struct kp_buf text = { 0 };
	unsigned i;

	for (i = 0; i < depth; i++)
		kp_buf_add_text(&text, "${A:-");
	for (i = 0; i < depth; i++)
		kp_buf_add_text(&text, "}");
	return text;
}

static void
test_how_deep_words_nest(void **state)
{
	static const struct {
		unsigned depth;
		bool good;
	} depths[] = {
		{ KP_TEMPLATE_DEPTH, true },
		{ KP_TEMPLATE_DEPTH + 1, false },
		{ 100000, false },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(depths) / sizeof(depths[0]); i++) {
		struct kp_buf text = nest(depths[i].depth);
		const struct kp_source src = { .name = "t",
			.text = kp_buf_view(&text) };
		struct kp_diags diags = { 0 };
		struct kp_template template;

		assert_int_equal(kp_template_parse(&template, &src, &diags),
		    depths[i].good);
		if (!depths[i].good) {
			assert_int_equal(diags.count, 1);
			assert_true(tells(&diags, "nested too deep"));
		}
		kp_template_free(&template);
		kp_diags_free(&diags);
		kp_buf_wipe(&text);
	}
}

#define HOSTILE_BYTES (2U << 20)

/* Seconds of processor time to read the piece, repeated up to that size. */
static double
measure(const char *piece, size_t size, const struct kp_syntax *syntax)
{
	struct kp_buf text = { 0 };
	struct kp_diags diags = { 0 };
	struct kp_template template;
	struct kp_source src = { .name = "t" };
	clock_t taken;
	bool done;

	while (text.len < size)
		kp_buf_add_text(&text, piece);
	src.text = kp_buf_view(&text);
	taken = clock();
	done = kp_template_parse_as(&template, &src, syntax, &diags);
	taken = clock() - taken;
	if (done != (diags.errors == 0))
		fail_msg("\"%s\": done is %d with %zu errors", piece, done,
		    diags.errors);
	kp_template_free(&template);
	kp_diags_free(&diags);
	kp_buf_wipe(&text);
	return (double)taken / CLOCKS_PER_SEC;
}

/* Four times the text: four times the time, and not sixteen times. */
static void
test_the_time_grows_with_the_text_alone(void **state)
{
	static const char *const pieces[] = { "$", "${", "$$", "$${", "${x ",
		"${x:", "${x|", "${x:-", "${x:-}", "${x|line(", "${x|line(1)}",
		"${secret:", "${file:", "${file:/", "${x y}\n", "${x:-\\}", "}",
		"\\}", "${x|nono}" };
	const struct kp_list none = { 0 };
	struct kp_syntax syntax;
	size_t i;

	(void)state;
	kp_syntax_init(&syntax);
	for (i = 0; i < 2 * sizeof(pieces) / sizeof(pieces[0]); i++) {
		const char *piece = pieces[i / 2];
		double quarter, whole;

		syntax.only = i % 2 == 0 ? NULL : &none;
		quarter = measure(piece, HOSTILE_BYTES / 4, &syntax);
		whole = measure(piece, HOSTILE_BYTES, &syntax);
		if (whole > 8 * quarter + 1)
			fail_msg("\"%s\": %.2f s, and of a quarter %.2f s",
			    piece, whole, quarter);
	}
}

/* Between {{ and }}. */
static const struct {
	const char *name;
	struct kp_str text;
	const char *expect; /* as add_template() writes it */
} blanks[] = {
	{ "beside the marks", KP_STR("{{X}}{{ X }}{{\tsecret:x }}{{file:/a }}"),
	    "<any X><any X><secret x><file /a>" },
	{ "beside the bars",
	    KP_STR("{{ X | trim|upper }}{{file:/a |line(1) }}"),
	    "<any X trim upper><file /a line(1)>" },
	{ "at the end of a word",
	    KP_STR("{{ X:-d }}{{ X|trim:- d e }}{{X:- }}"),
	    "<any X :-'d'><any X trim :-' d e'><any X :->" },
	{ "behind a placeholder in a word", KP_STR("{{ X:-{{ Y }} }}"),
	    "<any X :-<any Y>>" },
	{ "and nowhere else", KP_STR("{{ X -d }}"), NULL },
	{ "nor within a name", KP_STR("{{ X Y }}"), NULL },
	{ "nor beside our own marks", KP_STR("${X }${X | trim}"),
	    "'${X }${X | trim}'" },
};

static void
test_where_blanks_may_stand(void **state)
{
	struct kp_syntax syntax;
	size_t i;

	(void)state;
	kp_syntax_init(&syntax);
	assert_true(kp_syntax_set_delimiters(&syntax, "{{ }}"));
	for (i = 0; i < sizeof(blanks) / sizeof(blanks[0]); i++) {
		const struct kp_source src = { .name = "t",
			.text = blanks[i].text };
		struct kp_diags diags = { 0 };
		struct kp_template template;
		struct kp_buf got = { 0 };

		if (kp_template_parse_as(&template, &src, &syntax, &diags) !=
		    (blanks[i].expect != NULL))
			fail_msg("%s: %s", blanks[i].name,
			    diags.count > 0 ? diags.list[0].text : "read");
		add_template(&got, &template);
		if (blanks[i].expect != NULL)
			expect_text(blanks[i].name, kp_buf_view(&got),
			    blanks[i].expect);
		kp_buf_wipe(&got);
		kp_template_free(&template);
		kp_diags_free(&diags);
	}
}

/* Only DB_PASS, tls.key and /a count. */
static const struct {
	const char *name;
	struct kp_str text;
	const char *expect; /* as add_template() writes it */
} listed[] = {
	{ "a name that is listed, in each form",
	    KP_STR("${DB_PASS}${env:DB_PASS|trim}${secret:tls.key}${file:/a}"),
	    "<any DB_PASS><env DB_PASS trim><secret tls.key><file /a>" },
	{ "a name that is not", KP_STR("${X}${X:-d}${secret:x}${file:/b}"),
	    "'${X}${X:-d}${secret:x}${file:/b}'" },
	{ "what is none of our placeholders",
	    KP_STR("${a.b} ${a:b} ${a^^} ${a ${secret:} ${DB_PASS2.x}"),
	    "'${a.b} ${a:b} ${a^^} ${a ${secret:} ${DB_PASS2.x}'" },
	{ "a listed one within another program's", KP_STR("${a.b:${DB_PASS}}"),
	    "'${a.b:'<any DB_PASS>'}'" },
	{ "another within the word of a listed one",
	    KP_STR("${DB_PASS:-${X:-d}}e"), "<any DB_PASS :-'${X:-d}'>'e'" },
	{ "a doubled dollar sign before each",
	    KP_STR("$${DB_PASS} $${X} $${a.b}"), "'${DB_PASS} $${X} $${a.b}'" },
	{ "a listed one that is malformed", KP_STR("${DB_PASS.x}"), NULL },
	{ "one with a source", KP_STR("${env:DB_PASS^}"), NULL },
	{ "one that is not closed", KP_STR("${a ${DB_PASS"), NULL },
	{ "one within the word of a listed one", KP_STR("${DB_PASS:-${a.b}}"),
	    NULL },
};

static void
test_what_is_read_where_names_are_listed(void **state)
{
	struct kp_list only = { 0 };
	struct kp_syntax syntax;
	size_t i;

	(void)state;
	assert_true(kp_list_add(&only, "DB_PASS"));
	assert_true(kp_list_add(&only, "tls.key"));
	assert_true(kp_list_add(&only, "/a"));
	kp_syntax_init(&syntax);
	syntax.only = &only;
	for (i = 0; i < sizeof(listed) / sizeof(listed[0]); i++) {
		const struct kp_source src = { .name = "t",
			.text = listed[i].text };
		struct kp_diags diags = { 0 };
		struct kp_template template;
		struct kp_buf got = { 0 };

		if (kp_template_parse_as(&template, &src, &syntax, &diags) !=
		    (listed[i].expect != NULL))
			fail_msg("%s: %s", listed[i].name,
			    diags.count > 0 ? diags.list[0].text : "read");
		add_template(&got, &template);
		if (listed[i].expect != NULL)
			expect_text(listed[i].name, kp_buf_view(&got),
			    listed[i].expect);
		kp_buf_wipe(&got);
		kp_template_free(&template);
		kp_diags_free(&diags);
	}
	kp_list_free(&only);
}

static void
test_effects_of_filters(void **state)
{
	const struct kp_source src = { .name = "t",
		.text = KP_STR("${A|int}${B|trim|raw}") };
	struct kp_diags diags = { 0 };
	struct kp_template template;

	(void)state;
	assert_true(kp_template_parse(&template, &src, &diags));
	assert_true(kp_template_has(&template, KP_FX_TYPED));
	assert_true(kp_template_has(&template, KP_FX_RAW));
	assert_false(kp_template_has(&template, KP_FX_WHOLE));
	assert_false(
	    kp_placeholder_has(template.parts[0].placeholder, KP_FX_RAW));
	kp_template_free(&template);
	kp_diags_free(&diags);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_is_read),
		cmocka_unit_test(test_a_nul_is_text),
		cmocka_unit_test(test_what_is_refused),
		cmocka_unit_test(test_a_near_filter_is_told),
		cmocka_unit_test(test_a_dot_in_a_name_may_be_of_a_secret),
		cmocka_unit_test(
		    test_what_stands_in_place_of_a_name_is_not_shown),
		cmocka_unit_test(test_a_part_of_a_text),
		cmocka_unit_test(test_how_deep_words_nest),
		cmocka_unit_test(test_the_time_grows_with_the_text_alone),
		cmocka_unit_test(test_where_blanks_may_stand),
		cmocka_unit_test(test_what_is_read_where_names_are_listed),
		cmocka_unit_test(test_effects_of_filters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
