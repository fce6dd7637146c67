# SPDX-License-Identifier: ISC
"""stop_points.py USER NAME COMMAND...: what a caller could do with the signals that reach his set-user-ID programs.

COMMAND is run as USER and held, it and whatever it starts, before and after each of its system calls. At every
such point it is looked whether USER could stop or kill the process, which could then be for good. Where he can, nobody
may have to wait for it (the lock of the event log is free), and nothing may be half done (each session record has
its event, no draft is there). This process is root's.
"""
import ctypes
import fcntl
import glob
import json
import os
import pwd
import signal
import sys

from tap import Tap

LOCK, EVENTS, RECORDS = '/run/writ/events.lock', '/var/log/writ/events.jsonl', '/run/writ/sessions'

# linux/ptrace.h
SEIZE, INTERRUPT, LISTEN, SYSCALL = 0x4206, 0x4207, 0x4208, 24
OPTIONS = 0x1 | 0x2 | 0x4 | 0x8 | 0x10 | 0x100000   # good system calls; fork, vfork, clone, exec; end with the tracer
EVENT_STOP = 128

libc = ctypes.CDLL(None, use_errno=True)
libc.ptrace.argtypes = [ctypes.c_long] * 4


def ptrace(request, pid, data=0):
    if libc.ptrace(request, pid, 0, data) < 0 and ctypes.get_errno() != 3:
        raise OSError(ctypes.get_errno(), 'ptrace')


def can_signal(user, pid):
    """The kernel's own answer to USER, who is asked for the moment."""
    os.setresuid(user, user, 0)
    try:
        os.kill(pid, 0)
        return True
    except PermissionError:
        return False
    finally:
        os.setresuid(0, 0, 0)


def lock_is_free():
    if not os.path.exists(LOCK):
        return True
    with open(LOCK, 'rb') as f:
        try:
            fcntl.flock(f, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        except BlockingIOError:
            return False


class Events:
    """The sessions that the log has an opening of; read anew only when the log has grown."""

    def __init__(self):
        self.size, self.opened = -1, set()

    def sessions(self):
        size = os.path.getsize(EVENTS) if os.path.exists(EVENTS) else 0
        if size not in (0, self.size):
            with open(EVENTS, encoding='utf-8') as f:
                events = [json.loads(line) for line in f]
            self.opened = {e['session'] for e in events if e['event'] == 'session-open'}
            self.size = size
        return self.opened


class Watch:
    def __init__(self, user):
        self.user, self.events = user, Events()
        self.points = self.held = self.writing = 0
        self.wrong = set()

    def look(self, pid):
        self.points += 1
        free = lock_is_free()
        self.held += not free
        drafts = glob.glob(RECORDS + '/.*.new')
        records = {os.path.basename(path).removesuffix('.json') for path in glob.glob(RECORDS + '/*.json')}
        nameless = records - self.events.sessions()
        self.writing += bool(drafts or nameless)
        if free and not drafts and not nameless:
            return
        if can_signal(self.user, pid):
            self.wrong.add(f'lock free: {free}, drafts: {drafts}, records without an event: {nameless}')


def start(user, command):
    """A process that waits for a byte, then runs the command as the user: it, and where to write."""
    go, write = os.pipe()
    pid = os.fork()
    if pid:
        return pid, write
    os.setsid()
    os.read(go, 1)
    null = os.open('/dev/null', os.O_RDWR)
    for fd in (0, 1, 2):
        os.dup2(null, fd)
    entry = pwd.getpwuid(user)
    os.setgroups([])
    os.setgid(entry.pw_gid)
    os.setuid(user)
    os.chdir('/')
    os.execv(command[0], command)


def follow(first, watch):
    """Lets all run from one system call to the next. The wait status of the first."""
    result = None
    while True:
        try:
            pid, status = os.waitpid(-1, 0x40000000)    # __WALL
        except ChildProcessError:
            return result
        if not os.WIFSTOPPED(status):
            if pid == first:
                result = status
            continue
        number, event = os.WSTOPSIG(status), status >> 16
        if number == signal.SIGTRAP | 0x80:
            watch.look(pid)
        if event == EVENT_STOP and number != signal.SIGTRAP:
            ptrace(LISTEN, pid)
        elif event or number in (signal.SIGTRAP, signal.SIGTRAP | 0x80):
            ptrace(SYSCALL, pid)
        else:
            ptrace(SYSCALL, pid, number)


def main(user, name, *command):
    tap = Tap()
    watch = Watch(pwd.getpwnam(user).pw_uid)
    pid, write = start(watch.user, command)
    ptrace(SEIZE, pid, OPTIONS)
    ptrace(INTERRUPT, pid)
    os.waitpid(pid, 0)
    os.write(write, b'x')
    ptrace(SYSCALL, pid)
    status = follow(pid, watch)
    print(f'# {name}: held at {watch.points} points, {watch.held} of them with the lock, {watch.writing} half done')
    tap.equal(status, 0, f'{name}: it runs to its end')
    tap.ok(watch.held > 0, f'{name}: it was held with the lock in its hand')
    tap.equal(sorted(watch.wrong), [], f'{name}: wherever {user} can stop or kill it, all is done or nothing')
    return tap.done()


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
