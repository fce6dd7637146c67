/* SPDX-License-Identifier: ISC */
#include "subject.h"

#include <ctype.h>
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "arguments.h"
#include "cleanup.h"
#include "settings.h"

/* There is no such entry, or the database could not be asked: getpwnam(3) lists errno's values. */
static enum writ_truth not_found(void)
{
	switch (errno) {
	case 0:
	case ENOENT:
	case ESRCH:
	case EBADF:
	case EPERM:
		return WRIT_NO;
	default:
		return WRIT_UNSURE;
	}
}

static enum writ_truth is_user(const char *name, const struct writ_caller *caller)
{
	const struct passwd *pw;

	if (strcmp(name, caller->user) == 0)
		return WRIT_YES;
	errno = 0;
	pw = getpwnam(name);
	if (!pw)
		return not_found();
	return pw->pw_uid == caller->uid ? WRIT_YES : WRIT_NO;
}

/* The next number of sudo's "1001,27". False at the end, or at what is no number. */
static bool next_group(const char **list, gid_t *ret)
{
	char *end;

	if (!*list || !isdigit((unsigned char)**list))
		return false;
	*ret = (gid_t)strtoul(*list, &end, 10);
	*list = *end == ',' ? end + 1 : end;
	return true;
}

static bool kernel_has(const struct writ_caller *caller, gid_t gid)
{
	const char *list = caller->groups;
	gid_t one;

	if (caller->gid == gid)
		return true;
	while (next_group(&list, &one))
		if (one == gid)
			return true;
	return false;
}

/* The group database's list, and the account's own group; the caller's to free. */
static int database_groups(const struct writ_caller *caller, gid_t **ret)
{
	const struct passwd *pw = getpwnam(caller->user);
	gid_t own = pw ? pw->pw_gid : caller->gid;
	int n = 32, had;

	do {
		had = n;
		free(*ret);
		*ret = calloc(n, sizeof(**ret));
		if (!*ret)
			return -1;
	} while (getgrouplist(caller->user, own, *ret, &n) < 0 && n > had);
	return n < had ? n : had;
}

/* Whether the database's list of the account's groups has it. newgrp(1) and sg(1) change the real
 * group: the account's own counts as well. */
static enum writ_truth database_has(const struct writ_caller *caller, gid_t gid)
{
	auto_free gid_t *groups = NULL;
	int n;

	errno = 0;
	if (!getpwnam(caller->user) && not_found() == WRIT_UNSURE)
		return WRIT_UNSURE;
	n = database_groups(caller, &groups);
	if (n < 0)
		return WRIT_UNSURE;
	for (int i = 0; i < n; i++)
		if (groups[i] == gid)
			return WRIT_YES;
	return WRIT_NO;
}

static enum writ_truth is_in_group(const char *name, const struct writ_caller *caller)
{
	const struct group *group;
	enum writ_truth ret;

	errno = 0;
	group = getgrnam(name);
	if (!group)
		return not_found();
	if (kernel_has(caller, group->gr_gid))
		return WRIT_YES;
	ret = database_has(caller, group->gr_gid);
	/* By any of the account's names. */
	for (char **member = group->gr_mem; *member && ret != WRIT_YES; member++)
		ret = writ_or(ret, is_user(*member, caller));
	return ret;
}

enum writ_truth writ_subject_is(const struct writ_arguments *arguments,
				const struct writ_caller *caller)
{
	enum writ_truth ret = WRIT_NO;

	if (caller->uid == 0)
		return WRIT_NO;
	for (size_t i = 0; i < arguments->n_subjects && ret != WRIT_YES; i++) {
		const char *subject = arguments->subjects[i];

		ret = writ_or(ret, *subject == '%' ? is_in_group(subject + 1, caller)
						   : is_user(subject, caller));
	}
	return ret;
}

/* Appends the name of a group, unless its id was there before at ids[0…i). */
static bool add_group(struct writ_arena *arena, const char **names, size_t *n, const gid_t *ids,
		      size_t i)
{
	const struct group *group;

	for (size_t j = 0; j < i; j++)
		if (ids[j] == ids[i])
			return true;
	group = getgrgid(ids[i]);
	if (!group)
		return true;
	names[*n] = writ_arena_strdup(arena, group->gr_name);
	return names[(*n)++] != NULL;
}

const char *const *writ_subject_groups(struct writ_arena *arena, const struct writ_caller *caller,
				       size_t *ret_n)
{
	auto_free gid_t *database = NULL;
	const char *list = caller->groups;
	int n_database = database_groups(caller, &database);
	size_t n_ids = 1, n = 0, i = 0;
	const char **names;
	gid_t *ids, id;

	if (n_database < 0)
		return NULL;
	while (next_group(&list, &id))
		n_ids++;
	ids = writ_arena_alloc(arena, n_ids + n_database, sizeof(*ids));
	names = writ_arena_alloc(arena, n_ids + n_database, sizeof(*names));
	if (!ids || !names)
		return NULL;
	ids[i++] = caller->gid;
	for (list = caller->groups; next_group(&list, &id);)
		ids[i++] = id;
	memcpy(ids + i, database, n_database * sizeof(*ids));
	n_ids += n_database;
	for (i = 0; i < n_ids; i++)
		if (!add_group(arena, names, &n, ids, i))
			return NULL;
	*ret_n = n;
	return names;
}
