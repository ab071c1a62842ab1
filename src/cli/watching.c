/* SPDX-License-Identifier: MIT */
/* watching - --watch: render again when a secret has changed. */
#include "cli/watching.h"

#include "base/buf.h"
#include "base/random.h"
#include "base/str.h"
#include "cli/report.h"
#include "cli/start.h"
#include "cli/work.h"
#include "io/watch.h"
#include "proc/signals.h"

#include <errno.h>
#include <sha256.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define SALT_LENGTH 32

struct digest {
	uint8_t bytes[SHA256_DIGEST_LENGTH];
};

/* What is known from one rendering to the next, with no value in it. */
struct kp_watching_memory {
	uint8_t salt[SALT_LENGTH];
	struct digest values;      /* that were read */
	struct digest files;       /* that COMMAND was last told of */
	struct digest environment; /* of COMMAND, as rendered last */
	struct digest complaint;   /* that was reported last */
	bool blind; /* it could not be told what there is to watch */
	struct kp_watch watch;
};

/* --- digests --- */

static void
digest_begin(const struct kp_watching *watching, SHA256_CTX *sum)
{
	SHA256_Init(sum);
	SHA256_Update(sum, watching->memory->salt, SALT_LENGTH);
}

/* With its length, so that no two lists of bytes have the same digest. */
static void
digest_add(SHA256_CTX *sum, struct kp_str bytes)
{
	SHA256_Update(sum, (const uint8_t *)&bytes.len, sizeof(bytes.len));
	SHA256_Update(sum, (const uint8_t *)bytes.ptr, bytes.len);
}

static struct digest
digest_end(SHA256_CTX *sum)
{
	struct digest digest;

	SHA256_Final(digest.bytes, sum);
	explicit_bzero(sum, sizeof(*sum));
	return digest;
}

static bool
is_same(const struct digest *one, const struct digest *other)
{
	return memcmp(one, other, sizeof(*one)) == 0;
}

static struct digest
digest_values(const struct kp_watching *watching,
    const struct kp_values *values)
{
	SHA256_CTX sum;
	size_t i;

	digest_begin(watching, &sum);
	for (i = 0; i < values->count; i++) {
		const struct kp_entry *entry = values->entries[i];
		const int kind[] = { (int)entry->asked, (int)entry->from,
			(int)entry->found };

		digest_add(&sum, kp_str_of(entry->name));
		digest_add(&sum, kp_str_make((const char *)kind, sizeof(kind)));
		digest_add(&sum, kp_buf_view(&entry->bytes));
	}
	return digest_end(&sum);
}

/* Of those that COMMAND may read anew. */
static struct digest
digest_files(const struct kp_watching *watching, const struct kp_work *work)
{
	SHA256_CTX sum;
	size_t i;

	digest_begin(watching, &sum);
	for (i = 0; i < work->noutputs; i++) {
		const struct kp_output *output = &work->outputs[i];

		if (output->to != NULL && !work->options->no_overwrite &&
		    !output->target->no_overwrite)
			digest_add(&sum, kp_buf_view(&output->rendering.bytes));
	}
	return digest_end(&sum);
}

static struct digest
digest_environment(const struct kp_watching *watching,
    const struct kp_start *start)
{
	SHA256_CTX sum;
	size_t i;

	digest_begin(watching, &sum);
	for (i = 0; i < start->env.count; i++)
		digest_add(&sum, kp_str_of(start->env.vars[i]));
	return digest_end(&sum);
}

static struct digest
digest_complaint(const struct kp_watching *watching,
    const struct kp_diags *diags)
{
	SHA256_CTX sum;
	size_t i;

	digest_begin(watching, &sum);
	for (i = 0; i < diags->count; i++) {
		const struct kp_diag *diag = &diags->list[i];

		/* What a command prints has the time in it, or a number. */
		if (diag->path[0] == '\0' &&
		    kp_str_starts(kp_str_of(diag->text), KP_WORK_VERIFY))
			continue;
		digest_add(&sum, kp_str_of(diag->path));
		digest_add(&sum, kp_str_of(diag->text));
	}
	return digest_end(&sum);
}

/* --- what is read --- */

static void
note_path(struct kp_watching_reads *reads, const struct kp_buf *path)
{
	if (!kp_buf_ok(path) || !kp_list_add(&reads->paths, path->data))
		reads->failed = true;
}

