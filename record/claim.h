/* SPDX-License-Identifier: ISC */
/*
 * Claims: what a caller may say about itself, to join a request to its own trace. Believed by
 * nobody.
 */
#pragma once

#include <stdbool.h>

struct writ_json_writer;

/* 1 to 128 printable characters of UTF-8 (512 bytes at most), none of them a control character. */
bool writ_claim_is_task(const char *text);

/* A traceparent header of W3C Trace Context (https://www.w3.org/TR/trace-context/), version 00. */
bool writ_claim_is_traceparent(const char *text);

/* Adds the member "claims" with those given that are well-formed; either may be NULL. */
void writ_claims_add(struct writ_json_writer *writer, const char *task, const char *traceparent);
