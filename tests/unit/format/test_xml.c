/* SPDX-License-Identifier: MIT */
/* test_xml - what readers of XML see, and what can be written for them. */
#include "tables.h"

#define FORMAT (&kp_format_xml)
#define LATIN "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>"
#define DTD "<!DOCTYPE a [<!ATTLIST a b NMTOKENS #IMPLIED>]>"
#define SUBSET(declaration) "<!DOCTYPE a [\n" declaration "]><a/>"

/* Expectations from XML 1.0; "other" is what only a DTD or a name space is. */
static const struct reading_row readings[] = {
	{ "an element has its text", "<a>b</a>", "key <a>\nbare <b>\n" },
	{ "an element may have none", "<a></a>", "key <a>\nbare <>\n" },
	{ "an empty tag has none", "<a />", "key <a>\nbare <>\n" },
	{ "blanks are text where nothing else is", "<a> \n</a>",
	    "key <a>\nbare < \n>\n" },
	{ "blanks between elements are none", "<a>\n <b> c </b>\n</a>\n",
	    "key <a>\nkey <b>\nbare < c >\n" },
	{ "blanks before an element that follows a comment are none",
	    "<a> <!--c--> <b/></a>",
	    "key <a>\ncomment <<!--c-->>\nkey <b>\nbare <>\n" },
	{ "text around elements is text of its own", "<a>b <c/> d</a>",
	    "key <a>\nbare <b >\nkey <c>\nbare <>\nbare < d>\n" },
	{ "a comment parts two texts", "<a>b<!-- - -->c</a>",
	    "key <a>\nbare <b>\ncomment <<!-- - -->>\nbare <c>\n" },
	{ "references stand for characters",
	    "<a>&amp;&lt;&gt;&quot;&apos;&#65;&#x1F600;&#013;</a>",
	    "key <a>\nbare <&<>\"'A\xf0\x9f\x98\x80\r>\n" },
	{ "line endings are line feeds", "<a>b\r\nc\rd\ne</a>",
	    "key <a>\nbare <b\nc\nd\ne>\n" },
	{ "a section is taken as it is", "<a><![CDATA[<b>&amp;\r\n]]></a>",
	    "key <a>\ncdata <<b>&amp;\n>\n" },
	{ "text and sections are one value",
	    "<a> x<![CDATA[]]]]><![CDATA[>]]>&#13;</a>",
	    "key <a>\ncdata < x]]>\r>\n" },
	{ "attributes are keys with an @", "<a b=\"c\" d = 'e\"' />",
	    "key <a>\nkey <@b>\nattribute <c>\nkey <@d>\nattribute <e\">\n"
	    "bare <>\n" },
	{ "blanks of an attribute are blanks", "<a b=\"\tc\r\n\rd&#10;\"></a>",
	    "key <a>\nkey <@b>\nattribute < c  d\n>\nbare <>\n" },
	{ "a > may stand in both", "<a b='>'>></a>",
	    "key <a>\nkey <@b>\nattribute <>>\nbare <>>\n" },
	{ "a /> may stand in text", "<a b=''>/></a>",
	    "key <a>\nkey <@b>\nattribute <>\nbare </>>\n" },
	{ "a name space is no value", "<p:a xmlns:p='u' xmlns='v' p:b='c'/>",
	    "key <p:a>\nkey <@xmlns:p>\nother <u>\nkey <@xmlns>\nother <v>\n"
	    "key <@p:b>\nattribute <c>\nbare <>\n" },
	{ "names are more than ASCII",
	    "<\xc3\xa9l.-1 _\xc2\xb7='\xe6\xbc\xa2'/>",
	    "key <\xc3\xa9l.-1>\nkey <@_\xc2\xb7>\nattribute <\xe6\xbc\xa2>\n"
	    "bare <>\n" },
	{ "there is more around the root",
	    "\xef\xbb\xbf<?xml version='1.0' encoding='utf-8'?>\n<!--c--><?i?>\n"
	    "<a/><?j k?>\n<!--d-->\n",
	    "other <<?xml version='1.0' encoding='utf-8'?>>\n"
	    "comment <<!--c-->>\nother <<?i?>>\nkey <a>\nbare <>\n"
	    "other <<?j k?>>\ncomment <<!--d-->>\n" },
	{ "a DOCTYPE is one thing",
	    "<!DOCTYPE a [<!-- ]>' --><!ENTITY e \"]>\"> %p; <?i ]> ?>] ><a/>",
	    "other <<!DOCTYPE a [<!-- ]>' --><!ENTITY e \"]>\"> %p; "
	    "<?i ]> ?>] >>\nkey <a>\nbare <>\n" },
	{ "a declared entity is no text",
	    "<!DOCTYPE a SYSTEM 'x'><a b='&e;'>c&e;d</a>",
	    "other <<!DOCTYPE a SYSTEM 'x'>>\nkey <a>\nkey <@b>\nother <>\n"
	    "bare <c>\nother <&e;>\nbare <d>\n" },
	{ "bytes above ASCII may be characters",
	    "<?xml version='1.0' encoding='ISO-8859-15'?><a b='\xa4'>\xe9</a>",
	    "other <<?xml version='1.0' encoding='ISO-8859-15'?>>\nkey <a>\n"
	    "key <@b>\nattribute <\xa4>\nbare <\xe9>\n" },
};

