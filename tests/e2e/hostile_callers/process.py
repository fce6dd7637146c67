# SPDX-License-Identifier: ISC
"""What a process hands on to its sudo: descriptors, limits, terminals, signals."""

import collections
import ctypes
import fcntl
import itertools
import json
import os
import pty
import resource
import signal
import subprocess
import termios

from asking import (AGENT, HOME, SUDO, PLAIN, Answer, all_at_once, answers, either, is_refusal,
                    numbers, ran, refused, request, runs, tap)

libc = ctypes.CDLL(None, use_errno=True)


# Descriptors

def closed_descriptors():
    def closer(numbers_closed):
        return lambda: [os.close(n) for n in numbers_closed]
    for n in range(1, 4):
        for closed in itertools.combinations((0, 1, 2), n):
            name = 'closed: %s' % ', '.join(map(str, closed))
            a = request(name, ['report', '{}'], closer(closed))
            runs(a, out='' if 1 in closed else None)
            a = request(name, ['report', 'no-{}-!'], closer(closed))
            tap.ok(a.status == 1 and (2 in closed or is_refusal(a)), name + ': refused', str(a))
    a = request('exit statuses come through, with nothing open', ['report', '{}', '7'],
                closer((0, 1, 2)))
    runs(a, out='', status=7)


def odd_descriptors():
    with open('/dev/full', 'wb') as full:
        a = request('standard output is full', ['report', '{}'], stdout=full)
        # sudo itself gives up when it cannot pass on what the command said
        tap.ok(a.status in (0, 1) and ran()[a.token] <= 1, a.name, str(a))
    for name, flags in (('a folder', os.O_RDONLY), ('write-only', os.O_WRONLY)):
        fd = os.open(HOME if name == 'a folder' else '/dev/null', flags)
        runs(request('standard input is ' + name, ['report', '{}'], stdin=fd))
        os.close(fd)
    reading, writing = os.pipe()
    os.close(reading)
    a = request('nobody reads the output', ['report', '{}'], stdout=writing)
    tap.ok(ran()[a.token] <= 1 and a.status in (0, 1, -signal.SIGPIPE), a.name, str(a))
    os.close(writing)
    runs(request('thousands of open files', ['report', '{}'],
                 lambda: [os.open('/dev/null', os.O_RDONLY) and None for _ in range(1000)],
                 close_fds=False))


# Limits

def limits():
    names = sorted(n for n in dir(resource) if n.startswith('RLIMIT_') and n != 'RLIMIT_OFILE')

    def lower(*pairs):
        def prepare():
            for name, value in pairs:
                hard = resource.getrlimit(getattr(resource, name))[1]
                if hard != resource.RLIM_INFINITY and value > hard:
                    value = hard
                resource.setrlimit(getattr(resource, name), (value, value))
        return prepare
    makers = []
    for name in names:
        for value in (0, 1):
            label = '%s=%d' % (name, value)
            makers.append(lambda l=label, n=name, v=value: request(
                l, ['report', '{}'], lower((n, v))))
    for value in list(range(2, 24)) + [32, 63, 64, 128]:
        makers.append(lambda v=value: request('RLIMIT_NOFILE=%d' % v, ['report', '{}'],
                                              lower(('RLIMIT_NOFILE', v))))
    for value in (1 << 12, 1 << 16, 1 << 20, 5 << 20, 20 << 20, 60 << 20):
        for name in ('RLIMIT_AS', 'RLIMIT_DATA', 'RLIMIT_STACK', 'RLIMIT_FSIZE'):
            makers.append(lambda n=name, v=value: request('%s=%d' % (n, v), ['report', '{}'],
                                                          lower((n, v))))
    smallest = [(n, 0) for n in names if n not in ('RLIMIT_AS', 'RLIMIT_STACK', 'RLIMIT_NOFILE')]
    makers.append(lambda: request('every limit at its smallest', ['report', '{}'], lower(
        *smallest, ('RLIMIT_STACK', 1 << 17), ('RLIMIT_AS', 1 << 26), ('RLIMIT_NOFILE', 3))))
    makers.append(lambda: request('nearly every limit at its smallest', ['report', '{}'],
                                  lower(*smallest)))
    for a in all_at_once(makers):
        either(a)
    a = request('RLIMIT_FSIZE=0, of what is refused', ['report', 'no-{}-!'],
                lower(('RLIMIT_FSIZE', 0)))
    refused(a)


