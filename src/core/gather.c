/* SPDX-License-Identifier: MIT */
/*
 * gather - the first step: a template, its placeholders and the matches of
 * its rules, woven into one text.
 *
 * Most placeholders become sentinels, and nothing is looked up yet: only the
 * scan tells which of them stand in comments.  Two kinds change the text
 * itself, ${name|raw} and an alternative that stands alone on its lines;
 * where there is one of those, a first scan finds the comments beforehand.
 */
#include "core/stage.h"

#include "base/array.h"
#include "base/utf8.h"
#include "core/filter.h"
#include "core/match.h"

#include <stdlib.h>

/* One hit of one rule. */
struct edit {
	const struct kp_match_rule *rule;   /* borrowed from the plan */
	const struct kp_template *template; /* of its value or replace */
	struct kp_hit hit;
};

struct gatherer {
	struct kp_stage *stage;
	struct edit *edits; /* owned; by their place */
	size_t nedits, edits_cap;
	size_t next;    /* the edit that is due */
	size_t skip_to; /* text before this was replaced */
	bool splicing;  /* raw values and alternatives go in as text */
	bool reshapes;  /* there are such */
	bool good;
};

/* --- rules --- */

/* KP_UNRESOLVED: an optional rule, which is passed over. */
static enum kp_outcome
try_optional(struct kp_stage *stage, const struct kp_match_rule *rule,
    const struct kp_template *template)
{
	struct kp_result result = { 0 };
	enum kp_outcome outcome;

	if (!rule->optional)
		return KP_RESOLVED;
	stage->expander.missing = KP_MISSING_SKIPS;
	outcome = kp_expand_template(&stage->expander, template, &result);
	kp_result_free(&result);
	return outcome;
}

static bool
add_edits(struct gatherer *gatherer, const struct kp_match_rule *rule,
    const struct kp_template *template, const struct kp_hits *hits)
{
	size_t i;

	if (!kp_array_grow((void **)&gatherer->edits, &gatherer->edits_cap,
	        gatherer->nedits + hits->count, sizeof(*gatherer->edits)))
		return kp_diag_nomem(gatherer->stage->diags);
	for (i = 0; i < hits->count; i++) {
		gatherer->edits[gatherer->nedits++] = (struct edit){
			.rule = rule,
			.template = template,
			.hit = hits->list[i],
		};
	}
	return true;
}

static bool
find_edits_of(struct gatherer *gatherer, const struct kp_match_rule *rule,
    size_t valid)
{
	struct kp_stage *stage = gatherer->stage;
	const struct kp_template *template;
	struct kp_hits hits;
	bool done;

	template = kp_stage_parse_value(stage,
	    rule->value != NULL ? rule->value : rule->replace,
	    &rule->value_written);
	if (template == NULL)
		return false;
	switch (try_optional(stage, rule, template)) {
	case KP_RESOLVED:
		break;
	case KP_UNRESOLVED:
		return true;
	case KP_FAILED:
		return false;
	}
	done =
	    kp_match_find(rule, stage->job->src, valid, &hits, stage->diags) &&
	    add_edits(gatherer, rule, template, &hits);
	kp_hits_free(&hits);
	return done;
}

static int
compare_edits(const void *left, const void *right)
{
	const struct edit *a = left, *b = right;

	if (a->hit.start != b->hit.start)
		return a->hit.start < b->hit.start ? -1 : 1;
	return a->hit.end < b->hit.end ? -1 : a->hit.end > b->hit.end;
}

static bool
fail_overlap(struct gatherer *gatherer, const struct edit *edit, size_t offset,
    size_t len)
{
	struct kp_stage *stage = gatherer->stage;

	kp_diag_at(stage->diags, stage->job->src, offset, len,
	    "\"%s\" matches text that is replaced already", edit->rule->name);
	return kp_diag_hint(stage->diags,
	    "make the patterns match different places");
}

