/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>

#include "allocs.h"
#include "fdinfo/record.h"
#include "fixture.h"

static const char device_text[] =
	"gputop-device:\t0000:03:00.0\n"
	"gputop-device-driver:\tamdgpu\n"
	"gputop-device-name:\tAMD [Radeon]\n"
	"gputop-device-nodes:\tcard0=226:0 renderD128=226:128\n"
	"gputop-device-vendor:\t0x1002\n"
	"gputop-device-id:\t0x744c\n"
	"gputop-device-instance:\t0x2f3a41\n"
	"gputop-device-power:\tasleep\n"
	"gputop-device-sensors:\tclock=2100000000 temperature=61000 fan=0\n"
	"gputop-device-memory:\tvram=25753026560 gtt=16777216\n"
	"\n";

static const char client_text[] =
	"gputop-pid:\t42\n"
	"gputop-fds:\t3 5 9\n"
	"gputop-gpu:\t0000:03:00.0\n"
	"gputop-dev:\t226:128\n"
	"gputop-time:\t1000000001 ns\n"
	"gputop-start-time:\t77\n"
	"gputop-uid:\t0\n"
	"gputop-user:\troot\n"
	"gputop-comm:\t a\\nb) \n"
	"gputop-cmdline:\t\n"
	"gputop-cgroup:\t/x\\\\y\n"
	"gputop-ancestors:\t30 7 1\n"
	"drm-driver:\tamdgpu\n"
	"drm-client-id:\t7\n"
	"drm-engine-gfx:\t5 ns\n"
	"pasid:\t3\n"
	"\n";

static const char frame_text[] =
	"gputop-frame:\t3\n"
	"gputop-time:\t2 ns\n"
	"gputop-clock:\t1600000000000000000 ns\n"
	"gputop-host:\tbox\n"
	"gputop-scan-finder:\tstat\n"
	"gputop-scan-passed-over:\tbpf: no; cached: no\n"
	"gputop-scan-wall:\t12 ns\n"
	"gputop-scan-cpu:\t11 ns\n"
	"gputop-scan-processes:\t4\n"
	"gputop-scan-fds:\t5\n"
	"gputop-scan-reads:\t6\n"
	"gputop-scan-denied:\t7\n"
	"gputop-scan-gone:\t8\n"
	"gputop-scan-malformed:\t9\n"
	"gputop-scan-syscalls:\topen=1 close=2 read=3 getdents=4 stat=5 readlink=6 other=7\n"
	"\n";

static void parse(struct record *r, const char *text)
{
	assert_int_equal(record_parse(r, str_of(text)), 0);
}

static void what_is_read_is_written_again(void **state)
{
	struct record r = { 0 };
	struct buf out = { 0 };

	(void)state;
	parse(&r, "gputop-protocol:\t1\n");
	assert_int_equal(r.kind, RECORD_PROTOCOL);
	assert_int_equal(r.protocol, 1);
	record_write_protocol(&out);
	assert_string_equal(out.ptr, "gputop-protocol:\t1\n\n");

	parse(&r, device_text);
	assert_int_equal(r.kind, RECORD_DEVICE);
	buf_reset(&out);
	record_write_device(&r.device, &out);
	assert_string_equal(out.ptr, device_text);

	parse(&r, client_text);
	assert_int_equal(r.kind, RECORD_CLIENT);
	buf_reset(&out);
	record_write_client(&r, &out);
	assert_string_equal(out.ptr, client_text);

	parse(&r, frame_text);
	assert_int_equal(r.kind, RECORD_FRAME);
	buf_reset(&out);
	record_write_frame(&r.frame, &out);
	assert_string_equal(out.ptr, frame_text);

	assert_int_equal(r.fi.n_malformed, 0);
	assert_int_equal(r.n_garbage, 0);
	record_done(&r);
	buf_done(&out);
}

static void a_device_record_is_understood(void **state)
{
	struct record r = { 0 };

	(void)state;
	parse(&r, device_text);
	assert_string_equal(r.device.gpu, "0000:03:00.0");
	assert_string_equal(r.device.driver, "amdgpu");
	assert_string_equal(r.device.name, "AMD [Radeon]");
	assert_int_equal(r.device.vendor_id, 0x1002);
	assert_int_equal(r.device.device_id, 0x744c);
	assert_int_equal(r.device.power, DEVICE_ASLEEP);
	assert_true(sensors_get(&r.device.sensors, SENSOR_CLOCK) == 2100000000);
	assert_true(sensors_get(&r.device.sensors, SENSOR_FAN) == 0);
	assert_true(sensors_get(&r.device.sensors, SENSOR_POWER) == UNKNOWN);
	assert_true(sensors_size(&r.device.sensors, "vram") == 25753026560);
	assert_true(sensors_size(&r.device.sensors, "vram0") == UNKNOWN);
	assert_int_equal(r.device.n_nodes, 2);
	assert_string_equal(r.device.nodes[1].name, "renderD128");
	assert_true(r.device.nodes[1].rdev == makedev(226, 128));
	record_done(&r);
}

