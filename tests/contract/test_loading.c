/* SPDX-License-Identifier: ISC */
/* How the three structs meet the sudo that loads them: its API version, and who could have changed
 * the file that they come from. */
#include <errno.h>
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

#define FOLDER "/usr/libexec/contract"

static int setup(void **state)
{
	(void)state;
	harness_reset();
	return 0;
}

/* Opens the approval or the audit plugin, as a new sudo. */
static int open_other(bool approval)
{
	const char **argv = calloc(3, sizeof(*argv));

	assert_non_null(argv);
	argv[0] = "sudo";
	argv[1] = "true";
	harness.err[0] = '\0';
	return approval ? harness.approval->open(harness.version, harness_converse, harness_print,
						 harness_settings(), harness_user_info(), 1,
						 (char *const *)argv, harness_user_env(),
						 harness_options(), &harness.errstr)
			: harness.audit->open(harness.version, harness_converse, harness_print,
					      harness_settings(), harness_user_info(), 1,
					      (char *const *)argv, harness_user_env(),
					      harness_options(), &harness.errstr);
}

static void structs(void **state)
{
	(void)state;
	assert_int_equal(harness.plugin->type, SUDO_POLICY_PLUGIN);
	assert_int_equal(harness.approval->type, SUDO_APPROVAL_PLUGIN);
	assert_int_equal(harness.audit->type, SUDO_AUDIT_PLUGIN);
	assert_int_equal(harness.plugin->version, SUDO_API_VERSION);
	assert_int_equal(harness.approval->version, SUDO_API_VERSION);
	assert_int_equal(harness.audit->version, SUDO_API_VERSION);
	assert_non_null(harness.plugin->register_hooks); /* called before open */
	assert_non_null(harness.plugin->close);
}

static void another_major_version(void **state)
{
	static const unsigned majors[] = {0, 2};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		harness.version = SUDO_API_MKVERSION(majors[i], 21);
		assert_int_equal(harness_open(), -1);
		assert_text(harness.err,
			    majors[i] ? "writ: sudo cannot be used: this sudo speaks version "
					"2 of the plugin API, this plugin speaks version 1\n"
				      : "this sudo speaks version 0");
		assert_int_equal(open_other(true), -1);
		assert_text(harness.err, "writ: writ_approval cannot be used: this sudo speaks");
		assert_int_equal(open_other(false), -1);
		assert_text(harness.err, "writ: writ_audit cannot be used: this sudo speaks");
	}
}

