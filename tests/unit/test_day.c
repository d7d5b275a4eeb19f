/* SPDX-License-Identifier: MIT */
/*
 * A day of a daemon by a clock that runs as fast as the machine allows: a frame a second of clients, users and
 * control groups that come and go, through totals into every file. GPUTOP_DAY_FRAMES=86400 is a whole day;
 * otherwise it is an hour.
 */
#include "unit.h"

#include <inttypes.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/sinks.h"
#include "fdinfo/table.h"
#include "fixture.h"
#include "scratch.h"

#define S UINT64_C(1000000000)
#define N_CLIENTS 24
#define LIFE 40		/* frames of a client; a new one takes its place */
#define WARM 1200	/* frames until every limit and every linger time has been reached */

struct day {
	struct table *table;
	struct totals totals;
	struct settings settings;
	struct sinks sinks;
	struct record record;
	struct buf text;
};

static void take_record(struct day *d)
{
	assert_int_equal(d->text.err, 0);
	assert_int_equal(record_parse(&d->record, (struct str){ d->text.ptr, d->text.len }), 0);
	assert_true(table_add(d->table, &d->record) >= 0);
	buf_reset(&d->text);
}

/* Place @place's client of frame @frame: ever new numbers, names of users and of control groups. */
static void add_client(struct day *d, unsigned int place, unsigned int frame)
{
	unsigned int life = (frame + place) / LIFE, age = (frame + place) % LIFE, id = life * N_CLIENTS + place;

	buf_printf(&d->text, "gputop-pid:\t%u\ngputop-start-time:\t%u\ngputop-uid:\t%u\ngputop-user:\tuser%u\n"
		   "gputop-comm:\tc%u\ngputop-cgroup:\t/job%u.scope\ngputop-fds:\t3\ngputop-gpu:\tG%u\n",
		   1000 + id % 30000, id + 1, id % 300, id % 300, id % 7, id, place % 2);
	buf_printf(&d->text, "gputop-time:\t%" PRIu64 " ns\ndrm-driver:\tx\ndrm-client-id:\t%u\n"
		   "drm-engine-gfx:\t%" PRIu64 " ns\ndrm-resident-vram:\t%u KiB\n", frame * S, id + 1, age * S / 50, age * 4);
	take_record(d);
}

static void live_frame(struct day *d, unsigned int frame)
{
	struct sink_frame f = { .totals = &d->totals, .t_ns = frame * S };

	for (unsigned int place = 0; place < N_CLIENTS; place++)
		add_client(d, place, frame);
	buf_printf(&d->text, "gputop-frame:\t%u\ngputop-time:\t%" PRIu64 " ns\n", frame, frame * S);
	take_record(d);
	f.snapshot = table_snapshot(d->table);
	assert_int_equal(f.snapshot->n_clients, N_CLIENTS);
	assert_int_equal(totals_add(&d->totals, f.snapshot), 0);
	sinks_write(&d->sinks, &f);
	for (size_t k = 0; k < N_SINKS; k++)
		assert_int_equal(d->sinks.all[k].err, 0);
}

static void begin(struct day *d)
{
	struct settings *s = &d->settings;

	*d = (struct day){ 0 };
	settings_init(s);
	snprintf(s->textfile.file, sizeof(s->textfile.file), "%s", scratch_path("g.prom"));
	snprintf(s->json.file, sizeof(s->json.file), "%s", scratch_path("h.json"));
	snprintf(s->csv.file, sizeof(s->csv.file), "%s", scratch_path("h.csv"));
	s->per_client = true;
	s->json.interval_ns = s->csv.interval_ns = 0;
	s->json.max_size = s->csv.max_size = 1 << 20;
	s->json.max_files = s->csv.max_files = 2;
	d->totals.max_groups = s->max_groups;
	assert_int_equal(table_new(&d->table), 0);
	sinks_init(&d->sinks, s);
}

static void end(struct day *d)
{
	sinks_done(&d->sinks);
	totals_done(&d->totals);
	table_free(d->table);
	record_done(&d->record);
	buf_done(&d->text);
}

/* The second number of statm. */
static size_t rss_pages(void)
{
	struct buf text = { 0 };
	size_t pages;
	char *end;

	file_read("/proc/self/statm", &text);
	(void)strtoul(text.ptr, &end, 10);
	pages = strtoul(end, NULL, 10);
	buf_done(&text);
	assert_int_not_equal(pages, 0);
	return pages;
}

static void memory_does_not_grow_over_a_day(void **state)
{
	const char *wanted = getenv("GPUTOP_DAY_FRAMES");
	unsigned int n = wanted ? (unsigned int)strtoul(wanted, NULL, 10) : 3600, frame = 1;
	struct mallinfo2 before, after;
	size_t pages;
	struct day d;
	struct stat st;

	(void)state;
	begin(&d);
	for (; frame <= WARM; frame++)
		live_frame(&d, frame);
	before = mallinfo2();
	pages = rss_pages();
	for (; frame <= n; frame++)
		live_frame(&d, frame);
	after = mallinfo2();
	/* names differ in length, tables in how full they are */
	print_message("# %u frames: %zu, then %zu bytes in use; %zu, then %zu pages\n", n,
		      before.uordblks, after.uordblks, pages, rss_pages());
	assert_in_range(after.uordblks, 0, before.uordblks + (64 << 10));
	/* 0: the allocator of a sanitizer or of valgrind, which keeps what was freed */
	if (before.uordblks)
		assert_in_range(rss_pages(), 0, pages + 64);
	assert_int_equal(d.totals.n_snapshots, n);
	assert_int_equal(stat(scratch_path("h.json.2"), &st), 0);
	assert_in_range(st.st_size, 1 << 20, 2 << 20);
	assert_int_equal(access(scratch_path("h.json.3"), F_OK), -1);
	end(&d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(memory_does_not_grow_over_a_day),
	};

	return cmocka_run_group_tests(tests, scratch_begin, scratch_end);
}
