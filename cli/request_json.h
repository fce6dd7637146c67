/* SPDX-License-Identifier: ISC */
/* A request written as JSON: a line of writ check --batch. */
#pragma once

struct writ_arena;
struct writ_error;
struct writ_json;
struct writ_request;

/* Sets argv and argc from an array of strings, at least one. 0, or -1 with err. */
int cli_argv_parse(struct writ_arena *arena, const struct writ_json *json,
		   struct writ_request *request, struct writ_error *err);

/* Reads a request: the array that is its argument vector, or an object of argv (needed), user,
 * runas, cwd and env. What it does not say stays as *request has it. The groups are those of
 * whoever stood there before: look the user up afterwards. 0, or -1 with err. */
int cli_request_parse(struct writ_arena *arena, const struct writ_json *json,
		      struct writ_request *request, struct writ_error *err);