/* In each directory, as it is and below the link of Kubernetes. */
static enum kp_found
read_secret(void *ctx, struct kp_str name, struct kp_reading *out)
{
	static const char *const ways[] = { "/", "/..data/" };
	struct kp_watching_reads *reads = ctx;
	const struct kp_list *dirs = &reads->work->dirs;
	size_t i;

	for (i = 0; i < dirs->count * 2; i++) {
		struct kp_buf path = { 0 };

		kp_buf_add_text(&path, dirs->items[i / 2]);
		kp_buf_add_text(&path, ways[i % 2]);
		kp_buf_add(&path, name);
		note_path(reads, &path);
		kp_buf_wipe(&path);
	}
	return reads->reader.secret(reads->reader.ctx, name, out);
}

static enum kp_found
read_variable(void *ctx, struct kp_str name, struct kp_reading *out)
{
	struct kp_watching_reads *reads = ctx;

	return reads->reader.env(reads->reader.ctx, name, out);
}

static enum kp_found
read_file(void *ctx, struct kp_str name, struct kp_reading *out)
{
	struct kp_watching_reads *reads = ctx;
	struct kp_buf path = { 0 };

	if (reads->work->secrets.setup.root != NULL)
		kp_buf_add_text(&path, reads->work->secrets.setup.root);
	kp_buf_add(&path, name);
	note_path(reads, &path);
	kp_buf_wipe(&path);
	return reads->reader.file(reads->reader.ctx, name, out);
}

static const char *
find_nearest(void *ctx, struct kp_str name)
{
	struct kp_watching_reads *reads = ctx;

	return reads->reader.nearest(reads->reader.ctx, name);
}

void
kp_watching_attend(struct kp_watching *watching, struct kp_work *work)
{
	struct kp_watching_reads *reads = &watching->reads;
	const struct kp_list *files = &work->settings.files;
	size_t i;

	if (watching->start == NULL)
		return;
	*reads = (struct kp_watching_reads){ .reader = work->values.reader,
		.work = work };
	for (i = 0; i < files->count; i++)
		reads->failed = !kp_list_add(&reads->paths, files->items[i]) ||
		    reads->failed;
	work->values.reader = (struct kp_reader){
		.ctx = reads,
		.secret = read_secret,
		.env = read_variable,
		.file = read_file,
		.looked_in = reads->reader.looked_in,
		.nearest = find_nearest,
	};
}

/* True when more may have changed since it was read. */
static bool
follow_reads(struct kp_watching *watching)
{
	struct kp_watching_memory *memory = watching->memory;
	bool changed = false;

	memory->blind = watching->reads.failed || watching->plan.fd == -1;
	if (watching->plan.fd != -1)
		changed = kp_watch_follow(&memory->watch, watching->plan.fd,
		    &watching->reads.paths);
	kp_list_free(&watching->reads.paths);
	return changed;
}

/* --- the process that renders again --- */

/* What cannot be rendered is said once. */
static int
complain(struct kp_watching *watching, struct kp_diags *diags)
{
	struct digest complaint = digest_complaint(watching, diags);

	if (is_same(&complaint, &watching->memory->complaint)) {
		kp_diags_free(diags);
		return 0;
	}
	watching->memory->complaint = complaint;
	kp_diag_warn(diags, NULL,
	    "a change has not been taken over: the service goes on with what "
	    "it has");
	return 0;
}

/* Files are in place: is there more that the service has to know of? */
static bool
take_environment(struct kp_watching *watching, const struct kp_options *options,
    const struct kp_start *start, bool *changed, struct kp_diags *diags)
{
	struct digest now = digest_environment(watching, start);
	bool differs = !is_same(&now, &watching->memory->environment);

	if (watching->plan.signal != 0 && differs) {
		kp_diag_warn(diags, NULL,
		    "a variable of COMMAND has changed, which a signal does "
		    "not tell it");
		kp_diag_hint(diags, "--watch restart starts it again");
	}
	if (watching->plan.signal == 0) {
		*changed = *changed || differs;
		if (*changed &&
		    !kp_bundle_store(watching->next, options->command_argv,
		        start->env.vars, diags))
			return false;
	}
	watching->memory->environment = now;
	return true;
}

static int
take_over(struct kp_watching *watching, struct kp_work *work,
    struct kp_start *start, struct kp_diags *diags)
{
	struct digest values = digest_values(watching, &work->values);
	struct digest files = digest_files(watching, work);
	bool changed;

	/* What is salted may differ each time: by itself it is no change. */
	if (is_same(&values, &watching->memory->values)) {
		watching->memory->complaint = (struct digest){ { 0 } };
		kp_diags_free(diags);
		return 0;
	}
	if (!kp_work_store(work, false, diags))
		return work->signal != 0 ?
		    0 :
		    complain(watching, diags) | KP_REFRESH_LATER;
	/* Another run may have written them: that tells COMMAND nothing. */
	changed =
	    work->written > 0 || !is_same(&files, &watching->memory->files);
	if (!take_environment(watching, work->options, start, &changed, diags))
		return complain(watching, diags) | KP_REFRESH_LATER;
	watching->memory->values = values;
	watching->memory->files = files;
	watching->memory->complaint = (struct digest){ { 0 } };
	if (!changed)
		return 0;
	kp_diag_note(diags, NULL, "secrets have changed: files written: %zu",
	    work->written);
	return KP_REFRESH_DONE;
}

