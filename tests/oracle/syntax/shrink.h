/* SPDX-License-Identifier: ISC */
/* The smallest table and vector that still show a difference. */
#pragma once

#include <stdbool.h>

#include "table.h"
#include "vector.h"

typedef bool shrink_test(void *context, const struct table *table, const struct vector *vector);

/* Takes away words, ends of words, options and subcommands while differs says yes. */
void shrink(struct table *table, struct vector *vector, shrink_test *differs, void *context);
