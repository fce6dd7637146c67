/* SPDX-License-Identifier: ISC */
/*
 * check_policy for a subject: decide, get everything ready, record, and only then tell sudo to run
 * it.
 */
#include <string.h>
#include <unistd.h>

#include "account.h"
#include "admit.h"
#include "arena.h"
#include "central.h"
#include "cleanup.h"
#include "command_info.h"
#include "decide.h"
#include "ledger.h"
#include "log.h"
#include "plugin.h"
#include "prepare.h"
#include "refuse.h"
#include "run.h"
#include "start_folder.h"

static int refuse(const struct writ_plugin *plugin, struct writ_arena *arena,
		  const struct writ_decision *decision, char **command_info[], const char **errstr)
{
	char **info = writ_command_info_refused(decision, plugin->arena);

	writ_refuse_say(plugin->print, arena, decision,
			writ_refuse_wants_json(plugin->environment));
	if (command_info && info)
		*command_info = info;
	if (errstr)
		*errstr = writ_arena_strdup(plugin->arena, decision->reason);
	return 0;
}

/* The command that sudo was told to run, as close will need it. */
static void remember(struct writ_plugin *plugin, const struct writ_decision *decision,
		     struct writ_prepared *prepared)
{
	plugin->command.allowed = true;
	plugin->command.run = decision->run;
	plugin->command.rule = decision->rule;
	plugin->command.runas = prepared->target.user;
	plugin->command.program = writ_arena_strdup(plugin->arena, decision->program);
	plugin->command.fd = TAKE_FD(prepared->executable.fd);
	plugin->command.folder = TAKE_FD(prepared->folder);
	plugin->command.spool = TAKE_FD(prepared->spool);
	plugin->command.witness = TAKE_FD(prepared->witness);
	for (size_t i = 0; i < decision->n_pins; i++)
		plugin->command.pins[i] = decision->pins[i].fd;
	plugin->command.n_pins = decision->n_pins;
	memcpy(plugin->command.id, prepared->event.id, sizeof(plugin->command.id));
	clock_gettime(CLOCK_MONOTONIC, &plugin->command.since);
}

/* What was asked, as sudo handed it over. */
struct question {
	char *const *argv, *const *env_add;
};

/* The decision; where sudo -D was asked for, on the folder that the command will start in. */
static void decide_once(struct writ_plugin *plugin, struct writ_arena *arena,
			const struct question *question, struct writ_prepared *prepared,
			struct writ_decision *decision)
{
	struct writ_error err = {0};

	writ_plugin_decide(plugin, arena, question->argv, question->env_add, decision);
	if (decision->verdict != WRIT_VERDICT_ALLOW || plugin->command.allowed ||
	    !plugin->asked.chdir)
		return;
	writ_pins_close(decision);
	if (prepared->folder >= 0)
		close(prepared->folder);
	prepared->folder = writ_start_folder_open(plugin->asked.chdir, plugin->arena,
						  &plugin->asked.chdir, &err);
	if (prepared->folder < 0)
		writ_plugin_turn_down(decision, WRIT_CODE_OPTION_OF_SUDO,
				      "the directory asked for (sudo -D) cannot be opened",
				      WRIT_TOLD_FOLDER);
	else
		writ_plugin_decide(plugin, arena, question->argv, question->env_add, decision);
}

/* The decision, with PAM's consent to it. */
static void decide(struct writ_plugin *plugin, struct writ_arena *arena,
		   const struct question *question, struct writ_prepared *prepared,
		   struct writ_decision *decision)
{
	decide_once(plugin, arena, question, prepared, decision);
	/* A child runs in the session of the command that starts it. */
	if (decision->verdict != WRIT_VERDICT_ALLOW || plugin->command.allowed ||
	    !writ_plugin_admit(plugin, arena, decision) || !decision->run->authenticate)
		return;
	/* The caller takes its time to answer, and may use it: what counts is what is there then.
	 */
	writ_pins_close(decision);
	if (writ_plugin_authenticate(plugin, arena, decision))
		decide_once(plugin, arena, question, prepared, decision);
}

static int check(struct writ_plugin *plugin, struct writ_arena *arena, char *const argv[],
		 char *const env_add[], struct writ_prepared *prepared,
		 struct writ_decision *decision)
{
	struct writ_error err = {0};

