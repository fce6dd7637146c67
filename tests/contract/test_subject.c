/* SPDX-License-Identifier: ISC */
/* writ_policy for a subject: the struct's functions in every order, with every odd vector. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "harness.h"

#define WORDS(...) ((char *[]){__VA_ARGS__, NULL})

static int setup(void **state)
{
	(void)state;
	harness_reset();
	return 0;
}

static void has(char **vector, const char *name, const char *want)
{
	const char *got = harness_value(vector, name);

	if (!got || strcmp(got, want) != 0)
		fail_msg("%s: got '%s', want '%s'", name, got ? got : "(none)", want);
}

static void has_text(const char *text, const char *part)
{
	if (!strstr(text, part))
		fail_msg("'%s' is not in: %.2000s", part, text);
}

static void has_no_text(const char *text, const char *part)
{
	if (strstr(text, part))
		fail_msg("'%s' is in: %.2000s", part, text);
}

static void is_refused(char *const argv[], const char *code)
{
	int got = harness_check(argv);

	if (got != 0 || !harness_is_refusal(code))
		fail_msg("want a refusal [%s], got %d: %.2000s", code, got, harness.err);
	assert_non_null(harness.errstr);
	assert_non_null(harness_value(harness.command_info, "command"));
}

static void allowed(void **state)
{
	(void)state;
	assert_int_equal(harness_open(), 1);
	assert_int_equal(harness_check(WORDS("id", "12")), 1);
	assert_string_equal(harness.err, "");
	has(harness.command_info, "command", "/usr/bin/id");
	has(harness.command_info, "runas_user", "root");
	has(harness.command_info, "runas_uid", "0");
	has(harness.command_info, "runas_gid", "0");
	has(harness.command_info, "timeout", "90");
	has(harness.command_info, "nice", "5");
	has(harness.command_info, "umask", "027");
	has(harness.command_info, "umask_override", "true");
	has(harness.command_info, "noexec", "true");
	has(harness.command_info, "use_pty", "true");
	has(harness.command_info, "closefrom", "3");
	has(harness.command_info, "ignore_iolog_errors", "false");
	has(harness.command_info, "iolog_stdin", "true");
	assert_null(harness_value(harness.command_info, "cwd"));
	assert_string_equal(harness.argv[0], "id");
	assert_string_equal(harness.argv[1], "12");
	assert_null(harness.argv[2]);
	harness_close(3 << 8, 0);
	assert_int_equal(harness_events(), 2);
	has_text(harness_event(0), "\"event\":\"decision\"");
	has_text(harness_event(0), "\"rule\":\"number\"");
	has_text(harness_event(1), "\"event\":\"exit\"");
	has_text(harness_event(1), "\"status\":3,\"signal\":null");
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
	is_refused(WORDS("contract-script"), "unknown-program");
	has_no_text(harness.err, "writable");
	has_text(harness_event(-1), "/usr/bin/contract-script");
	assert_int_equal(chmod("/usr/bin/contract-script", 0644), 0);
	assert_int_equal(harness_check(WORDS("contract-script")), 0);
	harness_write("/usr/bin/contract-script", "#!/tmp/interpreter\n");
	chmod("/usr/bin/contract-script", 0755);
	is_refused(WORDS("contract-script"), "unknown-program");
	harness_write("/usr/bin/contract-script", "echo neither\n");
	chmod("/usr/bin/contract-script", 0755);
	is_refused(WORDS("contract-script"), "unknown-program");
	harness_write("/usr/bin/contract-script", "#!/bin/sh\nexit 0\n");
	chmod("/usr/bin/contract-script", 0755);
	assert_int_equal(harness_check(WORDS("contract-script")), 1);
	harness_close(0, 0);
}

static void refused(void **state)
{
	(void)state;
	assert_int_equal(harness_open(), 1);
	is_refused(WORDS("id", "x"), "no-rule");
	assert_null(harness_value(harness.command_info, "execfd"));
	harness_close(0, EACCES);
	assert_int_equal(harness_events(), 1);
	has_text(harness_event(0), "\"decision\":\"deny\"");

	assert_int_equal(harness_open(), 1);
	is_refused(WORDS("env", "id"), "never");
	has_text(harness.err, "env starts other programs");
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
	has_text(harness.err, "{\"decision\":\"deny\",\"code\":\"rule\",\"rule\":\"never\"");
	has_no_text(harness.err, "\x1b");
	harness_close(0, EACCES);
}

static void environment(void **state)
{
	(void)state;
	assert_int_equal(harness_open(), 1);
	assert_int_equal(harness_check(WORDS("true", "a b", "c")), 1);
	has(harness.env, "PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
	has(harness.env, "HOME", "/root");
	has(harness.env, "USER", "root");
	has(harness.env, "LOGNAME", "root");
	has(harness.env, "SUDO_USER", "ai-worker");
	has(harness.env, "SUDO_UID", "4321");
	has(harness.env, "SUDO_GID", "4321");
	has(harness.env, "SUDO_COMMAND", "/usr/bin/true a b c");
	has(harness.env, "WRIT_RULE", "anything");
	assert_non_null(harness_value(harness.env, "WRIT_EVENT"));
	has_text(harness_event(0), harness_value(harness.env, "WRIT_EVENT"));
	assert_null(harness_value(harness.env, "WRIT_SESSION"));
	assert_null(harness_value(harness.env, "LD_PRELOAD"));
	has(harness.env, "PAGER", "cat");
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
	assert_int_equal(harness_check_env(WORDS("true"), (char *[]){NULL}), 1);
	harness_close(0, 0);
}

static void runas_of_the_rule(void **state)
{
	(void)state;
	harness_set(harness.settings, "runas_user=bob");
	assert_int_equal(harness_open(), 1);
	assert_int_equal(harness_check(WORDS("id", "1")), 1);
	has(harness.command_info, "runas_user", "bob");
	has(harness.env, "USER", "bob");
	has(harness.env, "HOME", "/home/bob");
	assert_true(atoi(harness_value(harness.command_info, "runas_uid")) > 0);
	harness_close(0, 0);
}

static char *repeated(char c, size_t length)
{
	char *s = malloc(length + 1);

	assert_non_null(s);
	memset(s, c, length);
	s[length] = '\0';
	return s;
}

static void large_vectors(void **state)
{
	char **many = calloc(10002, sizeof(*many)), *long_one = repeated('x', 1 << 20);
	char *just_fits = repeated('y', 64 * 1024 - 6);

	(void)state;
	assert_non_null(many);
	many[0] = (char *)"true";
	for (int i = 1; i <= 10000; i++)
		many[i] = (char *)"a";
	assert_int_equal(harness_open(), 1);
	is_refused(WORDS("true", long_one), "too-large");
	has_text(harness_event(-1), "\"argv_bytes\":1048582");
	has_text(harness_event(-1), "\"argv_sha256\":\"");
	assert_true(strlen(harness_event(-1)) < 10000);
	is_refused(WORDS(long_one), "too-large");
	is_refused(WORDS("true", just_fits, ""), "too-large");
	assert_int_equal(harness_check(WORDS("true", just_fits)), 1);
	harness_close(0, 0);
	assert_int_equal(harness_open(), 1);
	assert_int_equal(harness_check(many), 1);
	assert_string_equal(harness.argv[10000], "a");
	assert_null(harness.argv[10001]);
	harness_close(0, 0);
	harness_set(harness.user_env, "WRIT_OUTPUT=json");
	assert_int_equal(harness_open(), 1);
	assert_int_equal(harness_check(WORDS("true", long_one)), 0);
	assert_true(strlen(harness.err) < 10000);
	has_text(harness.err, "\"code\":\"too-large\"");
	harness_close(0, EACCES);
	free(just_fits);
	free(long_one);
	free(many);
}

static void odd_vectors(void **state)
{
	(void)state;
	assert_int_equal(harness_open(), 1);
	assert_int_equal(harness_check(NULL), 0);
	assert_int_equal(harness_check((char *[]){NULL}), 0);
	assert_int_equal(harness_check(WORDS("")), 0);
	assert_int_equal(harness_check(WORDS("\xff\xfe")), 0);
	assert_int_equal(harness_check(WORDS("\x1b]0;x\a")), 0);
	has_no_text(harness.err, "\x1b");
	assert_int_equal(harness_check(WORDS("./true")), 0);
	assert_int_equal(harness_events(), 6);
	assert_int_equal(harness_check(WORDS("true", "", "\xff", "\n")), 1);
	assert_string_equal(harness.argv[2], "\xff");
	has_text(harness_event(-1), "\"argv_raw\":[\"dHJ1ZQ==\",\"\",\"/w==\",\"Cg==\"]");
	harness_close(0, 0);
}

static void missing_keys(void **state)
{
	(void)state;
	harness.no_settings = harness.no_user_env = true;
	harness_unset(harness.user_info, "cwd");
	harness_unset(harness.user_info, "tty");
	harness_unset(harness.user_info, "groups");
	harness_unset(harness.user_info, "host");
	assert_int_equal(harness_open(), 1);
	assert_int_equal(harness_check(WORDS("true")), 1);
	has_text(harness_event(0), "\"tty\":null");
	harness_close(0, 0);
}

static void no_caller(void **state)
{
	static const char *const keys[] = {"user", "uid", "gid"};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		harness_reset();
		harness_unset(harness.user_info, keys[i]);
		assert_int_equal(harness_open(), -1);
		has_text(harness.err, "writ: ");
	}
	harness_reset();
	harness.no_user_info = true;
	assert_int_equal(harness_open(), -1);
	harness_reset();
	harness_set(harness.user_info, "uid=4294967295");
	assert_int_equal(harness_open(), -1);
	harness_set(harness.user_info, "uid=-1");
	assert_int_equal(harness_open(), -1);
}

static void every_order(void **state)
{
	const char *errstr = NULL;
	char **env = NULL;

	(void)state;
	assert_int_equal(harness_open(), 1);
	harness_close(0, 0);
	harness_close(0, 0);
	assert_int_equal(harness_open(), 1);
	assert_int_equal(harness.plugin->show_version(0), 1);
	has_text(harness.out, "writ policy plugin version ");
	harness_close(0, 0);
	assert_int_equal(harness_open(), 1);
	assert_int_equal(harness.plugin->validate(&errstr), 1);
	assert_string_equal(harness.err, "");
	harness_close(0, 0);
	assert_int_equal(harness_open(), 1);
	harness.plugin->invalidate(0);
	harness.plugin->invalidate(1);
	harness_close(0, 0);
	assert_int_equal(harness_open(), 1);
	assert_int_equal(harness.plugin->init_session(NULL, &env, &errstr), 1);
	assert_null(env);
	assert_int_equal(harness_list(NULL, 0, NULL), 1);
	assert_int_equal(harness_check(WORDS("id", "x")), 0);
	assert_int_equal(harness_list(WORDS("true", "x"), 0, NULL), 1);
	assert_int_equal(harness_check(WORDS("true")), 1);
	harness_close(0, 0);
	harness_close(0, 0);
	assert_int_equal(harness_events(), 3);
}

static void listing(void **state)
{
	(void)state;
	assert_int_equal(harness_open(), 1);
	assert_int_equal(harness_list(NULL, 0, NULL), 1);
	has_text(harness.out, "/usr/bin/id");
	has_no_text(harness.out, "never");
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

static void children(void **state)
{
	char **info, **argv, first[64];

	(void)state;
	assert_int_equal(harness_open(), 1);
	assert_int_equal(harness_check(WORDS("id", "7")), 1);
	info = harness.command_info;
	argv = harness.argv;
	snprintf(first, sizeof(first), "%s", harness_value(harness.env, "WRIT_EVENT"));
	for (int i = 0; i < 200; i++) {
		assert_int_equal(harness_check_env(WORDS("/usr/bin/id", "8"), NULL), 1);
		assert_ptr_not_equal(harness.command_info, info);
		assert_ptr_not_equal(harness.argv, argv);
	}
	assert_int_equal(harness_check(WORDS("/usr/bin/id", "x")), 0);
	has_text(harness_event(-1), "\"parent\":\"");
	has_text(harness_event(-1), first);
	has_no_text(harness_event(0), "parent");
	/* what sudo got first is as it was */
	has(info, "command", "/usr/bin/id");
	assert_string_equal(argv[1], "7");
	harness_close(0, 0);
	has_text(harness_event(-1), "\"event\":\"exit\"");
	has_text(harness_event(-1), first);
}

