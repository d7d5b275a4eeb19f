/* SPDX-License-Identifier: MIT */
/* What a viewer who may see its own clients only is told of the others' use, in each driver's way to count. */
#include "unit.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "daemon/server_text.h"
#include "fdinfo/table.h"

#define S 1000000000ull

/* Takes the records of @text into @t. */
static void feed(struct table *t, const char *text)
{
	struct record r = { 0 };

	for (const char *end; (end = strstr(text, "\n\n")); text = end + 2) {
		record_reset(&r);
		assert_int_equal(record_parse(&r, (struct str){ text, (size_t)(end + 1 - text) }), 0);
		assert_true(table_add(t, &r) >= 0);
	}
	record_done(&r);
}

struct run {
	struct table *daemons, *viewers;
	struct totals totals;
	struct server_text st;
	struct buf text, sent;
};

static void begin(struct run *r)
{
	*r = (struct run){ .totals.max_groups = 10 };
	assert_int_equal(table_new(&r->daemons), 0);
	assert_int_equal(table_new(&r->viewers), 0);
}

static void end(struct run *r)
{
	table_free(r->daemons);
	table_free(r->viewers);
	totals_done(&r->totals);
	server_text_done(&r->st);
	buf_done(&r->text);
	buf_done(&r->sent);
}

static void add_client(struct run *r, unsigned int uid, uint64_t t_ns, const char *keys)
{
	buf_printf(&r->text, "gputop-pid:\t%u\ngputop-start-time:\t1\ngputop-uid:\t%u\ngputop-user:\tu%u\ngputop-fds:\t3\n"
		   "gputop-gpu:\tG\ngputop-time:\t%llu ns\ndrm-driver:\tx\ndrm-client-id:\t%u\n%s\n",
		   uid, uid, uid, (unsigned long long)t_ns, uid, keys);
}

/* Ends the frame: user 1 sees it, and the viewer's table takes what is sent. */
static void show(struct run *r, uint64_t t_ns)
{
	static const struct eyes eyes = { .uid = 1, .user = "u1" };

	buf_printf(&r->text, "gputop-frame:\t%llu\ngputop-time:\t%llu ns\n\n", (unsigned long long)(t_ns / S),
		   (unsigned long long)t_ns);
	assert_int_equal(r->text.err, 0);
	feed(r->daemons, r->text.ptr);
	buf_reset(&r->text);
	assert_int_equal(totals_add(&r->totals, table_snapshot(r->daemons)), 0);
	buf_reset(&r->sent);
	assert_int_equal(server_text(&r->st, &eyes, table_snapshot(r->daemons), &r->totals, &r->sent), 0);
	assert_null(strstr(r->sent.ptr, "gputop-uid:\t2"));
	feed(r->viewers, r->sent.ptr);
}

/* Two frames in which users 1 and 2 do what the keys say; the engine as daemon and viewer see it then. */
static void two_frames(struct run *r, const char *const keys[4], const struct snapshot_engine *ret[2])
{
	for (unsigned int i = 0; i < 2; i++) {
		add_client(r, 1, (i + 1) * S, keys[2 * i]);
		add_client(r, 2, (i + 1) * S, keys[2 * i + 1]);
		show(r, (i + 1) * S);
	}
	ret[0] = table_snapshot(r->daemons)->devices[0].engines;
	ret[1] = table_snapshot(r->viewers)->devices[0].engines;
	assert_int_equal(table_snapshot(r->viewers)->n_clients, 2);
}

static void a_device_is_as_busy_for_who_sees_a_part(void **state)
{
	static const struct {
		const char *keys[4];
		double busy;
	} cases[] = {
		{ { "drm-engine-gfx:\t100 ns\n", "drm-engine-gfx:\t7 ns\n",
		    "drm-engine-gfx:\t250000100 ns\n", "drm-engine-gfx:\t500000007 ns\n" }, 0.75 },
		{ { "drm-cycles-gfx:\t100\ndrm-total-cycles-gfx:\t5000\n", "drm-cycles-gfx:\t7\ndrm-total-cycles-gfx:\t5000\n",
		    "drm-cycles-gfx:\t350\ndrm-total-cycles-gfx:\t6000\n",
		    "drm-cycles-gfx:\t507\ndrm-total-cycles-gfx:\t6000\n" }, 0.75 },
		{ { "drm-cycles-gfx:\t0\ndrm-maxfreq-gfx:\t1000 Hz\n", "drm-cycles-gfx:\t0\ndrm-maxfreq-gfx:\t1000 Hz\n",
		    "drm-cycles-gfx:\t250\ndrm-maxfreq-gfx:\t1000 Hz\n",
		    "drm-cycles-gfx:\t500\ndrm-maxfreq-gfx:\t1000 Hz\n" }, 0.75 },
		{ { "drm-engine-gfx:\t0 ns\ndrm-cycles-gfx:\t0\n", "drm-engine-gfx:\t0 ns\ndrm-cycles-gfx:\t0\n",
		    "drm-engine-gfx:\t250000000 ns\ndrm-cycles-gfx:\t9\n",
		    "drm-engine-gfx:\t500000000 ns\ndrm-cycles-gfx:\t9\n" }, 0.75 },
	};

	(void)state;
	for (size_t i = 0; i < N_OF(cases); i++) {
		const struct snapshot_engine *e[2];
		struct run r;

		begin(&r);
		two_frames(&r, cases[i].keys, e);
		for (size_t k = 0; k < 2; k++)
			if (!(fabs(e[k]->usage.busy - cases[i].busy) < 1e-6))
				fail_msg("case %zu: busy %f", i, e[k]->usage.busy);
		/* neither more nor fewer counters than the driver has */
		assert_int_equal(e[0]->usage.busy_ns == UNKNOWN, e[1]->usage.busy_ns == UNKNOWN);
		assert_int_equal(e[0]->usage.cycles == UNKNOWN, e[1]->usage.cycles == UNKNOWN);
		assert_int_equal(e[0]->usage.total_cycles == UNKNOWN, e[1]->usage.total_cycles == UNKNOWN);
		end(&r);
	}
}

