/* SPDX-License-Identifier: ISC */
#include "decision.h"

#include <string.h>

#include "arena.h"
#include "explain.h"
#include "json_write.h"
#include "parsed.h"
#include "text.h"

static const char *const verdicts[] = {
	[WRIT_VERDICT_DENY] = "deny",
	[WRIT_VERDICT_ALLOW] = "allow",
};

static const char *const codes[] = {
	[WRIT_CODE_POLICY_ERROR] = "policy-error",
	[WRIT_CODE_RULE] = "rule",
	[WRIT_CODE_NO_RULE] = "no-rule",
	[WRIT_CODE_UNPARSED] = "unparsed",
	[WRIT_CODE_UNKNOWN_PROGRAM] = "unknown-program",
	[WRIT_CODE_OPTION_OF_SUDO] = "option-of-sudo",
	[WRIT_CODE_TOO_LARGE] = "too-large",
};

const char *writ_verdict_to_string(enum writ_verdict verdict)
{
	return verdicts[verdict];
}

const char *writ_code_to_string(enum writ_code code)
{
	return codes[code];
}

int writ_code_from_string(const char *name, enum writ_code *ret)
{
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		if (strcmp(codes[i], name) == 0) {
			*ret = (enum writ_code)i;
			return 0;
		}
	}
	return -1;
}

static void write_nearest(const struct writ_decision *decision, bool hidden,
			  struct writ_json_writer *writer)
{
	if (!decision->nearest_rule || hidden) {
		writ_json_add_null(writer, "nearest");
		return;
	}
	writ_json_object_begin(writer, "nearest");
	writ_json_add_string(writer, "rule", decision->nearest_rule);
	writ_json_add_string(writer, "failed", decision->nearest_failed);
	writ_json_object_end(writer);
}

static void write_pins(const struct writ_decision *decision, struct writ_json_writer *writer)
{
	if (decision->verdict != WRIT_VERDICT_ALLOW || decision->n_pins == 0)
		return;
	writ_json_array_begin(writer, "pins");
	for (size_t i = 0; i < decision->n_pins; i++) {
		const struct writ_pin *pin = &decision->pins[i];

		writ_json_object_begin(writer, NULL);
		writ_json_add_int(writer, "argument", (int64_t)pin->index);
		writ_json_add_string(writer, "typed", pin->typed);
		writ_json_add_string(writer, "path", pin->path);
		writ_json_object_end(writer);
	}
	writ_json_array_end(writer);
}

void writ_decision_write(const struct writ_decision *decision, bool for_subject,
			 struct writ_json_writer *writer)
{
	bool hidden = for_subject && decision->hidden;
	enum writ_code code = hidden ? WRIT_CODE_NO_RULE : decision->code;

	writ_json_add_string(writer, "decision", writ_verdict_to_string(decision->verdict));
	writ_json_add_string(writer, "code", writ_code_to_string(code));
	writ_json_add_string(writer, "rule", hidden ? NULL : decision->rule);
	writ_json_add_string(writer, "command", decision->command);
	writ_json_add_string(writer, "program", decision->program);
	writ_json_array_begin(writer, "argv");
	for (size_t i = 0; i < decision->argc; i++)
		writ_json_add_string(writer, NULL, decision->argv[i]);
	writ_json_array_end(writer);
	writ_json_add_string(writer, "runas", decision->runas);
	writ_json_add_string(writer, "reason", for_subject ? decision->told : decision->reason);
	writ_json_add_string(writer, "hint", hidden ? NULL : decision->hint);
	write_nearest(decision, hidden, writer);
	writ_json_object_begin(writer, "policy");
	writ_json_add_string(writer, "path", decision->policy_path);
	writ_json_add_string(writer, "sha256", decision->policy_sha256);
	writ_json_object_end(writer);
	write_pins(decision, writer);
}

/* The command as people name it, or the program as it was typed. */
static const char *shown_command(struct writ_arena *arena, const struct writ_decision *decision)
{
	const char *name = NULL;

	if (decision->parsed)
		name = writ_command_short_name(arena, decision->parsed->command);
	else if (decision->argc)
		name = writ_text_show(arena, decision->argv[0], 100);
	return name ? name : "sudo";
}

/* "the option --volume mounts …" reads better without its first words after "docker run:". */
static const char *after(const char *text, const char *prefix)
{
	size_t length = strlen(prefix);

	return strncmp(text, prefix, length) == 0 ? text + length : text;
}

const char *writ_decision_refusal(struct writ_arena *arena, const struct writ_decision *decision)
{
	const char *command = shown_command(arena, decision);
	const char *told = after(decision->told, "the option ");
	const char *tag = decision->code == WRIT_CODE_RULE && decision->rule
				  ? decision->rule
				  : writ_code_to_string(decision->code);
	char *prefix = writ_arena_printf(arena, "%s: ", command);

	if (!prefix)
		return NULL;
	if (decision->hidden)
		tag = writ_code_to_string(WRIT_CODE_NO_RULE);
	told = writ_text_show(arena, after(told, prefix), 600);
	if (!told)
		return NULL;
	if (decision->hint && !decision->hidden)
		return writ_arena_printf(arena,
					 "writ: refused: %s: %s [%s]\n"
					 "writ: allowed instead: %s (see: sudo -l)\n",
					 command, told, tag,
					 writ_text_show(arena, decision->hint, 600));
	return writ_arena_printf(arena,
				 "writ: refused: %s: %s [%s]\n"
				 "writ: this is policy, not a fault; what is allowed: sudo -l\n",
				 command, told, tag);
}
