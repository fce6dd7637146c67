/* SPDX-License-Identifier: ISC */
#include "session_store.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cleanup.h"
#include "error.h"
#include "folder.h"
#include "json_write.h"

#define INDEX ".index"
#define FOLDER_MODE 0711
#define INDEX_MODE 0700
#define FILE_MODE 0600

/* 2^32 ids a second: a second try is unlikely, a third a fault. So is an index folder that is
 * cleared between two steps of the same login again and again. */
#define TRIES 8

/* A file name, or a folder's, in the store. */
#define NAME_SIZE 96

int writ_session_store_open(struct writ_session_store *ret, const char *path, bool make,
			    struct writ_error *err)
{
	auto_close int folder = writ_folder_open(path, make, err), index = -1;

	*ret = (struct writ_session_store) {-1, -1};
	if (folder < 0)
		return -1;
	index = writ_folder_openat(folder, INDEX, make, INDEX_MODE, err);
	if (index < 0)
		return -1;
	ret->folder = TAKE_FD(folder);
	ret->index = TAKE_FD(index);
	return 0;
}

void writ_session_store_close(struct writ_session_store *store)
{
	if (store->folder >= 0)
		close(store->folder);
	if (store->index >= 0)
		close(store->index);
	*store = (struct writ_session_store) {-1, -1};
}

static void record_name(char name[NAME_SIZE], const char *id)
{
	snprintf(name, NAME_SIZE, "%s.json", id);
}

/* A name that no reader looks at. */
static void draft_name(char name[NAME_SIZE], const char *id)
{
	snprintf(name, NAME_SIZE, ".%s.new", id);
}

static void index_name(char name[NAME_SIZE], const struct writ_session_record *record)
{
	if (record->audit_session != WRIT_AUDIT_SESSION_NONE)
		snprintf(name, NAME_SIZE, "%" PRIu32 ".%u", record->audit_session,
			 (unsigned)record->uid);
	else
		snprintf(name, NAME_SIZE, "none.%u.%d.%" PRIu64, (unsigned)record->uid,
			 (int)record->leader.pid, record->leader.start);
}

static void entry_name(char name[NAME_SIZE], const struct writ_session_record *record)
{
	snprintf(name, NAME_SIZE, "%s.%d.%" PRIu64, record->id, (int)record->leader.pid,
		 record->leader.start);
}

void writ_session_entry_parse(const char *name, struct writ_session_entry *ret)
{
	struct writ_session_record record = {0};
	char again[NAME_SIZE];

	*ret = (struct writ_session_entry) {0};
	if (strlen(name) < WRIT_SESSION_ID_SIZE)
		return;
	memcpy(record.id, name, WRIT_SESSION_ID_SIZE - 1);
	if (!writ_session_id_is(record.id) ||
	    sscanf(name + WRIT_SESSION_ID_SIZE - 1, ".%d.%" SCNu64, &record.leader.pid,
		   &record.leader.start) != 2)
		return;
	/* One spelling each. */
	entry_name(again, &record);
	if (strcmp(again, name) != 0)
		return;
	memcpy(ret->id, record.id, sizeof(ret->id));
	ret->pid = record.leader.pid;
	ret->start = record.leader.start;
}

static int write_all(int fd, const char *text, size_t length)
{
	while (length > 0) {
		ssize_t n = write(fd, text, length);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			errno = n < 0 ? errno : ENOSPC;
			return -1;
		}
		text += n;
		length -= (size_t)n;
	}
	return 0;
}

/* Writes the record's text under a name that no reader looks at. */
static int write_draft(int folder, const char *draft, const struct writ_session_record *record,
		       struct writ_error *err)
{
	auto_json_writer struct writ_json_writer *writer = writ_session_record_whole(record);
	auto_close int fd = -1;
	const char *text = NULL;
	size_t length;

	if (writer)
		text = writ_json_writer_text(writer, &length);
	if (!text)
		return writ_error_set(err, "no memory for the session's record");
	if (length > WRIT_SESSION_RECORD_MAX)
		return writ_error_set(err, "the session's record would be too large");
	/* What a killed login left. */
	unlinkat(folder, draft, 0);
	fd = openat(folder, draft, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, FILE_MODE);
	if (fd < 0)
		return writ_error_errno(err, errno, "the session's record");
	if (write_all(fd, text, length) < 0 || fchown(fd, 0, 0) < 0 || fchmod(fd, FILE_MODE) < 0) {
		writ_error_errno(err, errno, "the session's record");
		unlinkat(folder, draft, 0);
		return -1;
	}
	return 0;
}

