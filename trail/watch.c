/* SPDX-License-Identifier: ISC */
#include "watch.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "error.h"

/* In milliseconds: not every file system tells of changes that another machine makes. */
#define LOOK_ANYWAY 2000

struct writ_watch {
	int fd;
};

struct writ_watch *writ_watch_new(struct writ_error *err)
{
	struct writ_watch *watch = malloc(sizeof(*watch));

	if (!watch) {
		writ_error_set(err, "out of memory");
		return NULL;
	}
	watch->fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	if (watch->fd < 0) {
		writ_error_errno(err, errno, "inotify");
		free(watch);
		return NULL;
	}
	return watch;
}

void writ_watch_free(struct writ_watch *watch)
{
	if (!watch)
		return;
	close(watch->fd);
	free(watch);
}

int writ_watch_add(struct writ_watch *watch, const char *path, struct writ_error *err)
{
	const char *slash = strrchr(path, '/');
	char folder[PATH_MAX] = ".";

	if (slash && (size_t)(slash - path) + 1 < sizeof(folder)) {
		memcpy(folder, path, (size_t)(slash - path) + 1);
		folder[slash - path + 1] = '\0';
	}
	if (inotify_add_watch(watch->fd, folder, IN_MODIFY | IN_ATTRIB | IN_CREATE | IN_MOVE) < 0)
		return writ_error_errno(err, errno, "%s cannot be watched", folder);
	/* The file itself may be elsewhere: a link. It need not be there. */
	if (inotify_add_watch(watch->fd, path, IN_MODIFY | IN_MOVE_SELF | IN_ATTRIB) < 0 &&
	    errno != ENOENT)
		return writ_error_errno(err, errno, "%s cannot be watched", path);
	return 0;
}

/* Forgets what was told: only that something was counts. */
static void drain(struct writ_watch *watch)
{
	char events[4096] __attribute__((aligned(__alignof__(struct inotify_event))));

	while (read(watch->fd, events, sizeof(events)) > 0)
		;
}

int writ_watch_wait(struct writ_watch *watch, int output, struct writ_error *err)
{
	struct pollfd fds[] = {{.fd = watch->fd, .events = POLLIN}, {.fd = output}};

	if (poll(fds, 2, LOOK_ANYWAY) < 0 && errno != EINTR)
		return writ_error_errno(err, errno, "poll");
	if (fds[1].revents & (POLLERR | POLLHUP | POLLNVAL))
		return 0;
	drain(watch);
	return 1;
}
