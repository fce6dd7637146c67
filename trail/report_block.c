/* SPDX-License-Identifier: ISC */
#include "report_block.h"

#include <string.h>

#include "json_write.h"

void writ_report_block_begin(FILE *out, const char *id)
{
	fprintf(out, "<script type=\"application/json\" id=\"%s\">", id);
}

void writ_report_block_end(FILE *out)
{
	fputs("</script>\n", out);
}

static size_t harmless(const char *s, size_t length)
{
	size_t n = 0;

	while (n < length && s[n] != '<' && s[n] != '>' && s[n] != '&')
		n++;
	return n;
}

void writ_report_block_text(FILE *out, const char *json, size_t length)
{
	const char *end = json + length;

	while (json < end) {
		size_t n = harmless(json, (size_t)(end - json));

		fwrite(json, 1, n, out);
		json += n;
		if (json < end)
			fprintf(out, "\\u%04x", (unsigned)*json++);
	}
}

int writ_report_block_value(FILE *out, struct writ_json_writer *writer)
{
	size_t length;
	const char *text = writ_json_writer_text(writer, &length);

	if (!text)
		return -1;
	writ_report_block_text(out, text, length);
	writ_json_writer_reset(writer);
	return 0;
}
