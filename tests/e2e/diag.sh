#!/bin/bash
# SPDX-License-Identifier: ISC
#
# policies/diag.json on a host with services, secrets, links and mounts: what it grants can be read,
# in folders that belong to a service too; what it never grants cannot, by whatever name.

# shellcheck source=tests/lib/e2e.sh
. "$(dirname "$0")/../lib/e2e.sh"
host_install_file 644 /etc/writ/policy.json <"$HOST_ROOT/policies/diag.json"
useradd --user-group --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin svc
own() {
	setpriv --reuid svc --regid svc --clear-groups "$@"
}

# Services and their logs.
rm -rf /var/log/* /var/lib/synapse /persist /etc/nginx
echo 'a line of the system' | install -m 640 /dev/stdin /var/log/syslog
install -d -o svc -g svc /var/log/svc
own sh -c 'mkdir /var/log/svc/sub; umask 077; echo "a line of the service" >/var/log/svc/app.log
	cp /var/log/svc/app.log "/var/log/svc/sub/with blank"; ln -s app.log /var/log/svc/current'
install -d -g svc -m 1775 /var/log/shared
own sh -c 'umask 077; echo "a line of the group" >/var/log/shared/main.log'
install -d /etc/nginx /etc/nginx/ssl
echo 'events {}' >/etc/nginx/nginx.conf
# Secrets, each with its own name in it.
secret() {
	mkdir -p "${1%/*}" && echo "# SECRET $1" >"$1" && chmod 600 "$1"
}
for f in /etc/shadow- /etc/sudoers.d/other /etc/nginx/ssl/key /persist/etc/ssh/ssh_host_key /run/secrets.d/1/token \
	/root/key /home/bob/key /var/lib/synapse/signing.key /var/lib/synapse/keys/deep/key /etc/wireguard/wg0.conf; do
	secret "$f"
done
ln -s secrets.d/1 /run/secrets

# reads NAME LINE WANT: ai-worker's line prints that
reads() {
	as ai-worker "$2"
	# shellcheck disable=SC2053  # a pattern
	if [ "$status" -eq 0 ] && [[ $out == $3 ]]; then pass "$1"; else
		fail "$1" "line: $2" "status: $status" "out: $out" "err: $err" "want: $3"
	fi
}
reads 'a log' 'sudo cat /var/log/syslog' 'a line of the system'
reads 'a log of a service' 'sudo cat -n /var/log/svc/app.log' '*1*a line of the service'
reads 'a relative path' 'cd /var/log/svc && sudo tail -5 sub/../app.log' 'a line of the service'
reads 'a link within' 'sudo head -n1 /var/log/svc/current' 'a line of the service'
reads 'a name with a blank' 'sudo tail -n 1 "/var/log/svc/sub/with blank"' 'a line of the service'
reads 'a log in a folder of a group' 'sudo head -c 6 /var/log/shared/main.log' 'a line'
reads 'two files, of which one is pinned' 'sudo head -n1 /var/log/syslog /var/log/svc/app.log' \
	'==> /var/log/syslog <==*==> /proc/self/fd/* <==*a line of the service'
reads 'a setting' 'sudo cat /etc/nginx/nginx.conf' 'events {}'
reads 'a folder' 'sudo ls /var/log/svc' $'app.log\ncurrent\nsub'
reads 'in the folder' 'cd /var/log/svc/sub && sudo ls -1 .' 'with blank'
reads 'a file in long form' 'sudo ls -l /var/log/svc/app.log' '-rw------- 1 svc svc 22 */app.log'
reads 'a folder itself' 'sudo ls -ld /var/log/svc' 'drwxr-xr-x * svc svc *'
reads 'nginx below' 'sudo ls -a /etc/nginx' '.*nginx.conf*ssl'

# With a terminal, and without a pty of its own.
script -qec "su - ai-worker --session-command 'sudo cat /var/log/svc/app.log /var/log/svc/current'" /dev/null \
	</dev/null >"$HOST_FILES/tty" 2>&1
