/* SPDX-License-Identifier: ISC */
#include "iolog_of.h"

#include <errno.h>
#include <string.h>

#include "arena.h"
#include "cleanup.h"
#include "error.h"
#include "iolog.h"
#include "iolog_entry.h"
#include "iolog_tree.h"
#include "join.h"
#include "lookup.h"
#include "text.h"
#include "trail.h"

/* The longest "@SECONDS". */
#define OFFSET_MAX 32

/* What follows the last "@", if that is a number of seconds. */
static const char *find_offset(const char *word)
{
	const char *at = strrchr(word, '@');
	size_t whole, part;

	if (!at || at == word || strlen(at) > OFFSET_MAX)
		return NULL;
	whole = strspn(at + 1, "0123456789");
	if (whole == 0)
		return NULL;
	if (at[1 + whole] == '\0')
		return at + 1;
	part = strspn(at + 2 + whole, "0123456789");
	return at[1 + whole] == '.' && part > 0 && at[2 + whole + part] == '\0' ? at + 1 : NULL;
}

static bool open_named(const char *dir, const char *word, struct cli_iolog_of *ret,
		       struct writ_error *err)
{
	const char *offset = find_offset(word);
	auto_free char *name = NULL;

	ret->reader = writ_iolog_open(dir, word, err);
	if (ret->reader || !offset)
		return ret->reader != NULL;
	/* A user's name may end like an offset; so that is asked second. */
	name = strndup(word, (size_t)(offset - 1 - word));
	if (name)
		ret->reader = writ_iolog_open(dir, name, err);
	if (ret->reader)
		ret->offset = offset;
	return ret->reader != NULL;
}

/* The log that one of the request's events names; a command that sudo intercepted is in the log of
 * the one that started it. */
static int open_of_entries(struct writ_iolog_tree *tree, const struct writ_join_request *request,
			   const char *id, struct writ_arena *arena, struct cli_iolog_of *ret,
			   struct writ_error *err)
{
	const char *tsid;
	int found;

	if (!request->decision)
		return writ_iolog_event_open(tree, id, arena, &ret->reader, &tsid, err);
	found = writ_iolog_entry_open(tree, request->decision, arena, &ret->reader, &tsid, err);
	if (found == 0 && request->parent && writ_join_allowed(request->decision))
		found = writ_iolog_entry_open(tree, request->parent, arena, &ret->reader, &tsid,
					      err);
	return found;
}

/* The log of a request. */
static enum cli_status open_of_request(const struct writ_trail_options *where, const char *dir,
				       const char *id, struct writ_arena *arena,
				       struct cli_iolog_of *ret, struct writ_error *err)
{
	struct writ_join_request request;
	struct writ_iolog_tree *tree;
	bool missing;
	int found;

	if (writ_join_request(where, id, arena, &request, err) < 0)
		return CLI_FAILED;
	tree = writ_iolog_tree_new(dir);
	if (!tree) {
		writ_error_set(err, "out of memory");
		return CLI_FAILED;
	}
	found = open_of_entries(tree, &request, id, arena, ret, err);
	missing = found < 0 && errno == ENOENT;
	writ_iolog_tree_free(tree);
	if (found == 0)
		writ_error_set(err, "the request %s has no I/O log", id);
	if (found > 0)
		return CLI_YES;
	return found == 0 || missing ? CLI_NO : CLI_FAILED;
}

static enum cli_status open_looked_up(const struct writ_trail_options *where, const char *dir,
				      const char *word, struct writ_arena *arena,
				      struct cli_iolog_of *ret, struct writ_error *err)
{
	struct writ_lookup lookup;

	if (writ_lookup(where, word, arena, &lookup, err) < 0)
		return CLI_FAILED;
	switch (lookup.kind) {
	case WRIT_LOOKUP_REQUEST:
		return open_of_request(where, dir, lookup.id, arena, ret, err);
	case WRIT_LOOKUP_SESSION:
		writ_error_set(err, "%s is a session; writ show %s lists its requests", lookup.id,
			       lookup.id);
		return CLI_FAILED;
	case WRIT_LOOKUP_AMBIGUOUS:
		writ_error_set(err, "several ids begin with %s: %s, %s%s", word, lookup.near[0],
			       lookup.near[1], lookup.n_near > 2 ? ", …" : "");
		return CLI_FAILED;
	case WRIT_LOOKUP_NOTHING:
	default:
		writ_error_set(err, "neither an I/O log nor an event is named %s", word);
		return CLI_NO;
	}
}

enum cli_status cli_iolog_of(const struct writ_trail_options *where, const char *dir,
			     const char *word, struct cli_iolog_of *ret, struct writ_error *err)
{
	struct writ_error not_named = {0};
	struct writ_arena *arena;
	enum cli_status status;
	bool missing;

	*ret = (struct cli_iolog_of) {0};
	if (!writ_iolog_tsid_valid(word)) {
		writ_error_set(err, "this cannot be the name of an I/O log");
		return CLI_FAILED;
	}
	if (open_named(dir, word, ret, &not_named))
		return CLI_YES;
	missing = errno == ENOENT || errno == ENOTSUP || errno == ENOTDIR;
	/* No id has a slash. */
	if (strchr(word, '/')) {
		*err = not_named;
		return missing ? CLI_NO : CLI_FAILED;
	}
	arena = writ_arena_new();
	if (!arena) {
		writ_error_set(err, "out of memory");
		return CLI_FAILED;
	}
	status = open_looked_up(where, dir, word, arena, ret, err);
	writ_arena_free(arena);
	return status;
}
