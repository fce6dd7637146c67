/* SPDX-License-Identifier: ISC */
#include "users.h"

#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "arena.h"
#include "cleanup.h"

/* A batch can name any number of users: the oldest are forgotten all at once. */
#define USERS_MAX 256

struct entry {
	struct cli_user user;
	struct entry *next;
};

struct cli_users {
	char *caller; /* NULL: not looked up yet */
	struct writ_arena *arena;
	struct entry *first;
	size_t n;
};

struct cli_users *cli_users_new(void)
{
	struct cli_users *users = calloc(1, sizeof(*users));

	if (!users)
		return NULL;
	users->arena = writ_arena_new();
	if (!users->arena) {
		free(users);
		return NULL;
	}
	return users;
}

void cli_users_free(struct cli_users *users)
{
	if (!users)
		return;
	writ_arena_free(users->arena);
	free(users->caller);
	free(users);
}

/* The ids of all groups of a user; the caller's (free). NULL without memory. */
static gid_t *group_ids(const struct passwd *pw, int *ret_n)
{
	int n = 32;

	for (;;) {
		int room = n;
		gid_t *ids = calloc((size_t)n, sizeof(*ids));

		if (!ids)
			return NULL;
		if (getgrouplist(pw->pw_name, pw->pw_gid, ids, &n) >= 0) {
			*ret_n = n;
			return ids;
		}
		free(ids);
		n = n > room ? n : 2 * room;
	}
}

static int find_groups(struct writ_arena *arena, struct cli_user *user)
{
	const struct passwd *pw = getpwnam(user->name);
	auto_free gid_t *ids = NULL;
	const char **names;
	int n;

	if (!pw)
		return 0;
	ids = group_ids(pw, &n);
	names = ids ? writ_arena_alloc(arena, (size_t)n, sizeof(*names)) : NULL;
	if (!names)
		return -1;
	user->groups = names;
	for (int i = 0; i < n; i++) {
		const struct group *gr = getgrgid(ids[i]);

		if (!gr)
			continue; /* a group without a name is in no policy */
		names[user->n_groups] = writ_arena_strdup(arena, gr->gr_name);
		if (!names[user->n_groups++])
			return -1;
	}
	return 0;
}

static const struct cli_user *add(struct cli_users *users, const char *name)
{
	struct entry *entry;

	if (users->n == USERS_MAX) {
		writ_arena_reset(users->arena);
		users->first = NULL;
		users->n = 0;
	}
	entry = writ_arena_alloc(users->arena, 1, sizeof(*entry));
	if (!entry)
		return NULL;
	entry->user.name = writ_arena_strdup(users->arena, name);
	if (!entry->user.name || find_groups(users->arena, &entry->user) < 0)
		return NULL;
	entry->next = users->first;
	users->first = entry;
	users->n++;
	return &entry->user;
}

const struct cli_user *cli_users_find(struct cli_users *users, const char *name)
{
	for (const struct entry *e = users->first; e; e = e->next)
		if (strcmp(e->user.name, name) == 0)
			return &e->user;
	return add(users, name);
}

const struct cli_user *cli_users_caller(struct cli_users *users)
{
	const struct passwd *pw;
	char number[16];

	if (!users->caller) {
		pw = getpwuid(getuid());
		snprintf(number, sizeof(number), "#%u", (unsigned)getuid());
		users->caller = strdup(pw ? pw->pw_name : number);
	}
	return users->caller ? cli_users_find(users, users->caller) : NULL;
}
