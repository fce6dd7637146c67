/* SPDX-License-Identifier: ISC */
#include "event_log_files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "arena.h"
#include "cleanup.h"
#include "error.h"
#include "pointer_list.h"

/* How often a folder is looked at anew because it changed. */
#define ATTEMPTS_MAX 20
/* A number this long is a date. */
#define DATE_DIGITS 6

static bool ends_with(const char *s, size_t length, const char *end)
{
	size_t n = strlen(end);

	return length >= n && memcmp(s + length - n, end, n) == 0;
}

/* Only behind these a number is the work of a rotation, and not a host's name. */
static bool is_log_name(const char *name, size_t length)
{
	return ends_with(name, length, ".jsonl") || ends_with(name, length, ".json") ||
	       ends_with(name, length, ".log");
}

size_t writ_event_log_stem(const char *name)
{
	size_t all = strlen(name), length = ends_with(name, all, ".gz") ? all - 3 : all, stem;

	if (is_log_name(name, length))
		return length;
	stem = length;
	while (stem > 0 && ((name[stem - 1] >= '0' && name[stem - 1] <= '9') ||
			    (name[stem - 1] == '-' && stem < length)))
		stem--;
	/* One mark before the digits: "." of ".1", "-" of "-20261121" (taken above, if behind it
	 * is one more). */
	if (stem < length && stem > 0 && name[stem] == '-' && is_log_name(name, stem))
		return stem;
	if (stem < length && stem > 0 && name[stem - 1] == '.' && is_log_name(name, stem - 1))
		return stem - 1;
	return all;
}

/* What rotation appended, without its mark and ".gz"; *ret_digits of it are digits. */
static const char *suffix_of(const char *name, size_t *ret_length, size_t *ret_digits)
{
	size_t stem = writ_event_log_stem(name), all = strlen(name);
	const char *suffix = name + stem + (stem < all);

	*ret_length = all - (size_t)(suffix - name);
	if (ends_with(suffix, *ret_length, ".gz"))
		*ret_length -= 3;
	else if (strcmp(suffix, "gz") == 0)
		*ret_length = 0;
	*ret_digits = 0;
	for (size_t i = 0; i < *ret_length; i++)
		*ret_digits += suffix[i] != '-';
	return suffix;
}

/* Dates go up, numbers down, and the file that is written has neither. Of dates and numbers
 * together the dates are older: they are from an earlier configuration. */
int writ_event_log_compare(const char *a, const char *b)
{
	size_t na, nb, da, db;
	const char *sa = suffix_of(a, &na, &da), *sb = suffix_of(b, &nb, &db);
	int rank_a = na == 0 ? 2 : da < DATE_DIGITS, rank_b = nb == 0 ? 2 : db < DATE_DIGITS;
	int order;

	if (rank_a != rank_b)
		return rank_a - rank_b;
	if (rank_a == 1)
		return atoi(sb) - atoi(sa);
	order = memcmp(sa, sb, na < nb ? na : nb);
	return order ? order : (na > nb) - (na < nb);
}

/* One file to open. */
struct name {
	const char *folder; /* "" for a bare name */
	const char *name;
	const char *path;
	bool future; /* there is no such file yet */
	struct writ_event_file *file;
};

/* All that is to be opened, in one attempt. */
struct opening {
	struct writ_arena *arena;
	struct writ_pointer_list names; /* of struct name */
	struct writ_error *err;
	bool may_be_none;
	bool changed; /* somebody moved files meanwhile */
};

static int add_name(struct opening *o, const char *folder, const char *name)
{
	struct name *new = writ_arena_alloc(o->arena, 1, sizeof(*new));

	if (!new)
		return writ_error_set(o->err, "out of memory");
	new->folder = writ_arena_strdup(o->arena, folder);
	new->name = writ_arena_strdup(o->arena, name);
	new->path = writ_arena_printf(o->arena, "%s%s%s", folder,
				      *folder && !ends_with(folder, strlen(folder), "/") ? "/" : "",
				      name);
	if (!new->folder || !new->name || !new->path ||
	    writ_pointer_list_add(o->arena, &o->names, new) < 0)
		return writ_error_set(o->err, "out of memory");
	return 0;
}

/* While a copy is being compressed both are there, and the compressed one is not whole. */
static bool is_doubled(int folder, const char *name)
{
	size_t length = strlen(name);
	struct stat st;
	char plain[NAME_MAX + 1];

	if (!ends_with(name, length, ".gz") || length >= sizeof(plain))
		return false;
	memcpy(plain, name, length - 3);
	plain[length - 3] = '\0';
	return fstatat(folder, plain, &st, 0) == 0;
}

static int add_folder(struct opening *o, const char *path, int fd)
{
	auto_closedir DIR *dir = fdopendir(fd);
	const size_t stem = strlen(WRIT_EVENT_LOG_NAME);
	size_t before = o->names.n;
	const struct dirent *entry;

	if (!dir) {
		close(fd);
		return writ_error_errno(o->err, errno, "%s", path);
	}
	while ((errno = 0, entry = readdir(dir))) {
		if (strncmp(entry->d_name, WRIT_EVENT_LOG_NAME, stem) != 0 ||
		    writ_event_log_stem(entry->d_name) != stem ||
		    is_doubled(dirfd(dir), entry->d_name))
			continue;
		if (add_name(o, path, entry->d_name) < 0)
			return -1;
	}
	if (errno)
		return writ_error_errno(o->err, errno, "%s", path);
	if (o->names.n == before && o->may_be_none) {
		if (add_name(o, path, WRIT_EVENT_LOG_NAME) < 0)
			return -1;
		((struct name *)o->names.items[before])->future = true;
	} else if (o->names.n == before) {
		writ_error_set(o->err, "%s holds no %s", path, WRIT_EVENT_LOG_NAME);
		errno = ENOENT;
		return -1;
	}
	return 0;
}

