/* SPDX-License-Identifier: ISC */
#include "kernel_audit.h"

#include "config.h"

#if HAVE_LIBAUDIT

#include <errno.h>
#include <libaudit.h>

#include "cleanup.h"
#include "error.h"

int writ_kernel_audit_command(const char *command, const char *tty, bool allowed,
			      struct writ_error *err)
{
	auto_close int fd = audit_open();

	if (fd < 0) {
		if (errno == EINVAL || errno == EPROTONOSUPPORT || errno == EAFNOSUPPORT)
			return 0;
		return writ_error_errno(err, errno, "the kernel's audit log");
	}
	errno = 0;
	if (audit_log_user_command(fd, AUDIT_USER_CMD, command, tty, allowed) > 0)
		return 0;
	/* ECONNREFUSED: no listener in this network namespace */
	if (errno == EPERM || errno == ECONNREFUSED)
		return 0;
	return writ_error_errno(err, errno, "the kernel's audit log");
}

#else

int writ_kernel_audit_command(const char *command, const char *tty, bool allowed,
			      struct writ_error *err)
{
	(void)command;
	(void)tty;
	(void)allowed;
	(void)err;
	return 0;
}

#endif
