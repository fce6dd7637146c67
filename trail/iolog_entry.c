/* SPDX-License-Identifier: ISC */
#include "iolog_entry.h"

#include <errno.h>
#include <string.h>

#include "arena.h"
#include "entry.h"
#include "error.h"
#include "iolog.h"
#include "iolog_tree.h"

const char *writ_iolog_entry_tsid(const struct writ_entry *entry, const char *dir,
				  struct writ_arena *arena)
{
	const char *tsid, *path;
	size_t n = strlen(dir);

	if (writ_slice_equals(entry->field[WRIT_ENTRY_DECISION], "deny"))
		return NULL;
	tsid = writ_entry_string(entry, arena, WRIT_ENTRY_IOLOG);
	if (tsid)
		return tsid;
	path = writ_entry_string(entry, arena, WRIT_ENTRY_IOLOG_PATH);
	if (!path)
		return NULL;
	while (n > 0 && dir[n - 1] == '/')
		n--;
	/* A copy may hold the whole path below its folder. */
	if (strncmp(path, dir, n) == 0 && path[n] == '/')
		path += n;
	return path + strspn(path, "/");
}

/* The log at the very place that was named could not be taken: why. Always -1. */
static int explain(struct writ_iolog_tree *tree, const char *tsid, struct writ_error *err)
{
	struct writ_iolog_reader *reader = writ_iolog_open(writ_iolog_tree_dir(tree), tsid, err);

	if (reader) {
		writ_iolog_close(reader);
		writ_error_set(err, "the I/O log %s is another request's", tsid);
		errno = ENOENT;
	}
	return -1;
}

static int open_at(struct writ_iolog_tree *tree, const char *place, struct writ_arena *arena,
		   struct writ_iolog_reader **ret, const char **ret_tsid, struct writ_error *err)
{
	*ret_tsid = writ_arena_strdup(arena, place);
	if (!*ret_tsid) {
		errno = ENOMEM;
		return writ_error_set(err, "out of memory");
	}
	*ret = writ_iolog_open(writ_iolog_tree_dir(tree), place, err);
	return *ret ? 1 : -1;
}

/* A log says itself whose event's it is, in a variable that sudoers may let somebody set: it is not
 * taken for another user's. */
static bool is_of_user(const struct writ_iolog_reader *reader, const char *user)
{
	const char *said = writ_iolog_info(reader)->user;

	return !user || !said || strcmp(user, said) == 0;
}

static int refuse(struct writ_iolog_reader **reader, const char *place, struct writ_error *err)
{
	writ_iolog_close(*reader);
	*reader = NULL;
	writ_error_set(err, "the I/O log %s is another user's", place);
	errno = ENOENT;
	return -1;
}

int writ_iolog_entry_open(struct writ_iolog_tree *tree, const struct writ_entry *entry,
			  struct writ_arena *arena, struct writ_iolog_reader **ret,
			  const char **ret_tsid, struct writ_error *err)
{
	const char *tsid = writ_iolog_entry_tsid(entry, writ_iolog_tree_dir(tree), arena);
	const char *host, *id = NULL, *place;

	if (!tsid)
		return 0;
	host = writ_entry_string(entry, arena, WRIT_ENTRY_HOST);
	/* What sudo told its audit plugins has an id of its own, which no log knows. */
	if (writ_slice_is_string(entry->field[WRIT_ENTRY_IOLOG]))
		id = writ_entry_string(entry, arena, WRIT_ENTRY_ID);
	place = writ_iolog_tree_find(tree, tsid, host, id);
	if (!place)
		return explain(tree, tsid, err);
	if (open_at(tree, place, arena, ret, ret_tsid, err) < 0)
		return -1;
	return is_of_user(*ret, writ_entry_string(entry, arena, WRIT_ENTRY_USER))
		       ? 1
		       : refuse(ret, place, err);
}

int writ_iolog_event_open(struct writ_iolog_tree *tree, const char *id, struct writ_arena *arena,
			  struct writ_iolog_reader **ret, const char **ret_tsid,
			  struct writ_error *err)
{
	const char *place = *id ? writ_iolog_tree_find(tree, NULL, NULL, id) : NULL;

	return place ? open_at(tree, place, arena, ret, ret_tsid, err) : 0;
}
