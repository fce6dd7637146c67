/* SPDX-License-Identifier: ISC */
#include "json.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yajl/yajl_parse.h>

#include "arena.h"
#include "error.h"
#include "hash.h"
#include "text.h"

/*
 * yajl calls back for every token; the callbacks hang nodes below the open container. Strings
 * without escapes lie in the text itself and stay there, their closing quote, which yajl has read
 * by then, becoming the terminating NUL: no string of a large policy is copied. Where such a
 * pointer lies in the text is where the value stands; for the rest the number of bytes that yajl
 * has consumed tells.
 */
struct builder {
	struct writ_arena *arena;
	struct writ_error *err;
	yajl_handle handle;
	struct writ_json_source *source;
	char *text; /* the arena's copy */
	size_t length;
	size_t at;                                       /* where the last token stood */
	struct writ_json *open;                          /* innermost container */
	struct writ_json *last[WRIT_JSON_DEPTH_MAX + 1]; /* last member of each open container */
	size_t depth;
	const char *key;
	struct writ_json *root;
	size_t root_end; /* where the object or array at the top ended; 0: not yet, or no such */
	bool failed;     /* err is set */
};

/* yajl hands out pointers into the text or into a buffer of its own. */
static bool inside_text(const struct builder *b, const unsigned char *p)
{
	const char *s = (const char *)p;

	return s >= b->text && s < b->text + b->length;
}

static unsigned line_at(const struct writ_json_source *source, size_t offset)
{
	unsigned line = 1;

	for (size_t i = 0; i < offset && i < source->length; i++)
		line += source->text[i] == '\n';
	return line;
}

unsigned writ_json_line(const struct writ_json *node)
{
	return line_at(node->source, node->offset);
}

static int fail(struct builder *b, const char *what, const char *detail)
{
	if (!b->failed && b->err) {
		snprintf(b->err->file, sizeof(b->err->file), "%s", b->source->file);
		b->err->line = (int)line_at(b->source, b->at);
		writ_error_set(b->err, "%s%s", what, detail);
	}
	b->failed = true;
	return 0;
}

static struct writ_json *add(struct builder *b, enum writ_json_type type)
{
	struct writ_json *node = writ_arena_alloc(b->arena, 1, sizeof(*node));

	if (!node) {
		fail(b, "out of memory", "");
		return NULL;
	}
	node->type = type;
	node->offset = (uint32_t)b->at;
	node->source = b->source;
	node->parent = b->open;
	node->key = b->key;
	b->key = NULL;
	if (!b->open) {
		b->root = node;
		return node;
	}
	if (b->last[b->depth])
		b->last[b->depth]->next = node;
	else
		b->open->first = node;
	b->last[b->depth] = node;
	b->open->length++;
	return node;
}

static void advance(struct builder *b)
{
	size_t consumed = yajl_get_bytes_consumed(b->handle);

	b->at = consumed < b->length ? consumed : b->length;
}

static int on_null(void *ctx)
{
	return add(ctx, WRIT_JSON_NULL) != NULL;
}

static int on_boolean(void *ctx, int value)
{
	return add(ctx, value ? WRIT_JSON_TRUE : WRIT_JSON_FALSE) != NULL;
}

static int on_number(void *ctx, const char *text, size_t length)
{
	struct builder *b = ctx;
	struct writ_json *node;
	char digits[24], *end;
	long long value;

	if (inside_text(b, (const unsigned char *)text))
		b->at = (size_t)(text - b->text);
	if (length < sizeof(digits) && !memchr(text, '.', length) && !memchr(text, 'e', length) &&
	    !memchr(text, 'E', length)) {
		memcpy(digits, text, length);
		digits[length] = '\0';
		errno = 0;
		value = strtoll(digits, &end, 10);
		if (errno == 0 && *end == '\0') {
			node = add(b, WRIT_JSON_INTEGER);
			if (node)
				node->integer = value;
			return node != NULL;
		}
	}
	return add(b, WRIT_JSON_REAL) != NULL;
}

/* The string, terminated: in place, or a copy of what yajl decoded. */
static const char *keep(struct builder *b, const unsigned char *s, size_t length)
{
	char *text;

	if (inside_text(b, s)) {
		text = b->text + ((const char *)s - b->text);
		b->at = (size_t)(text - b->text);
		text[length] = '\0';
		return text;
	}
	advance(b);
	if (memchr(s, '\0', length)) {
		fail(b, "a string holds a NUL character", "");
		return NULL;
	}
	text = writ_arena_strndup(b->arena, (const char *)s, length);
	if (!text)
		fail(b, "out of memory", "");
	return text;
}

static int on_string(void *ctx, const unsigned char *s, size_t length)
{
	struct builder *b = ctx;
	const char *text = keep(b, s, length);
	struct writ_json *node = text ? add(b, WRIT_JSON_STRING) : NULL;

	if (!node)
		return 0;
	node->string = text;
	node->length = length;
	return 1;
}

static int on_key(void *ctx, const unsigned char *s, size_t length)
{
	struct builder *b = ctx;

	b->key = keep(b, s, length);
	return b->key != NULL;
}

