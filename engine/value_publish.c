/* SPDX-License-Identifier: ISC */
/*
 * docker run -p: [[IP:]HOST_PORT:]CONTAINER_PORT[/PROTOCOL], ports alone or in ranges; a value with
 * "=" is first rewritten from published=…,target=…,protocol=…, as the client does. Fields: ip (as
 * typed, without brackets), host_port and container_port (decimal, "8000" or "8000-8010"), protocol
 * (tcp if not given).
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "arena.h"
#include "error.h"
#include "value_types.h"

static const char *const fields[] = {"ip", "host_port", "container_port", "protocol", NULL};

struct range {
	unsigned first, last;
};

/* ParseUint(s, 10, 16): digits alone. */
static int parse_port(const char *s, size_t length, unsigned *ret)
{
	unsigned n = 0;

	if (length == 0)
		return -1;
	for (size_t i = 0; i < length; i++) {
		if (s[i] < '0' || s[i] > '9')
			return -1;
		n = n * 10 + (unsigned)(s[i] - '0');
		if (n > 65535)
			return -1;
	}
	*ret = n;
	return 0;
}

/* "80", "80-90"; the client ignores what follows a second "-". */
static int parse_range(const char *s, struct range *ret)
{
	const char *dash = strchr(s, '-');

	if (parse_port(s, dash ? (size_t)(dash - s) : strlen(s), &ret->first) < 0)
		return -1;
	ret->last = ret->first;
	if (dash && parse_port(dash + 1, strcspn(dash + 1, "-"), &ret->last) < 0)
		return -1;
	return ret->last < ret->first ? -1 : 0;
}

static const char *show_range(struct writ_arena *arena, const struct range *range)
{
	char text[16];

	if (range->first == range->last)
		snprintf(text, sizeof(text), "%u", range->first);
	else
		snprintf(text, sizeof(text), "%u-%u", range->first, range->last);
	return writ_arena_strdup(arena, text);
}

/* Strips brackets. The address, "" for none, or NULL if it is none. */
static const char *parse_ip(char *s)
{
	struct in6_addr address;
	size_t length = strlen(s);

	if (s[0] == '[') {
		if (length < 2 || strcspn(s + 1, "[]") != length - 2 || s[length - 1] != ']')
			return NULL;
		s[length - 1] = '\0';
		s++;
	}
	if (!*s || inet_pton(AF_INET, s, &address) == 1 || inet_pton(AF_INET6, s, &address) == 1)
		return s;
	return NULL;
}

/* Cuts "80/udp/x" into port and protocol; anything behind a second slash is ignored. NULL: unknown.
 */
static const char *take_protocol(struct writ_arena *arena, char *port)
{
	static const char *const known[] = {"tcp", "udp", "sctp"};
	char *slash = strchr(port, '/');
	const char *protocol;

	if (!slash)
		return "tcp";
	*slash++ = '\0';
	slash[strcspn(slash, "/")] = '\0';
	if (!*slash)
		return "tcp";
	protocol = writ_go_lower(arena, slash);
	for (size_t i = 0; protocol && i < sizeof(known) / sizeof(known[0]); i++)
		if (strcmp(protocol, known[i]) == 0)
			return known[i];
	return NULL;
}

/* published=80,target=80,protocol=tcp → 80:80/tcp; unknown keys are ignored, the last of a key
 * counts. NULL if a part is no NAME=VALUE, or has a second "=", which clients of different age read
 * differently. */
static char *from_long_form(struct writ_arena *arena, const char *text)
{
	const char *published = "", *target = "", *protocol = "tcp";
	char *copy = writ_arena_strdup(arena, text), *next;

	for (char *part = copy; part; part = next) {
		char *equals;

		next = strchr(part, ',');
		if (next)
			*next++ = '\0';
		equals = strchr(part, '=');
		if (!equals || equals == part || strchr(equals + 1, '='))
			return NULL;
		*equals++ = '\0';
		if (strcmp(part, "published") == 0)
			published = equals;
		else if (strcmp(part, "target") == 0)
			target = equals;
		else if (strcmp(part, "protocol") == 0)
			protocol = equals;
	}
	return writ_arena_printf(arena, "%s:%s/%s", published, target, protocol);
}

struct parts {
	const char *ip, *host, *container, *protocol;
};

/* NULL, or what is wrong. */
static const char *judge(struct writ_arena *arena, char *spec, struct parts *ret)
{
	struct range container, host = {0};
	char *ip = NULL, *colon = strrchr(spec, ':'), *container_text = spec;
	const char *host_text = "";

	if (colon) {
		container_text = colon + 1;
		*colon = '\0';
		colon = strrchr(spec, ':');
		host_text = colon ? colon + 1 : spec;
		if (colon) {
			*colon = '\0';
			ip = spec;
		}
	}
	ret->protocol = take_protocol(arena, container_text);
	if (!ret->protocol)
		return "has no protocol that docker knows (tcp, udp, sctp)";
	ret->ip = ip && *ip ? parse_ip(ip) : "";
	if (!ret->ip)
		return "has no IP address where one is expected";
	if (parse_range(container_text, &container) < 0)
		return "has no container port";
	if (*host_text && parse_range(host_text, &host) < 0)
		return "has no host port where one is expected";
	if (*host_text && container.first != container.last &&
	    container.last - container.first != host.last - host.first)
		return "has two ranges of different length";
	ret->container = show_range(arena, &container);
	ret->host = *host_text ? show_range(arena, &host) : "";
	return NULL;
}

static int add(struct writ_arena *arena, struct writ_value *value, const char *name,
	       const char *text)
{
	if (!text)
		return -1;
	if (!*text)
		return 0;
	return writ_value_add_field(arena, value, name, &writ_type_string, text, false);
}

static int read_publish(struct writ_arena *arena, struct writ_value *value, struct writ_error *err)
{
	bool long_form = strchr(value->text, '=') != NULL;
	struct parts parts = {0};
	const char *wrong;
	char *spec = long_form ? from_long_form(arena, value->text)
			       : writ_arena_strdup(arena, value->text);

	if (!spec)
		return long_form ? writ_value_fail(arena, value, err, "is no port to publish")
				 : writ_value_no_memory(err);
	wrong = judge(arena, spec, &parts);
	if (wrong)
		return writ_value_fail(arena, value, err, wrong);
	if (add(arena, value, "ip", parts.ip) < 0 ||
	    add(arena, value, "host_port", parts.host) < 0 ||
	    add(arena, value, "container_port", parts.container) < 0 ||
	    add(arena, value, "protocol", parts.protocol) < 0)
		return writ_value_no_memory(err);
	return 0;
}

const struct writ_value_type writ_type_docker_publish = {
	.name = "docker.publish",
	.kind = WRIT_VALUE_STRUCTURED,
	.read = read_publish,
	.field_names = fields,
};
