/* SPDX-License-Identifier: MIT */
/*
 * survey - what of a configuration file is to be set when a container starts.
 *
 * A value that is there gets a rule that has to resolve, where it is a secret
 * or a marker.  What differs from place to place, and a secret that is empty
 * or commented out, gets an optional one: without a value for it the file
 * stays as it is.
 */
#include "core/survey.h"

#include "core/guess.h"
#include "format/path.h"

#include <stdio.h>
#include <string.h>

struct survey {
	struct kp_proposal *proposal;
	const struct kp_scan *scan; /* numbered */
	size_t file;                /* KP_PROPOSAL_NO_FILE: not added yet */
	const char *path;           /* of the file, as the rules name it */
};

/* --- names --- */

/* The index of the key or section that item is of; KP_NO_PARENT: none. */
static uint32_t
owner_of(const struct kp_scan *scan, uint32_t index)
{
	while (index != KP_NO_PARENT && scan->items[index].kind == KP_ELEMENT)
		index = scan->items[index].parent;
	return index;
}

static struct kp_str
name_of(const struct kp_scan *scan, uint32_t index)
{
	struct kp_str none = { "", 0 };

	return index == KP_NO_PARENT ? none : scan->items[index].value;
}

static bool
is_compose_variable(const struct kp_scan *scan, uint32_t index)
{
	return kp_str_is(name_of(scan, owner_of(scan, index)), "environment");
}

/* "password" says nothing without the name of what it opens. */
static bool
is_general(struct kp_str name)
{
	static const char *const general[] = { "access_key", "account_key",
		"api_key", "client_secret", "credentials", "database", "domain",
		"email", "enabled", "host", "hostname", "key", "level",
		"listen", "name", "pass", "passwd", "password", "port",
		"private_key", "secret", "secret_key", "token", "url", "user",
		"username", "value" };
	size_t i;

	for (i = 0; i < sizeof(general) / sizeof(*general); i++) {
		if (kp_str_is_nocase(name, general[i]))
			return true;
	}
	return name.len < 3;
}

/* Put the name of one more owner in front of what is in *name. */
static void
prefix_name(struct kp_buf *name, struct kp_str front, bool upper)
{
	struct kp_buf joined = { 0 };

	kp_proposal_add_name(&joined, front, upper, '_');
	if (joined.len > 0 && name->len > 0)
		kp_buf_add_char(&joined, '_');
	kp_buf_add(&joined, kp_buf_view(name));
	kp_buf_wipe(name);
	*name = joined;
}

static bool
is_fresh(const struct survey *survey, const struct kp_buf *name, bool upper)
{
	return name->len > 0 &&
	    !kp_list_has(upper ? &survey->proposal->variables :
	                         &survey->proposal->secrets,
	        name->data);
}

/* "secret key", "in_key": half a name, however rarely it is used. */
static void
finish_name(const struct survey *survey, struct kp_buf *name, bool upper)
{
	size_t end = name->len;
	unsigned number = 1;

	if (end > 0 && kp_is_digit(name->data[0]))
		prefix_name(name, kp_str_of(upper ? "X" : "x"), upper);
	end = name->len;
	while (kp_buf_ok(name) && !is_fresh(survey, name, upper)) {
		kp_buf_cut(name, end);
		kp_buf_add_format(name, "_%u", ++number);
	}
}

/* Is front around the value, too, that has the name already? */
static bool
is_shared(const struct survey *survey, const struct kp_buf *name,
    struct kp_str front)
{
	const struct kp_proposal *proposal = survey->proposal;
	struct kp_buf marked = { 0 };
	bool shared = false;
	size_t i;

	kp_buf_add_char(&marked, ':');
	kp_buf_add(&marked, kp_buf_view(name));
	for (i = 0; i < proposal->nrules && !shared; i++) {
		struct kp_str value = kp_str_of(proposal->rules[i].value);

		shared =
		    kp_str_find_str(value, kp_buf_view(&marked)) != KP_NPOS &&
		    kp_str_find_str(kp_str_of(proposal->rules[i].key), front) !=
		        KP_NPOS;
	}
	kp_buf_wipe(&marked);
	return shared;
}

/*
 * A name for the secret (upper: the variable) that belongs at index: the
 * key's own, with those around it in front where it is too general, or is
 * another's already.
 */
