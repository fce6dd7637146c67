/* SPDX-License-Identifier: ISC */
/* One I/O log in a page: an object of the form that trail/report/recording.js describes. */
#pragma once

#include <stddef.h>
#include <stdio.h>

struct writ_error;

/* Writes the log tsid below dir as a data block with that id, with at most max bytes of its
 * streams, *ret_used of which it took; what is wrong inside the log stands in the block. 1; 0 with
 * err where the log cannot be opened: nothing was written; -1 with err without memory. */
int writ_report_recording_write(FILE *out, const char *id, const char *dir, const char *tsid,
				size_t max, size_t *ret_used, struct writ_error *err);
