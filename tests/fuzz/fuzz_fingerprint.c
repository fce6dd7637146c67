/* SPDX-License-Identifier: ISC */
/*
 * record/fingerprint.c: a key as in authorized_keys is refused, or gives a type, a fingerprint and
 * a key id that end where they should.
 */
#include <stdlib.h>
#include <string.h>

#include "fingerprint.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct writ_fingerprint got;

	if (writ_fingerprint_make((const char *)data, size, &got, NULL) < 0)
		return 0;
	if (strlen(got.text) != WRIT_FINGERPRINT_SIZE - 1 || strncmp(got.text, "SHA256:", 7) != 0 ||
	    !*got.type || strlen(got.type) >= sizeof(got.type) ||
	    strlen(got.key_id) >= sizeof(got.key_id) || (!got.certificate && *got.key_id))
		abort();
	return 0;
}
