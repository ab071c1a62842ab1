/* SPDX-License-Identifier: MIT */
/*
 * direct - the short way of a text in which any byte may stand.
 *
 * Nothing is encoded there, so no slot has to be found and nothing can be read
 * in another way: values go between the template's text as it is walked.  What
 * a placeholder comes to is kept by its spelling, since most files have the
 * same ones again and again.  Whatever is not plain (an operator whose word is
 * a template, |raw, a name without a value) is left to the steps of the long
 * way, with all that they have to say about it.
 */
#include "core/stage.h"

#include "base/hash.h"
#include "base/table.h"
#include "core/filter.h"
#include "core/syntax.h"

struct walk {
	struct kp_stage *stage;
	struct kp_table spellings; /* owned: of the uses, "${" to "}" */
	size_t put;                /* bytes of values */
};

/* The use whose value a spelling has; KP_NO_USE: not known. */
static uint32_t
find_use(const struct walk *walk, struct kp_str text, uint64_t hash)
{
	struct kp_table_walk found = kp_table_start(&walk->spellings, hash);
	uint32_t number;

	while (kp_table_next(&found, &number)) {
		if (kp_str_eq(kp_use_text(&walk->stage->out->uses[number]),
		        text))
			return number;
	}
	return KP_NO_USE;
}

/* --- placeholders --- */

/* Is all that it may come to known from one value? */
static bool
is_plain(const struct kp_placeholder *placeholder)
{
	const struct kp_template *word = placeholder->word;
	size_t i;

	if (placeholder->op == KP_ALTERNATIVE ||
	    kp_placeholder_has(placeholder, KP_FX_RAW))
		return false;
	for (i = 0; word != NULL && i < word->count; i++) {
		if (word->parts[i].placeholder != NULL)
			return false;
	}
	return true;
}

/*
 * The placeholder that start to end spells.  NULL: it is not plain, or it
 * does not end there, and whose problem that is will be told on the long way.
 */
static const struct kp_placeholder *
parse(struct kp_stage *stage, struct kp_template *template, size_t start,
    size_t end)
{
	struct kp_diags unread = { 0 };
	const struct kp_placeholder *found = NULL;

	if (kp_template_parse_part(template, stage->job->src, start, end,
	        &unread) &&
	    template->count == 1)
		found = template->parts[0].placeholder;
	kp_diags_free(&unread);
	return found != NULL && is_plain(found) ? found : NULL;
}

/* A use for what start to end spells, with its value. */
static enum kp_outcome
resolve(struct kp_stage *stage, size_t start, size_t end, uint32_t *number)
{
	struct kp_rule_value *own = kp_stage_add_value(stage);
	const struct kp_placeholder *placeholder;
	const struct kp_diags_mark known = kp_diags_mark(stage->diags);
	enum kp_outcome outcome;
	struct kp_use *use;

	if (own == NULL)
		return KP_FAILED;
	placeholder = parse(stage, &own->template, start, end);
	if (placeholder == NULL)
		return KP_UNRESOLVED;
	use = kp_stage_add_use(stage, KP_USE_PLACEHOLDER, stage->job->src,
	    start, end - start);
	if (use == NULL)
		return KP_FAILED;
	use->placeholder = placeholder;
	*number = (uint32_t)(use - stage->out->uses);
	outcome = kp_stage_resolve(stage, use, KP_MISSING_FAILS);
	if (outcome != KP_RESOLVED)
		kp_diags_cut(stage->diags, known);
	return outcome == KP_RESOLVED ? outcome : KP_UNRESOLVED;
}

static enum kp_outcome
put_value(struct walk *walk, uint32_t number)
{
	struct kp_rendering *out = walk->stage->out;
	struct kp_str value = kp_buf_view(&out->uses[number].result->bytes);

	if (value.len > KP_EXPAND_MAX - walk->put)
		return KP_UNRESOLVED;
	walk->put += value.len;
	kp_buf_add(&out->bytes, value);
	return KP_RESOLVED;
}

/* A filter may make another value each time, such as a salted hash. */
static bool
is_constant(const struct kp_use *use)
{
	return use->placeholder->nfilters == 0;
}