is 'on a terminal' "$(tr -d '\r\0' <"$HOST_FILES/tty" | sed '1s/^\^@//')" $'a line of the service\na line of the service'
python3 - <<'EOP'
import json
p = json.load(open('/etc/writ/policy.json'))
p['defaults'].update(use_pty=False, closefrom=3)
json.dump(p, open('/etc/writ/policy.json', 'w'))
EOP
reads 'without a pty' 'sudo cat /var/log/svc/app.log /var/log/svc/app.log' $'a line of the service\na line of the service'
reads 'with many files' "cd /var/log/svc && sudo cat $(printf 'app.log %.0s' {1..64}) | uniq -c" '*64 a line of the service'
refused 'with more than that' ai-worker "cd /var/log/svc && sudo cat $(printf 'app.log %.0s' {1..65})"
reads 'with few open files' 'ulimit -n 64; cd /var/log/svc; sudo cat app.log app.log app.log | uniq -c' '*3 a line of the service'
reads 'with other descriptors in the way' \
	'exec 3</etc/hosts 4</etc/hosts 5</etc/hosts 9</etc/hosts; sudo cat /var/log/svc/app.log' 'a line of the service'

# The program has the descriptors that it is given, and no others.
e2e_program show-descriptors <<'EOP'
#!/usr/bin/python3 -I
import fcntl, os, sys
print(sys.argv[1:], [os.readlink('/proc/self/fd/%s' % fd) for fd in os.listdir('/proc/self/fd')
                     if int(fd) > 2 and os.path.exists('/proc/self/fd/%s' % fd)])
fd = int(sys.argv[1].split('/')[4])
print(bool(fcntl.fcntl(fd, fcntl.F_GETFL) & os.O_PATH))
EOP
e2e_policy '{ "id": "descriptors", "effect": "allow", "program": "/usr/bin/show-descriptors",
	"argv": [[{ "path": { "under": ["/var/log"], "pin": true } }, { "path": { "under": ["/var/log"], "pin": "entry" } }]] },'
reads 'two descriptors' 'sudo show-descriptors /var/log/svc/app.log /var/log/svc/current' \
	"?'/proc/self/fd/*', '/proc/self/fd/*/app.log'? ?'/var/log/svc/app.log', '/var/log/svc'?"$'\nTrue'
host_install_file 644 /etc/writ/policy.json <"$HOST_ROOT/policies/diag.json"

is 'the event shows what was typed and what was read' \
	"$(events '[x["pins"] for x in e if x.get("argv", [])[-1:] == ["sub/../app.log"]][0]')" \
	"[{'argument': 2, 'typed': 'sub/../app.log', 'path': '/var/log/svc/app.log'}]"
is 'and nothing where nothing is pinned' "$(events '["pins" in x for x in e if x.get("argv") == ["cat", "/var/log/syslog"]]')" '[False]'
# never NAME LINE: refused, in one sentence whatever is there, and nothing of a secret is shown.
never() {
	refused "$1" ai-worker "$2" '*' "${3-*}"
	unlike "$1: nothing is shown" "$err$out$decision" SECRET
}
for f in /etc/shadow- /etc/sudoers.d/other /etc/nginx/ssl/key /persist/etc/ssh/ssh_host_key /run/secrets/token \
	/run/secrets.d/1/token /root/key /home/bob/key /var/lib/synapse/signing.key /etc/wireguard/wg0.conf /proc/1/environ; do
	never "by its name: $f" "sudo cat $f"
done
own ln -s /root/key /var/log/svc/link
own ln -s ../../../etc/shadow- /var/log/svc/relative-link
own ln -s /var/lib/synapse /var/log/svc/folder-link
own ln -s /proc/self/root/root/key /var/log/svc/magic-link
own ln -s loop /var/log/svc/loop
own mkfifo /var/log/svc/fifo
ln /root/key /var/log/svc/hard-link
ln /etc/shadow- /var/log/hard-link
never 'by a link' 'sudo cat /var/log/svc/link'
never 'by a relative link' 'cd /var/log/svc && sudo tail relative-link'
never 'through a linked folder' 'sudo cat /var/log/svc/folder-link/signing.key'
never 'the linked folder' 'sudo ls /var/log/svc/folder-link'
never 'what a link leads to' 'sudo ls -l /var/log/svc/folder-link'
never 'through /proc' 'sudo cat /var/log/svc/magic-link'
never 'through the working directory' 'cd /root/.. && sudo cat /proc/self/cwd/root/key'
never 'by a hard link in a service'"'"'s folder' 'sudo cat /var/log/svc/hard-link'
never 'by a hard link of root'"'"'s' 'sudo cat /var/log/hard-link'
never 'a loop' 'sudo cat /var/log/svc/loop'
never 'a FIFO' 'sudo cat /var/log/svc/fifo'
never 'standard input' 'sudo cat -'
never 'by a relative path' 'cd /var/log && sudo cat ../../root/key'
never 'among others' 'sudo cat /var/log/syslog /var/log/svc/link'
never 'from a folder that is not there any more' \
	'mkdir -p x/y && cd x/y && rm -r ../../x && sudo cat ../../../var/log/syslog'
