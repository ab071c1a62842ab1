/* SPDX-License-Identifier: MIT */
/*
 * place - the second step: the woven text is scanned, and each set and each
 * sentinel finds the scalar it stands in.
 *
 * A set on a key that is there aims at its scalar.  One on a key that is not
 * changes the text first: a line with a sentinel, where the format says.
 */
#include "core/stage.h"

#include "base/array.h"
#include "base/list.h"
#include "base/near.h"
#include "core/filter.h"
#include "format/line.h"
#include "format/path.h"

#include <stdlib.h>
#include <string.h>

/* --- sets --- */

/* An optional rule whose value does not resolve is passed over. */
static enum kp_missing
missing_of(const struct kp_stage *stage, const struct kp_set_rule *rule)
{
	if (rule->optional)
		return KP_MISSING_SKIPS;
	return stage->job->allow_missing ? KP_MISSING_STAYS : KP_MISSING_FAILS;
}

/* Where a rule says which key it is about. */
static const struct kp_written *
key_place(const struct kp_set_rule *rule)
{
	return rule->key_written.src != NULL ? &rule->key_written :
	                                       &rule->written;
}

static bool
fail_set(struct kp_stage *stage, const struct kp_set_rule *rule,
    const char *what)
{
	const struct kp_written *at = key_place(rule);

	return kp_diag_at(stage->diags, at->src, at->offset, at->len,
	    "%s in %s %s", rule->key, stage->job->src->name, what);
}

/* The rule cannot be followed: what it wants, and why not. */
static bool
fail_refused(struct kp_stage *stage, const struct kp_set_rule *rule,
    const char *verb, const char *preposition, const struct kp_refusal *why)
{
	const struct kp_written *at = key_place(rule);

	kp_diag_at(stage->diags, at->src, at->offset, at->len,
	    "cannot %s %s %s %s: %s", verb, rule->key, preposition,
	    stage->job->src->name, why->text);
	return why->hint[0] == '\0' ?
	    false :
	    kp_diag_hint(stage->diags, "%s", why->hint);
}

/* So many walks over all scalars cost less than an index of them. */
#define FEW_FINDS 8

/*
 * How many scalars have this path; *item is the last.  A text that a rule
 * adds keys to is scanned again each time, and then looked at once or twice:
 * it is numbered where the path has a number, and indexed where many follow.
 */
static bool
find_path(struct kp_stage *stage, struct kp_str path, size_t *hits,
    size_t *item)
{
	bool many = ++stage->finds > FEW_FINDS;

	if ((many || kp_str_find(path, '[') != KP_NPOS) &&
	    !kp_stage_number(stage))
		return false;
	if (many && stage->scan.index == NULL &&
	    !kp_scan_index(&stage->scan, stage->diags))
		return false;
	*hits = kp_scan_find(&stage->scan, path, item);
	return true;
}

/* So many places of a repeated key are named. */
#define PLACES_SHOWN 4

/* The lines of some scalars, and the paths that tell them apart. */
struct places {
	struct kp_buf lines, paths; /* owned */
	bool exact;                 /* each path is of one scalar */
	bool parts;                 /* all are of one key */
};

static void
add_place(const struct kp_scan *scan, size_t number, struct places *places)
{
	const struct kp_item *item = &scan->items[number];
	const struct kp_source *src = scan->src;
	size_t offset = kp_source_origin(&src, item->start), found;
	const char *comma = places->lines.len == 0 ? "" : ", ";
	struct kp_buf path = { 0 };

	kp_scan_exact_path(scan, item, &path);
	kp_buf_add_format(&places->lines, "%s%u", comma,
	    kp_source_place(src, offset).line);
	kp_buf_add_text(&places->paths, comma);
	kp_buf_add(&places->paths, kp_buf_view(&path));
	if (kp_scan_find(scan, kp_buf_view(&path), &found) != 1)
		places->exact = false;
	kp_buf_wipe(&path);
}

static void
report_repeated(struct kp_stage *stage, const struct kp_set_rule *rule,
    const struct places *places, size_t count)
{
	const struct kp_written *at = key_place(rule);
	const char *more = count > PLACES_SHOWN ? ", ..." : "";

	kp_diag_at(stage->diags, at->src, at->offset, at->len,
	    places->parts ? "%s in %s is one value in %zu parts: lines %s%s" :
	                    "%s stands in %s %zu times: lines %s%s",
	    rule->key, stage->job->src->name, count, places->lines.data, more);
	if (places->parts)
		kp_diag_hint(stage->diags,
		    "take out what parts them, such as a comment, or use a "
		    "[match] that picks one");
	else if (places->exact)
		kp_diag_hint(stage->diags, "say which: %s%s",
		    places->paths.data, more);
	else
		kp_diag_hint(stage->diags,
		    "leave one of them, or use a [match] that picks one");
}

