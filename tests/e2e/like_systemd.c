/* SPDX-License-Identifier: ISC */
/*
 * like_systemd SERVICE USER PROGRAM ARGUMENT...: opens a PAM session as systemd does for
 * user@.service and for machinectl shell, neither of which can be had without systemd as the first
 * process. The process that opens it becomes the user and the program; a child of it, as the user
 * too, waits for its end and closes the session. See setup_pam() in systemd's src/core/execute.c.
 */
#include <grp.h>
#include <pwd.h>
#include <security/pam_appl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <unistd.h>

static int converse(int n, const struct pam_message **messages, struct pam_response **responses,
		    void *data)
{
	(void)messages, (void)data;
	*responses = calloc((size_t)n, sizeof(**responses));
	return PAM_SUCCESS;
}

static void become(const struct passwd *pw)
{
	if (initgroups(pw->pw_name, pw->pw_gid) != 0 ||
	    setresgid(pw->pw_gid, pw->pw_gid, pw->pw_gid) != 0 ||
	    setresuid(pw->pw_uid, pw->pw_uid, pw->pw_uid) != 0)
		_exit(126);
}

static void wait_and_close(pam_handle_t *pamh, const struct passwd *pw, pid_t parent)
{
	sigset_t set;
	int number;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, NULL);
	become(pw);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() == parent)
		sigwait(&set, &number);
	pam_close_session(pamh, 0);
	_exit(0);
}

int main(int argc, char *argv[])
{
	const struct pam_conv conv = {converse, NULL};
	pid_t parent = getpid(), child;
	const struct passwd *pw;
	pam_handle_t *pamh;

	if (argc < 4 || !(pw = getpwnam(argv[2])) ||
	    pam_start(argv[1], argv[2], &conv, &pamh) != PAM_SUCCESS)
		return 125;
	if (pam_open_session(pamh, PAM_SILENT) != PAM_SUCCESS) {
		fprintf(stderr, "like_systemd: the session was refused\n");
		return 124;
	}
	child = fork();
	if (child == 0)
		wait_and_close(pamh, pw, parent);
	become(pw);
	for (char **variable = pam_getenvlist(pamh); variable && *variable; variable++)
		putenv(*variable);
	execvp(argv[3], argv + 3);
	return 126;
}