static void
choose_name(const struct survey *survey, uint32_t index, struct kp_str own,
    bool upper, struct kp_buf *name)
{
	const struct kp_scan *scan = survey->scan;
	bool general =
	    is_general(own) || (!upper && !kp_guess_names_secret(own));

	prefix_name(name, own, upper);
	while (index != KP_NO_PARENT &&
	    (general || !is_fresh(survey, name, upper))) {
		struct kp_str front = name_of(scan, index);

		index = owner_of(scan, scan->items[index].parent);
		if (!general && is_shared(survey, name, front))
			continue;
		prefix_name(name, front, upper);
		general = front.len < 2;
	}
	if (general)
		prefix_name(name,
		    kp_str_of(survey->proposal->files[survey->file].name),
		    upper);
	finish_name(survey, name, upper);
}

/* --- rules --- */

static bool
add_file(struct survey *survey)
{
	if (survey->file == KP_PROPOSAL_NO_FILE) {
		survey->file =
		    kp_proposal_add_file(survey->proposal, survey->path);
		if (survey->file == KP_PROPOSAL_NO_FILE)
			return false;
		survey->proposal->files[survey->file].format =
		    survey->scan->format->name;
	}
	return true;
}

enum need {
	NEED_VALUE, /* it has to be given */
	MAY_BE,     /* where it is not given, the file stays as it is */
};

/* What a value becomes, and why; prefix stands before the placeholder. */
struct find {
	struct kp_str path;
	struct kp_str own; /* the name to make one from */
	uint32_t owner;    /* whose it is */
	size_t offset;
	const char *prefix, *filter;
	enum need need;
	bool secret;
};

static void
add_find(struct survey *survey, const struct find *find, const char *why)
{
	unsigned line = kp_source_place(survey->scan->src, find->offset).line;
	struct kp_buf name = { 0 }, value = { 0 }, reason = { 0 };
	struct kp_proposed_rule *rule = NULL;

	if (!add_file(survey))
		return;
	choose_name(survey, find->owner, find->own, !find->secret, &name);
	kp_buf_add_format(&value, "%s${%s:%s%s}", find->prefix,
	    find->secret ? "secret" : "env", name.len == 0 ? "" : name.data,
	    find->filter);
	kp_buf_add_format(&reason, "line %u: %s", line, why);
	if (kp_buf_ok(&name) && kp_buf_ok(&value) && kp_buf_ok(&reason))
		rule = kp_proposal_add_rule(survey->proposal, KP_PROPOSED_SET,
		    survey->file, find->path, value.data, reason.data);
	else
		survey->proposal->failed = true;
	if (rule != NULL) {
		rule->optional = find->need == MAY_BE;
		if (find->secret)
			kp_proposal_need_secret(survey->proposal, name.data);
		else
			kp_proposal_need_variable(survey->proposal, name.data);
	}
	kp_buf_wipe(&name);
	kp_buf_wipe(&value);
	kp_buf_wipe(&reason);
}

static bool
is_path(struct kp_str value)
{
	return value.len > 1 && value.ptr[0] == '/';
}

/* A Caddyfile's "basic_auth { bob HASH }": what is below it are hashes. */
static bool
is_below_basic_auth(const struct kp_scan *scan, uint32_t index)
{
	index = owner_of(scan, index);
	if (index == KP_NO_PARENT ||
	    strncmp(scan->format->name, "caddyfile", 9) != 0)
		return false;
	index = owner_of(scan, scan->items[index].parent);
	return kp_str_is(name_of(scan, index), "basicauth") ||
	    kp_str_is(name_of(scan, index), "basic_auth");
}

/* "user default on >password" of Redis: what is behind the sign. */
static bool
is_redis_password(const struct kp_scan *scan, struct kp_str own,
    struct kp_str value)
{
	return scan->format == kp_format_by_name(kp_str_of("redis")) &&
	    kp_str_is_nocase(own, "user") && value.len > 1 &&
	    value.ptr[0] == '>';
}

/* Fills find, and returns why there is one; NULL: there is none. */
static const char *
judge_secret(const struct survey *survey, const struct kp_item *item,
    struct find *find)
{
	const char *shown = kp_guess_shows_secret(item->value);

