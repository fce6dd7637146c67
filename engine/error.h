/* SPDX-License-Identifier: ISC */
/*
 * What went wrong, and where: a fixed-size record that engine functions fill and adapters translate
 * once (sudo's errstr and syslog, PAM codes, the CLI's stderr). Filling one allocates nothing, so
 * it also works when memory is what ran out.
 */
#pragma once

struct writ_error {
	char file[256];    /* the policy or command file, "" if none */
	int line;          /* 1-based, 0 if unknown */
	char path[256];    /* JSON path, "$.rules[3].options.timeout", "" if none */
	char message[512]; /* one sentence without a final stop, printable text only */
};

/* Sets the message; file, line and path stay as they are. Always returns -1; NULL err is fine. */
int writ_error_set(struct writ_error *err, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* As writ_error_set, followed by ": " and strerror(errnum). */
int writ_error_errno(struct writ_error *err, int errnum, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* The error as one line, "FILE:LINE: $.path: message" with absent parts left out.
 * Always terminates; returns out. */
const char *writ_error_string(const struct writ_error *err, char *out, unsigned long size);
