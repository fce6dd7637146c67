/* SPDX-License-Identifier: ISC */
#include "login.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <security/pam_ext.h>
#include <stdbool.h>
#include <string.h>
#include <sys/utsname.h>
#include <syslog.h>
#include <unistd.h>

#include "arena.h"
#include "cleanup.h"
#include "error.h"
#include "fingerprint.h"
#include "session_record.h"
#include "subject.h"

/* What is kept of a text that others chose, in bytes: names of terminals, hosts, services. */
#define TEXT_MAX 255

/* A PAM item as it may be recorded; *ret is NULL if it is not set. */
static int read_item(pam_handle_t *pamh, int item, struct writ_arena *arena, const char **ret,
		     struct writ_error *err)
{
	const void *value = NULL;

	*ret = NULL;
	if (pam_get_item(pamh, item, &value) != PAM_SUCCESS || !value || !*(const char *)value)
		return 0;
	*ret = writ_arena_strndup(arena, value, strnlen(value, TEXT_MAX));
	return *ret ? 0 : writ_error_set(err, "no memory");
}

/* Whether the program that opens this session is sshd itself, called by nobody: what it puts into
 * the PAM environment is then believed. What others put there is not: su takes it from files. */
static bool is_sshd(const struct writ_session_record *record, int proc)
{
	char path[PATH_MAX];
	const char *name;
	ssize_t n;

	if (getuid() != 0)
		return false;
	if (strcmp(record->service, "sshd") == 0)
		return true;
	/* sshd under another name of service. It is sshd-session since OpenSSH 9.8. */
	n = readlinkat(proc, "self/exe", path, sizeof(path) - 1);
	if (n < 0)
		return false;
	path[n] = '\0';
	name = strrchr(path, '/');
	return name && (strcmp(name, "/sshd") == 0 || strcmp(name, "/sshd-session") == 0);
}

/* The line of SSH_AUTH_INFO_0 on a public key: "publickey ssh-ed25519 AAAA…", one line a method
 * that succeeded (sshd_config(5), ExposeAuthInfo). Of several keys the first counts. */
static const char *find_key(const char *info, size_t *ret_length)
{
	static const char method[] = "publickey ";
	const char *end;

	for (; info && *info; info = *end ? end + 1 : end) {
		end = strchrnul(info, '\n');
		if (strncmp(info, method, sizeof(method) - 1) != 0)
			continue;
		*ret_length = (size_t)(end - info) - (sizeof(method) - 1);
		return info + sizeof(method) - 1;
	}
	return NULL;
}

static int read_key(pam_handle_t *pamh, struct writ_arena *arena, struct writ_session_key *ret,
		    struct writ_error *err)
{
	struct writ_fingerprint fingerprint;
	size_t length;
	const char *key = find_key(pam_getenv(pamh, "SSH_AUTH_INFO_0"), &length);

	if (!key)
		return 0;
	/* A type that is not known yet is no reason to keep an agent out: a rule that wants a key
	 * will not hold for it. */
	if (writ_fingerprint_make(key, length, &fingerprint, err) < 0) {
		pam_syslog(pamh, LOG_WARNING, "the key of this login is not recorded: %s",
			   err->message);
		return 0;
	}
	ret->type = writ_arena_strdup(arena, fingerprint.type);
	ret->fingerprint = writ_arena_strdup(arena, fingerprint.text);
	if (!ret->type || !ret->fingerprint)
		return writ_error_set(err, "no memory");
	if (!fingerprint.certificate)
		return 0;
	ret->key_id = writ_arena_strdup(arena, fingerprint.key_id);
	ret->serial = writ_arena_printf(arena, "%" PRIu64, fingerprint.serial);
	return ret->key_id && ret->serial ? 0 : writ_error_set(err, "no memory");
}

static bool is_address(const char *text)
{
	unsigned char address[sizeof(struct in6_addr)];

	return inet_pton(AF_INET, text, address) == 1 || inet_pton(AF_INET6, text, address) == 1;
}

/* Where PAM has a name from the DNS, which whoever logs in may have written there: the address that
 * sshd names, "10.0.0.7 53012 10.0.0.1 22". */
static int read_from(pam_handle_t *pamh, struct writ_arena *arena, const char **ret,
		     struct writ_error *err)
{
	const char *connection = pam_getenv(pamh, "SSH_CONNECTION");
	size_t length = connection ? strcspn(connection, " ") : 0;

