/* SPDX-License-Identifier: ISC */
#include "executable.h"

#include <errno.h>
#include <fcntl.h>
#include <nettle/base16.h>
#include <nettle/sha2.h>
#include <string.h>
#include <sys/stat.h>

#include "cleanup.h"
#include "error.h"
#include "file.h"
#include "preloadable.h"

/* As far as the kernel reads to find out what a file is (BINPRM_BUF_SIZE). */
#define HEAD_SIZE 256
/* A script's interpreter may be a script; the kernel gives up after five (fs/exec.c). */
#define INTERPRETERS_MAX 4

enum kind { KIND_OTHER, KIND_ELF, KIND_SCRIPT };

/* Somebody else's program, for a target that is not root: opened so that nothing odd can block. */
static int open_any(const char *path, struct writ_error *err)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);

	return fd >= 0 ? fd : writ_error_errno(err, errno, "%s", path);
}

/* What the file is, by its first bytes. head is NUL-terminated. */
static enum kind read_head(int fd, char head[HEAD_SIZE + 1])
{
	ssize_t n = pread(fd, head, HEAD_SIZE, 0);

	head[n > 0 ? n : 0] = '\0';
	if (n >= 4 && memcmp(head,
			     "\x7f"
			     "ELF",
			     4) == 0)
		return KIND_ELF;
	return n >= 2 && memcmp(head, "#!", 2) == 0 ? KIND_SCRIPT : KIND_OTHER;
}

/* The interpreter's path out of "#!  /bin/sh -e\n", in place. NULL: none, or longer than is read.
 */
static const char *interpreter_of(char head[HEAD_SIZE + 1])
{
	char *path = head + 2 + strspn(head + 2, " \t");
	size_t length = strcspn(path, " \t\n");

	if (*path != '/' || !path[length])
		return NULL;
	path[length] = '\0';
	return path;
}

static int check_preload(int fd, const char *path, struct writ_error *err)
{
	if (writ_preloadable_is(fd))
		return 0;
	return writ_error_set(
		err, "noexec has no effect on %s: it is linked statically, or privileged", path);
}

/* head is of a script; whoever could change its interpreter could change what runs. */
static int check_interpreters(const struct writ_executable *executable, char head[HEAD_SIZE + 1],
			      struct writ_error *err)
{
	const char *script = executable->path;

	for (int i = 0; i < INTERPRETERS_MAX; i++) {
		const char *path = interpreter_of(head);
		auto_close int fd = -1;

		if (!path)
			return writ_error_set(err, "the script %s names no interpreter", script);
		fd = writ_file_open_trusted(path, err);
		if (fd < 0)
			return -1;
		switch (read_head(fd, head)) {
		case KIND_ELF:
			return executable->preload ? check_preload(fd, path, err) : 0;
		case KIND_SCRIPT:
			break;
		case KIND_OTHER:
			return writ_error_set(err, "the interpreter of %s is no program", script);
		}
	}
	return writ_error_set(err, "the script %s has too many interpreters", script);
}

static int check_digest(int fd, const struct writ_executable *executable, struct writ_error *err)
{
	uint8_t bytes[SHA256_DIGEST_SIZE], buffer[64 * 1024];
	char text[BASE16_ENCODE_LENGTH(SHA256_DIGEST_SIZE)];
	struct sha256_ctx sha;
	off_t at = 0;
	ssize_t n;

	sha256_init(&sha);
	while ((n = pread(fd, buffer, sizeof(buffer), at)) > 0) {
		sha256_update(&sha, (size_t)n, buffer);
		at += n;
	}
	if (n < 0)
		return writ_error_errno(err, errno, "%s", executable->path);
	sha256_digest(&sha, sizeof(bytes), bytes);
	base16_encode_update(text, sizeof(bytes), bytes);
	if (strlen(executable->sha256) != sizeof(text) ||
	    memcmp(executable->sha256, text, sizeof(text)) != 0)
		return writ_error_set(err, "%s is not the file whose sha256 the rule names",
				      executable->path);
	return 0;
}

int writ_executable_open(struct writ_executable *executable, struct writ_error *err)
{
	/* A digest is worth nothing on a file that can change after it was read. */
	bool trusted = executable->for_root || executable->sha256 || executable->by_path;
	char head[HEAD_SIZE + 1];
	auto_close int fd = -1;
	struct stat st;
	enum kind kind;

	executable->fd = -1;
	fd = trusted ? writ_file_open_trusted(executable->path, err)
		     : open_any(executable->path, err);
	if (fd < 0)
		return -1;
	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) || !(st.st_mode & 0111))
		return writ_error_set(err, "%s is no executable file", executable->path);
	if (executable->sha256 && check_digest(fd, executable, err) < 0)
		return -1;
	kind = read_head(fd, head);
	if (kind == KIND_OTHER)
		return writ_error_set(err, "%s is neither an ELF program nor a script",
				      executable->path);
	if (kind == KIND_ELF) {
		if (executable->preload && check_preload(fd, executable->path, err) < 0)
			return -1;
		if (!executable->by_path)
			executable->fd = TAKE_FD(fd);
		return 0;
	}
	if (!trusted) {
		auto_close int again = writ_file_open_trusted(executable->path, err);

		if (again < 0)
			return -1;
	}
	return check_interpreters(executable, head, err);
}