static bool
find_edits(struct gatherer *gatherer)
{
	const struct kp_job *job = gatherer->stage->job;
	size_t valid = KP_NPOS, i;
	bool good = true;

	for (i = 0; job->target != NULL && i < job->plan->nmatches; i++) {
		const struct kp_match_rule *rule = &job->plan->matches[i];

		if (rule->target != job->target)
			continue;
		if (valid == KP_NPOS)
			valid = kp_utf8_end(job->src->text, 0);
		good = find_edits_of(gatherer, rule, valid) && good;
	}
	if (gatherer->nedits > 1)
		qsort(gatherer->edits, gatherer->nedits,
		    sizeof(*gatherer->edits), compare_edits);
	for (i = 1; i < gatherer->nedits; i++) {
		const struct kp_hit *hit = &gatherer->edits[i].hit;

		if (hit->start < gatherer->edits[i - 1].hit.end)
			good = fail_overlap(gatherer, &gatherer->edits[i],
			    hit->start, hit->end - hit->start);
	}
	return good;
}

/* --- weaving --- */

/* The use of a placeholder, wherever it is written. */
static struct kp_use *
add_use(struct gatherer *gatherer, enum kp_use_kind kind,
    const struct kp_source *src, const struct kp_placeholder *placeholder)
{
	struct kp_use *use = kp_stage_add_use(gatherer->stage, kind, src,
	    placeholder->start, placeholder->end - placeholder->start);

	if (use != NULL)
		use->placeholder = placeholder;
	else
		gatherer->good = false;
	return use;
}

static uint32_t
number_of(const struct gatherer *gatherer, const struct kp_use *use)
{
	return (uint32_t)(use - gatherer->stage->out->uses);
}

static bool
is_commented(const struct gatherer *gatherer, size_t start)
{
	const struct kp_stage *stage = gatherer->stage;
	size_t low = 0, high = stage->ncommented;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (stage->commented[middle] == start)
			return true;
		if (stage->commented[middle] < start)
			low = middle + 1;
		else
			high = middle;
	}
	return false;
}

static void
weave_raw(struct gatherer *gatherer, struct kp_use *use, size_t origin)
{
	struct kp_stage *stage = gatherer->stage;
	enum kp_missing missing =
	    stage->job->allow_missing ? KP_MISSING_STAYS : KP_MISSING_FAILS;

	switch (kp_stage_resolve(stage, use, missing)) {
	case KP_RESOLVED:
		use->fate = KP_SPLICED;
		kp_weave_splice(&stage->weave, kp_buf_view(&use->result->bytes),
		    number_of(gatherer, use), origin);
		break;
	case KP_UNRESOLVED:
		kp_weave_text(&stage->weave, kp_use_text(use), origin);
		break;
	case KP_FAILED:
		gatherer->good = false;
		break;
	}
}

/* Does the placeholder stand alone on its lines? */
static bool
is_alone(struct kp_str text, const struct kp_placeholder *placeholder)
{
	size_t start = placeholder->start, end = placeholder->end;

	while (start > 0 && kp_is_blank(text.ptr[start - 1]))
		start--;
	while (end < text.len &&
	    (kp_is_blank(text.ptr[end]) || text.ptr[end] == '\r'))
		end++;
	return (start == 0 || text.ptr[start - 1] == '\n') &&
	    (end == text.len || text.ptr[end] == '\n');
}

static void weave_template(struct gatherer *gatherer,
    const struct kp_template *template);

/* ${name:+text} alone on its lines: the text is the template's, or nothing. */
static void
weave_alternative(struct gatherer *gatherer,
    const struct kp_placeholder *placeholder, struct kp_use *use)
{
	struct kp_stage *stage = gatherer->stage;
	bool is_set;

	stage->expander.missing = KP_MISSING_FAILS;
	if (kp_expand_condition(&stage->expander, use->src, placeholder,
	        &is_set) != KP_RESOLVED) {
		gatherer->good = false;
		return;
	}
	use->fate = KP_SPLICED;
	if (is_set)
		weave_template(gatherer, placeholder->word);
}

