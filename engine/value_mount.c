/* SPDX-License-Identifier: ISC */
/*
 * docker run --mount: CSV of KEY=VALUE fields (csv.h). Keys in any case, docker's aliases folded,
 * the last of a repeated key counts. Fields are the keys under their full names, with what the
 * client makes of them: type is always there (volume if not given); a flag only while it is set;
 * bind-recursive=disabled is bind-nonrecursive; volume-opt and volume-label have one value for each
 * of their own keys. The source of a bind is a path on the host, relative if it begins with ".".
 */
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "csv.h"
#include "error.h"
#include "value_types.h"

enum slot {
	TYPE,
	SOURCE,
	TARGET,
	READONLY,
	CONSISTENCY,
	BIND_PROPAGATION,
	BIND_NONRECURSIVE,
	BIND_RECURSIVE,
	VOLUME_NOCOPY,
	VOLUME_LABEL,
	VOLUME_DRIVER,
	VOLUME_OPT,
	VOLUME_SUBPATH,
	IMAGE_SUBPATH,
	TMPFS_SIZE,
	TMPFS_MODE,
	SLOTS,
};

static const char *const field_names[] = {
	[TYPE] = "type",
	[SOURCE] = "source",
	[TARGET] = "target",
	[READONLY] = "readonly",
	[CONSISTENCY] = "consistency",
	[BIND_PROPAGATION] = "bind-propagation",
	[BIND_NONRECURSIVE] = "bind-nonrecursive",
	[BIND_RECURSIVE] = "bind-recursive",
	[VOLUME_NOCOPY] = "volume-nocopy",
	[VOLUME_LABEL] = "volume-label",
	[VOLUME_DRIVER] = "volume-driver",
	[VOLUME_OPT] = "volume-opt",
	[VOLUME_SUBPATH] = "volume-subpath",
	[IMAGE_SUBPATH] = "image-subpath",
	[TMPFS_SIZE] = "tmpfs-size",
	[TMPFS_MODE] = "tmpfs-mode",
	[SLOTS] = NULL,
};

/* What has been read so far. writable and forced: bind-recursive has a flag for each of the two. */
struct mount {
	struct writ_arena *arena;
	const char *text[SLOTS];
	bool flag[SLOTS];
	const char **pairs[SLOTS]; /* n_pairs of them */
	size_t n_pairs[SLOTS];
	bool writable, forced;
	unsigned used; /* bit 1 << enum slot: options of one type of mount that were given at all */
};

/* One kind of value: NULL, or what is wrong ("" without memory). */
typedef const char *(*reader)(struct mount *mount, enum slot slot, const char *text);

static const char *read_text(struct mount *mount, enum slot slot, const char *text)
{
	mount->text[slot] = text;
	return NULL;
}

static const char *read_lower(struct mount *mount, enum slot slot, const char *text)
{
	mount->text[slot] = writ_go_lower(mount->arena, text);
	return mount->text[slot] ? NULL : "has a word that is not ASCII where docker wants one";
}

static const char *read_flag(struct mount *mount, enum slot slot, const char *text)
{
	return writ_go_bool(text, &mount->flag[slot]) < 0
		       ? "has a flag that is neither true nor false"
		       : NULL;
}

static const char *read_size(struct mount *mount, enum slot slot, const char *text)
{
	int64_t bytes;

	mount->text[slot] = text;
	return writ_go_bytes(text, &bytes) < 0 ? "has a tmpfs-size that is no size" : NULL;
}

/* ParseUint(s, 8, 32) */
static const char *read_octal(struct mount *mount, enum slot slot, const char *text)
{
	uint64_t n = 0;

	mount->text[slot] = text;
	for (const char *p = text; *p; p++) {
		n = n * 8 + (uint64_t)(*p - '0');
		if (*p < '0' || *p > '7' || n > UINT32_MAX)
			return "has a tmpfs-mode that is no octal number";
	}
	return *text ? NULL : "has a tmpfs-mode that is no octal number";
}

static const char *read_recursive(struct mount *mount, enum slot slot, const char *text)
{
	(void)slot;
	if (strcmp(text, "enabled") == 0)
		return NULL;
	mount->used |= 1u << BIND_RECURSIVE;
	if (strcmp(text, "disabled") == 0)
		mount->flag[BIND_NONRECURSIVE] = true;
	else if (strcmp(text, "writable") == 0)
		mount->writable = true;
	else if (strcmp(text, "readonly") == 0)
		mount->forced = true;
	else
		return "has a bind-recursive that docker does not know";
	return NULL;
}

/* KEY[=VALUE], kept as KEY=VALUE; a key given again replaces its value. Clients differ about an
 * empty key. */
static const char *read_pair(struct mount *mount, enum slot slot, const char *text)
{
	size_t key = strcspn(text, "="), n = mount->n_pairs[slot], i = 0;
	const char **pairs = mount->pairs[slot], *pair;

	if (key == 0)
		return "has an option or label without a name";
	pair = text[key] ? text : writ_arena_printf(mount->arena, "%s=", text);
	if (!pair)
		return "";
	while (i < n && strncmp(pairs[i], pair, key + 1) != 0)
		i++;
	if (i == n && (n & (n - 1)) == 0) { /* full at 0 and every power of two */
		pairs = writ_arena_alloc(mount->arena, n ? n * 2 : 1, sizeof(*pairs));
		if (!pairs)
			return "";
		if (n)
			memcpy(pairs, mount->pairs[slot], n * sizeof(*pairs));
		mount->pairs[slot] = pairs;
	}
	pairs[i] = pair;
	if (i == n)
		mount->n_pairs[slot]++;
	return NULL;
}

