/* SPDX-License-Identifier: MIT */
/*
 * pieces - the way of a long text that can be read in parts.
 *
 * What is known of a text while its values are put in takes many times its
 * own room.  Here a piece of some lines takes all steps by itself, then the
 * next, and there is never more of it than of one piece.
 *
 * A piece ends with some line, and of it is put what is above its last key,
 * with which the next one begins.  That key is where the template has it, in
 * the scan of what was rendered as well: so all above is read as in the whole
 * text.  Its value was encoded in sight of what is above, and will be of what
 * is below.
 *
 * Of a format that knows no lines, a piece ends behind its joint, and what the
 * scan of the piece found open at its last part is what the next one begins
 * with; see struct kp_seam.
 *
 * What is not plain, and all that is wrong, is left to the steps on the whole
 * text, with what they have to say about it.
 */
#include "core/stage.h"

#include "core/filter.h"
#include "core/syntax.h"
#include "format/line.h"

/* The bytes of a piece: what is known of them stays in the nearest memory. */
#define PIECE ((size_t)8 * 1024)

struct walk {
	struct kp_stage *stage; /* of the whole text */
	size_t done;            /* so far it is put: where a piece begins */
	size_t len;             /* of that piece, at least */
	struct kp_source src;   /* the piece ... */
	struct kp_shift shift;  /* ... and where in the whole it is */
	struct kp_job job;
	struct kp_stage piece; /* owned; its room stays */
	struct kp_seam seam;   /* the rest of it is the format's */
};

/* --- what is for this way --- */

/* Does it stand for one value, which may be asked for twice? */
static bool
is_plain(const struct kp_placeholder *placeholder)
{
	return placeholder->op != KP_ALTERNATIVE &&
	    !kp_placeholder_has(placeholder, KP_FX_RAW | KP_FX_SALTED);
}

static bool
all_plain(const struct kp_template *template)
{
	size_t i;

	for (i = 0; i < template->count; i++) {
		const struct kp_placeholder *placeholder =
		    template->parts[i].placeholder;

		if (placeholder != NULL && !is_plain(placeholder))
			return false;
	}
	return true;
}

/* In other syntaxes half a placeholder may be text. */
static bool
is_for_pieces(const struct kp_job *job)
{
	return (job->format->by_lines || job->format->joint != 0) &&
	    !job->traced && job->src->text.len > 2 * PIECE &&
	    (job->syntax == NULL ||
	        job->syntax->profile == KP_PROFILE_KEYPLATE) &&
	    (job->target == NULL || !kp_plan_has_rules(job->plan, job->target));
}

/* --- of a piece --- */

/*
 * Where in the template an item begins: before the "$" that makes text of a
 * placeholder, which the item is without.
 */
static size_t
origin_of(const struct walk *walk, size_t item)
{
	const struct kp_source first = { .text = walk->src.text };
	struct kp_source woven = *walk->piece.scan.src;
	const struct kp_source *src = &woven;
	size_t at;

	woven.origin = &first;
	at = kp_source_origin(&src, walk->piece.scan.items[item].start);
	if (at > 0 &&
	    kp_str_starts(kp_str_slice(first.text, at - 1, first.text.len),
	        "$${"))
		at--;
	return walk->done + at;
}

/* Where an item begins in what was rendered. */
static size_t
place_of(const struct kp_stage *piece, size_t item)
{
	size_t before = piece->nlandings;

	while (before > 0 && piece->landings[before - 1].item >= item)
		before--;
	return piece->scan.items[item].start + kp_stage_moved(piece, before);
}

/* The last key that begins a line; 0: none but where the piece begins. */
static size_t
find_last_key(const struct kp_scan *scan)
{
	size_t item = scan->count;

	while (item > 1 && !kp_scan_begins_line(scan, item - 1))
		item--;
	return item == 0 ? 0 : item - 1;
}

/* The last item that the next piece may begin with; 0: none. */
static size_t
find_seam(const struct kp_scan *scan)
{
	return scan->seam == NULL ? find_last_key(scan) : scan->seam->item;
}

/* Where a piece of about this length ends. */
static size_t
find_end(const struct walk *walk)
{
	const struct kp_format *format = walk->stage->job->format;
	struct kp_str text = walk->stage->job->src->text;
	size_t at, joint;

	if (text.len - walk->done <= walk->len)
		return text.len;
	at = walk->done + walk->len;
	if (format->by_lines)
		return kp_line_next(text, at);
	joint = kp_str_find(kp_str_slice(text, at, text.len), format->joint);
	return joint == KP_NPOS ? text.len : at + joint + 1;
}

