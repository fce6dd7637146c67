/* SPDX-License-Identifier: ISC */
#include "guard.h"

#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cleanup.h"
#include "error.h"

static const __rlimit_resource_t resources[WRIT_GUARD_LIMITS] = {
	RLIMIT_FSIZE, /* first: the one that must be raised */
	RLIMIT_NOFILE, RLIMIT_AS, RLIMIT_DATA, RLIMIT_STACK, RLIMIT_CPU,
};

/* Open files that sudo and its plugins may need at once. */
#define OPEN_FILES 1024

/* As far up as this process may: all the way with CAP_SYS_RESOURCE, else to the hard limit. */
static bool raise_limit(__rlimit_resource_t resource, struct rlimit *old)
{
	const struct rlimit none = {RLIM_INFINITY, RLIM_INFINITY};
	rlim_t enough = resource == RLIMIT_NOFILE ? OPEN_FILES : RLIM_INFINITY;

	*old = none;
	if (getrlimit(resource, old) < 0)
		return false;
	if (old->rlim_cur >= enough)
		return true;
	if (setrlimit(resource,
		      &(struct rlimit) {enough, old->rlim_max < enough ? enough : old->rlim_max}) ==
	    0)
		return true;
	setrlimit(resource, &(struct rlimit) {old->rlim_max, old->rlim_max});
	return false;
}

static int raise_limits(struct rlimit old[WRIT_GUARD_LIMITS], struct writ_error *err)
{
	bool endless = false;

	for (size_t i = 0; i < ARRAY_SIZE(resources); i++) {
		bool raised = raise_limit(resources[i], &old[i]);

		if (i == 0)
			endless = raised;
	}
	if (!endless)
		return writ_error_set(err, "the limit on file sizes (RLIMIT_FSIZE) is finite and "
					   "cannot be raised");
	return 0;
}

int writ_guard_unlimit(struct writ_error *err)
{
	struct rlimit old[WRIT_GUARD_LIMITS];

	return raise_limits(old, err);
}

/* Whoever has the real or the saved user id may stop this process: with the lock of the event log
 * in its hand, everybody else would wait for it. */
static void take_uids(struct writ_guard *guard)
{
	uid_t effective;

	if (getresuid(&guard->real, &effective, &guard->saved) < 0 || effective != 0 ||
	    setresuid(0, 0, 0) < 0)
		guard->real = guard->saved = (uid_t)-1; /* no change */
}

static void give_back_uids(const struct writ_guard *guard)
{
	/* Where this fails the process stays root in full, which harms nobody. */
	int done = setresuid(guard->real, (uid_t)-1, guard->saved);

	(void)done;
}

int writ_guard_begin(struct writ_guard *guard, struct writ_error *err)
{
	struct sigaction ignore = {.sa_handler = SIG_IGN};
	sigset_t all;

	/* Ignored until signals are let through again (see the end): a SIGXFSZ that a write here
	 * caused would otherwise wait for that moment and kill us then. */
	sigaction(SIGXFSZ, &ignore, &guard->xfsz);
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &guard->mask);
	take_uids(guard);
	guard->umask = umask(0);
	return raise_limits(guard->limits, err);
}

void writ_guard_end(const struct writ_guard *guard)
{
	for (size_t i = 0; i < ARRAY_SIZE(resources); i++)
		setrlimit(resources[i], &guard->limits[i]);
	umask(guard->umask);
	sigprocmask(SIG_SETMASK, &guard->mask, NULL);
	sigaction(SIGXFSZ, &guard->xfsz, NULL);
	give_back_uids(guard);
}
