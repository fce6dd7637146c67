/* SPDX-License-Identifier: ISC */
#include "image.h"

#include <stdint.h>
#include <string.h>

#include "arena.h"
#include "cleanup.h"

#define NAME_MAX_LENGTH 255 /* without the domain */
#define TAG_MAX_LENGTH 128
#define ID_LENGTH 64

/* Sets of characters, as bits; every policy decision reads an image or two. */
enum {
	LOWER_HEX = 1,
	LOWER_REST = 2,
	UPPER_HEX = 4,
	UPPER_REST = 8,
	DIGITS = 16,
	DASH = 32,
	DOT_UNDERSCORE = 64,
	COLON = 128,
	LOWER = LOWER_HEX | LOWER_REST,
	UPPER = UPPER_HEX | UPPER_REST,
	HEX = DIGITS | LOWER_HEX,
	ANY_HEX = HEX | UPPER_HEX,
};

static const unsigned char sets[256] = {
	['a' ... 'f'] = LOWER_HEX,  ['g' ... 'z'] = LOWER_REST, ['A' ... 'F'] = UPPER_HEX,
	['G' ... 'Z'] = UPPER_REST, ['0' ... '9'] = DIGITS,     ['-'] = DASH,
	['.'] = DOT_UNDERSCORE,     ['_'] = DOT_UNDERSCORE,     [':'] = COLON,
};

/* How many bytes at the beginning of the string are of these sets. */
static size_t span(const char *s, unsigned set)
{
	size_t n = 0;

	while (sets[(unsigned char)s[n]] & set)
		n++;
	return n;
}

/* Whether length bytes are one or more of these characters. */
static bool consists_of(const char *s, size_t length, unsigned set)
{
	return length > 0 && span(s, set) >= length;
}

/* The id of an image, or what could be the beginning of one: digits, with or without "sha256:". */
static bool looks_like_id(const char *text)
{
	static const char *const algorithms[] = {"sha256:", "sha384:", "sha512:"};

	for (size_t i = 0; i < ARRAY_SIZE(algorithms); i++)
		if (strncmp(text, algorithms[i], strlen(algorithms[i])) == 0)
			text += strlen(algorithms[i]);
	return consists_of(text, strlen(text), ANY_HEX);
}

/* "[a-zA-Z0-9-]+" parts, each beginning and ending with a letter or digit, joined by dots. */
static bool is_host_name(const char *s, size_t length)
{
	const char *end = s + length;

	while (s < end) {
		size_t n = span(s, LOWER | UPPER | DIGITS | DASH);

		if (n == 0 || s + n > end || s[0] == '-' || s[n - 1] == '-')
			return false;
		s += n;
		if (s == end)
			return true;
		if (*s++ != '.')
			return false;
	}
	return false;
}

static bool is_host(const char *s, size_t length)
{
	if (s[0] == '[')
		return length > 2 && s[length - 1] == ']' &&
		       consists_of(s + 1, length - 2, ANY_HEX | COLON);
	return is_host_name(s, length);
}

/* A host with or without a port. */
static bool is_domain(const char *s, size_t length)
{
	size_t host = length;

	while (host > 0 && s[host - 1] >= '0' && s[host - 1] <= '9')
		host--;
	if (host > 0 && host < length && s[host - 1] == ':')
		return is_host(s, host - 1);
	return length > 0 && is_host(s, length);
}

/* Length of what separates parts of a path component: one dot, one or two underscores, dashes. */
static size_t separator_length(const char *s)
{
	switch (*s) {
	case '.':
		return 1;
	case '_':
		return s[1] == '_' ? 2 : 1;
	case '-':
		return span(s, DASH);
	default:
		return 0;
	}
}

/* Components of small letters and digits, with separators between them, joined by slashes. */
static bool is_path(const char *s, size_t length)
{
	const char *end = s + length;

	for (;;) {
		size_t n = span(s, LOWER | DIGITS);

		if (n == 0 || s + n > end)
			return false;
		s += n;
		if (s == end)
			return true;
		n = *s == '/' ? 1 : separator_length(s);
		if (n == 0)
			return false;
		s += n;
	}
}

static bool is_tag(const char *s, size_t length)
{
	return length <= TAG_MAX_LENGTH &&
	       consists_of(s, length, LOWER | UPPER | DIGITS | DASH | DOT_UNDERSCORE) &&
	       s[0] != '.' && s[0] != '-';
}

/* The digests that every docker knows; an algorithm that it does not is an error to docker too. */
static bool is_digest(const char *s)
{
	static const struct {
		const char *algorithm;
		size_t digits;
	} digests[] = {{"sha256:", 64}, {"sha384:", 96}, {"sha512:", 128}};

	for (size_t i = 0; i < ARRAY_SIZE(digests); i++) {
		size_t n = strlen(digests[i].algorithm);

		if (strncmp(s, digests[i].algorithm, n) == 0)
			return strlen(s + n) == digests[i].digits &&
			       consists_of(s + n, digests[i].digits, HEX);
	}
	return false;
}