/* Secrets that are replaced in the middle are read once more. */
static bool
resolve(struct kp_work *work, struct kp_start *start, struct kp_diags *diags)
{
	const struct kp_diags_mark mark = kp_diags_mark(diags);
	bool good;

	do {
		good = kp_work_render(work, diags) &&
		    kp_work_export(work, start, diags);
	} while (!good && kp_work_renew(work, mark, diags) &&
	    kp_start_renew(start, work->envp, diags));
	return good;
}

static int
render_again(struct kp_watching *watching, struct kp_options *options,
    char **envp, struct kp_diags *diags)
{
	struct kp_start start = { 0 };
	struct kp_work work;
	bool good, attended;
	int bits = 0;

	attended = kp_work_open(&work, options, envp, diags);
	good = kp_start_prepare(&start, options, envp, diags) && attended;
	if (attended) {
		work.account = kp_start_account(&start);
		kp_watching_attend(watching, &work);
	}
	good = good && resolve(&work, &start, diags);
	watching->memory->blind = true;
	if (attended && follow_reads(watching))
		bits = KP_REFRESH_AGAIN;
	if (good)
		bits |= take_over(watching, &work, &start, diags);
	else if (work.signal == 0)
		bits |= complain(watching, diags);
	kp_work_wipe(&work);
	kp_start_free(&start);
	return bits;
}

static int
render_values(void *ctx)
{
	struct kp_watching *watching = ctx;
	struct kp_bundle found = { 0 };
	struct kp_diags early = { 0 }, diags = { 0 };
	struct kp_options options;
	int bits = 0;

	kp_options_init(&options);
	/* What there is to say of options has been said at the start. */
	if (!kp_bundle_load(watching->plan.source, &found, &diags) ||
	    !kp_bundle_enter(&found, &diags) ||
	    !kp_options_parse(&options, (int)found.argc, found.argv, found.envp,
	        &early))
		complain(watching, &diags);
	else
		bits = render_again(watching, &options, found.envp, &diags);
	kp_report(&diags, &options);
	kp_diags_free(&early);
	kp_diags_free(&diags);
	kp_options_free(&options);
	kp_bundle_wipe(&found);
	return bits;
}

/* --- the process that waits --- */

static bool
take_events(void *ctx)
{
	const struct kp_watching *watching = ctx;

	return watching->plan.fd != -1 &&
	    kp_watch_take(&watching->memory->watch, watching->plan.fd);
}

static bool
is_partial(void *ctx)
{
	const struct kp_watching *watching = ctx;

	return watching->memory->blind ||
	    watching->memory->watch.sys_errno != 0;
}

static bool
restore(void *ctx, struct kp_diags *diags)
{
	static const struct kp_list none = { 0 };
	static const struct kp_childenv_rules all = { .keep = &none,
		.drop = &none };
	struct kp_watching *watching = ctx;
	struct kp_start *start = watching->start;

	if (!kp_bundle_load(watching->next, &watching->bundle, diags) ||
	    !kp_bundle_enter(&watching->bundle, diags))
		return false;
	start->service.argv = watching->bundle.argv;
	return kp_childenv_build(&start->env, watching->bundle.envp, &all,
	    diags);
}

static void
forget(void *ctx)
{
	struct kp_watching *watching = ctx;
	struct kp_start *start = watching->start;

	kp_childenv_wipe(&start->env);
	start->service.argv = start->options->command_argv;
	kp_bundle_wipe(&watching->bundle);
	/* What cannot be cut off is written over the next time. */
	if (ftruncate(watching->next, 0) == -1)
		return;
}

/* --- before the start --- */