static void failed_execution(void **state)
{
	(void)state;
	assert_int_equal(harness_open(), 1);
	assert_int_equal(harness_check(WORDS("true")), 1);
	harness_close(0, ENOENT);
	has_text(harness.err, "writ: cannot run /usr/bin/true: No such file or directory\n");
	has_text(harness_event(-1), "\"status\":null,\"signal\":null,\"error\":\"No such file");
}

static void died_of_a_signal(void **state)
{
	(void)state;
	assert_int_equal(harness_open(), 1);
	assert_int_equal(harness_check(WORDS("true")), 1);
	harness_close(15, 0);
	has_text(harness_event(-1), "\"status\":null,\"signal\":15,\"error\":null");
}

static void broken_policies(void **state)
{
	static const char *const policies[] = {
		"",
		"{",
		"{ \"version\": 2, \"rules\": [] }",
		"{ \"version\": 1, \"rules\": [], }",
		"{ \"version\": 1, \"rulez\": [] }",
		"{ \"version\": 1, \"include\": [\"gone.json\"], \"rules\": [] }",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(policies) / sizeof(policies[0]); i++) {
		harness_write(HARNESS_POLICY, policies[i]);
		assert_int_equal(harness_open(), 1);
		is_refused(WORDS("true"), "policy-error");
		has_no_text(harness.err, "contract");
		has_text(harness.errstr, "policy.json");
		assert_int_equal(harness_list(NULL, 0, NULL), 0);
		assert_true(harness_is_refusal("policy-error"));
		harness_close(0, EACCES);
	}
	unlink(HARNESS_POLICY);
	assert_int_equal(harness_open(), 1);
	is_refused(WORDS("true"), "policy-error");
	harness_close(0, EACCES);
}

