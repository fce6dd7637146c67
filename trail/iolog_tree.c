/* SPDX-License-Identifier: ISC */
#include "iolog_tree.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "arena.h"
#include "cleanup.h"
#include "error.h"
#include "hash.h"
#include "iolog.h"

/* Entries of a folder that are looked at: more are counted as unreadable, not kept in memory. */
#define NAMES_MAX 1000000
/* Longer names are no event's. */
#define EVENT_SIZE 128

struct walk {
	bool (*each)(void *data, const char *tsid);
	void *data;
	size_t unreadable;
	char path[PATH_MAX]; /* below the top */
	size_t length;
	bool no_memory;
};

struct names {
	char **items;
	size_t n, allocated;
	bool is_log;
};

static void names_done(struct names *names)
{
	for (size_t i = 0; i < names->n; i++)
		free(names->items[i]);
	free(names->items);
}

static bool names_add(struct names *names, const char *name)
{
	if (names->n == names->allocated) {
		size_t more = names->allocated ? names->allocated * 2 : 32;
		char **items = realloc(names->items, more * sizeof(*items));

		if (!items)
			return false;
		names->items = items;
		names->allocated = more;
	}
	names->items[names->n] = strdup(name);
	return names->items[names->n] && ++names->n;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Whether an entry is a folder; where the file system does not say, it is asked. */
static bool is_folder(int parent, const struct dirent *entry)
{
	struct stat st;

	if (entry->d_type != DT_UNKNOWN)
		return entry->d_type == DT_DIR;
	return fstatat(parent, entry->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(st.st_mode);
}

static bool is_dots(const char *name)
{
	return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

/* The folders in a folder, in the order of names. Takes the descriptor. */
static void list(struct walk *walk, int fd, struct names *names)
{
	auto_closedir DIR *folder = fdopendir(fd);
	const struct dirent *entry;

	if (!folder) {
		close(fd);
		walk->unreadable++;
		return;
	}
	while ((entry = readdir(folder))) {
		if (strcmp(entry->d_name, "timing") == 0 ||
		    strcmp(entry->d_name, "log.json") == 0 || strcmp(entry->d_name, "log") == 0)
			names->is_log |= !is_folder(dirfd(folder), entry);
		if (is_dots(entry->d_name) || !is_folder(dirfd(folder), entry))
			continue;
		if (names->n == NAMES_MAX) {
			walk->unreadable++;
		} else if (!names_add(names, entry->d_name)) {
			walk->no_memory = true;
			return;
		}
	}
	if (names->n > 0)
		qsort(names->items, names->n, sizeof(*names->items), by_name);
}

static bool visit(struct walk *walk, int fd, unsigned depth);

/* Goes into one folder; false to stop. */
static bool descend(struct walk *walk, int parent, const char *name, unsigned depth)
{
	size_t before = walk->length, n = strlen(name);
	bool go_on = true;
	int fd;

	if (depth == WRIT_IOLOG_TREE_DEPTH || before + n + 2 > sizeof(walk->path)) {
		walk->unreadable++;
		return true;
	}
	if (before > 0)
		walk->path[walk->length++] = '/';
	memcpy(walk->path + walk->length, name, n + 1);
	walk->length += n;
	fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		walk->unreadable += errno != ENOENT;
	else
		go_on = visit(walk, fd, depth + 1);
	walk->length = before;
	walk->path[before] = '\0';
	return go_on;
}

/* Takes the descriptor. */
static bool visit(struct walk *walk, int fd, unsigned depth)
{
	auto_close int again = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct names names = {0};
	bool go_on = true;

	list(walk, fd, &names);
	if (again < 0) {
		walk->unreadable++;
	} else {
		if (names.is_log && depth > 0) {
			if (writ_iolog_tsid_valid(walk->path))
				go_on = walk->each(walk->data, walk->path);
			else
				walk->unreadable++;
		}
		for (size_t i = 0; go_on && !walk->no_memory && i < names.n; i++)
			go_on = descend(walk, again, names.items[i], depth);
	}
	names_done(&names);
	return go_on;
}

int writ_iolog_tree_walk(const char *dir, bool (*each)(void *data, const char *tsid), void *data,
			 size_t *ret_unreadable, struct writ_error *err)
{
	struct walk walk = {.each = each, .data = data};
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return writ_error_errno(err, errno, "%s", dir);
	visit(&walk, fd, 0);
	if (ret_unreadable)
		*ret_unreadable = walk.unreadable;
	return walk.no_memory ? writ_error_set(err, "no memory") : 0;
}

/* A log and the event that it says it belongs to. */
struct place {
	const char *event, *tsid;
};

struct writ_iolog_tree {
	const char *dir;
	struct writ_arena *arena;
	bool read;
	struct place *places;
	size_t n, allocated;
	char found[PATH_MAX];
};

struct writ_iolog_tree *writ_iolog_tree_new(const char *dir)
{
	struct writ_iolog_tree *tree = calloc(1, sizeof(*tree));

	if (!tree)
		return NULL;
	tree->dir = dir;
	tree->arena = writ_arena_new();
	if (tree->arena)
		return tree;
	free(tree);
	return NULL;
}

void writ_iolog_tree_free(struct writ_iolog_tree *tree)
{
	if (!tree)
		return;
	writ_arena_free(tree->arena);
	free(tree->places);
	free(tree);
}

const char *writ_iolog_tree_dir(const struct writ_iolog_tree *tree)
{
	return tree->dir;
}

static bool remember(void *data, const char *tsid)
{
	struct writ_iolog_tree *tree = data;
	struct place place = {0};
	char event[EVENT_SIZE];

	if (!writ_iolog_event(tree->dir, tsid, event, sizeof(event)) || !event[0])
		return true;
	if (tree->n == tree->allocated) {
		size_t more = tree->allocated ? tree->allocated * 2 : 64;
		struct place *places = realloc(tree->places, more * sizeof(*places));

		if (places) {
			tree->places = places;
			tree->allocated = more;
		}
	}
	if (tree->n < tree->allocated) {
		place.event = writ_arena_strdup(tree->arena, event);
		place.tsid = writ_arena_strdup(tree->arena, tsid);
		if (place.event && place.tsid)
			tree->places[tree->n++] = place;
	}
	return true;
}

static int by_event(const void *a, const void *b)
{
	const struct place *left = a, *right = b;

	return strcmp(left->event, right->event);
}

/* Where a log of this event's lies, whatever its name. */
static const char *find_by_event(struct writ_iolog_tree *tree, const char *event)
{
	struct place wanted = {.event = event};
	const struct place *place;

	if (!tree->read) {
		writ_iolog_tree_walk(tree->dir, remember, tree, NULL, NULL);
		if (tree->n > 0)
			qsort(tree->places, tree->n, sizeof(*tree->places), by_event);
		tree->read = true;
	}
	place = tree->n > 0 ? bsearch(&wanted, tree->places, tree->n, sizeof(wanted), by_event)
			    : NULL;
	return place ? place->tsid : NULL;
}

/* The log at a path, unless it says that it is another event's. */
static bool is_there(struct writ_iolog_tree *tree, const char *tsid, const char *event)
{
	char said[EVENT_SIZE];

	return writ_iolog_event(tree->dir, tsid, said, sizeof(said)) &&
	       (!event || !said[0] || strcmp(event, said) == 0);
}

const char *writ_iolog_tree_find(struct writ_iolog_tree *tree, const char *tsid, const char *host,
				 const char *event)
{
	if (tsid) {
		if (is_there(tree, tsid, event))
			return strcpy(tree->found, tsid);
		if (host &&
		    (size_t)snprintf(tree->found, sizeof(tree->found), "%s/%s", host, tsid) <
			    sizeof(tree->found) &&
		    is_there(tree, tree->found, event))
			return tree->found;
	}
	return event ? find_by_event(tree, event) : NULL;
}
