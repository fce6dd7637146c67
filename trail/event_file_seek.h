/* SPDX-License-Identifier: ISC */
/*
 * Where in an event file a time begins, found by looking at a few of its blocks.
 *
 * The lines of a file are in the order in which they were appended, their times are those at which
 * the events were made: a writer that waited, or that was frozen by its caller, appends an old time
 * late. So one line says nothing; a block counts by its latest time. And a clock that was set back
 * leaves a stretch of old times between new ones: samples all over the file see any that is long.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes of one look. */
#define WRIT_SEEK_BLOCK (64u * 1024)
/* How many samples of a file are looked at, evenly spread. */
#define WRIT_SEEK_SAMPLES 64
/* A smaller file is read from its beginning. */
#define WRIT_SEEK_FILE_MIN (1024u * 1024)

/* An offset (not of a line's beginning) with nothing of that time or later before it, as far as the
 * samples tell; 0 if in doubt. */
uint64_t writ_event_file_find(int fd, uint64_t size, int64_t since);

/* The latest time of the whole lines in a block. False if there is none that can be read so. */
bool writ_seek_block_time(const char *block, size_t length, bool at_beginning, int64_t *ret);
