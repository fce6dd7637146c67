/* SPDX-License-Identifier: ISC */
/*
 * Getting an allowed command ready: account, program, I/O log, and the vectors that sudo takes.
 */
#pragma once

#include "event.h"
#include "executable.h"
#include "iolog.h"
#include "target.h"

struct writ_arena;
struct writ_decision;
struct writ_plugin;

struct writ_prepared {
	struct writ_event event; /* the decision's */
	struct writ_target target;
	struct writ_executable executable; /* its descriptor is the caller's to close */
	struct writ_iolog iolog;
	int folder;  /* of sudo -D, the caller's to close; -1: none was asked for */
	bool live;   /* the I/O log goes to a log server at once */
	int witness; /* of that server, or -1; see log_witness.h */
	int spool;   /* the item that waits for the log server, locked; -1: none */
	char **command_info, **argv, **env;
};

/* Fills ret, whose event is set already, for an allowed decision; if anything is missing or wrong,
 * makes a refusal of the decision. The strings live as long as the plugin; those of the decision,
 * as arena. */
void writ_plugin_prepare(const struct writ_plugin *plugin, struct writ_arena *arena,
			 struct writ_decision *decision, struct writ_prepared *ret,
			 char *const env_add[]);
