# SPDX-License-Identifier: ISC
"""Files that are exchanged while they are asked for, through the real sudo.

    pin_race.py POLICY [REQUESTS]       as root, in the throwaway host that pin_race.sh prepares

First every exchange at the worst moment: after the decision, before the program starts. The lock of
the event log is held meanwhile, so that nothing hangs on luck. With the pins taken out of the policy
each of them shows a secret: then the test is one. Then the service's user exchanges files, links and
folders as fast as it can, and when it sees (inotify) that writ opens the program, during many
requests. What only root can do where the kernel protects hard links (fs.protected_hardlinks=1), a
root process does in its place, as on a host that does not.
"""
import collections
import contextlib
import ctypes
import fcntl
import json
import os
import pwd
import random
import select
import shutil
import subprocess
import sys
import time

from tap import Tap

SUBJECT, SERVICE = 'ai-worker', 'svc'
LOG = '/var/log/svc'
LOCK = '/run/writ/events.lock'
SECRETS = ['/root/token', '/etc/shadow.old', '/var/lib/other/token', '/persist/etc/ssh/token']
MARK, LINE = b'SECRET', b'a line of the service\n'
WORKERS = 4
PATIENCE = 60                           # seconds; only a machine that hangs needs as many
IN_OPEN = 0x20

tap = Tap()


def become(name):
    user = pwd.getpwnam(name)
    os.setgroups([])
    os.setgid(user.pw_gid)
    os.setuid(user.pw_uid)


def as_service(action, *args):
    """Runs it in a process of the service's user."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            become(SERVICE)
            action(*args)
            status = 0
        finally:
            os._exit(status)
    assert os.waitpid(child, 0)[1] == 0, action


def sudo(*argv, cwd='/'):
    return subprocess.Popen(['sudo', '-n', *argv], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                            stderr=subprocess.STDOUT, cwd=cwd, user=SUBJECT, group=SUBJECT,
                            extra_groups=[], env={'PATH': '/usr/bin:/bin', 'LC_ALL': 'C'})


# The worst moment.

def fill():
    """The service's folder as it is before anything is exchanged."""
    for name in os.listdir(LOG):
        path = os.path.join(LOG, name)
        os.unlink(path) if os.path.islink(path) or not os.path.isdir(path) else shutil.rmtree(path)

    def make():
        os.mkdir(LOG + '/folder')
        os.mkdir(LOG + '/other')
        for name in ('app', 'second', 'folder/token'):
            with open(os.path.join(LOG, name), 'wb') as f:
                f.write(LINE)
    as_service(make)


def to_link(path, target):
    as_service(lambda: (os.symlink(target, LOG + '/new'), os.rename(LOG + '/new', path)))


def to_hard_link(path, target):
    os.unlink(path)
    os.link(target, path)


def folder_to_link(path, target):
    as_service(lambda: (os.rename(path, LOG + '/away'), os.symlink(target, path)))


def folder_to_folder(path, target):
    as_service(lambda: (os.mkdir(LOG + '/new'), os.symlink(target, LOG + '/new/token'),
                        os.rename(path, LOG + '/away'), os.rename(LOG + '/new', path)))


APP, FOLDER = LOG + '/app', LOG + '/folder'
EXCHANGES = [
    # name, request, its folder, what is exchanged, what is printed if it is not
    ('a link in place of the file', ['cat', APP], '/', (to_link, APP, '/root/token'), LINE),
    ('a hard link', ['tail', '-n', '5', APP], '/', (to_hard_link, APP, '/root/token'), LINE),
    ('a relative path', ['cat', 'app'], LOG, (to_link, APP, '/var/lib/other/token'), LINE),
    # headers name what the program was given
    ('the second of two', ['tail', '-n1', 'second', 'app'], LOG, (to_link, APP, '/root/token'), None),
    ('an option before it', ['head', '-c', '500', '--', APP], '/',
     (to_link, APP, '/etc/shadow.old'), LINE),
    ('a link in place of the folder', ['cat', FOLDER + '/token'], '/',
     (folder_to_link, FOLDER, '/root'), LINE),
    ('another folder', ['head', '-n1', FOLDER + '/token'], '/',
     (folder_to_folder, FOLDER, '/var/lib/other/token'), LINE),
    ('the folder that is listed', ['ls', FOLDER], '/', (folder_to_link, FOLDER, '/var/lib/other'),
     b'token\n'),
    ('the folder above', ['ls', '-a', FOLDER + '/../other'], '/',
     (folder_to_link, FOLDER, '/var/lib/other'), b'.\n..\n'),
]


@contextlib.contextmanager
def lock_held():
    with open(LOCK, 'r+b') as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def has_decided(process):
    """Whether the request waits for the lock: what it reads and judges, it has read and judged."""
    folder = '/proc/%d/fd' % process.pid
    for fd in os.listdir(folder):
        with contextlib.suppress(FileNotFoundError):
            if os.readlink(os.path.join(folder, fd)) == LOCK:
                return True
    return False


