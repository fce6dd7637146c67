/* SPDX-License-Identifier: ISC */
/* Command files without a policy: what `writ parse` reads. */
#include <string.h>

#include "arena.h"
#include "cleanup.h"
#include "command.h"
#include "error.h"
#include "file.h"
#include "json.h"
#include "policy.h"
#include "string_list.h"

static const struct writ_command *read_command(struct writ_arena *arena, const char *path,
					       struct writ_error *err)
{
	struct writ_arena *trees = writ_arena_new();
	const struct writ_command *command = NULL;
	const struct writ_json *json;
	auto_free char *text = NULL;
	size_t length;

	if (!trees) {
		writ_error_set(err, "out of memory");
		return NULL;
	}
	if (writ_file_read(path, false, &text, &length, err) == 0) {
		json = writ_json_parse(trees, path, text, length, err);
		if (json)
			command = writ_command_parse(arena, json, err);
	}
	writ_arena_free(trees);
	return command;
}

const struct writ_command *writ_commands_find(struct writ_arena *arena, const char *dir,
					      const char *program, struct writ_error *err)
{
	const char *slash = strrchr(program, '/'), *name = slash ? slash + 1 : program;
	char *path = writ_arena_printf(arena, "%s/%s.json", dir, name);
	const struct writ_command *command;

	if (!path || !name[0] || name[0] == '.') {
		writ_error_set(err, path ? "'%s' is no program's name" : "out of memory", program);
		return NULL;
	}
	command = read_command(arena, path, err);
	if (command && slash &&
	    !writ_strings_have(command->programs, command->n_programs, program)) {
		writ_error_set(err, "the command file of %s does not list %s", name, program);
		return NULL;
	}
	return command;
}
