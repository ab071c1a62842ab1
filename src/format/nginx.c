/* SPDX-License-Identifier: MIT */
/*
 * nginx - nginx.conf and what it includes.
 *
 *	http {                               section-like: a key
 *		server {
 *			listen 80;           http.server.listen
 *			return 200 "x";      http.server.return[1]
 *			location /a {
 *				root /b;     http.server.location./a.root
 *			}
 *
 * Words are cut as by ngx_conf_read_token() of src/core/ngx_conf_file.c
 * (1.22): quotes open at the start of a word alone and both kinds are alike;
 * \" \' \\ \t \r \n are escapes everywhere, before other bytes a backslash
 * stays.  Blocks in Lua have other rules and are an error.
 */
#include "format/cursor.h"
#include "format/formats.h"

#include "format/literal.h"

#include <string.h>

#define MAX_DEPTH KP_OPEN_MAX

/* The longest word as written that nginx takes. */
#define MAX_WORD 4094

static const char plain_marks[] = "_./:@%+,=!?^*()<>|&-";

enum found { WORD, SEMICOLON, OPEN, CLOSE, COMMENT, END, BROKEN };

struct reader {
	struct kp_scan *scan;
	struct kp_cursor in;
	size_t start, end;   /* of the last word or comment */
	enum kp_style style; /* of the last word */
	struct kp_buf value; /* owned: the last word as it is read */
	uint32_t parents[MAX_DEPTH];
	size_t opened[MAX_DEPTH]; /* where each block begins */
	unsigned depth;
	struct {
		size_t item;
		unsigned depth;
	} last; /* where the last directive began */
};

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* A backslash, which hides the byte behind it from the lexer. */
static void
read_escape(struct reader *reader)
{
	static const char letters[] = "\"'\\trn";
	static const char bytes[] = "\"'\\\t\r\n";
	const char *letter;
	char c;

	reader->in.at++;
	c = kp_cursor_peek(&reader->in);
	letter = c == '\0' ? NULL : strchr(letters, c);
	if (letter == NULL)
		kp_buf_add_char(&reader->value, '\\');
	if (kp_cursor_at_end(&reader->in))
		return;
	kp_buf_add_char(&reader->value,
	    letter == NULL ? c : bytes[letter - letters]);
	reader->in.at++;
}

/* "..." or '...': a blank, ";", "{" or ")" has to follow. */
static enum found
read_quoted(struct reader *reader, char quote)
{
	reader->in.at++;
	while (!kp_cursor_at_end(&reader->in) &&
	    kp_cursor_peek(&reader->in) != quote) {
		if (kp_cursor_peek(&reader->in) == '\\') {
			read_escape(reader);
		} else {
			kp_buf_add_char(&reader->value,
			    kp_cursor_peek(&reader->in));
			reader->in.at++;
		}
	}
	if (kp_cursor_at_end(&reader->in)) {
		kp_cursor_complain(&reader->in, reader->start, 1,
		    "no quote closes this one");
		return BROKEN;
	}
	reader->end = ++reader->in.at;
	if (kp_cursor_at_end(&reader->in) ||
	    is_space(kp_cursor_peek(&reader->in)) ||
	    strchr(";{)", kp_cursor_peek(&reader->in)) != NULL)
		return WORD;
	kp_cursor_complain(&reader->in, reader->in.at, 1,
	    "text behind a closing quote");
	return BROKEN;
}

/* Up to a blank, ";" or "{", which is part of "${". */
static enum found
read_bare(struct reader *reader)
{
	bool variable = false;

	while (!kp_cursor_at_end(&reader->in)) {
		char c = kp_cursor_peek(&reader->in);

		if (is_space(c) || c == ';' || (c == '{' && !variable))
			break;
		variable = c == '$';
		if (c == '\\') {
			read_escape(reader);
		} else {
			kp_buf_add_char(&reader->value, c);
			reader->in.at++;
		}
	}
	reader->end = reader->in.at;
	return WORD;
}

static enum found
read_comment(struct reader *reader)
{
	while (!kp_cursor_at_end(&reader->in) &&
	    kp_cursor_peek(&reader->in) != '\n')
		reader->in.at++;
	reader->end = reader->in.at;
	if (reader->in.text.ptr[reader->end - 1] == '\r')
		reader->end--;
	return COMMENT;
}

