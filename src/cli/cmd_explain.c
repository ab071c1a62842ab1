/* SPDX-License-Identifier: MIT */
/*
 * cmd_explain - a table of every slot and exported variable: where it is
 * written, what it goes into, where its value comes from; never a value.
 */
#include "cli/commands.h"
#include "cli/paint.h"
#include "cli/work.h"
#include "base/list.h"
#include "core/filter.h"
#include "core/rulevalue.h"
#include "io/file.h"

#include <string.h>
#include <unistd.h>

#define COLUMNS 7
#define GAP 2

/* A table of text; columns are as wide as their widest cell. */
struct table {
	struct kp_list cells; /* owned; row by row */
	size_t widths[COLUMNS];
	bool json;
	bool failed;
};

static void
add_cell(struct table *table, const struct kp_buf *cell)
{
	size_t column = table->cells.count % COLUMNS;
	const char *text = cell->len == 0 ? "-" : cell->data;

	struct kp_buf shown = { 0 };
	size_t width;

	/* A key of the file may hold anything; JSON has escapes of its own. */
	if (table->json)
		kp_buf_add_text(&shown, text);
	else
		kp_paint_add_escaped(&shown, kp_str_of(text));
	width = kp_paint_width(kp_buf_view(&shown));
	if (!kp_buf_ok(cell) || !kp_buf_ok(&shown) || shown.len == 0 ||
	    !kp_list_add(&table->cells, shown.data))
		table->failed = true;
	if (width > table->widths[column])
		table->widths[column] = width;
	kp_buf_wipe(&shown);
}

static void
add_text_cell(struct table *table, const char *text)
{
	struct kp_buf cell = { 0 };

	kp_buf_add_text(&cell, text);
	add_cell(table, &cell);
	kp_buf_wipe(&cell);
}

static void
add_place(struct table *table, const struct kp_use *use)
{
	const struct kp_source *src = use->src;
	size_t offset = kp_source_origin(&src, use->offset);
	struct kp_place place = kp_source_place(src, offset);
	struct kp_buf cell = { 0 };

	kp_buf_add_format(&cell, "%s:%u:%u", src->name, place.line,
	    place.column);
	add_cell(table, &cell);
	kp_buf_wipe(&cell);
}

/* The placeholders of a use: its own, or those of a rule's value. */
static const struct kp_placeholder *
next_placeholder(const struct kp_use *use, size_t *i)
{
	if (use->placeholder != NULL)
		return (*i)++ == 0 ? use->placeholder : NULL;
	while (use->value != NULL && *i < use->value->count) {
		const struct kp_part *part = &use->value->parts[(*i)++];

		if (part->placeholder != NULL)
			return part->placeholder;
	}
	return NULL;
}

/* What has the name of a value as well: it would be that one otherwise. */
static void
add_shadowed(struct kp_buf *cell, const struct kp_work *work,
    const struct kp_entry *entry)
{
	struct kp_buf shadowed = { 0 };

	if (entry->found == KP_FOUND && entry->from == KP_SECRET)
		kp_secrets_shadowed(&work->secrets, kp_str_of(entry->name),
		    &shadowed);
	if (shadowed.len > 0 && entry->shadowed[0] != '\0')
		kp_buf_add_text(&shadowed, ", ");
	kp_buf_add_text(&shadowed, entry->shadowed);
	if (shadowed.len > 0)
		kp_buf_add_format(cell, " (shadows %s)", shadowed.data);
	kp_buf_wipe(&shadowed);
}

