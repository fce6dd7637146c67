/* SPDX-License-Identifier: ISC */
/*
 * One use of the policy or the approval plugin: who calls, what was asked, what came of it.
 */
#pragma once

#include <stdbool.h>
#include <sudo_plugin.h>
#include <time.h>

#include "arguments.h"
#include "event.h"
#include "pin.h"
#include "request.h"
#include "settings.h"

struct writ_arena;
struct writ_pam;
struct writ_policy;

/* sudo's plugin API that this plugin needs: errstr, and close after everything (sudo 1.9.0). */
#define WRIT_API_MINOR 15

/* What a caller is told where the administrator has something to put right. */
#define WRIT_TOLD_CONFIGURATION                                                                    \
	"sudo is not set up correctly; the administrator finds the reason in the system log"

/* Nothing of what is there: root looked for the caller. */
#define WRIT_TOLD_FOLDER "it may not be run in the directory asked for (sudo -D)"

/* What the policy plugin before this one has settled. */
struct writ_settled {
	const char *runas_user;
	const char *runas_group; /* NULL: the user's own */
	const char *cwd;         /* where the command starts; NULL: not known */
};

struct writ_plugin {
	unsigned type;    /* SUDO_POLICY_PLUGIN, … */
	const char *name; /* as in sudo.conf: "writ_policy" */
	unsigned version; /* of the API that sudo speaks */
	sudo_conv_t conversation;
	sudo_printf_t print;
	struct writ_arena *arena; /* what sudo keeps until close */
	struct writ_arguments arguments;
	struct writ_caller caller;
	struct writ_asked asked;
	char *const *environment;    /* the caller's */
	struct writ_session session; /* the caller's, or untagged */

	/* Why this caller is refused whatever it asks: for the log, and for the caller. NULL: it is
	 * not. */
	const char *barred, *barred_told;

	const struct writ_settled *settled; /* approval plugin, while it decides; else NULL */

	struct writ_pam *pam; /* begun for an allowed command; NULL until then */

	struct writ_policy *policy;     /* loaded when the first decision is due */
	struct writ_error policy_error; /* why it could not be; message "" until then */

	struct {
		bool allowed; /* check_policy has said yes; what it is asked later are its children
			       */
		bool ended;   /* the exit is recorded */
		const struct writ_run *run;
		const char *rule, *runas, *program;
		int fd;                  /* of the program, or -1 */
		int folder;              /* that it starts in, or -1 */
		int spool, witness;      /* prepare.h */
		int pins[WRIT_PINS_MAX]; /* descriptors that the program is given */
		size_t n_pins;
		char id[WRIT_EVENT_ID_SIZE]; /* of the decision event */
		struct timespec since;       /* CLOCK_MONOTONIC, at the decision */
	} command;                           /* what sudo was told to run */
};

/* sudo's check_policy for a subject: 1 allowed, 0 refused (and said so), -1 without memory. */
int writ_plugin_check(struct writ_plugin *plugin, char *const argv[], char *const env_add[],
		      char **command_info[], char **argv_out[], char **user_env_out[],
		      const char **errstr);

/* sudo -l for a subject. argv NULL: all that it may run; else whether that may run. user: of -U. */
int writ_plugin_list(struct writ_plugin *plugin, char *const argv[], bool verbose, const char *user,
		     const char **errstr);

/* sudo -v for a subject: 1, or 0 if its account is not in order (and said so). */
int writ_plugin_validate(struct writ_plugin *plugin, const char **errstr);

/* The command has ended, or could not be started. Does nothing if there was none. */
void writ_plugin_ended(struct writ_plugin *plugin, int wait_status, int error);

/* This process ends and sudo has not called close, as it does when it has lost the log server:
 * records that of a command that was allowed. Does nothing otherwise. */
void writ_plugin_abandoned(struct writ_plugin *plugin);

/* The command is not started for this reason, and sudo will not call close. Says so, and records
 * it. */
void writ_plugin_not_started(struct writ_plugin *plugin, const struct writ_error *why);