# Terminals and process groups

def terminals():
    runs(request('no terminal', ['report', '{}'], os.setsid))

    def orphan():
        if os.fork():
            os._exit(0)                 # the group's last tie to the session is gone
        os.setpgid(0, 0)
    a = request('an orphaned process group', ['report', '{}'], orphan)
    tap.ok(a.out == a.token + '\n' and ran()[a.token] == 1, a.name + ': runs', str(a))

    for name, mode in (('in the foreground of a terminal', 'foreground'),
                       ('in the background of a terminal', 'background'),
                       ('the terminal hangs up', 'hang up')):
        main, side = pty.openpty()

        def prepare():
            os.setsid()
            fcntl.ioctl(side, termios.TIOCSCTTY, 0)
            if mode == 'background' and os.fork() == 0:
                os.setpgid(0, 0)
                os._exit(0)
            if mode == 'background':
                signal.signal(signal.SIGTTOU, signal.SIG_IGN)
                attributes = termios.tcgetattr(side)
                attributes[3] |= termios.TOSTOP
                termios.tcsetattr(side, termios.TCSANOW, attributes)
        a = request(name, ['report', '{}'], prepare, stdin=side, stdout=subprocess.PIPE,
                    meanwhile=(lambda _: (os.close(side), os.close(main)))
                    if mode == 'hang up' else None)
        tap.ok(a.status in (0, 1, -signal.SIGHUP) and ran()[a.token] <= 1 and
               (a.status != 0 or ran()[a.token] == 1), name, str(a))
        if mode != 'hang up':
            os.close(main)
            os.close(side)


# Signals

def signals():
    def send(process, number, steps):
        """Sends it, and waits for the end; if it stops, it is told to go on."""
        for _ in range(steps):
            pass
        try:
            os.kill(process.pid, number)
        except PermissionError:
            pass
        while True:
            status = os.waitpid(process.pid, os.WUNTRACED)[1]
            if not os.WIFSTOPPED(status):
                return os.waitstatus_to_exitcode(status)
            # Allowed whatever its uid, within one session
            os.kill(process.pid, signal.SIGCONT)

    def as_agent(number, steps):
        """The caller is of the agent's uid too: a process of its own starts sudo and sends it."""
        token = 't%d' % next(numbers)
        reading, writing = os.pipe()
        pid = os.fork()
        if pid == 0:
            try:
                os.setgroups([])
                os.setresgid(AGENT, AGENT, AGENT)
                os.setresuid(AGENT, AGENT, AGENT)
                process = subprocess.Popen(['sudo', '-n', 'report', token], executable=SUDO,
                                           stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                           stderr=subprocess.PIPE, env=PLAIN, cwd=HOME)
                status = send(process, number, steps)
                os.write(writing, json.dumps([status, process.stdout.read().decode(),
                                              process.stderr.read().decode()]).encode())
            finally:
                os._exit(0)
        os.close(writing)
        with os.fdopen(reading, 'rb') as f:
            status, out, err = json.loads(f.read() or b'["caller died", "", ""]')
        os.waitpid(pid, 0)
        a = Answer('%s after %d steps' % (signal.Signals(number).name, steps), token, status, out,
                   err)
        answers.append(a)
        return a

    for number in (signal.SIGSTOP, signal.SIGTERM, signal.SIGHUP, signal.SIGPIPE, signal.SIGKILL,
                   signal.SIGINT, signal.SIGTSTP, signal.SIGALRM, signal.SIGXFSZ):
        got = collections.Counter()
        wrong = []
        for n in range(14):
            a = as_agent(number, n * n * 2500)
            count = ran()[a.token]
            complete = a.status == 0 and a.out == a.token + '\n' and count == 1
            stopped = (a.status != 0 and a.out == '' and count == 0)
            # Killed from behind while it waits: what ran, ran, and its end may be unseen
            late = a.status == -number and count == 1
            got['ran' if complete else 'ended' if stopped else 'late' if late else 'wrong'] += 1
            if not (complete or stopped or late):
                wrong.append(a)
        tap.diag('%s: %s' % (signal.Signals(number).name, dict(got)))
        tap.equal(wrong, [], signal.Signals(number).name +
                  ' from the caller, sooner and later: runs, or does not run')


