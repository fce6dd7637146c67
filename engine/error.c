/* SPDX-License-Identifier: ISC */
#include "error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int writ_error_set(struct writ_error *err, const char *format, ...)
{
	va_list args;

	if (!err)
		return -1;
	va_start(args, format);
	vsnprintf(err->message, sizeof(err->message), format, args);
	va_end(args);
	return -1;
}

int writ_error_errno(struct writ_error *err, int errnum, const char *format, ...)
{
	va_list args;
	char reason[128];
	size_t used;

	if (!err)
		return -1;
	va_start(args, format);
	vsnprintf(err->message, sizeof(err->message), format, args);
	va_end(args);
	used = strlen(err->message);
	/* The GNU variant: returns the text, which may or may not be in the buffer. */
	snprintf(err->message + used, sizeof(err->message) - used, ": %s",
		 strerror_r(errnum, reason, sizeof(reason)));
	return -1;
}

const char *writ_error_string(const struct writ_error *err, char *out, unsigned long size)
{
	char line[16] = "";

	if (err->file[0] && err->line > 0)
		snprintf(line, sizeof(line), ":%d", err->line);
	snprintf(out, size, "%s%s%s%s%s%s", err->file, line, err->file[0] ? ": " : "", err->path,
		 err->path[0] ? ": " : "", err->message);
	return out;
}
