/* SPDX-License-Identifier: MIT */
/* The counting rules, each on records in the dialect: what counters and bytes become. */
#include "frames.h"


static void a_new_client_is_unknown_until_its_second_record(void **state)
{
	struct table *t = *state;
	const struct snapshot_client *c;

	c = find_client(table_frame(t, 1, CLIENT(10, 5, "7", 1000000000,
				    "drm-client-id: 1\ndrm-engine-gfx: 900000000 ns")), 1);
	assert_unknown(client_engine(c, "gfx")->busy);
	assert_int_equal(client_engine(c, "gfx")->busy_ns, 900000000);
	assert_true(c->interval_ns == UNKNOWN);
	assert_unknown(device_engine(c->device, "gfx")->busy);

	c = find_client(table_frame(t, 2, CLIENT(10, 5, "7", 2000000000,
				    "drm-client-id: 1\ndrm-engine-gfx: 1150000000 ns")), 1);
	assert_near(client_engine(c, "gfx")->busy, 0.25);
	assert_int_equal(c->interval_ns, SECOND);
	assert_near(device_engine(c->device, "gfx")->busy, 0.25);
}

static void the_interval_is_the_records_own_not_the_frames(void **state)
{
	struct table *t = *state;
	const struct snapshot_client *c;

	table_frame(t, 1 * SECOND, CLIENT(10, 5, "7", 1000000000, "drm-client-id: 1\ndrm-engine-gfx: 0 ns"));
	c = find_client(table_frame(t, 2 * SECOND, CLIENT(10, 5, "7", 3000000000,
					     "drm-client-id: 1\ndrm-engine-gfx: 1000000000 ns")), 1);
	assert_near(client_engine(c, "gfx")->busy, 0.5);
	assert_int_equal(c->interval_ns, 2 * SECOND);
}

static void no_time_passed_is_unknown_not_infinite(void **state)
{
	struct table *t = *state;
	const struct snapshot_client *c;

	table_frame(t, 1, CLIENT(10, 5, "7", 1000000000, "drm-client-id: 1\ndrm-engine-gfx: 5 ns"));
	c = find_client(table_frame(t, 2, CLIENT(10, 5, "7", 1000000000,
				    "drm-client-id: 1\ndrm-engine-gfx: 1000 ns")), 1);
	assert_unknown(client_engine(c, "gfx")->busy);
	c = find_client(table_frame(t, 3, CLIENT(10, 5, "7", 2000000000,
				    "drm-client-id: 1\ndrm-engine-gfx: 1000 ns")), 1);
	assert_near(client_engine(c, "gfx")->busy, 0);
}

static void a_counter_that_goes_back_is_held_until_passed(void **state)
{
	struct table *t = *state;
	const struct snapshot_client *c;

	table_frame(t, 1, CLIENT(10, 5, "7", 1000000000, "drm-client-id: 1\ndrm-engine-gfx: 5000000000 ns"));
	c = find_client(table_frame(t, 2, CLIENT(10, 5, "7", 2000000000,
				    "drm-client-id: 1\ndrm-engine-gfx: 4000000000 ns")), 1);
	assert_near(client_engine(c, "gfx")->busy, 0);
	assert_int_equal(client_engine(c, "gfx")->busy_ns, 5 * SECOND);
	c = find_client(table_frame(t, 3, CLIENT(10, 5, "7", 3000000000,
				    "drm-client-id: 1\ndrm-engine-gfx: 5100000000 ns")), 1);
	assert_near(client_engine(c, "gfx")->busy, 0.1);
	assert_int_equal(device_engine(c->device, "gfx")->busy_ns, 5100000000);
}

