/* SPDX-License-Identifier: ISC */
#include "fingerprint.h"

#include <nettle/base64.h>
#include <nettle/sha2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "error.h"

#define CERTIFICATE_SUFFIX "-cert-v01@openssh.com"

/* What follows the type in the encoding of a key: so many strings (a big integer is one to the
 * eye). In a certificate a nonce stands before them, and serial, type and key id after them. */
static const struct {
	const char *type;        /* of the key itself */
	const char *certificate; /* of a certificate for one */
	unsigned strings;
} kinds[] = {
	{"ssh-ed25519", "ssh-ed25519" CERTIFICATE_SUFFIX, 1},
	{"ssh-rsa", "ssh-rsa" CERTIFICATE_SUFFIX, 2},
	{"ssh-dss", "ssh-dss" CERTIFICATE_SUFFIX, 4},
	{"ecdsa-sha2-nistp256", "ecdsa-sha2-nistp256" CERTIFICATE_SUFFIX, 2},
	{"ecdsa-sha2-nistp384", "ecdsa-sha2-nistp384" CERTIFICATE_SUFFIX, 2},
	{"ecdsa-sha2-nistp521", "ecdsa-sha2-nistp521" CERTIFICATE_SUFFIX, 2},
	{"sk-ssh-ed25519@openssh.com", "sk-ssh-ed25519" CERTIFICATE_SUFFIX, 2},
	{"sk-ecdsa-sha2-nistp256@openssh.com", "sk-ecdsa-sha2-nistp256" CERTIFICATE_SUFFIX, 3},
};

/* Bytes that are read from the front. */
struct reader {
	const uint8_t *bytes;
	size_t length;
};

static int take(struct reader *r, size_t n, const uint8_t **ret)
{
	if (n > r->length)
		return -1;
	*ret = r->bytes;
	r->bytes += n;
	r->length -= n;
	return 0;
}

static int take_number(struct reader *r, size_t bytes, uint64_t *ret)
{
	const uint8_t *p;

	if (take(r, bytes, &p) < 0)
		return -1;
	*ret = 0;
	for (size_t i = 0; i < bytes; i++)
		*ret = *ret << 8 | p[i];
	return 0;
}

/* A string as RFC 4251 has it: its length in four bytes, and its bytes. */
static int take_string(struct reader *r, struct reader *ret)
{
	uint64_t length;

	if (take_number(r, 4, &length) < 0)
		return -1;
	ret->length = length;
	return take(r, length, &ret->bytes);
}

static void add_string(struct sha256_ctx *sha, const void *bytes, size_t length)
{
	const uint8_t head[4] = {(uint8_t)(length >> 24), (uint8_t)(length >> 16),
				 (uint8_t)(length >> 8), (uint8_t)length};

	sha256_update(sha, sizeof(head), head);
	sha256_update(sha, length, bytes);
}

static void write_digest(struct sha256_ctx *sha, struct writ_fingerprint *ret)
{
	char text[BASE64_ENCODE_RAW_LENGTH(SHA256_DIGEST_SIZE)];
	uint8_t bytes[SHA256_DIGEST_SIZE];

	sha256_digest(sha, sizeof(bytes), bytes);
	base64_encode_raw(text, sizeof(bytes), bytes);
	/* without the padding, one character */
	snprintf(ret->text, sizeof(ret->text), "SHA256:%.43s", text);
}

/* Copies text, cut between two characters of UTF-8 if it is too long. A NUL ends it. */
static void copy_text(char *ret, size_t size, const struct reader *from)
{
	size_t n = strnlen((const char *)from->bytes, from->length);

	if (n >= size) {
		n = size - 1;
		while (n > 0 && (from->bytes[n] & 0xc0) == 0x80)
			n--;
	}
	memcpy(ret, from->bytes, n);
	ret[n] = '\0';
}

/* Digests the key within its encoding: its plain type and its strings. What is not a part of the
 * key, ssh-keygen leaves out too. */
