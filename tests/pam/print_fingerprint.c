/* SPDX-License-Identifier: ISC */
/*
 * print_fingerprint: for each line of standard input, a key as in authorized_keys, a line of what
 * pam_writ would record: type, fingerprint, and of a certificate its serial and key id; or "error:
 * " and why.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "error.h"
#include "fingerprint.h"

int main(void)
{
	auto_free char *line = NULL;
	size_t size = 0;

	while (getline(&line, &size, stdin) > 0) {
		struct writ_fingerprint fingerprint;
		struct writ_error err = {0};

		line[strcspn(line, "\n")] = '\0';
		if (writ_fingerprint_make(line, strlen(line), &fingerprint, &err) < 0)
			printf("error: %s\n", err.message);
		else if (fingerprint.certificate)
			printf("%s %s %" PRIu64 " %s\n", fingerprint.type, fingerprint.text,
			       fingerprint.serial, fingerprint.key_id);
		else
			printf("%s %s\n", fingerprint.type, fingerprint.text);
	}
	return 0;
}
