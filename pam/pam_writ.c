/* SPDX-License-Identifier: ISC */
/*
 * The PAM module: gives each session of a subject a record and an id, so that what is done in it
 * can be traced to the login. A module for sessions only: it answers no other question.
 */
#include <errno.h>
#include <security/pam_ext.h>
#include <security/pam_modules.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#include "arena.h"
#include "arguments.h"
#include "cleanup.h"
#include "error.h"
#include "guard.h"
#include "login.h"
#include "session_event.h"
#include "session_store.h"
#include "subject.h"
#include "text.h"

#define EXPORT __attribute__((visibility("default")))

/* The name of what is kept from open to close. */
#define KEPT "writ_session"

/* Longest word in a line of the system log, in bytes. */
#define WORD_SHOWN 120

/* A session that was opened here. Kept in the PAM handle and so in this process's memory: what the
 * user does to files or to the PAM environment meanwhile changes nothing in it. */
struct kept {
	struct writ_arena *arena;
	struct writ_session_record record;
	struct timespec since; /* CLOCK_BOOTTIME */
	const char *dir;
};

/* One call of PAM's: for whom, and what the arguments say. */
struct call {
	pam_handle_t *pamh;
	struct writ_pam_arguments arguments;
	struct writ_pam_user user;
	enum writ_truth subject;
};

static void forget(pam_handle_t *pamh, void *data, int status)
{
	struct kept *kept = data;

	(void)pamh;
	(void)status;
	if (!kept)
		return;
	writ_arena_free(kept->arena);
	free(kept);
}

/* The session that is open in this handle, or NULL. */
static struct kept *find_kept(pam_handle_t *pamh)
{
	const void *data = NULL;

	if (pam_get_data(pamh, KEPT, &data) != PAM_SUCCESS)
		return NULL;
	return (struct kept *)data;
}

/* 0, or -1: nobody is named whose session this could be. */
static int begin(struct call *call, pam_handle_t *pamh, int argc, const char **argv)
{
	enum writ_truth known;
	const void *name = NULL;

	*call = (struct call) {.pamh = pamh};
	writ_pam_arguments_read(&call->arguments, argc, argv);
	if (*call->arguments.problem.message)
		pam_syslog(pamh, LOG_ERR, "%s", call->arguments.problem.message);
	if (!call->arguments.subjects && !call->arguments.all)
		pam_syslog(pamh, LOG_WARNING,
			   "no subjects are named (subjects=): nobody's sessions are recorded");
	if (pam_get_item(pamh, PAM_USER, &name) != PAM_SUCCESS || !name || !*(const char *)name) {
		pam_syslog(pamh, LOG_ERR, "this session is nobody's");
		return -1;
	}
	known = writ_pam_user_find(name, &call->user);
	call->subject = writ_pam_subject_is(call->arguments.subjects, &call->user);
	if (call->subject == WRIT_NO && known == WRIT_UNSURE && call->arguments.subjects)
		call->subject = WRIT_UNSURE;
	return 0;
}

/* A word for the system log: quoted if it is odd, "-" if there is none. */
static const char *word(struct writ_arena *arena, const char *text)
{
	const char *shown = text ? writ_text_quote(arena, text, WORD_SHOWN) : "-";

	return shown ? shown : "?";
}

static void log_opened(const struct call *call, struct kept *kept)
{
	const struct writ_session_record *record = &kept->record;

	pam_syslog(call->pamh, LOG_INFO, "session %s opened for %s: tty=%s from=%s key=%s by=%s",
		   record->id, word(kept->arena, record->user), word(kept->arena, record->tty),
		   word(kept->arena, record->from), word(kept->arena, record->key.fingerprint),
		   word(kept->arena, record->by.user));
}

/* Record and event, both or none. */
static int write_both(struct kept *kept, struct writ_error *err)
{
	struct writ_session_store store;
	int ret = -1;

	if (writ_session_store_open(&store, kept->dir, true, err) < 0)
		return -1;
	if (writ_session_store_add(&store, &kept->record, err) == 0) {
		ret = writ_session_event_open(&kept->record, err);
		/* Without its event the session has no name. */
		if (ret < 0)
			writ_session_store_remove(&store, &kept->record, NULL);
	}
	writ_session_store_close(&store);
	return ret;
}

/* A stretch in which nobody but root can stop, kill or starve this process. In su the real uid is
 * the caller's, whose signals would reach it: with the lock of the event log in its hand, or
 * half-way between record and event. */
struct shelter {
	struct writ_guard guard;
	uid_t real, effective, saved;
};

static int enter(struct shelter *shelter, struct writ_error *err)
{
	if (getresuid(&shelter->real, &shelter->effective, &shelter->saved) < 0 ||
	    setresuid(0, 0, 0) < 0) {
		shelter->real = shelter->effective = shelter->saved = (uid_t)-1;
		return writ_error_errno(err, errno, "root's rights are needed");
	}
	return writ_guard_begin(&shelter->guard, err);
}

static void leave(const struct shelter *shelter)
{
	if (shelter->effective == (uid_t)-1)
		return;
	writ_guard_end(&shelter->guard);
	/* Root may become whatever it was. */
	if (setresuid(shelter->real, shelter->effective, shelter->saved) < 0)
		abort();
}

static int write_sheltered(struct kept *kept, struct writ_error *err)
{
	struct shelter shelter;
	int ret = enter(&shelter, err);

	if (ret == 0)
		ret = write_both(kept, err);
	leave(&shelter);
	return ret;
}

