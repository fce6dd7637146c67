/* SPDX-License-Identifier: ISC */
/*
 * The kernel's audit sessions that have a living process.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct writ_error;

struct writ_audit_sessions {
	uint32_t *ids; /* sorted */
	size_t n, room;
};

/* Looks at every process. One that forks and exits all the time can stay out of sight of a walk
 * through /proc, hence several walks, whose findings are added up. 0 or -1 with err; _done in both
 * cases. */
int writ_audit_sessions_read(struct writ_audit_sessions *ret, int proc, struct writ_error *err);
void writ_audit_sessions_done(struct writ_audit_sessions *sessions);

bool writ_audit_sessions_have(const struct writ_audit_sessions *sessions, uint32_t id);
