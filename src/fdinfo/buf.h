/* SPDX-License-Identifier: MIT */
/*
 * A growing byte buffer that is reused from frame to frame: it allocates until it is large enough
 * and then never again. It does not know what the bytes mean.
 */
#ifndef GPUTOP_BUF_H
#define GPUTOP_BUF_H

#include <stddef.h>

#include "types.h"

struct buf {
	char *ptr;	/* len bytes, then a NUL; NULL while nothing was ever added */
	size_t len;
	size_t size;	/* bytes allocated */
	int err;	/* the first -errno of an add, 0 if all went well; cleared by buf_reset() */
};

/* Zero-initialised is a valid empty buffer. */
void buf_done(struct buf *b);

/* What is in it, until something is added. "" is not absent. */
static inline struct str buf_str(const struct buf *b)
{
	return (struct str){ b->ptr ? b->ptr : "", b->len };
}

/* Empties and clears the error; keeps the memory. */
void buf_reset(struct buf *b);

/* Room for at least @more further bytes and a NUL. 0 or -ENOMEM (also kept in b->err). */
int buf_reserve(struct buf *b, size_t more);

/* The adders do nothing once b->err is set, so that a writer checks once, at its end. */
void buf_add(struct buf *b, const void *bytes, size_t len);
void buf_add_str(struct buf *b, struct str s);
void buf_printf(struct buf *b, const char *format, ...) __attribute__((format(printf, 2, 3)));

/*
 * C-escaped text, as gputop- keys carry it: bytes below 0x20, 0x7f and backslash become \n, \t, \\
 * or \ooo; everything else, valid UTF-8 or not, stays.
 */
void buf_add_escaped(struct buf *b, struct str s);

/* Undoes buf_add_escaped(). A malformed escape is kept as it stands. */
void buf_add_unescaped(struct buf *b, struct str s);

#endif
