/* SPDX-License-Identifier: ISC */
#include "value.h"

#include <string.h>

#include "arena.h"
#include "error.h"
#include "text.h"
#include "value_types.h"

/* By name, for bsearch-like lookup. */
static const struct writ_value_type *const types[] = {
	&writ_type_bool,
	&writ_type_bytes,
	&writ_type_cidr,
	&writ_type_compose_file,
	&writ_type_docker_capability,
	&writ_type_docker_device,
	&writ_type_docker_memory_swap,
	&writ_type_docker_mount,
	&writ_type_docker_name,
	&writ_type_docker_network,
	&writ_type_docker_publish,
	&writ_type_docker_volume,
	&writ_type_duration_go,
	&writ_type_duration_systemd,
	&writ_type_env,
	&writ_type_host_port,
	&writ_type_image,
	&writ_type_int,
	&writ_type_path,
	&writ_type_path_inside,
	&writ_type_signal,
	&writ_type_size,
	&writ_type_string,
	&writ_type_systemd_unit,
	&writ_type_text,
	&writ_type_time,
	&writ_type_uint,
	&writ_type_url,
	&writ_type_user,
};

/* A field holds this many before its array first grows; it doubles from there. */
#define FIRST_FIELDS 4

static int read_plain(struct writ_arena *arena, struct writ_value *value, struct writ_error *err)
{
	(void)arena;
	(void)value;
	(void)err;
	return 0; /* any text is a string */
}

const struct writ_value_type writ_type_string = {
	.name = "string",
	.kind = WRIT_VALUE_STRING,
	.read = read_plain,
};

const struct writ_value_type writ_type_text = {
	.name = "text",
	.kind = WRIT_VALUE_TEXT,
	.read = read_plain,
};

const struct writ_value_type *writ_value_type_find(const char *name)
{
	size_t low = 0, high = sizeof(types) / sizeof(types[0]);

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = strcmp(name, types[middle]->name);

		if (order == 0)
			return types[middle];
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

const struct writ_value_type *const *writ_value_types(size_t *ret_n)
{
	*ret_n = sizeof(types) / sizeof(types[0]);
	return types;
}

int writ_value_read(struct writ_arena *arena, struct writ_value *value,
		    const struct writ_value_type *type, const char *text, struct writ_error *err)
{
	*value = (struct writ_value) {.type = type, .text = text, .normal = text};
	return type->read(arena, value, err);
}

static struct writ_field *find_field(const struct writ_value *value, const char *name)
{
	for (size_t i = 0; i < value->n_fields; i++)
		if (strcmp(value->fields[i].name, name) == 0)
			return &value->fields[i];
	return NULL;
}

const struct writ_field *writ_value_field(const struct writ_value *value, const char *name)
{
	return find_field(value, name);
}

static bool is_power_of_two(size_t n)
{
	return (n & (n - 1)) == 0;
}

/* One more place at the end of an array of n objects, which is full when n is 0 or a power of two.
 */
static void *grow(struct writ_arena *arena, void *array, size_t n, size_t size)
{
	void *larger;

	if (n != 0 && (n < FIRST_FIELDS || !is_power_of_two(n)))
		return array;
	larger = writ_arena_alloc(arena, n ? n * 2 : FIRST_FIELDS, size);
	if (larger && n)
		memcpy(larger, array, n * size);
	return larger;
}

static int add_value(struct writ_arena *arena, struct writ_field *field, const char *text)
{
	const char **values = grow(arena, field->values, field->n, sizeof(*values));

	if (!values)
		return -1;
	field->values = values;
	field->values[field->n++] = text;
	return 0;
}

int writ_value_add_field(struct writ_arena *arena, struct writ_value *value, const char *name,
			 const struct writ_value_type *type, const char *text, bool repeat)
{
	struct writ_field *field = find_field(value, name), *fields;

	if (field && !repeat) {
		field->type = type;
		field->values[0] = text;
		return 0;
	}
	if (field)
		return add_value(arena, field, text);
	fields = grow(arena, value->fields, value->n_fields, sizeof(*fields));
	if (!fields)
		return -1;
	value->fields = fields;
	field = &fields[value->n_fields];
	*field = (struct writ_field) {.name = name, .type = type, .repeat = repeat};
	if (add_value(arena, field, text) < 0)
		return -1;
	value->n_fields++;
	return 0;
}

int writ_value_fail(struct writ_arena *arena, const struct writ_value *value,
		    struct writ_error *err, const char *what)
{
	const char *shown;

	if (!err)
		return -1;
	shown = writ_text_show(arena, value->text, 80);
	return writ_error_set(err, "'%s' %s", shown ? shown : "…", what);
}

int writ_value_no_memory(struct writ_error *err)
{
	return writ_error_set(err, "out of memory");
}

bool writ_value_is_utf8(const char *text)
{
	return !(writ_text_scan(text, strlen(text)) & WRIT_TEXT_INVALID);
}
