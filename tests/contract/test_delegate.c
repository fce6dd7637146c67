/* SPDX-License-Identifier: ISC */
/* writ_policy for everybody else: who is one, and that every call reaches sudoers as sudo made it.
 */
#include <dlfcn.h>
#include <errno.h>
#include <grp.h>
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

#include "fake_sudoers.h"
#include "harness.h"

static struct fake_sudoers *fake;
static void (*fake_reset)(void);
static struct policy_plugin *fake_plugin;
static char sudoers_option[4200];

/* Loads it once, beside what writ itself loads: they share the object. */
static void load_fake(void)
{
	void *handle = dlopen(harness_fake_sudoers, RTLD_LAZY);

	fake = handle ? dlsym(handle, "fake_sudoers") : NULL;
	fake_reset = handle ? (void (*)(void))dlsym(handle, "fake_sudoers_reset") : NULL;
	fake_plugin = handle ? dlsym(handle, "sudoers_policy") : NULL;
	if (!fake || !fake_reset || !fake_plugin) {
		fprintf(stderr, "%s\n", dlerror());
		exit(2);
	}
	snprintf(sudoers_option, sizeof(sudoers_option), "sudoers=%s", harness_fake_sudoers);
}

static int setup(void **state)
{
	(void)state;
	harness_reset();
	fake_reset();
	harness_set(harness.options, sudoers_option);
	harness_set(harness.user_info, "user=carol");
	harness_set(harness.user_info, "uid=4322");
	harness_set(harness.user_info, "gid=4322");
	harness_set(harness.user_info, "groups=4322");
	unlink(HARNESS_POLICY); /* never read */
	return 0;
}

static void open_is_handed_on(void **state)
{
	(void)state;
	harness_set(harness.options, "sudoers_file=/etc/other");
	harness_set(harness.options, "sudoers_mode=0400");
	harness_set(harness.settings, "runas_user=x=y");
	assert_int_equal(harness_open(), 1);
	assert_string_equal(fake->calls + strlen(fake->calls) - 5, "open ");
	assert_int_equal(fake->version, harness.version);
	assert_ptr_equal(fake->user_env, harness.user_env);
	assert_ptr_equal(fake->user_info, harness.user_info);
	assert_string_equal(harness_value((char **)fake->settings, "plugin_path"),
			    harness_fake_sudoers);
	assert_string_equal(harness_value((char **)fake->settings, "runas_user"), "x=y");
	assert_string_equal(harness_value((char **)fake->settings, "progname"), "sudo");
	assert_string_equal(fake->options[0], "sudoers_file=/etc/other");
	assert_string_equal(fake->options[1], "sudoers_mode=0400");
	assert_null(fake->options[2]);
	harness_close(0, 0);
}

static void no_options_are_none(void **state)
{
	(void)state;
	assert_int_equal(harness_open(), 1);
	assert_null(fake->options);
	harness_close(0, 0);
}

static void open_answers(void **state)
{
	static const int answers[] = {1, 0, -1, -2};

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		fake_reset();
		fake->answer = answers[i];
		fake->errstr = "why";
		assert_int_equal(harness_open(), answers[i]);
		assert_string_equal(harness.errstr, "why");
	}
}

static struct sudo_plugin_event *alloc_event(void)
{
	return NULL;
}

static void every_call(void **state)
{
	const char *argv[] = {"id", "-u", NULL}, *add[] = {"A=b", NULL};
	char item[] = "v", *vector[] = {item, NULL}, **env = NULL;
	struct passwd *pwd = (struct passwd *)&env;
	const char *errstr = NULL;

	(void)state;
	harness.plugin->event_alloc = alloc_event;
	assert_int_equal(harness_open(), 1);
	assert_ptr_equal(fake_plugin->event_alloc, alloc_event);
	*fake->calls = '\0';
	fake->vector = vector;
	fake->errstr = "e";
	for (int answer = -2; answer <= 1; answer++) {
		fake->answer = answer;
		assert_int_equal(harness_check_env(argv, add), answer);
		assert_ptr_equal(fake->argv, argv);
		assert_ptr_equal(fake->env_add, add);
		assert_int_equal(fake->numbers[0], 2);
		assert_ptr_equal(harness.command_info, vector);
		assert_ptr_equal(harness.argv, vector);
		assert_ptr_equal(harness.env, vector);
		assert_string_equal(harness.errstr, "e");
		assert_int_equal(harness_list(argv, 3, "root"), answer);
		assert_int_equal(fake->numbers[1], 3);
		assert_string_equal(fake->user, "root");
		assert_int_equal(harness.plugin->validate(&errstr), answer);
		assert_int_equal(harness.plugin->init_session(pwd, &env, &errstr), answer);
		assert_ptr_equal(fake->pwd, pwd);
		assert_ptr_equal(env, vector);
		assert_int_equal(harness.plugin->show_version(1), answer);
	}
	harness.plugin->invalidate(1);
	assert_int_equal(fake->numbers[0], 1);
	harness_close(0x0100, 5);
	assert_int_equal(fake->numbers[0], 0x0100);
	assert_int_equal(fake->numbers[1], 5);
	assert_non_null(strstr(fake->calls, "check_policy list validate init_session show_version "
					    "invalidate close "));
	assert_string_equal(harness.out, "");
	assert_string_equal(harness.err, "");
	assert_int_equal(harness_events(), 0);
	harness.plugin->event_alloc = NULL;
}

