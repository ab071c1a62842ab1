/* SPDX-License-Identifier: MIT */
/* names - what hosts(5) and resolv.conf(5) say. */
#include "net/names.h"

#define DNS_PORT 53
#define NDOTS_DEFAULT 1
#define NDOTS_MAX 15

/* The next word of *line, blanks between them; false at the end. */
static bool
next_word(struct kp_str *line, struct kp_str *word)
{
	size_t start = 0, end;

	while (start < line->len && kp_is_space(line->ptr[start]))
		start++;
	end = start;
	while (end < line->len && !kp_is_space(line->ptr[end]))
		end++;
	*word = kp_str_slice(*line, start, end);
	*line = kp_str_slice(*line, end, line->len);
	return word->len > 0;
}

static struct kp_str
without_final_dot(struct kp_str name)
{
	if (name.len > 0 && name.ptr[name.len - 1] == '.')
		name.len--;
	return name;
}

/* --- hosts --- */

static struct kp_str
without_comment(struct kp_str line)
{
	size_t mark = kp_str_find(line, '#');

	return mark == KP_NPOS ? line : kp_str_slice(line, 0, mark);
}

static bool
has_word(struct kp_str line, struct kp_str wanted)
{
	struct kp_str word;

	while (next_word(&line, &word)) {
		if (kp_str_eq_nocase(word, wanted))
			return true;
	}
	return false;
}

void
kp_names_hosts(struct kp_str text, struct kp_str name, struct kp_addresses *out)
{
	struct kp_str line, address;

	name = without_final_dot(name);
	while (kp_str_next_line(&text, &line)) {
		line = without_comment(line);
		/* An address that is none has nothing to add. */
		if (next_word(&line, &address) && has_word(line, name))
			(void)!kp_addresses_parse(out, address);
	}
}

/* --- resolv.conf --- */

static void
take_server(struct kp_names_conf *conf, struct kp_str line)
{
	struct kp_addresses *servers = &conf->servers;
	size_t count = servers->count;
	struct kp_str word;

	if (count < KP_NAMES_SERVERS_MAX && next_word(&line, &word) &&
	    kp_addresses_parse(servers, word) && servers->count > count)
		kp_address_set_port(&servers->list[count], DNS_PORT);
}

/* The last of all search and domain lines counts. */
static bool
take_search(struct kp_names_conf *conf, struct kp_str line, size_t most)
{
	struct kp_str word;
	bool good = true;

	kp_list_free(&conf->search);
	while (good && conf->search.count < most && next_word(&line, &word)) {
		struct kp_buf domain = { 0 };

		kp_buf_add(&domain, without_final_dot(word));
		/* "." is no domain: the name is tried as it is anyway. */
		good = kp_buf_ok(&domain) &&
		    (domain.len == 0 ||
		        kp_list_add(&conf->search, domain.data));
		kp_buf_wipe(&domain);
	}
	return good;
}

static void
take_options(struct kp_names_conf *conf, struct kp_str line)
{
	static const char name[] = "ndots:";
	struct kp_str word;
	unsigned long number;

	while (next_word(&line, &word)) {
		if (!kp_str_starts(word, name))
			continue;
		word = kp_str_slice(word, sizeof(name) - 1, word.len);
		if (kp_str_to_number(word, SIZE_MAX, &number))
			conf->ndots =
			    number < NDOTS_MAX ? (unsigned)number : NDOTS_MAX;
	}
}

static bool
take_line(struct kp_names_conf *conf, struct kp_str line)
{
	struct kp_str keyword;

	/* A keyword begins its line. */
	if (line.len == 0 || kp_is_space(line.ptr[0]) ||
	    !next_word(&line, &keyword))
		return true;
	if (kp_str_is(keyword, "nameserver"))
		take_server(conf, line);
	else if (kp_str_is(keyword, "search"))
		return take_search(conf, line, SIZE_MAX);
	else if (kp_str_is(keyword, "domain"))
		return take_search(conf, line, 1);
	else if (kp_str_is(keyword, "options"))
		take_options(conf, line);
	return true;
}

bool
kp_names_conf_parse(struct kp_names_conf *conf, struct kp_str text)
{
	struct kp_str line;
	bool good = true;

	*conf = (struct kp_names_conf){ .ndots = NDOTS_DEFAULT };
	while (good && kp_str_next_line(&text, &line))
		good = take_line(conf, line);
	if (conf->servers.count == 0)
		take_server(conf, kp_str_of("127.0.0.1"));
	return good;
}

static size_t
count_dots(struct kp_str name)
{
	size_t i, count = 0;

	for (i = 0; i < name.len; i++)
		count += name.ptr[i] == '.';
	return count;
}

/*
 * With dots enough the name itself comes first and the domains after it, else
 * it comes last; with a final dot it is the only one.
 */
bool
kp_names_candidate(const struct kp_names_conf *conf, struct kp_str name,
    size_t number, struct kp_buf *out)
{
	bool absolute = kp_str_ends(name, ".");
	bool first = absolute || count_dots(name) >= conf->ndots;
	size_t domains = absolute ? 0 : conf->search.count;
	size_t bare = first ? 0 : domains;

	if (number > domains)
		return false;
	kp_buf_cut(out, 0);
	kp_buf_add(out, without_final_dot(name));
	if (number != bare)
		kp_buf_add_format(out, ".%s",
		    conf->search.items[number - first]);
	return true;
}

void
kp_names_conf_free(struct kp_names_conf *conf)
{
	kp_list_free(&conf->search);
}
