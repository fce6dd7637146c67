/* SPDX-License-Identifier: ISC */
/*
 * The fingerprint of a public key, as `ssh-keygen -l` prints it: "SHA256:" and the digest of the
 * key's encoding (RFC 4253 section 6.6, RFC 5656, RFC 8709; PROTOCOL.u2f and PROTOCOL.certkeys of
 * OpenSSH) in base64 without padding. Of a certificate, it is that of the key that is certified.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct writ_error;

/* "SHA256:" and 43 characters */
#define WRIT_FINGERPRINT_SIZE 51
/* The longest name of a key type has 41 characters. */
#define WRIT_KEY_TYPE_SIZE 64
/* Of a certificate's key id, in bytes: what is longer is cut between two characters. */
#define WRIT_KEY_ID_SIZE 256

/* An encoded key, in bytes; RSA with 16,384 bits and a long certificate has some 8 KiB. */
#define WRIT_KEY_BYTES_MAX (64 * 1024)

struct writ_fingerprint {
	char type[WRIT_KEY_TYPE_SIZE]; /* "ssh-ed25519", "ssh-ed25519-cert-v01@openssh.com" */
	char text[WRIT_FINGERPRINT_SIZE];
	bool certificate;
	uint64_t serial;               /* of a certificate */
	char key_id[WRIT_KEY_ID_SIZE]; /* of a certificate: any characters, as its authority chose
					  them */
};

/* Of a key in the form of authorized_keys: its type, a blank, its encoding in base64, no options;
 * what follows after a blank is ignored. 0, or -1 with err: no such key. */
int writ_fingerprint_make(const char *key, size_t length, struct writ_fingerprint *ret,
			  struct writ_error *err);
