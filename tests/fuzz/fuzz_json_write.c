/* SPDX-License-Identifier: ISC */
/*
 * engine/json_write.c: any bytes become JSON that our own reader reads, on one line without a
 * control character; valid UTF-8 comes back as it was.
 */
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "fuzz.h"
#include "json.h"
#include "json_write.h"
#include "text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct writ_json_writer *writer = writ_json_writer_new();
	struct writ_arena *arena = writ_arena_new();
	const char *value = (const char *)data, *text;
	const struct writ_json *json;
	size_t length;

	if (memchr(data, '\0', size) || !writer || !arena) /* the reader refuses NUL */
		goto done;
	writ_json_array_begin(writer, NULL);
	writ_json_add_stringn(writer, NULL, value, size);
	writ_json_array_end(writer);
	text = writ_json_writer_text(writer, &length);
	if (!text || writ_text_scan(text, length))
		abort();
	json = writ_json_parse(arena, "written", text, length, NULL);
	if (!json || json->length != 1 || json->first->type != WRIT_JSON_STRING)
		abort();
	if (!(writ_text_scan(value, size) & WRIT_TEXT_INVALID) &&
	    (json->first->length != size || memcmp(json->first->string, value, size) != 0))
		abort();
done:
	writ_arena_free(arena);
	writ_json_writer_free(writer);
	return 0;
}
