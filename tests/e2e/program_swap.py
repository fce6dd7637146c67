#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""program_swap.py FOLDER: inside a throwaway host, with the programs good and evil of FOLDER.

In every scene a rule allows one path, and somebody swaps what is there for another program, as fast as
it can be done, while ai-worker asks for it again and again. Every answer must be that good ran, or a
refusal: evil never runs as root.

Where root itself swaps (a package is upgraded, a mount changes), the other program is ai-worker's file:
that is what must not run. Where ai-worker swaps, everything it can reach is untrusted from the start.
"""

import ctypes
import hashlib
import json
import multiprocessing
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

from tap import Tap

FOLDER = sys.argv[1]
AGENT = 59001
ROOTS, AGENTS = '/usr/lib/swap', '/home/ai-worker/swap'
WITNESS = '/run/e2e/ran-as-root'
SWAPS = 1300            # at least, in each scene
REQUESTS = 36           # in each scene
TOGETHER = 3
MS_BIND, MNT_DETACH, AT_FDCWD, RENAME_EXCHANGE = 0x1000, 2, -100, 2

tap = Tap()
libc = ctypes.CDLL(None, use_errno=True)


def call(name, *args):
    if getattr(libc, name)(*args) != 0:
        raise OSError(ctypes.get_errno(), name)


def exchange(a, b):
    call('renameat2', AT_FDCWD, a.encode(), AT_FDCWD, b.encode(), RENAME_EXCHANGE)


def put(source, path, owner, mode=0o755):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    shutil.copyfile(source, path)
    os.chmod(path, mode)
    os.chown(path, owner, owner)
    return path


def text(content, path, owner):
    with open(path, 'w', encoding='ascii') as f:
        f.write(content)
    os.chmod(path, 0o755)
    os.chown(path, owner, owner)
    return path


def replace_by_link(source, path):
    """rename(2) over path, of another link of source."""
    os.link(source, path + '.new')
    os.rename(path + '.new', path)


def replace_symlink(target, path):
    os.symlink(target, path + '.new')
    os.rename(path + '.new', path)


class Scene:
    """One allowed path, and the two states of what is there. swap(i) brings it into state i % 2; the
    even one is that in which the request must run, unless `always_refused`."""

    def __init__(self, name, path, swap, run='{}', user=0, always_refused=False, swaps=SWAPS,
                 answer='good 0'):
        self.name, self.path, self.swap, self.run, self.user = name, path, swap, run, user
        self.always_refused, self.swaps, self.answer = always_refused, swaps, answer


def scenes():
    good, evil = os.path.join(FOLDER, 'good'), os.path.join(FOLDER, 'evil')
    os.makedirs(ROOTS)
    os.makedirs(AGENTS)
    os.chown(AGENTS, AGENT, AGENT)
    os.chmod('/home/ai-worker', 0o755)
    roots, agents = put(good, ROOTS + '/kept/good', 0), put(evil, ROOTS + '/kept/evil', AGENT)
    own_good, own_evil = put(good, AGENTS + '/good', AGENT), put(evil, AGENTS + '/evil', AGENT)
    roots_evil = put(evil, ROOTS + '/kept/roots-evil', 0)
    with open(good, 'rb') as f:
        digest = hashlib.sha256(f.read()).hexdigest()

    path = put(good, ROOTS + '/renamed', 0)
    yield Scene('root renames another file over it', path,
                lambda i: replace_by_link((roots, agents)[i % 2], ROOTS + '/renamed'))

    put(good, ROOTS + '/right/tool', 0)
    put(evil, AGENTS + '/wrong/tool', AGENT)
    os.chown(AGENTS + '/wrong', AGENT, AGENT)
    os.symlink(ROOTS + '/right', ROOTS + '/link')
    yield Scene('a symbolic link above it', ROOTS + '/link/tool', lambda i: replace_symlink(
        (ROOTS + '/right', AGENTS + '/wrong')[i % 2], ROOTS + '/link'))

    put(good, ROOTS + '/folder/tool', 0)
    put(evil, ROOTS + '/folder.other/tool', AGENT)
    yield Scene('the folder that it is in', ROOTS + '/folder/tool',
                lambda i: exchange(ROOTS + '/folder', ROOTS + '/folder.other'))

    path = put(good, ROOTS + '/covered', 0)
    yield Scene('a mount over it', path, lambda i: (
        call('mount', own_evil.encode(), b'/usr/lib/swap/covered', None, MS_BIND, None) if i % 2
        else call('umount2', b'/usr/lib/swap/covered', MNT_DETACH)))

    path = put(good, ROOTS + '/digested', 0)
    yield Scene('root renames another file of root over it, and the rule has a digest', path,
                lambda i: replace_by_link((roots, roots_evil)[i % 2], ROOTS + '/digested'),
                run='{ "sha256": "%s" }' % digest)

    path = put(good, AGENTS + '/rewritten', AGENT)
    contents = [open(p, 'rb').read() for p in (good, evil)]

    def rewrite(i):
        try:
            with open(AGENTS + '/rewritten', 'r+b') as f:
                f.write(contents[i % 2])
        except OSError:                 # it is being executed
            pass
    yield Scene('the agent changes what is in its own file', path, rewrite, user=AGENT,
                always_refused=True)

    os.symlink(ROOTS + '/kept/good', AGENTS + '/link')
    os.lchown(AGENTS + '/link', AGENT, AGENT)
    yield Scene('a symbolic link of the agent to a program of root', AGENTS + '/link',
                lambda i: replace_symlink((ROOTS + '/kept/good', AGENTS + '/evil')[i % 2],
                                          AGENTS + '/link'), user=AGENT, always_refused=True)

    path = put(good, AGENTS + '/digested', AGENT)
    yield Scene('a digest of what the agent can change', path,
                lambda i: replace_by_link((own_good, own_evil)[i % 2], AGENTS + '/digested'),
                run='{ "sha256": "%s" }' % digest, user=AGENT, always_refused=True)

    path = text('#!%s/interpreter\n' % AGENTS, ROOTS + '/script', 0)
    os.symlink('/bin/sh', AGENTS + '/interpreter')
    yield Scene('the interpreter of a script', path, lambda i: replace_symlink(
        ('/bin/true', AGENTS + '/evil')[i % 2], AGENTS + '/interpreter'), user=AGENT,
                always_refused=True)

    text('#!/bin/sh\nexec %s/kept/good\n' % ROOTS, AGENTS + '/script-good', AGENT)
    text('#!/bin/sh\nexec %s/evil\n' % AGENTS, AGENTS + '/script-evil', AGENT)
    yield Scene('a script of the agent', AGENTS + '/script', lambda i: replace_by_link(
        (AGENTS + '/script-good', AGENTS + '/script-evil')[i % 2], AGENTS + '/script'), user=AGENT,
                always_refused=True)


def load(scene):
    policy = ('{ "version": 1, "rules": [{ "id": "it", "effect": "allow", "program": "%s",'
              ' "argv": [[]], "run": %s }] }' % (scene.path, scene.run))
    with open('/etc/writ/policy.json', 'w', encoding='ascii') as f:
        f.write(policy)


def ask(scene):
    """ 'good 0', 'refused', or what else came """
    done = subprocess.run(['/usr/bin/sudo', '-n', scene.path], user=AGENT, group=AGENT,
                          extra_groups=[], cwd='/home/ai-worker', stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
    out, err = done.stdout.decode(), done.stderr.decode('utf-8', 'replace')
    if done.returncode == 0 and not err:
        return out.strip()
    if done.returncode == 1 and not out and err.startswith('writ: refused: '):
        return 'refused'
    return 'status %d, out %r, err %r' % (done.returncode, out, err)


def swap_on(scene, stop, count):
    if scene.user:
        os.setgroups([])
        os.setresgid(scene.user, scene.user, scene.user)
        os.setresuid(scene.user, scene.user, scene.user)
    i = 1
    while not (stop.is_set() and i > scene.swaps and i % 2):
        scene.swap(i)
        i += 1
    count.value = i


def play(scene):
    load(scene)
    if not scene.always_refused:
        tap.equal(ask(scene), scene.answer, scene.name + ': untouched it runs')
        scene.swap(1)
        tap.equal(ask(scene), 'refused', scene.name + ': the other one is refused')
        scene.swap(0)
    stop, count = multiprocessing.Event(), multiprocessing.Value('i', 0)
    swapper = multiprocessing.Process(target=swap_on, args=(scene, stop, count))
    swapper.start()
    with ThreadPoolExecutor(TOGETHER) as pool:
        answers = list(pool.map(lambda _: ask(scene), range(REQUESTS)))
    stop.set()
    swapper.join()
    good = answers.count(scene.answer)
    tap.diag('%s: %d swaps; %d ran, %d refused' % (scene.name, count.value - 1, good,
                                                  answers.count('refused')))
    others = [a for a in answers if a not in (scene.answer, 'refused')]
    tap.equal(others, [], scene.name + ': run correctly or refused')
    tap.equal(swapper.exitcode, 0, scene.name + ': it was swapped to the end')
    if scene.always_refused:
        tap.equal(good, 0, scene.name + ': never run, in either state')
    return count.value - 1


def main():
    swaps = sum(play(scene) for scene in scenes())
    tap.ok(swaps >= 10000, '10,000 swaps', str(swaps))
    with open(WITNESS, encoding='ascii') as f:
        ran = f.read().split()
    tap.ok('good' in ran, 'the right program did run as root')
    tap.equal([who for who in ran if who != 'good'], [], 'and nothing else ever did')
    with open('/var/log/writ/events.jsonl', encoding='utf-8') as f:
        events = [json.loads(line) for line in f]
    decisions = [e for e in events if e['event'] == 'decision']
    allowed = [e for e in decisions if e['decision'] == 'allow']
    tap.equal(len(allowed), len(ran), 'every run was decided, and every allowed one ran')
    tap.equal(len([e for e in events if e['event'] == 'exit']), len(allowed), 'and ended')
    return tap.done()


if __name__ == '__main__':
    sys.exit(main())
