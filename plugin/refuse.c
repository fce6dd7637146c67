/* SPDX-License-Identifier: ISC */
#include "refuse.h"

#include <string.h>

#include "arena.h"
#include "argv_record.h"
#include "decision.h"
#include "json_write.h"
#include "strvec.h"

bool writ_refuse_wants_json(char *const environment[])
{
	const char *output = writ_strvec_value(environment, "WRIT_OUTPUT");

	return output && strcmp(output, "json") == 0;
}

static bool say_json(sudo_printf_t print, struct writ_arena *arena,
		     const struct writ_decision *decision)
{
	struct writ_json_writer *writer = writ_json_writer_new();
	struct writ_decision cut = *decision;
	struct writ_argv_record argv;
	const char *line = NULL;

	/* The caller knows its megabyte: the beginning is enough to know it again. */
	if (decision->code == WRIT_CODE_TOO_LARGE &&
	    writ_argv_record_make(&argv, arena, decision->argv, decision->argc) == 0) {
		cut.argv = argv.argv;
		cut.argc = argv.argc;
	}
	if (writer) {
		writ_json_object_begin(writer, NULL);
		writ_decision_write(&cut, true, writer);
		writ_json_object_end(writer);
		line = writ_json_writer_text(writer, NULL);
	}
	if (line)
		print(SUDO_CONV_ERROR_MSG, "%s\n", line);
	writ_json_writer_free(writer);
	return line != NULL;
}

void writ_refuse_say(sudo_printf_t print, struct writ_arena *arena,
		     const struct writ_decision *decision, bool json)
{
	const char *text;

	if (json && say_json(print, arena, decision))
		return;
	text = writ_decision_refusal(arena, decision);
	print(SUDO_CONV_ERROR_MSG, "%s", text ? text : "writ: refused: out of memory\n");
}
