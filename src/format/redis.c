/* SPDX-License-Identifier: MIT */
/*
 * redis - redis.conf and sentinel.conf.
 *
 *	# a comment, at the start of a line alone
 *	requirepass foobared          requirepass
 *	save 60 1000                  save[0], save[1]
 *	user a on ">pass word" ~*     user[0] to user[3]
 *
 * Lines are cut into words as by sdssplitargs() of src/sds.c (7.0): quotes
 * open anywhere in a word and must close at its end; in double quotes \n \r \t
 * \a \b \xHH are escapes and any other backslash is lost, in single ones \' is
 * the only one.
 */
#include "format/cursor.h"
#include "format/formats.h"

#include "format/line.h"
#include "format/literal.h"

#include <string.h>

static const char plain_marks[] = "_./:@%+,=!?~^*()<>{}|&$#;-";

struct reader {
	struct kp_scan *scan;
	struct kp_cursor in;
	struct kp_buf value; /* owned: the word being read */
	enum kp_style style; /* of that word */
};

static bool
is_space(char c)
{
	return c != '\n' && kp_is_space(c);
}

/* A backslash in double quotes; the cursor is behind it. */
static void
read_escape(struct reader *reader)
{
	static const char letters[] = "nrtba";
	static const char bytes[] = "\n\r\t\b\a";
	const char *letter;
	uint32_t byte;

	if (kp_cursor_peek_line(&reader->in) == 'x' &&
	    kp_literal_hex(reader->in.text, reader->in.at + 1, 2, &byte)) {
		kp_buf_add_char(&reader->value, (char)byte);
		reader->in.at += 3;
		return;
	}
	letter = strchr(letters, kp_cursor_peek_line(&reader->in));
	kp_buf_add_char(&reader->value,
	    letter == NULL ? kp_cursor_peek_line(&reader->in) :
	                     bytes[letter - letters]);
	reader->in.at++;
}

/* "..." or '...': behind the closing quote the word has to end. */
static bool
read_quoted(struct reader *reader)
{
	size_t open = reader->in.at++;
	char quote = reader->in.text.ptr[open];

	while (kp_cursor_peek_line(&reader->in) != '\n') {
		char c = reader->in.text.ptr[reader->in.at++];

		if (c == quote) {
			if (kp_is_space(kp_cursor_peek_line(&reader->in)))
				return true;
			return kp_cursor_complain(&reader->in, reader->in.at, 1,
			    "text behind a closing quote");
		}
		if (c == '\\' && kp_cursor_peek_line(&reader->in) != '\n' &&
		    (quote == '"' ||
		        kp_cursor_peek_line(&reader->in) == '\'')) {
			if (quote == '"')
				read_escape(reader);
			else
				kp_buf_add_char(&reader->value,
				    reader->in.text.ptr[reader->in.at++]);
		} else {
			kp_buf_add_char(&reader->value, c);
		}
	}
	return kp_cursor_complain(&reader->in, open, 1,
	    "no quote closes this one");
}

static bool
read_word(struct reader *reader)
{
	size_t start = reader->in.at;

	kp_buf_cut(&reader->value, 0);
	reader->style = KP_BARE;
	while (!kp_is_space(kp_cursor_peek_line(&reader->in))) {
		char c = kp_cursor_peek_line(&reader->in);

		if (c != '"' && c != '\'') {
			kp_buf_add_char(&reader->value, c);
			reader->in.at++;
			continue;
		}
		if (reader->in.at == start)
			reader->style = c == '"' ? KP_DOUBLE : KP_SINGLE;
		return read_quoted(reader);
	}
	return true;
}

static void
skip_space(struct reader *reader)
{
	while (is_space(kp_cursor_peek_line(&reader->in)))
		reader->in.at++;
}

/* How many words are left on the line. */
static bool
count_words(struct reader *reader, uint32_t *count)
{
	size_t start = reader->in.at;

	*count = 0;
	for (skip_space(reader); kp_cursor_peek_line(&reader->in) != '\n';
	     skip_space(reader)) {
		if (!read_word(reader))
			return false;
		(*count)++;
	}
	reader->in.at = start;
	return true;
}

static bool
add_word(struct reader *reader, enum kp_kind kind, uint32_t parent)
{
	size_t start = reader->in.at;
	struct kp_item *item;

	if (!read_word(reader))
		return false;
	item = kp_scan_add(reader->scan, kind, start, reader->in.at, parent);
	if (item == NULL)
		return false;
	item->style = reader->style;
	item->value = kp_scan_store(reader->scan, kp_buf_view(&reader->value));
	return true;
}

/* One argument belongs to the directive, several are elements of it. */
static bool
read_arguments(struct reader *reader, uint32_t key, uint32_t count)
{
	uint32_t i;

	for (i = 0; i < count; i++) {
		uint32_t parent = key;

		skip_space(reader);
		if (count > 1) {
			struct kp_item *element;

			parent = (uint32_t)reader->scan->count;
			element = kp_scan_add(reader->scan, KP_ELEMENT,
			    reader->in.at, reader->in.at, key);
			if (element != NULL)
				element->index = i;
		}
		if (!add_word(reader, KP_SCALAR, parent))
			return false;
	}
	skip_space(reader);
	return true;
}

static void
read_comment(struct reader *reader)
{
	size_t start = reader->in.at, end;

	while (kp_cursor_peek_line(&reader->in) != '\n')
		reader->in.at++;
	end = reader->in.at;
	if (reader->in.text.ptr[end - 1] == '\r')
		end--;
	kp_scan_add(reader->scan, KP_COMMENT, start, end, KP_NO_PARENT);
}

