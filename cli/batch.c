/* SPDX-License-Identifier: ISC */
#include "batch.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cleanup.h"
#include "error.h"
#include "json_write.h"

struct batch {
	cli_answer *answer;
	void *context;
	struct writ_json_writer *writer;
	char *buffer;  /* CLI_LINE_MAX + 1: the longest line with its newline */
	size_t end;    /* bytes in it; a line begins at 0 */
	bool skipping; /* in a line that did not fit; its beginning is gone */
};

static int answer_line(struct batch *b, const char *line, size_t length)
{
	const char *text;
	size_t n;

	writ_json_writer_reset(b->writer);
	b->answer(b->context, b->skipping ? NULL : line, b->skipping ? 0 : length, b->writer);
	b->skipping = false;
	text = writ_json_writer_text(b->writer, &n);
	if (!text) {
		fputs("writ: out of memory\n", stderr);
		return -1;
	}
	fwrite(text, 1, n, stdout);
	putchar('\n');
	return ferror(stdout) ? -1 : 0;
}

/* Answers every whole line in the buffer, of which the first `searched` bytes hold no newline. */
static int answer_lines(struct batch *b, size_t searched)
{
	size_t start = 0;
	const char *newline;

	while ((newline = memchr(b->buffer + searched, '\n', b->end - searched))) {
		size_t next = (size_t)(newline - b->buffer) + 1;

		if (answer_line(b, b->buffer + start, next - 1 - start) < 0)
			return -1;
		start = searched = next;
	}
	b->end -= start;
	memmove(b->buffer, b->buffer + start, b->end);
	if (b->end > CLI_LINE_MAX) {
		b->skipping = true;
		b->end = 0;
	}
	if (b->skipping)
		b->end = 0;
	return 0;
}

/* Answers are held back only while there is more to read at once: before this waits, all are out.
 */
static ssize_t read_more(struct batch *b)
{
	ssize_t n;

	if (fflush(stdout) != 0)
		return -1;
	do
		n = read(STDIN_FILENO, b->buffer + b->end, CLI_LINE_MAX + 1 - b->end);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		fprintf(stderr, "writ: standard input: %s\n", strerror(errno));
	return n;
}

static enum cli_status run(struct batch *b)
{
	ssize_t n;

	while ((n = read_more(b)) > 0) {
		size_t searched = b->end;

		b->end += (size_t)n;
		if (answer_lines(b, searched) < 0)
			return CLI_FAILED;
	}
	if (n < 0)
		return CLI_FAILED;
	if ((b->end > 0 || b->skipping) && answer_line(b, b->buffer, b->end) < 0)
		return CLI_FAILED;
	return CLI_YES;
}

enum cli_status cli_batch(cli_answer *answer, void *context)
{
	auto_free char *buffer = malloc(CLI_LINE_MAX + 1);
	struct batch b = {.answer = answer, .context = context, .buffer = buffer};
	enum cli_status status = CLI_FAILED;

	b.writer = writ_json_writer_new();
	if (b.buffer && b.writer)
		status = run(&b);
	else
		fputs("writ: out of memory\n", stderr);
	writ_json_writer_free(b.writer);
	return status;
}
