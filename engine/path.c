/* SPDX-License-Identifier: ISC */
#include "path.h"

#include <string.h>
#include <sys/stat.h>

#include "arena.h"
#include "path_cache.h"
#include "path_entry.h"
#include "value_types.h"

/* How one entry compares; the two ways of looking at a path share the logic of the lists. */
struct look {
	struct writ_path_cache *cache;
	const struct writ_resolved *path; /* NULL: by the text alone */
	const char *text;
};

static enum writ_truth match_entry(const struct look *look, const char *text, bool exact)
{
	const struct writ_path_entry *entry;

	if (!look->path)
		return writ_path_entry_match_text(text, look->text, exact);
	entry = writ_path_cache_entry(look->cache, text);
	return entry ? writ_path_entry_match(look->cache, entry, look->path, exact) : WRIT_UNSURE;
}

static enum writ_truth match_any(const struct look *look, const char *const *entries, size_t n,
				 bool exact)
{
	enum writ_truth truth = WRIT_NO;

	for (size_t i = 0; i < n && truth != WRIT_YES; i++)
		truth = writ_or(truth, match_entry(look, entries[i], exact));
	return truth;
}

/* under, exact and not_under. */
static enum writ_truth match_lists(const struct look *look, const struct writ_path_rule *rule)
{
	enum writ_truth truth = WRIT_YES;

	if (rule->n_under > 0)
		truth = match_any(look, rule->under, rule->n_under, false);
	if (rule->n_exact > 0 && truth != WRIT_NO)
		truth = writ_and(truth, match_any(look, rule->exact, rule->n_exact, true));
	if (rule->n_not_under > 0 && truth != WRIT_NO)
		truth = writ_and(truth, writ_not(match_any(look, rule->not_under, rule->n_not_under,
							   false)));
	return truth;
}

/* What must exist to be judged. */
static bool needs_file(const struct writ_path_rule *rule)
{
	return rule->kind != WRIT_PATH_ANY || rule->links > 0 || rule->pin != WRIT_PIN_NONE;
}

static bool is_anybodys(const struct writ_place *directory)
{
	return directory->owner != 0 || (directory->mode & (S_IWGRP | S_IWOTH));
}

/* Whether a file may be handed over; see path.h. It was looked at by a descriptor, so it is this
 * one; but how many links it has may have been another number when it was found. */
static bool is_fit_to_pin(const struct writ_resolved *path)
{
	const struct writ_place *file = writ_resolved_last(path), *directory = file - 1;

	if (S_ISDIR(file->mode))
		return true;
	if (!S_ISREG(file->mode) || path->n_places < 2)
		return false;
	if (!is_anybodys(directory) || (file->mode & S_IROTH))
		return true;
	if (file->owner == 0)
		return false;
	return file->owner == directory->owner || (directory->owner == 0 && file->links == 1);
}

static enum writ_truth match_found(const struct writ_path_rule *rule,
				   const struct writ_resolved *path, bool deny)
{
	const struct writ_place *last = writ_resolved_last(path);

	if (rule->kind == WRIT_PATH_FILE && !S_ISREG(last->mode))
		return WRIT_NO;
	if (rule->kind == WRIT_PATH_DIR && !S_ISDIR(last->mode))
		return WRIT_NO;
	if (rule->links > 0 && !S_ISDIR(last->mode) && last->links > rule->links)
		return WRIT_NO;
	if (rule->pin != WRIT_PIN_NONE && !deny && !is_fit_to_pin(path))
		return WRIT_NO;
	return WRIT_YES;
}

static enum writ_truth match_trust(const struct writ_path_rule *rule,
				   const struct writ_resolved *path)
{
	bool trusted =
		rule->trusted == WRIT_TRUST_NONE ||
		(path->way_trusted && (rule->trusted == WRIT_TRUST_DIRECTORIES || path->trusted));

	return trusted ? WRIT_YES : WRIT_NO;
}

/* One reading of the text. */
static enum writ_truth match_reading(struct writ_path_cache *cache,
				     const struct writ_path_rule *rule, const char *text,
				     const struct writ_path_context *context)
{
	const struct writ_path_look *seen = writ_path_cache_look(cache, context->cwd, text);
	const struct writ_resolved *path = seen ? &seen->path : NULL;
	struct look look = {.cache = cache, .path = path};
	enum writ_truth truth;

	if (!path || path->state == WRIT_RESOLVED_UNSURE)
		return WRIT_UNSURE;
	if (path->state == WRIT_RESOLVED_FOUND) {
		truth = match_found(rule, path, context->deny);
	} else {
		/* Unsure, not no: under a `not` that would allow what is not there yet. */
		if (!rule->missing_allowed && !context->deny)
			return WRIT_UNSURE;
		truth = needs_file(rule) ? WRIT_UNSURE : WRIT_YES;
	}
	truth = writ_and(truth, match_trust(rule, path));
	return truth == WRIT_NO ? truth : writ_and(truth, match_lists(&look, rule));
}

/* The text from "/" on, cleaned as Go's path.Clean does; NULL without memory or cwd. */
static const char *clean(struct writ_arena *arena, const char *text, const char *cwd)
{
	const char *whole = text;

	if (text[0] != '/') {
		if (!cwd || cwd[0] != '/')
			return NULL;
		whole = writ_arena_printf(arena, "%s/%s", cwd, text);
	}
	return whole ? writ_go_clean(arena, whole) : NULL;
}

enum writ_truth writ_path_match(struct writ_arena *arena, const struct writ_path_rule *rule,
				const char *text, const struct writ_path_context *context)
{
	struct writ_path_cache *cache = context->cache;
	enum writ_truth truth;
	const char *cleaned;

	if (!cache)
		cache = writ_path_cache_new(arena, context->files, false);
	if (!cache)
		return WRIT_UNSURE;
	truth = match_reading(cache, rule, text, context);
	if (!context->cleaned || !strstr(text, ".."))
		return truth;
	cleaned = clean(arena, text, context->cwd);
	if (!cleaned)
		return WRIT_UNSURE;
	return writ_both(truth, match_reading(cache, rule, cleaned, context));
}

enum writ_truth writ_path_match_text(struct writ_arena *arena, const struct writ_path_rule *rule,
				     const char *text, const struct writ_path_context *context)
{
	struct look look = {0};
	enum writ_truth truth;

	if (text[0] == '\0')
		return WRIT_UNSURE;
	look.text = clean(arena, text, context->cwd);
	if (!look.text)
		return WRIT_UNSURE;
	truth = match_lists(&look, rule);
	if (truth == WRIT_YES && (needs_file(rule) || rule->trusted != WRIT_TRUST_NONE ||
				  (!rule->missing_allowed && !context->deny)))
		return WRIT_UNSURE;
	return truth;
}
