/* SPDX-License-Identifier: ISC */
/*
 * What is known of a login when its session is opened: from PAM, from the kernel, from sshd. Only
 * what the user cannot have set is taken.
 */
#pragma once

#include <security/pam_modules.h>

struct writ_arena;
struct writ_error;
struct writ_pam_user;
struct writ_session_record;

/* Fills the record of a new session. Strings are from the arena. 0, or -1 with err: something that
 * a record must have cannot be had. */
int writ_pam_login_read(pam_handle_t *pamh, struct writ_arena *arena,
			const struct writ_pam_user *user, struct writ_session_record *ret,
			struct writ_error *err);
