/* SPDX-License-Identifier: ISC */
/*
 * I/O logs (trail/iolog*.c, search.c, cast.c): whatever the files hold, the log is read to its end,
 * no record gives more than it says, time never goes back, no plain stream is longer than its file,
 * and what is written as a cast is JSON. The input is timing, ttyout and log.json with "--\n"
 * between them.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "arena.h"
#include "cast.h"
#include "fuzz.h"
#include "iolog.h"
#include "json.h"
#include "search.h"

static char top[] = "/tmp/writ-fuzz-XXXXXX";
static const char *const names[] = {"timing", "ttyout", "log.json"};

static void remove_all(void)
{
	char path[64];

	for (size_t i = 0; i < 3; i++) {
		snprintf(path, sizeof(path), "%s/log/%s", top, names[i]);
		unlink(path);
	}
	snprintf(path, sizeof(path), "%s/log", top);
	rmdir(path);
	rmdir(top);
}

static int open_folder(void)
{
	char path[64];

	if (!mkdtemp(top))
		abort();
	snprintf(path, sizeof(path), "%s/log", top);
	if (mkdir(path, 0700) < 0 || atexit(remove_all) != 0)
		abort();
	return open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static void write_files(int folder, const uint8_t *data, size_t size)
{
	for (size_t i = 0; i < 3; i++) {
		const uint8_t *cut = i < 2 ? memmem(data, size, "--\n", 3) : NULL;
		size_t n = cut ? (size_t)(cut - data) : size;
		int fd;

		/* Made anew: to cut an old one to nothing and write it again waits for the disk. */
		unlinkat(folder, names[i], 0);
		fd = openat(folder, names[i], O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
		if (fd < 0 || write(fd, data, n) != (ssize_t)n)
			abort();
		close(fd);
		n += cut ? 3 : 0;
		data += n;
		size -= n;
	}
}

static struct writ_iolog_reader *open_log(void)
{
	struct writ_iolog_reader *reader = writ_iolog_open(top, "log", NULL);

	if (!reader)
		abort();
	return reader;
}

static void read_records(void)
{
	struct writ_iolog_reader *reader = open_log();
	struct timespec last = {0};
	struct writ_iolog_record r;
	char bytes[7];

	while (writ_iolog_next(reader, &r)) {
		uint64_t left = r.untimed ? UINT64_MAX : r.length;
		size_t n;

		if (r.offset.tv_sec < last.tv_sec ||
		    (r.offset.tv_sec == last.tv_sec && r.offset.tv_nsec < last.tv_nsec) ||
		    r.offset.tv_nsec < 0 || r.offset.tv_nsec > 999999999)
			abort();
		last = r.offset;
		while ((n = writ_iolog_read(reader, bytes, sizeof(bytes))) > 0) {
			if (n > left)
				abort();
			left -= n;
		}
	}
	for (size_t i = 0; writ_iolog_fault(reader, i); i++)
		if (!writ_iolog_fault(reader, i)[0])
			abort();
	writ_iolog_close(reader);
}

static void search(void)
{
	static struct writ_search *search;
	struct writ_iolog_reader *reader = open_log();
	const struct writ_search_hit *hits;
	size_t n;

	if (!search)
		search = writ_search_new("ab", 2, NULL);
	n = writ_search_iolog(search, reader, 100, &hits);
	for (size_t i = 1; i < n; i++)
		if (hits[i].position < hits[i - 1].position + 2)
			abort();
	writ_iolog_close(reader);
}

static void cast(void)
{
	struct writ_arena *arena = writ_arena_new();
	struct writ_iolog_reader *reader = open_log();
	char *text = NULL, *line, *end;
	size_t length;
	FILE *out = open_memstream(&text, &length);

	if (!arena || !out || writ_cast_write(reader, true, out, NULL) < 0 || fclose(out) != 0)
		abort();
	for (line = text; *line; line = end + 1) {
		end = strchr(line, '\n');
		/* A NUL that a program wrote is the one thing that writ's own reader refuses. */
		if (!end || (!memmem(line, (size_t)(end - line), "\\u0000", 6) &&
			     !writ_json_parse(arena, "cast", line, (size_t)(end - line), NULL)))
			abort();
	}
	free(text);
	writ_iolog_close(reader);
	writ_arena_free(arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static int folder = -1;

	if (folder < 0)
		folder = open_folder();
	write_files(folder, data, size);
	read_records();
	search();
	cast();
	return 0;
}
