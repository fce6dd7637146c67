/* SPDX-License-Identifier: ISC */
/*
 * The kernel's audit log: one AUDIT_USER_CMD record a decision, as sudoers writes them.
 */
#pragma once

#include <stdbool.h>

struct writ_error;

/* 0 if it is recorded, or if there is nothing to record with: built without libaudit, a kernel
 * without audit, no permission (a container). -1 with err otherwise. tty may be NULL. */
int writ_kernel_audit_command(const char *command, const char *tty, bool allowed,
			      struct writ_error *err);