static bool
fail_repeated(struct kp_stage *stage, const struct kp_set_rule *rule)
{
	size_t list[PLACES_SHOWN], count, i;
	const struct kp_item *items = stage->scan.items;
	struct places places = { .exact = true, .parts = true };

	if (!kp_stage_number(stage))
		return false;
	count = kp_scan_find_all(&stage->scan, kp_str_of(rule->key), list,
	    PLACES_SHOWN);
	for (i = 0; i < count && i < PLACES_SHOWN; i++) {
		add_place(&stage->scan, list[i], &places);
		places.parts = places.parts &&
		    items[list[i]].parent == items[list[0]].parent;
	}
	if (kp_buf_ok(&places.lines) && kp_buf_ok(&places.paths))
		report_repeated(stage, rule, &places, count);
	else
		kp_diag_nomem(stage->diags);
	kp_buf_wipe(&places.lines);
	kp_buf_wipe(&places.paths);
	return false;
}

/* The items of a scan, and what is put into its text next. */
struct items_before {
	struct kp_item *items; /* owned; of their values the length counts */
	size_t count;
	size_t offset, len; /* where it is put in, and so many bytes of it */
};

/* Is it the old item, moved by what was put in before or into it? */
static bool
is_same_item(const struct items_before *before, const struct kp_item *old,
    const struct kp_item *item)
{
	size_t moved = item->start - old->start, grown = item->end - old->end;

	if (item->kind != old->kind || item->style != old->style ||
	    item->type != old->type || item->value.len != old->value.len)
		return false;
	if (moved == 0)
		return old->start <= before->offset &&
		    (grown == 0 ||
		        (grown == before->len && old->end > before->offset));
	return old->start >= before->offset && moved == before->len &&
	    grown == before->len;
}

/* Is what is written there nothing but blanks? */
static bool
is_blank(const struct items_before *before, const struct kp_item *old,
    struct kp_str now)
{
	size_t cut = before->offset;

	if (cut < old->start)
		cut = old->start;
	if (cut > old->end)
		cut = old->end;
	return kp_str_trim(kp_str_slice(now, old->start, cut)).len == 0 &&
	    kp_str_trim(
	        kp_str_slice(now, cut + before->len, old->end + before->len))
	        .len == 0;
}

/* Blanks are no value any more where a key was put between them. */
static bool
became_layout(const struct items_before *before, const struct kp_item *old,
    const struct kp_scan *now)
{
	size_t i;

	if (old->kind != KP_SCALAR || old->parent == KP_NO_PARENT ||
	    before->items[old->parent].start >= before->offset ||
	    !is_blank(before, old, now->src->text))
		return false;
	for (i = 0; i < now->count; i++) {
		if (now->items[i].kind == KP_SCALAR &&
		    now->items[i].parent == old->parent)
			return false;
	}
	return true;
}

/*
 * Every item that there was is there still, but for a null that a key took,
 * and for blanks around it.
 */
static bool
keeps_items(const struct items_before *before, const struct kp_scan *now)
{
	size_t i, j = 0, at;

	for (i = 0; i < before->count; i++) {
		const struct kp_item *old = &before->items[i];

		if (old->kind == KP_SCALAR && old->type == KP_NULL)
			continue;
		for (at = j; at < now->count; at++) {
			if (is_same_item(before, old, &now->items[at]))
				break;
		}
		if (at < now->count)
			j = at + 1;
		else if (!became_layout(before, old, now))
			return false;
	}
	return true;
}

/* Scan the text with the key in it; the rest must be read as it was. */
static bool
scan_with_key(struct kp_stage *stage, const struct kp_set_rule *rule,
    size_t offset)
{
	struct items_before before = {
		.items = stage->scan.items,
		.count = stage->scan.count,
		.offset = offset,
	};
	size_t len = stage->weave.woven.text.len;
	bool good;

	/* The scan is made anew; what it had stays until it is compared. */
	stage->scan.items = NULL;
	stage->scan.cap = 0;
	good = kp_stage_scan(stage);
	before.len = stage->weave.woven.text.len - len;
	if (good && !keeps_items(&before, &stage->scan)) {
		good = fail_set(stage, rule,
		    "cannot be added: something else would be read otherwise");
		kp_diag_hint(stage->diags,
		    "end the file with a line ending, or write the key into "
		    "the template");
	}
	free(before.items);
	return good;
}

