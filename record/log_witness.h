/* SPDX-License-Identifier: ISC */
/*
 * A connection to a log server that says nothing and waits: as long as it is open, the process that
 * greeted at its other end has not ended. Only for servers without TLS; through a tunnel it reaches
 * as far as the server itself, since that greets first.
 */
#pragma once

#include <stdbool.h>

struct writ_error;
struct writ_log_server;

/* Connects, and waits for the greeting: seconds for each step. address is the server's in messages.
 * A descriptor (O_CLOEXEC), or -1 with err. */
int writ_log_witness_call(const struct writ_log_server *server, const char *address,
			  unsigned seconds, struct writ_error *err);

/* Whether the server has not ended since. */
bool writ_log_witness_is_alive(int witness);
