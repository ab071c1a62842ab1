/* SPDX-License-Identifier: MIT */
/* test_yaml - what YAML readers see, and what can be written for them. */
#include "format/yaml.h"

#include "tables.h"

/* Expectations from the YAML 1.1 and 1.2 specifications; "other" is an
 * entry of a sequence, an anchor, a tag or an alias.
 */
static const struct reading_row readings[] = {
	{ "an empty text has nothing", "", "" },
	{ "a text of comments has those", "# a\n\n  # b\n",
	    "comment <# a>\ncomment <# b>\n" },
	{ "a mapping has keys and scalars", "a: b\n'c': \"d\"\n",
	    "key <a>\nbare <b>\nkey <c>\ndouble-quoted <d>\n" },
	{ "a comment needs a blank before it", "a: b#c #d\n",
	    "key <a>\nbare <b#c>\ncomment <#d>\n" },
	{ "a number sign in quotes is text", "a: \"b #c\" # d\n",
	    "key <a>\ndouble-quoted <b #c>\ncomment <# d>\n" },
	{ "single quotes are doubled", "a: 'it''s'\n",
	    "key <a>\nsingle-quoted <it's>\n" },
	{ "double quotes have escapes", "a: \"\\x41\\u00e9\\n\\\"\\\\\"\n",
	    "key <a>\ndouble-quoted <A\xc3\xa9\n\"\\>\n" },
	{ "lines of a plain scalar are joined", "a: b\n  c\n\n  d # e\n",
	    "key <a>\nbare <b c\nd>\ncomment <# e>\n" },
	{ "lines in quotes are joined", "a: \"b\n   c\\\n   d\"\n",
	    "key <a>\ndouble-quoted <b cd>\n" },
	{ "a literal block keeps its lines", "a: |\n  b\n   c\n\n  d\ne: f\n",
	    "key <a>\nliteral <b\n c\n\nd\n>\nkey <e>\nbare <f>\n" },
	{ "a folded block joins its lines", "a: >-\n  b\n  c\n\n  d\n",
	    "key <a>\nfolded <b c\nd>\n" },
	{ "a number sign in a block is text", "a: |-\n  # b\n  c\n# d\n",
	    "key <a>\nliteral <# b\nc>\ncomment <# d>\n" },
	{ "document markers in a block are text", "a: |-\n  ---\n  ...\n",
	    "key <a>\nliteral <---\n...>\n" },
	{ "an indentation given by number leaves blanks",
	    "a: |2-\n    b\n  c\n", "key <a>\nliteral <  b\nc>\n" },
	{ "CR LF is one line break", "a: |\r\n  b\r\n  c\r\nd: e # f\r\n",
	    "key <a>\nliteral <b\nc\n>\nkey <d>\nbare <e>\ncomment <# f>\n" },
	{ "a sequence has entries", "- a\n- - b\n  - c\n",
	    "other <>\nbare <a>\nother <>\nother <>\nbare <b>\nother <>\n"
	    "bare <c>\n" },
	{ "flow collections have the same", "a: [b, {c: d}] # e\n",
	    "key <a>\nother <>\nbare <b>\nother <>\nkey <c>\nbare <d>\n"
	    "comment <# e>\n" },
	{ "a colon may touch a quoted key in flow", "{\"a\":b}\n",
	    "key <a>\nbare <b>\n" },
	{ "a missing value is an empty scalar", "a:\nb: # c\n-d: {e, f: }\n",
	    "key <a>\nbare <>\nkey <b>\nbare <>\ncomment <# c>\nkey <-d>\n"
	    "key <e>\nbare <>\nkey <f>\nbare <>\n" },
	{ "anchors, tags and aliases are no scalars",
	    "a: &b !!str c\nd: *b\n!t e: !<x:y> # f\n  g\n",
	    "key <a>\nother <&b>\nother <!!str>\nbare <c>\nkey <d>\n"
	    "other <*b>\nother <!t>\nkey <e>\nother <!<x:y>>\n"
	    "comment <# f>\nbare <g>\n" },
	{ "a tag in flow ends at a comma", "[!a , !!str, !b c]\n",
	    "other <>\nother <!a>\nbare <>\nother <>\nother <!!str>\n"
	    "bare <>\nother <>\nother <!b>\nbare <c>\n" },
	{ "a key that is no scalar has no name", "? [a]\n: &c b\n? *c\n: d\n",
	    "key <?>\nother <>\nbare <a>\nother <&c>\nbare <b>\n"
	    "key <?>\nother <*c>\nbare <d>\n" },
	{ "directives and markers are nothing",
	    "%YAML 1.1 # a\n---\nb: c\n...\n--- # d\ne\n",
	    "comment <# a>\nkey <b>\nbare <c>\ncomment <# d>\nbare <e>\n" },
	{ "marks count characters, not bytes",
	    "\xc3\xa9: \xf0\x9f\x98\x80 # \xe2\x82\xac\nb: \"\xc3\xa9\"\n",
	    "key <\xc3\xa9>\nbare <\xf0\x9f\x98\x80>\n"
	    "comment <# \xe2\x82\xac>\nkey <b>\ndouble-quoted <\xc3\xa9>\n" },
	{ "a line separator ends a comment, as in YAML 1.1",
	    "a: b # c\xe2\x80\xa8"
	    "d: e\n",
	    "key <a>\nbare <b>\ncomment <# c>\nkey <d>\nbare <e>\n" },
};

