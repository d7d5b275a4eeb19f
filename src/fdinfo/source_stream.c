/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "record_keys.h"
#include "source_ops.h"

#define READ_SIZE (64u << 10)

struct stream {
	struct source source;
	struct buf in;
	size_t next;		/* where the next record begins; what is before it is done with */
	size_t line;		/* its first line that was not looked at yet */
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

/* Returns 1 if the record ended a frame, 0, or -errno. */
static int handle_record(struct stream *s, struct str text, struct table *t)
{
	struct record *r = &s->record;
	int e;

	if (text.len > RECORD_MAX || !may_begin_with(text, RECORD_PREFIX))
		return -EPROTO;
	e = record_parse(r, text);
	if (e < 0)
		return e;
	if (r->n_garbage || (r->kind == RECORD_EMPTY && r->fi.n_malformed))
		return -EPROTO;
	if (r->kind == RECORD_PROTOCOL) {
		if (r->protocol != 1)
			return -EPROTONOSUPPORT;
		s->is_open = true;
		return 0;
	}
	return s->is_open ? table_add(t, r) : -EPROTO;
}

/* Returns 1 if there is more to look at, 0 at the end, or -errno. */
static int read_more(struct stream *s)
{
	ssize_t n;

	if (s->is_at_end)
		return 0;
	if (s->next > 0) {
		memmove(s->in.ptr, s->in.ptr + s->next, s->in.len - s->next);
		s->in.len -= s->next;
		s->line -= s->next;
		s->next = 0;
	}
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

static int next_frame(struct stream *s, struct table *t)
{
	struct str text;
	int e;

	for (;;) {
		while (take_record(s, &text)) {
			e = handle_record(s, text, t);
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

static int stream_next(struct source *source, struct table *t)
{
	struct stream *s = (struct stream *)source;
	int e = s->err ? s->err : next_frame(s, t);

	if (e == -EPROTO || e == -EPROTONOSUPPORT)
		s->err = e;
	return e;
}

static const char *stream_name(const struct source *source)
{
	(void)source;
	return "stream";
}

static void stream_free(struct source *source)
{
	struct stream *s = (struct stream *)source;

	close(source->fd);
	buf_done(&s->in);
	record_done(&s->record);
	free(s);
}

static const struct source_ops stream_ops = {
	.next = stream_next,
	.name = stream_name,
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
