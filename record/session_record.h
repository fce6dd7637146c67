/* SPDX-License-Identifier: ISC */
/*
 * The record of one session: who logged in, when, by what service, from where, with which key. Made
 * by pam_writ, believed by the plugin, cleared when no process of the session is left.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <time.h>

#include "process.h"

struct writ_arena;
struct writ_error;
struct writ_json_writer;

/* "20261121T224009Z-4f2a9c1d": the second it was opened and 32 random bits; safe in a path. */
#define WRIT_SESSION_ID_SIZE 26
/* Of the kernel's boot_id: a UUID. */
#define WRIT_BOOT_ID_SIZE 37

/* The key that opened a session; see fingerprint.h. */
struct writ_session_key {
	const char *type;        /* "ssh-ed25519"; NULL: no key, and the rest is NULL too */
	const char *fingerprint; /* "SHA256:…" */
	const char *key_id;      /* of a certificate, else NULL */
	const char *serial;      /* of a certificate, in decimal, else NULL */
};

struct writ_session_record {
	char id[WRIT_SESSION_ID_SIZE];
	const char *user;
	uid_t uid;
	const char *service;    /* PAM's name of it: "sshd" */
	struct timespec opened; /* CLOCK_REALTIME; for people, nothing is decided by it */
	const char *host;
	char boot[WRIT_BOOT_ID_SIZE];
	uint32_t audit_session;     /* or WRIT_AUDIT_SESSION_NONE */
	struct writ_process leader; /* who opened it (parent is not recorded) */
	const char *tty, *from;     /* or NULL */
	struct writ_session_key key;
	struct {
		const char
			*user; /* NULL: the session was opened by its own user, or nobody knows */
		uid_t uid;
	} by;               /* su, sudo: the administrator who opened it */
	const char *closed; /* NULL: open; "logout", "lost" */
};

/* A new id and the time of now. 0 or -1 with err: no randomness, no clock. */
int writ_session_record_init(struct writ_session_record *record, struct writ_error *err);

/* The id of this boot of the kernel. 0 or -1 with err. */
int writ_boot_id_read(int proc, char ret[WRIT_BOOT_ID_SIZE], struct writ_error *err);

/* Whether text is a session id, and so safe as a part of a path. */
bool writ_session_id_is(const char *text);

/* The whole record as one object, as its file holds it; to be freed. NULL without memory. */
struct writ_json_writer *writ_session_record_whole(const struct writ_session_record *record);

/* Adds what a record and a session-open event share, all but session, user and uid, to the object
 * that is open. */
void writ_session_record_write(const struct writ_session_record *record,
			       struct writ_json_writer *writer);

/* Reads the text of a record. Every member must be there and of its type. 0 or -1 with err. */
int writ_session_record_parse(struct writ_arena *arena, const char *name, const char *text,
			      size_t length, struct writ_session_record *ret,
			      struct writ_error *err);
