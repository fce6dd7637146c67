/* SPDX-License-Identifier: ISC */
/*
 * The text in what a command wrote to a terminal, without what only speaks to the terminal: escape
 * sequences (ECMA-48: CSI, OSC, DCS and the like, ESC with its intermediate bytes) and control
 * characters but tab, newline and a lone carriage return; CR LF counts as LF. Cursor movements are
 * left out as well, not followed. Byte by byte, so that it does not matter how the text was cut.
 */
#pragma once

#include <stddef.h>

/* What begins a sequence. In the state TEXT this and a carriage return alone change the state. */
#define WRIT_VISIBLE_ESC 0x1b

/* Zeroed at the beginning of a stream. */
struct writ_visible {
	enum {
		WRIT_VISIBLE_TEXT = 0,
		WRIT_VISIBLE_ESCAPE,       /* after ESC */
		WRIT_VISIBLE_INTERMEDIATE, /* after ESC and bytes that a final one must follow */
		WRIT_VISIBLE_CSI,
		WRIT_VISIBLE_STRING,        /* OSC, DCS, SOS, PM, APC: up to ST or BEL */
		WRIT_VISIBLE_STRING_ESCAPE, /* after ESC in it: perhaps ST */
		WRIT_VISIBLE_RETURN,        /* after CR, which may become part of a CR LF */
	} state;
};

/* Takes a byte and gives those that are text now, none, one, or a CR before it and it. */
size_t writ_visible_feed(struct writ_visible *visible, unsigned char byte, unsigned char out[2]);
