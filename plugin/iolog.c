/* SPDX-License-Identifier: ISC */
#include "iolog.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>

#include "arena.h"
#include "config.h"
#include "error.h"
#include "run.h"

#define LETTERS "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
#define NAME_LENGTH 6
/* 62^6 names: a second try is unlikely, a third a fault. */
#define TRIES 8

/* A user's name as one part of a path. */
static char *as_part(struct writ_arena *arena, const char *user)
{
	char *part = writ_arena_strdup(arena, user);

	for (char *c = part; c && *c; c++)
		if (!strchr(LETTERS "._-+@", *c))
			*c = '_';
	if (part && *part == '.')
		*part = '_';
	return part;
}

static int random_name(char name[NAME_LENGTH + 1], struct writ_error *err)
{
	static const char letters[] = LETTERS;
	uint64_t random;

	if (getrandom(&random, sizeof(random), 0) != sizeof(random))
		return writ_error_errno(err, errno, "no random numbers");
	for (int i = 0; i < NAME_LENGTH; i++, random /= sizeof(letters) - 1)
		name[i] = letters[random % (sizeof(letters) - 1)];
	name[NAME_LENGTH] = '\0';
	return 0;
}

int writ_iolog_choose(struct writ_iolog *ret, struct writ_arena *arena, const struct writ_run *run,
		      const char *user, const char *session, struct writ_error *err)
{
	const char *dir = run->iolog.dir ? run->iolog.dir : WRIT_IOLOG_DIR;
	const char *part = as_part(arena, user);

	*ret = (struct writ_iolog) {0};
	if (!run->iolog.stdin_ && !run->iolog.stdout_ && !run->iolog.stderr_ && !run->iolog.tty)
		return 0;
	for (int i = 0; part && i < TRIES; i++) {
		char name[NAME_LENGTH + 1];
		struct stat st;

		if (random_name(name, err) < 0)
			return -1;
		ret->tsid = writ_arena_printf(arena, "%s/%s/%s", part,
					      session ? session : "untagged", name);
		ret->path = ret->tsid ? writ_arena_printf(arena, "%s/%s", dir, ret->tsid) : NULL;
		if (!ret->path)
			break;
		/* sudoers_io would write over a log that is there. */
		if (lstat(ret->path, &st) < 0 && errno == ENOENT)
			return 0;
	}
	return writ_error_set(err, "no name for an I/O log below %s", dir);
}
