/* SPDX-License-Identifier: MIT */
/* caddyfile_lex - the words of a Caddyfile, as Caddy's own lexer cuts them. */
#include "format/caddyfile_lex.h"

#include "base/utf8.h"

#include <stdint.h>

#define REPLACEMENT 0xfffd

void
kp_caddyfile_lex_init(struct kp_caddyfile_lex *lex,
    enum kp_caddyfile_version version, struct kp_str text)
{
	*lex = (struct kp_caddyfile_lex){
		.text = text,
		.version = version,
		.at = kp_str_starts(text, "\xef\xbb\xbf") ? 3 : 0,
		.line = 1,
		.last_close = kp_str_rfind_str(text, kp_str_of("}")),
	};
}

void
kp_caddyfile_lex_wipe(struct kp_caddyfile_lex *lex)
{
	kp_buf_wipe(&lex->value);
}

/* White space as Go's unicode.IsSpace has it. */
static bool
is_space(uint32_t rune)
{
	return rune == ' ' || (rune >= '\t' && rune <= '\r') || rune == 0x85 ||
	    rune == 0xa0 || rune == 0x1680 ||
	    (rune >= 0x2000 && rune <= 0x200a) || rune == 0x2028 ||
	    rune == 0x2029 || rune == 0x202f || rune == 0x205f ||
	    rune == 0x3000;
}

static bool
at_end(const struct kp_caddyfile_lex *lex)
{
	return lex->at >= lex->text.len;
}

static struct kp_str
rest(const struct kp_caddyfile_lex *lex)
{
	return kp_str_slice(lex->text, lex->at, lex->text.len);
}

/* The character at the cursor; *next is behind it.  A bad byte is U+FFFD. */
static uint32_t
peek_rune(const struct kp_caddyfile_lex *lex, size_t *next)
{
	unsigned char first = (unsigned char)lex->text.ptr[lex->at];
	uint32_t rune;

	*next = lex->at;
	if (first >= 0x80 && kp_utf8_next(lex->text, next, &rune))
		return rune;
	*next = lex->at + 1;
	return first < 0x80 ? first : REPLACEMENT;
}

/* How long the {$NAME} at the cursor is; 0: there is none. */
static size_t
reference_length(struct kp_caddyfile_lex *lex)
{
	if (!kp_str_starts(rest(lex), "{$") || lex->version == KP_CADDYFILE_V1)
		return 0;
	if (lex->last_close == KP_NPOS || lex->at > lex->last_close) {
		lex->endless = true;
		return 0;
	}
	return kp_str_find(rest(lex), '}') + 1;
}

static void
add_bytes(struct kp_caddyfile_lex *lex, size_t len)
{
	kp_buf_add(&lex->value,
	    kp_str_slice(lex->text, lex->at, lex->at + len));
	lex->at += len;
}

/*
 * Take what stands for itself in a word of any kind, or nowhere but in quotes
 * of some kind; false: there is none of it at the cursor.
 */
static bool
take_plain(struct kp_caddyfile_lex *lex, bool in_quotes)
{
	struct kp_str text = rest(lex);
	size_t len = 0;

	while (len < text.len && text.ptr[len] < 0x7f &&
	    (text.ptr[len] > ' ' || (in_quotes && text.ptr[len] == ' ')) &&
	    text.ptr[len] != '"' && text.ptr[len] != '\\' &&
	    text.ptr[len] != '{' && text.ptr[len] != '`' &&
	    text.ptr[len] != '#')
		len++;
	add_bytes(lex, len);
	return len > 0;
}

static void
end_line(struct kp_caddyfile_lex *lex)
{
	if (lex->escaped) {
		lex->skipped++;
		lex->escaped = false;
		return;
	}
	lex->line += 1 + lex->skipped;
	lex->skipped = 0;
}

/* A line break within quotes: it ends joined lines, too. */
static void
count_quoted_line(struct kp_caddyfile_lex *lex, struct kp_caddyfile_word *word)
{
	lex->line += 1 + lex->skipped;
	lex->skipped = 0;
	word->last_line++;
}

/*
 * To the line's end, less a CR there.  Caddy takes note of a backslash in a
 * comment as well, anywhere in it: it joins the next line to this one.
 */
