/* SPDX-License-Identifier: MIT */
/* cmd_encode - one value to its scalar and back, for shell scripts. */
#include "cli/commands.h"
#include "cli/exit.h"
#include "format/frame.h"
#include "io/file.h"

#include <unistd.h>

static const struct kp_format *
choose_format(const struct kp_options *options, struct kp_diags *diags)
{
	if (options->format != NULL)
		return kp_format_by_name(kp_str_of(options->format));
	kp_diag_usage(diags, "which format? --format NAME tells");
	return NULL;
}

static bool
choose_style(const struct kp_options *options, enum kp_style *style,
    struct kp_diags *diags)
{
	*style = KP_BARE;
	if (options->style == NULL ||
	    kp_frame_style(kp_str_of(options->style), style))
		return true;
	kp_diag_usage(diags, "there is no style \"%s\"", options->style);
	return kp_diag_hint(diags,
	    "bare, single-quoted, double-quoted, backtick-quoted, "
	    "triple-quoted, triple-single-quoted or cdata");
}

static bool
put_out(const struct kp_buf *out, struct kp_diags *diags)
{
	return kp_file_write(STDOUT_FILENO, kp_buf_view(out)) ||
	    kp_diag_sys(diags, NULL, "cannot write to standard output");
}

/* All of standard input is the value: no line ending is taken off. */
int
kp_cmd_encode(struct kp_options *options, char **envp, struct kp_diags *diags)
{
	const struct kp_format *format = choose_format(options, diags);
	struct kp_buf value = { 0 }, out = { 0 };
	enum kp_style style;

	(void)envp;
	if (choose_style(options, &style, diags) && format != NULL &&
	    kp_file_read_stream(STDIN_FILENO, "standard input", KP_FILE_MAX,
	        &value, diags) &&
	    kp_frame_encode(format, style, kp_buf_view(&value), &out, diags) &&
	    !put_out(&out, diags))
		kp_buf_cut(&out, 0);
	kp_buf_wipe(&value);
	kp_buf_wipe(&out);
	return kp_exit_of(options, diags);
}

int
kp_cmd_decode(struct kp_options *options, char **envp, struct kp_diags *diags)
{
	const struct kp_format *format = choose_format(options, diags);
	struct kp_buf text = { 0 }, out = { 0 };

	(void)envp;
	if (format != NULL &&
	    kp_file_read_stream(STDIN_FILENO, "standard input", KP_FILE_MAX,
	        &text, diags) &&
	    kp_frame_decode(format, kp_buf_view(&text), &out, diags) &&
	    !put_out(&out, diags))
		kp_buf_cut(&out, 0);
	kp_buf_wipe(&text);
	kp_buf_wipe(&out);
	return kp_exit_of(options, diags);
}
