/* SPDX-License-Identifier: ISC */
/*
 * The environment of the command: built from the policy alone. Of the caller's variables only those
 * come through that the policy names, and their values are checked.
 */
#pragma once

#include <stddef.h>

struct writ_arena;
struct writ_caller;
struct writ_decision;
struct writ_strvec;
struct writ_target;

struct writ_environment {
	const struct writ_decision *decision; /* allowed */
	const struct writ_caller *caller;
	const struct writ_target *target;
	char *const *callers;    /* the caller's environment, NULL-terminated, or NULL */
	char *const *asked;      /* VAR=value words given to sudo, which the policy has allowed */
	const char *caller_home; /* SUDO_HOME, or NULL: left out, as sudo before 1.9.16 does */
	const char *caller_tty;  /* SUDO_TTY, or NULL: left out, as sudo before 1.9.17 does */
	const char *session;     /* WRIT_SESSION, or NULL: left out */
	const char *event;       /* WRIT_EVENT */
};

/* NULL-terminated, from the arena; NULL without memory. */
char **writ_environment_build(const struct writ_environment *from, struct writ_arena *arena);

/* Adds a copy of a variable ("NAME=value") that PAM modules have set, if there is none of the name,
 * and if it is not one that sudo and writ alone say something by. */
void writ_environment_add_below(struct writ_strvec *vector, const char *entry);