	if (length == 0 || length > TEXT_MAX || (*ret && is_address(*ret)))
		return 0;
	*ret = writ_arena_strndup(arena, connection, length);
	return *ret ? 0 : writ_error_set(err, "no memory");
}

/* The name of a uid, from the arena; "#59001" if it has none. */
static const char *name_of(struct writ_arena *arena, uid_t uid)
{
	char buffer[4096];
	const char *name = writ_pam_user_name(uid, buffer, sizeof(buffer));

	return name ? writ_arena_strdup(arena, name)
		    : writ_arena_printf(arena, "#%u", (unsigned)uid);
}

/* Who opens this session, if it is not the user. The real uid of su and sudo is certain; so it
 * comes before the kernel's login uid, which a process that nobody logged in to can set to
 * anybody's, once. Root's processes act for whoever logged in; where nobody did they are the
 * services themselves, unless they tell PAM for whom they work. */
static int read_by(pam_handle_t *pamh, int proc, struct writ_arena *arena,
		   struct writ_session_record *record, struct writ_error *err)
{
	struct writ_pam_user user;
	const char *name = NULL;
	uid_t uid = getuid();

	if (uid == 0 && writ_process_login_uid(proc, 0, &uid, err) < 0)
		return -1;
	if (uid == 0 || uid == (uid_t)-1) {
		if (read_item(pamh, PAM_RUSER, arena, &name, err) < 0)
			return -1;
		if (!name || record->from || writ_pam_user_find(name, &user) != WRIT_YES)
			return 0;
		uid = user.uid;
	}
	if (uid == record->uid)
		return 0;
	if (!name)
		name = name_of(arena, uid);
	if (!name)
		return writ_error_set(err, "no memory");
	record->by.user = name;
	record->by.uid = uid;
	return 0;
}

static int read_host(struct writ_arena *arena, const char **ret, struct writ_error *err)
{
	struct utsname name;

	if (uname(&name) < 0)
		return writ_error_errno(err, errno, "no host name");
	*ret = writ_arena_strdup(arena, name.nodename);
	return *ret ? 0 : writ_error_set(err, "no memory");
}

static int read_kernel(int proc, struct writ_session_record *record, struct writ_error *err)
{
	if (writ_boot_id_read(proc, record->boot, err) < 0 ||
	    writ_process_audit_session(proc, 0, &record->audit_session, err) < 0)
		return -1;
	return writ_process_read(proc, 0, &record->leader, err);
}

static int read_pam(pam_handle_t *pamh, int proc, struct writ_arena *arena,
		    struct writ_session_record *record, struct writ_error *err)
{
	if (read_item(pamh, PAM_SERVICE, arena, &record->service, err) < 0 ||
	    read_item(pamh, PAM_TTY, arena, &record->tty, err) < 0 ||
	    read_item(pamh, PAM_RHOST, arena, &record->from, err) < 0)
		return -1;
	if (!record->service)
		return writ_error_set(err, "the session is of no service");
	if (!is_sshd(record, proc))
		return read_by(pamh, proc, arena, record, err);
	/* Opened by whoever has the key, and not by the administrator who once restarted sshd,
	 * whose login uid it has where pam_loginuid is missing. */
	if (read_from(pamh, arena, &record->from, err) < 0)
		return -1;
	return read_key(pamh, arena, &record->key, err);
}

int writ_pam_login_read(pam_handle_t *pamh, struct writ_arena *arena,
			const struct writ_pam_user *user, struct writ_session_record *ret,
			struct writ_error *err)
{
	auto_close int proc = -1;

	*ret = (struct writ_session_record) {.uid = user->uid};
	if (!user->known)
		return writ_error_set(err, "there is no such account");
	/* PAM's own copy may be gone when the session is closed. */
	ret->user = writ_arena_strdup(arena, user->name);
	if (!ret->user)
		return writ_error_set(err, "no memory");
	if (writ_session_record_init(ret, err) < 0 || read_host(arena, &ret->host, err) < 0)
		return -1;
	proc = writ_proc_open(err);
	if (proc < 0 || read_kernel(proc, ret, err) < 0)
		return -1;
	return read_pam(pamh, proc, arena, ret, err);
}
