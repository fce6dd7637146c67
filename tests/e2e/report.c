/* SPDX-License-Identifier: ISC */
/*
 * report TOKEN [STATUS]: notes that it ran, in a file of root's, says the token on standard output
 * if that is there, and ends with the status.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	char line[128];
	int fd = open("/run/e2e/ran", O_WRONLY | O_CREAT | O_APPEND, 0600);
	int n = snprintf(line, sizeof(line), "%s\n", argc > 1 ? argv[1] : "");

	if (fd < 0 || write(fd, line, (size_t)n) != n)
		return 99;
	if (write(STDOUT_FILENO, line, (size_t)n) != n)
		n = 0; /* whoever closed it knows */
	return argc > 2 ? atoi(argv[2]) : 0;
}