static void
read_comment(struct kp_caddyfile_lex *lex, struct kp_caddyfile_word *word)
{
	size_t len;

	while (!at_end(lex) && lex->text.ptr[lex->at] != '\n') {
		len = reference_length(lex);
		if (len == 0 && lex->version == KP_CADDYFILE_V2 &&
		    lex->text.ptr[lex->at] == '\\')
			lex->escaped = true;
		lex->at += len == 0 ? 1 : len;
	}
	word->end = lex->at;
	if (lex->text.ptr[word->end - 1] == '\r')
		word->end--;
}

/* Version 1, "#" within a word: a comment up to the word's end. */
static void
read_word_comment(struct kp_caddyfile_lex *lex, struct kp_caddyfile_word *word)
{
	size_t next;

	lex->within_word = false;
	for (; !at_end(lex); lex->at = next) {
		uint32_t rune = peek_rune(lex, &next);

		if (is_space(rune) && rune != '\r')
			break;
	}
	word->end = lex->at;
}

/* Go to where a word or comment begins; false: there is no more. */
static bool
skip_gap(struct kp_caddyfile_lex *lex, size_t *start)
{
	size_t next;

	for (; !at_end(lex); lex->at = next) {
		uint32_t rune = peek_rune(lex, &next);

		if (!lex->escaped)
			*start = lex->at;
		if (rune == '\n')
			end_line(lex);
		else if (rune == '\\' && !lex->escaped &&
		    lex->version == KP_CADDYFILE_V2)
			lex->escaped = true;
		else if (!is_space(rune))
			return true;
	}
	return false;
}

/* A backslash that turned out to escape nothing is part of the word. */
static void
add_backslash(struct kp_caddyfile_lex *lex)
{
	if (lex->escaped)
		kp_buf_add_char(&lex->value, '\\');
	lex->escaped = false;
}

static void
add_rune(struct kp_caddyfile_lex *lex, uint32_t rune, size_t next)
{
	kp_utf8_add(&lex->value, rune);
	lex->at = next;
}

/* "...": the cursor is behind the opening quote. */
static enum kp_caddyfile_found
read_quoted(struct kp_caddyfile_lex *lex, struct kp_caddyfile_word *word)
{
	while (!at_end(lex)) {
		size_t next, len;
		uint32_t rune;

		if (!lex->escaped && take_plain(lex, true))
			continue;
		len = reference_length(lex);
		rune = peek_rune(lex, &next);
		if (len > 0) {
			add_backslash(lex);
			add_bytes(lex, len);
			continue;
		}
		if (rune == '\\' && !lex->escaped) {
			lex->escaped = true;
			lex->at = next;
			continue;
		}
		if (rune == '"' && !lex->escaped) {
			lex->at = word->end = next;
			return KP_CADDYFILE_WORD;
		}
		if (rune != '"')
			add_backslash(lex);
		lex->escaped = false;
		if (rune == '\n')
			count_quoted_line(lex, word);
		add_rune(lex, rune, next);
	}
	return KP_CADDYFILE_UNCLOSED;
}

/* `...`: the cursor is behind the opening backtick. */
static enum kp_caddyfile_found
read_backtick(struct kp_caddyfile_lex *lex, struct kp_caddyfile_word *word)
{
	lex->escaped = false;
	while (!at_end(lex)) {
		size_t next, len;
		uint32_t rune;

		if (take_plain(lex, true))
			continue;
		len = reference_length(lex);
		rune = peek_rune(lex, &next);
		if (len > 0) {
			add_bytes(lex, len);
			continue;
		}
		if (rune == '`') {
			lex->at = word->end = next;
			return KP_CADDYFILE_WORD;
		}
		if (rune == '\n')
			count_quoted_line(lex, word);
		add_rune(lex, rune, next);
	}
	return KP_CADDYFILE_UNCLOSED;
}