static const struct fault_row faults[] = {
	{ "a quote without an end", "a: b\nc: \"d\n", 3, 1, "end of stream" },
	{ "a colon in a plain scalar", "a: b: c\n", 1, 5,
	    "mapping values are not allowed" },
	{ "a tab as indentation", "a:\n\tb: c\n", 2, 1, "token" },
	{ "the column counts characters", "\xc3\xa9: \xc3\xa9: c\n", 1, 5,
	    "mapping values are not allowed" },
	{ "a control character", "a: b\n\x01\n", 2, 1, "control characters" },
	{ "an alias of nothing", "a: &b c\nd: *bc\n", 2, 4, "no anchor" },
	{ "an alias of what comes later", "a: *b\nc: &b d\n", 1, 4,
	    "no anchor" },
	{ "an alias of another document", "a: &b c\n---\nd: *b\n", 3, 4,
	    "no anchor" },
	{ "a bad byte", "a: b\nc: \xe9\n", 2, 4, "not UTF-8" },
	{ "a byte order mark",
	    "\xef\xbb\xbf"
	    "a: b\n",
	    1, 1, "byte order mark" },
};

/* SLOT in text becomes value; every item but that one stays. */
static const struct fill_row fills[] = {
	{ "a word stays bare", "a: SLOT\n", "swordfish", "a: swordfish\n" },
	{ "blanks inside stay bare", "a: x SLOT # c\n", "b c",
	    "a: x b c # c\n" },
	{ "an address stays bare", "a: http://SLOT@h:80/?b=c&d\n", "u:p",
	    "a: http://u:p@h:80/?b=c&d\n" },
	{ "nothing is quoted", "a: SLOT\n", "", "a: \"\"\n" },
	{ "a word that may be a truth value is quoted", "a: SLOT\n", "no",
	    "a: \"no\"\n" },
	{ "a number is quoted", "a: SLOT\n", "0123", "a: \"0123\"\n" },
	{ "a canonical number is quoted", "a: SLOT\n", "12", "a: \"12\"\n" },
	{ "null is quoted", "a: SLOT\n", "~", "a: \"~\"\n" },
	{ "a comment is quoted", "a: SLOT\n", "b #c", "a: \"b #c\"\n" },
	{ "a key is quoted", "a: SLOT\n", "b: c", "a: \"b: c\"\n" },
	{ "a final colon is quoted", "a: SLOT\n", "b:", "a: \"b:\"\n" },
	{ "an alias is quoted", "a: SLOT\n", "*b", "a: \"*b\"\n" },
	{ "a tag is quoted", "a: SLOT\n", "!b", "a: \"!b\"\n" },
	{ "a blank at an end is quoted", "a: SLOT\n", "b ", "a: \"b \"\n" },
	{ "lines are escaped", "a: SLOT\n", "b\nc\r\n",
	    "a: \"b\\nc\\r\\n\"\n" },
	{ "control characters are escaped", "a: SLOT\n", "\x01\x1b\x7f\t",
	    "a: \"\\x01\\x1B\\x7F\\t\"\n" },
	{ "odd characters are escaped", "a: SLOT\n",
	    "\xc2\x85\xc2\xa0\xe2\x80\xa8\xef\xbb\xbf\xef\xbf\xbf"
	    "\xf0\x9f\xbf\xbe",
	    "a: \"\\x85\\u00A0\\u2028\\uFEFF\\uFFFF\\U0001FFFE\"\n" },
	{ "other characters are not", "a: SLOT\n", "\xc3\xa9\xf0\x9f\x98\x80",
	    "a: \"\xc3\xa9\xf0\x9f\x98\x80\"\n" },
	{ "quotes and backslashes are escaped", "a: SLOT\n", "\"\\",
	    "a: \"\\\"\\\\\"\n" },
	{ "a plain scalar of several lines becomes one", "a: b\n  SLOT\n  c\n",
	    "x", "a: b x c\n" },
	{ "single quotes stay", "a: 'SLOT' # c\n", "it's \"so\"\\",
	    "a: 'it''s \"so\"\\' # c\n" },
	{ "single quotes become double ones for a line break", "a: 'b SLOT'\n",
	    "c\nd", "a: \"b c\\nd\"\n" },
	{ "double quotes stay", "a: \"SLOT\"\n", "no", "a: \"no\"\n" },
	{ "a flow scalar may hold no colon", "{a: SLOT, b: c}\n", "x:y",
	    "{a: \"x:y\", b: c}\n" },
	{ "a flow scalar is quoted for a bracket", "[SLOT, b]\n", "a]",
	    "[\"a]\", b]\n" },
	{ "a literal block is indented again", "a: |\n    b\n    SLOT\n  # c\n",
	    "x\n\n  y", "a: |\n    b\n    x\n\n      y\n  # c\n" },
	{ "a block's header keeps its comment", "a: |- # b\n  SLOT\n", "x\ny",
	    "a: |- # b\n  x\n  y\n" },
	{ "a block's header follows the final line break", "a: |-\n  SLOT\n",
	    "x\n", "a: |\n  x\n" },
	{ "kept blank lines stay", "a: |+\n  SLOT\n\n\nb: c\n", "x",
	    "a: |+\n  x\n\n\nb: c\n" },
	{ "a block at the end of the text", "a: |\n  SLOT", "x\n",
	    "a: |\n  x\n" },
	{ "a block of CR LF lines stays so", "a: |\r\n  SLOT\r\nb: c\r\n",
	    "x\ny", "a: |\r\n  x\r\n  y\r\nb: c\r\n" },
	{ "a block gives way to quotes for a first blank",
	    "a: |-\n  SLOT\nb: c", " x", "a: \" x\"\nb: c" },
	{ "an indentation by number takes a first blank", "a: |2-\n  SLOT\n",
	    " x\ny", "a: |2-\n   x\n  y\n" },
	{ "a block gives way to quotes for a CR", "a: |-\n  SLOT\n", "x\r\ny",
	    "a: \"x\\r\\ny\"\n" },
	{ "a block gives way to quotes for nothing", "a: |-\n  SLOT\n", "",
	    "a: \"\"\n" },
	{ "a folded block becomes one line", "a: >-\n  b\n  SLOT\n", "x",
	    "a: >-\n  b x\n" },
	{ "a folded block gives way to quotes for lines", "a: >\n  SLOT\n",
	    "x\ny", "a: \"x\\ny\\n\"\n" },
	{ "a string by its tag is quoted all the same", "a: !!str SLOT\n", "12",
	    "a: !!str \"12\"\n" },
	{ "an integer by its tag is not", "a: !!int SLOT\n", "12",
	    "a: !!int 12\n" },
	{ "base64 goes where binary data is asked for", "a: !!binary SLOT\n",
	    "YWI=", "a: !!binary YWI=\n" },
	{ "an integer by its tag may stand in quotes", "a: !!int \"SLOT\"\n",
	    "12", "a: !!int \"12\"\n" },
	{ "base64 in a block ends with the line", "a: !!binary |\n  SLOT\n",
	    "YWI=", "a: !!binary |\n  YWI=\n" },
	{ "the application's tags are its own", "a: !vault SLOT\n", "b c",
	    "a: !vault b c\n" },
	{ "in single quotes, too", "a: !vault &b 'SLOT'\n", "b c",
	    "a: !vault &b 'b c'\n" },
	{ "in double ones", "a: !<x:y> \"x SLOT\"\n", "b c",
	    "a: !<x:y> \"x b c\"\n" },
	{ "in a block", "a: !vault |\n  SLOT\n", "b\nc",
	    "a: !vault |\n  b\n  c\n" },
	{ "a tag without a name leaves a string", "a: ! SLOT\n", "b #c",
	    "a: ! \"b #c\"\n" },
};

