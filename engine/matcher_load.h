/* SPDX-License-Identifier: ISC */
/* Reading matchers: one function a key. Only matcher_load.c and matcher_leaf_load.c include this.
 */
#pragma once

#include "loader.h"
#include "matcher.h"

/* One matcher object that is being read. */
struct writ_matcher_reading {
	struct writ_loader *loader;
	const struct writ_matcher_target *target;
	struct writ_matcher *matcher;
};

/* Each reads the value of its key (json) into r->matcher. 0, or -1 with err. */
int writ_matcher_read_glob(struct writ_matcher_reading *r, const struct writ_json *json,
			   struct writ_error *err);
int writ_matcher_read_regex(struct writ_matcher_reading *r, const struct writ_json *json,
			    struct writ_error *err);
int writ_matcher_read_int(struct writ_matcher_reading *r, const struct writ_json *json,
			  struct writ_error *err);
int writ_matcher_read_duration(struct writ_matcher_reading *r, const struct writ_json *json,
			       struct writ_error *err);
int writ_matcher_read_size(struct writ_matcher_reading *r, const struct writ_json *json,
			   struct writ_error *err);
int writ_matcher_read_path(struct writ_matcher_reading *r, const struct writ_json *json,
			   struct writ_error *err);
int writ_matcher_read_image(struct writ_matcher_reading *r, const struct writ_json *json,
			    struct writ_error *err);