static void set_environment(const struct call *call, const struct kept *kept)
{
	char variable[sizeof("WRIT_SESSION=") + WRIT_SESSION_ID_SIZE];

	strcpy(stpcpy(variable, "WRIT_SESSION="), kept->record.id);
	/* The agent's own copy: nothing is decided by it. */
	if (pam_putenv(call->pamh, variable) != PAM_SUCCESS)
		pam_syslog(call->pamh, LOG_WARNING, "WRIT_SESSION cannot be set");
}

/* A new session in the handle, which frees it; NULL with err. */
static struct kept *keep(const struct call *call, struct writ_error *err)
{
	struct kept *kept = calloc(1, sizeof(*kept));

	if (kept)
		kept->arena = writ_arena_new();
	if (kept && kept->arena)
		kept->dir = writ_arena_strdup(kept->arena, call->arguments.dir);
	if (kept && kept->dir && pam_set_data(call->pamh, KEPT, kept, forget) == PAM_SUCCESS)
		return kept;
	forget(call->pamh, kept, 0);
	writ_error_set(err, "no memory");
	return NULL;
}

/* Opens the session. 0, or -1 with err: it has left no trace but in the system log. */
static int open_session(const struct call *call, struct writ_error *err)
{
	struct kept *kept = keep(call, err);

	if (!kept)
		return -1;
	if (writ_pam_login_read(call->pamh, kept->arena, &call->user, &kept->record, err) < 0 ||
	    write_sheltered(kept, err) < 0) {
		pam_set_data(call->pamh, KEPT, NULL, NULL);
		return -1;
	}
	clock_gettime(CLOCK_BOOTTIME, &kept->since);
	set_environment(call, kept);
	log_opened(call, kept);
	return 0;
}

/* What becomes of a session that cannot be recorded. */
static int refuse(const struct call *call, int flags, const char *why)
{
	bool subject = call->subject == WRIT_YES;

	pam_syslog(call->pamh, LOG_ERR, "the session of %s is not recorded%s: %s", call->user.name,
		   subject ? "" : ", and not refused, since this is no subject", why);
	if (!subject)
		return PAM_SUCCESS;
	if (!(flags & PAM_SILENT))
		pam_error(call->pamh, "writ: this session cannot be recorded; the administrator "
				      "finds the reason in the system log");
	return PAM_SESSION_ERR;
}

EXPORT int pam_sm_open_session(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	const struct kept *kept;
	struct writ_error err = {0};
	char text[sizeof(err)];
	struct call call;

	if (begin(&call, pamh, argc, argv) < 0)
		return PAM_SUCCESS;
	if (call.subject == WRIT_NO && !call.arguments.all) {
		if (call.arguments.debug)
			pam_syslog(pamh, LOG_DEBUG, "%s is no subject", call.user.name);
		return PAM_SUCCESS;
	}
	if (call.subject == WRIT_YES && *call.arguments.problem.message)
		return refuse(&call, flags, "pam_writ is not set up correctly");
	/* In the stack twice, by itself and in a file that is included. */
	kept = find_kept(pamh);
	if (kept && strcmp(kept->record.user, call.user.name) == 0)
		return PAM_SUCCESS;
	if (open_session(&call, &err) < 0)
		return refuse(&call, flags, writ_error_string(&err, text, sizeof(text)));
	return PAM_SUCCESS;
}

static int close_sheltered(const struct kept *kept, struct writ_error *err)
{
	struct writ_session_store store;
	struct shelter shelter;
	struct timespec now;
	int ret = enter(&shelter, err);

	clock_gettime(CLOCK_BOOTTIME, &now);
	if (ret == 0)
		ret = writ_session_event_close(&kept->record,
					       (now.tv_sec - kept->since.tv_sec) *
							       (int64_t)1000000 +
						       (now.tv_nsec - kept->since.tv_nsec) / 1000,
					       err);
	/* Processes may live on, so the record stays; the timer clears it. */
	if (ret == 0 && writ_session_store_open(&store, kept->dir, false, err) == 0) {
		ret = writ_session_store_replace(&store, &kept->record, err);
		writ_session_store_close(&store);
	} else {
		ret = -1;
	}
	leave(&shelter);
	return ret;
}

EXPORT int pam_sm_close_session(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
	struct kept *kept = find_kept(pamh);
	struct writ_error err = {0};
	int ret = PAM_SUCCESS;

	(void)flags;
	(void)argc;
	(void)argv;
	/* Nobody's of ours: not recorded, or opened in another process. */
	if (!kept)
		return PAM_SUCCESS;
	/* systemd closes its sessions as the user, who may write no event: the timer will. */
	if (geteuid() != 0) {
		pam_syslog(pamh, LOG_INFO, "the end of session %s is left to the timer",
			   kept->record.id);
	} else {
		kept->record.closed = "logout";
		if (close_sheltered(kept, &err) < 0) {
			pam_syslog(pamh, LOG_ERR, "the end of session %s is not recorded: %s",
				   kept->record.id, err.message);
			ret = PAM_SESSION_ERR;
		} else {
			pam_syslog(pamh, LOG_INFO, "session %s closed", kept->record.id);
		}
	}
	pam_set_data(pamh, KEPT, NULL, NULL);
	return ret;
}

/* In a stack where it does not belong, the module neither lets in nor keeps out. */
#define NOT_ASKED(name)                                                                            \
	EXPORT int name(pam_handle_t *pamh, int flags, int argc, const char **argv)                \
	{                                                                                          \
		(void)pamh;                                                                        \
		(void)flags;                                                                       \
		(void)argc;                                                                        \
		(void)argv;                                                                        \
		return PAM_IGNORE;                                                                 \
	}

NOT_ASKED(pam_sm_authenticate)
NOT_ASKED(pam_sm_setcred)
NOT_ASKED(pam_sm_acct_mgmt)
NOT_ASKED(pam_sm_chauthtok)
