/* SPDX-License-Identifier: ISC */
/* Intercepted commands, whose children are decided one by one; and settings that not every sudo
 * has. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "harness.h"

static int setup(void **state)
{
	(void)state;
	harness_reset();
	return 0;
}

/* A policy whose "nice" is intercepted; "settings" are those of the rule. */
#define INTERCEPTING(settings)                                                                     \
	"{ \"version\": 1, \"rules\": ["                                                           \
	"{ \"id\": \"parent\", \"effect\": \"allow\", \"program\": \"/usr/bin/nice\","             \
	"  \"argv\": [[{ \"rest\": true }]], \"run\": { " settings " } },"                         \
	"{ \"id\": \"number\", \"effect\": \"allow\", \"program\": \"/usr/bin/id\","               \
	"  \"argv\": [[{ \"regex\": \"[0-9]\" }]] } ] }"

static void children(void **state)
{
	char **info, **argv, first[64];

	(void)state;
	harness_write(HARNESS_POLICY, INTERCEPTING("\"intercept\": true"));
	harness_set(harness.settings, "intercept_ptrace=true");
	assert_int_equal(harness_open(), 1);
	assert_int_equal(harness_check(WORDS("nice", "7")), 1);
	assert_has(harness.command_info, "intercept", "true");
	assert_has(harness.command_info, "use_ptrace", "true");
	assert_has(harness.command_info, "intercept_verify", "true");
	info = harness.command_info;
	argv = harness.argv;
	snprintf(first, sizeof(first), "%s", harness_value(harness.env, "WRIT_EVENT"));
	for (int i = 0; i < 200; i++) {
		assert_int_equal(harness_check(WORDS("/usr/bin/id", "8")), 1);
		assert_ptr_not_equal(harness.command_info, info);
		assert_ptr_not_equal(harness.argv, argv);
		/* In another spelling: sudo writes path and argv[0] anew */
		assert_string_equal(harness.argv[0], "/usr/bin/./id");
		assert_has(harness.command_info, "command", "/usr/bin/./id");
	}
	assert_refused(WORDS("/usr/bin/id", "x"), "no-rule");
	assert_text(harness_event(-1), "\"parent\":\"");
	assert_text(harness_event(-1), first);
	assert_no_text(harness_event(0), "\"parent\":");
	/* what sudo got first is as it was */
	assert_has(info, "command", "/usr/bin/nice");
	assert_string_equal(argv[1], "7");
	harness_close(0, 0);
	assert_text(harness_event(-1), "\"event\":\"exit\"");
	assert_text(harness_event(-1), first);
}

static void children_of_any_kind(void **state)
{
	(void)state;
	harness_write(HARNESS_POLICY, INTERCEPTING("\"intercept\": true, \"children\": \"allow\""));
	harness_set(harness.settings, "intercept_ptrace=true");
	assert_int_equal(harness_open(), 1);
	assert_int_equal(harness_check(WORDS("nice", "x")), 1);
	/* execveat(2) is forbidden to it, and so to sudo */
	assert_null(harness_value(harness.command_info, "execfd"));
	assert_int_equal(harness_check(WORDS("/usr/bin/id", "x")), 1);
	assert_has(harness.command_info, "command", "/usr/bin/./id");
	assert_refused(WORDS("id", "x"), "unknown-program");
	harness_close(0, 0);
}

/* A policy that asks for more than this sudo can do does not load: nothing of it is left out. */
static void settings_of_newer_versions(void **state)
{
	static const struct {
		const char *policy, *setting;
		unsigned minor;
		bool loads;
	} rows[] = {
		{INTERCEPTING("\"intercept\": true"), "intercept_ptrace=true", 20, true},
		{INTERCEPTING("\"intercept\": true"), "intercept_ptrace=true", 19, false},
		{INTERCEPTING("\"intercept\": true"), "intercept_ptrace=false", 21, false},
		{INTERCEPTING("\"intercept\": true"), "progname=sudo", 21, false},
		{INTERCEPTING("\"intercept\": false"), "progname=sudo", 16, true},
		{INTERCEPTING("\"rlimits\": { \"nofile\": 64 }"), "progname=sudo", 18, true},
		{INTERCEPTING("\"rlimits\": { \"nofile\": 64 }"), "progname=sudo", 17, false},
		{INTERCEPTING("\"apparmor_profile\": \"x\""), "progname=sudo", 21, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		harness_reset();
		harness.version = SUDO_API_MKVERSION(1, rows[i].minor);
		harness_write(HARNESS_POLICY, rows[i].policy);
		harness_set(harness.settings, rows[i].setting);
		assert_int_equal(harness_open(), 1);
		if (harness_check(WORDS("id", "7")) != rows[i].loads ||
		    (!rows[i].loads && !harness_is_refusal("policy-error")))
			fail_msg("row %zu: %s", i, harness.err);
		harness_close(0, rows[i].loads ? 0 : EACCES);
	}
}

int main(int argc, char *argv[])
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(children, setup),
		cmocka_unit_test_setup(children_of_any_kind, setup),
		cmocka_unit_test_setup(settings_of_newer_versions, setup),
	};

	harness_load(argc, argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
