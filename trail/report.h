/* SPDX-License-Identifier: ISC */
/*
 * A part of the trail as one page of HTML, for people: requests with their decisions, exits,
 * sessions and recordings, in one file that loads nothing. What logs say is in it as JSON in data
 * blocks, with every character escaped that HTML knows; the page's own scripts make text of it,
 * never markup, and its Content-Security-Policy forbids everything else.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct writ_entry;
struct writ_error;
struct writ_trail_options;

/* Bounds of one page; what is left out is counted, and said on the page. */
#define WRIT_REPORT_EVENTS_MAX 20000u
#define WRIT_REPORT_LINES_MAX (64u << 20)      /* bytes of all events */
#define WRIT_REPORT_BAD_MAX 100u               /* lines that are no events */
#define WRIT_REPORT_RECORDING_MAX (1u << 20)   /* bytes of one recording, input and output */
#define WRIT_REPORT_RECORDINGS_MAX (32u << 20) /* bytes of all */
#define WRIT_REPORT_RECORDS_MAX 50000u         /* records of one recording */

struct writ_report_options {
	const struct writ_trail_options *trail; /* which files; filter: what is asked for. `bad` and
						 * `data` are not used. */
	/* NULL, or what further is asked of an entry that the filter takes. */
	bool (*wanted)(void *data, const struct writ_entry *entry);
	void *data;
	const char *iolog_dir;
	const char *const *arguments; /* of the command line, to be shown */
	size_t n_arguments;
};

/* Writes the page. What was asked for is joined by the exits of its requests and the beginnings and
 * ends of its sessions, whether the filter takes them or not. 1; 0 where nothing was found, which
 * is a page as well; -1 with err: nothing was written, or the page is not whole and says so. */
int writ_report_write(const struct writ_report_options *options, FILE *out, struct writ_error *err);