static void a_late_engine_of_a_known_client_started_at_zero(void **state)
{
	struct table *t = *state;
	const struct snapshot_client *c;

	table_frame(t, 1, CLIENT(10, 5, "7", 1000000000, "drm-client-id: 1\ndrm-engine-gfx: 70 ns"));
	c = find_client(table_frame(t, 2, CLIENT(10, 5, "7", 2000000000,
				    "drm-client-id: 1\ndrm-engine-dec: 250000000 ns\n"
				    "drm-engine-gfx: 500000070 ns")), 1);
	assert_near(client_engine(c, "dec")->busy, 0.25);
	/* by name: amdgpu's new engine in front did not take gfx' place */
	assert_near(client_engine(c, "gfx")->busy, 0.5);
	assert_string_equal(c->device->engines[0].name, "gfx");
	assert_string_equal(c->device->engines[1].name, "dec");
}

static void a_late_engine_with_a_clock_is_unknown_once(void **state)
{
	struct table *t = *state;
	const struct snapshot_client *c;

	table_frame(t, 1, CLIENT(10, 5, "7", 1000000000, "drm-client-id: 1"));
	c = find_client(table_frame(t, 2, CLIENT(10, 5, "7", 2000000000,
				    "drm-client-id: 1\ndrm-cycles-rcs: 500\ndrm-total-cycles-rcs: 900000")), 1);
	assert_unknown(client_engine(c, "rcs")->busy);
	c = find_client(table_frame(t, 3, CLIENT(10, 5, "7", 3000000000,
				    "drm-client-id: 1\ndrm-cycles-rcs: 600\ndrm-total-cycles-rcs: 900400")), 1);
	assert_near(client_engine(c, "rcs")->busy, 0.25);
}

static void an_engine_left_out_is_unknown_and_keeps_its_counter(void **state)
{
	struct table *t = *state;
	const struct snapshot_client *c;

	table_frame(t, 1, CLIENT(10, 5, "7", 1000000000, "drm-client-id: 1\ndrm-engine-gfx: 70 ns"));
	c = find_client(table_frame(t, 2, CLIENT(10, 5, "7", 2000000000, "drm-client-id: 1")), 1);
	assert_unknown(client_engine(c, "gfx")->busy);
	assert_int_equal(client_engine(c, "gfx")->busy_ns, 70);
	c = find_client(table_frame(t, 3, CLIENT(10, 5, "7", 3000000000,
				    "drm-client-id: 1\ndrm-engine-gfx: 1900000070 ns")), 1);
	/* in how much of the time it was left out nobody knows */
	assert_unknown(client_engine(c, "gfx")->busy);
	assert_int_equal(client_engine(c, "gfx")->busy_ns, 1900000070);
	c = find_client(table_frame(t, 4, CLIENT(10, 5, "7", 4000000000,
				    "drm-client-id: 1\ndrm-engine-gfx: 2000000070 ns")), 1);
	assert_near(client_engine(c, "gfx")->busy, 0.1);
}

static void cycles_over_total_cycles_go_up_to_the_capacity(void **state)
{
	struct table *t = *state;
	const struct snapshot_client *c;

	table_frame(t, 1, CLIENT(10, 5, "7", 1000000000,
			   "drm-client-id: 1\ndrm-cycles-ccs: 1000\ndrm-total-cycles-ccs: 50000\n"
			   "drm-engine-capacity-ccs: 4"));
	c = find_client(table_frame(t, 2, CLIENT(10, 5, "7", 9000000000,
				    "drm-client-id: 1\ndrm-cycles-ccs: 4000\n"
				    "drm-total-cycles-ccs: 51000\ndrm-engine-capacity-ccs: 4")), 1);
	assert_near(client_engine(c, "ccs")->busy, 3.0);
	assert_int_equal(c->device->engines[0].capacity, 4);
	assert_int_equal(client_engine(c, "ccs")->total_cycles, 51000);
	assert_true(client_engine(c, "ccs")->busy_ns == UNKNOWN);
}

