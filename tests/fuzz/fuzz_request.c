/* SPDX-License-Identifier: ISC */
/* cli/request_json.c: what a line of writ check --batch may be. A request that was read is whole.
 */
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "error.h"
#include "fuzz.h"
#include "json.h"
#include "request.h"
#include "request_json.h"

static void check(const struct writ_request *request)
{
	if (request->argc == 0)
		abort();
	for (size_t i = 0; i < request->argc; i++)
		if (strlen(request->argv[i]) > 1u << 20)
			abort();
	for (size_t i = 0; i < request->n_env; i++)
		if (!strchr(request->env[i], '=') || request->env[i][0] == '=')
			abort();
	if (request->cwd && request->cwd[0] != '/')
		abort();
	if ((request->user && !request->user[0]) ||
	    (request->runas_user && !request->runas_user[0]))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct writ_arena *arena = writ_arena_new();
	struct writ_request request = {0};
	struct writ_error err = {0};
	const struct writ_json *json;

	if (!arena)
		abort();
	json = writ_json_parse(arena, "line", (const char *)data, size, &err);
	if (!json && !err.message[0])
		abort();
	if (json && cli_request_parse(arena, json, &request, &err) == 0)
		check(&request);
	else if (!err.message[0])
		abort();
	writ_arena_free(arena);
	return 0;
}
