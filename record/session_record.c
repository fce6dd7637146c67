/* SPDX-License-Identifier: ISC */
#include "session_record.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include "cleanup.h"
#include "error.h"
#include "json_write.h"
#include "timestamp.h"

int writ_session_record_init(struct writ_session_record *record, struct writ_error *err)
{
	uint32_t random;
	struct tm tm;
	size_t n;

	if (getrandom(&random, sizeof(random), 0) != sizeof(random))
		return writ_error_errno(err, errno, "no random numbers");
	if (clock_gettime(CLOCK_REALTIME, &record->opened) < 0 ||
	    !gmtime_r(&record->opened.tv_sec, &tm))
		return writ_error_errno(err, errno, "no clock");
	n = strftime(record->id, sizeof(record->id), "%Y%m%dT%H%M%SZ", &tm);
	snprintf(record->id + n, sizeof(record->id) - n, "-%08x", random);
	/* A clock far in the future gives a year of more digits. */
	if (!writ_session_id_is(record->id))
		return writ_error_set(err, "the clock shows a year that is no year");
	return 0;
}

int writ_boot_id_read(int proc, char ret[WRIT_BOOT_ID_SIZE], struct writ_error *err)
{
	auto_close int fd = openat(proc, "sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
	char text[64];
	ssize_t n;

	if (fd < 0)
		return writ_error_errno(err, errno, "/proc/sys/kernel/random/boot_id");
	n = read(fd, text, sizeof(text));
	if (n != WRIT_BOOT_ID_SIZE || text[n - 1] != '\n')
		return writ_error_set(err, "/proc/sys/kernel/random/boot_id is no UUID");
	memcpy(ret, text, WRIT_BOOT_ID_SIZE - 1);
	ret[WRIT_BOOT_ID_SIZE - 1] = '\0';
	return 0;
}

bool writ_session_id_is(const char *text)
{
	static const char form[] = "00000000T000000Z-xxxxxxxx";

	for (size_t i = 0; i < sizeof(form); i++) {
		bool fits = form[i] == '0'   ? isdigit((unsigned char)text[i])
			    : form[i] == 'x' ? text[i] && strchr("0123456789abcdef", text[i])
					     : text[i] == form[i];

		if (!fits)
			return false;
	}
	return true;
}

static void add_key(struct writ_json_writer *writer, const struct writ_session_key *key)
{
	if (!key->type) {
		writ_json_add_null(writer, "key");
		return;
	}
	writ_json_object_begin(writer, "key");
	writ_json_add_string(writer, "type", key->type);
	writ_json_add_string(writer, "fingerprint", key->fingerprint);
	if (key->key_id) {
		writ_json_add_string(writer, "key_id", key->key_id);
		writ_json_add_string(writer, "serial", key->serial);
	}
	writ_json_object_end(writer);
}

void writ_session_record_write(const struct writ_session_record *record,
			       struct writ_json_writer *writer)
{
	writ_json_add_string(writer, "service", record->service);
	writ_timestamp_add(writer, "opened", &record->opened);
	writ_json_add_string(writer, "boot", record->boot);
	if (record->audit_session == WRIT_AUDIT_SESSION_NONE)
		writ_json_add_null(writer, "audit_session");
	else
		writ_json_add_int(writer, "audit_session", record->audit_session);
	writ_json_object_begin(writer, "leader");
	writ_json_add_int(writer, "pid", record->leader.pid);
	writ_json_add_int(writer, "start", (int64_t)record->leader.start);
	writ_json_object_end(writer);
	writ_json_add_string(writer, "tty", record->tty);
	writ_json_add_string(writer, "from", record->from);
	add_key(writer, &record->key);
	if (!record->by.user) {
		writ_json_add_null(writer, "by");
		return;
	}
	writ_json_object_begin(writer, "by");
	writ_json_add_string(writer, "user", record->by.user);
	writ_json_add_int(writer, "uid", record->by.uid);
	writ_json_object_end(writer);
}

struct writ_json_writer *writ_session_record_whole(const struct writ_session_record *record)
{
	struct writ_json_writer *writer = writ_json_writer_new();

	if (!writer)
		return NULL;
	writ_json_object_begin(writer, NULL);
	writ_json_add_string(writer, "session", record->id);
	writ_json_add_string(writer, "user", record->user);
	writ_json_add_int(writer, "uid", record->uid);
	writ_json_add_string(writer, "host", record->host);
	writ_session_record_write(record, writer);
	if (record->closed)
		writ_json_add_string(writer, "closed", record->closed);
	writ_json_object_end(writer);
	return writer;
}