static enum found
next_token(struct reader *reader)
{
	kp_buf_cut(&reader->value, 0);
	while (!kp_cursor_at_end(&reader->in) &&
	    is_space(kp_cursor_peek(&reader->in)))
		reader->in.at++;
	if (kp_cursor_at_end(&reader->in))
		return END;
	reader->start = reader->in.at;
	reader->style = KP_BARE;
	switch (kp_cursor_peek(&reader->in)) {
	case ';':
		reader->in.at++;
		return SEMICOLON;
	case '{':
		reader->in.at++;
		return OPEN;
	case '}':
		reader->in.at++;
		return CLOSE;
	case '#':
		return read_comment(reader);
	case '"':
		reader->style = KP_DOUBLE;
		return read_quoted(reader, '"');
	case '\'':
		reader->style = KP_SINGLE;
		return read_quoted(reader, '\'');
	default:
		return read_bare(reader);
	}
}

/* How many words are left of the directive at the cursor; its end in *end. */
static bool
count_words(struct reader *reader, uint32_t *count, enum found *end)
{
	size_t start = reader->in.at;

	*count = 0;
	for (;;) {
		*end = next_token(reader);
		if (*end == BROKEN)
			return false;
		if (*end == WORD)
			(*count)++;
		else if (*end != COMMENT)
			break;
	}
	if (*end == CLOSE || *end == END)
		return kp_cursor_complain(&reader->in, start - 1, 1,
		    "no \";\" or \"{\" ends this directive");
	reader->in.at = start;
	return true;
}

static struct kp_item *
add_word(struct reader *reader, enum kp_kind kind, uint32_t parent)
{
	struct kp_item *item =
	    kp_scan_add(reader->scan, kind, reader->start, reader->end, parent);

	if (item == NULL)
		return NULL;
	item->style = reader->style;
	item->value = kp_scan_store(reader->scan, kp_buf_view(&reader->value));
	return item;
}

static void
add_comment(struct reader *reader)
{
	kp_scan_add(reader->scan, KP_COMMENT, reader->start, reader->end,
	    KP_NO_PARENT);
}

/* One argument belongs to the directive, several are elements of it. */
static void
read_arguments(struct reader *reader, uint32_t key, uint32_t count,
    uint32_t *last)
{
	uint32_t i = 0;

	*last = key;
	while (i < count) {
		uint32_t parent = key;

		if (next_token(reader) == COMMENT) {
			add_comment(reader);
			continue;
		}
		if (count > 1) {
			struct kp_item *element;

			parent = (uint32_t)reader->scan->count;
			element = kp_scan_add(reader->scan, KP_ELEMENT,
			    reader->start, reader->start, key);
			if (element != NULL)
				element->index = i;
		}
		*last = (uint32_t)reader->scan->count;
		add_word(reader, KP_SCALAR, parent);
		i++;
	}
}

/* What ends a directive: ";", or "{" with comments before it. */
static bool
read_end(struct reader *reader, uint32_t owner)
{
	enum found found;

	while ((found = next_token(reader)) == COMMENT)
		add_comment(reader);
	if (found == SEMICOLON)
		return true;
	if (reader->depth == MAX_DEPTH)
		return kp_cursor_complain(&reader->in, reader->start, 1,
		    "nested too deeply");
	reader->opened[reader->depth] = reader->start;
	reader->parents[reader->depth++] = owner;
	return true;
}

/* The first word was read. */
static bool
read_directive(struct reader *reader)
{
	uint32_t parent = reader->depth == 0 ?
	    KP_NO_PARENT :
	    reader->parents[reader->depth - 1];
	uint32_t key = (uint32_t)reader->scan->count, count, last;
	bool lua = kp_str_ends(kp_buf_view(&reader->value), "_by_lua_block");
	enum found end;

	reader->last.item = key;
	reader->last.depth = reader->depth;
	add_word(reader, KP_KEY, parent);
	if (lua)
		return kp_cursor_complain(&reader->in, reader->start, 1,
		    "a block in Lua, which is not read here");
	if (!count_words(reader, &count, &end))
		return false;
	read_arguments(reader, key, count, &last);
	return read_end(reader, last);
}

static bool
read_text(struct reader *reader)
{
	for (;;) {
		switch (next_token(reader)) {
		case WORD:
			if (!read_directive(reader))
				return false;
			break;
		case COMMENT:
			add_comment(reader);
			break;
		case CLOSE:
			if (reader->depth == 0)
				return kp_cursor_complain(&reader->in,
				    reader->start, 1,
				    "no \"{\" opens this block");
			reader->depth--;
			break;
		case SEMICOLON:
		case OPEN:
			return kp_cursor_complain(&reader->in, reader->start, 1,
			    "no directive stands before this");
		case END:
			return reader->depth == 0 ||
			    kp_scan_goes_on(reader->scan) ||
			    kp_cursor_complain(&reader->in,
			        reader->opened[reader->depth - 1], 1,
			        "no \"}\" closes this block");
		case BROKEN:
			return false;
		}
	}
}

