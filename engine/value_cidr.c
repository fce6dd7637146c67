/* SPDX-License-Identifier: ISC */
/* Networks: "10.0.0.0/8", "fd00::/8"; an address alone is a network of one. No masks, no names. */
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "value_types.h"

struct network {
	int family;
	unsigned prefix, bits;     /* of how many */
	unsigned char address[16]; /* the first 4, or all */
};

static int parse(const char *text, struct network *ret)
{
	const char *slash = strchr(text, '/'), *digits = slash ? slash + 1 : NULL;
	size_t length = slash ? (size_t)(slash - text) : strlen(text);
	char address[INET6_ADDRSTRLEN];

	if (length >= sizeof(address))
		return -1;
	memcpy(address, text, length);
	address[length] = '\0';
	ret->family = strchr(address, ':') ? AF_INET6 : AF_INET;
	ret->bits = ret->family == AF_INET ? 32 : 128;
	ret->prefix = ret->bits;
	if (inet_pton(ret->family, address, ret->address) != 1)
		return -1;
	if (!digits)
		return 0;
	length = strspn(digits, "0123456789");
	if (length == 0 || length > 3 || digits[length] || (*digits == '0' && length > 1))
		return -1;
	ret->prefix = (unsigned)atoi(digits);
	return ret->prefix <= ret->bits ? 0 : -1;
}

static const char *show(struct writ_arena *arena, const struct network *network)
{
	char text[INET6_ADDRSTRLEN];

	if (!inet_ntop(network->family, network->address, text, sizeof(text)))
		return NULL;
	return writ_arena_strdup(arena, text);
}

static int add(struct writ_arena *arena, struct writ_value *value, const char *name,
	       const char *text)
{
	return text ? writ_value_add_field(arena, value, name, &writ_type_string, text, false) : -1;
}

static int read_cidr(struct writ_arena *arena, struct writ_value *value, struct writ_error *err)
{
	struct network network;
	const char *address, *start, *prefix;

	if (parse(value->text, &network) < 0)
		return writ_value_fail(arena, value, err, "is no network (such as 10.0.0.0/8)");
	address = show(arena, &network);
	prefix = writ_arena_printf(arena, "%u", network.prefix);
	for (unsigned bit = network.prefix; bit < network.bits; bit++)
		network.address[bit / 8] &= (unsigned char)~(0x80u >> bit % 8);
	start = show(arena, &network);
	if (!address || !prefix || !start ||
	    !(value->normal = writ_arena_printf(arena, "%s/%s", address, prefix)) ||
	    add(arena, value, "address", address) < 0 || add(arena, value, "prefix", prefix) < 0 ||
	    add(arena, value, "network", writ_arena_printf(arena, "%s/%s", start, prefix)) < 0)
		return writ_value_no_memory(err);
	return 0;
}

/* network: with the bits behind the prefix cleared, which many programs do by themselves. */
static const char *const fields[] = {"address", "prefix", "network", NULL};

const struct writ_value_type writ_type_cidr = {
	.name = "cidr",
	.kind = WRIT_VALUE_STRUCTURED,
	.read = read_cidr,
	.field_names = fields,
};