#define GROUPS16 "(((((((((((((((("
#define GROUPS64 GROUPS16 GROUPS16 GROUPS16 GROUPS16
#define ENDS16 "))))))))))))))))"
#define ENDS64 ENDS16 ENDS16 ENDS16 ENDS16

static const struct fault_row faults[] = {
	{ "nothing at all", "", 1, 1, "the root element is missing" },
	{ "no element", "<!-- a -->\n", 2, 1, "the root element is missing" },
	{ "text before the root", "a<b/>", 1, 1,
	    "the root element is missing" },
	{ "text behind it", "<a/>\nb", 2, 1, "more behind the end" },
	{ "two roots", "<a/><b/>", 1, 5, "more behind the end" },
	{ "a blank before the declaration", " <?xml version='1.0'?><a/>", 1, 2,
	    "before this declaration" },
	{ "no version", "<?xml encoding='UTF-8'?><a/>", 1, 1, "no version" },
	{ "another version", "<?xml version='1.1'?><a/>", 1, 16,
	    "not version 1.0" },
	{ "an encoding of more than bytes",
	    "<?xml version='1.0' encoding='Shift_JIS'?><a/>", 1, 31,
	    "this encoding" },
	{ "an encoding that the mark denies",
	    "\xef\xbb\xbf<?xml version='1.0' encoding='US-ASCII'?><a/>", 1, 32,
	    "byte order mark" },
	{ "a declaration that is none",
	    "<?xml version='1.0' standalone='no' encoding='UTF-8'?><a/>", 1, 1,
	    "what none can hold" },
	{ "a document that stands alone in part",
	    "<?xml version='1.0' standalone='1'?><a/>", 1, 33, "neither yes" },
	{ "an end tag of another element", "<a>\n<b></a>\n</b>", 2, 4,
	    "another element has to end" },
	{ "an end tag too few", "<a>\n<b></b>\n", 1, 1, "no end tag" },
	{ "an end tag too many", "<a/></a>", 1, 5, "more behind the end" },
	{ "a tag without an end", "<a b='c'", 1, 9, "is missing here" },
	{ "an end tag without an end", "<a></a b>", 1, 8, "\">\" is missing" },
	{ "a < in text", "<a>1 < 2</a>", 1, 6, "begins no tag" },
	{ "a & in text", "<a>b & c</a>", 1, 6, "begins no reference" },
	{ "a reference without an end", "<a>&amp</a>", 1, 4,
	    "begins no reference" },
	{ "an end of a section in text", "<a>\nb]]>c</a>", 2, 2,
	    "cannot stand in text" },
	{ "a section without an end", "<a><![CDATA[]]</a>", 1, 4,
	    "a CDATA section has no end" },
	{ "a comment with two dashes", "<a><!-- b -- c --></a>", 1, 11,
	    "cannot stand in a comment" },
	{ "a comment of three dashes", "<a><!--- b ---></a>", 1, 12,
	    "cannot stand in a comment" },
	{ "a comment without an end", "<!-- a", 1, 1, "a comment has no end" },
	{ "an instruction without an end", "<?a b", 1, 1, "has no end" },
	{ "an instruction without a name", "<? a?><b/>", 1, 3, "a name" },
	{ "a DOCTYPE in the root", "<a><!DOCTYPE a></a>", 1, 4,
	    "no declaration" },
	{ "a DOCTYPE without an end", "<!DOCTYPE a [<!ENTITY b 'c'>", 1, 1,
	    "no end" },
	{ "a DOCTYPE of no name", "<!DOCTYPE [<!ENTITY b 'c'>]><a/>", 1, 11,
	    "a name" },
	{ "a DOCTYPE with an element", "<!DOCTYPE a [\n<a/>]><a/>", 2, 1,
	    "in a declaration" },
	{ "a declaration in another", "<!DOCTYPE a [<!ENTITY b <!-- -->]><a/>",
	    1, 25, "in a declaration" },
	{ "a DOCTYPE of a half", "<!DOCTYPE a PUBLIC 'p'><a/>", 1, 23,
	    "a blank" },
	{ "a public name of other bytes", "<!DOCTYPE a PUBLIC 'p\tq' 's'><a/>",
	    1, 22, "in a public name" },
	{ "a DOCTYPE with text", "<!DOCTYPE a [\n b]><a/>", 2, 2,
	    "in a declaration" },
	{ "a declaration of nothing", SUBSET("<!FOO>"), 2, 1,
	    "in a declaration" },
	{ "a parameter without an end", SUBSET("%p"), 2, 3,
	    "in a declaration" },
	{ "an element without a model", SUBSET("<!ELEMENT a>"), 2, 12,
	    "a blank" },
	{ "a model without an end", SUBSET("<!ELEMENT a (b>"), 2, 15,
	    "in a declaration" },
	{ "a model with both signs", SUBSET("<!ELEMENT a (b,c|d)>"), 2, 17,
	    "in a declaration" },
	{ "a model of nothing", SUBSET("<!ELEMENT a ()>"), 2, 14, "a name" },
	{ "mixed text without a star", SUBSET("<!ELEMENT a (#PCDATA|b)>"), 2,
	    24, "in a declaration" },
	{ "mixed text with a group", SUBSET("<!ELEMENT a (#PCDATA|(b))*>"), 2,
	    22, "a name" },
	{ "an attribute without a type", SUBSET("<!ATTLIST a b>"), 2, 14,
	    "a blank" },
	{ "an attribute of no such type", SUBSET("<!ATTLIST a b TEXT 'c'>"), 2,
	    15, "in a declaration" },
	{ "a type beside its default", SUBSET("<!ATTLIST a b (c)'c'>"), 2, 18,
	    "a blank" },
	{ "a default with a <", SUBSET("<!ATTLIST a b CDATA '<'>"), 2, 22,
	    "in a declaration" },
	{ "a default with a &", SUBSET("<!ATTLIST a b CDATA '& c'>"), 2, 22,
	    "begins no reference" },
	{ "a choice without an end", SUBSET("<!ATTLIST a b (c|d #IMPLIED>"), 2,
	    20, "in a declaration" },
	{ "an entity without a text", SUBSET("<!ENTITY e>"), 2, 11, "a blank" },
	{ "an entity with a %", SUBSET("<!ENTITY e '5%'>"), 2, 14,
	    "in a declaration" },
	{ "an entity of no character", SUBSET("<!ENTITY e '&#0;'>"), 2, 13,
	    "no such character" },
	{ "an entity without an end", SUBSET("<!ENTITY e 'f>"), 2, 12,
	    "not closed" },
	{ "a parameter that is not parsed",
	    SUBSET("<!ENTITY % e SYSTEM 'f' NDATA g>"), 2, 25,
	    "in a declaration" },
	{ "a notation without a name", SUBSET("<!NOTATION n>"), 2, 13,
	    "a blank" },
	{ "a notation that is an entity", SUBSET("<!NOTATION n 'o'>"), 2, 14,
	    "in a declaration" },
	{ "an attribute without quotes", "<a b=c/>", 1, 6, "a quote" },
	{ "an attribute without a value", "<a b/>", 1, 5, "\"=\"" },
	{ "an attribute without a blank", "<a b='c'd='e'/>", 1, 9, "a blank" },
	{ "an attribute without an end", "<a b='c>\n", 1, 6, "not closed" },
	{ "an attribute with a <", "<a b='<'/>", 1, 7, "&lt;" },
	{ "an attribute that comes twice", "<a c='' b=''\n b='' d=''/>", 2, 2,
	    "twice" },
	{ "an entity that nothing declares", "<a>\n&nbsp;</a>", 2, 1,
	    "nothing declares" },
	{ "a DOCTYPE that declares none", "<!DOCTYPE a><a b='&e;'/>", 1, 19,
	    "nothing declares" },
	{ "a reference to no character", "<a>&#xFFFE;</a>", 1, 4,
	    "no such character" },
	{ "a reference beyond the last", "<a>&#4294967361;</a>", 1, 4,
	    "no such character" },
	{ "a reference to half a pair", "<a b='&#xD800;'/>", 1, 7,
	    "no such character" },
	{ "a control character", "<a>\x1b</a>", 1, 4, "no such character" },
	{ "a noncharacter", "<a>\xef\xbf\xbe</a>", 1, 4, "no such character" },
	{ "a bad byte", "<a>\n\xe9</a>", 2, 1, "not UTF-8" },
	{ "a byte above ASCII",
	    "<?xml version='1.0' encoding='us-ascii'?><a>\xe9</a>", 1, 45,
	    "not ASCII" },
	{ "a name that begins with a digit", "<1a/>", 1, 1, "no tag" },
	{ "a name with a sign", "<a\xc3\x97/>", 1, 3, "is missing here" },
	{ "a digit for a name of an attribute", "<a 1='b'/>", 1, 4,
	    "an attribute" },
	{ "a tag that does not end", "<a b='c' / >", 1, 10,
	    "\">\" is missing" },
	{ "a sign in the name of an instruction", "<a><?b\"c?></a>", 1, 7,
	    "\"?>\" is missing" },
	{ "a system identifier without quotes", "<!DOCTYPE a SYSTEM b><a/>", 1,
	    20, NULL },
	{ "groups 65 deep",
	    "<!DOCTYPE a [<!ELEMENT a " GROUPS64 "(b)" ENDS64 ">]><a/>", 1, 0,
	    "deep" },
	{ "attributes without a blank between",
	    "<!DOCTYPE a [<!ATTLIST a b CDATA \"c\"d CDATA \"e\">]><a/>", 1, 37,
	    "a blank is missing" },
};

