/* SPDX-License-Identifier: ISC */
#include "pam.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cleanup.h"
#include "config.h"
#include "converse.h"
#include "environment.h"
#include "error.h"
#include "strvec.h"

#define SERVICE "writ"
#define TRIES 3

struct writ_pam {
	pam_handle_t *handle;
	struct writ_converse converse;
	int status;   /* of the last call */
	bool is_open; /* a session is */
	bool has_credentials;
};

/* Modules run in this process, whose environment the caller made. They get one of our own. */
static mode_t step_in(struct writ_pam *pam)
{
	static char path[] = "PATH=/usr/sbin:/usr/bin:/sbin:/bin";
	static char *own[] = {path, NULL};

	pam->converse.environment = environ;
	environ = own;
	return umask(022);
}

static void step_out(const struct writ_pam *pam, mode_t mask)
{
	umask(mask);
	environ = pam->converse.environment;
}

/* Calls a function of PAM's. */
#define CALL(pam, function, ...)                                                                   \
	({                                                                                         \
		mode_t mask_ = step_in(pam);                                                       \
		(pam)->status = function(__VA_ARGS__);                                             \
		step_out(pam, mask_);                                                              \
		(pam)->status;                                                                     \
	})

static int failed(const struct writ_pam *pam, const char *what, struct writ_error *err)
{
	return writ_error_set(err, "%s: %s", what, pam_strerror(pam->handle, pam->status));
}

static bool has_service(void)
{
	/* Where libpam looks. */
	static const char *const files[] = {"/etc/pam.d/" SERVICE, "/usr/lib/pam.d/" SERVICE};

	for (size_t i = 0; i < ARRAY_SIZE(files); i++)
		if (access(files[i], R_OK) == 0)
			return true;
	return false;
}

static int set_items(struct writ_pam *pam, const struct writ_pam_caller *caller)
{
	if (pam_set_item(pam->handle, PAM_RUSER, caller->user) != PAM_SUCCESS)
		return -1;
	if (caller->tty && pam_set_item(pam->handle, PAM_TTY, caller->tty) != PAM_SUCCESS)
		return -1;
	return 0;
}

struct writ_pam *writ_pam_begin(const struct writ_pam_caller *caller, struct writ_error *err)
{
	struct writ_pam *pam;
	struct pam_conv conv = {.conv = writ_converse};

	if (!has_service()) {
		writ_error_set(err, "PAM has no service '" SERVICE "': /etc/pam.d/" SERVICE
				    " is missing");
		return NULL;
	}
	pam = calloc(1, sizeof(*pam));
	if (!pam) {
		writ_error_set(err, "no memory");
		return NULL;
	}
	pam->converse = (struct writ_converse) {
		.conversation = caller->conversation,
		.prompt = caller->prompt,
		.noninteractive = caller->noninteractive,
	};
	conv.appdata_ptr = &pam->converse;
	if (CALL(pam, pam_start, SERVICE, caller->user, &conv, &pam->handle) != PAM_SUCCESS ||
	    set_items(pam, caller) < 0) {
		writ_error_set(err, "PAM cannot be used: %s", pam_strerror(NULL, pam->status));
		writ_pam_end(pam);
		return NULL;
	}
	return pam;
}

int writ_pam_account(struct writ_pam *pam, bool password_counts, struct writ_error *err)
{
	/* Not silent: a module's own words say more than the status of the whole stack. */
	switch (CALL(pam, pam_acct_mgmt, pam->handle, 0)) {
	case PAM_SUCCESS:
		return 0;
	case PAM_NEW_AUTHTOK_REQD:
	case PAM_AUTHTOK_EXPIRED:
		if (!password_counts)
			return 0;
		break;
	default:
		break;
	}
	return writ_error_set(err, "the account is not in order: %s",
			      *pam->converse.remark ? pam->converse.remark
						    : pam_strerror(pam->handle, pam->status));
}

/* Whether another try may go better. */
static bool was_wrong(const struct writ_pam *pam)
{
	return !pam->converse.unanswered &&
	       (pam->status == PAM_AUTH_ERR || pam->status == PAM_USER_UNKNOWN);
}

