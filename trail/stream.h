/* SPDX-License-Identifier: ISC */
/*
 * A file that is read once, from its beginning to its end, as it lies there or unpacked. Made for
 * files that somebody else wrote, or is still writing: what comes before a torn or damaged place is
 * delivered to the last byte, and memory does not depend on what the file says of itself.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct writ_stream;

/* Opens a regular file in a folder: neither a link nor anything that could wait or act when it is
 * opened (a pipe, a device). A descriptor (O_CLOEXEC), or -1 with errno; ENOTSUP: it is no regular
 * file. */
int writ_stream_openat(int folder, const char *name);

/* Whether the file begins as gzip files do (RFC 1952); the file's position stays. */
bool writ_stream_is_gzip(int fd);

/* Takes the descriptor, also when it fails: NULL without memory. With gzip, the content is
 * unpacked; several members follow one another. */
struct writ_stream *writ_stream_new(int fd, bool gzip);
void writ_stream_free(struct writ_stream *stream);

/* The next bytes, at most size of them; 0 at the end, and where it cannot be read on. */
size_t writ_stream_read(struct writ_stream *stream, void *buffer, size_t size);

/* Passes over bytes; how many there were. */
uint64_t writ_stream_skip(struct writ_stream *stream, uint64_t count);

/* Why it could not be read to its end, as half a sentence ("ends in the middle of its gzip data"),
 * or NULL. */
const char *writ_stream_fault(const struct writ_stream *stream);
