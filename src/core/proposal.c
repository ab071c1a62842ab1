/* SPDX-License-Identifier: MIT */
/* proposal - a rule file in the making: what keyplate init says. */
#include "core/proposal.h"

#include "base/array.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A rule file takes no longer line; "pattern = " and quotes need some. */
#define TEXT_MAX 900

/* Columns of the lists in the head. */
#define HEAD_WIDTH 78

void
kp_proposal_add_name(struct kp_buf *out, struct kp_str text, bool upper,
    char mark)
{
	bool gap = false;
	size_t start = out->len, i;

	for (i = 0; i < text.len; i++) {
		char c = text.ptr[i];

		if (!kp_is_alnum(c)) {
			gap = true;
			continue;
		}
		if (gap && out->len > start)
			kp_buf_add_char(out, mark);
		gap = false;
		kp_buf_add_char(out, upper ? kp_to_upper(c) : kp_to_lower(c));
	}
}

/* --- what is needed --- */

static bool
add_once(struct kp_proposal *proposal, struct kp_list *list, const char *text)
{
	if (kp_list_has(list, text))
		return false;
	if (!kp_list_add(list, text))
		proposal->failed = true;
	return true;
}

bool
kp_proposal_need_secret(struct kp_proposal *proposal, const char *name)
{
	return add_once(proposal, &proposal->secrets, name);
}

bool
kp_proposal_need_variable(struct kp_proposal *proposal, const char *name)
{
	return add_once(proposal, &proposal->variables, name);
}

void
kp_proposal_note(struct kp_proposal *proposal, const char *fmt, ...)
{
	char text[400];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	add_once(proposal, &proposal->notes, text);
}

/* --- sections --- */

static bool
is_name_taken(const struct kp_proposal *proposal, const char *name, bool file)
{
	size_t i;

	for (i = 0; file && i < proposal->nfiles; i++) {
		if (proposal->files[i].name != NULL &&
		    strcmp(proposal->files[i].name, name) == 0)
			return true;
	}
	for (i = 0; !file && i < proposal->nrules; i++) {
		if (proposal->rules[i].name != NULL &&
		    strcmp(proposal->rules[i].name, name) == 0)
			return true;
	}
	return false;
}

/* The text as a section's name, with a number where it is taken. */
static char *
make_name(struct kp_proposal *proposal, struct kp_str text, bool file)
{
	struct kp_buf name = { 0 };
	unsigned number = 1;
	size_t end;

	kp_proposal_add_name(&name, text, false, '-');
	if (name.len == 0)
		kp_buf_add_text(&name, "rule");
	if (name.len > 80)
		kp_buf_cut(&name, 80);
	end = name.len;
	while (kp_buf_ok(&name) && is_name_taken(proposal, name.data, file)) {
		kp_buf_cut(&name, end);
		kp_buf_add_format(&name, "-%u", ++number);
	}
	if (!kp_buf_ok(&name)) {
		kp_buf_wipe(&name);
		proposal->failed = true;
	}
	return name.data;
}

/* "/etc/grafana/grafana.ini" is the file "grafana". */
static struct kp_str
stem_of(const char *path)
{
	struct kp_str text = kp_str_of(path);
	size_t slash = kp_str_rfind_str(text, kp_str_of("/"));
	size_t dot;

	if (slash != KP_NPOS)
		text = kp_str_slice(text, slash + 1, text.len);
	dot = kp_str_find(text, '.');
	if (dot != KP_NPOS && dot > 0)
		text = kp_str_slice(text, 0, dot);
	return text;
}

size_t
kp_proposal_add_file(struct kp_proposal *proposal, const char *path)
{
	struct kp_proposed_file *file;
	size_t i;

	for (i = 0; i < proposal->nfiles; i++) {
		if (strcmp(proposal->files[i].path, path) == 0)
			return i;
	}
	if (!kp_array_grow((void **)&proposal->files, &proposal->files_cap,
	        proposal->nfiles + 1, sizeof(*proposal->files)))
		goto fail;
	file = &proposal->files[proposal->nfiles];
	*file = (struct kp_proposed_file){ .path = strdup(path) };
	if (file->path == NULL)
		goto fail;
	file->name = make_name(proposal, stem_of(path), true);
	return proposal->nfiles++;
fail:
	proposal->failed = true;
	return KP_PROPOSAL_NO_FILE;
}

