/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "allocs.h"
#include "fdinfo/record.h"
#include "fdinfo/source.h"
#include "fdinfo/table.h"
#include "report/report.h"
#include "sample.h"

static const struct view_options all = { .all = true };

/* Takes records from @text until a frame ends. Returns what follows. */
static const char *feed(struct table *t, const char *text)
{
	struct record r = { 0 };
	int ended = 0;

	while (*text && !ended) {
		const char *end = strstr(text, "\n\n");

		assert_non_null(end);
		record_reset(&r);
		assert_int_equal(record_parse(&r, (struct str){ text, (size_t)(end + 1 - text) }), 0);
		ended = table_add(t, &r);
		assert_true(ended >= 0);
		text = end + 2;
	}
	assert_int_equal(ended, 1);
	record_done(&r);
	return text;
}

static void report(struct raw *raw, const struct snapshot *s, struct buf *out)
{
	struct view v = { 0 };

	assert_int_equal(view_select(&v, &all, s), 0);
	assert_int_equal(report_raw(raw, s, &v, out), 0);
	view_done(&v);
}

static void json(const struct snapshot *s, struct buf *out)
{
	struct view v = { 0 };

	buf_reset(out);
	assert_int_equal(view_select(&v, &all, s), 0);
	assert_int_equal(report_json(s, &v, out), 0);
	view_done(&v);
}

/* The record of @out that has the line @line, NUL-terminated in @ret. */
static const char *record_with(const struct buf *out, const char *line, char ret[static 2048])
{
	const char *at = strstr(out->ptr, line), *from = at, *end;

	assert_non_null(at);
	while (from > out->ptr + 1 && (from[-1] != '\n' || from[-2] != '\n'))
		from--;
	end = strstr(at, "\n\n");
	assert_non_null(end);
	assert_true(end - from < 2048);
	memcpy(ret, from, (size_t)(end - from));
	ret[end - from] = '\0';
	return ret;
}

static void the_stream_is_opened_once(void **state)
{
	struct buf out = { 0 };
	struct raw raw = { 0 };

	(void)state;
	report(&raw, &sample_first, &out);
	assert_memory_equal(out.ptr, "gputop-protocol:\t1\n\n", 20);
	assert_true(raw.is_open);
	buf_reset(&out);
	report(&raw, &sample, &out);
	assert_null(strstr(out.ptr, "gputop-protocol"));
	raw_done(&raw);
	buf_done(&out);
}

static void the_owner_carries_the_text_and_sharers_only_say_whom_they_hold(void **state)
{
	struct buf out = { 0 };
	struct raw raw = { 0 };
	char text[2048];

	(void)state;
	report(&raw, &sample, &out);
	assert_non_null(strstr(record_with(&out, "gputop-pid:\t42\n", text), "amd-requested-vram:\t102400 KiB"));
	assert_non_null(strstr(text, "gputop-fds:\t7 9\n"));
	assert_non_null(strstr(text, "gputop-time:\t4999999999000 ns\n"));
	assert_non_null(strstr(text, "gputop-dev:\t226:128\n"));
	/* only the kernel module numbers clients and their references */
	assert_null(strstr(out.ptr, "gputop-client:"));
	assert_null(strstr(out.ptr, "gputop-refs:"));

	assert_non_null(strstr(record_with(&out, "gputop-pid:\t60\n", text), "drm-engine-gfx:"));
	assert_non_null(strstr(record_with(&out, "gputop-pid:\t62\n", text), "drm-client-id:\t300"));
	assert_non_null(strstr(text, "gputop-fds:\t5 6\n"));
	assert_null(strstr(text, "drm-engine-gfx:"));
	assert_null(strstr(text, "gputop-time"));
	raw_done(&raw);
	buf_done(&out);
}

