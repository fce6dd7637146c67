/* SPDX-License-Identifier: ISC */
/*
 * Somebody else's policy plugin, for the audit plugin to watch: `sudo fail` is an error, `sudo
 * reject` a refusal, anything else runs as root by its full path.
 */
#include <stddef.h>
#include <string.h>
#include <sudo_plugin.h>

static const char *info[] = {"command=/usr/bin/true", "runas_uid=0", "runas_gid=0", "umask=022",
			     "use_pty=false",         NULL};
static const char *environment[] = {"PATH=/usr/sbin:/usr/bin:/sbin:/bin", NULL};
static char command[256];

static int other_open(unsigned version, sudo_conv_t conversation, sudo_printf_t print,
		      char *const settings[], char *const user_info[], char *const user_env[],
		      char *const options[], const char **errstr)
{
	(void)version, (void)conversation, (void)print, (void)settings, (void)user_info;
	(void)user_env, (void)options, (void)errstr;
	return 1;
}

static void other_close(int exit_status, int error)
{
	(void)exit_status, (void)error;
}

static int other_check(int argc, char *const argv[], char *env_add[], char **command_info[],
		       char **argv_out[], char **user_env_out[], const char **errstr)
{
	(void)env_add;
	*command_info = (char **)info;
	if (argc == 0 || strcmp(argv[0], "fail") == 0) {
		*errstr = "it failed";
		return -1;
	}
	if (strcmp(argv[0], "reject") == 0) {
		*errstr = "it is not allowed";
		return 0;
	}
	strcpy(command, "command=");
	strncat(command, argv[0], sizeof(command) - 9);
	info[0] = command;
	*argv_out = (char **)argv;
	*user_env_out = (char **)environment;
	return 1;
}

__attribute__((visibility("default"))) struct policy_plugin other_policy = {
	.type = SUDO_POLICY_PLUGIN,
	.version = SUDO_API_VERSION,
	.open = other_open,
	.close = other_close,
	.check_policy = other_check,
};