/* Of the viewer and of somebody else, twice: a quarter busy, and half. */
static const char *const quarter_and_half[4] = {
	"drm-engine-gfx:\t100 ns\n", "drm-engine-gfx:\t7 ns\n",
	"drm-engine-gfx:\t250000100 ns\n", "drm-engine-gfx:\t500000007 ns\n",
};

static void nobody_is_counted_twice_where_the_viewers_user_has_no_group(void **state)
{
	const struct snapshot_engine *e[2];
	struct run r;

	(void)state;
	begin(&r);
	r.totals.max_groups = 0;
	two_frames(&r, quarter_and_half, e);
	assert_true(fabs(e[1]->usage.busy - 0.75) < 1e-6);
	end(&r);
}

static void the_others_of_a_daemon_that_was_started_again_go_on(void **state)
{
	const struct snapshot_engine *e[2];
	struct run r;

	(void)state;
	begin(&r);
	two_frames(&r, quarter_and_half, e);
	totals_done(&r.totals);
	r.totals.max_groups = 10;
	for (uint64_t i = 1; i < 3; i++) {
		char used[64];

		snprintf(used, sizeof(used), "drm-engine-gfx:\t%llu ns\n", 500000007ull + i * S / 4);
		add_client(&r, 2, (i + 2) * S, used);
		show(&r, (i + 2) * S);
	}
	e[1] = table_snapshot(r.viewers)->devices[0].engines;
	assert_true(fabs(e[1]->usage.busy - 0.25) < 1e-6);
	end(&r);
}

static void memory_is_whole_for_who_sees_a_part(void **state)
{
	static const char keys[] = "drm-total-vram:\t50 KiB\ndrm-shared-vram:\t40 KiB\ndrm-active-vram:\t30 KiB\n"
				   "drm-resident-vram:\t20 KiB\ndrm-purgeable-vram:\t10 KiB\n";
	const struct snapshot_region *daemons, *viewers;
	struct run r;

	(void)state;
	begin(&r);
	add_client(&r, 1, S, keys);
	add_client(&r, 2, S, keys);
	add_client(&r, 3, S, "drm-total-gtt:\t1 KiB\n");
	show(&r, S);
	daemons = table_snapshot(r.daemons)->devices[0].regions;
	viewers = table_snapshot(r.viewers)->devices[0].regions;
	assert_int_equal(daemons[0].usage.total, 100 << 10);
	for (size_t i = 0; i < 2; i++)
		assert_memory_equal(&daemons[i].usage, &viewers[i].usage, sizeof(viewers[i].usage));
	end(&r);
}

static void a_stranger_who_shares_a_client_is_not_told_of(void **state)
{
	struct run r;

	(void)state;
	begin(&r);
	add_client(&r, 1, S, "");
	buf_printf(&r.text, "gputop-pid:\t9\ngputop-start-time:\t9\ngputop-uid:\t9\ngputop-cmdline:\tsecret\n"
		   "gputop-fds:\t3\ngputop-gpu:\tG\ndrm-driver:\tx\ndrm-client-id:\t1\n\n");
	show(&r, S);
	assert_null(strstr(r.sent.ptr, "secret"));
	assert_int_equal(table_snapshot(r.daemons)->clients[0].n_sharers, 1);
	end(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_device_is_as_busy_for_who_sees_a_part),
		cmocka_unit_test(nobody_is_counted_twice_where_the_viewers_user_has_no_group),
		cmocka_unit_test(the_others_of_a_daemon_that_was_started_again_go_on),
		cmocka_unit_test(memory_is_whole_for_who_sees_a_part),
		cmocka_unit_test(a_stranger_who_shares_a_client_is_not_told_of),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
