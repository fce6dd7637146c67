/* SPDX-License-Identifier: ISC */
/* log.json, and log, which older sudo wrote alone and newer sudo beside it; neither is ever packed.
 */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "arena.h"
#include "cleanup.h"
#include "error.h"
#include "iolog_reader.h"
#include "json.h"
#include "text.h"

/* Six times the longest argument vector that Linux takes with its usual stack: every byte escaped.
 */
#define INFO_SIZE_MAX (16u << 20)
#define REPLACEMENT "\xef\xbf\xbd"

/* sudo writes the bytes of arguments as they are. Where they are not UTF-8, U+FFFD takes their
 * place: outside of strings there are none. */
static char *as_utf8(struct writ_arena *arena, const char *text, size_t length, size_t *ret_length)
{
	size_t valid = writ_text_valid_prefix(text, length), bad = 0, used = 0;
	char *out;

	if (valid == length) {
		*ret_length = length;
		return writ_arena_strndup(arena, text, length);
	}
	for (size_t i = valid; i < length; bad++)
		i += 1 + writ_text_valid_prefix(text + i + 1, length - i - 1);
	out = writ_arena_alloc(arena, length + bad * (strlen(REPLACEMENT) - 1) + 1, 1);
	for (size_t i = 0; out && i < length; i++) {
		valid = writ_text_valid_prefix(text + i, length - i);
		memcpy(out + used, text + i, valid);
		used += valid;
		i += valid;
		if (i == length)
			break;
		memcpy(out + used, REPLACEMENT, strlen(REPLACEMENT));
		used += strlen(REPLACEMENT);
	}
	*ret_length = used;
	return out;
}

/* Members of the wrong type count as missing: what is said of a log never depends on the rest. */
static const char *string_of(const struct writ_json *json, const char *key)
{
	const struct writ_json *member = writ_json_get(json, key);

	return member && member->type == WRIT_JSON_STRING ? member->string : NULL;
}

static int64_t integer_of(const struct writ_json *json, const char *key, int64_t max)
{
	const struct writ_json *member = writ_json_get(json, key);

	if (!member || member->type != WRIT_JSON_INTEGER || member->integer < 0 ||
	    member->integer > max)
		return 0;
	return member->integer;
}

static int strings_of(struct writ_arena *arena, const struct writ_json *json, const char *key,
		      const char *const **ret, size_t *ret_n)
{
	const struct writ_json *array = writ_json_get(json, key);
	const char **list;
	size_t n = 0;

	if (!array || array->type != WRIT_JSON_ARRAY)
		return 0;
	list = writ_arena_alloc(arena, array->length + 1, sizeof(*list));
	if (!list)
		return -1;
	writ_each (member, array)
		if (member->type == WRIT_JSON_STRING)
			list[n++] = member->string;
	*ret = list;
	*ret_n = n;
	return 0;
}

static const char *variable(const struct writ_iolog_info *info, const char *name)
{
	size_t length = strlen(name);

	for (size_t i = 0; i < info->n_env; i++)
		if (strncmp(info->env[i], name, length) == 0 && info->env[i][length] == '=')
			return info->env[i] + length + 1;
	return NULL;
}

int writ_iolog_info_parse_json(struct writ_arena *arena, const char *text, size_t length,
			       struct writ_iolog_info *ret, struct writ_error *err)
{
	const struct writ_json *json, *time;
	const char *clean = as_utf8(arena, text, length, &length);

	*ret = (struct writ_iolog_info) {0};
	if (!clean)
		return writ_error_set(err, "no memory");
	json = writ_json_parse(arena, "log.json", clean, length, err);
	if (!json)
		return -1;
	if (json->type != WRIT_JSON_OBJECT)
		return writ_json_error(json, err, "is no object");
	time = writ_json_get(json, "timestamp");
	if (time) {
		ret->time.tv_sec = integer_of(time, "seconds", INT64_MAX);
		ret->time.tv_nsec = integer_of(time, "nanoseconds", 999999999);
	}
	ret->host = string_of(json, "submithost");
	ret->user = string_of(json, "submituser");
	ret->runas_user = string_of(json, "runuser");
	ret->runas_group = string_of(json, "rungroup");
	ret->tty = string_of(json, "ttyname");
	ret->cwd = string_of(json, "submitcwd");
	ret->command = string_of(json, "command");
	ret->lines = (unsigned)integer_of(json, "lines", INT_MAX);
	ret->columns = (unsigned)integer_of(json, "columns", INT_MAX);
	if (strings_of(arena, json, "runargv", &ret->argv, &ret->argc) < 0 ||
	    strings_of(arena, json, "runenv", &ret->env, &ret->n_env) < 0)
		return writ_error_set(err, "no memory");
	ret->event = variable(ret, "WRIT_EVENT");
	ret->rule = variable(ret, "WRIT_RULE");
	ret->session = variable(ret, "WRIT_SESSION");
	return 0;
}

