/* SPDX-License-Identifier: ISC */
/*
 * Paths of a child: a program that an intercepted command starts brings no directory of its own, so
 * nobody can say what its relative paths mean.
 */
#pragma once

struct writ_parsed;

/* The first value of type path, or field of that type, that does not begin with '/': as typed. NULL
 * if there is none. Words of a COMMAND... operand are not looked at: what they mean is decided
 * where that command runs. */
const char *writ_relative_find(const struct writ_parsed *parsed);
