/* SPDX-License-Identifier: ISC */
/*
 * I/O logs, read: what sudoers_io and sudo_logsrvd write, one folder a command; sudoers(5), "I/O
 * log format".  `timing` says in which order and when the streams (stdin, stdout, stderr, ttyin,
 * ttyout) were read or written; log.json, or in its absence log, says whose command it was.  Each
 * file is plain or in gzip format.
 *
 * The streams are whatever the subject and the command made them, and the folder may be a copy from
 * anywhere: nothing here trusts a number, follows a link, waits for a pipe, or keeps more of a
 * stream in memory than a few buffers.  A log that is torn, still being written, or makes no sense
 * is read as far as it can be; what is wrong with it is said by writ_iolog_fault().
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <time.h>

struct writ_arena;
struct writ_error;
struct writ_iolog_reader;

/* The first field of a line of `timing`. The streams come first. */
enum writ_iolog_kind {
	WRIT_IOLOG_STDIN = 0,
	WRIT_IOLOG_STDOUT = 1,
	WRIT_IOLOG_STDERR = 2,
	WRIT_IOLOG_TTYIN = 3,
	WRIT_IOLOG_TTYOUT = 4,
	WRIT_IOLOG_WINSIZE = 5,
	WRIT_IOLOG_SUSPEND = 7,
};
#define WRIT_IOLOG_STREAMS 5

/* "stdin" … "ttyout", "winsize", "suspend". */
const char *writ_iolog_kind_to_string(enum writ_iolog_kind kind);
/* stdout, stderr or ttyout: what the command wrote. */
bool writ_iolog_kind_is_output(enum writ_iolog_kind kind);

/* What log.json or log says. Strings are NULL where they are missing; bytes that are not UTF-8 have
 * become U+FFFD. All of it is data from elsewhere: show it as such. */
struct writ_iolog_info {
	struct timespec time; /* when the command began (UTC); zero: not said */
	const char *host;     /* submithost: where it ran; not in log */
	const char *user;     /* submituser */
	const char *runas_user, *runas_group;
	const char *tty, *cwd;
	const char *command;     /* path; of log: the whole line, with its arguments */
	const char *const *argv; /* runargv; not in log */
	size_t argc;
	const char *const *env; /* runenv, "NAME=value"; not in log */
	size_t n_env;
	unsigned lines, columns; /* of the terminal; 0: none, or not said */
	/* Of env, what writ's plugin put there (WRIT_EVENT, WRIT_RULE, WRIT_SESSION): the join to
	 * the decision. The first one of each name, as getenv(3) would see it. */
	const char *event, *rule, *session;
	bool legacy; /* from log, since there is no log.json that can be read */
};

/* A line of `timing`. */
struct writ_iolog_record {
	enum writ_iolog_kind kind;
	struct timespec delay;   /* since the record before */
	struct timespec offset;  /* since the first moment of the log: the sum of the delays */
	uint64_t length;         /* a stream: how many bytes `timing` says; there may be fewer */
	unsigned lines, columns; /* WINSIZE */
	char signal[16];         /* SUSPEND: "TSTP", "CONT", or a number */
	bool untimed; /* bytes of a stream that `timing` does not tell of (it is torn, or missing):
		       * they come last, with the offset of the last record and the length 0 */
};

/* Whether tsid may name a log: a relative path of ordinary parts (not "", ".", "..", not too long),
 * without control characters; or six letters and digits, which stand for XX/XX/XX as in
 * sudoreplay(8). */
bool writ_iolog_tsid_valid(const char *tsid);

/* Opens the log tsid below the folder dir (which may be a link; nothing below it may be one). NULL
 * with err and errno: no such log (ENOENT), or a folder without any of a log's files (ENOTSUP), or
 * not to be read by the caller (EACCES), ….
 * Nothing of it is the caller's but the reader: free it by _close (NULL is fine). */
struct writ_iolog_reader *writ_iolog_open(const char *dir, const char *tsid,
					  struct writ_error *err);
void writ_iolog_close(struct writ_iolog_reader *reader);

/* The event that a log belongs to, as its log.json says ("" if it does not); nothing else is read.
 * False: there is no such log. */
bool writ_iolog_event(const char *dir, const char *tsid, char *ret, size_t size);

/* What log.json or log says; never NULL, but perhaps empty (and a fault says why). */
const struct writ_iolog_info *writ_iolog_info(const struct writ_iolog_reader *reader);

/* The folder's path in the file system, for messages and for sudoreplay. */
const char *writ_iolog_path(const struct writ_iolog_reader *reader);

/* True when sudo has closed the log: it takes the write permission from `timing` then
 * (sudoreplay(8), -F). A copy may have lost that mark. */
bool writ_iolog_complete(const struct writ_iolog_reader *reader);

/* Whether the log has that stream's file, and the size of the file, as it lies there, in bytes. */
bool writ_iolog_has(const struct writ_iolog_reader *reader, enum writ_iolog_kind stream,
		    uint64_t *ret_size);

/* The next record, in order. 1; 0 at the end (also of a log that is still written); there is no
 * other outcome: what cannot be read is a fault. Bytes of the record before that were not read are
 * passed over. */
int writ_iolog_next(struct writ_iolog_reader *reader, struct writ_iolog_record *ret);

/* Bytes of the present record, which is a stream's: at most size of them; 0 at its end. */
size_t writ_iolog_read(struct writ_iolog_reader *reader, void *buffer, size_t size);

/* What is wrong with the log, as far as it has been read: "timing:12: not a record", "ttyout: 100
 * bytes are missing". One sentence each, printable. NULL past the last one; only the first 16 are
 * kept, then one says that there are more. */
const char *writ_iolog_fault(const struct writ_iolog_reader *reader, size_t i);
