/* SPDX-License-Identifier: ISC */
/*
 * engine/image.c: what is a reference stays the same one when it is written in full, and two
 * references that cover one another are one. Each line of the input is a reference.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "cleanup.h"
#include "fuzz.h"
#include "image.h"

#define LENGTH_MAX 2048

static bool is_same(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

static void check(struct writ_arena *arena, const char *text)
{
	struct writ_image image, again;
	const char *full;

	if (writ_image_parse(arena, text, &image) < 0)
		return;
	if (writ_image_match(&image, &image) == WRIT_NO && !(image.tag && image.digest))
		abort();
	full = writ_arena_printf(arena, "%s%s%s%s%s", image.repository, image.tag ? ":" : "",
				 image.tag ? image.tag : "", image.digest ? "@" : "",
				 image.digest ? image.digest : "");
	if (!full || writ_image_parse(arena, full, &again) < 0)
		abort();
	if (!is_same(image.repository, again.repository) || !is_same(image.tag, again.tag) ||
	    !is_same(image.digest, again.digest))
		abort();
	/* In full only an id of 64 digits still looks like one. */
	if (again.maybe_id && strcmp(full, text) != 0)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct writ_arena *arena;
	auto_free char *copy = NULL;
	char *rest, *line;

	if (size > LENGTH_MAX)
		return 0;
	copy = strndup((const char *)data, size);
	arena = writ_arena_new();
	if (!copy || !arena)
		abort();
	for (rest = copy; (line = strsep(&rest, "\n"));)
		check(arena, line);
	writ_arena_free(arena);
	return 0;
}