static const struct fill_row fills[] = {
	{ "text has references", "<a>SLOT</a>", "b<c>&\"'d",
	    "<a>b&lt;c&gt;&amp;\"'d</a>" },
	{ "text keeps its lines", "<a>SLOT</a>", "b\n\tc\r\n",
	    "<a>b\n\tc&#13;\n</a>" },
	{ "text cannot end a section", "<a>]]SLOT</a>", ">", "<a>]]&gt;</a>" },
	{ "blanks alone are more than layout", "<a>SLOT</a>", " \n",
	    "<a>&#32;\n</a>" },
	{ "nothing is nothing", "<a>SLOT</a>", "", "<a></a>" },
	{ "nothing beside an element is a section of nothing",
	    "<a>SLOT<b/></a>", "", "<a><![CDATA[]]><b/></a>" },
	{ "blanks beside a comment are text", "<a><!-- b -->SLOT</a>", " ",
	    "<a><!-- b -->&#32;</a>" },
	{ "the layout of text stays", "<a>\r\n  SLOT\r\n</a>", "b\nc",
	    "<a>\r\n  b\nc\r\n</a>" },
	{ "blanks of the value are no layout", "<a>\n SLOT \n</a>", " \r\n ",
	    "<a>&#10;  &#13;\n  \n</a>" },
	{ "a CR of the layout is no part of a line ending", "<a>\rSLOT\r</a>",
	    "\nb\n", "<a>\n\nb\n\n</a>" },
	{ "the quote of an attribute is escaped", "<a b=\"SLOT\" c='d'/>",
	    "<\"'>&", "<a b=\"&lt;&quot;'&gt;&amp;\" c='d'/>" },
	{ "the other quote, too", "<a b='SLOT'/>", "\"'", "<a b='\"&#39;'/>" },
	{ "lines of an attribute are references", "<a b='x SLOT'/>", "\t\r\n ",
	    "<a b='x &#9;&#13;&#10; '/>" },
	{ "an attribute can be nothing", "<a b='SLOT'/>", "", "<a b=''/>" },
	{ "a section stays one", "<a><![CDATA[SLOT]]></a>", "<b>&\"'\t\n",
	    "<a><![CDATA[<b>&\"'\t\n]]></a>" },
	{ "the end of a section is cut", "<a><![CDATA[SLOT]]></a>", "b]]>c]]",
	    "<a><![CDATA[b]]]]><![CDATA[>c]]]]></a>" },
	{ "a CR stands between sections", "<a><![CDATA[SLOT]]></a>",
	    "b\r\r\nc\r",
	    "<a><![CDATA[b]]>&#13;&#13;<![CDATA[\nc]]>&#13;</a>" },
	{ "a section can be nothing", "<a><![CDATA[SLOT]]></a>", "",
	    "<a><![CDATA[]]></a>" },
	{ "the layout of a section stays",
	    "<a>\r\n  <![CDATA[ SLOT ]]>\r\n</a>", "b",
	    "<a>\r\n  <![CDATA[ b ]]>\r\n</a>" },
	{ "text beside a section joins it", "<a>SLOT<![CDATA[<]]></a>", "b]]>",
	    "<a><![CDATA[b]]]]><![CDATA[><]]></a>" },
	{ "structure stays text", "<a>SLOT</a>", "</a><b/><!-- <?",
	    "<a>&lt;/a&gt;&lt;b/&gt;&lt;!-- &lt;?</a>" },
	{ "characters are as they are", "<a>SLOT</a>",
	    "\xc3\xa9\xc2\x85\xe2\x80\xa8\x7f\xf0\x9f\x98\x80",
	    "<a>\xc3\xa9\xc2\x85\xe2\x80\xa8\x7f\xf0\x9f\x98\x80</a>" },
	{ "where they may be others they are references", LATIN "<a>SLOT</a>",
	    "b\xc3\xa9\xc2\x85\x7f\xf0\x9f\x98\x80",
	    LATIN "<a>b&#xE9;&#x85;\x7f&#x1F600;</a>" },
	{ "in an attribute, too", LATIN "<a b='SLOT'/>", "\xc3\xa9'",
	    LATIN "<a b='&#xE9;&#39;'/>" },
	{ "and between sections", LATIN "<a><![CDATA[SLOT]]></a>",
	    "<\xc3\xa9\xc3\xa9>",
	    LATIN "<a><![CDATA[<]]>&#xE9;&#xE9;<![CDATA[>]]></a>" },
	{ "raw text around a whole value does not matter",
	    LATIN "<a b='\xe9'>SLOT</a>", "c", LATIN "<a b='\xe9'>c</a>" },
	{ "a DTD leaves single blanks within", DTD "<a b='SLOT'/>", "c d\t",
	    DTD "<a b='c d&#9;'/>" },
	{ "a DTD leaves text", DTD "<a>SLOT</a>", "  b", DTD "<a>  b</a>" },
	{ "an entity beside it is the template's", DTD "<a>&e;SLOT</a>", "b<",
	    DTD "<a>&e;b&lt;</a>" },
	{ "a DOCTYPE that declares nothing does not matter",
	    "<!DOCTYPE a><a b='SLOT'/>", " c", "<!DOCTYPE a><a b=' c'/>" },
};

