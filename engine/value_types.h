/* SPDX-License-Identifier: ISC */
/*
 * What the files that define value types share: the types themselves, for the table in value.c and
 * as types of fields, and the readings that several of them need. Only the engine's value_*.c
 * include this.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "value.h"

extern const struct writ_value_type writ_type_text;
extern const struct writ_value_type writ_type_int;
extern const struct writ_value_type writ_type_uint;
extern const struct writ_value_type writ_type_bytes;
extern const struct writ_value_type writ_type_duration_go;
extern const struct writ_value_type writ_type_duration_systemd;
extern const struct writ_value_type writ_type_cidr;
extern const struct writ_value_type writ_type_compose_file;
extern const struct writ_value_type writ_type_host_port;
extern const struct writ_value_type writ_type_signal;
extern const struct writ_value_type writ_type_size;
extern const struct writ_value_type writ_type_time;
extern const struct writ_value_type writ_type_url;
extern const struct writ_value_type writ_type_user;
extern const struct writ_value_type writ_type_path_inside;
extern const struct writ_value_type writ_type_env;
extern const struct writ_value_type writ_type_image;
extern const struct writ_value_type writ_type_systemd_unit;
extern const struct writ_value_type writ_type_docker_capability;
extern const struct writ_value_type writ_type_docker_device;
extern const struct writ_value_type writ_type_docker_memory_swap;
extern const struct writ_value_type writ_type_docker_mount;
extern const struct writ_value_type writ_type_docker_name;
extern const struct writ_value_type writ_type_docker_network;
extern const struct writ_value_type writ_type_docker_publish;
extern const struct writ_value_type writ_type_docker_volume;

/* Sets "'TEXT' WHAT" with the value's text made printable. Always -1; err may be NULL. */
int writ_value_fail(struct writ_arena *arena, const struct writ_value *value,
		    struct writ_error *err, const char *what);
int writ_value_no_memory(struct writ_error *err);

/* Whether the text is UTF-8. Go programs send anything else as U+FFFD: another text than was typed.
 */
bool writ_value_is_utf8(const char *text);

/* Go's strconv: ParseInt(s, 0, 64), ParseUint(s, 0, 64), ParseBool; RAMInBytes of docker's go-units
 * as 28.x has it, overflow refused. Each 0, or -1 if Go would refuse the text. */
int writ_go_int(const char *text, int64_t *ret);
int writ_go_uint(const char *text, uint64_t *ret);
int writ_go_bool(const char *text, bool *ret);
int writ_go_bytes(const char *text, int64_t *ret);

/* Whether underscores stand only where Go's number literals may have them. */
bool writ_go_underscores(const char *text, size_t length);

/* Go's strings.ToLower where its result is ASCII; NULL for other text, and without memory. */
char *writ_go_lower(struct writ_arena *arena, const char *text);

/* Go's path.Clean: the shortest lexical equivalent. NULL without memory. */
char *writ_go_clean(struct writ_arena *arena, const char *path);