/* Their numbers are enough for the reader to know the client's owner and how many hold it. */
static void strangers_among_the_sharers_are_numbers_where_that_is_wished(void **state)
{
	static const char *const secrets[] = { "alice", "picom", "child", "gputop-fds:\t5 6\n" };
	struct raw raw = { .hides_strangers = true };
	struct snapshot_process own = *sample.clients[SAMPLE_SHARED].sharers[1];
	const struct snapshot_process *sharers[] = { sample.clients[SAMPLE_SHARED].sharers[0], &own };
	struct snapshot_client c = sample.clients[SAMPLE_SHARED];
	struct snapshot s = sample;
	struct buf out = { 0 };
	char text[2048];
	struct table *t;

	(void)state;
	s.clients = &c;
	s.n_clients = 1;
	report(&raw, &s, &out);
	for (size_t i = 0; i < N_OF(secrets); i++)
		assert_null(strstr(out.ptr, secrets[i]));
	assert_non_null(strstr(record_with(&out, "gputop-pid:\t62\n", text), "drm-client-id:\t300"));
	assert_non_null(strstr(text, "gputop-uid:\t1002\n"));
	assert_int_equal(table_new(&t), 0);
	feed(t, out.ptr);
	assert_int_equal(table_snapshot(t)->clients[0].process->pid, 60);
	assert_int_equal(table_snapshot(t)->clients[0].n_sharers, 2);
	table_free(t);

	/* the owner's other processes are no strangers */
	own.uid = c.process->uid;
	c.sharers = sharers;
	buf_reset(&out);
	report(&raw, &s, &out);
	assert_non_null(strstr(record_with(&out, "gputop-pid:\t62\n", text), "gputop-comm:\tchild\n"));
	assert_null(strstr(out.ptr, "picom"));
	raw_done(&raw);
	buf_done(&out);
}

static void hostile_names_stay_in_their_lines(void **state)
{
	struct buf out = { 0 };
	struct raw raw = { 0 };
	char text[2048];

	(void)state;
	report(&raw, &sample, &out);
	record_with(&out, "gputop-pid:\t70\n", text);
	assert_non_null(strstr(text, "gputop-comm:\ta)\\n\"b\",\\\\\n"));
	for (size_t i = 0; i < out.len; i++)
		assert_true((unsigned char)out.ptr[i] >= 0x20 || out.ptr[i] == '\n' || out.ptr[i] == '\t');
	raw_done(&raw);
	buf_done(&out);
}

/* What three frames of a machine look like: a client that comes, one that goes, one shared, one asleep. */
#define DEVICES \
	"gputop-device: 0000:03:00.0\ngputop-device-driver: amdgpu\ngputop-device-name: Navi\n" \
	"gputop-device-nodes: card0=226:0 renderD128=226:128\ngputop-device-vendor: 0x1002\n" \
	"gputop-device-id: 0x744c\ngputop-device-power: awake\n\n" \
	"gputop-device: minor:5\ngputop-device-driver: msm\ngputop-device-power: "
#define CLIENT(pid, start, fds, gpu, time) \
	"gputop-pid: " pid "\ngputop-start-time: " start "\ngputop-uid: 1000\ngputop-user: alice\n" \
	"gputop-comm: p\\n" pid "\ngputop-cmdline: p --with \\033 in it\n" \
	"gputop-cgroup: /system.slice/docker-0123456789abcdef0123456789abcdef" \
	"0123456789abcdef0123456789abcdef.scope\n" "gputop-ancestors: 9 1\n" \
	"gputop-gpu: " gpu "\ngputop-fds: " fds "\ngputop-dev: 226:128\n" time
#define AT(t) "gputop-time: " t " ns\n"
#define AMD(id, gfx) "drm-driver:\tamdgpu\ndrm-client-id:\t" id "\ndrm-pdev:\t0000:03:00.0\n" \
	"drm-engine-gfx:\t" gfx " ns\ndrm-engine-capacity-gfx:\t2\ndrm-total-vram:\t12 KiB\n" \
	"drm-resident-vram:\t8 KiB\namd-evicted-vram:\t4 KiB\n\n"
#define MSM(cycles) "drm-driver:\tmsm\ndrm-client-id:\t9\ndrm-cycles-gpu:\t" cycles "\n" \
	"drm-maxfreq-gpu:\t1000 Hz\n\n"
#define FRAME(n, t) "gputop-frame: " n "\ngputop-time: " t " ns\ngputop-clock: " t " ns\n" \
	"gputop-host: box\ngputop-scan-finder: stat\ngputop-scan-wall: 5 ns\n" \
	"gputop-scan-processes: 7\ngputop-scan-syscalls: open=1 read=2\n\n"

