/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/doctor.h"
#include "fake_proc.h"
#include "sample.h"

#define ALL_CAPABILITIES 0x1ffffffffffULL

/* Nothing hinders here: a case takes it and changes what it is about. */
static struct snapshot machine;
static struct doctor_facts facts;

static int set_up(void **state)
{
	(void)state;
	machine = sample;
	machine.frame.scan.denied = 0;
	facts = (struct doctor_facts){
		.snapshot = &machine, .no_snapshot = "", .kernel = "6.12.95", .has_fd_counts = true,
		.has_btf = true, .has_livepatch = true, .capabilities = ALL_CAPABILITIES, .max_fds = 4096,
		.is_terminal = true, .is_utf8 = true, .colors = 256,
		.finders = { { "bpf", true, { "", "" } }, { "stat", true, { "", "" } } }, .n_finders = 2,
	};
	return 0;
}

static const char *judged(void)
{
	static struct buf out;
	struct doctor_findings findings = { 0 };

	doctor_judge(&facts, &findings);
	buf_reset(&out);
	doctor_text(&findings, &out);
	assert_int_equal(findings.err, 0);
	assert_int_equal(out.err, 0);
	/* the last line and the exit status say the same */
	assert_int_equal(doctor_is_hindered(&findings), !strstr(out.ptr, "\nNothing hinders gputop here.\n"));
	doctor_findings_done(&findings);
	return out.ptr;
}

static void says(const char *line)
{
	const char *text = judged();

	if (!strstr(text, line))
		fail_msg("'%s' is not in:\n%s", line, text);
}

static void is_hindered_by(const char *lines)
{
	says(lines);
	says("\n1 problem.\n");
}

static void finds_nothing_to_say_where_all_is_well(void **state)
{
	(void)state;
	says("\nNothing hinders gputop here.\n");
	says("  ok       0000:03:00.0: the driver tells of engines gfx, dec; memory vram, gtt\n");
	says("  ok       bpf works, and is the one that gputop takes\n");
	says("  ok       stat works\n");
	says("  ok       every process may be looked at\n");
}

static void says_what_each_driver_does_not_tell(void **state)
{
	static const struct snapshot_device nobodys = { .device = { .gpu = "minor:9" } };

	(void)state;
	says("  note     minor:5: what the driver tells is not known: no usage of its clients was read\n"
	     "           -> look again while a program uses it\n");
	says("  note     0000:04:00.0: clients without a drm-client-id (1)");
	machine.devices = &nobodys;
	machine.n_devices = 1;
	says("  note     minor:9: what the driver tells is not known: nobody has it open\n");
}

static void a_driver_that_prints_nothing_is_told_apart_from_one_not_read(void **state)
{
	static const struct snapshot_device silent = { .device = { .gpu = "minor:9" }, .n_clients = 1 };
	static const struct snapshot_client client = { .device = &silent, .id = UNKNOWN, .text = { "", 0 } };

	(void)state;
	machine.devices = &silent;
	machine.clients = &client;
	machine.n_devices = machine.n_clients = 1;
	says("  note     minor:9: the driver tells no usage, only who has it open is known\n");
}

static void a_machine_without_a_gpu_is_a_problem(void **state)
{
	(void)state;
	machine.n_devices = machine.n_clients = 0;
	is_hindered_by("  problem  no GPU or NPU is to be seen in sysfs\n"
		       "           -> load its driver; in a container, mount the host's /sys\n");
	facts.snapshot = NULL;
	facts.no_snapshot = "No such file or directory";
	is_hindered_by("  problem  this machine cannot be looked at: No such file or directory\n");
}

static void a_switch_that_is_off_is_a_problem(void **state)
{
	struct profiling_knob knobs[] = {
		{ "panfrost", "a.gpu", "/sys/a", 0, 1 }, { "panthor", "b.gpu", "/sys/b", 3, 3 },
	};

	(void)state;
	facts.knobs = knobs;
	facts.n_knobs = 2;
	is_hindered_by("  problem  panfrost a.gpu counts nothing of what its engines do\n"
		       "           -> gputop --profiling on, or echo 1 >/sys/a\n");
	says("  ok       panthor b.gpu counts what its engines do\n");
	knobs[0].value = 1;
	knobs[1].value = 2;
	is_hindered_by("  problem  panthor b.gpu counts only a part of what its engines do\n"
		       "           -> gputop --profiling on, or echo 3 >/sys/b\n");
}

