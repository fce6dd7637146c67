/* SPDX-License-Identifier: ISC */
#include "accepted.h"

#include <ctype.h>
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "cleanup.h"
#include "decide.h"
#include "plugin.h"
#include "strvec.h"

bool writ_accepted_has(const struct writ_accepted *accepted, const char *flag)
{
	const char *value = writ_strvec_value(accepted->info, flag);

	return value && strcmp(value, "true") == 0;
}

static const char *last_part(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

char **writ_accepted_argv(const struct writ_accepted *accepted, struct writ_arena *arena,
			  struct writ_error *err)
{
	const char *program = writ_strvec_value(accepted->info, "command");
	struct writ_strvec argv;
	char **ret;

	if (!program || *program != '/' || !accepted->argv || !accepted->argv[0]) {
		writ_error_set(err, "the policy plugin names no program");
		return NULL;
	}
	/* Some programs are several, and go by this name. */
	if (strcmp(last_part(accepted->argv[0]), last_part(program)) != 0) {
		writ_error_set(err, "the program would be told another name than its own");
		return NULL;
	}
	writ_strvec_init(&argv, arena);
	writ_strvec_add(&argv, program);
	for (char *const *word = accepted->argv + 1; *word; word++)
		writ_strvec_add(&argv, *word);
	ret = writ_strvec_take(&argv);
	if (!ret)
		writ_error_set(err, "no memory");
	return ret;
}

static int read_id(const struct writ_accepted *accepted, const char *name, unsigned *ret,
		   struct writ_error *err)
{
	const char *text = writ_strvec_value(accepted->info, name);
	unsigned long id;
	char *end;

	if (!text || !isdigit((unsigned char)*text))
		return writ_error_set(err, "the policy plugin does not say the %s", name);
	errno = 0;
	id = strtoul(text, &end, 10);
	if (errno || *end || id >= (unsigned)-1)
		return writ_error_set(err, "the %s is no number", name);
	*ret = (unsigned)id;
	return 0;
}

/* As whom: names and numbers must agree, and nothing of the caller's identity may stay. */
static int read_identity(const struct writ_accepted *accepted, struct writ_settled *ret,
			 struct writ_error *err)
{
	const struct passwd *pw;
	const struct group *gr = NULL;
	unsigned uid, gid;

	ret->runas_user = writ_strvec_value(accepted->info, "runas_user");
	ret->runas_group = writ_strvec_value(accepted->info, "runas_group");
	if (read_id(accepted, "runas_uid", &uid, err) < 0 ||
	    read_id(accepted, "runas_gid", &gid, err) < 0)
		return -1;
	if (writ_strvec_value(accepted->info, "runas_euid") ||
	    writ_strvec_value(accepted->info, "runas_egid") ||
	    writ_accepted_has(accepted, "preserve_groups"))
		return writ_error_set(err, "the command would keep some of the caller's identity "
					   "(stay_setuid or preserve_groups in sudoers)");
	pw = ret->runas_user ? getpwnam(ret->runas_user) : NULL;
	if (!pw || pw->pw_uid != uid)
		return writ_error_set(err, "who the command runs as has no name of its own");
	if (!ret->runas_group)
		return gid == pw->pw_gid ? 0
					 : writ_error_set(err, "the command runs with a group that "
							       "is not named");
	gr = getgrnam(ret->runas_group);
	if (!gr || gr->gr_gid != gid)
		return writ_error_set(err, "the group that the command runs with has no name of "
					   "its own");
	return 0;
}

int writ_accepted_read(const struct writ_accepted *accepted, const struct writ_plugin *plugin,
		       struct writ_settled *ret, struct writ_error *err)
{
	*ret = (struct writ_settled) {0};
	if (read_identity(accepted, ret, err) < 0)
		return -1;
	if (writ_strvec_value(accepted->info, "chroot"))
		return writ_error_set(err, "the command would run in another root folder (chroot "
					   "in sudoers)");
	ret->cwd = writ_strvec_value(accepted->info, "cwd");
	if (!ret->cwd)
		ret->cwd = writ_plugin_cwd(plugin);
	else if (writ_accepted_has(accepted, "cwd_optional"))
		ret->cwd = NULL;
	return 0;
}
