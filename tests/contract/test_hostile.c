/* SPDX-License-Identifier: ISC */
/* writ_policy for a subject: functions in every order, odd vectors, a policy, a log and limits that
 * fail. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "harness.h"

static int setup(void **state)
{
	(void)state;
	harness_reset();
	return 0;
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
	const char **many = calloc(10002, sizeof(*many));
	char *long_one = repeated('x', 1 << 20);
	char *just_fits = repeated('y', 64 * 1024 - 6);

	(void)state;
	assert_non_null(many);
	many[0] = "true";
	for (int i = 1; i <= 10000; i++)
		many[i] = "a";
	assert_int_equal(harness_open(), 1);
	assert_refused(WORDS("true", long_one), "too-large");
	assert_text(harness_event(-1), "\"argv_bytes\":1048582");
	assert_text(harness_event(-1), "\"argv_sha256\":\"");
	assert_true(strlen(harness_event(-1)) < 10000);
	assert_refused(WORDS(long_one), "too-large");
	assert_refused(WORDS("true", just_fits, ""), "too-large");
	assert_int_equal(harness_check_env(WORDS("true", just_fits), WORDS("X=1")), 0);
	assert_text(harness.err, "[too-large]");
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
	assert_text(harness.err, "\"code\":\"too-large\"");
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
	assert_int_equal(harness_check((const char *[]) {NULL}), 0);
	assert_int_equal(harness_check(WORDS("")), 0);
	assert_int_equal(harness_check(WORDS("\xff\xfe")), 0);
	assert_int_equal(harness_check(WORDS("\x1b]0;x\a")), 0);
	assert_no_text(harness.err, "\x1b");
	assert_int_equal(harness_check(WORDS("./true")), 0);
	assert_int_equal(harness_events(), 6);
	assert_refused(WORDS("id", "", "\xff", "\n"), "no-rule");
	assert_text(harness_event(-1), "\"argv_raw\":[\"aWQ=\",\"\",\"/w==\",\"Cg==\"]");
	assert_int_equal(harness_check(WORDS("true", "", "x", "")), 1);
	assert_string_equal(harness.argv[1], "");
	assert_string_equal(harness.argv[3], "");
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
	assert_text(harness_event(0), "\"tty\":null");
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
		assert_text(harness.err, "writ: ");
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
	assert_text(harness.out, "writ policy plugin version ");
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
	assert_int_equal(harness.plugin->init_session(NULL, &env, &errstr), -1); /* of what? */
	assert_null(env);
	assert_int_equal(harness_list(NULL, 0, NULL), 1);
	assert_int_equal(harness_check(WORDS("id", "x")), 0);
	assert_int_equal(harness_list(WORDS("true", "x"), 0, NULL), 1);
	assert_int_equal(harness_check(WORDS("true")), 1);
	harness_close(0, 0);
	harness_close(0, 0);
	assert_int_equal(harness_events(), 3);
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
		assert_refused(WORDS("true"), "policy-error");
		assert_no_text(harness.err, "contract");
		assert_text(harness.errstr, "policy.json");
		assert_int_equal(harness_list(NULL, 0, NULL), 0);
		assert_true(harness_is_refusal("policy-error"));
		harness_close(0, EACCES);
	}
	unlink(HARNESS_POLICY);
	assert_int_equal(harness_open(), 1);
	assert_refused(WORDS("true"), "policy-error");
	harness_close(0, EACCES);
}

static void untrusted_policy(void **state)
{
	(void)state;
	assert_int_equal(chmod(HARNESS_POLICY, 0666), 0);
	assert_int_equal(harness_open(), 1);
	assert_refused(WORDS("true"), "policy-error");
	harness_close(0, EACCES);
	assert_int_equal(chmod(HARNESS_POLICY, 0644), 0);
	assert_int_equal(chmod(HARNESS_DIR, 0777), 0);
	assert_int_equal(harness_open(), 1);
	assert_refused(WORDS("true"), "policy-error");
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
		assert_refused(WORDS("true"), "policy-error");
		assert_text(harness.errstr, arguments[i]);
		harness_close(0, EACCES);
	}
}