static void
weave_placeholder(struct gatherer *gatherer, const struct kp_source *src,
    const struct kp_placeholder *placeholder)
{
	struct kp_stage *stage = gatherer->stage;
	bool raw = kp_placeholder_has(placeholder, KP_FX_RAW);
	bool alone = placeholder->op == KP_ALTERNATIVE &&
	    is_alone(src->text, placeholder);
	struct kp_use *use =
	    add_use(gatherer, KP_USE_PLACEHOLDER, src, placeholder);

	if (use == NULL)
		return;
	gatherer->reshapes = gatherer->reshapes || raw || alone;
	if (!gatherer->splicing || (!raw && !alone) ||
	    is_commented(gatherer, placeholder->start))
		kp_weave_use(&stage->weave, number_of(gatherer, use),
		    placeholder->start);
	else if (alone)
		weave_alternative(gatherer, placeholder, use);
	else
		weave_raw(gatherer, use, placeholder->start);
}

/* The value of a match: one sentinel for the whole of it. */
static void
weave_value(struct gatherer *gatherer, const struct edit *edit)
{
	struct kp_stage *stage = gatherer->stage;
	const struct kp_written *written = &edit->rule->value_written;
	struct kp_use *use = kp_stage_add_use(stage, KP_USE_MATCH, written->src,
	    written->offset, written->len);
	bool raw;

	if (use == NULL) {
		gatherer->good = false;
		return;
	}
	use->rule = edit->rule->name;
	use->value = edit->template;
	raw = kp_template_has(edit->template, KP_FX_RAW);
	gatherer->reshapes = gatherer->reshapes || raw;
	if (raw && gatherer->splicing)
		weave_raw(gatherer, use, edit->hit.start);
	else
		kp_weave_use(&stage->weave, number_of(gatherer, use),
		    edit->hit.start);
}

