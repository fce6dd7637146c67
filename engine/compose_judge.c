/* SPDX-License-Identifier: ISC */
/* Who can change a compose file, and what it includes. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "arena.h"
#include "cleanup.h"
#include "compose.h"
#include "error.h"
#include "file.h"
#include "path_cache.h"

#define DEPTH_MAX 8  /* of includes in includes */
#define FILES_MAX 64 /* in all */
#define FILE_SIZE_MAX ((size_t)1 << 20)

struct judging {
	struct writ_arena *arena;
	struct writ_path_cache *cache;
	struct writ_error *err;
	unsigned depth, files;
};

static int judge_file(struct judging *j, const char *cwd, const char *path, bool compose);

/* The includes of a file that is root's alone. */
static int judge_includes(struct judging *j, const char *path)
{
	struct writ_compose_include *first = NULL;
	struct writ_error why = {0};
	auto_free char *text = NULL;
	size_t length;

	if (writ_file_read(path, true, &text, &length, j->err) < 0)
		return -1;
	if (length > FILE_SIZE_MAX)
		return writ_error_set(j->err, "%s is too long", path);
	if (writ_compose_read(j->arena, text, length, &first, &why) < 0)
		return writ_error_set(j->err, "%s: %s", path, why.message);
	for (struct writ_compose_include *item = first; item; item = item->next)
		if (judge_file(j, NULL, item->path, item->compose) < 0)
			return -1;
	return 0;
}

static int judge_file(struct judging *j, const char *cwd, const char *path, bool compose)
{
	const struct writ_path_look *look = writ_path_cache_look(j->cache, cwd, path);
	int ret;

	if (++j->files > FILES_MAX || j->depth == DEPTH_MAX)
		return writ_error_set(j->err, "%s: too many files that include each other", path);
	if (!look || look->path.state != WRIT_RESOLVED_FOUND)
		return writ_error_set(j->err, "%s cannot be found", path);
	if (!look->path.trusted || !S_ISREG(writ_resolved_last(&look->path)->mode))
		return writ_error_set(j->err, "%s is no file that only root can change", path);
	if (!compose || writ_resolved_last(&look->path)->imagined)
		return 0;
	j->depth++;
	ret = judge_includes(j, look->path.text);
	j->depth--;
	return ret;
}

enum writ_truth writ_compose_judge(struct writ_arena *arena, struct writ_path_cache *cache,
				   const char *cwd, const char *path, struct writ_error *err)
{
	struct judging j = {.arena = arena, .cache = cache, .err = err};

	/* To compose, standard input. */
	if (strcmp(path, "-") == 0) {
		writ_error_set(err, "standard input is no file of root's");
		return WRIT_UNSURE;
	}
	return judge_file(&j, cwd, path, true) < 0 ? WRIT_UNSURE : WRIT_YES;
}
