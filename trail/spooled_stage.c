/* SPDX-License-Identifier: ISC */
/* The folder that sudo_sendlog is given for a command that was logged on this host first. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "arena.h"
#include "cleanup.h"
#include "config.h"
#include "error.h"
#include "file.h"
#include "json.h"
#include "spool.h"
#include "spooled.h"

/* One process sends at a time. The dot: whatever is left of it is cleared. */
#define STAGE ".send"

/* What sudo_sendlog reads besides log.json; the first must be there. */
static const char *const streams[] = {"timing", "stdin", "stdout", "stderr", "ttyin", "ttyout"};

/* What a shell says of a program that it cannot run. */
#define NOT_STARTED 127

struct ending {
	bool known, started;
	int64_t status, signal, microseconds;
};

#define READ_INT(member)                                                                           \
	static int read_##member(const struct writ_json *json, void *object,                       \
				 struct writ_error *err)                                           \
	{                                                                                          \
		return writ_json_int(json, 0, INT64_MAX / 1000,                                    \
				     &((struct ending *)object)->member, err);                     \
	}
READ_INT(status)
READ_INT(signal)
READ_INT(microseconds)
static int read_started(const struct writ_json *json, void *object, struct writ_error *err)
{
	return writ_json_bool(json, &((struct ending *)object)->started, err);
}

static const struct writ_json_field fields[] = {
	{"started", true, read_started},
	{"status", true, read_status},
	{"signal", true, read_signal},
	{"microseconds", true, read_microseconds},
};

/* How the command ended; nobody knows if sudo was killed. */
static void read_ending(const char *item, struct writ_arena *arena, struct ending *ret)
{
	const char *path = writ_arena_concat(arena, item, "/" WRIT_SPOOL_EXIT, NULL);
	const struct writ_json *json;
	auto_free char *text = NULL;
	size_t length;

	*ret = (struct ending) {0};
	if (!path || writ_file_read(path, false, &text, &length, NULL) < 0)
		return;
	json = writ_json_parse(arena, path, text, length, NULL);
	ret->known = json && writ_json_fields(json, fields, ARRAY_SIZE(fields), ret, NULL) == 0;
}

/* The members that the server adds to log.json itself when it logs live. It wants a run time. */
static const char *ending_text(const struct ending *ending, struct writ_arena *arena)
{
	int64_t us = ending->microseconds > 0 ? ending->microseconds : 1;
	const char *name = ending->signal ? sigabbrev_np((int)ending->signal) : NULL, *signal = "";
	int64_t status = ending->status;

	if (!ending->known)
		name = "UNKNOWN";
	else if (ending->signal && !name)
		name = "RT";
	else if (!ending->started)
		status = NOT_STARTED;
	if (name)
		signal = writ_arena_printf(arena,
					   "    \"signal\": \"%s\",\n"
					   "    \"dumped_core\": false,\n",
					   name);
	return signal ? writ_arena_printf(arena,
					  ",\n    \"run_time\": {\n        \"seconds\": %" PRId64
					  ",\n        \"nanoseconds\": %" PRId64 "\n    },\n%s"
					  "    \"exit_value\": %" PRId64 "\n}\n",
					  us / 1000000, us % 1000000 * 1000, signal, status)
		      : NULL;
}

static int write_log(int stage, const char *item, struct writ_arena *arena, struct writ_error *err)
{
	static const char end[] = "\n}\n";
	const char *path = writ_arena_concat(arena, item, "/" WRIT_SPOOL_LOG, NULL), *more;
	auto_free char *text = NULL;
	auto_fclose FILE *out = NULL;
	struct ending ending;
	size_t length;
	int fd;

	if (!path || writ_file_read(path, false, &text, &length, err) < 0)
		return -1;
	if (length < strlen(end) || memcmp(text + length - strlen(end), end, strlen(end)) != 0)
		return writ_error_set(err, "%s is torn", path);
	read_ending(item, arena, &ending);
	more = ending_text(&ending, arena);
	fd = openat(stage, WRIT_SPOOL_LOG, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
		    0600);
	out = fd < 0 ? NULL : fdopen(fd, "w");
	if (!more || !out)
		return writ_error_errno(err, more ? errno : ENOMEM, "%s/%s", STAGE, WRIT_SPOOL_LOG);
	if (fwrite(text, 1, length - strlen(end), out) != length - strlen(end) ||
	    fputs(more, out) < 0 || fflush(out) != 0)
		return writ_error_errno(err, errno, "%s/%s", STAGE, WRIT_SPOOL_LOG);
	return 0;
}

/* Links to the streams that there are. *ret_io: timing is one. */
static int link_streams(int stage, const char *iolog, struct writ_arena *arena, uint64_t *ret_bytes,
			bool *ret_io, struct writ_error *err)
{
	for (size_t i = 0; i < ARRAY_SIZE(streams); i++) {
		const char *path = writ_arena_concat(arena, iolog, "/", streams[i], NULL);
		struct stat st;

		if (!path)
			return writ_error_set(err, "out of memory");
		if (lstat(path, &st) < 0 || !S_ISREG(st.st_mode)) {
			if (i == 0)
				return 0;
			continue;
		}
		if (symlinkat(path, stage, streams[i]) < 0)
			return writ_error_errno(err, errno, "%s/%s", STAGE, streams[i]);
		*ret_bytes += (uint64_t)st.st_size;
		*ret_io = true;
	}
	return 0;
}

/* Without an I/O log sudo_sendlog wants an empty one. */
static int make_timing(int stage, struct writ_error *err)
{
	auto_close int fd = openat(stage, WRIT_SPOOL_TIMING,
				   O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);

	return fd < 0 ? writ_error_errno(err, errno, "%s/%s", STAGE, WRIT_SPOOL_TIMING) : 0;
}

const char *writ_spooled_stage(int spool, const struct writ_spooled *item, struct writ_arena *arena,
			       uint64_t *ret_bytes, bool *ret_io, struct writ_error *err)
{
	const char *path = writ_arena_concat(arena, WRIT_SPOOL_DIR "/", item->event, NULL);
	auto_close int stage = -1;

	*ret_bytes = 0;
	*ret_io = false;
	if (!item->accepted || !path)
		return path;
	if (writ_spool_remove(spool, STAGE, err) < 0)
		return NULL;
	if (mkdirat(spool, STAGE, 0700) == 0)
		stage = openat(spool, STAGE, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (stage < 0) {
		writ_error_errno(err, errno, "%s/%s", WRIT_SPOOL_DIR, STAGE);
		return NULL;
	}
	if (write_log(stage, path, arena, err) < 0 ||
	    (item->iolog && link_streams(stage, item->iolog, arena, ret_bytes, ret_io, err) < 0) ||
	    (!*ret_io && make_timing(stage, err) < 0))
		return NULL;
	return WRIT_SPOOL_DIR "/" STAGE;
}