static void a_client_record_is_understood(void **state)
{
	struct record r = { 0 };

	(void)state;
	parse(&r, client_text);
	assert_int_equal(r.process.pid, 42);
	assert_int_equal(r.process.start_time, 77);
	assert_int_equal(r.process.uid, 0);
	assert_true(str_is(r.process.user, "root"));
	assert_true(str_is(r.process.comm, " a\nb) "));
	assert_non_null(r.process.cmdline.ptr);
	assert_int_equal(r.process.cmdline.len, 0);
	assert_true(str_is(r.process.cgroup, "/x\\y"));
	assert_int_equal(r.process.n_ancestors, 3);
	assert_int_equal(r.process.ancestors[0], 30);
	assert_int_equal(r.process.ancestors[2], 1);
	assert_true(str_is(r.gpu, "0000:03:00.0"));
	assert_true(r.rdev == makedev(226, 128));
	assert_int_equal(r.t_ns, 1000000001);
	assert_int_equal(r.n_fds, 3);
	assert_int_equal(r.fds[2], 9);
	assert_int_equal(r.fi.client_id, 7);
	assert_int_equal(r.fi.engines[0].value[ENGINE_BUSY_NS], 5);
	assert_true(str_is(r.fi.extras[0], "pasid:\t3"));
	/* extras point into text: the table relies on it */
	assert_true(r.fi.extras[0].ptr > r.text.ptr &&
		    r.fi.extras[0].ptr < r.text.ptr + r.text.len);

	parse(&r, "gputop-pid: 1\n");
	assert_true(r.process.uid == UNKNOWN);
	assert_null(r.process.comm.ptr);
	assert_null(r.gpu.ptr);
	assert_null(r.text.ptr);
	assert_int_equal(r.n_fds, 0);
	assert_true(r.fi.client_id == UNKNOWN);
	record_done(&r);
}

static void a_frame_record_is_understood(void **state)
{
	struct record r = { 0 };

	(void)state;
	parse(&r, frame_text);
	assert_int_equal(r.frame.seq, 3);
	assert_int_equal(r.frame.t_ns, 2);
	assert_int_equal(r.frame.clock_ns, 1600000000000000000);
	assert_string_equal(r.frame.host, "box");
	assert_string_equal(r.frame.scan.finder, "stat");
	assert_string_equal(r.frame.scan.passed_over, "bpf: no; cached: no");
	assert_int_equal(r.frame.scan.cpu_ns, 11);
	assert_int_equal(r.frame.scan.gone, 8);
	assert_int_equal(r.frame.scan.syscalls[SYSCALL_OTHER], 7);
	record_done(&r);
}

static void every_fixture_survives_a_recording(void **state)
{
	struct fixture fixtures[N_FIXTURES];
	struct record r = { 0 }, again = { 0 };
	struct buf out = { 0 }, first = { 0 }, second = { 0 };

	(void)state;
	fixtures_read(fixtures);
	for (size_t i = 0; i < N_FIXTURES; i++) {
		struct str text = { fixtures[i].text.ptr, fixtures[i].text.len };
		struct str body = fdinfo_body(text);

		buf_reset(&out);
		buf_reset(&first);
		buf_reset(&second);
		record_reset(&r);
		r.process.pid = 5;
		r.text = text;
		assert_int_equal(fdinfo_parse(&r.fi, text), 0);
		record_write_client(&r, &out);
		/* the blank line is the reader's to take off */
		assert_int_equal(record_parse(&again, (struct str){ out.ptr, out.len - 1 }), 0);
		assert_true(again.text.len == body.len && str_eq(again.text, body));
		fdinfo_write(&r.fi, &first);
		fdinfo_write(&again.fi, &second);
		buf_add(&first, "", 1);
		buf_add(&second, "", 1);
		assert_string_equal(second.ptr, first.ptr);
	}
	fixtures_done(fixtures);
	record_done(&r);
	record_done(&again);
	buf_done(&out);
	buf_done(&first);
	buf_done(&second);
}