/* Named rows: minor versions of the API, from sudo 1.9.0's to one that nobody has seen. */
static void minor_versions(void **state)
{
	static const struct {
		unsigned minor;
		bool runs;
	} rows[] = {
		{14, false}, {15, true}, {16, true}, {17, true}, {18, true},
		{19, true},  {20, true}, {21, true}, {22, true}, {99, true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		harness_reset();
		harness.version = SUDO_API_MKVERSION(1, rows[i].minor);
		assert_int_equal(harness_open(), 1);
		if (rows[i].runs)
			assert_int_equal(harness_check(WORDS("true")), 1);
		else
			assert_refused(WORDS("true"), "policy-error");
		harness_close(0, rows[i].runs ? 0 : EACCES);
		assert_int_equal(open_other(false), 1);
		assert_int_equal(open_other(true), 1);
		harness.approval->close();
	}
}

/* Settings that came later: the policy does not load where this sudo would leave them out. */
static void settings_that_came_later(void **state)
{
	static const struct {
		const char *run;
		unsigned minor; /* from which on it works, if the machine can at all */
		bool ptrace;
	} rows[] = {
		{"\"rlimits\": { \"nofile\": 100 }", 18, false},
		{"\"intercept\": true", 20, true},
		{"\"apparmor_profile\": \"unconfined\"", 99, false}, /* no library of it here */
		{"\"umask\": \"077\", \"timeout\": 5, \"nice\": 1, \"noexec\": true, "
		 "\"closefrom\": 9",
		 15, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		for (unsigned minor = 15; minor <= 22; minor++) {
			bool want = minor >= rows[i].minor;
			char policy[600];
			int got;

			harness_reset();
			snprintf(policy, sizeof(policy),
				 "{ \"version\": 1, \"rules\": [{ \"id\": \"r\", \"effect\": "
				 "\"allow\","
				 "\"program\": \"/usr/bin/true\", \"argv\": [[]] },"
				 "{ \"id\": \"s\", \"effect\": \"allow\", \"program\": "
				 "\"/usr/bin/id\","
				 "\"argv\": [[]], \"run\": { %s } }] }",
				 rows[i].run);
			harness_write(HARNESS_POLICY, policy);
			harness.version = SUDO_API_MKVERSION(1, minor);
			if (rows[i].ptrace)
				harness_set(harness.settings, "intercept_ptrace=true");
			assert_int_equal(harness_open(), 1);
			got = harness_check(WORDS("true")); /* of another rule: the policy is one */
			if (got != want)
				fail_msg("%s with 1.%u: %d: %s", rows[i].run, minor, got,
					 harness.err);
			if (!want)
				assert_text(harness_event(-1), "this sudo cannot do '");
			harness_close(0, got ? 0 : EACCES);
		}
	}
}

static void changeable_file(void **state)
{
	static const struct {
		const char *make, *undo, *why; /* why NULL: it is fine */
	} rows[] = {
		{"chmod 664 %s", "chmod 644 %s", "writ.so is writable by its group (mode 0664)"},
		{"chmod 646 %s", "chmod 644 %s", "writ.so is writable by others (mode 0646)"},
		{"chown daemon %s", "chown root %s", "writ.so belongs to uid 1, not to root"},
		{"chgrp daemon %s", "chgrp root %s", NULL},
		{"chmod 555 %s", "chmod 644 %s", NULL},
		{"chmod 775 " FOLDER, "chmod 755 " FOLDER, "is writable by its group (mode 0775)"},
		{"chmod 1777 " FOLDER, "chmod 755 " FOLDER, "is writable by others (mode 1777)"},
		{"chown daemon " FOLDER, "chown root " FOLDER,
		 FOLDER " belongs to uid 1, not to root"},
		{"chmod 777 /usr/libexec", "chmod 755 /usr/libexec",
		 "/usr/libexec is writable by others"},
		/* where the store of NixOS is, others may add files and take none away */
		{"chmod 1775 /usr/libexec", "chmod 755 /usr/libexec", NULL},
		{"chown daemon /usr/libexec", "chown root /usr/libexec",
		 "/usr/libexec belongs to uid 1"},
		{"mv " FOLDER " /opt/c && ln -s /opt/c " FOLDER,
		 "rm " FOLDER " && mv /opt/c " FOLDER, NULL},
		{"mv " FOLDER " /opt/c && ln -s ../../opt/./c " FOLDER
		 " && chown -h daemon " FOLDER,
		 "rm " FOLDER " && mv /opt/c " FOLDER, FOLDER " belongs to uid 1"},
		{"mv " FOLDER " /opt/c && ln -s ../../opt/c " FOLDER " && chmod 777 /opt",
		 "rm " FOLDER " && mv /opt/c " FOLDER " && chmod 755 /opt",
		 "/opt is writable by others"},
		{"mv %s %s.1 && ln -s writ.so.1 %s", "mv %s.1 %s", NULL},
		{"mv %s %s.1", "mv %s.1 %s", "No such file"},
		{"mv %s %s.1 && mkdir %s", "rmdir %s && mv %s.1 %s", "is no regular file"},
		{"mv %s %s.1 && ln -s writ.so %s", "mv %s.1 %s", "leads too far"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char command[1000];
		int got;

		harness_reset();
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
		snprintf(command, sizeof(command), rows[i].make, harness_writ_so, harness_writ_so,
			 harness_writ_so);
		assert_int_equal(system(command), 0);
		assert_int_equal(harness_open(), 1);
		got = harness_check(WORDS("true"));
		snprintf(command, sizeof(command), rows[i].undo, harness_writ_so, harness_writ_so,
			 harness_writ_so);
#pragma GCC diagnostic pop
		assert_int_equal(system(command), 0);
		if (got != !rows[i].why)
			fail_msg("%s: got %d: %s", rows[i].make, got, harness.err);
		if (rows[i].why) {
			assert_true(harness_is_refusal("policy-error"));
			assert_no_text(harness.err, FOLDER); /* that is for the administrator */
			assert_text(harness_event(-1), "the plugin could have been changed: ");
			assert_text(harness_event(-1), rows[i].why);
		}
		harness_close(0, got ? 0 : EACCES);
	}
}

int main(int argc, char *argv[])
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(structs, setup),
		cmocka_unit_test_setup(another_major_version, setup),
		cmocka_unit_test_setup(minor_versions, setup),
		cmocka_unit_test_setup(settings_that_came_later, setup),
		cmocka_unit_test_setup(changeable_file, setup),
	};

	harness_load(argc, argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
