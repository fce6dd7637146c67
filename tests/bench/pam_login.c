/* SPDX-License-Identifier: ISC */
/*
 * pam_login PERMIT WRIT USER: what pam_writ adds to a login. Opens and closes sessions with libpam
 * in this process, by two services that differ in pam_writ alone, turn by turn; then once more
 * while 10,000 sessions are open. Exit status 1 if it adds more than 3 ms, or more with many open
 * sessions.
 */
#include <fcntl.h>
#include <security/pam_appl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define PAIRS 1000
#define OPEN 10000
#define LIMIT_MS 3.0

/* How much slower the median may be with 10,000 open sessions: the noise of a busy machine. */
#define GROWTH 1.5

static int converse(int n, const struct pam_message **messages, struct pam_response **responses,
		    void *data)
{
	(void)messages, (void)data;
	*responses = calloc((size_t)n, sizeof(**responses));
	return PAM_SUCCESS;
}

static void die(const char *what)
{
	fprintf(stderr, "pam_login: %s\n", what);
	exit(2);
}

/* As pam_loginuid does at each login. */
static void new_audit_session(void)
{
	int fd = open("/proc/self/loginuid", O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, "0", 1) != 1)
		die("no audit session can be had");
	close(fd);
}

static pam_handle_t *open_session(const char *service, const char *user)
{
	static const struct pam_conv conv = {converse, NULL};
	pam_handle_t *pamh;

	if (pam_start(service, user, &conv, &pamh) != PAM_SUCCESS ||
	    pam_putenv(pamh,
		       "SSH_AUTH_INFO_0=publickey ssh-ed25519 "
		       "AAAAC3NzaC1lZDI1NTE5AAAAIGC9q1LLTfnwWSN1iHSINS46GwxLzgrsN/28nx0Jeahs") !=
		    PAM_SUCCESS ||
	    pam_open_session(pamh, 0) != PAM_SUCCESS)
		die("a session cannot be opened");
	return pamh;
}

static double pair(const char *service, const char *user)
{
	struct timespec begin, end;
	pam_handle_t *pamh;

	new_audit_session();
	clock_gettime(CLOCK_MONOTONIC, &begin);
	pamh = open_session(service, user);
	if (pam_close_session(pamh, 0) != PAM_SUCCESS || pam_end(pamh, 0) != PAM_SUCCESS)
		die("a session cannot be closed");
	clock_gettime(CLOCK_MONOTONIC, &end);
	return (double)(end.tv_sec - begin.tv_sec) * 1e3 +
	       (double)(end.tv_nsec - begin.tv_nsec) / 1e6;
}

static int compare(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static double median(double *values, size_t n)
{
	qsort(values, n, sizeof(*values), compare);
	return values[n / 2];
}

static double measure(char *argv[], const char *what)
{
	static double permit[PAIRS], writ[PAIRS];
	double sum = 0, low, high;

	for (int i = 0; i < PAIRS; i++) {
		permit[i] = pair(argv[1], argv[3]);
		writ[i] = pair(argv[2], argv[3]);
		sum += writ[i] - permit[i];
	}
	low = median(permit, PAIRS);
	high = median(writ, PAIRS);
	printf("%-28s pam_permit %.3f ms, with pam_writ %.3f ms (x %.2f): adds %.3f ms, mean %.3f, "
	       "99%% %.3f\n",
	       what, low, high, high / low, high - low, sum / PAIRS, writ[PAIRS * 99 / 100] - low);
	return high - low;
}

int main(int argc, char *argv[])
{
	static pam_handle_t *kept[OPEN];
	double before, after;

	if (argc != 4)
		die("usage: pam_login PERMIT WRIT USER");
	before = measure(argv, "open and close");
	for (int i = 0; i < OPEN; i++) {
		new_audit_session();
		kept[i] = open_session(argv[2], argv[3]);
	}
	after = measure(argv, "with 10,000 open sessions");
	for (int i = 0; i < OPEN; i++) {
		pam_close_session(kept[i], 0);
		pam_end(kept[i], 0);
	}
	printf("at most %.0f ms: %s; no growth: %s\n", LIMIT_MS,
	       before <= LIMIT_MS && after <= LIMIT_MS ? "yes" : "NO",
	       after <= before * GROWTH ? "yes" : "NO");
	return !(before <= LIMIT_MS && after <= LIMIT_MS && after <= before * GROWTH);
}
