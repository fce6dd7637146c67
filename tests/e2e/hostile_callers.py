#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""hostile_callers.py: inside a throwaway host whose policy allows `report TOKEN [7]` and `cat /etc/hosts`.

Every request carries a token of its own, so that what ran (/run/e2e/ran, written by report as root) and
what was decided (the event log) can be joined to what the caller saw.
"""

import collections
import ctypes
import errno
import fcntl
import itertools
import json
import os
import pty
import re
import resource
import signal
import subprocess
import sys
import tempfile
import termios
from concurrent.futures import ThreadPoolExecutor

from tap import Tap

AGENT = 59001
HOME = '/home/ai-worker'
RAN, EVENTS = '/run/e2e/ran', '/var/log/writ/events.jsonl'
SUDO = '/usr/bin/sudo'
PLAIN = {'PATH': '/usr/bin:/bin', 'LANG': 'C.UTF-8'}

tap = Tap()
libc = ctypes.CDLL(None, use_errno=True)
numbers = itertools.count(1)
# joined: the token is among the arguments
Answer = collections.namedtuple('Answer', 'name token status out err joined', defaults=[True])
answers = []


def request(name, words, prepare=None, env=None, argv0='sudo', stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, options=('-n',), meanwhile=None,
            **popen):
    """Asks as the agent. {} in words is the token. prepare runs in the child, right before sudo;
    meanwhile(process) in the caller, once sudo is there."""
    token = 't%d' % next(numbers)
    joined = any('{}' in w for w in words)
    line = [argv0, *options, *[w.format(token) if isinstance(w, str) else w for w in words]]
    popen.setdefault('cwd', HOME)
    try:
        process = subprocess.Popen(line, executable=SUDO, user=AGENT, group=AGENT, extra_groups=[],
                                   stdin=stdin, stdout=stdout, stderr=stderr, preexec_fn=prepare,
                                   env=PLAIN if env is None else env, **popen)
    except (OSError, subprocess.SubprocessError) as error:
        answer = Answer(name, token, 'not sent', '', str(error), joined)
    else:
        if meanwhile:
            meanwhile(process)
        out, err = process.communicate()
        answer = Answer(name, token, process.returncode, (out or b'').decode('utf-8', 'replace'),
                        (err or b'').decode('utf-8', 'replace'), joined)
    answers.append(answer)
    return answer


def all_at_once(makers, together=8):
    with ThreadPoolExecutor(together) as pool:
        return list(pool.map(lambda make: make(), makers))


def ran():
    try:
        with open(RAN, encoding='utf-8') as f:
            return collections.Counter(f.read().split())
    except FileNotFoundError:
        return collections.Counter()


def events():
    with open(EVENTS, encoding='utf-8') as f:
        return [json.loads(line) for line in f]


def is_refusal(answer):
    lines = answer.err.splitlines()
    return (answer.status == 1 and not answer.out and lines
            and lines[0].startswith('writ: refused: ') and len(lines) <= 3)


def runs(answer, out=None, status=0):
    want = answer.token + '\n' if out is None else out
    tap.ok(answer.status == status and answer.out == want and answer.err == '' and
           ran()[answer.token] == 1, answer.name + ': runs', str(answer))


def refused(answer):
    tap.ok(is_refusal(answer) and ran()[answer.token] == 0, answer.name + ': refused', str(answer))


def either(answer):
    """Run correctly or refused; where sudo itself or the kernel gave up, nothing ran. Where root may
    not raise a hard limit, the caller's limit on processor time can kill its waiting sudo."""
    count = ran()[answer.token]
    correct = answer.status == 0 and answer.out == answer.token + '\n' and count == 1
    gone = answer.status != 0 and not answer.out and count == 0
    late = (answer.status == -signal.SIGKILL and count == 1 and
            ('RLIMIT_CPU' in answer.name or 'every limit' in answer.name))
    tap.ok(correct or gone or late, '%s: runs, or does not run' % answer.name, '%s\nran: %d' % (answer, count))


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


# Folders