/* What may stand in a DOCTYPE, by the productions of XML 1.0. */
static const char *const declarations[] = {
	"",
	" <!-- c --> <?p?> %p; ",
	"<!ELEMENT a EMPTY>",
	"<!ELEMENT a ANY >",
	"<!ELEMENT a (b)>",
	"<!ELEMENT a (b?,(c|d+)*, e )+ >",
	"<!ELEMENT a ( b | c )>",
	"<!ELEMENT a (((b)))>",
	"<!ELEMENT a (#PCDATA)>",
	"<!ELEMENT a (#PCDATA)*>",
	"<!ELEMENT a ( #PCDATA | b|c )*>",
	"<!ATTLIST a>",
	"<!ATTLIST a b CDATA #IMPLIED c ID #REQUIRED\n d IDREFS #IMPLIED>",
	"<!ATTLIST a b (1 | -x) '1' c NMTOKENS #FIXED \"d'e\">",
	"<!ATTLIST a b NOTATION (c|d) #IMPLIED e ENTITIES '&lt;&#65;&f;'>",
	"<!ENTITY a 'b'>",
	"<!ENTITY a \"<b>&c;]></b>\" >",
	"<!ENTITY % a '&b;<!ENTITY c>'>",
	"<!ENTITY % a SYSTEM 'b'>",
	"<!ENTITY a PUBLIC \"-//B//C 1.0\" 'd&' NDATA e>",
	"<!NOTATION a SYSTEM 'b'>",
	"<!NOTATION a PUBLIC 'b' >",
	"<!NOTATION a PUBLIC 'b' 'c'>",
};

