/* SPDX-License-Identifier: ISC */
/*
 * What is kept of a decision: the event (before anything runs), the kernel's audit record, a line
 * in the system log.
 */
#pragma once

struct writ_arena;
struct writ_decision;
struct writ_event;
struct writ_plugin;

/* Records the decision. If its event cannot be written, makes a refusal of it, which then is in the
 * system log alone. iolog: TSID or NULL. The other two logs do not decide anything: what is wrong
 * with them is said in the system log. */
void writ_plugin_record(const struct writ_plugin *plugin, struct writ_arena *arena,
			const struct writ_event *event, struct writ_decision *decision,
			const char *iolog);

/* The line in the system log alone: for what is answered and not run (sudo -l COMMAND). */
void writ_plugin_log_decision(const struct writ_plugin *plugin, struct writ_arena *arena,
			      const char *event, const struct writ_decision *decision);

/* Fills what all events of this caller share; id and time are the caller's to set. */
void writ_plugin_event(const struct writ_plugin *plugin, struct writ_event *ret);
