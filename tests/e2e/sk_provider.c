/* SPDX-License-Identifier: ISC */
/*
 * A security key in software, as ssh-sk-helper loads it (SecurityKeyProvider in ssh_config(5), API
 * version 10 of OpenSSH's PROTOCOL.u2f): so that ssh-keygen makes a real ed25519-sk key and sshd
 * checks real signatures of it, without hardware. The key handle is the private key.
 */
#include <nettle/eddsa.h>
#include <nettle/sha2.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#define API_VERSION 0x000a0000u
#define ED25519 1
#define ERR_GENERAL (-1)
#define ERR_UNSUPPORTED (-2)
#define USER_PRESENT 1
#define EXPORT __attribute__((visibility("default")))

struct sk_option;

struct sk_enroll_response {
	uint8_t flags;
	uint8_t *public_key;
	size_t public_key_len;
	uint8_t *key_handle;
	size_t key_handle_len;
	uint8_t *signature;
	size_t signature_len;
	uint8_t *attestation_cert;
	size_t attestation_cert_len;
	uint8_t *authdata;
	size_t authdata_len;
};

struct sk_sign_response {
	uint8_t flags;
	uint32_t counter;
	uint8_t *sig_r;
	size_t sig_r_len;
	uint8_t *sig_s;
	size_t sig_s_len;
};

EXPORT uint32_t sk_api_version(void);
EXPORT int sk_enroll(uint32_t alg, const uint8_t *challenge, size_t challenge_len,
		     const char *application, uint8_t flags, const char *pin,
		     struct sk_option **options, struct sk_enroll_response **ret);
EXPORT int sk_sign(uint32_t alg, const uint8_t *data, size_t data_len, const char *application,
		   const uint8_t *key_handle, size_t key_handle_len, uint8_t flags, const char *pin,
		   struct sk_option **options, struct sk_sign_response **ret);
EXPORT int sk_load_resident_keys(const char *pin, struct sk_option **options, void ***ret,
				 size_t *ret_n);

uint32_t sk_api_version(void)
{
	return API_VERSION;
}

int sk_enroll(uint32_t alg, const uint8_t *challenge, size_t challenge_len, const char *application,
	      uint8_t flags, const char *pin, struct sk_option **options,
	      struct sk_enroll_response **ret)
{
	struct sk_enroll_response *r = calloc(1, sizeof(*r));

	(void)challenge, (void)challenge_len, (void)application, (void)pin, (void)options;
	if (alg != ED25519)
		return ERR_UNSUPPORTED;
	if (!r)
		return ERR_GENERAL;
	r->flags = flags;
	r->public_key = malloc(ED25519_KEY_SIZE);
	r->key_handle = malloc(ED25519_KEY_SIZE);
	if (!r->public_key || !r->key_handle ||
	    getrandom(r->key_handle, ED25519_KEY_SIZE, 0) != ED25519_KEY_SIZE)
		return ERR_GENERAL;
	ed25519_sha512_public_key(r->public_key, r->key_handle);
	r->public_key_len = r->key_handle_len = ED25519_KEY_SIZE;
	*ret = r;
	return 0;
}

static void digest(const void *data, size_t length, uint8_t ret[SHA256_DIGEST_SIZE])
{
	struct sha256_ctx sha;

	sha256_init(&sha);
	sha256_update(&sha, length, data);
	sha256_digest(&sha, SHA256_DIGEST_SIZE, ret);
}

int sk_sign(uint32_t alg, const uint8_t *data, size_t data_len, const char *application,
	    const uint8_t *key_handle, size_t key_handle_len, uint8_t flags, const char *pin,
	    struct sk_option **options, struct sk_sign_response **ret)
{
	/* Digest of the application, flags, counter, digest of the data. */
	uint8_t text[2 * SHA256_DIGEST_SIZE + 5] = {0}, public[ED25519_KEY_SIZE];
	struct sk_sign_response *r = calloc(1, sizeof(*r));

	(void)flags, (void)pin, (void)options;
	if (alg != ED25519 || key_handle_len != ED25519_KEY_SIZE)
		return ERR_UNSUPPORTED;
	if (!r)
		return ERR_GENERAL;
	r->flags = USER_PRESENT;
	r->counter = 1;
	r->sig_r = malloc(ED25519_SIGNATURE_SIZE);
	if (!r->sig_r)
		return ERR_GENERAL;
	r->sig_r_len = ED25519_SIGNATURE_SIZE;
	digest(application, strlen(application), text);
	text[SHA256_DIGEST_SIZE] = r->flags;
	text[SHA256_DIGEST_SIZE + 4] = (uint8_t)r->counter;
	digest(data, data_len, text + SHA256_DIGEST_SIZE + 5);
	ed25519_sha512_public_key(public, key_handle);
	ed25519_sha512_sign(public, key_handle, sizeof(text), text, r->sig_r);
	*ret = r;
	return 0;
}

int sk_load_resident_keys(const char *pin, struct sk_option **options, void ***ret, size_t *ret_n)
{
	(void)pin, (void)options, (void)ret, (void)ret_n;
	return ERR_UNSUPPORTED;
}
