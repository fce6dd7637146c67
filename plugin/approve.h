/* SPDX-License-Identifier: ISC */
#pragma once

struct writ_accepted;
struct writ_plugin;

/* sudo's check of an approval plugin for a subject: 1 agreed, 0 refused (and said so), -1 if
 * nothing can be decided. errstr lives as long as the plugin. */
int writ_plugin_approve(struct writ_plugin *plugin, const struct writ_accepted *accepted,
			const char **errstr);