/* Cuts the field before the separator off; NULL if there is none. */
static char *cut(char **rest, char separator)
{
	char *field = *rest, *end = field ? strchr(field, separator) : NULL;

	if (!end)
		return NULL;
	*end = '\0';
	*rest = end + 1;
	return field;
}

static int64_t number(const char *text, int64_t max)
{
	long long value;
	char *end;

	if (!text || *text < '0' || *text > '9')
		return 0;
	errno = 0;
	value = strtoll(text, &end, 10);
	return errno == 0 && *end == '\0' && value <= max ? value : 0;
}

static const char *unless_empty(const char *text)
{
	return text && *text ? text : NULL;
}

int writ_iolog_info_parse_legacy(struct writ_arena *arena, const char *text, size_t length,
				 struct writ_iolog_info *ret, struct writ_error *err)
{
	char *rest = as_utf8(arena, text, length, &length), *first, *tty;

	*ret = (struct writ_iolog_info) {.legacy = true};
	if (!rest)
		return writ_error_set(err, "no memory");
	/* SECONDS:USER:RUNAS:GROUP:TTY[:LINES:COLUMNS], the working directory, the command */
	first = cut(&rest, '\n');
	ret->cwd = cut(&rest, '\n');
	ret->command = ret->cwd ? cut(&rest, '\n') : NULL;
	if (!ret->command)
		return writ_error_set(err, "has not three lines");
	ret->time.tv_sec = number(cut(&first, ':'), INT64_MAX);
	ret->user = unless_empty(cut(&first, ':'));
	ret->runas_user = unless_empty(cut(&first, ':'));
	ret->runas_group = unless_empty(cut(&first, ':'));
	tty = cut(&first, ':');
	ret->tty = unless_empty(tty ? tty : first);
	if (tty) {
		ret->lines = (unsigned)number(cut(&first, ':'), INT_MAX);
		ret->columns = (unsigned)number(first, INT_MAX);
	}
	return 0;
}

/* Reads on up to the bound. *text is the caller's. */
static int read_all(struct writ_stream *stream, char **text, size_t *ret_length,
		    struct writ_error *err)
{
	size_t size = 0, used = 0, n;

	do {
		char *more =
			size < INFO_SIZE_MAX ? realloc(*text, size += size ? size : 16384) : NULL;

		if (!more)
			return writ_error_set(err,
					      size < INFO_SIZE_MAX ? "no memory" : "is too large");
		*text = more;
		while (used < size && (n = writ_stream_read(stream, *text + used, size - used)) > 0)
			used += n;
	} while (used == size);
	*ret_length = used;
	return 0;
}

/* 0; -1 with err, whose message is empty if there is no such file. */
static int read_small(struct writ_iolog_reader *reader, const char *name, char **text,
		      size_t *ret_length, struct writ_error *err)
{
	int fd = writ_stream_openat(reader->folder, name);
	struct writ_stream *stream;
	int r;

	if (fd < 0 && errno == ENOENT)
		return -1;
	if (fd < 0 && errno == ENOTSUP)
		return writ_error_set(err, "is no regular file");
	if (fd < 0)
		return writ_error_set(err, "%s", strerror(errno));
	stream = writ_stream_new(fd, writ_stream_is_gzip(fd));
	if (!stream)
		return writ_error_set(err, "no memory");
	r = read_all(stream, text, ret_length, err);
	writ_stream_free(stream);
	return r;
}

static bool load(struct writ_iolog_reader *reader, const char *name,
		 int (*parse)(struct writ_arena *arena, const char *text, size_t length,
			      struct writ_iolog_info *ret, struct writ_error *err))
{
	struct writ_error err = {0};
	auto_free char *text = NULL;
	size_t length = 0;

	if (read_small(reader, name, &text, &length, &err) == 0 &&
	    parse(reader->arena, text, length, &reader->info, &err) == 0)
		return true;
	reader->info = (struct writ_iolog_info) {0};
	if (err.message[0])
		writ_iolog_add_fault(reader, "%s: %s", name, err.message);
	return false;
}

void writ_iolog_info_load(struct writ_iolog_reader *reader)
{
	if (load(reader, "log.json", writ_iolog_info_parse_json))
		return;
	if (!load(reader, "log", writ_iolog_info_parse_legacy))
		writ_iolog_add_fault(reader, "neither log.json nor log can be read");
}
