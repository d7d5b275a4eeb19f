/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "allocs.h"
#include "report/report.h"
#include "sample.h"

/* The report of everything in @s, in @out. */
static void report(const struct snapshot *s, struct buf *out)
{
	struct view v = { 0 };

	assert_int_equal(view_select(&v, &(struct view_options){ .all = true }, s), 0);
	assert_int_equal(report_json(s, &v, out), 0);
	view_done(&v);
}

static json_t *parse(const struct buf *b)
{
	json_error_t error;
	json_t *root = json_loadb(b->ptr, b->len, JSON_REJECT_DUPLICATES, &error);

	if (!root)
		fail_msg("%s: %s", error.text, b->ptr);
	return root;
}

static json_t *frame_of(const struct snapshot *s)
{
	struct buf out = { 0 };
	json_t *root;

	report(s, &out);
	root = parse(&out);
	buf_done(&out);
	return root;
}

/* The client of pid @pid that has id @id, or null. */
static json_t *client_of(json_t *frame, int pid, json_int_t id)
{
	json_t *c, *clients = json_object_get(frame, "clients");
	size_t i;

	json_array_foreach(clients, i, c)
		if (json_integer_value(json_object_get(c, "pid")) == pid &&
		    json_integer_value(json_object_get(c, "id")) == id)
			return c;
	fail_msg("no client %lld of %d", (long long)id, pid);
	return NULL;
}

/* "a.b.0.c" below @o. */
static json_t *at(json_t *o, const char *path)
{
	char copy[128], *part, *save = NULL;

	snprintf(copy, sizeof(copy), "%s", path);
	for (part = strtok_r(copy, ".", &save); part; part = strtok_r(NULL, ".", &save))
		o = json_is_array(o) ? json_array_get(o, strtoul(part, NULL, 10)) :
				       json_object_get(o, part);
	if (!o)
		fail_msg("no %s", path);
	return o;
}

static void one_object_a_line(void **state)
{
	struct buf out = { 0 };
	char *newline;
	json_t *root;

	(void)state;
	report(&sample_first, &out);
	report(&sample, &out);
	newline = memchr(out.ptr, '\n', out.len);
	assert_non_null(newline);
	assert_int_equal(out.ptr[out.len - 1], '\n');
	assert_ptr_equal(memchr(newline + 1, '\n', out.len - (size_t)(newline + 1 - out.ptr)),
			 out.ptr + out.len - 1);
	root = json_loadb(out.ptr, (size_t)(newline - out.ptr), 0, NULL);
	assert_non_null(root);
	json_decref(root);
	buf_done(&out);
}

static void says_when_and_at_what_cost(void **state)
{
	json_t *o = frame_of(&sample);

	(void)state;
	assert_string_equal(json_string_value(at(o, "schema")), "gputop/1");
	assert_string_equal(json_string_value(at(o, "t")), "2026-01-02T03:04:05.678Z");
	assert_float_equal(json_real_value(at(o, "interval_s")), 1.001, 1e-12);
	assert_string_equal(json_string_value(at(o, "scan.finder")), "stat");
	assert_true(json_is_null(at(o, "scan.passed_over")));
	assert_float_equal(json_real_value(at(o, "scan.wall_s")), 0.010331234, 1e-12);
	assert_int_equal(json_integer_value(at(o, "scan.fds")), 23500);
	assert_int_equal(json_integer_value(at(o, "scan.denied")), 3);
	assert_int_equal(json_integer_value(at(o, "scan.syscalls.open")), 634);
	assert_int_equal(json_integer_value(at(o, "scan.syscalls.readlink")), 0);
	json_decref(o);
	o = frame_of(&sample_first);
	assert_true(json_is_null(at(o, "interval_s")));
	json_decref(o);
}

static void numbers_are_numbers_and_unknown_is_null(void **state)
{
	json_t *o = frame_of(&sample);
	json_t *mpv = client_of(o, 42, 217), *shared = client_of(o, 60, 300);
	json_t *silent = client_of(o, 90, 0);

	(void)state;
	assert_int_equal(json_integer_value(at(mpv, "engines.gfx.capacity")), 1);
	assert_true(json_real_value(at(mpv, "engines.gfx.busy")) == 0.5);
	assert_int_equal(json_integer_value(at(mpv, "engines.gfx.busy_ns")), 5000000000);
	assert_true(json_is_null(at(mpv, "engines.gfx.cycles")));
	assert_int_equal(json_integer_value(at(mpv, "regions.vram.resident")), 62914560);
	assert_true(json_is_integer(at(mpv, "regions.vram.purgeable")));
	assert_true(json_is_null(at(mpv, "regions.vram.active")));
	assert_true(json_is_null(at(shared, "engines.dec.busy")));
	assert_true(json_is_null(at(silent, "id")));
	assert_true(json_is_null(at(silent, "uid")));
	assert_true(json_is_null(at(silent, "comm")));
	assert_true(json_is_null(at(silent, "use")));
	json_decref(o);
}

