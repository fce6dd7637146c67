/* SPDX-License-Identifier: ISC */
/*
 * One event of sudo_logsrvd's log, as an event of ours: what a host's writ decided becomes that
 * decision again, with its id (WRIT_EVENT in the command's environment); what others let their
 * sudo decide becomes an accept or a reject, with the server's id.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct writ_json;
struct writ_json_writer;
struct writ_logsrvd_memory;

/* What has to be remembered of earlier events, of constant size. NULL without memory. */
struct writ_logsrvd_memory *writ_logsrvd_memory_new(void);
void writ_logsrvd_memory_free(struct writ_logsrvd_memory *memory);

/* record: { "accept": { … } }, as the server writes it. Writes our event. False if there is nothing
 * to be written: it has been read before (what is sent twice arrives twice), or it is no event. Of
 * events that came twice only the latest 65,536 can be told. */
bool writ_logsrvd_event_write(struct writ_logsrvd_memory *memory, const struct writ_json *record,
			      struct writ_json_writer *writer);