/* 0 with the record in place; 1 if the id is taken; -1 with err. */
static int put_record(const struct writ_session_store *store,
		      const struct writ_session_record *record, struct writ_error *err)
{
	char name[NAME_SIZE], draft[NAME_SIZE];
	int why;

	record_name(name, record->id);
	draft_name(draft, record->id);
	if (write_draft(store->folder, draft, record, err) < 0)
		return -1;
	if (renameat2(store->folder, draft, store->folder, name, RENAME_NOREPLACE) == 0)
		return 0;
	why = errno;
	unlinkat(store->folder, draft, 0);
	return why == EEXIST ? 1 : writ_error_errno(err, why, "the session's record");
}

static int put_entry(const struct writ_session_store *store,
		     const struct writ_session_record *record, struct writ_error *err)
{
	char folder_name[NAME_SIZE], name[NAME_SIZE];

	index_name(folder_name, record);
	entry_name(name, record);
	for (int i = 0; i < TRIES; i++) {
		auto_close int folder =
			writ_folder_openat(store->index, folder_name, true, INDEX_MODE, err);
		auto_close int fd = -1;

		if (folder < 0 && errno == ENOENT)
			continue;
		if (folder < 0)
			return -1;
		fd = openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
			    FILE_MODE);
		if (fd >= 0)
			return 0;
		/* The empty folder was cleared away a moment ago. */
		if (errno != ENOENT)
			return writ_error_errno(err, errno, "the index of sessions");
	}
	return writ_error_set(err, "the index of sessions changes all the time");
}

int writ_session_store_add(struct writ_session_store *store, struct writ_session_record *record,
			   struct writ_error *err)
{
	int put = 1;

	for (int i = 0; i < TRIES && put == 1; i++) {
		if (i > 0 && writ_session_record_init(record, err) < 0)
			return -1;
		put = put_record(store, record, err);
	}
	if (put < 0)
		return -1;
	if (put == 1)
		return writ_error_set(err, "no session id is free");
	/* Last: from now on it can be found. */
	if (put_entry(store, record, err) == 0)
		return 0;
	writ_session_store_remove(store, record, NULL);
	return -1;
}

int writ_session_store_replace(struct writ_session_store *store,
			       const struct writ_session_record *record, struct writ_error *err)
{
	char name[NAME_SIZE], draft[NAME_SIZE];
	struct stat st;
	int why;

	record_name(name, record->id);
	draft_name(draft, record->id);
	if (fstatat(store->folder, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return writ_error_errno(err, errno, "the session's record");
	if (write_draft(store->folder, draft, record, err) < 0)
		return -1;
	if (renameat(store->folder, draft, store->folder, name) == 0)
		return 0;
	why = errno;
	unlinkat(store->folder, draft, 0);
	return writ_error_errno(err, why, "the session's record");
}

int writ_session_store_remove(struct writ_session_store *store,
			      const struct writ_session_record *record, struct writ_error *err)
{
	char folder_name[NAME_SIZE], name[NAME_SIZE];
	auto_close int folder = -1;
	struct writ_error ignored;

	index_name(folder_name, record);
	entry_name(name, record);
	folder = writ_folder_openat(store->index, folder_name, false, INDEX_MODE, &ignored);
	if (folder >= 0 && unlinkat(folder, name, 0) < 0 && errno != ENOENT)
		return writ_error_errno(err, errno, "the index of sessions");
	/* Fails while there are others, and so it should. */
	unlinkat(store->index, folder_name, AT_REMOVEDIR);
	record_name(name, record->id);
	if (unlinkat(store->folder, name, 0) < 0 && errno != ENOENT)
		return writ_error_errno(err, errno, "the session's record");
	return 0;
}

int writ_session_store_each(const struct writ_session_store *store,
			    const struct writ_session_record *like,
			    void (*each)(const struct writ_session_entry *entry, void *data),
			    void *data, struct writ_error *err)
{
	char folder_name[NAME_SIZE];
	auto_close int folder = -1;
	auto_closedir DIR *dir = NULL;
	const struct dirent *item;

	index_name(folder_name, like);
	folder = writ_folder_openat(store->index, folder_name, false, INDEX_MODE, err);
	if (folder < 0)
		return errno == ENOENT ? 0 : -1;
	dir = fdopendir(folder);
	if (!dir)
		return writ_error_errno(err, errno, "the index of sessions");
	folder = -1;
	while (errno = 0, (item = readdir(dir))) {
		struct writ_session_entry entry;

		if (strcmp(item->d_name, ".") == 0 || strcmp(item->d_name, "..") == 0)
			continue;
		writ_session_entry_parse(item->d_name, &entry);
		each(&entry, data);
	}
	return errno ? writ_error_errno(err, errno, "the index of sessions") : 0;
}