static const char *const places[] = { "a: SLOT # b\n", "a: 'SLOT'\n",
	"a: \"SLOT\"\n", "a: |\n  SLOT\n# b\n", "a: >-\n  SLOT\n",
	"a: x-SLOT-y\n", "[SLOT, b]\n", "{a: SLOT}\n",
	"- |+\n  x\n  SLOT\n\n\n- b\n", "- >2\n  x\n  SLOT" };

static const struct refusal_row refusals[] = {
	{ "bytes that are no text", "a: SLOT\n", "caf\xe9", "not UTF-8" },
	{ "a word for an integer", "a: !!int SLOT\n", "b", "!!int" },
	{ "text for a number", "a: !!float \"SLOT\"\n", "b", "!!float" },
	{ "yes for a truth value", "a: !!bool SLOT\n", "yes", "!!bool" },
	{ "text for binary data", "a: !!binary SLOT\n", "b c", "!!binary" },
	{ "lines for binary data", "a: !!binary |\n  SLOT\n",
	    "YWI=\nYWI=", "!!binary" },
	{ "what PyYAML takes for an integer behind a tag without a name",
	    "a: ! \"SLOT\"\n", "12", "\"!\"" },
	{ "in a block, too", "a: ! |\n  SLOT\n", "12", "\"!\"" },
	{ "what Ruby takes for an integer behind a tag of the application",
	    "a: !vault SLOT\n", "12", "Ruby" },
	{ "in quotes, too", "a: !vault \"SLOT\"\n", "yes", "Ruby" },
	{ "and in a block", "a: !vault |\n  SLOT\n", "null", "Ruby" },
	{ "a date that cannot be checked", "a: !!timestamp SLOT\n", "b",
	    "tag" },
	{ "quotes in place of a block with a comment", "a: | # b\n  SLOT\n",
	    "\t", "comment" },
};

