/* SPDX-License-Identifier: ISC */
/*
 * A store of session records for tests, in /run of the throwaway host, and records to put into it.
 */
#pragma once

#include "session_store.h"

#define WORLD_FOLDER "/run/sessions-of-test/records"
#define WORLD_UID 59001

/* Empties the store: folders are made anew, root's alone. */
void world_reset(void);

/* A record as pam_writ would make it for the calling process: of this boot, in its audit session,
 * led by its parent. Strings are static. */
struct writ_session_record world_record(void);

/* Adds it to the store. Gives the name of its file, valid until the next call. */
const char *world_add(struct writ_session_record *record);

/* Path of a name in the store; valid for four calls. */
const char *world_path(const char *name);

/* What a lookup by the calling process for WORLD_UID gives: the id, or "untagged: " and why. */
void world_find(char *text, size_t size);