/* Whoever asks which fates there were finds one use of each. */
static bool
note_fates(struct walk *walk, const struct kp_rendering *piece)
{
	struct kp_rendering *out = walk->stage->out;
	size_t i, known;

	for (i = 0; i < piece->nuses; i++) {
		const struct kp_use *use = &piece->uses[i];
		struct kp_use *noted;

		for (known = 0; known < out->nuses; known++) {
			if (out->uses[known].fate == use->fate)
				break;
		}
		if (known < out->nuses)
			continue;
		noted = kp_stage_add_use(walk->stage, use->kind,
		    walk->stage->job->src, walk->done + use->offset, use->len);
		if (noted == NULL)
			return false;
		noted->fate = use->fate;
	}
	return true;
}

/* A longer piece may have what is missing from this one. */
static enum kp_outcome
ask_for_more(struct walk *walk)
{
	walk->len *= 2;
	return walk->seam.last ? KP_UNRESOLVED : KP_RESOLVED;
}

/* Put a piece down to its last key, or the last one down to its end. */
static enum kp_outcome
put(struct walk *walk)
{
	const struct kp_stage *piece = &walk->piece;
	struct kp_buf *out = &walk->stage->out->bytes;
	struct kp_str bytes = kp_buf_view(&piece->out->bytes);
	size_t next = walk->stage->job->src->text.len;

	if (!walk->seam.last) {
		size_t item = find_seam(&piece->scan);

		if (item == 0)
			return ask_for_more(walk);
		bytes.len = place_of(piece, item);
		next = origin_of(walk, item);
		walk->seam.above = walk->seam.below;
	}
	if (!note_fates(walk, piece->out))
		return KP_FAILED;
	kp_stage_make_room(walk->stage, walk->done, bytes.len);
	kp_buf_add(out, bytes);
	walk->done = next;
	walk->len = PIECE;
	return out->len > KP_EXPAND_MAX ? KP_UNRESOLVED : KP_RESOLVED;
}

static enum kp_outcome
take_steps(struct walk *walk)
{
	struct kp_stage *piece = &walk->piece;

	if (!kp_stage_gather(piece))
		return ask_for_more(walk);
	if (!all_plain(&piece->out->text))
		return KP_UNRESOLVED;
	if (!kp_stage_place(piece))
		return ask_for_more(walk);
	if (!kp_stage_splice(piece) || !kp_stage_verify(piece))
		return KP_UNRESOLVED;
	return put(walk);
}

static enum kp_outcome
render_piece(struct walk *walk)
{
	struct kp_str text = walk->stage->job->src->text;
	struct kp_diags *diags = walk->stage->diags;
	size_t end = find_end(walk);
	const struct kp_diags_mark known = kp_diags_mark(diags);
	enum kp_outcome outcome;

	walk->src.text = kp_str_slice(text, walk->done, end);
	walk->shift.origin = (uint32_t)walk->done;
	walk->seam.first = walk->done == 0;
	walk->seam.last = end == text.len;
	walk->piece.scan.seam =
	    walk->job.format->joint != 0 ? &walk->seam : NULL;
	outcome = take_steps(walk);
	kp_stage_clear(&walk->piece);
	/* The whole tells them again; of an odd value is warned once. */
	kp_diags_cut_errors(diags, known);
	return outcome;
}

/* All that is the same for each piece. */
static void
prepare(struct walk *walk, struct kp_rendering *out)
{
	const struct kp_job *job = walk->stage->job;

	walk->len = PIECE;
	walk->src = (struct kp_source){
		.name = job->src->name,
		.guarded = job->src->guarded,
		.origin = job->src,
		.shifts = &walk->shift,
		.nshifts = 1,
	};
	walk->job = (struct kp_job){
		.src = &walk->src,
		.format = job->format,
		.syntax = job->syntax,
		.current = job->current,
	};
	walk->piece = (struct kp_stage){
		.job = &walk->job,
		.out = out,
		.expander = walk->stage->expander,
		.diags = walk->stage->diags,
	};
}

enum kp_outcome
kp_stage_pieces(struct kp_stage *stage)
{
	struct walk walk = { .stage = stage };
	struct kp_rendering out = { 0 };
	enum kp_outcome outcome = KP_RESOLVED;

	if (!is_for_pieces(stage->job))
		return KP_UNRESOLVED;
	prepare(&walk, &out);
	while (walk.done < stage->job->src->text.len && outcome == KP_RESOLVED)
		outcome = render_piece(&walk);
	kp_stage_free(&walk.piece);
	kp_rendering_free(&out);
	if (outcome == KP_FAILED ||
	    (outcome == KP_RESOLVED && !kp_buf_ok(&stage->out->bytes))) {
		kp_diag_nomem(stage->diags);
		outcome = KP_FAILED;
	}
	return outcome;
}
