/* SPDX-License-Identifier: MIT */
/* The counting rules, each on records in the dialect: what a table makes of what it is told. */
#include "unit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fdinfo/table.h"

#define SECOND 1000000000ull

/* Feeds the records of one frame, parted by blank lines, and ends it at @t_ns. */
static const struct snapshot *frame(struct table *t, uint64_t t_ns, const char *text)
{
	static struct record r;
	static char end[128];
	const char *at = text;

	while (*at) {
		const char *blank = strstr(at, "\n\n");
		size_t len = blank ? (size_t)(blank - at) + 1 : strlen(at);

		assert_int_equal(record_parse(&r, (struct str){ at, len }), 0);
		assert_int_equal(table_add(t, &r), 0);
		at += blank ? len + 1 : len;
	}
	snprintf(end, sizeof(end), "gputop-frame: 1\ngputop-time: %llu ns\n", (unsigned long long)t_ns);
	assert_int_equal(record_parse(&r, str_of(end)), 0);
	assert_int_equal(table_add(t, &r), 1);
	record_done(&r);
	return table_snapshot(t);
}

/* A client record: who holds it, when it was read, and its keys. */
#define CLIENT(pid, start, fds, t, keys) \
	"gputop-pid: " #pid "\ngputop-start-time: " #start "\ngputop-fds: " fds "\n" \
	"gputop-gpu: 0000:03:00.0\ngputop-time: " #t " ns\ndrm-driver: amdgpu\n" \
	"drm-pdev: 0000:03:00.0\n" keys "\n\n"

static const struct snapshot_client *find(const struct snapshot *s, uint64_t id)
{
	for (size_t i = 0; i < s->n_clients; i++)
		if (s->clients[i].id == id)
			return &s->clients[i];
	fail_msg("no client %llu", (unsigned long long)id);
	return NULL;
}

static const struct engine_usage *engine(const struct snapshot_client *c, const char *name)
{
	for (size_t i = 0; i < c->device->n_engines; i++)
		if (!strcmp(c->device->engines[i].name, name))
			return &c->engines[i];
	fail_msg("no engine %s", name);
	return NULL;
}

static const struct engine_usage *device_engine(const struct snapshot_device *d, const char *name)
{
	for (size_t i = 0; i < d->n_engines; i++)
		if (!strcmp(d->engines[i].name, name))
			return &d->engines[i].usage;
	fail_msg("no engine %s", name);
	return NULL;
}

static const struct region_usage *region(const struct snapshot_client *c, const char *name)
{
	for (size_t i = 0; i < c->device->n_regions; i++)
		if (!strcmp(c->device->regions[i].name, name))
			return &c->regions[i];
	fail_msg("no region %s", name);
	return NULL;
}

#define assert_near(a, b) assert_true(fabs((a) - (b)) < 1e-9)
#define assert_unknown(x) assert_true(isnan(x))

static int setup(void **state)
{
	return table_new((struct table **)state);
}

static int teardown(void **state)
{
	table_free(*state);
	return 0;
}

static void nothing_is_published_before_the_first_frame_ends(void **state)
{
	struct table *t = *state;
	const struct snapshot *s;

	assert_null(table_snapshot(t));
	s = frame(t, SECOND, "");
	assert_int_equal(s->n_clients, 0);
	assert_int_equal(s->n_devices, 0);
	assert_true(s->interval_ns == UNKNOWN);
	s = frame(t, 3 * SECOND, "");
	assert_int_equal(s->interval_ns, 2 * SECOND);
}

static void a_new_client_is_unknown_until_its_second_record(void **state)
{
	struct table *t = *state;
	const struct snapshot_client *c;

	c = find(frame(t, 1, CLIENT(10, 5, "7", 1000000000,
				    "drm-client-id: 1\ndrm-engine-gfx: 900000000 ns")), 1);
	assert_unknown(engine(c, "gfx")->busy);
	assert_int_equal(engine(c, "gfx")->busy_ns, 900000000);
	assert_true(c->interval_ns == UNKNOWN);
	assert_unknown(device_engine(c->device, "gfx")->busy);

	c = find(frame(t, 2, CLIENT(10, 5, "7", 2000000000,
				    "drm-client-id: 1\ndrm-engine-gfx: 1150000000 ns")), 1);
	assert_near(engine(c, "gfx")->busy, 0.25);
	assert_int_equal(c->interval_ns, SECOND);
	assert_near(device_engine(c->device, "gfx")->busy, 0.25);
}