static bool
open_memory(struct kp_watching *watching, struct kp_diags *diags)
{
	void *memory = mmap(NULL, sizeof(*watching->memory),
	    PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		return kp_diag_nomem(diags);
	watching->memory = memory;
	if (!kp_random_fill(watching->memory->salt, SALT_LENGTH))
		return kp_diag_sys(diags, NULL, "cannot get random numbers");
	watching->plan.source = kp_bundle_open(diags);
	if (watching->plan.source != -1)
		watching->next = kp_bundle_open(diags);
	return watching->plan.source != -1 && watching->next != -1;
}

bool
kp_watching_open(struct kp_watching *watching, struct kp_start *start,
    const struct kp_options *options, char **envp, struct kp_diags *diags)
{
	if (options->watch == NULL || options->dry_run)
		return true;
	if (options->exec)
		return kp_diag_usage(diags,
		    "--watch needs keyplate to stay: it does not go with "
		    "--exec");
	*watching = (struct kp_watching){ .start = start, .next = -1 };
	watching->plan = (struct kp_refresh){
		.fd = kp_watch_open(),
		.source = -1,
		.take = take_events,
		.is_partial = is_partial,
		.render = render_values,
		.restore = restore,
		.forget = forget,
		.ctx = watching,
	};
	if (watching->plan.fd == -1)
		kp_diag_warn(diags, NULL,
		    "cannot watch for changes (%s): it is looked for them "
		    "every 5 seconds",
		    strerror(errno));
	if (strcmp(options->watch, KP_OPTIONS_RESTART) != 0 &&
	    !kp_signals_parse(kp_str_of(options->watch),
	        &watching->plan.signal))
		return kp_diag_usage(diags, "--watch \"%s\" is no signal",
		    options->watch);
	if (options->user != NULL)
		kp_diag_note(diags, NULL,
		    "keyplate itself stays the user that it is: rendering "
		    "again may need that");
	start->service.refresh = &watching->plan;
	return open_memory(watching, diags) &&
	    kp_bundle_store(watching->plan.source, options->argv, envp, diags);
}

static bool
check_output(const struct kp_output *output, struct kp_diags *diags)
{
	const struct kp_written *written;
	const char *text = NULL;

	/* A signal, or no memory, came before its turn. */
	if (output->from == NULL)
		return true;
	if (output->memory != NULL)
		text = "COMMAND has it in memory, where it cannot change";
	else if (strcmp(output->from, "-") == 0)
		text = "its template is standard input, which ends";
	if (text == NULL)
		return true;
	written = &output->target->written;
	return kp_diag_at(diags, written->src, written->offset, written->len,
	    "--watch cannot render %s again: %s", output->to, text);
}

static void
warn_pinned(const char *path, struct kp_diags *diags)
{
	switch (kp_watch_look(path)) {
	case KP_WATCH_FREE:
		break;
	case KP_WATCH_PINNED:
		kp_diag_warn(diags, path,
		    "is mounted as a single file: another one that takes its "
		    "place outside is not seen while this container runs");
		kp_diag_hint(diags, "mount the directory that it is in");
		break;
	case KP_WATCH_FROZEN:
		kp_diag_warn(diags, path,
		    "cannot change while this container runs: it is mounted "
		    "as a single file, read-only");
		kp_diag_hint(diags,
		    "a swarm starts new containers with a new secret");
		break;
	}
}

static void
warn_all_pinned(const struct kp_list *paths, struct kp_diags *diags)
{
	struct kp_list seen = { 0 };
	size_t i;

	for (i = 0; i < paths->count; i++) {
		if (kp_list_has(&seen, paths->items[i]))
			continue;
		warn_pinned(paths->items[i], diags);
		if (!kp_list_add(&seen, paths->items[i]))
			break;
	}
	kp_list_free(&seen);
}

bool
kp_watching_note(struct kp_watching *watching, const struct kp_work *work,
    struct kp_diags *diags)
{
	bool good = true;
	size_t i;

	if (watching->start == NULL)
		return true;
	for (i = 0; i < work->noutputs; i++)
		good = check_output(&work->outputs[i], diags) && good;
	warn_all_pinned(&watching->reads.paths, diags);
	watching->memory->values = digest_values(watching, &work->values);
	watching->memory->files = digest_files(watching, work);
	watching->memory->environment =
	    digest_environment(watching, watching->start);
	follow_reads(watching);
	if (watching->plan.fd != -1 && watching->memory->watch.sys_errno != 0) {
		kp_diag_warn(diags, NULL,
		    "cannot watch all that was read (%s): it is looked for "
		    "changes every 5 seconds",
		    strerror(watching->memory->watch.sys_errno));
		if (watching->memory->watch.sys_errno == ENOSPC)
			kp_diag_hint(diags,
			    "raise fs.inotify.max_user_watches of the host");
	}
	return good;
}

void
kp_watching_free(struct kp_watching *watching)
{
	if (watching->start == NULL)
		return;
	if (watching->memory != NULL)
		munmap(watching->memory, sizeof(*watching->memory));
	if (watching->plan.fd != -1)
		close(watching->plan.fd);
	if (watching->plan.source != -1)
		close(watching->plan.source);
	if (watching->next != -1)
		close(watching->next);
	kp_list_free(&watching->reads.paths);
	kp_bundle_wipe(&watching->bundle);
	*watching = (struct kp_watching){ 0 };
}