static bool
read_line(struct reader *reader)
{
	uint32_t key = (uint32_t)reader->scan->count, count;

	skip_space(reader);
	if (kp_cursor_peek_line(&reader->in) == '#') {
		read_comment(reader);
	} else if (kp_cursor_peek_line(&reader->in) != '\n') {
		if (!add_word(reader, KP_KEY, KP_NO_PARENT) ||
		    !count_words(reader, &count) ||
		    !read_arguments(reader, key, count))
			return false;
	}
	reader->in.at++;
	return true;
}

static bool
scan_redis(struct kp_scan *scan, struct kp_diags *diags)
{
	struct reader reader = {
		.scan = scan,
		.in = {
			.src = scan->src,
			.diags = diags,
			.text = scan->src->text,
			.verdict = "",
		},
	};
	size_t nul = kp_str_find(reader.in.text, '\0');
	bool done = true;

	if (nul != KP_NPOS)
		return kp_cursor_complain(&reader.in, nul, 1,
		    "a NUL, behind which Redis reads no more of the line");
	while (done && reader.in.at < reader.in.text.len)
		done = read_line(&reader);
	if (!kp_buf_ok(&reader.value))
		scan->failed = true;
	kp_buf_wipe(&reader.value);
	return done || scan->failed;
}

/* --- encode --- */

static bool
is_control(char c)
{
	return (unsigned char)c < ' ' || c == 0x7f;
}

static bool
write_single(struct kp_str bytes, struct kp_buf *out)
{
	size_t start = out->len, i;

	kp_buf_add_char(out, '\'');
	for (i = 0; i < bytes.len; i++) {
		if (is_control(bytes.ptr[i]) || bytes.ptr[i] == '\\') {
			kp_buf_cut(out, start);
			return false;
		}
		if (bytes.ptr[i] == '\'')
			kp_buf_add_char(out, '\\');
		kp_buf_add_char(out, bytes.ptr[i]);
	}
	kp_buf_add_char(out, '\'');
	return true;
}

static void
write_double(struct kp_str bytes, struct kp_buf *out)
{
	size_t i;

	kp_buf_add_char(out, '"');
	for (i = 0; i < bytes.len; i++) {
		char c = bytes.ptr[i];

		if (is_control(c)) {
			kp_buf_add_format(out, "\\x%02x",
			    (unsigned)(unsigned char)c);
			continue;
		}
		if (c == '"' || c == '\\')
			kp_buf_add_char(out, '\\');
		kp_buf_add_char(out, c);
	}
	kp_buf_add_char(out, '"');
}

/*
 * src/config.c and src/acl.c of 7.0 keep these with their length; all else is
 * a C string, which ends at a NUL.
 */
static const char *const counted[] = { "masterauth", "requirepass", "user" };

/* The name of the directive that item is a word of. */
static struct kp_str
directive_of(const struct kp_scan *scan, const struct kp_item *item)
{
	while (item->parent != KP_NO_PARENT)
		item = &scan->items[item->parent];
	return item->value;
}

static bool
may_have_nul(const struct kp_scan *scan, const struct kp_item *item)
{
	struct kp_str name = directive_of(scan, item);
	size_t i;

	for (i = 0; i < sizeof(counted) / sizeof(*counted); i++) {
		if (kp_str_eq_nocase(name, kp_str_of(counted[i])))
			return true;
	}
	return false;
}

static bool
encode_redis(const struct kp_scan *scan, const struct kp_item *item,
    const struct kp_value *value, struct kp_buf *out, struct kp_refusal *why)
{
	if (kp_str_find(value->bytes, '\0') != KP_NPOS &&
	    !may_have_nul(scan, item))
		return kp_refuse(why, "use the filter \"base64\" or \"hex\"",
		    "it has a NUL, where Redis ends the value of this "
		    "directive");
	if (item->style == KP_BARE && value->bytes.len > 0 &&
	    kp_literal_is_plain(value->bytes, plain_marks))
		kp_buf_add(out, value->bytes);
	else if (item->style != KP_SINGLE || !write_single(value->bytes, out))
		write_double(value->bytes, out);
	return true;
}

/* --- insert --- */

/* True for "# name ...": how redis.conf lists what is not set. */
static bool
is_commented(struct kp_str text, const struct kp_item *comment,
    struct kp_str name)
{
	size_t at = comment->start + 1;

	while (at < comment->end && kp_is_blank(text.ptr[at]))
		at++;
	return comment->end - at > name.len &&
	    kp_str_eq_nocase(kp_str_slice(text, at, at + name.len), name) &&
	    kp_is_blank(text.ptr[at + name.len]);
}

static bool
insert_redis(const struct kp_scan *scan, struct kp_str path,
    struct kp_insertion *where, struct kp_refusal *why)
{
	if (!kp_literal_is_plain(path, "-"))
		return kp_refuse(why, "write it into the template",
		    "it is not there, and this name cannot be added");
	kp_line_insert(scan, path, " ", kp_line_ending(scan->src->text),
	    is_commented, where);
	return true;
}

const struct kp_format kp_format_redis = {
	.name = "redis",
	.scan = scan_redis,
	.encode = encode_redis,
	.insert = insert_redis,
	.same_key = kp_str_eq_nocase,
	.by_lines = true,
};
