/* SPDX-License-Identifier: ISC */
#include "central.h"

#include <link.h>
#include <string.h>
#include <unistd.h>

#include "arena.h"
#include "decide.h"
#include "decision.h"
#include "error.h"
#include "log.h"
#include "log_server.h"
#include "log_witness.h"
#include "plugin.h"
#include "policy.h"
#include "prepare.h"
#include "run.h"
#include "spool.h"
#include "strvec.h"
#include "text.h"

/* Of a reason, in bytes. */
#define REASON_MAX 2000

/* With a log server, in seconds, where the policy does not say: the caller waits as well. */
#define PATIENCE 5

static bool wants_tls(const struct writ_run *run)
{
	struct writ_log_server server;

	for (size_t i = 0; i < run->iolog.n_log_servers; i++)
		if (writ_log_server_parse(run->iolog.log_servers[i], &server) < 0 || server.tls)
			return true;
	return false;
}

/* Whether a loaded sudoers.so is one that was built without TLS: it knows no bundle of
 * certificates, takes "(tls)" for nothing but another port, and sends everything in the clear.
 * data: set to true then. */
static int look_for_tls(struct dl_phdr_info *info, size_t size, void *data)
{
	static const char key[] = "log_server_cabundle=";
	const char *name = info->dlpi_name ? strrchr(info->dlpi_name, '/') : NULL;

	(void)size;
	if (!name || strcmp(name, "/sudoers.so") != 0)
		return 0;
	for (int i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *part = &info->dlpi_phdr[i];

		if (part->p_type == PT_LOAD && part->p_flags & PF_R &&
		    memmem((const char *)info->dlpi_addr + part->p_vaddr, part->p_filesz, key,
			   strlen(key)))
			return 0;
	}
	*(bool *)data = true;
	return 1;
}

static int check_tls(struct writ_error *err)
{
	bool without = false;

	dl_iterate_phdr(look_for_tls, &without);
	if (without)
		return writ_error_set(err, "the policy wants TLS to the log server, and this sudo "
					   "was built without it");
	return 0;
}

/* A server that answers: its witness, or -1. */
static int find_server(const struct writ_run *run)
{
	unsigned seconds = run->iolog.server_timeout ? run->iolog.server_timeout : PATIENCE;
	int witness = -1;

	for (size_t i = 0; i < run->iolog.n_log_servers && witness < 0; i++) {
		const char *address = run->iolog.log_servers[i];
		struct writ_log_server server;

		if (writ_log_server_parse(address, &server) == 0)
			witness = writ_log_witness_call(&server, address, seconds, NULL);
	}
	return witness;
}

int writ_central_choose(const struct writ_run *run, struct writ_prepared *prepared,
			struct writ_error *err)
{
	bool tls = wants_tls(run);

	if (!run->iolog.n_log_servers)
		return 0;
	if (tls && check_tls(err) < 0)
		return -1;
	/* Of a command without an I/O log sudoers_io says nothing to any server. */
	if (!prepared->iolog.path)
		return 0;
	if (!run->iolog.required && !tls)
		prepared->witness = find_server(run);
	prepared->live = run->iolog.required || prepared->witness >= 0;
	return 0;
}

static void fill(struct writ_spool_item *item, const struct writ_plugin *plugin,
		 const struct writ_event *event, const struct writ_decision *decision)
{
	item->event = event->id;
	item->time = event->time;
	item->user = plugin->caller.user;
	item->host = plugin->caller.host;
	item->cwd = plugin->caller.cwd;
	item->tty = plugin->caller.tty;
	item->runas = decision->runas;
	item->runas_group = decision->runas_group;
	item->runas_uid = (uid_t)-1;
	item->program = decision->program;
	item->argv = decision->argv;
	item->argc = decision->argc;
}

void writ_central_accepted(const struct writ_plugin *plugin, const struct writ_decision *decision,
			   struct writ_prepared *prepared)
{
	struct writ_spool_item item = {.accepted = true, .run = decision->run};
	struct writ_error err = {0};