static void the_interval_is_the_records_own_not_the_frames(void **state)
{
	struct table *t = *state;
	const struct snapshot_client *c;

	frame(t, 1 * SECOND, CLIENT(10, 5, "7", 1000000000, "drm-client-id: 1\ndrm-engine-gfx: 0 ns"));
	c = find(frame(t, 2 * SECOND, CLIENT(10, 5, "7", 3000000000,
					     "drm-client-id: 1\ndrm-engine-gfx: 1000000000 ns")), 1);
	assert_near(engine(c, "gfx")->busy, 0.5);
	assert_int_equal(c->interval_ns, 2 * SECOND);
}

static void no_time_passed_is_unknown_not_infinite(void **state)
{
	struct table *t = *state;
	const struct snapshot_client *c;

	frame(t, 1, CLIENT(10, 5, "7", 1000000000, "drm-client-id: 1\ndrm-engine-gfx: 5 ns"));
	c = find(frame(t, 2, CLIENT(10, 5, "7", 1000000000,
				    "drm-client-id: 1\ndrm-engine-gfx: 1000 ns")), 1);
	assert_unknown(engine(c, "gfx")->busy);
	c = find(frame(t, 3, CLIENT(10, 5, "7", 2000000000,
				    "drm-client-id: 1\ndrm-engine-gfx: 1000 ns")), 1);
	assert_near(engine(c, "gfx")->busy, 0);
}

static void a_counter_that_goes_back_is_held_until_passed(void **state)
{
	struct table *t = *state;
	const struct snapshot_client *c;

	frame(t, 1, CLIENT(10, 5, "7", 1000000000, "drm-client-id: 1\ndrm-engine-gfx: 5000000000 ns"));
	c = find(frame(t, 2, CLIENT(10, 5, "7", 2000000000,
				    "drm-client-id: 1\ndrm-engine-gfx: 4000000000 ns")), 1);
	assert_near(engine(c, "gfx")->busy, 0);
	assert_int_equal(engine(c, "gfx")->busy_ns, 5 * SECOND);
	c = find(frame(t, 3, CLIENT(10, 5, "7", 3000000000,
				    "drm-client-id: 1\ndrm-engine-gfx: 5100000000 ns")), 1);
	assert_near(engine(c, "gfx")->busy, 0.1);
	assert_int_equal(device_engine(c->device, "gfx")->busy_ns, 5100000000);
}

static void a_late_engine_of_a_known_client_started_at_zero(void **state)
{
	struct table *t = *state;
	const struct snapshot_client *c;

	frame(t, 1, CLIENT(10, 5, "7", 1000000000, "drm-client-id: 1\ndrm-engine-gfx: 70 ns"));
	c = find(frame(t, 2, CLIENT(10, 5, "7", 2000000000,
				    "drm-client-id: 1\ndrm-engine-dec: 250000000 ns\n"
				    "drm-engine-gfx: 500000070 ns")), 1);
	assert_near(engine(c, "dec")->busy, 0.25);
	/* by name: amdgpu's new engine in front did not take gfx' place */
	assert_near(engine(c, "gfx")->busy, 0.5);
	assert_string_equal(c->device->engines[0].name, "gfx");
	assert_string_equal(c->device->engines[1].name, "dec");
}

static void a_late_engine_with_a_clock_is_unknown_once(void **state)
{
	struct table *t = *state;
	const struct snapshot_client *c;

	frame(t, 1, CLIENT(10, 5, "7", 1000000000, "drm-client-id: 1"));
	c = find(frame(t, 2, CLIENT(10, 5, "7", 2000000000,
				    "drm-client-id: 1\ndrm-cycles-rcs: 500\ndrm-total-cycles-rcs: 900000")), 1);
	assert_unknown(engine(c, "rcs")->busy);
	c = find(frame(t, 3, CLIENT(10, 5, "7", 3000000000,
				    "drm-client-id: 1\ndrm-cycles-rcs: 600\ndrm-total-cycles-rcs: 900400")), 1);
	assert_near(engine(c, "rcs")->busy, 0.25);
}

