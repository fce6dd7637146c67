/* SPDX-License-Identifier: ISC */
/*
 * The events of a session: session-open with all that its record holds, and session-close.
 */
#pragma once

#include <stdint.h>

struct writ_error;
struct writ_session_record;

/* Appends the event to the event log. 0, or -1 with err: it is not there. */
int writ_session_event_open(const struct writ_session_record *record, struct writ_error *err);

/* record->closed says how it ended. microseconds: since it was opened; negative: nobody knows. */
int writ_session_event_close(const struct writ_session_record *record, int64_t microseconds,
			     struct writ_error *err);
