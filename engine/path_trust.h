/* SPDX-License-Identifier: ISC */
/* Who can change what a path passes. Only path_resolve.c includes this. */
#pragma once

#include <sys/types.h>

struct writ_arena;
struct writ_place;
struct writ_resolved;

/*
 * Judges one directory, link or file on the way: it must be root's, and nobody else's to write (a
 * sticky bit alone helps nothing: names can be made, and hard links). One exception: a sticky
 * directory that a group may write to, but that is mounted read-only here, as NixOS has its
 * /nix/store (1775 root:nixbld): there the group cannot make anything, and elsewhere it cannot
 * replace what is root's. Otherwise ret's trusted, and for a directory or link its way_trusted,
 * become false, and the first such thing is its offender.
 * fd: of the thing, -1 if it is imagined; above: the device of what it stands in.
 */
void writ_path_judge(struct writ_arena *arena, const struct writ_place *place, int fd, dev_t above,
		     const char *path, struct writ_resolved *ret);