static void an_engine_left_out_is_unknown_and_keeps_its_counter(void **state)
{
	struct table *t = *state;
	const struct snapshot_client *c;

	frame(t, 1, CLIENT(10, 5, "7", 1000000000, "drm-client-id: 1\ndrm-engine-gfx: 70 ns"));
	c = find(frame(t, 2, CLIENT(10, 5, "7", 2000000000, "drm-client-id: 1")), 1);
	assert_unknown(engine(c, "gfx")->busy);
	assert_int_equal(engine(c, "gfx")->busy_ns, 70);
	c = find(frame(t, 3, CLIENT(10, 5, "7", 3000000000,
				    "drm-client-id: 1\ndrm-engine-gfx: 100000070 ns")), 1);
	assert_near(engine(c, "gfx")->busy, 0.1);
}

static void cycles_over_total_cycles_go_up_to_the_capacity(void **state)
{
	struct table *t = *state;
	const struct snapshot_client *c;

	frame(t, 1, CLIENT(10, 5, "7", 1000000000,
			   "drm-client-id: 1\ndrm-cycles-ccs: 1000\ndrm-total-cycles-ccs: 50000\n"
			   "drm-engine-capacity-ccs: 4"));
	c = find(frame(t, 2, CLIENT(10, 5, "7", 9000000000,
				    "drm-client-id: 1\ndrm-cycles-ccs: 4000\n"
				    "drm-total-cycles-ccs: 51000\ndrm-engine-capacity-ccs: 4")), 1);
	assert_near(engine(c, "ccs")->busy, 3.0);
	assert_int_equal(c->device->engines[0].capacity, 4);
	assert_int_equal(engine(c, "ccs")->total_cycles, 51000);
	assert_true(engine(c, "ccs")->busy_ns == UNKNOWN);
}

static void a_timestamp_that_stands_still_is_idle_or_unknown_never_nan_work(void **state)
{
	struct table *t = *state;
	const struct snapshot_client *c;

	frame(t, 1, CLIENT(10, 5, "7", 1000000000,
			   "drm-client-id: 1\ndrm-cycles-rcs: 10\ndrm-total-cycles-rcs: 500"));
	c = find(frame(t, 2, CLIENT(10, 5, "7", 2000000000,
				    "drm-client-id: 1\ndrm-cycles-rcs: 10\ndrm-total-cycles-rcs: 500")), 1);
	assert_near(engine(c, "rcs")->busy, 0);
	c = find(frame(t, 3, CLIENT(10, 5, "7", 3000000000,
				    "drm-client-id: 1\ndrm-cycles-rcs: 20\ndrm-total-cycles-rcs: 500")), 1);
	assert_unknown(engine(c, "rcs")->busy);
}

static void ns_are_taken_before_cycles_over_the_maximum_frequency(void **state)
{
	struct table *t = *state;
	const struct snapshot_client *c;

	frame(t, 1, CLIENT(10, 5, "7", 1000000000,
			   "drm-client-id: 1\ndrm-engine-gpu: 0 ns\ndrm-cycles-gpu: 0\n"
			   "drm-maxfreq-gpu: 800 MHz\ndrm-cycles-cp: 0\ndrm-maxfreq-cp: 800000000 Hz"));
	c = find(frame(t, 2, CLIENT(10, 5, "7", 2000000000,
				    "drm-client-id: 1\ndrm-engine-gpu: 300000000 ns\n"
				    "drm-cycles-gpu: 80000000\ndrm-maxfreq-gpu: 800 MHz\n"
				    "drm-cycles-cp: 400000000\ndrm-maxfreq-cp: 800000000 Hz")), 1);
	assert_near(engine(c, "gpu")->busy, 0.3);
	assert_near(engine(c, "cp")->busy, 0.5);
	assert_int_equal(c->device->engines[0].maxfreq_hz, 800000000);
}