def folders():
    for name, spoil in (('deleted', lambda d: os.rmdir(d)), ('unreadable', lambda d: os.chmod(d, 0)),
                        ('moved', lambda d: os.rename(d, d + '.moved'))):
        folder = tempfile.mkdtemp(dir=HOME)
        os.chown(folder, AGENT, AGENT)

        def prepare():
            os.chdir(folder)
            spoil(folder)
        runs(request('a folder that is ' + name, ['report', '{}'], prepare))
        folder = tempfile.mkdtemp(dir=HOME)
        os.chown(folder, AGENT, AGENT)
        a = request('a relative path there (%s)' % name, ['cat', '../../../etc/hosts'], prepare)
        if name == 'deleted':
            refused(a)
        else:
            tap.ok(is_refusal(a) or (a.status == 0 and 'localhost' in a.out), a.name, str(a))
        folder = tempfile.mkdtemp(dir=HOME)
        os.chown(folder, AGENT, AGENT)
        a = request('a full path there (%s)' % name, ['cat', '/etc/hosts'], prepare)
        tap.ok(a.status == 0 and 'localhost' in a.out, a.name + ': runs', str(a))
    closed = tempfile.mkdtemp(dir=HOME)
    os.makedirs(closed + '/inner')
    os.chmod(closed, 0o711)

    def inside():
        os.chdir(closed + '/inner')
    runs(request('a folder below one that is not the agent\'s', ['report', '{}'], inside))
    deep = HOME + '/deep'

    def very_deep():
        os.makedirs(deep, exist_ok=True)
        os.chdir(deep)
        for _ in range(30):
            os.makedirs('d' * 200, exist_ok=True)
            os.chdir('d' * 200)
    a = request('a folder with a name of 6 KB', ['report', '{}'], very_deep)
    either(a)
    a = request('a relative path there', ['cat', '../hosts'], very_deep)
    refused(a)


# Environments and argv[0]

def environments():
    big = {'V%06d' % i: 'x' * 50 for i in range(20000)}
    for name, env in (('no environment', {}), ('20,000 variables', {**PLAIN, **big}),
                      ('one of 120 KB', {**PLAIN, 'BIG': 'x' * 120000}),
                      ('LANG of 120 KB', {**PLAIN, 'LANG': 'x' * 120000}),
                      ('not UTF-8', {**PLAIN, b'\xff\xfe': b'\xff', b'A': b'\x1b[2J\n'}),
                      ('odd locale', {**PLAIN, 'LC_ALL': '../../../tmp', 'LANGUAGE': '%s%n'}),
                      ('a hostile PATH', {'PATH': HOME + ':.:/tmp'})):
        runs(request('environment: ' + name, ['report', '{}'], env=env))

    def raw():
        """What no library would send: doubles, entries without '=', none before it."""
        words = [b'NO_EQUALS', b'=x', b'A=1', b'A=2', b'=', b'', b'WRIT_OUTPUT', b'PATH=/a', b'PATH=/b']
        token = 't%d' % next(numbers)
        out, writing = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.dup2(writing, 1)
            os.setresgid(AGENT, AGENT, AGENT)
            os.setresuid(AGENT, AGENT, AGENT)
            argv = [b'sudo', b'-n', b'report', token.encode()]
            libc.execve(SUDO.encode(), (ctypes.c_char_p * (len(argv) + 1))(*argv, None),
                        (ctypes.c_char_p * (len(words) + 1))(*words, None))
            os._exit(127)
        os.close(writing)
        with os.fdopen(out) as f:
            said = f.read()
        status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        a = Answer('environment: malformed', token, status, said, '')
        answers.append(a)
        return a
    runs(raw())


def names_of_sudo():
    for name in ('', '-sudo', '/tmp/sudo', 'su do', 'sudo\n', 'x' * 5000, '../sudo', 'sudoreplay',
                 '\x1b[2J', 'docker', '/usr/bin/report'):
        runs(request('argv[0] is %r' % name[:20], ['report', '{}'], argv0=name))
    for name in ('sudoedit', '/tmp/sudoedit'):
        a = request('argv[0] is %r' % name, ['report', '{}'], argv0=name)
        refused(a)
    a = request('no argv at all', [], argv0='', options=())
    tap.ok(a.status == 1 and not a.out, 'no command and an empty name', str(a))


# Names of programs

def programs():
    fake = HOME + '/bin'
    os.makedirs(fake)
    for name in ('docker', 'report'):
        with open('%s/%s' % (fake, name), 'w', encoding='ascii') as f:
            f.write('#!/bin/sh\necho fake >>/run/e2e/fake\necho fake\n')
        os.chmod('%s/%s' % (fake, name), 0o755)
    os.symlink('/usr/bin/report', HOME + '/report-link')
    os.symlink('/usr/bin', HOME + '/link-bin')
    os.link('/usr/bin/report', HOME + '/report-hard')
    first = {'PATH': fake + ':' + HOME + ':.:/usr/bin'}
    a = request('a docker earlier in the caller\'s PATH', ['docker', 'restart', 'ollama'], env=first)
    tap.ok(a.status == 0 and a.out == 'ollama\n', a.name + ': the policy\'s runs', str(a))
    runs(request('a report earlier in the caller\'s PATH', ['report', '{}'], env=first))
    runs(request('in the folder of another report', ['report', '{}'], cwd=fake, env={'PATH': '.'}))
    runs(request('its full path', ['/usr/bin/report', '{}']))
    for path in ('./report', 'bin/report', './docker', '../usr/bin/report', 'usr/bin/report',
                 fake + '/report', '/usr/bin/../bin/report', '/usr//bin/report', '//usr/bin/report',
                 '/usr/bin/./report', '/usr/bin/report/', '/bin/report', HOME + '/report-link',
                 HOME + '/link-bin/report', HOME + '/report-hard', '/proc/self/root/usr/bin/report',
                 '/proc/self/exe', '/dev/fd/0', '/usr/bin/REPORT', 'report ', ' report', 'report\n',
                 '', '/', '.', '..', '/usr/bin', 'x' * 4000, '/' + 'x/' * 2000, '~/bin/report',
                 'report\xad', '/usr/bin/report\x1b[2J'):
        refused(request('program %r' % path[:40], [path, '{}'], env=first,
                        cwd=fake if path.startswith('.') else HOME))
    tap.ok(not os.path.exists('/run/e2e/fake'), 'no program of the agent ran')