static void
what_a_doctype_declares_is_taken(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(declarations) / sizeof(*declarations); i++) {
		struct kp_source src = { .name = declarations[i] };
		struct kp_diags diags = { 0 };
		struct kp_scan scan = { 0 };
		struct kp_buf text = { 0 };

		kp_buf_add_format(&text, "<!DOCTYPE a [%s]><a/>",
		    declarations[i]);
		src.text = kp_buf_view(&text);
		if (!kp_scan_run(&scan, FORMAT, &src, &diags))
			fail_msg("%s: %s", declarations[i], diags.list[0].text);
		/* The DOCTYPE, the root's key, and its empty scalar. */
		assert_int_equal(scan.count, 3);
		kp_scan_wipe(&scan);
		kp_diags_free(&diags);
		kp_buf_wipe(&text);
	}
}

static const struct refusal_row refusals[] = {
	{ "a control character", "<a>SLOT</a>", "b\x1b",
	    "a control character" },
	{ "one in a section", "<a><![CDATA[SLOT]]></a>", "\x01",
	    "a control character" },
	{ "one in an attribute", "<a b='SLOT'/>", "\x0b",
	    "a control character" },
	{ "a noncharacter", "<a>SLOT</a>", "\xef\xbf\xbf", "U+FFFE or U+FFFF" },
	{ "a bad byte", "<a>SLOT</a>", "caf\xe9", "not UTF-8" },
	{ "half of a pair", "<a>SLOT</a>", "\xed\xa0\x80", "not UTF-8" },
	{ "text beside bytes", LATIN "<a>\xe9 SLOT</a>", "b", "not ASCII" },
	{ "a DTD and a blank first", DTD "<a b='SLOT'/>", " c", "a DTD" },
	{ "a DTD and a blank last", DTD "<a b='SLOT'/>", "c ", "a DTD" },
	{ "a DTD and two blanks", DTD "<a b='SLOT'/>", "c  d", "a DTD" },
	{ "a DTD elsewhere", "<!DOCTYPE a SYSTEM 'a.dtd'><a b='SLOT'/>", " ",
	    "a DTD" },
};

