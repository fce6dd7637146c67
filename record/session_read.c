/* SPDX-License-Identifier: ISC */
/* The text of a session record, read back. Whoever only writes records links none of this. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "arena.h"
#include "cleanup.h"
#include "error.h"
#include "folder.h"
#include "json.h"
#include "session_store.h"

static int read_text(const struct writ_json *json, const char **ret, struct writ_error *err)
{
	if (json->type == WRIT_JSON_NULL)
		return 0;
	return writ_json_string(json, ret, err);
}

/* One function a member that is a text; null leaves it NULL. */
#define TEXT(name, member)                                                                         \
	static int read_##name(const struct writ_json *json, void *object, struct writ_error *err) \
	{                                                                                          \
		return read_text(json, &((struct writ_session_record *)object)->member, err);      \
	}

TEXT(user, user)
TEXT(service, service)
TEXT(host, host)
TEXT(tty, tty)
TEXT(from, from)
TEXT(closed, closed)
TEXT(type, key.type)
TEXT(fingerprint, key.fingerprint)
TEXT(key_id, key.key_id)
TEXT(serial, key.serial)
TEXT(by_user, by.user)

static int read_uid_to(const struct writ_json *json, uid_t *ret, struct writ_error *err)
{
	int64_t value;

	if (writ_json_int(json, 0, UINT32_MAX - 1, &value, err) < 0)
		return -1;
	*ret = (uid_t)value;
	return 0;
}

static int read_uid(const struct writ_json *json, void *object, struct writ_error *err)
{
	return read_uid_to(json, &((struct writ_session_record *)object)->uid, err);
}

static int read_by_uid(const struct writ_json *json, void *object, struct writ_error *err)
{
	return read_uid_to(json, &((struct writ_session_record *)object)->by.uid, err);
}

static int read_session(const struct writ_json *json, void *object, struct writ_error *err)
{
	struct writ_session_record *record = object;
	const char *text;

	if (writ_json_string(json, &text, err) < 0)
		return -1;
	if (!writ_session_id_is(text))
		return writ_json_error(json, err, "'%s' is no session id", text);
	strcpy(record->id, text);
	return 0;
}

static int read_boot(const struct writ_json *json, void *object, struct writ_error *err)
{
	struct writ_session_record *record = object;
	const char *text;

	if (writ_json_string(json, &text, err) < 0)
		return -1;
	if (strlen(text) != sizeof(record->boot) - 1)
		return writ_json_error(json, err, "this is no boot id");
	strcpy(record->boot, text);
	return 0;
}

static int read_opened(const struct writ_json *json, void *object, struct writ_error *err)
{
	struct writ_session_record *record = object;
	struct tm tm = {0};
	const char *text, *rest;
	char *end;
	long micro;

	if (writ_json_string(json, &text, err) < 0)
		return -1;
	rest = strptime(text, "%Y-%m-%dT%H:%M:%S.", &tm);
	if (!rest || strspn(rest, "0123456789") != 6)
		return writ_json_error(json, err, "this is no time");
	micro = strtol(rest, &end, 10);
	if (strcmp(end, "Z") != 0)
		return writ_json_error(json, err, "this is no time in UTC");
	record->opened.tv_sec = timegm(&tm);
	record->opened.tv_nsec = micro * 1000;
	return 0;
}

static int read_audit_session(const struct writ_json *json, void *object, struct writ_error *err)
{
	struct writ_session_record *record = object;
	int64_t value;

	record->audit_session = WRIT_AUDIT_SESSION_NONE;
	if (json->type == WRIT_JSON_NULL)
		return 0;
	if (writ_json_int(json, 0, WRIT_AUDIT_SESSION_NONE - 1, &value, err) < 0)
		return -1;
	record->audit_session = (uint32_t)value;
	return 0;
}

static int read_pid(const struct writ_json *json, void *object, struct writ_error *err)
{
	struct writ_session_record *record = object;
	int64_t value;

	if (writ_json_int(json, 1, INT32_MAX, &value, err) < 0)
		return -1;
	record->leader.pid = (pid_t)value;
	return 0;
}

