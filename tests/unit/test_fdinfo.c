/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fdinfo/fdinfo.h"
#include "fixture.h"

static struct fixture fixtures[N_FIXTURES];

static int setup(void **state)
{
	(void)state;
	fixtures_read(fixtures);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	fixtures_done(fixtures);
	return 0;
}

static void dump_text(struct buf *out, const char *what, struct str s)
{
	if (!s.ptr)
		return;
	buf_printf(out, "%s ", what);
	buf_add_escaped(out, s);
	buf_add(out, "\n", 1);
}

static void dump_values(struct buf *out, const char *what, struct str name, const uint64_t *values,
			const char *const *names, size_t n)
{
	buf_printf(out, "%s %.*s:", what, (int)name.len, name.ptr);
	for (size_t k = 0; k < n; k++)
		if (values[k] != UNKNOWN)
			buf_printf(out, " %s=%" PRIu64, names[k], values[k]);
	buf_add(out, "\n", 1);
}

/* What was understood, in plain units, one thing a line. */
static void dump(const struct fdinfo *fi, struct buf *out)
{
	static const char *const engine_keys[N_ENGINE_KEYS] = {
		[ENGINE_BUSY_NS] = "busy_ns", [ENGINE_CYCLES] = "cycles",
		[ENGINE_TOTAL_CYCLES] = "total_cycles", [ENGINE_MAXFREQ_HZ] = "maxfreq_hz",
		[ENGINE_CURFREQ_HZ] = "curfreq_hz", [ENGINE_CAPACITY] = "capacity",
		[ENGINE_PERMYRIAD] = "permyriad",
	};
	static const char *const region_keys[N_REGION_KEYS] = {
		[REGION_TOTAL] = "total", [REGION_SHARED] = "shared",
		[REGION_RESIDENT] = "resident", [REGION_PURGEABLE] = "purgeable",
		[REGION_ACTIVE] = "active", [REGION_MEMORY] = "memory",
	};

	if (fi->is_legacy)
		buf_printf(out, "legacy\n");
	dump_text(out, "driver", fi->driver);
	dump_text(out, "pdev", fi->pdev);
	dump_text(out, "client_name", fi->client_name);
	if (fi->client_id != UNKNOWN)
		buf_printf(out, "client_id %" PRIu64 "\n", fi->client_id);
	for (size_t i = 0; i < fi->n_engines; i++)
		dump_values(out, "engine", fi->engines[i].name, fi->engines[i].value, engine_keys,
			    N_ENGINE_KEYS);
	for (size_t i = 0; i < fi->n_regions; i++)
		dump_values(out, "region", fi->regions[i].name, fi->regions[i].value, region_keys,
			    N_REGION_KEYS);
	for (size_t i = 0; i < fi->n_extras; i++)
		dump_text(out, "extra", fi->extras[i]);
	buf_printf(out, "malformed %zu\n", fi->n_malformed);
	assert_int_equal(out->err, 0);
}

static void parse(struct fdinfo *fi, const char *text)
{
	assert_int_equal(fdinfo_parse(fi, str_of(text)), 0);
}

/* Parses @text and compares what was understood; names both where they differ. */
static void assert_understood(const char *text, size_t len, const char *expected)
{
	struct fdinfo fi = { 0 };
	struct buf got = { 0 };

	assert_int_equal(fdinfo_parse(&fi, (struct str){ text, len }), 0);
	dump(&fi, &got);
	if (strcmp(got.ptr, expected) != 0)
		fail_msg("of\n%s\nunderstood\n%sexpected\n%s", text, got.ptr, expected);
	fdinfo_done(&fi);
	buf_done(&got);
}

/* GPUTOP_UPDATE_GOLDEN=1 writes them instead; read every line against its fixture before committing. */
static void every_fixture_is_understood_as_its_golden_file_says(void **state)
{
	struct fdinfo fi = { 0 };
	struct buf got = { 0 }, golden = { 0 }, path = { 0 };

	(void)state;
	for (size_t i = 0; i < N_FIXTURES; i++) {
		const struct buf *text = &fixtures[i].text;

		buf_reset(&got);
		buf_reset(&golden);
		buf_reset(&path);
		assert_int_equal(fdinfo_parse(&fi, (struct str){ text->ptr, text->len }), 0);
		dump(&fi, &got);
		buf_printf(&path, "%s.golden", fixtures[i].path);
		if (getenv("GPUTOP_UPDATE_GOLDEN")) {
			FILE *f = fopen(path.ptr, "we");

			assert_non_null(f);
			fwrite(got.ptr, 1, got.len, f);
			assert_int_equal(fclose(f), 0);
		}
		file_read(path.ptr, &golden);
		if (strcmp(got.ptr, golden.ptr) != 0)
			fail_msg("%s\nunderstood\n%s", path.ptr, got.ptr);
	}
	fdinfo_done(&fi);
	buf_done(&got);
	buf_done(&golden);
	buf_done(&path);
}

