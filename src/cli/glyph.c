/* SPDX-License-Identifier: MIT */
#include "glyph.h"

#include <wchar.h>

#include "../report/text.h"

#define MAX_MARKS 2

struct range {
	uint32_t first, last;
};

/* They have no width of their own and change what others look like, or where. */
static const struct range dangerous[] = {
	{ 0x00ad, 0x00ad }, { 0x061c, 0x061c }, { 0x115f, 0x115f }, { 0x180e, 0x180e },
	{ 0x200b, 0x200c }, { 0x200e, 0x200f }, { 0x2028, 0x202e }, { 0x2060, 0x206f },
	{ 0x3164, 0x3164 }, { 0xfeff, 0xfeff }, { 0xffa0, 0xffa0 }, { 0xfff0, 0xfffb },
	{ 0xe0000, 0xe0fff },
};

/* With them some terminals draw two characters as one, or a narrow one wide. */
static const struct range joiners[] = {
	{ 0x200d, 0x200d }, { 0xfe00, 0xfe0f }, { 0x1f3fb, 0x1f3ff },
};

#define IN(table, c) in_ranges(table, N_OF(table), c)

static bool in_ranges(const struct range *r, size_t n, uint32_t c)
{
	for (size_t i = 0; i < n; i++)
		if (c >= r[i].first && c <= r[i].last)
			return true;
	return false;
}

/* Bytes of the character at the start of @s, 0 if they are no valid UTF-8. */
static size_t decode(struct str s, uint32_t *ret)
{
	size_t len = text_decode(s, ret);

	return len == 1 && *ret >= 0x80 ? 0 : len;
}

/* Cells, or -1 for what must not be shown. */
static int width_of(uint32_t c)
{
	if (c < 0x20 || (c >= 0x7f && c < 0xa0) || IN(dangerous, c))
		return -1;
	return c < 0x7f ? 1 : wcwidth((wchar_t)c);
}

static void question_mark(struct glyph *g)
{
	*g = (struct glyph){ "?", 1 };
}

static void take_marks(struct str *text, struct glyph *g, size_t len)
{
	for (int marks = 0; text->len;) {
		uint32_t c;
		size_t n = decode(*text, &c);

		if (n == 0 || c < 0x80)
			return;
		if (!IN(joiners, c)) {
			if (width_of(c) != 0)
				return;
			if (marks++ < MAX_MARKS) {
				memcpy(g->bytes + len, text->ptr, n);
				len += n;
			}
		}
		*text = (struct str){ text->ptr + n, text->len - n };
	}
}

bool glyph_next(struct str *text, bool utf8, struct glyph *ret)
{
	struct str whole;
	uint32_t c = 0;
	size_t len;
	int width;

	do {
		if (text->len == 0)
			return false;
		whole = *text;
		len = decode(whole, &c);
		*text = (struct str){ whole.ptr + (len ? len : 1), whole.len - (len ? len : 1) };
	} while (utf8 && len && IN(joiners, c));

	width = len == 0 || (!utf8 && c >= 0x80) ? -1 : width_of(c);
	if (width <= 0) {
		question_mark(ret);
		return true;
	}
	*ret = (struct glyph){ .width = (unsigned char)width };
	memcpy(ret->bytes, whole.ptr, len);
	if (utf8)
		take_marks(text, ret, len);
	return true;
}