int writ_pam_authenticate(struct writ_pam *pam, struct writ_error *err)
{
	static const struct sudo_conv_message again = {
		.msg_type = SUDO_CONV_ERROR_MSG | SUDO_CONV_PREFER_TTY,
		.msg = "Sorry, try again.\n",
	};

	int tries;

	pam->converse.asking = true;
	pam->converse.unanswered = false;
	for (tries = 1;; tries++) {
		CALL(pam, pam_authenticate, pam->handle, PAM_SILENT);
		if (pam->status == PAM_SUCCESS || tries == TRIES || !was_wrong(pam))
			break;
		pam->converse.conversation(1, &again, NULL, NULL);
	}
	pam->converse.asking = false;
	if (pam->status == PAM_SUCCESS)
		return 0;
	if (pam->converse.unanswered)
		return writ_error_set(err, pam->converse.noninteractive
						   ? "a password is needed, and sudo -n forbids to "
						     "ask for it"
						   : "a password is needed, and none was given");
	if (was_wrong(pam) || pam->status == PAM_MAXTRIES)
		return writ_error_set(err, "the authentication failed %d times", tries);
	return failed(pam, "the caller was not authenticated", err);
}

/* Drops what modules have set so far, for the caller: some read a file of its (pam_env with
 * user_readenv=1), and nothing of that may reach the command. */
static int drop_environment(struct writ_pam *pam)
{
	char **list = pam_getenvlist(pam->handle);

	for (char **entry = list; list && *entry; entry++) {
		(*entry)[strcspn(*entry, "=")] = '\0';
		pam->status = pam_putenv(pam->handle, *entry);
		free(*entry);
	}
	free(list);
	return list && pam->status == PAM_SUCCESS ? 0 : -1;
}

/* PAM's variables below those that are there. */
static int merge_environment(struct writ_pam *pam, char **env[], struct writ_arena *arena)
{
	char **list = pam_getenvlist(pam->handle);
	struct writ_strvec merged;
	int ret = 0;

	if (!list)
		return -1;
	if (list[0]) {
		writ_strvec_init(&merged, arena);
		for (char **entry = *env; *entry; entry++)
			writ_strvec_add(&merged, *entry);
		for (char **entry = list; *entry; entry++)
			writ_environment_add_below(&merged, *entry);
		*env = writ_strvec_take(&merged);
		ret = *env ? 0 : -1;
	}
	for (char **entry = list; *entry; entry++)
		free(*entry);
	free(list);
	return ret;
}

static void close_session(struct writ_pam *pam)
{
	if (pam->is_open)
		CALL(pam, pam_close_session, pam->handle, PAM_SILENT);
	if (pam->has_credentials)
		CALL(pam, pam_setcred, pam->handle, PAM_DELETE_CRED | PAM_SILENT);
	pam->is_open = pam->has_credentials = false;
}

int writ_pam_open_session(struct writ_pam *pam, const char *target, char **env[],
			  struct writ_arena *arena, struct writ_error *err)
{
	char **merged = *env;

	pam->status = pam_set_item(pam->handle, PAM_USER, target);
	if (pam->status != PAM_SUCCESS || drop_environment(pam) < 0)
		return failed(pam, "no PAM session", err);
	if (CALL(pam, pam_setcred, pam->handle, PAM_REINITIALIZE_CRED | PAM_SILENT) != PAM_SUCCESS)
		return failed(pam, "no PAM credentials", err);
	pam->has_credentials = true;
	if (CALL(pam, pam_open_session, pam->handle, PAM_SILENT) != PAM_SUCCESS) {
		failed(pam, "no PAM session", err);
		close_session(pam);
		return -1;
	}
	pam->is_open = true;
	if (merge_environment(pam, &merged, arena) < 0) {
		close_session(pam);
		return writ_error_set(err, "no PAM session: no memory");
	}
	*env = merged;
	return 0;
}

void writ_pam_end(struct writ_pam *pam)
{
	if (!pam)
		return;
	close_session(pam);
	if (pam->handle)
		CALL(pam, pam_end, pam->handle, pam->status);
	free(pam);
}
