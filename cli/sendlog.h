/* SPDX-License-Identifier: ISC */
/*
 * Sends one item of the spool by sudo_sendlog(8), and finds out whether the server took it.
 *
 * sudo_sendlog says of a refused request that it was sent when it has written it and the connection
 * is closed, by whomever: also by the kernel of a server that was killed before it had read it.
 * With TLS it complains of such an end (no close_notify), and any complaint means that the item is
 * kept. In the clear nothing shows. Therefore a second connection to the same server is held open
 * meanwhile, and if that one was closed as well, the item is kept.
 *
 * Before sudo 1.9.18 it does not check the server's certificate, whatever it is told: then TLS is
 * used only where the policy does not want that checked either (log_server_verify: false).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "log_server.h"

struct writ_arena;
struct writ_error;
struct writ_spooled;

struct sendlog_server {
	const char *address; /* as the policy has it */
	struct writ_log_server at;
	int witness; /* the second connection, or -1 */
	bool down;   /* it is not asked again in this run */
};

enum sendlog_outcome {
	SENDLOG_SENT,
	SENDLOG_DOWN,   /* the server cannot be reached, or not be believed */
	SENDLOG_FAILED, /* it does not take this item */
};

/* server of that address; -1 if it is none. */
int sendlog_server_init(struct sendlog_server *server, const char *address);
void sendlog_server_done(struct sendlog_server *server);

struct sendlog {
	const char *program; /* path of sudo_sendlog */
	bool verifies;       /* it checks certificates: sendlog_verifies() */
	const struct writ_spooled *item;
	const char *folder; /* writ_spooled_stage() */
	uint64_t bytes;
	bool io; /* there is an I/O log; otherwise only the event is sent */
};

/* Whether this sudo_sendlog says that it is of version 1.9.18 or later. */
bool sendlog_verifies(const char *program, struct writ_arena *arena);

/* err says why it was not sent. Needs SIGPIPE ignored. */
enum sendlog_outcome sendlog_send(const struct sendlog *what, struct sendlog_server *server,
				  struct writ_arena *arena, struct writ_error *err);
