/* SPDX-License-Identifier: ISC */
#include "deciding.h"

#include <string.h>

#include "arena.h"
#include "command.h"
#include "policy_data.h"
#include "relative.h"
#include "request.h"
#include "text.h"

#define ARGV_MAX ((size_t)64 * 1024) /* bytes of all arguments with their terminators */

const char writ_deciding_no_memory[] = "there is not enough memory to decide";

void writ_deciding_refuse(struct writ_decision *ret, enum writ_code code, const char *reason)
{
	ret->verdict = WRIT_VERDICT_DENY;
	ret->code = code;
	ret->reason = ret->told = reason ? reason : writ_deciding_no_memory;
}

static size_t vector_size(const struct writ_request *request)
{
	size_t size = 0;

	for (size_t i = 0; i < request->argc && size <= ARGV_MAX; i++)
		size += strlen(request->argv[i]) + 1;
	return size;
}

static const char *unknown_program(const struct writ_deciding *d)
{
	const char *name = writ_text_quote(d->arena, d->request->argv[0], 200);

	if (!name)
		return writ_deciding_no_memory;
	if (d->request->child && d->request->argv[0][0] != '/')
		return writ_arena_printf(d->arena,
					 "%s: a command that another one starts needs "
					 "its program's full path",
					 name);
	if (strchr(d->request->argv[0], '/') && d->request->argv[0][0] != '/')
		return writ_arena_printf(
			d->arena, "%s: give the program by its name alone or by its full path",
			name);
	if (d->program.known)
		return writ_arena_printf(d->arena, "%s: no such program is installed", name);
	return writ_arena_printf(d->arena, "no rule knows the program %s", name);
}

static bool read_request(struct writ_deciding *d)
{
	const struct writ_request *request = d->request;

	if (request->argc == 0) {
		writ_deciding_refuse(d->ret, WRIT_CODE_UNPARSED, "no command was given");
		return false;
	}
	if (vector_size(request) > ARGV_MAX) {
		writ_deciding_refuse(d->ret, WRIT_CODE_TOO_LARGE,
				     "the arguments are larger than 64 KiB");
		return false;
	}
	if (request->option) {
		writ_deciding_refuse(d->ret, WRIT_CODE_OPTION_OF_SUDO,
				     writ_arena_printf(d->arena, "sudo's option %s is not allowed",
						       request->option));
		return false;
	}
	if (writ_program_find(d->policy, d->arena, request, &d->program) < 0) {
		writ_deciding_refuse(d->ret, WRIT_CODE_POLICY_ERROR, writ_deciding_no_memory);
		return false;
	}
	if (!d->program.path || !d->program.known) {
		writ_deciding_refuse(d->ret, WRIT_CODE_UNKNOWN_PROGRAM, unknown_program(d));
		return false;
	}
	d->ret->program = d->program.path;
	return true;
}

static void parse(struct writ_deciding *d)
{
	if (!d->program.file)
		return;
	d->is_parsed = writ_parse(d->arena, d->program.file->root, d->request->argv,
				  d->request->argc, &d->parsed, &d->unread) == 0;
	if (!d->is_parsed)
		return;
	d->ret->parsed = &d->parsed;
	d->ret->command = d->parsed.command->path;
}

/* A child's paths, where they can be told; see relative.h. */
static bool has_unknown_paths(struct writ_deciding *d)
{
	const char *path =
		d->request->child && d->is_parsed ? writ_relative_find(&d->parsed) : NULL;

	if (!path)
		return false;
	path = writ_text_quote(d->arena, path, 200);
	writ_deciding_refuse(
		d->ret, WRIT_CODE_UNPARSED,
		path ? writ_arena_printf(d->arena,
					 "%s is relative to a folder that is not known: a command "
					 "that another one starts needs full paths",
					 path)
		     : NULL);
	return true;
}

bool writ_deciding_read(struct writ_deciding *d)
{
	if (!read_request(d))
		return false;
	parse(d);
	return !has_unknown_paths(d);
}
