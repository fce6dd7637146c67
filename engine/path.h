/* SPDX-License-Identifier: ISC */
/*
 * Paths as the program will resolve them, and the `path` matcher over them. Resolution walks
 * component by component with O_PATH descriptors (or the imagined files of a test), through links,
 * `..` and mounts.
 *
 * What was resolved can change before the program opens it, wherever others than root can change
 * something on the way: only `trusted` and `pin` exclude that.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "truth.h"

struct writ_arena;
struct writ_error;
struct writ_files;
struct writ_json;
struct writ_path_cache;

enum writ_path_kind { WRIT_PATH_ANY = 0, WRIT_PATH_FILE, WRIT_PATH_DIR };
enum writ_path_trust { WRIT_TRUST_NONE = 0, WRIT_TRUST_ALL, WRIT_TRUST_DIRECTORIES };

/*
 * What the program gets in place of the path (pin.h). THING: the file or directory itself. ENTRY:
 * of a file, its folder and the name in it, for a program that looks at the name without following
 * a link there (ls -l, ls -d).
 */
enum writ_path_pin { WRIT_PIN_NONE = 0, WRIT_PIN_THING, WRIT_PIN_ENTRY };

/* { "path": { … } } of a policy. under, exact and not_under must all hold where given. */
struct writ_path_rule {
	/* absolute, may hold globs, without a final slash */
	const char *const *under, *const *not_under, *const *exact;
	size_t n_under, n_not_under, n_exact;
	enum writ_path_kind kind;
	bool missing_allowed; /* "missing": "allow" */
	enum writ_path_trust trusted;
	unsigned links;         /* 0: any number */
	enum writ_path_pin pin; /* "pin": true, "entry" */
};

/* Reads the object under the key "path". An object that would match every path is an error. 0 or -1
 * with err. */
int writ_path_rule_parse(struct writ_arena *arena, const struct writ_json *json,
			 struct writ_path_rule *ret, struct writ_error *err);

/* How a path is to be resolved. */
struct writ_path_context {
	const char *cwd;                /* NULL: unknown, a relative path is unsure */
	const struct writ_files *files; /* NULL: the real file system alone */
	bool deny;                      /* the matcher stands in a deny rule */
	bool cleaned; /* the program cleans ".." from the text first (docker): both readings count
		       */
	struct writ_path_cache *cache; /* what was seen already; NULL: nothing */
};

/*
 * With pin, a file must be regular, or a directory; and where others than root can change the
 * folder that it stands in, it must be one that they can read or could have made: everybody's to
 * read, or not root's (of a folder's owner, if that is not root; else with one link). For such a
 * file could be a hard link to a secret, whose other name is gone by now.
 *
 * UNSURE: what cannot be resolved (a loop, no permission, no descriptor left, a name under a file,
 * `..` after something missing, a link of /proc, which depends on who looks), or is missing though
 * it must not be; what is recognised only by half (path_entry.h); and two readings that disagree.
 */
enum writ_truth writ_path_match(struct writ_arena *arena, const struct writ_path_rule *rule,
				const char *text, const struct writ_path_context *context);

/* What the text alone says, without a look at any file: under, not_under and exact as written (`..`
 * cleaned, no links); UNSURE where the answer would hang on more. An outcome of writ_path_match
 * that differs from it was seen with root's eyes: the subject is told less. */
enum writ_truth writ_path_match_text(struct writ_arena *arena, const struct writ_path_rule *rule,
				     const char *text, const struct writ_path_context *context);

/*
 * An imagined file system in front of the real one, for tests of policies:
 * "/x": "-> /target" a link; "/dir/": "root 0755" a directory; "/file": "root 0644" a regular file;
 * "/gone": null missing. Owner is "root", a number, or any other name for somebody who is not root
 * (such a user need not exist); mode octal. Parents that are not named are root's 0755 directories.
 * What is not imagined is looked up in the real file system. NULL with err.
 */
struct writ_files *writ_files_parse(struct writ_arena *arena, const struct writ_json *json,
				    struct writ_error *err);