static void busy_is_the_share_of_all_instances(void **state)
{
	json_t *o = frame_of(&sample);
	json_t *c = client_of(o, 70, 5);

	(void)state;
	assert_true(json_real_value(at(c, "engines.vcs.busy")) == 0.75);
	assert_int_equal(json_integer_value(at(c, "engines.vcs.capacity")), 2);
	assert_true(json_real_value(at(o, "devices.1.engines.vcs.busy")) == 0.75);
	/* and is readable */
	assert_true(json_real_value(at(c, "engines.rcs.busy")) == 0.333333);
	json_decref(o);
}

static void a_client_has_every_engine_and_region_of_its_device(void **state)
{
	json_t *o = frame_of(&sample), *c, *d;
	size_t i, k;

	(void)state;
	json_array_foreach(at(o, "clients"), i, c)
		json_array_foreach(at(o, "devices"), k, d) {
			static const char *const parts[] = { "engines", "regions" };

			if (!json_equal(at(c, "gpu"), at(d, "gpu")))
				continue;
			for (int p = 0; p < 2; p++) {
				json_t *of_client = at(c, parts[p]), *of_device = at(d, parts[p]), *v;
				const char *key, *inner;
				json_t *w;

				assert_int_equal(json_object_size(of_client), json_object_size(of_device));
				json_object_foreach(of_device, key, v)
					json_object_foreach(v, inner, w)
						assert_non_null(json_object_get(
							json_object_get(of_client, key), inner));
			}
		}
	json_decref(o);
}

static void devices_say_what_they_are(void **state)
{
	json_t *o = frame_of(&sample);

	(void)state;
	assert_string_equal(json_string_value(at(o, "devices.0.gpu")), "0000:03:00.0");
	assert_string_equal(json_string_value(at(o, "devices.0.driver")), "amdgpu");
	assert_string_equal(json_string_value(at(o, "devices.0.nodes.1")), "renderD128");
	assert_string_equal(json_string_value(at(o, "devices.0.power")), "awake");
	assert_int_equal(json_integer_value(at(o, "devices.0.clients")), 3);
	assert_int_equal(json_integer_value(at(o, "devices.0.processes")), 5);
	assert_int_equal(json_integer_value(at(o, "devices.0.vendor_id")), 0x1002);
	assert_int_equal(json_integer_value(at(o, "devices.1.engines.rcs.curfreq_hz")), 1200000000);
	assert_true(json_integer_value(at(o, "devices.0.clock_hz")) == 2371000000);
	assert_true(json_is_null(at(o, "devices.0.clock_max_hz")));
	assert_true(json_real_value(at(o, "devices.0.power_w")) == 141.5);
	assert_true(json_real_value(at(o, "devices.0.temperature_c")) == 61.4);
	assert_int_equal(json_integer_value(at(o, "devices.0.fan_rpm")), 1350);
	assert_true(json_integer_value(at(o, "devices.0.memory.gtt")) == 32000ll << 20);
	/* parked is not unknown */
	assert_int_equal(json_integer_value(at(o, "devices.1.clock_hz")), 0);
	assert_true(json_is_null(at(o, "devices.1.temperature_c")));
	assert_int_equal(json_object_size(at(o, "devices.1.memory")), 0);
	assert_true(json_is_null(at(o, "devices.2.vendor_id")));
	assert_true(json_is_null(at(o, "devices.2.name")));
	assert_string_equal(json_string_value(at(o, "devices.2.power")), "asleep");
	json_decref(o);
}

static void holders_and_sharers_are_lists(void **state)
{
	json_t *o = frame_of(&sample);
	json_t *c = client_of(o, 60, 300);

	(void)state;
	assert_int_equal(json_array_size(at(c, "holders")), 4);
	assert_int_equal(json_integer_value(at(c, "holders.3.pid")), 62);
	assert_int_equal(json_integer_value(at(c, "holders.3.fd")), 6);
	assert_int_equal(json_array_size(at(c, "sharers")), 2);
	assert_int_equal(json_integer_value(at(c, "sharers.0")), 61);
	json_decref(o);
}

static void the_drivers_own_lines_are_extras(void **state)
{
	json_t *o = frame_of(&sample);

	(void)state;
	assert_string_equal(json_string_value(at(client_of(o, 42, 217), "extras.amd-requested-vram")),
			    "102400 KiB");
	assert_int_equal(json_object_size(at(client_of(o, 43, 218), "extras")), 0);
	json_decref(o);
}

