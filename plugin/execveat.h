/* SPDX-License-Identifier: ISC */
/*
 * sudo's intercept stops at execve(2) of the machine's own ABI only: up to 1.9.17 it lets
 * execveat(2), and so fexecve(3), pass unseen, and on x86-64 execve(2) by int 0x80. Where a
 * command's children are to be seen, those calls are taken away.
 */
#pragma once

#include <stdbool.h>

struct writ_error;

/* Whether the system call's numbers on this machine are known here. */
bool writ_execveat_known(void);

/* From now on execveat(2) (on x86-64 also execve(2) by int 0x80) fails with ENOSYS, in this process
 * and all that it starts; the C library then uses execve(2). 0, or -1 with err. */
int writ_execveat_forbid(struct writ_error *err);
