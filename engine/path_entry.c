/* SPDX-License-Identifier: ISC */
#include "path_entry.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

#include "arena.h"
#include "cleanup.h"
#include "files.h"
#include "glob.h"
#include "path_cache.h"
#include "path_mount.h"
#include "path_resolve.h"

/* How many names an expansion may look at: a folder that others fill must not stop us for long. */
#define NAMES_MAX 5000

/* A thing that an entry stands for, as far as it has no glob; what glob is left. */
struct base {
	struct writ_resolved path;
	const char *glob;
	enum writ_truth fits; /* whether the names that led here are the glob's */
	struct base *next;
};

struct writ_path_entry {
	struct base *bases;
	bool more; /* it may stand for more than could be seen */
};

/* One entry while it is opened. */
struct opening {
	struct writ_arena *arena;
	const struct writ_files *files;
	struct writ_path_entry *entry;
	struct base **end; /* where the next base is linked */
	unsigned names;    /* looked at so far */
};

/* The next name of a path; *at moves behind it. Length 0: no more. */
static const char *next_name(const char **at, size_t *ret_length)
{
	const char *name = *at + strspn(*at, "/");

	*ret_length = strcspn(name, "/");
	*at = name + *ret_length;
	return name;
}

/* The names of pattern against the first ones of *names, which moves behind what was matched. */
static enum writ_truth match_names(const char **names, const char *pattern, bool glob)
{
	enum writ_truth truth = WRIT_YES;

	for (;;) {
		size_t want_length, length;
		const char *want = next_name(&pattern, &want_length), *name;

		if (want_length == 0 || truth == WRIT_NO)
			return truth;
		name = next_name(names, &length);
		if (length == 0)
			return WRIT_NO;
		if (glob)
			truth = writ_and(truth,
					 writ_glob_match_name(want, want_length, name, length));
		else if (length != want_length || memcmp(name, want, length) != 0)
			truth = WRIT_NO;
	}
}

/* Names on the path below a place: those that the entry lacks on disk (literal), then its glob. */
static enum writ_truth match_tail(const char *names, const char *literal, const char *glob,
				  bool exact)
{
	enum writ_truth truth = match_names(&names, literal, false);

	if (truth != WRIT_NO)
		truth = writ_and(truth, match_names(&names, glob, true));
	return exact && names[strspn(names, "/")] ? WRIT_NO : truth;
}

static bool is_same(const struct writ_place *a, const struct writ_place *b)
{
	return a->dev == b->dev && a->ino == b->ino;
}

/* A file that the entry names: it is the path's end, or it is not. */
static enum writ_truth match_file(const struct base *base, const struct writ_resolved *path)
{
	bool same_text = strcmp(base->path.text, path->text) == 0;
	bool same_file = path->state == WRIT_RESOLVED_FOUND &&
			 is_same(writ_resolved_last(&base->path), writ_resolved_last(path));

	return same_file && same_text ? WRIT_YES : same_file || same_text ? WRIT_UNSURE : WRIT_NO;
}

/* A directory that the entry names, or would if the rest of the entry existed. */
static enum writ_truth match_directory(const struct base *base, const struct writ_resolved *path,
				       bool exact)
{
	const struct writ_place *last = writ_resolved_last(&base->path);
	const char *literal = base->path.text + last->end, *names = path->text;
	enum writ_truth truth = WRIT_NO;

	for (size_t i = 0; i < path->n_places; i++)
		if (is_same(&path->places[i], last))
			truth = writ_or(truth, match_tail(path->text + path->places[i].end, literal,
							  base->glob, exact));
	/* Same text, another directory: the disk changed between the two looks. */
	if (truth == WRIT_NO && match_names(&names, base->path.text, false) == WRIT_YES &&
	    match_tail(names, "", base->glob, exact) != WRIT_NO)
		truth = WRIT_UNSURE;
	return truth;
}

/* A part of the entry's tree that was mounted by itself. */
static enum writ_truth match_mounted(struct writ_path_cache *cache, const struct base *base,
				     const struct writ_resolved *path)
{
	if (base->path.state != WRIT_RESOLVED_FOUND || *base->glob || !writ_mounts_matter(path))
		return WRIT_NO;
	return writ_mounts_hide(writ_path_cache_mounts(cache), path, &base->path);
}

static enum writ_truth match_base(struct writ_path_cache *cache, const struct base *base,
				  const struct writ_resolved *path, bool exact)
{
	enum writ_truth truth;

	if (base->path.state == WRIT_RESOLVED_UNSURE)
		/* a loop, or a name below a file: nothing is there */
		return base->path.error == ELOOP || base->path.error == ENOTDIR ? WRIT_NO
										: WRIT_UNSURE;
	if (base->path.state == WRIT_RESOLVED_MISSING ||
	    S_ISDIR(writ_resolved_last(&base->path)->mode)) {
		truth = match_directory(base, path, exact);
		if (truth == WRIT_NO && !exact)
			truth = match_mounted(cache, base, path);
	} else {
		truth = *base->glob ? WRIT_NO : match_file(base, path);
	}
	return truth == WRIT_YES && !base->path.links_trusted ? WRIT_UNSURE : truth;
}

