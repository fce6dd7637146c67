/* SPDX-License-Identifier: ISC */
/*
 * URLs with a host (RFC 3986), and hosts with a port. Programs read odd ones differently (two "@",
 * a backslash, "..", other letters than ASCII): those are not read.
 */
#include <arpa/inet.h>
#include <ctype.h>
#include <string.h>

#include "arena.h"
#include "value_types.h"

#define HOST_MAX 253 /* RFC 1035 */

static const char letters_digits[] =
	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

struct reading {
	struct writ_arena *arena;
	struct writ_value *value;
	char *normal; /* a copy of the text */
	bool no_memory;
};

/* In scheme and host case means nothing. */
static void lower(struct reading *r, const char *text, size_t length)
{
	char *p = r->normal + (text - r->value->text);

	for (; length > 0; length--, p++)
		*p = (char)tolower((unsigned char)*p);
}

/* A field with the length bytes at text, as they are in the normal form. */
static void add(struct reading *r, const char *name, const char *text, size_t length)
{
	char *copy = writ_arena_strndup(r->arena, r->normal + (text - r->value->text), length);

	if (!copy ||
	    writ_value_add_field(r->arena, r->value, name, &writ_type_string, copy, false) < 0)
		r->no_memory = true;
}

/* "[::1]" */
static size_t bracketed_length(const char *text, size_t length)
{
	const char *end = memchr(text, ']', length);
	char address[INET6_ADDRSTRLEN];
	struct in6_addr ignored;
	size_t n = end ? (size_t)(end - text) - 1 : 0;

	if (n == 0 || n >= sizeof(address))
		return 0;
	memcpy(address, text + 1, n);
	address[n] = '\0';
	return inet_pton(AF_INET6, address, &ignored) == 1 ? n + 2 : 0;
}

/* Whether a name of n bytes is one thing to all programs: a last label that is a number makes it an
 * address to some ("127.1", "2130706433", "0x7f.1"), so it must be one to all; and a final point
 * makes it another name for the same host. */
static bool is_one_host(const char *text, size_t n)
{
	const char *label = memrchr(text, '.', n);
	char address[INET_ADDRSTRLEN];
	struct in_addr ignored;

	label = label ? label + 1 : text;
	if (label == text + n)
		return false;
	if (!isdigit((unsigned char)*label) ||
	    (strspn(label, "0123456789") < (size_t)(text + n - label) &&
	     (label[0] != '0' || (label[1] | 0x20) != 'x')))
		return true;
	if (n >= sizeof(address))
		return false;
	memcpy(address, text, n);
	address[n] = '\0';
	return inet_pton(AF_INET, address, &ignored) == 1;
}

/* Bytes of the host at text, of length bytes in all; 0: there is none. */
static size_t host_length(const char *text, size_t length)
{
	size_t n = 0;

	if (length > 0 && *text == '[')
		return bracketed_length(text, length);
	while (n < length && (strchr(letters_digits, text[n]) || strchr("._-", text[n])))
		n++;
	if (n > HOST_MAX || n == 0 || strchr(".-", text[0]))
		return 0;
	return is_one_host(text, n) ? n : 0;
}

static bool is_port(const char *text, size_t length)
{
	unsigned port = 0;

	if (length == 0 || length > 5 || *text == '0')
		return false;
	for (size_t i = 0; i < length; i++) {
		if (!isdigit((unsigned char)text[i]))
			return false;
		port = port * 10 + (unsigned)(text[i] - '0');
	}
	return port <= 65535;
}

/* HOST[:PORT] in the length bytes at text. */
static int take_host_port(struct reading *r, const char *text, size_t length)
{
	size_t n = host_length(text, length);

	if (n == 0)
		return -1;
	lower(r, text, n);
	add(r, "host", text, n);
	if (n == length)
		return 0;
	if (text[n] != ':' || !is_port(text + n + 1, length - n - 1))
		return -1;
	add(r, "port", text + n + 1, length - n - 1);
	return 0;
}