/* What start to end spells, whose hash is known. */
static enum kp_outcome
put_placeholder(struct walk *walk, size_t start, size_t end, uint64_t hash)
{
	struct kp_stage *stage = walk->stage;
	struct kp_str text = kp_str_slice(stage->job->src->text, start, end);
	uint32_t number = find_use(walk, text, hash);
	enum kp_outcome outcome;

	if (number != KP_NO_USE)
		return put_value(walk, number);
	outcome = resolve(stage, start, end, &number);
	if (outcome != KP_RESOLVED)
		return outcome;
	if (is_constant(&stage->out->uses[number]) &&
	    !kp_table_add(&walk->spellings, hash, number)) {
		kp_diag_nomem(stage->diags);
		return KP_FAILED;
	}
	return put_value(walk, number);
}

/* --- the text --- */

static void
put_text(struct walk *walk, size_t start, size_t end)
{
	struct kp_str text = walk->stage->job->src->text;

	kp_stage_make_room(walk->stage, start, end - start);
	kp_buf_add(&walk->stage->out->bytes, kp_str_slice(text, start, end));
}

/* Does a "${" at at begin a placeholder? */
static bool
opens(struct kp_str text, size_t at)
{
	return text.len - at > 2 && text.ptr[at + 1] == '{' &&
	    (kp_is_alpha(text.ptr[at + 2]) || text.ptr[at + 2] == '_');
}

/*
 * Behind the next "}", with the hash of what is before it; KP_NPOS: there is
 * none.  Names are short: one walk for both.
 */
static size_t
find_end(struct kp_str text, size_t at, uint64_t *hash)
{
	for (*hash = KP_HASH_START; at < text.len; at++) {
		if (text.ptr[at] == '}')
			return at + 1;
		*hash = kp_hash_byte(*hash, (unsigned char)text.ptr[at]);
	}
	return KP_NPOS;
}

static enum kp_outcome
put_all(struct walk *walk)
{
	struct kp_str text = walk->stage->job->src->text;
	size_t done = 0, at = 0;

	for (;;) {
		struct kp_str rest = kp_str_slice(text, at, text.len);
		size_t mark = kp_str_find(rest, '$'), end;
		enum kp_outcome outcome;
		uint64_t hash;

		if (mark == KP_NPOS)
			break;
		at += mark;
		rest = kp_str_slice(rest, mark, rest.len);
		if (kp_str_starts(rest, "$${")) {
			put_text(walk, done, at);
			done = at + 1;
			at += 3;
			continue;
		}
		if (!opens(text, at)) {
			at++;
			continue;
		}
		end = find_end(text, at, &hash);
		if (end == KP_NPOS)
			return KP_UNRESOLVED;
		put_text(walk, done, at);
		outcome = put_placeholder(walk, at, end, hash);
		if (outcome != KP_RESOLVED)
			return outcome;
		done = at = end;
	}
	put_text(walk, done, text.len);
	return KP_RESOLVED;
}

/* keyplate's own marks, and all names. */
static bool
is_own_syntax(const struct kp_syntax *syntax)
{
	return syntax == NULL ||
	    (syntax->profile == KP_PROFILE_KEYPLATE &&
	        kp_str_is(syntax->open, "${") &&
	        kp_str_is(syntax->close, "}") && syntax->only == NULL &&
	        !syntax->environment_only);
}

enum kp_outcome
kp_stage_direct(struct kp_stage *stage)
{
	const struct kp_job *job = stage->job;
	struct kp_rendering *out = stage->out;
	struct walk walk = { .stage = stage };
	enum kp_outcome outcome;
	size_t i;

	if (!job->format->verbatim || job->traced ||
	    !is_own_syntax(job->syntax) ||
	    (job->target != NULL && kp_plan_has_rules(job->plan, job->target)))
		return KP_UNRESOLVED;
	outcome = put_all(&walk);
	kp_table_free(&walk.spellings);
	for (i = 0; i < out->nuses; i++)
		kp_use_forget(&out->uses[i]);
	if (outcome == KP_RESOLVED && !kp_buf_ok(&out->bytes)) {
		kp_diag_nomem(stage->diags);
		outcome = KP_FAILED;
	}
	/* Too much of it is told on the long way. */
	if (outcome == KP_RESOLVED && out->bytes.len > KP_EXPAND_MAX)
		outcome = KP_UNRESOLVED;
	return outcome;
}
