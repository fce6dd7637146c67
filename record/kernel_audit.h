/* SPDX-License-Identifier: ISC */
/*
 * The kernel's audit log: one AUDIT_USER_CMD record a decision, in the fields that sudoers writes
 * (cwd, cmd, exe, terminal, res; audit.rules(7), `ausearch -i`), and writ_event: the event's id.
 */
#pragma once

#include <stdbool.h>

struct writ_error;

/* Bytes of a command line and of a folder that a record holds; longer ones are cut. The kernel cuts
 * a record after 8560 bytes, and what is odd takes two bytes each: whoever could fill it up with a
 * long folder would cut away the command, and the result. */
#define WRIT_KERNEL_AUDIT_COMMAND_MAX 2400
#define WRIT_KERNEL_AUDIT_CWD_MAX 1000

struct writ_kernel_audit {
	const char *command; /* one line */
	const char *cwd;     /* the caller's, or NULL */
	const char *tty;     /* the caller's, as a path; or NULL */
	const char *event;   /* id of the decision event */
	bool allowed;
};

/* 0 if it is recorded, or if there is nothing to record with: built without libaudit, a kernel
 * without audit, no permission (a container). -1 with err otherwise. */
int writ_kernel_audit_command(const struct writ_kernel_audit *what, struct writ_error *err);