	if (!decision->run->iolog.n_log_servers || prepared->live)
		return;
	fill(&item, plugin, &prepared->event, decision);
	item.iolog = prepared->iolog.path;
	item.runas = prepared->target.user;
	item.runas_uid = prepared->target.uid;
	item.argv = prepared->argv;
	item.env = prepared->env;
	if (writ_spool_add(&item, &prepared->spool, &err) < 0)
		writ_log(LOG_ERR, "%s will not be sent to the log server: %s", prepared->event.id,
			 err.message);
}

void writ_central_drop(struct writ_prepared *prepared)
{
	int spool;

	if (prepared->witness >= 0)
		close(prepared->witness);
	prepared->witness = -1;
	if (prepared->spool < 0)
		return;
	spool = writ_spool_open(false, NULL);
	if (spool >= 0) {
		writ_spool_remove(spool, prepared->event.id, NULL);
		close(spool);
	}
	close(prepared->spool);
	prepared->spool = -1;
}

void writ_central_ended(struct writ_plugin *plugin, const struct writ_event_exit *exit)
{
	struct writ_error err = {0};

	if (plugin->command.witness >= 0) {
		if (!writ_log_witness_is_alive(plugin->command.witness))
			writ_log(LOG_ERR, "the log server ended before %s did: its log is cut off",
				 plugin->command.id);
		close(plugin->command.witness);
		plugin->command.witness = -1;
	}
	if (plugin->command.spool < 0)
		return;
	if (writ_spool_end(plugin->command.spool, exit, &err) < 0)
		writ_log(LOG_ERR, "how %s ended is not told to the log server: %s",
			 plugin->command.id, err.message);
	close(plugin->command.spool);
	plugin->command.spool = -1;
}

/* What the environment of a command says of its event, and why it was not run. What the subject is
 * not to know must not stand in a command line. */
static char **build_env(struct writ_arena *arena, const struct writ_event *event,
			const struct writ_decision *decision)
{
	struct writ_strvec vector;

	writ_strvec_init(&vector, arena);
	writ_strvec_addf(&vector, "WRIT_EVENT=%s", event->id);
	if (event->session)
		writ_strvec_addf(&vector, "WRIT_SESSION=%s", event->session);
	writ_strvec_addf(&vector, "WRIT_CODE=%s", writ_code_to_string(decision->code));
	if (decision->rule)
		writ_strvec_addf(&vector, "WRIT_RULE=%s", decision->rule);
	if (decision->nearest_rule)
		writ_strvec_addf(&vector, "WRIT_NEAREST=%s", decision->nearest_rule);
	if (decision->told != decision->reason) {
		const char *reason = writ_text_show(arena, decision->reason, REASON_MAX);

		writ_strvec_addf(&vector, "WRIT_REASON=%s", reason ? reason : "?");
	}
	return writ_strvec_take(&vector);
}

void writ_central_refused(struct writ_plugin *plugin, struct writ_arena *arena,
			  const struct writ_event *event, const struct writ_decision *decision)
{
	struct writ_spool_item item = {0};
	struct writ_error err = {0};

	if (writ_plugin_need_policy(plugin) < 0)
		return;
	item.run = writ_policy_defaults(plugin->policy);
	if (!item.run->iolog.n_log_servers)
		return;
	fill(&item, plugin, event, decision);
	if (!item.runas)
		item.runas = plugin->asked.runas_user ? plugin->asked.runas_user
						      : item.run->runas_users[0];
	item.reason = writ_text_show(arena, decision->told, REASON_MAX);
	item.env = build_env(arena, event, decision);
	if (!item.reason || !item.env)
		writ_error_set(&err, "no memory");
	else if (writ_spool_add(&item, NULL, &err) == 0)
		return;
	writ_log(LOG_ERR, "%s will not be sent to the log server: %s", event->id, err.message);
}
