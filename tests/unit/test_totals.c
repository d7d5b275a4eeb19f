/* SPDX-License-Identifier: MIT */
/* Totals over time, on frames in the dialect: what is counted once, for whom, and never taken back. */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fdinfo/table.h"
#include "report/totals.h"

#define S 1000000000ull

struct run {
	struct table *table;
	struct totals totals;
	struct record record;
	uint64_t t_ns;
};

static int setup(void **state)
{
	struct run *r = calloc(1, sizeof(*r));

	assert_non_null(r);
	assert_int_equal(table_new(&r->table), 0);
	r->t_ns = S; /* 0 is "not read" */
	r->totals.max_groups = TOTALS_MAX_GROUPS;
	*state = r;
	return 0;
}

static int teardown(void **state)
{
	struct run *r = *state;

	totals_done(&r->totals);
	table_free(r->table);
	record_done(&r->record);
	free(r);
	return 0;
}

static void feed(struct run *r, const char *text)
{
	assert_int_equal(record_parse(&r->record, str_of(text)), 0);
	assert_true(table_add(r->table, &r->record) >= 0);
}

/* A client of this frame: its process, and its usage as the kernel prints it. */
static void client(struct run *r, int id, int pid, const char *user, const char *cgroup, const char *keys)
{
	char text[1024];

	snprintf(text, sizeof(text),
		 "gputop-pid: %d\ngputop-start-time: %d\ngputop-uid: 7\ngputop-user: %s\ngputop-cgroup: %s\n"
		 "gputop-fds: 3\ngputop-gpu: G\ngputop-time: %llu ns\ndrm-driver: amdgpu\ndrm-client-id: %d\n%s\n",
		 pid, pid, user, cgroup, (unsigned long long)r->t_ns, id, keys);
	feed(r, text);
}

static void gfx(struct run *r, int id, const char *user, const char *cgroup, uint64_t ns)
{
	char keys[64];

	snprintf(keys, sizeof(keys), "drm-engine-gfx: %llu ns", (unsigned long long)ns);
	client(r, id, 100 + id, user, cgroup, keys);
}

/* Ends the frame, which is counted; the next is a second later. */
static void end(struct run *r)
{
	char text[128];

	feed(r, "gputop-device: G\ngputop-device-driver: amdgpu\n");
	snprintf(text, sizeof(text), "gputop-frame: 1\ngputop-time: %llu ns\n", (unsigned long long)r->t_ns);
	feed(r, text);
	assert_int_equal(totals_add(&r->totals, table_snapshot(r->table)), 0);
	r->t_ns += S;
}

static const struct totals_group *group(const struct totals_groups *gs, const char *name)
{
	for (size_t i = 0; i < gs->n; i++)
		if (!strcmp(gs->list[i]->name, name))
			return gs->list[i];
	return gs->other && !strcmp(gs->other->name, name) ? gs->other : NULL;
}

static uint64_t busy_of(const struct totals_groups *gs, const char *name)
{
	const struct totals_group *g = group(gs, name);

	assert_non_null(g);
	return g->devices[0].engines[0].busy_ns;
}

static uint64_t busy(const struct run *r)
{
	return r->totals.devices[0].usage.engines[0].busy_ns;
}

static void clients_of_the_first_frame_count_from_there(void **state)
{
	struct run *r = *state;

	gfx(r, 1, "alice", "/a", 500);
	end(r);
	assert_int_equal(busy(r), 0);
	gfx(r, 1, "alice", "/a", 507);
	end(r);
	assert_int_equal(busy(r), 7);
	assert_int_equal(busy_of(&r->totals.users, "alice"), 7);
	assert_int_equal(busy_of(&r->totals.cgroups, "/a"), 7);
}

static void a_client_never_read_at_first_counts_from_its_first_reading(void **state)
{
	struct run *r = *state;

	feed(r, "gputop-pid: 9\ngputop-start-time: 9\ngputop-fds: 3\ngputop-gpu: G\n"
		"drm-driver: amdgpu\ndrm-client-id: 1\n");
	end(r);
	client(r, 1, 9, "alice", "/a", "drm-engine-gfx: 500 ns");
	end(r);
	assert_int_equal(busy(r), 0);
	client(r, 1, 9, "alice", "/a", "drm-engine-gfx: 502 ns\ndrm-engine-dec: 30 ns");
	end(r);
	assert_int_equal(busy(r), 2);
	/* an engine that shows later began at 0 */
	assert_int_equal(r->totals.devices[0].usage.engines[1].busy_ns, 30);
}

