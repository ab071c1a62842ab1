/* SPDX-License-Identifier: MIT */
/* envfile - settings from KEY=VALUE files, read as docker compose reads them.
 */
#include "io/envfile.h"

#include "base/array.h"
#include "io/file.h"

#include <stdlib.h>
#include <string.h>

/* A text on its way to settings. */
struct scanner {
	const struct kp_source *src;
	struct kp_str text;
	size_t at;
	struct kp_envfile *out;
	struct kp_diags *diags;
};

static bool
at_end(const struct scanner *scan)
{
	return scan->at == scan->text.len;
}

/* The byte at the scanner's place; NUL at the end, which no file may hold. */
static char
peek(const struct scanner *scan)
{
	return at_end(scan) ? '\0' : scan->text.ptr[scan->at];
}

static void
skip_line(struct scanner *scan)
{
	while (!at_end(scan) && peek(scan) != '\n')
		scan->at++;
}

/* Blanks of a line; compose counts CR, VT and FF among them. */
static void
skip_blank(struct scanner *scan)
{
	while (peek(scan) != '\n' && kp_is_space(peek(scan)))
		scan->at++;
}

static void
skip_byte_order_mark(struct scanner *scan)
{
	if (kp_str_starts(scan->text, "\xef\xbb\xbf"))
		scan->at = 3;
}

/*
 * A problem inside the value that begins at start.  A line in the middle of
 * a value has no "=" to hide it behind: the value's first line is shown then.
 */
static bool
refuse_value(struct scanner *scan, size_t start, size_t at, const char *text)
{
	struct kp_str before = kp_str_slice(scan->text, start, at);
	size_t place = kp_str_find(before, '\n') == KP_NPOS ? at : start;

	return kp_diag_at(scan->diags, scan->src, place, 1, "%s", text);
}

static bool
refuse_dollar(struct scanner *scan, size_t start, size_t at)
{
	refuse_value(scan, start, at,
	    "a $ that compose would expand, which is not done here");
	kp_diag_conceal(scan->diags, 1);
	return kp_diag_hint(scan->diags,
	    "put the value in single quotes, or write $$ for one $");
}

/* What is no setting may be anything, a pasted password too: hide it. */
static bool
refuse_line(struct scanner *scan, size_t start)
{
	kp_diag_at(scan->diags, scan->src, start, 1, "not a setting");
	kp_diag_conceal(scan->diags, 0);
	return kp_diag_hint(scan->diags,
	    "write NAME=VALUE; a name holds letters, digits, _ . and -");
}

static bool
is_name_char(char c)
{
	return kp_is_alnum(c) || c == '_' || c == '.' || c == '-';
}

/* "export" with a blank behind it; a variable may have that name too. */
static void
skip_export(struct scanner *scan)
{
	struct kp_str rest = kp_str_slice(scan->text, scan->at, scan->text.len);

	if (!kp_str_starts(rest, "export") || rest.len == 6 ||
	    !kp_is_blank(rest.ptr[6]))
		return;
	scan->at += 6;
	skip_blank(scan);
}

static struct kp_str
scan_name(struct scanner *scan)
{
	size_t start = scan->at;

	while (is_name_char(peek(scan)))
		scan->at++;
	return kp_str_slice(scan->text, start, scan->at);
}

/* The scanner stands on a $ outside single quotes: only $$ has a meaning. */
static bool
take_dollar(struct scanner *scan, size_t start, struct kp_buf *value)
{
	size_t at = scan->at++;

	if (peek(scan) != '$')
		return refuse_dollar(scan, start, at);
	scan->at++;
	kp_buf_add_char(value, '$');
	return true;
}

/* Where a bare value ends: at " #", else at the end of the line. */
static size_t
find_bare_end(const struct scanner *scan)
{
	struct kp_str rest = kp_str_slice(scan->text, scan->at, scan->text.len);
	struct kp_str line = { "", 0 };
	size_t comment;

	kp_str_next_line(&rest, &line);
	comment = kp_str_find_str(line, (struct kp_str)KP_STR(" #"));
	if (comment != KP_NPOS)
		line.len = comment;
	while (line.len > 0 && kp_is_space(line.ptr[line.len - 1]))
		line.len--;
	return scan->at + line.len;
}

/* A leading # is a comment to old versions of compose, and a value to new. */
static bool
scan_bare(struct scanner *scan, struct kp_buf *value)
{
	size_t start = scan->at, end = find_bare_end(scan);
	bool done = true;

	if (peek(scan) == '#') {
		refuse_value(scan, start, start,
		    "a value that begins with # reads as a comment or not");
		done = kp_diag_hint(scan->diags, "put the value in quotes");
	}
	while (done && scan->at < end) {
		if (peek(scan) == '$')
			done = take_dollar(scan, start, value);
		else
			kp_buf_add_char(value, scan->text.ptr[scan->at++]);
	}
	skip_line(scan);
	return done;
}

/* The scanner stands on the backslash of a double-quoted value. */
static bool
take_escape(struct scanner *scan, size_t start, struct kp_buf *value)
{
	static const char letters[] = "abfnrtv\\\"$";
	static const char meanings[] = "\a\b\f\n\r\t\v\\\"$";
	char c = scan->text.ptr[scan->at + 1];
	const char *letter = strchr(letters, c);

	if (c == '0' || c == 'c') {
		refuse_value(scan, start, scan->at,
		    "an escape that versions of compose read differently");
		kp_diag_hint(scan->diags, "write the character itself");
	} else if (letter != NULL) {
		kp_buf_add_char(value, meanings[letter - letters]);
	} else {
		kp_buf_add_char(value, '\\');
		kp_buf_add_char(value, c);
	}
	scan->at += 2;
	return c != '0' && c != 'c';
}