	find->secret = true;
	find->need = item->value.len > 0 ? NEED_VALUE : MAY_BE;
	if (is_redis_password(survey->scan, find->own, item->value)) {
		find->prefix = ">";
		return "the password of a user";
	}
	if (is_below_basic_auth(survey->scan, item->parent)) {
		find->filter = "|bcrypt(10)";
		return "the password of a user; |bcrypt(10) makes the hash";
	}
	if (kp_str_starts(item->value, "Bearer "))
		find->prefix = "Bearer ";
	if (kp_str_starts(item->value, "Basic "))
		find->prefix = "Basic ";
	if (shown != NULL)
		return kp_guess_is_hash(item->value) ?
		    "a password's hash: the secret holds the hash" :
		    shown;
	if (!kp_guess_names_secret(find->own) || is_path(item->value) ||
	    item->type == KP_BOOL)
		return NULL;
	if (item->value.len == 0)
		return "empty, and its name says that it is a secret";
	return kp_guess_is_marker(item->value) ?
	    "a secret to be filled in" :
	    "its name says that it is a secret";
}

static const char *
judge_setting(const struct kp_item *item, struct find *find)
{
	find->secret = false;
	find->need = NEED_VALUE;
	if (kp_guess_is_marker(item->value)) {
		if (item->style == KP_BARE && kp_guess_names_switch(find->own))
			find->filter = "|bool";
		return "to be filled in";
	}
	find->need = MAY_BE;
	return kp_guess_names_setting(find->own) ?
	    "it may differ from place to place" :
	    NULL;
}

static void
judge(struct survey *survey, const struct kp_item *item)
{
	const struct kp_scan *scan = survey->scan;
	uint32_t owner = owner_of(scan, item->parent);
	struct find find = {
		.own = name_of(scan, owner),
		.owner = owner == KP_NO_PARENT ?
		    owner :
		    owner_of(scan, scan->items[owner].parent),
		.offset = item->start,
		.prefix = "",
		.filter = "",
	};
	struct kp_str marked = kp_guess_marker_name(kp_str_trim(item->value));
	struct kp_buf path = { 0 };
	const char *why;
	size_t found;

	if (kp_guess_is_reference(item->value) && marked.len == 0)
		return;
	why = judge_secret(survey, item, &find);
	/* A marker that has a name says more than the key. */
	if (marked.len > 0) {
		if (why == NULL && kp_guess_names_secret(marked))
			why = "a secret to be filled in";
		find.own = marked;
	}
	if (why == NULL)
		why = judge_setting(item, &find);
	kp_scan_exact_path(scan, item, &path);
	if (why != NULL && kp_buf_ok(&path) &&
	    kp_scan_find(scan, kp_buf_view(&path), &found) == 1) {
		find.path = kp_buf_view(&path);
		add_find(survey, &find, why);
	}
	kp_buf_wipe(&path);
}

/* --- what is commented out --- */

static bool
has_flat_keys(const struct kp_format *format)
{
	static const char *const names[] = { "ini", "env", "properties",
		"redis" };
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (strncmp(format->name, names[i], strlen(names[i])) == 0)
			return true;
	}
	return false;
}

static bool
is_key_char(char c)
{
	return kp_is_alnum(c) || c == '_' || c == '-' || c == '.';
}

/*
 * The key of a comment like ";admin_password = admin" or, of Redis,
 * "# requirepass foobared"; empty: it is prose.
 */
static struct kp_str
read_commented(const struct kp_scan *scan, const struct kp_item *comment)
{
	struct kp_str text =
	    kp_str_slice(scan->src->text, comment->start, comment->end);
	struct kp_str key = { text.ptr, 0 }, rest;
	size_t i = 0;

	while (i < text.len &&
	    (text.ptr[i] == ';' || text.ptr[i] == '#' || text.ptr[i] == '!' ||
	        kp_is_blank(text.ptr[i])))
		i++;
	text = kp_str_slice(text, i, text.len);
	i = 0;
	while (i < text.len && is_key_char(text.ptr[i]))
		i++;
	rest = kp_str_trim(kp_str_slice(text, i, text.len));
	if (kp_str_is(kp_str_of(scan->format->name), "redis"))
		return rest.len > 0 && !kp_str_has_any(rest, " \t") ?
		    kp_str_slice(text, 0, i) :
		    key;
	return rest.len > 0 && rest.ptr[0] == '=' ? kp_str_slice(text, 0, i) :
	                                            key;
}

static void
add_part(struct kp_buf *path, struct kp_str name, bool quoted)
{
	const char *quote = quoted ? "\"" : "";

	kp_buf_add_text(path, quote);
	kp_buf_add(path, name);
	kp_buf_add_text(path, quote);
}