/* Names of this length and below are near to too many others. */
#define SHORT_NAME 4

/* "port" and "ports", "node1" and "node2" are names of two things. */
static bool
is_another_name(struct kp_str a, struct kp_str b)
{
	struct kp_str shorter = a.len < b.len ? a : b;

	if (kp_str_eq(shorter, kp_str_make(a.ptr, shorter.len)) &&
	    kp_str_eq(shorter, kp_str_make(b.ptr, shorter.len)))
		return true;
	while (a.len > 0 && kp_is_digit(a.ptr[a.len - 1]))
		a.len--;
	while (b.len > 0 && kp_is_digit(b.ptr[b.len - 1]))
		b.len--;
	return kp_str_eq(a, b);
}

/* The names that stand beside the key of a path. */
static bool
list_siblings(const struct kp_scan *scan, struct kp_str parent,
    struct kp_list *names)
{
	struct kp_buf path = { 0 }, name = { 0 };
	struct kp_str above, last;
	bool good = true;
	size_t i;

	for (i = 0; i < scan->count && good; i++) {
		if (scan->items[i].kind != KP_SCALAR)
			continue;
		kp_buf_cut(&path, 0);
		kp_buf_cut(&name, 0);
		kp_scan_path(scan, &scan->items[i], &path);
		kp_path_cut(kp_buf_view(&path), &above, &last);
		if (!kp_str_eq(above, parent))
			continue;
		kp_buf_add(&name, last);
		good = kp_buf_ok(&path) && kp_buf_ok(&name) && name.len > 0 &&
		    kp_list_add(names, name.data);
	}
	kp_buf_wipe(&path);
	kp_buf_wipe(&name);
	return good;
}

/* A key is added where there is one by nearly this name: a slip, maybe. */
static void
warn_of_slip(struct kp_stage *stage, const struct kp_set_rule *rule)
{
	struct kp_list names = { 0 };
	const struct kp_written *at = key_place(rule);
	struct kp_str parent, name;
	const char *near = NULL;

	kp_path_cut(kp_str_of(rule->key), &parent, &name);
	if (name.len > SHORT_NAME &&
	    list_siblings(&stage->scan, parent, &names))
		near = kp_near_listed(name, &names);
	if (near != NULL && !is_another_name(name, kp_str_of(near))) {
		kp_diag_warn_at(stage->diags, at->src, at->offset, at->len,
		    "%s is not in %s: it is added", rule->key,
		    stage->job->src->name);
		kp_diag_hint(stage->diags, "did you mean %.*s%s%s?",
		    (int)parent.len, parent.ptr, parent.len == 0 ? "" : ".",
		    near);
	}
	kp_list_free(&names);
}

/* Does the line above a new one have the key commented out? */
static bool
is_below_comment(const struct kp_stage *stage, size_t offset, struct kp_str key)
{
	struct kp_str text = stage->scan.src->text, parent, name, line;

	if (offset == 0)
		return false;
	line = kp_str_slice(text, kp_line_start(text, offset - 1), offset);
	kp_path_cut(key, &parent, &name);
	if (name.len > 2 && name.ptr[0] == '"')
		name = kp_str_slice(name, 1, name.len - 1);
	return kp_str_find_str(line, name) != KP_NPOS;
}

/* What is wrong with it is said with the numbers of keys. */
static bool
check_path(struct kp_stage *stage, struct kp_str path, struct kp_refusal *why)
{
	return kp_scan_check_path(&stage->scan, path, why) ||
	    (stage->scan.numbers == NULL && kp_stage_number(stage) &&
	        kp_scan_check_path(&stage->scan, path, why));
}

/* Is the key that was put in found, and nothing read beside its value? */
static bool
check_added(struct kp_stage *stage, const struct kp_set_rule *rule)
{
	size_t hits, item;

	if (!find_path(stage, kp_str_of(rule->key), &hits, &item))
		return false;
	if (hits != 1)
		return fail_set(stage, rule,
		    "cannot be added so that it would be found");
	return kp_scan_is_sentinel(stage->scan.items[item].value) ||
	    fail_set(stage, rule,
	        "cannot be added so that its value would be read alone");
}

/* A file's name told nothing better. */
static bool
fail_text(struct kp_stage *stage, const struct kp_set_rule *rule)
{
	fail_set(stage, rule, "cannot be found: text has no keys");
	return kp_diag_hint(stage->diags,
	    "say which format it is: --format NAME, or \"format\" in its "
	    "[file]");
}

