/* SPDX-License-Identifier: MIT */
/*
 * fuzz_script - entry points and configurations that a proposal is made of.
 *
 * Whatever they hold, the proposal is a rule file that can be read, and the
 * secret in the file that a script edits is not in it.
 */
#include "core/script.h"
#include "core/survey.h"
#include "format/format.h"
#include "io/rulefile.h"

#include "fuzz.h"

#define CANARY "canary-4711"

static const struct kp_source named = {
	.name = "/app.ini",
	.text = KP_STR("[a]\npassword = " CANARY "\nhost = " CANARY "\n"),
};

static const struct kp_source *
read_named(void *ctx, const char *path)
{
	(void)ctx;
	return strcmp(path, named.name) == 0 ? &named : NULL;
}

/* What stands in the text itself may be a name, which is shown. */
static void
check_text(const struct kp_proposal *proposal, struct kp_str text)
{
	struct kp_list inputs = { 0 };
	struct kp_diags diags = { 0 };
	struct kp_buf out = { 0 };
	struct kp_source src = { .name = "proposal" };
	struct kp_rulefile rules;

	kp_proposal_print(proposal, &inputs, &out);
	src.text = kp_buf_view(&out);
	require(kp_buf_ok(&out), "there is memory");
	require(kp_str_find_str(text, kp_str_of(CANARY)) != KP_NPOS ||
	        kp_str_find_str(src.text, kp_str_of(CANARY)) == KP_NPOS,
	    "no value is in a proposal");
	require(kp_rulefile_parse(&rules, &src, &diags),
	    "a proposal is a rule file");
	kp_rulefile_free(&rules);
	kp_diags_free(&diags);
	kp_buf_wipe(&out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct kp_source src = { .name = "/entry.sh",
		.text = kp_str_make((const char *)data, size) };
	const struct kp_script_reader reader = { NULL, read_named };
	struct kp_proposal proposal = { 0 };
	struct kp_diags diags = { 0 };
	size_t i;

	require(kp_script_survey(&proposal, &src, &reader, &diags),
	    "every text is a script");
	check_text(&proposal, src.text);
	kp_proposal_free(&proposal);
	for (i = 0; kp_formats[i] != NULL; i++) {
		if (kp_survey(&proposal, "/file", kp_formats[i], &src, &diags))
			check_text(&proposal, src.text);
		kp_proposal_free(&proposal);
	}
	kp_diags_free(&diags);
	return 0;
}
