/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "array.h"
#include "record_keys.h"
#include "source_ops.h"

#define READ_SIZE (64u << 10)
#define FRAME_MAX (256u << 20)

/* A whole record in the buffer. */
struct extent {
	size_t at, len;
};

/*
 * The table is fed a frame at once, when all of it is there: the last snapshot points into the table and
 * must stay good while a frame comes in pieces.
 */
struct stream {
	struct source source;
	struct buf in;
	size_t next;		/* where the next record begins */
	size_t line;		/* its first line that was not looked at yet */
	struct extent *waiting;	/* records before it that are not in the table yet */
	size_t n_waiting, waiting_size;
	size_t n_done;		/* of these, how many are in it after all: the next one ran out of memory */
	bool is_whole;		/* they are a frame */
	bool is_open;		/* gputop-protocol was seen */
	bool is_at_end;
	int err;		/* what ended the stream for good */
	struct record record;
};

/* Takes the next whole record off what was read; empty ones are skipped. False: not enough yet. */
static bool take_record(struct stream *s, struct str *ret)
{
	while (s->line < s->in.len) {
		const char *line = s->in.ptr + s->line;
		const char *end = memchr(line, '\n', s->in.len - s->line);
		size_t start = s->next, len = s->line - s->next;
		bool is_blank;

		if (!end)
			break;
		is_blank = end == line || (end == line + 1 && *line == '\r');
		s->line += (size_t)(end - line) + 1;
		if (!is_blank)
			continue;
		s->next = s->line;
		if (len > 0) {
			*ret = (struct str){ s->in.ptr + start, len };
			return true;
		}
	}
	return false;
}

/* As far as @text goes, does it begin with @prefix? */
static bool may_begin_with(struct str text, const char *prefix)
{
	size_t len = strlen(prefix);

	if (text.len < len)
		len = text.len;
	return len == 0 || memcmp(text.ptr, prefix, len) == 0;
}

/* Whether what was read and not taken yet can become a record: else waiting for more is in vain. */
static bool may_become_record(const struct stream *s)
{
	struct str rest;

	if (s->next == s->in.len)
		return true;
	rest = (struct str){ s->in.ptr + s->next, s->in.len - s->next };
	if (str_is(rest, "\r"))
		return true;
	return rest.len <= RECORD_MAX &&
	       may_begin_with(rest, s->is_open ? RECORD_PREFIX : RECORD_PREFIX "protocol:");
}

/* Parses a record into s->record. 0 or -errno. */
static int parse(struct stream *s, struct str text)
{
	struct record *r = &s->record;
	int e;

	if (text.len > RECORD_MAX || !may_begin_with(text, RECORD_PREFIX))
		return -EPROTO;
	e = record_parse(r, text);
	if (e == 0 && (r->n_garbage || (r->kind == RECORD_EMPTY && r->fi.n_malformed)))
		e = -EPROTO;
	return e;
}

/*
 * Lets a record wait for the end of its frame. The many that are clients are parsed only then. Returns 1 if
 * this is the end, 0, or -errno.
 */
static int take(struct stream *s, struct str text)
{
	enum record_kind kind = RECORD_CLIENT;
	int e;

	if (!s->is_open || !str_starts(text, RECORD_PREFIX "pid:")) {
		e = parse(s, text);
		if (e < 0)
			return e;
		kind = s->record.kind;
	}
	if (kind == RECORD_PROTOCOL) {
		s->is_open = s->record.protocol == 1;
		return s->is_open ? 0 : -EPROTONOSUPPORT;
	}
	if (!s->is_open)
		return -EPROTO;
	if (ARRAY_RESERVE(&s->waiting, &s->waiting_size, s->n_waiting + 1))
		return -ENOMEM;
	s->waiting[s->n_waiting++] = (struct extent){ (size_t)(text.ptr - s->in.ptr), text.len };
	return kind == RECORD_FRAME;
}

/* What waits, into the table; none: only looks whether it is all right. 0 or -errno. */
static int hand_on(struct stream *s, struct table *t)
{
	for (; s->n_done < s->n_waiting; s->n_done++) {
		const struct extent *x = &s->waiting[s->n_done];
		int e = parse(s, (struct str){ s->in.ptr + x->at, x->len });

		if (e == 0 && t)
			e = table_add(t, &s->record);
		if (e < 0)
			return e;
	}
	s->n_waiting = s->n_done = 0;
	return 0;
}

