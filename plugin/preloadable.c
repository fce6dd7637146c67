/* SPDX-License-Identifier: ISC */
#include "preloadable.h"

#include <elf.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

/* More program headers than a kernel takes (64 KiB of them) are not looked at. */
#define HEADERS_MAX 1024

static bool is_privileged(int fd)
{
	struct stat st;

	return fstat(fd, &st) < 0 || st.st_mode & (S_ISUID | S_ISGID) ||
	       fgetxattr(fd, "security.capability", NULL, 0) > 0;
}

/* The type of program header i, of either class; PT_NULL if it cannot be read. */
static uint32_t header_type(int fd, const Elf64_Ehdr *wide, const Elf32_Ehdr *narrow, unsigned i)
{
	uint64_t at = wide ? wide->e_phoff + (uint64_t)i * wide->e_phentsize
			   : narrow->e_phoff + (uint64_t)i * narrow->e_phentsize;
	uint32_t type; /* p_type is the first member in both */

	return pread(fd, &type, sizeof(type), (off_t)at) == sizeof(type) ? type : PT_NULL;
}

bool writ_preloadable_is(int fd)
{
	union {
		Elf64_Ehdr wide;
		Elf32_Ehdr narrow;
	} head;
	const Elf64_Ehdr *wide;
	unsigned n;

	memset(&head, 0, sizeof(head));
	if (pread(fd, &head, sizeof(head), 0) < (ssize_t)sizeof(head.narrow) || is_privileged(fd))
		return false;
	wide = head.wide.e_ident[EI_CLASS] == ELFCLASS64 ? &head.wide : NULL;
	n = wide ? head.wide.e_phnum : head.narrow.e_phnum;
	for (unsigned i = 0; i < n && i < HEADERS_MAX; i++)
		if (header_type(fd, wide, &head.narrow, i) == PT_INTERP)
			return true;
	return false;
}