static void a_frequency_without_cycles_is_unknown(void **state)
{
	struct table *t = *state;
	const char *text = CLIENT(10, 5, "7", 1000000000,
				  "drm-client-id: 1\ndrm-maxfreq-fragment: 799999987 Hz\n"
				  "drm-curfreq-fragment: 400000000 Hz");
	const struct snapshot_client *c;

	frame(t, 1, text);
	c = find(frame(t, 2, text), 1);
	assert_unknown(engine(c, "fragment")->busy);
	assert_true(engine(c, "fragment")->busy_ns == UNKNOWN);
	assert_int_equal(c->device->engines[0].curfreq_hz, 400000000);
}

static void sharers_over_fork_and_dup_are_listed_never_added(void **state)
{
	struct table *t = *state;
	const struct snapshot *s;
	const struct snapshot_client *c;

	frame(t, 1, CLIENT(20, 9, "3", 1000000000, "drm-client-id: 1\ndrm-engine-gfx: 0 ns")
		    CLIENT(10, 5, "7 8", 1000000010, "drm-client-id: 1\ndrm-engine-gfx: 2 ns"));
	s = frame(t, 2, CLIENT(20, 9, "3", 2000000000, "drm-client-id: 1\ndrm-engine-gfx: 200000000 ns")
			CLIENT(10, 5, "8", 2000000010, "drm-client-id: 1\ndrm-engine-gfx: 200000002 ns")
			CLIENT(10, 5, "7", 2000000020, "drm-client-id: 1\ndrm-engine-gfx: 200000004 ns"));
	assert_int_equal(s->n_clients, 1);
	c = find(s, 1);
	assert_near(engine(c, "gfx")->busy, 0.2);
	assert_near(device_engine(c->device, "gfx")->busy, 0.2);
	assert_int_equal(device_engine(c->device, "gfx")->busy_ns, 200000000);
	/* the oldest process owns it, though the child's record came first */
	assert_int_equal(c->process->pid, 10);
	assert_int_equal(c->n_sharers, 1);
	assert_int_equal(c->sharers[0]->pid, 20);
	assert_int_equal(c->n_holders, 3);
	assert_int_equal(c->holders[0].pid, 10);
	assert_int_equal(c->holders[0].fd, 7);
	assert_int_equal(c->holders[1].fd, 8);
	assert_int_equal(c->holders[2].pid, 20);
	assert_int_equal(c->device->n_clients, 1);
	assert_int_equal(c->device->n_processes, 2);
}

static void a_client_outlives_its_opener(void **state)
{
	struct table *t = *state;
	const struct snapshot_client *c;

	frame(t, 1, CLIENT(10, 5, "7", 1000000000, "drm-client-id: 1\ndrm-engine-gfx: 0 ns")
		    CLIENT(20, 9, "7", 1000000000, "drm-client-id: 1\ndrm-engine-gfx: 0 ns"));
	c = find(frame(t, 2, CLIENT(20, 9, "7", 2000000000,
				    "drm-client-id: 1\ndrm-engine-gfx: 500000000 ns")), 1);
	assert_near(engine(c, "gfx")->busy, 0.5);
	assert_int_equal(c->process->pid, 20);
	assert_int_equal(c->n_sharers, 0);
}

static void a_reused_pid_is_another_process(void **state)
{
	struct table *t = *state;
	const struct snapshot_client *c;

	frame(t, 1, CLIENT(10, 5, "7\ngputop-comm: old\ngputop-cgroup: /a.service", 1000000000,
			   "drm-engine-gfx: 100 ns"));
	c = &frame(t, 2, CLIENT(10, 99, "7\ngputop-comm: new", 2000000000,
				"drm-engine-gfx: 900000000 ns"))->clients[0];
	assert_true(c->id == UNKNOWN);
	assert_unknown(engine(c, "gfx")->busy);
	assert_string_equal(c->process->comm, "new");
	assert_string_equal(c->process->cgroup, "");
	assert_string_equal(c->process->facts.unit, "");
	assert_int_equal(c->process->start_time, 99);
}

static void a_reused_client_id_is_a_new_client_without_a_spike(void **state)
{
	struct table *t = *state;
	const struct snapshot_client *c;

	frame(t, 1, CLIENT(10, 5, "7", 1000000000, "drm-client-id: 1\ndrm-engine-gfx: 9000000000 ns"));
	c = find(frame(t, 2, CLIENT(20, 50, "7", 2000000000,
				    "drm-client-id: 1\ndrm-engine-gfx: 400 ns")), 1);
	assert_unknown(engine(c, "gfx")->busy);
	assert_int_equal(engine(c, "gfx")->busy_ns, 400);
	/* what the first one did stays in the device's sum */
	assert_int_equal(device_engine(c->device, "gfx")->busy_ns, 9000000400);
}

