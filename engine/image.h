/* SPDX-License-Identifier: ISC */
/*
 * Container image references, normalised as docker does (the grammar and the rules are those of
 * github.com/distribution/reference: a first component without ".", ":" or a capital that is not
 * "localhost" is a Docker Hub name; a bare Hub name gets "library/"). Where an older docker refuses
 * what a newer one reads (docker 20.10: a capital, an IPv6 address), this reads it as the newer one
 * does.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "truth.h"

struct writ_arena;

/* Everything belongs to the arena of _parse. */
struct writ_image {
	const char
		*repository; /* "docker.io/library/alpine"; an id of 64 digits: the text itself */
	const char *tag;     /* NULL: none given */
	const char *digest;  /* "sha256:…", NULL: none given; it overrides a tag */
	bool maybe_id;       /* the text could also be (a prefix of) an image id */
};

/* 0; or -1 if the text is no reference (docker: "invalid reference format") or without memory. */
int writ_image_parse(struct writ_arena *arena, const char *text, struct writ_image *ret);

/* Whether the reference is one of entry's (policy-language.md, matcher `image`): the same
 * repository and, if entry has a digest, that digest; if entry has a tag, that tag ("latest" where
 * the reference has none) and no digest. A reference that could be an image id is unsure. */
enum writ_truth writ_image_match(const struct writ_image *image, const struct writ_image *entry);
