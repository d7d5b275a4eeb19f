/* SPDX-License-Identifier: MIT */
#include "unit.h"


#include "fdinfo/sensors.h"
#include "scratch.h"

#define S 1000000000ull

static struct scan scan;

static int begin(void **state)
{
	scan = (struct scan){ 0 };
	return scratch_begin(state);
}

static struct sensor_files *open_files(void)
{
	struct sensor_files *f;

	assert_int_equal(sensor_files_open(scratch_root(), "card1", &scan, &f), 0);
	return f;
}

static struct sensors read_once(void)
{
	struct sensor_files *f = open_files();
	struct sensors s = { 0 };

	sensor_files_read(f, true, S, &s, &scan);
	sensor_files_close(f);
	return s;
}

static void amdgpu(void)
{
	scratch_write("hwmon/hwmon4/freq1_input", "2371000000\n");
	scratch_write("hwmon/hwmon4/power1_average", "41000000\n");
	scratch_write("hwmon/hwmon4/power1_cap", "327000000\n");
	scratch_write("hwmon/hwmon4/temp1_input", "47000\n");
	scratch_write("hwmon/hwmon4/temp2_input", "52000\n");
	scratch_write("hwmon/hwmon4/fan1_input", "0\n");
	scratch_write("mem_info_vram_total", "25753026560\n");
	scratch_write("mem_info_gtt_total", "33554432000\n");
}

static void reads_what_amdgpu_has(void **state)
{
	struct sensors s;

	(void)state;
	amdgpu();
	s = read_once();
	assert_true(sensors_get(&s, SENSOR_CLOCK) == 2371000000);
	assert_true(sensors_get(&s, SENSOR_CLOCK_MAX) == UNKNOWN);
	assert_true(sensors_get(&s, SENSOR_POWER) == 41000000);
	assert_true(sensors_get(&s, SENSOR_POWER_CAP) == 327000000);
	assert_true(sensors_get(&s, SENSOR_TEMPERATURE) == 47000);
	/* a fan that stands still is known */
	assert_true(sensors_get(&s, SENSOR_FAN) == 0);
	assert_true(sensors_size(&s, "vram") == 25753026560);
	assert_true(sensors_size(&s, "gtt") == 33554432000);
	assert_true(sensors_size(&s, "cpu") == UNKNOWN);
}

static void reads_what_i915_has(void **state)
{
	struct sensors s;

	(void)state;
	scratch_write("drm/card1/gt/gt0/rps_act_freq_mhz", "350\n");
	scratch_write("drm/card1/gt/gt0/rps_RP0_freq_mhz", "1300\n");
	scratch_write("drm/card1/gt_act_freq_mhz", "351\n");
	scratch_write("drm/card0/gt_act_freq_mhz", "1\n");
	s = read_once();
	assert_true(sensors_get(&s, SENSOR_CLOCK) == 350000000);
	assert_true(sensors_get(&s, SENSOR_CLOCK_MAX) == 1300000000);
	assert_true(sensors_get(&s, SENSOR_POWER) == UNKNOWN);
	assert_int_equal(s.n_sizes, 0);
}

static void reads_what_xe_has(void **state)
{
	struct sensors s;

	(void)state;
	scratch_write("tile0/gt0/freq0/act_freq", "2400\n");
	scratch_write("tile0/gt0/freq0/rp0_freq", "2850\n");
	scratch_write("tile0/physical_vram_size_bytes", "12884901888\n");
	scratch_write("hwmon/hwmon0/temp2_input", "39000\n");
	scratch_write("hwmon/hwmon0/power1_max", "0\n");
	s = read_once();
	assert_true(sensors_get(&s, SENSOR_CLOCK) == 2400000000);
	assert_true(sensors_get(&s, SENSOR_CLOCK_MAX) == 2850000000);
	assert_true(sensors_get(&s, SENSOR_TEMPERATURE) == 39000);
	assert_true(sensors_get(&s, SENSOR_POWER_CAP) == UNKNOWN);
	assert_true(sensors_size(&s, "vram0") == 12884901888);
}

static void reads_what_devfreq_has(void **state)
{
	struct sensors s;

	(void)state;
	scratch_write("devfreq/fb000000.gpu/cur_freq", "300000000\n");
	scratch_write("devfreq/fb000000.gpu/max_freq", "1000000000\n");
	s = read_once();
	assert_true(sensors_get(&s, SENSOR_CLOCK) == 300000000);
	assert_true(sensors_get(&s, SENSOR_CLOCK_MAX) == 1000000000);
}

static void of_several_hwmons_the_first_is_the_devices(void **state)
{
	struct sensors s;

	(void)state;
	scratch_write("hwmon/hwmon10/temp1_input", "1000\n");
	scratch_write("hwmon/hwmon9/temp1_input", "2000\n");
	scratch_write("hwmon/hwmon11/temp1_input", "3000\n");
	s = read_once();
	assert_true(sensors_get(&s, SENSOR_TEMPERATURE) == 2000);
}

