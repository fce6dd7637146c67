/* SPDX-License-Identifier: ISC */
/* The events of a report: those that were asked for, and what belongs to them. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct writ_arena;
struct writ_error;
struct writ_report_events;
struct writ_report_options;

/* One event, all of it the arena's. */
struct writ_report_event {
	const char *line;
	size_t length;
	const char *place; /* "FILE:NUMBER" */
	bool context;      /* not asked for, but it belongs to one that was */
	/* Filled by report.c: the number of its recording in the page, 0 for none, or why there is
	 * none. */
	size_t recording;
	const char *problem;
};

/* A line that is no event. */
struct writ_report_bad {
	const char *place, *why;
	const char *text; /* its beginning, any bytes */
	size_t length;
};

struct writ_report_events {
	struct writ_report_event *items; /* in the trail's order, context last */
	size_t n, allocated;
	size_t left_out; /* that were asked for and are not here */
	struct writ_report_bad *bad;
	size_t n_bad, bad_left_out;
};

/* Reads the trail, in memory of the arena's. 0, or -1 with err. */
int writ_report_events_read(struct writ_arena *arena, const struct writ_report_options *options,
			    struct writ_report_events *ret, struct writ_error *err);
