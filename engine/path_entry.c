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
#include "path_resolve.h"

/* How many names an expansion may look at: a folder that others fill must not stop us for long. */
#define NAMES_MAX 5000

struct query {
	struct writ_arena *arena;
	const struct writ_files *files;
	const struct writ_resolved *path;
	bool exact;
	unsigned names; /* looked at so far */
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
static enum writ_truth match_file(const struct query *q, const struct writ_resolved *entry)
{
	bool same_text = strcmp(entry->text, q->path->text) == 0;
	bool same_file = q->path->state == WRIT_RESOLVED_FOUND &&
			 is_same(writ_resolved_last(entry), writ_resolved_last(q->path));

	return same_file && same_text ? WRIT_YES : same_file || same_text ? WRIT_UNSURE : WRIT_NO;
}

/* The entry as resolved up to its glob ("" if it has none). */
static enum writ_truth match_resolved(const struct query *q, const struct writ_resolved *entry,
				      const char *glob)
{
	enum writ_truth truth = WRIT_NO;
	const struct writ_place *base;
	const char *literal;

	if (entry->state ==
	    WRIT_RESOLVED_UNSURE) /* a loop, or a name below a file: nothing is there */
		return entry->error == ELOOP || entry->error == ENOTDIR ? WRIT_NO : WRIT_UNSURE;
	base = writ_resolved_last(entry);
	if (entry->state == WRIT_RESOLVED_FOUND && !S_ISDIR(base->mode))
		return *glob ? WRIT_NO : match_file(q, entry);
	literal = entry->text + base->end;
	for (size_t i = 0; i < q->path->n_places; i++)
		if (is_same(&q->path->places[i], base))
			truth = writ_or(truth, match_tail(q->path->text + q->path->places[i].end,
							  literal, glob, q->exact));
	/* Same text, another directory: the disk changed between the two looks. */
	if (truth == WRIT_NO) {
		const char *names = q->path->text;

		if (match_names(&names, entry->text, false) == WRIT_YES &&
		    match_tail(names, "", glob, q->exact) != WRIT_NO)
			truth = WRIT_UNSURE;
	}
	return truth == WRIT_YES && !entry->links_trusted ? WRIT_UNSURE : truth;
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

static enum writ_truth expand(struct query *q, const char *directory, const char *glob);

/* A name in directory that the glob's first name may take; rest is what follows in the glob. */
static enum writ_truth try_name(struct query *q, const char *directory, const char *glob,
				const char *name)
{
	const char *rest = glob, *more, *child;
	enum writ_truth fits;
	size_t length;

	next_name(&rest, &length);
	fits = writ_glob_match_name(glob, length, name, strlen(name));
	if (fits == WRIT_NO || strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
		return WRIT_NO;
	more = glob_part(rest);
	child = writ_arena_printf(q->arena, "%s/%s%.*s",
				  strcmp(directory, "/") == 0 ? "" : directory, name,
				  (int)(more - rest), rest);
	return child ? writ_and(fits, expand(q, child, more)) : WRIT_UNSURE;
}

/* What is imagined in the directory counts before what is there. */
static enum writ_truth expand_imagined(struct query *q, const struct writ_resolved *directory,
				       const char *glob)
{
	enum writ_truth truth = WRIT_NO;
	const struct writ_imagined *item;
	size_t index = 0;

	while ((item = writ_files_next(q->files, directory->text, &index)))
		truth = writ_or(truth,
				try_name(q, directory->text, glob, strrchr(item->path, '/') + 1));
	return truth;
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

/* Every name in a directory that the glob's first name takes, resolved and compared. */
static enum writ_truth expand_directory(struct query *q, const struct writ_resolved *directory,
					int fd, const char *glob)
{
	enum writ_truth truth = expand_imagined(q, directory, glob);
	auto_closedir DIR *stream = open_directory(fd, directory->text);
	const struct dirent *entry;

	if (!stream)
		return fd < 0 && errno == ENOENT ? truth : writ_or(truth, WRIT_UNSURE);
	while (errno = 0, truth != WRIT_YES && (entry = readdir(stream))) {
		if (++q->names > NAMES_MAX)
			return WRIT_UNSURE;
		truth = writ_or(truth, try_name(q, directory->text, glob, entry->d_name));
	}
	return truth != WRIT_YES && errno != 0 ? WRIT_UNSURE : truth;
}

/* Follows path (no glob in it), then glob; the names on disk decide what a glob stands for. */
static enum writ_truth expand(struct query *q, const char *path, const char *glob)
{
	struct writ_resolved resolved;
	enum writ_truth truth;
	int fd;

	writ_path_resolve(q->arena, q->files, NULL, path, &resolved, &fd);
	truth = match_resolved(q, &resolved, glob);
	if (truth == WRIT_YES || !*glob || resolved.state != WRIT_RESOLVED_FOUND ||
	    !S_ISDIR(writ_resolved_last(&resolved)->mode)) {
		writ_cleanup_close(&fd);
		return truth;
	}
	return writ_or(truth, expand_directory(q, &resolved, fd, glob));
}

enum writ_truth writ_path_entry_match(struct writ_arena *arena, const struct writ_files *files,
				      const char *entry, const struct writ_resolved *path,
				      bool exact)
{
	struct query q = {.arena = arena, .files = files, .path = path, .exact = exact};
	const char *glob = glob_part(entry);
	const char *start =
		glob == entry + 1 ? "/" : writ_arena_strndup(arena, entry, (size_t)(glob - entry));

	return start ? expand(&q, start, glob) : WRIT_UNSURE;
}

enum writ_truth writ_path_entry_match_text(const char *entry, const char *path, bool exact)
{
	return match_tail(path, "", entry, exact);
}
