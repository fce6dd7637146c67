/* SPDX-License-Identifier: ISC */
#include "target.h"

#include <ctype.h>
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "cleanup.h"
#include "error.h"

/* The supplementary groups as sudo takes them: "gid,…", the effective one first. */
static const char *list_groups(struct writ_arena *arena, const char *user, gid_t own, gid_t gid)
{
	auto_free gid_t *groups = NULL;
	auto_free char *text = NULL;
	int n = 32, had;
	size_t used;

	do {
		had = n;
		free(groups);
		groups = calloc(n, sizeof(*groups));
		if (!groups)
			return NULL;
	} while (getgrouplist(user, own, groups, &n) < 0 && n > had);
	n = n < had ? n : had;
	text = malloc(((size_t)n + 1) * sizeof("4294967295,"));
	if (!text)
		return NULL;
	used = sprintf(text, "%u", gid);
	for (int i = 0; i < n; i++)
		if (groups[i] != gid)
			used += sprintf(text + used, ",%u", groups[i]);
	return writ_arena_strdup(arena, text);
}

int writ_target_find(struct writ_target *ret, struct writ_arena *arena, const char *user,
		     const char *group, struct writ_error *err)
{
	const struct passwd *pw = getpwnam(user);
	const struct group *gr = NULL;
	gid_t own;

	if (!pw)
		return writ_error_set(err, "there is no user '%s' to run the command as", user);
	own = pw->pw_gid;
	*ret = (struct writ_target) {
		.user = writ_arena_strdup(arena, pw->pw_name),
		.home = writ_arena_strdup(arena, pw->pw_dir),
		.shell = writ_arena_strdup(arena, *pw->pw_shell ? pw->pw_shell : "/bin/sh"),
		.uid = pw->pw_uid,
		.gid = own,
	};
	if (group) {
		gr = getgrnam(group);
		if (!gr)
			return writ_error_set(err, "there is no group '%s' to run the command with",
					      group);
		ret->gid = gr->gr_gid;
		ret->group = writ_arena_strdup(arena, gr->gr_name);
	}
	ret->groups = list_groups(arena, user, own, ret->gid);
	if (!ret->user || !ret->home || !ret->shell || !ret->groups || (group && !ret->group))
		return writ_error_set(err, "no memory");
	return 0;
}

static bool read_number(const char *text, unsigned *ret)
{
	unsigned long number;
	char *end;

	if (!text || *text != '#' || !isdigit((unsigned char)text[1]))
		return false;
	errno = 0;
	number = strtoul(text + 1, &end, 10);
	*ret = (unsigned)number;
	return !errno && !*end && number < (unsigned)-1;
}

/* Never NULL, which would mean that nothing was asked: without memory the text as it was typed. */
static const char *own_copy(struct writ_arena *arena, const char *name, const char *text)
{
	const char *copy = writ_arena_strdup(arena, name);

	return copy ? copy : text;
}

const char *writ_target_user_name(struct writ_arena *arena, const char *text)
{
	const struct passwd *pw;
	unsigned number;

	if (!read_number(text, &number))
		return text;
	pw = getpwuid(number);
	return pw ? own_copy(arena, pw->pw_name, text) : text;
}

const char *writ_target_group_name(struct writ_arena *arena, const char *text)
{
	const struct group *gr;
	unsigned number;

	if (!read_number(text, &number))
		return text;
	gr = getgrgid(number);
	return gr ? own_copy(arena, gr->gr_name, text) : text;
}
