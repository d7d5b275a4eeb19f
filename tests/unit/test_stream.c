/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <unistd.h>

#include "fdinfo/source.h"

#define PROTOCOL "gputop-protocol:\t1\n\n"
#define CLIENT(id) \
	"gputop-pid:\t42\ngputop-gpu:\t0000:03:00.0\ngputop-time:\t5 ns\n" \
	"drm-driver:\tamdgpu\ndrm-client-id:\t" id "\ndrm-engine-gfx:\t7 ns\n\n"
#define FRAME(n) "gputop-frame:\t" n "\ngputop-time:\t" n " ns\n\n"

struct stream {
	struct source *source;
	struct table *table;
};

static struct stream stream_of_fd(int fd)
{
	struct stream s;

	assert_int_equal(source_stream_new(fd, &s.source), 0);
	assert_int_equal(table_new(&s.table), 0);
	return s;
}

static struct stream stream_of(const void *bytes, size_t len)
{
	int fd = memfd_create("stream", MFD_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, len), len);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	return stream_of_fd(fd);
}

static int next(struct stream *s)
{
	return source_next(s->source, s->table);
}

static const struct snapshot *snapshot(const struct stream *s)
{
	return table_snapshot(s->table);
}

static void done(struct stream *s)
{
	source_free(s->source);
	table_free(s->table);
}

/* A pipe whose writing end takes all of what a test writes. */
static void open_pipe(int fds[2], int flags)
{
	assert_int_equal(pipe2(fds, O_CLOEXEC | flags), 0);
}

static void put(int fd, const char *text)
{
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
}

static void gives_frame_after_frame_and_then_the_end(void **state)
{
	static const char text[] = PROTOCOL CLIENT("1") CLIENT("2") FRAME("1") FRAME("2") CLIENT("2")
		FRAME("3");
	struct stream s = stream_of(text, sizeof(text) - 1);

	(void)state;
	assert_int_equal(next(&s), 1);
	assert_int_equal(snapshot(&s)->frame.seq, 1);
	assert_int_equal(snapshot(&s)->n_clients, 2);
	assert_int_equal(next(&s), 1);
	assert_int_equal(snapshot(&s)->n_clients, 0);
	assert_int_equal(next(&s), 1);
	assert_int_equal(snapshot(&s)->frame.seq, 3);
	assert_int_equal(snapshot(&s)->n_clients, 1);
	assert_int_equal(next(&s), 0);
	assert_int_equal(next(&s), 0);
	done(&s);
}

static void accepts_more_blank_lines_and_crlf(void **state)
{
	static const char text[] = "\n\r\n\ngputop-protocol: 1\r\n\r\n\r\ngputop-frame: 1\r\n\r\n\n";
	struct stream s = stream_of(text, sizeof(text) - 1);

	(void)state;
	assert_int_equal(next(&s), 1);
	assert_int_equal(next(&s), 0);
	done(&s);
}

/* Wherever a recording is cut, what was whole before the cut is there, and nothing of the rest. */
static void a_frame_that_was_cut_is_dropped(void **state)
{
	static const char text[] = PROTOCOL CLIENT("1") FRAME("1") CLIENT("1") CLIENT("2") FRAME("2");
	const size_t first = sizeof(PROTOCOL CLIENT("1") FRAME("1")) - 1;

	(void)state;
	for (size_t len = sizeof(PROTOCOL) - 1; len < sizeof(text) - 1; len++) {
		struct stream s = stream_of(text, len);

		if (len >= first) {
			assert_int_equal(next(&s), 1);
			assert_int_equal(snapshot(&s)->n_clients, 1);
		}
		assert_int_equal(next(&s), 0);
		assert_true(len >= first ? snapshot(&s)->frame.seq == 1 : !snapshot(&s));
		done(&s);
	}
}

static void what_does_not_open_as_a_stream_is_refused(void **state)
{
	static const struct { const char *text; int expected; } cases[] = {
		{ "", -EPROTO }, { "\n", -EPROTO }, { "gputop-proto", -EPROTO },
		{ "gputop-protocol: 1\n", -EPROTO }, { "hello", -EPROTO }, { "hello\n\n", -EPROTO },
		{ FRAME("1"), -EPROTO }, { CLIENT("1") FRAME("1"), -EPROTO },
		{ "drm-driver: x\n\n" PROTOCOL FRAME("1"), -EPROTO },
		{ "gputop-protocol: x\n\n" FRAME("1"), -EPROTO },
		{ "gputop-protocol:\n\n" FRAME("1"), -EPROTO },
		{ "gputop-protocol: 2\n\n" FRAME("1"), -EPROTONOSUPPORT },
		{ "gputop-protocol: 0\n\n" FRAME("1"), -EPROTONOSUPPORT },
	};

	(void)state;
	for (size_t i = 0; i < N_OF(cases); i++) {
		struct stream s = stream_of(cases[i].text, strlen(cases[i].text));

		assert_int_equal(next(&s), cases[i].expected);
		assert_int_equal(next(&s), cases[i].expected);
		assert_null(snapshot(&s));
		done(&s);
	}
}

