/* SPDX-License-Identifier: ISC */
/* writ_policy and PAM: what is asked of it for a subject's command, in which order, and what its
 * answers do. The service's one module is pam_probe.c. */
#include <errno.h>
#include <security/pam_appl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "harness.h"

#define SERVICE "/etc/pam.d/writ"
#define NOTES HARNESS_DIR "/pam"

static const char *probe;

/* The service with the module's arguments; NULL: no service at all. */
static void serve(const char *arguments)
{
	static const char *const facilities[] = {"auth", "account", "session"};
	char text[2000] = "";

	for (size_t i = 0; i < 3; i++)
		snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s required %s %s\n",
			 facilities[i], probe, arguments ? arguments : "");
	unlink(NOTES);
	if (arguments)
		harness_write(SERVICE, text);
	else
		unlink(SERVICE);
}

static int setup(void **state)
{
	(void)state;
	harness_reset();
	harness_unset(harness.settings, "noninteractive");
	harness_write(
		HARNESS_POLICY,
		"{ \"version\": 1, \"rules\": ["
		"{ \"id\": \"plain\", \"effect\": \"allow\", \"program\": \"/usr/bin/true\","
		"  \"argv\": [[{ \"rest\": true }]], \"run\": { \"umask\": \"027\","
		"  \"runas\": { \"user\": [\"root\", \"bob\"] } } },"
		"{ \"id\": \"asking\", \"effect\": \"allow\", \"program\": \"/usr/bin/id\","
		"  \"argv\": [[{ \"rest\": true }]], \"run\": { \"authenticate\": true } } ] }");
	serve("");
	return 0;
}

/* The module's notes, from static memory. */
static const char *notes(void)
{
	static char text[8192];
	FILE *f = fopen(NOTES, "re");
	size_t n = f ? fread(text, 1, sizeof(text) - 1, f) : 0;

	if (f)
		fclose(f);
	text[n] = '\0';
	return text;
}

/* What was called, one word each. */
static const char *calls(void)
{
	static char words[1024];
	const char *line = notes(), *end;

	words[0] = '\0';
	for (; *line; line = *end ? end + 1 : end) {
		end = strchrnul(line, '\n');
		snprintf(words + strlen(words), sizeof(words) - strlen(words), "%.*s ",
			 (int)strcspn(line, " \n"), line);
	}
	return words;
}

static int start(const char *const argv[])
{
	const char *errstr = NULL;
	int ret;

	assert_int_equal(harness_open(), 1);
	if (harness_check(argv) != 1)
		return 0;
	umask(027); /* as sudo does */
	ret = harness.plugin->init_session(NULL, &harness.env, &errstr);
	assert_int_equal(errstr == NULL, ret == 1);
	return ret;
}

static void in_order(void **state)
{
	(void)state;
	harness_set(harness.settings, "runas_user=bob");
	setenv("LD_PRELOAD", "/tmp/x.so", 1); /* in sudo's own environment, which the caller made */
	assert_int_equal(start(WORDS("true")), 1);
	assert_string_equal(calls(), "acct cred open ");
	harness_close(0, 0);
	unsetenv("LD_PRELOAD");
	assert_string_equal(calls(), "acct cred open close delete ");
	assert_text(notes(),
		    "acct user=ai-worker ruser=ai-worker tty=/dev/pts/7 service=writ silent=0 "
		    "preload=-\n");
	assert_text(notes(), "cred user=bob ruser=ai-worker");
	assert_text(notes(), "open user=bob ruser=ai-worker");
	assert_text(notes(), "close user=bob ruser=ai-worker");
	assert_text(notes(), "delete user=bob ruser=ai-worker");
	assert_no_text(notes(), "preload=/");
	assert_int_equal(harness.asked, 0);
}

static void refusals_need_none(void **state)
{
	(void)state;
	assert_int_equal(harness_open(), 1);
	assert_refused(WORDS("env"), "unknown-program");
	harness_close(0, EACCES);
	assert_string_equal(calls(), "");
}

/* Named rows: what the account check answers, for a rule that asks for no password and for one that
 * does. */
