/* SPDX-License-Identifier: ISC */
/* writ log --verify: what is missing, a line each. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "cli.h"

struct cli_verify {
	struct cli_values events;
	const char *iolog_dir;
	int64_t since, until; /* findings of that time are told; all events are read */
	bool json, utc;
};

/* CLI_YES: nothing is missing; CLI_NO: something is; CLI_FAILED: not everything could be looked at.
 */
enum cli_status cli_log_verify(const struct cli_verify *verify);
