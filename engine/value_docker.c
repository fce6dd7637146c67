/* SPDX-License-Identifier: ISC */
/* Docker's plain words: names of its objects, and capabilities. */
#include <string.h>

#include "arena.h"
#include "error.h"
#include "value_types.h"

static bool is_alphanumeric(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* The client puts a name into a URL and cleans that as a path ("../images/x" names an image), newer
 * ones after trimming Unicode blanks: only what reaches the engine as typed is a name. */
static int read_name(struct writ_arena *arena, struct writ_value *value, struct writ_error *err)
{
	const char *text = value->text;

	if (!is_alphanumeric(*text))
		return writ_value_fail(arena, value, err, "is no plain name or id");
	for (const char *p = text; *p; p++)
		if (!is_alphanumeric(*p) && *p != '_' && *p != '.' && *p != '-')
			return writ_value_fail(arena, value, err, "is no plain name or id");
	return 0;
}

const struct writ_value_type writ_type_docker_name = {
	.name = "docker.name",
	.kind = WRIT_VALUE_STRING,
	.read = read_name,
};

/* sys_admin, SYS_ADMIN and cap_sys_admin are CAP_SYS_ADMIN, to the client or to the engine. What is
 * not ASCII is refused: Go makes an S of "ſ" and an I of "ı". */
static int read_capability(struct writ_arena *arena, struct writ_value *value,
			   struct writ_error *err)
{
	const char *text = value->text;
	size_t length = strlen(text);
	char *upper;

	for (const char *p = text; *p; p++)
		if ((unsigned char)*p >= 0x80)
			return writ_value_fail(arena, value, err, "is no capability");
	upper = writ_arena_alloc(arena, length + sizeof("CAP_"), 1);
	if (!upper)
		return writ_value_no_memory(err);
	strcpy(upper, "CAP_");
	for (size_t i = 0; i <= length; i++)
		upper[4 + i] =
			text[i] >= 'a' && text[i] <= 'z' ? (char)(text[i] - 'a' + 'A') : text[i];
	if (strcmp(upper + 4, "ALL") == 0 || strncmp(upper + 4, "CAP_", 4) == 0)
		upper += 4;
	if (strcmp(upper, text) != 0)
		value->normal = upper;
	return 0;
}

const struct writ_value_type writ_type_docker_capability = {
	.name = "docker.capability",
	.kind = WRIT_VALUE_STRING,
	.read = read_capability,
};