static void accounts(void **state)
{
	static const struct {
		int status;
		bool plain, asking;
	} rows[] = {
		{PAM_SUCCESS, true, true},           {PAM_ACCT_EXPIRED, false, false},
		{PAM_PERM_DENIED, false, false},     {PAM_AUTH_ERR, false, false},
		{PAM_USER_UNKNOWN, false, false},    {PAM_AUTHINFO_UNAVAIL, false, false},
		{PAM_NEW_AUTHTOK_REQD, true, false}, {PAM_AUTHTOK_EXPIRED, true, false},
		{PAM_ABORT, false, false},
	};
	char arguments[32];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		snprintf(arguments, sizeof(arguments), "acct=%d", rows[i].status);
		for (int asking = 0; asking < 2; asking++) {
			bool want = asking ? rows[i].asking : rows[i].plain;
			int got;

			setup(NULL);
			serve(arguments);
			assert_int_equal(harness_open(), 1);
			got = harness_check(asking ? WORDS("id") : WORDS("true"));
			if (got != want || (!got && !harness_is_refusal("policy-error")))
				fail_msg("%s, %d: %d: %s", arguments, asking, got, harness.err);
			assert_text(harness_event(-1), want ? "\"allow\"" : "\"deny\"");
			harness_close(0, got ? 0 : EACCES);
		}
	}
	setup(NULL);
	serve("acct=13"); /* PAM_ACCT_EXPIRED */
	assert_int_equal(harness_open(), 1);
	assert_refused(WORDS("true"), "policy-error");
	assert_text(harness.err, "User account has expired");
	assert_int_equal(harness_list(NULL, 0, NULL), 0);
	assert_true(harness_is_refusal("policy-error"));
	assert_int_equal(harness_list(WORDS("true"), 0, NULL), 0);
	assert_true(harness_is_refusal("policy-error"));
	assert_int_equal(harness.plugin->validate(&harness.errstr), 0);
	assert_non_null(harness.errstr);
	harness_close(0, EACCES);
}

static void no_service(void **state)
{
	(void)state;
	serve(NULL);
	assert_int_equal(harness_open(), 1);
	assert_refused(WORDS("true"), "policy-error");
	assert_no_text(harness.err, "/etc/pam.d");
	assert_text(harness_event(-1), "/etc/pam.d/writ is missing");
	harness_close(0, EACCES);
	harness_write(SERVICE, "account required /nowhere/pam_gone.so\n");
	assert_int_equal(harness_open(), 1);
	assert_refused(WORDS("true"), "policy-error");
	harness_close(0, EACCES);
}

static void no_session(void **state)
{
	static const char *const rows[][2] = {{"cred=17", "acct cred "},
					      {"open=14", "acct cred open delete "}};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		setup(NULL);
		serve(rows[i][0]);
		assert_int_equal(start(WORDS("true")), -1);
		assert_text(harness.err, "writ: cannot start the command: no PAM ");
		assert_string_equal(calls(), rows[i][1]);
		/* sudo ends now, without calling close; the decision has its end all the same */
		assert_int_equal(harness_events(), 2);
		assert_text(harness_event(1), "\"event\":\"exit\"");
		assert_text(harness_event(1), "\"error\":\"no PAM ");
	}
}

