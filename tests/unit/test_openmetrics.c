/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "allocs.h"
#include "report/metric.h"
#include "sample.h"

struct run {
	struct totals totals;
	struct openmetrics om;
	struct buf out;
	struct openmetrics_options o;
};

static int setup(void **state)
{
	struct run *r = calloc(1, sizeof(*r));

	assert_non_null(r);
	r->totals.max_groups = TOTALS_MAX_GROUPS;
	r->o = (struct openmetrics_options){ .max_clients = OPENMETRICS_MAX_CLIENTS, .version = "1.2" };
	assert_int_equal(totals_add(&r->totals, &sample), 0);
	*state = r;
	return 0;
}

static int teardown(void **state)
{
	struct run *r = *state;

	totals_done(&r->totals);
	openmetrics_done(&r->om);
	buf_done(&r->out);
	free(r);
	return 0;
}

static const char *report(struct run *r, const struct snapshot *s)
{
	buf_reset(&r->out);
	assert_int_equal(report_openmetrics(&r->om, &r->o, s, &r->totals, &r->out), 0);
	return r->out.ptr;
}

static void has(const char *text, const char *part)
{
	if (!strstr(text, part))
		fail_msg("no %s in\n%s", part, text);
}

static void has_not(const char *text, const char *part)
{
	if (strstr(text, part))
		fail_msg("%s in\n%s", part, text);
}

static void families_have_help_and_type(void **state)
{
	const char *text = report(*state, &sample);

	has(text, "\n# HELP gputop_engine_busy_seconds_total Engine time");
	has(text, "\n# TYPE gputop_engine_busy_seconds_total counter\n"
		  "gputop_engine_busy_seconds_total{gpu=\"0000:03:00.0\",engine=\"gfx\"} 0.000000000\n");
	has(text, "# TYPE gputop_gpu_info gauge\ngputop_gpu_info{gpu=\"0000:03:00.0\",driver=\"amdgpu\","
		  "card=\"card0\",render=\"renderD128\",vendor_id=\"0x1002\",device_id=\"0x744c\","
		  "name=\"AMD Navi 31 [Radeon RX 7900 XTX]\"} 1\n");
	has(text, "gputop_engine_capacity{gpu=\"0000:04:00.0\",engine=\"vcs\"} 2\n");
	has(text, "gputop_engine_frequency_hertz{gpu=\"0000:04:00.0\",engine=\"rcs\"} 1200000000\n");
	has(text, "gputop_last_scan_timestamp_seconds 1767323045.678000000\n");
	has(text, "gputop_build_info{version=\"1.2\"} 1\n");
	has_not(text, "# EOF");
	has_not(text, "# UNIT");
}

static void openmetrics_differs_in_its_headings(void **state)
{
	struct run *r = *state;
	const char *text;

	r->o.is_openmetrics = true;
	text = report(r, &sample);
	has(text, "\n# TYPE gputop_engine_busy_seconds counter\n# UNIT gputop_engine_busy_seconds seconds\n"
		  "gputop_engine_busy_seconds_total{");
	has(text, "# TYPE gputop_gpu info\ngputop_gpu_info{");
	assert_string_equal(r->out.ptr + r->out.len - 6, "# EOF\n");
}

static void sensors_are_in_base_units(void **state)
{
	const char *text = report(*state, &sample);

	has(text, "# TYPE gputop_gpu_power_watts gauge\ngputop_gpu_power_watts{gpu=\"0000:03:00.0\"} 141.500000\n");
	has(text, "gputop_gpu_temperature_celsius{gpu=\"0000:03:00.0\"} 61.400\n");
	has(text, "gputop_gpu_power_limit_watts{gpu=\"0000:03:00.0\"} 327.000000\n");
	has(text, "gputop_gpu_fan_rpm{gpu=\"0000:03:00.0\"} 1350\n");
	has(text, "gputop_memory_size_bytes{gpu=\"0000:03:00.0\",region=\"vram\"} 25753026560\n");
	has(text, "gputop_gpu_frequency_hertz{gpu=\"0000:04:00.0\"} 0\n");
	has_not(text, "gputop_gpu_power_watts{gpu=\"0000:04:00.0\"}");
	has_not(text, "gputop_gpu_temperature_celsius{gpu=\"minor:5\"}");
	has_not(text, "gputop_memory_size_bytes{gpu=\"0000:04:00.0\"");
}

static void unknown_is_no_sample(void **state)
{
	const char *text = report(*state, &sample);

	has(text, "gputop_gpu_runtime_active{gpu=\"minor:5\"} 0\n");
	has_not(text, "gputop_engine_capacity{gpu=\"minor:5\"");
	has_not(text, "gputop_engine_elapsed_cycles_total{gpu=\"0000:03:00.0\"");
	has_not(text, "18446744073709551615");
	has_not(text, "gputop_config_last_reload_successful");
}

static void clients_only_if_asked_for(void **state)
{
	struct run *r = *state;
	const char *text = report(r, &sample);

	has_not(text, "gputop_client_");
	has_not(text, "firefox");
	r->o.per_client = true;
	text = report(r, &sample);
	has(text, "gputop_client_info{gpu=\"0000:03:00.0\",client=\"217\",pid=\"42\",comm=\"mpv\",user=\"alice\"");
	has(text, "gputop_client_engine_busy_seconds_total{gpu=\"0000:03:00.0\",engine=\"gfx\",client=\"217\"} "
		  "5.000000000\n");
	has(text, "gputop_client_engine_busy_cycles_total{gpu=\"0000:04:00.0\",engine=\"rcs\",client=\"80:3\"} "
		  "18446744073709551614\n");
	has_not(text, "film.mkv");
}

