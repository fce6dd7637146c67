/* SPDX-License-Identifier: ISC */
#include "path_mount.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "arena.h"
#include "cleanup.h"
#include "path_resolve.h"

/* A machine with more mounts than fit is not judged. */
#define TABLE_MAX ((size_t)16 << 20)

struct mount {
	uint64_t id;
	const char *device; /* "8:1": the file system, whatever its subvolumes call themselves */
	const char *root;   /* what of it is mounted, as a path inside; "" for all of it */
};

struct writ_mounts {
	struct mount *items;
	size_t n;
};

/* Where something lies in its file system. */
struct position {
	const char *device;
	const char *path; /* absolute; "" for the root */
};

/* "\040" and its like, in place. */
static void unescape(char *text)
{
	char *out = text;

	for (const char *p = text; *p;) {
		unsigned code;

		if (p[0] == '\\' && sscanf(p + 1, "%3o", &code) == 1 && code < 256) {
			*out++ = (char)code;
			p += 4;
		} else {
			*out++ = *p++;
		}
	}
	*out = '\0';
}

/* "36 35 98:0 /root /mount-point options … - type source super-options" */
static int read_line(char *line, struct mount *ret)
{
	char *at = line, *id = strsep(&at, " "), *end;

	strsep(&at, " "); /* the parent */
	ret->device = strsep(&at, " ");
	ret->root = strsep(&at, " ");
	if (!ret->root || !*id)
		return -1;
	ret->id = strtoull(id, &end, 10);
	if (*end)
		return -1;
	unescape((char *)ret->root);
	if (strcmp(ret->root, "/") == 0)
		ret->root = "";
	return 0;
}

/* The whole file; NULL if it is too long, or there is none. */
static char *read_table(struct writ_arena *arena)
{
	auto_close int fd = open("/proc/self/mountinfo", O_RDONLY | O_CLOEXEC | O_NOCTTY);
	size_t size = 32768, used = 0;
	char *text = writ_arena_alloc(arena, size, 1);
	ssize_t n;

	if (fd < 0 || !text)
		return NULL;
	while ((n = read(fd, text + used, size - used - 1)) != 0) {
		if (n < 0 && errno != EINTR)
			return NULL;
		used += n > 0 ? (size_t)n : 0;
		if (used + 1 == size) {
			char *more = size < TABLE_MAX ? writ_arena_alloc(arena, size * 2, 1) : NULL;

			if (!more)
				return NULL;
			text = memcpy(more, text, used);
			size *= 2;
		}
	}
	return text;
}

const struct writ_mounts *writ_mounts_read(struct writ_arena *arena)
{
	struct writ_mounts *mounts = writ_arena_alloc(arena, 1, sizeof(*mounts));
	char *text = read_table(arena), *line;
	size_t lines = 0;

	if (!mounts || !text)
		return NULL;
	for (const char *p = text; *p; p++)
		lines += *p == '\n';
	mounts->items = writ_arena_alloc(arena, lines + 1, sizeof(*mounts->items));
	if (!mounts->items)
		return NULL;
	while ((line = strsep(&text, "\n")) && *line)
		if (read_line(line, &mounts->items[mounts->n++]) < 0)
			return NULL;
	return mounts;
}

static const struct mount *find(const struct writ_mounts *mounts, uint64_t id)
{
	for (size_t i = 0; mounts && i < mounts->n; i++)
		if (mounts->items[i].id == id)
			return &mounts->items[i];
	return NULL;
}

/* The place where the mount begins that the path ends in. 0: it is that of "/". Imagined things are
 * not mounted. */
static size_t last_mount(const struct writ_resolved *path)
{
	for (size_t i = path->n_places; i-- > 1;) {
		const struct writ_place *above = &path->places[i - 1], *place = &path->places[i];

		if (!above->imagined && !place->imagined &&
		    (place->mount != above->mount || place->mount == 0))
			return i;
	}
	return 0;
}

bool writ_mounts_matter(const struct writ_resolved *path)
{
	return last_mount(path) > 0;
}

static int locate(const struct writ_mounts *mounts, const struct writ_resolved *path, size_t from,
		  char *buffer, size_t size, struct position *ret)
{
	const struct writ_place *place = &path->places[from], *last = writ_resolved_last(path);
	const struct mount *mount = place->mount ? find(mounts, place->mount) : NULL;
	int n;

	if (!mount)
		return -1;
	n = snprintf(buffer, size, "%s%.*s", mount->root, (int)(last->end - place->end),
		     path->text + place->end);
	if (n < 0 || (size_t)n >= size)
		return -1;
	ret->device = mount->device;
	ret->path = buffer;
	return 0;
}

/* What is left of path behind directory; NULL if it is not in it. */
static const char *behind(const char *path, const char *directory)
{
	size_t length = strlen(directory);

	if (strncmp(path, directory, length) != 0 || (path[length] && path[length] != '/'))
		return NULL;
	return path + length;
}

/* Whether the mount that begins at the place stands where its part of the entry's tree would stand
 * if the entry were "/". */
static bool is_natural(const struct mount *mount, const struct position *entry,
		       const struct writ_resolved *path, const struct writ_place *place)
{
	const char *part = behind(mount->root, entry->path);

	return part && strlen(part) == place->end && memcmp(part, path->text, place->end) == 0;
}

enum writ_truth writ_mounts_hide(const struct writ_mounts *mounts, const struct writ_resolved *path,
				 const struct writ_resolved *entry)
{
	char here[2 * PATH_MAX], there[2 * PATH_MAX];
	struct position at, of;
	size_t from = last_mount(path);

	if (from == 0 || writ_resolved_last(entry)->imagined)
		return WRIT_NO;
	if (locate(mounts, path, from, here, sizeof(here), &at) < 0 ||
	    locate(mounts, entry, last_mount(entry), there, sizeof(there), &of) < 0)
		return WRIT_UNSURE;
	if (strcmp(at.device, of.device) != 0 || !behind(at.path, of.path))
		return WRIT_NO;
	return is_natural(find(mounts, path->places[from].mount), &of, path, &path->places[from])
		       ? WRIT_NO
		       : WRIT_UNSURE;
}
