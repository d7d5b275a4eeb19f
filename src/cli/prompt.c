/* SPDX-License-Identifier: MIT */
#include "prompt.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "../report/text.h"
#include "key.h"

#define CTRL(letter) ((letter) & 0x1f)

void prompt_open(struct prompt *p, const char *label, const char *text)
{
	struct str rest = str_of(text);
	uint32_t code;

	*p = (struct prompt){ .is_open = true };
	snprintf(p->label, sizeof(p->label), "%s", label);
	while (rest.len > 0) {
		size_t n = text_decode(rest, &code);

		if (p->len + n >= sizeof(p->text))
			break;
		memcpy(p->text + p->len, rest.ptr, n);
		p->len += n;
		rest = (struct str){ rest.ptr + n, rest.len - n };
	}
	p->cursor = p->len;
}

static size_t next_character(const struct prompt *p)
{
	uint32_t code;

	if (p->cursor == p->len)
		return 0;
	return text_decode((struct str){ p->text + p->cursor, p->len - p->cursor }, &code);
}

static size_t character_before(const struct prompt *p)
{
	size_t n = 0;

	/* the bytes that continue a character, then the one that begins it */
	while (n < p->cursor && (p->text[p->cursor - ++n] & 0xc0) == 0x80)
		;
	return n;
}

static void delete(struct prompt *p, size_t at, size_t n)
{
	memmove(p->text + at, p->text + at + n, p->len - at - n + 1);
	p->len -= n;
	p->cursor = at;
}

static size_t encode(uint32_t c, char ret[static 4])
{
	static const unsigned char leads[] = { 0, 0, 0xc0, 0xe0, 0xf0 };
	size_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;

	for (size_t i = n; i-- > 1; c >>= 6)
		ret[i] = (char)(0x80 | (c & 0x3f));
	ret[0] = (char)(leads[n] | c);
	return n;
}

static enum prompt_key insert(struct prompt *p, int key)
{
	char bytes[4];
	size_t n;

	if (key < 0x20 || (key >= 0x7f && key < 0xa0))
		return PROMPT_TAKEN;
	n = encode((uint32_t)key, bytes);
	if (p->len + n >= sizeof(p->text))
		return PROMPT_TAKEN;
	memmove(p->text + p->cursor + n, p->text + p->cursor, p->len - p->cursor + 1);
	memcpy(p->text + p->cursor, bytes, n);
	p->len += n;
	p->cursor += n;
	return PROMPT_CHANGED;
}

static enum prompt_key erase(struct prompt *p, size_t from, size_t to)
{
	if (from == to)
		return PROMPT_TAKEN;
	delete(p, from, to - from);
	return PROMPT_CHANGED;
}

static size_t word_before(const struct prompt *p)
{
	size_t at = p->cursor;

	while (at > 0 && p->text[at - 1] == ' ')
		at--;
	while (at > 0 && p->text[at - 1] != ' ')
		at--;
	return at;
}

enum prompt_key prompt_key(struct prompt *p, int key)
{
	switch (key) {
	case K_ENTER:
	case '\n':
		return PROMPT_ACCEPTED;
	case K_ESCAPE:
	case CTRL('G'):
		return PROMPT_GIVEN_UP;
	case K_LEFT:
		p->cursor -= character_before(p);
		return PROMPT_TAKEN;
	case K_RIGHT:
		p->cursor += next_character(p);
		return PROMPT_TAKEN;
	case K_HOME:
	case CTRL('A'):
		p->cursor = 0;
		return PROMPT_TAKEN;
	case K_END:
	case CTRL('E'):
		p->cursor = p->len;
		return PROMPT_TAKEN;
	case K_BACKSPACE:
	case CTRL('H'):
	case 0x7f:
		return erase(p, p->cursor - character_before(p), p->cursor);
	case K_DELETE:
	case CTRL('D'):
		return erase(p, p->cursor, p->cursor + next_character(p));
	case CTRL('U'):
		return erase(p, 0, p->cursor);
	case CTRL('K'):
		return erase(p, p->cursor, p->len);
	case CTRL('W'):
		return erase(p, word_before(p), p->cursor);
	default:
		return key > 0x10ffff ? PROMPT_NOT_MINE : insert(p, key);
	}
}
