/* SPDX-License-Identifier: ISC */
/* Random choices that a seed repeats (splitmix64). */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct dice {
	uint64_t state;
};

static inline uint64_t dice_roll(struct dice *dice)
{
	uint64_t x = dice->state += 0x9e3779b97f4a7c15u;

	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
	x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
	return x ^ (x >> 31);
}

/* A number below n; 0 if there is none. */
static inline size_t dice_below(struct dice *dice, size_t n)
{
	return n > 0 ? (size_t)(dice_roll(dice) % n) : 0;
}

/* True in so many of a hundred cases. */
static inline bool dice_percent(struct dice *dice, unsigned percent)
{
	return dice_below(dice, 100) < percent;
}

#define DICE_PICK(dice, array) ((array)[dice_below((dice), sizeof(array) / sizeof((array)[0]))])
