/* SPDX-License-Identifier: ISC */
#include "logsrvd_event.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "event.h"
#include "hash.h"
#include "json.h"
#include "json_write.h"
#include "session_record.h"
#include "timestamp.h"

/* Powers of two. */
#define SEEN_MAX 65536
#define RUNNING_MAX 16384

struct running {
	size_t uuid; /* hash; 0: none */
	char id[WRIT_EVENT_ID_SIZE], session[WRIT_SESSION_ID_SIZE];
	char host[72], user[40]; /* as far as they fit */
};

struct writ_logsrvd_memory {
	size_t seen[SEEN_MAX]; /* hashes of host, id and kind; 0: none */
	struct running
		running[RUNNING_MAX]; /* commands that have not ended, by the server's uuid */
};

struct writ_logsrvd_memory *writ_logsrvd_memory_new(void)
{
	return calloc(1, sizeof(struct writ_logsrvd_memory));
}

void writ_logsrvd_memory_free(struct writ_logsrvd_memory *memory)
{
	free(memory);
}

static const char *text_of(const struct writ_json *object, const char *key)
{
	const struct writ_json *json = writ_json_get(object, key);

	return json && json->type == WRIT_JSON_STRING ? json->string : NULL;
}

static int64_t number_of(const struct writ_json *object, const char *key)
{
	const struct writ_json *json = object ? writ_json_get(object, key) : NULL;

	return json && json->type == WRIT_JSON_INTEGER ? json->integer : 0;
}

/* A variable of the command's environment. The first one counts, as for getenv(3). */
static const char *variable(const struct writ_json *event, const char *name)
{
	const struct writ_json *env = writ_json_get(event, "runenv");
	size_t length = strlen(name);

	if (!env || env->type != WRIT_JSON_ARRAY)
		return NULL;
	writ_each (entry, env)
		if (entry->type == WRIT_JSON_STRING && strncmp(entry->string, name, length) == 0 &&
		    entry->string[length] == '=')
			return entry->string + length + 1;
	return NULL;
}

/* "20261121T224009Z-4f2a9c1d00c0ffee" and nothing else: other hosts can write what they like. */
static const char *event_id(const struct writ_json *event)
{
	static const char form[] = "99999999T999999Z-hhhhhhhhhhhhhhhh";
	const char *id = variable(event, "WRIT_EVENT");

	if (!id || strlen(id) != strlen(form))
		return NULL;
	for (size_t i = 0; form[i]; i++)
		if (form[i] == '9'   ? !strchr("0123456789", id[i])
		    : form[i] == 'h' ? !strchr("0123456789abcdef", id[i])
				     : id[i] != form[i])
			return NULL;
	return id;
}

/* Whether this was there before. One host cannot hide what another says. */
static bool is_known(struct writ_logsrvd_memory *memory, const char *host, const char *id,
		     const char *kind)
{
	char all[512];
	size_t hash, *slot;

	snprintf(all, sizeof(all), "%s %s %.400s", id, kind, host ? host : "");
	hash = writ_hash(all) | 1;
	slot = &memory->seen[(hash >> 1) % SEEN_MAX];
	if (*slot == hash)
		return true;
	*slot = hash;
	return false;
}

static struct running *running_at(struct writ_logsrvd_memory *memory, size_t hash)
{
	return &memory->running[(hash >> 1) % RUNNING_MAX];
}

static void keep(char *ret, size_t size, const char *text)
{
	if (text && strlen(text) < size)
		strcpy(ret, text);
}

/* Of its exit the server says no more than the uuid. */
static void remember(struct writ_logsrvd_memory *memory, const struct writ_json *event,
		     const char *id)
{
	const char *uuid = text_of(event, "uuid");
	struct running *running;
	size_t hash;

	if (!uuid)
		return;
	hash = writ_hash(uuid) | 1;
	running = running_at(memory, hash);
	*running = (struct running) {.uuid = hash};
	keep(running->id, sizeof(running->id), id);
	keep(running->session, sizeof(running->session), variable(event, "WRIT_SESSION"));
	keep(running->host, sizeof(running->host), text_of(event, "submithost"));
	keep(running->user, sizeof(running->user), text_of(event, "submituser"));
}

static const char *or_null(const char *text)
{
	return *text ? text : NULL;
}

/* The time of the event: at its host if that says so. */
static void add_time(struct writ_json_writer *writer, const struct writ_json *event,
		     const char *key)
{
	const struct writ_json *when = writ_json_get(event, key);
	struct timespec time;

	if (!when)
		when = writ_json_get(event, "server_time");
	time.tv_sec = (time_t)number_of(when, "seconds");
	time.tv_nsec = (long)number_of(when, "nanoseconds");
	/* Years 0 to 9999. */
	if (time.tv_sec < -INT64_C(62167219200) || time.tv_sec > INT64_C(253402300799))
		time.tv_sec = 0;
	if (time.tv_nsec < 0 || time.tv_nsec > 999999999)
		time.tv_nsec = 0;
	writ_timestamp_add(writer, "time", &time);
}

/* What all events begin with. of: whose exit it is, or NULL. */
static void begin(struct writ_json_writer *writer, const struct writ_json *event, const char *kind,
		  const char *time, const char *id, const struct running *of)
{
	const char *uid = variable(event, "SUDO_UID");

	writ_json_object_begin(writer, NULL);
	add_time(writer, event, time);
	writ_json_add_string(writer, "host", of ? or_null(of->host) : text_of(event, "submithost"));
	writ_json_add_string(writer, "event", kind);
	writ_json_add_string(writer, "id", id);
	writ_json_add_string(writer, "session",
			     of ? or_null(of->session) : variable(event, "WRIT_SESSION"));
	writ_json_add_string(writer, "user", of ? or_null(of->user) : text_of(event, "submituser"));
	if (uid && *uid && strlen(uid) < 11 && strspn(uid, "0123456789") == strlen(uid))
		writ_json_add_int(writer, "uid", strtoll(uid, NULL, 10));
	else
		writ_json_add_null(writer, "uid");
}

