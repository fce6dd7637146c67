/* SPDX-License-Identifier: ISC */
/* writ_audit: what sudo tells it, of whomever, becomes an event; what writ decided itself is not
 * said twice. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "fake_sudoers.h"
#include "harness.h"

static const char *const submitted[] = {"sudo", "-u", "bob", "id", "-u", NULL};
static const char *const info[] = {"command=/usr/bin/id",
				   "runas_user=bob",
				   "runas_group=adm",
				   "iolog_path=/var/log/sudo-io/00/00/01",
				   "cwd=/srv",
				   NULL};

/* On the audit plugin's line. */
static const char *options[8];

static int open_audit(void)
{
	harness.out[0] = harness.err[0] = '\0';
	harness.errstr = NULL;
	return harness.audit->open(harness.version, harness_converse, harness_print,
				   harness_settings(), harness_user_info(), 3,
				   (char *const *)submitted, harness_user_env(),
				   (char *const *)options, &harness.errstr);
}

/* Everybody's sudo; nobody is a subject. */
static int setup(void **state)
{
	(void)state;
	harness_reset();
	options[0] = NULL;
	harness_set(harness.user_info, "user=carol");
	harness_set(harness.user_info, "uid=4322");
	return 0;
}

static int accept(const char *plugin, unsigned type, const char *const argv[])
{
	return harness.audit->accept(plugin, type, (char *const *)info, (char *const *)argv, NULL,
				     &harness.errstr);
}

static int reject(const char *plugin, unsigned type, const char *why)
{
	return harness.audit->reject(plugin, type, why, (char *const *)info, &harness.errstr);
}

static void a_command_of_anybody(void **state)
{
	char id[64];

	(void)state;
	harness_set(harness.user_env, "WRIT_TASK=nightly");
	assert_int_equal(open_audit(), 1);
	assert_int_equal(accept("sudoers_policy", SUDO_POLICY_PLUGIN, WORDS("id", "-u")), 1);
	assert_int_equal(accept("sudo", SUDO_FRONT_END, WORDS("id", "-u")), 1);
	harness.audit->close(SUDO_PLUGIN_WAIT_STATUS, 3 << 8);
	assert_int_equal(harness_events(), 3);
	assert_text(harness_event(0), "\"event\":\"accept\"");
	assert_text(harness_event(0),
		    "\"user\":\"carol\",\"uid\":4322,\"plugin\":\"sudoers_policy\","
		    "\"plugin_type\":\"policy\",\"program\":\"/usr/bin/id\","
		    "\"argv\":[\"id\",\"-u\"],\"runas\":\"bob\",\"runas_group\":\"adm\","
		    "\"reason\":null,\"cwd\":\"/tmp\",\"runcwd\":\"/srv\","
		    "\"tty\":\"/dev/pts/7\",\"claims\":{\"WRIT_TASK\":\"nightly\"},"
		    "\"iolog_path\":\"/var/log/sudo-io/00/00/01\"}");
	assert_text(harness_event(1), "\"plugin\":\"sudo\",\"plugin_type\":\"front-end\"");
	assert_text(harness_event(2), "\"event\":\"exit\"");
	assert_text(harness_event(2), "\"status\":3,\"signal\":null,\"error\":null");
	/* the exit names the accept of the front end */
	snprintf(id, sizeof(id), "%.33s", strstr(harness_event(1), "\"id\":\"") + 6);
	assert_text(strstr(harness_event(2), "\"decision_id\""), id);
}

