/* SPDX-License-Identifier: ISC */
#include "log_server.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>

#define PORT_PLAIN "30343"
#define PORT_TLS "30344"
#define TLS_FLAG "(tls)"

#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
#define HOST_CHARACTERS LETTERS ".-_"
#define ADDRESS_CHARACTERS "0123456789abcdefABCDEF:."
#define PORT_CHARACTERS LETTERS "-_"

/* Copies length bytes of such characters: at least one, and none that a program could take for an
 * option. */
static int copy(char *ret, size_t size, const char *text, size_t length, const char *characters)
{
	if (length == 0 || length >= size || strspn(text, characters) < length || *text == '-')
		return -1;
	memcpy(ret, text, length);
	ret[length] = '\0';
	return 0;
}

static bool port_is_plain(const char *port)
{
	unsigned long number = 0;

	if (!isdigit((unsigned char)*port))
		return true;
	for (const char *c = port; *c; c++) {
		if (!isdigit((unsigned char)*c))
			return false;
		number = number * 10 + (unsigned long)(*c - '0');
		if (number > 65535)
			return false;
	}
	return number > 0;
}

int writ_log_server_parse(const char *text, struct writ_log_server *ret)
{
	size_t length = strlen(text), flag = strlen(TLS_FLAG), host;
	const char *port;

	*ret = (struct writ_log_server) {0};
	ret->tls = length > flag && strcmp(text + length - flag, TLS_FLAG) == 0;
	if (ret->tls)
		length -= flag;
	if (*text == '[') {
		host = strcspn(text, "]");
		if (host >= length ||
		    copy(ret->host, sizeof(ret->host), text + 1, host - 1, ADDRESS_CHARACTERS) < 0)
			return -1;
		host++;
	} else {
		host = strcspn(text, ":(");
		if (host > length)
			host = length;
		if (copy(ret->host, sizeof(ret->host), text, host, HOST_CHARACTERS) < 0)
			return -1;
	}
	port = text + host;
	if (host == length) {
		strcpy(ret->port, ret->tls ? PORT_TLS : PORT_PLAIN);
		return 0;
	}
	if (*port != ':' ||
	    copy(ret->port, sizeof(ret->port), port + 1, length - host - 1, PORT_CHARACTERS) < 0)
		return -1;
	return port_is_plain(ret->port) ? 0 : -1;
}
