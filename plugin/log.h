/* SPDX-License-Identifier: ISC */
/*
 * The system log, facility authpriv: what the administrator reads. One line a message.
 */
#pragma once

#include <syslog.h>

/* priority: LOG_NOTICE and so on. Control characters that are left in the text become '?'. */
void writ_log(int priority, const char *format, ...) __attribute__((format(printf, 2, 3)));