static void add_command(struct writ_json_writer *writer, const struct writ_json *event)
{
	const struct writ_json *argv = writ_json_get(event, "runargv");

	writ_json_add_string(writer, "program", text_of(event, "command"));
	writ_json_array_begin(writer, "argv");
	if (argv && argv->type == WRIT_JSON_ARRAY)
		writ_each (word, argv)
			if (word->type == WRIT_JSON_STRING)
				writ_json_add_string(writer, NULL, word->string);
	writ_json_array_end(writer);
	writ_json_add_string(writer, "runas", text_of(event, "runuser"));
}

static void add_place(struct writ_json_writer *writer, const struct writ_json *event)
{
	const char *tty = text_of(event, "ttyname");

	writ_json_add_string(writer, "cwd", text_of(event, "submitcwd"));
	writ_json_add_string(writer, "tty", tty && strcmp(tty, "unknown") != 0 ? tty : NULL);
	writ_json_add_string(writer, "iolog_path", text_of(event, "iolog_path"));
	writ_json_object_end(writer);
}

/* Accept or reject. */
static bool write_request(struct writ_logsrvd_memory *memory, const struct writ_json *event,
			  bool accepted, struct writ_json_writer *writer)
{
	const char *kind = accepted ? "accept" : "reject", *reason = variable(event, "WRIT_REASON");
	const char *uuid = text_of(event, "uuid"), *id = event_id(event), *code;
	const char *name = id ? id : uuid ? uuid : "";

	if (accepted)
		remember(memory, event, name);
	if (is_known(memory, text_of(event, "submithost"), name, kind))
		return false;
	begin(writer, event, id ? "decision" : kind, "submit_time", name, NULL);
	if (id) {
		code = variable(event, "WRIT_CODE");
		writ_json_add_string(writer, "decision", accepted ? "allow" : "deny");
		writ_json_add_string(writer, "code", accepted ? "rule" : code);
		writ_json_add_string(writer, "rule", variable(event, "WRIT_RULE"));
		writ_json_add_null(writer, "command");
	}
	/* What was accepted with an event's id in its environment was started by this one. */
	if (!id || accepted)
		writ_json_add_string(writer, "plugin", id ? "writ_policy" : "sudo_logsrvd");
	add_command(writer, event);
	writ_json_add_string(writer, "reason",
			     reason && !accepted ? reason : text_of(event, "reason"));
	add_place(writer, event);
	return true;
}

/* 0: none of this system's. */
static int signal_number(const char *name)
{
	for (int i = 1; i < NSIG; i++) {
		const char *known = sigabbrev_np(i);

		if (known && strcmp(known, name) == 0)
			return i;
	}
	return 0;
}

static bool write_exit(struct writ_logsrvd_memory *memory, const struct writ_json *event,
		       struct writ_json_writer *writer)
{
	const char *uuid = text_of(event, "uuid"), *signal = text_of(event, "signal");
	const struct writ_json *run = writ_json_get(event, "run_time");
	size_t hash = uuid ? writ_hash(uuid) | 1 : 0;
	const struct running *slot = running_at(memory, hash);
	const struct running *running = hash && slot->uuid == hash ? slot : NULL;
	const char *id = running ? or_null(running->id) : NULL;
	int number = signal ? signal_number(signal) : 0;
	char own[96]; /* the server gives it none, and that of the accept is taken */

	snprintf(own, sizeof(own), "%.80s-exit", uuid ? uuid : "");
	if (is_known(memory, running ? running->host : "", id ? id : uuid ? uuid : "", "exit"))
		return false;
	begin(writer, event, "exit", "exit_time", own, running);
	writ_json_add_string(writer, "decision_id", id);
	if (signal)
		writ_json_add_null(writer, "status");
	else
		writ_json_add_int(writer, "status", number_of(event, "exit_value"));
	if (number)
		writ_json_add_int(writer, "signal", number);
	else
		writ_json_add_null(writer, "signal");
	writ_json_add_string(writer, "error", signal && !number ? "nobody saw how it ended" : NULL);
	writ_json_add_decimal(writer, "seconds",
			      number_of(run, "seconds") % 1000000000 * 1000000 +
				      number_of(run, "nanoseconds") / 1000,
			      6);
	writ_json_object_end(writer);
	return true;
}

static void write_alert(const struct writ_json *event, struct writ_json_writer *writer)
{
	const char *uuid = text_of(event, "uuid");

	begin(writer, event, "error", "alert_time", uuid ? uuid : "", NULL);
	writ_json_add_string(writer, "plugin", "sudo_logsrvd");
	add_command(writer, event);
	writ_json_add_string(writer, "reason", text_of(event, "reason"));
	add_place(writer, event);
}

bool writ_logsrvd_event_write(struct writ_logsrvd_memory *memory, const struct writ_json *record,
			      struct writ_json_writer *writer)
{
	const struct writ_json *event =
		record->type == WRIT_JSON_OBJECT && record->length == 1 ? record->first : NULL;

	if (!event || event->type != WRIT_JSON_OBJECT)
		return false;
	if (strcmp(event->key, "accept") == 0 || strcmp(event->key, "reject") == 0)
		return write_request(memory, event, *event->key == 'a', writer);
	if (strcmp(event->key, "exit") == 0)
		return write_exit(memory, event, writer);
	if (strcmp(event->key, "alert") == 0) {
		write_alert(event, writer);
		return true;
	}
	return false;
}