static const struct key {
	const char *name;
	enum slot slot;
	reader read;
	bool bare; /* may be given without "=" */
	bool own;  /* belongs to the type of mount that its name begins with */
} keys[] = {
	{"type", TYPE, read_lower, false, false},
	{"source", SOURCE, read_text, false, false},
	{"src", SOURCE, read_text, false, false},
	{"target", TARGET, read_text, false, false},
	{"dst", TARGET, read_text, false, false},
	{"destination", TARGET, read_text, false, false},
	{"readonly", READONLY, read_flag, true, false},
	{"ro", READONLY, read_flag, true, false},
	{"consistency", CONSISTENCY, read_lower, false, false},
	{"bind-propagation", BIND_PROPAGATION, read_lower, false, true},
	{"bind-nonrecursive", BIND_NONRECURSIVE, read_flag, true, true},
	{"bind-recursive", BIND_RECURSIVE, read_recursive, false, false},
	{"volume-nocopy", VOLUME_NOCOPY, read_flag, true, true},
	{"volume-label", VOLUME_LABEL, read_pair, false, true},
	{"volume-driver", VOLUME_DRIVER, read_text, false, true},
	{"volume-opt", VOLUME_OPT, read_pair, false, true},
	{"volume-subpath", VOLUME_SUBPATH, read_text, false, true},
	{"image-subpath", IMAGE_SUBPATH, read_text, false, true},
	{"tmpfs-size", TMPFS_SIZE, read_size, false, true},
	{"tmpfs-mode", TMPFS_MODE, read_octal, false, true},
};

static const char *read_field(struct mount *mount, const char *text)
{
	size_t length = strcspn(text, "=");
	char *typed = writ_arena_strndup(mount->arena, text, length);
	const char *name = typed ? writ_go_lower(mount->arena, typed) : NULL;

	for (size_t i = 0; name && i < sizeof(keys) / sizeof(keys[0]); i++) {
		const struct key *key = &keys[i];

		if (strcmp(key->name, name) != 0)
			continue;
		if (!text[length] && !key->bare)
			return "has a key without '=' that needs a value";
		if (key->own)
			mount->used |= 1u << key->slot;
		return key->read(mount, key->slot, text[length] ? text + length + 1 : "true");
	}
	return "has a key that docker does not know";
}

/* What the client checks after all keys; NULL, or what is wrong. */
static const char *judge(const struct mount *mount)
{
	const char *type = mount->text[TYPE], *propagation = mount->text[BIND_PROPAGATION];
	size_t length = strlen(type);

	if (!*type)
		return "has no type";
	if (!mount->text[TARGET] || !*mount->text[TARGET])
		return "has no target";
	for (int slot = 0; slot < SLOTS; slot++) {
		const char *name = field_names[slot];

		if (mount->used & 1u << slot &&
		    (strncmp(name, type, length) != 0 || name[length] != '-'))
			return "has an option of another type of mount";
	}
	if ((mount->writable || mount->forced) && !mount->flag[READONLY])
		return "has a bind-recursive that goes only with readonly";
	if (mount->forced && (!propagation || strcmp(propagation, "rprivate") != 0))
		return "has bind-recursive=readonly without bind-propagation=rprivate";
	return NULL;
}

static const struct writ_value_type *type_of(const struct mount *mount, enum slot slot)
{
	if (slot == SOURCE && strcmp(mount->text[TYPE], "bind") == 0)
		return &writ_type_path;
	return slot == TMPFS_SIZE ? &writ_type_bytes : &writ_type_string;
}

static int add_slot(struct mount *mount, struct writ_value *value, enum slot slot)
{
	const char *name = field_names[slot], *text = mount->text[slot];

	for (size_t i = 0; i < mount->n_pairs[slot]; i++)
		if (writ_value_add_field(mount->arena, value, name, &writ_type_string,
					 mount->pairs[slot][i], true) < 0)
			return -1;
	if (mount->flag[slot])
		return writ_value_add_field(mount->arena, value, name, &writ_type_bool, "true",
					    false);
	if (text && *text) /* an empty one is as good as none to docker */
		return writ_value_add_field(mount->arena, value, name, type_of(mount, slot), text,
					    false);
	return 0;
}

static int add_all(struct mount *mount, struct writ_value *value)
{
	static const struct writ_value_type *const string = &writ_type_string;

	for (enum slot slot = 0; slot < SLOTS; slot++)
		if (add_slot(mount, value, slot) < 0)
			return -1;
	if (mount->writable && writ_value_add_field(mount->arena, value, "bind-recursive", string,
						    "writable", true) < 0)
		return -1;
	if (mount->forced && writ_value_add_field(mount->arena, value, "bind-recursive", string,
						  "readonly", true) < 0)
		return -1;
	return 0;
}

static int read_mount(struct writ_arena *arena, struct writ_value *value, struct writ_error *err)
{
	struct mount mount = {.arena = arena, .text[TYPE] = "volume"};
	const char *wrong = NULL;
	struct writ_csv csv;

	if (!writ_value_is_utf8(value->text))
		return writ_value_fail(arena, value, err, "is not UTF-8");
	if (writ_csv_read(arena, value->text, &csv, &wrong) < 0 && !wrong)
		return writ_value_no_memory(err);
	for (size_t i = 0; i < csv.n && !wrong; i++)
		wrong = read_field(&mount, csv.fields[i]);
	if (!wrong)
		wrong = judge(&mount);
	if (wrong && *wrong)
		return writ_value_fail(arena, value, err, wrong);
	if (wrong || add_all(&mount, value) < 0)
		return writ_value_no_memory(err);
	return 0;
}

const struct writ_value_type writ_type_docker_mount = {
	.name = "docker.mount",
	.kind = WRIT_VALUE_STRUCTURED,
	.read = read_mount,
	.field_names = field_names,
};
