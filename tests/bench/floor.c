/* SPDX-License-Identifier: ISC */
/*
 * A policy plugin that decides nothing: every command runs as root. What sudo costs with it is the
 * floor that a real policy is compared with. Built and loaded only inside the throwaway host of
 * run.sh, and it refuses to open for anybody but that host's subject.
 *
 * Plugin arguments are handed on as they are in command_info, so that a floor with I/O logs can be
 * had.
 */
#include <stddef.h>
#include <string.h>
#include <sudo_plugin.h>

static char *info[32] = {"command=/usr/bin/docker", "runas_uid=0", "runas_gid=0", "umask=022"};
static char *environment[] = {"PATH=/usr/sbin:/usr/bin:/sbin:/bin", NULL};

static int floor_open(unsigned version, sudo_conv_t conversation, sudo_printf_t print,
		      char *const settings[], char *const user_info[], char *const user_env[],
		      char *const options[], const char **errstr)
{
	size_t used = 4;

	(void)version, (void)conversation, (void)print, (void)settings, (void)user_env;
	for (; *user_info != NULL; user_info++)
		if (strcmp(*user_info, "user=ai-worker") == 0)
			break;
	if (*user_info == NULL) {
		*errstr = "the floor is for measuring only";
		return 0;
	}
	for (; options != NULL && *options != NULL && used < 31; options++)
		info[used++] = *options;
	return 1;
}

static void floor_close(int exit_status, int error)
{
	(void)exit_status, (void)error;
}

static int floor_check(int argc, char *const argv[], char *env_add[], char **command_info[],
		       char **argv_out[], char **user_env_out[], const char **errstr)
{
	(void)argc, (void)env_add, (void)errstr;
	*command_info = info;
	*argv_out = (char **)argv;
	*user_env_out = environment;
	return 1;
}

__attribute__((visibility("default"))) struct policy_plugin floor_policy = {
	.type = SUDO_POLICY_PLUGIN,
	.version = SUDO_API_VERSION,
	.open = floor_open,
	.close = floor_close,
	.check_policy = floor_check,
};
