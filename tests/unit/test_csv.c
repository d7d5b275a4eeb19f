/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "allocs.h"
#include "report/report.h"
#include "sample.h"

#define T "2026-01-02T03:04:05.678Z"

/* Adds the report of @s with @columns to @out. */
static void report(struct csv *csv, const struct snapshot *s, const char *columns, struct buf *out)
{
	struct column cols[64];
	struct view v = { 0 };
	struct str bad;
	int n = columns_parse(columns, cols, 64, &bad);

	assert_true(n > 0);
	assert_int_equal(view_select(&v, &(struct view_options){ .all = true }, s), 0);
	assert_int_equal(report_csv(csv, s, &v, cols, (size_t)n, out), 0);
	view_done(&v);
}

static void rows_under_a_heading(void **state)
{
	struct buf out = { 0 };
	struct csv csv = { 0 };

	(void)state;
	report(&csv, &sample, "pid,user,gpu,use,busy:gfx,busy_ns:gfx,id", &out);
	assert_string_equal(out.ptr,
		"time,pid,user,gpu,use,busy:gfx,busy_ns:gfx,id\n"
		T ",70,alice,0000:04:00.0,1.083333,,,5\n"
		T ",42,alice,0000:03:00.0,0.625000,0.500000,5000000000,217\n"
		T ",60,root,0000:03:00.0,0.250000,0.250000,3000000000,300\n"
		T ",80,bob,0000:04:00.0,0.000001,,,\n"
		T ",43,bob,0000:03:00.0,0.000000,0.000000,1000000000,218\n"
		T ",70,alice,0000:04:00.0,,,,6\n"
		T ",90,,minor:5,,,,\n");
	buf_done(&out);
	csv_done(&csv);
}

static void the_heading_comes_again_only_when_columns_appear(void **state)
{
	struct buf out = { 0 };
	struct csv csv = { 0 };

	(void)state;
	report(&csv, &sample_first, "pid,busy", &out);
	assert_memory_equal(out.ptr, "time,pid,busy:gfx,busy:dec\n2026-", 32);
	buf_reset(&out);
	report(&csv, &sample_first, "pid,busy", &out);
	assert_null(strstr(out.ptr, "time"));
	buf_reset(&out);
	report(&csv, &sample, "pid,busy", &out);
	assert_memory_equal(out.ptr, "time,pid,busy:gfx,busy:dec,busy:rcs,busy:vcs\n2026-", 50);
	buf_reset(&out);
	report(&csv, &sample, "pid,busy", &out);
	assert_null(strstr(out.ptr, "time"));
	buf_done(&out);
	csv_done(&csv);
}

static void hostile_names_stay_inside_their_cells(void **state)
{
	struct buf out = { 0 };
	struct csv csv = { 0 };

	(void)state;
	report(&csv, &sample, "name,comm,cmdline", &out);
	assert_memory_equal(out.ptr, "time,name,comm,cmdline\n", 23);
	assert_non_null(strstr(out.ptr,
		"\n" T ",\"\"\"\357\277\275\357\277\275\",\"a)\\n\"\"b\"\",\\\\\","
		"=cmd\\t\\033[31m\\177 \\302\\233x \357\277\275\357\277\275\357\277\275 \303\251 '\n"));
	for (size_t i = 0; i < out.len; i++)
		assert_true((unsigned char)out.ptr[i] >= 0x20 || out.ptr[i] == '\n');
	buf_done(&out);
	csv_done(&csv);
}

static void hostile_engine_names_stay_inside_the_heading(void **state)
{
	static const struct snapshot_engine engines[] = { { .name = "a,\"b\"\n", .capacity = 1 } };
	struct snapshot_device device = { .engines = engines, .n_engines = 1 };
	struct snapshot s = { .devices = &device, .n_devices = 1 };
	struct buf out = { 0 };
	struct csv csv = { 0 };

	(void)state;
	report(&csv, &s, "busy", &out);
	assert_string_equal(out.ptr, "time,\"busy:a,\"\"b\"\"\\n\"\n");
	buf_done(&out);
	csv_done(&csv);
}

static void all_fields_at_once(void **state)
{
	struct buf list = { 0 }, out = { 0 };
	struct csv csv = { 0 };
	size_t n = 0;

	(void)state;
	for (size_t i = 0; i < n_fields; i++)
		buf_printf(&list, "%s%s", i ? "," : "", fields[i].key);
	report(&csv, &sample, list.ptr, &out);
	for (size_t i = 0; i < out.len; i++)
		n += out.ptr[i] == '\n';
	assert_int_equal(n, 1 + N_SAMPLE_CLIENTS);
	buf_done(&list);
	buf_done(&out);
	csv_done(&csv);
}

static void a_warm_frame_allocates_nothing(void **state)
{
	static const char *const sorts[] = { "use", "holders", "user", "busy:gfx" };
	struct column cols[4], sort[4];
	struct buf out = { 0 };
	struct view v = { 0 };
	struct csv csv = { 0 };
	struct str bad;
	size_t before = 0;

	(void)state;
	assert_int_equal(columns_parse("pid,holders,busy,cmdline", cols, 4, &bad), 4);
	for (int i = 0; i < 4; i++)
		assert_int_equal(columns_parse(sorts[i], &sort[i], 1, &bad), 1);
	for (int frame = 0; frame < 40; frame++) {
		struct view_options o = { .all = true, .sort = sort[frame % 4] };

		if (frame == 20)
			before = allocs_count();
		buf_reset(&out);
		assert_int_equal(view_select(&v, &o, &sample), 0);
		assert_int_equal(report_csv(&csv, &sample, &v, cols, 4, &out), 0);
	}
	assert_true(before > 0);
	assert_int_equal(allocs_count(), before);
	view_done(&v);
	buf_done(&out);
	csv_done(&csv);
}

static void memory_may_run_out_anywhere(void **state)
{
	struct column cols[3];
	struct str bad;
	size_t n = 0;
	int r;

	(void)state;
	assert_int_equal(columns_parse("holders,busy,cmdline", cols, 3, &bad), 3);
	do {
		struct view_options o = { .all = true, .sort = cols[0] };
		struct buf out = { 0 };
		struct view v = { 0 };
		struct csv csv = { 0 };

		allocs_fail_after(++n);
		r = view_select(&v, &o, &sample);
		assert_true(r == 0 || (r == -ENOMEM && v.n_clients == 0 && v.n_devices == 0));
		if (!r)
			r = report_csv(&csv, &sample, &v, cols, 3, &out);
		allocs_fail_after(0);
		assert_true(r == 0 || r == -ENOMEM);
		view_done(&v);
		buf_done(&out);
		csv_done(&csv);
	} while (r && n < 1000);
	assert_true(n > 5 && r == 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_under_a_heading),
		cmocka_unit_test(the_heading_comes_again_only_when_columns_appear),
		cmocka_unit_test(hostile_names_stay_inside_their_cells),
		cmocka_unit_test(hostile_engine_names_stay_inside_the_heading),
		cmocka_unit_test(all_fields_at_once),
		cmocka_unit_test(a_warm_frame_allocates_nothing),
		cmocka_unit_test(memory_may_run_out_anywhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
