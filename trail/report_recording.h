/* SPDX-License-Identifier: ISC */
/* One I/O log in a page: an object of the form that trail/report/recording.js describes. */
#pragma once

#include <stddef.h>
#include <stdio.h>

struct writ_iolog_reader;

/* Writes the log, which is called tsid, as a data block with that id, with at most max bytes of its
 * streams; what is wrong inside the log stands in the block. *ret_used is what it took, the
 * records themselves counted: it may be a little more than max. 0, or -1 without memory. */
int writ_report_recording_write(FILE *out, const char *id, const char *tsid,
				struct writ_iolog_reader *reader, size_t max, size_t *ret_used);