static int on_begin(struct builder *b, enum writ_json_type type)
{
	struct writ_json *node;

	advance(b);
	if (b->depth >= WRIT_JSON_DEPTH_MAX)
		return fail(b, "nested too deeply", "");
	node = add(b, type);
	if (!node)
		return 0;
	b->open = node;
	b->last[++b->depth] = NULL;
	return 1;
}

static int on_begin_object(void *ctx)
{
	return on_begin(ctx, WRIT_JSON_OBJECT);
}

static int on_begin_array(void *ctx)
{
	return on_begin(ctx, WRIT_JSON_ARRAY);
}

/* Small objects are compared in pairs; large ones by a table. */
static const struct writ_json *find_duplicate(struct builder *b, const struct writ_json *object)
{
	const struct writ_json **table;
	size_t slots;

	if (object->length <= 8) {
		writ_each (member, object) {
			for (const struct writ_json *m = object->first; m != member; m = m->next)
				if (m->key[0] == member->key[0] && strcmp(m->key, member->key) == 0)
					return member;
		}
		return NULL;
	}
	slots = writ_hash_slots(object->length);
	table = writ_arena_alloc(b->arena, slots, sizeof(*table));
	if (!table)
		return object->first; /* closed when in doubt */
	writ_each (member, object) {
		size_t slot = writ_hash(member->key) & (slots - 1);

		for (; table[slot]; slot = (slot + 1) & (slots - 1))
			if (strcmp(table[slot]->key, member->key) == 0)
				return member;
		table[slot] = member;
	}
	return NULL;
}

static int on_end(void *ctx)
{
	struct builder *b = ctx;

	b->depth--;
	b->open = (struct writ_json *)b->open->parent;
	if (!b->open)
		b->root_end = yajl_get_bytes_consumed(b->handle);
	return 1;
}

static int on_end_object(void *ctx)
{
	struct builder *b = ctx;
	const struct writ_json *twice = find_duplicate(b, b->open);

	if (twice) {
		writ_json_error(twice, b->err, "the key '%s' is given twice", twice->key);
		b->failed = true;
		return 0;
	}
	return on_end(ctx);
}

static const yajl_callbacks callbacks = {
	.yajl_null = on_null,
	.yajl_boolean = on_boolean,
	.yajl_number = on_number,
	.yajl_string = on_string,
	.yajl_start_map = on_begin_object,
	.yajl_map_key = on_key,
	.yajl_end_map = on_end_object,
	.yajl_start_array = on_begin_array,
	.yajl_end_array = on_end,
};

static void syntax_error(struct builder *b)
{
	unsigned char *message =
		yajl_get_error(b->handle, 0, (const unsigned char *)b->text, b->length);
	char line[200] = "cannot be read";

	advance(b);
	if (message) {
		snprintf(line, sizeof(line), "%s", (const char *)message);
		line[strcspn(line, "\n")] = '\0';
		yajl_free_error(b->handle, message);
	}
	fail(b, "not JSON: ", line);
}

static bool is_blank(const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (!memchr(" \t\r\n", text[i], 4))
			return false;
	return true;
}

static int open_source(struct builder *b, const char *file, const char *text, size_t length)
{
	size_t valid;

	b->source = writ_arena_alloc(b->arena, 1, sizeof(*b->source));
	b->text = length < UINT32_MAX ? writ_arena_strndup(b->arena, text, length) : NULL;
	if (!b->source || !b->text)
		return writ_error_set(b->err, "out of memory");
	b->length = length;
	b->source->file = writ_arena_strdup(b->arena, file);
	b->source->text = b->text;
	b->source->length = length;
	if (!b->source->file)
		return writ_error_set(b->err, "out of memory");
	/* Checked here and not by yajl, which lets overlong forms pass. */
	valid = writ_text_valid_prefix(text, length);
	if (valid < length) {
		b->at = valid;
		fail(b, "not JSON: this is not UTF-8", "");
	} else if (is_blank(text, length)) {
		fail(b, "not JSON: the file is empty", "");
	}
	return b->failed ? -1 : 0;
}

const struct writ_json *writ_json_parse(struct writ_arena *arena, const char *file,
					const char *text, size_t length, struct writ_error *err)
{
	struct builder b = {.arena = arena, .err = err};
	yajl_status status;

	if (open_source(&b, file, text, length) < 0)
		return NULL;
	b.handle = yajl_alloc(&callbacks, NULL, &b);
	if (!b.handle) {
		writ_error_set(err, "out of memory");
		return NULL;
	}
	yajl_config(b.handle, yajl_dont_validate_strings, 1);
	status = yajl_parse(b.handle, (const unsigned char *)b.text, length);
	if (status == yajl_status_ok)
		status = yajl_complete_parse(b.handle);
	if (status != yajl_status_ok && !b.failed)
		syntax_error(&b);
	/* The beginning of a token behind the value (a quote, "t") is no error to yajl. */
	if (!b.failed && b.root_end && !is_blank(text + b.root_end, length - b.root_end)) {
		b.at = b.root_end;
		fail(&b, "not JSON: trailing garbage", "");
	}
	yajl_free(b.handle);
	return b.failed ? NULL : b.root;
}

const struct writ_json *writ_json_get(const struct writ_json *object, const char *key)
{
	if (object->type != WRIT_JSON_OBJECT)
		return NULL;
	writ_each (member, object)
		if (member->key[0] == key[0] && strcmp(member->key, key) == 0)
			return member;
	return NULL;
}
