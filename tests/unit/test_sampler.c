/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "cli/sampler.h"
#include "fdinfo/source_ops.h"
#include "now.h"

/* A source that does as it is told, in the sampler's process. */
struct fake {
	struct source source;
	long delay_ms;
	int fail_at, error;	/* the frame at which it fails, or ends by the signal */
	int end_signal;
	size_t n_clients;
	uint64_t seq;
};

static int fake_next(struct source *source, struct table *t)
{
	struct fake *f = (struct fake *)source;
	const struct timespec delay = { f->delay_ms / 1000, f->delay_ms % 1000 * 1000000 };
	struct record r = { 0 };
	int err = 0;

	nanosleep(&delay, NULL);
	if (++f->seq == (uint64_t)f->fail_at) {
		if (f->end_signal)
			raise(f->end_signal);
		return f->error;
	}
	for (size_t i = 0; i < f->n_clients && !err; i++) {
		record_reset(&r);
		r.kind = RECORD_CLIENT;
		r.t_ns = f->seq;
		r.gpu = str_of("g");
		r.process.pid = (pid_t)i + 1;
		r.text = str_of("drm-driver:\tx\n");
		fdinfo_parse(&r.fi, r.text);
		err = record_add_fd(&r, 3);
		if (!err)
			err = table_add(t, &r);
	}
	record_reset(&r);
	r.kind = RECORD_FRAME;
	r.frame.seq = r.frame.t_ns = f->seq;
	if (!err)
		err = table_add(t, &r);
	record_done(&r);
	return err;
}

static void fake_free(struct source *source)
{
	free(source);
}

static const struct source_ops fake_ops = { fake_next, fake_free };

struct fixture {
	struct sampler *sampler;
	struct source *frames;
	struct table *table;
};

static void start(struct fixture *x, struct fake as)
{
	struct fake *f = malloc(sizeof(*f));

	assert_non_null(f);
	*f = as;
	f->source = (struct source){ &fake_ops, -1 };
	assert_int_equal(table_new(&x->table), 0);
	assert_int_equal(sampler_new(&f->source, &x->sampler), 0);
	x->frames = sampler_source(x->sampler);
}

static void wait_until_readable(const struct fixture *x)
{
	struct pollfd p = { .fd = source_fd(x->frames), .events = POLLIN };

	assert_int_equal(poll(&p, 1, 10000), 1);
}

static int next(const struct fixture *x)
{
	return source_next(x->frames, x->table);
}

static void done(struct fixture *x)
{
	sampler_free(x->sampler);
	table_free(x->table);
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
}

static void answers_each_question_with_a_frame(void **state)
{
	struct fixture x;

	(void)state;
	start(&x, (struct fake){ .n_clients = 1 });
	for (uint64_t i = 1; i <= 3; i++) {
		assert_int_equal(sampler_ask(x.sampler), 0);
		assert_int_equal(next(&x), 1);
		assert_int_equal(table_snapshot(x.table)->frame.seq, i);
		assert_int_equal(table_snapshot(x.table)->n_clients, 1);
	}
	done(&x);
}

static void does_nothing_unless_asked(void **state)
{
	struct pollfd p = { .events = POLLIN };
	struct fixture x;

	(void)state;
	start(&x, (struct fake){ 0 });
	p.fd = source_fd(x.frames);
	assert_int_equal(poll(&p, 1, 50), 0);
	done(&x);
}

static void a_slow_pass_does_not_hold_up_who_asks(void **state)
{
	uint64_t from, asked_ns;
	struct fixture x;

	(void)state;
	start(&x, (struct fake){ .delay_ms = 200 });
	from = now_ns();
	assert_int_equal(sampler_ask(x.sampler), 0);
	asked_ns = now_ns() - from;
	wait_until_readable(&x);
	assert_int_equal(next(&x), 1);
	assert_true(now_ns() - from >= 200 * NSEC_PER_MSEC);
	assert_true(asked_ns < 50 * NSEC_PER_MSEC);
	done(&x);
}

static void a_frame_larger_than_the_socket_holds_goes_through(void **state)
{
	struct fixture x;

	(void)state;
	start(&x, (struct fake){ .n_clients = 5000 });
	assert_int_equal(sampler_ask(x.sampler), 0);
	assert_int_equal(next(&x), 1);
	assert_int_equal(table_snapshot(x.table)->n_clients, 5000);
	done(&x);
}

static void what_a_pass_failed_of_is_known(void **state)
{
	struct fixture x;
	int sig;

	(void)state;
	start(&x, (struct fake){ .fail_at = 2, .error = -EMFILE });
	assert_int_equal(sampler_ask(x.sampler), 0);
	assert_int_equal(next(&x), 1);
	assert_int_equal(sampler_ask(x.sampler), 0);
	assert_int_equal(next(&x), 0);
	assert_int_equal(sampler_end(x.sampler, &sig), -EMFILE);
	assert_int_equal(sig, 0);
	done(&x);
}

static void a_violent_end_is_known_and_leaves_no_zombie(void **state)
{
	static const int signals[] = { SIGKILL, SIGTERM };
	struct fixture x;
	int sig;

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		signal(SIGCHLD, SIG_IGN);
		start(&x, (struct fake){ .fail_at = 1, .end_signal = signals[i] });
		assert_int_equal(sampler_ask(x.sampler), 0);
		assert_true(next(&x) <= 0);
		assert_int_equal(sampler_end(x.sampler, &sig), -ECHILD);
		assert_int_equal(sig, signals[i]);
		assert_true(sampler_ask(x.sampler) < 0);
		done(&x);
	}
}

static void ending_does_not_wait_for_the_pass(void **state)
{
	struct fixture x;
	uint64_t from;

	(void)state;
	start(&x, (struct fake){ .delay_ms = 20000 });
	assert_int_equal(sampler_ask(x.sampler), 0);
	from = now_ns();
	done(&x);
	assert_true(now_ns() - from < 5000 * NSEC_PER_MSEC);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answers_each_question_with_a_frame),
		cmocka_unit_test(does_nothing_unless_asked),
		cmocka_unit_test(a_slow_pass_does_not_hold_up_who_asks),
		cmocka_unit_test(a_frame_larger_than_the_socket_holds_goes_through),
		cmocka_unit_test(what_a_pass_failed_of_is_known),
		cmocka_unit_test(a_violent_end_is_known_and_leaves_no_zombie),
		cmocka_unit_test(ending_does_not_wait_for_the_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