static void records_of_the_kernel_module_are_understood(void **state)
{
	struct record r = { 0 };

	(void)state;
	parse(&r, "gputop-fd:\t4\ngputop-fds:\t4 7\ngputop-dev:\t226:128\ndrm-driver:\tsynthgpu\n"
		  "drm-client-id:\t9\n");
	assert_int_equal(r.kind, RECORD_CLIENT);
	assert_int_equal(r.process.pid, 0);
	assert_int_equal(r.n_fds, 2);
	assert_int_equal(r.fds[0], 4);
	assert_int_equal(r.fds[1], 7);
	assert_true(str_is(r.text, "drm-driver:\tsynthgpu\ndrm-client-id:\t9\n"));

	parse(&r, "gputop-pid:\t0\ngputop-dev:\t226:0\n");
	assert_int_equal(r.kind, RECORD_CLIENT);
	assert_null(r.text.ptr);

	parse(&r, "gputop-hidden:\t3\n");
	assert_int_equal(r.kind, RECORD_HIDDEN);
	assert_int_equal(r.hidden, 3);
	record_done(&r);
}

static void the_first_line_of_ours_says_what_a_record_is(void **state)
{
	static const struct { const char *text; enum record_kind kind; } cases[] = {
		{ "", RECORD_EMPTY },
		{ "gputop-time: 5 ns\n", RECORD_EMPTY },
		{ "gputop-weather: fine\n", RECORD_EMPTY },
		{ "drm-driver: i915\n", RECORD_EMPTY },
		{ "gputop-pid: 5\ngputop-frame: 3\ngputop-device: x\n", RECORD_CLIENT },
		{ "gputop-frame: 3\ngputop-pid: 5\n", RECORD_FRAME },
		{ "gputop-weather: fine\ngputop-frame: 3\n", RECORD_FRAME },
		{ "gputop-frame: x\n", RECORD_EMPTY },
		{ "gputop-frame: 3\r\n", RECORD_FRAME },
	};
	struct record r = { 0 };

	(void)state;
	for (size_t i = 0; i < N_OF(cases); i++) {
		parse(&r, cases[i].text);
		assert_int_equal(r.kind, cases[i].kind);
		assert_int_equal(r.n_garbage, 0);
	}
	record_done(&r);
}

static void every_escaped_text_stays_where_it_was(void **state)
{
	struct record r = { 0 };
	struct buf text = { 0 };

	(void)state;
	buf_printf(&text, "gputop-pid:\t1\ngputop-comm:\t\\001short\n");
	for (int i = 0; i < 5; i++)
		buf_printf(&text, "gputop-cmdline:\t\\n%0*d\n", 100 << (2 * i), i);
	parse(&r, text.ptr);
	assert_true(str_is(r.process.comm, "\001short"));
	assert_int_equal(r.process.cmdline.len, 1 + (100 << 8));
	/* comm is still in scratch, which did not move */
	assert_ptr_equal(r.process.comm.ptr, r.scratch.ptr);
	record_done(&r);
	buf_done(&text);
}