static void a_timestamp_that_stands_still_is_idle_or_unknown_never_nan_work(void **state)
{
	struct table *t = *state;
	const struct snapshot_client *c;

	table_frame(t, 1, CLIENT(10, 5, "7", 1000000000,
			   "drm-client-id: 1\ndrm-cycles-rcs: 10\ndrm-total-cycles-rcs: 500"));
	c = find_client(table_frame(t, 2, CLIENT(10, 5, "7", 2000000000,
				    "drm-client-id: 1\ndrm-cycles-rcs: 10\ndrm-total-cycles-rcs: 500")), 1);
	assert_near(client_engine(c, "rcs")->busy, 0);
	c = find_client(table_frame(t, 3, CLIENT(10, 5, "7", 3000000000,
				    "drm-client-id: 1\ndrm-cycles-rcs: 20\ndrm-total-cycles-rcs: 500")), 1);
	assert_unknown(client_engine(c, "rcs")->busy);
}

/* xe: the device was without power, and its timestamp register began at 0 */
static void a_clock_that_restarts_is_unknown_once(void **state)
{
	struct table *t = *state;
	const struct snapshot_client *c;

	table_frame(t, 1, CLIENT(10, 5, "7", 1000000000,
				 "drm-client-id: 1\ndrm-cycles-rcs: 1000\ndrm-total-cycles-rcs: 500000"));
	c = find_client(table_frame(t, 2, CLIENT(10, 5, "7", 2000000000,
				    "drm-client-id: 1\ndrm-cycles-rcs: 1500\ndrm-total-cycles-rcs: 100")), 1);
	assert_unknown(client_engine(c, "rcs")->busy);
	assert_int_equal(client_engine(c, "rcs")->total_cycles, 100);
	assert_int_equal(device_engine(c->device, "rcs")->total_cycles, 100);
	c = find_client(table_frame(t, 3, CLIENT(10, 5, "7", 3000000000,
				    "drm-client-id: 1\ndrm-cycles-rcs: 2000\ndrm-total-cycles-rcs: 1100")), 1);
	assert_near(client_engine(c, "rcs")->busy, 0.5);
	assert_int_equal(device_engine(c->device, "rcs")->cycles, 2000);
}

static void ns_are_taken_before_cycles_over_the_maximum_frequency(void **state)
{
	struct table *t = *state;
	const struct snapshot_client *c;

	table_frame(t, 1, CLIENT(10, 5, "7", 1000000000,
			   "drm-client-id: 1\ndrm-engine-gpu: 0 ns\ndrm-cycles-gpu: 0\n"
			   "drm-maxfreq-gpu: 800 MHz\ndrm-cycles-cp: 0\ndrm-maxfreq-cp: 800000000 Hz"));
	c = find_client(table_frame(t, 2, CLIENT(10, 5, "7", 2000000000,
				    "drm-client-id: 1\ndrm-engine-gpu: 300000000 ns\n"
				    "drm-cycles-gpu: 80000000\ndrm-maxfreq-gpu: 800 MHz\n"
				    "drm-cycles-cp: 400000000\ndrm-maxfreq-cp: 800000000 Hz")), 1);
	assert_near(client_engine(c, "gpu")->busy, 0.3);
	assert_near(client_engine(c, "cp")->busy, 0.5);
	assert_int_equal(c->device->engines[0].maxfreq_hz, 800000000);
}

static void a_frequency_without_cycles_is_unknown(void **state)
{
	struct table *t = *state;
	const char *text = CLIENT(10, 5, "7", 1000000000,
				  "drm-client-id: 1\ndrm-maxfreq-fragment: 799999987 Hz\n"
				  "drm-curfreq-fragment: 400000000 Hz");
	const struct snapshot_client *c;

	table_frame(t, 1, text);
	c = find_client(table_frame(t, 2, text), 1);
	assert_unknown(client_engine(c, "fragment")->busy);
	assert_true(client_engine(c, "fragment")->busy_ns == UNKNOWN);
	assert_int_equal(c->device->engines[0].curfreq_hz, 400000000);
}

