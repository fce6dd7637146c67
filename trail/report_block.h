/* SPDX-License-Identifier: ISC */
/*
 * Data in a page: a script element that no browser runs, whose content is JSON. Its text can end
 * neither the element nor itself: '<', '>' and '&' are written as escapes, which in JSON can stand
 * for them in every place where they occur.
 */
#pragma once

#include <stddef.h>
#include <stdio.h>

struct writ_json_writer;

/* <script type="application/json" id="ID">; the id is the page's own, not data. */
void writ_report_block_begin(FILE *out, const char *id);
void writ_report_block_end(FILE *out);

/* A part of the block's JSON. */
void writ_report_block_text(FILE *out, const char *json, size_t length);

/* The writer's text, which is reset for the next. 0, or -1 without memory. */
int writ_report_block_value(FILE *out, struct writ_json_writer *writer);
