/* SPDX-License-Identifier: ISC */
#include "path_resolve.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "arena.h"
#include "cleanup.h"
#include "files.h"
#include "path_trust.h"

#define LINKS_MAX 40             /* as the kernel's */
#define STEPS_MAX 400            /* names looked up: links make a short text a long way */
#define REST_MAX ((size_t)65536) /* what is left to walk, with the targets of links in it */
#define IMAGINED_DEV ((dev_t)-1)

struct walk {
	struct writ_arena *arena;
	const struct writ_files *files;
	struct writ_resolved *ret;
	int fd;              /* the directory that the walk is in; -1: an imagined one */
	int file;            /* the last place, once that is no directory; -1: none */
	char text[PATH_MAX]; /* its path, length bytes, "" for "/"; a name under work stands behind
			      */
	size_t length;
	struct writ_place *places;
	size_t n_places, places_allocated;
	const char *rest; /* what is still to be walked */
	unsigned links, steps;
	bool missing; /* the last part of text does not exist */
	bool at_file; /* the last place is no directory */
};

/* Something that a name stands for. fd: of a real one, else -1. */
struct thing {
	struct writ_place place;
	int fd;
};

static int fail(struct walk *w, int error)
{
	w->ret->error = error;
	return -1;
}

/* w->text is the thing's path. */
static void judge(struct walk *w, const struct thing *thing)
{
	dev_t above = w->n_places > 0 ? w->places[w->n_places - 1].dev : thing->place.dev;

	writ_path_judge(w->arena, &thing->place, thing->fd, above, w->text[0] ? w->text : "/",
			w->ret);
}

static int add_place(struct walk *w, const struct writ_place *place)
{
	if (w->n_places == w->places_allocated) {
		size_t n = w->places_allocated ? 2 * w->places_allocated : 16;
		struct writ_place *more = writ_arena_alloc(w->arena, n, sizeof(*more));

		if (!more)
			return fail(w, ENOMEM);
		if (w->n_places > 0)
			memcpy(more, w->places, w->n_places * sizeof(*more));
		w->places = more;
		w->places_allocated = n;
	}
	w->places[w->n_places] = *place;
	w->places[w->n_places++].end = w->length;
	return 0;
}

static void leave(struct walk *w)
{
	if (w->fd >= 0)
		close(TAKE_FD(w->fd));
}

static int stat_fd(struct walk *w, int fd, struct thing *ret)
{
	struct statx st;

	if (statx(fd, "", AT_EMPTY_PATH, STATX_BASIC_STATS | STATX_MNT_ID, &st) < 0)
		return fail(w, errno);
	ret->fd = fd;
	ret->place = (struct writ_place) {
		.dev = makedev(st.stx_dev_major, st.stx_dev_minor),
		.ino = st.stx_ino,
		.mode = st.stx_mode,
		.owner = st.stx_uid,
		.links = st.stx_nlink,
		.mount = st.stx_mask & STATX_MNT_ID ? st.stx_mnt_id : 0,
	};
	return 0;
}

static void imagine(const struct walk *w, const struct writ_imagined *item, struct thing *ret)
{
	static const mode_t types[] = {
		[WRIT_FILE_LINK] = S_IFLNK,
		[WRIT_FILE_DIRECTORY] = S_IFDIR,
		[WRIT_FILE_REGULAR] = S_IFREG,
	};

	ret->fd = -1;
	ret->place = (struct writ_place) {
		.dev = IMAGINED_DEV,
		.ino = (ino_t)(item - w->files->items) + 1,
		.mode = types[item->kind] | item->mode,
		.owner = item->owner,
		.links = 1,
		.imagined = item,
	};
}

