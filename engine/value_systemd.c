/* SPDX-License-Identifier: ISC */
/*
 * Names of systemd units, as systemctl and journalctl take them: "nginx" is "nginx.service", and
 * that is the normal form turned round: "nginx" for both. Globs, paths (systemd makes device and
 * mount units of them) and bare numbers (systemctl status takes one for a process id) are not read.
 */
#include <string.h>

#include "arena.h"
#include "error.h"
#include "value_types.h"

/* systemd's UNIT_NAME_MAX, the terminator included. */
#define NAME_MAX_BYTES 256

static const char characters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
				 ":-_.\\@";

/* Whether the name (of length bytes) ends in a unit type. */
static bool has_type(const char *name, size_t length)
{
	static const char *const types[] = {"service", "mount",     "swap", "socket",
					    "target",  "device",    "path", "slice",
					    "scope",   "automount", "timer"};

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		size_t n = strlen(types[i]);

		if (length > n + 1 && name[length - n - 1] == '.' &&
		    memcmp(name + length - n, types[i], n) == 0)
			return true;
	}
	return false;
}

static int read_unit(struct writ_arena *arena, struct writ_value *value, struct writ_error *err)
{
	static const char service[] = ".service";
	const char *text = value->text;
	size_t length = strlen(text), stem;

	if (!*text)
		return writ_value_fail(arena, value, err, "names no unit");
	if (strpbrk(text, "*?["))
		return writ_value_fail(arena, value, err, "is a pattern: name one unit");
	if (text[strspn(text, characters)] != '\0' || length >= NAME_MAX_BYTES)
		return writ_value_fail(arena, value, err, "is no name of a unit");
	if (text[strspn(text, "0123456789")] == '\0')
		return writ_value_fail(arena, value, err, "is a number, not the name of a unit");
	stem = length > sizeof(service) - 1 ? length - (sizeof(service) - 1) : 0;
	if (stem > 0 && strcmp(text + stem, service) == 0 && !has_type(text, stem)) {
		value->normal = writ_arena_strndup(arena, text, stem);
		if (!value->normal)
			return writ_value_no_memory(err);
	}
	return 0;
}

const struct writ_value_type writ_type_systemd_unit = {
	.name = "systemd.unit",
	.kind = WRIT_VALUE_STRING,
	.read = read_unit,
};