static void what_is_written_is_understood_the_same(void **state)
{
	struct fdinfo fi = { 0 }, again = { 0 };
	struct buf text = { 0 }, first = { 0 }, second = { 0 };

	(void)state;
	for (size_t i = 0; i < N_FIXTURES; i++) {
		const struct buf *fixture = &fixtures[i].text;

		buf_reset(&text);
		buf_reset(&first);
		buf_reset(&second);
		assert_int_equal(fdinfo_parse(&fi, (struct str){ fixture->ptr, fixture->len }), 0);
		fdinfo_write(&fi, &text);
		assert_int_equal(fdinfo_parse(&again, (struct str){ text.ptr, text.len }), 0);
		dump(&fi, &first);
		dump(&again, &second);
		assert_string_equal(second.ptr, first.ptr);
	}
	fdinfo_done(&fi);
	fdinfo_done(&again);
	buf_done(&text);
	buf_done(&first);
	buf_done(&second);
}

static void writes_what_a_kernel_prints(void **state)
{
	struct fdinfo fi = { 0 };
	struct buf text = { 0 };
	static const char xe[] =
		"drm-driver:\txe\ndrm-pdev:\t0000:03:00.0\ndrm-client-id:\t3\ndrm-client-name:\tmpv\n"
		"drm-engine-capacity-vcs:\t2\ndrm-engine-vcs:\t7 ns\ndrm-total-cycles-vcs:\t9\n"
		"drm-cycles-vcs:\t8\ndrm-maxfreq-vcs:\t1000 Hz\n"
		"drm-total-vram0:\t23992 KiB\ndrm-shared-vram0:\t16 MiB\ndrm-resident-vram0:\t1023\n"
		"drm-active-vram0:\t0\nxe-oddity: as it is \n";

	(void)state;
	parse(&fi, xe);
	fdinfo_write(&fi, &text);
	assert_string_equal(text.ptr, xe);
	fdinfo_done(&fi);
	buf_done(&text);
}

static void units_sizes_and_blanks(void **state)
{
	static const struct { const char *line, *expected; } cases[] = {
		{ "drm-total-x: 3", "region x: total=3\nmalformed 0\n" },
		{ "drm-total-x:\t3 KiB", "region x: total=3072\nmalformed 0\n" },
		{ "drm-total-x:3KiB", "region x: total=3072\nmalformed 0\n" },
		{ "drm-total-x: 3 MiB", "region x: total=3145728\nmalformed 0\n" },
		{ "drm-total-x: 3 GiB", "region x: total=3221225472\nmalformed 0\n" },
		{ "drm-memory-x: \t3 kB", "region x: memory=3072\nmalformed 0\n" },
		{ "drm-total-x: 3 MiB \t", "region x: total=3145728\nmalformed 0\n" },
		{ "drm-total-x: 3 MiB\r", "region x: total=3145728\nmalformed 0\n" },
		{ "drm-total-x: 3 MiB\r\n\r\n", "region x: total=3145728\nmalformed 0\n" },
		{ "drm-maxfreq-x: 800 MHz", "engine x: maxfreq_hz=800000000\nmalformed 0\n" },
		{ "drm-maxfreq-x: 800 KHz", "engine x: maxfreq_hz=800000\nmalformed 0\n" },
		{ "drm-maxfreq-x: 800 Hz", "engine x: maxfreq_hz=800\nmalformed 0\n" },
		{ "drm-curfreq-x: 800", "engine x: curfreq_hz=800\nmalformed 0\n" },
		{ "drm-engine-x: \t5 ns", "engine x: busy_ns=5\nmalformed 0\n" },
		{ "drm-engine-x: 5", "engine x: busy_ns=5\nmalformed 0\n" },
		{ "drm-engine-x: 18446744073709551614 ns",
		  "engine x: busy_ns=18446744073709551614\nmalformed 0\n" },
		{ "drm-client-id: 0", "client_id 0\nmalformed 0\n" },
		{ "drm-driver: a b ", "driver a b\nmalformed 0\n" },
		{ "drm-client-name:\tmy game: the \tsequel", "client_name my game: the \\tsequel\nmalformed 0\n" },
	};

	(void)state;
	for (size_t i = 0; i < N_OF(cases); i++)
		assert_understood(cases[i].line, strlen(cases[i].line), cases[i].expected);
}

