/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as a stream: read at once and piece by piece they give the same frames and the same end.
 * The first byte says how long the pieces are.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fdinfo/source.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct outcome {
	size_t n_frames, n_clients, n_devices;
	uint64_t seq;
	int end;
};

static void require(int condition)
{
	if (!condition)
		abort();
}

/* Takes frames until there is none; the reason is in @o->end. */
static void take_frames(struct source *s, struct table *t, struct outcome *o)
{
	while ((o->end = source_next(s, t)) == 1) {
		const struct snapshot *snapshot = table_snapshot(t);

		o->n_frames++;
		o->n_clients += snapshot->n_clients;
		o->n_devices += snapshot->n_devices;
		o->seq = snapshot->frame.seq;
	}
}

static struct outcome read_at_once(const uint8_t *data, size_t size)
{
	struct outcome o = { 0 };
	struct source *s;
	struct table *t;
	int fd = memfd_create("stream", MFD_CLOEXEC);

	require(fd >= 0 && write(fd, data, size) == (ssize_t)size && lseek(fd, 0, SEEK_SET) == 0);
	require(source_stream_new(fd, &s) == 0);
	require(table_new(&t) == 0);
	take_frames(s, t, &o);
	source_free(s);
	table_free(t);
	return o;
}

static struct outcome read_in_pieces(const uint8_t *data, size_t size, size_t piece)
{
	struct outcome o = { .end = -EAGAIN };
	struct source *s;
	struct table *t;
	int fds[2];

	require(pipe2(fds, O_CLOEXEC | O_NONBLOCK) == 0);
	require(source_stream_new(fds[0], &s) == 0);
	require(table_new(&t) == 0);
	while (size > 0 && o.end == -EAGAIN) {
		size_t len = size < piece ? size : piece;

		require(write(fds[1], data, len) == (ssize_t)len);
		data += len;
		size -= len;
		take_frames(s, t, &o);
	}
	close(fds[1]);
	take_frames(s, t, &o);
	source_free(s);
	table_free(t);
	return o;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct outcome whole, pieces;

	if (size == 0)
		return 0;
	whole = read_at_once(data + 1, size - 1);
	pieces = read_in_pieces(data + 1, size - 1, 1 + (size_t)data[0] * 16);
	require(whole.end == 0 || whole.end == -EPROTO || whole.end == -EPROTONOSUPPORT);
	require(whole.end == pieces.end && whole.n_frames == pieces.n_frames && whole.seq == pieces.seq &&
		whole.n_clients == pieces.n_clients && whole.n_devices == pieces.n_devices);
	return 0;
}
