/* SPDX-License-Identifier: ISC */
/*
 * An entry of the trail: one line of an event file, read. Its members stay where they stand in the
 * line; see slice.h to get at them.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "slice.h"

struct writ_arena;
struct writ_error;

/* Members of events (sessions-and-audit in writ_policy(5)), of all kinds. The row's order is that
 * in which a decision is written, which makes reading fast; nothing else depends on it. */
#define WRIT_ENTRY_FIELDS(X)                                                                       \
	X(TIME, "time")                                                                            \
	X(HOST, "host")                                                                            \
	X(EVENT, "event")                                                                          \
	X(ID, "id")                                                                                \
	X(SESSION, "session")                                                                      \
	X(USER, "user")                                                                            \
	X(UID, "uid")                                                                              \
	X(DECISION, "decision")                                                                    \
	X(CODE, "code")                                                                            \
	X(RULE, "rule")                                                                            \
	X(COMMAND, "command")                                                                      \
	X(PROGRAM, "program")                                                                      \
	X(ARGV, "argv")                                                                            \
	X(RUNAS, "runas")                                                                          \
	X(REASON, "reason")                                                                        \
	X(HINT, "hint")                                                                            \
	X(NEAREST, "nearest")                                                                      \
	X(POLICY, "policy")                                                                        \
	X(PINS, "pins")                                                                            \
	X(ARGV_RAW, "argv_raw")                                                                    \
	X(ARGV_BYTES, "argv_bytes")                                                                \
	X(ARGV_SHA256, "argv_sha256")                                                              \
	X(CWD, "cwd")                                                                              \
	X(TTY, "tty")                                                                              \
	X(CLAIMS, "claims")                                                                        \
	X(PLUGIN, "plugin")                                                                        \
	X(IOLOG, "iolog")                                                                          \
	X(LOG_SERVERS, "log_servers")                                                              \
	X(PARENT, "parent")                                                                        \
	X(PLUGIN_TYPE, "plugin_type")                                                              \
	X(RUNAS_GROUP, "runas_group")                                                              \
	X(RUNCWD, "runcwd")                                                                        \
	X(IOLOG_PATH, "iolog_path")                                                                \
	X(DECISION_ID, "decision_id")                                                              \
	X(STATUS, "status")                                                                        \
	X(SIGNAL, "signal")                                                                        \
	X(ERROR, "error")                                                                          \
	X(SECONDS, "seconds")                                                                      \
	X(SERVICE, "service")                                                                      \
	X(OPENED, "opened")                                                                        \
	X(BOOT, "boot")                                                                            \
	X(AUDIT_SESSION, "audit_session")                                                          \
	X(LEADER, "leader")                                                                        \
	X(FROM, "from")                                                                            \
	X(KEY, "key")                                                                              \
	X(BY, "by")                                                                                \
	X(CLOSED, "closed")

enum writ_entry_field {
#define X(name, text) WRIT_ENTRY_##name,
	WRIT_ENTRY_FIELDS(X)
#undef X
		WRIT_ENTRY_N_FIELDS
};

struct writ_entry {
	const char *line; /* the object byte for byte, without its newline */
	size_t length;
	struct writ_slice field[WRIT_ENTRY_N_FIELDS];
	int64_t time; /* when.h */

	const char *file; /* where it stands, for messages; outlives the entry */
	const char *log;  /* the path of the file that was written, before any rotation; NULL: not
			     read by a trail */
	uint64_t offset;  /* of the line in the file (uncompressed), in bytes */
	uint64_t number; /* of the line, 1-based; 0: not known, since the file was not read from its
			    beginning */
	bool from_server; /* of a log server's log: in the order of arrival, without sessions */
};

/* Reads one line: a JSON object as writ_json_parse takes it, with a time. What the line is not
 * required to be: an event of ours in all its members. The entry borrows the line; file, offset and
 * number are left alone. 0, or -1 with err, which says why it is no event. */
int writ_entry_parse(struct writ_entry *entry, const char *line, size_t length,
		     struct writ_error *err);

/* A member that is a string, decoded, from the arena; NULL if it is missing or something else. */
char *writ_entry_string(const struct writ_entry *entry, struct writ_arena *arena,
			enum writ_entry_field field);

/* "FILE:NUMBER", or "FILE: byte OFFSET" where the number is not known; cut if size is too small.
 * Returns out. */
const char *writ_entry_place(const char *file, uint64_t number, uint64_t offset, char *out,
			     size_t size);
