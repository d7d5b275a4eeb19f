/* SPDX-License-Identifier: MIT */
#include "text.h"

#include <inttypes.h>
#include <math.h>

#define REPLACEMENT 0xfffd

size_t text_decode(struct str s, uint32_t *ret)
{
	static const struct { unsigned char mask, lead; uint32_t least; } forms[] = {
		{ 0x80, 0x00, 0 }, { 0xe0, 0xc0, 0x80 }, { 0xf0, 0xe0, 0x800 }, { 0xf8, 0xf0, 0x10000 },
	};
	unsigned char c = (unsigned char)s.ptr[0];

	for (size_t more = 0; more < 4 && more < s.len; more++) {
		uint32_t code = c & (unsigned char)~forms[more].mask;
		size_t i = 1;

		if ((c & forms[more].mask) != forms[more].lead)
			continue;
		for (; i <= more && (s.ptr[i] & 0xc0) == 0x80; i++)
			code = code << 6 | (s.ptr[i] & 0x3f);
		if (i <= more || code < forms[more].least || code > 0x10ffff ||
		    (code >= 0xd800 && code <= 0xdfff))
			break;
		*ret = code;
		return more + 1;
	}
	*ret = REPLACEMENT;
	return 1;
}

bool text_is_invisible(uint32_t code)
{
	static const struct {
		uint32_t first, last;
	} ranges[] = {
		{ 0x00ad, 0x00ad }, { 0x061c, 0x061c }, { 0x115f, 0x115f }, { 0x180e, 0x180e },
		{ 0x200b, 0x200c }, { 0x200e, 0x200f }, { 0x2028, 0x202e }, { 0x2060, 0x206f },
		{ 0x3164, 0x3164 }, { 0xfeff, 0xfeff }, { 0xffa0, 0xffa0 }, { 0xfff0, 0xfffb },
		{ 0xe0000, 0xe0fff },
	};

	for (size_t i = 0; i < N_OF(ranges); i++)
		if (code >= ranges[i].first && code <= ranges[i].last)
			return true;
	return false;
}

static void add(struct buf *out, struct str s, bool printable)
{
	uint32_t code;
	size_t len;

	for (; s.len; s.ptr += len, s.len -= len) {
		len = text_decode(s, &code);
		if (code == REPLACEMENT)
			buf_add(out, "\357\277\275", 3);
		else if (printable && ((code >= 0x80 && code < 0xa0) || text_is_invisible(code)))
			/* bytes that buf_add_escaped() would not touch */
			for (size_t i = 0; i < len; i++)
				buf_printf(out, "\\%03o", (unsigned char)s.ptr[i]);
		else if (printable)
			buf_add_escaped(out, (struct str){ s.ptr, len });
		else
			buf_add(out, s.ptr, len);
	}
}

void text_add_utf8(struct buf *out, struct str s)
{
	add(out, s, false);
}

void text_add_printable(struct buf *out, struct str s)
{
	add(out, s, true);
}

void text_add_visible(struct buf *out, struct str s)
{
	uint32_t code;
	size_t len;

	for (; s.len; s.ptr += len, s.len -= len) {
		len = text_decode(s, &code);
		if (code == REPLACEMENT || code < 0x20 || (code >= 0x7f && code < 0xa0))
			buf_add(out, "\357\277\275", 3);
		else
			buf_add(out, s.ptr, len);
	}
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool text_contains(struct str text, struct str part)
{
	for (; text.len >= part.len; text.ptr++, text.len--) {
		size_t i = 0;

		while (i < part.len && lower(text.ptr[i]) == lower(part.ptr[i]))
			i++;
		if (i == part.len)
			return true;
		if (text.len == 0)
			break;
	}
	return false;
}

void text_add_ratio(struct buf *out, double ratio)
{
	uint64_t millionths;

	if (!(ratio >= 0 && ratio < 1e9))
		return;
	millionths = (uint64_t)llround(ratio * 1e6);
	buf_printf(out, "%" PRIu64 ".%06" PRIu64, millionths / 1000000, millionths % 1000000);
}
