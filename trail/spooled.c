/* SPDX-License-Identifier: ISC */
#include "spooled.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "arena.h"
#include "cleanup.h"
#include "config.h"
#include "error.h"
#include "file.h"
#include "json.h"
#include "spool.h"

#define LOCK ".lock"

int writ_spooled_lock(int spool, struct writ_error *err)
{
	auto_close int fd =
		openat(spool, LOCK, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600);
	int why;

	if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0)
		return TAKE_FD(fd);
	why = errno;
	writ_error_errno(err, why, "%s/%s", WRIT_SPOOL_DIR, LOCK);
	errno = why;
	return -1;
}

/* Something that is no item: a draft whose writer is dead (it holds a lock while it lives), or what
 * is left of an item that was removed. */
static void clear(int spool, const char *name)
{
	auto_close int fd = openat(spool, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0)
		writ_spool_remove(spool, name, NULL);
}

/* An item's name, and when it was made: ids tell no more than the second. */
struct listed {
	const char *name;
	struct timespec made;
};

struct list {
	struct listed *items;
	size_t n, room;
};

static int compare(const void *a, const void *b)
{
	const struct listed *x = a, *y = b;

	if (x->made.tv_sec != y->made.tv_sec)
		return x->made.tv_sec < y->made.tv_sec ? -1 : 1;
	if (x->made.tv_nsec != y->made.tv_nsec)
		return x->made.tv_nsec < y->made.tv_nsec ? -1 : 1;
	return strcmp(x->name, y->name);
}

static int add_name(struct list *list, struct writ_arena *arena, int spool, const char *name)
{
	struct stat st = {0};

	if (list->n == list->room) {
		size_t room = list->room ? 2 * list->room : 256;
		struct listed *bigger = writ_arena_alloc(arena, room, sizeof(*bigger));

		if (!bigger)
			return -1;
		if (list->n)
			memcpy(bigger, list->items, list->n * sizeof(*bigger));
		list->items = bigger;
		list->room = room;
	}
	fstatat(spool, name, &st, AT_SYMLINK_NOFOLLOW);
	list->items[list->n] = (struct listed) {writ_arena_strdup(arena, name), st.st_mtim};
	return list->items[list->n++].name ? 0 : -1;
}

static int sort(struct list *list, struct writ_arena *arena, const char *const **ret)
{
	const char **names = writ_arena_alloc(arena, list->n + 1, sizeof(*names));

	if (!names)
		return -1;
	if (list->n)
		qsort(list->items, list->n, sizeof(*list->items), compare);
	for (size_t i = 0; i < list->n; i++)
		names[i] = list->items[i].name;
	*ret = names;
	return 0;
}

int writ_spooled_list(int spool, struct writ_arena *arena, const char *const **ret, size_t *ret_n,
		      struct writ_error *err)
{
	int fd = openat(spool, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	auto_closedir DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *item;
	struct list list = {0};

	if (!dir) {
		writ_error_errno(err, errno, "%s", WRIT_SPOOL_DIR);
		if (fd >= 0)
			close(fd);
		return -1;
	}
	while (errno = 0, (item = readdir(dir))) {
		const char *name = item->d_name;

		if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0 || strcmp(name, LOCK) == 0)
			continue;
		if (*name == '.')
			clear(spool, name);
		else if (add_name(&list, arena, spool, name) < 0)
			return writ_error_set(err, "out of memory");
	}
	if (errno)
		return writ_error_errno(err, errno, "%s", WRIT_SPOOL_DIR);
	if (sort(&list, arena, ret) < 0)
		return writ_error_set(err, "out of memory");
	*ret_n = list.n;
	return 0;
}

/* What deliver.json is read into. */
struct reading {
	struct writ_arena *arena;
	struct writ_spooled *item;
};

static int read_text(const struct writ_json *json, struct reading *r, const char **ret,
		     struct writ_error *err)
{
	const char *text = NULL;

