/* SPDX-License-Identifier: ISC */
#include "log.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "text.h"

/* Longest message: what common syslog daemons take whole, with room for their own header. */
#define LINE_MAX_BYTES 1900

/* C0, 0x7f, and C1 in UTF-8: nothing in a log may speak to the terminal of who reads it. What is
 * not UTF-8 (a character that was cut in two) would make a binary field of it for journald. */
static void clean(char *s)
{
	for (unsigned char *c = (unsigned char *)s; *c; c++) {
		if (*c < 0x20 || *c == 0x7f)
			*c = '?';
		else if (*c == 0xc2 && c[1] >= 0x80 && c[1] < 0xa0)
			c[0] = c[1] = '?';
	}
	for (size_t left = strlen(s), n; (n = writ_text_valid_prefix(s, left)) < left; left -= n) {
		s[n++] = '?';
		s += n;
	}
}

void writ_log(int priority, const char *format, ...)
{
	char line[LINE_MAX_BYTES];
	va_list args;

	va_start(args, format);
	vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	clean(line);
	/* sudo's own plugins open and close the log around each message as well, under their name.
	 */
	openlog("writ", LOG_PID, LOG_AUTHPRIV);
	syslog(priority | LOG_AUTHPRIV, "%s", line);
	closelog();
}
