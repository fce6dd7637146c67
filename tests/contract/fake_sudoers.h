/* SPDX-License-Identifier: ISC */
/* What the fake sudoers.so saw, and what it shall answer. Symbols of that object: fake_sudoers,
 * fake_sudoers_reset, sudoers_policy. */
#pragma once

#include <stdbool.h>
#include <sudo_plugin.h>

struct fake_sudoers {
	char calls[512]; /* "open check_policy close " */
	unsigned version;
	sudo_conv_t conversation;
	sudo_printf_t print;
	char *const *settings, *const *user_info, *const *user_env, *const *options;
	char *const *argv;
	char **env_add;
	int numbers[2]; /* the int arguments of the last call */
	const char *user;
	struct passwd *pwd;
	/* answers */
	int answer;
	char **vector;
	const char *errstr;
	bool drop_close; /* as sudoers where sudo need not wait */
};

extern struct fake_sudoers fake_sudoers;
void fake_sudoers_reset(void);
