/* SPDX-License-Identifier: MIT */
/*
 * scalars - what the scanner of a format makes of files.
 *
 * usage: scalars FORMAT SEED COUNT FILE...
 *
 * Prints for each file a line "file NUMBER", then either "refused LINE TEXT"
 * or, for at most COUNT scalars that their paths alone lead to, "scalar START
 * END PATH VALUE": the bytes it stands in, path and value in hexadecimal.
 * Which ones depends on SEED.
 */
#include "base/buf.h"
#include "base/diag.h"
#include "base/source.h"
#include "format/format.h"
#include "io/file.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define SIZE_CAP ((size_t)64 << 20)

/* So many times COUNT are tried: not every scalar has a path of its own. */
#define TRIES 8

static uint64_t
next_random(uint64_t *state)
{
	*state = *state * 6364136223846793005u + 1442695040888963407u;
	return *state >> 33;
}

static void
print_hex(struct kp_str bytes)
{
	size_t i;

	putchar(' ');
	for (i = 0; i < bytes.len; i++)
		printf("%02x", (unsigned)(unsigned char)bytes.ptr[i]);
}

/* The first scalar from this index on, round and round; count: none. */
static size_t
find_scalar(const struct kp_scan *scan, size_t index)
{
	size_t i;

	for (i = 0; i < scan->count; i++) {
		size_t at = (index + i) % scan->count;

		if (scan->items[at].kind == KP_SCALAR)
			return at;
	}
	return scan->count;
}

/* One of several that are alike may be hidden from a reader by the others. */
static bool
is_alone(const struct kp_scan *scan, size_t index)
{
	struct kp_buf path = { 0 };
	size_t found;
	bool alone;

	kp_scan_path(scan, &scan->items[index], &path);
	alone = path.len > 0 &&
	    kp_scan_find(scan, kp_buf_view(&path), &found) == 1 &&
	    found == index;
	kp_buf_wipe(&path);
	return alone;
}

/* Print the scalar of this index if its path is its own. */
static bool
print_scalar(const struct kp_scan *scan, const struct kp_scan *numbered,
    size_t index)
{
	const struct kp_item *item = &numbered->items[index];
	struct kp_buf path = { 0 };

	if (!is_alone(scan, index))
		return false;
	kp_scan_exact_path(numbered, item, &path);
	printf("scalar %u %u", item->start, item->end);
	print_hex(kp_buf_view(&path));
	print_hex(item->value);
	putchar('\n');
	kp_buf_wipe(&path);
	return true;
}

static void
print_some(const struct kp_scan *scan, const struct kp_scan *numbered,
    uint64_t *state, size_t count)
{
	size_t i, index, printed = 0;

	if (find_scalar(scan, 0) == scan->count)
		return;
	for (i = 0; i < count * TRIES && printed < count; i++) {
		index = find_scalar(scan, next_random(state) % scan->count);
		printed += print_scalar(scan, numbered, index);
	}
}

static void
print_refusal(const struct kp_diags *diags)
{
	printf("refused %u %s\n", diags->list[0].place.line,
	    diags->list[0].text);
}

static void
print_file(const struct kp_format *format, const char *path, uint64_t *state,
    size_t count)
{
	struct kp_diags diags = { 0 };
	struct kp_buf text = { 0 };
	struct kp_source src = { .name = path };
	struct kp_scan scan = { 0 }, numbered = { 0 };

	if (!kp_file_read(path, SIZE_CAP, &text, &diags)) {
		print_refusal(&diags);
		kp_diags_free(&diags);
		return;
	}
	src.text = kp_buf_view(&text);
	if (kp_scan_run(&scan, format, &src, &diags) &&
	    kp_scan_run(&numbered, format, &src, &diags) &&
	    kp_scan_number(&numbered, &diags))
		print_some(&scan, &numbered, state, count);
	else
		print_refusal(&diags);
	kp_scan_wipe(&numbered);
	kp_scan_wipe(&scan);
	kp_buf_wipe(&text);
	kp_diags_free(&diags);
}

int
main(int argc, char **argv)
{
	const struct kp_format *format;
	uint64_t state;
	size_t count;
	int i;

	if (argc < 4 ||
	    (format = kp_format_by_name(kp_str_of(argv[1]))) == NULL) {
		fprintf(stderr, "usage: scalars FORMAT SEED COUNT FILE...\n");
		return 2;
	}
	state = strtoull(argv[2], NULL, 10);
	count = strtoul(argv[3], NULL, 10);
	for (i = 4; i < argc; i++) {
		printf("file %d\n", i - 4);
		print_file(format, argv[i], &state, count);
	}
	return 0;
}
