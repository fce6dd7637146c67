/* SPDX-License-Identifier: ISC */
/*
 * log.json of an item of the spool, as sudo 1.9.13's reader (lib/iolog/iolog_json.c) takes it,
 * which is not all of JSON: a number must be followed by a space, a comma or a newline; \uNNNN is
 * only known for one byte; a string may not end in "\\".
 */
#pragma once

#include <stddef.h>

struct writ_spool_item;

/* The text, to be freed by the caller; NULL without memory. What is not UTF-8 becomes U+FFFD. */
char *writ_spool_log_text(const struct writ_spool_item *item, size_t *ret_length);
