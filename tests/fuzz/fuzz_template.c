/* SPDX-License-Identifier: MIT */
/*
 * fuzz_template - the grammars of placeholders.
 *
 * The first byte chooses the profile.  The parts of a text that is well
 * formed must lie in it, in order; one without a placeholder or an escape
 * must come back whole.
 */
#include "core/syntax.h"
#include "core/template.h"

#include "fuzz.h"

/* Each part begins at or behind the end of the one before. */
static void
check_parts(const struct kp_template *template, struct kp_str text)
{
	size_t at = 0, kept = 0, i;
	bool plain = true;

	for (i = 0; i < template->count; i++) {
		const struct kp_part *part = &template->parts[i];
		plain = plain && part->placeholder == NULL && part->start == at;
		kept += part->end - part->start;
		require(part->start >= at && part->end > part->start &&
		        part->end <= text.len,
		    "parts are in order and in the text");
		at = part->end;
	}
	require(!plain || at != text.len || kept == text.len,
	    "text alone comes back whole");
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct kp_diags diags = { 0 };
	struct kp_template template;
	struct kp_syntax syntax;
	struct kp_source src = { .name = "fuzz" };
	bool done;

	if (size == 0)
		return 0;
	kp_syntax_init(&syntax);
	syntax.profile = (enum kp_profile)(data[0] % (KP_PROFILE_MUSTACHE + 1));
	src.text = kp_str_make((const char *)data + 1, size - 1);
	done = kp_template_parse_as(&template, &src, &syntax, &diags);
	require(done == (diags.errors == 0), "what is refused has a reason");
	if (done)
		check_parts(&template, src.text);
	kp_template_free(&template);
	kp_diags_free(&diags);
	return 0;
}
