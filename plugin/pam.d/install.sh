#!/bin/sh
# SPDX-License-Identifier: ISC
#
# install.sh FILE FOLDER: FILE becomes FOLDER/writ, unless there is one. Called by `meson install`.

target=${DESTDIR-}$2/writ
if [ -e "$target" ]; then
	[ -n "${MESON_INSTALL_QUIET-}" ] || echo "Keeping $target"
else
	install -D -m 644 "$1" "$target"
fi
