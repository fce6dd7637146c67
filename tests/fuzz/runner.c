/* SPDX-License-Identifier: ISC */
/*
 * Runs a fuzz target as an ordinary test: every file of the corpus folders named as arguments, and
 * every beginning and one-byte change of it. TAP: one test per file.
 */
#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "fuzz.h"

#define INPUT_MAX 65536

/* A copy of exactly size bytes on the heap, so that a sanitizer sees a read past its end. */
static void run_one(const uint8_t *data, size_t size)
{
	auto_free uint8_t *copy = malloc(size ? size : 1);

	if (!copy)
		abort();
	memcpy(copy, data, size);
	LLVMFuzzerTestOneInput(copy, size);
}

/* Inputs near the one in the file: cut short, and with bytes replaced by ones that parsers care
 * for. */
static void run_neighbours(uint8_t *data, size_t size)
{
	static const uint8_t odd[] = {0, '\n', '"', '\\', '/', '[', '(', 0x80, 0xff};

	for (size_t n = 0; n < size; n++)
		run_one(data, n);
	for (size_t i = 0; i < size; i++) {
		uint8_t was = data[i];

		for (size_t k = 0; k < sizeof(odd); k++) {
			data[i] = odd[k];
			run_one(data, size);
		}
		data[i] = was;
	}
}

static bool run_file(const char *path)
{
	static uint8_t data[INPUT_MAX];
	auto_fclose FILE *f = fopen(path, "rbe");
	size_t size;

	if (!f)
		return false;
	size = fread(data, 1, sizeof(data), f);
	if (ferror(f) || size == sizeof(data))
		return false;
	run_one(data, size);
	if (size <= 1024)
		run_neighbours(data, size);
	return true;
}

static int not_hidden(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

/* Runs every file of one folder; the number of files that could not be run, or -1. */
static int run_folder(const char *folder, int *count)
{
	struct dirent **entries;
	int failed = 0, n = scandir(folder, &entries, not_hidden, alphasort);

	if (n < 0) {
		printf("Bail out! %s: %s\n", folder, strerror(errno));
		return -1;
	}
	for (int i = 0; i < n; i++) {
		char path[4096];
		bool ok;

		snprintf(path, sizeof(path), "%s/%s", folder, entries[i]->d_name);
		ok = run_file(path);
		failed += !ok;
		printf("%s %d - %s\n", ok ? "ok" : "not ok", ++*count, entries[i]->d_name);
		fflush(stdout);
		free(entries[i]);
	}
	free(entries);
	return failed;
}

int main(int argc, char **argv)
{
	int count = 0, failed = 0;

	for (int i = 1; i < argc; i++) {
		int n = run_folder(argv[i], &count);

		if (n < 0)
			return 1;
		failed += n;
	}
	printf("1..%d\n", count);
	return failed || count == 0;
}