# Afterwards

def processes():
    found = []
    for pid in os.listdir('/proc'):
        if not pid.isdigit():
            continue
        try:
            with open('/proc/%s/stat' % pid, encoding='ascii', errors='replace') as f:
                line = f.read()
        except (FileNotFoundError, ProcessLookupError):
            continue
        name, state = line[line.index('(') + 1:line.rindex(')')], line[line.rindex(')') + 2]
        if name in ('sudo', 'sudoedit', 'report') or state == 'Z':
            found.append((pid, name, state))
    return found


def files():
    """All files outside the folders in which something is to be written."""
    ours = (HOME, '/run/writ', '/var/log/writ', '/var/log/sudo-io', '/run/e2e', '/run/host',
            '/usr/share/doc', '/usr/lib/python3')
    found = set()
    for start in ('/etc', '/run', '/var', '/usr', '/srv', '/home', '/dev/shm'):
        for top, below, names in os.walk(start):
            below[:] = [d for d in below if os.path.join(top, d) not in ours]
            found.update(os.path.join(top, name) for name in names + below)
    for folder in ('/', '/root', '/tmp', '/dev'):
        found.update(os.path.join(folder, name) for name in os.listdir(folder))
    return found


def settle():
    """Reaps what the tests orphaned: this process is their reaper."""
    while True:
        try:
            if os.waitpid(-1, 0) == (0, 0):
                return
        except OSError as error:
            if error.errno == errno.ECHILD:
                return


def account():
    """What was decided, ran and ended, of all of the above."""
    log, count = events(), ran()
    decided = collections.Counter(token for e in log if e['event'] == 'decision'
                                  for token in set(re.findall(r'\bt\d+\b', ' '.join(e['argv']))))
    allowed = {e['id']: e for e in log if e['event'] == 'decision' and e['decision'] == 'allow'}
    ended = collections.Counter(e['decision_id'] for e in log if e['event'] == 'exit')
    tap.equal([t for t, n in count.items() if n != 1], [], 'nothing ran twice')
    by_token = {e['argv'][1]: e for e in allowed.values() if len(e['argv']) > 1}
    tap.equal([t for t in count if t not in by_token], [], 'all that ran was decided')
    visible = [a for a in answers if a.joined and (a.status in (0, 7) or is_refusal(a))]
    tap.ok(len(visible) > 300, 'most requests came to an answer', str(len(visible)))
    tap.equal([a for a in visible if decided[a.token] != 1], [], 'each with one decision')
    tap.equal([a for a in answers if decided[a.token] > 1], [], 'and no other has more than one')
    tap.equal([i for i, n in ended.items() if n != 1 or i not in allowed], [],
              'every end belongs to one allowed decision')
    normal = {a.token for a in answers if a.status in (0, 7)}
    tap.equal([t for t, e in by_token.items() if t in normal and ended[e['id']] != 1], [],
              'every command that came to its end has one')
    bad = [e for e in log if e['event'] == 'exit' and e['error'] is None and e['signal'] is None
           and e['status'] not in (0, 7)]
    tap.equal(bad, [], 'and the status that it had')


def main():
    libc.prctl(36, 1, 0, 0, 0)          # PR_SET_CHILD_SUBREAPER
    os.umask(0o022)
    before = files()
    for scene in (closed_descriptors, odd_descriptors, limits, terminals, signals, inherited, many,
                  folders, environments, names_of_sudo, programs):
        scene()
    settle()
    account()
    tap.equal(processes(), [], 'no process and no zombie is left')
    tap.equal(sorted(files() - before), [], 'no stray file is left')
    a = request('and it still works', ['report', '{}'])
    runs(a)
    return tap.done()


if __name__ == '__main__':
    sys.exit(main())