/* Make the key's line, with a sentinel for the use. */
static bool
insert_key(struct kp_stage *stage, const struct kp_set_rule *rule, uint32_t use)
{
	const struct kp_format *format = stage->job->format;
	struct kp_refusal why = { { 0 }, { 0 } };
	struct kp_insertion where = { 0 };
	struct kp_str before, after;

	if (!check_path(stage, kp_str_of(rule->key), &why))
		return fail_refused(stage, rule, "find", "in", &why);
	if (format->verbatim)
		return fail_text(stage, rule);
	if (format->insert == NULL)
		return fail_set(stage, rule,
		    "does not exist, and this format cannot add keys");
	if (!format->insert(&stage->scan, kp_str_of(rule->key), &where, &why)) {
		kp_buf_wipe(&where.before);
		kp_buf_wipe(&where.after);
		return fail_refused(stage, rule, "add", "to", &why);
	}
	if (!kp_buf_ok(&where.before) || !kp_buf_ok(&where.after))
		stage->weave.failed = true;
	if (!is_below_comment(stage, where.offset, kp_str_of(rule->key)))
		warn_of_slip(stage, rule);
	before = kp_stage_keep(stage, &where.before);
	after = kp_stage_keep(stage, &where.after);
	kp_weave_insert(&stage->weave, where.offset, before, use, after);
	return scan_with_key(stage, rule, where.offset) &&
	    check_added(stage, rule);
}

/* |raw: the scalar as it stands becomes the value's bytes. */
static bool
replace_raw(struct kp_stage *stage, struct kp_use *use, size_t item)
{
	const struct kp_item *at = &stage->scan.items[item];

	use->fate = KP_SPLICED;
	kp_weave_replace(&stage->weave, at->start, at->end,
	    kp_buf_view(&use->result->bytes),
	    (uint32_t)(use - stage->out->uses));
	return kp_stage_scan(stage);
}

static bool
add_aim(struct kp_stage *stage, uint32_t use, const struct kp_set_rule *rule)
{
	if (!kp_array_room((void **)&stage->aims, &stage->aims_cap,
	        stage->naims + 1, sizeof(*stage->aims)))
		return kp_diag_nomem(stage->diags);
	stage->aims[stage->naims++] =
	    (struct kp_aim){ use, kp_str_of(rule->key) };
	return true;
}

static bool
apply_set(struct kp_stage *stage, const struct kp_set_rule *rule)
{
	const struct kp_written *written = &rule->value_written;
	struct kp_use *use;
	struct kp_buf *path;
	size_t hits, item = 0;
	uint32_t number;

	use = kp_stage_add_use(stage, KP_USE_SET, written->src, written->offset,
	    written->len);
	if (use == NULL)
		return false;
	number = (uint32_t)(use - stage->out->uses);
	use->rule = rule->name;
	use->value = kp_stage_parse_value(stage, rule->value, written);
	if (use->value == NULL)
		return false;
	switch (kp_stage_resolve(stage, use, missing_of(stage, rule))) {
	case KP_RESOLVED:
		break;
	case KP_UNRESOLVED:
		return true;
	case KP_FAILED:
		return false;
	}
	path = kp_use_make_path(use);
	if (path == NULL)
		return kp_diag_nomem(stage->diags);
	kp_buf_add_text(path, rule->key);
	if (!find_path(stage, kp_str_of(rule->key), &hits, &item))
		return false;
	switch (hits) {
	case 0:
		return insert_key(stage, rule, number);
	case 1:
		if (kp_template_has(use->value, KP_FX_RAW))
			return replace_raw(stage, use, item);
		return add_aim(stage, number, rule);
	default:
		return fail_repeated(stage, rule);
	}
}

static bool
apply_sets(struct kp_stage *stage)
{
	const struct kp_job *job = stage->job;
	bool good = true;
	size_t i;

	for (i = 0; job->target != NULL && i < job->plan->nsets; i++) {
		const struct kp_set_rule *rule = &job->plan->sets[i];

		if (rule->target != job->target)
			continue;
		good = apply_set(stage, rule) && good;
		/* A line that was put in made the text unreadable. */
		if (stage->scan.format == NULL)
			return false;
	}
	return good;
}

/* --- landings --- */

static struct kp_landing *
add_landing(struct kp_stage *stage, size_t item)
{
	struct kp_landing *landing;

	if (!kp_array_room((void **)&stage->landings, &stage->landings_cap,
	        stage->nlandings + 1, sizeof(*stage->landings))) {
		kp_diag_nomem(stage->diags);
		return NULL;
	}
	landing = &stage->landings[stage->nlandings++];
	*landing =
	    (struct kp_landing){ .item = (uint32_t)item, .set = KP_NO_USE };
	return landing;
}