/* How a rule file can hold text: bare, between quotes, or not at all (-1). */
static int
quote_for(struct kp_str text)
{
	bool bare = text.len > 0 && text.len <= TEXT_MAX &&
	    text.ptr[0] != '"' && text.ptr[0] != '\'';
	size_t i;

	for (i = 0; i < text.len; i++) {
		if ((unsigned char)text.ptr[i] < 0x20 || text.ptr[i] == 0x7f)
			return -1;
		if (text.ptr[i] == ';' || text.ptr[i] == '#')
			bare = false;
	}
	if (kp_str_trim(text).len != text.len || kp_str_ends(text, "\\"))
		bare = false;
	if (bare)
		return 0;
	if (text.len > TEXT_MAX || kp_str_find(text, '\\') != KP_NPOS)
		return -1;
	if (kp_str_find(text, '\'') == KP_NPOS)
		return '\'';
	return kp_str_find(text, '"') == KP_NPOS ? '"' : -1;
}

bool
kp_proposal_can_hold(struct kp_str text)
{
	return quote_for(text) != -1;
}

/* Names and paths in a comment: none of them ends its line. */
static void
add_comment(struct kp_buf *out, const char *text)
{
	for (; *text != '\0'; text++)
		kp_buf_add_char(out,
		    (unsigned char)*text < 0x20 || *text == 0x7f ? '.' : *text);
}

static void
add_entry(struct kp_buf *out, const char *mark, const char *key, int width,
    const char *text)
{
	int quote = quote_for(kp_str_of(text));

	kp_buf_add_format(out, "%s%-*s = ", mark, width, key);
	if (quote > 0)
		kp_buf_add_char(out, (char)quote);
	kp_buf_add_text(out, text);
	if (quote > 0)
		kp_buf_add_char(out, (char)quote);
	kp_buf_add_char(out, '\n');
}

struct kp_proposed_rule *
kp_proposal_add_rule(struct kp_proposal *proposal, enum kp_proposed_kind kind,
    size_t file, struct kp_str key, const char *value, const char *why)
{
	struct kp_proposed_rule *rule;
	struct kp_buf name = { 0 };

	if (!kp_proposal_can_hold(key) ||
	    !kp_proposal_can_hold(kp_str_of(value))) {
		kp_proposal_note(proposal, "%s: no rule file can hold its path",
		    why);
		return NULL;
	}
	if (!kp_array_grow((void **)&proposal->rules, &proposal->rules_cap,
	        proposal->nrules + 1, sizeof(*proposal->rules))) {
		proposal->failed = true;
		return NULL;
	}
	if (file != KP_PROPOSAL_NO_FILE && proposal->files[file].name != NULL)
		kp_buf_add_format(&name, "%s-", proposal->files[file].name);
	kp_buf_add(&name, key);
	rule = &proposal->rules[proposal->nrules];
	*rule = (struct kp_proposed_rule){
		.kind = kind,
		.file = file,
		.key = strndup(key.ptr, key.len),
		.value = strdup(value),
		.why = strdup(why),
	};
	rule->name = make_name(proposal, kp_buf_view(&name), false);
	proposal->nrules++;
	if (rule->key == NULL || rule->value == NULL || rule->why == NULL)
		proposal->failed = true;
	kp_buf_wipe(&name);
	return rule;
}

/* --- the text --- */

/* "# Secrets:   a, b, c", wrapped. */
static void
print_names(struct kp_buf *out, const char *title, const struct kp_list *names)
{
	size_t column, i;

	if (names->count == 0)
		return;
	kp_buf_add_format(out, "# %-10s", title);
	column = 12;
	for (i = 0; i < names->count; i++) {
		size_t len = strlen(names->items[i]) + 1;

		if (i > 0 && column + len + 1 > HEAD_WIDTH) {
			kp_buf_add_text(out, "\n#           ");
			column = 12;
		}
		kp_buf_add_char(out, ' ');
		add_comment(out, names->items[i]);
		kp_buf_add_text(out, i + 1 < names->count ? "," : "\n");
		column += len + 1;
	}
}

