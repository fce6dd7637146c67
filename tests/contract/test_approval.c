/* SPDX-License-Identifier: ISC */
/* writ_approval: sudoers has accepted a command; does writ agree? */
#include <errno.h>
#include <pwd.h>
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

/* What sudoers says of a command, as the installed one does it with use_pty, log_input and
 * log_output. */
static const char *info[64];
static const char *const accepted[] = {"command=/usr/bin/true",
				       "iolog_path=/var/log/sudo-io/00/00/01",
				       "iolog_stdin=true",
				       "iolog_stdout=true",
				       "iolog_stderr=true",
				       "iolog_ttyin=true",
				       "iolog_ttyout=true",
				       "runas_user=root",
				       "runas_uid=0",
				       "runas_gid=0",
				       "runas_groups=0",
				       "closefrom=3",
				       "set_utmp=true",
				       "use_pty=true",
				       "umask=0022",
				       NULL};
static const char **submitted;

/* sudo's vector, a fresh one for each sudo that is played: it is never freed, as main's is not. */
static void new_sudo(void)
{
	submitted = calloc(4, sizeof(*submitted));
	assert_non_null(submitted);
	submitted[0] = "sudo";
	submitted[1] = "true";
}

static int setup(void **state)
{
	(void)state;
	harness_reset();
	memcpy(info, accepted, sizeof(accepted));
	new_sudo();
	return 0;
}

static int approval_open(void)
{
	harness.out[0] = harness.err[0] = '\0';
	harness.errstr = NULL;
	return harness.approval->open(harness.version, harness_converse, harness_print,
				      harness_settings(), harness_user_info(), 1,
				      (char *const *)submitted, harness_user_env(),
				      harness_options(), &harness.errstr);
}

static int check(const char *const argv[])
{
	static const char *const env[] = {"PATH=/usr/bin", "MODE=fixed", NULL};

	return harness.approval->check((char *const *)info, (char *const *)argv, (char *const *)env,
				       &harness.errstr);
}

/* Open, check, close, as sudo does it. */
static int approve(const char *const argv[])
{
	int ret = approval_open();

	if (ret != 1)
		return ret - 100;
	ret = check(argv);
	harness.approval->close();
	return ret;
}

static void assert_disagrees(const char *const argv[], const char *tag)
{
	int got = approve(argv);

	if (got != 0 || !harness_is_refusal(tag))
		fail_msg("want a refusal [%s], got %d: %.2000s", tag, got, harness.err);
	assert_non_null(harness.errstr);
}

static void agreed(void **state)
{
	(void)state;
	assert_int_equal(approve(WORDS("true", "x")), 1);
	assert_string_equal(harness.err, "");
	assert_string_equal(harness.out, "");
	assert_int_equal(harness_events(), 1);
	assert_text(harness_event(0),
		    "\"decision\":\"allow\",\"code\":\"rule\",\"rule\":\"anything\"");
	assert_text(harness_event(0), "\"plugin\":\"writ_approval\"");
	assert_text(harness_event(0), "\"program\":\"/usr/bin/true\",\"argv\":[\"true\",\"x\"]");
	assert_text(harness_event(0), "\"iolog\":null");
}

static void refused(void **state)
{
	(void)state;
	harness_set(info, "command=/usr/bin/id");
	assert_disagrees(WORDS("id", "x"), "no-rule");
	assert_int_equal(harness_events(), 1);
	assert_text(harness_event(0), "\"decision\":\"deny\"");
	harness_set(info, "command=/usr/bin/env");
	assert_disagrees(WORDS("env", "id"), "never");
	assert_string_equal(harness.errstr, "env starts other programs");
	/* as with the policy plugin */
	assert_text(harness.err, "writ: refused: env: env starts other programs [never]\n");
	harness_set(harness.user_env, "WRIT_OUTPUT=json");
	new_sudo();
	assert_int_equal(approve(WORDS("env", "id")), 0);
	assert_text(harness.err, "{\"decision\":\"deny\",\"code\":\"rule\",\"rule\":\"never\"");
}