never 'from a folder that cannot be read' 'mkdir -p z/app && cd z && chmod 000 . && { sudo cat app; s=$?; chmod 755 ~/z; exit $s; }'
# A hard link whose other name is gone has one link only.
ln /var/lib/synapse/keys/deep/key /var/log/svc/last-link && rm /var/lib/synapse/keys/deep/key
never 'by the last of two names' 'sudo cat /var/log/svc/last-link'
secret /var/lib/synapse/keys/deep/key

# Mounts.
mkdir /var/log/mnt
bound() {
	rm -rf /var/log/mnt; if [ -d "$1" ]; then mkdir /var/log/mnt; else : >/var/log/mnt; fi
	mount --bind "$1" /var/log/mnt
}
for row in '/persist/etc/ssh ssh_host_key' '/persist etc/ssh/ssh_host_key' '/persist/etc ssh/ssh_host_key' \
	'/var/lib/synapse signing.key' '/var/lib/synapse/keys deep/key' '/var/lib/synapse/keys/deep key' \
	'/root key' '/ root/key' '/run/secrets.d 1/token' '/run/secrets.d/1 token' '/etc/nginx/ssl key' '/etc shadow-'; do
	read -r from name <<<"$row"
	bound "$from"
	never "a bind mount of $from" "sudo cat /var/log/mnt/$name"
	umount /var/log/mnt
done
bound /var/lib/synapse/keys
never 'a bind mount that is listed' 'sudo ls /var/log/mnt'
never 'and below' 'sudo ls -l /var/log/mnt/deep'
umount /var/log/mnt
for f in /root/key /var/lib/synapse/keys/deep/key /persist/etc/ssh/ssh_host_key /etc/shadow-; do
	bound "$f"
	never "a bind mount of the file $f" 'sudo cat /var/log/mnt'
	umount /var/log/mnt
done
rm -f /var/log/mnt

# A host that keeps a few folders over a reboot: /var/log itself comes from below /persist.
mkdir -p /persist/var/log && cp -a /var/log/. /persist/var/log/ && mount --bind /persist/var/log /var/log
reads 'where /persist/var/log is /var/log' 'sudo cat /var/log/syslog' 'a line of the system'
reads 'and in a service'"'"'s folder' 'sudo cat /var/log/svc/app.log' 'a line of the service'
never 'but not below /persist' 'sudo cat /persist/var/log/syslog'
mkdir /var/log/mnt && mount --bind /persist/etc /var/log/mnt
never 'nor what else of it is mounted there' 'sudo cat /var/log/mnt/ssh/ssh_host_key'
umount /var/log/mnt && umount /var/log

# One sentence, whatever root found there.
told() {
	as ai-worker "sudo cat $1"
	printf '%s' "${err#*: refused: }"
}
is 'a link and a name that is not there: the same words' "$(told /var/log/svc/link)" "$(told /var/log/svc/nothing)"
is 'a secret and a name that is not there: the same words' "$(told /var/log/svc/folder-link/signing.key)" \
	"$(told /var/log/svc/folder-link/nothing)"

for line in 'systemctl restart ssh' 'systemctl status 1' 'systemctl status -H host ssh' 'journalctl -n 5' \
	'journalctl -u ssh -D /tmp' 'journalctl -u ssh /usr/bin/sudo' 'journalctl -fu ssh' 'tail -f /var/log/syslog' \
	'less /var/log/syslog' 'cat /etc/passwd' 'ls -R /var/log' 'bash'; do
	refused "not granted: $line" ai-worker "sudo $line"
done
as ai-worker 'sudo journalctl -u ssh -n 2 --no-pager'
is 'a journal is read' "$status" 0
as ai-worker 'sudo -l'
like 'sudo -l shows it' "$out" 'journalctl'
unlike 'but no deny rule' "$out" 'never'
done_testing
