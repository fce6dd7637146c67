/* SPDX-License-Identifier: ISC */
#include "ledger.h"

#include <string.h>

#include "event.h"

static struct {
	char decision[WRIT_EVENT_ID_SIZE]; /* on the request at hand; "": writ made none */
	unsigned decider;                  /* the type of the plugin that made it; 0: none */
	bool untold;                       /* the audit plugin was not told of it yet */
	bool ended, delegated;
} ledger;

void writ_ledger_decided(const char *id, unsigned plugin_type)
{
	strncpy(ledger.decision, id, sizeof(ledger.decision) - 1);
	ledger.decider = plugin_type;
	ledger.untold = true;
}

bool writ_ledger_take(unsigned plugin_type)
{
	if (!ledger.untold || ledger.decider != plugin_type)
		return false;
	ledger.untold = false;
	return true;
}

const char *writ_ledger_decision(void)
{
	return ledger.decision;
}

unsigned writ_ledger_decider(void)
{
	return ledger.decider;
}

void writ_ledger_next(void)
{
	ledger.decider = 0;
	ledger.untold = false;
	*ledger.decision = '\0';
}

void writ_ledger_ended(void)
{
	ledger.ended = true;
}

bool writ_ledger_has_ended(void)
{
	return ledger.ended;
}

void writ_ledger_delegate(bool delegated)
{
	ledger.delegated = delegated;
}

bool writ_ledger_is_delegated(void)
{
	return ledger.delegated;
}

void writ_ledger_reset(void)
{
	memset(&ledger, 0, sizeof(ledger));
}
