/* SPDX-License-Identifier: ISC */
#include "child.h"

#include "../unit/table.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static void say(int fd, child_function function, void *data)
{
	char text[CHILD_TEXT] = "";

	function(data, text);
	if (write(fd, text, sizeof(text)) != sizeof(text))
		_exit(1);
	_exit(0);
}

static void hear(int fd, char text[CHILD_TEXT])
{
	size_t used = 0;
	ssize_t n;

	while (used < CHILD_TEXT && (n = read(fd, text + used, CHILD_TEXT - used)) > 0)
		used += (size_t)n;
	close(fd);
	if (used < CHILD_TEXT)
		strcpy(text, "died");
}

void child_run(child_function function, void *data, char text[CHILD_TEXT])
{
	int ends[2];
	pid_t pid;

	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	fflush(NULL);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0)
		say(ends[1], function, data);
	close(ends[1]);
	hear(ends[0], text);
	waitpid(pid, NULL, 0);
}

void child_run_orphan(child_function function, void *data, char text[CHILD_TEXT])
{
	int ends[2];
	pid_t pid;

	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	fflush(NULL);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		pid_t parent = getpid();

		setsid();
		pid = fork();
		if (pid != 0)
			_exit(pid < 0);
		while (getppid() == parent)
			usleep(1000);
		say(ends[1], function, data);
	}
	close(ends[1]);
	waitpid(pid, NULL, 0);
	hear(ends[0], text);
}

uint32_t child_audit_session(void)
{
	char text[16] = "";
	int fd = open("/proc/self/sessionid", O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return UINT32_MAX;
	if (read(fd, text, sizeof(text) - 1) <= 0)
		*text = '\0';
	close(fd);
	return *text ? (uint32_t)strtoul(text, NULL, 10) : UINT32_MAX;
}

uint32_t child_new_audit_session(void)
{
	int fd = open("/proc/self/loginuid", O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, "0", 1) != 1)
		return UINT32_MAX;
	close(fd);
	return child_audit_session();
}

pid_t child_start(int new_audit_session)
{
	int ends[2];
	pid_t pid;
	char c;

	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	fflush(NULL);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (new_audit_session)
			child_new_audit_session();
		if (write(ends[1], "x", 1) != 1)
			_exit(1);
		for (;;)
			pause();
	}
	close(ends[1]);
	assert_int_equal(read(ends[0], &c, 1), 1);
	close(ends[0]);
	return pid;
}

void child_end(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}
