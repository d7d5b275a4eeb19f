/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "report/field.h"
#include "sample.h"

static struct column column(const char *part)
{
	struct column col;
	struct str bad;

	assert_int_equal(columns_parse(part, &col, 1, &bad), 1);
	return col;
}

static const char *print(const struct column *col, struct value v, struct buf *scratch, char ret[static 256])
{
	assert_int_equal(v.type, col->field->type);
	if (value_is_unknown(&v))
		snprintf(ret, 256, "-");
	else if (v.type == FIELD_TEXT)
		snprintf(ret, 256, "%.*s", (int)v.text.len, v.text.ptr);
	else if (v.type == FIELD_RATIO)
		snprintf(ret, 256, "%.4f", v.ratio);
	else
		snprintf(ret, 256, "%llu", (unsigned long long)v.n);
	buf_done(scratch);
	return ret;
}

/* The cell as text: "-" unknown. */
static const char *cell(const char *part, enum sample_client who, char ret[static 256])
{
	struct column col = column(part);
	struct buf scratch = { 0 };

	return print(&col, column_get(&col, &sample.clients[who], &scratch), &scratch, ret);
}

static const char *group_cell(const char *part, const struct snapshot_client *const *clients, size_t n,
			      char ret[static 256])
{
	struct column col = column(part);
	struct buf scratch = { 0 };

	return print(&col, column_get_group(&col, clients, n, &scratch), &scratch, ret);
}

static void says_of_a_client_what_the_snapshot_has(void **state)
{
	static const struct { const char *part; enum sample_client who; const char *value; } cases[] = {
		{ "pid", SAMPLE_MPV, "42" },
		{ "user", SAMPLE_MPV, "alice" },
		{ "uid", SAMPLE_MPV, "1000" },
		{ "gpu", SAMPLE_MPV, "0000:03:00.0" },
		{ "driver", SAMPLE_NEW, "xe" },
		{ "node", SAMPLE_MPV, "renderD128" },
		{ "id", SAMPLE_MPV, "217" },
		{ "name", SAMPLE_MPV, "mpv" },
		{ "comm", SAMPLE_IDLE, "firefox" },
		{ "cmdline", SAMPLE_MPV, "mpv --hwdec=vaapi film.mkv" },
		{ "start", SAMPLE_MPV, "1000" },
		{ "age", SAMPLE_MPV, "59999999000" },
		{ "interval", SAMPLE_MPV, "1000000000" },
		{ "unit", SAMPLE_IDLE, "session-2.scope" },
		{ "slice", SAMPLE_IDLE, "user-1001.slice" },
		{ "slurm_job", SAMPLE_HUGE, "77" },
		{ "pod", SAMPLE_HOSTILE, "11111111-2222-3333-4444-555555555555" },
		{ "container", SAMPLE_MPV,
		  "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef" },
		{ "cgroup", SAMPLE_IDLE, "/user.slice/user-1001.slice/session-2.scope" },
		{ "workload", SAMPLE_MPV, "0123456789ab" },
		{ "workload", SAMPLE_IDLE, "session-2" },
		{ "workload", SAMPLE_HUGE, "job 77" },
		{ "workload", SAMPLE_SILENT, "-" },
		{ "ppid", SAMPLE_MPV, "60" },
		{ "ppid", SAMPLE_SILENT, "-" },
		{ "fds", SAMPLE_SHARED, "4" },
		{ "holders", SAMPLE_SHARED, "60:12 61:5 62:5 62:6" },
		{ "sharers", SAMPLE_SHARED, "61 62" },
		{ "gputime", SAMPLE_MPV, "7000000000" },
		{ "memory", SAMPLE_MPV, "130023424" },
		{ "use", SAMPLE_MPV, "0.6250" },
	};
	char value[256];

	(void)state;
	for (size_t i = 0; i < N_OF(cases); i++)
		assert_string_equal(cell(cases[i].part, cases[i].who, value), cases[i].value);
}