def exchange(argv, cwd, what):
    """What a request prints whose file is exchanged between its decision and its program."""
    fill()
    end = time.monotonic() + PATIENCE
    with lock_held():
        process = sudo(*argv, cwd=cwd)
        while not has_decided(process):
            if process.poll() is not None or time.monotonic() > end:
                process.kill()
                return b'no decision: ' + process.communicate()[0]
        what[0](*what[1:])
    return process.communicate()[0]


def load(policy):
    with open('/etc/writ/policy.json', 'w', encoding='utf-8') as f:
        json.dump(policy, f)


def without_pins(node):
    if isinstance(node, list):
        return [without_pins(item) for item in node]
    if isinstance(node, dict):
        return {key: without_pins(value) for key, value in node.items() if key != 'pin'}
    return node


def worst_moment(policy):
    load(without_pins(policy))
    sudo('cat', '/etc/hosts').communicate()             # the lock's file is there from now on
    for name, argv, cwd, what, _ in EXCHANGES:
        out = exchange(argv, cwd, what)
        tap.ok(MARK in out, '%s: shown if nothing is pinned' % name, repr(out))
    load(policy)
    for name, argv, cwd, what, want in EXCHANGES:
        out = exchange(argv, cwd, what)
        tap.ok(MARK not in out and (out == want if want else out.count(LINE) == 2),
               '%s: what was judged is printed' % name, repr(out))
    fill()
    listed = exchange(['ls', '-l', FOLDER + '/token'], '/', (folder_to_link, FOLDER, '/root'))
    tap.ok(b' svc svc %d ' % len(LINE) in listed, 'ls -l: the file in the folder that was judged',
           repr(listed))


# As fast as it can.

def swap_names(random_, secrets):
    """One exchange by the service's user."""
    what = random_.randrange(8)
    app, folder, new = APP, FOLDER, LOG + '/new%d' % os.getpid()
    if what == 0:
        os.symlink(random_.choice(secrets), new)
        os.rename(new, app)
    elif what in (1, 2):
        with open(new, 'wb') as f:
            f.write(LINE)
        os.rename(new, app)
    elif what == 3:
        os.rename(folder, new)
        os.symlink(random_.choice(['/root', '/var/lib/other', '/persist/etc/ssh']), folder)
        os.unlink(folder)
        os.rename(new, folder)
    elif what == 4:
        os.rename(app, LOG + '/second')
        os.rename(LOG + '/second', app)
    elif what == 5:
        token = folder + '/token'
        os.symlink(random_.choice(secrets), new)
        os.rename(new, token)
        with open(new, 'wb') as f:
            f.write(LINE)
        os.rename(new, token)
    elif what == 6:
        os.mkdir(new)
        os.symlink(random_.choice(secrets), new + '/token')
        os.rename(folder, LOG + '/away')
        os.rename(new, folder)
        os.unlink(folder + '/token')
        os.rmdir(folder)
        os.rename(LOG + '/away', folder)
    else:
        os.unlink(app)
        os.rename(LOG + '/second', app)


def link_secrets(random_, secrets):
    """One hard link, as on a host where everybody may make one."""
    app, new = random_.choice([APP, FOLDER + '/token']), LOG + '/hard%d' % os.getpid()
    os.link(random_.choice(secrets), new)
    os.rename(new, app)
    if random_.randrange(2):
        os.unlink(app)


def mend(service):
    """Puts back what an exchange that met another one left undone."""
    for path in (APP, LOG + '/second'):
        if not os.path.lexists(path):
            with open(path, 'wb') as f:
                f.write(LINE)
    if os.path.islink(FOLDER):
        os.unlink(FOLDER)
    os.makedirs(FOLDER, exist_ok=True)
    if not os.path.lexists(FOLDER + '/token'):
        with open(FOLDER + '/token', 'wb') as f:
            f.write(LINE)
    if not service:
        for path in (APP, LOG + '/second', FOLDER, FOLDER + '/token'):
            with contextlib.suppress(FileNotFoundError):
                # Not the secret's owner, where it is a hard link to one.
                if os.lstat(path).st_nlink == 1 or os.path.isdir(path):
                    os.chown(path, *os.stat(LOG)[4:6], follow_symlinks=False)


def watch_programs():
    libc = ctypes.CDLL(None)
    fd = libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
    for path in ('/usr/bin/cat', '/usr/bin/tail', '/usr/bin/head', '/usr/bin/ls'):
        libc.inotify_add_watch(fd, path.encode(), IN_OPEN)
    return fd