static void names_cannot_break_lines(void **state)
{
	struct run *r = *state;
	const char *text;

	r->o.per_client = true;
	text = report(r, &sample);
	has(text, "comm=\"a)\xef\xbf\xbd\\\"b\\\",\\\\\"");
	for (; *text; text = strchr(text, '\n') + 1)
		assert_true(strncmp(text, "gputop_", 7) == 0 || strncmp(text, "# ", 2) == 0);
}

static void the_limit_says_how_many_it_left_out(void **state)
{
	struct run *r = *state;
	const char *text;

	r->o.per_client = true;
	r->o.max_clients = 2;
	text = report(r, &sample);
	has(text, "gputop_clients_without_series{family=\"client\"} 5\n");
	has(text, "client=\"218\"");
	has_not(text, "client=\"300\"");
}

static void a_failed_scan_tells_of_gputop_alone(void **state)
{
	struct run *r = *state;
	const char *text;

	r->o.reload = RELOAD_FAILED;
	text = report(r, NULL);
	has(text, "gputop_last_scan_success 0\n");
	has(text, "gputop_config_last_reload_successful 0\n");
	has(text, "gputop_scans_total 1\n");
	has_not(text, "gpu=");
	has_not(text, "last_scan_timestamp");
}

static void devices_that_left_have_counters_only(void **state)
{
	struct run *r = *state;
	const char *text;

	assert_int_equal(totals_add(&r->totals, &sample_first), 0);
	text = report(r, &sample_first);
	has(text, "gputop_engine_busy_cycles_total{gpu=\"0000:04:00.0\",engine=\"rcs\"}");
	has_not(text, "gputop_gpu_clients{gpu=\"0000:04:00.0\"");
	has_not(text, "gputop_engine_capacity{gpu=\"0000:04:00.0\"");
}

/* The labels of the table are those of the samples: the manual page is made from it. */
static void labels_are_those_of_the_table(void **state)
{
	struct run *r = *state;
	const char *text;

	r->o.per_client = true;
	text = report(r, &sample);
	for (size_t i = 0; i < n_metrics; i++) {
		const struct metric *m = &metrics[i];
		const char *labels = m->labels, *line;
		char name[128];

		assert_null(strpbrk(m->help, "\\\n"));
		snprintf(name, sizeof(name), "\n%s%s{", m->name, metric_suffix(m));
		line = strstr(text, name);
		if (!labels)
			assert_null(line);
		if (!line)
			continue;
		line += strlen(name);
		while (labels) {
			size_t len = strcspn(labels, " ");

			if (strncmp(line, labels, len) != 0 || line[len] != '=')
				fail_msg("%s: %s is not %.*s", m->name, labels, (int)strcspn(line, "\n"), line);
			labels = labels[len] ? labels + len + 1 : NULL;
			line = strstr(line, "\",");
			if (labels)
				assert_non_null(line);
			line = line ? line + 2 : "";
		}
	}
}

static void nothing_is_allocated_once_warm(void **state)
{
	struct run *r = *state;
	size_t before;

	r->o.per_client = true;
	report(r, &sample);
	before = allocs_count();
	assert_int_equal(totals_add(&r->totals, &sample), 0);
	report(r, &sample);
	assert_int_equal(allocs_count(), before);
}

/* Every allocation may fail: an error, and all is well with the next frame. */
static void out_of_memory_is_an_error(void **state)
{
	int e = -1;

	(void)state;
	for (size_t n = 1; e; n++) {
		struct totals t = { .max_groups = 2 };
		struct openmetrics om = { 0 };
		struct buf out = { 0 };
		const struct openmetrics_options o = { .per_client = true, .max_clients = 9, .version = "" };

		assert_true(n < 1000);
		allocs_fail_after(n);
		e = totals_add(&t, &sample);
		if (!e)
			e = report_openmetrics(&om, &o, &sample, &t, &out);
		allocs_fail_after(0);
		assert_true(e == 0 || e == -ENOMEM);
		buf_reset(&out);
		assert_int_equal(totals_add(&t, &sample), 0);
		assert_int_equal(report_openmetrics(&om, &o, &sample, &t, &out), 0);
		has(out.ptr, "gputop_engine_busy_seconds_total{gpu=\"0000:03:00.0\",engine=\"gfx\"} 0.000000000\n");
		totals_done(&t);
		openmetrics_done(&om);
		buf_done(&out);
	}
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(families_have_help_and_type),
		T(openmetrics_differs_in_its_headings),
		T(sensors_are_in_base_units),
		T(unknown_is_no_sample),
		T(clients_only_if_asked_for),
		T(names_cannot_break_lines),
		T(the_limit_says_how_many_it_left_out),
		T(a_failed_scan_tells_of_gputop_alone),
		T(devices_that_left_have_counters_only),
		T(labels_are_those_of_the_table),
		T(nothing_is_allocated_once_warm),
		cmocka_unit_test(out_of_memory_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