/* openat for a look only; the name is one component, or absolute. */
static int open_path(int fd, const char *name)
{
	int r;

	do
		r = openat(fd, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	while (r < 0 && errno == EINTR);
	return r;
}

/* What stands at w->text, of which name is the last part. 1 found, 0 missing, -1 failed. */
static int look_up(struct walk *w, const char *name, struct thing *ret)
{
	const struct writ_imagined *item = writ_files_find(w->files, w->text[0] ? w->text : "/");
	int fd;

	if (item) {
		imagine(w, item, ret);
		return item->kind != WRIT_FILE_MISSING;
	}
	fd = w->fd >= 0 ? open_path(w->fd, name) : open_path(AT_FDCWD, w->text[0] ? w->text : "/");
	if (fd < 0)
		/* A test may imagine a directory where a real file stands. */
		return errno == ENOENT || (errno == ENOTDIR && w->fd < 0) ? 0 : fail(w, errno);
	if (stat_fd(w, fd, ret) < 0) {
		close(fd);
		return -1;
	}
	return 1;
}

static int enter(struct walk *w, const struct thing *thing)
{
	judge(w, thing);
	leave(w);
	w->fd = thing->fd;
	return add_place(w, &thing->place);
}

static int to_root(struct walk *w)
{
	struct thing root;
	int r;

	leave(w);
	w->length = w->n_places = 0;
	w->text[0] = '\0';
	r = look_up(w, "/", &root);
	if (r <= 0)
		return r < 0 ? -1 : fail(w, ENOENT);
	return enter(w, &root);
}

/* "..": the parent as the kernel knows it, which must be the one that the walk came through. */
static int up(struct walk *w)
{
	struct writ_place *parent;
	struct thing thing = {.fd = -1};
	int fd = -1;

	if (w->missing)
		return fail(w, ENOENT);
	if (w->n_places == 1)
		return 0;
	parent = &w->places[w->n_places - 2];
	if (!parent->imagined) {
		fd = open_path(w->fd, "..");
		if (fd < 0)
			return fail(w, errno);
		if (stat_fd(w, fd, &thing) < 0 || thing.place.dev != parent->dev ||
		    thing.place.ino != parent->ino) {
			close(fd);
			return fail(w, ESTALE); /* moved while we looked */
		}
	}
	leave(w);
	w->fd = fd;
	w->n_places--;
	w->length = parent->end;
	w->text[w->length] = '\0';
	return 0;
}

/* Reads a link's target into out (PATH_MAX bytes). */
static int read_target(struct walk *w, const struct thing *link, char *out)
{
	struct statfs fs;
	ssize_t n;

	if (link->place.imagined) {
		strcpy(out, link->place.imagined->target); /* shorter than PATH_MAX: files.c */
		return 0;
	}
	if (fstatfs(link->fd, &fs) < 0)
		return fail(w, errno);
	if (fs.f_type == PROC_SUPER_MAGIC)
		return fail(w, EOPNOTSUPP);
	n = readlinkat(link->fd, "", out, PATH_MAX);
	if (n < 0)
		return fail(w, errno);
	if (n == 0 || n >= PATH_MAX)
		return fail(w, ENAMETOOLONG);
	out[n] = '\0';
	return 0;
}

/* Puts a link's target before what is left to walk. The link stands at w->text. */
static int follow(struct walk *w, const struct thing *link)
{
	char target[PATH_MAX];

	judge(w, link);
	if (!w->ret->way_trusted)
		w->ret->links_trusted = false;
	if (++w->links > LINKS_MAX)
		return fail(w, ELOOP);
	if (read_target(w, link, target) < 0)
		return -1;
	if (strlen(target) + strlen(w->rest) > REST_MAX)
		return fail(w, ENAMETOOLONG);
	w->rest = writ_arena_printf(w->arena, "%s%s", target, w->rest);
	if (!w->rest)
		return fail(w, ENOMEM);
	w->text[w->length] = '\0';
	return target[0] == '/' ? to_root(w) : 0;
}

/* A name found at w->text: into a directory, through a link, or to the end. Takes thing->fd. */
static int go(struct walk *w, struct thing *thing)
{
	auto_close int fd = thing->fd;

	if (S_ISLNK(thing->place.mode))
		return follow(w, thing);
	w->length = strlen(w->text);
	if (S_ISDIR(thing->place.mode)) {
		TAKE_FD(fd);
		return enter(w, thing);
	}
	if (w->rest[0])
		return fail(w, ENOTDIR);
	judge(w, thing);
	w->at_file = true;
	w->file = TAKE_FD(fd);
	return add_place(w, &thing->place);
}

static int step(struct walk *w, const char *name, size_t length)
{
	struct thing thing;
	char *at = w->text + w->length;
	int r;

	if (length == 1 && name[0] == '.')
		return 0;
	if (++w->steps > STEPS_MAX)
		return fail(w, ENAMETOOLONG);
	if (length == 2 && name[0] == '.' && name[1] == '.')
		return up(w);
	if (w->length + 1 + length >= sizeof(w->text))
		return fail(w, ENAMETOOLONG);
	at[0] = '/';
	memcpy(at + 1, name, length);
	at[length + 1] = '\0';
	if (!w->missing) {
		r = look_up(w, at + 1, &thing);
		if (r != 0)
			return r < 0 ? -1 : go(w, &thing);
		w->missing = true;
	}
	w->length += length + 1;
	return 0;
}

static int walk_text(struct walk *w, const char *text)
{
	if (text[0] == '\0')
		return fail(w, ENOENT);
	if (strlen(text) >= PATH_MAX)
		return fail(w, ENAMETOOLONG);
	w->rest = text;
	w->links = 0;
	for (;;) {
		const char *name = w->rest + strspn(w->rest, "/");
		size_t length = strcspn(name, "/");

		if (length == 0)
			return 0;
		w->rest = name + length;
		if (step(w, name, length) < 0)
			return -1;
	}
}

static int walk_all(struct walk *w, const char *cwd, const char *text)
{
	if (to_root(w) < 0)
		return -1;
	if (text[0] != '/') {
		if (!cwd || cwd[0] != '/')
			return fail(w, ENOENT);
		if (walk_text(w, cwd) < 0)
			return -1;
		if (w->missing || w->at_file)
			return fail(w, ENOTDIR);
	}
	return walk_text(w, text);
}

void writ_path_resolve(struct writ_arena *arena, const struct writ_files *files, const char *cwd,
		       const char *text, struct writ_resolved *ret,
		       struct writ_resolved_fds *ret_fds)
{
	struct walk w = {.arena = arena, .files = files, .ret = ret, .fd = -1, .file = -1};

	*ret = (struct writ_resolved) {.way_trusted = true, .trusted = true, .links_trusted = true};
	if (ret_fds)
		*ret_fds = (struct writ_resolved_fds) {.directory = -1, .file = -1};
	if (walk_all(&w, cwd, text) == 0) {
		ret->text =
			writ_arena_strndup(arena, w.length ? w.text : "/", w.length ? w.length : 1);
		if (!ret->text)
			fail(&w, ENOMEM);
		else
			ret->state = w.missing ? WRIT_RESOLVED_MISSING : WRIT_RESOLVED_FOUND;
		ret->places = w.places;
		ret->n_places = w.n_places;
	}
	if (ret_fds && ret->state != WRIT_RESOLVED_UNSURE) {
		ret_fds->directory = TAKE_FD(w.fd);
		ret_fds->file = TAKE_FD(w.file);
	}
	leave(&w);
	writ_cleanup_close(&w.file);
}