def inherited():
    def blocked():
        signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())

    def ignored():
        for number in signal.valid_signals():
            try:
                signal.signal(number, signal.SIG_IGN)
            except (OSError, ValueError):
                pass

    def alarm():
        signal.setitimer(signal.ITIMER_REAL, 0.002)
    runs(request('every signal blocked', ['report', '{}'], blocked, restore_signals=False))
    runs(request('every signal ignored', ['report', '{}'], ignored, restore_signals=False))
    either(request('an alarm is set', ['report', '{}'], alarm))
    runs(request('at the lowest priority', ['report', '{}'], lambda: os.nice(19)))
    def pending():
        signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
        for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
            os.kill(os.getpid(), number)
    either(request('every signal blocked and waiting', ['report', '{}'], pending,
                   restore_signals=False))

    def of_kernel(path, text):
        libc.prctl(4, 1, 0, 0, 0)       # the process has just changed its user
        os.write(os.open(path, os.O_WRONLY | os.O_CLOEXEC), text)
    for name, prepare in (
            ('the first to be killed without memory',
             lambda: of_kernel('/proc/self/oom_score_adj', b'1000')),
            ('only when nothing else runs', lambda: os.sched_setscheduler(
                0, os.SCHED_IDLE, os.sched_param(0))),
            ('on one processor', lambda: os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})),
            ('an old kernel by name, and no random addresses', lambda: libc.personality(
                0x0020000 | 0x0040000)),
            ('core dumps of everything', lambda: of_kernel('/proc/self/coredump_filter', b'0x7f')),
            ('timers that may be late by a minute', lambda: libc.prctl(
                29, ctypes.c_ulong(60 * 10 ** 9), 0, 0, 0)),
            ('killed when its parent ends', lambda: libc.prctl(1, 9, 0, 0, 0))):
        runs(request(name, ['report', '{}'], prepare))
    either(request('no clock but by system calls', ['report', '{}'],
                   lambda: libc.prctl(26, 2, 0, 0, 0)))     # PR_SET_TSC: rdtsc is a fault
    a = request('no new privileges', ['report', '{}'], lambda: libc.prctl(38, 1, 0, 0, 0))
    tap.ok(a.status != 0 and not a.out and ran()[a.token] == 0, a.name + ': does not run', str(a))
    done = subprocess.run(['/usr/bin/unshare', '-Ur', SUDO, '-n', 'report', 'in-a-namespace'],
                          user=AGENT, group=AGENT, extra_groups=[], cwd=HOME, env=PLAIN,
                          stdin=subprocess.DEVNULL, capture_output=True, check=False)
    tap.ok(done.returncode != 0 and not done.stdout and not ran()['in-a-namespace'],
           'root of a user namespace only: does not run', str(done))


def many():
    got = all_at_once([lambda: request('200 at once', ['report', '{}']) for _ in range(200)], 200)
    count = ran()
    wrong = [a for a in got if not (a.status == 0 and a.out == a.token + '\n' and not a.err
                                    and count[a.token] == 1) and not is_refusal(a)]
    tap.equal(wrong, [], '200 at once: run correctly or refused')
    tap.diag('%d ran' % sum(count[a.token] for a in got))