static void close_goes_as_sudoers_wants(void **state)
{
	const char *argv[] = {"id", NULL};

	(void)state;
	fake->drop_close = true;
	assert_int_equal(harness_open(), 1);
	assert_non_null(harness.plugin->close);
	assert_int_equal(harness_check(argv), 1);
	assert_null(harness.plugin->close);
	fake_reset();
	assert_int_equal(harness_open(), 1);
	assert_non_null(harness.plugin->close);
	harness_close(0, 0);
	assert_non_null(strstr(fake->calls, "close"));
}

static struct sudo_hook registered[8];
static int n_registered;

static int register_hook(struct sudo_hook *hook)
{
	registered[n_registered++] = *hook;
	return 0;
}

static int call_getenv(const char *name, char **value)
{
	for (int i = 0; i < n_registered; i++)
		if (registered[i].hook_type == SUDO_HOOK_GETENV)
			return ((sudo_hook_fn_getenv_t)registered[i].hook_fn)(
				name, value, registered[i].closure);
	fail_msg("no getenv hook");
	return -1;
}

static void hooks(void **state)
{
	char *value = NULL;

	(void)state;
	n_registered = 0;
	harness.plugin->register_hooks(SUDO_HOOK_VERSION, register_hook);
	assert_int_equal(n_registered, 4);
	assert_int_equal(harness_open(), 1);
	assert_int_equal(call_getenv("HOME", &value), SUDO_HOOK_RET_STOP);
	assert_string_equal(value, "hooked");
	assert_string_equal(fake->user, "HOME");
	harness_close(0, 0);

	/* a subject's environment is none of sudoers' business */
	harness_reset();
	value = NULL;
	assert_int_equal(harness_open(), 1);
	assert_int_equal(call_getenv("HOME", &value), SUDO_HOOK_RET_NEXT);
	assert_null(value);
	harness_close(0, 0);
	harness.plugin->deregister_hooks(SUDO_HOOK_VERSION, register_hook);
}

static void loaded_sudoers_is_hooked_at_once(void **state)
{
	void *handle = dlopen(harness_fake_sudoers, RTLD_LAZY | RTLD_GLOBAL | RTLD_NOLOAD);
	char *value = NULL;

	(void)state;
	assert_non_null(handle);
	n_registered = 0;
	harness.plugin->register_hooks(SUDO_HOOK_VERSION, register_hook);
	assert_int_equal(call_getenv("HOME", &value), SUDO_HOOK_RET_STOP);
	assert_int_equal(harness_open(), 1);
	assert_non_null(strstr(fake->calls, "register_hooks getenv open"));
	harness_close(0, 0);
}

static void sudoers_that_cannot_be_loaded(void **state)
{
	(void)state;
	harness_set(harness.options, "sudoers=/nowhere/sudoers.so");
	assert_int_equal(harness_open(), -1);
	assert_non_null(strstr(harness.err, "sudoers"));
	harness_write(HARNESS_DIR "/not-elf.so", "no\n");
	harness_set(harness.options, "sudoers=" HARNESS_DIR "/not-elf.so");
	assert_int_equal(harness_open(), -1);
	chmod(HARNESS_DIR "/not-elf.so", 0666);
	assert_int_equal(harness_open(), -1);
	assert_non_null(strstr(harness.err, "root's alone"));
	harness_set(harness.options, "sudoers=/usr/libexec/sudo/group_file.so");
	assert_int_equal(harness_open(), -1);
	assert_string_equal(fake->calls, "");
}

