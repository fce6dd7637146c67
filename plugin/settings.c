/* SPDX-License-Identifier: ISC */
#include "settings.h"

#include <ctype.h>
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "error.h"
#include "strvec.h"

/* What becomes of a setting. */
enum treatment {
	REFUSE_VALUE, /* refused if it is there: no policy can grant it */
	REFUSE_TRUE,  /* refused unless it is "false" */
	TEXT,         /* handed to the policy as it is */
	BOOL,         /* said by sudo about itself */
};

/* Every setting of sudo_plugin(5) that matters here. Where several are refused, the first row names
 * the refusal. Left out on purpose, since without effect for a subject: -N update_ticket and -k
 * ignore_ticket (no ticket is kept), -H set_home (HOME is the target's anyway); -A askpass, which
 * sudo's conversation heeds by itself; network_addrs, max_groups, progname, plugin_path,
 * debug_flags, intercept_setid (sudo's about itself). -b, -B and -S never reach a plugin. */
static const struct {
	const char *name;
	enum treatment treatment;
	size_t offset;      /* TEXT, BOOL: in struct writ_asked */
	const char *option; /* REFUSE_…: as the refusal names it */
} settings_known[] = {
	{"sudoedit", REFUSE_TRUE, 0, "-e"},
	{"login_shell", REFUSE_TRUE, 0, "-i"},
	{"run_shell", REFUSE_TRUE, 0, "-s"},
	{"implied_shell", REFUSE_TRUE, 0, "-s (no command was given)"},
	{"preserve_environment", REFUSE_TRUE, 0, "-E"},
	{"preserve_groups", REFUSE_TRUE, 0, "-P"},
	{"cmnd_chroot", REFUSE_VALUE, 0, "-R"},
	{"closefrom", REFUSE_VALUE, 0, "-C"},
	{"remote_host", REFUSE_VALUE, 0, "-h"},
	{"selinux_role", REFUSE_VALUE, 0, "-r"},
	{"selinux_type", REFUSE_VALUE, 0, "-t"},
	{"apparmor_profile", REFUSE_VALUE, 0, "for an AppArmor profile"},
	{"login_class", REFUSE_VALUE, 0, "-c"},
	{"bsdauth_type", REFUSE_VALUE, 0, "-a"},
	{"runas_user", TEXT, offsetof(struct writ_asked, runas_user), NULL},
	{"runas_group", TEXT, offsetof(struct writ_asked, runas_group), NULL},
	{"cmnd_cwd", TEXT, offsetof(struct writ_asked, chdir), NULL},
	{"timeout", TEXT, offsetof(struct writ_asked, timeout), NULL},
	{"plugin_dir", TEXT, offsetof(struct writ_asked, plugin_dir), NULL},
	{"prompt", TEXT, offsetof(struct writ_asked, prompt), NULL},
	{"noninteractive", BOOL, offsetof(struct writ_asked, noninteractive), NULL},
	{"intercept_ptrace", BOOL, offsetof(struct writ_asked, ptrace), NULL},
};

void writ_asked_read(struct writ_asked *ret, char *const settings[])
{
	*ret = (struct writ_asked) {0};
	for (size_t i = 0; i < ARRAY_SIZE(settings_known); i++) {
		const char *value = writ_strvec_value(settings, settings_known[i].name);
		char *member = (char *)ret + settings_known[i].offset;

		if (!value)
			continue;
		switch (settings_known[i].treatment) {
		case REFUSE_TRUE:
			if (strcmp(value, "false") == 0)
				break;
			__attribute__((fallthrough));
		case REFUSE_VALUE:
			if (!ret->option)
				ret->option = settings_known[i].option;
			break;
		case TEXT:
			*(const char **)(void *)member = value;
			break;
		case BOOL:
			*(bool *)member = strcmp(value, "true") == 0;
			break;
		}
	}
}

/* A user or group id as sudo writes it. */
static int read_id(char *const user_info[], const char *name, unsigned *ret, struct writ_error *err)
{
	const char *text = writ_strvec_value(user_info, name);
	unsigned long id;
	char *end;

	if (!text || !isdigit((unsigned char)*text))
		return writ_error_set(err, "sudo does not say the caller's %s", name);
	errno = 0;
	id = strtoul(text, &end, 10);
	/* The last one means "no change" to system calls. */
	if (errno || *end || id >= (unsigned)-1)
		return writ_error_set(err, "the caller's %s is no number", name);
	*ret = (unsigned)id;
	return 0;
}

int writ_caller_read(struct writ_caller *ret, char *const user_info[], struct writ_error *err)
{
	*ret = (struct writ_caller) {
		.user = writ_strvec_value(user_info, "user"),
		.groups = writ_strvec_value(user_info, "groups"),
		.cwd = writ_strvec_value(user_info, "cwd"),
		.tty = writ_strvec_value(user_info, "tty"),
		.host = writ_strvec_value(user_info, "host"),
		.open_files = writ_strvec_value(user_info, "rlimit_nofile"),
	};
	if (!ret->user || !*ret->user)
		return writ_error_set(err, "sudo does not say who calls");
	if (read_id(user_info, "uid", &ret->uid, err) < 0 ||
	    read_id(user_info, "gid", &ret->gid, err) < 0)
		return -1;
	if (ret->cwd && *ret->cwd != '/')
		ret->cwd = NULL;
	return 0;
}
