/* SPDX-License-Identifier: ISC */
#include "execveat.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "cleanup.h"
#include "error.h"

/* Every way to make the call: the machine's own ABI and those of older programs on it. Numbers are
 * from the kernel's asm/unistd.h. And execve(2) by int 0x80, which a 64-bit program may use as
 * well: sudo takes that for a mistake of its own and lets it pass (seen with 1.9.13 and 1.9.17). */
static const struct abi {
	uint32_t arch, number;
} abis[] = {
#if defined(__x86_64__)
	{AUDIT_ARCH_X86_64, 322},
	{AUDIT_ARCH_X86_64, 0x40000000 | 545}, /* x32 */
	{AUDIT_ARCH_I386, 358},
	{AUDIT_ARCH_I386, 11},
#elif defined(__aarch64__)
	{AUDIT_ARCH_AARCH64, 281},
	{AUDIT_ARCH_ARM, 387},
#elif defined(__riscv) && __riscv_xlen == 64
	{AUDIT_ARCH_RISCV64, 281},
#endif
	{0, 0},
};
#define ABIS (ARRAY_SIZE(abis) - 1)

bool writ_execveat_known(void)
{
	return ABIS > 0;
}

int writ_execveat_forbid(struct writ_error *err)
{
	struct sock_filter code[5 * ARRAY_SIZE(abis) + 1];
	struct sock_fprog program = {.filter = code};
	size_t n = 0;

	for (size_t i = 0; i < ABIS; i++) {
		code[n++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
							 offsetof(struct seccomp_data, arch));
		code[n++] =
			(struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, abis[i].arch, 0, 3);
		code[n++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
							 offsetof(struct seccomp_data, nr));
		code[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, abis[i].number,
							 0, 1);
		code[n++] =
			(struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS);
	}
	code[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	program.len = (unsigned short)n;
	/* Not by prctl's no_new_privs, which set-user-ID programs below would feel: root need not.
	 */
	if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) < 0)
		return writ_error_errno(err, errno, "seccomp");
	return 0;
}
