/* SPDX-License-Identifier: ISC */
/*
 * docker run --network: a name, or CSV of KEY=VALUE fields if "=" stands between two word
 * characters anywhere; then everything is lower-cased and trimmed (" NAME=HOST" is host). Fields:
 * name (main; also "host", "none", "bridge", "container:NAME"), alias, ip, ip6, mac-address,
 * link-local-ip, driver-opt
 * ("key=value"), gw-priority.
 */
#include <string.h>

#include "arena.h"
#include "csv.h"
#include "error.h"
#include "value_types.h"

static const char *const fields[] = {"name",       "alias",       "ip",
				     "ip6",        "mac-address", "link-local-ip",
				     "driver-opt", "gw-priority", NULL};

enum kind { TEXT, LIST, PAIR, NUMBER };

static const struct key {
	const char *name;
	enum kind kind;
} keys[] = {
	{"name", TEXT},       {"alias", LIST},         {"ip", TEXT},
	{"ip6", TEXT},        {"mac-address", TEXT},   {"link-local-ip", LIST},
	{"driver-opt", PAIR}, {"gw-priority", NUMBER},
};

static const struct key *find_key(const char *name)
{
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (strcmp(keys[i].name, name) == 0)
			return &keys[i];
	return NULL;
}

static bool is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_';
}

static bool is_long_form(const char *text)
{
	for (const char *p = text; (p = strchr(p, '=')); p++)
		if (p > text && is_word(p[-1]) && is_word(p[1]))
			return true;
	return false;
}

static char *trim(char *s)
{
	static const char blanks[] = "\t\n\v\f\r ";
	size_t n;

	s += strspn(s, blanks);
	for (n = strlen(s); n > 0 && strchr(blanks, s[n - 1]); n--)
		s[n - 1] = '\0';
	return s;
}

/* Atoi: base 10, a sign at most. */
static bool is_number(const char *s)
{
	s += *s == '-' || *s == '+';
	return *s && s[strspn(s, "0123456789")] == '\0' && strlen(s) < 19;
}

static int add(struct writ_arena *arena, struct writ_value *value, const char *name,
	       const char *text, bool repeat)
{
	return writ_value_add_field(arena, value, name, &writ_type_string, text, repeat);
}

/* driver-opt=KEY=VALUE, each trimmed by itself; the last of a key counts. NULL, or what is wrong
 * with it
 * ("" without memory). */
static const char *add_pair(struct writ_arena *arena, struct writ_value *value, char *text)
{
	const struct writ_field *field = writ_value_field(value, "driver-opt");
	char *equals = strchr(text, '=');
	const char *key, *pair;
	size_t length;

	if (!equals || equals == text)
		return "has a driver-opt that is no KEY=VALUE";
	*equals = '\0';
	key = trim(text);
	length = strlen(key);
	pair = writ_arena_printf(arena, "%s=%s", key, trim(equals + 1));
	if (!pair)
		return "";
	for (size_t i = 0; field && i < field->n; i++) {
		if (strncmp(field->values[i], pair, length + 1) == 0) {
			field->values[i] = pair;
			return NULL;
		}
	}
	return add(arena, value, "driver-opt", pair, true) < 0 ? "" : NULL;
}

/* One KEY=VALUE. NULL, or what is wrong with it ("" without memory). */
static const char *read_field(struct writ_arena *arena, struct writ_value *value, const char *text)
{
	char *lower = writ_go_lower(arena, text), *equals = lower ? strchr(lower, '=') : NULL;
	const struct key *key;
	char *content;

	if (!equals || equals == lower)
		return "has a part that is no KEY=VALUE in ASCII";
	*equals = '\0';
	key = find_key(trim(lower));
	if (!key)
		return "has a key that docker does not know";
	content = trim(equals + 1);
	if (key->kind == PAIR)
		return add_pair(arena, value, content);
	if (key->kind == NUMBER && !is_number(content))
		return "has a priority that is no number";
	return add(arena, value, key->name, content, key->kind == LIST) < 0 ? "" : NULL;
}

static const char *read_long_form(struct writ_arena *arena, struct writ_value *value)
{
	const struct writ_field *name;
	const char *wrong = NULL;
	struct writ_csv csv;

	if (writ_csv_read(arena, value->text, &csv, &wrong) < 0)
		return wrong ? wrong : "";
	for (size_t i = 0; i < csv.n && !wrong; i++)
		wrong = read_field(arena, value, csv.fields[i]);
	if (wrong)
		return wrong;
	name = writ_value_field(value, "name");
	return name && *name->values[0] ? NULL : "names no network";
}

static int read_network(struct writ_arena *arena, struct writ_value *value, struct writ_error *err)
{
	const char *wrong = NULL;

	if (!*value->text)
		return writ_value_fail(arena, value, err, "names no network");
	if (!writ_value_is_utf8(value->text))
		return writ_value_fail(arena, value, err, "is not UTF-8");
	if (is_long_form(value->text))
		wrong = read_long_form(arena, value);
	else if (add(arena, value, "name", value->text, false) < 0)
		wrong = "";
	if (!wrong)
		return 0;
	return *wrong ? writ_value_fail(arena, value, err, wrong) : writ_value_no_memory(err);
}

const struct writ_value_type writ_type_docker_network = {
	.name = "docker.network",
	.kind = WRIT_VALUE_STRUCTURED,
	.read = read_network,
	.field_names = fields,
	.main_field = "name",
};
