/* SPDX-License-Identifier: ISC */
#include "admit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "decide.h"
#include "pam.h"
#include "plugin.h"
#include "run.h"

/* The text that one of the escapes of -p stands for, as in sudo(8); NULL: it is none. */
static const char *escaped(const struct writ_plugin *plugin, char c, const char *target)
{
	switch (c) {
	case 'H':
	case 'h':
		return plugin->caller.host ? plugin->caller.host : "";
	case 'p':
	case 'u':
		return plugin->caller.user;
	case 'U':
		return target ? target : "";
	case '%':
		return "%";
	default:
		return NULL;
	}
}

/* What the caller is asked with; NULL without memory. */
static const char *make_prompt(const struct writ_plugin *plugin, const char *target)
{
	const char *from = plugin->asked.prompt ? plugin->asked.prompt : "[sudo] password for %p: ";
	char *prompt = NULL;
	const char *ret;
	size_t size;
	FILE *out = open_memstream(&prompt, &size);

	if (!out)
		return NULL;
	for (const char *c = from; *c; c++) {
		const char *text = *c == '%' ? escaped(plugin, c[1], target) : NULL;

		if (!text) {
			fputc(*c, out);
			continue;
		}
		c++;
		fprintf(out, "%.*s", (int)strcspn(text, *c == 'h' ? "." : ""), text);
	}
	ret = fclose(out) == 0 ? writ_arena_strdup(plugin->arena, prompt) : NULL;
	free(prompt);
	return ret;
}

static int begin(struct writ_plugin *plugin, const char *target, struct writ_error *err)
{
	const struct writ_pam_caller caller = {
		.user = plugin->caller.user,
		.tty = plugin->caller.tty,
		.prompt = make_prompt(plugin, target),
		.noninteractive = plugin->asked.noninteractive,
		.conversation = plugin->conversation,
	};

	if (!caller.prompt)
		return writ_error_set(err, "no memory");
	if (!plugin->pam)
		plugin->pam = writ_pam_begin(&caller, err);
	return plugin->pam ? 0 : -1;
}

static void turn_down(struct writ_arena *arena, struct writ_decision *decision,
		      const struct writ_error *err, const char *told)
{
	const char *reason = writ_arena_strdup(arena, err->message);

	writ_plugin_turn_down(decision, WRIT_CODE_POLICY_ERROR, reason ? reason : "out of memory",
			      told);
}

bool writ_plugin_admit(struct writ_plugin *plugin, struct writ_arena *arena,
		       struct writ_decision *decision)
{
	bool password = decision->run && decision->run->authenticate;
	struct writ_error err = {0};

	if (begin(plugin, decision->runas, &err) < 0) {
		turn_down(arena, decision, &err, WRIT_TOLD_CONFIGURATION);
		return false;
	}
	if (writ_pam_account(plugin->pam, password, &err) < 0) {
		turn_down(arena, decision, &err, NULL);
		return false;
	}
	return true;
}

bool writ_plugin_authenticate(struct writ_plugin *plugin, struct writ_arena *arena,
			      struct writ_decision *decision)
{
	const char *rule = decision->rule;
	struct writ_error err = {0};

	if (writ_pam_authenticate(plugin->pam, &err) == 0)
		return true;
	turn_down(arena, decision, &err, NULL);
	decision->code = WRIT_CODE_RULE;
	decision->rule = rule;
	return false;
}
