#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""measure.py KINDS ROUNDS: times `sudo -n docker restart ollama` by every kind, and prints ratios.

KINDS has a folder for each kind with its sudo.conf, sudoers and policy.json, and perhaps log_size: how many
bytes the event log has before. Run by run.sh.
"""
import os
import pwd
import shutil
import statistics
import sys
import time

LINE = ['sudo', '-n', 'docker', 'restart', 'ollama']
RUNS = 20                   # of one kind in one round
TARGETS = {'sudo.conf': ('/etc/sudo.conf', 0o644), 'sudoers': ('/etc/sudoers', 0o440),
           'policy.json': ('/etc/writ/policy.json', 0o644)}
GROUPS = (('without I/O logs', 'floor', ('floor', 'floor-with-sudoers', 'sudoers', 'writ')),
          ('with I/O logs', 'floor-logged', ('floor-logged', 'sudoers-logged', 'writ-logged')),
          ('10,000 rules', 'floor', ('sudoers-10000', 'writ-10000')),
          ('an event log of 10 GB', 'writ', ('writ', 'writ-10GB')))
LOG = '/var/log/writ/events.jsonl'


def load(folder):
    os.makedirs('/etc/writ', exist_ok=True)
    for name, (target, mode) in TARGETS.items():
        shutil.copyfile(os.path.join(folder, name), target)
        os.chmod(target, mode)
    load_log(os.path.join(folder, 'log_size'))


def load_log(size_file):
    """Holes are as far to seek over as lines are."""
    os.makedirs(os.path.dirname(LOG), mode=0o750, exist_ok=True)
    with open(LOG, 'wb') as log:
        os.fchmod(log.fileno(), 0o640)
        if os.path.exists(size_file):
            with open(size_file, encoding='ascii') as f:
                log.truncate(int(f.read()) - 1)
            log.seek(0, os.SEEK_END)
            log.write(b'\n')


def time_once(null):
    """Milliseconds from the start of sudo to its end, seen from the subject's account."""
    actions = [(os.POSIX_SPAWN_DUP2, null, fd) for fd in (0, 1, 2)]
    begin = time.perf_counter()
    pid = os.posix_spawn('/usr/bin/sudo', LINE, {'PATH': '/usr/bin:/bin'}, file_actions=actions)
    _, status = os.waitpid(pid, 0)
    took = (time.perf_counter() - begin) * 1000
    if status != 0:
        sys.exit('measure: the line was not run; it must be, by every kind')
    return took


def time_as_subject(runs):
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        account = pwd.getpwnam('ai-worker')
        os.setgroups([account.pw_gid])
        os.setgid(account.pw_gid)
        os.setuid(account.pw_uid)
        null = os.open('/dev/null', os.O_RDWR)
        time_once(null)                                   # warms up, and shows that it works
        os.write(writer, ' '.join(f'{time_once(null):.4f}' for _ in range(runs)).encode())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as answers:
        times = [float(t) for t in answers.read().split()]
    if os.waitpid(child, 0)[1] != 0 or len(times) != runs:
        sys.exit('measure: failed')
    return times


def main(kinds, rounds):
    times = {kind: [] for kind in sorted(os.listdir(kinds))}
    for _ in range(rounds):
        for kind, found in times.items():
            load(os.path.join(kinds, kind))
            try:
                found += time_as_subject(RUNS)
            except SystemExit as reason:
                sys.exit(f'{reason} ({kind})')
    median = {kind: statistics.median(found) for kind, found in times.items()}
    print(f'sudo -n docker restart ollama, {rounds * RUNS} runs of each kind, medians')
    for title, base, members in GROUPS:
        print(f'\n{title:<22} {"ms":>6} {"× " + base.partition("-")[0]:>9}')
        for kind in members:
            print(f'  {kind:<18} {median[kind]:8.2f} {median[kind] / median[base]:9.2f}')
    print(f'\nwrit is {median["writ"] / median["floor"]:.2f} × the floor without I/O logs (aim: 1.25), '
          f'{median["writ-logged"] / median["floor-logged"]:.2f} with them')
    print(f'and {median["writ"] / median["sudoers"]:.2f} × sudoers (aim: below 1); '
          f'with 10,000 rules {median["writ-10000"] / median["sudoers-10000"]:.2f} (aim: below 0.5)')


if __name__ == '__main__':
    main(sys.argv[1], int(sys.argv[2]))
