# SPDX-License-Identifier: ISC
"""Requests under every resource limit, signal mask and set of closed descriptors that a caller can choose.

    limits.py SCHEMA_FOLDER     as root, in a throwaway host

sudo may fail under them, or refuse. But what runs was recorded before, and nothing in the log is torn.
"""
import itertools
import os
import pwd
import resource
import signal
import sys

import trail
from event_schema import EventSchema
from tap import Tap

RAN = '/run/e2e/ran'
SUBJECT = pwd.getpwnam('ai-worker')
LIMITS = [name for name in dir(resource) if name.startswith('RLIMIT_')]
VALUES = (0, 1, 2, 3, 5, 8, 12, 20, 64, 100, 4096, 65536, 1 << 20, 16 << 20)
tap = Tap()


def sudo(prepare):
    """The wait status of a request by a process that prepares itself."""
    child = os.fork()
    if child == 0:
        try:
            null = os.open('/dev/null', os.O_RDWR)
            for fd in (0, 1, 2):
                os.dup2(null, fd)
            os.setgroups([])
            os.setgid(SUBJECT.pw_gid)
            os.setuid(SUBJECT.pw_uid)
            os.chdir('/')
            prepare()
            os.execve('/usr/bin/sudo', ['sudo', '-n', 'note', 'x' * 3000], {'PATH': '/usr/bin:/bin'})
        finally:
            os._exit(126)
    return os.waitpid(child, 0)[1]


def limited(name, value, hard):
    number = getattr(resource, name)

    def prepare():
        top = resource.getrlimit(number)[1]
        if top != resource.RLIM_INFINITY and value > top:
            return
        resource.setrlimit(number, (value, value if hard else top))
    return prepare


def masked(numbers, how):
    def prepare():
        if how == 'blocked':
            signal.pthread_sigmask(signal.SIG_SETMASK, numbers)
        for number in numbers if how != 'blocked' else ():
            signal.signal(number, signal.SIG_IGN)
    return prepare


def closed(fds):
    def prepare():
        for fd in fds:
            os.close(fd)
    return prepare


def lines(path):
    if not os.path.exists(path):
        return []
    with open(path, encoding='ascii') as f:
        return f.read().split()


def all_preparations():
    for name in LIMITS:
        for value, hard in itertools.product(VALUES, (False, True)):
            yield '%s %d %s' % (name, value, 'hard' if hard else 'soft'), limited(name, value, hard)
    catchable = [n for n in signal.valid_signals() if n not in (signal.SIGKILL, signal.SIGSTOP) and n < 32]
    yield 'all signals blocked', masked(catchable, 'blocked')
    yield 'all signals ignored', masked(catchable, 'ignored')
    for count in range(1, 4):
        for fds in itertools.combinations((0, 1, 2), count):
            yield 'descriptors %s closed' % (fds,), closed(fds)
    yield 'umask 0777', lambda: os.umask(0o777)
    yield 'nice', lambda: os.nice(19)


def main(schemas):
    tap.equal(sudo(lambda: None), 0, 'a plain request runs')
    unlike, names = [], {}
    for name, prepare in all_preparations():
        before = len(lines(RAN))
        status = sudo(prepare)
        ran = lines(RAN)[before:]
        names.update((i, name) for i in ran)
        if (status == 0) != bool(ran):
            unlike.append('%s: %x, ran %s' % (name, status, ran))
    events, torn, wrong = trail.read(EventSchema(schemas))
    allowed = {e['id'] for e in events if e['event'] == 'decision' and e['decision'] == 'allow'}
    tap.diag('%d of these ran' % len(names))
    tap.equal([names[i] for i in names if i not in allowed], [], 'nothing runs that is not recorded')
    tap.equal(unlike, [], 'a success is one, and a failure none')
    tap.equal([torn, wrong, trail.unfit()], [[], [], []], 'the log is whole')
    tap.ok(len(names) > len(LIMITS) * len(VALUES) / 2, 'a good part of them runs')
    tap.equal(sudo(lambda: None), 0, 'afterwards too')
    return tap.done()


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
