# SPDX-License-Identifier: ISC
"""A writer of the event log at each of its steps.

    crash.py WRITER LOGROTATE_FILE SCHEMA_FOLDER     as root, in a throwaway host

The steps are its system calls, as strace counts them: nothing hangs on luck. Killed at any of them
it leaves whole lines, and folders and files as they should be; frozen while the log is rotated away
under it, it writes to the new one; and no step depends on how large the log is.
"""
import collections
import datetime
import fcntl
import os
import re
import shutil
import signal
import stat
import subprocess
import sys
import time

import trail
from event_schema import EventSchema
from tap import Tap

LOG = trail.FOLDER + '/events.jsonl'
LARGE = 10 << 30
SUBJECT = 'ai-worker'
SEED = '7'
TRACE = '/run/e2e/trace'
CALL = re.compile(r'(?:\d+ +)?(\w+)\((.*)\) += (-?\d+|\?|0x[0-9a-f]+)')
tap = Tap()


def clear():
    shutil.rmtree(trail.FOLDER, ignore_errors=True)
    shutil.rmtree('/run/writ', ignore_errors=True)


def write(writer, count=1):
    return subprocess.run([writer, SEED, str(count)], stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)


def traced(command, *options):
    """The calls of a command, as (name, arguments, result)."""
    done = subprocess.run(['strace', '-f', '-qq', '-o', TRACE, *options, *command],
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          check=False)
    with open(TRACE, encoding='utf-8', errors='replace') as f:
        calls = [match.groups() for match in map(CALL.match, f) if match]
    return done, calls


def unfit():
    """What is not as it should be of that which is there."""
    wrong = trail.unfit() if os.path.isdir(trail.FOLDER) else []
    adm = os.stat('/run/e2e/adm').st_gid
    for path, mode, group in ((trail.FOLDER, 0o750, adm), ('/run/writ', 0o711, 0),
                              ('/run/writ/events.lock', 0o600, 0)):
        if os.path.exists(path):
            st = os.stat(path)
            if (stat.S_IMODE(st.st_mode), st.st_uid, st.st_gid) != (mode, 0, group):
                wrong.append('%s: %o %d:%d' % (path, st.st_mode, st.st_uid, st.st_gid))
    return wrong


def killed_everywhere(writer, schema, name, prepare):
    """Each call of a writer is its last once."""
    prepare()
    done, calls = traced([writer, SEED, '1'])
    assert done.returncode == 0, done.stdout
    wrong, seen, steps = [], collections.Counter(), 0
    for call, _, _ in calls:
        seen[call] += 1
        if call in ('execve', 'exit_group'):
            continue
        prepare()
        where = '%s number %d' % (call, seen[call])
        inject = 'inject=%s:signal=KILL:when=%d' % (call, seen[call])
        done, _ = traced([writer, SEED, '1'], '-e', inject)
        steps += 1
        if done.returncode != -signal.SIGKILL:
            wrong.append('%s: it was not killed: %s' % (where, done.stdout))
        wrong += ['%s: %s' % (where, what) for what in unfit()]
        if write(writer).returncode != 0:
            wrong.append('%s: nobody can write afterwards' % where)
        _, torn, bad = trail.read(schema)
        wrong += ['%s: %r' % (where, what) for what in torn + bad + unfit()]
    tap.ok(not wrong, '%s: killed at any of its system calls it leaves whole lines' % name,
           '\n'.join(wrong))
    tap.ok(steps > 40, '%s: these were many (%d)' % (name, steps))


def torn_everywhere(writer, schema):
    """What a dead writer left of a line stands alone."""
    clear()
    write(writer)
    text = trail.content(LOG)
    wrong = []
    for cut in range(1, len(text)):
        with open(LOG, 'r+b') as f:
            f.truncate(0)
            f.write(text[:cut])
        write(writer)
        after = trail.content(LOG)
        rest = after[cut:]
        want = b'' if text[cut - 1:cut] == b'\n' else b'\n'
        if after[:cut] != text[:cut] or not rest.startswith(want + b'{"time":"'):
            wrong.append('after %d bytes: %r' % (cut, after))
    _, torn, bad = trail.read(schema)
    tap.ok(not wrong and not bad and len(torn) <= 1, 'a line torn anywhere loses only itself',
           '\n'.join(wrong[:5] + bad))


def rotate(logrotate_file):
    subprocess.run(['logrotate', '-f', '-s', '/run/e2e/logrotate.state', logrotate_file], check=True)


def until(what, reason):
    end = time.monotonic() + 60
    while not what():
        assert time.monotonic() < end, reason
        time.sleep(0.01)


def is_stopped():
    """By the signal, and not for a moment by strace: /proc does not tell one from the other."""
    with open(TRACE, encoding='utf-8') as f:
        return 'stopped by SIGSTOP' in f.read()