static void hostile_names_stay_inside_their_strings(void **state)
{
	struct buf out = { 0 };
	json_t *o, *c;

	(void)state;
	report(&sample, &out);
	for (size_t i = 0; i + 1 < out.len; i++)
		assert_true(out.ptr[i] >= 0x20 && out.ptr[i] < 0x7f);
	o = parse(&out);
	c = client_of(o, 70, 5);
	assert_string_equal(json_string_value(at(c, "comm")), "a)\n\"b\",\\");
	assert_string_equal(json_string_value(at(c, "cmdline")),
			    "=cmd\t\033[31m\177 \302\233x \357\277\275\357\277\275\357\277\275 \303\251 '");
	assert_string_equal(json_string_value(at(c, "name")), "\"\357\277\275\357\277\275");
	json_decref(o);
	buf_done(&out);
}

static void hostile_engine_names_are_keys_like_others(void **state)
{
	static const struct snapshot_engine engines[] = {
		{ "a\"b\n\377", 1, UNKNOWN, UNKNOWN, { NAN, 1, UNKNOWN, UNKNOWN } },
	};
	struct snapshot_device device = { .device = { .gpu = "x" }, .engines = engines, .n_engines = 1 };
	struct snapshot s = { .devices = &device, .n_devices = 1 };
	json_t *o = frame_of(&s);

	(void)state;
	assert_non_null(json_object_get(at(o, "devices.0.engines"), "a\"b\n\357\277\275"));
	json_decref(o);
}

static void counters_beyond_63_bits_are_rounded_numbers(void **state)
{
	json_t *o = frame_of(&sample);
	json_t *c = client_of(o, 80, 0);

	(void)state;
	assert_true(json_real_value(at(c, "engines.rcs.cycles")) == 1.84467440737096e19);
	assert_true(json_real_value(at(c, "engines.rcs.total_cycles")) == 9.22337203685478e18);
	assert_true(json_real_value(at(c, "engines.rcs.busy")) == 0.000001);
	json_decref(o);
}

static void a_view_leaves_out_what_was_not_asked_for(void **state)
{
	struct buf out = { 0 };
	struct view v = { 0 };
	json_t *o;

	(void)state;
	assert_int_equal(view_select(&v, &(struct view_options){ .gpu = "xe" }, &sample), 0);
	assert_int_equal(report_json(&sample, &v, &out), 0);
	o = parse(&out);
	assert_int_equal(json_array_size(at(o, "devices")), 1);
	assert_int_equal(json_array_size(at(o, "clients")), 3);
	json_decref(o);
	view_done(&v);
	buf_done(&out);
}

/* jansson's calls so far, and the one of them that fails, alone. */
static size_t json_calls, json_fails;

static void *json_malloc(size_t size)
{
	return ++json_calls == json_fails ? NULL : malloc(size);
}

static void memory_may_run_out_anywhere(void **state)
{
	struct buf out = { 0 };
	struct view v = { 0 };
	size_t last = 0, n;
	int r;

	(void)state;
	assert_int_equal(view_select(&v, &(struct view_options){ .all = true }, &sample), 0);
	json_set_alloc_funcs(json_malloc, free);
	for (json_fails = 1; !last; json_fails++) {
		json_calls = 0;
		buf_reset(&out);
		r = report_json(&sample, &v, &out);
		if (json_calls < json_fails)
			last = json_fails;
		assert_int_equal(r, last ? 0 : -ENOMEM);
	}
	json_set_alloc_funcs(malloc, free);
	assert_true(last > 100);
	json_decref(parse(&out));

	for (n = 1, r = -ENOMEM; r; n++) {
		buf_done(&out);
		allocs_fail_after(n);
		r = report_json(&sample, &v, &out);
		allocs_fail_after(0);
		assert_true(r == 0 || (r == -ENOMEM && n < 100000));
	}
	assert_true(n > 3);
	json_decref(parse(&out));
	view_done(&v);
	buf_done(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_object_a_line),
		cmocka_unit_test(says_when_and_at_what_cost),
		cmocka_unit_test(numbers_are_numbers_and_unknown_is_null),
		cmocka_unit_test(busy_is_the_share_of_all_instances),
		cmocka_unit_test(a_client_has_every_engine_and_region_of_its_device),
		cmocka_unit_test(devices_say_what_they_are),
		cmocka_unit_test(holders_and_sharers_are_lists),
		cmocka_unit_test(the_drivers_own_lines_are_extras),
		cmocka_unit_test(hostile_names_stay_inside_their_strings),
		cmocka_unit_test(hostile_engine_names_are_keys_like_others),
		cmocka_unit_test(counters_beyond_63_bits_are_rounded_numbers),
		cmocka_unit_test(a_view_leaves_out_what_was_not_asked_for),
		cmocka_unit_test(memory_may_run_out_anywhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