/* its device sleeps: it is known by its holder, and its number is in the text that is read later */
static void a_client_asleep_at_first_counts_from_its_first_reading(void **state)
{
	struct run *r = *state;

	for (int i = 0; i < 3; i++) {
		feed(r, "gputop-pid: 9\ngputop-start-time: 9\ngputop-fds: 3\ngputop-gpu: G\n");
		end(r);
	}
	client(r, 1, 9, "alice", "/a", "drm-engine-gfx: 500 ns");
	end(r);
	client(r, 1, 9, "alice", "/a", "drm-engine-gfx: 502 ns");
	end(r);
	assert_int_equal(busy(r), 2);
}

static void a_later_client_counts_whole(void **state)
{
	struct run *r = *state;

	end(r);
	gfx(r, 1, "alice", "/a", 400);
	end(r);
	assert_int_equal(busy(r), 400);
}

static void what_the_dead_used_stays(void **state)
{
	struct run *r = *state;

	end(r);
	gfx(r, 1, "alice", "/a", 400);
	gfx(r, 2, "bob", "/a", 50);
	end(r);
	gfx(r, 2, "bob", "/a", 60);
	end(r);
	end(r);
	assert_int_equal(busy(r), 460);
	assert_int_equal(busy_of(&r->totals.users, "alice"), 400);
	assert_int_equal(busy_of(&r->totals.users, "bob"), 60);
	assert_int_equal(busy_of(&r->totals.cgroups, "/a"), 460);
	assert_int_equal(group(&r->totals.cgroups, "/a")->n_clients, 0);
}

static void who_moves_takes_nothing_along(void **state)
{
	struct run *r = *state;

	end(r);
	gfx(r, 1, "alice", "/a", 400);
	end(r);
	gfx(r, 1, "bob", "/b", 410);
	end(r);
	assert_int_equal(busy_of(&r->totals.users, "alice"), 400);
	assert_int_equal(busy_of(&r->totals.users, "bob"), 10);
	assert_int_equal(busy_of(&r->totals.cgroups, "/a"), 400);
	assert_int_equal(busy_of(&r->totals.cgroups, "/b"), 10);
}

static void a_client_missed_by_one_scan_is_not_counted_twice(void **state)
{
	struct run *r = *state;

	end(r);
	gfx(r, 1, "alice", "/a", 400);
	end(r);
	end(r);
	gfx(r, 1, "alice", "/a", 405);
	end(r);
	assert_int_equal(busy(r), 405);
}

static void how_long_a_client_may_be_missed_is_not_a_matter_of_time(void **state)
{
	struct run *r = *state;

	end(r);
	gfx(r, 1, "alice", "/a", 400);
	end(r);
	for (int i = 0; i < SNAPSHOT_FRAMES_AWAY - 1; i++) {
		r->t_ns += 100 * S;
		end(r);
	}
	gfx(r, 1, "alice", "/a", 405);
	end(r);
	assert_int_equal(busy(r), 405);
}

static void a_number_that_came_to_another_client_counts_whole(void **state)
{
	struct run *r = *state;

	gfx(r, 1, "alice", "/a", 400);
	end(r);
	client(r, 1, 999, "alice", "/a", "drm-engine-gfx: 90 ns");
	end(r);
	assert_int_equal(busy(r), 90);
}

static void a_share_of_cycles_becomes_time(void **state)
{
	struct run *r = *state;
	const struct totals_engine *e;

	client(r, 1, 9, "alice", "/a", "drm-cycles-rcs: 1000\ndrm-total-cycles-rcs: 5000");
	end(r);
	client(r, 1, 9, "alice", "/a", "drm-cycles-rcs: 1250\ndrm-total-cycles-rcs: 6000");
	end(r);
	e = &r->totals.devices[0].usage.engines[0];
	assert_int_equal(e->cycles, 250);
	assert_int_equal(e->busy_ns, S / 4);
}

static void memory_is_of_the_living(void **state)
{
	struct run *r = *state;

	client(r, 1, 9, "alice", "/a", "drm-resident-vram: 8");
	client(r, 2, 10, "alice", "/a", "drm-resident-vram: 4");
	end(r);
	assert_int_equal(group(&r->totals.users, "alice")->devices[0].resident[0], 12);
	client(r, 2, 10, "alice", "/a", "drm-resident-vram: 4");
	end(r);
	assert_int_equal(group(&r->totals.users, "alice")->devices[0].resident[0], 4);
	end(r);
	assert_true(group(&r->totals.users, "alice")->devices[0].resident[0] == UNKNOWN);
}

static void over_the_limit_it_is_other(void **state)
{
	struct run *r = *state;
	char name[16];

	r->totals.max_groups = 3;
	end(r);
	for (int i = 0; i < 10; i++) {
		snprintf(name, sizeof(name), "/%d", i);
		gfx(r, i, "alice", name, 10);
	}
	end(r);
	assert_int_equal(r->totals.cgroups.n, 3);
	assert_int_equal(r->totals.cgroups.n_folded, 7);
	assert_int_equal(busy_of(&r->totals.cgroups, "other"), 70);
	assert_int_equal(r->totals.users.n_folded, 0);
	/* the sum over groups is what the device did */
	assert_int_equal(busy(r), 100);
}