/* The items of what is above are no items of this piece. */
static void
begin_piece(struct reader *reader, const struct kp_open *above)
{
	while (reader->depth < above->depth)
		reader->parents[reader->depth++] = KP_NO_PARENT;
}

static void
end_piece(const struct reader *reader, struct kp_seam *seam)
{
	seam->item = reader->last.item;
	seam->below.depth = reader->last.depth; /* all blocks are of one kind */
}

static bool
scan_nginx(struct kp_scan *scan, struct kp_diags *diags)
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
	bool done;

	if (nul != KP_NPOS)
		return kp_cursor_complain(&reader.in, nul, 1,
		    "a NUL, which most directives of nginx cannot carry");
	if (kp_str_starts(reader.in.text, "\xef\xbb\xbf") &&
	    kp_scan_begins_text(scan))
		reader.in.at = 3;
	if (scan->seam != NULL)
		begin_piece(&reader, &scan->seam->above);
	done = read_text(&reader);
	if (scan->seam != NULL)
		end_piece(&reader, scan->seam);
	if (!kp_buf_ok(&reader.value))
		scan->failed = true;
	kp_buf_wipe(&reader.value);
	return done;
}

/* --- encode --- */

/* Behind the variable's name that begins at at, a "$". */
static size_t
skip_variable(struct kp_str text, size_t at)
{
	size_t close;

	at++;
	if (at < text.len && text.ptr[at] == '{') {
		close = kp_str_find(kp_str_slice(text, at, text.len), '}');
		return close == KP_NPOS ? text.len : at + close + 1;
	}
	while (
	    at < text.len && (kp_is_alnum(text.ptr[at]) || text.ptr[at] == '_'))
		at++;
	return at;
}

/* Nothing helps against "$"; the template's variables are its own alone. */
static bool
check_variables(const struct kp_value *value, struct kp_refusal *why)
{
	struct kp_str text = value->bytes;
	size_t at = 0, end;

	for (; at < text.len; at = end) {
		end = at + 1;
		if (text.ptr[at] != '$')
			continue;
		end = skip_variable(text, at);
		if (kp_value_is_foreign(value, at, at + 1))
			return kp_refuse(why,
			    "let the template define one: geo $dollar { "
			    "default \"$\"; }",
			    "a $, which nginx has no escape for");
		if (kp_value_is_foreign(value, at, end))
			return kp_refuse(why, "write the variable as ${name}",
			    "it stands within the name of a variable");
	}
	return true;
}

static void
write_quoted(struct kp_str bytes, char quote, struct kp_buf *out)
{
	static const char special[] = "\n\r\t\\";
	static const char letters[] = "nrt\\";
	size_t i;

	kp_buf_add_char(out, quote);
	for (i = 0; i < bytes.len; i++) {
		const char *found = strchr(special, bytes.ptr[i]);

		if (found != NULL || bytes.ptr[i] == quote)
			kp_buf_add_char(out, '\\');
		kp_buf_add_char(out,
		    found != NULL ? letters[found - special] : bytes.ptr[i]);
	}
	kp_buf_add_char(out, quote);
}

static bool
encode_nginx(const struct kp_scan *scan, const struct kp_item *item,
    const struct kp_value *value, struct kp_buf *out, struct kp_refusal *why)
{
	struct kp_str bytes = value->bytes;
	size_t start = out->len;

	(void)scan;
	if (kp_str_find(bytes, '\0') != KP_NPOS)
		return kp_refuse(why, "encode it: |base64 or |hex",
		    "a NUL, which most directives of nginx cannot carry");
	if (!check_variables(value, why))
		return false;
	if (item->style == KP_BARE && bytes.len > 0 &&
	    kp_literal_is_plain(bytes, plain_marks))
		kp_buf_add(out, bytes);
	else
		write_quoted(bytes, item->style == KP_SINGLE ? '\'' : '"', out);
	if (out->len - start <= MAX_WORD)
		return true;
	kp_buf_cut(out, start);
	return kp_refuse(why, "put it into a file that nginx reads itself",
	    "more than %d bytes as written, which nginx does not take",
	    MAX_WORD);
}

/* No insert(): nothing tells which directives may stand there twice. */
const struct kp_format kp_format_nginx = {
	.name = "nginx",
	.scan = scan_nginx,
	.encode = encode_nginx,
	.joint = ';',
};
