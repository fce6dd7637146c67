/* SPDX-License-Identifier: ISC */
/*
 * docker run --device: PATH, PATH:PERMISSIONS, SOURCE:TARGET or SOURCE:TARGET:PERMISSIONS, checked
 * and cleaned where the client does (a lone path, and the target); or the name of a CDI device
 * (VENDOR/CLASS=NAME). Fields: source (a path on the host), target, permissions (rwm if not given);
 * or cdi alone.
 */
#include <string.h>

#include "arena.h"
#include "error.h"
#include "value_types.h"

static const char *const fields[] = {"source", "target", "permissions", "cdi", NULL};

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_alphanumeric(char c)
{
	return is_letter(c) || (c >= '0' && c <= '9');
}

/* A name that begins and ends with letters or digits, with only these and some of `more` between.
 */
static bool is_name(const char *s, size_t length, const char *more)
{
	if (length == 0 || !is_alphanumeric(s[0]) || !is_alphanumeric(s[length - 1]))
		return false;
	for (size_t i = 0; i < length; i++)
		if (!is_alphanumeric(s[i]) && !strchr(more, s[i]))
			return false;
	return true;
}

/* Vendor and class of one letter make docker 28.2 panic: too short here. */
static bool is_qualifier(const char *s, size_t length)
{
	return length >= 2 && is_letter(s[0]) && is_name(s, length, "_-.");
}

static bool is_cdi(const char *text)
{
	const char *equals = strchr(text, '='), *slash = strchr(text, '/');

	return equals && slash && slash < equals && is_qualifier(text, (size_t)(slash - text)) &&
	       is_qualifier(slash + 1, (size_t)(equals - slash - 1)) &&
	       is_name(equals + 1, strlen(equals + 1), "_-.:");
}

/* Each of r, w, m at most once, and at least one. */
static bool is_mode(const char *s)
{
	bool seen[3] = {false};

	if (!*s)
		return false;
	for (; *s; s++) {
		const char *known = strchr("rwm", *s);

		if (!known || seen[known - "rwm"])
			return false;
		seen[known - "rwm"] = true;
	}
	return true;
}

static int split(char *text, const char *parts[3])
{
	int n = 0;

	for (char *p = text; p; n++) {
		if (n == 3)
			return -1;
		parts[n] = p;
		p = strchr(p, ':');
		if (p)
			*p++ = '\0';
	}
	return n;
}

struct device {
	const char *source, *target, *permissions;
};

/* What the client sends for the parts; NULL, or what is wrong with them. */
static const char *judge(struct writ_arena *arena, const char *const *parts, int n,
			 struct device *ret)
{
	bool lone = n == 1 || (n == 2 && is_mode(parts[1]));
	const char *target = lone ? parts[0] : parts[1];

	if (!*parts[0] || target[0] != '/')
		return "is no absolute path";
	if (n == 3 && !is_mode(parts[2]))
		return "has no permissions at its end (some of rwm)";
	ret->permissions = n == 3 ? parts[2] : lone && n == 2 ? parts[1] : "rwm";
	ret->target = n == 3 ? target : writ_go_clean(arena, target);
	ret->source = lone ? ret->target : parts[0];
	return NULL;
}

static int add(struct writ_arena *arena, struct writ_value *value, const char *name,
	       const struct writ_value_type *type, const char *text)
{
	return text ? writ_value_add_field(arena, value, name, type, text, false) : -1;
}

static int read_device(struct writ_arena *arena, struct writ_value *value, struct writ_error *err)
{
	struct device device = {0};
	const char *parts[3], *wrong;
	char *copy;
	int n;

	if (!writ_value_is_utf8(value->text))
		return writ_value_fail(arena, value, err, "is not UTF-8");
	copy = writ_arena_strdup(arena, value->text);
	if (!copy)
		return writ_value_no_memory(err);
	if (is_cdi(copy)) {
		if (add(arena, value, "cdi", &writ_type_string, copy) < 0)
			return writ_value_no_memory(err);
		return 0;
	}
	n = split(copy, parts);
	if (n < 0)
		return writ_value_fail(arena, value, err, "has more than three parts");
	wrong = judge(arena, parts, n, &device);
	if (wrong)
		return writ_value_fail(arena, value, err, wrong);
	if (add(arena, value, "source", &writ_type_path, device.source) < 0 ||
	    add(arena, value, "target", &writ_type_string, device.target) < 0 ||
	    add(arena, value, "permissions", &writ_type_string, device.permissions) < 0)
		return writ_value_no_memory(err);
	return 0;
}

const struct writ_value_type writ_type_docker_device = {
	.name = "docker.device",
	.kind = WRIT_VALUE_STRUCTURED,
	.read = read_device,
	.field_names = fields,
};
