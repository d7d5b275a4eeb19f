/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <math.h>

#include "cli/format.h"
#include "cli/pace.h"

#define KIB 1024ull
#define MIB (1024 * KIB)
#define S 1000000000ull

static void bytes_take_five_cells_at_most(void **state)
{
	static const struct { uint64_t n; const char *text, *decimal; } cases[] = {
		{ UNKNOWN, "-", "-" }, { 0, "0", "0" }, { 512, "512", "512" }, { 999, "999", "999" },
		{ 1000, "1000", "1.0kB" }, { 1023, "1023", "1.0kB" }, { 1024, "1.0K", "1.0kB" },
		{ 1536, "1.5K", "1.5kB" }, { 10 * KIB - 1, "10K", "10kB" }, { 999499, "976K", "999kB" },
		{ 999500, "976K", "1.0MB" }, { 1023 * KIB, "1023K", "1.0MB" }, { MIB - 1, "1.0M", "1.0MB" },
		{ 360 * MIB, "360M", "377MB" }, { 1536 * MIB, "1.5G", "1.6GB" }, { UNKNOWN - 1, "16E", "18EB" },
	};
	char scratch[FORMAT_SIZE];

	(void)state;
	for (size_t i = 0; i < N_OF(cases); i++) {
		assert_string_equal(format_bytes(cases[i].n, UNITS_BINARY, scratch).ptr, cases[i].text);
		assert_string_equal(format_bytes(cases[i].n, UNITS_DECIMAL, scratch).ptr, cases[i].decimal);
	}
}

static void bytes_are_written_out_as_far_as_there_is_room(void **state)
{
	static const struct { uint64_t n; const char *text; } cases[] = {
		{ UNKNOWN, "-" }, { 0, "0" }, { 1536, "1536" }, { 25769803776, "25769803776" },
		{ 9999999999999, "9999999999999" }, { 10000000000000, "9.1T" },
	};
	char scratch[FORMAT_SIZE];

	(void)state;
	for (size_t i = 0; i < N_OF(cases); i++) {
		struct str text = format_bytes(cases[i].n, UNITS_BYTES, scratch);

		assert_string_equal(text.ptr, cases[i].text);
		assert_true(text.len <= (size_t)format_bytes_width(UNITS_BYTES));
	}
}

static void percents_are_not_clamped_and_unknown_is_not_nought(void **state)
{
	static const struct { double ratio; const char *text; } cases[] = {
		{ NAN, "-" }, { 0, "0.0%" }, { 0.421, "42.1%" }, { 0.9994, "99.9%" }, { 0.9996, "100%" },
		{ 1, "100%" }, { 3.996, "400%" }, { INFINITY, ">99999%" }, { 1e300, ">99999%" },
	};
	char scratch[FORMAT_SIZE];

	(void)state;
	for (size_t i = 0; i < N_OF(cases); i++)
		assert_string_equal(format_percent(cases[i].ratio, scratch).ptr, cases[i].text);
}

static void durations_grow_coarser(void **state)
{
	static const struct { uint64_t ns; const char *text; } cases[] = {
		{ UNKNOWN, "-" }, { 0, "0:00.00" }, { 83 * S + 450000000, "1:23.45" },
		{ 36000 * S - 1, "599:59.99" }, { 36000 * S, "10h00m" }, { 101 * 3600 * S, "4d05h" },
		{ UNKNOWN - 1, "213503d23h" },
	};
	char scratch[FORMAT_SIZE];

	(void)state;
	for (size_t i = 0; i < N_OF(cases); i++)
		assert_string_equal(format_duration(cases[i].ns, scratch).ptr, cases[i].text);
	assert_string_equal(format_age(59 * S + S - 1, scratch).ptr, "0:59");
	assert_string_equal(format_age(3599 * S, scratch).ptr, "59:59");
	assert_string_equal(format_age(3600 * S, scratch).ptr, "1h00m");
	assert_string_equal(format_age(75 * 3600 * S, scratch).ptr, "3d03h");
	assert_string_equal(format_age(UNKNOWN, scratch).ptr, "-");
	assert_string_equal(format_short_time(900, scratch).ptr, "1 us");
	assert_string_equal(format_short_time(999600, scratch).ptr, "1.0 ms");
	assert_string_equal(format_short_time(10331234, scratch).ptr, "10.3 ms");
	assert_string_equal(format_short_time(S, scratch).ptr, "1.0 s");
	assert_string_equal(format_short_time(UNKNOWN, scratch).ptr, "-");
}

static void a_schedule_does_not_drift(void **state)
{
	struct pace p;
	uint64_t now = 1000 * S;

	(void)state;
	pace_start(&p, now);
	assert_int_equal(pace_left(&p, now), 0);
	for (uint64_t i = 1; i <= 100; i++) {
		now = p.due_ns + 30000000;	/* every pass takes 30 ms */
		pace_next(&p, now, S);
		assert_int_equal(p.due_ns, 1000 * S + i * S);
		assert_int_equal(pace_left(&p, now), S - 30000000);
	}
}

static void a_late_frame_is_not_followed_by_a_burst(void **state)
{
	struct pace p;

	(void)state;
	pace_start(&p, 0);
	pace_next(&p, 5 * S + 1, S);	/* five were missed */
	assert_int_equal(p.due_ns, 6 * S);
	pace_next(&p, 7 * S, S);	/* exactly on the next but one: that one is due */
	assert_int_equal(p.due_ns, 8 * S);
	pace_next(&p, 8 * S, 0);
	assert_int_equal(pace_left(&p, 8 * S), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bytes_take_five_cells_at_most),
		cmocka_unit_test(bytes_are_written_out_as_far_as_there_is_room),
		cmocka_unit_test(percents_are_not_clamped_and_unknown_is_not_nought),
		cmocka_unit_test(durations_grow_coarser),
		cmocka_unit_test(a_schedule_does_not_drift),
		cmocka_unit_test(a_late_frame_is_not_followed_by_a_burst),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