static void how_it_ended(void **state)
{
	static const struct {
		int type, status;
		const char *text;
	} rows[] = {
		{SUDO_PLUGIN_WAIT_STATUS, 0, "\"status\":0,\"signal\":null,\"error\":null"},
		{SUDO_PLUGIN_WAIT_STATUS, 15, "\"status\":null,\"signal\":15,\"error\":null"},
		{SUDO_PLUGIN_EXEC_ERROR, ENOENT,
		 "\"status\":null,\"signal\":null,\"error\":\"No such file or directory\""},
		{SUDO_PLUGIN_SUDO_ERROR, ENOMEM,
		 "\"status\":null,\"signal\":null,\"error\":\"Cannot allocate memory\""},
		{SUDO_PLUGIN_NO_STATUS, 0,
		 "\"status\":null,\"signal\":null,\"error\":\"it was not started\""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		setup(NULL);
		assert_int_equal(open_audit(), 1);
		assert_int_equal(accept("sudo", SUDO_FRONT_END, WORDS("id")), 1);
		harness.audit->close(rows[i].type, rows[i].status);
		harness.audit->close(rows[i].type, rows[i].status);
		assert_int_equal(harness_events(), 2);
		assert_text(harness_event(1), rows[i].text);
	}
}

static void rejects_and_errors(void **state)
{
	static const char escape[] = "odd \x1b[2J\n\xff";

	(void)state;
	assert_int_equal(open_audit(), 1);
	assert_int_equal(reject("sudoers_policy", SUDO_POLICY_PLUGIN, "command not allowed"), 1);
	assert_text(harness_event(0), "\"event\":\"reject\"");
	assert_text(harness_event(0), "\"reason\":\"command not allowed\"");
	/* sudo does not say what was asked: the caller's own words */
	assert_text(harness_event(0), "\"argv\":[\"id\",\"-u\"]");
	assert_int_equal(reject("other_approval", SUDO_APPROVAL_PLUGIN, escape), 1);
	assert_text(harness_event(1), "\"plugin_type\":\"approval\"");
	assert_int_equal(harness.audit->error("sudoers_io", SUDO_IO_PLUGIN, "no space", NULL,
					      &harness.errstr),
			 1);
	assert_text(harness_event(2), "\"event\":\"error\"");
	assert_text(harness_event(2),
		    "\"plugin\":\"sudoers_io\",\"plugin_type\":\"io\",\"program\":null");
	assert_int_equal(harness.audit->error("x", 77, NULL, NULL, &harness.errstr), 1);
	assert_text(harness_event(3), "\"plugin_type\":\"unknown\"");
	harness.audit->close(SUDO_PLUGIN_NO_STATUS, 0);
	assert_int_equal(harness_events(), 4);
	for (int i = 0; i < 4; i++)
		for (const char *c = harness_event(i); *c; c++)
			assert_true((unsigned char)*c >= ' ');
}

static void listing(void **state)
{
	static const char *const list[] = {"command=list", NULL};

	(void)state;
	assert_int_equal(open_audit(), 1);
	assert_int_equal(harness.audit->accept("sudoers_policy", SUDO_POLICY_PLUGIN,
					       (char *const *)list, (char *const *)WORDS(NULL),
					       NULL, &harness.errstr),
			 1);
	harness.audit->close(SUDO_PLUGIN_NO_STATUS, 0);
	assert_int_equal(harness_events(), 1);
	assert_text(harness_event(0), "\"program\":\"list\",\"argv\":[]");
}

/* log_subcmds tells of every program that the command starts; the exit is the command's. */
static void children_of_a_command(void **state)
{
	char id[64];

	(void)state;
	assert_int_equal(open_audit(), 1);
	assert_int_equal(accept("sudo", SUDO_FRONT_END, WORDS("id")), 1);
	snprintf(id, sizeof(id), "%.33s", strstr(harness_event(0), "\"id\":\"") + 6);
	assert_int_equal(accept("sudo", SUDO_FRONT_END, WORDS("ls")), 1);
	assert_int_equal(reject("sudoers_policy", SUDO_POLICY_PLUGIN, "no"), 1);
	assert_text(harness_event(2), "\"argv\":[]");
	harness.audit->close(SUDO_PLUGIN_WAIT_STATUS, 0);
	assert_int_equal(harness_events(), 4);
	assert_text(strstr(harness_event(3), "\"decision_id\""), id);
}

/* The subject's command, by writ's policy plugin: a decision and an exit, each once. */
static void nothing_twice(void **state)
{
	(void)state;
	harness_reset();
	assert_int_equal(open_audit(), 1);
	assert_int_equal(harness_open(), 1);
	assert_int_equal(harness_check(WORDS("true")), 1);
	assert_int_equal(accept("writ_policy", SUDO_POLICY_PLUGIN, WORDS("true")), 1);
	assert_int_equal(accept("sudo", SUDO_FRONT_END, WORDS("true")), 1);
	harness_close(0, 0);
	harness.audit->close(SUDO_PLUGIN_WAIT_STATUS, 0);
	assert_int_equal(harness_events(), 2);
	assert_text(harness_event(0), "\"event\":\"decision\"");
	assert_text(harness_event(1), "\"event\":\"exit\"");

	unlink(EVENTS);
	assert_int_equal(open_audit(), 1);
	assert_int_equal(harness_open(), 1);
	assert_int_equal(harness_check(WORDS("env")), 0);
	assert_int_equal(reject("writ_policy", SUDO_POLICY_PLUGIN, "why"), 1);
	harness_close(0, EACCES);
	harness.audit->close(SUDO_PLUGIN_NO_STATUS, 0);
	assert_int_equal(harness_events(), 1);

	/* but what writ does not record by itself is recorded */
	unlink(EVENTS);
	assert_int_equal(open_audit(), 1);
	assert_int_equal(harness_open(), 1);
	assert_int_equal(harness_list(NULL, 0, NULL), 1);
	assert_int_equal(accept("writ_policy", SUDO_POLICY_PLUGIN, WORDS("true")), 1);
	harness_close(0, 0);
	harness.audit->close(SUDO_PLUGIN_NO_STATUS, 0);
	assert_int_equal(harness_events(), 1);
	assert_text(harness_event(0), "\"event\":\"accept\"");
	assert_text(harness_event(0), "\"plugin\":\"writ_policy\"");
}

/* sudoers' word, the decision of the approval plugin, and the exit with the decision's id. */
static void with_the_approval_plugin(void **state)
{
	static const char *const argv[] = {"sudo", "true", NULL};
	static const char *const accepted[] = {"command=/usr/bin/true", "runas_user=root",
					       "runas_uid=0",           "runas_gid=0",
					       "closefrom=3",           "umask=022",
					       "use_pty=true",          "iolog_path=/x",
					       "iolog_stdin=true",      "iolog_stdout=true",
					       "iolog_stderr=true",     "iolog_ttyin=true",
					       "iolog_ttyout=true",     NULL};
	char id[64];

	(void)state;
	harness_reset();
	assert_int_equal(open_audit(), 1);
	assert_int_equal(accept("sudoers_policy", SUDO_POLICY_PLUGIN, WORDS("true")), 1);
	assert_int_equal(harness.approval->open(harness.version, harness_converse, harness_print,
						harness_settings(), harness_user_info(), 1,
						(char *const *)argv, harness_user_env(),
						harness_options(), &harness.errstr),
			 1);
	assert_int_equal(harness.approval->check((char *const *)accepted, (char *const *)argv + 1,
						 NULL, &harness.errstr),
			 1);
	assert_int_equal(accept("writ_approval", SUDO_APPROVAL_PLUGIN, WORDS("true")), 1);
	harness.approval->close();
	assert_int_equal(accept("sudo", SUDO_FRONT_END, WORDS("true")), 1);
	harness.audit->close(SUDO_PLUGIN_WAIT_STATUS, 1 << 8);
	assert_int_equal(harness_events(), 3);
	assert_text(harness_event(0), "\"plugin\":\"sudoers_policy\"");
	assert_text(harness_event(1), "\"event\":\"decision\"");
	assert_text(harness_event(2), "\"event\":\"exit\"");
	snprintf(id, sizeof(id), "%.33s", strstr(harness_event(1), "\"id\":\"") + 6);
	assert_text(strstr(harness_event(2), "\"decision_id\""), id);
}

/* Through writ's policy plugin, but sudoers' word. */
static void delegated(void **state)
{
	static char sudoers[4200];

	(void)state;
	snprintf(sudoers, sizeof(sudoers), "sudoers=%s", harness_fake_sudoers);
	assert_int_equal(open_audit(), 1);
	harness_set(harness.options, "subjects=ai-worker");
	harness_set(harness.options, sudoers);
	assert_int_equal(harness_open(), 0); /* the fake one answers 0 until it is told otherwise */
	assert_int_equal(accept("writ_policy", SUDO_POLICY_PLUGIN, WORDS("id")), 1);
	assert_int_equal(accept("sudo", SUDO_FRONT_END, WORDS("id")), 1);
	assert_int_equal(harness_events(), 2);
	assert_text(harness_event(0), "\"plugin\":\"sudoers_policy\"");
	harness_close(0, 0);
	harness.audit->close(SUDO_PLUGIN_WAIT_STATUS, 0);
	assert_text(harness_event(-1), "\"event\":\"exit\"");
}

static int with_unwritable_log(int (*call)(void))
{
	int ret;

	assert_int_equal(system("mount -t tmpfs -o mode=777 none /var/log/writ"), 0);
	ret = call();
	assert_int_equal(system("umount /var/log/writ"), 0);
	return ret;
}

static int call_accept(void)
{
	return accept("sudo", SUDO_FRONT_END, WORDS("id"));
}

static int call_reject(void)
{
	return reject("sudoers_policy", SUDO_POLICY_PLUGIN, "no");
}

static void log_that_fails(void **state)
{
	(void)state;
	assert_int_equal(accept("sudo", SUDO_FRONT_END, WORDS("id")), 1); /* makes the folder */
	assert_int_equal(open_audit(), 1);
	assert_int_equal(with_unwritable_log(call_accept), 1); /* no subject: never stopped */
	assert_int_equal(with_unwritable_log(call_reject), 1);
	harness_set(options, "subjects=carol,%x");
	assert_int_equal(open_audit(), 1);
	assert_int_equal(with_unwritable_log(call_accept), -1);
	assert_text(harness.errstr, "cannot be recorded");
	assert_int_equal(with_unwritable_log(call_reject), -1);
	assert_int_equal(call_accept(), 1);
}

/* A mistake in its arguments must show: to those whom they name. */
static void wrong_arguments(void **state)
{
	static const char *const rows[] = {"policy=/etc/other", "commands=/x",     "others=deny",
					   "sudoers=/x.so",     "sudoers_file=/x", "no_such=1"};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		setup(NULL);
		harness_set(options, rows[i]);
		assert_int_equal(open_audit(), 1);
		assert_int_equal(call_accept(), 1);
		harness_set(options, "subjects=carol");
		assert_int_equal(open_audit(), 1);
		assert_int_equal(call_accept(), -1);
		assert_int_equal(harness_events(), 2);
	}
}

static void version_shown(void **state)
{
	(void)state;
	assert_int_equal(open_audit(), 1);
	assert_int_equal(harness.audit->show_version(1), 1);
	assert_text(harness.out, "writ audit plugin version ");
	harness.audit->close(SUDO_PLUGIN_NO_STATUS, 0);
	assert_int_equal(harness_events(), 0);
}

int main(int argc, char *argv[])
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_command_of_anybody, setup),
		cmocka_unit_test_setup(how_it_ended, setup),
		cmocka_unit_test_setup(rejects_and_errors, setup),
		cmocka_unit_test_setup(listing, setup),
		cmocka_unit_test_setup(children_of_a_command, setup),
		cmocka_unit_test_setup(nothing_twice, setup),
		cmocka_unit_test_setup(with_the_approval_plugin, setup),
		cmocka_unit_test_setup(delegated, setup),
		cmocka_unit_test_setup(log_that_fails, setup),
		cmocka_unit_test_setup(wrong_arguments, setup),
		cmocka_unit_test_setup(version_shown, setup),
	};

	harness_load(argc, argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
