/* SPDX-License-Identifier: ISC */
#include "iolog.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "arena.h"
#include "cleanup.h"
#include "error.h"
#include "iolog_reader.h"
#include "text.h"

static const char *const kind_names[] = {
	[WRIT_IOLOG_STDIN] = "stdin",     [WRIT_IOLOG_STDOUT] = "stdout",
	[WRIT_IOLOG_STDERR] = "stderr",   [WRIT_IOLOG_TTYIN] = "ttyin",
	[WRIT_IOLOG_TTYOUT] = "ttyout",   [WRIT_IOLOG_WINSIZE] = "winsize",
	[WRIT_IOLOG_SUSPEND] = "suspend",
};

const char *writ_iolog_kind_to_string(enum writ_iolog_kind kind)
{
	return kind_names[kind];
}

bool writ_iolog_kind_is_output(enum writ_iolog_kind kind)
{
	return kind == WRIT_IOLOG_STDOUT || kind == WRIT_IOLOG_STDERR || kind == WRIT_IOLOG_TTYOUT;
}

void writ_iolog_add_fault(struct writ_iolog_reader *reader, const char *format, ...)
{
	char *slot = reader->faults[reader->n_faults];
	va_list args;

	if (reader->n_faults > WRIT_IOLOG_FAULTS_MAX)
		return;
	va_start(args, format);
	if (reader->n_faults == WRIT_IOLOG_FAULTS_MAX)
		strcpy(slot, "there are more faults");
	else
		vsnprintf(slot, sizeof(reader->faults[0]), format, args);
	va_end(args);
	for (; *slot; slot++)
		if (*slot < 0x20 || *slot > 0x7e)
			*slot = '?';
	reader->n_faults++;
}

/* Six letters and digits: sudoreplay's short form of XX/XX/XX. */
static bool is_short(const char *tsid)
{
	size_t n = 0;

	while (isalnum((unsigned char)tsid[n]))
		n++;
	return n == 6 && tsid[n] == '\0';
}

bool writ_iolog_tsid_valid(const char *tsid)
{
	size_t length = strlen(tsid);

	if (length == 0 || length >= PATH_MAX / 2 || writ_text_scan(tsid, length) != 0)
		return false;
	for (const char *part = tsid;;) {
		size_t n = strcspn(part, "/");

		if (n == 0 || n > NAME_MAX || (n == 1 && part[0] == '.') ||
		    (n == 2 && part[0] == '.' && part[1] == '.'))
			return false;
		if (part[n] == '\0')
			return true;
		part += n + 1;
	}
}

/* Walks a path below a folder, link by link refused. */
static int open_below(int top, const char *path)
{
	const int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
	auto_close int fd = -1;
	char name[NAME_MAX + 1];

	for (;;) {
		size_t n = strcspn(path, "/");
		int next;

		memcpy(name, path, n);
		name[n] = '\0';
		next = openat(fd < 0 ? top : fd, name, flags);
		if (next < 0)
			return -1;
		if (fd >= 0)
			close(fd);
		fd = next;
		if (path[n] == '\0')
			return TAKE_FD(fd);
		path += n + 1;
	}
}

/* Opens the folder; *ret_below is its path below dir. */
static int open_folder(const char *dir, const char *tsid, char *below, size_t size)
{
	auto_close int top = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int fd;

	if (top < 0)
		return -1;
	if (is_short(tsid)) {
		snprintf(below, size, "%.2s/%.2s/%.2s", tsid, tsid + 2, tsid + 4);
		fd = open_below(top, below);
		if (fd >= 0 || errno != ENOENT)
			return fd;
	}
	snprintf(below, size, "%s", tsid);
	return open_below(top, below);
}

static bool is_log(int folder)
{
	static const char *const files[] = {"timing", "log.json", "log"};
	struct stat st;

	for (size_t i = 0; i < ARRAY_SIZE(files); i++)
		if (fstatat(folder, files[i], &st, AT_SYMLINK_NOFOLLOW) == 0)
			return true;
	return false;
}

static int no_memory(struct writ_error *err)
{
	errno = ENOMEM;
	return writ_error_set(err, "no memory");
}

static int open_log(struct writ_iolog_reader *reader, const char *dir, const char *tsid,
		    struct writ_error *err)
{
	char below[PATH_MAX];

	reader->arena = writ_arena_new();
	if (!reader->arena)
		return no_memory(err);
	reader->folder = open_folder(dir, tsid, below, sizeof(below));
	if (reader->folder < 0)
		return writ_error_errno(err, errno, "no I/O log %s below %s", tsid, dir);
	reader->path = writ_arena_printf(reader->arena, "%s/%s", dir, below);
	if (!reader->path)
		return writ_error_set(err, "no memory");
	if (!is_log(reader->folder))
		return writ_error_set(err, "%s is no I/O log%s", reader->path,
				      errno == ENOENT ? "" : ", or not to be read by this user");
	return 0;
}

/* A reader of the log's folder and of nothing in it. */
static struct writ_iolog_reader *enter(const char *dir, const char *tsid, struct writ_error *err)
{
	struct writ_iolog_reader *reader;

	if (!writ_iolog_tsid_valid(tsid)) {
		writ_error_set(err, "this cannot be the name of an I/O log");
		errno = EINVAL;
		return NULL;
	}
	reader = calloc(1, sizeof(*reader));
	if (!reader) {
		no_memory(err);
		return NULL;
	}
	reader->folder = -1;
	reader->present = -1;
	if (open_log(reader, dir, tsid, err) < 0) {
		int why = errno;

		writ_iolog_close(reader);
		errno = why;
		return NULL;
	}
	return reader;
}

struct writ_iolog_reader *writ_iolog_open(const char *dir, const char *tsid, struct writ_error *err)
{
	struct writ_iolog_reader *reader = enter(dir, tsid, err);

	if (!reader)
		return NULL;
	writ_iolog_info_load(reader);
	writ_iolog_open_streams(reader);
	return reader;
}

bool writ_iolog_event(const char *dir, const char *tsid, char *ret, size_t size)
{
	struct writ_iolog_reader *reader = enter(dir, tsid, NULL);

	if (!reader)
		return false;
	writ_iolog_info_load(reader);
	snprintf(ret, size, "%s", reader->info.event ? reader->info.event : "");
	writ_iolog_close(reader);
	return true;
}

void writ_iolog_close(struct writ_iolog_reader *reader)
{
	if (!reader)
		return;
	for (int i = 0; i < WRIT_IOLOG_STREAMS; i++)
		writ_stream_free(reader->streams[i].file);
	writ_stream_free(reader->timing);
	if (reader->folder >= 0)
		close(reader->folder);
	writ_arena_free(reader->arena);
	free(reader);
}

const struct writ_iolog_info *writ_iolog_info(const struct writ_iolog_reader *reader)
{
	return &reader->info;
}

const char *writ_iolog_path(const struct writ_iolog_reader *reader)
{
	return reader->path;
}

bool writ_iolog_complete(const struct writ_iolog_reader *reader)
{
	return reader->complete;
}

bool writ_iolog_has(const struct writ_iolog_reader *reader, enum writ_iolog_kind stream,
		    uint64_t *ret_size)
{
	if (!reader->streams[stream].file)
		return false;
	*ret_size = reader->streams[stream].size;
	return true;
}

const char *writ_iolog_fault(const struct writ_iolog_reader *reader, size_t i)
{
	return i < reader->n_faults ? reader->faults[i] : NULL;
}