static void what_makes_no_sense_is_counted_and_counts_for_nothing(void **state)
{
	static const char *const lines[] = {
		"drm-engine-x: -5 ns", "drm-engine-x: ns", "drm-engine-x:", "drm-engine-x: 5 ms",
		"drm-engine-x: 5 KiB", "drm-engine-x: 5 ns ns", "drm-engine-x: 0x5 ns",
		"drm-engine-x: 5.5 ns", "drm-engine-x: +5 ns", "drm-engine-x: 1 000 ns",
		"drm-engine-x: 18446744073709551615 ns", "drm-engine-x: 18446744073709551616 ns",
		"drm-engine-x: 99999999999999999999999999 ns", "drm-engine-: 5 ns",
		"drm-engine-capacity-x: 0", "drm-engine-capacity-: 2", "drm-engine-capacity-x: 2 ns",
		"drm-cycles-x: 5 ns", "drm-cycles-: 5", "drm-total-cycles-: 5",
		"drm-total-cycles-x: 5 KiB", "drm-total-: 5", "drm-total-x: 5 Mib", "drm-total-x: 5 Hz",
		"drm-total-x: 18014398509481984 KiB", "drm-total-x: 17592186044416 MiB",
		"drm-maxfreq-x: 18446744073710 MHz", "drm-maxfreq-x: 5 MiB",
		"drm-client-id: -1", "drm-client-id: 18446744073709551615", "drm-client-id: a",
		"drm-engine-\001x: 5 ns", "drm-engine-\303\251: 5 ns", "drm-engine-x 5 ns",
		"drm-driver:", "drm-driver: \t", "drm-pdev: ", "drm-client-name:\t",
	};

	(void)state;
	for (size_t i = 0; i < N_OF(lines); i++)
		assert_understood(lines[i], strlen(lines[i]), "malformed 1\n");
}

static void other_lines_are_ignored(void **state)
{
	static const char *const lines[] = {
		"", "\r", "no colon", ": no key", "pos:\t0", "flags:\t02100002", "mnt_id:\t26", "ino:\t1",
		"lock:\t1: POSIX  ADVISORY  WRITE 1 00:01:2 0 EOF", "gputop-pid: 5", "drm-: 5",
		"drm-fancy-new-key-x: 5 ns", "drm-engine: 5 ns", "drm-driverx: i915",
		"own\001: 5", "own\177: 5", "\303\251: 5", "\tdrm-engine-x: 5 ns",
	};

	(void)state;
	for (size_t i = 0; i < N_OF(lines); i++)
		assert_understood(lines[i], strlen(lines[i]), "malformed 0\n");
}

/* perf takes drm-total-cycles for bytes. */
static void total_cycles_are_never_bytes_and_total_memory_never_cycles(void **state)
{
	static const char text[] = "drm-total-cycles-rcs: 4096\ndrm-total-memory: 4096\n"
				   "drm-total-cycle: 1\n";

	(void)state;
	assert_understood(text, strlen(text),
			  "engine rcs: total_cycles=4096\nregion memory: total=4096\n"
			  "region cycle: total=1\nmalformed 0\n");
}

static void the_longest_prefix_wins(void **state)
{
	static const char text[] = "drm-engine-capacity-x: 2\ndrm-engine-capacit: 3 ns\n"
				   "drm-engine-capacity-capacity-x: 4\n";

	(void)state;
	assert_understood(text, strlen(text),
			  "engine x: capacity=2\nengine capacit: busy_ns=3\n"
			  "engine capacity-x: capacity=4\nmalformed 0\n");
}

/* igt gputop matches "video" with "video-enhance". */
static void engine_names_that_begin_alike_are_different(void **state)
{
	static const char text[] = "drm-engine-video: 1 ns\ndrm-engine-video-enhance: 2 ns\n"
				   "drm-engine-vide: 4 ns\ndrm-cycles-video: 8\n";

	(void)state;
	assert_understood(text, strlen(text),
			  "engine video: busy_ns=1 cycles=8\nengine video-enhance: busy_ns=2\n"
			  "engine vide: busy_ns=4\nmalformed 0\n");
}

