# SPDX-License-Identifier: ISC
"""200 writers at once, half of them killed at random moments, while the log is rotated.

    storm.py WRITER LOGROTATE_FILE SCHEMA_FOLDER [SEED]     as root, in a throwaway host

First programs that append events of every kind with the code that the plugin uses, then the real
sudo. Whatever moment each is killed in: what a writer was told is recorded is there, once; every
line that ends is an event that fits the schema, or the beginning of one, alone on its line.
"""
import os
import random
import selectors
import signal
import subprocess
import sys
import threading
import time

import trail
from event_schema import EventSchema
from tap import Tap

WRITERS, LINES = 200, 40
ENDLESS = 1000000
ROTATIONS = 90                      # fewer than the file keeps
RAN = '/run/e2e/ran'
tap = Tap()


class Rotation:
    """Rotates as often as it can, from its beginning to its end."""

    def __init__(self, logrotate_file):
        self.file = logrotate_file
        self.output = []
        self.count = 0
        self.over = threading.Event()
        self.thread = threading.Thread(target=self.run)

    def once(self):
        # first among 200: the more rotations the better
        done = subprocess.run(['nice', '-n', '-15', 'logrotate', '-f',
                               '-s', '/run/e2e/logrotate.state', self.file],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        self.count += 1
        if done.returncode != 0 or done.stdout:
            self.output.append('%d: %s' % (done.returncode, done.stdout.decode()))

    def run(self):
        while not self.over.is_set() and self.count < ROTATIONS:
            self.once()

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.thread.join()


def clear():
    for path in trail.files() if os.path.isdir(trail.FOLDER) else []:
        os.unlink(path)


def judge(name, schema, rotation, told, killed):
    """What holds whoever wrote. Returns the events."""
    events, torn, wrong = trail.read(schema)
    keys = [trail.key(event) for event in events]
    once = set(keys)
    tap.diag('%s: %d events, %d told, %d killed, %d torn lines, %d rotations' % (
        name, len(events), len(told), killed, len(torn), rotation.count))
    tap.equal(rotation.output, [], name + ': logrotate has nothing to say')
    tap.ok(len(trail.files()) > 2, name + ': the log was rotated meanwhile')
    tap.equal(trail.unfit(), [], name + ': all files are root\'s, and adm\'s to read')
    tap.equal(wrong, [], name + ': every line that is JSON is an event')
    tap.equal(len(keys), len(once), name + ': none is there twice')
    tap.equal([k for k in told if k not in once], [], name + ': none that was recorded is lost')
    times = [event['time'] for event in events]
    tap.ok(times == sorted(times), name + ': all are in the order of their times')
    tap.ok(len(torn) <= killed, name + ': a writer that is killed tears its own line at most',
           '%d torn lines' % len(torn))
    tap.equal([line[:300] for line in torn
               if not line.startswith(b'{"time":"'[:len(line)]) or line.count(b'{"time":') > 1],
              [], name + ': and no line holds more than one')
    return events


def start_writer(writer, seed, lines):
    return subprocess.Popen([writer, str(seed), str(lines)], stdin=subprocess.PIPE,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE)


class Crowd:
    """Writers whose output is read as it comes; victims are killed in the midst of it."""

    def __init__(self, writer, rng):
        self.selector = selectors.DefaultSelector()
        victims = set(rng.sample(range(WRITERS), WRITERS // 2))
        # how many lines a victim may write before it is killed
        self.left = [rng.randrange(LINES) if n in victims else None for n in range(WRITERS)]
        self.writers = [start_writer(writer, rng.getrandbits(60), LINES if left is None else ENDLESS)
                        for left in self.left]
        self.told = []
        self.rest = [b''] * WRITERS
        for n, process in enumerate(self.writers):
            os.set_blocking(process.stdout.fileno(), False)
            self.selector.register(process.stdout, selectors.EVENT_READ, n)

    def hear(self, n):
        data = self.writers[n].stdout.read()
        if not data:
            self.selector.unregister(self.writers[n].stdout)
            return
        lines = (self.rest[n] + data).split(b'\n')
        self.rest[n] = lines.pop()
        self.told += [line.decode() for line in lines]
        if self.left[n] is not None:
            self.left[n] -= len(lines)
            self.kill(n)

    def kill(self, n):
        if self.left[n] is not None and self.left[n] <= 0:
            self.writers[n].kill()

    def run(self):
        for process in self.writers:
            process.stdin.close()
        for n in range(WRITERS):
            self.kill(n)
        while self.selector.get_map():
            for ready, _ in self.selector.select():
                self.hear(ready.data)
        return [process.wait() for process in self.writers]


def library(rng, writer, logrotate_file, schema):
    clear()
    crowd = Crowd(writer, rng)
    with Rotation(logrotate_file) as rotation:
        statuses = crowd.run()
    killed = statuses.count(-signal.SIGKILL)
    judge('writers', schema, rotation, crowd.told, killed)
    tap.equal(killed, WRITERS // 2, 'writers: half of them were killed while they wrote')
    tap.equal([(s, crowd.writers[n].stderr.read()) for n, s in enumerate(statuses)
               if s not in (0, -signal.SIGKILL)], [], 'writers: the others wrote all that they had')


def start_sudo(number, victim):
    """A victim's command does not end by itself."""
    line = ['sudo', '-n', 'note', 'stay' if victim else 'end', 'n%d' % number, 'x' * 3000, '"}{"time":"']
    return subprocess.Popen(line, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                            stderr=subprocess.PIPE, cwd='/', user='ai-worker', group='ai-worker',
                            extra_groups=[], env={'PATH': '/usr/bin:/bin', 'LC_ALL': 'C'})


def wait_for_none(name):
    """What a killed sudo leaves behind (its monitor, the command) ends by itself."""
    while subprocess.run(['pgrep', '-x', name], stdout=subprocess.DEVNULL, check=False).returncode == 0:
        time.sleep(0.02)


def real(rng, logrotate_file, schema):
    clear()
    victims = set(rng.sample(range(WRITERS), WRITERS // 2))
    processes, timers = [], []
    with Rotation(logrotate_file) as rotation:
        for n in range(WRITERS):
            processes.append(start_sudo(n, n in victims))
            if n in victims:
                timers.append(threading.Timer(rng.uniform(0, 0.3), processes[n].kill))
                timers[-1].start()
        errors = [process.stderr.read() for process in processes]
        statuses = [process.wait() for process in processes]
        for timer in timers:
            timer.join()
        wait_for_none('sudo')
    killed = statuses.count(-signal.SIGKILL)
    with open(RAN, encoding='ascii') as f:
        ran = f.read().split()
    events = judge('sudo', schema, rotation, ran, killed)
    tap.equal(killed, len(victims), 'sudo: half of them were killed')
    tap.equal([(s, e) for s, e in zip(statuses, errors) if s not in (0, -signal.SIGKILL)], [],
              'sudo: the others ran')
    allowed = {e['id']: e['argv'][2] for e in events
               if e['event'] == 'decision' and e['decision'] == 'allow'}
    ended = {e['decision_id'] for e in events if e['event'] == 'exit'}
    tap.equal([i for i in ran if i not in allowed], [], 'sudo: what ran was allowed before')
    survived = {'n%d' % n for n, status in enumerate(statuses) if status == 0}
    tap.equal(survived - set(allowed.values()), set(), 'sudo: each that ran has its decision')
    tap.equal([i for i, name in allowed.items() if name in survived and i not in ended], [],
              'sudo: and its exit')


def main(writer, logrotate_file, schemas, seed):
    if not seed:    # a run that judges a change can be repeated; others draw anew
        seed = '20261121' if os.environ.get('CI') else str(int.from_bytes(os.urandom(4), 'big'))
    tap.diag('seed %s (WRIT_TEST_SEED)' % seed)
    rng = random.Random(int(seed))
    schema = EventSchema(schemas)
    library(rng, writer, logrotate_file, schema)
    real(rng, logrotate_file, schema)
    return tap.done()


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
