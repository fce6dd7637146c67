/* SPDX-License-Identifier: ISC */
/*
 * The programs of program_swap.sh: prints WHO ("good" or "evil") and its user; if it is root, it
 * leaves a line in WITNESS as well, whatever became of its output.
 */
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#define WITNESS "/run/e2e/ran-as-root"

int main(void)
{
	if (geteuid() == 0) {
		int fd = open(WITNESS, O_WRONLY | O_CREAT | O_APPEND, 0600);

		if (fd < 0 || write(fd, WHO "\n", sizeof(WHO)) < 0)
			return 2;
	}
	printf("%s %u\n", WHO, (unsigned)geteuid());
	return 0;
}
