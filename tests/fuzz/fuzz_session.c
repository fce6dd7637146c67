/* SPDX-License-Identifier: ISC */
/*
 * Session records (record/session_read.c): whatever lies there is an error or a record, and what is
 * a record is written, and read again as the same.
 */
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "fuzz.h"
#include "json_write.h"
#include "session_record.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct writ_arena *arena = writ_arena_new();
	struct writ_session_record record, again;
	struct writ_json_writer *first, *second;
	const char *text;
	size_t length;

	if (writ_session_record_parse(arena, "record", (const char *)data, size, &record, NULL) ==
	    0) {
		first = writ_session_record_whole(&record);
		text = writ_json_writer_text(first, &length);
		if (!text ||
		    writ_session_record_parse(arena, "again", text, length, &again, NULL) < 0)
			abort();
		second = writ_session_record_whole(&again);
		if (strcmp(text, writ_json_writer_text(second, NULL)) != 0)
			abort();
		writ_json_writer_free(first);
		writ_json_writer_free(second);
	}
	writ_arena_free(arena);
	return 0;
}