	writ_plugin_event(plugin, &prepared->event);
	if (writ_event_init(&prepared->event, &err) < 0) {
		writ_log(LOG_ERR, "a decision cannot be made: %s", err.message);
		return -1;
	}
	decide(plugin, arena, &(struct question) {argv, env_add}, prepared, decision);
	if (decision->verdict == WRIT_VERDICT_ALLOW)
		writ_plugin_prepare(plugin, arena, decision, prepared, env_add);
	if (decision->verdict == WRIT_VERDICT_ALLOW && !plugin->command.allowed)
		writ_central_accepted(plugin, decision, prepared);
	writ_plugin_record(plugin, arena, &prepared->event, decision,
			   prepared->live ? NULL : prepared->iolog.tsid);
	if (decision->verdict != WRIT_VERDICT_ALLOW) {
		writ_central_drop(prepared);
		writ_central_refused(plugin, arena, &prepared->event, decision);
	}
	return 0;
}

int writ_plugin_check(struct writ_plugin *plugin, char *const argv[], char *const env_add[],
		      char **command_info[], char **argv_out[], char **user_env_out[],
		      const char **errstr)
{
	struct writ_arena *arena = writ_arena_new();
	struct writ_prepared prepared = {
		.executable.fd = -1, .folder = -1, .spool = -1, .witness = -1};
	struct writ_decision decision = {0};
	int ret = -1;

	if (!arena || check(plugin, arena, argv, env_add, &prepared, &decision) < 0) {
		plugin->print(SUDO_CONV_ERROR_MSG, "writ: refused: no decision can be made\n");
	} else if (decision.verdict != WRIT_VERDICT_ALLOW) {
		ret = refuse(plugin, arena, &decision, command_info, errstr);
	} else {
		*command_info = prepared.command_info;
		*argv_out = prepared.argv;
		*user_env_out = prepared.env;
		if (!plugin->command.allowed)
			remember(plugin, &decision, &prepared);
		ret = 1;
	}
	if (ret != 1)
		writ_pins_close(&decision);
	if (prepared.executable.fd >= 0)
		close(prepared.executable.fd);
	if (prepared.folder >= 0)
		close(prepared.folder);
	writ_arena_free(arena);
	return ret;
}

/* Records the end of the command, once. */
static void end(struct writ_plugin *plugin, struct writ_event_exit *exit)
{
	struct writ_error err = {0};
	struct writ_event event;
	struct timespec now;

	plugin->command.ended = true;
	writ_ledger_ended();
	while (plugin->command.n_pins > 0)
		close(plugin->command.pins[--plugin->command.n_pins]);
	clock_gettime(CLOCK_MONOTONIC, &now);
	exit->decision = plugin->command.id;
	exit->microseconds = (now.tv_sec - plugin->command.since.tv_sec) * (int64_t)1000000 +
			     (now.tv_nsec - plugin->command.since.tv_nsec) / 1000;
	writ_central_ended(plugin, exit);
	writ_plugin_event(plugin, &event);
	if (writ_event_init(&event, &err) < 0 || writ_event_record_exit(&event, exit, &err) < 0)
		writ_log(LOG_ERR, "the end of %s is not recorded: %s", plugin->command.id,
			 err.message);
}

void writ_plugin_ended(struct writ_plugin *plugin, int wait_status, int error)
{
	struct writ_event_exit exit = {
		.started = error == 0,
		.status = wait_status,
		.error = error,
	};

	if (!plugin->command.allowed || plugin->command.ended)
		return;
	/* Of a failed execution nobody else tells the caller. */
	if (error)
		plugin->print(SUDO_CONV_ERROR_MSG, "writ: cannot run %s: %s\n",
			      plugin->command.program, strerrordesc_np(error));
	end(plugin, &exit);
}

void writ_plugin_abandoned(struct writ_plugin *plugin)
{
	struct writ_event_exit exit = {.why = "sudo gave up without saying how the command ended"};

	if (plugin->command.allowed && !plugin->command.ended)
		end(plugin, &exit);
}

void writ_plugin_not_started(struct writ_plugin *plugin, const struct writ_error *why)
{
	struct writ_event_exit exit = {.why = why->message};

	plugin->print(SUDO_CONV_ERROR_MSG, "writ: cannot start the command: %s\n", why->message);
	writ_log(LOG_ERR, "cannot start the command: %s", why->message);
	if (plugin->command.allowed && !plugin->command.ended)
		end(plugin, &exit);
}