/* "secret:db_pass", with what has the name as well. */
static void
add_sources(struct table *table, const struct kp_use *use, struct kp_work *work)
{
	const struct kp_placeholder *placeholder;
	struct kp_buf cell = { 0 };
	size_t i = 0;

	while ((placeholder = next_placeholder(use, &i)) != NULL) {
		const struct kp_entry *entry = kp_values_get(&work->values,
		    placeholder->origin, placeholder->name);

		if (entry == NULL)
			continue;
		if (cell.len > 0)
			kp_buf_add_char(&cell, ' ');
		kp_buf_add_format(&cell, "%s%s",
		    kp_origin_prefix(entry->found == KP_FOUND ?
		            entry->from :
		            placeholder->origin),
		    entry->name);
		add_shadowed(&cell, work, entry);
	}
	add_cell(table, &cell);
	kp_buf_wipe(&cell);
}

static void
add_filters(struct table *table, const struct kp_use *use)
{
	const struct kp_placeholder *placeholder;
	struct kp_buf cell = { 0 };
	size_t i = 0, j;

	while ((placeholder = next_placeholder(use, &i)) != NULL) {
		for (j = 0; j < placeholder->nfilters; j++) {
			const struct kp_filter_use *filter =
			    &placeholder->filters[j];

			kp_buf_add_format(&cell, "|%s", filter->filter->name);
			if (filter->argument.len > 0)
				kp_buf_add_format(&cell, "(%.*s)",
				    (int)filter->argument.len,
				    filter->argument.ptr);
		}
	}
	add_cell(table, &cell);
	kp_buf_wipe(&cell);
}

/* Do all names behind the use have a value, or an operator that helps? */
static bool
resolves(const struct kp_use *use, struct kp_values *values)
{
	const struct kp_placeholder *placeholder;
	size_t i = 0;

	while ((placeholder = next_placeholder(use, &i)) != NULL) {
		const struct kp_entry *entry = kp_values_get(values,
		    placeholder->origin, placeholder->name);

		if (entry == NULL || entry->found == KP_BROKEN)
			return false;
		if (entry->found == KP_ABSENT &&
		    (placeholder->op == KP_NO_OPERATOR ||
		        placeholder->op == KP_REQUIRE))
			return false;
	}
	return true;
}

static const char *
describe_state(const struct kp_use *use, struct kp_values *values)
{
	if (use->fate == KP_COMMENTED)
		return "in a comment";
	if (!resolves(use, values))
		return "missing";
	switch (use->fate) {
	case KP_SPLICED:
		return "inserted as text";
	case KP_REFUSED:
		return "refused";
	default:
		return "resolves";
	}
}

static void
add_state(struct table *table, const struct kp_use *use,
    struct kp_values *values)
{
	struct kp_buf cell = { 0 };

	if (use->fate == KP_REPLACED)
		kp_buf_add_format(&cell, "replaced by \"%s\"", use->rule);
	else
		kp_buf_add_text(&cell, describe_state(use, values));
	add_cell(table, &cell);
	kp_buf_wipe(&cell);
}

static void
add_use_row(struct table *table, const struct kp_output *output,
    const struct kp_use *use, struct kp_work *work)
{
	static const struct kp_buf unknown = { 0 };

	add_place(table, use);
	add_cell(table, use->path == NULL ? &unknown : use->path);
	add_sources(table, use, work);
	add_text_cell(table, output->format->name);
	add_text_cell(table, kp_style_name(use->style));
	add_filters(table, use);
	add_state(table, use, &work->values);
}

/* An exported variable is a use of its rule's value. */
static struct kp_use
export_use(const struct kp_export_rule *rule, const struct kp_rule_value *value)
{
	return (struct kp_use){
		.src = rule->value_written.src,
		.offset = (uint32_t)rule->value_written.offset,
		.value = &value->template,
	};
}

static bool
add_export_row(struct table *table, const struct kp_export_rule *rule,
    struct kp_work *work, struct kp_diags *diags)
{
	struct kp_rule_value value;
	bool good = kp_rule_value_parse(&value, rule->value,
	    &rule->value_written, diags);