static void a_client_id_that_was_away_for_a_frame_is_a_new_client(void **state)
{
	struct table *t = *state;
	const struct snapshot_client *c;

	frame(t, 1, CLIENT(10, 5, "7", 1000000000, "drm-client-id: 1\ndrm-engine-gfx: 400 ns"));
	frame(t, 2, "");
	c = find(frame(t, 3, CLIENT(20, 50, "7", 3000000000,
				    "drm-client-id: 1\ndrm-engine-gfx: 9000000000 ns")), 1);
	assert_unknown(engine(c, "gfx")->busy);
}

static void without_a_client_id_every_descriptor_is_a_client(void **state)
{
	struct table *t = *state;
	const struct snapshot *s;

	frame(t, 1, CLIENT(10, 5, "7", 1000000000, "drm-engine-gfx: 0 ns")
		    CLIENT(10, 5, "8", 1000000000, "drm-engine-gfx: 0 ns"));
	s = frame(t, 2, CLIENT(10, 5, "7", 2000000000, "drm-engine-gfx: 100000000 ns")
			CLIENT(10, 5, "8", 2000000000, "drm-engine-gfx: 300000000 ns"));
	assert_int_equal(s->n_clients, 2);
	assert_int_equal(s->clients[0].holders[0].fd, 7);
	assert_near(s->clients[0].engines[0].busy, 0.1);
	assert_near(s->clients[1].engines[0].busy, 0.3);
	assert_near(s->devices[0].engines[0].usage.busy, 0.4);
}

static void the_same_client_id_on_two_devices_is_two_clients(void **state)
{
	struct table *t = *state;
	const struct snapshot *s;
	const char *other = "gputop-pid: 10\ngputop-start-time: 5\ngputop-fds: 9\n"
			    "gputop-gpu: 0000:04:00.0\ngputop-time: 1000000000 ns\n"
			    "drm-driver: i915\ndrm-client-id: 1\ndrm-engine-render: 3 ns\n\n";
	char text[1024];

	snprintf(text, sizeof(text), "%s%s", other,
		 CLIENT(10, 5, "7", 1000000000, "drm-client-id: 1\ndrm-engine-gfx: 4 ns"));
	s = frame(t, 1, text);
	assert_int_equal(s->n_clients, 2);
	assert_int_equal(s->n_devices, 2);
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(s->devices[i].n_clients, 1);
		assert_int_equal(s->devices[i].n_processes, 1);
		assert_int_equal(s->devices[i].n_engines, 1);
		assert_ptr_equal(s->clients[i].device, &s->devices[i]);
	}
	assert_string_equal(s->devices[0].device.driver, "i915");
	assert_int_equal(s->clients[1].engines[0].busy_ns, 4);
}

static void exited_clients_stay_in_the_devices_counters(void **state)
{
	struct table *t = *state;
	const struct snapshot *s;

	frame(t, 1, CLIENT(10, 5, "7", 1000000000, "drm-client-id: 1\ndrm-engine-gfx: 100 ns")
		    CLIENT(11, 6, "7", 1000000000, "drm-client-id: 2\ndrm-engine-gfx: 20 ns"));
	s = frame(t, 2, CLIENT(11, 6, "7", 2000000000, "drm-client-id: 2\ndrm-engine-gfx: 23 ns"));
	assert_int_equal(s->n_clients, 1);
	assert_int_equal(s->devices[0].engines[0].usage.busy_ns, 123);
	/* the device is still named, its clients are gone */
	s = frame(t, 3, "gputop-device: 0000:03:00.0\ngputop-device-driver: amdgpu\n\n");
	assert_int_equal(s->n_devices, 1);
	assert_int_equal(s->devices[0].engines[0].usage.busy_ns, 123);
	assert_unknown(s->devices[0].engines[0].usage.busy);
	/* and a device nobody names is not there */
	assert_int_equal(frame(t, 4, "")->n_devices, 0);
}