static void says_of_engines_and_regions_by_name(void **state)
{
	static const struct { const char *part; enum sample_client who; const char *value; } cases[] = {
		{ "busy:gfx", SAMPLE_MPV, "0.5000" },
		{ "busy:dec", SAMPLE_MPV, "0.1250" },
		{ "busy_ns:dec", SAMPLE_MPV, "2000000000" },
		{ "cycles:vcs", SAMPLE_HOSTILE, "4500000" },
		{ "total_cycles:vcs", SAMPLE_HOSTILE, "3000000" },
		{ "total:vram", SAMPLE_MPV, "104857600" },
		{ "resident:gtt", SAMPLE_MPV, "67108864" },
		{ "shared:vram", SAMPLE_IDLE, "20971520" },
		{ "active:vram0", SAMPLE_HOSTILE, "4194304" },
		{ "purgeable:vram", SAMPLE_MPV, "0" },
		/* 1.5 of two instances: capacity divides a share, so that it is never 150 % */
		{ "busy:vcs", SAMPLE_HOSTILE, "0.7500" },
		/* resident where it is known, else total */
		{ "mem:vram", SAMPLE_MPV, "62914560" },
		{ "mem:vram", SAMPLE_SHARED, "52428800" },
		/* of all of them: the sum of what is known */
		{ "busy", SAMPLE_MPV, "0.6250" },
		{ "busy", SAMPLE_SHARED, "0.2500" },
		{ "resident", SAMPLE_MPV, "130023424" },
		/* another device has no such engine */
		{ "busy:gfx", SAMPLE_HOSTILE, "-" },
		{ "mem:vram", SAMPLE_HOSTILE, "-" },
	};
	char value[256];

	(void)state;
	for (size_t i = 0; i < N_OF(cases); i++)
		assert_string_equal(cell(cases[i].part, cases[i].who, value), cases[i].value);
}

static void unknown_is_not_zero(void **state)
{
	static const struct { const char *part; enum sample_client who; const char *value; } cases[] = {
		{ "id", SAMPLE_SILENT, "-" }, { "name", SAMPLE_IDLE, "-" }, { "uid", SAMPLE_SILENT, "-" },
		{ "user", SAMPLE_SILENT, "-" }, { "comm", SAMPLE_SILENT, "-" },
		{ "cmdline", SAMPLE_SILENT, "-" }, { "node", SAMPLE_SILENT, "-" },
		{ "age", SAMPLE_SILENT, "-" }, { "interval", SAMPLE_NEW, "-" },
		{ "use", SAMPLE_NEW, "-" }, { "use", SAMPLE_SILENT, "-" }, { "busy:rcs", SAMPLE_NEW, "-" },
		{ "busy", SAMPLE_SILENT, "-" }, { "gputime", SAMPLE_HOSTILE, "-" },
		{ "memory", SAMPLE_NEW, "-" }, { "container", SAMPLE_IDLE, "-" },
		{ "sharers", SAMPLE_MPV, "-" }, { "busy_ns:dec", SAMPLE_SHARED, "-" },
		/* and zero is known */
		{ "busy:gfx", SAMPLE_IDLE, "0.0000" }, { "busy_ns:dec", SAMPLE_IDLE, "0" },
		{ "uid", SAMPLE_SHARED, "0" }, { "use", SAMPLE_IDLE, "0.0000" },
	};
	char value[256];

	(void)state;
	for (size_t i = 0; i < N_OF(cases); i++)
		assert_string_equal(cell(cases[i].part, cases[i].who, value), cases[i].value);
}

static void unknown_node_numbers_are_not_the_same_node(void **state)
{
	const struct snapshot_device d = { .device = { .nodes = { { "card5", 0 } }, .n_nodes = 1 } };
	const struct snapshot_client c = { .device = &d, .rdev = 0 };
	struct column col = column("node");
	struct value v = column_get(&col, &c, NULL);

	(void)state;
	assert_true(value_is_unknown(&v));
}

static void every_row_of_the_table_is_whole(void **state)
{
	(void)state;
	for (size_t i = 0; i < n_fields; i++) {
		const struct field *f = &fields[i];
		size_t len = strlen(f->help);

		assert_ptr_equal(field_find(str_of(f->key)), f);
		assert_true(f->title[0] && f->unit && f->get && f->width >= 0);
		assert_true(len > 10 && f->help[len - 1] == '.');
		if (f->type == FIELD_BYTES)
			assert_string_equal(f->unit, "bytes");
		if (f->type == FIELD_NS)
			assert_string_equal(f->unit, "ns");
		if (f->type == FIELD_RATIO)
			assert_string_equal(f->unit, "ratio");
	}
}

static void parses_a_list_of_columns(void **state)
{
	struct column cols[4];
	struct str bad;

	(void)state;
	assert_int_equal(columns_parse("pid,busy:gfx,resident,cmdline", cols, 4, &bad), 4);
	assert_string_equal(cols[0].field->key, "pid");
	assert_string_equal(cols[1].field->key, "busy");
	assert_string_equal(cols[1].of, "gfx");
	assert_string_equal(cols[2].of, "");
	assert_string_equal(cols[3].field->key, "cmdline");
}

