/* SPDX-License-Identifier: ISC */
#include "program.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "arena.h"
#include "cleanup.h"
#include "error.h"

static const char *const folders[] = {"/usr/local/bin", "/usr/sbin", "/usr/bin",
				      "/sbin",          "/bin",      "/run/current-system/sw/bin"};

/* One output, as far as it was read. */
struct stream {
	int fd;
	char *text;
	size_t length;
};

const char *program_find(struct writ_arena *arena, const char *name, struct writ_error *err)
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

/* Nobody is to go on alone if writ is killed. */
static void run_child(const struct program *program, const int outputs[2])
{
	int null = open("/dev/null", O_RDONLY);

	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (null < 0 || dup2(null, 0) < 0 || dup2(outputs[0], 1) < 0 || dup2(outputs[1], 2) < 0 ||
	    chdir("/") < 0 || close_range(3, ~0U, 0) < 0)
		_exit(126);
	execve(program->path, (char *const *)program->argv, (char *const *)program->environment);
	_exit(127);
}

static long milliseconds_left(const struct timespec *end)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (end->tv_sec - now.tv_sec) * 1000 + (end->tv_nsec - now.tv_nsec) / 1000000;
}

/* Reads what there is. 0, or -1 with err. At its end the stream's fd becomes -1. */
static int read_some(struct stream *stream, size_t max, struct writ_error *err)
{
	ssize_t n = read(stream->fd, stream->text + stream->length, max - stream->length);

	if (n == 0) {
		close(stream->fd);
		stream->fd = -1;
	}
	if (n < 0 && errno != EINTR && errno != EAGAIN)
		return writ_error_errno(err, errno, "its output cannot be read");
	if (n > 0)
		stream->length += (size_t)n;
	if (stream->length == max)
		return writ_error_set(err, "it prints more than %zu bytes", max);
	return 0;
}

/* Reads both to their ends, and waits for the program's. 0; -1 with err. */
static int read_outputs(const struct program *program, pid_t pid, struct stream streams[2],
			bool *ret_too_long, struct writ_error *err)
{
	auto_close int process = pidfd_open(pid, 0);
	struct timespec end;
	bool ended = process < 0;

	clock_gettime(CLOCK_MONOTONIC, &end);
	end.tv_sec += program->seconds;
	while (streams[0].fd >= 0 || streams[1].fd >= 0 || !ended) {
		struct pollfd wait[3] = {{.fd = streams[0].fd, .events = POLLIN},
					 {.fd = streams[1].fd, .events = POLLIN},
					 {.fd = ended ? -1 : process, .events = POLLIN}};
		long left = milliseconds_left(&end);

		*ret_too_long = left <= 0 || poll(wait, 3, (int)left) == 0;
		if (*ret_too_long)
			return 0;
		for (size_t i = 0; i < 2; i++)
			if (wait[i].revents && read_some(&streams[i], program->output_max, err) < 0)
				return -1;
		ended = ended || wait[2].revents;
	}
	return 0;
}

static int start(const struct program *program, struct stream streams[2], pid_t *ret,
		 struct writ_error *err)
{
	int out[2] = {-1, -1}, errors[2] = {-1, -1};

	if (pipe2(out, O_CLOEXEC) < 0 || (!program->together && pipe2(errors, O_CLOEXEC) < 0)) {
		if (out[0] >= 0) {
			close(out[0]);
			close(out[1]);
		}
		return writ_error_errno(err, errno, "%s cannot be started", program->path);
	}
	*ret = fork();
	if (*ret == 0)
		run_child(program, (const int[]) {out[1], program->together ? out[1] : errors[1]});
	if (*ret < 0)
		writ_error_errno(err, errno, "%s cannot be started", program->path);
	close(out[1]);
	if (errors[1] >= 0)
		close(errors[1]);
	streams[0].fd = out[0];
	streams[1].fd = errors[0];
	return *ret < 0 ? -1 : 0;
}

int program_run(struct writ_arena *arena, const struct program *program, struct program_result *ret,
		struct writ_error *err)
{
	struct stream streams[2] = {{.fd = -1}, {.fd = -1}};
	pid_t pid = -1;
	int result;

	*ret = (struct program_result) {.out = "", .err = ""};
	for (size_t i = 0; i < 2; i++) {
		streams[i].text = writ_arena_alloc(arena, 1, program->output_max + 1);
		if (!streams[i].text)
			return writ_error_set(err, "out of memory");
	}
	result = start(program, streams, &pid, err);
	if (result == 0)
		result = read_outputs(program, pid, streams, &ret->too_long, err);
	for (size_t i = 0; i < 2; i++)
		if (streams[i].fd >= 0)
			close(streams[i].fd);
	if (pid > 0) {
		/* Whatever it has left behind goes too; until it is reaped the id is its own. */
		if (result < 0 || ret->too_long)
			kill(pid, SIGKILL);
		kill(-pid, SIGKILL);
		waitpid(pid, &ret->status, 0);
	}
	ret->out = streams[0].text;
	ret->err = streams[1].text;
	return result;
}
