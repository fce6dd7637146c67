/* SPDX-License-Identifier: ISC */
/* A hash for tables of names that the administrator wrote: nobody aims for collisions there, and
 * they would cost only time. */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* FNV-1a, folded. */
static inline size_t writ_hash(const char *s)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325);

	for (; *s; s++)
		h = (h ^ (unsigned char)*s) * UINT64_C(0x100000001b3);
	return (size_t)(h ^ h >> 32);
}

/* Slots of an open-addressing table for n names: a power of two, at most half full. */
static inline size_t writ_hash_slots(size_t n)
{
	size_t slots = 16;

	while (slots < 2 * n)
		slots *= 2;
	return slots;
}
