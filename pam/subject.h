/* SPDX-License-Identifier: ISC */
/*
 * Is the user of a session a subject? As the plugin decides it (plugin/subject.h), but by the user
 * and group databases alone: the groups of the process that opens a session are not the user's.
 */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

#include "truth.h"

/* A user as the database knows it. */
struct writ_pam_user {
	const char *name;
	bool known; /* there is such an account: uid and gid are filled */
	uid_t uid;
	gid_t gid;
};

/* Looks the name up. NO: there is no such account; UNSURE: the database could not be asked. Uses no
 * static buffers: they are the application's. */
enum writ_truth writ_pam_user_find(const char *name, struct writ_pam_user *ret);

/* The name of a uid, into a buffer; NULL if it has none. */
const char *writ_pam_user_name(uid_t uid, char *buffer, size_t size);

/* subjects: "ai-worker,%ai-workers", or NULL. A user counts by name or by uid, a %group by the
 * account's own group, the group's list of members, or the user's list of groups. Root is never a
 * subject. UNSURE: a database could not be asked. */
enum writ_truth writ_pam_subject_is(const char *subjects, const struct writ_pam_user *user);