/* Up to white space, which is not consumed; CR does not count as such. */
static void
read_bare(struct kp_caddyfile_lex *lex, struct kp_caddyfile_word *word)
{
	while (!at_end(lex)) {
		size_t next, len;
		uint32_t rune;

		if (!lex->escaped && take_plain(lex, false)) {
			word->end = lex->at;
			continue;
		}
		len = reference_length(lex);
		rune = peek_rune(lex, &next);
		if (len == 0 && rune == '\r') {
			lex->at = next;
			continue;
		}
		if (len == 0 && is_space(rune))
			break;
		if (rune == '#' && lex->version == KP_CADDYFILE_V1) {
			lex->within_word = true;
			break;
		}
		if (rune == '\\' && !lex->escaped &&
		    lex->version == KP_CADDYFILE_V2) {
			lex->escaped = true;
			lex->at = next;
			continue;
		}
		add_backslash(lex);
		if (len > 0)
			add_bytes(lex, len);
		else
			add_rune(lex, rune, next);
		word->end = lex->at;
	}
}

/*
 * A backslash at a word's end joins the lines when LF follows: it is no part
 * of the word then.  Elsewhere it is lost, and the word covers it.
 */
static void
settle_backslash(struct kp_caddyfile_lex *lex, struct kp_caddyfile_word *word)
{
	if (!lex->escaped)
		return;
	if (!at_end(lex) && lex->text.ptr[lex->at] == '\n')
		return;
	lex->escaped = false;
	word->end = lex->at;
}

static size_t
marker_length(struct kp_str text)
{
	size_t len = 0;

	while (len < text.len &&
	    (kp_is_alnum(text.ptr[len]) || text.ptr[len] == '_' ||
	        text.ptr[len] == '-'))
		len++;
	return len;
}

/* How long the heredoc at the cursor is, its end marker included; 0: none. */
static size_t
heredoc_length(struct kp_caddyfile_lex *lex)
{
	struct kp_str text = rest(lex), marker;
	size_t at, end;

	if (lex->version == KP_CADDYFILE_V1 || lex->escaped ||
	    !kp_str_starts(text, "<<"))
		return 0;
	marker = kp_str_slice(text, 2, text.len);
	marker.len = marker_length(marker);
	at = 2 + marker.len;
	while (at < text.len && text.ptr[at] == '\r')
		at++;
	if (marker.len == 0 || at >= text.len || text.ptr[at] != '\n')
		return 0;
	end = kp_str_find_str(kp_str_slice(text, at, text.len), marker);
	if (end == KP_NPOS)
		lex->endless = true;
	return end == KP_NPOS ? 0 : at + end + marker.len;
}

static void
read_heredoc(struct kp_caddyfile_lex *lex, struct kp_caddyfile_word *word,
    size_t len)
{
	struct kp_str text = kp_str_slice(lex->text, lex->at, lex->at + len);
	size_t i;

	for (i = 0; i < text.len; i++) {
		if (text.ptr[i] == '\n')
			count_quoted_line(lex, word);
	}
	word->last_line = lex->line;
	word->style = KP_HEREDOC;
	add_bytes(lex, len);
	word->end = lex->at;
}

static enum kp_caddyfile_found
read_word(struct kp_caddyfile_lex *lex, struct kp_caddyfile_word *word)
{
	char first = lex->text.ptr[lex->at];
	size_t heredoc = heredoc_length(lex);

	if (first == '"') {
		lex->at++;
		word->style = KP_DOUBLE;
		return read_quoted(lex, word);
	}
	if (first == '`' && lex->version == KP_CADDYFILE_V2) {
		lex->at++;
		word->style = KP_BACKTICK;
		return read_backtick(lex, word);
	}
	if (heredoc > 0) {
		read_heredoc(lex, word, heredoc);
		return KP_CADDYFILE_WORD;
	}
	read_bare(lex, word);
	settle_backslash(lex, word);
	return KP_CADDYFILE_WORD;
}

enum kp_caddyfile_found
kp_caddyfile_lex_next(struct kp_caddyfile_lex *lex,
    struct kp_caddyfile_word *word)
{
	size_t start = lex->at;

	kp_buf_cut(&lex->value, 0);
	*word = (struct kp_caddyfile_word){ .start = start };
	if (lex->within_word) {
		read_word_comment(lex, word);
		return KP_CADDYFILE_COMMENT;
	}
	if (!skip_gap(lex, &start))
		return KP_CADDYFILE_END;
	word->start = start;
	word->line = word->last_line = lex->line;
	word->joined = lex->skipped > 0;
	if (lex->text.ptr[lex->at] == '#') {
		word->start = lex->at;
		read_comment(lex, word);
		return KP_CADDYFILE_COMMENT;
	}
	return read_word(lex, word);
}