static void untrusted_policy(void **state)
{
	(void)state;
	assert_int_equal(chmod(HARNESS_POLICY, 0666), 0);
	assert_int_equal(harness_open(), 1);
	is_refused(WORDS("true"), "policy-error");
	harness_close(0, EACCES);
	assert_int_equal(chmod(HARNESS_POLICY, 0644), 0);
	assert_int_equal(chmod(HARNESS_DIR, 0777), 0);
	assert_int_equal(harness_open(), 1);
	is_refused(WORDS("true"), "policy-error");
	harness_close(0, EACCES);
	assert_int_equal(chmod(HARNESS_DIR, 0755), 0);
}

static void wrong_arguments(void **state)
{
	static const char *const arguments[] = {"no_such=1", "policy", "policy=relative.json",
						"others=maybe", "%ai-workers"};

	(void)state;
	for (size_t i = 0; i < sizeof(arguments) / sizeof(arguments[0]); i++) {
		harness_reset();
		harness_set(harness.options, arguments[i]);
		assert_int_equal(harness_open(), 1);
		is_refused(WORDS("true"), "policy-error");
		has_no_text(harness.err, arguments[i]);
		has_text(harness.errstr, arguments[i]);
		harness_close(0, EACCES);
	}
}

static void unwritable_log(void **state)
{
	(void)state;
	mkdir("/var/log/writ", 0750);
	assert_int_equal(mkdir(EVENTS, 0755), 0);
	assert_int_equal(harness_open(), 1);
	is_refused(WORDS("true"), "policy-error");
	has_text(harness.err, "cannot be recorded");
	is_refused(WORDS("id", "x"), "no-rule");
	harness_close(0, EACCES);
	assert_int_equal(rmdir(EVENTS), 0);
}