/* What a name is made of; spans of the text. */
struct name {
	const char *domain, *path;
	size_t domain_length, path_length;
	bool library; /* a bare name of Docker Hub */
};

static bool is_text(const char *s, size_t length, const char *want)
{
	return strlen(want) == length && memcmp(s, want, length) == 0;
}

static bool has_capital(const char *s, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (sets[(unsigned char)s[i]] & UPPER)
			return true;
	return false;
}

/* Splits the domain off. Docker decides before it looks for a tag, on all up to the first slash;
 * what it takes for a domain but is none may still be the beginning of a path ("a__b.c/x" has no
 * domain at all).
 */
static bool split_domain(const char *text, size_t length, struct name *ret)
{
	const char *slash = memchr(text, '/', length);
	size_t first = slash ? (size_t)(slash - text) : 0;
	bool domain;

	*ret = (struct name) {"docker.io", text, strlen("docker.io"), length, !slash};
	if (!slash)
		return true;
	domain = memchr(text, '.', first) || memchr(text, ':', first) ||
		 is_text(text, first, "localhost") || has_capital(text, first);
	if (!domain)
		return true;
	ret->path = slash + 1;
	ret->path_length = length - first - 1;
	if (is_text(text, first, "docker.io") || is_text(text, first, "index.docker.io")) {
		ret->library = !memchr(ret->path, '/', ret->path_length);
		return true;
	}
	ret->domain = text;
	ret->domain_length = first;
	return is_domain(text, first) || is_path(text, first);
}

static int copy_part(struct writ_arena *arena, const char *s, size_t length, const char **ret)
{
	*ret = writ_arena_strndup(arena, s, length);
	return *ret ? 0 : -1;
}

/* Digest and tag, from the end of the text; what remains is the name. */
static int split_suffixes(struct writ_arena *arena, const char *text, struct writ_image *image,
			  size_t *ret_name_length)
{
	const char *at = strchr(text, '@'), *slash, *colon;
	size_t length = at ? (size_t)(at - text) : strlen(text);

	if (at &&
	    (!is_digest(at + 1) || copy_part(arena, at + 1, strlen(at + 1), &image->digest) < 0))
		return -1;
	slash = memrchr(text, '/', length);
	colon = slash ? memchr(slash, ':', length - (size_t)(slash - text))
		      : memchr(text, ':', length);
	if (colon) {
		size_t tag_length = length - (size_t)(colon + 1 - text);

		if (!is_tag(colon + 1, tag_length) ||
		    copy_part(arena, colon + 1, tag_length, &image->tag) < 0)
			return -1;
		length = (size_t)(colon - text);
	}
	*ret_name_length = length;
	return 0;
}

static bool is_too_long(const struct name *name)
{
	size_t length = name->path_length + (name->library ? strlen("library/") : 0);

	if (length + name->domain_length + 1 <= NAME_MAX_LENGTH)
		return false;
	if (!is_domain(name->domain, name->domain_length))
		length += name->domain_length + 1;
	return length > NAME_MAX_LENGTH;
}

/* "docker.io/library/alpine"; NULL without memory. */
static const char *full_name(struct writ_arena *arena, const struct name *name)
{
	static const char library[] = "library/";
	size_t middle = name->library ? sizeof(library) - 1 : 0;
	size_t size = name->domain_length + 1 + middle + name->path_length + 1;
	char *full = writ_arena_alloc(arena, size, 1), *end;

	if (!full)
		return NULL;
	end = mempcpy(full, name->domain, name->domain_length);
	*end++ = '/';
	end = mempcpy(end, library, middle);
	memcpy(end, name->path, name->path_length); /* the arena's memory is zeroed */
	return full;
}

int writ_image_parse(struct writ_arena *arena, const char *text, struct writ_image *ret)
{
	struct writ_image image = {.maybe_id = looks_like_id(text)};
	struct name name;
	size_t length;

	if (strlen(text) == ID_LENGTH && consists_of(text, ID_LENGTH, HEX)) {
		/* Never a name to docker; a command that takes ids takes it. */
		image.repository = writ_arena_strdup(arena, text);
		*ret = image;
		return image.repository ? 0 : -1;
	}
	if (split_suffixes(arena, text, &image, &length) < 0 ||
	    !split_domain(text, length, &name) || !is_path(name.path, name.path_length) ||
	    is_too_long(&name))
		return -1;
	image.repository = full_name(arena, &name);
	if (!image.repository)
		return -1;
	*ret = image;
	return 0;
}

enum writ_truth writ_image_match(const struct writ_image *image, const struct writ_image *entry)
{
	if (image->maybe_id)
		return WRIT_UNSURE;
	if (strcmp(image->repository, entry->repository) != 0)
		return WRIT_NO;
	if (entry->digest)
		return image->digest && strcmp(image->digest, entry->digest) == 0 ? WRIT_YES
										  : WRIT_NO;
	if (!entry->tag)
		return WRIT_YES;
	if (image->digest)
		return WRIT_NO;
	return strcmp(image->tag ? image->tag : "latest", entry->tag) == 0 ? WRIT_YES : WRIT_NO;
}
