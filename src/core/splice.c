/* SPDX-License-Identifier: MIT */
/*
 * splice - the third step: each slot gets its value, encoded for its place,
 * and the new text is put together around them.
 *
 * A scalar is one value as a whole.  Of "http://kp0z:kp1z/" the decoded text
 * around the sentinels is the template's own and the rest comes from names;
 * the pieces go to the format together, which knows what its reader would
 * expand in them.
 */
#include "core/stage.h"

#include "base/array.h"
#include "core/filter.h"

#include <stdlib.h>

/* What is made of one value after the other; its room is kept. */
struct assembly {
	struct kp_change change; /* owned */
	struct kp_piece *pieces; /* owned: those of the value for the format */
	size_t pieces_cap;
	struct kp_refusal why;
	bool bad;
};

/* What was to be added to the value is in it, unless there is no memory. */
static void
note_added(struct kp_stage *stage, struct assembly *assembly, bool added)
{
	if (added || assembly->bad)
		return;
	kp_diag_nomem(stage->diags);
	assembly->bad = true;
}

/* A use's value; where it does not resolve and may stay, its own text. */
static void
add_use(struct kp_stage *stage, struct assembly *assembly, struct kp_use *use)
{
	enum kp_missing missing =
	    stage->job->allow_missing ? KP_MISSING_STAYS : KP_MISSING_FAILS;
	struct kp_result *value = &assembly->change.value;
	const struct kp_result before = *value;

	/* A rule's value is known since it found no key, and was put in. */
	if (use->result != NULL) {
		note_added(stage, assembly,
		    kp_result_append(value, use->result));
		return;
	}
	value->typed = false;
	switch (kp_stage_expand(stage, use, missing, value)) {
	case KP_RESOLVED:
		value->typed = value->typed || before.typed;
		break;
	case KP_UNRESOLVED:
		kp_buf_cut(&value->bytes, before.bytes.len);
		value->nruns = before.nruns;
		value->string = before.string;
		value->typed = before.typed;
		note_added(stage, assembly,
		    kp_result_add(value, kp_use_text(use), true));
		break;
	case KP_FAILED:
		assembly->bad = true;
		break;
	}
}

static struct kp_use *
use_at(struct kp_stage *stage, size_t sentinel)
{
	return &stage->out->uses[stage->weave.sentinels[sentinel].use];
}

static size_t
sentinel_end(const struct kp_sentinel *sentinel)
{
	return sentinel->at + sentinel->len;
}