static void garbage_ends_the_stream_and_loses_nothing_before_it(void **state)
{
	static const char *const garbage[] = {
		"hello\n\n", "hello", "\177ELF\002", "drm-driver: x\n\n", "gputop-pid: 1\nhello\n\n",
		"gputop-frame: x\n\n", "gputop-pid: 1\n\377\376\n\n", "\rgputop-frame: 2\n\n",
	};

	(void)state;
	for (size_t i = 0; i < N_OF(garbage); i++) {
		struct buf text = { 0 };
		struct stream s;

		buf_printf(&text, "%s%s%s", PROTOCOL CLIENT("1") FRAME("1") CLIENT("1") FRAME("2"),
			   garbage[i], strchr(garbage[i], '\n') ? FRAME("3") : "");
		s = stream_of(text.ptr, text.len);
		assert_int_equal(next(&s), 1);
		assert_int_equal(next(&s), 1);
		assert_int_equal(snapshot(&s)->frame.seq, 2);
		assert_int_equal(next(&s), -EPROTO);
		assert_int_equal(next(&s), -EPROTO);
		assert_int_equal(snapshot(&s)->frame.seq, 2);
		done(&s);
		buf_done(&text);
	}
}

static void records_of_a_later_version_are_ignored(void **state)
{
	static const char text[] = PROTOCOL "gputop-weather:\tfine\ngputop-wind:\t3\n\n"
		"gputop-pid:\t42\ngputop-mood:\tgood\ngputop-gpu:\tx\ndrm-client-id:\t1\n\n"
		"gputop-hidden:\t3\n\n" FRAME("1");
	struct stream s = stream_of(text, sizeof(text) - 1);

	(void)state;
	assert_int_equal(next(&s), 1);
	assert_int_equal(snapshot(&s)->n_clients, 1);
	done(&s);
}

static void a_nonsense_line_of_a_driver_costs_only_itself(void **state)
{
	static const char text[] = PROTOCOL
		"gputop-pid:\t42\ngputop-gpu:\tx\ngputop-time:\t5 ns\ndrm-driver:\tx\n"
		"drm-engine-a:\t-5 ns\ndrm-engine-b:\t6 ns\n\n" FRAME("1");
	struct stream s = stream_of(text, sizeof(text) - 1);

	(void)state;
	assert_int_equal(next(&s), 1);
	assert_int_equal(snapshot(&s)->devices[0].n_engines, 1);
	assert_string_equal(snapshot(&s)->devices[0].engines[0].name, "b");
	done(&s);
}

static void add_long_record(struct buf *text, int len)
{
	buf_printf(text, PROTOCOL "gputop-pid:\t42\ngputop-gpu:\tx\nlong:\t%0*d\n\n" FRAME("1"), len, 0);
	assert_int_equal(text->err, 0);
}

static void a_long_record_is_read_and_an_endless_one_is_not(void **state)
{
	static const struct { int len, expected; } cases[] = {
		{ 5000, 1 }, { 100000, 1 }, { RECORD_MAX - 100, 1 }, { RECORD_MAX, -EPROTO },
		{ 3 * RECORD_MAX, -EPROTO },
	};

	(void)state;
	for (size_t i = 0; i < N_OF(cases); i++) {
		struct buf text = { 0 };
		struct stream s;

		add_long_record(&text, cases[i].len);
		s = stream_of(text.ptr, text.len);
		assert_int_equal(next(&s), cases[i].expected);
		done(&s);
		buf_done(&text);
	}
}

/* Not kept to the end just to find that it was cut: memory is bounded. */
static void a_record_without_end_is_given_up(void **state)
{
	struct buf text = { 0 };
	struct stream s;

	(void)state;
	add_long_record(&text, 3 * RECORD_MAX);
	s = stream_of(text.ptr, 2 * RECORD_MAX);
	assert_int_equal(next(&s), -EPROTO);
	done(&s);
	buf_done(&text);
}

