#!/bin/bash
# SPDX-License-Identifier: ISC
. "$(dirname "$0")/../lib/e2e.sh"
. "$(dirname "$0")/../lib/sshd.sh"
pam_stacks debug
ssh_key one -t ed25519
ssh_authorize ai-worker one
sshd_start
ssh_as one ai-worker 'cat /proc/self/sessionid /proc/self/loginuid; echo; id; echo $WRIT_SESSION; sudo docker restart ollama; env'
echo "$status"; echo "$out"; echo "$err"
ls -laR /run/writ; cat /run/writ/sessions/*.json; echo; cat /var/log/writ/events.jsonl; host_syslog; cat $HOST_FILES/sshd.log
done_testing
