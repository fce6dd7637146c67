/* SPDX-License-Identifier: ISC */
/*
 * The event log, events.jsonl: whole lines or nothing, in the order written, by any number of
 * processes at once, whatever the caller of sudo does to the process that writes.
 */
#pragma once

#include <stddef.h>

struct writ_error;

/* How long a writer waits for the others, in seconds. Only root can hold the lock, and for no
 * longer than one write takes; a process that was frozen meanwhile (a delegated cgroup) must not
 * stop all. */
#define WRIT_EVENT_LOG_PATIENCE 10

/* Appends one line (given without its newline), creating file and folder if they are missing. It is
 * in the file when this returns 0, though not yet on the disk (no fsync: a crash of the whole
 * machine may lose the last seconds). -1 with err: nothing was appended.
 *
 * An event begins with its time ({"time":"…), and what is written there is the time of writing: so
 * lines are in the order of their times as long as the clock is not set back, and nobody can date
 * an event back by stopping the process between the question and the record. */
int writ_event_log_append(const char *line, size_t length, struct writ_error *err);