static void repeated_keys_are_added(void **state)
{
	static const char text[] =
		"drm-engine-dec: 123 ns\ndrm-engine-gfx: 5 ns\ndrm-engine-dec: 4000 ns\n"
		"drm-total-vram: 1 KiB\ndrm-total-vram: 1\ndrm-maxfreq-gfx: 5\ndrm-maxfreq-gfx: 9\n"
		"drm-maxfreq-gfx: 7\n";

	(void)state;
	assert_understood(text, strlen(text),
			  "engine dec: busy_ns=4123\nengine gfx: busy_ns=5 maxfreq_hz=9\n"
			  "region vram: total=1025\nmalformed 0\n");
}

static void a_sum_never_wraps(void **state)
{
	static const char text[] =
		"drm-engine-a: 18446744073709551000 ns\ndrm-engine-a: 616 ns\ndrm-engine-a: 615 ns\n"
		"drm-engine-a: 600 ns\n";

	(void)state;
	assert_understood(text, strlen(text), "engine a: busy_ns=18446744073709551600\nmalformed 2\n");
}

static void resident_and_memory_are_kept_apart(void **state)
{
	static const char text[] = "drm-resident-vram: 512 MiB\ndrm-memory-vram: 524288 KiB\n";

	(void)state;
	assert_understood(text, strlen(text),
			  "region vram: resident=536870912 memory=536870912\nmalformed 0\n");
}

/* igt gputop asserts beyond 16 engines, and reads 4 KiB; htop skips longer files. */
/* Otherwise the search by name made a hostile text as long as a record cost seconds. */
static void only_so_many_engines_and_regions_count(void **state)
{
	struct buf text = { 0 };
	struct fdinfo fi = { 0 };
	size_t n = 0;

	(void)state;
	buf_printf(&text, "drm-driver:\tx\n");
	for (; text.len < 1 << 20; n++)
		buf_printf(&text, "drm-engine-e%zu:\t%zu ns\ndrm-total-r%zu:\t%zu KiB\n", n, n, n, n);
	buf_printf(&text, "drm-cycles-e7:\t5\ndrm-resident-r7:\t6\ndrm-client-id:\t4\n");
	assert_int_equal(fdinfo_parse(&fi, (struct str){ text.ptr, text.len }), 0);
	assert_int_equal(fi.n_engines, FDINFO_MAX_PARTS);
	assert_int_equal(fi.n_regions, FDINFO_MAX_PARTS);
	assert_int_equal(fi.n_malformed, 2 * (n - FDINFO_MAX_PARTS));
	/* those that are there go on, and so does everything else */
	assert_int_equal(fi.engines[7].value[ENGINE_CYCLES], 5);
	assert_int_equal(fi.regions[7].value[REGION_RESIDENT], 6);
	assert_int_equal(fi.regions[511].value[REGION_TOTAL], 511 * 1024);
	assert_int_equal(fi.client_id, 4);
	fdinfo_done(&fi);
	buf_done(&text);
}

static void a_new_text_forgets_the_last_one_and_keeps_the_memory(void **state)
{
	struct fdinfo fi = { 0 };
	const struct fdinfo_engine *engines;

	(void)state;
	parse(&fi, "drm-driver: a\ndrm-client-id: 5\ndrm-engine-x: 1 ns\nown: 1\ndrm-cycles-x: q\n");
	assert_int_equal(fi.n_malformed, 1);
	engines = fi.engines;
	parse(&fi, "drm-engine-y: 2 ns\n");
	assert_ptr_equal(fi.engines, engines);
	assert_null(fi.driver.ptr);
	assert_true(fi.client_id == UNKNOWN);
	assert_int_equal(fi.n_engines, 1);
	assert_int_equal(fi.n_extras, 0);
	assert_int_equal(fi.n_malformed, 0);
	assert_true(fi.engines[0].value[ENGINE_CYCLES] == UNKNOWN);
	fdinfo_done(&fi);
	assert_null(fi.engines);
}

static void nul_bytes_are_bytes(void **state)
{
	static const char text[] = "drm-client-name: a\0b\nfoo: \0\ndrm-engine-x: 1 ns\n";

	(void)state;
	assert_understood(text, sizeof(text) - 1,
			  "client_name a\\000b\nengine x: busy_ns=1\nextra foo: \\000\nmalformed 0\n");
}

