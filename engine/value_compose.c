/* SPDX-License-Identifier: ISC */
/* A compose file that docker compose reads: allowed only if it, and all that it includes, is
 * root's. */
#include "compose.h"
#include "value_types.h"

static int read_compose(struct writ_arena *arena, struct writ_value *value, struct writ_error *err)
{
	(void)arena;
	(void)value;
	(void)err;
	return 0; /* any text is a path */
}

static enum writ_truth judge(struct writ_arena *arena, const struct writ_value *value,
			     struct writ_path_cache *paths, const char *cwd, struct writ_error *err)
{
	return writ_compose_judge(arena, paths, cwd, value->text, err);
}

const struct writ_value_type writ_type_compose_file = {
	.name = "compose.file",
	.kind = WRIT_VALUE_PATH,
	.read = read_compose,
	.judge = judge,
};
