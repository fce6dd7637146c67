#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""test_fingerprint.py PRINT_FINGERPRINT: fingerprints against the real `ssh-keygen -l`.

Every kind of key, and a certificate for each. Security keys need no hardware here: their public keys are
put together by hand, and ssh-keygen certifies and prints them as it does others.
"""
import base64
import os
import re
import struct
import subprocess
import sys
import tempfile

from tap import Tap

PROGRAM = sys.argv[1]
MADE = [('ed25519', []), ('rsa', ['-b', '2048']), ('rsa', ['-b', '3071']), ('ecdsa', ['-b', '256']),
        ('ecdsa', ['-b', '384']), ('ecdsa', ['-b', '521']), ('dsa', [])]
KEY_ID = 'agent 7 of carol'
SERIALS = [0, 1, 42, 2**63, 2**64 - 1]

tap = Tap()


def run(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def kinds_known():
    return run('ssh', '-Q', 'key').split()


def prints(*lines):
    text = '\n'.join(lines) + '\n'
    done = subprocess.run([PROGRAM], input=text.encode('utf-8', 'surrogateescape'), capture_output=True, check=True)
    return done.stdout.decode('utf-8', 'surrogateescape').splitlines()


def string(data):
    return struct.pack('>I', len(data)) + data


def strings_of(blob):
    parts = []
    while blob:
        length = struct.unpack('>I', blob[:4])[0]
        parts.append(blob[4:4 + length])
        blob = blob[4 + length:]
    return parts


def write(path, text):
    with open(path, 'w', encoding='utf-8') as f:
        f.write(text + '\n')
    return path


def read(path):
    with open(path, encoding='utf-8') as f:
        return f.read().strip()


def make_keys(folder):
    """Paths of public keys, one of each kind that this ssh knows."""
    known = kinds_known()
    for kind, options in MADE:
        path = os.path.join(folder, '-'.join([kind] + options[1:]))
        try:
            run('ssh-keygen', '-q', '-N', '', '-C', 'a comment', '-t', kind, *options, '-f', path)
        except subprocess.CalledProcessError:
            if kind == 'dsa' and 'ssh-dss' not in known:
                continue        # gone since OpenSSH 10
            raise
        yield path + '.pub'
    ed25519 = strings_of(base64.b64decode(read(os.path.join(folder, 'ed25519.pub')).split()[1]))
    ecdsa = strings_of(base64.b64decode(read(os.path.join(folder, 'ecdsa-256.pub')).split()[1]))
    for kind, parts in (('sk-ssh-ed25519@openssh.com', ed25519[1:] + [b'ssh:']),
                        ('sk-ecdsa-sha2-nistp256@openssh.com', ecdsa[1:] + [b'ssh:agents'])):
        blob = b''.join(string(p) for p in [kind.encode()] + parts)
        name = os.path.join(folder, kind.split('@', maxsplit=1)[0] + '.pub')
        yield write(name, f'{kind} {base64.b64encode(blob).decode()} by hand')


def check_plain(path):
    got = prints(read(path))[0]
    want = run('ssh-keygen', '-l', '-f', path).split()[1]
    tap.equal(got, f'{read(path).split()[0]} {want}', f'{os.path.basename(path)}: as ssh-keygen -l prints it')


def check_certificate(path, authority, serial, key_id):
    run('ssh-keygen', '-q', '-s', authority, '-I', key_id, '-z', str(serial), '-n', 'ai-worker', path)
    certificate = path.removesuffix('.pub') + '-cert.pub'
    line = read(certificate)
    want = run('ssh-keygen', '-l', '-f', certificate).split()[1]
    shown = run('ssh-keygen', '-L', '-f', certificate)
    tap.ok(re.search(rf'Serial: {serial}\n', shown), f'{os.path.basename(certificate)}: made as wanted')
    tap.equal(prints(line)[0], f'{line.split()[0]} {want} {serial} {key_id}',
              f'{os.path.basename(certificate)}: the key\'s fingerprint, the serial, the key id')
    os.unlink(certificate)
    return line


def check_damaged(line, key_id):
    """No beginning of a key, and no key with a byte more, passes as the key; none of them crashes."""
    kind, text = line.split()[:2]
    blob = base64.b64decode(text)
    # Of a certificate all is read up to its key id.
    needed = blob.index(key_id) + len(key_id) if '-cert-' in kind else len(blob)
    cut = [f'{kind} {base64.b64encode(blob[:n]).decode()}' for n in range(needed)]
    wrong = [got for got in prints(*cut) if not got.startswith('error: ')]
    tap.equal(wrong, [], f'{kind}: every part of it is an error')
    if needed == len(blob):
        longer = f'{kind} {base64.b64encode(blob + b"x").decode()}'
        tap.ok(prints(longer)[0].startswith('error: '), f'{kind}: one byte more is an error')


def check_odd():
    one = base64.b64encode(string(b'ssh-ed25519') + string(b'x' * 32)).decode()
    rows = [
        ('another type before it', f'ssh-rsa {one}'),
        ('no blank', 'ssh-ed25519'),
        ('an empty type', ' AAAAAAAA'),
        ('nothing behind the blank', 'ssh-ed25519 '),
        ('no base64', 'ssh-ed25519 AAAA*AAA'),
        ('base64 that stops early', f'ssh-ed25519 {one[:-1]}'),
        ('a length beyond the end', 'ssh-ed25519 ' + base64.b64encode(b'\xff\xff\xff\xff').decode()),
        ('a certificate of an unknown type',
         'x-cert-v01@a ' + base64.b64encode(string(b'x-cert-v01@a') + string(b'x')).decode()),
        ('a type with a control character', 'a\x1bb ' + base64.b64encode(string(b'a\x1bb')).decode()),
        ('a type of 200 characters', 'a' * 200 + ' ' + base64.b64encode(string(b'a' * 200)).decode()),
        ('200,000 characters', 'ssh-rsa ' + 'A' * 200000),
    ]
    for (name, line), got in zip(rows, prints(*[line for _, line in rows])):
        tap.ok(got.startswith('error: '), f'{name}: an error', got)
    unknown = 'ssh-new@example.com ' + base64.b64encode(string(b'ssh-new@example.com') + string(b'k')).decode()
    tap.ok(re.fullmatch(r'ssh-new@example.com SHA256:[A-Za-z0-9+/]{43}', prints(unknown)[0]),
           'a type of tomorrow has a fingerprint too', prints(unknown)[0])


def main():
    with tempfile.TemporaryDirectory() as folder:
        authority = os.path.join(folder, 'authority')
        run('ssh-keygen', '-q', '-N', '', '-t', 'ed25519', '-f', authority)
        paths = list(make_keys(folder))
        seen = {read(path).split()[0] for path in paths}
        lines = []
        for number, path in enumerate(paths):
            check_plain(path)
            lines.append(read(path))
            lines.append(check_certificate(path, authority, SERIALS[number % len(SERIALS)], KEY_ID))
        seen |= {line.split()[0] for line in lines}
        tap.equal(sorted(set(kinds_known()) - seen), [], 'every kind that this ssh knows was tried')
        long_id = 'é' * 200
        got = prints(check_certificate_line(paths[0], authority, long_id))[0]
        tap.ok(got.split(' ')[-1] == 'é' * 127, 'a long key id is cut between two characters', got)
        for line in (lines[0], lines[1], lines[6], lines[7]):
            check_damaged(line, KEY_ID.encode())
    check_odd()
    return tap.done()


def check_certificate_line(path, authority, key_id):
    run('ssh-keygen', '-q', '-s', authority, '-I', key_id, '-z', '7', path)
    return read(path.removesuffix('.pub') + '-cert.pub')


if __name__ == '__main__':
    sys.exit(main())
