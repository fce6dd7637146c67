/* SPDX-License-Identifier: ISC */
/* Argument vectors, without argv[0], as people, programs and attackers would type them. */
#pragma once

#include <stddef.h>

#include "dice.h"
#include "table.h"

#define VECTOR_WORDS 24
#define VECTOR_WORD_SIZE 64

struct vector {
	char words[VECTOR_WORDS][VECTOR_WORD_SIZE];
	size_t n;
};

void vector_new(struct dice *dice, const struct table *table, struct vector *ret);

/* Without the word at that place. */
void vector_remove(struct vector *vector, size_t at);