/* Named rows: who is a subject. */
static void who_is_a_subject(void **state)
{
	static char bob_group[64], bob_gid[64];
	const struct {
		const char *subjects, *user, *uid, *groups;
		bool subject;
	} rows[] = {
		{"subjects=ai-worker", "user=ai-worker", "uid=4321", "groups=4321", true},
		{"subjects=ai-worker", "user=carol", "uid=4322", "groups=4322", false},
		{"subjects=x,ai-worker", "user=ai-worker", "uid=4321", "groups=4321", true},
		{"subjects=ai-worker", "user=ai-work", "uid=4321", "groups=4321", false},
		{"subjects=ai-worker", "user=root", "uid=0", "groups=0", false},
		{"subjects=root,%root", "user=root", "uid=0", "groups=0", false},
		{"subjects=bob", "user=other-name", "uid=@bob", "groups=1", true},
		/* carol is in the group: any other name of her account is, too */
		{"subjects=%contract", "user=other-name", "uid=59002", "groups=1", true},
		{"subjects=%bob", "user=nobody-known", "uid=4323", "groups=1,@bob,2", true},
		{"subjects=%bob", "user=bob", "uid=4324", "groups=1", true},
		{"subjects=%contract", "user=carol", "uid=4325", "groups=1", true},
		{"subjects=%contract", "user=bob", "uid=4325", "groups=1", false},
		{"subjects=%no-such-group,no-such-user", "user=carol", "uid=4322", "groups=1",
		 false},
		{"subjects=", "user=ai-worker", "uid=4321", "groups=4321", false},
		{"subjects=%", "user=ai-worker", "uid=4321", "groups=4321", false},
	};
	const struct group *bob = getgrnam("bob");

	(void)state;
	assert_non_null(bob);
	snprintf(bob_group, sizeof(bob_group), "groups=1,%u,2", bob->gr_gid);
	snprintf(bob_gid, sizeof(bob_gid), "uid=%u", bob->gr_gid);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		bool delegated;

		setup(NULL);
		harness_set(harness.options, rows[i].subjects);
		harness_set(harness.user_info, rows[i].user);
		harness_set(harness.user_info, strchr(rows[i].uid, '@') ? bob_gid : rows[i].uid);
		harness_set(harness.user_info,
			    strchr(rows[i].groups, '@') ? bob_group : rows[i].groups);
		assert_int_equal(harness_open(), 1);
		delegated = strstr(fake->calls, "open ");
		if (delegated == rows[i].subject)
			fail_msg("%s %s: %s", rows[i].subjects, rows[i].user,
				 delegated ? "delegated" : "a subject");
		harness_close(0, 0);
	}
}

static void others_denied(void **state)
{
	const char *argv[] = {"id", NULL};

	(void)state;
	harness_set(harness.options, "others=deny");
	assert_int_equal(harness_open(), 1);
	assert_int_equal(harness_check(argv), 0);
	assert_true(harness_is_refusal("policy-error"));
	harness_close(0, EACCES);
	assert_string_equal(fake->calls, "");
}

static void no_subjects_is_logged(void **state)
{
	(void)state;
	harness_unset(harness.options, "subjects");
	harness_set(harness.user_info, "user=ai-worker");
	assert_int_equal(harness_open(), 1);
	assert_non_null(strstr(fake->calls, "open "));
	harness_close(0, 0);
}

/* A mistake in writ's own arguments stops subjects only. */
static void wrong_arguments(void **state)
{
	(void)state;
	harness_set(harness.options, "no_such_argument=1");
	harness_set(harness.options, "others=maybe");
	assert_int_equal(harness_open(), 1);
	assert_non_null(strstr(fake->calls, "open "));
	harness_close(0, 0);
}

int main(int argc, char *argv[])
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(open_is_handed_on, setup),
		cmocka_unit_test_setup(no_options_are_none, setup),
		cmocka_unit_test_setup(open_answers, setup),
		cmocka_unit_test_setup(every_call, setup),
		cmocka_unit_test_setup(close_goes_as_sudoers_wants, setup),
		cmocka_unit_test_setup(hooks, setup),
		cmocka_unit_test_setup(loaded_sudoers_is_hooked_at_once, setup),
		cmocka_unit_test_setup(sudoers_that_cannot_be_loaded, setup),
		cmocka_unit_test_setup(who_is_a_subject, setup),
		cmocka_unit_test_setup(others_denied, setup),
		cmocka_unit_test_setup(no_subjects_is_logged, setup),
		cmocka_unit_test_setup(wrong_arguments, setup),
	};

	harness_load(argc, argv);
	load_fake();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
