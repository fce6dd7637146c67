/* SPDX-License-Identifier: ISC */
#include "event_bytes.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <unistd.h>

#include "error.h"
#include "logsrvd_log.h"

/* Whether the file begins as gzip does (RFC 1952). What cannot be looked at twice is left to zlib,
 * which passes on what is not compressed. */
static bool is_compressed(const struct writ_event_bytes *bytes)
{
	unsigned char magic[2];

	if (!S_ISREG(bytes->st.st_mode))
		return true;
	return pread(bytes->fd, magic, 2, 0) == 2 && magic[0] == 0x1f && magic[1] == 0x8b;
}

static bool is_server_log(const struct writ_event_bytes *bytes)
{
	char beginning[WRIT_LOGSRVD_MAGIC];
	ssize_t n = pread(bytes->fd, beginning, sizeof(beginning), 0);

	return n > 0 && writ_logsrvd_log_is(beginning, (size_t)n);
}

int writ_event_bytes_open(struct writ_event_bytes *bytes, int dirfd, const char *name,
			  const char *path, struct writ_error *err)
{
	*bytes = (struct writ_event_bytes) {.path = path};
	/* O_NONBLOCK: somebody's FIFO among the files must not stop all. */
	bytes->fd = openat(dirfd, name, O_RDONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	if (bytes->fd < 0 || fstat(bytes->fd, &bytes->st) < 0 || S_ISDIR(bytes->st.st_mode)) {
		int why = S_ISDIR(bytes->st.st_mode) ? EISDIR : errno;

		writ_error_errno(err, why, "%s", path);
		errno = why;
		return -1;
	}
	if (!S_ISREG(bytes->st.st_mode))
		fcntl(bytes->fd, F_SETFL, fcntl(bytes->fd, F_GETFL) & ~O_NONBLOCK);
	bytes->packed = is_compressed(bytes) || is_server_log(bytes);
	return 0;
}

static void stop_gz(struct writ_event_bytes *bytes)
{
	if (bytes->gz)
		gzclose(bytes->gz);
	bytes->gz = NULL;
}

void writ_event_bytes_close(struct writ_event_bytes *bytes)
{
	stop_gz(bytes);
	if (bytes->fd >= 0)
		close(bytes->fd);
	writ_logsrvd_log_free(bytes->server);
}

/* Looks at what is in the file. */
static int find_format(struct writ_event_bytes *bytes)
{
	char beginning[WRIT_LOGSRVD_MAGIC];
	int n;

	if (!S_ISREG(bytes->st.st_mode))
		return 0;
	n = gzread(bytes->gz, beginning, sizeof(beginning));
	if (n > 0 && writ_logsrvd_log_is(beginning, (size_t)n)) {
		bytes->server = writ_logsrvd_log_new();
		if (!bytes->server)
			return -1;
	}
	gzrewind(bytes->gz);
	return 0;
}

/* zlib closes its descriptor and would read ahead of ours. */
static int begin_gz(struct writ_event_bytes *bytes, struct writ_error *err)
{
	int fd = fcntl(bytes->fd, F_DUPFD_CLOEXEC, 0);

	bytes->gz = fd >= 0 ? gzdopen(fd, "rb") : NULL;
	if (bytes->gz && (bytes->server || find_format(bytes) == 0))
		return 0;
	if (!bytes->gz && fd >= 0)
		close(fd);
	return writ_error_errno(err, errno ? errno : ENOMEM, "%s", bytes->path);
}

/* What is torn at its end, or no gzip any more, gave what it had: that is no reason to stop. */
static ssize_t end_gz(struct writ_event_bytes *bytes, ssize_t n, const char **ret_damage,
		      struct writ_error *err)
{
	int code;

	gzerror(bytes->gz, &code);
	if (code == Z_OK)
		return n;
	if (code == Z_ERRNO)
		return writ_error_errno(err, errno, "%s", bytes->path);
	if (code == Z_MEM_ERROR)
		return writ_error_set(err, "%s: out of memory", bytes->path);
	bytes->ended = true;
	*ret_damage = code == Z_BUF_ERROR ? "the compressed data end in the middle"
					  : "the compressed data are damaged";
	return n > 0 ? n : 0;
}

ssize_t writ_event_bytes_read(struct writ_event_bytes *bytes, char *to, size_t room,
			      const char **ret_damage, struct writ_error *err)
{
	ssize_t n;

	*ret_damage = NULL;
	if (bytes->ended)
		return 0;
	if (bytes->packed) {
		if (!bytes->gz && begin_gz(bytes, err) < 0)
			return -1;
		n = bytes->server
			    ? writ_logsrvd_log_read(bytes->server, bytes->gz, to, room)
			    : gzread(bytes->gz, to, room < INT_MAX ? (unsigned)room : INT_MAX);
		return n < (ssize_t)room ? end_gz(bytes, n, ret_damage, err) : n;
	}
	do
		n = read(bytes->fd, to, room);
	while (n < 0 && errno == EINTR);
	return n < 0 ? writ_error_errno(err, errno, "%s", bytes->path) : n;
}

ssize_t writ_event_bytes_peek(struct writ_event_bytes *bytes, char *to, size_t room)
{
	ssize_t n;

	if (!bytes->packed)
		return pread(bytes->fd, to, room, 0);
	n = begin_gz(bytes, NULL) == 0 ? gzread(bytes->gz, to, (unsigned)room) : 0;
	stop_gz(bytes);
	lseek(bytes->fd, 0, SEEK_SET);
	return n;
}

int writ_event_bytes_rewind(struct writ_event_bytes *bytes, struct writ_error *err)
{
	stop_gz(bytes);
	writ_logsrvd_log_free(bytes->server);
	bytes->server = NULL;
	bytes->ended = false;
	if (lseek(bytes->fd, 0, SEEK_SET) < 0)
		return writ_error_errno(err, errno, "%s cannot be read twice", bytes->path);
	return 0;
}