static const struct insert_row inserts[] = {
	{ "an attribute goes behind the name", "<a><b/></a>", "a.b.@c",
	    "<a><b c=\"SLOT\"/></a>" },
	{ "its dot may be missing", "<a />", "a@c", "<a c=\"SLOT\" />" },
	{ "an attribute goes behind the last, spaced like it",
	    "<a\n    b='\">'\n    c = 'd'\n>e</a>", "a.@f",
	    "<a\n    b='\">'\n    c = 'd'\n    f=\"SLOT\"\n>e</a>" },
	{ "a name space is an attribute", "<a xmlns='u'/>", "a.@b",
	    "<a xmlns='u' b=\"SLOT\"/>" },
	{ "an element goes behind the last, indented like it",
	    "<a>\r\n\t<b>\r\n\t\t<c/></b>\r\n</a>", "a.d",
	    "<a>\r\n\t<b>\r\n\t\t<c/></b>\r\n\t<d>SLOT</d>\r\n</a>" },
	{ "what looks like an end tag is none",
	    "<a><!-- </a> --><b c='/>'><![CDATA[</a>]]></b><?d </a> ?></a>",
	    "a.e",
	    "<a><!-- </a> --><b c='/>'><![CDATA[</a>]]></b><?d </a> ?>"
	    "<e>SLOT</e></a>" },
	{ "an element alone", "<a>\n</a>", "a.b", "<a><b>SLOT</b>\n</a>" },
	{ "a commented element is behind its comment",
	    "<a>\n  <!-- <b>x</b> -->\n  <bb/>\n  <!-- <bb>x</bb> -->\n</a>",
	    "a.b",
	    "<a>\n  <!-- <b>x</b> -->\n  <b>SLOT</b>\n  <bb/>\n"
	    "  <!-- <bb>x</bb> -->\n</a>" },
	{ "a name with a dot", "<a.b/>", "\"a.b\".\"@c.d\"",
	    "<a.b c.d=\"SLOT\"/>" },
	{ "a prefix that is its parent's", "<p:a xmlns:p='u'></p:a>", "p:a.p:b",
	    "<p:a xmlns:p='u'><p:b>SLOT</p:b></p:a>" },
};

