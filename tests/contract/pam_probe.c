/* SPDX-License-Identifier: ISC */
/*
 * A PAM module that notes how it is called, and answers as its arguments say: in a file of root's,
 * one line a call. Arguments: FACILITY=STATUS (acct, auth, cred, open, close; PAM's number),
 * env=NAME=value (set at every call), ask (authentication wants the password "correct horse"), mask
 * (leaves umask 0 behind).
 */
#include <security/pam_ext.h>
#include <security/pam_modules.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NOTES "/run/contract/pam"
#define PUBLIC __attribute__((visibility("default")))

static const char *item(pam_handle_t *pamh, int type)
{
	const void *value = NULL;

	if (pam_get_item(pamh, type, &value) != PAM_SUCCESS || !value)
		return "-";
	return value;
}

static void note(pam_handle_t *pamh, const char *call, int flags)
{
	FILE *f = fopen(NOTES, "ae");

	if (!f)
		return;
	fprintf(f, "%s user=%s ruser=%s tty=%s service=%s silent=%d preload=%s\n", call,
		item(pamh, PAM_USER), item(pamh, PAM_RUSER), item(pamh, PAM_TTY),
		item(pamh, PAM_SERVICE), !!(flags & PAM_SILENT),
		getenv("LD_PRELOAD") ? getenv("LD_PRELOAD") : "-");
	fclose(f);
}

static int answer(pam_handle_t *pamh, const char *call, int flags, int argc, const char **argv)
{
	size_t length = strlen(call);
	int status = PAM_SUCCESS;

	note(pamh, call, flags);
	for (int i = 0; i < argc; i++) {
		if (strncmp(argv[i], call, length) == 0 && argv[i][length] == '=')
			status = atoi(argv[i] + length + 1);
		else if (strncmp(argv[i], "env=", 4) == 0)
			pam_putenv(pamh, argv[i] + 4);
		else if (strcmp(argv[i], "mask") == 0)
			umask(0);
	}
	return status;
}

static int ask(pam_handle_t *pamh)
{
	char *given = NULL;
	int status = pam_prompt(pamh, PAM_PROMPT_ECHO_OFF, &given, "Password: ");

	if (status == PAM_SUCCESS)
		status = given && strcmp(given, "correct horse") == 0 ? PAM_SUCCESS : PAM_AUTH_ERR;
	free(given);
	return status;
}

PUBLIC int pam_sm_authenticate(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	int status = answer(pamh, "auth", flags, argc, argv);

	for (int i = 0; i < argc; i++)
		if (strcmp(argv[i], "ask") == 0)
			return ask(pamh);
	return status;
}

PUBLIC int pam_sm_setcred(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	return answer(pamh, flags & PAM_DELETE_CRED ? "delete" : "cred", flags, argc, argv);
}

PUBLIC int pam_sm_acct_mgmt(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	return answer(pamh, "acct", flags, argc, argv);
}

PUBLIC int pam_sm_open_session(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	return answer(pamh, "open", flags, argc, argv);
}

PUBLIC int pam_sm_close_session(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	return answer(pamh, "close", flags, argc, argv);
}
