/* SPDX-License-Identifier: ISC */
/* The syntaxes, and the ways in which programs use each: one line of test results a mode. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum mode_order {
	MODE_PERMUTE, /* options may follow operands */
	MODE_STOP,    /* they end at the first one */
	MODE_EITHER,  /* each table as it likes */
};

struct mode {
	const char *name;
	const char *syntax; /* as command files call it */
	const char *reader; /* as peers call what reads it (getopt_peer.c, go/main.go) */
	const char *prefix; /* getopt: what its option string begins with */
	enum mode_order order;
	bool go;        /* the peer is the one in Go */
	bool clap;      /* it is the one in Rust */
	bool partial;   /* the file lists only some of the program's options */
	bool next;      /* optional values may stand in the next word */
	bool digits;    /* `tail -50` */
	bool w_is_long; /* -W NAME */
	bool traverse;  /* pflag: the command file's `traverse` */
	unsigned depth; /* of subcommands */
};

extern const struct mode mode_list[];
extern const size_t mode_count;