static const struct no_insert_row no_inserts[] = {
	{ "nothing to hold it", "<a/>", "a.b.c", "\"a.b\"" },
	{ "a second root", "<a/>", "b", "one root" },
	{ "an empty tag", "<a><b/></a>", "a.b.c", "an empty tag" },
	{ "text beside it", "<a>b</a>", "a.c", "holds text" },
	{ "of two elements none is the one", "<a><b></b><b></b></a>", "a.b.c",
	    "more than once" },
	{ "a root that holds others", "<a><b/></a>", "a", "more than a value" },
	{ "an element that holds others", "<a><b><c/></b></a>", "a.b",
	    "more than a value" },
	{ "an attribute that holds an entity", DTD "<a b='&e;'/>", "a.@b",
	    "more than a value" },
	{ "text beside an entity", DTD "<a><b>x&e;</b></a>", "a.b",
	    "an entity in it" },
	{ "an entity alone", DTD "<a>&e;</a>", "a", "an entity in it" },
	{ "an element beside text that a DTD tells", DTD "<a>&e;<b/></a>",
	    "a.c", "holds text" },
	{ "a name space", "<a/>", "a.@xmlns", "namespace" },
	{ "a prefix that nothing explains", "<p:a xmlns:p='u'/>", "p:a.@p:b",
	    "namespace" },
	{ "a name that is none", "<a></a>", "a.1", "this name" },
	{ "an attribute of no name", "<a/>", "a.@", "this name" },
	{ "one of several", "<a></a>", "a.b[0]", "only a name" },
};

static const struct path_row paths[] = {
	{ "an element", "<a><b>x</b><c/></a>", "a.b", "x" },
	{ "an attribute", "<a b='x'>y</a>", "a.@b", "x" },
	{ "an attribute without a dot", "<a><b c='x'/></a>", "a.b@c", "x" },
	{ "a name with a dot", "<a.b><c.d e.f='x'/></a.b>",
	    "\"a.b\".\"c.d\".\"@e.f\"", "x" },
	{ "a name with a prefix", "<p:a p:b='x'/>", "p:a@p:b", "x" },
	{ "text beside elements", "<a>\n<b/>x<c/></a>", "a", "x" },
};

/* Templates that take any text. */
static const char *const places[] = {
	"<a>SLOT</a>",
	"<a>b SLOT\n</a>",
	"<a>SLOT<b/></a>",
	"<a>\r\n <!-- b -->SLOT</a>",
	"<a b='SLOT'/>",
	"<a b=\"'SLOT'\">c</a>",
	"<a><![CDATA[SLOT]]></a>",
	"<a>\r\n<![CDATA[b]SLOT>]]>\r\n</a>",
	"<a><![CDATA[b]]>SLOT</a>",
	LATIN "<a>SLOT</a>",
	LATIN "<a b='SLOT'><![CDATA[c]]></a>",
	LATIN "<a><![CDATA[SLOT]]></a>",
	DTD "<a b='c'>SLOT</a>",
};

static struct tables tables = {
	.format = FORMAT,
	TABLE(readings, readings),
	TABLE(faults, faults),
	TABLE(fills, fills),
	TABLE(refusals, refusals),
	TABLE(inserts, inserts),
	TABLE(no_inserts, no_inserts),
	TABLE(paths, paths),
	.nul = "<a>SLOT</a>",
	.nul_words = "a NUL",
};

/* Production [2], Char, and what is at the ends of its ranges. */
static void
every_character_of_xml_is_carried_everywhere(void **state)
{
	static const uint32_t more[] = { 0x2028, 0x2029, 0x202e, 0x3000, 0xd7ff,
		0xe000, 0xfdd0, 0xfeff, 0xfffd, 0x10000, 0x1f600, 0x1fffe,
		0x10ffff };
	size_t i, place;

	(void)state;
	for (i = 0x20; i < 0x180 + COUNT(more) + 3; i++) {
		struct kp_buf value = { 0 };

		if (i < 0x180)
			kp_utf8_add(&value, (uint32_t)i);
		else if (i < 0x180 + COUNT(more))
			kp_utf8_add(&value, more[i - 0x180]);
		else
			kp_buf_add_char(&value,
			    "\t\n\r"[i - 0x180 - COUNT(more)]);
		for (place = 0; place < COUNT(places); place++) {
			check_carried(FORMAT, places[place],
			    kp_buf_view(&value));
		}
		kp_buf_add_text(&value, "]]>x");
		kp_buf_add(&value,
		    kp_str_slice(kp_buf_view(&value), 0, value.len - 4));
		for (place = 0; place < COUNT(places); place++) {
			check_carried(FORMAT, places[place],
			    kp_buf_view(&value));
		}
		kp_buf_wipe(&value);
	}
}

