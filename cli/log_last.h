/* SPDX-License-Identifier: ISC */
/* The last N of many entries, kept as copies. */
#pragma once

#include <stddef.h>

struct cli_log_last;
struct writ_entry;
struct writ_error;

#define CLI_LOG_LAST_MAX 100000000

/* NULL without memory. n may be 0: then nothing is kept. */
struct cli_log_last *cli_log_last_new(size_t n);
void cli_log_last_free(struct cli_log_last *last);

/* 0, or -1 with err. */
int cli_log_last_add(struct cli_log_last *last, const struct writ_entry *entry,
		     struct writ_error *err);

/* Takes out the oldest one: 1, in memory of last's until the next call; 0 if there is none. */
int cli_log_last_next(struct cli_log_last *last, struct writ_entry *ret, struct writ_error *err);
