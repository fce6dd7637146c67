/* SPDX-License-Identifier: ISC */
/* trail/logsrvd_log.c, logsrvd_event.c: whatever a log server's file holds, what comes out are
 * lines: events that can be read, or torn ones that cannot be taken for any. */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "entry.h"
#include "error.h"
#include "fuzz.h"
#include "logsrvd_log.h"

static const char torn[] = "torn: ";

static void check_line(const char *line, size_t length)
{
	struct writ_entry entry;
	struct writ_error err = {0};
	bool is_event = writ_entry_parse(&entry, line, length, &err) == 0;

	if (is_event == (length >= strlen(torn) && memcmp(line, torn, strlen(torn)) == 0))
		abort();
}

static void check_lines(const char *text, size_t length)
{
	const char *end = text + length;

	while (text < end) {
		const char *newline = memchr(text, '\n', (size_t)(end - text));

		if (!newline)
			abort();
		check_line(text, (size_t)(newline - text));
		text = newline + 1;
	}
}

/* The first byte says how much is read at a time. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t room = size > 0 ? 1 + data[0] * (size_t)16 : 1, n = 0, most = size * 8 + (1 << 16);
	struct writ_logsrvd_log *log = writ_logsrvd_log_new();
	char *text = malloc(most);
	int fd = memfd_create("fuzz", MFD_CLOEXEC);
	ssize_t got = 0;
	gzFile file;

	if (!log || !text || fd < 0 ||
	    (size > 1 && write(fd, data + 1, size - 1) != (ssize_t)(size - 1)) ||
	    lseek(fd, 0, SEEK_SET) < 0)
		abort();
	file = gzdopen(fd, "rb");
	if (!file)
		abort();
	while (n + room <= most && (got = writ_logsrvd_log_read(log, file, text + n, room)) > 0)
		n += (size_t)got;
	if (got == 0)
		check_lines(text, n);
	gzclose(file);
	free(text);
	writ_logsrvd_log_free(log);
	return 0;
}
