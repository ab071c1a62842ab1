/* SPDX-License-Identifier: MIT */
/*
 * fuzz_match - a pattern, and a text that it is looked for in.
 *
 * The first byte says whether a group or the whole match is replaced, and
 * how often it is to be found.  Hits lie in the text, one behind the other;
 * what runs away ends as an error.
 */
#include "core/match.h"

#include "base/utf8.h"
#include "fuzz.h"

static void
check_group(struct kp_str group, struct kp_str text)
{
	if (group.ptr == NULL)
		return;
	require(group.ptr >= text.ptr &&
	        group.ptr + group.len <= text.ptr + text.len,
	    "a group is in the text");
	require(kp_utf8_valid(group), "a match holds UTF-8 alone");
}

static void
check_hits(const struct kp_hits *hits, struct kp_str text)
{
	size_t i, j, end = 0;

	for (i = 0; i < hits->count; i++) {
		const struct kp_hit *hit = &hits->list[i];

		require(hit->start <= hit->end && hit->end <= text.len,
		    "a hit is in the text");
		require(hit->start >= end, "no hits overlap");
		end = hit->end;
		for (j = 0; j < KP_MATCH_GROUPS; j++)
			check_group(hit->groups[j], text);
	}
}

static void
find(char *pattern, struct kp_str text, unsigned choice)
{
	const struct kp_source src = { .name = "text", .text = text };
	const struct kp_source rules = { .name = "rules",
		.text = kp_str_of(pattern) };
	char name[] = "rule", value[] = "";
	struct kp_match_rule rule = {
		.name = name,
		.pattern = pattern,
		.value = choice % 2 == 0 ? value : NULL,
		.count = choice / 2 % 2 == 0 ? KP_COUNT_ANY : 1,
		.pattern_written = { &rules, 0, rules.text.len },
	};
	struct kp_diags diags = { 0 };
	struct kp_hits hits;
	bool done =
	    kp_match_find(&rule, &src, kp_utf8_end(src.text, 0), &hits, &diags);

	require(done == (diags.errors == 0), "what is refused has a reason");
	require(!done || rule.count == KP_COUNT_ANY || hits.count == rule.count,
	    "it is found as often as asked for");
	check_hits(&hits, text);
	kp_hits_free(&hits);
	kp_diags_free(&diags);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct parts parts;
	char *pattern;

	if (size == 0)
		return 0;
	parts_cut(&parts, kp_str_make((const char *)data + 1, size - 1), 2);
	pattern = part_text(parts.list[0]);
	find(pattern, parts.list[1], data[0]);
	free(pattern);
	parts_free(&parts);
	return 0;
}
