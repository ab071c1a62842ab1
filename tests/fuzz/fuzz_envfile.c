/* SPDX-License-Identifier: MIT */
/*
 * fuzz_envfile - files of settings, and the environment before them.
 *
 * The first part is the environment, a line each, the second a file.  What
 * is refused has a place; what is read, written anew in double quotes, is
 * read as the same; of a name that is there more than once the environment's
 * first counts, else the file's last.
 */
#include "io/envfile.h"
#include "io/secrets.h"

#include "fuzz.h"

#define VARIABLES_MAX 64

static void
check_problems(const struct kp_diags *diags)
{
	size_t i;

	for (i = 0; i < diags->count; i++)
		require(diags->list[i].place.line > 0 ||
		        strstr(diags->list[i].text, "NUL at byte") != NULL,
		    "a problem has a place");
}

static void
check_setting(const struct kp_setting *setting)
{
	struct kp_str name = kp_str_of(setting->name);
	size_t i;

	require(name.len > 0, "a setting has a name");
	for (i = 0; i < name.len; i++)
		require(kp_is_alnum(name.ptr[i]) ||
		        strchr("_.-", name.ptr[i]) != NULL,
		    "a name holds letters, digits, _ . and -");
	require(kp_str_find(kp_buf_view(&setting->value), '\0') == KP_NPOS,
	    "a value holds no NUL");
}

static void
write_setting(const struct kp_setting *setting, struct kp_buf *out)
{
	struct kp_str value = kp_buf_view(&setting->value);
	size_t i;

	kp_buf_add_format(out, "%s=\"", setting->name);
	for (i = 0; i < value.len; i++) {
		if (strchr("\\\"$", value.ptr[i]) != NULL)
			kp_buf_add_char(out, '\\');
		kp_buf_add_char(out, value.ptr[i]);
	}
	kp_buf_add_text(out, "\"\n");
}

static bool
is_same(const struct kp_envfile *a, const struct kp_envfile *b)
{
	bool same = a->count == b->count;
	size_t i;

	for (i = 0; same && i < a->count; i++)
		same = strcmp(a->settings[i].name, b->settings[i].name) == 0 &&
		    kp_str_eq(kp_buf_view(&a->settings[i].value),
		        kp_buf_view(&b->settings[i].value));
	return same;
}

static void
check_written(const struct kp_envfile *envfile)
{
	struct kp_buf text = { 0 };
	struct kp_source src = { .name = "written" };
	struct kp_envfile again = { 0 };
	struct kp_diags diags = { 0 };
	size_t i;

	for (i = 0; i < envfile->count; i++)
		write_setting(&envfile->settings[i], &text);
	src.text = kp_buf_view(&text);
	require(kp_envfile_parse(&again, &src, &diags),
	    "what is written is read");
	require(is_same(envfile, &again), "what is written says the same");
	kp_envfile_wipe(&again);
	kp_diags_free(&diags);
	kp_buf_wipe(&text);
}

/* --- the environment --- */

static void
fill_environment(char **envp, struct kp_str lines)
{
	struct kp_str line;
	size_t count = 0;

	while (count < VARIABLES_MAX && kp_str_next_line(&lines, &line))
		envp[count++] = part_text(line);
	envp[count] = NULL;
}

static void
free_environment(char **envp)
{
	for (; *envp != NULL; envp++)
		free(*envp);
}

/* What counts of this name. */
static struct kp_str
expect(const char *name, char **envp, const struct kp_envfile *envfile)
{
	size_t len = strlen(name), i;

	for (; *envp != NULL; envp++) {
		if (strncmp(*envp, name, len) == 0 && (*envp)[len] == '=')
			return kp_str_of(*envp + len + 1);
	}
	for (i = envfile->count; i > 0; i--) {
		if (strcmp(envfile->settings[i - 1].name, name) == 0)
			break;
	}
	require(i > 0, "the name is in the file");
	return kp_buf_view(&envfile->settings[i - 1].value);
}

static void
check_names(char **envp, const struct kp_envfile *envfile)
{
	const struct kp_list none = { 0 };
	const struct kp_secrets_setup setup = {
		.dirs = &none,
		.envp = envp,
		.settings = envfile,
		.max_bytes = KP_SECRETS_MAX,
	};
	struct kp_diags diags = { 0 };
	struct kp_secrets secrets;
	struct kp_reader reader;
	size_t i;

	require(kp_secrets_open(&secrets, &setup, &diags), "there is memory");
	reader = kp_secrets_reader(&secrets);
	for (i = 0; i < envfile->count; i++) {
		const char *name = envfile->settings[i].name;
		struct kp_reading reading = { 0 };

		require(reader.env(reader.ctx, kp_str_of(name), &reading) ==
		        KP_FOUND,
		    "a setting is found");
		require(kp_str_eq(kp_buf_view(&reading.bytes),
		            expect(name, envp, envfile)),
		    "the environment wins, then the last setting");
		kp_buf_wipe(&reading.bytes);
	}
	kp_secrets_close(&secrets);
	kp_diags_free(&diags);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *envp[VARIABLES_MAX + 1];
	struct parts parts;
	struct kp_source src = { .name = "settings", .guarded = true };
	struct kp_envfile envfile = { 0 };
	struct kp_diags diags = { 0 };
	bool done;
	size_t i;

	parts_cut(&parts, kp_str_make((const char *)data, size), 2);
	fill_environment(envp, parts.list[0]);
	src.text = parts.list[1];
	done = kp_envfile_parse(&envfile, &src, &diags);
	require(done == (diags.errors == 0), "what is refused has a reason");
	check_problems(&diags);
	for (i = 0; i < envfile.count; i++)
		check_setting(&envfile.settings[i]);
	check_written(&envfile);
	check_names(envp, &envfile);
	kp_envfile_wipe(&envfile);
	kp_diags_free(&diags);
	free_environment(envp);
	parts_free(&parts);
	return 0;
}