/* The section that a comment is in; those of INI are in no other. */
static void
add_section(const struct kp_scan *scan, uint32_t index, struct kp_buf *path)
{
	if (index == KP_NO_PARENT)
		return;
	add_part(path, scan->items[index].value,
	    kp_path_needs_quotes(&scan->items[index]));
	kp_buf_add_char(path, '.');
}

static bool
has_rule_for(const struct survey *survey, struct kp_str path)
{
	const struct kp_proposal *proposal = survey->proposal;
	size_t i;

	for (i = 0; i < proposal->nrules; i++) {
		if (proposal->rules[i].file == survey->file &&
		    kp_str_is(path, proposal->rules[i].key))
			return true;
	}
	return false;
}

static void
judge_comment(struct survey *survey, const struct kp_item *comment)
{
	const struct kp_scan *scan = survey->scan;
	struct kp_str key = read_commented(scan, comment);
	struct find find = { .own = key,
		.offset = comment->start,
		.owner = comment->parent,
		.prefix = "",
		.filter = "",
		.need = MAY_BE,
		.secret = true };
	struct kp_insertion where = { 0 };
	struct kp_refusal why;
	struct kp_buf path = { 0 };
	size_t found;

	if (key.len == 0 || !kp_guess_names_secret(key))
		return;
	add_section(scan, comment->parent, &path);
	add_part(&path, key, kp_str_find(key, '.') != KP_NPOS);
	find.path = kp_buf_view(&path);
	if (kp_buf_ok(&path) && kp_scan_find(scan, find.path, &found) == 0 &&
	    !has_rule_for(survey, find.path) &&
	    scan->format->insert(scan, find.path, &where, &why))
		add_find(survey, &find,
		    "commented out, and its name says that it is a secret");
	kp_buf_wipe(&where.before);
	kp_buf_wipe(&where.after);
	kp_buf_wipe(&path);
}

/* --- compose files --- */

static bool
is_compose(const struct kp_scan *scan)
{
	bool services = false, image = false;
	size_t i;

	if (strcmp(scan->format->name, "yaml") != 0)
		return false;
	for (i = 0; i < scan->count; i++) {
		const struct kp_item *item = &scan->items[i];

		if (item->kind != KP_KEY)
			continue;
		if (item->parent == KP_NO_PARENT)
			services |= kp_str_is(item->value, "services");
		else
			image |= kp_str_is(item->value, "image") ||
			    kp_str_is(item->value, "build");
	}
	return services && image;
}

static void
add_compose_line(struct kp_proposal *proposal, const char *before,
    const char *name, const char *behind)
{
	char line[300];

	snprintf(line, sizeof(line), "%s%s%s", before, name, behind);
	if (!kp_list_has(&proposal->compose, line) &&
	    !kp_list_add(&proposal->compose, line))
		proposal->failed = true;
}

/* A variable of a service that looks like a secret becomes an export. */
static void
add_export(struct survey *survey, const struct kp_item *item,
    struct kp_str variable, struct kp_str value, struct kp_str service)
{
	struct kp_proposal *proposal = survey->proposal;
	struct kp_buf name = { 0 }, text = { 0 }, why = { 0 };
	unsigned line;

	if (!kp_str_is_name(variable) || kp_str_ends(variable, "_FILE") ||
	    (!kp_guess_names_secret(variable) &&
	        kp_guess_shows_secret(value) == NULL))
		return;
	kp_proposal_add_name(&name, variable, false, '_');
	kp_buf_add_format(&text, "${secret:%s}",
	    name.len == 0 ? "" : name.data);
	line = kp_source_place(survey->scan->src, item->start).line;
	kp_buf_add_format(&why, "line %u: of the service %.*s, in plain text",
	    line, (int)service.len, service.ptr);
	if (!kp_buf_ok(&name) || !kp_buf_ok(&text) || !kp_buf_ok(&why)) {
		proposal->failed = true;
		goto out;
	}
	kp_proposal_note(proposal,
	    "%s:%u: the service %.*s needs secrets: [%s] in place of %.*s",
	    survey->path, line, (int)service.len, service.ptr, name.data,
	    (int)variable.len, variable.ptr);
	if (kp_proposal_need_secret(proposal, name.data) &&
	    kp_proposal_add_rule(proposal, KP_PROPOSED_EXPORT,
	        KP_PROPOSAL_NO_FILE, variable, text.data, why.data) != NULL) {
		if (proposal->compose.count == 0)
			add_compose_line(proposal, "secrets:", "", "");
		add_compose_line(proposal, "  ", name.data, ":");
		add_compose_line(proposal, "    file: ./secrets/", name.data,
		    "");
	}
out:
	kp_buf_wipe(&name);
	kp_buf_wipe(&text);
	kp_buf_wipe(&why);
}

