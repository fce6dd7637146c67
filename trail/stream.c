/* SPDX-License-Identifier: ISC */
#include "stream.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "cleanup.h"

#define INPUT_SIZE 32768
/* zlib: the largest window, and a gzip header is demanded. */
#define GZIP_WINDOW (15 + 16)

struct writ_stream {
	int fd;
	bool gzip;
	bool ended;    /* nothing more will come */
	bool member;   /* within the gzip data of a member */
	bool unpacked; /* at least one member has been read to its end */
	const char *fault;
	z_stream z;
	unsigned char input[INPUT_SIZE];
};

int writ_stream_openat(int folder, const char *name)
{
	struct stat st;
	auto_close int fd = -1;

	/* Looked at first: to open a device may do something. */
	if (fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return -1;
	if (S_ISREG(st.st_mode))
		fd = openat(folder, name,
			    O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	else
		errno = ENOTSUP;
	if (fd < 0 || fstat(fd, &st) < 0)
		return -1;
	if (!S_ISREG(st.st_mode)) {
		errno = ENOTSUP;
		return -1;
	}
	return TAKE_FD(fd);
}

bool writ_stream_is_gzip(int fd)
{
	unsigned char magic[2];

	return pread(fd, magic, sizeof(magic), 0) == sizeof(magic) && magic[0] == 0x1f &&
	       magic[1] == 0x8b;
}

struct writ_stream *writ_stream_new(int fd, bool gzip)
{
	struct writ_stream *stream = calloc(1, sizeof(*stream));

	if (!stream) {
		close(fd);
		return NULL;
	}
	stream->fd = fd;
	stream->gzip = gzip;
	if (gzip && inflateInit2(&stream->z, GZIP_WINDOW) != Z_OK) {
		close(fd);
		free(stream);
		return NULL;
	}
	return stream;
}

void writ_stream_free(struct writ_stream *stream)
{
	if (!stream)
		return;
	if (stream->gzip)
		inflateEnd(&stream->z);
	close(stream->fd);
	free(stream);
}

static void end(struct writ_stream *stream, const char *fault)
{
	stream->ended = true;
	stream->fault = fault;
}

static size_t read_file(struct writ_stream *stream, void *buffer, size_t size)
{
	ssize_t n;

	do
		n = read(stream->fd, buffer, size < SSIZE_MAX ? size : SSIZE_MAX);
	while (n < 0 && errno == EINTR);
	if (n > 0)
		return (size_t)n;
	end(stream, n < 0 ? "cannot be read" : NULL);
	return 0;
}

/* More packed bytes; false at the end of the file, which is the right place only between members.
 */
static bool feed(struct writ_stream *stream)
{
	if (stream->z.avail_in > 0)
		return true;
	stream->z.next_in = stream->input;
	stream->z.avail_in = (uInt)read_file(stream, stream->input, sizeof(stream->input));
	if (stream->z.avail_in > 0)
		return true;
	if (!stream->fault && stream->member)
		stream->fault = "ends in the middle of its gzip data";
	return false;
}

/* At the end of a member: another may follow, or what gzip(1) calls trailing garbage. */
static void next_member(struct writ_stream *stream)
{
	stream->member = false;
	stream->unpacked = true;
	if (inflateReset(&stream->z) != Z_OK)
		end(stream, "cannot be unpacked further");
}

static size_t unpack(struct writ_stream *stream, void *buffer, size_t size)
{
	uInt wanted = size < UINT_MAX ? (uInt)size : UINT_MAX;

	stream->z.next_out = buffer;
	stream->z.avail_out = wanted;
	while (stream->z.avail_out == wanted && !stream->ended && feed(stream)) {
		bool first = !stream->member;
		int status;

		stream->member = true;
		status = inflate(&stream->z, Z_NO_FLUSH);
		if (status == Z_STREAM_END)
			next_member(stream);
		else if (status == Z_DATA_ERROR && first && stream->unpacked)
			end(stream, "has other bytes after its gzip data");
		else if (status != Z_OK && status != Z_BUF_ERROR)
			end(stream, "holds damaged gzip data");
	}
	return wanted - stream->z.avail_out;
}

size_t writ_stream_read(struct writ_stream *stream, void *buffer, size_t size)
{
	if (stream->ended || size == 0)
		return 0;
	return stream->gzip ? unpack(stream, buffer, size) : read_file(stream, buffer, size);
}

uint64_t writ_stream_skip(struct writ_stream *stream, uint64_t count)
{
	uint64_t done = 0;
	char waste[8192];

	while (done < count) {
		size_t want = count - done < sizeof(waste) ? count - done : sizeof(waste);
		size_t n = writ_stream_read(stream, waste, want);

		if (n == 0)
			break;
		done += n;
	}
	return done;
}

const char *writ_stream_fault(const struct writ_stream *stream)
{
	return stream->fault;
}
