#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""A recording syslog for the throwaway host.

logsocket.py serve SOCKET FILE   listens in the background; returns when it does. FILE gets one line
                                 a message: facility.severity, a blank, the message (controls escaped)
logsocket.py flush SOCKET        returns when all that was sent before it is in FILE
"""
import os
import re
import socket
import sys

FACILITIES = ('kern user mail daemon auth syslog lpr news uucp cron authpriv ftp '
              'ntp security console solaris-cron').split()
SEVERITIES = 'emerg alert crit err warning notice info debug'.split()
FLUSH = b'\0flush'


def facility(number):
    return FACILITIES[number] if number < len(FACILITIES) else f'local{number - 16}'


def to_line(message):
    head = re.match(rb'<(\d{1,3})>', message)
    priority = int(head.group(1)) if head else 0
    text = message[head.end():] if head else message
    shown = text.rstrip(b'\n').decode('utf-8', 'backslashreplace')
    shown = re.sub(r'[\x00-\x1f\x7f-\x9f]', lambda m: f'\\x{ord(m.group()):02x}', shown)
    return f'{facility(priority >> 3)}.{SEVERITIES[priority & 7]} {shown}\n'


def serve(path, log_path):
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    listener.bind(path)
    os.chmod(path, 0o666)
    log = open(log_path, 'a', encoding='utf-8')
    if os.fork():
        return
    os.setsid()
    for fd in (0, 1, 2):
        os.dup2(os.open('/dev/null', os.O_RDWR), fd)
    while True:
        message, sender = listener.recvfrom(1 << 20)
        if message == FLUSH and sender:
            log.flush()
            listener.sendto(b'done', sender)
        else:
            log.write(to_line(message))


def flush(path):
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as s:
        s.bind('')                              # an abstract address of its own, to be answered at
        s.settimeout(20)
        s.sendto(FLUSH, path)
        s.recv(16)


if __name__ == '__main__':
    {'serve': serve, 'flush': flush}[sys.argv[1]](*sys.argv[2:])