static void a_non_blocking_stream_goes_on_where_it_was(void **state)
{
	static const char *const texts[] = {
		PROTOCOL CLIENT("1") FRAME("1") CLIENT("1") CLIENT("2") FRAME("2"),
		"\r\n" PROTOCOL "\r\n" CLIENT("1") FRAME("1") "\r\n\n" CLIENT("1") CLIENT("2") FRAME("2"),
	};

	(void)state;
	for (size_t n = 0; n < N_OF(texts); n++) {
		int fds[2], n_frames = 0;
		struct stream s;

		open_pipe(fds, O_NONBLOCK);
		s = stream_of_fd(fds[0]);
		assert_int_equal(source_fd(s.source), fds[0]);
		for (const char *p = texts[n]; *p; p++) {
			int e;

			assert_int_equal(next(&s), -EAGAIN);
			assert_int_equal(write(fds[1], p, 1), 1);
			e = next(&s);
			if (e == 1)
				assert_int_equal(snapshot(&s)->n_clients, ++n_frames);
			else
				assert_int_equal(e, -EAGAIN);
		}
		assert_int_equal(n_frames, 2);
		close(fds[1]);
		assert_int_equal(next(&s), 0);
		done(&s);
	}
}

/* Somebody may draw it while the next one is on its way. */
static void the_last_snapshot_stands_while_a_frame_comes_in_pieces(void **state)
{
	static const char other[] = "gputop-device:\tnew\n\n"
		"gputop-pid:\t42\ngputop-gpu:\t0000:03:00.0\ngputop-fds:\t8 9\n"
		"gputop-comm:\tanother\ngputop-time:\t9 ns\n"
		"drm-driver:\tx\ndrm-client-id:\t1\ndrm-client-name:\tanother\n"
		"driver-key:\tlonger than what was there, so that it takes other memory\n\n";
	const struct snapshot_client *c;
	struct stream s;
	struct str text;
	char *before;
	int fds[2];

	(void)state;
	open_pipe(fds, O_NONBLOCK);
	s = stream_of_fd(fds[0]);
	put(fds[1], PROTOCOL CLIENT("1") FRAME("1"));
	assert_int_equal(next(&s), 1);
	c = &snapshot(&s)->clients[0];
	text = c->text;
	before = strndup(text.ptr, text.len);
	put(fds[1], other);
	assert_int_equal(next(&s), -EAGAIN);
	assert_true(str_is(c->text, before));
	assert_ptr_equal(c->text.ptr, text.ptr);
	assert_int_equal(c->n_holders, 0);
	assert_null(c->name);
	put(fds[1], FRAME("2"));
	assert_int_equal(next(&s), 1);
	assert_string_equal(snapshot(&s)->clients[0].name, "another");
	close(fds[1]);
	free(before);
	done(&s);
}

static void a_frame_is_given_before_more_is_waited_for(void **state)
{
	struct stream s;
	int fds[2];

	(void)state;
	open_pipe(fds, 0);
	s = stream_of_fd(fds[0]);
	put(fds[1], PROTOCOL FRAME("1") FRAME("2") "gputop-fra");
	alarm(10); /* would block for ever otherwise */
	assert_int_equal(next(&s), 1);
	assert_int_equal(next(&s), 1);
	put(fds[1], "me:\t3\n\n");
	assert_int_equal(next(&s), 1);
	assert_int_equal(snapshot(&s)->frame.seq, 3);
	alarm(0);
	close(fds[1]);
	done(&s);
}

static void garbage_is_refused_before_its_end_comes(void **state)
{
	struct stream s;
	int fds[2];

	(void)state;
	open_pipe(fds, 0);
	s = stream_of_fd(fds[0]);
	put(fds[1], "gputop-pro is nice");
	alarm(10);
	assert_int_equal(next(&s), -EPROTO);
	alarm(0);
	close(fds[1]);
	done(&s);
}

static int n_signals;
static int signalled_fd;

static void on_alarm(int signal)
{
	(void)signal;
	if (++n_signals == 3)
		put(signalled_fd, PROTOCOL FRAME("1"));
}