static void a_user_is_hindered_unless_gputopd_helps(void **state)
{
	(void)state;
	facts.capabilities = 0;
	facts.uid = 1000;
	facts.socket_err = -ENOENT;
	machine.frame.scan.denied = 14;
	is_hindered_by("  problem  without CAP_SYS_PTRACE (user 1000) others' clients are hidden; processes that may not "
		       "be looked at: 14\n           -> run as root, or gputopd");
	says("  note     it does not run");
	snprintf(facts.hidepid, sizeof(facts.hidepid), "invisible");
	says("  problem  /proc is mounted with hidepid=invisible: others' processes are not even counted\n");
	says("\n2 problems.\n");
	facts.socket_err = 0;
	says("  ok       without CAP_SYS_PTRACE (user 1000) gputopd is asked\n");
	says("\nNothing hinders gputop here.\n");
	facts.socket_err = -EACCES;
	says("  note     this user may not ask it\n           -> join the group gputop\n");
}

static void what_hinders_a_little_is_a_note(void **state)
{
	(void)state;
	facts.has_fd_counts = facts.has_btf = facts.has_livepatch = facts.is_utf8 = false;
	facts.colors = -1;
	facts.is_contained = true;
	facts.max_fds = 256;
	machine.frame.scan.denied = 1;
	snprintf(facts.missing_nodes, sizeof(facts.missing_nodes), "card0");
	snprintf(facts.hidepid, sizeof(facts.hidepid), "2");
	says("\nNothing hinders gputop here.\n");
	says("-> Linux 6.2 or later\n");
	says("-> a kernel with CONFIG_DEBUG_INFO_BTF\n");
	says("  note     it cannot be patched while it runs, which gputop_proc needs for /proc/<pid>/gpu\n"
	     "           -> a kernel with CONFIG_LIVEPATCH");
	says("  note     it is not UTF-8");
	says("  note     it has no colours\n");
	says("  note     a pid namespace of its own");
	says("  note     not in /dev: card0;");
	says("  note     256 descriptors may be open (RLIMIT_NOFILE)");
	says("  note     processes that may not be looked at in spite of all capabilities: 1\n");
	facts.capabilities &= ~(1ULL << 2);
	says("  note     without CAP_DAC_READ_SEARCH");
}

static void a_finder_that_does_not_open_says_why(void **state)
{
	(void)state;
	facts.finders[0] = (struct doctor_finder){ "bpf", false, { "no BTF", "boot another kernel" } };
	says("  note     bpf does not: no BTF\n           -> boot another kernel\n"
	     "  ok       stat works, and is the one that gputop takes\n");
	facts.finders[0] = (struct doctor_finder){ "procgpu", false, { "no module", "load it" } };
	says("no module\n           -> load it\n");
	facts.has_livepatch = false;
	says("no module\n  ok       stat");
}

static void hostile_text_cannot_begin_a_line(void **state)
{
	(void)state;
	snprintf(facts.hidepid, sizeof(facts.hidepid), "\n\033[2J");
	facts.capabilities = 0;
	facts.socket_err = -ENOENT;
	says("hidepid=\\n\\033[2J:");
}

static void json_has_the_same_findings(void **state)
{
	struct doctor_findings findings = { 0 };
	struct buf out = { 0 };

	(void)state;
	facts.snapshot = NULL;
	facts.no_snapshot = "\"\xff";
	doctor_judge(&facts, &findings);
	doctor_json(&findings, &out);
	assert_non_null(strstr(out.ptr, "{\"schema\":\"gputop-doctor/1\",\"hindered\":true,\"findings\":[{\"area\":\"devices\","
			       "\"mark\":\"problem\",\"text\":\"this machine cannot be looked at: \\\"\xef\xbf\xbd\","
			       "\"remedy\":\"\"},"));
	doctor_findings_done(&findings);
	buf_done(&out);
}

