/* SPDX-License-Identifier: ISC */
#include "service.h"

#include "../unit/table.h"

#include <ftw.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cleanup.h"

const char *module;

FILE *new_service(const char *name)
{
	const char *folder = getenv("PAM_WRAPPER_SERVICE_DIR");
	char path[256];
	FILE *f;

	if (!folder)
		fail_msg("this test runs under pam_wrapper only");
	snprintf(path, sizeof(path), "%s/%s", folder, name);
	f = fopen(path, "we");
	if (!f)
		fail_msg("%s cannot be written", path);
	return f;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st, (void)type, (void)ftw;
	return remove(path);
}

void empty(const char *path)
{
	nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

const char *slurp(const char *path)
{
	static char text[65536];
	auto_fclose FILE *f = fopen(path, "re");
	size_t n = f ? fread(text, 1, sizeof(text) - 1, f) : 0;

	text[n] = '\0';
	return text;
}

unsigned count(const char *text, const char *part)
{
	unsigned n = 0;

	for (; (text = strstr(text, part)); text++)
		n++;
	return n;
}

void write_service(const char *name, const char *arguments, const char *second)
{
	FILE *f = new_service(name);

	for (const char *type = "auth\0account\0password\0"; *type; type += strlen(type) + 1)
		fprintf(f, "%s required pam_permit.so\n", type);
	fprintf(f, "session required %s %s\n", module, arguments);
	if (second)
		fprintf(f, "session required %s %s\n", module, second);
	fclose(f);
}

int converse(int n, const struct pam_message **messages, struct pam_response **responses,
	     void *data)
{
	unsigned *told = data;

	(void)messages;
	*responses = calloc((size_t)n, sizeof(**responses));
	*told += (unsigned)n;
	return PAM_SUCCESS;
}
