/* SPDX-License-Identifier: MIT */
/*
 * fuzz_rulefile - rule files, raw and as a plan.
 *
 * What is refused has a place.  A file that is good, written anew from what
 * was read of it, says the same; iniparser reads it as it is read here.
 */
#include "cli/options.h"
#include "io/config.h"
#include "io/file.h"
#include "io/rulefile.h"

#include <sys/mman.h>
#include <unistd.h>

#include "fuzz.h"

/* A line that quotes make longer may be refused. */
#define LONG_LINE 900

static void
check_places(const struct kp_diags *diags)
{
	size_t i;

	for (i = 0; i < diags->count; i++)
		require(diags->list[i].place.line > 0, "a problem has a place");
}

static bool
is_within(struct kp_str view, struct kp_str text)
{
	return view.ptr >= text.ptr &&
	    view.ptr + view.len <= text.ptr + text.len;
}

static void
check_views(const struct kp_rulefile *file, struct kp_str text)
{
	size_t i;

	for (i = 0; i < file->nsections; i++) {
		const struct kp_rule_section *section = &file->sections[i];

		require(is_within(section->header, text),
		    "a header is in the file");
		require(section->first + section->count <= file->nentries,
		    "a section has its entries");
	}
	for (i = 0; i < file->nentries; i++) {
		require(is_within(file->entries[i].key, text) &&
		        is_within(file->entries[i].value, text),
		    "an entry is in the file");
		require(file->entries[i].section < file->nsections,
		    "an entry is in a section");
	}
}

/* In quotes where that is possible: a value that has both was bare. */
static void
write_value(struct kp_str value, struct kp_buf *out)
{
	const char *quote = "";

	if (!kp_str_has_any(value, "\"\\"))
		quote = "\"";
	else if (!kp_str_has_any(value, "'\\"))
		quote = "'";
	kp_buf_add_text(out, quote);
	kp_buf_add(out, value);
	kp_buf_add_text(out, quote);
}

static void
write_file(const struct kp_rulefile *file, struct kp_buf *out)
{
	size_t i, j;

	for (i = 0; i < file->nsections; i++) {
		const struct kp_rule_section *section = &file->sections[i];

		kp_buf_add_char(out, '[');
		kp_buf_add(out, section->header);
		kp_buf_add_text(out, "]\n");
		for (j = 0; j < section->count; j++) {
			const struct kp_rule_entry *entry =
			    &file->entries[section->first + j];

			kp_buf_add(out, entry->key);
			kp_buf_add_text(out, " = ");
			write_value(entry->value, out);
			kp_buf_add_char(out, '\n');
		}
	}
}

static bool
is_same(const struct kp_rulefile *a, const struct kp_rulefile *b)
{
	bool same = a->nsections == b->nsections && a->nentries == b->nentries;
	size_t i;

	for (i = 0; same && i < a->nsections; i++)
		same = a->sections[i].kind == b->sections[i].kind &&
		    a->sections[i].count == b->sections[i].count &&
		    kp_str_eq(a->sections[i].header, b->sections[i].header) &&
		    kp_str_eq(a->sections[i].name, b->sections[i].name);
	for (i = 0; same && i < a->nentries; i++)
		same = a->entries[i].section == b->entries[i].section &&
		    kp_str_eq(a->entries[i].key, b->entries[i].key) &&
		    kp_str_eq(a->entries[i].value, b->entries[i].value);
	return same;
}

static void
check_written(const struct kp_rulefile *file)
{
	struct kp_buf text = { 0 };
	struct kp_source src = { .name = "written" };
	struct kp_diags diags = { 0 };
	struct kp_rulefile again;

	write_file(file, &text);
	src.text = kp_buf_view(&text);
	require(kp_rulefile_parse(&again, &src, &diags),
	    "what is written is read");
	require(is_same(file, &again), "what is written says the same");
	kp_rulefile_free(&again);
	kp_diags_free(&diags);
	kp_buf_wipe(&text);
}

static bool
has_long_line(struct kp_str text)
{
	struct kp_str line;

	while (kp_str_next_line(&text, &line)) {
		if (line.len > LONG_LINE)
			return true;
	}
	return false;
}

/* Raw; true where it is good. */
static bool
check_lines(struct kp_str text)
{
	const struct kp_source src = { .name = "rules", .text = text };
	struct kp_diags diags = { 0 };
	struct kp_rulefile file;
	bool done = kp_rulefile_parse(&file, &src, &diags);

	require(done == (diags.errors == 0), "what is refused has a reason");
	check_places(&diags);
	if (done) {
		check_views(&file, text);
		if (!has_long_line(text))
			check_written(&file);
	}
	kp_rulefile_free(&file);
	kp_diags_free(&diags);
	return done;
}

static bool
set_option(void *ctx, struct kp_str name, struct kp_str value,
    const struct kp_source *src, size_t offset, struct kp_diags *diags)
{
	return kp_options_from_rule(ctx, name, value, src, offset, diags);
}

/* The path of a file with this text: one in memory, the same for all. */
static const char *
put_file(struct kp_str text)
{
	static char path[40];
	static int fd = -1;

	if (fd == -1) {
		fd = memfd_create("rules", MFD_CLOEXEC);
		snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	}
	require(fd != -1 && ftruncate(fd, 0) == 0 &&
	        kp_file_write_at(fd, text, 0),
	    "a file is made");
	return path;
}

static void
check_plan(struct kp_str text, bool good)
{
	struct kp_diags diags = { 0 };
	struct kp_plan plan = { 0 };
	struct kp_list paths = { 0 };
	struct kp_options options;
	const struct kp_config_options setter = { &options, set_option };
	bool done;

	kp_options_init(&options);
	require(kp_list_add(&paths, put_file(text)), "there is memory");
	done = kp_config_load(&plan, &paths, &setter, &diags);
	require(done == (diags.errors == 0), "what is refused has a reason");
	require(good || !done, "what the lines refuse is no plan");
	if (done)
		require(kp_plan_check(&plan, &diags) == (diags.errors == 0),
		    "a rule without a target has a reason");
	check_places(&diags);
	kp_options_free(&options);
	kp_plan_free(&plan);
	kp_list_free(&paths);
	kp_diags_free(&diags);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct parts parts;

	parts_cut(&parts, kp_str_make((const char *)data, size), 1);
	check_plan(parts.list[0], check_lines(parts.list[0]));
	parts_free(&parts);
	return 0;
}
