/* SPDX-License-Identifier: ISC */
#include "process.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/vfs.h>

#include "cleanup.h"
#include "error.h"

/* A chain is read again from its beginning if a link of it changed meanwhile. */
#define TRIES 16

int writ_proc_open(struct writ_error *err)
{
	auto_close int fd = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct statfs fs;

	if (fd < 0 || fstatfs(fd, &fs) < 0)
		return writ_error_errno(err, errno, "/proc");
	if (fs.f_type != PROC_SUPER_MAGIC)
		return writ_error_set(err, "/proc is not the kernel's");
	return TAKE_FD(fd);
}

/* Reads a file of a process (pid 0: the caller's) whole, NUL-terminated; errno is kept. */
static int read_file(int proc, pid_t pid, const char *name, char *text, size_t size,
		     struct writ_error *err)
{
	auto_close int fd = -1;
	char path[64];
	ssize_t n = -1;
	int why;

	if (pid == 0)
		snprintf(path, sizeof(path), "self/%s", name);
	else
		snprintf(path, sizeof(path), "%d/%s", (int)pid, name);
	fd = openat(proc, path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0)
		n = read(fd, text, size - 1);
	if (n < 0) {
		/* A process that ends between open and read gives ESRCH. */
		why = errno == ESRCH ? ENOENT : errno;
		writ_error_errno(err, why, "/proc/%s", path);
		errno = why;
		return -1;
	}
	text[n] = '\0';
	return 0;
}

int writ_process_read(int proc, pid_t pid, struct writ_process *ret, struct writ_error *err)
{
	char text[1024];
	const char *rest;
	int self, parent;

	if (read_file(proc, pid, "stat", text, sizeof(text), err) < 0)
		return -1;
	/* The second field is the program's name in parentheses: any characters, chosen by whoever
	 * runs it. The last parenthesis is the kernel's. */
	rest = strrchr(text, ')');
	if (!rest || sscanf(text, "%d", &self) != 1 ||
	    sscanf(rest + 1,
		   " %*c %d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d %*d %*d "
		   "%" SCNu64,
		   &parent, &ret->start) != 2) {
		errno = EPROTO;
		return writ_error_set(err, "/proc/%d/stat is not in the form of proc(5)", (int)pid);
	}
	ret->pid = self;
	ret->parent = parent;
	return 0;
}

/* A number of the kernel's audit; unset where it has none. */
static int read_number(int proc, pid_t pid, const char *name, uint32_t *ret, struct writ_error *err)
{
	char text[32], *end;
	unsigned long value;

	if (read_file(proc, pid, name, text, sizeof(text), err) < 0) {
		/* Without audit there are no such files: is the process itself there? */
		if (errno != ENOENT || read_file(proc, pid, "stat", text, sizeof(text), NULL) < 0)
			return -1;
		*ret = UINT32_MAX;
		return 0;
	}
	errno = 0;
	value = strtoul(text, &end, 10);
	if (errno || end == text || (*end && *end != '\n') || value > UINT32_MAX)
		return writ_error_set(err, "/proc/%d/%s is no number", (int)pid, name);
	*ret = (uint32_t)value;
	return 0;
}

int writ_process_audit_session(int proc, pid_t pid, uint32_t *ret, struct writ_error *err)
{
	return read_number(proc, pid, "sessionid", ret, err);
}

int writ_process_login_uid(int proc, pid_t pid, uid_t *ret, struct writ_error *err)
{
	return read_number(proc, pid, "loginuid", ret, err);
}

static bool same(const struct writ_process *a, const struct writ_process *b)
{
	return a->pid == b->pid && a->start == b->start && a->parent == b->parent;
}

/* One walk to the top. 1: *ret_n; 0: something changed on the way; -1 with err. */
static int walk(int proc, struct writ_process ret[], size_t *ret_n, struct writ_error *err)
{
	struct writ_process child, again, parent;

	*ret_n = 0;
	if (writ_process_read(proc, 0, &child, err) < 0)
		return -1;
	while (child.parent != 0) {
		if (*ret_n == WRIT_ANCESTORS_MAX)
			return writ_error_set(err, "more than %d ancestors", WRIT_ANCESTORS_MAX);
		if (writ_process_read(proc, child.parent, &parent, err) < 0)
			return errno == ENOENT ? 0 : -1;
		/* The child still has this parent: so it was the parent that has just been read. */
		if (writ_process_read(proc, child.pid, &again, err) < 0)
			return errno == ENOENT ? 0 : -1;
		if (!same(&child, &again))
			return 0;
		ret[(*ret_n)++] = child = parent;
	}
	return 1;
}

int writ_process_ancestors(int proc, struct writ_process ret[], size_t *ret_n,
			   struct writ_error *err)
{
	for (int i = 0; i < TRIES; i++) {
		int done = walk(proc, ret, ret_n, err);

		if (done != 0)
			return done < 0 ? -1 : 0;
	}
	return writ_error_set(err, "the ancestors of this process change all the time");
}
