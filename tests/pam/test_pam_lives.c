/* SPDX-License-Identifier: ISC */
/* test_pam_lives MODULE: what may become of a handle between open and close. */
#include "../unit/table.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "child.h"
#include "cleanup.h"
#include "service.h"

/* What may become of a handle between open and close. */
struct life {
	const char *name;
	void (*live)(pam_handle_t *pamh);
	unsigned opens, closes; /* events */
};

static void live_plainly(pam_handle_t *pamh)
{
	pam_open_session(pamh, 0);
	pam_close_session(pamh, 0);
}

static void close_only(pam_handle_t *pamh)
{
	if (pam_close_session(pamh, 0) != PAM_SUCCESS)
		abort();
}

static void never_close(pam_handle_t *pamh)
{
	pam_open_session(pamh, 0);
}

static void close_twice(pam_handle_t *pamh)
{
	live_plainly(pamh);
	close_only(pamh);
}

static void open_again(pam_handle_t *pamh)
{
	live_plainly(pamh);
	live_plainly(pamh);
}

static void open_while_open(pam_handle_t *pamh)
{
	pam_open_session(pamh, 0);
	live_plainly(pamh);
}

/* systemd closes in a child of the process that opened. */
static void close_in_child(pam_handle_t *pamh)
{
	pid_t pid;

	pam_open_session(pamh, 0);
	pid = fork();
	if (pid == 0) {
		pam_close_session(pamh, 0);
		_exit(0);
	}
	waitpid(pid, NULL, 0);
}

static void end_in_child(pam_handle_t *pamh)
{
	pid_t pid;

	pam_open_session(pamh, 0);
	pid = fork();
	if (pid == 0)
		_exit(pam_end(pamh, PAM_DATA_SILENT));
	waitpid(pid, NULL, 0);
	pam_close_session(pamh, 0);
}

/* pam_env with user_readenv=1, at the end of many stacks: what it changes was read before. */
static void change_environment(pam_handle_t *pamh)
{
	pam_putenv(pamh, "SSH_AUTH_INFO_0=" KEY);
	pam_open_session(pamh, 0);
	pam_putenv(pamh, "SSH_AUTH_INFO_0=publickey ssh-ed25519 AAAA");
	pam_putenv(pamh, "WRIT_SESSION=20200101T000000Z-00000000");
	pam_set_item(pamh, PAM_USER, "carol");
	pam_set_item(pamh, PAM_SERVICE, "renamed");
	pam_close_session(pamh, 0);
}

static void close_descriptors(pam_handle_t *pamh)
{
	close(0);
	close(1);
	live_plainly(pamh);
}

static void odd_umask(pam_handle_t *pamh)
{
	umask(0777);
	live_plainly(pamh);
	if (umask(0) != 0777)
		abort();
}

/* The record is gone when the session ends: only the event is left to write. */
static void lose_record(pam_handle_t *pamh)
{
	pam_open_session(pamh, 0);
	empty(WRIT_SESSION_DIR);
	if (pam_close_session(pamh, 0) != PAM_SESSION_ERR)
		abort();
}

static const struct life lives[] = {
	{"opened and closed", live_plainly, 1, 1},
	{"closed without being opened", close_only, 0, 0},
	{"never closed", never_close, 1, 0},
	{"closed twice", close_twice, 1, 1},
	{"opened again", open_again, 2, 2},
	{"opened while open", open_while_open, 1, 1},
	{"closed in a child", close_in_child, 1, 1},
	{"ended in a child", end_in_child, 1, 1},
	{"its environment and items changed", change_environment, 1, 1},
	{"without standard input and output", close_descriptors, 1, 1},
	{"with a umask that forbids all", odd_umask, 1, 1},
	{"its record lost", lose_record, 1, 1},
};

static void run_life(void *data, char text[CHILD_TEXT])
{
	const struct life *life = data;
	unsigned n_told = 0;
	const struct pam_conv conv = {converse, &n_told};
	pam_handle_t *pamh;

	if (freopen(MESSAGES, "w", stderr) == NULL ||
	    pam_start("sshd", "ai-worker", &conv, &pamh) != PAM_SUCCESS)
		return;
	life->live(pamh);
	pam_end(pamh, PAM_SUCCESS);
	strcpy(text, "done");
}

static void test_lives(void **state)
{
	struct table t = {0};
	char text[CHILD_TEXT];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(lives); i++) {
		const char *name = lives[i].name;

		empty(WRIT_RUN_DIR);
		empty(WRIT_EVENT_DIR);
		write_service("sshd", SUBJECTS, NULL);
		write_service("renamed", SUBJECTS, NULL);
		child_run(run_life, (void *)&lives[i], text);
		table_string(&t, name, "result", text, "done");
		table_int(&t, name, "session-open", count(slurp(EVENTS), "\"session-open\""),
			  lives[i].opens);
		table_int(&t, name, "session-close", count(slurp(EVENTS), "\"session-close\""),
			  lives[i].closes);
		table_int(&t, name, "of the user", count(slurp(EVENTS), "\"user\":\"ai-worker\""),
			  lives[i].opens + lives[i].closes);
		table_int(&t, name, "of the service", count(slurp(EVENTS), "\"service\":\"sshd\""),
			  lives[i].opens + lives[i].closes);
	}
	table_done(&t);
}

int main(int argc, char *argv[])
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lives),
	};

	if (argc != 2)
		return 2;
	module = argv[1];
	return cmocka_run_group_tests(tests, NULL, NULL);
}
