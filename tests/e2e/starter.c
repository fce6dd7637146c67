/* SPDX-License-Identifier: ISC */
/*
 * starter [--by-descriptor] PROGRAM ARG0 [ARG...] [-- PROGRAM ARG0 ...]: starts programs, one after
 * the other, and prints what came of each: "PROGRAM: 3" for an exit status, or the error of
 * execve(2). Linked statically: nothing that is preloaded sees what it does.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static void start(char **argv, int by_descriptor)
{
	extern char **environ;
	int status, fd = by_descriptor ? open(argv[0], O_PATH) : -1;
	pid_t pid = fork();

	if (pid == 0) {
		if (by_descriptor)
			syscall(SYS_execveat, fd, "", argv + 1, environ, AT_EMPTY_PATH);
		else
			execve(argv[0], argv + 1, environ);
		_exit(errno == EACCES ? 250 : errno == ENOSYS ? 251 : errno == EPERM ? 252 : 253);
	}
	if (fd >= 0)
		close(fd);
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return;
	if (WIFSIGNALED(status))
		printf("%s: signal %d\n", argv[0], WTERMSIG(status));
	else if (WEXITSTATUS(status) >= 250)
		printf("%s: not started (%d)\n", argv[0], WEXITSTATUS(status));
	else
		printf("%s: %d\n", argv[0], WEXITSTATUS(status));
	fflush(stdout);
}

int main(int argc, char **argv)
{
	int by_descriptor = argc > 1 && strcmp(argv[1], "--by-descriptor") == 0;
	char **from = argv + 1 + by_descriptor;

	for (char **word = from; *from; word++) {
		int last = !*word;

		if (!last && strcmp(*word, "--") != 0)
			continue;
		*word = NULL;
		if (word - from < 2)
			return 2;
		start(from, by_descriptor);
		from = last ? word : word + 1;
	}
	return 0;
}