static void
print_lines(struct kp_buf *out, const char *title, const struct kp_list *lines)
{
	size_t i;

	if (lines->count > 0)
		kp_buf_add_format(out, "#\n# %s\n#\n", title);
	for (i = 0; i < lines->count; i++) {
		kp_buf_add_text(out, "#     ");
		add_comment(out, lines->items[i]);
		kp_buf_add_char(out, '\n');
	}
}

static void
print_head(const struct kp_proposal *proposal, const struct kp_list *inputs,
    struct kp_buf *out)
{
	kp_buf_add_text(out,
	    "# Proposed by keyplate init.  Take away what is not wanted, then "
	    "try it:\n"
	    "#\n"
	    "#     keyplate check ");
	if (proposal->root != NULL) {
		kp_buf_add_text(out, "--root ");
		add_comment(out, proposal->root);
		kp_buf_add_char(out, ' ');
	}
	kp_buf_add_text(out,
	    "-c THIS-FILE -s DIRECTORY-OF-SECRETS\n"
	    "#\n");
	print_names(out, "Read:", inputs);
	print_names(out, "Secrets:", &proposal->secrets);
	print_names(out, "Variables:", &proposal->variables);
	if (proposal->secrets.count + proposal->variables.count == 0)
		kp_buf_add_text(out, "# Nothing here looks like a secret.\n");
	kp_buf_add_text(out,
	    "#\n"
	    "# In the Dockerfile:\n"
	    "#\n"
	    "#     COPY --chmod=0755 keyplate /usr/local/bin/\n"
	    "#     COPY keyplate.conf /etc/\n"
	    "#     ENTRYPOINT [\"keyplate\", \"run\", \"--\"]\n");
	kp_buf_add_text(out, "#     CMD [");
	add_comment(out, proposal->command == NULL ? "..." : proposal->command);
	kp_buf_add_text(out,
	    proposal->command == NULL ?
	        "]: what the image has for ENTRYPOINT and CMD now\n" :
	        "]\n");
	print_lines(out, "In the compose file:", &proposal->compose);
	print_lines(out, "Left to be done by hand:", &proposal->notes);
}

static void
print_options(const struct kp_proposal *proposal, struct kp_buf *out)
{
	size_t i;

	if (proposal->user == NULL && proposal->waits.count == 0)
		return;
	kp_buf_add_text(out, "\n[keyplate]\n");
	if (proposal->user != NULL)
		add_entry(out, "", "user", 4, proposal->user);
	if (proposal->waits.count == 0)
		return;
	kp_buf_add_text(out, "wait = ");
	for (i = 0; i < proposal->waits.count; i++)
		kp_buf_add_format(out, "%s%s", i == 0 ? "" : ", ",
		    proposal->waits.items[i]);
	kp_buf_add_char(out, '\n');
}

/* Is there a rule for a file that nobody has to decide about first? */
static bool
has_sure_rule(const struct kp_proposal *proposal, size_t file)
{
	size_t i;

	for (i = 0; i < proposal->nrules; i++) {
		if (proposal->rules[i].file == file &&
		    !proposal->rules[i].unsure)
			return true;
	}
	return false;
}

/* Does one of the rules for a file put a secret into it? */
static bool
gets_secret(const struct kp_proposal *proposal, size_t file)
{
	size_t i;

	for (i = 0; i < proposal->nrules; i++) {
		if (proposal->rules[i].file == file &&
		    strstr(proposal->rules[i].value, "${secret:") != NULL)
			return true;
	}
	return false;
}

/* A file without a rule is an error, unless it is made of a template. */
static void
print_file(const struct kp_proposal *proposal, size_t number,
    struct kp_buf *out)
{
	const struct kp_proposed_file *file = &proposal->files[number];
	bool idle = file->source == NULL && !has_sure_rule(proposal, number);
	const char *mark = file->unseen || idle ? "#" : "";

