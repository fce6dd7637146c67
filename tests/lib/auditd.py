#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""auditd.py COMMAND...: runs COMMAND while the real auditd writes the kernel's audit log to a file.

auditd has a configuration, a /run and a log of its own, in a private mount namespace; COMMAND reads
the log at /proc/self/fd/$AUDIT_FD. The kernel's audit state is afterwards what it was. It speaks to
an auditd only in the first PID namespace, and to one at a time: runs of this program take turns.

auditd.py --obstacle: says why that is not possible here; nothing if it is.
"""
import contextlib
import ctypes
import fcntl
import os
import re
import signal
import subprocess
import sys
import tempfile
import time

AUDITD = '/usr/sbin/auditd'
PATIENCE = 60                      # seconds; only a machine that hangs needs as many
PR_SET_PDEATHSIG = 1
FIRST_PID_NAMESPACE = 0xEFFFFFFC   # PROC_PID_INIT_INO in the kernel's proc_ns.h

CONFIGURATION = '''
local_events = yes
write_logs = yes
log_file = {folder}/audit.log
log_group = root
log_format = ENRICHED
flush = NONE
max_log_file = 1000
max_log_file_action = IGNORE
space_left = 5
space_left_action = IGNORE
admin_space_left = 1
admin_space_left_action = IGNORE
disk_full_action = IGNORE
disk_error_action = IGNORE
name_format = NONE
distribute_network = no
plugin_dir = {folder}/plugins.d
'''


def state():
    """The kernel's audit state as auditctl prints it: {'enabled': 0, 'pid': 0, …}"""
    done = subprocess.run(['auditctl', '-s'], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, check=False)
    if done.returncode != 0:
        raise OSError(done.stdout.strip())
    return {name: int(value) for name, value in re.findall(r'^(\w+) (\d+)$', done.stdout, re.M)}


def obstacle():
    if os.geteuid() != 0:
        return 'root is needed for an auditd'
    if os.stat('/proc/self/ns/pid').st_ino != FIRST_PID_NAMESPACE:
        return 'the kernel speaks to no auditd in this PID namespace (a container?)'
    try:
        now = state()
    except OSError as error:
        return 'the kernel\'s audit cannot be had here: %s' % error
    if now.get('enabled') == 2:
        return 'the machine\'s audit configuration is locked'
    if now.get('pid'):
        return 'the machine\'s own auditd is running (process %d)' % now['pid']
    return None


def end_with_parent():
    """In the child."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(PR_SET_PDEATHSIG, ctypes.c_ulong(signal.SIGTERM))


def start(folder):
    """auditd in the foreground, once the kernel knows it."""
    os.mkdir(folder + '/plugins.d', 0o750)
    with open(folder + '/auditd.conf', 'w', encoding='ascii') as f:
        f.write(CONFIGURATION.format(folder=folder))
    os.chmod(folder + '/auditd.conf', 0o640)
    script = 'mount -t tmpfs run /run && exec "$0" "$@"'
    output = open(folder + '/output', 'wb')
    auditd = subprocess.Popen(
        ['unshare', '--mount', '--propagation', 'private', 'sh', '-c', script,
         AUDITD, '-n', '-c', folder, '-s', 'enable'],
        stdin=subprocess.DEVNULL, stdout=output, stderr=output, preexec_fn=end_with_parent)
    output.close()
    end = time.monotonic() + PATIENCE
    while state()['pid'] != auditd.pid:
        if auditd.poll() is not None or time.monotonic() > end:
            auditd.kill()
            with open(folder + '/output', encoding='utf-8', errors='replace') as f:
                raise OSError('auditd did not start: ' + f.read())
        time.sleep(0.02)
    return auditd


@contextlib.contextmanager
def running():
    """auditd runs; the descriptor of its log."""
    with open(AUDITD, 'rb') as turn, tempfile.TemporaryDirectory(prefix='auditd.') as folder:
        fcntl.flock(turn, fcntl.LOCK_EX)
        why = obstacle()               # another run may have been in the way, and has ended
        if why:
            raise OSError(why)
        before = state()
        auditd = start(folder)
        log = os.open(folder + '/audit.log', os.O_RDONLY)
        try:
            yield log
        finally:
            auditd.terminate()
            auditd.wait()
            os.close(log)
            if state()['enabled'] != before['enabled']:
                subprocess.run(['auditctl', '-e', str(before['enabled'])],
                               stdout=subprocess.DEVNULL, check=True)


def main(command):
    if command == ['--obstacle']:
        why = obstacle()
        if why:
            print(why)
        return 0
    if not command:
        print(__doc__, file=sys.stderr)
        return 2

    def stop(number, _frame):
        sys.exit(128 + number)

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
        signal.signal(number, stop)
    with running() as log:
        child = subprocess.Popen(command, pass_fds=[log], env={**os.environ, 'AUDIT_FD': str(log)})
        try:
            return child.wait()
        finally:
            if child.poll() is None:
                child.terminate()
                child.wait()


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