static void memory_is_resident_or_its_deprecated_alias(void **state)
{
	struct table *t = *state;
	const struct snapshot_client *c;

	c = find(frame(t, 1, CLIENT(10, 5, "7", 1000000000,
				    "drm-client-id: 1\ndrm-memory-gtt: 8 KiB\ndrm-memory-vram: 4 KiB\n"
				    "drm-resident-vram: 3 KiB\ndrm-total-vram: 5 KiB")), 1);
	assert_int_equal(region(c, "gtt")->resident, 8192);
	assert_true(region(c, "gtt")->total == UNKNOWN);
	assert_int_equal(region(c, "vram")->resident, 3072);
	assert_int_equal(region(c, "vram")->total, 5120);
	assert_true(region(c, "vram")->active == UNKNOWN);
	assert_int_equal(c->device->regions[1].usage.resident, 3072);
}

static void a_memory_key_that_some_client_printed_means_zero_when_absent(void **state)
{
	struct table *t = *state;
	const struct snapshot *s;

	s = frame(t, 1, CLIENT(10, 5, "7", 1000000000,
			       "drm-client-id: 1\ndrm-total-memory: 64\ndrm-active-memory: 32")
			CLIENT(11, 5, "7", 1000000000, "drm-client-id: 2\ndrm-total-memory: 8"));
	assert_int_equal(region(find(s, 1), "memory")->active, 32);
	assert_int_equal(region(find(s, 2), "memory")->active, 0);
	assert_true(region(find(s, 2), "memory")->purgeable == UNKNOWN);
	s = frame(t, 2, CLIENT(10, 5, "7", 2000000000, "drm-client-id: 1\ndrm-total-memory: 64"));
	assert_int_equal(region(find(s, 1), "memory")->active, 0);
}

static void a_driver_that_says_nothing_has_unknown_engines(void **state)
{
	struct table *t = *state;
	const struct snapshot *s;
	const char *text = "gputop-device: 0000:01:00.0\ngputop-device-driver: nouveau\n\n"
			   "gputop-pid: 10\ngputop-start-time: 5\ngputop-fds: 9\n"
			   "gputop-gpu: 0000:01:00.0\ngputop-time: 1000000000 ns\n\n";

	frame(t, 1, text);
	s = frame(t, 2, text);
	assert_int_equal(s->n_clients, 1);
	assert_true(s->clients[0].id == UNKNOWN);
	assert_int_equal(s->clients[0].process->pid, 10);
	assert_int_equal(s->devices[0].n_engines, 0);
	assert_string_equal(s->devices[0].device.driver, "nouveau");
}

static void a_driver_learned_from_a_client_is_not_forgotten(void **state)
{
	struct table *t = *state;
	const char *device = "gputop-device: 0000:03:00.0\n\n";
	const struct snapshot *s;

	frame(t, 1, CLIENT(10, 5, "7", 1000000000, "drm-client-id: 1"));
	s = frame(t, 2, device);
	assert_string_equal(s->devices[0].device.driver, "amdgpu");
}

static void a_sleeping_devices_client_keeps_what_it_had_and_claims_nothing(void **state)
{
	struct table *t = *state;
	const char *not_read = "gputop-pid: 10\ngputop-start-time: 5\ngputop-fds: 7\n"
			       "gputop-gpu: 0000:03:00.0\n\n";
	const struct snapshot *s;

	s = frame(t, 1, not_read);
	assert_int_equal(s->n_clients, 1);
	assert_true(s->clients[0].id == UNKNOWN);
	s = frame(t, 2, CLIENT(10, 5, "7", 2000000000, "drm-client-id: 1\ndrm-engine-gfx: 100 ns"));
	assert_int_equal(s->n_clients, 1);
	s = frame(t, 3, not_read);
	assert_int_equal(s->n_clients, 1);
	assert_int_equal(find(s, 1)->n_holders, 1);
	assert_unknown(engine(find(s, 1), "gfx")->busy);
	assert_int_equal(engine(find(s, 1), "gfx")->busy_ns, 100);
	/* awake again: what it did since the last reading, over the time since then */
	s = frame(t, 4, CLIENT(10, 5, "7", 4000000000, "drm-client-id: 1\ndrm-engine-gfx: 500000100 ns"));
	assert_near(engine(find(s, 1), "gfx")->busy, 0.25);
}

