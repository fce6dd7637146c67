/* SPDX-License-Identifier: ISC */
/*
 * PAM around one command, service "writ": is the caller's account in order, is the caller itself
 * (if the rule asks), and credentials and a session for the account that the command runs as.
 */
#pragma once

#include <stdbool.h>
#include <sudo_plugin.h>

struct writ_arena;
struct writ_error;
struct writ_pam;

struct writ_pam_caller {
	const char *user;
	const char *tty;     /* or NULL */
	const char *prompt;  /* for a password, as it is shown */
	bool noninteractive; /* -n */
	sudo_conv_t conversation;
};

/* Begins. The strings must live as long as what is returned. NULL with err: no memory, or PAM has
 * no service "writ", and what it would then do ("other") nobody chose. */
struct writ_pam *writ_pam_begin(const struct writ_pam_caller *caller, struct writ_error *err);

/* Ends, closing the session if one is open. NULL is fine. */
void writ_pam_end(struct writ_pam *pam);

/* The caller's account: 0, or -1 with err (expired, not at this hour, …). A password that has to be
 * changed counts only if it is going to be asked for. */
int writ_pam_account(struct writ_pam *pam, bool password_counts, struct writ_error *err);

/* Asks the caller to show that it is itself, three times at most. 0, or -1 with err. */
int writ_pam_authenticate(struct writ_pam *pam, struct writ_error *err);

/* Sets credentials and opens a session for target. Adds PAM's variables to *env where it has none
 * of the name; what is added is from the arena. What modules do to this process's umask is undone.
 * 0, or -1 with err; nothing is open then. */
int writ_pam_open_session(struct writ_pam *pam, const char *target, char **env[],
			  struct writ_arena *arena, struct writ_error *err);
