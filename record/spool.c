/* SPDX-License-Identifier: ISC */
#include "spool.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "cleanup.h"
#include "config.h"
#include "error.h"
#include "event.h"
#include "folder.h"
#include "guard.h"
#include "json_write.h"
#include "run.h"
#include "spool_log.h"

#define FOLDER_MODE 0700
#define FILE_MODE 0600
#define NAME_SIZE (WRIT_EVENT_ID_SIZE + 16)
#define GONE ".gone."

int writ_spool_open(bool make, struct writ_error *err)
{
	char above[] = WRIT_SPOOL_DIR;
	char *name = strrchr(above, '/');
	auto_close int parent = -1;

	*name++ = '\0';
	parent = writ_folder_open(above, make, err);
	if (parent < 0)
		return -1;
	return writ_folder_openat(parent, name, make, FOLDER_MODE, err);
}

/* Everything in the spool counts, drafts as well. */
static int have_room(int spool, struct writ_error *err)
{
	int fd = openat(spool, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	auto_closedir DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	size_t n = 0;

	if (!dir) {
		writ_error_errno(err, errno, "%s", WRIT_SPOOL_DIR);
		if (fd >= 0)
			close(fd);
		return -1;
	}
	while (errno = 0, readdir(dir))
		n++;
	if (errno)
		return writ_error_errno(err, errno, "%s", WRIT_SPOOL_DIR);
	return n < WRIT_SPOOL_MAX + 2 /* "." and ".." */
		       ? 0
		       : writ_error_set(err, "%s is full: %d items wait", WRIT_SPOOL_DIR,
					WRIT_SPOOL_MAX);
}

static int write_file(int folder, const char *name, const char *text, size_t length,
		      struct writ_error *err)
{
	auto_close int fd = openat(folder, name,
				   O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, FILE_MODE);

	/* A set-user-ID program's new files have the caller's group. */
	if (fd < 0 || fchown(fd, 0, 0) < 0)
		return writ_error_errno(err, errno, "%s/…/%s", WRIT_SPOOL_DIR, name);
	while (length > 0) {
		ssize_t n = write(fd, text, length);

		if (n <= 0)
			return writ_error_errno(err, n < 0 ? errno : ENOSPC, "%s/…/%s",
						WRIT_SPOOL_DIR, name);
		text += n;
		length -= (size_t)n;
	}
	return 0;
}

static int write_json(int folder, const char *name, struct writ_json_writer *writer,
		      struct writ_error *err)
{
	size_t length = 0;
	const char *text = writer ? writ_json_writer_text(writer, &length) : NULL;

	if (!text)
		return writ_error_set(err, "no memory for the spool");
	return write_file(folder, name, text, length, err);
}

static int write_deliver(int folder, const struct writ_spool_item *item, struct writ_error *err)
{
	auto_json_writer struct writ_json_writer *writer = writ_json_writer_new();
	const struct writ_run *run = item->run;

	if (writer) {
		writ_json_object_begin(writer, NULL);
		writ_json_add_string(writer, "event", item->event);
		writ_json_add_bool(writer, "accepted", item->accepted);
		writ_json_add_string(writer, "reason", item->reason);
		writ_json_add_string(writer, "iolog", item->iolog);
		writ_json_array_begin(writer, "log_servers");
		for (size_t i = 0; i < run->iolog.n_log_servers; i++)
			writ_json_add_string(writer, NULL, run->iolog.log_servers[i]);
		writ_json_array_end(writer);
		writ_json_add_int(writer, "timeout", run->iolog.server_timeout);
		writ_json_add_string(writer, "cabundle", run->iolog.server_cabundle);
		writ_json_add_string(writer, "peer_cert", run->iolog.server_cert);
		writ_json_add_string(writer, "peer_key", run->iolog.server_key);
		writ_json_add_bool(writer, "verify", run->iolog.server_verify);
		writ_json_object_end(writer);
	}
	return write_json(folder, WRIT_SPOOL_DELIVER, writer, err);
}

static int write_item(int folder, const struct writ_spool_item *item, struct writ_error *err)
{
	auto_free char *log = NULL;
	size_t length;

	log = writ_spool_log_text(item, &length);
	if (!log)
		return writ_error_set(err, "no memory for the spool");
	if (write_file(folder, WRIT_SPOOL_LOG, log, length, err) < 0 ||
	    write_file(folder, WRIT_SPOOL_TIMING, "", 0, err) < 0)
		return -1;
	return write_deliver(folder, item, err);
}

/* Makes the folder under the draft's name and locks it. Its descriptor, or -1. */
static int make_draft(int spool, const char *draft, struct writ_error *err)
{
	auto_close int fd = -1;

	if (mkdirat(spool, draft, FOLDER_MODE) == 0)
		fd = openat(spool, draft, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	/* If it is locked, it was taken for a dead writer's; then it is about to be removed. */
	if (fd < 0 || fchown(fd, 0, 0) < 0 || flock(fd, LOCK_EX | LOCK_NB) < 0)
		return writ_error_errno(err, errno, "%s/%s", WRIT_SPOOL_DIR, draft);
	return TAKE_FD(fd);
}

static int add(int spool, const struct writ_spool_item *item, int *ret_lock, struct writ_error *err)
{
	auto_close int folder = -1;
	char draft[NAME_SIZE];
	int ret;

	snprintf(draft, sizeof(draft), WRIT_SPOOL_DRAFT "%s", item->event);
	folder = make_draft(spool, draft, err);
	ret = folder < 0 ? -1 : write_item(folder, item, err);
	if (ret == 0 && renameat2(spool, draft, spool, item->event, RENAME_NOREPLACE) < 0)
		ret = writ_error_errno(err, errno, "%s/%s", WRIT_SPOOL_DIR, item->event);
	if (ret < 0) {
		writ_spool_remove(spool, draft, NULL);
		return -1;
	}
	if (ret_lock)
		*ret_lock = TAKE_FD(folder);
	return 0;
}

int writ_spool_add(const struct writ_spool_item *item, int *ret_lock, struct writ_error *err)
{
	auto_close int spool = -1;
	struct writ_guard guard;
	int ret;

	ret = writ_guard_begin(&guard, err);
	if (ret == 0) {
		spool = writ_spool_open(true, err);
		ret = spool < 0 || have_room(spool, err) < 0 ? -1 : add(spool, item, ret_lock, err);
	}
	writ_guard_end(&guard);
	return ret;
}

/* Seconds and the rest, as an I/O log has them. */
static int write_exit(int folder, const struct writ_event_exit *exit, struct writ_error *err)
{
	static const char draft[] = "." WRIT_SPOOL_EXIT;
	auto_json_writer struct writ_json_writer *writer = writ_json_writer_new();

	if (writer) {
		writ_json_object_begin(writer, NULL);
		writ_json_add_bool(writer, "started", exit->started);
		writ_json_add_int(
			writer, "status",
			exit->started && WIFEXITED(exit->status) ? WEXITSTATUS(exit->status) : 0);
		writ_json_add_int(
			writer, "signal",
			exit->started && WIFSIGNALED(exit->status) ? WTERMSIG(exit->status) : 0);
		writ_json_add_int(writer, "microseconds", exit->microseconds);
		writ_json_object_end(writer);
	}
	if (write_json(folder, draft, writer, err) < 0)
		return -1;
	if (renameat(folder, draft, folder, WRIT_SPOOL_EXIT) < 0)
		return writ_error_errno(err, errno, "%s/…/%s", WRIT_SPOOL_DIR, WRIT_SPOOL_EXIT);
	return 0;
}

int writ_spool_end(int lock, const struct writ_event_exit *exit, struct writ_error *err)
{
	struct writ_guard guard;
	int ret;

	ret = writ_guard_begin(&guard, err);
	if (ret == 0)
		ret = write_exit(lock, exit, err);
	writ_guard_end(&guard);
	return ret;
}

/* A folder of files and links, without folders in it: that is all there ever is. */
static int empty(int folder, const char *name, struct writ_error *err)
{
	int fd = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	auto_closedir DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *item;

	if (!dir) {
		writ_error_errno(err, errno, "%s/%s", WRIT_SPOOL_DIR, name);
		if (fd >= 0)
			close(fd);
		return -1;
	}
	while (errno = 0, (item = readdir(dir)))
		if (strcmp(item->d_name, ".") != 0 && strcmp(item->d_name, "..") != 0 &&
		    unlinkat(folder, item->d_name, 0) < 0 && errno != ENOENT)
			return writ_error_errno(err, errno, "%s/%s/%s", WRIT_SPOOL_DIR, name,
						item->d_name);
	return errno ? writ_error_errno(err, errno, "%s/%s", WRIT_SPOOL_DIR, name) : 0;
}

int writ_spool_remove(int spool, const char *name, struct writ_error *err)
{
	char gone[NAME_SIZE];
	auto_close int folder = -1;

	/* One step takes it from the readers; what is cut off after that is cleared later. */
	if (*name != '.') {
		snprintf(gone, sizeof(gone), GONE "%s", name);
		if (renameat(spool, name, spool, gone) < 0)
			return errno == ENOENT ? 0
					       : writ_error_errno(err, errno, "%s/%s",
								  WRIT_SPOOL_DIR, name);
		name = gone;
	}
	folder = openat(spool, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (folder < 0)
		return errno == ENOENT
			       ? 0
			       : writ_error_errno(err, errno, "%s/%s", WRIT_SPOOL_DIR, name);
	if (empty(folder, name, err) < 0)
		return -1;
	if (unlinkat(spool, name, AT_REMOVEDIR) < 0 && errno != ENOENT)
		return writ_error_errno(err, errno, "%s/%s", WRIT_SPOOL_DIR, name);
	return 0;
}
