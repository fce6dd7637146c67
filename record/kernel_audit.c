/* SPDX-License-Identifier: ISC */
#include "kernel_audit.h"

#include "config.h"

#if HAVE_LIBAUDIT

#include <errno.h>
#include <libaudit.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "error.h"

static void free_text(char **text)
{
	free(*text);
}

/* name="value", or name= and hexadecimal digits where the value could be taken for more fields. */
static char *field(const char *name, const char *value, size_t max)
{
	return audit_encode_nv_string(name, value, (unsigned)strnlen(value, max));
}

static int make_message(const struct writ_kernel_audit *what, char *ret, size_t size)
{
	__attribute__((cleanup(free_text))) char *cwd =
		field("cwd", what->cwd ? what->cwd : "?", WRIT_KERNEL_AUDIT_CWD_MAX);
	__attribute__((cleanup(free_text))) char *command =
		field("cmd", what->command, WRIT_KERNEL_AUDIT_COMMAND_MAX);
	int n = cwd && command
			? snprintf(ret, size, "%s %s writ_event=%s", cwd, command, what->event)
			: -1;

	return n < 0 || (size_t)n >= size ? -1 : 0;
}

/* As the audit tools name it: "pts/1". */
static const char *terminal(const char *tty)
{
	if (!tty || !*tty || strpbrk(tty, " \"'=\n"))
		return "?";
	return strncmp(tty, "/dev/", 5) == 0 ? tty + 5 : tty;
}

int writ_kernel_audit_command(const struct writ_kernel_audit *what, struct writ_error *err)
{
	char message[2 * (WRIT_KERNEL_AUDIT_COMMAND_MAX + WRIT_KERNEL_AUDIT_CWD_MAX) + 128];
	auto_close int fd = audit_open();
	int ret;

	if (fd < 0) {
		if (errno == EINVAL || errno == EPROTONOSUPPORT || errno == EAFNOSUPPORT)
			return 0;
		return writ_error_errno(err, errno, "the kernel's audit log");
	}
	if (make_message(what, message, sizeof(message)) < 0)
		return writ_error_set(err, "the kernel's audit log: no memory");
	/* "?" for the remote host: libaudit would ask the resolver for that of a terminal. 0: it
	 * was not permitted, or nobody listens in this user namespace. */
	ret = audit_log_user_message(fd, AUDIT_USER_CMD, message, "?", "?", terminal(what->tty),
				     what->allowed);
	if (ret >= 0 || ret == -EPERM || ret == -ECONNREFUSED)
		return 0;
	return writ_error_errno(err, -ret, "the kernel's audit log");
}

#else

int writ_kernel_audit_command(const struct writ_kernel_audit *what, struct writ_error *err)
{
	(void)what;
	(void)err;
	return 0;
}

#endif