/* In single quotes a backslash does nothing but to a single quote. */
static bool
take_backslash(struct scanner *scan, size_t start, struct kp_buf *value)
{
	if (scan->at + 1 == scan->text.len) {
		scan->at++;
		return true; /* the quote is never closed */
	}
	if (scan->text.ptr[start] == '"')
		return take_escape(scan, start, value);
	scan->at++;
	if (peek(scan) != '\'')
		kp_buf_add_char(value, '\\');
	kp_buf_add_char(value, scan->text.ptr[scan->at++]);
	return true;
}

/* The bytes up to the closing quote, which is consumed. */
static bool
scan_quoted(struct scanner *scan, char quote, struct kp_buf *value)
{
	size_t start = scan->at++;
	bool done = true;

	while (!at_end(scan) && peek(scan) != quote) {
		if (peek(scan) == '\\')
			done = take_backslash(scan, start, value) && done;
		else if (peek(scan) == '$' && quote == '"')
			done = take_dollar(scan, start, value) && done;
		else
			kp_buf_add_char(value, scan->text.ptr[scan->at++]);
	}
	if (at_end(scan))
		return refuse_value(scan, start, start,
		    "a quote that is never closed");
	scan->at++;
	return done;
}

/* Behind a closing quote only a comment may follow. */
static bool
scan_rest(struct scanner *scan, size_t start)
{
	size_t at;

	skip_blank(scan);
	at = scan->at;
	skip_line(scan);
	if (at == scan->at || scan->text.ptr[at] == '#')
		return true;
	return refuse_value(scan, start, at, "text behind the closing quote");
}

static bool
scan_value(struct scanner *scan, struct kp_buf *value)
{
	size_t start = scan->at;
	char quote = peek(scan);
	bool done;

	if (quote != '\'' && quote != '"')
		return scan_bare(scan, value);
	done = scan_quoted(scan, quote, value);
	return scan_rest(scan, start) && done;
}

/* *value is moved in. */
static bool
add_setting(struct scanner *scan, struct kp_str name, struct kp_buf *value)
{
	struct kp_envfile *out = scan->out;
	struct kp_setting *setting;
	char *copy = strndup(name.ptr, name.len);

	if (copy == NULL || !kp_buf_ok(value) ||
	    !kp_array_grow((void **)&out->settings, &out->cap, out->count + 1,
	        sizeof(*out->settings))) {
		free(copy);
		return kp_diag_nomem(scan->diags);
	}
	setting = &out->settings[out->count++];
	setting->name = copy;
	setting->value = kp_buf_take(value);
	setting->file = out->files.count - 1;
	return true;
}

/* The scanner stands on the first byte of a line that is no comment. */
static bool
scan_setting(struct scanner *scan)
{
	struct kp_buf value = { 0 };
	struct kp_str name;
	size_t start = scan->at;
	bool done;

	skip_export(scan);
	name = scan_name(scan);
	skip_blank(scan);
	if (name.len > 0 && (at_end(scan) || peek(scan) == '\n'))
		return true;
	if (name.len == 0 || (peek(scan) != '=' && peek(scan) != ':')) {
		skip_line(scan);
		return refuse_line(scan, start);
	}
	scan->at++;
	skip_blank(scan);
	done = scan_value(scan, &value) && add_setting(scan, name, &value);
	kp_buf_wipe(&value);
	return done;
}

static bool
refuse_nul(struct scanner *scan, size_t at)
{
	return kp_diag_file(scan->diags, scan->src->name,
	    "NUL at byte %zu, which no variable can carry", at + 1);
}

bool
kp_envfile_parse(struct kp_envfile *envfile, const struct kp_source *src,
    struct kp_diags *diags)
{
	struct scanner scan = { src, src->text, 0, envfile, diags };
	size_t nul = kp_str_find(src->text, '\0');
	bool done = true;

	if (nul != KP_NPOS)
		return refuse_nul(&scan, nul);
	if (!kp_list_add(&envfile->files, src->name))
		return kp_diag_nomem(diags);
	skip_byte_order_mark(&scan);
	while (!at_end(&scan)) {
		if (kp_is_space(peek(&scan)))
			scan.at++;
		else if (peek(&scan) == '#')
			skip_line(&scan);
		else
			done = scan_setting(&scan) && done;
	}
	return done;
}

bool
kp_envfile_load(struct kp_envfile *envfile, const char *path,
    struct kp_diags *diags)
{
	struct kp_buf bytes = { 0 };
	struct kp_source src = { .name = path, .guarded = true };
	bool done;

	if (!kp_file_read(path, KP_ENVFILE_MAX, &bytes, diags))
		return false;
	src.text = kp_buf_view(&bytes);
	done = kp_envfile_parse(envfile, &src, diags);
	kp_buf_wipe(&bytes);
	return done;
}

void
kp_envfile_wipe(struct kp_envfile *envfile)
{
	size_t i;

	for (i = 0; i < envfile->count; i++) {
		free(envfile->settings[i].name);
		kp_buf_wipe(&envfile->settings[i].value);
	}
	free(envfile->settings);
	kp_list_free(&envfile->files);
	*envfile = (struct kp_envfile){ 0 };
}
