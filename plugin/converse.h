/* SPDX-License-Identifier: ISC */
/*
 * What PAM modules say to the caller, and ask of it: through sudo's conversation, so that -S, -A
 * and the terminal are as with any sudo.
 */
#pragma once

#include <security/pam_appl.h>
#include <stdbool.h>
#include <sudo_plugin.h>

/* The data of the conversation; must live as long as the PAM handle. */
struct writ_converse {
	sudo_conv_t conversation;
	const char *prompt;  /* in place of a module's "Password: " */
	char **environment;  /* for the conversation (-A runs a program of the caller's) */
	bool asking;         /* the caller may be asked, and told; else modules are on their own */
	bool noninteractive; /* -n: the caller must not be asked */
	bool unanswered;     /* result: a question got no answer (-n, ^C, no terminal) */
	char remark[200];    /* result: what a module said last, unheard; "" if nothing */
};

/* PAM's conversation function; data is a struct writ_converse. */
int writ_converse(int n, const struct pam_message **messages, struct pam_response **ret,
		  void *data);
