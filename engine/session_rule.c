/* SPDX-License-Identifier: ISC */
#include "session_rule.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "cleanup.h"
#include "json.h"
#include "loader.h"
#include "request.h"
#include "string_list.h"

struct reading {
	struct writ_loader *loader;
	struct writ_session_rule *rule;
};

/* "10.0.0.0/8", "::1", as network address, its length in bytes and the number of bits that count.
 */
struct network {
	unsigned char address[16];
	size_t length;
	unsigned bits;
};

/* What stands before an IPv4 address in an IPv6 one (RFC 4291 section 2.5.5.2). */
static const unsigned char mapped[12] = {[10] = 0xff, [11] = 0xff};

static int parse_address(const char *text, struct network *ret)
{
	if (inet_pton(AF_INET, text, ret->address) == 1)
		ret->length = 4;
	else if (inet_pton(AF_INET6, text, ret->address) == 1)
		ret->length = 16;
	else
		return -1;
	ret->bits = (unsigned)ret->length * 8;
	/* ::ffff:10.0.0.7 is the same caller as 10.0.0.7. */
	if (ret->length == 16 && memcmp(ret->address, mapped, sizeof(mapped)) == 0) {
		memmove(ret->address, ret->address + sizeof(mapped), 4);
		ret->length = 4;
		ret->bits = 32;
	}
	return 0;
}

/* An address that is a part of a text. */
static int parse_part(const char *text, size_t length, struct network *ret)
{
	char address[INET6_ADDRSTRLEN];

	if (length >= sizeof(address))
		return -1;
	memcpy(address, text, length);
	address[length] = '\0';
	return parse_address(address, ret);
}

static int parse_network(const char *text, struct network *ret)
{
	const char *slash = strchr(text, '/');
	unsigned long bits;
	char *end;

	if (parse_part(text, slash ? (size_t)(slash - text) : strlen(text), ret) < 0)
		return -1;
	if (!slash)
		return 0;
	if (slash[1] < '0' || slash[1] > '9')
		return -1;
	bits = strtoul(slash + 1, &end, 10);
	if (*end || bits > ret->bits)
		return -1;
	ret->bits = (unsigned)bits;
	return 0;
}

static bool contains(const struct network *network, const struct network *address)
{
	unsigned whole = network->bits / 8, rest = network->bits % 8;
	unsigned char mask = (unsigned char)(0xff00 >> rest);

	if (network->length != address->length ||
	    memcmp(network->address, address->address, whole) != 0)
		return false;
	return rest == 0 || (network->address[whole] & mask) == (address->address[whole] & mask);
}

static int read_tagged(const struct writ_json *json, void *object, struct writ_error *err)
{
	struct reading *r = object;

	r->rule->tagged_given = true;
	return writ_json_bool(json, &r->rule->tagged, err);
}

static int read_service(const struct writ_json *json, void *object, struct writ_error *err)
{
	struct reading *r = object;

	return writ_json_strings(r->loader->arena, json, true, &r->rule->services,
				 &r->rule->n_services, err);
}

static int read_key(const struct writ_json *json, void *object, struct writ_error *err)
{
	struct reading *r = object;

	if (writ_json_strings(r->loader->arena, json, true, &r->rule->keys, &r->rule->n_keys, err) <
	    0)
		return -1;
	for (size_t i = 0; i < r->rule->n_keys; i++)
		if (strncmp(r->rule->keys[i], "SHA256:", 7) != 0)
			return writ_json_error(json, err,
					       "'%s' is no fingerprint as ssh-keygen -l prints it",
					       r->rule->keys[i]);
	return 0;
}

static int read_from(const struct writ_json *json, void *object, struct writ_error *err)
{
	struct reading *r = object;
	struct network network;

	if (writ_json_strings(r->loader->arena, json, true, &r->rule->from, &r->rule->n_from, err) <
	    0)
		return -1;
	for (size_t i = 0; i < r->rule->n_from; i++)
		if (parse_network(r->rule->from[i], &network) < 0)
			return writ_json_error(json, err, "'%s' is no address or network",
					       r->rule->from[i]);
	return 0;
}

static const struct writ_json_field fields[] = {
	{"tagged", false, read_tagged},
	{"service", false, read_service},
	{"key", false, read_key},
	{"from", false, read_from},
};

int writ_session_rule_load(struct writ_loader *loader, const struct writ_json *json,
			   const struct writ_session_rule **ret, struct writ_error *err)
{
	struct reading r = {.loader = loader};

	r.rule = writ_arena_alloc(loader->arena, 1, sizeof(*r.rule));
	if (!r.rule)
		return writ_json_error(json, err, "out of memory");
	if (writ_json_fields(json, fields, ARRAY_SIZE(fields), &r, err) < 0)
		return -1;
	*ret = r.rule;
	return 0;
}

static bool is_one_of(const char *const *list, size_t n, const char *text)
{
	return n == 0 || (text && writ_strings_have(list, n, text));
}

static bool comes_from(const struct writ_session_rule *rule, const char *from)
{
	struct network address, network;

	if (rule->n_from == 0)
		return true;
	/* A link-local address comes with its interface: fe80::1%eth0. */
	if (!from || parse_part(from, strcspn(from, "%"), &address) < 0)
		return false;
	for (size_t i = 0; i < rule->n_from; i++)
		if (parse_network(rule->from[i], &network) == 0 && contains(&network, &address))
			return true;
	return false;
}

bool writ_session_rule_holds(const struct writ_session_rule *rule,
			     const struct writ_session *session)
{
	static const struct writ_session untagged = {0};

	if (!rule)
		return true;
	if (!session)
		session = &untagged;
	if (rule->tagged_given && rule->tagged != session->tagged)
		return false;
	return is_one_of(rule->services, rule->n_services, session->service) &&
	       is_one_of(rule->keys, rule->n_keys, session->key) && comes_from(rule, session->from);
}