static const char machine[] =
	"gputop-protocol: 1\n\n"
	DEVICES "awake\n\n"
	CLIENT("10", "100", "3 4", "0000:03:00.0", AT("1000000000")) AMD("1", "100")
	CLIENT("11", "200", "3", "0000:03:00.0", AT("1000000100")) AMD("1", "110")
	CLIENT("12", "300", "6", "minor:5", AT("1000000200")) MSM("50")
	FRAME("1", "1000000300")

	DEVICES "awake\n\n"
	CLIENT("10", "100", "3 4", "0000:03:00.0", AT("2000000000")) AMD("1", "500000100")
	CLIENT("11", "200", "3", "0000:03:00.0", AT("2000000100")) AMD("1", "500000110")
	CLIENT("11", "200", "8", "0000:03:00.0", AT("2000000150")) AMD("2", "7")
	CLIENT("12", "300", "6", "minor:5", AT("2000000200")) MSM("350")
	FRAME("2", "2000000300")

	DEVICES "asleep\n\n"
	/* the first holder exits: the client goes on with the other */
	CLIENT("11", "200", "3", "0000:03:00.0", AT("3000000100")) AMD("1", "600000000")
	CLIENT("11", "200", "8", "0000:03:00.0", AT("3000000150")) AMD("2", "9")
	/* not read, and one nobody ever read */
	CLIENT("12", "300", "6", "minor:5", "") "\n"
	CLIENT("13", "400", "6", "minor:5", "") "\n"
	FRAME("3", "3000000300");

static void a_replay_is_the_same_snapshot(void **state)
{
	enum { FRAMES = 3 };
	struct buf lived[FRAMES] = { 0 }, replayed = { 0 }, recording = { 0 }, again = { 0 };
	struct raw raw = { 0 }, raw_again = { 0 };
	const char *rest = machine;
	struct source *source;
	struct table *t;
	int fd = memfd_create("recording", 0);

	(void)state;
	assert_int_equal(table_new(&t), 0);
	for (int i = 0; i < FRAMES; i++) {
		rest = feed(t, rest);
		report(&raw, table_snapshot(t), &recording);
		json(table_snapshot(t), &lived[i]);
	}
	/* the text above says what it is meant to say */
	assert_int_equal(table_snapshot(t)->n_clients, 4);
	assert_non_null(strstr(lived[2].ptr, "\"power\":\"asleep\""));
	table_free(t);

	assert_int_equal(write(fd, recording.ptr, recording.len), recording.len);
	lseek(fd, 0, SEEK_SET);
	assert_int_equal(source_stream_new(fd, &source), 0);
	assert_int_equal(table_new(&t), 0);
	for (int i = 0; i < FRAMES; i++) {
		assert_int_equal(source_next(source, t), 1);
		json(table_snapshot(t), &replayed);
		assert_string_equal(replayed.ptr, lived[i].ptr);
		report(&raw_again, table_snapshot(t), &again);
		buf_done(&lived[i]);
	}
	assert_int_equal(source_next(source, t), 0);
	/* what JSON does not show, texts and times, is the same as well */
	assert_string_equal(again.ptr, recording.ptr);
	source_free(source);
	table_free(t);
	raw_done(&raw);
	raw_done(&raw_again);
	buf_done(&replayed);
	buf_done(&recording);
	buf_done(&again);
}

static void a_warm_frame_allocates_nothing(void **state)
{
	struct buf out = { 0 };
	struct raw raw = { 0 };
	struct view v = { 0 };
	size_t before = 0;

	(void)state;
	for (int frame = 0; frame < 4; frame++) {
		if (frame == 2)
			before = allocs_count();
		buf_reset(&out);
		assert_int_equal(view_select(&v, &all, &sample), 0);
		assert_int_equal(report_raw(&raw, &sample, &v, &out), 0);
	}
	assert_true(before > 0);
	assert_int_equal(allocs_count(), before);
	view_done(&v);
	raw_done(&raw);
	buf_done(&out);
}

static void memory_may_run_out_anywhere(void **state)
{
	struct view v = { 0 };
	size_t n = 0;
	int r;

	(void)state;
	assert_int_equal(view_select(&v, &all, &sample), 0);
	do {
		struct buf out = { 0 };
		struct raw raw = { 0 };

		allocs_fail_after(++n);
		r = report_raw(&raw, &sample, &v, &out);
		allocs_fail_after(0);
		assert_true(r == 0 || r == -ENOMEM);
		raw_done(&raw);
		buf_done(&out);
	} while (r && n < 1000);
	assert_true(n > 2 && r == 0);
	view_done(&v);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_stream_is_opened_once),
		cmocka_unit_test(the_owner_carries_the_text_and_sharers_only_say_whom_they_hold),
		cmocka_unit_test(strangers_among_the_sharers_are_numbers_where_that_is_wished),
		cmocka_unit_test(hostile_names_stay_in_their_lines),
		cmocka_unit_test(a_replay_is_the_same_snapshot),
		cmocka_unit_test(a_warm_frame_allocates_nothing),
		cmocka_unit_test(memory_may_run_out_anywhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
