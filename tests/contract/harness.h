/* SPDX-License-Identifier: ISC */
/*
 * Stands where sudo stands: loads writ.so as sudo does and calls the struct with hand-made vectors.
 * One use at a time, from host_open to host_close. Files are below HARNESS_DIR, in a throwaway
 * host.
 */
#pragma once

#include <stdbool.h>
#include <sudo_plugin.h>
#include <sys/types.h>

#define HARNESS_DIR "/run/contract"
#define HARNESS_POLICY HARNESS_DIR "/policy.json"
#define EVENTS "/var/log/writ/events.jsonl"

/* What sudo would say. Set up by harness_reset to a subject's plain `sudo -n`; tests change it. */
struct harness {
	struct policy_plugin *plugin;
	struct approval_plugin *approval;
	struct audit_plugin *audit;
	unsigned version;
	const char *settings[64], *user_info[64], *user_env[64], *options[16];
	bool no_settings, no_user_info, no_user_env, no_options; /* NULL in place of the vector */
	const char *answers[8]; /* to the questions of a conversation, in order; NULL: none */
	/* what came back */
	int asked;                       /* questions */
	char out[1 << 20], err[1 << 20]; /* printed by the plugin */
	char **command_info, **argv, **env;
	const char *errstr;
};

extern struct harness harness;

/* argv[1] of the test program: writ.so; argv[2]: the fake sudoers.so, or what else the test needs.
 * Fails the program, not a test. */
void harness_load(int argc, char *argv[]);
extern const char *harness_fake_sudoers;

/* Everything as for a subject's plain command, the small policy, an empty event log. */
void harness_reset(void);

/* Appends "NAME=value" to a vector, replacing what has that name. */
void harness_set(const char **vector, const char *entry);
void harness_unset(const char **vector, const char *name);

/* Where the plugin lies that is tested. */
extern const char *harness_writ_so;

/* What conversation and print say: type and format are sudo's. */
int harness_print(int type, const char *format, ...) __attribute__((format(printf, 2, 3)));
int harness_converse(int n, const struct sudo_conv_message messages[],
		     struct sudo_conv_reply replies[], struct sudo_conv_callback *callback);

/* The vectors as they are handed over. */
char *const *harness_settings(void);
char *const *harness_user_info(void);
char *const *harness_user_env(void);
char *const *harness_options(void);

int harness_open(void);
int harness_check(const char *const argv[]);
int harness_check_env(const char *const argv[], const char *const env_add[]);
int harness_list(const char *const argv[], int verbose, const char *user);
void harness_close(int status, int error); /* as sudo: not if the plugin has none */

/* The value in a vector that came back, or NULL. */
const char *harness_value(char **vector, const char *name);

void harness_write(const char *path, const char *text);
/* The event log's lines, and one of them (negative: from the end); from static memory. */
int harness_events(void);
const char *harness_event(int index);

/* What the program answered, in the shape that every refusal has. */
bool harness_is_refusal(const char *code);

/* An argument vector. */
#define WORDS(...) ((const char *[]) {__VA_ARGS__, NULL})

/* Each fails the test and says what it got. */
void assert_has(char **vector, const char *name, const char *want);
void assert_text(const char *text, const char *part);
void assert_no_text(const char *text, const char *part);
/* check_policy says no, in the shape of a refusal with that tag, and tells audit plugins why. */
void assert_refused(const char *const argv[], const char *tag);
