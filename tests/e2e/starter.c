/* SPDX-License-Identifier: ISC */
/*
 * starter [--by-descriptor | --by-int80] PROGRAM ARG0 [ARG...] [-- PROGRAM ARG0 ...]: starts
 * programs, one after the other, and prints what came of each: "PROGRAM: 3" for an exit status, or
 * the error of the system call. Linked statically: nothing that is preloaded sees what it does.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum way { BY_PATH, BY_DESCRIPTOR, BY_INT80 };

/* execve(2) as a 32-bit program makes it, with all that is pointed to where it could see it. */
static void execve_int80(char **argv)
{
#if defined(__x86_64__)
	char *text = mmap(NULL, 65536, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
	uint32_t *vector = (uint32_t *)(void *)text, path;
	long ret;

	if (text == MAP_FAILED)
		return;
	text += 64 * sizeof(*vector);
	path = (uint32_t)(uintptr_t)strcpy(text, argv[0]);
	for (int i = 1; argv[i] && i < 63; i++) {
		text += strlen(text) + 1;
		vector[i - 1] = (uint32_t)(uintptr_t)strcpy(text, argv[i]);
	}
	__asm__ volatile("int $0x80"
			 : "=a"(ret)
			 : "a"(11L), "b"((long)path), "c"(vector), "d"(0L)
			 : "memory", "r8", "r9", "r10", "r11");
	errno = (int)-ret;
#else
	(void)argv;
	errno = ENOSYS;
#endif
}

static void start(char **argv, enum way way)
{
	extern char **environ;
	int status, fd = way == BY_DESCRIPTOR ? open(argv[0], O_PATH) : -1;
	pid_t pid = fork();

	if (pid == 0) {
		if (way == BY_DESCRIPTOR)
			syscall(SYS_execveat, fd, "", argv + 1, environ, AT_EMPTY_PATH);
		else if (way == BY_INT80)
			execve_int80(argv);
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
	enum way way = argc < 2                                  ? BY_PATH
		       : strcmp(argv[1], "--by-descriptor") == 0 ? BY_DESCRIPTOR
		       : strcmp(argv[1], "--by-int80") == 0      ? BY_INT80
								 : BY_PATH;
	char **from = argv + 1 + (way != BY_PATH);

	for (char **word = from; *from; word++) {
		int last = !*word;

		if (!last && strcmp(*word, "--") != 0)
			continue;
		*word = NULL;
		if (word - from < 2)
			return 2;
		start(from, way);
		from = last ? word : word + 1;
	}
	return 0;
}