static void facts_are_those_of_the_trees_it_is_given(void **state)
{
	static const unsigned int major = 1;
	struct fake_proc proc, sys, dev;
	struct live_options o = { .majors = &major, .n_majors = 1 };
	struct doctor_facts *f;
	struct doctor *d;
	char text[256], path[256];

	(void)state;
	fake_proc_init(&proc);
	fake_proc_init(&sys);
	fake_proc_init(&dev);
	o.proc = proc.root;
	o.sys = sys.root;
#define PUT(tree, name, text) fake_proc_write(&(tree), (name), (text), strlen(text))
	PUT(proc, "sys/kernel/osrelease", "6.1.0-9\n");
	PUT(proc, "self/status", "Name:\tx\nUid:\t1000\t1000\t1000\t1000\nCapEff:\t0000000000080004\n");
	snprintf(text, sizeof(text), "proc %s proc rw,hidepid=ptraceable,gid=5 0 0\nproc /elsewhere proc hidepid=2 0 0\n",
		 proc.root);
	PUT(proc, "self/mounts", text);
	PUT(proc, "self/ns/x", "");
	snprintf(path, sizeof(path), "%s/self/ns/pid", proc.root);
	assert_int_equal(symlink("pid:[4026532001]", path), 0);
	PUT(sys, "kernel/btf/vmlinux", "");
	PUT(sys, "bus/platform/drivers/panfrost/fb0.gpu/profiling", "0\n");
	PUT(sys, "bus/platform/drivers/panthor/fc0.gpu/profiling", "3\n");
	PUT(sys, "bus/platform/drivers/panthor/bind", "");
	PUT(sys, "kernel/debug/dri/0/name", "panfrost dev=fb0.gpu unique=fb0.gpu\n");
	PUT(sys, "kernel/debug/dri/0/profile", "1\n");
	PUT(sys, "kernel/debug/dri/1/name", "synthgpu dev=x unique=x\n");
	PUT(sys, "kernel/debug/dri/1/profile", "0\n");
	PUT(sys, "devices/g/drm/card0/dev", "1:3\n");
	PUT(sys, "devices/g/drm/renderD128/dev", "1:5\n");
	PUT(sys, "class/drm/version", "");
	for (size_t i = 0; i < 2; i++) {
		const char *name = i ? "renderD128" : "card0";

		snprintf(path, sizeof(path), "%s/class/drm/%s", sys.root, name);
		snprintf(text, sizeof(text), "../../devices/g/drm/%s", name);
		assert_int_equal(symlink(text, path), 0);
		snprintf(path, sizeof(path), "%s/devices/g/drm/%s/device", sys.root, name);
		assert_int_equal(symlink("../..", path), 0);
	}
	PUT(dev, "dri/renderD128", "");

	assert_int_equal(doctor_gather(&o, dev.root, "/nonexistent", &d), 0);
	f = doctor_facts(d);
	assert_string_equal(f->kernel, "6.1.0-9");
	assert_int_equal(f->uid, 1000);
	assert_int_equal(f->capabilities, 0x80004);
	assert_string_equal(f->hidepid, "ptraceable");
	assert_true(f->is_contained);
	assert_true(f->has_btf);
	assert_false(f->has_livepatch);
	assert_false(f->has_fd_counts);
	assert_int_equal(f->socket_err, -ENOENT);
	assert_int_equal(f->snapshot->n_devices, 1);
	assert_string_equal(f->missing_nodes, "card0");
	assert_int_equal(f->n_knobs, 3);
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(f->knobs[i].value, ((unsigned int[]){ 0, 3, 1 })[i]);
		assert_int_equal(f->knobs[i].on, ((unsigned int[]){ 1, 3, 1 })[i]);
	}
	assert_string_equal(f->finders[0].name, "procgpu");
	assert_false(f->finders[0].is_open);
	assert_string_equal(f->finders[0].why.reason, "the kernel module gputop_proc is not loaded");
	assert_true(f->finders[f->n_finders - 1].is_open);
	doctor_free(d);

	o.proc = "/nonexistent";
	assert_int_equal(doctor_gather(&o, dev.root, "/nonexistent", &d), 0);
	assert_null(doctor_facts(d)->snapshot);
	assert_string_equal(doctor_facts(d)->no_snapshot, "No such file or directory");
	doctor_free(d);
	fake_proc_done(&proc);
	fake_proc_done(&sys);
	fake_proc_done(&dev);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup(f, set_up)
	const struct CMUnitTest tests[] = {
		TEST(finds_nothing_to_say_where_all_is_well),
		TEST(says_what_each_driver_does_not_tell),
		TEST(a_driver_that_prints_nothing_is_told_apart_from_one_not_read),
		TEST(a_machine_without_a_gpu_is_a_problem),
		TEST(a_switch_that_is_off_is_a_problem),
		TEST(a_user_is_hindered_unless_gputopd_helps),
		TEST(what_hinders_a_little_is_a_note),
		TEST(a_finder_that_does_not_open_says_why),
		TEST(hostile_text_cannot_begin_a_line),
		TEST(json_has_the_same_findings),
		TEST(facts_are_those_of_the_trees_it_is_given),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
