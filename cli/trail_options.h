/* SPDX-License-Identifier: ISC */
/*
 * The options by which writ log, sessions and report choose events: one set of rows for all, and
 * what they mean.
 */
#pragma once

#include <stdint.h>
#include <stdio.h>

#include "cli.h"
#include "trail.h"

struct writ_arena;
struct writ_filter;

/* As the options were given; zeroed before. */
struct cli_trail_args {
	const char *since, *until;
	struct cli_values decision, session, key, rule, command, code, user, host, event, id, iolog,
		task;
	struct cli_values events;
	bool whole;
};

/* Rows for a table of options; args is a struct cli_trail_args in the struct type. */
#define CLI_TRAIL_OPTION(type, args, member, value, doc)                                           \
	{                                                                                          \
#member, value, offsetof(type, args) + offsetof(struct cli_trail_args, member),    \
			doc                                                                        \
	}
#define CLI_TRAIL_OPTIONS(type, args)                                                              \
	CLI_TRAIL_OPTION(type, args, since, "TIME",                                                \
			 "events of that time and later: today, -1h, …"),                          \
		CLI_TRAIL_OPTION(type, args, until, "TIME", "events of that time and earlier"),    \
		CLI_TRAIL_OPTION(type, args, decision, "allow|deny...", "what was decided"),       \
		CLI_TRAIL_OPTION(type, args, session, "ID...", "login session"),                   \
		CLI_TRAIL_OPTION(type, args, key, "FINGERPRINT...",                                \
				 "all of the sessions that this SSH key opened"),                  \
		CLI_TRAIL_OPTION(type, args, rule, "ID...", "rule that decided"),                  \
		CLI_TRAIL_OPTION(type, args, command, "COMMAND...",                                \
				 "command or its first words, or a program's path"),               \
		CLI_TRAIL_OPTION(type, args, code, "CODE...", "what decided: rule, no-rule, …"),   \
		CLI_TRAIL_OPTION(type, args, user, "NAME...", "who asked, or logged in"),          \
		CLI_TRAIL_OPTION(type, args, host, "NAME...", "where"),                            \
		CLI_TRAIL_OPTION(type, args, event, "KIND...", "decision, exit, session-open, …"), \
		CLI_TRAIL_OPTION(type, args, id, "ID...",                                          \
				 "that event, and those that refer to it"),                        \
		CLI_TRAIL_OPTION(type, args, iolog, "TSID...", "the decision behind an I/O log"),  \
		CLI_TRAIL_OPTION(type, args, task, "TASK...",                                      \
				 "what the caller claimed as WRIT_TASK"),                          \
		CLI_TRAIL_OPTION(type, args, events, "FILE...",                                    \
				 "event files, or folders of them (" WRIT_EVENT_DIR ")"),          \
		CLI_TRAIL_OPTION(type, args, whole, NULL,                                          \
				 "read all of the files, even if --since skips most")

/* What the options ask for. From the arena; NULL after an error message: *ret_status is to be
 * returned. */
struct writ_filter *cli_trail_filter(const struct cli_command *command,
				     const struct cli_trail_args *args, struct writ_arena *arena,
				     enum cli_status *ret_status);

/* Opens the trail; NULL after an error message. The options say what else is wanted; paths and
 * whole are filled in, and bad if it is NULL: lines that are no events are reported on standard
 * error, at most some. */
struct writ_trail *cli_trail_open(const struct cli_trail_args *args,
				  struct writ_trail_options *options);

/* Reports a line that is no event; after CLI_BAD_LINES_MAX of them no more. data is unused. */
#define CLI_BAD_LINES_MAX 20
void cli_trail_bad_line(void *data, const struct writ_bad_line *bad);
/* How many there were altogether. Says so on standard error if not all were reported. */
size_t cli_trail_bad_lines(void);

void cli_trail_args_done(struct cli_trail_args *args);
