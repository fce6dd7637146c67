/* SPDX-License-Identifier: ISC */
/*
 * Addresses of sudo_logsrvd as sudo reads them (sudoers(5), log_servers): "HOST", "HOST:PORT",
 * "[IPv6]:PORT", each with "(tls)" behind it where the server speaks TLS.
 */
#pragma once

#include <stdbool.h>

struct writ_log_server {
	char host[256]; /* a name or an address, without brackets */
	char port[32];  /* a number, or a service's name */
	bool tls;
};

/* Without a port it is sudo's own: 30343, with TLS 30344. 0, or -1: sudo would read something else
 * than was meant, or nothing at all. */
int writ_log_server_parse(const char *text, struct writ_log_server *ret);
