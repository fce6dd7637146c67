/* SPDX-License-Identifier: ISC */
/*
 * What writ's own plugins have recorded about the request at hand: they share one process, so the
 * audit plugin repeats nothing that a decision event says already, and an exit is recorded once.
 */
#pragma once

#include <stdbool.h>

/* A decision event was recorded by the plugin of that type (SUDO_POLICY_PLUGIN or
 * SUDO_APPROVAL_PLUGIN); sudo tells the audit plugins next. */
void writ_ledger_decided(const char *id, unsigned plugin_type);

/* The audit plugin is told of what a plugin of that type said: is it a decision that was recorded?
 * Answers once for each decision. */
bool writ_ledger_take(unsigned plugin_type);

/* The decision on the request at hand, if writ made it; "" if not. And which plugin did. */
const char *writ_ledger_decision(void);
unsigned writ_ledger_decider(void);

/* The request is over: sudo runs it now, or not at all. */
void writ_ledger_next(void);

/* The exit of the command was recorded, or need not be. */
void writ_ledger_ended(void);
bool writ_ledger_has_ended(void);

/* Whether the calls of writ_policy are sudoers' own, handed on. */
void writ_ledger_delegate(bool delegated);
bool writ_ledger_is_delegated(void);

/* Forgets all: sudo opens its plugins anew (tests do). */
void writ_ledger_reset(void);
