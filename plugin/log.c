/* SPDX-License-Identifier: ISC */
#include "log.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

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

/* Whoever reads the log is told the sender's real user id by the kernel (journald's _UID), and
 * anybody may send under any name: what is writ's comes from root. Where that fails it is sent all
 * the same. */
static void send_as_root(int priority, const char *line)
{
	uid_t real = getuid();
	bool changed = real != 0 && setresuid(0, (uid_t)-1, (uid_t)-1) == 0;

	/* sudo's own plugins open and close the log around each message as well, under their name.
	 */
	openlog("writ", LOG_PID, LOG_AUTHPRIV);
	syslog(priority | LOG_AUTHPRIV, "%s", line);
	closelog();
	/* Where this fails the process stays root in full, which harms nobody. */
	if (changed && setresuid(real, (uid_t)-1, (uid_t)-1) < 0)
		return;
}

void writ_log(int priority, const char *format, ...)
{
	char line[LINE_MAX_BYTES];
	va_list args;

	va_start(args, format);
	vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	clean(line);
	send_as_root(priority, line);
}