/* The first sentinel that ends behind this offset of the woven text. */
static size_t
find_sentinel(const struct kp_weave *weave, size_t offset)
{
	size_t low = 0, high = weave->nsentinels;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (sentinel_end(&weave->sentinels[middle]) <= offset)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* True when a value that went in as text has bytes from start to end. */
static bool
holds_splice(const struct kp_weave *weave, size_t start, size_t end)
{
	size_t i;

	for (i = find_sentinel(weave, start);
	     i < weave->nsentinels && weave->sentinels[i].at < end; i++) {
		if (weave->sentinels[i].spliced)
			return true;
	}
	return false;
}

/*
 * A stretch of the woven text as the template has it; values that went in as
 * text stay when they are to.
 */
static void
add_written(struct kp_stage *stage, size_t start, size_t end, bool splices_stay,
    struct kp_buf *out)
{
	const struct kp_weave *weave = &stage->weave;
	size_t i;

	for (i = find_sentinel(weave, start);
	     i < weave->nsentinels && weave->sentinels[i].at < end; i++) {
		const struct kp_sentinel *at = &weave->sentinels[i];

		if (at->spliced && splices_stay)
			continue;
		if (at->at > start)
			kp_buf_add(out,
			    kp_str_slice(weave->woven.text, start, at->at));
		kp_buf_add(out, kp_use_text(&stage->out->uses[at->use]));
		start = sentinel_end(at);
	}
	if (start < end)
		kp_buf_add(out, kp_str_slice(weave->woven.text, start, end));
}

/* A comment keeps its placeholders; a rule that hits one has no effect. */
static bool
restore_comment(struct kp_stage *stage, struct kp_landing *landing)
{
	const struct kp_item *item = &stage->scan.items[landing->item];
	bool good = true;
	size_t i;

	landing->restored = true;
	add_written(stage, item->start, item->end, true,
	    &landing->change->text);
	for (i = 0; i < landing->nsentinels; i++) {
		struct kp_use *use = use_at(stage, landing->first + i);

		if (use->fate == KP_SPLICED)
			continue;
		if (use->kind == KP_USE_PLACEHOLDER) {
			use->fate = KP_COMMENTED;
			continue;
		}
		good = kp_stage_fail(stage, use,
		    "\"%s\" matches within a comment of %s, which nobody "
		    "reads",
		    use->rule, stage->job->src->name);
		kp_diag_hint(stage->diags,
		    "use [set]: it puts the key on the line after");
	}
	return good;
}

static void
add_mark(struct kp_stage *stage, struct kp_landing *landing, size_t start,
    size_t end, uint32_t use)
{
	if (!kp_array_room((void **)&landing->change->marks,
	        &landing->change->marks_cap, landing->change->nmarks + 1,
	        sizeof(*landing->change->marks))) {
		stage->weave.failed = true;
		return;
	}
	landing->change->marks[landing->change->nmarks++] =
	    (struct kp_mark){ start, end, use };
}

/* True when what is read of the item are its bytes as they are written. */
static bool
is_verbatim(const struct kp_stage *stage, const struct kp_item *item)
{
	return item->value.ptr == stage->weave.woven.text.ptr + item->start &&
	    item->value.len == item->end - item->start;
}

/* Mark values that went in as text, which from here on goes in at .value. */
static void
mark_splices(struct kp_stage *stage, struct kp_landing *landing,
    struct kp_str text)
{
	const struct kp_weave *weave = &stage->weave;
	size_t start = (size_t)(text.ptr - weave->woven.text.ptr);
	size_t end = start + text.len;
	size_t base = landing->change->value.bytes.len, i;

	for (i = find_sentinel(weave, start);
	     i < weave->nsentinels && weave->sentinels[i].at < end; i++) {
		const struct kp_sentinel *at = &weave->sentinels[i];
		size_t from = at->at < start ? start : at->at;
		size_t to = sentinel_end(at) > end ? end : sentinel_end(at);

		if (at->spliced)
			add_mark(stage, landing, base + (from - start),
			    base + (to - start), at->use);
	}
}

/* Text of the template within a scalar. */
static void
add_text(struct kp_stage *stage, struct kp_landing *landing,
    struct assembly *assembly, struct kp_str text)
{
	if (stage->weave.has_splices &&
	    is_verbatim(stage, &stage->scan.items[landing->item]))
		mark_splices(stage, landing, text);
	note_added(stage, assembly,
	    kp_result_add(&assembly->change.value, text, true));
}

/* How many sentinels the reader has to see in the scalar. */
static size_t
count_sentinels(const struct kp_stage *stage, const struct kp_landing *landing)
{
	size_t count = 0, i;

	for (i = 0; i < landing->nsentinels; i++)
		count += !stage->weave.sentinels[landing->first + i].spliced;
	return count;
}

/*
 * The decoded scalar with its sentinels' values in their places; *unseen are
 * those that the reader does not see there.
 */
static bool
assemble(struct kp_stage *stage, struct kp_landing *landing,
    struct assembly *assembly, size_t *unseen)
{
	const struct kp_item *item = &stage->scan.items[landing->item];
	struct kp_result *value = &assembly->change.value;
	struct kp_str before;
	size_t at = 0;
	uint32_t number;

	*unseen = 0;
	if (landing->set != KP_NO_USE) {
		note_added(stage, assembly,
		    kp_result_append(value,
		        stage->out->uses[landing->set].result));
		return !assembly->bad;
	}
	*unseen = count_sentinels(stage, landing);
	while (
	    kp_weave_next(&stage->weave, item->value, &at, &before, &number)) {
		size_t start;

		add_text(stage, landing, assembly, before);
		start = value->bytes.len;
		add_use(stage, assembly, &stage->out->uses[number]);
		add_mark(stage, landing, start, value->bytes.len, number);
		(*unseen)--;
	}
	add_text(stage, landing, assembly, before);
	return !assembly->bad;
}

/* So many digits survive every reader's arithmetic. */
#define DIGITS_MAX 15

/*
 * The type of what is spelled as a program would print it back: no leading
 * zero, no exponent, no zero at the end of a fraction, not too many digits.
 * Everything else would change on its way through a number.
 */
static enum kp_type
canonical_type(struct kp_str bytes)
{
	size_t at = kp_str_starts(bytes, "-") ? 1 : 0;
	size_t start = at, point;

	while (at < bytes.len && kp_is_digit(bytes.ptr[at]))
		at++;
	if (at == start || bytes.len - start > DIGITS_MAX ||
	    (bytes.ptr[start] == '0' && at > start + 1))
		return KP_STRING;
	if (at == bytes.len)
		return start > 0 && bytes.ptr[start] == '0' ? KP_STRING :
		                                              KP_INT;
	point = at++;
	while (at < bytes.len && kp_is_digit(bytes.ptr[at]))
		at++;
	if (bytes.ptr[point] != '.' || at != bytes.len || at == point + 1 ||
	    bytes.ptr[at - 1] == '0')
		return KP_STRING;
	return KP_NUMBER;
}

static bool
passes(const char *name, struct kp_str bytes)
{
	const struct kp_filter *filter = kp_filter_by_name(kp_str_of(name));
	struct kp_filter_error why;
	struct kp_buf out = { 0 };
	bool fits =
	    filter->apply(bytes, kp_str_of(""), kp_str_of(""), &out, &why);

	kp_buf_wipe(&out);
	return fits;
}

/*
 * A setting in a bare place stays a number or truth value if it is one; what
 * a filter made a number is one in any spelling of its own.
 */
static enum kp_type
type_of(const struct kp_result *value)
{
	struct kp_str bytes = kp_buf_view(&value->bytes);

	if (value->string)
		return KP_STRING;
	if (kp_str_is(bytes, "true") || kp_str_is(bytes, "false"))
		return KP_BOOL;
	if (!value->typed || value->nruns != 1)
		return canonical_type(bytes);
	if (passes("int", bytes))
		return KP_INT;
	return passes("number", bytes) ? KP_NUMBER : KP_STRING;
}

/* Write bytes for the item as if they were all of it. */
static bool
encode_alone(const struct kp_stage *stage, const struct kp_landing *landing,
    struct kp_str bytes, struct kp_buf *out)
{
	const struct kp_item *item = &stage->scan.items[landing->item];
	const struct kp_piece piece = { bytes, false };
	const struct kp_value value = { bytes, &piece, 1, KP_STRING };
	struct kp_refusal why = { { 0 }, { 0 } };

	return stage->job->format->encode(&stage->scan, item, &value, out,
	    &why);
}

/* Could the value that a use brought stand in the item alone? */
static bool
fits_alone(const struct kp_stage *stage, const struct kp_landing *landing,
    const struct kp_mark *mark)
{
	struct kp_buf text = { 0 };
	bool fits = encode_alone(stage, landing,
	    kp_str_slice(kp_buf_view(&landing->change->value.bytes),
	        mark->start, mark->end),
	    &text);

	kp_buf_wipe(&text);
	return fits;
}

/* The use to blame: the first that could not stand there alone, if any. */
static struct kp_use *
blame(struct kp_stage *stage, const struct kp_landing *landing)
{
	size_t i;

	if (landing->set != KP_NO_USE)
		return &stage->out->uses[landing->set];
	for (i = 0; i < landing->change->nmarks; i++) {
		const struct kp_mark *mark = &landing->change->marks[i];
		struct kp_use *use = &stage->out->uses[mark->use];

		if (use->fate == KP_PUT && !fits_alone(stage, landing, mark))
			return use;
	}
	return use_at(stage, landing->first);
}

static bool
fail_encode(struct kp_stage *stage, const struct kp_landing *landing,
    const struct kp_refusal *why)
{
	const struct kp_item *item = &stage->scan.items[landing->item];
	struct kp_use *use = blame(stage, landing);
	const struct kp_entry *entry = use->entry;

	if (entry != NULL)
		kp_stage_fail(stage, use,
		    "\"%s\" cannot stand here (%s, %s): %s", entry->name,
		    stage->job->format->name, kp_style_name(item->style),
		    why->text);
	else
		kp_stage_fail(stage, use,
		    "this value cannot stand here (%s, %s): %s",
		    stage->job->format->name, kp_style_name(item->style),
		    why->text);
	if (why->hint[0] != '\0')
		kp_diag_hint(stage->diags, "%s", why->hint);
	return false;
}

/* What a filter made a number is no text, whatever readers take it for. */
static bool
check_type(const struct kp_landing *landing, struct assembly *assembly)
{
	if (!assembly->change.value.typed || landing->type == KP_STRING ||
	    kp_str_eq(kp_buf_view(&assembly->change.text),
	        kp_buf_view(&assembly->change.value.bytes)))
		return true;
	return kp_refuse(&assembly->why,
	    "write it without an exponent, or leave the filter out",
	    "not all of its readers take it for a number");
}

static bool
encode(struct kp_stage *stage, struct kp_landing *landing,
    struct assembly *assembly)
{
	const struct kp_item *item = &stage->scan.items[landing->item];
	const struct kp_result *made = &assembly->change.value;
	struct kp_str bytes = kp_buf_view(&made->bytes);
	struct kp_value value;
	size_t at = 0, i;

	if (!kp_array_room((void **)&assembly->pieces, &assembly->pieces_cap,
	        made->nruns, sizeof(*assembly->pieces)))
		return kp_diag_nomem(stage->diags);
	for (i = 0; i < made->nruns; i++) {
		size_t end = at + made->runs[i].len;

		assembly->pieces[i] =
		    (struct kp_piece){ kp_str_slice(bytes, at, end),
			    made->runs[i].trusted };
		at = end;
	}
	landing->type = item->style == KP_BARE ? type_of(made) : KP_STRING;
	value = (struct kp_value){ bytes, assembly->pieces, made->nruns,
		landing->type };
	assembly->why.text[0] = assembly->why.hint[0] = '\0';
	return (stage->job->format->encode(&stage->scan, item, &value,
	            &landing->change->text, &assembly->why) &&
	           check_type(landing, assembly)) ||
	    fail_encode(stage, landing, &assembly->why);
}

/* --- comments within a scalar --- */

/*
 * Is all that the reader does not see in a comment, as behind the "|" of
 * YAML?  That is written again whatever the value is.
 */
static bool
is_in_comment(const struct kp_stage *stage, const struct kp_landing *landing,
    size_t unseen)
{
	struct kp_str before;
	struct kp_buf text = { 0 };
	size_t at = 0;
	uint32_t number;

	if (encode_alone(stage, landing, kp_str_of("x"), &text)) {
		while (unseen > 0 &&
		    kp_weave_next(&stage->weave, kp_buf_view(&text), &at,
		        &before, &number))
			unseen--;
	}
	kp_buf_wipe(&text);
	return unseen == 0;
}

/* What was written again has its placeholders, not the sentinels. */
static void
restore_comments_in(struct kp_stage *stage, struct kp_landing *landing)
{
	struct kp_buf *out = &landing->change->text;
	struct kp_buf text = kp_buf_take(out);
	struct kp_str before;
	size_t at = 0;
	uint32_t number;

	while (kp_weave_next(&stage->weave, kp_buf_view(&text), &at, &before,
	    &number)) {
		stage->out->uses[number].fate = KP_COMMENTED;
		kp_buf_add(out, before);
		kp_buf_add(out, kp_use_text(&stage->out->uses[number]));
	}
	kp_buf_add(out, before);
	kp_buf_wipe(&text);
}

static bool
fail_unseen(struct kp_stage *stage, const struct kp_landing *landing)
{
	return kp_stage_fail(stage, use_at(stage, landing->first),
	    "the reader drops what stands here (%s)", stage->job->format->name);
}

/* True when every placeholder in the scalar stays as it is written. */
static bool
keeps_all(struct kp_stage *stage, const struct kp_landing *landing)
{
	size_t i;

	for (i = 0; i < landing->nsentinels; i++) {
		enum kp_fate fate = use_at(stage, landing->first + i)->fate;

		if (fate != KP_KEPT && fate != KP_SPLICED)
			return false;
	}
	return landing->set == KP_NO_USE;
}

/* Append the path of an item; a key may hold what cannot stand there. */
static void
add_path(struct kp_stage *stage, const struct kp_item *item, struct kp_buf *out)
{
	struct kp_buf path = { 0 };
	struct kp_str before;
	size_t at = 0;
	uint32_t number;

	kp_scan_exact_path(&stage->scan, item, &path);
	while (kp_weave_next(&stage->weave, kp_buf_view(&path), &at, &before,
	    &number)) {
		kp_buf_add(out, before);
		kp_buf_add(out, kp_use_text(&stage->out->uses[number]));
	}
	kp_buf_add(out, before);
	out->failed = out->failed || path.failed;
	kp_buf_wipe(&path);
}

/* What a set replaces as a whole is not looked up. */
static void
note_replaced(struct kp_stage *stage, const struct kp_landing *landing)
{
	size_t i;

	for (i = 0; i < landing->nsentinels; i++) {
		struct kp_use *use = use_at(stage, landing->first + i);

		use->fate = KP_REPLACED;
		use->rule = stage->out->uses[landing->set].rule;
	}
}

static bool
note_place(struct kp_stage *stage, const struct kp_landing *landing)
{
	const struct kp_item *item = &stage->scan.items[landing->item];
	bool good = true;
	size_t i;

	for (i = 0; i < landing->nsentinels; i++) {
		struct kp_use *use = use_at(stage, landing->first + i);
		struct kp_buf *path;

		use->style = item->style;
		if (!stage->job->traced)
			continue;
		/* In place of a rule's own spelling of it. */
		path = kp_use_make_path(use);
		if (path != NULL)
			add_path(stage, item, path);
		good = path != NULL && kp_buf_ok(path) && good;
	}
	if (landing->set != KP_NO_USE) {
		stage->out->uses[landing->set].style = item->style;
		note_replaced(stage, landing);
	}
	return good || kp_diag_nomem(stage->diags);
}

static void
clear(struct assembly *assembly)
{
	kp_result_clear(&assembly->change.value);
	kp_buf_cut(&assembly->change.text, 0);
	assembly->change.nmarks = 0;
	assembly->bad = false;
}

static bool
fill(struct kp_stage *stage, struct kp_landing *landing,
    struct assembly *assembly)
{
	const struct kp_item *item = &stage->scan.items[landing->item];
	size_t unseen;

	clear(assembly);
	landing->change = &assembly->change;
	if (!note_place(stage, landing))
		return false;
	if (item->kind == KP_COMMENT)
		return restore_comment(stage, landing);
	if (!assemble(stage, landing, assembly, &unseen))
		return false;
	if (unseen > 0 && !is_in_comment(stage, landing, unseen))
		return fail_unseen(stage, landing);
	if (unseen > 0 && unseen == count_sentinels(stage, landing))
		return restore_comment(stage, landing);
	if (keeps_all(stage, landing)) {
		landing->restored = landing->kept = true;
		add_written(stage, item->start, item->end, true,
		    &landing->change->text);
		return true;
	}
	if (!encode(stage, landing, assembly))
		return false;
	if (unseen > 0 ||
	    (landing->set != KP_NO_USE && landing->nsentinels > 0))
		restore_comments_in(stage, landing);
	return true;
}

/* --- the new text --- */

static struct kp_slot *
add_slot(struct kp_stage *stage, size_t start, size_t end)
{
	struct kp_rendering *out = stage->out;
	struct kp_slot *slot;

	if (!kp_array_grow((void **)&out->slots, &out->slots_cap,
	        out->nslots + 1, sizeof(*out->slots))) {
		kp_diag_nomem(stage->diags);
		return NULL;
	}
	slot = &out->slots[out->nslots++];
	slot->start = start;
	slot->end = end;
	return slot;
}

/* Woven text from start to end as it is; values spliced in are slots. */
static bool
copy_text(struct kp_stage *stage, size_t start, size_t end)
{
	const struct kp_weave *weave = &stage->weave;
	struct kp_buf *bytes = &stage->out->bytes;
	size_t base = bytes->len, i;

	i = stage->job->traced ? find_sentinel(weave, start) :
	                         weave->nsentinels;
	for (; i < weave->nsentinels && weave->sentinels[i].at < end; i++) {
		const struct kp_sentinel *at = &weave->sentinels[i];
		size_t from = at->at < start ? start : at->at;
		size_t to = sentinel_end(at) > end ? end : sentinel_end(at);
		struct kp_slot *slot;

		if (!at->spliced)
			continue;
		slot =
		    add_slot(stage, base + (from - start), base + (to - start));
		if (slot == NULL)
			return false;
		kp_buf_add(&slot->label,
		    kp_use_text(&stage->out->uses[at->use]));
	}
	kp_buf_add(bytes, kp_str_slice(weave->woven.text, start, end));
	return true;
}

/* Written as it is read: each use has its own bytes in the result. */
static bool
add_slots_of_marks(struct kp_stage *stage, const struct kp_landing *landing,
    size_t base)
{
	const struct kp_item *item = &stage->scan.items[landing->item];
	size_t i;

	for (i = 0; i < landing->change->nmarks; i++) {
		const struct kp_mark *mark = &landing->change->marks[i];
		struct kp_slot *slot =
		    add_slot(stage, base + mark->start, base + mark->end);

		if (slot == NULL)
			return false;
		kp_buf_add(&slot->label,
		    kp_use_text(&stage->out->uses[mark->use]));
		kp_scan_path(&stage->scan, item, &slot->path);
	}
	return true;
}

static bool
put_landing(struct kp_stage *stage, const struct kp_landing *landing)
{
	const struct kp_item *item = &stage->scan.items[landing->item];
	struct kp_buf *bytes = &stage->out->bytes;
	size_t start = bytes->len;
	struct kp_slot *slot;
	bool spliced;

	kp_buf_add(bytes, kp_buf_view(&landing->change->text));
	if (!stage->job->traced)
		return true;
	spliced = holds_splice(&stage->weave, item->start, item->end);
	if (landing->restored && !spliced)
		return true;
	if (landing->set == KP_NO_USE && !landing->restored &&
	    (!spliced || is_verbatim(stage, item)) &&
	    kp_str_eq(kp_buf_view(&landing->change->text),
	        kp_buf_view(&landing->change->value.bytes)))
		return add_slots_of_marks(stage, landing, start);
	slot = add_slot(stage, start, bytes->len);
	if (slot == NULL)
		return false;
	if (landing->set != KP_NO_USE)
		kp_buf_add(&slot->label,
		    kp_use_text(&stage->out->uses[landing->set]));
	else
		add_written(stage, item->start, item->end, false, &slot->label);
	kp_scan_path(&stage->scan, item, &slot->path);
	return true;
}

/* A value stays for verify to compare; what it was to be, to look at alone. */
static bool
keep(struct kp_stage *stage, struct kp_landing *landing,
    struct assembly *assembly)
{
	landing->change = calloc(1, sizeof(*landing->change));
	if (landing->change == NULL)
		return kp_diag_nomem(stage->diags);
	if (landing->kept)
		landing->change->text = kp_buf_take(&assembly->change.text);
	else
		landing->change->value.bytes =
		    kp_buf_take(&assembly->change.value.bytes);
	return true;
}

/* The value is most often a part of the text, and need not be there twice. */
static bool
settle(struct kp_stage *stage, struct kp_landing *landing,
    struct assembly *assembly)
{
	struct kp_str text = kp_buf_view(&assembly->change.text);
	struct kp_str value = kp_buf_view(&assembly->change.value.bytes);
	size_t quote = text.len < value.len ? 0 : (text.len - value.len) / 2;

	landing->change = NULL;
	if (landing->kept)
		return keep(stage, landing, assembly);
	if (landing->restored)
		return true;
	/* Alone, or between two quotes of one length. */
	if (text.len < value.len ||
	    !kp_str_eq(kp_str_slice(text, quote, quote + value.len), value))
		return keep(stage, landing, assembly);
	landing->at = (uint32_t)(stage->out->bytes.len - text.len + quote);
	landing->len = (uint32_t)value.len;
	return true;
}

/* Append what is in front of a landing, and what it comes to. */
static bool
put(struct kp_stage *stage, struct kp_landing *landing,
    struct assembly *assembly, size_t *done)
{
	const struct kp_item *item = &stage->scan.items[landing->item];

	if (!copy_text(stage, *done, item->start) ||
	    !put_landing(stage, landing))
		return false;
	*done = item->end;
	landing->moved = stage->out->bytes.len - item->end;
	return settle(stage, landing, assembly);
}

/* The rest of the text. */
static bool
finish(struct kp_stage *stage, size_t done)
{
	if (!copy_text(stage, done, stage->weave.woven.text.len))
		return false;
	if (!kp_buf_ok(&stage->out->bytes) || stage->weave.failed)
		return kp_diag_nomem(stage->diags);
	if (stage->out->bytes.len > KP_EXPAND_MAX)
		return kp_diag_file(stage->diags, stage->job->src->name,
		    "would be rendered to more than %zu bytes", KP_EXPAND_MAX);
	return true;
}

/* Most values are no longer than that, and a sentinel. */
#define VALUE_BYTES 24

bool
kp_stage_splice(struct kp_stage *stage)
{
	struct assembly assembly = { 0 };
	size_t done = 0, i;
	bool good = true;

	kp_buf_reserve(&stage->out->bytes,
	    stage->weave.woven.text.len + stage->nlandings * VALUE_BYTES);
	for (i = 0; i < stage->nlandings; i++) {
		struct kp_landing *landing = &stage->landings[i];

		good = fill(stage, landing, &assembly) && good;
		good = good && put(stage, landing, &assembly, &done);
		if (!good)
			landing->change = NULL;
	}
	kp_change_wipe(&assembly.change);
	free(assembly.pieces);
	return good && finish(stage, done);
}
