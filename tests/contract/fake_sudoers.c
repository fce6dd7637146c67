/* SPDX-License-Identifier: ISC */
/*
 * Stands in for sudoers.so: notes what it is called with, and answers what the test wants.
 */
#include "fake_sudoers.h"

#include <stdio.h>
#include <string.h>

#define PUBLIC __attribute__((visibility("default")))

PUBLIC struct fake_sudoers fake_sudoers;
PUBLIC struct policy_plugin sudoers_policy;

static void note(const char *call)
{
	size_t used = strlen(fake_sudoers.calls);

	snprintf(fake_sudoers.calls + used, sizeof(fake_sudoers.calls) - used, "%s ", call);
}

static int fake_open(unsigned version, sudo_conv_t conversation, sudo_printf_t print,
		     char *const settings[], char *const user_info[], char *const user_env[],
		     char *const options[], const char **errstr)
{
	note("open");
	fake_sudoers.version = version;
	fake_sudoers.conversation = conversation;
	fake_sudoers.print = print;
	fake_sudoers.settings = settings;
	fake_sudoers.user_info = user_info;
	fake_sudoers.user_env = user_env;
	fake_sudoers.options = options;
	*errstr = fake_sudoers.errstr;
	return fake_sudoers.answer;
}

static void fake_close(int status, int error)
{
	note("close");
	fake_sudoers.numbers[0] = status;
	fake_sudoers.numbers[1] = error;
}

static int fake_show_version(int verbose)
{
	note("show_version");
	fake_sudoers.numbers[0] = verbose;
	return fake_sudoers.answer;
}

static int fake_check(int argc, char *const argv[], char *env_add[], char **command_info[],
		      char **argv_out[], char **user_env_out[], const char **errstr)
{
	note("check_policy");
	fake_sudoers.numbers[0] = argc;
	fake_sudoers.argv = argv;
	fake_sudoers.env_add = env_add;
	*command_info = *argv_out = *user_env_out = fake_sudoers.vector;
	*errstr = fake_sudoers.errstr;
	if (fake_sudoers.drop_close)
		sudoers_policy.close = NULL;
	return fake_sudoers.answer;
}

static int fake_list(int argc, char *const argv[], int verbose, const char *user,
		     const char **errstr)
{
	note("list");
	fake_sudoers.numbers[0] = argc;
	fake_sudoers.numbers[1] = verbose;
	fake_sudoers.argv = argv;
	fake_sudoers.user = user;
	*errstr = fake_sudoers.errstr;
	return fake_sudoers.answer;
}

static int fake_validate(const char **errstr)
{
	note("validate");
	*errstr = fake_sudoers.errstr;
	return fake_sudoers.answer;
}

static void fake_invalidate(int rmcred)
{
	note("invalidate");
	fake_sudoers.numbers[0] = rmcred;
}

static int fake_init_session(struct passwd *pwd, char **user_env[], const char **errstr)
{
	note("init_session");
	fake_sudoers.pwd = pwd;
	*user_env = fake_sudoers.vector;
	*errstr = fake_sudoers.errstr;
	return fake_sudoers.answer;
}

static int fake_getenv(const char *name, char **value, void *closure)
{
	note("getenv");
	fake_sudoers.user = name;
	*value = closure;
	return SUDO_HOOK_RET_STOP;
}

static int fake_setenv(const char *name, const char *value, int overwrite, void *closure)
{
	(void)value;
	(void)closure;
	note("setenv");
	fake_sudoers.user = name;
	fake_sudoers.numbers[0] = overwrite;
	return SUDO_HOOK_RET_STOP;
}

static void fake_register_hooks(int version, int (*register_hook)(struct sudo_hook *hook))
{
	static char hooked[] = "hooked";
	struct sudo_hook hooks[] = {
		{SUDO_HOOK_VERSION, SUDO_HOOK_GETENV, (sudo_hook_fn_t)fake_getenv, hooked},
		{SUDO_HOOK_VERSION, SUDO_HOOK_SETENV, (sudo_hook_fn_t)fake_setenv, NULL},
	};

	(void)version;
	note("register_hooks");
	register_hook(&hooks[0]);
	register_hook(&hooks[1]);
}

PUBLIC struct policy_plugin sudoers_policy = {
	.type = SUDO_POLICY_PLUGIN,
	.version = SUDO_API_VERSION,
	.open = fake_open,
	.close = fake_close,
	.show_version = fake_show_version,
	.check_policy = fake_check,
	.list = fake_list,
	.validate = fake_validate,
	.invalidate = fake_invalidate,
	.init_session = fake_init_session,
	.register_hooks = fake_register_hooks,
};

PUBLIC void fake_sudoers_reset(void)
{
	memset(&fake_sudoers, 0, sizeof(fake_sudoers));
	fake_sudoers.answer = 1;
	sudoers_policy.close = fake_close;
	sudoers_policy.event_alloc = NULL;
}
