/* SPDX-License-Identifier: ISC */
#include "files.h"

#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "error.h"
#include "json.h"
#include "path.h"

/* Somebody who is not root, for names of users: a test must not depend on who exists. */
#define OTHER_UID 65534

#define ITEMS_MAX 4096

static int compare(const void *a, const void *b)
{
	const struct writ_imagined *x = a, *y = b;

	return strcmp(x->path, y->path);
}

const struct writ_imagined *writ_files_find(const struct writ_files *files, const char *path)
{
	struct writ_imagined key = {.path = path};

	if (!files || files->n == 0)
		return NULL;
	return bsearch(&key, files->items, files->n, sizeof(key), compare);
}

const struct writ_imagined *writ_files_next(const struct writ_files *files, const char *directory,
					    size_t *index)
{
	size_t length = strcmp(directory, "/") == 0 ? 0 : strlen(directory);

	while (files && *index < files->n) {
		const struct writ_imagined *item = &files->items[(*index)++];
		const char *rest = item->path + length;

		if (strncmp(item->path, directory, length) == 0 && rest[0] == '/' && rest[1] &&
		    !strchr(rest + 1, '/'))
			return item;
	}
	return NULL;
}

/* Absolute, plain, with or without a final slash. */
static bool is_plain_path(const char *path)
{
	if (path[0] != '/' || strlen(path) >= PATH_MAX)
		return false;
	for (const char *p = path; *p;) {
		size_t n = strcspn(++p, "/");

		if (n == 0)
			return *p == '\0' && p > path;
		if ((n == 1 && p[0] == '.') || (n == 2 && p[0] == '.' && p[1] == '.'))
			return false;
		p += n;
	}
	return true;
}

/* "root 0755" */
static int read_owner_and_mode(const struct writ_json *json, struct writ_imagined *item,
			       struct writ_error *err)
{
	const char *blank = strchr(json->string, ' ');
	size_t name = blank ? (size_t)(blank - json->string) : 0;
	const char *mode = blank ? blank + 1 : "";
	unsigned long owner;
	char *end;

	if (name == 0 || strlen(mode) < 3 || strlen(mode) > 4 || mode[strspn(mode, "01234567")])
		return writ_json_error(json, err,
				       "expected an owner and an octal mode (\"root 0644\"), or "
				       "\"-> TARGET\"");
	item->mode = (mode_t)strtoul(mode, NULL, 8);
	item->owner = OTHER_UID;
	if (name == 4 && memcmp(json->string, "root", 4) == 0) {
		item->owner = 0;
	} else if (strspn(json->string, "0123456789") == name) {
		owner = strtoul(json->string, &end, 10);
		if (name > 10 || owner >= UINT32_MAX)
			return writ_json_error(json, err, "no user has this number");
		item->owner = (uid_t)owner;
	}
	return 0;
}

static int read_item(struct writ_arena *arena, const struct writ_json *json,
		     struct writ_imagined *item, struct writ_error *err)
{
	size_t length = strlen(json->key);
	bool directory = json->key[length - 1] == '/';
	const char *text;

	while (length > 1 && json->key[length - 1] == '/')
		length--;
	item->path = writ_arena_strndup(arena, json->key, length);
	if (!item->path)
		return writ_json_error(json, err, "no memory");
	if (json->type == WRIT_JSON_NULL)
		return directory ? writ_json_error(json, err, "what is missing ends without \"/\"")
				 : 0;
	if (writ_json_string(json, &text, err) < 0)
		return -1;
	if (strncmp(text, "-> ", 3) == 0) {
		item->kind = WRIT_FILE_LINK;
		item->target = writ_arena_strdup(arena, text + 3);
		if (directory || !text[3] || strlen(text + 3) >= PATH_MAX)
			return writ_json_error(json, err, "a link has a target and no final \"/\"");
		return item->target ? 0 : writ_json_error(json, err, "no memory");
	}
	item->kind = directory ? WRIT_FILE_DIRECTORY : WRIT_FILE_REGULAR;
	return read_owner_and_mode(json, item, err);
}

/* The directories above path, "/" included, into items; their number. */
static size_t add_parents(struct writ_arena *arena, const char *path, struct writ_imagined *items)
{
	size_t n = 0;

	if (strcmp(path, "/") == 0)
		return 0;
	for (const char *slash = path; slash; slash = strchr(slash + 1, '/')) {
		size_t length = slash == path ? 1 : (size_t)(slash - path);

		items[n++] = (struct writ_imagined) {
			.path = writ_arena_strndup(arena, path, length),
			.kind = WRIT_FILE_DIRECTORY,
			.mode = 0755,
			.implied = true,
		};
	}
	return n;
}

/* Sorts, and leaves one item of each path: what is named goes before what is implied. */
static int settle(struct writ_files *files, struct writ_imagined *items, size_t n,
		  const struct writ_json *json, struct writ_error *err)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++)
		if (!items[i].path)
			return writ_json_error(json, err, "no memory");
	qsort(items, n, sizeof(*items), compare);
	for (size_t i = 0; i < n; i++) {
		struct writ_imagined *last = kept > 0 ? &items[kept - 1] : NULL;

		if (!last || strcmp(last->path, items[i].path) != 0) {
			items[kept++] = items[i];
			continue;
		}
		if (!last->implied && !items[i].implied)
			return writ_json_error(json, err, "'%s' is there twice", last->path);
		if (last->implied)
			*last = items[i];
		if (last->kind != WRIT_FILE_DIRECTORY)
			return writ_json_error(json, err, "'%s' is no directory, but has files",
					       last->path);
	}
	files->items = items;
	files->n = kept;
	return 0;
}

/* How many items and parents the object makes; 0 with err if a name is none. */
static size_t count_items(const struct writ_json *json, struct writ_error *err)
{
	size_t n = 1;

	writ_each (member, json) {
		if (!is_plain_path(member->key)) {
			writ_json_error(member, err, "expected an absolute path without \"..\"");
			return 0;
		}
		n++;
		for (const char *p = member->key; *p; p++)
			n += *p == '/';
		if (n > ITEMS_MAX) {
			writ_json_error(member, err, "too many files");
			return 0;
		}
	}
	return n;
}

struct writ_files *writ_files_parse(struct writ_arena *arena, const struct writ_json *json,
				    struct writ_error *err)
{
	struct writ_files *files = writ_arena_alloc(arena, 1, sizeof(*files));
	struct writ_imagined *items;
	size_t n = 0, most;

	if (json->type != WRIT_JSON_OBJECT) {
		writ_json_error(json, err, "expected an object, not %s", writ_json_type_name(json));
		return NULL;
	}
	most = count_items(json, err);
	if (most == 0)
		return NULL;
	items = writ_arena_alloc(arena, most, sizeof(*items));
	if (!files || !items) {
		writ_json_error(json, err, "no memory");
		return NULL;
	}
	writ_each (member, json) {
		if (read_item(arena, member, &items[n], err) < 0)
			return NULL;
		n++;
		n += add_parents(arena, items[n - 1].path, &items[n]);
	}
	return settle(files, items, n, json, err) < 0 ? NULL : files;
}