static void what_makes_no_sense_is_counted(void **state)
{
	static const char *const texts[] = {
		"gputop-pid: -1\n", "gputop-pid: 2147483648\n", "gputop-pid: x\n", "gputop-pid:\n",
		"gputop-pid: 1\ngputop-fds: 3 -1\n", "gputop-pid: 1\ngputop-fds: 5 3\n",
		"gputop-pid: 1\ngputop-fds: 3 3\n", "gputop-pid: 1\ngputop-fds: 3,4\n",
		"gputop-pid: 1\ngputop-dev: 226\n", "gputop-pid: 1\ngputop-dev: 226:x\n",
		"gputop-pid: 1\ngputop-dev: 4294967296:0\n", "gputop-pid: 1\ngputop-time: 5 ms\n",
		"gputop-pid: 1\ngputop-uid: root\n",
		"gputop-pid: 1\ngputop-uid: 18446744073709551615\n",
		"gputop-pid: 1\ngputop-gpu: 0123456789012345678901234567890123456789012345678901234567890123\n",
		"gputop-pid: 1\ndrm-engine-x: y\n", "gputop-pid: 1\ndrm-driver: x\ngputop-uid: 0\n",
		"gputop-device:\n", "gputop-device: a\\000b\n",
		"gputop-device: x\ngputop-device-vendor: 0x\n",
		"gputop-device: x\ngputop-device-vendor: 123456789\n",
		"gputop-device: x\ngputop-device-id: 12g\n",
		"gputop-device: x\ngputop-device-power: tired\n",
		"gputop-device: x\ngputop-device-sensors: clock=fast\n",
		"gputop-device: x\ngputop-device-sensors: clock\n",
		"gputop-device: x\ngputop-device-memory: a-name-that-is-too-long=1\n",
		"gputop-device: x\ngputop-device-memory: a=1 b=2 c=3 d=4 e=5 f=6 g=7 h=8 i=9\n",
		"gputop-device: x\ngputop-device-nodes: card0\n",
		"gputop-device: x\ngputop-device-nodes: =1:2\n",
		"gputop-device: x\ngputop-device-nodes: a=1:2 b=2\n",
		"gputop-device: x\ngputop-device-nodes: 012345678901234567890123=1:2\n",
		"gputop-device: x\ngputop-device-nodes: a=1:1 b=1:2 c=1:3 d=1:4 e=1:5 f=1:6 g=1:7 h=1:8 i=1:9\n",
		"gputop-device: x\ngputop-device-driver: 01234567890123456789012345678901\n",
		"gputop-pid: 1\ngputop-ancestors: 2 -1\n",
		"gputop-pid: 1\ngputop-ancestors: 1 2 3 4 5 6 7 8 9 1 2 3 4 5 6 7 8 9 1 2 3 4 5 6 7 8 9 1 2 3 4 5 6\n",
		"gputop-frame: 3\ngputop-scan-syscalls: open\n",
		"gputop-frame: 3\ngputop-scan-syscalls: open=x\n",
		"gputop-frame: 3\ngputop-scan-reads: 5 ns\n", "gputop-hidden: -3\n",
		"gputop-protocol: one\n",
	};
	struct record r = { 0 };

	(void)state;
	for (size_t i = 0; i < N_OF(texts); i++) {
		parse(&r, texts[i]);
		if (r.fi.n_malformed != 1)
			fail_msg("%zu malformed lines in\n%s", r.fi.n_malformed, texts[i]);
		assert_true(r.device.n_nodes <= DEVICE_MAX_NODES);
	}
	record_done(&r);
}

static void lines_nobody_writes_are_garbage(void **state)
{
	struct record r = { 0 };
	static const char text[] = "gputop-pid: 1\nhello\n: x\n\001: y\n\377\376:z\ndrm-a: \377\n\n";

	(void)state;
	assert_int_equal(record_parse(&r, (struct str){ text, sizeof(text) - 1 }), 0);
	assert_int_equal(r.n_garbage, 4);
	assert_int_equal(r.fi.n_malformed, 0);
	record_done(&r);
}

/* A process can call itself anything, and a strange driver print anything. */
static void nothing_a_process_or_driver_says_forges_a_record(void **state)
{
	static const char evil[] = "x\n\ngputop-frame:\t9\n\ngputop-pid:\t1\n\n";
	static const char driver[] = "drm-driver:\tx\n\n\ngputop-frame:\t9\n\r\ngputop-uid:\t0\n"
				     "gputop-\n\ndrm-client-id:\t4\n";
	struct record r = { 0 };
	struct buf out = { 0 };

	(void)state;
	record_reset(&r);
	r.process.pid = 6;
	r.gpu = r.process.comm = r.process.cmdline = r.process.user = r.process.cgroup = str_of(evil);
	r.text = str_of(driver);
	record_write_client(&r, &out);
	assert_null(strstr(out.ptr, "\ngputop-frame"));
	assert_null(strstr(out.ptr, "\ngputop-uid"));
	assert_null(strstr(out.ptr + 1, "\ngputop-pid"));
	assert_ptr_equal(strstr(out.ptr, "\n\n"), out.ptr + out.len - 2);
	assert_non_null(strstr(out.ptr, "\ndrm-driver:\tx\ndrm-client-id:\t4\n\n"));

	parse(&r, "gputop-pid: 6\ndrm-driver: x\ngputop-uid: 0\ngputop-comm: init\n");
	assert_true(r.process.uid == UNKNOWN);
	assert_null(r.process.comm.ptr);
	assert_int_equal(r.fi.n_malformed, 2);
	record_done(&r);
	buf_done(&out);
}

static void a_holder_that_did_not_read_gives_the_identity(void **state)
{
	struct record r = { 0 };
	struct buf out = { 0 };

	(void)state;
	record_reset(&r);
	r.process.pid = 6;
	r.fi.client_id = 12;
	r.fi.driver = str_of("xe");
	record_write_client(&r, &out);
	assert_string_equal(out.ptr, "gputop-pid:\t6\ngputop-start-time:\t0\ndrm-driver:\txe\n"
				     "drm-client-id:\t12\n\n");
	parse(&r, out.ptr);
	assert_int_equal(r.fi.client_id, 12);
	assert_int_equal(r.t_ns, 0);
	record_done(&r);
	buf_done(&out);
}