static void an_unplugged_devices_client_makes_no_second_one(void **state)
{
	struct table *t = *state;
	const struct snapshot *s;

	frame(t, 1, CLIENT(10, 5, "7", 1000000000, "drm-client-id: 1\ndrm-engine-gfx: 100 ns"));
	s = frame(t, 2, "gputop-pid: 10\ngputop-start-time: 5\ngputop-fds: 7\n"
			"gputop-gpu: 0000:03:00.0\ngputop-time: 2000000000 ns\n\n");
	assert_int_equal(s->n_clients, 1);
	assert_unknown(engine(find(s, 1), "gfx")->busy);
	assert_int_equal(s->devices[0].engines[0].usage.busy_ns, 100);
}

static void an_old_amdgpu_percentage_is_taken_as_it_stands(void **state)
{
	struct table *t = *state;
	const struct snapshot *s;

	s = frame(t, 1, "gputop-pid: 10\ngputop-start-time: 5\ngputop-fds: 9\n"
			"gputop-gpu: 0000:0a:00.0\ngputop-time: 1000000000 ns\n"
			"pdev:\t0000:0a:00.0\npasid:\t32771\nvram mem:\t4 kB\ngfx0:\t1.5%\n\n");
	assert_int_equal(s->clients[0].id, 32771);
	assert_near(s->clients[0].engines[0].busy, 0.0105);
	assert_int_equal(s->clients[0].regions[0].resident, 4096);
}

static void a_client_of_which_no_descriptor_is_known_has_a_process(void **state)
{
	struct table *t = *state;
	const struct snapshot *s;

	s = frame(t, 1, "gputop-pid: 10\ngputop-start-time: 5\ngputop-gpu: 0000:03:00.0\n"
			"gputop-time: 1000000000 ns\ndrm-driver: xe\ndrm-client-id: 4\n\n");
	assert_int_equal(find(s, 4)->n_holders, 0);
	assert_int_equal(find(s, 4)->process->pid, 10);
	assert_int_equal(s->devices[0].n_processes, 1);
}

static void clients_are_ordered_by_device_and_id(void **state)
{
	struct table *t = *state;
	static const uint64_t expected[] = { 2, 3, 5, 40 };
	const struct snapshot *s;

	s = frame(t, 1, CLIENT(10, 5, "1", 1, "drm-client-id: 40") CLIENT(10, 5, "2", 1, "drm-client-id: 3")
			CLIENT(10, 5, "3", 1, "drm-client-id: 5") CLIENT(10, 5, "4", 1, "drm-client-id: 2"));
	assert_int_equal(s->n_clients, 4);
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(s->clients[i].id, expected[i]);
	assert_int_equal(s->devices[0].n_processes, 1);
}

static void the_text_and_the_drivers_own_lines_are_kept_verbatim(void **state)
{
	struct table *t = *state;
	const struct snapshot_client *c;

	c = find(frame(t, 1, CLIENT(10, 5, "7", 1, "drm-client-id: 1\ndrm-client-name: mpv\n"
						   "pasid:\t32784\namd-evicted-vram:\t0 KiB")), 1);
	assert_string_equal(c->name, "mpv");
	assert_int_equal(c->n_extras, 2);
	assert_true(str_is(c->extras[1], "amd-evicted-vram:\t0 KiB"));
	assert_non_null(strstr(c->text.ptr, "drm-client-id: 1\n"));
	assert_null(strstr(c->text.ptr, "gputop-"));
}

static void hostile_names_of_devices_and_engines_do_not_multiply(void **state)
{
	struct table *t = *state;
	static const char text[] = "gputop-pid: 1\ngputop-start-time: 1\ngputop-fds: 1\ngputop-gpu: g\n"
		"gputop-time: 5 ns\ndrm-driver: x\ndrm-client-id: 1\ndrm-engine-ab: 1 ns\n"
		"drm-total-ab: 1\n";
	struct record r = { 0 }, end = { .kind = RECORD_FRAME };
	const struct snapshot *s = NULL;

	for (int i = 0; i < 3; i++) {
		assert_int_equal(record_parse(&r, str_of(text)), 0);
		r.gpu = (struct str){ "0123456789012345678901234567890123456789012345678901234567890123456789", 70 };
		r.fi.engines[0].name = r.fi.regions[0].name = (struct str){ "a\0b", 3 };
		assert_int_equal(table_add(t, &r), 0);
		assert_int_equal(table_add(t, &end), 1);
		s = table_snapshot(t);
	}
	record_done(&r);
	assert_int_equal(s->n_devices, 1);
	assert_int_equal(s->devices[0].n_engines, 1);
	assert_int_equal(s->devices[0].n_regions, 1);
	assert_int_equal(s->n_clients, 1);
}