static int digest(struct reader *blob, size_t kind, struct writ_fingerprint *ret)
{
	struct sha256_ctx sha;
	struct reader part;

	if (ret->certificate && take_string(blob, &part) < 0)
		return -1;
	sha256_init(&sha);
	add_string(&sha, kinds[kind].type, strlen(kinds[kind].type));
	for (unsigned i = 0; i < kinds[kind].strings; i++) {
		if (take_string(blob, &part) < 0)
			return -1;
		add_string(&sha, part.bytes, part.length);
	}
	write_digest(&sha, ret);
	return 0;
}

static int read_certificate(struct reader *blob, struct writ_fingerprint *ret)
{
	struct reader key_id;
	uint64_t who;

	if (take_number(blob, 8, &ret->serial) < 0 || take_number(blob, 4, &who) < 0 ||
	    take_string(blob, &key_id) < 0)
		return -1;
	copy_text(ret->key_id, sizeof(ret->key_id), &key_id);
	return 0;
}

/* Finds the type, and whether it is that of a certificate. */
static int find_kind(const struct reader *name, struct writ_fingerprint *ret, size_t *ret_kind)
{
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		const char *names[2] = {kinds[i].type, kinds[i].certificate};

		for (int c = 0; c < 2; c++) {
			if (name->length != strlen(names[c]) ||
			    memcmp(name->bytes, names[c], name->length) != 0)
				continue;
			memcpy(ret->type, names[c], name->length + 1);
			ret->certificate = c == 1;
			*ret_kind = i;
			return 0;
		}
	}
	return -1;
}

/* A type of tomorrow: ssh-keygen digests the encoding of any key as it is, but what of a
 * certificate is the key, only its type tells. */
static int read_unknown(const struct reader *blob, const struct reader *name,
			struct writ_fingerprint *ret)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
				    "-_.@";
	struct sha256_ctx sha;

	copy_text(ret->type, sizeof(ret->type), name);
	if (name->length == 0 || strlen(ret->type) != name->length ||
	    ret->type[strspn(ret->type, plain)] || strstr(ret->type, "-cert-"))
		return -1;
	sha256_init(&sha);
	sha256_update(&sha, blob->length, blob->bytes);
	write_digest(&sha, ret);
	return 0;
}

static int read_blob(struct reader blob, const struct reader *typed, struct writ_fingerprint *ret,
		     struct writ_error *err)
{
	struct reader whole = blob, name;
	size_t kind;

	if (take_string(&blob, &name) < 0 || name.length != typed->length ||
	    memcmp(name.bytes, typed->bytes, name.length) != 0)
		return writ_error_set(err, "the key is not of the type that stands before it");
	if (find_kind(&name, ret, &kind) < 0)
		return read_unknown(&whole, &name, ret) == 0
			       ? 0
			       : writ_error_set(err, "no such type of key is known");
	if (digest(&blob, kind, ret) < 0 ||
	    (ret->certificate ? read_certificate(&blob, ret) < 0 : blob.length != 0))
		return writ_error_set(err, "the key is not encoded as its type wants");
	return 0;
}

int writ_fingerprint_make(const char *key, size_t length, struct writ_fingerprint *ret,
			  struct writ_error *err)
{
	const char *end = key + length, *blank = memchr(key, ' ', length), *text, *stop;
	struct base64_decode_ctx base64;
	auto_free uint8_t *bytes = NULL;
	struct reader typed, blob;
	size_t n;

	*ret = (struct writ_fingerprint) {0};
	if (!blank)
		return writ_error_set(err, "no blank between the key's type and the key");
	typed = (struct reader) {(const uint8_t *)key, (size_t)(blank - key)};
	text = blank + 1;
	stop = memchr(text, ' ', (size_t)(end - text));
	n = (size_t)((stop ? stop : end) - text);
	if (n > BASE64_ENCODE_RAW_LENGTH(WRIT_KEY_BYTES_MAX))
		return writ_error_set(err, "the key is longer than %d bytes", WRIT_KEY_BYTES_MAX);
	bytes = malloc(BASE64_DECODE_LENGTH(n) + 1);
	if (!bytes)
		return writ_error_set(err, "no memory");
	base64_decode_init(&base64);
	if (!base64_decode_update(&base64, &blob.length, bytes, n, text) ||
	    !base64_decode_final(&base64))
		return writ_error_set(err, "the key is not in base64");
	blob.bytes = bytes;
	return read_blob(blob, &typed, ret, err);
}
