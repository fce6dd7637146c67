# SPDX-License-Identifier: ISC
"""Where a request comes from and what it says: folders, environments, names of programs."""

import ctypes
import os
import tempfile

from asking import (AGENT, HOME, SUDO, PLAIN, Answer, answers, either, is_refusal, numbers, ran,
                    refused, request, runs, tap)

libc = ctypes.CDLL(None, use_errno=True)


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
                      ('2 MB', {**PLAIN, **{'V%02d' % i: 'x' * 120000 for i in range(17)}}),
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
