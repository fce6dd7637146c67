/* SPDX-License-Identifier: ISC */
/* What the readers of `defaults` and `run` share. Only run_*.c includes this. */
#pragma once

#include "loader.h"
#include "run.h"

struct writ_json;

/* The object that the tables of fields fill. */
struct writ_run_reading {
	struct writ_loader *loader;
	struct writ_run *run;
};

/* One word or sentence without control characters; an absolute path; whole seconds ("10m" or 600).
 * object is the struct writ_run_reading. 0, or -1 with err. */
int writ_run_read_text(void *object, const struct writ_json *json, const char **ret,
		       struct writ_error *err);
int writ_run_read_absolute(void *object, const struct writ_json *json, const char **ret,
			   struct writ_error *err);
int writ_run_read_seconds(const struct writ_json *json, unsigned *ret, struct writ_error *err);

/* Members of their own files. */
int writ_run_read_env(const struct writ_json *json, void *object, struct writ_error *err);
int writ_run_read_iolog(const struct writ_json *json, void *object, struct writ_error *err);
int writ_run_read_rlimits(const struct writ_json *json, void *object, struct writ_error *err);

/* Adds to run's maps (env.allow, env.set, rlimits) what under has of other names: a rule's maps are
 * laid over the defaults' key by key. 0, or -1 without memory. */
int writ_run_join(struct writ_arena *arena, struct writ_run *run, const struct writ_run *under);