static void exited_clients_stay_in_the_devices_counters(void **state)
{
	struct table *t = *state;
	const struct snapshot *s;

	table_frame(t, 1, CLIENT(10, 5, "7", 1000000000, "drm-client-id: 1\ndrm-engine-gfx: 100 ns")
		    CLIENT(11, 6, "7", 1000000000, "drm-client-id: 2\ndrm-engine-gfx: 20 ns"));
	s = table_frame(t, 2, CLIENT(11, 6, "7", 2000000000, "drm-client-id: 2\ndrm-engine-gfx: 23 ns"));
	assert_int_equal(s->n_clients, 1);
	assert_int_equal(s->devices[0].engines[0].usage.busy_ns, 123);
	/* the device is still named, its clients are gone */
	s = table_frame(t, 3, "gputop-device: 0000:03:00.0\ngputop-device-driver: amdgpu\n\n");
	assert_int_equal(s->n_devices, 1);
	assert_int_equal(s->devices[0].engines[0].usage.busy_ns, 123);
	assert_unknown(s->devices[0].engines[0].usage.busy);
	/* and a device nobody names is not there */
	assert_int_equal(table_frame(t, 4, "")->n_devices, 0);
}

static void sums_of_made_up_counters_neither_go_back_nor_become_unknown(void **state)
{
	static const uint64_t most = UNKNOWN - 1;
	const struct snapshot_device *d;

	d = table_frame(*state, 1, CLIENT(10, 5, "7", 1000000000,
					  "drm-client-id: 1\ndrm-engine-gfx: 18446744073709551613 ns\n"
					  "drm-total-vram: 18446744073709551613")
			CLIENT(11, 6, "7", 1000000000,
			       "drm-client-id: 2\ndrm-engine-gfx: 2 ns\ndrm-total-vram: 5"))->devices;
	assert_true(device_engine(d, "gfx")->busy_ns == most);
	assert_true(d->regions[0].usage.total == most);
	d = table_frame(*state, 2, CLIENT(11, 6, "7", 2000000000, "drm-client-id: 2\ndrm-engine-gfx: 9 ns"))->devices;
	assert_true(device_engine(d, "gfx")->busy_ns == most);
}

static void memory_is_resident_or_its_deprecated_alias(void **state)
{
	struct table *t = *state;
	const struct snapshot_client *c;

	c = find_client(table_frame(t, 1, CLIENT(10, 5, "7", 1000000000,
				    "drm-client-id: 1\ndrm-memory-gtt: 8 KiB\ndrm-memory-vram: 4 KiB\n"
				    "drm-resident-vram: 3 KiB\ndrm-total-vram: 5 KiB")), 1);
	assert_int_equal(client_region(c, "gtt")->resident, 8192);
	assert_true(client_region(c, "gtt")->total == UNKNOWN);
	assert_int_equal(client_region(c, "vram")->resident, 3072);
	assert_int_equal(client_region(c, "vram")->total, 5120);
	assert_true(client_region(c, "vram")->active == UNKNOWN);
	assert_int_equal(c->device->regions[1].usage.resident, 3072);
}

static void a_memory_key_that_some_client_printed_means_zero_when_absent(void **state)
{
	struct table *t = *state;
	const struct snapshot *s;

	s = table_frame(t, 1, CLIENT(10, 5, "7", 1000000000,
			       "drm-client-id: 1\ndrm-total-memory: 64\ndrm-active-memory: 32")
			CLIENT(11, 5, "7", 1000000000, "drm-client-id: 2\ndrm-total-memory: 8"));
	assert_int_equal(client_region(find_client(s, 1), "memory")->active, 32);
	assert_int_equal(client_region(find_client(s, 2), "memory")->active, 0);
	assert_true(client_region(find_client(s, 2), "memory")->purgeable == UNKNOWN);
	s = table_frame(t, 2, CLIENT(10, 5, "7", 2000000000, "drm-client-id: 1\ndrm-total-memory: 64"));
	assert_int_equal(client_region(find_client(s, 1), "memory")->active, 0);
}

