/* SPDX-License-Identifier: ISC */
/*
 * docker run -v: [SOURCE:]TARGET[:MODE], cut as docker's client does (28.x; what older clients let
 * pass with an empty or a fourth section is refused). Fields: kind (bind, volume, anonymous),
 * source (of a bind: a path on the host, relative if it begins with "."), target, mode.
 */
#include <string.h>

#include "arena.h"
#include "error.h"
#include "value_types.h"

static const char *const fields[] = {"kind", "source", "target", "mode", NULL};

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* A section that is one character: its bytes, or 0. Go asks Unicode whether it is a letter; of what
 * is not ASCII, nobody here can tell. */
static size_t one_character(const char *s, size_t length)
{
	size_t n = 1;

	while (n < length && ((unsigned char)s[n] & 0xc0) == 0x80)
		n++;
	return n == length ? n : 0;
}

/* Cuts at colons, but not behind a lone letter ("c:/x"). The number of sections, or -1. */
static int split(char *text, const char *sections[3])
{
	char *start = text;
	int n = 0;

	for (char *p = text;; p++) {
		size_t length = (size_t)(p - start);

		if (*p && *p != ':')
			continue;
		if (*p && length > 0 && one_character(start, length)) {
			if (length > 1)
				return -1;
			if (is_letter(*start))
				continue;
		}
		if (length == 0 || n == 3)
			return -1;
		sections[n++] = start;
		if (!*p)
			return n;
		*p = '\0';
		start = p + 1;
	}
}

static bool is_drive(const char *source)
{
	return is_letter(source[0]) && source[1] == ':';
}

static bool is_bind(const char *source)
{
	return strchr("./~", source[0]) || strncmp(source, "\\\\", 2) == 0 || is_drive(source);
}

static int add(struct writ_arena *arena, struct writ_value *value, const char *name,
	       const struct writ_value_type *type, const char *text)
{
	return writ_value_add_field(arena, value, name, type, text, false);
}

static int add_all(struct writ_arena *arena, struct writ_value *value, const char *source,
		   const char *target, const char *mode)
{
	bool bind = source && is_bind(source);
	const char *kind = bind ? "bind" : source ? "volume" : "anonymous";

	if (add(arena, value, "kind", &writ_type_string, kind) < 0)
		return -1;
	if (source &&
	    add(arena, value, "source", bind ? &writ_type_path : &writ_type_string, source) < 0)
		return -1;
	if (add(arena, value, "target", &writ_type_string, target) < 0)
		return -1;
	return mode ? add(arena, value, "mode", &writ_type_string, mode) : 0;
}

static int read_volume(struct writ_arena *arena, struct writ_value *value, struct writ_error *err)
{
	const char *sections[3] = {0}, *source = NULL, *target;
	size_t length = strlen(value->text);
	char *copy;
	int n = 1;

	if (length == 0)
		return writ_value_fail(arena, value, err, "is no volume");
	if (!writ_value_is_utf8(value->text))
		return writ_value_fail(arena, value, err, "is not UTF-8");
	copy = writ_arena_strdup(arena, value->text);
	if (!copy)
		return writ_value_no_memory(err);
	sections[0] = copy;
	if (length > 2) /* one or two bytes are a target, whatever they are */
		n = split(copy, sections);
	if (n < 0)
		return writ_value_fail(arena, value, err,
				       "is no volume ([SOURCE:]TARGET[:MODE], no section empty)");
	target = sections[0];
	if (n > 1) {
		source = sections[0];
		target = sections[1];
	}
	/* "a:/b:ro": to the client a drive with the target "ro", to the engine the volume "a". */
	if (source && is_drive(source) && target[0] != '/')
		return writ_value_fail(
			arena, value, err,
			"means one thing to docker's client and another to its engine");
	if (add_all(arena, value, source, target, sections[2]) < 0)
		return writ_value_no_memory(err);
	return 0;
}

const struct writ_value_type writ_type_docker_volume = {
	.name = "docker.volume",
	.kind = WRIT_VALUE_STRUCTURED,
	.read = read_volume,
	.field_names = fields,
};