static void environment(void **state)
{
	(void)state;
	serve("env=FROM_PAM=yes env=PATH=/tmp env=SUDO_USER=x env=WRIT_SESSION=x env=HOME=/tmp");
	assert_int_equal(start(WORDS("true")), 1);
	assert_has(harness.env, "FROM_PAM", "yes");
	assert_has(harness.env, "PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
	assert_has(harness.env, "SUDO_USER", "ai-worker");
	assert_has(harness.env, "HOME", "/root");
	assert_null(harness_value(harness.env, "WRIT_SESSION"));
	harness_close(0, 0);
}

/* Whatever is set while PAM looks at the caller is the caller's (pam_env user_readenv=1). */
static void environment_of_the_caller(void **state)
{
	char text[1000];

	(void)state;
	snprintf(text, sizeof(text),
		 "auth required %s\naccount required %s env=LD_AUDIT=/tmp/x env=A=b\n"
		 "session required %s env=B=c\n",
		 probe, probe, probe);
	harness_write(SERVICE, text);
	assert_int_equal(start(WORDS("true")), 1);
	assert_null(harness_value(harness.env, "LD_AUDIT"));
	assert_null(harness_value(harness.env, "A"));
	assert_has(harness.env, "B", "c");
	harness_close(0, 0);
}

static void umask_of_a_module(void **state)
{
	(void)state;
	serve("mask");
	assert_int_equal(start(WORDS("true")), 1);
	assert_int_equal(umask(022), 027);
	harness_close(0, 0);
}

static void right_password(void **state)
{
	(void)state;
	serve("ask");
	harness.answers[0] = "correct horse";
	assert_int_equal(start(WORDS("id")), 1);
	assert_string_equal(calls(), "acct auth cred open ");
	assert_string_equal(harness.err, "[sudo] password for ai-worker: ");
	assert_int_equal(harness_events(), 1);
	harness_close(0, 0);
	assert_int_equal(harness.asked, 1);
	/* no ticket: the next one asks again */
	assert_int_equal(start(WORDS("id")), 0);
	assert_int_equal(harness.asked, 2);
	harness_close(0, EACCES);
}

static void wrong_passwords(void **state)
{
	(void)state;
	serve("ask");
	harness.answers[0] = harness.answers[1] = "wrong";
	harness.answers[2] = "correct horse";
	assert_int_equal(start(WORDS("id")), 1);
	assert_int_equal(harness.asked, 3);
	assert_text(harness.err, "Sorry, try again.\n");
	harness_close(0, 0);

	setup(NULL);
	serve("ask");
	harness.answers[0] = harness.answers[1] = harness.answers[2] = harness.answers[3] = "wrong";
	assert_int_equal(start(WORDS("id")), 0);
	assert_int_equal(harness.asked, 3);
	assert_text(harness.err, "writ: refused: ");
	assert_text(harness.err, "[asking]\n");
	assert_int_equal(harness_events(), 1);
	assert_text(harness_event(0),
		    "\"decision\":\"deny\",\"code\":\"rule\",\"rule\":\"asking\"");
	harness_close(0, EACCES);
	assert_string_equal(calls(), "acct auth auth auth ");
}

static void no_answer(void **state)
{
	(void)state;
	serve("ask");
	assert_int_equal(start(WORDS("id")), 0);
	assert_int_equal(harness.asked, 1);
	assert_text(harness.err, "a password is needed, and none was given [asking]\n");
	harness_close(0, EACCES);
}

static void noninteractive(void **state)
{
	(void)state;
	serve("ask");
	harness.answers[0] = "correct horse";
	harness_set(harness.settings, "noninteractive=true");
	assert_int_equal(harness_open(), 1);
	assert_refused(WORDS("id"), "asking");
	assert_text(harness.err, "sudo -n forbids");
	assert_int_equal(harness.asked, 0);
	harness_close(0, EACCES);
	/* what asks nothing may pass */
	serve("");
	assert_int_equal(start(WORDS("id")), 1);
	harness_close(0, 0);
}

static void prompts(void **state)
{
	static const char *const rows[][2] = {
		{"prompt=", ""},
		{"prompt=Secret, %u for %U on %h of %H? 100%% %x %",
		 "Secret, ai-worker for root on writ-host of "
		 "writ-host.example? 100% %x %"},
	};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		setup(NULL);
		serve("ask");
		harness.answers[0] = "correct horse";
		harness_set(harness.settings, rows[i][0]);
		harness_set(harness.user_info, "host=writ-host.example");
		assert_int_equal(start(WORDS("id")), 1);
		assert_string_equal(harness.err, rows[i][1]);
		harness_close(0, 0);
	}
}

static void long_answer(void **state)
{
	static char long_text[SUDO_CONV_REPL_MAX + 1];

	(void)state;
	memset(long_text, 'x', SUDO_CONV_REPL_MAX);
	serve("ask");
	harness.answers[0] = long_text;
	assert_int_equal(start(WORDS("id")), 0);
	harness_close(0, EACCES);
}

/* `authenticate` is asked before anything is run, never of a listing or a child. */
static void only_to_run(void **state)
{
	(void)state;
	serve("ask");
	assert_int_equal(harness_open(), 1);
	assert_int_equal(harness_list(WORDS("id"), 0, NULL), 1);
	assert_int_equal(harness_list(NULL, 0, NULL), 1);
	assert_int_equal(harness.plugin->validate(&harness.errstr), 1);
	assert_int_equal(harness.asked, 0);
	harness_close(0, 0);
}

int main(int argc, char *argv[])
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(in_order, setup),
		cmocka_unit_test_setup(refusals_need_none, setup),
		cmocka_unit_test_setup(accounts, setup),
		cmocka_unit_test_setup(no_service, setup),
		cmocka_unit_test_setup(no_session, setup),
		cmocka_unit_test_setup(environment, setup),
		cmocka_unit_test_setup(environment_of_the_caller, setup),
		cmocka_unit_test_setup(umask_of_a_module, setup),
		cmocka_unit_test_setup(right_password, setup),
		cmocka_unit_test_setup(wrong_passwords, setup),
		cmocka_unit_test_setup(no_answer, setup),
		cmocka_unit_test_setup(noninteractive, setup),
		cmocka_unit_test_setup(prompts, setup),
		cmocka_unit_test_setup(long_answer, setup),
		cmocka_unit_test_setup(only_to_run, setup),
	};

	harness_load(argc, argv);
	probe = harness_fake_sudoers;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
