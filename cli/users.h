/* SPDX-License-Identifier: ISC */
/*
 * Users and their groups, as the user database knows them. A subject of writ check is anyone,
 * whether this machine knows the name or not.
 */
#pragma once

#include <stddef.h>

struct cli_users;

struct cli_user {
	const char *name;
	const char *const *groups; /* names; none if the user database does not know the user */
	size_t n_groups;
};

/* NULL without memory. _free(NULL) is fine. */
struct cli_users *cli_users_new(void);
void cli_users_free(struct cli_users *users);

/* The user of that name, looked up once; belongs to users and is valid until the next call.
 * NULL without memory. */
const struct cli_user *cli_users_find(struct cli_users *users, const char *name);

/* Whoever calls, by the real uid alone ("#1234" where it has no name): no variable such as
 * SUDO_USER is believed. */
const struct cli_user *cli_users_caller(struct cli_users *users);
