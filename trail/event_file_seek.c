/* SPDX-License-Identifier: ISC */
#include "event_file_seek.h"

#include <string.h>
#include <unistd.h>

#include "sieve.h"
#include "when.h"

bool writ_seek_block_time(const char *block, size_t length, bool at_beginning, int64_t *ret)
{
	const char *line = block, *end = block + length, *newline;
	bool found = false, whole = at_beginning;

	while ((newline = memchr(line, '\n', (size_t)(end - line)))) {
		const char *text = whole ? writ_sieve_time(line, (size_t)(newline - line)) : NULL;
		int64_t time;

		if (text && writ_when_parse_event(text, WRIT_WHEN_EVENT_SIZE - 1, &time) == 0 &&
		    (!found || time > *ret)) {
			*ret = time;
			found = true;
		}
		line = newline + 1;
		whole = true;
	}
	return found;
}

/* Whether the block there holds that time or a later one. One that says nothing may. */
static bool may_hold(int fd, uint64_t offset, int64_t since)
{
	char block[WRIT_SEEK_BLOCK];
	ssize_t n = pread(fd, block, sizeof(block), (off_t)offset);
	int64_t latest;

	return n <= 0 || !writ_seek_block_time(block, (size_t)n, offset == 0, &latest) ||
	       latest >= since;
}

uint64_t writ_event_file_find(int fd, uint64_t size, int64_t since)
{
	uint64_t step = size / WRIT_SEEK_SAMPLES, before = 0, after = size;

	if (size < WRIT_SEEK_FILE_MIN || may_hold(fd, 0, since))
		return 0;
	if (step < WRIT_SEEK_BLOCK)
		step = WRIT_SEEK_BLOCK;
	for (uint64_t sample = step; sample < size; sample += step) {
		if (may_hold(fd, sample, since)) {
			after = sample;
			break;
		}
		before = sample;
	}
	/* The block at before is too old, the one at after is not. */
	while (after - before > WRIT_SEEK_BLOCK) {
		uint64_t middle = before + (after - before) / 2;

		if (may_hold(fd, middle, since))
			after = middle;
		else
			before = middle;
	}
	/* One block more, for the line that begins in it and ends in the next. */
	return before > WRIT_SEEK_BLOCK ? before - WRIT_SEEK_BLOCK : 0;
}