static void no_record_is_longer_than_readers_accept(void **state)
{
	size_t size = 3u << 20;
	char *big = malloc(size);
	struct record r = { 0 };
	struct buf out = { 0 }, body = { 0 };
	size_t len;

	(void)state;
	assert_non_null(big);
	memset(big, '\001', size);
	record_reset(&r);
	r.gpu = str_of("0000:03:00.0");
	r.process = (struct process){
		.pid = 6, .comm = { big, size }, .cmdline = { big, size }, .user = { big, size },
		.cgroup = { big, size },
	};
	for (int fd = 0; fd < 500000; fd++)
		assert_int_equal(record_add_fd(&r, fd), 0);
	while (body.len < size)
		buf_printf(&body, "drm-engine-a: 1\n");
	r.text = (struct str){ body.ptr, body.len };
	record_write_client(&r, &out);
	assert_int_equal(out.err, 0);
	len = (size_t)(strstr(out.ptr, "\n\n") + 2 - out.ptr);
	assert_int_equal(len, out.len);
	assert_in_range(len, RECORD_MAX - 20, RECORD_MAX);

	assert_int_equal(record_parse(&r, (struct str){ out.ptr, len }), 0);
	assert_int_equal(r.process.cgroup.len, 32 << 10);
	assert_int_equal(r.n_garbage, 0);
	assert_true(r.n_fds > 10000);
	assert_int_equal(r.fds[r.n_fds - 1], r.n_fds - 1);
	record_done(&r);
	buf_done(&out);
	buf_done(&body);
	free(big);
}

static void descriptors_are_kept_in_order_and_once(void **state)
{
	static const int in[] = { 5, 3, 9, 3, 0, 9, 7 }, expected[] = { 0, 3, 5, 7, 9 };
	struct record r = { 0 };

	(void)state;
	for (size_t i = 0; i < N_OF(in); i++)
		assert_int_equal(record_add_fd(&r, in[i]), 0);
	assert_int_equal(r.n_fds, 5);
	assert_memory_equal(r.fds, expected, sizeof(expected));
	record_done(&r);
}

static void a_second_parse_allocates_nothing(void **state)
{
	struct record r = { 0 };
	struct buf out = { 0 };
	size_t before;

	(void)state;
	parse(&r, client_text);
	record_write_client(&r, &out);
	before = allocs_count();
	for (int i = 0; i < 3; i++) {
		parse(&r, client_text);
		parse(&r, device_text);
		parse(&r, frame_text);
		parse(&r, client_text);
		buf_reset(&out);
		record_write_client(&r, &out);
	}
	assert_int_equal(allocs_count(), before);
	record_done(&r);
	buf_done(&out);
}

static void out_of_memory_is_an_error_and_no_more(void **state)
{
	struct record r = { 0 };
	int e = -ENOMEM;
	size_t n = 0;

	(void)state;
	while (e == -ENOMEM) {
		record_done(&r);
		allocs_fail_after(++n);
		e = record_parse(&r, str_of(client_text));
		allocs_fail_after(0);
	}
	assert_int_equal(e, 0);
	/* scratch, fds, engines, extras */
	assert_int_equal(n, 5);
	record_done(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_read_is_written_again),
		cmocka_unit_test(a_device_record_is_understood),
		cmocka_unit_test(a_client_record_is_understood),
		cmocka_unit_test(a_frame_record_is_understood),
		cmocka_unit_test(every_fixture_survives_a_recording),
		cmocka_unit_test(records_of_the_kernel_module_are_understood),
		cmocka_unit_test(the_first_line_of_ours_says_what_a_record_is),
		cmocka_unit_test(every_escaped_text_stays_where_it_was),
		cmocka_unit_test(what_makes_no_sense_is_counted),
		cmocka_unit_test(lines_nobody_writes_are_garbage),
		cmocka_unit_test(nothing_a_process_or_driver_says_forges_a_record),
		cmocka_unit_test(a_holder_that_did_not_read_gives_the_identity),
		cmocka_unit_test(no_record_is_longer_than_readers_accept),
		cmocka_unit_test(descriptors_are_kept_in_order_and_once),
		cmocka_unit_test(a_second_parse_allocates_nothing),
		cmocka_unit_test(out_of_memory_is_an_error_and_no_more),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
