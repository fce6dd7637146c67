#!/usr/bin/python3 -I
# SPDX-License-Identifier: ISC
"""terminal.py LINE: types LINE as ai-worker's login, on a terminal of 24 lines and 80 columns.

When the command says "ready", the terminal becomes one of 30 lines and 100 columns; when it says "pause", MIDDLE
(an executable given by that variable) is run before it gets its next line. What it showed is standard output.
"""
import fcntl
import os
import pty
import struct
import subprocess
import sys
import termios


def resize(fd, lines, columns):
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))


pid, terminal = pty.fork()
if pid == 0:
    resize(0, 24, 80)
    os.execvp("su", ["su", "-", "ai-worker", "--session-command", sys.argv[1]])
shown = b""
resized = paused = False
while True:
    try:
        part = os.read(terminal, 65536)
    except OSError:
        break
    if not part:
        break
    shown += part
    if not resized and b"ready\r\n" in shown:
        resized = True
        resize(terminal, 30, 100)
    if not paused and b"pause\r\n" in shown:
        paused = True
        subprocess.run([os.environ["MIDDLE"]], check=True)
        os.write(terminal, b"go on\r")
os.waitpid(pid, 0)
sys.stdout.buffer.write(shown)