/* [USER[:PASSWORD]@]HOST[:PORT] */
static int take_authority(struct reading *r, const char *text, size_t length)
{
	const char *at = memchr(text, '@', length), *colon;
	size_t n = at ? (size_t)(at - text) : 0;

	if (!at)
		return take_host_port(r, text, length);
	if (memchr(text, '[', n) || memchr(text, ']', n))
		return -1;
	colon = memchr(text, ':', n);
	add(r, "user", text, colon ? (size_t)(colon - text) : n);
	if (colon)
		add(r, "password", colon + 1, (size_t)(at - colon) - 1);
	return take_host_port(r, at + 1, length - n - 1);
}

/* Only what may stand in a URL, and whole "%xx". */
static bool is_plain(const char *text)
{
	static const char others[] = "-._~:/?#[]@!$&'()*+,;=";

	for (; *text; text++) {
		if (*text == '%') {
			if (!isxdigit((unsigned char)text[1]) || !isxdigit((unsigned char)text[2]))
				return false;
			text += 2;
		} else if (!strchr(letters_digits, *text) && !strchr(others, *text)) {
			return false;
		}
	}
	return true;
}

/* "." and ".." as a part of the path, also with dots as "%2e": some programs resolve them. */
static bool has_dot_step(const char *path, size_t length)
{
	size_t dots = 0, others = 0;

	for (size_t i = 0; i <= length; i++) {
		if (i == length || path[i] == '/') {
			if (dots > 0 && dots <= 2 && others == 0)
				return true;
			dots = others = 0;
		} else if (path[i] == '.') {
			dots++;
		} else if (strncasecmp(path + i, "%2e", 3) == 0) {
			dots++;
			i += 2;
		} else {
			others++;
		}
	}
	return false;
}

static int take_rest(struct reading *r, const char *text)
{
	size_t path = strcspn(text, "?#"), query;

	if (has_dot_step(text, path) || strpbrk(text, "[]"))
		return -1;
	if (path > 0)
		add(r, "path", text, path);
	text += path;
	if (*text == '?') {
		query = strcspn(++text, "#");
		add(r, "query", text, query);
		text += query;
	}
	if (*text == '#')
		add(r, "fragment", text + 1, strlen(text + 1));
	return 0;
}

static int take_url(struct reading *r)
{
	static const char characters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
					 "0123456789+.-";
	const char *text = r->value->text, *at;
	size_t scheme = strspn(text, characters), authority;

	if (!is_plain(text))
		return -1;
	if (scheme == 0 || !isalpha((unsigned char)*text) || strncmp(text + scheme, "://", 3) != 0)
		return -1;
	lower(r, text, scheme);
	add(r, "scheme", text, scheme);
	at = text + scheme + 3;
	authority = strcspn(at, "/?#");
	if (authority > 0 ? take_authority(r, at, authority) < 0
			  : scheme != 4 || strncasecmp(text, "file", 4) != 0)
		return -1;
	return take_rest(r, at + authority);
}

static int read_with(struct writ_arena *arena, struct writ_value *value, struct writ_error *err,
		     int (*take)(struct reading *r), const char *what)
{
	struct reading r = {.arena = arena, .value = value};

	r.normal = writ_arena_strdup(arena, value->text);
	if (!r.normal)
		return writ_value_no_memory(err);
	if (take(&r) < 0)
		return writ_value_fail(arena, value, err, what);
	value->normal = r.normal;
	return r.no_memory ? writ_value_no_memory(err) : 0;
}

static int read_url(struct writ_arena *arena, struct writ_value *value, struct writ_error *err)
{
	return read_with(arena, value, err, take_url,
			 "is no plain URL (such as https://host/path)");
}

static int take_host(struct reading *r)
{
	return take_host_port(r, r->value->text, strlen(r->value->text));
}

static int read_host_port(struct writ_arena *arena, struct writ_value *value,
			  struct writ_error *err)
{
	return read_with(arena, value, err, take_host, "is no host (such as host, host:443)");
}

static const char *const url_fields[] = {"scheme", "user",  "password", "host", "port",
					 "path",   "query", "fragment", NULL};

const struct writ_value_type writ_type_url = {
	.name = "url",
	.kind = WRIT_VALUE_STRUCTURED,
	.read = read_url,
	.field_names = url_fields,
};

static const char *const host_fields[] = {"host", "port", NULL};

const struct writ_value_type writ_type_host_port = {
	.name = "host_port",
	.kind = WRIT_VALUE_STRUCTURED,
	.read = read_host_port,
	.field_names = host_fields,
	.main_field = "host",
};
