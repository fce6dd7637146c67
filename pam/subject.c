/* SPDX-License-Identifier: ISC */
#include "subject.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"

/* The longest name in subjects=. What is longer is nobody's. */
#define NAME_MAX_BYTES 256

/* Entries of large groups are large; more than this is no entry. */
#define ENTRY_MAX (4u << 20)
#define GROUPS_MAX 65536

/* There is no such entry, or the database could not be asked: getpwnam(3) lists the values. */
static enum writ_truth not_found(int error)
{
	switch (error) {
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

enum writ_truth writ_pam_user_find(const char *name, struct writ_pam_user *ret)
{
	struct passwd pw, *found = NULL;
	int error = ERANGE;

	*ret = (struct writ_pam_user) {.name = name};
	for (size_t size = 4096; error == ERANGE && size <= ENTRY_MAX; size *= 4) {
		auto_free char *buffer = malloc(size);

		error = buffer ? getpwnam_r(name, &pw, buffer, size, &found) : ENOMEM;
		if (error || !found)
			continue;
		ret->known = true;
		ret->uid = pw.pw_uid;
		ret->gid = pw.pw_gid;
		return WRIT_YES;
	}
	return not_found(error);
}

const char *writ_pam_user_name(uid_t uid, char *buffer, size_t size)
{
	struct passwd pw, *found = NULL;

	return getpwuid_r(uid, &pw, buffer, size, &found) == 0 && found ? found->pw_name : NULL;
}

static enum writ_truth is_user(const char *name, const struct writ_pam_user *user)
{
	struct writ_pam_user other;
	enum writ_truth found;

	if (strcmp(name, user->name) == 0)
		return WRIT_YES;
	if (!user->known)
		return WRIT_NO;
	found = writ_pam_user_find(name, &other);
	if (found != WRIT_YES)
		return found;
	return other.uid == user->uid ? WRIT_YES : WRIT_NO;
}

/* Whether the group is the account's own, or lists the user. */
static bool lists(const struct group *group, const struct writ_pam_user *user)
{
	if (user->known && group->gr_gid == user->gid)
		return true;
	for (char **member = group->gr_mem; *member; member++)
		if (strcmp(*member, user->name) == 0)
			return true;
	return false;
}

/* Whether the user's list of groups has it: some databases give groups no lists of members. */
static bool is_listed(const struct writ_pam_user *user, gid_t gid)
{
	int n = 64;

	if (!user->known)
		return false;
	for (int had = 0; n > had && n <= GROUPS_MAX;) {
		auto_free gid_t *groups = calloc((size_t)n, sizeof(*groups));

		had = n;
		if (!groups || getgrouplist(user->name, user->gid, groups, &n) < 0)
			continue;
		for (int i = 0; i < n; i++)
			if (groups[i] == gid)
				return true;
		return false;
	}
	return false;
}

static enum writ_truth is_in_group(const char *name, const struct writ_pam_user *user)
{
	struct group group, *found = NULL;
	int error = ERANGE;

	for (size_t size = 4096; error == ERANGE && size <= ENTRY_MAX; size *= 4) {
		auto_free char *buffer = malloc(size);

		error = buffer ? getgrnam_r(name, &group, buffer, size, &found) : ENOMEM;
		if (error || !found)
			continue;
		if (lists(&group, user))
			return WRIT_YES;
		return is_listed(user, group.gr_gid) ? WRIT_YES : WRIT_NO;
	}
	return not_found(error);
}

enum writ_truth writ_pam_subject_is(const char *subjects, const struct writ_pam_user *user)
{
	enum writ_truth ret = WRIT_NO;
	const char *end;

	if (user->known && user->uid == 0)
		return WRIT_NO;
	for (; subjects && *subjects && ret != WRIT_YES; subjects = *end ? end + 1 : end) {
		char name[NAME_MAX_BYTES];
		size_t length;

		end = strchrnul(subjects, ',');
		length = (size_t)(end - subjects);
		if (length == 0 || length >= sizeof(name))
			continue;
		memcpy(name, subjects, length);
		name[length] = '\0';
		ret = writ_or(ret,
			      *name == '%' ? is_in_group(name + 1, user) : is_user(name, user));
	}
	return ret;
}
