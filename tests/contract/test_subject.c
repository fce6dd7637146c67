/* SPDX-License-Identifier: ISC */
/* writ_policy for a subject: what sudo gets for what it asks. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "harness.h"

static int setup(void **state)
{
	(void)state;
	harness_reset();
	return 0;
}

static void allowed(void **state)
{
	(void)state;
	assert_int_equal(harness_open(), 1);
	assert_int_equal(harness_check(WORDS("id", "12")), 1);
	assert_string_equal(harness.err, "");
	assert_has(harness.command_info, "command", "/usr/bin/id");
	assert_has(harness.command_info, "runas_user", "root");
	assert_has(harness.command_info, "runas_uid", "0");
	assert_has(harness.command_info, "runas_gid", "0");
	assert_has(harness.command_info, "timeout", "90");
	assert_has(harness.command_info, "nice", "5");
	assert_has(harness.command_info, "umask", "027");
	assert_has(harness.command_info, "umask_override", "true");
	assert_has(harness.command_info, "noexec", "true");
	assert_has(harness.command_info, "use_pty", "true");
	assert_has(harness.command_info, "closefrom", "3");
	assert_has(harness.command_info, "ignore_iolog_errors", "false");
	assert_has(harness.command_info, "iolog_stdin", "true");
	assert_null(harness_value(harness.command_info, "cwd"));
	assert_string_equal(harness.argv[0], "id");
	assert_string_equal(harness.argv[1], "12");
	assert_null(harness.argv[2]);
	harness_close(3 << 8, 0);
	assert_int_equal(harness_events(), 2);
	assert_text(harness_event(0), "\"event\":\"decision\"");
	assert_text(harness_event(0), "\"rule\":\"number\"");
	assert_text(harness_event(1), "\"event\":\"exit\"");
	assert_text(harness_event(1), "\"status\":3,\"signal\":null");
}

static void the_program_is_a_descriptor(void **state)
{
	const char *fd;
	struct stat is, should;

	(void)state;
	assert_int_equal(harness_open(), 1);
	assert_int_equal(harness_check(WORDS("/usr/bin/true")), 1);
	fd = harness_value(harness.command_info, "execfd");
	assert_non_null(fd);
	assert_int_equal(fstat(atoi(fd), &is), 0);
	assert_int_equal(stat("/usr/bin/true", &should), 0);
	assert_int_equal(is.st_ino, should.st_ino);
	assert_int_equal(fcntl(atoi(fd), F_GETFD), FD_CLOEXEC);
	harness_close(0, 0);

	assert_int_equal(harness_open(), 1);
	assert_int_equal(harness_check(WORDS("contract-script")), 1);
	assert_null(harness_value(harness.command_info, "execfd"));
	harness_close(0, 0);
}

static void untrusted_programs(void **state)
{
	(void)state;
	assert_int_equal(chmod("/usr/bin/contract-script", 0777), 0);
	assert_int_equal(harness_open(), 1);
	assert_refused(WORDS("contract-script"), "unknown-program");
	assert_no_text(harness.err, "writable");
	assert_text(harness_event(-1), "/usr/bin/contract-script");
	assert_int_equal(chmod("/usr/bin/contract-script", 0644), 0);
	assert_int_equal(harness_check(WORDS("contract-script")), 0);
	harness_write("/usr/bin/contract-script", "#!/tmp/interpreter\n");
	chmod("/usr/bin/contract-script", 0755);
	assert_refused(WORDS("contract-script"), "unknown-program");
	harness_write("/usr/bin/contract-script", "echo neither\n");
	chmod("/usr/bin/contract-script", 0755);
	assert_refused(WORDS("contract-script"), "unknown-program");
	harness_write("/usr/bin/contract-script", "#!/bin/sh\nexit 0\n");
	chmod("/usr/bin/contract-script", 0755);
	assert_int_equal(harness_check(WORDS("contract-script")), 1);
	harness_close(0, 0);
}

static void refused(void **state)
{
	(void)state;
	assert_int_equal(harness_open(), 1);
	assert_refused(WORDS("id", "x"), "no-rule");
	assert_null(harness_value(harness.command_info, "execfd"));
	harness_close(0, EACCES);
	assert_int_equal(harness_events(), 1);
	assert_text(harness_event(0), "\"decision\":\"deny\"");

	assert_int_equal(harness_open(), 1);
	assert_refused(WORDS("env", "id"), "never");
	assert_text(harness.err, "env starts other programs");
	assert_string_equal(harness.errstr, "env starts other programs");
	harness_close(0, EACCES);
}

static void json_refusal(void **state)
{
	const char *newline;

	(void)state;
	harness_set(harness.user_env, "WRIT_OUTPUT=json");
	assert_int_equal(harness_open(), 1);
	assert_int_equal(harness_check(WORDS("env", "\x1b[2J\n\xff")), 0);
	newline = strchr(harness.err, '\n');
	assert_non_null(newline);
	assert_string_equal(newline, "\n");
	assert_text(harness.err, "{\"decision\":\"deny\",\"code\":\"rule\",\"rule\":\"never\"");
	assert_no_text(harness.err, "\x1b");
	harness_close(0, EACCES);
}

static void environment(void **state)
{
	(void)state;
	assert_int_equal(harness_open(), 1);
	assert_int_equal(harness_check(WORDS("true", "a b", "c")), 1);
	assert_has(harness.env, "PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
	assert_has(harness.env, "HOME", "/root");
	assert_has(harness.env, "USER", "root");
	assert_has(harness.env, "LOGNAME", "root");
	assert_has(harness.env, "SUDO_USER", "ai-worker");
	assert_has(harness.env, "SUDO_UID", "4321");
	assert_has(harness.env, "SUDO_GID", "4321");
	assert_has(harness.env, "SUDO_COMMAND", "/usr/bin/true a b c");
	assert_has(harness.env, "WRIT_RULE", "anything");
	assert_non_null(harness_value(harness.env, "WRIT_EVENT"));
	assert_text(harness_event(0), harness_value(harness.env, "WRIT_EVENT"));
	assert_null(harness_value(harness.env, "WRIT_SESSION"));
	assert_null(harness_value(harness.env, "LD_PRELOAD"));
	assert_has(harness.env, "PAGER", "cat");
	harness_close(0, 0);
}

/* Named rows: an option of sudo, and what becomes of it. */
static void options_of_sudo(void **state)
{
	static const struct {
		const char *setting;
		bool refused;
	} rows[] = {
		{"run_shell=true", true},
		{"login_shell=true", true},
		{"implied_shell=true", true},
		{"sudoedit=true", true},
		{"preserve_environment=true", true},
		{"preserve_groups=true", true},
		{"preserve_groups=", true},
		{"preserve_groups=false", false},
		{"closefrom=7", true},
		{"cmnd_chroot=/", true},
		{"cmnd_cwd=/", true},
		{"remote_host=elsewhere", true},
		{"selinux_role=r", true},
		{"selinux_type=t", true},
		{"login_class=c", true},
		{"bsdauth_type=a", true},
		{"timeout=1h", true},
		{"runas_user=bob", true},
		{"runas_user=#0", false},
		{"runas_user=#4294967295", true},
		{"runas_user=root", false},
		{"runas_user=", true},
		{"runas_group=adm", true},
		{"noninteractive=true", false},
		{"set_home=true", false},
		{"prompt=%p", false},
		{"askpass=true", false},
		{"ignore_ticket=true", false},
		{"update_ticket=false", false},
		{"intercept_ptrace=true", false},
		{"a_setting_of_tomorrow=1", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int got;

		harness_reset();
		harness_set(harness.settings, rows[i].setting);
		assert_int_equal(harness_open(), 1);
		got = harness_check(WORDS("true"));
		if (rows[i].refused && (got != 0 || !harness_is_refusal("option-of-sudo")))
			fail_msg("%s: want a refusal, got %d: %s", rows[i].setting, got,
				 harness.err);
		if (!rows[i].refused && got != 1)
			fail_msg("%s: got %d: %s", rows[i].setting, got, harness.err);
		harness_close(0, got == 1 ? 0 : EACCES);
	}
}

static void variables_on_the_command_line(void **state)
{
	(void)state;
	assert_int_equal(harness_open(), 1);
	assert_int_equal(harness_check_env(WORDS("true"), WORDS("DOCKER_HOST=tcp://x")), 0);
	assert_true(harness_is_refusal("option-of-sudo"));
	assert_int_equal(harness_check_env(WORDS("true"), (const char *[]) {NULL}), 1);
	harness_close(0, 0);
}

static void runas_of_the_rule(void **state)
{
	(void)state;
	harness_set(harness.settings, "runas_user=bob");
	assert_int_equal(harness_open(), 1);
	assert_int_equal(harness_check(WORDS("id", "1")), 1);
	assert_has(harness.command_info, "runas_user", "bob");
	assert_has(harness.env, "USER", "bob");
	assert_has(harness.env, "HOME", "/home/bob");
	assert_true(atoi(harness_value(harness.command_info, "runas_uid")) > 0);
	harness_close(0, 0);
}

static void listing(void **state)
{
	(void)state;
	assert_int_equal(harness_open(), 1);
	assert_int_equal(harness_list(NULL, 0, NULL), 1);
	assert_text(harness.out, "/usr/bin/id");
	assert_no_text(harness.out, "never");
	assert_int_equal(harness_list(NULL, 1, "ai-worker"), 1);
	assert_int_equal(harness_list(WORDS("true", "x"), 0, NULL), 1);
	assert_string_equal(harness.out, "/usr/bin/true x\n");
	assert_int_equal(harness_list(WORDS("id", "x"), 0, NULL), 0);
	assert_true(harness_is_refusal("no-rule"));
	assert_int_equal(harness_list(NULL, 0, "root"), 0);
	assert_true(harness_is_refusal("option-of-sudo"));
	assert_int_equal(harness_list(WORDS("true"), 0, "carol"), 0);
	assert_true(harness_is_refusal("option-of-sudo"));
	harness_close(0, 0);
	assert_int_equal(harness_events(), 0);
}

static void failed_execution(void **state)
{
	(void)state;
	assert_int_equal(harness_open(), 1);
	assert_int_equal(harness_check(WORDS("true")), 1);
	harness_close(0, ENOENT);
	assert_text(harness.err, "writ: cannot run /usr/bin/true: No such file or directory\n");
	assert_text(harness_event(-1), "\"status\":null,\"signal\":null,\"error\":\"No such file");
}

static void died_of_a_signal(void **state)
{
	(void)state;
	assert_int_equal(harness_open(), 1);
	assert_int_equal(harness_check(WORDS("true")), 1);
	harness_close(15, 0);
	assert_text(harness_event(-1), "\"status\":null,\"signal\":15,\"error\":null");
}

int main(int argc, char *argv[])
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(allowed, setup),
		cmocka_unit_test_setup(the_program_is_a_descriptor, setup),
		cmocka_unit_test_setup(untrusted_programs, setup),
		cmocka_unit_test_setup(refused, setup),
		cmocka_unit_test_setup(json_refusal, setup),
		cmocka_unit_test_setup(environment, setup),
		cmocka_unit_test_setup(options_of_sudo, setup),
		cmocka_unit_test_setup(variables_on_the_command_line, setup),
		cmocka_unit_test_setup(runas_of_the_rule, setup),
		cmocka_unit_test_setup(listing, setup),
		cmocka_unit_test_setup(failed_execution, setup),
		cmocka_unit_test_setup(died_of_a_signal, setup),
	};

	harness_load(argc, argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
