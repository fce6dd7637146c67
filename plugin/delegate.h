/* SPDX-License-Identifier: ISC */
/*
 * Delegation: a caller who is no subject is sudoers' alone. Its policy plugin is loaded and every
 * call handed on, so that sudo behaves for them as if writ were not there.
 */
#pragma once

#include <sudo_plugin.h>

struct writ_arena;
struct writ_arguments;
struct writ_error;

/*
 * sudo asks for hooks before it opens any plugin, so before it is known who calls and what
 * sudo.conf says. Hooks of our own are registered then; they do nothing by themselves, and call
 * those of sudoers where sudoers is loaded already (by the sudoers_io or sudoers_audit line) or is
 * delegated to later.
 */
void writ_delegate_register_hooks(int version, int (*register_hook)(struct sudo_hook *hook));
void writ_delegate_deregister_hooks(int version, int (*deregister_hook)(struct sudo_hook *hook));

/* The caller is a subject: sudoers' hooks must see nothing of what this process does to its
 * environment. */
void writ_delegate_drop_hooks(void);

/* Loads sudoers' policy plugin and connects its hooks. NULL with err. plugin_dir: of sudo's
 * settings, or NULL. */
struct policy_plugin *writ_delegate_load(const struct writ_arguments *arguments,
					 const char *plugin_dir, struct writ_error *err);

/* settings with plugin_path set to sudoers' own path, from the arena; NULL without memory. After
 * writ_delegate_load. */
char **writ_delegate_settings(struct writ_arena *arena, char *const settings[]);