def frozen(writer, logrotate_file, schema, rotations):
    """Stopped after it has opened the log, before it writes. A frozen cgroup does the same."""
    clear()
    write(writer)
    with open(TRACE, 'w', encoding='utf-8'):
        pass
    process = subprocess.Popen(['strace', '-qq', '-D', '-o', TRACE, '-P', LOG,
                                '-e', 'inject=pread64:signal=STOP:when=1', writer, SEED, '1'],
                               stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
    until(is_stopped, 'it does not stop')
    for _ in range(rotations):
        rotate(logrotate_file)
        # what logrotate leaves alone is empty
        with open(LOG, 'ab') as f:
            f.write(b'{}\n')
    thawed = datetime.datetime.utcnow().isoformat()
    os.kill(process.pid, signal.SIGCONT)
    told = process.communicate()[0].decode().split('\n')[:-1]
    lines = [line for path in trail.files() for line in trail.content(path).split(b'\n')]
    events = [event for event in trail.read(Any())[0] if event]
    keys = [trail.key(event) for event in events]
    name = 'frozen for %d rotations' % rotations
    tap.equal(process.returncode, 0, name + ': it ends well')
    tap.equal([keys.count(k) for k in told], [1] * len(told), name + ': what it wrote is there, once')
    tap.ok(all(e['time'] >= thawed for e in events if trail.key(e) in told),
           name + ': with the time of writing', '%s: %s' % (thawed, events))
    tap.equal(len(lines) - len(trail.files()), rotations + len(keys), name + ': and the rest')


class Any:
    """In place of the schema, where a log has lines of the test's own."""

    @staticmethod
    def why_not(_event):
        return None


def holds(pid, path):
    """Whether the process has that file open, by a name that is still its own."""
    for fd in os.listdir('/proc/%d/fd' % pid):
        try:
            if os.readlink('/proc/%d/fd/%s' % (pid, fd)) == path:
                return True
        except FileNotFoundError:
            pass
    return False


def replaced_lock(writer):
    """The lock is deleted while a writer waits for it, and another process locks a new one."""
    lock = '/run/writ/events.lock'
    clear()
    write(writer)
    before = trail.content(LOG)
    with open(lock, 'rb') as old:
        fcntl.flock(old, fcntl.LOCK_EX)
        process = subprocess.Popen([writer, SEED, '1'], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
        until(lambda: holds(process.pid, lock), 'it does not wait')
        os.unlink(lock)
        new = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(new, fcntl.LOCK_EX)
    until(lambda: process.poll() is not None or holds(process.pid, lock), 'it does not go on')
    tap.ok(process.poll() is None and trail.content(LOG) == before,
           'a lock that was replaced is not the lock')
    os.close(new)
    told = process.communicate()[0].decode().split()
    tap.ok(process.returncode == 0 and told and trail.content(LOG).count(told[-1].encode()) == 1,
           'it writes under the new one')


def make_large():
    clear()
    os.mkdir(trail.FOLDER, 0o750)
    with open(LOG, 'wb') as f:
        os.fchmod(f.fileno(), 0o640)
        f.truncate(LARGE - 1)
        f.seek(0, os.SEEK_END)
        f.write(b'\n')


def shape(calls):
    """What calls have in common whose numbers, times and ids differ."""
    return [(name, re.sub(r'"[^"]*"(\.\.\.)?|0x[0-9a-f]+|\d+', '', arguments), result == '-1')
            for name, arguments, result in calls]


def large(writer):
    """No step more, no byte more is read, whether the log has 1 KB or 10 GB."""
    commands = (('the writer', [writer, SEED, '1'], []),
                ('sudo', ['env', 'PATH=/usr/bin:/bin', 'sudo', '-n', 'show-arguments', 'x'],
                 ['-u', SUBJECT]))
    for name, command, options in commands:
        clear()
        write(writer)
        done, small = traced(command, '-P', LOG, *options)
        assert done.returncode == 0, done.stdout
        make_large()
        done, big = traced(command, '-P', LOG, *options)
        assert done.returncode == 0, done.stdout
        tap.ok(len(small) > 5 and any(call[0] == 'writev' for call in big),
               '%s: its calls on the log are seen (%d)' % (name, len(small)))
        tap.equal(shape(big), shape(small), '%s: the same calls on a log of 10 GB' % name)
        tap.equal(sum(int(result) for call, _, result in big if 'read' in call),
                  sum(call == 'writev' for call, _, _ in big), '%s: which read a byte for each event' % name)
        tap.ok(os.stat(LOG).st_size > LARGE and os.stat(LOG).st_blocks < 1000,
               '%s: and wrote to its end' % name)


def main(writer, logrotate_file, schemas):
    schema = EventSchema(schemas)
    with open('/run/e2e/adm', 'w', encoding='ascii') as f:
        shutil.chown(f.name, 'root', 'adm')
    killed_everywhere(writer, schema, 'the first writer', clear)

    def with_log():
        clear()
        write(writer)
    killed_everywhere(writer, schema, 'a later one', with_log)
    torn_everywhere(writer, schema)
    for rotations in (1, 2, 3):
        frozen(writer, logrotate_file, schema, rotations)
    replaced_lock(writer)
    large(writer)
    return tap.done()


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
