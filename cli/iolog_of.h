/* SPDX-License-Identifier: ISC */
/* The I/O log that a word on the command line means. */
#pragma once

#include "cli.h"

struct writ_error;
struct writ_iolog_reader;
struct writ_trail_options;

struct cli_iolog_of {
	struct writ_iolog_reader *reader; /* the caller's to close */
	const char *offset;               /* what follows "@", a number of seconds; NULL */
};

/* word: a TSID below dir, perhaps with "@SECONDS"; or an event's id (or the beginning of one): the
 * log of that request. CLI_YES; CLI_NO with err if there is no such log; CLI_FAILED with err. */
enum cli_status cli_iolog_of(const struct writ_trail_options *where, const char *dir,
			     const char *word, struct cli_iolog_of *ret, struct writ_error *err);