static const struct insert_row inserts[] = {
	{ "a key goes behind the last comment that has it",
	    "a:\n  # x: b\n  # x: c\n  d: e\n", "a.x",
	    "a:\n  # x: b\n  # x: c\n  x: SLOT\n  d: e\n" },
	{ "a key goes behind the last of its mapping",
	    "a:\n  b: c # d\n\ne: f\n", "a.x",
	    "a:\n  b: c # d\n  x: SLOT\n\ne: f\n" },
	{ "behind what is deeper", "a:\n  b:\n    c: |\n      d\n\ne: f\n",
	    "a.x", "a:\n  b:\n    c: |\n      d\n  x: SLOT\n\ne: f\n" },
	{ "behind a list at the same indentation",
	    "a:\n  b:\n  - c\n  - d\ne: f\n", "a.x",
	    "a:\n  b:\n  - c\n  - d\n  x: SLOT\ne: f\n" },
	{ "behind a flow collection of several lines",
	    "a:\n  b: [c, # ]\n    d\n  ]\ne: f\n", "a.x",
	    "a:\n  b: [c, # ]\n    d\n  ]\n  x: SLOT\ne: f\n" },
	{ "behind an empty one", "a:\n  b: {}\n", "a.x",
	    "a:\n  b: {}\n  x: SLOT\n" },
	{ "at the top", "a: b\n# c\n", "x", "a: b\nx: SLOT\n# c\n" },
	{ "in a text of nothing", "", "x", "x: SLOT\n" },
	{ "in a text of comments", "# a\n", "x", "# a\nx: SLOT\n" },
	{ "behind a last line without a break", "a:\n  b: c", "a.x",
	    "a:\n  b: c\n  x: SLOT" },
	{ "in lines that end in CR LF", "a:\r\n  b: c\r\n", "a.x",
	    "a:\r\n  b: c\r\n  x: SLOT\r\n" },
	{ "a key is quoted where it must be", "a: b\n", "\"x.y: z\"",
	    "a: b\n\"x.y: z\": SLOT\n" },
	{ "behind where it is commented out",
	    "a:\n  # x: 1\n  b: c\n  # y: 2\nd: e\n", "a.x",
	    "a:\n  # x: 1\n  x: SLOT\n  b: c\n  # y: 2\nd: e\n" },
	{ "behind where it is commented out at the end",
	    "a:\n  b: c\n  # x: 1\n  # y: 2\nd: e\n", "a.x",
	    "a:\n  b: c\n  # x: 1\n  x: SLOT\n  # y: 2\nd: e\n" },
	{ "behind where an editor commented it out",
	    "a:\n  b: c\n#  x: 1\nd: e\n", "a.x",
	    "a:\n  b: c\n#  x: 1\n  x: SLOT\nd: e\n" },
	{ "where it is commented out at the top", "a: b\n#x:\nc: d\n", "x",
	    "a: b\n#x:\nx: SLOT\nc: d\n" },
	{ "but not where it is another mapping's",
	    "a:\n  b:\n    c: d\n    # x: 1\n  e: f\n", "a.x",
	    "a:\n  b:\n    c: d\n    # x: 1\n  e: f\n  x: SLOT\n" },
	{ "nor amid a deeper mapping", "a:\n  b:\n  # x: 1\n    c: d\n", "a.x",
	    "a:\n  b:\n  # x: 1\n    c: d\n  x: SLOT\n" },
	{ "in an entry of a list", "a:\n- b: c\n  d: e\n- b: f\n", "a[0].x",
	    "a:\n- b: c\n  d: e\n  x: SLOT\n- b: f\n" },
	{ "in one that has one key", "a:\n  -   b: c # d\n  - b: e\n", "a[0].x",
	    "a:\n  -   b: c # d\n      x: SLOT\n  - b: e\n" },
	{ "in the last one", "- a: b\n- - c: d", "[1][0].x",
	    "- a: b\n- - c: d\n    x: SLOT" },
	{ "in one that begins with an anchor", "- &a\n  b: c\n- *a\n", "[0].x",
	    "- &a\n  b: c\n  x: SLOT\n- *a\n" },
	{ "behind what is deeper in it", "a:\n- b:\n  - c: d\n- e: f\n",
	    "a[0].x", "a:\n- b:\n  - c: d\n  x: SLOT\n- e: f\n" },
	{ "below its comment in an entry",
	    "- a: b\n  # x: c\n  d: e\n- a: f\n  # x: g\n", "[1].x",
	    "- a: b\n  # x: c\n  d: e\n- a: f\n  # x: g\n  x: SLOT\n" },
	{ "nor where prose has a colon", "# x: is: it\na: b\n# axe: c\n", "xe",
	    "# x: is: it\na: b\nxe: SLOT\n# axe: c\n" },
};