/* The first part that ends behind this offset. */
static size_t
find_part(const struct kp_template *template, size_t offset)
{
	size_t low = 0, high = template->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (template->parts[middle].end <= offset)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* One part of the template as far as it is from start to end. */
static void
weave_clipped(struct gatherer *gatherer, const struct kp_part *part,
    size_t start, size_t end)
{
	struct kp_stage *stage = gatherer->stage;
	struct kp_str text = stage->job->src->text;
	size_t at = part->start < start ? start : part->start;
	size_t behind = part->end > end ? end : part->end;

	if (part->placeholder == NULL) {
		kp_weave_text(&stage->weave, kp_str_slice(text, at, behind),
		    at);
	} else if (part->start < start || part->end > end) {
		gatherer->good = kp_diag_at(stage->diags, stage->job->src,
		    part->start, part->end - part->start,
		    "a group of a pattern holds one half of this");
	} else {
		weave_placeholder(gatherer, stage->job->src, part->placeholder);
	}
}

/* What a group matched is of the template, placeholders and all. */
static void
weave_group(struct gatherer *gatherer, struct kp_str group)
{
	const struct kp_template *template = &gatherer->stage->out->text;
	size_t start, end, i;

	if (group.len == 0)
		return;
	start = (size_t)(group.ptr - template->src->text.ptr);
	end = start + group.len;
	for (i = find_part(template, start); i < template->count; i++) {
		if (template->parts[i].start >= end)
			break;
		weave_clipped(gatherer, &template->parts[i], start, end);
	}
}

/* Text of a replacement: "$3" and "${3}" are groups, "$$" is a "$". */
static void
weave_replacement_text(struct gatherer *gatherer, const struct edit *edit,
    struct kp_str text)
{
	struct kp_weave *weave = &gatherer->stage->weave;
	size_t origin = edit->hit.start, start = 0, i = 0;

	while (i + 1 < text.len) {
		size_t len = text.ptr[i + 1] == '{' ? 4 : 2;
		size_t digit = i + len / 2;

		if (text.ptr[i] != '$') {
			i++;
		} else if (text.ptr[i + 1] == '$') {
			kp_weave_text(weave, kp_str_slice(text, start, i),
			    origin);
			start = i + 1;
			i += 2;
		} else if (i + len <= text.len &&
		    kp_is_digit(text.ptr[digit]) &&
		    (len == 2 || text.ptr[digit + 1] == '}')) {
			kp_weave_text(weave, kp_str_slice(text, start, i),
			    origin);
			weave_group(gatherer,
			    edit->hit.groups[text.ptr[digit] - '0']);
			i += len;
			start = i;
		} else {
			i++;
		}
	}
	kp_weave_text(weave, kp_str_slice(text, start, text.len), origin);
}

static void
weave_replacement(struct gatherer *gatherer, const struct edit *edit)
{
	const struct kp_template *template = edit->template;
	size_t i;

	for (i = 0; i < template->count; i++) {
		const struct kp_part *part = &template->parts[i];
		struct kp_use *use;

		if (part->placeholder == NULL) {
			weave_replacement_text(gatherer, edit,
			    kp_part_text(template, part));
			continue;
		}
		use = add_use(gatherer, KP_USE_MATCH, template->src,
		    part->placeholder);
		if (use == NULL)
			return;
		use->rule = edit->rule->name;
		if (gatherer->splicing &&
		    kp_placeholder_has(part->placeholder, KP_FX_RAW))
			weave_raw(gatherer, use, edit->hit.start);
		else
			kp_weave_use(&gatherer->stage->weave,
			    number_of(gatherer, use), edit->hit.start);
		gatherer->reshapes = gatherer->reshapes ||
		    kp_placeholder_has(part->placeholder, KP_FX_RAW);
	}
}

static void
weave_edit(struct gatherer *gatherer)
{
	const struct edit *edit = &gatherer->edits[gatherer->next++];

	if (edit->rule->value != NULL)
		weave_value(gatherer, edit);
	else
		weave_replacement(gatherer, edit);
	gatherer->skip_to = edit->hit.end;
}

/* The next edit, where it begins before end; else NULL. */
static const struct edit *
find_due(const struct gatherer *gatherer, size_t end)
{
	const struct edit *edit;

	if (gatherer->next == gatherer->nedits)
		return NULL;
	edit = &gatherer->edits[gatherer->next];
	return edit->hit.start < end ? edit : NULL;
}

static void
weave_part_text(struct gatherer *gatherer, struct kp_str text, size_t at)
{
	struct kp_weave *weave = &gatherer->stage->weave;
	const struct edit *edit;
	size_t end = at + text.len, done = at;

	if (done < gatherer->skip_to)
		done = gatherer->skip_to < end ? gatherer->skip_to : end;
	while ((edit = find_due(gatherer, end)) != NULL) {
		if (edit->hit.start > done)
			kp_weave_text(weave,
			    kp_str_slice(text, done - at, edit->hit.start - at),
			    done);
		weave_edit(gatherer);
		done = gatherer->skip_to < end ? gatherer->skip_to : end;
	}
	kp_weave_text(weave, kp_str_slice(text, done - at, text.len), done);
}

/* A placeholder within a match goes with it; one half of it cannot. */
static void
weave_part_placeholder(struct gatherer *gatherer,
    const struct kp_template *template,
    const struct kp_placeholder *placeholder)
{
	const struct edit *halved;

	while (find_due(gatherer, placeholder->start + 1) != NULL)
		weave_edit(gatherer);
	if (placeholder->end <= gatherer->skip_to)
		return;
	if (placeholder->start < gatherer->skip_to)
		halved = &gatherer->edits[gatherer->next - 1];
	else
		halved = find_due(gatherer, placeholder->end);
	if (halved != NULL) {
		gatherer->good = fail_overlap(gatherer, halved,
		    placeholder->start, placeholder->end - placeholder->start);
		return;
	}
	weave_placeholder(gatherer, template->src, placeholder);
}

static void
weave_template(struct gatherer *gatherer, const struct kp_template *template)
{
	size_t i;

	for (i = 0; i < template->count; i++) {
		const struct kp_part *part = &template->parts[i];

		if (part->placeholder != NULL)
			weave_part_placeholder(gatherer, template,
			    part->placeholder);
		else
			weave_part_text(gatherer, kp_part_text(template, part),
			    part->start);
	}
}

static void
weave_all(struct gatherer *gatherer)
{
	struct kp_stage *stage = gatherer->stage;
	const struct kp_template *text = &stage->out->text;
	size_t i;

	for (i = 0; i < stage->out->nuses; i++)
		kp_use_wipe(&stage->out->uses[i]);
	stage->out->nuses = 0;
	kp_weave_clear(&stage->weave);
	gatherer->next = 0;
	gatherer->skip_to = 0;
	kp_weave_expect(&stage->weave, text->count);
	/* Every other part is text. */
	kp_array_expect((void **)&stage->out->uses, &stage->out->uses_cap,
	    text->count / 2 + 1, sizeof(*stage->out->uses));
	weave_template(gatherer, text);
	/* What matched at the very end of the text. */
	while (gatherer->next < gatherer->nedits)
		weave_edit(gatherer);
}

/* --- comments --- */

static bool
note_commented(struct kp_stage *stage, const struct kp_use *use)
{
	if (use->kind != KP_USE_PLACEHOLDER)
		return true;
	if (!kp_array_grow((void **)&stage->commented, &stage->commented_cap,
	        stage->ncommented + 1, sizeof(*stage->commented)))
		return kp_diag_nomem(stage->diags);
	stage->commented[stage->ncommented++] = use->offset;
	return true;
}

/*
 * Scan the text with sentinels alone.  Where that fails *readable is false:
 * the text may need what is spliced in to be one.
 */
static bool
scan_woven(struct kp_stage *stage, struct kp_scan *scan, bool *readable)
{
	struct kp_diags unread = { 0 };

	if (!kp_weave_build(&stage->weave, stage->diags))
		return false;
	*readable =
	    kp_scan_run(scan, stage->job->format, &stage->weave.woven, &unread);
	kp_diags_free(&unread);
	return true;
}

/* Which placeholders stand in comments, as far as the text is readable. */
static bool
find_commented(struct kp_stage *stage, bool *readable)
{
	struct kp_scan scan;
	size_t i, next = 0;
	bool good = true;

	if (!scan_woven(stage, &scan, readable))
		return false;
	for (i = 0; *readable && good && i < scan.count; i++) {
		const struct kp_item *item = &scan.items[i];

		for (; next < stage->weave.nsentinels &&
		     stage->weave.sentinels[next].at < item->end;
		     next++) {
			const struct kp_sentinel *sentinel =
			    &stage->weave.sentinels[next];

			if (item->kind == KP_COMMENT &&
			    sentinel->at >= item->start)
				good = note_commented(stage,
				    &stage->out->uses[sentinel->use]);
		}
	}
	kp_scan_wipe(&scan);
	return good;
}

/* Where the template has an item of the woven text. */
static bool
note_comment(struct kp_comments *comments, const struct kp_scan *scan,
    const struct kp_item *item)
{
	const struct kp_source *start = scan->src, *end = scan->src;

	if (!kp_array_grow((void **)&comments->list, &comments->cap,
	        comments->count + 1, sizeof(*comments->list)))
		return false;
	comments->list[comments->count++] = (struct kp_comment){
		.start = kp_source_origin(&start, item->start),
		.end = kp_source_origin(&end, item->end),
	};
	return true;
}

/* All comments of the template, as far as it is readable. */
static bool
find_comments(struct kp_stage *stage, struct kp_comments *comments)
{
	bool readable, good = true;
	struct kp_scan scan;
	size_t i;

	if (!scan_woven(stage, &scan, &readable))
		return false;
	for (i = 0; readable && good && i < scan.count; i++) {
		if (scan.items[i].kind == KP_COMMENT)
			good = note_comment(comments, &scan, &scan.items[i]) ||
			    kp_diag_nomem(stage->diags);
	}
	kp_scan_wipe(&scan);
	return good;
}

static bool
is_same(const struct kp_comments *a, const struct kp_comments *b)
{
	size_t i;

	for (i = 0; i < a->count && i < b->count; i++) {
		if (a->list[i].start != b->list[i].start ||
		    a->list[i].end != b->list[i].end)
			return false;
	}
	return a->count == b->count;
}

/* So often are comments looked for: each time more is known of the text. */
#define LOOKS_MAX 4

/*
 * Read the template once more, as one with comments: these are where they are
 * as long as what opens in them does not count.  False, with what is wrong,
 * where something else is malformed, or they cannot be told.
 */
static bool
parse_around_comments(struct gatherer *gatherer, struct kp_diags_mark known)
{
	struct kp_stage *stage = gatherer->stage;
	struct kp_template *text = &stage->out->text;
	struct kp_comments comments = { 0 };
	bool good = false, settled = false;
	unsigned looks;

	for (looks = 0; looks < LOOKS_MAX && !settled; looks++) {
		struct kp_comments found = { 0 };

		weave_all(gatherer);
		if (!find_comments(stage, &found))
			found.count = 0;
		settled = is_same(&comments, &found);
		free(comments.list);
		comments = found;
		if (settled)
			break;
		kp_diags_cut(stage->diags, known);
		kp_template_free(text);
		good = kp_template_parse_around(text, stage->job->src,
		    stage->job->syntax, &comments, stage->diags);
	}
	free(comments.list);
	if (settled)
		return good;
	kp_diags_cut(stage->diags, known);
	kp_template_free(text);
	return kp_template_parse_as(text, stage->job->src, stage->job->syntax,
	    stage->diags);
}

/*
 * Read the template.  What a comment says of ${user.home} is no placeholder
 * of ours, and no mistake: where something is malformed, the text is read
 * with its comments known.
 */
static bool
parse_template(struct gatherer *gatherer)
{
	struct kp_stage *stage = gatherer->stage;
	const struct kp_job *job = stage->job;
	const struct kp_diags_mark known = kp_diags_mark(stage->diags);

	if (kp_template_parse_as(&stage->out->text, job->src, job->syntax,
	        stage->diags))
		return true;
	/* A piece does not know what its end belongs to: the whole will. */
	return job->src->origin == NULL &&
	    parse_around_comments(gatherer, known);
}

/* The rendering ends here; what other names come to is told all the same. */
static void
report_values(struct gatherer *gatherer)
{
	struct kp_stage *stage = gatherer->stage;
	enum kp_missing missing =
	    stage->job->allow_missing ? KP_MISSING_STAYS : KP_MISSING_FAILS;
	size_t i;

	for (i = 0; i < stage->out->nuses; i++) {
		struct kp_use *use = &stage->out->uses[i];

		if (use->fate == KP_REFUSED && use->entry == NULL &&
		    !is_commented(gatherer, use->offset))
			(void)kp_stage_resolve(stage, use, missing);
	}
}

/* What is malformed is text now, to look at the rest. */
static void
report_rest(struct gatherer *gatherer)
{
	bool readable;

	gatherer->nedits = 0;
	weave_all(gatherer);
	if (find_commented(gatherer->stage, &readable) && readable)
		report_values(gatherer);
}

/* Once more, with what goes in as text. */
static void
reshape(struct gatherer *gatherer)
{
	bool readable;

	gatherer->splicing = true;
	gatherer->good = find_commented(gatherer->stage, &readable);
	weave_all(gatherer);
	if (!gatherer->good)
		report_values(gatherer);
}

bool
kp_stage_gather(struct kp_stage *stage)
{
	struct gatherer gatherer = { .stage = stage };

	kp_weave_start(&stage->weave, stage->job->src);
	gatherer.good = parse_template(&gatherer);
	gatherer.good = find_edits(&gatherer) && gatherer.good;
	if (gatherer.good)
		weave_all(&gatherer);
	if (!gatherer.good)
		report_rest(&gatherer);
	else if (gatherer.reshapes)
		reshape(&gatherer);
	free(gatherer.edits);
	return gatherer.good;
}
