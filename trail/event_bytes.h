/* SPDX-License-Identifier: ISC */
/*
 * The bytes of an event file as lines of events: as they lie there, unpacked (gzip), or put into
 * lines from the objects that sudo_logsrvd writes. Only event_file.c includes this.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <zlib.h>

struct writ_error;
struct writ_logsrvd_log;

struct writ_event_bytes {
	int fd;
	const char *path;                /* in messages; borrowed */
	struct stat st;                  /* as of opening */
	bool packed;                     /* gzip, or to be read as if it were: not in place */
	gzFile gz;                       /* reads from a copy of fd; NULL: plain, or not begun */
	struct writ_logsrvd_log *server; /* a log of sudo_logsrvd; NULL: one of ours */
	bool ended;                      /* nothing more is to come, one way or another */
};

/* 0, or -1 with err and errno as of open (a folder: EISDIR); to be closed in either case. */
int writ_event_bytes_open(struct writ_event_bytes *bytes, int dirfd, const char *name,
			  const char *path, struct writ_error *err);
void writ_event_bytes_close(struct writ_event_bytes *bytes);

/* How many bytes were read; 0: none at this time; -1 with err. *ret_damage says, once, why packed
 * data end early, else it is NULL. */
ssize_t writ_event_bytes_read(struct writ_event_bytes *bytes, char *to, size_t room,
			      const char **ret_damage, struct writ_error *err);

/* The first bytes of a regular file of which nothing was read; it is then as if they had not been
 * read. How many; 0 or less: none. */
ssize_t writ_event_bytes_peek(struct writ_event_bytes *bytes, char *to, size_t room);

/* Back to the beginning. 0, or -1 with err: a pipe. */
int writ_event_bytes_rewind(struct writ_event_bytes *bytes, struct writ_error *err);