static const struct no_insert_row no_inserts[] = {
	{ "no mapping to hold it", "a: b\n", "c.x", "\"c\"" },
	{ "a scalar cannot hold it", "a: b\n", "a.x", "no mapping" },
	{ "nor can a flow mapping", "a: {b: c}\n", "a.x", "no mapping" },
	{ "nor an empty value", "a:\n", "a.x", "no mapping" },
	{ "nor a list", "a:\n  - b\n", "a.x", "no mapping" },
	{ "nor an entry that is a scalar", "a:\n  - b\n", "a[0].x",
	    "no mapping" },
	{ "nor one in braces", "a:\n  - {b: c}\n", "a[0].x", "no mapping" },
	{ "an entry that is not there", "a:\n  - b: c\n", "a[1].x",
	    "\"a[1]\"" },
	{ "a mapping is no missing entry", "a:\n  - b: c\n", "a[0]",
	    "mapping" },
	{ "an entry cannot be added", "a:\n  - b\n", "a[1]", "only a key" },
	{ "a mapping is no missing value", "a:\n  b: c\n", "a", "mapping" },
	{ "an alias is no missing value", "a: &b c\nd: *b\n", "d", "alias" },
	{ "of two mappings none is the one", "a:\n  b: c\na:\n  d: e\n", "a.x",
	    "more than once" },
	{ "of two documents none is the one", "a: b\n---\nc: d\n", "x",
	    "several documents" },
};