/* Returns 1 if there is more to look at, 0 at the end, or -errno. */
static int read_more(struct stream *s)
{
	size_t used;
	ssize_t n;

	if (s->is_at_end)
		return 0;
	used = s->n_waiting ? s->waiting[0].at : s->next;
	if (used > 0) {
		memmove(s->in.ptr, s->in.ptr + used, s->in.len - used);
		s->in.len -= used;
		s->line -= used;
		s->next -= used;
		for (size_t i = 0; i < s->n_waiting; i++)
			s->waiting[i].at -= used;
	}
	if (s->in.len > FRAME_MAX)
		return -EPROTO;
	if (buf_reserve(&s->in, READ_SIZE)) {
		s->in.err = 0; /* the caller may free some memory and go on */
		return -ENOMEM;
	}
	do
		n = read(s->source.fd, s->in.ptr + s->in.len, READ_SIZE);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return -errno;
	s->is_at_end = n == 0;
	s->in.len += (size_t)n;
	return n > 0;
}

/* Reads until a frame waits. Returns 1, 0 at the end, or -errno. */
static int await_frame(struct stream *s)
{
	struct str text;
	int e;

	if (s->is_whole)
		return 1;
	for (;;) {
		while (take_record(s, &text)) {
			e = take(s, text);
			if (e != 0)
				return e;
		}
		if (!may_become_record(s))
			return -EPROTO;
		e = read_more(s);
		if (e < 0)
			return e;
		if (e == 0)
			return s->is_open ? 0 : -EPROTO;
	}
}

static int next_frame(struct stream *s, struct table *t)
{
	int e = await_frame(s);

	if (e < 0)
		return e;
	s->is_whole = e > 0;
	/* What a cut frame has is not for the table, but it may tell that the cut was not all. */
	e = hand_on(s, s->is_whole ? t : NULL);
	if (e == 0 && s->is_whole) {
		s->is_whole = false;
		return 1;
	}
	return e;
}

static int stream_next(struct source *source, struct table *t)
{
	struct stream *s = (struct stream *)source;
	int e = s->err ? s->err : next_frame(s, t);

	if (e == -EPROTO || e == -EPROTONOSUPPORT)
		s->err = e;
	return e;
}

int source_stream_rewind(struct source *source)
{
	struct stream *s = (struct stream *)source;

	if (lseek(source->fd, 0, SEEK_SET) < 0)
		return -errno;
	buf_reset(&s->in);
	s->next = s->line = 0;
	s->n_waiting = s->n_done = 0;
	s->is_whole = s->is_open = s->is_at_end = false;
	s->err = 0;
	return 0;
}

/* The last record in @text that begins like that and is whole. */
static bool find_last(const struct buf *text, const char *start, struct str *ret)
{
	const char *at = text->ptr, *end = text->ptr + text->len;
	bool found = false;

	while ((at = memmem(at, (size_t)(end - at), start, strlen(start)))) {
		const char *stop = memmem(at, (size_t)(end - at), "\n\n", 2);

		at++;
		if (!stop)
			break;
		*ret = (struct str){ at, (size_t)(stop + 1 - at) };
		found = true;
	}
	return found;
}

int source_stream_end(struct source *source, uint64_t *ret_t_ns)
{
	off_t size, here = lseek(source->fd, 0, SEEK_CUR);
	struct record r = { 0 };
	struct buf tail = { 0 };
	struct str text;
	ssize_t n;
	int err;

	if (here < 0 || (size = lseek(source->fd, 0, SEEK_END)) < 0 || lseek(source->fd, here, SEEK_SET) < 0)
		return -errno;
	err = buf_reserve(&tail, 2 * RECORD_MAX);
	if (err)
		return err;
	n = pread(source->fd, tail.ptr, 2 * RECORD_MAX, size > 2 * RECORD_MAX ? size - 2 * RECORD_MAX : 0);
	if (n < 0)
		err = -errno;
	tail.len = n > 0 ? (size_t)n : 0;
	if (!err && !find_last(&tail, "\n" RECORD_PREFIX "frame:", &text))
		err = -ENODATA;
	if (!err)
		err = record_parse(&r, text);
	if (!err)
		*ret_t_ns = r.frame.t_ns;
	record_done(&r);
	buf_done(&tail);
	return err;
}

static void stream_free(struct source *source)
{
	struct stream *s = (struct stream *)source;

	close(source->fd);
	buf_done(&s->in);
	free(s->waiting);
	record_done(&s->record);
	free(s);
}

static const struct source_ops stream_ops = {
	.next = stream_next,
	.free = stream_free,
};

int source_stream_new(int fd, struct source **ret)
{
	struct stream *s = calloc(1, sizeof(*s));

	if (!s)
		return -ENOMEM;
	s->source = (struct source){ &stream_ops, fd };
	*ret = &s->source;
	return 0;
}
