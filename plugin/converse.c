/* SPDX-License-Identifier: ISC */
#include "converse.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Seconds that a question waits for its answer, as sudoers' passwd_timeout. */
#define PATIENCE 300

/* The question of nearly every module, which says neither who asks nor whose password. */
static bool is_plain(const char *question)
{
	return strcmp(question, "Password: ") == 0 || strcmp(question, "Password:") == 0;
}

static void forget(char *answer)
{
	if (answer)
		explicit_bzero(answer, strlen(answer));
	free(answer);
}

static int ask(struct writ_converse *converse, const struct pam_message *message, char **ret)
{
	bool echo = message->msg_style == PAM_PROMPT_ECHO_ON;
	const struct sudo_conv_message question = {
		.msg_type = echo ? SUDO_CONV_PROMPT_ECHO_ON : SUDO_CONV_PROMPT_ECHO_OFF,
		.timeout = PATIENCE,
		.msg = !echo && is_plain(message->msg) ? converse->prompt : message->msg,
	};
	struct sudo_conv_reply reply = {0};

	/* Not again after one that was cut off: modules repeat themselves. */
	if (!converse->asking || converse->noninteractive || converse->unanswered ||
	    converse->conversation(1, &question, &reply, NULL) != 0 || !reply.reply) {
		converse->unanswered = true;
		return -1;
	}
	if (strlen(reply.reply) >= PAM_MAX_RESP_SIZE) {
		forget(reply.reply);
		return -1;
	}
	*ret = reply.reply;
	return 0;
}

static void tell(struct writ_converse *converse, const struct pam_message *message)
{
	int to = message->msg_style == PAM_ERROR_MSG ? SUDO_CONV_ERROR_MSG : SUDO_CONV_INFO_MSG;
	const struct sudo_conv_message parts[] = {
		{.msg_type = to | SUDO_CONV_PREFER_TTY, .msg = message->msg},
		{.msg_type = to | SUDO_CONV_PREFER_TTY, .msg = "\n"},
	};

	if (!message->msg)
		return;
	if (converse->asking)
		converse->conversation(2, parts, NULL, NULL);
	else
		snprintf(converse->remark, sizeof(converse->remark), "%s", message->msg);
}

static int answer(struct writ_converse *converse, const struct pam_message *message, char **ret)
{
	switch (message->msg_style) {
	case PAM_PROMPT_ECHO_OFF:
	case PAM_PROMPT_ECHO_ON:
		return message->msg ? ask(converse, message, ret) : -1;
	case PAM_ERROR_MSG:
	case PAM_TEXT_INFO:
		tell(converse, message);
		return 0;
	default:
		return -1;
	}
}

static int answer_all(int n, const struct pam_message **messages, struct pam_response **ret,
		      void *data)
{
	struct pam_response *replies;

	if (n <= 0 || n > PAM_MAX_NUM_MSG)
		return PAM_CONV_ERR;
	replies = calloc((size_t)n, sizeof(*replies));
	if (!replies)
		return PAM_BUF_ERR;
	for (int i = 0; i < n; i++) {
		if (answer(data, messages[i], &replies[i].resp) == 0)
			continue;
		while (i-- > 0)
			forget(replies[i].resp);
		free(replies);
		return PAM_CONV_ERR;
	}
	*ret = replies;
	return PAM_SUCCESS;
}

int writ_converse(int n, const struct pam_message **messages, struct pam_response **ret, void *data)
{
	struct writ_converse *converse = data;
	char **outside = environ;
	int status;

	environ = converse->environment;
	status = answer_all(n, messages, ret, converse);
	environ = outside;
	return status;
}