/* services.NAME.environment as a mapping, or as a list of NAME=VALUE. */
static void
judge_compose(struct survey *survey, const struct kp_item *item)
{
	const struct kp_scan *scan = survey->scan;
	uint32_t owner = owner_of(scan, item->parent);
	struct kp_str variable = name_of(scan, owner);
	struct kp_str value = item->value;
	uint32_t above;
	size_t equals;

	if (owner == KP_NO_PARENT)
		return;
	above = owner_of(scan, scan->items[owner].parent);
	if (kp_str_is(variable, "environment")) {
		equals = kp_str_find(value, '=');
		if (equals == KP_NPOS || above == KP_NO_PARENT)
			return;
		variable = kp_str_slice(value, 0, equals);
		value = kp_str_slice(value, equals + 1, value.len);
	} else if (!is_compose_variable(scan, above)) {
		return;
	} else {
		above = owner_of(scan, scan->items[above].parent);
	}
	add_export(survey, item, variable, value, name_of(scan, above));
}

/* --- the whole file --- */

/* A reference that keyplate would take for its own. */
static bool
has_marks(const struct kp_scan *scan)
{
	size_t i;

	for (i = 0; i < scan->count; i++) {
		const struct kp_item *item = &scan->items[i];
		struct kp_str text =
		    kp_str_slice(scan->src->text, item->start, item->end);

		if (item->kind != KP_COMMENT &&
		    kp_str_find_str(text, kp_str_of("${")) != KP_NPOS)
			return true;
	}
	return false;
}

static void
judge_all(struct survey *survey)
{
	const struct kp_scan *scan = survey->scan;
	bool compose = is_compose(scan);
	bool flat = has_flat_keys(scan->format) && scan->format->insert != NULL;
	size_t i;

	for (i = 0; i < scan->count; i++) {
		const struct kp_item *item = &scan->items[i];

		if (item->kind == KP_SCALAR && compose)
			judge_compose(survey, item);
		else if (item->kind == KP_SCALAR)
			judge(survey, item);
		else if (item->kind == KP_COMMENT && flat)
			judge_comment(survey, item);
	}
}

bool
kp_survey(struct kp_proposal *proposal, const char *path,
    const struct kp_format *format, const struct kp_source *src,
    struct kp_diags *diags)
{
	size_t rules = proposal->nrules;
	struct kp_scan scan;
	struct survey survey = {
		.proposal = proposal,
		.scan = &scan,
		.file = KP_PROPOSAL_NO_FILE,
		.path = path,
	};
	bool good;

	good = kp_scan_run(&scan, format, src, diags) &&
	    kp_scan_number(&scan, diags) && kp_scan_index(&scan, diags);
	if (good) {
		judge_all(&survey);
		if (survey.file != KP_PROPOSAL_NO_FILE)
			proposal->files[survey.file].has_marks =
			    has_marks(&scan);
		if (proposal->nrules == rules)
			kp_proposal_note(proposal,
			    "%s: nothing in it looks like a secret, a setting "
			    "or a marker",
			    path);
	}
	kp_scan_wipe(&scan);
	return good && (!proposal->failed || kp_diag_nomem(diags));
}

/* --- one key --- */

/* |bool, where a bare marker of a switch is replaced. */
static void
add_checked(const struct kp_item *item, struct kp_str key, const char *value,
    struct kp_buf *out)
{
	struct kp_str text = kp_str_of(value);
	bool plain = kp_str_ends(text, "}") &&
	    kp_str_find_str(text, kp_str_of(":-")) == KP_NPOS;

	if (!plain || item->style != KP_BARE || !kp_guess_names_switch(key) ||
	    !kp_guess_is_marker(item->value)) {
		kp_buf_add(out, text);
		return;
	}
	kp_buf_add(out, kp_str_slice(text, 0, text.len - 1));
	kp_buf_add_text(out, "|bool}");
}

static void
add_rule_at(struct survey *survey, const struct kp_item *item,
    struct kp_str key, const char *value, const char *why)
{
	struct kp_buf path = { 0 }, text = { 0 };

