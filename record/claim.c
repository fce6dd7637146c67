/* SPDX-License-Identifier: ISC */
#include "claim.h"

#include <stddef.h>
#include <string.h>

#include "json_write.h"
#include "text.h"

#define TASK_CHARACTERS 128
#define TASK_BYTES 512

bool writ_claim_is_task(const char *text)
{
	size_t length = strnlen(text, TASK_BYTES + 1), characters = 0;

	if (length == 0 || length > TASK_BYTES || writ_text_scan(text, length) != 0)
		return false;
	for (size_t i = 0; i < length; i++)
		characters += ((unsigned char)text[i] & 0xc0) != 0x80;
	return characters <= TASK_CHARACTERS;
}

/* length lower-case hexadecimal digits, not all of them zero unless that is fine */
static bool is_hex(const char *s, size_t length, bool zero)
{
	return strspn(s, "0123456789abcdef") >= length && (zero || strspn(s, "0") < length);
}

bool writ_claim_is_traceparent(const char *text)
{
	/* "00-" TRACE-ID "-" PARENT-ID "-" FLAGS */
	return strnlen(text, 56) == 55 && strncmp(text, "00-", 3) == 0 &&
	       is_hex(text + 3, 32, false) && text[35] == '-' && is_hex(text + 36, 16, false) &&
	       text[52] == '-' && is_hex(text + 53, 2, true);
}

void writ_claims_add(struct writ_json_writer *writer, const char *task, const char *traceparent)
{
	writ_json_object_begin(writer, "claims");
	if (task && writ_claim_is_task(task))
		writ_json_add_string(writer, "WRIT_TASK", task);
	if (traceparent && writ_claim_is_traceparent(traceparent))
		writ_json_add_string(writer, "TRACEPARENT", traceparent);
	writ_json_object_end(writer);
}