static void the_old_amdgpu_dialect(void **state)
{
	static const struct { const char *text, *expected; } cases[] = {
		/* 1.05 % prints 1.5%; rings are added; enc_1's ring 0 */
		{ "pdev:\t0000:0a:00.0\npasid:\t7\ngfx0:\t1.5%\ncompute0:\t1.0%\ncompute3:\t0.99%\n"
		  "enc_10:\t0.1%\nvram mem:\t2 kB\n",
		  "legacy\ndriver amdgpu\npdev 0000:0a:00.0\nclient_id 7\nengine gfx: permyriad=105\n"
		  "engine compute: permyriad=199\nengine enc_1: permyriad=1\nregion vram: memory=2048\n"
		  "malformed 0\n" },
		{ "pdev:\ta\npasid:\t-7\nvram mem:\tx\n",
		  "legacy\ndriver amdgpu\npdev a\nmalformed 2\n" },
		/* not percentages of a ring: the driver's own */
		{ "pdev:\ta\ngfx0: 1.100%\ngfx: 1.1%\ngfx0: 1%\ngfx0: 18446744073709551616.1%\nx: y\n",
		  "legacy\ndriver amdgpu\npdev a\nextra gfx0: 1.100%\nextra gfx: 1.1%\nextra gfx0: 1%\n"
		  "extra gfx0: 18446744073709551616.1%\nextra x: y\nmalformed 0\n" },
		/* who names a driver is another dialect, wherever the line stands */
		{ "pasid:\t7\ndrm-driver:\tamdgpu\npdev:\ta\ngfx0: 1.1%\n",
		  "driver amdgpu\nextra pasid:\\t7\nextra pdev:\\ta\nextra gfx0: 1.1%\nmalformed 0\n" },
		{ "pdev:\ta\npasid:\t7\ndrm-driver:\tfoo\nvram mem: 5\n",
		  "driver foo\nextra vram mem: 5\nmalformed 0\n" },
		{ "pdev:\ta\npasid:\tx\ndrm-driver:\tfoo\n", "driver foo\nmalformed 1\n" },
		{ "own: 1\npdev:\ta\npasid:\t7\n",
		  "extra own: 1\nextra pdev:\\ta\nextra pasid:\\t7\nmalformed 0\n" },
		{ "pdev: \npasid:\t7\n", "extra pdev: \nextra pasid:\\t7\nmalformed 0\n" },
	};

	(void)state;
	for (size_t i = 0; i < N_OF(cases); i++)
		assert_understood(cases[i].text, strlen(cases[i].text), cases[i].expected);
}

static void the_body_is_what_the_driver_printed(void **state)
{
	static const struct { const char *text, *body; } cases[] = {
		{ "pos:\t0\nflags:\t02\nmnt_id:\t1\nino:\t2\nlock:\t1: x\ndrm-driver:\tx\npos: 5\n",
		  "drm-driver:\tx\npos: 5\n" },
		{ "pos:\t0\nflags:\t02\n", "" }, { "", "" }, { "drm-driver: x", "drm-driver: x" },
	};

	(void)state;
	for (size_t i = 0; i < N_OF(cases); i++)
		assert_true(str_is(fdinfo_body(str_of(cases[i].text)), cases[i].body));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_fixture_is_understood_as_its_golden_file_says),
		cmocka_unit_test(what_is_written_is_understood_the_same),
		cmocka_unit_test(writes_what_a_kernel_prints),
		cmocka_unit_test(units_sizes_and_blanks),
		cmocka_unit_test(what_makes_no_sense_is_counted_and_counts_for_nothing),
		cmocka_unit_test(other_lines_are_ignored),
		cmocka_unit_test(total_cycles_are_never_bytes_and_total_memory_never_cycles),
		cmocka_unit_test(the_longest_prefix_wins),
		cmocka_unit_test(engine_names_that_begin_alike_are_different),
		cmocka_unit_test(repeated_keys_are_added),
		cmocka_unit_test(a_sum_never_wraps),
		cmocka_unit_test(resident_and_memory_are_kept_apart),
		cmocka_unit_test(only_so_many_engines_and_regions_count),
		cmocka_unit_test(a_new_text_forgets_the_last_one_and_keeps_the_memory),
		cmocka_unit_test(nul_bytes_are_bytes),
		cmocka_unit_test(the_old_amdgpu_dialect),
		cmocka_unit_test(the_body_is_what_the_driver_printed),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
