#!/bin/sh
# SPDX-License-Identifier: ISC
#
# build.sh CARGO CRATES SOURCE WORK OUTPUT: builds the peer with the crates in that folder and
# nothing else. Cargo wants to write beside its manifest, so it gets a copy.

set -eu

mkdir -p "$4"
cp -r "$3/Cargo.toml" "$3/src" "$4/"
cd "$4"
CARGO_HOME=$4/home CARGO_NET_OFFLINE=true "$1" build --quiet --release --jobs 2 \
	--config 'source.crates-io.replace-with="debian"' --config "source.debian.directory=\"$2\""
cd "$OLDPWD"
cp "$4/target/release/clap_peer" "$5"
