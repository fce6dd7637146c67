/* SPDX-License-Identifier: ISC */
/*
 * A set of ids, millions of them: 8 bytes are kept of each, its digest. Two of 64 random bits that
 * are the same by chance are not to be expected; who makes them on purpose can make his own event
 * look like a copy of another, and no more.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Zeroed: empty. */
struct writ_id_set {
	uint64_t *slots; /* 0: free */
	size_t n_slots, n;
};

void writ_id_set_done(struct writ_id_set *set);

/* What stands for an id; salt tells sets within the set apart. Never 0. */
uint64_t writ_id_digest(const char *id, size_t length, uint64_t salt);

bool writ_id_set_has(const struct writ_id_set *set, uint64_t digest);
/* 1: it is new; 0: it was there; -1 without memory. */
int writ_id_set_add(struct writ_id_set *set, uint64_t digest);