static void a_user_called_other_shares_the_bucket(void **state)
{
	struct run *r = *state;

	r->totals.max_groups = 1;
	end(r);
	gfx(r, 1, "other", "/a", 10);
	gfx(r, 2, "alice", "/a", 10);
	gfx(r, 3, "bob", "/a", 10);
	end(r);
	assert_int_equal(r->totals.users.n, 1);
	assert_int_equal(r->totals.users.n_folded, 1);
	assert_int_equal(busy_of(&r->totals.users, "other"), 20);
}

static void groups_long_dead_make_room(void **state)
{
	struct run *r = *state;

	r->totals.max_groups = 1;
	end(r);
	gfx(r, 1, "alice", "/a", 10);
	end(r);
	gfx(r, 2, "alice", "/b", 10);
	end(r);
	assert_null(group(&r->totals.cgroups, "/b"));
	for (int i = 0; i < 20; i++) {
		r->t_ns += 20 * S;
		gfx(r, 2, "alice", "/b", 11);
		end(r);
	}
	gfx(r, 2, "alice", "/b", 14);
	end(r);
	assert_null(group(&r->totals.cgroups, "/a"));
	assert_int_equal(busy_of(&r->totals.cgroups, "/b"), 3);
	assert_int_equal(busy_of(&r->totals.cgroups, "other"), 11);
	assert_int_equal(busy(r), 24);
}

/* such as that of a second recording behind the first */
static void time_that_goes_back_frees_no_group_of_a_client(void **state)
{
	struct run *r = *state;

	r->totals.max_groups = 1;
	gfx(r, 1, "alice", "/a", 10);
	gfx(r, 9, "bob", "/b", 10);
	r->t_ns = 1000 * S;
	end(r);
	r->t_ns = 500 * S;
	gfx(r, 9, "bob", "/b", 10);
	end(r);
	gfx(r, 1, "alice", "/a", 12);
	gfx(r, 9, "bob", "/b", 10);
	end(r);
	assert_int_equal(busy_of(&r->totals.cgroups, "/a"), 2);
}

static void a_device_that_left_keeps_its_counters(void **state)
{
	struct run *r = *state;

	end(r);
	gfx(r, 1, "alice", "/a", 10);
	end(r);
	feed(r, "gputop-frame: 1\ngputop-time: 5000000000 ns\n");
	assert_int_equal(totals_add(&r->totals, table_snapshot(r->table)), 0);
	assert_null(r->totals.devices[0].now);
	assert_int_equal(busy(r), 10);
	assert_string_equal(r->totals.devices[0].engines[0], "gfx");
}

static void names_become_fit_for_labels(void **state)
{
	struct run *r = *state;

	gfx(r, 1, "alice", "/\\033x\\n\xff" "\xc2\x9b", 10);
	end(r);
	assert_non_null(group(&r->totals.cgroups, "/\xef\xbf\xbdx\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"));
	/* another name that looks the same is the same group: no two samples of one name */
	gfx(r, 2, "alice", "/\\034x\\n\xff" "\xc2\x9b", 10);
	end(r);
	assert_int_equal(r->totals.cgroups.n, 1);
}

static void who_is_not_known_has_a_name_too(void **state)
{
	struct run *r = *state;

	client(r, 1, 9, "", "", "drm-engine-gfx: 1 ns");
	feed(r, "gputop-pid: 10\ngputop-start-time: 9\ngputop-fds: 3\ngputop-gpu: G\n"
		"drm-driver: amdgpu\ndrm-client-id: 2\n");
	end(r);
	assert_non_null(group(&r->totals.users, "7"));
	assert_non_null(group(&r->totals.users, "unknown"));
	assert_non_null(group(&r->totals.cgroups, "unknown"));
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(clients_of_the_first_frame_count_from_there),
		T(a_client_never_read_at_first_counts_from_its_first_reading),
		T(a_client_asleep_at_first_counts_from_its_first_reading),
		T(a_later_client_counts_whole),
		T(what_the_dead_used_stays),
		T(who_moves_takes_nothing_along),
		T(a_client_missed_by_one_scan_is_not_counted_twice),
		T(how_long_a_client_may_be_missed_is_not_a_matter_of_time),
		T(a_number_that_came_to_another_client_counts_whole),
		T(a_share_of_cycles_becomes_time),
		T(memory_is_of_the_living),
		T(over_the_limit_it_is_other),
		T(a_user_called_other_shares_the_bucket),
		T(groups_long_dead_make_room),
		T(time_that_goes_back_frees_no_group_of_a_client),
		T(a_device_that_left_keeps_its_counters),
		T(names_become_fit_for_labels),
		T(who_is_not_known_has_a_name_too),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