def swapper(service, seed, watching):
    """Never returns; is killed."""
    random_ = random.Random(seed)
    if service:
        become(SERVICE)
    os.nice(5)
    fd = watch_programs() if watching else -1
    while True:
        if watching and select.select([fd], [], [], 0.01)[0]:
            os.read(fd, 65536)
        for _ in range(2):
            try:
                (swap_names if service else link_secrets)(random_, SECRETS)
            except OSError:
                with contextlib.suppress(OSError):
                    shutil.rmtree(LOG + '/new%d' % os.getpid(), ignore_errors=True)
                    with contextlib.suppress(OSError):
                        os.unlink(LOG + '/new%d' % os.getpid())
                    with contextlib.suppress(OSError):
                        os.unlink(LOG + '/hard%d' % os.getpid())
                    mend(service)


REQUESTS = [
    (['cat', APP], '/'),
    (['cat', 'app'], LOG),
    (['tail', '-n', '3', APP], '/'),
    (['tail', '-n3', FOLDER + '/token'], '/'),
    (['head', '-c', '100', 'folder/token', 'app'], LOG),
    (['cat', '/var/log/../log/svc/folder/../app'], '/'),
    (['ls', '-a', FOLDER], '/'),
    (['ls', '-l', FOLDER + '/token'], '/'),
]


def work(index, number, report):
    """Makes requests and reports, a line each: what came of it."""
    counts = collections.Counter()
    for i in range(number):
        argv, cwd = REQUESTS[(i + index) % len(REQUESTS)]
        with contextlib.suppress(OSError):
            os.chdir(cwd)
        read, write = os.pipe()
        child = os.posix_spawn('/usr/bin/sudo', ['sudo', '-n', *argv],
                               {'PATH': '/usr/bin:/bin', 'LC_ALL': 'C'},
                               file_actions=[(os.POSIX_SPAWN_DUP2, write, 1),
                                             (os.POSIX_SPAWN_DUP2, write, 2)])
        os.close(write)
        with open(read, 'rb') as f:
            out = f.read()
        os.waitpid(child, 0)
        if MARK in out:
            report.write('leak %r %r\n' % (argv, out))
        kind = ('refused' if b'writ: refused' in out else 'printed' if LINE in out
                else 'listed' if argv[0] == 'ls' else 'other')
        counts[kind] += 1
    report.write(json.dumps(counts) + '\n')


def race(number):
    """What came of that many requests, and the leaks."""
    fill()
    seed = int(os.environ.get('WRIT_TEST_SEED', '0')) or random.SystemRandom().randrange(1 << 32)
    tap.diag('seed %d (WRIT_TEST_SEED)' % seed)
    children, readers = [], []
    for i, (service, watching) in enumerate([(True, True), (True, False), (False, False)]):
        child = os.fork()
        if child == 0:
            try:
                swapper(service, seed + i, watching)
            finally:
                os._exit(1)
        children.append(child)
    for i in range(WORKERS):
        read, write = os.pipe()
        if os.fork() == 0:
            os.close(read)
            become(SUBJECT)
            with open(0, 'rb', closefd=False), open(write, 'w', encoding='utf-8') as report:
                work(i, number // WORKERS, report)
            os._exit(0)
        os.close(write)
        readers.append(open(read, encoding='utf-8'))
    counts, leaks = collections.Counter(), []
    for reader in readers:
        for line in reader:
            if line.startswith('leak'):
                leaks.append(line.strip())
            else:
                counts.update(json.loads(line))
    for child in children:
        os.kill(child, 9)
        os.waitpid(child, 0)
    return counts, leaks


def main(policy_file, number):
    with open(policy_file, encoding='utf-8') as f:
        policy = json.load(f)
    worst_moment(policy)
    # Nothing is recorded of ten thousand outputs: the test reads them itself.
    policy['defaults']['iolog'] = dict.fromkeys(('stdin', 'stdout', 'stderr', 'tty'), False)
    load(policy)
    start = time.monotonic()
    counts, leaks = race(number)
    tap.diag('%d requests in %d s: %s' % (number, time.monotonic() - start, dict(counts)))
    tap.equal(sum(counts.values()), number // WORKERS * WORKERS, 'all requests were answered')
    tap.equal(leaks[:3], [], 'no secret in %d requests' % number)
    for kind in ('printed', 'refused', 'listed'):
        tap.ok(counts[kind] > number // 100, 'enough were %s' % kind, str(counts))
    with open('/var/log/writ/events.jsonl', encoding='utf-8') as f:
        events = [json.loads(line) for line in f]
    pinned = [pin['path'] for event in events for pin in event.get('pins', ())]
    tap.ok(pinned and all(path == LOG or path.startswith(LOG + '/') for path in pinned),
           'all that was pinned lies in the log folder', str(pinned[:3]))


if __name__ == '__main__':
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 10000)
    sys.exit(tap.done())
