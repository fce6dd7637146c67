/* SPDX-License-Identifier: ISC */
/* Reading typed members out of a JSON tree, with errors that say where. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "arena.h"
#include "error.h"
#include "json.h"
#include "text.h"

static size_t index_of(const struct writ_json *node)
{
	size_t i = 0;

	for (const struct writ_json *m = node->parent->first; m != node; m = m->next)
		i++;
	return i;
}

static bool is_plain_key(const char *key)
{
	static const char plain[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";

	return key[0] && key[strspn(key, plain)] == '\0';
}

/* Writes "$.rules[3].options" into out, from the root down. */
static size_t write_path(const struct writ_json *node, char *out, size_t size)
{
	size_t used;

	if (!node->parent)
		return (size_t)snprintf(out, size, "$");
	used = write_path(node->parent, out, size);
	if (used >= size)
		return used;
	if (!node->key)
		return used + (size_t)snprintf(out + used, size - used, "[%zu]", index_of(node));
	if (is_plain_key(node->key))
		return used + (size_t)snprintf(out + used, size - used, ".%s", node->key);
	return used + (size_t)snprintf(out + used, size - used, "[\"%s\"]", node->key);
}

/* Messages quote names from the file; a terminal may show them. */
static void make_printable(char *s)
{
	for (; *s; s++)
		if ((unsigned char)*s < 0x20 || (unsigned char)*s == 0x7f)
			*s = '?';
}

int writ_json_error(const struct writ_json *node, struct writ_error *err, const char *format, ...)
{
	va_list args;

	if (!err)
		return -1;
	snprintf(err->file, sizeof(err->file), "%s", node->source->file);
	err->line = (int)writ_json_line(node);
	write_path(node, err->path, sizeof(err->path));
	make_printable(err->path);
	va_start(args, format);
	vsnprintf(err->message, sizeof(err->message), format, args);
	va_end(args);
	make_printable(err->message);
	return -1;
}

const char *writ_json_type_name(const struct writ_json *node)
{
	switch (node->type) {
	case WRIT_JSON_NULL:
		return "null";
	case WRIT_JSON_FALSE:
		return "false";
	case WRIT_JSON_TRUE:
		return "true";
	case WRIT_JSON_INTEGER:
		return "an integer";
	case WRIT_JSON_REAL:
		return "a number with a fraction or out of range";
	case WRIT_JSON_STRING:
		return "a string";
	case WRIT_JSON_ARRAY:
		return "an array";
	case WRIT_JSON_OBJECT:
		return "an object";
	}
	return "unknown";
}

static int expected(const struct writ_json *json, struct writ_error *err, const char *what)
{
	return writ_json_error(json, err, "expected %s, not %s", what, writ_json_type_name(json));
}

static int unknown_key(const struct writ_json *member, const struct writ_json_field *fields,
		       size_t n, struct writ_error *err)
{
	const char *names[64];
	const char *nearest;
	size_t i;

	for (i = 0; i < n && i < 64; i++)
		names[i] = fields[i].key;
	nearest = writ_text_nearest(member->key, names, i);
	if (nearest)
		return writ_json_error(member, err, "unknown key '%s' (did you mean '%s'?)",
				       member->key, nearest);
	return writ_json_error(member, err, "unknown key '%s'", member->key);
}

static const struct writ_json_field *find_field(const struct writ_json_field *fields, size_t n,
						const char *key)
{
	for (size_t i = 0; i < n; i++)
		if (fields[i].key[0] == key[0] && strcmp(fields[i].key, key) == 0)
			return &fields[i];
	return NULL;
}

int writ_json_fields(const struct writ_json *json, const struct writ_json_field *fields, size_t n,
		     void *object, struct writ_error *err)
{
	if (json->type != WRIT_JSON_OBJECT)
		return expected(json, err, "an object");
	writ_each (member, json) {
		const struct writ_json_field *field = find_field(fields, n, member->key);
		const char *note;

		if (!field && strcmp(member->key, "note") == 0) {
			if (writ_json_string(member, &note, err) < 0)
				return -1;
			continue;
		}
		if (!field)
			return unknown_key(member, fields, n, err);
		if (field->read && field->read(member, object, err) < 0)
			return -1;
	}
	for (size_t i = 0; i < n; i++)
		if (fields[i].required && !writ_json_get(json, fields[i].key))
			return writ_json_error(json, err, "the key '%s' is missing", fields[i].key);
	return 0;
}

int writ_json_string(const struct writ_json *json, const char **ret, struct writ_error *err)
{
	if (json->type != WRIT_JSON_STRING)
		return expected(json, err, "a string");
	*ret = json->string;
	return 0;
}

int writ_json_bool(const struct writ_json *json, bool *ret, struct writ_error *err)
{
	if (json->type != WRIT_JSON_TRUE && json->type != WRIT_JSON_FALSE)
		return expected(json, err, "true or false");
	*ret = json->type == WRIT_JSON_TRUE;
	return 0;
}

int writ_json_int(const struct writ_json *json, int64_t low, int64_t high, int64_t *ret,
		  struct writ_error *err)
{
	if (json->type != WRIT_JSON_INTEGER)
		return expected(json, err, "an integer");
	if (json->integer < low || json->integer > high)
		return writ_json_error(json, err,
				       "%" PRId64 " is not between %" PRId64 " and %" PRId64,
				       json->integer, low, high);
	*ret = json->integer;
	return 0;
}

int writ_json_strings(struct writ_arena *arena, const struct writ_json *json, bool single,
		      const char *const **ret, size_t *ret_n, struct writ_error *err)
{
	bool one = single && json->type == WRIT_JSON_STRING;
	const char **list;
	size_t n = 0;

	if (!one && json->type != WRIT_JSON_ARRAY)
		return expected(json, err,
				single ? "a string or a list of strings" : "a list of strings");
	if (!one && json->length == 0)
		return writ_json_error(json, err, "the list is empty");
	list = writ_arena_alloc(arena, one ? 1 : json->length, sizeof(*list));
	if (!list)
		return writ_json_error(json, err, "out of memory");
	if (one) {
		list[n++] = writ_arena_strdup(arena, json->string);
	} else {
		writ_each (member, json) {
			const char *s = NULL;

			if (writ_json_string(member, &s, err) < 0)
				return -1;
			list[n++] = writ_arena_strdup(arena, s);
		}
	}
	for (size_t i = 0; i < n; i++)
		if (!list[i])
			return writ_json_error(json, err, "out of memory");
	*ret = list;
	*ret_n = n;
	return 0;
}
