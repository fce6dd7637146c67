/* SPDX-License-Identifier: ISC */
/*
 * Processes for tests: a child with an audit session of its own, an orphan; each says what it
 * found.
 */
#pragma once

#include <stdint.h>
#include <sys/types.h>

/* What a child found, as text. */
#define CHILD_TEXT 1024

/* Calls function(data, text) in a child and gives back its text; "died" if it did not come to an
 * end. */
typedef void (*child_function)(void *data, char text[CHILD_TEXT]);
void child_run(child_function function, void *data, char text[CHILD_TEXT]);

/* The same in an orphan: a grandchild in a session of its own (setsid), whose parent has ended. */
void child_run_orphan(child_function function, void *data, char text[CHILD_TEXT]);

/* Gives the calling process a new audit session. The id; skips the test where the kernel refuses.
 */
uint32_t child_new_audit_session(void);

/* The calling process's, UINT32_MAX if it has none. */
uint32_t child_audit_session(void);

/* A process that waits until it is ended by child_end, in a new audit session if asked for. */
pid_t child_start(int new_audit_session);
void child_end(pid_t pid);