/* "<a/>" with a value in it. */
static void
an_empty_tag_gets_an_end_tag(void **state)
{
	static const struct {
		const char *text, *value, *expect;
	} rows[] = {
		{ "<p:a b='c' />", "d\n<", "<p:a b='c' >d\n&lt;</p:a>" },
		{ "<p:a b='c' />", " ", "<p:a b='c' >&#32;</p:a>" },
		{ "<p:a b='c'/>", "", "<p:a b='c'/>" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		const struct kp_str text = kp_str_of(rows[i].text);
		const struct kp_source src = { .name = "text", .text = text };
		const struct kp_value value = {
			.bytes = kp_str_of(rows[i].value),
		};
		struct kp_scan scan = slot_scan("empty tag", FORMAT, &src);
		struct kp_buf got = { 0 };
		struct kp_refusal why;

		assert_int_equal(scan.count, 4);
		kp_buf_add(&got, kp_str_slice(text, 0, scan.items[3].start));
		assert_true(kp_format_xml.encode(&scan, &scan.items[3], &value,
		    &got, &why));
		slot_expect(rows[i].text, &got, rows[i].expect);
		slot_verify(rows[i].text, &scan, kp_buf_view(&got), 3,
		    value.bytes);
		kp_buf_wipe(&got);
		kp_scan_wipe(&scan);
	}
}

/* What would be put into a set of blanks and nothing else. */
static void
a_set_replaces_all_of_a_value(void **state)
{
	static const struct {
		const char *text, *expect;
	} rows[] = {
		{ "<a>\n x\n</a>", "<a>y</a>" },
		{ "<a>\n<![CDATA[x]]>\n</a>", "<a><![CDATA[y]]></a>" },
	};
	const struct kp_value value = { .bytes = KP_STR("y") };
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		const struct kp_source src = { .name = "text",
			.text = kp_str_of(rows[i].text) };
		struct kp_scan scan = slot_scan("set", FORMAT, &src);
		struct kp_buf got = { 0 };
		struct kp_refusal why;

		kp_buf_add_text(&got, "<a>");
		assert_true(kp_format_xml.encode(&scan, &scan.items[1], &value,
		    &got, &why));
		kp_buf_add_text(&got, "</a>");
		slot_expect(rows[i].text, &got, rows[i].expect);
		kp_buf_wipe(&got);
		kp_scan_wipe(&scan);
	}
}

static void
add_many(struct kp_buf *text, const char *word, size_t count)
{
	while (count-- > 0)
		kp_buf_add_text(text, word);
}

static void
elements_nest_so_deep(void **state)
{
	struct kp_source src = { .name = "text" };
	struct kp_buf text = { 0 };
	struct fault_row fault = { .name = "nesting",
		.line = 1,
		.column = 256 * 3 + 1,
		.words = "nested deeper than 256" };
	struct kp_scan scan;

	(void)state;
	add_many(&text, "<a>", 256);
	add_many(&text, "</a>", 256);
	src.text = kp_buf_view(&text);
	scan = slot_scan("nesting", FORMAT, &src);
	kp_scan_wipe(&scan);
	kp_buf_cut(&text, 0);
	add_many(&text, "<a>", 257);
	add_many(&text, "</a>", 257);
	fault.text = text.data;
	check_fault(FORMAT, &fault);
	kp_buf_wipe(&text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_prestate(scans_list_what_readers_see, &tables),
		cmocka_unit_test_prestate(faults_have_a_place, &tables),
		cmocka_unit_test_prestate(values_take_the_slot, &tables),
		cmocka_unit_test_prestate(what_cannot_be_carried_is_refused,
		    &tables),
		cmocka_unit_test_prestate(a_nul_is_refused, &tables),
		cmocka_unit_test_prestate(keys_can_be_added, &tables),
		cmocka_unit_test_prestate(keys_without_a_place_are_refused,
		    &tables),
		cmocka_unit_test_prestate(paths_find_their_scalars, &tables),
		cmocka_unit_test(every_character_of_xml_is_carried_everywhere),
		cmocka_unit_test(what_a_doctype_declares_is_taken),
		cmocka_unit_test(an_empty_tag_gets_an_end_tag),
		cmocka_unit_test(a_set_replaces_all_of_a_value),
		cmocka_unit_test(elements_nest_so_deep),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
