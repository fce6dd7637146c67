#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""delegation_same.py: holds a long session of sudo at a terminal and prints its transcript.

What differs from one run to the next by nature is replaced: <pid>, <time>, <random>, <pts>. Nothing else
may differ between plain sudoers and sudoers through writ.
"""

import fcntl
import glob
import gzip
import json
import os
import pty
import pwd
import re
import select
import signal
import struct
import subprocess
import sys
import termios

PASSWORD, OTHER, THIRD = 'correct horse', 'another horse', 'third horse'
ASK = r'(password for \w+: ?|custom .*: ?)$'
SHELL = r'# $'

# (user, line, what is typed: (prompt, text) or just text for a password prompt)
STEPS = [
    # passwords, and what they are asked for
    ('carol', 'sudo -k; sudo whoami', [PASSWORD]),
    ('carol', 'sudo whoami', ['wrong', PASSWORD]),
    ('carol', 'sudo whoami', ['wrong', 'worse', 'worst']),
    ('carol', 'sudo whoami', ['\x04']),
    ('carol', 'sudo whoami', ['']),
    ('carol', 'sudo -p "custom %u %U %H %p: " whoami', ['wrong', PASSWORD]),
    ('carol', 'sudo -B whoami', [PASSWORD]),
    ('carol', 'SUDO_ASKPASS=/usr/bin/ask sudo -A whoami', []),
    ('carol', 'sudo -A whoami', []),
    ('carol', 'echo "correct horse" | sudo -S whoami', []),
    ('carol', 'printf "wrong\\nwrong\\n" | sudo -S whoami', []),
    ('carol', 'sudo -n whoami', []),
    ('dave', 'sudo -u carol true', [OTHER]),
    ('dave', 'sudo true', [OTHER]),
    ('bob', 'sudo whoami', ['x', THIRD]),
    ('bob', 'sudo -n whoami', []),
    # tickets
    ('carol', 'sudo -v && sudo -n whoami && echo a valid ticket; sudo -k; sudo -n whoami', [PASSWORD]),
    ('carol', 'sudo true; sudo -k whoami; sudo -n whoami', [PASSWORD, PASSWORD]),
    ('carol', 'sudo -N true; sudo -n whoami', [PASSWORD]),
    ('carol', 'sudo true; sudo -K; sudo -n whoami; sudo -n -v', [PASSWORD]),
    ('carol', 'sudo -v -n; sudo -k -v', [PASSWORD]),
    ('carol', 'sudo -K; sudo -k', []),
    ('bob', 'sudo -v', [THIRD]),
    ('bob', 'sudo -k; sudo -K', []),
    # lists and versions
    ('carol', 'sudo -l', [PASSWORD]),
    ('carol', 'sudo -ll', [PASSWORD]),
    ('carol', 'sudo -l -U ai-worker', [PASSWORD]),
    ('carol', 'sudo -l -U dave; sudo -ll -U dave', [PASSWORD]),
    ('carol', 'sudo -l -U nobody-of-this-name', [PASSWORD]),
    ('carol', 'sudo -l id -u; sudo -l -u bob id; sudo -l no-such-program', [PASSWORD]),
    ('carol', 'sudo -n -l', []),
    ('bob', 'sudo -l', [THIRD]),
    ('dave', 'sudo -l -U carol', [OTHER]),
    ('root', 'sudo -l; sudo -l -U carol; sudo -ll -U bob; sudo -l -U bob id', []),
    ('carol', 'sudo -V; sudo -h', []),
    ('root', 'sudo -V', []),
    # whom and where
    ('carol', 'sudo -u bob id; sudo -u "#59003" id; sudo -g crew id; sudo -u bob -g games id', []),
    ('carol', 'sudo -u nobody-of-this-name id; sudo -g nobody-of-this-name id; sudo -u "#-1" id', []),
    ('carol', 'sudo -D /tmp pwd; sudo -D /none pwd; sudo -D /tmp id', []),
    ('carol', 'sudo -R / ls -d /etc; sudo -R /tmp ls', [PASSWORD]),
    ('carol', 'sudo -h other id; sudo -h writ-host id', []),
    ('carol', 'sudo -P id', []),
    ('carol', 'sudo -C 20 id -u; sudo -C 2 id', []),
    ('carol', 'sudo -T 5 id -u; sudo -T x id; sudo -T 0 id -u', []),
    ('carol', 'sudo sleep 600; echo "status $?"', []),
    ('carol', 'sudo -r r id; sudo -t t id', []),
    # shells, editors
    ('carol', 'sudo -i pwd', [PASSWORD]),
    ('carol', 'sudo -s pwd', [PASSWORD]),
    ('carol', 'SHELL=/bin/sh sudo -s', [PASSWORD, (SHELL, 'echo inside; tty >/dev/null; exit 3')]),
    ('carol', 'sudo -u dave -i', [PASSWORD, (r'\$ $', 'pwd; echo $0; exit 4')]),
    ('carol', 'sudo', []),
    ('carol', 'EDITOR=/usr/bin/change-it sudo -e /etc/edited', [PASSWORD]),
    ('carol', 'SUDO_EDITOR=/usr/bin/true sudoedit /etc/edited', [PASSWORD]),
    ('carol', 'EDITOR=/usr/bin/change-it sudoedit /home/carol/made', [PASSWORD]),
    ('dave', 'EDITOR=/usr/bin/false sudo -u carol -e /etc/edited', [OTHER]),
    ('bob', 'EDITOR=/usr/bin/change-it sudo -e /etc/edited', [THIRD]),
    ('carol', 'sudo -e', []),
    # environment
    ('carol', 'KEPT=kept LOST=lost sudo env', []),
    ('carol', 'KEPT=kept LOST=lost sudo -E env', []),
    ('carol', 'A=1 B=2 sudo --preserve-env=A,B env', []),
    ('carol', 'sudo A=1 PATH=/tmp env', []),
    ('carol', 'sudo -u bob -H A=1 env; sudo -i env', [PASSWORD]),
    ('carol', 'sudo LD_PRELOAD=/x id; sudo A=1 id', [PASSWORD]),
    ('carol', 'TZ=/etc/shadow LANG=../x TERM=%s DISPLAY=:1 sudo env', []),
    ('root', 'sudo env; sudo -u carol A=1 env', []),
    # what runs
    ('carol', '(sudo -b id) | cat; sudo id -u', []),
    ('carol', 'echo input | sudo tee /dev/null; sudo tee /dev/null </etc/hostname', []),
    ('carol', 'sudo dash -c "id -un; hostid; echo intercepted"', []),
    ('carol', 'sudo nice id', []),
    ('carol', 'sudo sh -c "exit 7"; echo $?; sudo sh -c "kill -9 \\$\\$"; echo $?', [PASSWORD]),
    ('carol', 'sudo sh -c "kill -TERM \\$\\$"; echo $?; sudo sh -c "kill -PIPE \\$\\$"; echo $?', [PASSWORD]),
    ('carol', 'sudo no-such-program; sudo ./no-such-program; sudo /etc/hosts', [PASSWORD]),
    ('carol', 'sudo sh -c "cat; echo done" <&-; sudo id -u >&-; sudo id -u 2>&-', [PASSWORD]),
    ('carol', 'umask 077; sudo sh -c "umask; ulimit -n; tty | tr -d 0-9"', [PASSWORD]),
    ('carol', 'sudo --no-such-option; sudo -l -v; sudo -i -s; sudo -k -N id; sudo -U bob id', []),
    ('root', 'sudo id -un; sudo -u carol id -un; sudo -n -u bob sh -c "exit 9"; echo $?', []),
    # accounts
    ('root', 'chage -E 0 carol', []),
    ('carol', 'sudo whoami', [PASSWORD]),
    ('carol', 'sudo -n id', []),
    ('root', 'chage -E -1 carol; chage -d 0 dave', []),
    ('dave', 'sudo -u carol true', [OTHER]),
    ('root', 'chage -d 2026-01-01 dave; usermod -L dave', []),
    ('dave', 'sudo -u carol true', [OTHER, OTHER]),
    ('root', 'usermod -U dave', []),
]


def become(user):
    account = pwd.getpwnam(user)
    os.initgroups(user, account.pw_gid)
    os.setresgid(account.pw_gid, account.pw_gid, account.pw_gid)
    os.setresuid(account.pw_uid, account.pw_uid, account.pw_uid)
    os.chdir(account.pw_dir)
    return {'HOME': account.pw_dir, 'USER': user, 'LOGNAME': user, 'SHELL': account.pw_shell,
            'PATH': '/usr/local/bin:/usr/bin:/bin', 'TERM': 'dumb', 'LANG': 'C.UTF-8'}


def start(user, line):
    pid, terminal = pty.fork()
    if pid == 0:
        try:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack('HHHH', 24, 200, 0, 0))
            os.execve('/bin/bash', ['bash', '-c', line], become(user))
        finally:
            os._exit(127)
    return pid, terminal


def converse(terminal, typed):
    """All that comes, with what is typed at each prompt; after the last one, end of file."""
    seen, since = b'', b''
    typed = [t if isinstance(t, tuple) else (ASK, t) for t in typed]
    while True:
        if not select.select([terminal], [], [], 120)[0]:
            return seen + b'\n(nothing came any more)\n'
        try:
            data = os.read(terminal, 65536)
        except OSError:
            return seen
        if not data:
            return seen
        seen, since = seen + data, since + data
        prompt = typed[0][0] if typed else ASK
        if re.search(prompt.encode(), since):
            text = typed.pop(0)[1] if typed else '\x04'
            os.write(terminal, text.encode() + (b'' if text == '\x04' else b'\n'))
            since = b''


def plain(text):
    """Placeholders for what differs by nature."""
    for pattern, placeholder in ((r'/dev/pts/\d+', '/dev/pts/<pts>'), (r'pts/\d+', 'pts/<pts>'),
                                 (r'/var/tmp/\w+\.\w{8}', '/var/tmp/<random>'),
                                 (r'(: line \d+:) +\d+ +(Killed|Hangup)', r'\1 <pid> \2')):
        text = re.sub(pattern, placeholder, text)
    return text


def show(title, text):
    for line in plain(text).splitlines() or ['(nothing)']:
        print('%s: %s' % (title, line.encode('unicode_escape').decode()))


def show_io_logs():
    for path in sorted(glob.glob('/var/log/sudo-io/**', recursive=True)):
        st = os.lstat(path)
        print('io log: %s %o %d:%d' % (path, st.st_mode, st.st_uid, st.st_gid))
        if not os.path.isfile(path):
            continue
        with open(path, 'rb') as f:
            data = f.read()
        name = os.path.basename(path)
        if data[:2] == b'\x1f\x8b':
            data = gzip.decompress(data)
        if name == 'log.json':
            record = json.loads(data)
            record['timestamp'] = '<time>'
            record.pop('uuid', None)
            data = json.dumps(record, sort_keys=True, indent=1).encode()
        elif name == 'timing':      # kind, seconds, bytes
            data = b'\n'.join(line.split()[0] for line in data.splitlines())
        elif name == 'log':         # begins with the time
            data = re.sub(rb'^\d+', b'<time>', data)
        show('io log', data.decode('utf-8', 'replace'))


def main():
    for user, line, typed in STEPS:
        pid, terminal = start(user, line)
        said = converse(terminal, typed)
        status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        os.close(terminal)
        print('%s$ %s' % (user, line.encode('unicode_escape').decode()))
        show('said', said.decode('utf-8', 'replace'))
        print('status %d' % status)
        tickets = sorted(os.listdir('/run/sudo/ts')) if os.path.isdir('/run/sudo/ts') else []
        print('tickets %s' % tickets)
        try:
            with open('/run/e2e/pam', encoding='utf-8') as f:
                show('pam', f.read())
            os.unlink('/run/e2e/pam')
        except FileNotFoundError:
            print('pam: not asked')
    show_io_logs()
    for path in ['/etc/edited', *sorted(glob.glob('/home/carol/*')), *sorted(glob.glob('/tmp/edited*'))]:
        with open(path, encoding='utf-8') as f:
            show(path, f.read())
    left = subprocess.run(['pgrep', '-l', 'sudo'], capture_output=True, text=True, check=False)
    show('processes left', left.stdout)
    return 0


if __name__ == '__main__':
    signal.alarm(540)
    sys.exit(main())
