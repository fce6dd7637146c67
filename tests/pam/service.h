/* SPDX-License-Identifier: ISC */
/*
 * pam_writ.so under pam_wrapper, in services that the tests write. A case runs in a child (child.h)
 * with an audit session of its own; what it left (records, events, messages) is looked at
 * afterwards.
 */
#pragma once

#include <security/pam_appl.h>
#include <stdio.h>

#include "config.h"

#define EVENTS WRIT_EVENT_DIR "/events.jsonl"
#define MESSAGES "/run/messages"
#define SUBJECTS "subjects=ai-worker"
/* What sshd says of a login by key. */
#define KEY                                                                                        \
	"publickey ssh-ed25519 "                                                                   \
	"AAAAC3NzaC1lZDI1NTE5AAAAIGC9q1LLTfnwWSN1iHSINS46GwxLzgrsN/28nx0Jeahs"

/* The module's path: the programs' one argument. */
extern const char *module;

/* Makes an empty file for a service. Each child that asks PAM takes a copy. */
FILE *new_service(const char *name);
/* A service whose sessions are the module's, with these arguments; second: of a second line of the
 * module, or NULL. */
void write_service(const char *name, const char *arguments, const char *second);

/* Removes a file, or a folder with all that is in it. */
void empty(const char *path);
/* Reads a file whole; "" if there is none. Valid until the next call. */
const char *slurp(const char *path);
/* How often the part stands in the text. */
unsigned count(const char *text, const char *part);

/* A conversation (pam_conv(3)) that answers nothing, and counts in the unsigned at data. */
int converse(int n, const struct pam_message **messages, struct pam_response **responses,
	     void *data);