static void unwritable_log(void **state)
{
	(void)state;
	mkdir("/var/log/writ", 0750);
	assert_int_equal(mkdir(EVENTS, 0755), 0);
	assert_int_equal(harness_open(), 1);
	assert_refused(WORDS("true"), "policy-error");
	assert_text(harness.err, "cannot be recorded");
	assert_refused(WORDS("id", "x"), "no-rule");
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
	assert_text(harness_event(1), "\"event\":\"exit\"");
}

static void old_versions(void **state)
{
	(void)state;
	harness.version = SUDO_API_MKVERSION(2, 0);
	assert_int_equal(harness_open(), -1);
	assert_text(harness.err, "API");
	harness.version = SUDO_API_MKVERSION(1, 14);
	assert_int_equal(harness_open(), 1);
	assert_refused(WORDS("true"), "policy-error");
	harness_close(0, EACCES);
	harness.version = SUDO_API_MKVERSION(1, 16);
	assert_int_equal(harness_open(), 1);
	assert_int_equal(harness_check(WORDS("true")), 1);
	assert_null(harness_value(harness.env, "SUDO_HOME"));
	assert_null(harness_value(harness.env, "SUDO_TTY"));
	harness_close(0, 0);
	harness.version = SUDO_API_MKVERSION(1, 22);
	assert_int_equal(harness_open(), 1);
	assert_int_equal(harness_check(WORDS("true")), 1);
	assert_has(harness.env, "SUDO_TTY", "/dev/pts/7");
	harness_close(0, 0);
}

/* Swaps two programs under one name, one of which anybody could have written, until it is killed.
 */
static pid_t start_swapping(void)
{
	pid_t pid;

	assert_int_equal(system("cp /usr/bin/true /usr/bin/contract-swap && "
				"cp /usr/bin/true /usr/bin/contract-other && "
				"chmod 777 /usr/bin/contract-other"),
			 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid > 0)
		return pid;
	for (;;)
		renameat2(AT_FDCWD, "/usr/bin/contract-swap", AT_FDCWD, "/usr/bin/contract-other",
			  RENAME_EXCHANGE);
}

/* What was judged is what is executed: the descriptor is never of the file that anybody can write.
 */
static void swapped_program(void **state)
{
	pid_t pid = start_swapping();
	int allowed = 0, refused = 0;

	(void)state;
	for (int i = 0; i < 10000; i++) {
		const char *fd;
		struct stat st;

		assert_int_equal(harness_open(), 1);
		if (harness_check(WORDS("contract-swap")) != 1) {
			refused++;
			continue;
		}
		allowed++;
		fd = harness_value(harness.command_info, "execfd");
		assert_non_null(fd);
		assert_int_equal(fstat(atoi(fd), &st), 0);
		assert_int_equal(st.st_mode & 0777, 0755);
	}
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	assert_true(allowed > 0);
	assert_true(refused > 0);
	assert_int_equal(system("rm -f /usr/bin/contract-swap /usr/bin/contract-other"), 0);
}

int main(int argc, char *argv[])
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(large_vectors, setup),
		cmocka_unit_test_setup(odd_vectors, setup),
		cmocka_unit_test_setup(missing_keys, setup),
		cmocka_unit_test_setup(no_caller, setup),
		cmocka_unit_test_setup(every_order, setup),
		cmocka_unit_test_setup(broken_policies, setup),
		cmocka_unit_test_setup(untrusted_policy, setup),
		cmocka_unit_test_setup(wrong_arguments, setup),
		cmocka_unit_test_setup(unwritable_log, setup),
		cmocka_unit_test_setup(limits_of_the_caller, setup),
		cmocka_unit_test_setup(old_versions, setup),
		cmocka_unit_test_setup(swapped_program, setup),
	};

	harness_load(argc, argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