/* Splits an entry before its first name with a glob character: "/run" and "secrets*". */
static const char *glob_part(const char *entry)
{
	const char *at = entry;
	size_t length;

	for (;;) {
		const char *name = next_name(&at, &length);

		if (length == 0)
			return name;
		if (strcspn(name, "*?[\\") < length)
			return name;
	}
}

static int expand(struct opening *o, const char *directory, const char *glob, enum writ_truth fits);

/* A name in directory that the glob's first name may take; rest is what follows in the glob. */
static int try_name(struct opening *o, const char *directory, const char *glob, const char *name,
		    enum writ_truth fits)
{
	const char *rest = glob, *more, *child;
	size_t length;

	next_name(&rest, &length);
	fits = writ_and(fits, writ_glob_match_name(glob, length, name, strlen(name)));
	if (fits == WRIT_NO || strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
		return 0;
	more = glob_part(rest);
	child = writ_arena_printf(o->arena, "%s/%s%.*s",
				  strcmp(directory, "/") == 0 ? "" : directory, name,
				  (int)(more - rest), rest);
	return child ? expand(o, child, more, fits) : -1;
}

/* What is imagined in the directory counts before what is there. */
static int expand_imagined(struct opening *o, const struct base *base)
{
	const struct writ_imagined *item;
	size_t index = 0;

	while ((item = writ_files_next(o->files, base->path.text, &index)))
		if (try_name(o, base->path.text, base->glob, strrchr(item->path, '/') + 1,
			     base->fits) < 0)
			return -1;
	return 0;
}

/* fd is taken over; -1: the directory is imagined, and may be there all the same. */
static DIR *open_directory(int fd, const char *path)
{
	auto_close int own = fd;
	int again = own >= 0 ? openat(own, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
			     : open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *stream = again >= 0 ? fdopendir(again) : NULL;

	if (!stream && again >= 0)
		close(again);
	return stream;
}

/* Every name in a directory that the glob's first name takes. */
static int expand_directory(struct opening *o, const struct base *base, int fd)
{
	bool imagined = fd < 0;
	auto_closedir DIR *stream = open_directory(fd, base->path.text);
	const struct dirent *entry;

	if (!stream) {
		o->entry->more |= !imagined || errno != ENOENT;
		return 0;
	}
	while (errno = 0, (entry = readdir(stream))) {
		if (++o->names > NAMES_MAX) {
			o->entry->more = true;
			return 0;
		}
		if (try_name(o, base->path.text, base->glob, entry->d_name, base->fits) < 0)
			return -1;
	}
	o->entry->more |= errno != 0;
	return 0;
}

/* Follows path (no glob in it), then glob; the names on disk decide what a glob stands for. */
static int expand(struct opening *o, const char *path, const char *glob, enum writ_truth fits)
{
	struct base *base = writ_arena_alloc(o->arena, 1, sizeof(*base));
	struct writ_resolved_fds fds;

	if (!base)
		return -1;
	base->glob = glob;
	base->fits = fits;
	*o->end = base;
	o->end = &base->next;
	writ_path_resolve(o->arena, o->files, NULL, path, &base->path, &fds);
	writ_cleanup_close(&fds.file);
	if (!*glob || base->path.state != WRIT_RESOLVED_FOUND ||
	    !S_ISDIR(writ_resolved_last(&base->path)->mode)) {
		writ_cleanup_close(&fds.directory);
		return 0;
	}
	if (expand_imagined(o, base) < 0) {
		writ_cleanup_close(&fds.directory);
		return -1;
	}
	return expand_directory(o, base, fds.directory);
}

const struct writ_path_entry *
writ_path_entry_open(struct writ_arena *arena, const struct writ_files *files, const char *entry)
{
	struct opening o = {.arena = arena, .files = files};
	const char *glob = glob_part(entry), *start = "/";

	o.entry = writ_arena_alloc(arena, 1, sizeof(*o.entry));
	if (glob != entry + 1)
		start = writ_arena_strndup(arena, entry, (size_t)(glob - entry));
	if (!o.entry || !start)
		return NULL;
	o.end = &o.entry->bases;
	return expand(&o, start, glob, WRIT_YES) < 0 ? NULL : o.entry;
}

enum writ_truth writ_path_entry_match(struct writ_path_cache *cache,
				      const struct writ_path_entry *entry,
				      const struct writ_resolved *path, bool exact)
{
	enum writ_truth truth = entry->more ? WRIT_UNSURE : WRIT_NO;

	for (const struct base *base = entry->bases; base && truth != WRIT_YES; base = base->next)
		truth = writ_or(truth, writ_and(base->fits, match_base(cache, base, path, exact)));
	return truth;
}

enum writ_truth writ_path_entry_match_text(const char *entry, const char *path, bool exact)
{
	return match_tail(path, "", entry, exact);
}
