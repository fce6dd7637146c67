/* SPDX-License-Identifier: ISC */
#include "visible.h"

#define BEL 0x07
#define CAN 0x18
#define SUB 0x1a
#define ESC WRIT_VISIBLE_ESC
#define DEL 0x7f

/* The byte that follows ESC. */
static void escape(struct writ_visible *v, unsigned char byte)
{
	switch (byte) {
	case '[':
		v->state = WRIT_VISIBLE_CSI;
		break;
	case ']': /* OSC */
	case 'P': /* DCS */
	case 'X': /* SOS */
	case '^': /* PM */
	case '_': /* APC */
		v->state = WRIT_VISIBLE_STRING;
		break;
	case ESC:
		v->state = WRIT_VISIBLE_ESCAPE;
		break;
	default:
		v->state =
			byte >= 0x20 && byte < 0x30 ? WRIT_VISIBLE_INTERMEDIATE : WRIT_VISIBLE_TEXT;
		break;
	}
}

/* Text, or the beginning of something else. */
static size_t text(struct writ_visible *v, unsigned char byte, unsigned char *out)
{
	if (byte == ESC)
		v->state = WRIT_VISIBLE_ESCAPE;
	else if (byte == '\r')
		v->state = WRIT_VISIBLE_RETURN;
	else
		v->state = WRIT_VISIBLE_TEXT;
	if ((byte < 0x20 && byte != '\t' && byte != '\n') || byte == DEL)
		return 0;
	*out = byte;
	return 1;
}

/* Within a sequence of parameters and intermediate bytes, which ends with the first other one;
 * control characters are obeyed by terminals in the middle of it, and what is no ASCII ends it. */
static size_t sequence(struct writ_visible *v, unsigned char byte, unsigned char final,
		       unsigned char *out)
{
	if (byte == ESC)
		v->state = WRIT_VISIBLE_ESCAPE;
	else if (byte == CAN || byte == SUB || (byte >= final && byte < DEL))
		v->state = WRIT_VISIBLE_TEXT;
	else if (byte == '\n' || byte == '\t' || byte > DEL)
		return text(v, byte, out);
	return 0;
}

size_t writ_visible_feed(struct writ_visible *v, unsigned char byte, unsigned char out[2])
{
	switch (v->state) {
	case WRIT_VISIBLE_ESCAPE:
		escape(v, byte);
		return 0;
	case WRIT_VISIBLE_INTERMEDIATE:
		return sequence(v, byte, 0x30, out);
	case WRIT_VISIBLE_CSI:
		return sequence(v, byte, 0x40, out);
	case WRIT_VISIBLE_STRING:
		if (byte == ESC)
			v->state = WRIT_VISIBLE_STRING_ESCAPE;
		else if (byte == BEL || byte == CAN || byte == SUB)
			v->state = WRIT_VISIBLE_TEXT;
		return 0;
	case WRIT_VISIBLE_STRING_ESCAPE:
		/* ESC ends the string in any case; with a backslash it is ST, else it begins anew.
		 */
		if (byte == '\\')
			v->state = WRIT_VISIBLE_TEXT;
		else
			escape(v, byte);
		return 0;
	case WRIT_VISIBLE_RETURN:
		if (byte == '\n')
			return text(v, byte, out);
		out[0] = '\r';
		return 1 + text(v, byte, out + 1);
	case WRIT_VISIBLE_TEXT:
	default:
		return text(v, byte, out);
	}
}
