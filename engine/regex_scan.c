/* SPDX-License-Identifier: ISC */
#include "regex_scan.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "error.h"

int writ_regex_refuse(const struct writ_regex_scan *s, const char *where, const char *what)
{
	return writ_error_set(s->err, "%s at offset %zu", what, (size_t)(where - s->start));
}

static bool reserve(struct writ_regex_scan *s, size_t length)
{
	size_t size = s->out_size;
	char *out;

	if (s->failed || length > SIZE_MAX / 4 - s->out_used)
		return false;
	while (size - s->out_used < length)
		size *= 2;
	if (size == s->out_size)
		return true;
	out = realloc(s->out, size);
	if (!out)
		return false;
	s->out = out;
	s->out_size = size;
	return true;
}

void writ_regex_emit(struct writ_regex_scan *s, const char *from, size_t length)
{
	if (!s->out)
		return;
	if (!reserve(s, length)) {
		s->failed = true;
		return;
	}
	memcpy(s->out + s->out_used, from, length);
	s->out_used += length;
}

void writ_regex_emit_string(struct writ_regex_scan *s, const char *text)
{
	writ_regex_emit(s, text, strlen(text));
}

size_t writ_regex_property_length(const char *p)
{
	if (p[2] == '{') {
		const char *end = strchr(p, '}');

		return end ? (size_t)(end - p) + 1 : 0;
	}
	return p[2] ? 3 : 0;
}
