/* SPDX-License-Identifier: ISC */
#include "own_file.h"

#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "error.h"

#define LINKS_MAX 40 /* as the kernel's */

/* A walk from "/" to the file, as the kernel goes. */
struct walk {
	char at[PATH_MAX];       /* where it is, without links; "" is "/" */
	char rest[2 * PATH_MAX]; /* what is still to go */
	unsigned links;
};

/* sticky: whether a folder that others may write in will do if it is sticky. */
static int judge(const char *path, bool sticky, struct stat *st, struct writ_error *err)
{
	mode_t others;

	path = *path ? path : "/";
	if (lstat(path, st) < 0)
		return writ_error_errno(err, errno, "%.300s", path);
	others = st->st_mode & (S_IWGRP | S_IWOTH);
	if (st->st_uid != 0)
		return writ_error_set(err, "%.300s belongs to uid %u, not to root", path,
				      st->st_uid);
	if (S_ISLNK(st->st_mode) || !others ||
	    (sticky && S_ISDIR(st->st_mode) && st->st_mode & S_ISVTX))
		return 0;
	return writ_error_set(err, "%.300s is writable by %s (mode %04o)", path,
			      others & S_IWOTH ? "others" : "its group", st->st_mode & 07777);
}

/* Puts a link's target before what is still to go. w->at is the link. */
static int follow(struct walk *w, struct writ_error *err)
{
	char target[PATH_MAX], rest[sizeof(w->rest)];
	ssize_t n = readlink(w->at, target, sizeof(target) - 1);

	if (n < 0)
		return writ_error_errno(err, errno, "%.300s", w->at);
	target[n] = '\0';
	strcpy(rest, w->rest);
	if (++w->links > LINKS_MAX ||
	    (size_t)snprintf(w->rest, sizeof(w->rest), "%s%s", target, rest) >= sizeof(w->rest))
		return writ_error_set(err, "%.300s leads too far", w->at);
	*strrchr(w->at, '/') = '\0';
	if (*target == '/')
		*w->at = '\0';
	return 0;
}

/* Takes one name off the rest and goes there. ret: what it is. */
static int step(struct walk *w, struct stat *ret, struct writ_error *err)
{
	size_t at = strlen(w->at), skip = strspn(w->rest, "/");
	size_t length = strcspn(w->rest + skip, "/");
	const char *name = w->rest + skip;

	if (length == 2 && name[0] == '.' && name[1] == '.') {
		if (at)
			*strrchr(w->at, '/') = '\0';
	} else if (length != 1 || *name != '.') {
		if (at + 1 + length >= sizeof(w->at))
			return writ_error_set(err, "the path is too long");
		w->at[at] = '/';
		memcpy(w->at + at + 1, name, length);
		w->at[at + 1 + length] = '\0';
	}
	memmove(w->rest, name + length, strlen(name + length) + 1);
	if (judge(w->at, true, ret, err) < 0)
		return -1;
	return S_ISLNK(ret->st_mode) ? follow(w, err) : 0;
}

int writ_own_file_check_path(const char *path, mode_t type, struct writ_error *err)
{
	struct walk w = {.links = 0};
	struct stat st;

	if (*path != '/' || strlen(path) >= PATH_MAX)
		return writ_error_set(err, "'%.300s' is no absolute path", path);
	strcpy(w.rest, path);
	if (judge("/", true, &st, err) < 0)
		return -1;
	while (w.rest[strspn(w.rest, "/")])
		if (step(&w, &st, err) < 0)
			return -1;
	if ((st.st_mode & S_IFMT) != type)
		return writ_error_set(err, "%.300s is no %s", path,
				      type == S_IFREG ? "regular file" : "folder");
	*strrchr(w.at, '/') = '\0';
	return judge(w.at, false, &st, err);
}

int writ_own_file_check(struct writ_error *err)
{
	struct writ_error within = {0};
	Dl_info info;

	if (!dladdr((const void *)writ_own_file_check, &info) || !info.dli_fname)
		return writ_error_set(err, "where this plugin was loaded from cannot be told");
	if (writ_own_file_check_path(info.dli_fname, S_IFREG, &within) == 0)
		return 0;
	return writ_error_set(err, "the plugin could have been changed: %s", within.message);
}