static void power_is_the_growth_of_energy(void **state)
{
	struct sensors s = { 0 };
	struct sensor_files *f;

	(void)state;
	scratch_write("hwmon/hwmon0/energy1_input", "1000000\n");
	f = open_files();
	sensor_files_read(f, true, 1 * S, &s, &scan);
	assert_true(sensors_get(&s, SENSOR_POWER) == UNKNOWN);
	scratch_write("hwmon/hwmon0/energy1_input", "31000000\n");
	sensor_files_read(f, true, 3 * S, &s, &scan);
	assert_true(sensors_get(&s, SENSOR_POWER) == 15000000);
	/* begun anew: nothing is known until the next time */
	scratch_write("hwmon/hwmon0/energy1_input", "5\n");
	sensor_files_read(f, true, 4 * S, &s, &scan);
	assert_true(sensors_get(&s, SENSOR_POWER) == UNKNOWN);
	scratch_write("hwmon/hwmon0/energy1_input", "1000005\n");
	sensor_files_read(f, true, 5 * S, &s, &scan);
	assert_true(sensors_get(&s, SENSOR_POWER) == 1000000);
	/* what it drew before it slept says nothing of now */
	sensor_files_read(f, false, 6 * S, &s, &scan);
	scratch_write("hwmon/hwmon0/energy1_input", "3000005\n");
	sensor_files_read(f, true, 7 * S, &s, &scan);
	assert_true(sensors_get(&s, SENSOR_POWER) == UNKNOWN);
	sensor_files_close(f);
}

static void nothing_is_read_of_a_device_that_sleeps(void **state)
{
	struct sensors s = { 0 };
	struct sensor_files *f;

	(void)state;
	amdgpu();
	f = open_files();
	assert_int_equal(scan.syscalls[SYSCALL_READ], 0);
	sensor_files_read(f, false, S, &s, &scan);
	assert_int_equal(scan.syscalls[SYSCALL_READ], 0);
	assert_int_equal(s.known, 0);
	assert_int_equal(s.n_sizes, 0);
	sensor_files_read(f, true, 2 * S, &s, &scan);
	assert_true(scan.syscalls[SYSCALL_READ] > 0);
	assert_int_equal(s.n_sizes, 2);
	/* how hot it was is not how hot it is; what memory it has stays */
	sensor_files_read(f, false, 3 * S, &s, &scan);
	assert_int_equal(s.known, 0);
	assert_int_equal(s.n_sizes, 2);
	sensor_files_close(f);
}

static void readings_are_so_far_apart_that_the_device_can_fall_asleep(void **state)
{
	struct sensors s = { 0 };
	struct sensor_files *f;

	(void)state;
	amdgpu();
	scratch_write("power/control", "auto\n");
	scratch_write("power/autosuspend_delay_ms", "5000\n");
	f = open_files();
	sensor_files_read(f, true, 1 * S, &s, &scan);
	scratch_write("hwmon/hwmon4/temp1_input", "60000\n");
	for (uint64_t t = 2; t <= 10; t++) {
		sensor_files_read(f, true, t * S, &s, &scan);
		assert_true(sensors_get(&s, SENSOR_TEMPERATURE) == 47000);
	}
	sensor_files_read(f, true, 11 * S, &s, &scan);
	assert_true(sensors_get(&s, SENSOR_TEMPERATURE) == 60000);
	/* one that may not sleep is read whenever asked */
	scratch_write("power/control", "on\n");
	scratch_write("hwmon/hwmon4/temp1_input", "61000\n");
	sensor_files_read(f, true, 12 * S, &s, &scan);
	assert_true(sensors_get(&s, SENSOR_TEMPERATURE) == 61000);
	sensor_files_close(f);
}

static void what_makes_no_sense_is_unknown(void **state)
{
	static const char *const texts[] = { "", "\n", "-4000\n", "hot\n", "18446744073709551615\n", "1 2\n" };

	(void)state;
	for (size_t i = 0; i < N_OF(texts); i++) {
		struct sensors s;

		scratch_write("hwmon/hwmon0/temp1_input", texts[i]);
		scratch_write("tile0/gt0/freq0/act_freq", texts[i]);
		scratch_write("mem_info_vram_total", texts[i]);
		s = read_once();
		assert_int_equal(s.known, 0);
		assert_int_equal(s.n_sizes, 0);
	}
	/* would not fit in Hz */
	scratch_write("tile0/gt0/freq0/act_freq", "18446744073709551\n");
	assert_int_equal(read_once().known, 0);
}

static void an_empty_device_has_nothing(void **state)
{
	struct sensors s;

	(void)state;
	s = read_once();
	assert_int_equal(s.known, 0);
	assert_int_equal(s.n_sizes, 0);
	assert_int_equal(scan.syscalls[SYSCALL_READ], 0);
}

#define SENSORS_TEST(name) cmocka_unit_test_setup_teardown(name, begin, scratch_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		SENSORS_TEST(reads_what_amdgpu_has),
		SENSORS_TEST(reads_what_i915_has),
		SENSORS_TEST(reads_what_xe_has),
		SENSORS_TEST(reads_what_devfreq_has),
		SENSORS_TEST(of_several_hwmons_the_first_is_the_devices),
		SENSORS_TEST(power_is_the_growth_of_energy),
		SENSORS_TEST(nothing_is_read_of_a_device_that_sleeps),
		SENSORS_TEST(readings_are_so_far_apart_that_the_device_can_fall_asleep),
		SENSORS_TEST(what_makes_no_sense_is_unknown),
		SENSORS_TEST(an_empty_device_has_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
