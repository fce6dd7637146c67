/* SPDX-License-Identifier: ISC */
#include "delegate.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "arguments.h"
#include "cleanup.h"
#include "config.h"
#include "strvec.h"

/* The kinds of hooks that sudo has, from SUDO_HOOK_SETENV on. */
#define HOOKS 4

/* One for the process, as the hooks themselves are: sudo gives no closure along when it asks for
 * them. */
static struct {
	char path[PATH_MAX];
	struct policy_plugin *sudoers; /* whose hooks these are */
	struct sudo_hook hooks[HOOKS]; /* hook_fn NULL: none */
} delegate;

static int hook_setenv(const char *name, const char *value, int overwrite, void *closure)
{
	const struct sudo_hook *to = closure;

	if (!to->hook_fn)
		return SUDO_HOOK_RET_NEXT;
	return ((sudo_hook_fn_setenv_t)to->hook_fn)(name, value, overwrite, to->closure);
}

static int hook_unsetenv(const char *name, void *closure)
{
	const struct sudo_hook *to = closure;

	if (!to->hook_fn)
		return SUDO_HOOK_RET_NEXT;
	return ((sudo_hook_fn_unsetenv_t)to->hook_fn)(name, to->closure);
}

static int hook_putenv(char *string, void *closure)
{
	const struct sudo_hook *to = closure;

	if (!to->hook_fn)
		return SUDO_HOOK_RET_NEXT;
	return ((sudo_hook_fn_putenv_t)to->hook_fn)(string, to->closure);
}

static int hook_getenv(const char *name, char **value, void *closure)
{
	const struct sudo_hook *to = closure;

	if (!to->hook_fn)
		return SUDO_HOOK_RET_NEXT;
	return ((sudo_hook_fn_getenv_t)to->hook_fn)(name, value, to->closure);
}

/* By hook type, which counts from SUDO_HOOK_SETENV. */
static const sudo_hook_fn_t own_hooks[HOOKS] = {
	(sudo_hook_fn_t)hook_setenv,
	(sudo_hook_fn_t)hook_unsetenv,
	(sudo_hook_fn_t)hook_putenv,
	(sudo_hook_fn_t)hook_getenv,
};

/* What sudoers registers its hooks with. The answers are those of sudo's own function. */
static int take_hook(struct sudo_hook *hook)
{
	if (SUDO_API_VERSION_GET_MAJOR(hook->hook_version) != SUDO_HOOK_VERSION_MAJOR) {
		errno = EINVAL;
		return -1;
	}
	if (hook->hook_type < SUDO_HOOK_SETENV || hook->hook_type >= SUDO_HOOK_SETENV + HOOKS) {
		errno = ENOTSUP;
		return 1;
	}
	delegate.hooks[hook->hook_type - SUDO_HOOK_SETENV] = *hook;
	return 0;
}

void writ_delegate_drop_hooks(void)
{
	memset(delegate.hooks, 0, sizeof(delegate.hooks));
	delegate.sudoers = NULL;
}

/* Once for each sudoers: a second registration in the same object would be a change to it. */
static void connect_hooks(struct policy_plugin *sudoers)
{
	if (delegate.sudoers == sudoers)
		return;
	writ_delegate_drop_hooks();
	delegate.sudoers = sudoers;
	if (sudoers->register_hooks)
		sudoers->register_hooks(SUDO_HOOK_VERSION, take_hook);
}

static bool usable(const struct policy_plugin *plugin)
{
	return plugin && plugin->type == SUDO_POLICY_PLUGIN &&
	       SUDO_API_VERSION_GET_MAJOR(plugin->version) == SUDO_API_VERSION_MAJOR &&
	       plugin->open && plugin->check_policy;
}

void writ_delegate_register_hooks(int version, int (*register_hook)(struct sudo_hook *hook))
{
	/* sudo loads plugins into the global scope. */
	struct policy_plugin *sudoers = dlsym(RTLD_DEFAULT, "sudoers_policy");

	(void)version;
	for (unsigned i = 0; i < HOOKS; i++) {
		struct sudo_hook hook = {SUDO_HOOK_VERSION, SUDO_HOOK_SETENV + i, own_hooks[i],
					 &delegate.hooks[i]};

		register_hook(&hook);
	}
	if (usable(sudoers))
		connect_hooks(sudoers);
}

void writ_delegate_deregister_hooks(int version, int (*deregister_hook)(struct sudo_hook *hook))
{
	(void)version;
	for (unsigned i = 0; i < HOOKS; i++) {
		struct sudo_hook hook = {SUDO_HOOK_VERSION, SUDO_HOOK_SETENV + i, own_hooks[i],
					 &delegate.hooks[i]};

		deregister_hook(&hook);
	}
	writ_delegate_drop_hooks();
}

/* sudo no longer looks at owner and mode of what it loads; this does. */
static int check_file(struct writ_error *err)
{
	auto_close int fd = open(delegate.path, O_RDONLY | O_CLOEXEC);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0)
		return writ_error_errno(err, errno, "%s", delegate.path);
	if (!S_ISREG(st.st_mode) || st.st_uid != 0 || st.st_mode & (S_IWGRP | S_IWOTH))
		return writ_error_set(err, "%s is not a file of root's alone", delegate.path);
	return 0;
}

static int find_path(const char *sudoers, const char *plugin_dir, struct writ_error *err)
{
	const char *folder = *sudoers == '/' ? "" : plugin_dir ? plugin_dir : WRIT_PLUGIN_DIR;
	size_t length = strlen(folder);
	const char *slash = length && folder[length - 1] != '/' ? "/" : "";
	int n = snprintf(delegate.path, sizeof(delegate.path), "%s%s%s", folder, slash, sudoers);

	if (n < 0 || (size_t)n >= sizeof(delegate.path))
		return writ_error_set(err, "the path of sudoers' plugin is too long");
	return 0;
}

struct policy_plugin *writ_delegate_load(const struct writ_arguments *arguments,
					 const char *plugin_dir, struct writ_error *err)
{
	struct policy_plugin *sudoers;
	void *handle;

	if (find_path(arguments->sudoers, plugin_dir, err) < 0 || check_file(err) < 0)
		return NULL;
	/* As sudo loads it, and never unloaded: sudo keeps its hooks to the end. */
	handle = dlopen(delegate.path, RTLD_LAZY | RTLD_GLOBAL);
	if (!handle) {
		writ_error_set(err, "%s", dlerror());
		return NULL;
	}
	sudoers = dlsym(handle, "sudoers_policy");
	if (!usable(sudoers)) {
		writ_error_set(err, "%s holds no policy plugin that fits this sudo", delegate.path);
		return NULL;
	}
	connect_hooks(sudoers);
	return sudoers;
}

char **writ_delegate_settings(struct writ_arena *arena, char *const settings[])
{
	struct writ_strvec vector;

	writ_strvec_init(&vector, arena);
	for (; settings && *settings; settings++)
		if (strncmp(*settings, "plugin_path=", 12) == 0)
			writ_strvec_addf(&vector, "plugin_path=%s", delegate.path);
		else
			writ_strvec_add(&vector, *settings);
	return writ_strvec_take(&vector);
}