static void others_never_meet_it(void **state)
{
	(void)state;
	harness_set(harness.user_info, "user=carol");
	harness_set(harness.user_info, "uid=4322");
	harness_set(harness.user_info, "gid=4322");
	harness_set(harness.user_info, "groups=4322");
	unlink(HARNESS_POLICY);
	assert_int_equal(approval_open(), 0); /* to sudo: leave this plugin out */
	assert_int_equal(harness_events(), 0);
	new_sudo();
	harness_set(harness.options, "others=deny");
	assert_disagrees(WORDS("true"), "policy-error");
}

/* Named rows: what sudoers says of the command, and whether writ can go along. */
static void what_sudoers_says(void **state)
{
	static const struct {
		const char *entry, *tag; /* an entry without '=' is taken away; tag NULL: agreed */
	} rows[] = {
		{"command", "policy-error"},
		{"command=true", "policy-error"},
		{"command=/usr/bin/false", "policy-error"}, /* goes by the name true */
		{"command=/bin/true", "unknown-program"},   /* not listed, if the same file */
		{"runas_user", "policy-error"},
		{"runas_uid", "policy-error"},
		{"runas_gid", "policy-error"},
		{"runas_uid=1", "policy-error"},
		{"runas_uid=x", "policy-error"},
		{"runas_gid=4", "policy-error"},
		{"runas_group=adm", "policy-error"},
		{"runas_group=no-such-group", "policy-error"},
		{"runas_user=no-such-user", "policy-error"},
		{"runas_euid=0", "policy-error"},
		{"preserve_groups=true", "policy-error"},
		{"chroot=/", "policy-error"},
		{"sudoedit=true", "option-of-sudo"},
		{"use_pty", "policy-error"},
		{"umask", "policy-error"},
		{"umask=0", "policy-error"},
		{"umask=02", "policy-error"},
		{"umask=077", NULL},
		{"closefrom", "policy-error"},
		{"closefrom=4", "policy-error"},
		{"timeout=5", NULL},
		{"noexec=true", NULL},
		{"iolog_path", "policy-error"},
		{"iolog_stdin", "policy-error"},
		{"iolog_stdout", "policy-error"},
		{"iolog_stderr", "policy-error"},
		{"iolog_ttyin", "policy-error"},
		{"iolog_ttyout", "policy-error"},
		{"ignore_iolog_errors=true", "policy-error"},
		{"cwd=/srv", NULL},
		{"rlimit_core=0,0", NULL},
		{"a_setting_of_tomorrow=1", NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int got;

		setup(NULL);
		if (strchr(rows[i].entry, '='))
			harness_set(info, rows[i].entry);
		else
			harness_unset(info, rows[i].entry);
		got = approve(WORDS("true"));
		if (got != !rows[i].tag || (rows[i].tag && !harness_is_refusal(rows[i].tag)))
			fail_msg("%s: got %d, want %s: %s", rows[i].entry, got,
				 rows[i].tag ? rows[i].tag : "agreement", harness.err);
		assert_int_equal(harness_events(), 1);
	}
}

/* Takes the entry of that name away. */
static void forget(const char *entry)
{
	char name[64];

	snprintf(name, sizeof(name), "%.*s", (int)strcspn(entry, "="), entry);
	harness_unset(info, name);
}

/* A rule's settings, and what sudoers must do already. */
static void what_the_rule_says(void **state)
{
	static const struct {
		const char *run;   /* of the rule */
		const char *entry; /* with it writ agrees; NULL: never */
		const char *wrong; /* with it, it does not; NULL: nothing to get wrong */
	} rows[] = {
		{"\"timeout\": 60", "timeout=60", "timeout=61"},
		{"\"timeout\": 60", "timeout=1", "timeout=0"},
		{"\"noexec\": true", "noexec=true", "noexec=false"},
		{"\"nice\": 5", "nice=5", "nice=4"},
		{"\"umask\": \"077\"", "umask=0077", "umask=0027"},
		{"\"closefrom\": 5", "closefrom=5", "closefrom=6"},
		{"\"cwd\": \"/srv\"", "cwd=/srv", "cwd=/"},
		{"\"rlimits\": { \"nofile\": [100, 200] }", "rlimit_nofile=100,200",
		 "rlimit_nofile=100,300"},
		{"\"env\": { \"set\": { \"MODE\": \"fixed\" } }", "x=1", NULL},
		{"\"env\": { \"set\": { \"MODE\": \"other\" } }", NULL, NULL},
		{"\"env\": { \"keep\": [\"LANG\"], \"allow\": { \"A\": true } }", "x=1", NULL},
		{"\"runas\": { \"user\": \"bob\" }", NULL, NULL},
		{"\"use_pty\": false", "use_pty=false", NULL},
		{"\"iolog\": { \"required\": false }", "iolog_stdin=false", NULL},
		{"\"iolog\": { \"dir\": \"/var/log/other\" }", NULL, NULL},
		{"\"iolog\": { \"group\": \"adm\" }", NULL, NULL},
		{"\"iolog\": { \"log_servers\": \"logs.example:30344\" }", NULL, NULL},
		{"\"authenticate\": true", NULL, NULL},
		{"\"sha256\": \"0000000000000000000000000000000000000000000000000000000000000000\"",
		 NULL, NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char policy[1000];
		int got;

		snprintf(policy, sizeof(policy),
			 "{ \"version\": 1, \"rules\": [{ \"id\": \"r\", \"effect\": \"allow\","
			 "\"program\": \"/usr/bin/true\", \"argv\": [[]], \"run\": { %s } }] }",
			 rows[i].run);
		for (int turn = 0; turn < 3; turn++) {
			const char *entry = turn == 0   ? rows[i].entry
					    : turn == 1 ? rows[i].wrong
							: NULL;
			bool want = turn == 0 && entry;

			if ((turn == 1 && !entry) || (turn == 2 && !rows[i].wrong))
				continue;
			setup(NULL);
			harness_write(HARNESS_POLICY, policy);
			if (entry)
				harness_set(info, entry);
			else if (rows[i].entry)
				forget(rows[i].entry);
			got = approve(WORDS("true"));
			if (got != want)
				fail_msg("%s, %s: got %d: %s", rows[i].run, entry ? entry : "-",
					 got, harness.err);
			if (!want)
				assert_text(harness_event(-1), "\"decision\":\"deny\"");
		}
	}
}

static void the_administrator_is_told(void **state)
{
	(void)state;
	harness_unset(info, "use_pty");
	assert_disagrees(WORDS("true"), "policy-error");
	assert_text(harness.err, "would not run as the policy wants it");
	assert_no_text(harness.err, "use_pty");
	assert_text(harness.errstr, "the rule wants 'use_pty' (Defaults use_pty)");
	assert_text(harness_event(-1), "the rule wants 'use_pty' (Defaults use_pty)");
}

static void as_another_user(void **state)
{
	const struct passwd *bob = getpwnam("bob");
	static char uid[32], gid[32];

	(void)state;
	assert_non_null(bob);
	harness_set(info, "command=/usr/bin/id");
	harness_set(info, "runas_user=bob");
	snprintf(uid, sizeof(uid), "runas_uid=%u", bob->pw_uid);
	snprintf(gid, sizeof(gid), "runas_gid=%u", bob->pw_gid);
	harness_set(info, uid);
	harness_set(info, gid);
	harness_set(info, "timeout=90");
	harness_set(info, "nice=5");
	harness_set(info, "umask=0027");
	harness_set(info, "noexec=true");
	assert_int_equal(approve(WORDS("id", "1")), 1);
	assert_text(harness_event(0), "\"runas\":\"bob\"");
	new_sudo();
	harness_set(info, "command=/usr/bin/true");
	assert_disagrees(WORDS("true"), "option-of-sudo");
}

static void options_of_sudo(void **state)
{
	static const char *const rows[] = {"run_shell=true",
					   "login_shell=true",
					   "preserve_environment=true",
					   "cmnd_chroot=/",
					   "remote_host=elsewhere",
					   "sudoedit=true",
					   "cmnd_cwd=/srv",
					   "timeout=1h"};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		setup(NULL);
		harness_set(harness.settings, rows[i]);
		harness_set(info, "cwd=/srv");
		assert_disagrees(WORDS("true"), "option-of-sudo");
	}
}

/* sudoers runs it by its path: it must be root's alone, whoever it runs as. */
static void untrusted_programs(void **state)
{
	(void)state;
	harness_set(info, "command=/usr/bin/contract-script");
	assert_int_equal(approve(WORDS("contract-script")), 1);
	assert_int_equal(chmod("/usr/bin/contract-script", 0777), 0);
	new_sudo();
	assert_disagrees(WORDS("contract-script"), "unknown-program");
	assert_int_equal(chmod("/usr/bin/contract-script", 0755), 0);
}

static void broken_policy(void **state)
{
	(void)state;
	harness_write(HARNESS_POLICY, "{");
	assert_disagrees(WORDS("true"), "policy-error");
	new_sudo();
	harness_write(HARNESS_POLICY, "{ \"version\": 1, \"rules\": [] }");
	harness_set(harness.options, "sudoers_file=/etc/other");
	assert_disagrees(WORDS("true"), "policy-error");
	assert_text(harness_event(-1), "no arguments for sudoers");
}

static void unwritable_log(void **state)
{
	(void)state;
	assert_int_equal(system("mount -t tmpfs -o mode=777 none /var/log/writ"), 0);
	assert_disagrees(WORDS("true"), "policy-error");
	assert_text(harness.err, "cannot be recorded");
	assert_int_equal(system("umount /var/log/writ"), 0);
}

/* With `Defaults intercept` sudo asks for every program that the command starts. */
static void children(void **state)
{
	static const char allow[] =
		"{ \"version\": 1, \"rules\": [{ \"id\": \"r\", \"effect\": \"allow\","
		"\"program\": \"/usr/bin/true\", \"argv\": [[]],"
		"\"run\": { \"children\": \"%s\" } }] }";
	char policy[400];

	(void)state;
	for (int free_ = 0; free_ < 2; free_++) {
		setup(NULL);
		snprintf(policy, sizeof(policy), allow, free_ ? "allow" : "policy");
		harness_write(HARNESS_POLICY, policy);
		assert_int_equal(approve(WORDS("true")), 1);
		harness_set(info, "command=/usr/bin/id");
		harness_unset(info, "use_pty");
		assert_int_equal(approve(WORDS("/usr/bin/id")), free_);
		assert_text(harness_event(1), "\"parent\":\"");
		harness_set(info, "command=/usr/bin/true");
		assert_int_equal(approve(WORDS("/usr/bin/true")), 1);
	}
}

static void user_ids_come_back(void **state)
{
	uid_t real, effective, saved;

	(void)state;
	assert_int_equal(setresuid(4321, 0, 0), 0);
	assert_int_equal(approval_open(), 1);
	assert_int_equal(getuid(), 0); /* the caller could kill this process otherwise */
	assert_int_equal(check(WORDS("true")), 1);
	harness.approval->close();
	assert_int_equal(getresuid(&real, &effective, &saved), 0);
	assert_int_equal(real, 4321);
	assert_int_equal(effective, 0);
	assert_int_equal(setresuid(0, 0, 0), 0);
}

/* Beside writ's own policy plugin it has nothing to add. */
static void after_writ_policy(void **state)
{
	(void)state;
	assert_int_equal(harness_open(), 1);
	assert_int_equal(harness_check(WORDS("true")), 1);
	assert_int_equal(approve(WORDS("true")), 1);
	assert_int_equal(harness_events(), 1);
	harness_close(0, 0);
	assert_int_equal(harness_open(), 1);
}

static void version_shown(void **state)
{
	(void)state;
	assert_int_equal(approval_open(), 1);
	assert_int_equal(harness.approval->show_version(0), 1);
	assert_text(harness.out, "writ approval plugin version ");
	assert_no_text(harness.out, HARNESS_POLICY);
	assert_int_equal(harness.approval->show_version(1), 1);
	assert_text(harness.out, HARNESS_POLICY);
	harness.approval->close();
}

int main(int argc, char *argv[])
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(agreed, setup),
		cmocka_unit_test_setup(refused, setup),
		cmocka_unit_test_setup(others_never_meet_it, setup),
		cmocka_unit_test_setup(what_sudoers_says, setup),
		cmocka_unit_test_setup(what_the_rule_says, setup),
		cmocka_unit_test_setup(the_administrator_is_told, setup),
		cmocka_unit_test_setup(as_another_user, setup),
		cmocka_unit_test_setup(options_of_sudo, setup),
		cmocka_unit_test_setup(untrusted_programs, setup),
		cmocka_unit_test_setup(broken_policy, setup),
		cmocka_unit_test_setup(unwritable_log, setup),
		cmocka_unit_test_setup(children, setup),
		cmocka_unit_test_setup(user_ids_come_back, setup),
		cmocka_unit_test_setup(after_writ_policy, setup),
		cmocka_unit_test_setup(version_shown, setup),
	};

	harness_load(argc, argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