	kp_scan_exact_path(survey->scan, item, &path);
	add_checked(item, key, value, &text);
	if (!kp_buf_ok(&path) || !kp_buf_ok(&text))
		survey->proposal->failed = true;
	else if (!has_rule_for(survey, kp_buf_view(&path)))
		kp_proposal_add_rule(survey->proposal, KP_PROPOSED_SET,
		    survey->file, kp_buf_view(&path), text.data, why);
	kp_buf_wipe(&path);
	kp_buf_wipe(&text);
}

static bool
is_meant(const struct kp_scan *scan, const struct kp_item *item,
    struct kp_str key, bool marker)
{
	if (item->kind != KP_SCALAR)
		return false;
	if (marker)
		return kp_str_eq(kp_str_trim(item->value), key);
	return kp_str_eq(name_of(scan, owner_of(scan, item->parent)), key);
}

/* A marker within a longer value: a pattern finds it. */
static bool
find_part(struct survey *survey, struct kp_str key, const char *value,
    const char *why)
{
	struct kp_str text = survey->scan->src->text;
	size_t at = kp_str_find_str(text, key);
	struct kp_buf pattern = { 0 };
	bool once;

	once = at != KP_NPOS && kp_str_rfind_str(text, key) == at;
	kp_buf_add_text(&pattern, "(?<value>\\Q");
	kp_buf_add(&pattern, key);
	kp_buf_add_text(&pattern, "\\E)");
	if (once && !kp_buf_ok(&pattern))
		survey->proposal->failed = true;
	else if (once)
		once = kp_proposal_add_rule(survey->proposal, KP_PROPOSED_MATCH,
		           survey->file, kp_buf_view(&pattern), value,
		           why) != NULL;
	kp_buf_wipe(&pattern);
	return once;
}

/* A key that is commented out is put on the line behind. */
static bool
find_commented(struct survey *survey, struct kp_str key, const char *value,
    const char *why)
{
	const struct kp_scan *scan = survey->scan;
	size_t i;

	for (i = 0; has_flat_keys(scan->format) && i < scan->count; i++) {
		const struct kp_item *item = &scan->items[i];
		struct kp_buf path = { 0 };
		bool done;

		if (item->kind != KP_COMMENT ||
		    !kp_str_eq(read_commented(scan, item), key))
			continue;
		add_section(scan, item->parent, &path);
		add_part(&path, key, kp_str_find(key, '.') != KP_NPOS);
		done = kp_buf_ok(&path) &&
		    kp_proposal_add_rule(survey->proposal, KP_PROPOSED_SET,
		        survey->file, kp_buf_view(&path), value, why) != NULL;
		kp_buf_wipe(&path);
		return done;
	}
	return false;
}

static bool
find_all(struct survey *survey, struct kp_str key, const char *value,
    const char *why)
{
	const struct kp_scan *scan = survey->scan;
	bool marker = kp_guess_marker_name(key).len > 0;
	size_t count = 0, fill = 0, i;

	for (i = 0; i < scan->count; i++) {
		if (!is_meant(scan, &scan->items[i], key, marker))
			continue;
		count++;
		fill += kp_guess_is_marker(scan->items[i].value);
	}
	/* Where some are there to be filled in, the others are not meant. */
	for (i = 0; i < scan->count; i++) {
		const struct kp_item *item = &scan->items[i];

		if (is_meant(scan, item, key, marker) &&
		    (fill == 0 || kp_guess_is_marker(item->value)))
			add_rule_at(survey, item, key, value, why);
	}
	if (count > 0)
		return true;
	return marker ? find_part(survey, key, value, why) :
	                find_commented(survey, key, value, why);
}

bool
kp_survey_find(struct kp_proposal *proposal, size_t file,
    const struct kp_format *format, const struct kp_source *src,
    struct kp_str key, const char *value, const char *why,
    struct kp_diags *diags)
{
	struct kp_scan scan;
	struct survey survey = { proposal, &scan, file,
		proposal->files[file].path };
	bool found;

	found = kp_scan_run(&scan, format, src, diags) &&
	    kp_scan_number(&scan, diags) && kp_scan_index(&scan, diags) &&
	    find_all(&survey, key, value, why);
	if (found && has_marks(&scan))
		proposal->files[file].has_marks = true;
	kp_scan_wipe(&scan);
	return found;
}