static void thousands_of_clients_come_and_go(void **state)
{
	struct table *t = *state;
	struct record r = { 0 }, end = { .kind = RECORD_FRAME };
	uint64_t opened = 0;
	char text[256];

	/* half of the clients are replaced in each frame; each of them worked 7 ns in its life */
	for (uint64_t f = 0; f < 6; f++) {
		for (uint64_t i = 0; i < 2000; i++) {
			uint64_t id = f * 1000 + (i * 7919) % 2000;

			snprintf(text, sizeof(text),
				 "gputop-pid: %llu\ngputop-start-time: 1\ngputop-fds: 3\ngputop-gpu: g\n"
				 "gputop-time: %llu ns\ndrm-driver: d\ndrm-client-id: %llu\n"
				 "drm-engine-e: 7 ns\n", (unsigned long long)(id % 50 + 1),
				 (unsigned long long)(f + 1), (unsigned long long)id);
			assert_int_equal(record_parse(&r, str_of(text)), 0);
			assert_int_equal(table_add(t, &r), 0);
		}
		assert_int_equal(table_add(t, &end), 1);
		opened = (f + 2) * 1000;
		assert_int_equal(table_snapshot(t)->n_clients, 2000);
		assert_int_equal(table_snapshot(t)->devices[0].engines[0].usage.busy_ns, 7 * opened);
		assert_int_equal(table_snapshot(t)->devices[0].n_processes, 50);
	}
	record_done(&r);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(nothing_is_published_before_the_first_frame_ends),
		TEST(a_new_client_is_unknown_until_its_second_record),
		TEST(the_interval_is_the_records_own_not_the_frames),
		TEST(no_time_passed_is_unknown_not_infinite),
		TEST(a_counter_that_goes_back_is_held_until_passed),
		TEST(a_late_engine_of_a_known_client_started_at_zero),
		TEST(a_late_engine_with_a_clock_is_unknown_once),
		TEST(an_engine_left_out_is_unknown_and_keeps_its_counter),
		TEST(cycles_over_total_cycles_go_up_to_the_capacity),
		TEST(a_timestamp_that_stands_still_is_idle_or_unknown_never_nan_work),
		TEST(ns_are_taken_before_cycles_over_the_maximum_frequency),
		TEST(a_frequency_without_cycles_is_unknown),
		TEST(sharers_over_fork_and_dup_are_listed_never_added),
		TEST(a_client_outlives_its_opener),
		TEST(a_reused_pid_is_another_process),
		TEST(a_reused_client_id_is_a_new_client_without_a_spike),
		TEST(a_client_id_that_was_away_for_a_frame_is_a_new_client),
		TEST(without_a_client_id_every_descriptor_is_a_client),
		TEST(the_same_client_id_on_two_devices_is_two_clients),
		TEST(exited_clients_stay_in_the_devices_counters),
		TEST(memory_is_resident_or_its_deprecated_alias),
		TEST(a_memory_key_that_some_client_printed_means_zero_when_absent),
		TEST(a_driver_that_says_nothing_has_unknown_engines),
		TEST(a_driver_learned_from_a_client_is_not_forgotten),
		TEST(a_sleeping_devices_client_keeps_what_it_had_and_claims_nothing),
		TEST(an_unplugged_devices_client_makes_no_second_one),
		TEST(an_old_amdgpu_percentage_is_taken_as_it_stands),
		TEST(a_client_of_which_no_descriptor_is_known_has_a_process),
		TEST(clients_are_ordered_by_device_and_id),
		TEST(the_text_and_the_drivers_own_lines_are_kept_verbatim),
		TEST(hostile_names_of_devices_and_engines_do_not_multiply),
		TEST(thousands_of_clients_come_and_go),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