	if (json->type == WRIT_JSON_NULL)
		return 0;
	if (writ_json_string(json, &text, err) < 0)
		return -1;
	*ret = writ_arena_strdup(r->arena, text);
	return *ret ? 0 : writ_json_error(json, err, "out of memory");
}

#define READ_TEXT(member)                                                                          \
	static int read_##member(const struct writ_json *json, void *object,                       \
				 struct writ_error *err)                                           \
	{                                                                                          \
		return read_text(json, object, &((struct reading *)object)->item->member, err);    \
	}
#define READ_BOOL(member)                                                                          \
	static int read_##member(const struct writ_json *json, void *object,                       \
				 struct writ_error *err)                                           \
	{                                                                                          \
		return writ_json_bool(json, &((struct reading *)object)->item->member, err);       \
	}
READ_TEXT(event)
READ_TEXT(reason)
READ_TEXT(iolog)
READ_TEXT(cabundle)
READ_TEXT(peer_cert)
READ_TEXT(peer_key)
READ_BOOL(accepted)
READ_BOOL(verify)
static int read_timeout(const struct writ_json *json, void *object, struct writ_error *err)
{
	int64_t seconds;

	if (writ_json_int(json, 0, 1 << 30, &seconds, err) < 0)
		return -1;
	((struct reading *)object)->item->timeout = (unsigned)seconds;
	return 0;
}

static int read_log_servers(const struct writ_json *json, void *object, struct writ_error *err)
{
	struct reading *r = object;

	return writ_json_strings(r->arena, json, false, &r->item->log_servers,
				 &r->item->n_log_servers, err);
}

static const struct writ_json_field fields[] = {
	{"event", true, read_event},
	{"accepted", true, read_accepted},
	{"reason", true, read_reason},
	{"iolog", true, read_iolog},
	{"log_servers", true, read_log_servers},
	{"timeout", true, read_timeout},
	{"cabundle", true, read_cabundle},
	{"peer_cert", true, read_peer_cert},
	{"peer_key", true, read_peer_key},
	{"verify", true, read_verify},
};

static int read_deliver(const char *path, struct writ_arena *arena, struct writ_spooled *ret,
			struct writ_error *err)
{
	struct reading reading = {arena, ret};
	const struct writ_json *json;
	auto_free char *text = NULL;
	size_t length;

	if (writ_file_read(path, false, &text, &length, err) < 0)
		return -1;
	json = writ_json_parse(arena, path, text, length, err);
	if (!json || writ_json_fields(json, fields, ARRAY_SIZE(fields), &reading, err) < 0)
		return -1;
	if (!ret->event || (!ret->accepted && !ret->reason))
		return writ_json_error(json, err, "no event, or no reason");
	return 0;
}

int writ_spooled_open(int spool, const char *name, struct writ_arena *arena,
		      struct writ_spooled *ret, struct writ_error *err)
{
	const char *path =
		writ_arena_concat(arena, WRIT_SPOOL_DIR "/", name, "/" WRIT_SPOOL_DELIVER, NULL);

	*ret = (struct writ_spooled) {.folder = -1};
	ret->folder = openat(spool, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (ret->folder < 0)
		return errno == ENOENT
			       ? 0
			       : writ_error_errno(err, errno, "%s/%s", WRIT_SPOOL_DIR, name);
	if (flock(ret->folder, LOCK_EX | LOCK_NB) < 0) {
		writ_spooled_close(ret);
		return 0;
	}
	if (path && read_deliver(path, arena, ret, err) == 0) {
		if (strcmp(ret->event, name) == 0)
			return 1;
		writ_error_set(err, "%s/%s is about another event", WRIT_SPOOL_DIR, name);
	}
	writ_spooled_close(ret);
	return -1;
}

void writ_spooled_close(struct writ_spooled *item)
{
	if (item->folder >= 0)
		close(item->folder);
	item->folder = -1;
}
