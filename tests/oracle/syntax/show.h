/* SPDX-License-Identifier: ISC */
/* Words in messages: between quotes, as bash's $'…' would take them. */
#pragma once

#include <stdio.h>

static inline void show_word(FILE *out, const char *word)
{
	putc('\'', out);
	for (const char *p = word; *p; p++) {
		unsigned char c = (unsigned char)*p;

		if (c < ' ' || c >= 0x7f || c == '\'' || c == '\\')
			fprintf(out, "\\x%02x", c);
		else
			putc(c, out);
	}
	putc('\'', out);
}
