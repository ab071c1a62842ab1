/* SPDX-License-Identifier: MIT */
/*
 * replay - run a fuzz target once for each file named, and say so in TAP.
 * A property that does not hold ends the program: the plan is not met.
 */
#include "base/buf.h"
#include "base/diag.h"
#include "io/file.h"

#include <stdint.h>
#include <stdio.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
main(int argc, char **argv)
{
	int i;

	printf("1..%d\n", argc - 1);
	for (i = 1; i < argc; i++) {
		struct kp_diags diags = { 0 };
		struct kp_buf text = { 0 };

		fflush(stdout);
		if (kp_file_read(argv[i], KP_FILE_MAX, &text, &diags)) {
			LLVMFuzzerTestOneInput((const uint8_t *)kp_buf_view(
			                           &text)
			                           .ptr,
			    text.len);
			printf("ok %d - %s\n", i, argv[i]);
		} else {
			printf("not ok %d - %s cannot be read\n", i, argv[i]);
		}
		kp_buf_wipe(&text);
		kp_diags_free(&diags);
	}
	return 0;
}
