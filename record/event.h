/* SPDX-License-Identifier: ISC */
/*
 * Events: what the event log holds, one JSON object a line; see sessions-and-audit in
 * writ_policy(5). Every event begins with time, host, event, id, session, user, uid.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include <time.h>

struct writ_decision;
struct writ_error;
struct writ_json_writer;

/* "20261121T224009Z-4f2a9c1d00c0ffee": the second it was made and 64 random bits; safe in a path.
 */
#define WRIT_EVENT_ID_SIZE 40

/* Who, when, where; the same for every kind. */
struct writ_event {
	char id[WRIT_EVENT_ID_SIZE];
	struct timespec time; /* CLOCK_REALTIME; the event log sets that of writing */
	const char *host;
	const char *session; /* id, or NULL */
	const char *user;
	uid_t uid;
};

/* Gives the event an id and the time of now. 0, or -1 with err: no randomness, no clock. */
int writ_event_init(struct writ_event *event, struct writ_error *err);

/* For every kind of event: opens its object and writes what all have; NULL without memory. The
 * writer is the caller's to free. */
struct writ_json_writer *writ_event_begin(const struct writ_event *event, const char *kind);
/* Closes the object and appends it to the event log. 0, or -1 with err: it is not there. */
int writ_event_finish(struct writ_json_writer *writer, struct writ_error *err);

/* What a decision event holds besides the decision. */
struct writ_event_decision {
	const struct writ_decision *decision;
	const char *parent; /* the decision on the intercepted command that starts this one; NULL */
	const char *cwd;    /* the caller's, or NULL */
	const char *tty;    /* or NULL */
	const char *plugin; /* which of writ's decided: "writ_policy", "writ_approval" */
	const char *iolog;  /* TSID of the I/O log that will be written here, or NULL */
	const char *const *log_servers; /* n of them: the I/O log goes there, now or later */
	size_t n_log_servers;
	const char *task;        /* WRIT_TASK of the caller: a claim, recorded if well-formed */
	const char *traceparent; /* TRACEPARENT of the caller: likewise */
};

/* How a command ended. */
struct writ_event_exit {
	const char *decision; /* id of the decision event, or of the accept */
	bool started;    /* false: it could not be executed, or was stopped before; see error */
	int status;      /* started: the wait status */
	int error;       /* not started: errno */
	const char *why; /* not started: in words; NULL: errno's */
	int64_t microseconds; /* since the decision */
};

/* Something that sudo told its audit plugins: that one of its plugins, or the front end for all of
 * them, accepted or rejected a request, or failed. */
struct writ_event_audit {
	const char *kind;        /* "accept", "reject", "error" */
	const char *plugin;      /* whose word it is; "sudo": the front end's */
	const char *plugin_type; /* "front-end", "policy", "approval", "io", "audit" */
	const char *program;     /* path of the command, or what sudo says in its place ("list") */
	char *const *argv;
	size_t argc;
	const char *runas, *runas_group; /* or NULL */
	const char *reason;              /* of reject and error */
	const char *cwd, *tty;           /* the caller's, or NULL */
	const char *runcwd;              /* where the command starts; NULL: not said */
	const char *iolog_path;          /* folder of the I/O log, or NULL */
	const char *task, *traceparent;  /* as in a decision */
};

/* Write the event as one object and append it to the event log. 0, or -1 with err: it is not there.
 */
int writ_event_record_decision(const struct writ_event *event,
			       const struct writ_event_decision *decision, struct writ_error *err);
int writ_event_record_audit(const struct writ_event *event, const struct writ_event_audit *audit,
			    struct writ_error *err);
int writ_event_record_exit(const struct writ_event *event, const struct writ_event_exit *exit,
			   struct writ_error *err);