static void limits_of_the_caller(void **state)
{
	struct rlimit old, low = {1, RLIM_INFINITY};

	(void)state;
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
	assert_int_equal(harness_open(), 1);
	assert_int_equal(harness_check(WORDS("true")), 1);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &low), 0);
	harness_close(0, 0);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
	assert_int_equal(harness_events(), 2);
	has_text(harness_event(1), "\"event\":\"exit\"");
}

static void old_versions(void **state)
{
	(void)state;
	harness.version = SUDO_API_MKVERSION(2, 0);
	assert_int_equal(harness_open(), -1);
	has_text(harness.err, "API");
	harness.version = SUDO_API_MKVERSION(1, 14);
	assert_int_equal(harness_open(), 1);
	is_refused(WORDS("true"), "policy-error");
	harness_close(0, EACCES);
	harness.version = SUDO_API_MKVERSION(1, 16);
	assert_int_equal(harness_open(), 1);
	assert_int_equal(harness_check(WORDS("true")), 1);
	assert_null(harness_value(harness.env, "SUDO_HOME"));
	harness_close(0, 0);
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
		cmocka_unit_test_setup(large_vectors, setup),
		cmocka_unit_test_setup(odd_vectors, setup),
		cmocka_unit_test_setup(missing_keys, setup),
		cmocka_unit_test_setup(no_caller, setup),
		cmocka_unit_test_setup(every_order, setup),
		cmocka_unit_test_setup(listing, setup),
		cmocka_unit_test_setup(children, setup),
		cmocka_unit_test_setup(failed_execution, setup),
		cmocka_unit_test_setup(died_of_a_signal, setup),
		cmocka_unit_test_setup(broken_policies, setup),
		cmocka_unit_test_setup(untrusted_policy, setup),
		cmocka_unit_test_setup(wrong_arguments, setup),
		cmocka_unit_test_setup(unwritable_log, setup),
		cmocka_unit_test_setup(limits_of_the_caller, setup),
		cmocka_unit_test_setup(old_versions, setup),
	};

	harness_load(argc, argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