static void a_signal_does_not_end_the_stream(void **state)
{
	const struct itimerval every = { { 0, 5000 }, { 0, 5000 } }, never = { { 0, 0 }, { 0, 0 } };
	struct sigaction action = { .sa_handler = on_alarm }, old;
	struct stream s;
	int fds[2];

	(void)state;
	open_pipe(fds, 0);
	s = stream_of_fd(fds[0]);
	signalled_fd = fds[1];
	assert_int_equal(sigaction(SIGALRM, &action, &old), 0);
	assert_int_equal(setitimer(ITIMER_REAL, &every, NULL), 0);
	assert_int_equal(next(&s), 1);
	assert_int_equal(setitimer(ITIMER_REAL, &never, NULL), 0);
	assert_int_equal(sigaction(SIGALRM, &old, NULL), 0);
	assert_true(n_signals >= 3);
	close(fds[1]);
	done(&s);
}

static void an_error_of_reading_is_told(void **state)
{
	struct stream s = stream_of_fd(open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC));

	(void)state;
	assert_int_equal(next(&s), -EISDIR);
	done(&s);
}

static void freeing_closes_the_descriptor(void **state)
{
	struct stream s;
	int fds[2];

	(void)state;
	open_pipe(fds, 0);
	s = stream_of_fd(fds[0]);
	done(&s);
	assert_int_equal(fcntl(fds[0], F_GETFD), -1);
	close(fds[1]);
	source_free(NULL);
}

static void a_file_can_be_read_again_from_its_start(void **state)
{
	static const char text[] = PROTOCOL CLIENT("1") CLIENT("2") FRAME("1") CLIENT("2") FRAME("7")
		"gputop-frame:\t9\ngputop-time:\t9 ns\n";
	struct stream s = stream_of(text, sizeof(text) - 1);
	uint64_t end_ns = 0;

	(void)state;
	assert_int_equal(source_stream_end(s.source, &end_ns), 0);
	assert_int_equal(end_ns, 7);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(next(&s), 1);
		assert_int_equal(snapshot(&s)->n_clients, 2);
		assert_int_equal(source_stream_end(s.source, &end_ns), 0);
		assert_int_equal(next(&s), 1);
		assert_int_equal(snapshot(&s)->frame.t_ns, 7);
		assert_int_equal(next(&s), 0);
		assert_int_equal(source_stream_rewind(s.source), 0);
	}
	done(&s);
}

static void a_pipe_has_neither_start_nor_end(void **state)
{
	struct stream s;
	uint64_t end_ns;
	int fds[2];

	(void)state;
	open_pipe(fds, 0);
	s = stream_of_fd(fds[0]);
	assert_int_equal(source_stream_rewind(s.source), -ESPIPE);
	assert_int_equal(source_stream_end(s.source, &end_ns), -ESPIPE);
	close(fds[1]);
	done(&s);
}

static void a_file_without_a_whole_frame_has_no_end(void **state)
{
	static const char text[] = PROTOCOL "gputop-frame:\t9\ngputop-time:\t9 ns\n";
	struct stream s = stream_of(text, sizeof(text) - 1);
	uint64_t end_ns;

	(void)state;
	assert_int_equal(source_stream_end(s.source, &end_ns), -ENODATA);
	done(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gives_frame_after_frame_and_then_the_end),
		cmocka_unit_test(accepts_more_blank_lines_and_crlf),
		cmocka_unit_test(a_frame_that_was_cut_is_dropped),
		cmocka_unit_test(what_does_not_open_as_a_stream_is_refused),
		cmocka_unit_test(garbage_ends_the_stream_and_loses_nothing_before_it),
		cmocka_unit_test(records_of_a_later_version_are_ignored),
		cmocka_unit_test(a_nonsense_line_of_a_driver_costs_only_itself),
		cmocka_unit_test(a_long_record_is_read_and_an_endless_one_is_not),
		cmocka_unit_test(a_record_without_end_is_given_up),
		cmocka_unit_test(a_non_blocking_stream_goes_on_where_it_was),
		cmocka_unit_test(the_last_snapshot_stands_while_a_frame_comes_in_pieces),
		cmocka_unit_test(a_frame_is_given_before_more_is_waited_for),
		cmocka_unit_test(garbage_is_refused_before_its_end_comes),
		cmocka_unit_test(a_signal_does_not_end_the_stream),
		cmocka_unit_test(an_error_of_reading_is_told),
		cmocka_unit_test(a_file_can_be_read_again_from_its_start),
		cmocka_unit_test(a_pipe_has_neither_start_nor_end),
		cmocka_unit_test(a_file_without_a_whole_frame_has_no_end),
		cmocka_unit_test(freeing_closes_the_descriptor),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
