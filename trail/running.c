/* SPDX-License-Identifier: ISC */
#include "running.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cleanup.h"

/* Of one process; the rest is not looked at. */
#define ENVIRONMENT_MAX (4u * 1024 * 1024)

static int add_from(struct writ_id_set *set, const char *environment, size_t length)
{
	static const char name[] = "WRIT_EVENT=";
	const char *at = environment, *end = environment + length;

	while (at < end) {
		size_t n = strnlen(at, (size_t)(end - at));

		if (n > sizeof(name) - 1 && memcmp(at, name, sizeof(name) - 1) == 0 &&
		    writ_id_set_add(set, writ_id_digest(at + sizeof(name) - 1,
							n - (sizeof(name) - 1), 0)) < 0)
			return -1;
		at += n + 1;
	}
	return 0;
}

/* 0, also for a process that is gone by now. */
static int read_one(struct writ_id_set *set, const char *pid, char *buffer, bool *ret_blind)
{
	char path[64];
	auto_close int fd = -1;
	size_t length = 0;
	ssize_t n;

	snprintf(path, sizeof(path), "/proc/%.20s/environ", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		*ret_blind = *ret_blind || errno == EACCES || errno == EPERM;
		return 0;
	}
	while (length < ENVIRONMENT_MAX &&
	       (n = read(fd, buffer + length, ENVIRONMENT_MAX - length)) > 0)
		length += (size_t)n;
	return add_from(set, buffer, length);
}

int writ_running_read(struct writ_id_set *set, bool *ret_blind)
{
	auto_closedir DIR *dir = opendir("/proc");
	auto_free char *buffer = malloc(ENVIRONMENT_MAX);
	const struct dirent *entry;

	*ret_blind = !dir;
	if (!buffer)
		return -1;
	while (dir && (entry = readdir(dir)))
		if (isdigit((unsigned char)entry->d_name[0]) &&
		    read_one(set, entry->d_name, buffer, ret_blind) < 0)
			return -1;
	return 0;
}
