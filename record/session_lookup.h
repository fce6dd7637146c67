/* SPDX-License-Identifier: ISC */
/*
 * Which session is the calling process in? Answered by what the kernel says of the process (its
 * audit session, its ancestors) and by the records that pam_writ left; by nothing that the process
 * or its environment says.
 */
#pragma once

#include <sys/types.h>

struct writ_arena;
struct writ_error;
struct writ_session;
struct writ_session_record;

/* Finds the record of the calling process, where it works for uid (sudo's caller).
 * By the pair (kernel audit session, uid), if one record alone has it; if several share it, by the
 * nearest recorded leader among its ancestors and itself (systemd opens a session in the process
 * that becomes the command); of records that share it, those of an earlier boot do not count.
 * Without an audit session, and where no record has the pair, by ancestors and itself alone, among
 * records that were made without an audit session.
 *
 * 1: *ret is filled, its strings from the arena. 0: untagged; *ret is zeroed and why says the
 * reason. Whatever goes wrong (no memory, a broken or foreign record) is untagged too. */
int writ_session_find(struct writ_arena *arena, uid_t uid, struct writ_session *ret,
		      struct writ_error *why);

/* The same in a given folder, giving the record itself. 0, or -1 with why. */
int writ_session_find_record(struct writ_arena *arena, const char *folder, uid_t uid,
			     struct writ_session_record *ret, struct writ_error *why);