/* The bytes from the first scalar's start to its end. */
static const struct {
	const char *name, *text, *written;
} ranges[] = {
	{ "quotes belong to it", "a: 'b' # c\n", "'b'" },
	{ "a plain scalar ends before the blanks", "a: b c   # d\n", "b c" },
	{ "a plain scalar of two lines", "a: b\n  c\n\n# d\n", "b\n  c" },
	{ "a block ends with its last line, without the break",
	    "a: |\n  b\n  c\nd: e\n", "|\n  b\n  c" },
	{ "blank lines behind a block do not count", "a: |-\n  b\n\n \n# c\n",
	    "|-\n  b" },
	{ "a line of more blanks than the indentation is content",
	    "a: |\n  b\n   \n\nc: d\n", "|\n  b\n   " },
	{ "blank lines that are kept belong to the block",
	    "a: |+\n  b\n\n\nc: d\n", "|+\n  b\n\n" },
	{ "a plus sign in the header's comment keeps nothing",
	    "a: |- # +\n  b\n\n\nc: d\n", "|- # +\n  b" },
	{ "a block may end with the text", "a: >\n  b", ">\n  b" },
	{ "a block without content is its header", "a: |\nb: c\n", "|" },
	{ "a block in CR LF lines", "a: |\r\n  b\r\n\r\nc: d\r\n", "|\r\n  b" },
	{ "properties are before it", "a: &b !!str\n  \"c\"\n", "\"c\"" },
	{ "an empty value stands behind the colon", "a: # b\n", "" },
};

static void
scalars_have_their_bytes(void **state)
{
	size_t i, at;

	(void)state;
	for (i = 0; i < COUNT(ranges); i++) {
		const struct kp_source src = { .name = "text",
			.text = kp_str_of(ranges[i].text) };
		struct kp_scan scan =
		    slot_scan(ranges[i].name, &kp_format_yaml, &src);
		struct kp_buf written = { 0 };

		for (at = 0; scan.items[at].kind != KP_SCALAR; at++)
			continue;
		kp_buf_add_text(&written, "");
		kp_buf_add(&written,
		    kp_str_slice(src.text, scan.items[at].start,
		        scan.items[at].end));
		if (!kp_str_is(kp_buf_view(&written), ranges[i].written))
			fail_msg("%s: %.*s", ranges[i].name, (int)written.len,
			    written.data);
		kp_buf_wipe(&written);
		kp_scan_wipe(&scan);
	}
}

