/* SPDX-License-Identifier: ISC */
/*
 * The central log: sudo_logsrvd, where the policy names log_servers.
 *
 * A command is logged there live, by sudoers_io: if its log is required, sudo does not start it
 * without a server. If it is not, sudo would run it unlogged, and has no way back to a local log;
 * so a server is looked for before, and where none answers the log is written here and sent when
 * the command has ended. So it is always with TLS, since whether such a server would talk to this
 * host cannot be seen without. Refused requests, which sudo sends nowhere, wait in the spool too.
 * `writ forward` sends what waits.
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

/* Sets prepared->live (and witness): whether sudoers_io is to send the command's log itself. 0, or
 * -1 with err: the policy wants TLS, which this sudo would leave out. */
int writ_central_choose(const struct writ_run *run, struct writ_prepared *prepared,
			struct writ_error *err);

/* The command is about to run: what is to be sent later waits from now on, locked until sudo has
 * ended (prepared->spool). Its absence stops nobody; what is wrong is said in the system log. */
void writ_central_accepted(const struct writ_plugin *plugin, const struct writ_decision *decision,
			   struct writ_prepared *prepared);

/* It is not run after all. */
void writ_central_drop(struct writ_prepared *prepared);

/* The command has ended. If the server of a live log ended before, the system log says so. */
void writ_central_ended(struct writ_plugin *plugin, const struct writ_event_exit *exit);

/* A request was refused. Of a policy that cannot be read no server is known: then it is in the
 * event log alone. */
void writ_central_refused(struct writ_plugin *plugin, struct writ_arena *arena,
			  const struct writ_event *event, const struct writ_decision *decision);
