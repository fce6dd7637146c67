/* SPDX-License-Identifier: ISC */
/*
 * The central log: sudo_logsrvd, where the policy names log_servers.
 *
 * A command whose log is required is logged there live, by sudoers_io: no server, no run. One whose
 * log is not required is logged here first, and sent when it has ended, since sudoers_io has no way
 * back from a server that does not answer. Refused requests, which sudo sends nowhere, wait in the
 * spool too. `writ forward` sends what waits.
 */
#pragma once

#include <stdbool.h>

struct writ_arena;
struct writ_decision;
struct writ_error;
struct writ_event;
struct writ_event_exit;
struct writ_plugin;
struct writ_prepared;
struct writ_run;

/* Whether sudoers_io is to send the command's log itself. */
bool writ_central_is_live(const struct writ_run *run);

/* 0, or -1 with err: the policy wants TLS, and this sudo would talk to the server without it. */
int writ_central_check(const struct writ_run *run, struct writ_error *err);

/* The command is about to run: what is to be sent later waits from now on, locked until sudo has
 * ended (prepared->spool). Its absence stops nobody; what is wrong is said in the system log. */
void writ_central_accepted(const struct writ_plugin *plugin, struct writ_arena *arena,
			   const struct writ_decision *decision, struct writ_prepared *prepared);

/* It is not run after all. */
void writ_central_drop(struct writ_prepared *prepared);

/* The command has ended. */
void writ_central_ended(struct writ_plugin *plugin, const struct writ_event_exit *exit);

/* A request was refused. Of a policy that cannot be read no server is known: then it is in the
 * event log alone. */
void writ_central_refused(struct writ_plugin *plugin, struct writ_arena *arena,
			  const struct writ_event *event, const struct writ_decision *decision);