	if (good) {
		struct kp_use use = export_use(rule, &value);

		add_place(table, &use);
		add_text_cell(table, rule->variable);
		add_sources(table, &use, work);
		add_text_cell(table, "environment");
		add_text_cell(table, "");
		add_filters(table, &use);
		add_state(table, &use, &work->values);
	}
	kp_rule_value_free(&value);
	return good;
}

static void
add_header(struct table *table)
{
	static const char *const names[COLUMNS] = { "PLACE", "PATH", "SOURCE",
		"FORMAT", "STYLE", "FILTERS", "STATE" };
	size_t i;

	for (i = 0; i < COLUMNS; i++)
		add_text_cell(table, names[i]);
}

/* What a cell looks like: the header, where a value goes, how it is. */
static const char *
paint_of(size_t number, const char *text)
{
	size_t column = number % COLUMNS;

	if (number < COLUMNS)
		return KP_PAINT_BOLD;
	if (column == 0)
		return KP_PAINT_PLACE;
	if (column != COLUMNS - 1)
		return "";
	if (strcmp(text, "missing") == 0 || strcmp(text, "refused") == 0)
		return KP_PAINT_ERROR;
	return strcmp(text, "resolves") == 0 ? KP_PAINT_GOOD : KP_PAINT_WARNING;
}

static void
print_table(const struct table *table, bool color, struct kp_buf *out)
{
	size_t i;

	for (i = 0; i < table->cells.count; i++) {
		size_t column = i % COLUMNS;
		const char *text = table->cells.items[i];
		size_t width = kp_paint_width(kp_str_of(text));

		kp_paint_add(out, color, paint_of(i, text));
		kp_buf_add_text(out, text);
		kp_paint_add(out, color, KP_PAINT_PLAIN);
		if (column == COLUMNS - 1)
			kp_buf_add_char(out, '\n');
		else
			kp_buf_add_format(out, "%*s",
			    (int)(table->widths[column] + GAP - width), "");
	}
}

/* "a.yml:1:4" as members of their own; the name may hold colons, too. */
static void
print_json_place(const char *place, struct kp_buf *out)
{
	const char *column = strrchr(place, ':'), *line = column;

	while (line > place && *--line != ':')
		;
	kp_buf_add_text(out, "{\"file\":");
	kp_paint_add_json(out, kp_str_make(place, (size_t)(line - place)));
	kp_buf_add_format(out, ",\"line\":%.*s,\"column\":%s",
	    (int)(column - line - 1), line + 1, column + 1);
}

/* One object a row, members that are not there left out. */
static void
print_json(const struct table *table, struct kp_buf *out)
{
	static const char *const names[COLUMNS] = { "place", "path", "source",
		"format", "style", "filters", "state" };
	size_t i;

	for (i = COLUMNS; i < table->cells.count; i++) {
		size_t column = i % COLUMNS;
		const char *text = table->cells.items[i];

		if (column == 0) {
			print_json_place(text, out);
		} else if (strcmp(text, "-") != 0) {
			kp_buf_add_format(out, ",\"%s\":", names[column]);
			kp_paint_add_json(out, kp_str_of(text));
		}
		if (column == COLUMNS - 1)
			kp_buf_add_text(out, "}\n");
	}
}

static bool
explain_uses(struct kp_work *work, struct kp_buf *out, struct kp_diags *diags)
{
	struct table table = {
		.json = work->options->log_format == KP_LOG_JSON,
	};
	bool good = true;
	size_t i, j;

	add_header(&table);
	for (i = 0; i < work->noutputs; i++) {
		const struct kp_output *output = &work->outputs[i];

		for (j = 0; j < output->rendering.nuses; j++)
			add_use_row(&table, output, &output->rendering.uses[j],
			    work);
	}
	for (i = 0; i < work->plan.nexports; i++)
		good = add_export_row(&table, &work->plan.exports[i], work,
		           diags) &&
		    good;
	if (table.failed)
		good = kp_diag_nomem(diags);
	else if (table.json)
		print_json(&table, out);
	else
		print_table(&table,
		    kp_paint_wanted(work->options, STDOUT_FILENO), out);
	kp_list_free(&table.cells);
	return good;
}

