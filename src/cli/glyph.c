/* SPDX-License-Identifier: MIT */
#include "glyph.h"

#include <wchar.h>

#include "../report/text.h"

#define MAX_MARKS 2

/* With them some terminals draw two characters as one, or a narrow one wide. */
static bool is_joiner(uint32_t c)
{
	return c == 0x200d || (c >= 0xfe00 && c <= 0xfe0f) || (c >= 0x1f3fb && c <= 0x1f3ff);
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
	if (c < 0x20 || (c >= 0x7f && c < 0xa0) || text_is_invisible(c))
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
		if (!is_joiner(c)) {
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
	} while (utf8 && len && is_joiner(c));

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
