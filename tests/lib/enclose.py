#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""enclose.py [--with-parent] [--audit] COMMAND...: runs COMMAND as the first process of its own namespaces.

Private to it: mounts, processes, network (a loopback interface only), host name, System V IPC.
The kernel's audit log is out of its reach: a seccomp filter answers socket(NETLINK_AUDIT) with
EPROTONOSUPPORT, as a kernel without audit does, and set-user-ID programs inherit the filter.
Namespaces alone would not do: the kernel takes audit messages from every network and PID namespace.
With --audit it does take them, for a test that has an auditd of its own outside (auditd.py).

Whatever ends this process (a signal that it passes on, SIGKILL included) ends everything inside.
Exit status: the command's; 128+N for signal N; 125 when the kernel does not permit namespaces.
"""
import ctypes
import fcntl
import os
import platform
import signal
import socket
import struct
import sys

NOT_PERMITTED = 125
CLONE_NEWNS, CLONE_NEWUTS, CLONE_NEWIPC = 0x00020000, 0x04000000, 0x08000000
CLONE_NEWPID, CLONE_NEWNET = 0x20000000, 0x40000000
MS_REC, MS_PRIVATE = 0x4000, 0x40000
PR_SET_PDEATHSIG, PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 1, 22, 2
NETLINK_AUDIT, EPROTONOSUPPORT = 9, 93
SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 1

# machine: (AUDIT_ARCH_*, the number of socket(2)), from the kernel's asm/unistd.h and linux/audit.h
MACHINES = {
    'x86_64': (0xC000003E, 41),
    'aarch64': (0xC00000B7, 198),
    'riscv64': (0xC00000F3, 198),
}

libc = ctypes.CDLL(None, use_errno=True)


def call(name, *args):
    if getattr(libc, name)(*args) != 0:
        error = ctypes.get_errno()
        raise OSError(error, f'{name}: {os.strerror(error)}')


def prctl(option, *args):
    padded = list(args) + [0] * (4 - len(args))
    call('prctl', ctypes.c_int(option), *[ctypes.c_ulong(a) for a in padded])


def raise_loopback():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        request = struct.pack('16sh14x', b'lo', 0)
        flags = struct.unpack('16sh14x', fcntl.ioctl(s, SIOCGIFFLAGS, request))[1]
        fcntl.ioctl(s, SIOCSIFFLAGS, struct.pack('16sh14x', b'lo', flags | IFF_UP))


def filter_audit():
    """socket(AF_NETLINK, …, NETLINK_AUDIT) fails; every other call, and every other ABI, is let be."""
    arch, number = MACHINES[platform.machine()]
    load, equal, answer = 0x20, 0x15, 0x06
    rules = [
        (load, 0, 0, 4),                                 # the ABI of the call
        (equal, 0, 7, arch),
        (load, 0, 0, 0),                                 # its number
        (equal, 0, 5, number),
        (load, 0, 0, 16),                                # the address family
        (equal, 0, 3, socket.AF_NETLINK),
        (load, 0, 0, 32),                                # the protocol
        (equal, 0, 1, NETLINK_AUDIT),
        (answer, 0, 0, 0x00050000 | EPROTONOSUPPORT),    # SECCOMP_RET_ERRNO
        (answer, 0, 0, 0x7FFF0000),                      # SECCOMP_RET_ALLOW
    ]
    code = b''.join(struct.pack('HBBI', *rule) for rule in rules)
    buffer = ctypes.create_string_buffer(code)
    program = ctypes.create_string_buffer(
        struct.pack('HxxxxxxP', len(rules), ctypes.addressof(buffer)))
    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.addressof(program))


def forget_login():
    """What runs inside was started by no login, whoever started the tests."""
    try:
        with open('/proc/self/loginuid', 'w', encoding='ascii') as f:
            f.write(str(2**32 - 1))
    except OSError:
        pass                                   # no audit in this kernel, or it holds login uids to be final


def run_inside(command, parent_alive, audit):
    prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    os.set_blocking(parent_alive, False)
    try:
        if os.read(parent_alive, 1) == b'':
            os._exit(NOT_PERMITTED)            # the parent died before the line above took effect
    except BlockingIOError:
        pass
    raise_loopback()
    forget_login()
    if not audit:
        filter_audit()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGPIPE):
        signal.signal(number, signal.SIG_DFL)
    os.execvp(command[0], command)


def main(args):
    options = set()
    while args and args[0] in ('--with-parent', '--audit'):
        options.add(args.pop(0))
    with_parent, audit, command = '--with-parent' in options, '--audit' in options, args
    if not command:
        print(__doc__, file=sys.stderr)
        return 2
    if platform.machine() not in MACHINES:
        print(f'enclose: cannot keep the kernel audit log out of reach on {platform.machine()}',
              file=sys.stderr)
        return NOT_PERMITTED
    if with_parent:
        prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    try:
        call('unshare', CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWPID | CLONE_NEWNET)
        call('mount', None, b'/', None, ctypes.c_ulong(MS_REC | MS_PRIVATE), None)
    except OSError as error:
        print(f'enclose: private namespaces are not permitted here ({error.strerror})',
              file=sys.stderr)
        return NOT_PERMITTED

    child = 0

    def stop(number, _frame):
        if child:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
        os._exit(128 + number)

    stoppers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)
    signal.pthread_sigmask(signal.SIG_BLOCK, stoppers)
    for number in stoppers:
        signal.signal(number, stop)
    parent_alive, _kept_open = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(_kept_open)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, stoppers)
        try:
            run_inside(command, parent_alive, audit)
        except OSError as error:
            print(f'enclose: {error}', file=sys.stderr)
            os._exit(NOT_PERMITTED)
    os.close(parent_alive)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, stoppers)
    _, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    return code if code >= 0 else 128 - code


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