/* As the type repositories of YAML 1.1 and 1.2 and the readers have it. */
static const struct {
	enum kp_type type;
	const char *words[48];
} types[] = {
	{ KP_STRING,
	    { "a", "yesterday", "nullable", "10.0.0.1", "10.0.0.1:80", "5s",
	        "1h30m", "v1", "_1", "/a", "http://a:80/", "-a", "-rf", "+a",
	        "a b", "1.2.3", "\xc3\xa9" } },
	{ KP_INT, { "0", "1", "-1", "42", "123456789012345678" } },
	{ KP_NUMBER, { "0.5", "-1.25", "10.0", "1.5e+3", "1.0E-10" } },
	{ KP_BOOL, { "true", "false" } },
	{ KP_NULL, { "", "~", "null", "Null", "NULL" } },
	{ KP_OTHER,
	    { "y", "N", "yes", "No", "ON", "off", "True", "FALSE", "nUll",
	        "0123", "089", "0o14", "0x1f", "0b1", "0b-1", "1e3", "1E3",
	        "1.", ".5", "+1", "-0", "00", "1_000", "1,000", "1:30",
	        "12:30:45", "190:20:30.15", "2001-01-01",
	        "2001-01-01T00:00:00Z", "2001-1-1 1:2:3", ".inf", "-.INF",
	        ".nan", "nan", "inf", "=", "<<", ":a",
	        "1234567890123456789" } },
};

static void
plain_words_have_types(void **state)
{
	size_t i, j;

	(void)state;
	for (i = 0; i < COUNT(types); i++) {
		for (j = 0; types[i].words[j] != NULL; j++) {
			const char *word = types[i].words[j];

			if (kp_yaml_text_type(kp_str_of(word)) != types[i].type)
				fail_msg("\"%s\" is of another type", word);
		}
	}
}

static void
no_spelling_counts_behind_a_tag(void **state)
{
	const struct kp_source src = { .name = "text",
		.text = KP_STR("[!!str 1, !!int '1', !!float 1, !!bool yes, "
		               "!a b, !!null x, ! 1, '1', 1]") };
	static const enum kp_type expect[] = { KP_STRING, KP_STRING, KP_STRING,
		KP_STRING, KP_STRING, KP_STRING, KP_STRING, KP_STRING, KP_INT };
	struct kp_scan scan = slot_scan("tags", &kp_format_yaml, &src);
	size_t i, seen = 0;

	(void)state;
	for (i = 0; i < scan.count; i++) {
		if (scan.items[i].kind == KP_SCALAR)
			assert_int_equal(scan.items[i].type, expect[seen++]);
	}
	assert_int_equal(seen, COUNT(expect));
	kp_scan_wipe(&scan);
}

/* The scalar at a path is set. */
static const struct {
	const char *name, *text, *path, *value, *expect;
} sets[] = {
	{ "an empty value", "a:\nb: c\n", "a", "x", "a: x\nb: c\n" },
	{ "an empty value before a comment", "a: # b\n", "a", "x",
	    "a: x # b\n" },
	{ "an empty value at the end", "a:", "a", "x y:", "a: \"x y:\"" },
	{ "an empty entry", "a:\n  -\n  - b\n", "a[0]", "x",
	    "a:\n  - x\n  - b\n" },
	{ "an empty value in flow", "{a: , b: }\n", "b", "x", "{a: , b: x}\n" },
	{ "an empty value behind a tag", "a: !!str\nb: c\n", "a", "x",
	    "a: !!str x\nb: c\n" },
	{ "a null", "a: ~\n", "a", "x", "a: x\n" },
	{ "an empty block", "a: |\nb: c\n", "a", "x", "a: \"x\"\nb: c\n" },
	{ "a value deep down", "a:\n- b: {\"c.d\": [e, f]}\n",
	    "a[0].b.\"c.d\"[1]", "x", "a:\n- b: {\"c.d\": [e, x]}\n" },
};

/* Encode value, of a type, for the scalar at path of text. */
static bool
set_path(const char *name, const char *text, const char *path,
    const char *value, enum kp_type type, struct kp_buf *result)
{
	const struct kp_source src = { .name = "text",
		.text = kp_str_of(text) };
	const struct kp_piece piece = { kp_str_of(value), false };
	const struct kp_value whole = { piece.bytes, &piece, 1, type };
	struct kp_scan scan = slot_scan(name, &kp_format_yaml, &src);
	struct kp_refusal why;
	size_t number = 0;
	bool done;

	if (kp_scan_find(&scan, kp_str_of(path), &number) != 1)
		fail_msg("%s: the path names no scalar", name);
	kp_buf_add(result, kp_str_slice(src.text, 0, scan.items[number].start));
	done = kp_format_yaml.encode(&scan, &scan.items[number], &whole, result,
	    &why);
	kp_buf_add(result,
	    kp_str_slice(src.text, scan.items[number].end, src.text.len));
	if (done && type == KP_STRING)
		slot_verify(name, &scan, kp_buf_view(result), number,
		    whole.bytes);
	kp_scan_wipe(&scan);
	return done;
}

