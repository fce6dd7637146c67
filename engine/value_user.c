/* SPDX-License-Identifier: ISC */
/* Users, as docker run --user and others take them: a name or a number, and a group behind a colon.
 */
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "value_types.h"

/* As shadow-utils' useradd, and systemd's relaxed reading, have names. */
#define NAME_LENGTH_MAX 32

static bool is_number(const char *text, size_t length)
{
	return length > 0 && strspn(text, "0123456789") >= length;
}

/* A name, or an id written plainly that is not "nobody changes" (-1). */
static bool is_account(const char *text, size_t length)
{
	static const char first[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_";
	static const char rest[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_"
				   "0123456789.-";
	size_t n;

	if (is_number(text, length))
		return length <= 10 && (length == 1 || *text != '0') &&
		       strtoull(text, NULL, 10) < UINT32_MAX;
	if (length == 0 || length > NAME_LENGTH_MAX || !strchr(first, *text))
		return false;
	n = strspn(text, rest);
	return n >= length || (n == length - 1 && text[n] == '$');
}

static int read_user(struct writ_arena *arena, struct writ_value *value, struct writ_error *err)
{
	const char *text = value->text, *group = strchr(text, ':'), *user;
	size_t length = group ? (size_t)(group - text) : strlen(text);

	if (!is_account(text, length) || (group && !is_account(group + 1, strlen(group + 1))))
		return writ_value_fail(arena, value, err, "is no user (name or id, or USER:GROUP)");
	user = writ_arena_strndup(arena, text, length);
	if (!user ||
	    writ_value_add_field(arena, value, "user", &writ_type_string, user, false) < 0 ||
	    (group &&
	     writ_value_add_field(arena, value, "group", &writ_type_string, group + 1, false) < 0))
		return writ_value_no_memory(err);
	return 0;
}

static const char *const fields[] = {"user", "group", NULL};

const struct writ_value_type writ_type_user = {
	.name = "user",
	.kind = WRIT_VALUE_STRUCTURED,
	.read = read_user,
	.field_names = fields,
	.main_field = "user",
};