static int read_start(const struct writ_json *json, void *object, struct writ_error *err)
{
	struct writ_session_record *record = object;
	int64_t value;

	if (writ_json_int(json, 0, INT64_MAX, &value, err) < 0)
		return -1;
	record->leader.start = (uint64_t)value;
	return 0;
}

static int read_leader(const struct writ_json *json, void *object, struct writ_error *err)
{
	static const struct writ_json_field fields[] = {
		{"pid", true, read_pid},
		{"start", true, read_start},
	};

	return writ_json_fields(json, fields, ARRAY_SIZE(fields), object, err);
}

static int read_key(const struct writ_json *json, void *object, struct writ_error *err)
{
	static const struct writ_json_field fields[] = {
		{"type", true, read_type},
		{"fingerprint", true, read_fingerprint},
		{"key_id", false, read_key_id},
		{"serial", false, read_serial},
	};

	if (json->type == WRIT_JSON_NULL)
		return 0;
	return writ_json_fields(json, fields, ARRAY_SIZE(fields), object, err);
}

static int read_by(const struct writ_json *json, void *object, struct writ_error *err)
{
	static const struct writ_json_field fields[] = {
		{"user", true, read_by_user},
		{"uid", true, read_by_uid},
	};

	if (json->type == WRIT_JSON_NULL)
		return 0;
	return writ_json_fields(json, fields, ARRAY_SIZE(fields), object, err);
}

/* All that a record holds: one that was written in part lacks its end, and is no JSON at all. */
static const struct writ_json_field fields[] = {
	{"session", true, read_session}, {"user", true, read_user},
	{"uid", true, read_uid},         {"host", true, read_host},
	{"service", true, read_service}, {"opened", true, read_opened},
	{"boot", true, read_boot},       {"audit_session", true, read_audit_session},
	{"leader", true, read_leader},   {"tty", true, read_tty},
	{"from", true, read_from},       {"key", true, read_key},
	{"by", true, read_by},           {"closed", false, read_closed},
};

int writ_session_record_parse(struct writ_arena *arena, const char *name, const char *text,
			      size_t length, struct writ_session_record *ret,
			      struct writ_error *err)
{
	const struct writ_json *json = writ_json_parse(arena, name, text, length, err);

	*ret = (struct writ_session_record) {0};
	if (!json || writ_json_fields(json, fields, ARRAY_SIZE(fields), ret, err) < 0)
		return -1;
	if (!ret->user || !ret->service)
		return writ_json_error(json, err, "user or service is null");
	return 0;
}

/* Reads a record's file whole. The length, or -1 with err. */
static ssize_t read_file(int folder, const char *name, char *text, size_t size,
			 struct writ_error *err)
{
	const int flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
	auto_close int fd = openat(folder, name, flags);
	size_t used = 0;
	struct stat st;
	ssize_t n;

	if (fd < 0 || fstat(fd, &st) < 0)
		return writ_error_errno(err, errno, "%s", name);
	if (!writ_stat_is_roots(&st, S_IFREG) || st.st_mode & (S_IRWXG | S_IRWXO) ||
	    st.st_nlink != 1)
		return writ_error_set(err, "%s is not a regular file of root's alone", name);
	while (used < size && (n = read(fd, text + used, size - used)) != 0) {
		if (n < 0 && errno != EINTR)
			return writ_error_errno(err, errno, "%s", name);
		used += n > 0 ? (size_t)n : 0;
	}
	if (used == size)
		return writ_error_set(err, "%s is larger than a record", name);
	return (ssize_t)used;
}

int writ_session_store_read(const struct writ_session_store *store, struct writ_arena *arena,
			    const char *id, struct writ_session_record *ret, struct writ_error *err)
{
	char name[64], *text = writ_arena_alloc(arena, 1, WRIT_SESSION_RECORD_MAX + 1);
	ssize_t length;

	snprintf(name, sizeof(name), "%s.json", id);
	if (!text)
		return writ_error_set(err, "no memory");
	length = read_file(store->folder, name, text, WRIT_SESSION_RECORD_MAX + 1, err);
	if (length < 0 ||
	    writ_session_record_parse(arena, name, text, (size_t)length, ret, err) < 0)
		return -1;
	if (strcmp(ret->id, id) != 0)
		return writ_error_set(err, "%s is the record of another session", name);
	return 0;
}