/* What a sentinel's value cannot go into, in words. */
static const char *
describe_place(enum kp_kind kind)
{
	switch (kind) {
	case KP_KEY:
		return "a key";
	case KP_SECTION:
		return "the name of a section";
	case KP_SYNTAX:
		return "a word of the syntax";
	default:
		return "what is no value";
	}
}

static bool
fail_place(struct kp_stage *stage, const struct kp_sentinel *sentinel,
    const char *place)
{
	kp_stage_fail(stage, &stage->out->uses[sentinel->use],
	    "a value cannot stand in %s (%s)", place, stage->job->format->name);
	return kp_diag_hint(stage->diags,
	    "write that text itself, or insert it unencoded with |raw");
}

/* Sentinels up to the end of this item belong to it. */
static bool
land_in(struct kp_stage *stage, size_t number, size_t *next)
{
	const struct kp_item *item = &stage->scan.items[number];
	struct kp_landing *landing = NULL;
	bool good = true;

	for (; *next < stage->weave.nsentinels &&
	     stage->weave.sentinels[*next].at < item->end;
	     (*next)++) {
		const struct kp_sentinel *sentinel =
		    &stage->weave.sentinels[*next];

		if (sentinel->spliced)
			continue;
		if (sentinel->at < item->start) {
			good = fail_place(stage, sentinel, "this place");
			continue;
		}
		if (item->kind != KP_SCALAR && item->kind != KP_COMMENT) {
			good = fail_place(stage, sentinel,
			    describe_place(item->kind));
			continue;
		}
		if (landing == NULL) {
			landing = add_landing(stage, number);
			if (landing == NULL)
				return false;
			landing->first = (uint32_t)*next;
		}
		landing->nsentinels = (uint32_t)*next - landing->first + 1;
	}
	return good;
}

static bool
land_sentinels(struct kp_stage *stage)
{
	bool good = true;
	size_t i, next = 0;

	kp_array_expect((void **)&stage->landings, &stage->landings_cap,
	    stage->weave.nsentinels, sizeof(*stage->landings));
	for (i = 0; i < stage->scan.count; i++) {
		if (stage->scan.items[i].kind == KP_ELEMENT)
			continue;
		if (next == stage->weave.nsentinels)
			break;
		good = land_in(stage, i, &next) && good;
	}
	for (; next < stage->weave.nsentinels; next++) {
		if (!stage->weave.sentinels[next].spliced)
			good = fail_place(stage, &stage->weave.sentinels[next],
			    "this place");
	}
	return good;
}

/* The landing of this item, made where there is none, in order. */
static struct kp_landing *
landing_of(struct kp_stage *stage, size_t item)
{
	size_t at = 0, end = stage->nlandings;

	while (at < end) {
		size_t middle = at + (end - at) / 2;

		if (stage->landings[middle].item < item)
			at = middle + 1;
		else
			end = middle;
	}
	if (at < stage->nlandings && stage->landings[at].item == item)
		return &stage->landings[at];
	if (add_landing(stage, item) == NULL)
		return NULL;
	memmove(stage->landings + at + 1, stage->landings + at,
	    (stage->nlandings - 1 - at) * sizeof(*stage->landings));
	stage->landings[at] =
	    (struct kp_landing){ .item = (uint32_t)item, .set = KP_NO_USE };
	return &stage->landings[at];
}

static bool
land_aim(struct kp_stage *stage, const struct kp_aim *aim)
{
	struct kp_use *use = &stage->out->uses[aim->use];
	struct kp_landing *landing;
	size_t hits, item = 0;

	if (!find_path(stage, aim->path, &hits, &item))
		return false;
	if (hits != 1)
		return kp_stage_fail(stage, use,
		    "another rule changed what \"%s\" is about", use->rule);
	landing = landing_of(stage, item);
	if (landing == NULL)
		return false;
	if (landing->set != KP_NO_USE)
		return kp_stage_fail(stage, use, "two rules set \"%.*s\"",
		    (int)aim->path.len, aim->path.ptr);
	landing->set = aim->use;
	return true;
}

bool
kp_stage_place(struct kp_stage *stage)
{
	bool good;
	size_t i;

	if (!kp_stage_scan(stage))
		return false;
	good = apply_sets(stage);
	if (stage->scan.format == NULL)
		return false;
	good = land_sentinels(stage) && good;
	for (i = 0; i < stage->naims; i++)
		good = land_aim(stage, &stage->aims[i]) && good;
	return good;
}
