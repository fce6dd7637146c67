#!/bin/bash
# SPDX-License-Identifier: ISC
#
# Where writ.so is loaded from: sudo does not look at who could have changed it, writ does. Subjects are
# refused then, with the reason in syslog; nobody else notices.

# shellcheck source=tests/lib/e2e.sh
. "$(dirname "$0")/../lib/e2e.sh"
echo 'carol ALL=(root) NOPASSWD: /usr/bin/id' | host_install_file 440 /etc/sudoers.d/carol
folder=/usr/libexec/sudo

# changeable NAME REGEX: as things are now, a subject is refused and syslog says why
changeable() {
	local before
	before=$(host_syslog | wc -l)
	refused "$1: subjects are refused" ai-worker 'sudo docker restart ollama' policy-error
	unlike "$1: and told no details" "$err" 'writ\.so|libexec|nix'
	like "$1: the administrator is told" "$(host_syslog | tail -n +$((before + 1)))" \
		"the plugin could have been changed: $2"
	runs "$1: others are not affected" carol 'sudo -n id -un' root
}
fine() { runs "$1" ai-worker 'sudo docker restart ollama' ollama; }

fine 'the plugin as it is installed'
chmod 664 $folder/writ.so && changeable 'its group may write it' "$folder/writ\\.so is writable by its group"
chmod 644 $folder/writ.so
chown bob $folder/writ.so && changeable 'it is somebody else'"'"'s' "$folder/writ\\.so belongs to uid"
chown root $folder/writ.so
chmod 777 $folder && changeable 'anybody may write its folder' "$folder is writable by others"
chmod 1777 $folder && changeable 'sticky or not' "$folder is writable by others"
chmod 755 $folder
chown bob $folder && changeable 'its folder is somebody else'"'"'s' "$folder belongs to uid"
chown root $folder
chmod 775 /usr/libexec && changeable 'a folder above' '/usr/libexec is writable by its group'
chmod 755 /usr/libexec
fine 'with everything put right it runs'

# As on NixOS: a store that a group may add to, and links of root's into it
mkdir -p /nix/store/abc-writ/libexec/sudo && chgrp bob /nix/store && chmod 1775 /nix/store
mv $folder/writ.so /nix/store/abc-writ/libexec/sudo/ && chmod 555 /nix/store/abc-writ/libexec/sudo
chmod 444 /nix/store/abc-writ/libexec/sudo/writ.so
ln -s /nix/store/abc-writ /run/writ-package
host_load_writ ''
sed -i 's# writ.so # /run/writ-package/libexec/sudo/writ.so #' /etc/sudo.conf
fine 'from a store by a link of root'"'"'s'
chown -h bob /run/writ-package && changeable 'a link of somebody else'"'"'s' '/run/writ-package belongs to uid'
chown -h root /run/writ-package
chmod 775 /nix/store && changeable 'a store that is not sticky' '/nix/store is writable by its group'
chmod 1775 /nix/store
fine 'and right again'
done_testing
