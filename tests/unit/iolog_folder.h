/* SPDX-License-Identifier: ISC */
/* I/O logs made for tests: a folder below a temporary one, file by file. Include table.h first. */
#pragma once

#include <fcntl.h>
#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

struct log_file {
	const char *name;
	const char *content;
	/* p plain; r plain and read-only; z gzip; t gzip without its last 8 bytes (checksum and
	 * length); 2 gzip in two members; g gzip and garbage after it; l a link to content; f a
	 * pipe; d a folder */
	char how;
	size_t length; /* 0: of the string */
};

static char log_top[] = "/tmp/writ-iolog-XXXXXX";

static inline int log_setup(void **state)
{
	(void)state;
	return mkdtemp(log_top) ? 0 : -1;
}

static inline int log_remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st, (void)type, (void)ftw;
	return remove(path);
}

static inline int log_teardown(void **state)
{
	(void)state;
	return nftw(log_top, log_remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static inline void log_write(const char *path, const char *bytes, size_t n, int flags)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | flags, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, n), n);
	close(fd);
}

/* One member of gzip data, appended. */
static inline void log_pack(const char *path, const char *bytes, size_t n)
{
	gzFile file = gzopen(path, "a");

	assert_non_null(file);
	assert_int_equal(gzwrite(file, bytes, (unsigned)n), n);
	assert_int_equal(gzclose(file), Z_OK);
}

static inline void log_file_make(const char *folder, const struct log_file *file)
{
	size_t n = file->length ? file->length : file->content ? strlen(file->content) : 0;
	char path[200];
	struct stat st;

	snprintf(path, sizeof(path), "%s/%s", folder, file->name);
	switch (file->how) {
	case 'l':
		assert_int_equal(symlink(file->content, path), 0);
		return;
	case 'f':
		assert_int_equal(mkfifo(path, 0600), 0);
		return;
	case 'd':
		assert_int_equal(mkdir(path, 0700), 0);
		return;
	case 'p':
	case 'r':
		log_write(path, file->content, n, O_TRUNC);
		if (file->how == 'r')
			assert_int_equal(chmod(path, 0400), 0);
		return;
	case '2':
		log_pack(path, file->content, n / 2);
		log_pack(path, file->content + n / 2, n - n / 2);
		return;
	default:
		log_pack(path, file->content, n);
		break;
	}
	if (file->how == 't') {
		assert_int_equal(stat(path, &st), 0);
		assert_int_equal(truncate(path, st.st_size - 8), 0);
	}
	if (file->how == 'g')
		log_write(path, "garbage", 7, O_APPEND);
}

/* Makes the folder log_top/name (of one part or several) with these files, up to one without name.
 */
static inline void log_make(const char *name, const struct log_file *files)
{
	char path[200];

	snprintf(path, sizeof(path), "%s/%s", log_top, name);
	for (char *c = path + strlen(log_top) + 1; *c; c++)
		if (*c == '/') {
			*c = '\0';
			(void)!mkdir(path, 0700);
			*c = '/';
		}
	assert_int_equal(mkdir(path, 0700), 0);
	for (; files->name; files++)
		log_file_make(path, files);
}
