/* SPDX-License-Identifier: ISC */
/* A program that reads argument vectors by the real implementation, talked to over pipes (wire.h).
 */
#pragma once

#include <stddef.h>
#include <stdio.h>
#include <sys/types.h>

#include "reading.h"
#include "table.h"
#include "vector.h"
#include "wire.h"

/* At most so many vectors at once: their answers fit a pipe, so that neither side waits for the
 * other. */
#define PEER_BATCH 24

struct peer {
	pid_t pid;
	FILE *in, *out;
	struct wire_record record;
};

/* Each 0, or -1: the peer is gone or speaks otherwise. */
int peer_start(struct peer *peer, const char *path);
int peer_table(struct peer *peer, const struct table *table);
/* The readings of n vectors, each to be released with reading_done. */
int peer_read(struct peer *peer, const struct vector *vectors, size_t n, struct reading *ret);

/* Its end. 0 if it ended well. */
int peer_stop(struct peer *peer);