	kp_buf_add_char(out, '\n');
	if (file->unseen)
		kp_buf_add_text(out,
		    "# It could not be read: complete the keys of its "
		    "rules, then take the\n# \"#\" in front away.\n");
	kp_buf_add_format(out, "%s[file %s]\n", mark, file->name);
	if (file->source != NULL)
		add_entry(out, mark, "source", 6, file->source);
	add_entry(out, mark, "path", 6, file->path);
	if (file->format != NULL)
		add_entry(out, mark, "format", 6, file->format);
	if (file->syntax != NULL)
		add_entry(out, mark, "syntax", 6, file->syntax);
	if (file->only != NULL)
		add_entry(out, mark, "only", 6, file->only);
	if (file->owner != NULL)
		add_entry(out, mark, "owner", 6, file->owner);
	if (file->mode != NULL)
		add_entry(out, mark, "mode", 6, file->mode);
	else if (file->is_open && gets_secret(proposal, number))
		kp_buf_add_text(out,
		    "# Anybody may read it.  For its owner alone, where the "
		    "service runs as that:\n"
		    "#mode   = 0600\n");
	if (file->has_marks) {
		kp_buf_add_text(out,
		    "# ${...} in it is for the service: no name is keyplate's\n");
		add_entry(out, mark, "only", 6, "NOTHING");
	}
}

static void
print_rule(const struct kp_proposal *proposal,
    const struct kp_proposed_rule *rule, struct kp_buf *out)
{
	static const char *const kinds[] = { "set", "match", "export" };
	static const char *const keys[] = { "key", "pattern", "name" };
	const struct kp_proposed_file *file =
	    rule->file == KP_PROPOSAL_NO_FILE ? NULL :
	                                        &proposal->files[rule->file];
	const char *mark =
	    rule->unsure || (file != NULL && file->unseen) ? "#" : "";
	int width = rule->optional          ? 8 :
	    rule->kind == KP_PROPOSED_MATCH ? 7 :
	                                      5;

	kp_buf_add_text(out, "\n# ");
	add_comment(out, rule->why);
	kp_buf_add_format(out, "\n%s[%s %s]\n", mark, kinds[rule->kind],
	    rule->name);
	if (file != NULL)
		add_entry(out, mark, "file", width, file->name);
	add_entry(out, mark, keys[rule->kind], width, rule->key);
	add_entry(out, mark, "value", width, rule->value);
	if (rule->optional)
		add_entry(out, mark, "optional", width, "yes");
}

void
kp_proposal_print(const struct kp_proposal *proposal,
    const struct kp_list *inputs, struct kp_buf *out)
{
	size_t i, j;

	print_head(proposal, inputs, out);
	print_options(proposal, out);
	for (i = 0; i < proposal->nfiles; i++) {
		print_file(proposal, i, out);
		for (j = 0; j < proposal->nrules; j++) {
			if (proposal->rules[j].file == i)
				print_rule(proposal, &proposal->rules[j], out);
		}
	}
	for (j = 0; j < proposal->nrules; j++) {
		if (proposal->rules[j].file == KP_PROPOSAL_NO_FILE)
			print_rule(proposal, &proposal->rules[j], out);
	}
}

void
kp_proposal_free(struct kp_proposal *proposal)
{
	size_t i;

	for (i = 0; i < proposal->nfiles; i++) {
		free(proposal->files[i].name);
		free(proposal->files[i].path);
		free(proposal->files[i].source);
		free(proposal->files[i].only);
		free(proposal->files[i].mode);
		free(proposal->files[i].owner);
	}
	for (i = 0; i < proposal->nrules; i++) {
		free(proposal->rules[i].key);
		free(proposal->rules[i].value);
		free(proposal->rules[i].why);
		free(proposal->rules[i].name);
	}
	free(proposal->files);
	free(proposal->rules);
	free(proposal->user);
	free(proposal->command);
	kp_list_free(&proposal->secrets);
	kp_list_free(&proposal->variables);
	kp_list_free(&proposal->waits);
	kp_list_free(&proposal->notes);
	kp_list_free(&proposal->compose);
	*proposal = (struct kp_proposal){ 0 };
}
