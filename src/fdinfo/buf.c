/* SPDX-License-Identifier: MIT */
#include "buf.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

void buf_done(struct buf *b)
{
	free(b->ptr);
	*b = (struct buf){ 0 };
}

void buf_reset(struct buf *b)
{
	b->len = 0;
	b->err = 0;
	if (b->ptr)
		b->ptr[0] = '\0';
}

int buf_reserve(struct buf *b, size_t more)
{
	size_t size = b->size ? b->size : 256;
	char *ptr;

	if (b->err)
		return b->err;
	if (more < b->size && b->len < b->size - more)
		return 0;
	if (more > SIZE_MAX / 4 || b->len > SIZE_MAX / 4)
		return b->err = -ENOMEM;
	while (size <= b->len + more)
		size *= 2;
	ptr = realloc(b->ptr, size);
	if (!ptr)
		return b->err = -ENOMEM;
	b->ptr = ptr;
	b->size = size;
	b->ptr[b->len] = '\0';
	return 0;
}

void buf_add(struct buf *b, const void *bytes, size_t len)
{
	if (buf_reserve(b, len))
		return;
	if (len)
		memcpy(b->ptr + b->len, bytes, len);
	b->len += len;
	b->ptr[b->len] = '\0';
}

void buf_add_str(struct buf *b, struct str s)
{
	buf_add(b, s.ptr, s.len);
}

void buf_printf(struct buf *b, const char *format, ...)
{
	va_list ap;
	int len;

	if (buf_reserve(b, 64))
		return;
	va_start(ap, format);
	len = vsnprintf(b->ptr + b->len, b->size - b->len, format, ap);
	va_end(ap);
	if (len < 0) {
		b->ptr[b->len] = '\0';
		b->err = -EINVAL;
		return;
	}
	if ((size_t)len >= b->size - b->len) {
		b->ptr[b->len] = '\0';
		if (buf_reserve(b, (size_t)len))
			return;
		va_start(ap, format);
		vsnprintf(b->ptr + b->len, b->size - b->len, format, ap);
		va_end(ap);
	}
	b->len += (size_t)len;
}

/* The escapes with a letter; every other control byte is \ooo. */
static const char escapes[][2] = {
	{ '\\', '\\' }, { '\a', 'a' }, { '\b', 'b' }, { '\f', 'f' },
	{ '\n', 'n' }, { '\r', 'r' }, { '\t', 't' }, { '\v', 'v' },
};

void buf_add_escaped(struct buf *b, struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.ptr[i];
		size_t e = 0;

		while (e < N_OF(escapes) && (unsigned char)escapes[e][0] != c)
			e++;
		if (e < N_OF(escapes))
			buf_add(b, (char[]){ '\\', escapes[e][1] }, 2);
		else if (c < 0x20 || c == 0x7f)
			buf_printf(b, "\\%03o", c);
		else
			buf_add(b, &c, 1);
	}
}

static bool is_octal(char c)
{
	return c >= '0' && c <= '7';
}

void buf_add_unescaped(struct buf *b, struct str s)
{
	for (size_t i = 0; i < s.len; i++) {
		const char *p = s.ptr + i;
		size_t left = s.len - i, e = 0;

		if (*p == '\\' && left >= 4 && p[1] <= '3' && is_octal(p[1]) && is_octal(p[2]) &&
		    is_octal(p[3])) {
			char c = (char)((p[1] - '0') << 6 | (p[2] - '0') << 3 | (p[3] - '0'));

			buf_add(b, &c, 1);
			i += 3;
			continue;
		}
		if (*p == '\\' && left >= 2)
			while (e < N_OF(escapes) && escapes[e][1] != p[1])
				e++;
		else
			e = N_OF(escapes);
		if (e < N_OF(escapes)) {
			buf_add(b, &escapes[e][0], 1);
			i++;
		} else {
			buf_add(b, p, 1);
		}
	}
}
