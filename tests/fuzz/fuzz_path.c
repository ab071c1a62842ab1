/* SPDX-License-Identifier: MIT */
/*
 * fuzz_path - paths of scalars: a.b."odd key".
 *
 * What a path is cut into must make that path again; the names of one that
 * is well formed, written in quotes, must be read as the same names.
 */
#include "format/path.h"

#include "fuzz.h"

#define NAMES_MAX 64

struct names {
	struct kp_buf list[NAMES_MAX];
	size_t count;
};

/* False where the path is not well formed, or of too many names. */
static bool
read_names(struct kp_str path, struct names *names)
{
	*names = (struct names){ 0 };
	while (path.len > 0 && names->count < NAMES_MAX) {
		if (!kp_path_next(&path, &names->list[names->count++]))
			return false;
	}
	return path.len == 0;
}

static void
free_names(struct names *names)
{
	size_t i;

	for (i = 0; i < names->count; i++)
		kp_buf_wipe(&names->list[i]);
}

static bool
has_names(struct kp_str path, const struct names *names, size_t count)
{
	struct names read;
	size_t i;
	bool same = read_names(path, &read) && read.count == count;

	for (i = 0; same && i < count; i++)
		same = kp_str_eq(kp_buf_view(&read.list[i]),
		    kp_buf_view(&names->list[i]));
	free_names(&read);
	return same;
}

static void
write_quoted(const struct names *names, struct kp_buf *out)
{
	size_t i, j;

	for (i = 0; i < names->count; i++) {
		struct kp_str name = kp_buf_view(&names->list[i]);

		kp_buf_add_text(out, i > 0 ? ".\"" : "\"");
		for (j = 0; j < name.len; j++) {
			if (name.ptr[j] == '"' || name.ptr[j] == '\\')
				kp_buf_add_char(out, '\\');
			kp_buf_add_char(out, name.ptr[j]);
		}
		kp_buf_add_char(out, '"');
	}
}

static void
check_cut(struct kp_str path, struct kp_str parent, struct kp_str name)
{
	size_t dot = path.len - name.len;

	require(name.len <= path.len && name.ptr == path.ptr + dot,
	    "a path ends with its last name");
	require(parent.ptr == path.ptr && parent.len == (dot > 0 ? dot - 1 : 0),
	    "its parent is all before");
	require(dot == 0 || path.ptr[dot - 1] == '.',
	    "there is a dot between them");
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct parts parts;
	struct kp_str path, parent, name;
	struct names names;
	struct kp_buf quoted = { 0 };

	parts_cut(&parts, kp_str_make((const char *)data, size), 1);
	path = parts.list[0];
	kp_path_cut(path, &parent, &name);
	check_cut(path, parent, name);
	if (read_names(path, &names) && names.count > 0) {
		write_quoted(&names, &quoted);
		require(has_names(kp_buf_view(&quoted), &names, names.count),
		    "names in quotes are read as they are");
		require(has_names(parent, &names, names.count - 1),
		    "the parent has all names but the last");
	}
	kp_buf_wipe(&quoted);
	free_names(&names);
	parts_free(&parts);
	return 0;
}
