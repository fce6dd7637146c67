/* SPDX-License-Identifier: ISC */
/*
 * Matchers: what a policy says about one value. Loaded for the type of the value that they will
 * see, so that a bound or a field that the type does not have is an error when the policy is
 * loaded.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cover.h"
#include "image.h"
#include "path.h"
#include "truth.h"
#include "value.h"

struct writ_arena;
struct writ_error;
struct writ_json;
struct writ_loader;
struct writ_regex;

enum writ_matcher_kind {
	WRIT_MATCH_TRUE,
	WRIT_MATCH_FALSE, /* a flag that is not set */
	WRIT_MATCH_NULL,  /* an optional value that was left out */
	WRIT_MATCH_TEXT,
	WRIT_MATCH_GLOB,
	WRIT_MATCH_REGEX,
	WRIT_MATCH_INT,
	WRIT_MATCH_RANGE, /* duration, size: in the units of value.number */
	WRIT_MATCH_PATH,
	WRIT_MATCH_IMAGE,
	WRIT_MATCH_FIELDS,
	WRIT_MATCH_COMMAND,
	WRIT_MATCH_ARGV,
	WRIT_MATCH_ANY,
	WRIT_MATCH_ALL,
	WRIT_MATCH_NOT,
};

struct writ_field_matcher {
	const char *name;
	const struct writ_matcher *matcher;
	bool optional; /* { "optional": M }: the field may be absent */
};

/* One literal vector; rest, if there, takes every element that follows. */
struct writ_vector {
	const struct writ_matcher *const *elements;
	size_t n;
	const struct writ_matcher *rest;
};

struct writ_matcher {
	enum writ_matcher_kind kind;
	const char *set; /* it came from this set; NULL: it did not */
	union {
		struct {
			const char *text;
			const char *normal; /* as the value's type understands the text */
		} text;
		const char *glob;
		struct {
			const char *pattern;
			const struct writ_regex *compiled;
		} regex;
		struct {
			int64_t low, high;
			const char *low_text, *high_text; /* RANGE */
			bool known; /* RANGE: low and high were read; else by the value's type */
		} range;
		struct writ_path_rule path;
		struct {
			const struct writ_image *entries;
			const char *const *texts;
			size_t n;
		} image;
		struct {
			const struct writ_field_matcher *items;
			size_t n;
		} fields;
		struct {
			const struct writ_matcher *const *items;
			size_t n;
		} list;                           /* ANY, ALL */
		const struct writ_matcher *inner; /* NOT */
		struct writ_cover cover;          /* COMMAND */
		struct {
			const struct writ_vector *vectors;
			size_t n;
		} argv;
	};
};

/* What a matcher is loaded for. */
struct writ_matcher_target {
	const struct writ_value_type *type; /* NULL: not known (a set looked at alone) */
	bool flag;                          /* an option without a value: true and false */
	bool command;                       /* a COMMAND... operand */
	bool open;                          /* stands in a deny rule */
};

/* Reads one matcher. NULL with err. */
const struct writ_matcher *writ_matcher_load(struct writ_loader *loader,
					     const struct writ_json *json,
					     const struct writ_matcher_target *target,
					     struct writ_error *err);

/* Reads "argv": a list of vectors. words: they are words of a COMMAND... operand. */
int writ_vectors_load(struct writ_loader *loader, const struct writ_json *json,
		      const struct writ_vector **ret, size_t *ret_n, struct writ_error *err);

struct writ_path_cache;
struct writ_pins;
struct writ_policy;
struct writ_request;

/* What evaluation needs, and what it found out on the way. */
struct writ_eval {
	struct writ_arena *arena;
	const struct writ_policy *policy;
	const struct writ_request *request;
	const char *cwd; /* the folder of the run: relative paths count from it; NULL: unknown */
	bool deny;       /* in a deny rule: open, and unsure holds */
	bool negated;    /* under an odd number of `not` */
	bool people;     /* words of a COMMAND... operand: tab and newline are ordinary */
	bool cleaned;    /* the value is a path whose program cleans ".." from the text first */
	struct writ_path_cache *paths; /* what the decision has seen of the file system */
	struct writ_pins *pins;        /* where paths to be pinned go; NULL: nowhere */
	bool looked; /* set when the outcome depended on what the file system holds */
};

/* Whether the value matches; NULL: the optional value was left out. */
enum writ_truth writ_matcher_eval(const struct writ_matcher *matcher,
				  const struct writ_value *value, struct writ_eval *eval);

/* The end of evaluating something that may have pinned paths, of which there were n before: what
 * did not match pins nothing. Returns truth. */
enum writ_truth writ_eval_settle(struct writ_eval *eval, size_t n, enum writ_truth truth);
size_t writ_eval_pins(const struct writ_eval *eval);

/* Whether a literal vector matches, element by element. */
enum writ_truth writ_vectors_eval(const struct writ_vector *vectors, size_t n, char *const *argv,
				  size_t argc, struct writ_eval *eval);

/* Whether the words of a COMMAND... operand match. */
enum writ_truth writ_matcher_eval_words(const struct writ_matcher *matcher, char *const *words,
					size_t n, struct writ_eval *eval);

/* Where the words are a command that some nested matcher speaks of: what the nearest of these does
 * not cover. Leaves best as it is where none does. */
void writ_words_explain(const struct writ_matcher *matcher, char *const *words, size_t n,
			struct writ_eval *eval, struct writ_shortfall *best);

/* The matcher in words that finish the sentence "CONTAINER must be …": "one of ollama, open-webui".
 */
const char *writ_matcher_describe(struct writ_arena *arena, const struct writ_matcher *matcher);

/* Of a COMMAND... operand's matcher the commands alone: "ollama list, ollama ps, bash -c …". */
const char *writ_matcher_describe_words(struct writ_arena *arena,
					const struct writ_matcher *matcher);