static int add_path(struct opening *o, const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_NONBLOCK | O_CLOEXEC);
	const char *slash = strrchr(path, '/');
	char *folder;

	if (fd >= 0)
		return add_folder(o, path, fd);
	if (errno != ENOTDIR)
		return writ_error_errno(o->err, errno, "%s", path);
	if (!slash)
		return add_name(o, "", path);
	folder = writ_arena_strndup(o->arena, path, (size_t)(slash - path) + 1);
	if (!folder)
		return writ_error_set(o->err, "out of memory");
	return add_name(o, folder, slash + 1);
}

static bool same_file(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

/* Opens the i-th file, unless an earlier one is the same. */
static int open_one(struct opening *o, size_t i)
{
	struct name *name = (struct name *)o->names.items[i];

	if (name->future)
		return 0;
	name->file = writ_event_file_open(AT_FDCWD, name->path, name->path, o->err);
	if (!name->file) {
		o->changed = o->changed || errno == ENOENT;
		return -1;
	}
	for (size_t j = 0; j < i; j++) {
		const struct name *other = o->names.items[j];

		if (other->file && same_file(writ_event_file_stat(other->file),
					     writ_event_file_stat(name->file))) {
			writ_event_file_free(name->file);
			name->file = NULL;
			break;
		}
	}
	return 0;
}

/* Whether every name still means the file that was opened by it. */
static bool is_settled(const struct opening *o)
{
	for (size_t i = 0; i < o->names.n; i++) {
		const struct name *name = o->names.items[i];
		struct stat st;

		if (name->file && (stat(name->path, &st) < 0 ||
				   !same_file(&st, writ_event_file_stat(name->file))))
			return false;
	}
	return true;
}

static void close_all(struct opening *o)
{
	for (size_t i = 0; i < o->names.n; i++)
		writ_event_file_free(((struct name *)o->names.items[i])->file);
	o->names.n = 0;
}

static int open_all(struct opening *o, const char *const *paths, size_t n)
{
	int why;

	for (size_t i = 0; i < n; i++)
		if (add_path(o, paths[i]) < 0)
			goto failed;
	for (size_t i = 0; i < o->names.n; i++)
		if (open_one(o, i) < 0)
			goto failed;
	o->changed = !is_settled(o);
	return 0;
failed:
	why = errno;
	close_all(o);
	errno = why;
	return -1;
}

/* Names of one log stand together, and in order. */
static int compare(const void *a, const void *b)
{
	const struct name *x = *(const struct name *const *)a, *y = *(const struct name *const *)b;
	size_t nx = writ_event_log_stem(x->name), ny = writ_event_log_stem(y->name);
	int order = strcmp(x->folder, y->folder);

	if (order == 0)
		order = strncmp(x->name, y->name, nx < ny ? nx : ny);
	if (order == 0)
		order = (nx > ny) - (nx < ny);
	return order ? order : writ_event_log_compare(x->name, y->name);
}

static bool same_log(const struct name *x, const struct name *y)
{
	size_t n = writ_event_log_stem(x->name);

	return strcmp(x->folder, y->folder) == 0 && writ_event_log_stem(y->name) == n &&
	       strncmp(x->name, y->name, n) == 0;
}

static const char *log_path(struct writ_arena *arena, const struct name *name)
{
	size_t suffix = strlen(name->name) - writ_event_log_stem(name->name);

	return writ_arena_strndup(arena, name->path, strlen(name->path) - suffix);
}

static int make_logs(struct opening *o, struct writ_event_log **ret, size_t *ret_n)
{
	struct writ_event_log *logs = writ_arena_alloc(o->arena, o->names.n + 1, sizeof(*logs));
	struct writ_event_log *log = NULL;
	const struct name *last = NULL;
	size_t n = 0;

	if (!logs)
		return writ_error_set(o->err, "out of memory");
	if (o->names.n > 0)
		qsort(o->names.items, o->names.n, sizeof(*o->names.items), compare);
	for (size_t i = 0; i < o->names.n; i++) {
		const struct name *name = o->names.items[i];

		if (!name->file && !name->future)
			continue;
		if (!last || !same_log(last, name)) {
			log = &logs[n++];
			log->path = log_path(o->arena, name);
			log->files = writ_arena_alloc(o->arena, o->names.n - i,
						      sizeof(struct writ_event_file *));
			if (!log->path || !log->files)
				return writ_error_set(o->err, "out of memory");
		}
		if (name->file)
			log->files[log->n++] = name->file;
		last = name;
	}
	*ret = logs;
	*ret_n = n;
	return 0;
}

int writ_event_logs_open(struct writ_arena *arena, const char *const *paths, size_t n_paths,
			 bool may_be_none, struct writ_event_log **ret, size_t *ret_n,
			 struct writ_error *err)
{
	struct opening o = {.arena = arena, .err = err, .may_be_none = may_be_none};
	int opened;

	/* ENOENT after the listing, or a name that means another file by now. */
	for (int attempt = 1;; attempt++) {
		o.changed = false;
		opened = open_all(&o, paths, n_paths);
		if (!o.changed || attempt == ATTEMPTS_MAX)
			break;
		close_all(&o);
	}
	if (opened == 0 && o.changed) {
		close_all(&o);
		errno = EAGAIN;
		return writ_error_set(err, "the event files are moved all the time");
	}
	if (opened < 0)
		return -1;
	if (make_logs(&o, ret, ret_n) < 0) {
		close_all(&o);
		return -1;
	}
	return 0;
}

void writ_event_logs_close(struct writ_event_log *logs, size_t n)
{
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < logs[i].n; j++)
			writ_event_file_free(logs[i].files[j]);
}
