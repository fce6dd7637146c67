/* SPDX-License-Identifier: ISC */
#include "audit_sessions.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>

#include "cleanup.h"
#include "error.h"
#include "process.h"

#define WALKS 8

static int add(struct writ_audit_sessions *sessions, uint32_t id, struct writ_error *err)
{
	/* Processes of one session follow each other. */
	if (sessions->n > 0 && sessions->ids[sessions->n - 1] == id)
		return 0;
	if (sessions->n == sessions->room) {
		size_t room = sessions->room ? sessions->room * 2 : 256;
		uint32_t *ids = reallocarray(sessions->ids, room, sizeof(*ids));

		if (!ids)
			return writ_error_set(err, "no memory");
		sessions->ids = ids;
		sessions->room = room;
	}
	sessions->ids[sessions->n++] = id;
	return 0;
}

static int walk(struct writ_audit_sessions *sessions, int proc, struct writ_error *err)
{
	auto_close int fd = openat(proc, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	auto_closedir DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
	const struct dirent *item;

	if (!dir)
		return writ_error_errno(err, errno, "/proc");
	fd = -1;
	while (errno = 0, (item = readdir(dir))) {
		uint32_t id;

		if (!isdigit((unsigned char)*item->d_name))
			continue;
		if (writ_process_audit_session(proc, atoi(item->d_name), &id, err) == 0) {
			if (add(sessions, id, err) < 0)
				return -1;
		} else if (errno != ENOENT) {
			return -1;
		}
	}
	return errno ? writ_error_errno(err, errno, "/proc") : 0;
}

static int compare(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

int writ_audit_sessions_read(struct writ_audit_sessions *ret, int proc, struct writ_error *err)
{
	*ret = (struct writ_audit_sessions) {0};
	for (int i = 0; i < WALKS; i++)
		if (walk(ret, proc, err) < 0)
			return -1;
	if (ret->n > 0)
		qsort(ret->ids, ret->n, sizeof(*ret->ids), compare);
	return 0;
}

void writ_audit_sessions_done(struct writ_audit_sessions *sessions)
{
	free(sessions->ids);
	*sessions = (struct writ_audit_sessions) {0};
}

bool writ_audit_sessions_have(const struct writ_audit_sessions *sessions, uint32_t id)
{
	return sessions->n > 0 &&
	       bsearch(&id, sessions->ids, sessions->n, sizeof(*sessions->ids), compare);
}