/* The names of one use that are not in the list yet, and print them. */
static bool
list_use(const struct kp_use *use, struct kp_list *names, struct kp_buf *out)
{
	const struct kp_placeholder *placeholder;
	bool good = true;
	size_t i = 0;

	while ((placeholder = next_placeholder(use, &i)) != NULL) {
		struct kp_buf name = { 0 };

		kp_buf_add(&name, placeholder->name);
		if (!kp_buf_ok(&name)) {
			good = false;
		} else if (!kp_list_has(names, name.data)) {
			kp_buf_add_format(out, "%s\n", name.data);
			good = kp_list_add(names, name.data) && good;
		}
		kp_buf_wipe(&name);
	}
	return good;
}

static bool
list_export(const struct kp_export_rule *rule, struct kp_list *names,
    struct kp_buf *out, struct kp_diags *diags)
{
	struct kp_rule_value value;
	bool good = kp_rule_value_parse(&value, rule->value,
	    &rule->value_written, diags);

	if (good) {
		struct kp_use use = export_use(rule, &value);

		good = list_use(&use, names, out) || kp_diag_nomem(diags);
	}
	kp_rule_value_free(&value);
	return good;
}

/* Each name once, in the order of the first use. */
static bool
list_names(const struct kp_work *work, struct kp_buf *out,
    struct kp_diags *diags)
{
	struct kp_list names = { 0 };
	bool good = true;
	size_t i, j;

	for (i = 0; i < work->noutputs; i++) {
		const struct kp_rendering *rendering =
		    &work->outputs[i].rendering;

		for (j = 0; j < rendering->nuses; j++) {
			const struct kp_use *use = &rendering->uses[j];

			if (use->fate != KP_COMMENTED &&
			    !list_use(use, &names, out))
				good = kp_diag_nomem(diags);
		}
	}
	for (i = 0; i < work->plan.nexports; i++)
		good =
		    list_export(&work->plan.exports[i], &names, out, diags) &&
		    good;
	kp_list_free(&names);
	return good;
}

/*
 * What does not resolve or cannot be encoded is told by the table; what
 * keeps a text from being read at all is an error.
 */
static bool
is_readable(const struct kp_work *work)
{
	size_t i;

	for (i = 0; i < work->noutputs; i++) {
		const struct kp_output *output = &work->outputs[i];

		if (output->skipped)
			continue;
		if (!output->opened ||
		    (output->rendering.bytes.len == 0 &&
		        output->rendering.nuses == 0 &&
		        output->template.len > 0))
			return false;
	}
	return work->noutputs == work->inputs.count;
}

int
kp_cmd_explain(struct kp_options *options, char **envp, struct kp_diags *diags)
{
	struct kp_diags shown = { 0 };
	struct kp_work work;
	struct kp_buf out = { 0 };
	bool done;
	int status;

	done = kp_work_open(&work, options, envp, diags) &&
	    kp_work_has_inputs(&work, diags);
	if (done && !kp_work_render(&work, &shown))
		done = is_readable(&work);
	if (!done && diags->errors == 0) {
		kp_diags_free(diags);
		*diags = shown;
		shown = (struct kp_diags){ 0 };
	}
	if (done) {
		done = options->names ? list_names(&work, &out, diags) :
		                        explain_uses(&work, &out, diags);
		if (!kp_buf_ok(&out))
			done = kp_diag_nomem(diags);
	}
	if (done && !kp_file_write(STDOUT_FILENO, kp_buf_view(&out)))
		done =
		    kp_diag_sys(diags, NULL, "cannot write to standard output");
	kp_buf_wipe(&out);
	kp_diags_free(&shown);
	status = kp_work_status(&work, done, diags);
	kp_work_wipe(&work);
	return status;
}
