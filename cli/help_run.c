/* SPDX-License-Identifier: ISC */
#include "help_run.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "arena.h"
#include "cleanup.h"
#include "error.h"

#define SECONDS_MAX 10
#define OUTPUT_MAX ((size_t)1 << 20)

static const char *const folders[] = {"/usr/local/bin", "/usr/sbin", "/usr/bin",
				      "/sbin",          "/bin",      "/run/current-system/sw/bin"};

/* Nothing of the caller's: no configuration, no colours, no pager, no daemon. */
static const char *const environment[] = {
	"PATH=/usr/sbin:/usr/bin:/sbin:/bin",
	"HOME=/nonexistent",
	"LC_ALL=C",
	"TERM=dumb",
	"COLUMNS=200",
	"PAGER=cat",
	"NO_COLOR=1",
	"DOCKER_BUILDKIT=0",
	"DOCKER_CLI_HINTS=false",
	NULL,
};

const char *help_program_find(struct writ_arena *arena, const char *name, struct writ_error *err)
{
	const char *path;

	if (strchr(name, '/')) {
		path = writ_arena_strdup(arena, name);
		if (path && access(path, X_OK) == 0)
			return path;
		writ_error_errno(err, path ? errno : ENOMEM, "%s", name);
		return NULL;
	}
	for (size_t i = 0; i < ARRAY_SIZE(folders); i++) {
		path = writ_arena_concat(arena, folders[i], "/", name, NULL);
		if (path && access(path, X_OK) == 0)
			return path;
	}
	writ_error_set(err, "%s is in none of the system's folders", name);
	return NULL;
}

static void run_child(const char *program, const char *const *argv, int out)
{
	int null = open("/dev/null", O_RDONLY);

	setpgid(0, 0);
	if (null < 0 || dup2(null, 0) < 0 || dup2(out, 1) < 0 || dup2(out, 2) < 0 ||
	    chdir("/") < 0 || close_range(3, ~0U, 0) < 0)
		_exit(126);
	execve(program, (char *const *)argv, (char *const *)environment);
	_exit(127);
}

static long milliseconds_left(const struct timespec *end)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (end->tv_sec - now.tv_sec) * 1000 + (end->tv_nsec - now.tv_nsec) / 1000000;
}

/* Reads to the end. 0, or -1 with err if it takes too long or is too much. */
static int read_output(int fd, char *text, size_t *ret_length, struct writ_error *err)
{
	struct pollfd wait = {.fd = fd, .events = POLLIN};
	struct timespec end;

	clock_gettime(CLOCK_MONOTONIC, &end);
	end.tv_sec += SECONDS_MAX;
	for (;;) {
		long left = milliseconds_left(&end);
		ssize_t n;

		if (left <= 0 || poll(&wait, 1, (int)left) == 0)
			return writ_error_set(err, "it did not end within %d seconds", SECONDS_MAX);
		n = read(fd, text + *ret_length, OUTPUT_MAX - *ret_length);
		if (n == 0)
			return 0;
		if (n < 0 && errno != EINTR && errno != EAGAIN)
			return writ_error_errno(err, errno, "its output cannot be read");
		if (n > 0)
			*ret_length += (size_t)n;
		if (*ret_length == OUTPUT_MAX)
			return writ_error_set(err, "it prints more than %zu bytes", OUTPUT_MAX);
	}
}

const char *help_run(struct writ_arena *arena, const char *program, const char *const *words,
		     size_t n, struct writ_error *err)
{
	const char *argv[HELP_RUN_ARGS_MAX + 3];
	char *text = writ_arena_alloc(arena, 1, OUTPUT_MAX + 1);
	const char *slash = strrchr(program, '/');
	size_t length = 0;
	int out[2], status;
	pid_t pid;

	if (!text || n > HELP_RUN_ARGS_MAX || pipe2(out, O_CLOEXEC) < 0) {
		writ_error_set(err, "%s cannot be started", program);
		return NULL;
	}
	argv[0] = slash ? slash + 1 : program;
	for (size_t i = 0; i < n; i++)
		argv[i + 1] = words[i];
	argv[n + 1] = "--help";
	argv[n + 2] = NULL;
	pid = fork();
	if (pid == 0)
		run_child(program, argv, out[1]);
	close(out[1]);
	status = pid < 0 ? writ_error_errno(err, errno, "%s cannot be started", program)
			 : read_output(out[0], text, &length, err);
	close(out[0]);
	if (pid > 0) {
		/* Whatever it has left behind goes too. It is not reaped yet: the id is its own. */
		kill(-pid, SIGKILL);
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
	}
	text[length] = '\0';
	return status < 0 ? NULL : writ_arena_strdup(arena, text);
}
