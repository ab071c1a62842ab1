/* SPDX-License-Identifier: MIT */
/*
 * fuzz_values - where a value comes from, and what is taken off its end.
 *
 * The first byte chooses how X is asked for, and which of these there are:
 * a secret X, a variable X, a variable X_FILE, the file that it names.
 */
#include "core/values.h"

#include "fuzz.h"

enum {
	SECRET,
	VARIABLE,
	FILE_VARIABLE,
	FILE_NAMED,
	SOURCES,
};

struct world {
	struct parts parts;
	bool has[SOURCES];
	size_t reads;
};

/* What the contract of placeholders makes of a world. */
struct expected {
	enum kp_found found;
	enum kp_origin from;
	size_t source;
};

static enum kp_found
give(struct world *world, size_t source, struct kp_reading *out)
{
	world->reads++;
	if (!world->has[source])
		return KP_ABSENT;
	kp_buf_add(&out->bytes, world->parts.list[source]);
	return KP_FOUND;
}

static enum kp_found
give_secret(void *ctx, struct kp_str name, struct kp_reading *out)
{
	require(kp_str_is(name, "X"), "the secret asked for is X");
	return give(ctx, SECRET, out);
}

static enum kp_found
give_variable(void *ctx, struct kp_str name, struct kp_reading *out)
{
	return give(ctx, kp_str_is(name, "X") ? VARIABLE : FILE_VARIABLE, out);
}

static enum kp_found
give_file(void *ctx, struct kp_str path, struct kp_reading *out)
{
	(void)path;
	return give(ctx, FILE_NAMED, out);
}

static struct expected
expect_one(const struct world *world, size_t source, enum kp_origin from)
{
	return (struct expected){ world->has[source] ? KP_FOUND : KP_ABSENT,
		from, source };
}

/* The secret, else the variable, else the file; both variables: an error. */
static struct expected
expect_any(const struct world *world)
{
	const struct kp_str *list = world->parts.list;
	bool named = world->has[FILE_VARIABLE] && list[FILE_VARIABLE].len > 0;

	if (named && world->has[VARIABLE] && list[VARIABLE].len > 0)
		return (struct expected){ .found = KP_BROKEN };
	if (world->has[SECRET])
		return expect_one(world, SECRET, KP_SECRET);
	if (named && !world->has[FILE_NAMED])
		return (struct expected){ .found = KP_BROKEN };
	if (named)
		return expect_one(world, FILE_NAMED, KP_FILE);
	return expect_one(world, VARIABLE, KP_ENV);
}

static struct expected
expect(const struct world *world, enum kp_origin origin)
{
	switch (origin) {
	case KP_SECRET:
		return expect_one(world, SECRET, KP_SECRET);
	case KP_ENV:
		return expect_one(world, VARIABLE, KP_ENV);
	case KP_FILE:
		return expect_one(world, FILE_NAMED, KP_FILE);
	case KP_ANY:
		break;
	}
	return expect_any(world);
}

/* Of a file one LF or CR LF is taken off, of a variable nothing. */
static void
check_ending(struct kp_str bytes, struct kp_str value, bool from_file)
{
	struct kp_str rest;

	require(value.len <= bytes.len, "a value has no byte more");
	rest = kp_str_slice(bytes, value.len, bytes.len);
	require(value.len == 0 || memcmp(value.ptr, bytes.ptr, value.len) == 0,
	    "a value is what its source begins with");
	if (!from_file || bytes.len == 0 || bytes.ptr[bytes.len - 1] != '\n')
		require(rest.len == 0, "nothing else is taken off");
	else if (bytes.len > 1 && bytes.ptr[bytes.len - 2] == '\r')
		require(kp_str_is(rest, "\r\n"), "one CR LF is taken off");
	else
		require(kp_str_is(rest, "\n"), "one LF is taken off");
}

static void
check_entry(const struct world *world, const struct kp_entry *entry)
{
	struct expected expected = expect(world, entry->asked);

	require(entry->found == expected.found, "what is there is found");
	if (expected.found == KP_BROKEN)
		require(entry->why[0] != '\0', "a reason is given");
	if (expected.found != KP_FOUND)
		return;
	require(entry->from == expected.from, "the first source wins");
	check_ending(world->parts.list[expected.source], entry->value,
	    expected.from != KP_ENV);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct world world = { 0 };
	struct kp_values values;
	struct kp_entry *entry;
	enum kp_origin origin;
	size_t i, reads;

	if (size == 0)
		return 0;
	parts_cut(&world.parts, kp_str_make((const char *)data + 1, size - 1),
	    SOURCES);
	for (i = 0; i < SOURCES; i++)
		world.has[i] = (data[0] & 1u << i) != 0;
	origin = (enum kp_origin)(data[0] >> SOURCES & 3u);
	kp_values_init(&values,
	    (struct kp_reader){
	        .ctx = &world,
	        .secret = give_secret,
	        .env = give_variable,
	        .file = give_file,
	    });
	entry = kp_values_get(&values, origin, kp_str_of("X"));
	require(entry != NULL, "there is memory");
	check_entry(&world, entry);
	reads = world.reads;
	require(kp_values_get(&values, origin, kp_str_of("X")) == entry &&
	        world.reads == reads,
	    "a name is looked up once");
	kp_values_wipe(&values);
	parts_free(&world.parts);
	return 0;
}
