/* SPDX-License-Identifier: ISC */
/* Paths: those that a program opens on this host, and those that mean a place inside a container.
 */
#include <string.h>

#include "arena.h"
#include "error.h"
#include "value_types.h"

/* Where a path leads is the path matcher's question; as a value any text is one. */
static int read_path(struct writ_arena *arena, struct writ_value *value, struct writ_error *err)
{
	(void)arena;
	(void)value;
	(void)err;
	return 0;
}

const struct writ_value_type writ_type_path = {
	.name = "path",
	.kind = WRIT_VALUE_PATH,
	.read = read_path,
};

static bool has_parent_step(const char *path)
{
	for (const char *p = path; (p = strstr(p, "..")); p += 2)
		if ((p == path || p[-1] == '/') && (p[2] == '\0' || p[2] == '/'))
			return true;
	return false;
}

/* No file system of ours can tell where links inside a container lead: only plain absolute paths.
 */
static int read_path_inside(struct writ_arena *arena, struct writ_value *value,
			    struct writ_error *err)
{
	char *clean;

	if (value->text[0] != '/')
		return writ_value_fail(arena, value, err, "is no absolute path");
	if (has_parent_step(value->text))
		return writ_value_fail(arena, value, err, "has '..' in it");
	clean = writ_go_clean(arena, value->text);
	if (!clean)
		return writ_value_no_memory(err);
	if (strcmp(clean, value->text) != 0)
		value->normal = clean;
	return 0;
}

const struct writ_value_type writ_type_path_inside = {
	.name = "path.inside",
	.kind = WRIT_VALUE_STRING,
	.read = read_path_inside,
};

char *writ_go_clean(struct writ_arena *arena, const char *path)
{
	bool rooted = path[0] == '/';
	size_t length = strlen(path), used = 0, floor; /* floor: what ".." may not take away */
	char *out = writ_arena_alloc(arena, length + 2, 1);

	if (!out)
		return NULL;
	if (rooted)
		out[used++] = '/';
	floor = used;
	for (const char *p = path; *p;) {
		size_t n = strcspn(p, "/");
		bool parent = n == 2 && p[0] == '.' && p[1] == '.';

		if (n == 0 || (n == 1 && p[0] == '.')) {
			/* nothing */
		} else if (parent && used > floor) {
			while (--used > floor && out[used] != '/')
				;
		} else if (!parent || !rooted) {
			if (used > 0 && out[used - 1] != '/')
				out[used++] = '/';
			memcpy(out + used, p, n);
			used += n;
			if (parent)
				floor = used;
		}
		p += n + (p[n] == '/');
	}
	if (used == 0)
		out[used++] = '.';
	out[used] = '\0';
	return out;
}