static void a_driver_that_says_nothing_has_unknown_engines(void **state)
{
	struct table *t = *state;
	const struct snapshot *s;
	const char *text = "gputop-device: 0000:01:00.0\ngputop-device-driver: nouveau\n\n"
			   "gputop-pid: 10\ngputop-start-time: 5\ngputop-fds: 9\n"
			   "gputop-gpu: 0000:01:00.0\ngputop-time: 1000000000 ns\n\n";

	table_frame(t, 1, text);
	s = table_frame(t, 2, text);
	assert_int_equal(s->n_clients, 1);
	assert_true(s->clients[0].id == UNKNOWN);
	assert_int_equal(s->clients[0].process->pid, 10);
	assert_int_equal(s->devices[0].n_engines, 0);
	assert_string_equal(s->devices[0].device.driver, "nouveau");
}

static void an_old_amdgpu_percentage_is_taken_as_it_stands(void **state)
{
	struct table *t = *state;
	const struct snapshot *s;

	s = table_frame(t, 1, "gputop-pid: 10\ngputop-start-time: 5\ngputop-fds: 9\n"
			"gputop-gpu: 0000:0a:00.0\ngputop-time: 1000000000 ns\n"
			"pdev:\t0000:0a:00.0\npasid:\t32771\nvram mem:\t4 kB\ngfx0:\t1.5%\n\n");
	assert_int_equal(s->clients[0].id, 32771);
	assert_near(s->clients[0].engines[0].busy, 0.0105);
	assert_int_equal(s->clients[0].regions[0].resident, 4096);
}

static void a_device_has_only_so_many_engines_and_regions(void **state)
{
	struct table *t = *state;
	const struct snapshot *s = NULL;
	struct buf text = { 0 };

	for (uint64_t frame = 1; frame <= 3; frame++) {
		buf_reset(&text);
		buf_printf(&text, CLIENT(10, 5, "7", 1000000000, "drm-client-id: 1"));
		text.len--;
		for (int i = 0; i < 400; i++)
			buf_printf(&text, "drm-engine-%d-%d: 1 ns\ndrm-total-%d-%d: 2\n", (int)frame, i, (int)frame, i);
		buf_printf(&text, "\n");
		s = table_frame(t, frame * SECOND, text.ptr);
	}
	assert_int_equal(s->devices[0].n_engines, FDINFO_MAX_PARTS);
	assert_int_equal(s->devices[0].n_regions, FDINFO_MAX_PARTS);
	assert_int_equal(device_engine(&s->devices[0], "1-0")->busy_ns, 1);
	assert_int_equal(client_region(&s->clients[0], "2-111")->total, UNKNOWN);
	buf_done(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TABLE_TEST(a_new_client_is_unknown_until_its_second_record),
		TABLE_TEST(the_interval_is_the_records_own_not_the_frames),
		TABLE_TEST(no_time_passed_is_unknown_not_infinite),
		TABLE_TEST(a_counter_that_goes_back_is_held_until_passed),
		TABLE_TEST(a_late_engine_of_a_known_client_started_at_zero),
		TABLE_TEST(a_late_engine_with_a_clock_is_unknown_once),
		TABLE_TEST(an_engine_left_out_is_unknown_and_keeps_its_counter),
		TABLE_TEST(cycles_over_total_cycles_go_up_to_the_capacity),
		TABLE_TEST(a_timestamp_that_stands_still_is_idle_or_unknown_never_nan_work),
		TABLE_TEST(a_clock_that_restarts_is_unknown_once),
		TABLE_TEST(ns_are_taken_before_cycles_over_the_maximum_frequency),
		TABLE_TEST(a_frequency_without_cycles_is_unknown),
		TABLE_TEST(exited_clients_stay_in_the_devices_counters),
		TABLE_TEST(sums_of_made_up_counters_neither_go_back_nor_become_unknown),
		TABLE_TEST(memory_is_resident_or_its_deprecated_alias),
		TABLE_TEST(a_memory_key_that_some_client_printed_means_zero_when_absent),
		TABLE_TEST(a_driver_that_says_nothing_has_unknown_engines),
		TABLE_TEST(an_old_amdgpu_percentage_is_taken_as_it_stands),
		TABLE_TEST(a_device_has_only_so_many_engines_and_regions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