static void
paths_can_be_set(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(sets); i++) {
		struct kp_buf result = { 0 };

		assert_true(set_path(sets[i].name, sets[i].text, sets[i].path,
		    sets[i].value, KP_STRING, &result));
		slot_expect(sets[i].name, &result, sets[i].expect);
		kp_buf_wipe(&result);
	}
}

static void
an_empty_value_without_a_place_is_refused(void **state)
{
	struct kp_buf result = { 0 };

	(void)state;
	assert_false(
	    set_path("no colon", "{a, b: c}\n", "a", "x", KP_STRING, &result));
	kp_buf_wipe(&result);
}

static void
a_typed_value_stays_bare_only_where_it_is_canonical(void **state)
{
	static const struct {
		const char *name, *text, *value, *expect;
		enum kp_type type;
	} cases[] = {
		{ "a number in a bare place", "a: b\n", "12", "a: 12\n",
		    KP_INT },
		{ "a fraction", "a: b\n", "1.5", "a: 1.5\n", KP_NUMBER },
		{ "a truth value", "a: b\n", "true", "a: true\n", KP_BOOL },
		{ "a number in quotes is a string", "a: 'b'\n", "12",
		    "a: '12'\n", KP_INT },
		{ "a number of one reader only", "a: b\n", "0x1f",
		    "a: \"0x1f\"\n", KP_INT },
		{ "yes", "a: b\n", "yes", "a: \"yes\"\n", KP_BOOL },
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		struct kp_buf result = { 0 };

		assert_true(set_path(cases[i].name, cases[i].text, "a",
		    cases[i].value, cases[i].type, &result));
		slot_expect(cases[i].name, &result, cases[i].expect);
		kp_buf_wipe(&result);
	}
}

static void
a_key_takes_names_only(void **state)
{
	const struct kp_source src = { .name = "text",
		.text = KP_STR("a: b\n") };
	struct kp_scan scan = slot_scan("key", &kp_format_yaml, &src);
	struct kp_value value = { .bytes = KP_STR("x-1") };
	struct kp_buf result = { 0 };
	struct kp_refusal why;

	(void)state;
	assert_int_equal(scan.items[0].kind, KP_KEY);
	assert_true(kp_format_yaml.encode(&scan, &scan.items[0], &value,
	    &result, &why));
	slot_expect("a name", &result, "x-1");
	value.bytes = kp_str_of("b: c");
	assert_false(kp_format_yaml.encode(&scan, &scan.items[0], &value,
	    &result, &why));
	kp_buf_wipe(&result);
	kp_scan_wipe(&scan);
}

static struct tables tables = {
	.format = &kp_format_yaml,
	TABLE(readings, readings),
	TABLE(faults, faults),
	TABLE(fills, fills),
	TABLE(refusals, refusals),
	TABLE(inserts, inserts),
	TABLE(no_inserts, no_inserts),
	TABLE(rune_places, places),
	.nest = "",
};

int
main(void)
{
	const struct CMUnitTest more[] = {
		cmocka_unit_test(scalars_have_their_bytes),
		cmocka_unit_test(plain_words_have_types),
		cmocka_unit_test(no_spelling_counts_behind_a_tag),
		cmocka_unit_test(paths_can_be_set),
		cmocka_unit_test(an_empty_value_without_a_place_is_refused),
		cmocka_unit_test(
		    a_typed_value_stays_bare_only_where_it_is_canonical),
		cmocka_unit_test(a_key_takes_names_only),
	};

	return run_tables(&tables, 1, more, COUNT(more));
}