static void names_the_part_that_is_no_field(void **state)
{
	static const struct { const char *list, *bad; } cases[] = {
		{ "", "" }, { "pid,", "" }, { ",pid", "" }, { "pid,,user", "" }, { "pid,nope,user", "nope" },
		{ "PID", "PID" }, { "pid:gfx", "pid:gfx" }, { "busy:", "busy:" }, { "pi", "pi" },
		{ "pids", "pids" }, { ":gfx", ":gfx" }, { "user, pid", " pid" },
		{ "busy:0123456789012345678901234567890123456789012345678901234567890123",
		  "busy:0123456789012345678901234567890123456789012345678901234567890123" },
	};
	struct column cols[4];
	struct str bad;

	(void)state;
	for (size_t i = 0; i < N_OF(cases); i++) {
		assert_int_equal(columns_parse(cases[i].list, cols, 4, &bad), -ENOENT);
		assert_true(str_is(bad, cases[i].bad));
	}
	assert_int_equal(columns_parse("pid,pid,pid,pid,pid", cols, 4, &bad), -E2BIG);
}

static void orders_values_with_unknown_last(void **state)
{
	const struct value sorted[][4] = {
		{ { FIELD_TEXT, .text = { "a", 1 } }, { FIELD_TEXT, .text = { "ab", 2 } },
		  { FIELD_TEXT, .text = { "b", 1 } }, { FIELD_TEXT, .text = { NULL, 0 } } },
		{ { FIELD_COUNT, .n = 0 }, { FIELD_COUNT, .n = 9 }, { FIELD_COUNT, .n = UNKNOWN - 1 },
		  { FIELD_COUNT, .n = UNKNOWN } },
		{ { FIELD_RATIO, .ratio = 0 }, { FIELD_RATIO, .ratio = 0.5 }, { FIELD_RATIO, .ratio = 7 },
		  { FIELD_RATIO, .ratio = NAN } },
	};

	(void)state;
	for (size_t k = 0; k < 3; k++)
		for (int i = 0; i < 4; i++)
			for (int j = 0; j < 4; j++) {
				int order = value_compare(&sorted[k][i], &sorted[k][j]);

				assert_int_equal((order > 0) - (order < 0), (i > j) - (i < j));
			}
}

static void a_row_of_several_clients_has_sums_and_what_they_share(void **state)
{
	static const struct { const char *part, *value; } cases[] = {
		/* mpv, hostile and new: alice's */
		{ "user", "alice" }, { "uid", "1000" }, { "pid", "-" }, { "gpu", "-" }, { "comm", "-" },
		{ "use", "1.7083" }, { "busy:gfx", "0.5000" }, { "busy:none", "-" },
		{ "memory", "138412032" }, { "gputime", "7000000000" }, { "cycles:rcs", "1000005" },
		{ "total_cycles:rcs", "3000000" }, { "age", "59999999000" }, { "fds", "4" },
		{ "slurm_job", "-" }, { "holders", "-" },
	};
	const struct snapshot_client *group[] = {
		&sample.clients[SAMPLE_MPV], &sample.clients[SAMPLE_HOSTILE], &sample.clients[SAMPLE_NEW],
	};
	char value[256];

	(void)state;
	for (size_t i = 0; i < N_OF(cases); i++)
		assert_string_equal(group_cell(cases[i].part, group, 3, value), cases[i].value);
	for (size_t who = 0; who < N_SAMPLE_CLIENTS; who++)
		for (size_t i = 0; i < n_fields; i++) {
			const struct snapshot_client *one = &sample.clients[who];
			char own[256];

			assert_string_equal(group_cell(fields[i].key, &one, 1, value),
					    cell(fields[i].key, (enum sample_client)who, own));
		}
}

static void made_text_is_common_where_it_is_equal(void **state)
{
	const struct snapshot_client *group[200];
	char value[256];

	(void)state;
	for (size_t i = 0; i < 200; i++)
		group[i] = &sample.clients[SAMPLE_SHARED];
	assert_string_equal(group_cell("holders", group, 200, value), "60:12 61:5 62:5 62:6");
	group[199] = &sample.clients[SAMPLE_MPV];
	assert_string_equal(group_cell("holders", group, 200, value), "-");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(says_of_a_client_what_the_snapshot_has),
		cmocka_unit_test(says_of_engines_and_regions_by_name),
		cmocka_unit_test(unknown_is_not_zero),
		cmocka_unit_test(unknown_node_numbers_are_not_the_same_node),
		cmocka_unit_test(every_row_of_the_table_is_whole),
		cmocka_unit_test(parses_a_list_of_columns),
		cmocka_unit_test(names_the_part_that_is_no_field),
		cmocka_unit_test(orders_values_with_unknown_last),
		cmocka_unit_test(a_row_of_several_clients_has_sums_and_what_they_share),
		cmocka_unit_test(made_text_is_common_where_it_is_equal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
