/* SPDX-License-Identifier: MIT */
/* From a fake /proc and /sys, and from this machine's own, to a snapshot. /dev/null stands for a GPU. */
#include "unit.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "allocs.h"
#include "fake_proc.h"
#include "fdinfo/source.h"
#include "fixture.h"
#include "fleet.h"

#define IDLE "pos:\t0\nflags:\t02100002\nmnt_id:\t26\nino:\t614\n"
#define CLIENT_7 IDLE "drm-driver:\tx\ndrm-client-id:\t7\n"

static const unsigned int mem_major = 1;

static struct fake_proc proc, sys;
static struct source *source;
static struct table *table;

static int make_trees(void **state)
{
	(void)state;
	fake_proc_init(&proc);
	fake_proc_init(&sys);
	return table_new(&table);
}

static int drop_trees(void **state)
{
	(void)state;
	source_free(source);
	source = NULL;
	table_free(table);
	fake_proc_done(&proc);
	fake_proc_done(&sys);
	return 0;
}

static struct finder_why why;

static void open_source(const char *finder)
{
	const struct live_options o = { .finder = finder, .proc = proc.root, .sys = sys.root,
					.majors = &mem_major, .n_majors = 1 };

	assert_int_equal(source_live_new(&o, &why, &source), 0);
}

static const struct snapshot *next(void)
{
	assert_int_equal(source_next(source, table), 1);
	return table_snapshot(table);
}

static void put_sys(const char *path, const char *text)
{
	fake_proc_write(&sys, path, text, strlen(text));
}

static void link_sys(const char *path, const char *target)
{
	char full[128];

	snprintf(full, sizeof(full), "%s/%s", sys.root, path);
	assert_int_equal(symlink(target, full), 0);
}

/* A platform device "soc-gpu" with the node card0, 1:3. */
static void put_platform_gpu(const char *status)
{
	put_sys("devices/soc-gpu/power/runtime_status", status);
	put_sys("devices/soc-gpu/drm/card0/dev", "1:3\n");
	link_sys("devices/soc-gpu/drm/card0/device", "../..");
	put_sys("drivers/panfrost/uevent", "");
	link_sys("devices/soc-gpu/driver", "../../drivers/panfrost");
	put_sys("class/drm/version", "drm 1.1.0\n");
	link_sys("class/drm/card0", "../../devices/soc-gpu/drm/card0");
}

static void untold_it_takes_the_cheapest_finder_and_says_why(void **state)
{
	(void)state;
	open_source(NULL);
	assert_non_null(strstr(next()->frame.scan.passed_over, "procgpu: the kernel module"));
	assert_string_equal(next()->frame.scan.finder, "cached");
}

static void a_frame_says_who_when_and_at_what_cost(void **state)
{
	static struct fixture fixtures[N_FIXTURES];
	const struct snapshot_client *c;
	const struct snapshot *s;

	(void)state;
	fixtures_read(fixtures);
	fake_proc_add(&proc, 42, "mpv", 1000);
	fake_proc_fd(&proc, 42, 7, "/dev/null", fixture_find(fixtures, "amdgpu-6.12").ptr);
	fake_proc_fd(&proc, 42, 8, "/proc/self/exe", NULL);
	fake_proc_add(&proc, 43, "sh", 1001);
	open_source("stat");
	assert_int_equal(source_fd(source), -1);
	for (uint64_t seq = 1; seq < 4; seq++) {
		s = next();
		assert_int_equal(s->frame.seq, seq);
		assert_true(s->frame.t_ns > 0);
		/* 2020 and later */
		assert_true(s->frame.clock_ns > 1577836800 * UINT64_C(1000000000));
		assert_true(s->frame.host[0] != '\0');
		assert_string_equal(s->frame.scan.finder, "stat");
		assert_true(s->frame.scan.wall_ns > 0);
		assert_true(s->frame.scan.cpu_ns > 0);
		assert_int_equal(s->frame.scan.processes, 2);
		assert_int_equal(s->frame.scan.fds, 2);
		assert_int_equal(s->frame.scan.reads, 1);
		assert_int_equal(s->frame.scan.syscalls[SYSCALL_STAT], 2);
		assert_int_equal(s->frame.scan.gone, 0);
		assert_int_equal(s->frame.scan.malformed, 0);
		assert_int_equal(s->n_clients, 1);
	}
	c = &s->clients[0];
	assert_string_equal(c->device->device.gpu, "0000:08:00.0");
	assert_int_equal(c->id, 217);
	assert_int_equal(c->rdev, makedev(1, 3));
	assert_int_equal(c->n_holders, 1);
	assert_int_equal(c->holders[0].pid, 42);
	assert_int_equal(c->holders[0].fd, 7);
	assert_string_equal(c->process->comm, "mpv");
	assert_int_equal(c->process->start_time, 1000);
	assert_true(c->interval_ns != UNKNOWN && c->interval_ns > 0);
	/* the driver's lines, and none of fs/proc/fd.c */
	assert_int_equal(memcmp(c->text.ptr, "drm-driver:\tamdgpu\n", 19), 0);
	fixtures_done(fixtures);
}

static void one_client_of_many_holders_is_one_client(void **state)
{
	const struct snapshot *s;

	(void)state;
	for (pid_t pid = 100; pid < 103; pid++) {
		fake_proc_add(&proc, pid, "client", (unsigned long)pid);
		fake_proc_fd(&proc, pid, 3, "/dev/null", CLIENT_7);
		fake_proc_fd(&proc, pid, 4, "/dev/null", CLIENT_7);
	}
	open_source("auto");
	s = next();
	assert_int_equal(s->n_clients, 1);
	assert_int_equal(s->clients[0].n_holders, 6);
	assert_int_equal(s->clients[0].process->pid, 100);
	assert_int_equal(s->clients[0].n_sharers, 2);
}

static void a_device_is_named_by_pdev_then_sysfs_then_minor(void **state)
{
	const struct snapshot *s;

	(void)state;
	put_platform_gpu("active\n");
	fake_proc_add(&proc, 100, "client", 1);
	fake_proc_fd(&proc, 100, 3, "/dev/null", CLIENT_7);
	fake_proc_fd(&proc, 100, 4, "/dev/null", CLIENT_7 "drm-pdev:\t0000:01:00.0\n");
	fake_proc_fd(&proc, 100, 5, "/dev/zero", CLIENT_7);
	open_source(NULL);
	s = next();
	assert_int_equal(s->n_clients, 3);
	for (size_t i = 0; i < 3; i++) {
		static const char *const gpus[] = { "soc-gpu", "0000:01:00.0", "minor:5" };
		const struct snapshot_client *c = &s->clients[i];

		assert_string_equal(c->device->device.gpu, gpus[c->holders[0].fd - 3]);
	}
}

static void a_platform_device_whose_node_is_denied_is_known_by_its_driver(void **state)
{
	const struct snapshot *s;
	char fd_dir[128];

	(void)state;
	put_platform_gpu("active\n");
	fake_proc_add(&proc, 100, "client", 1);
	fake_proc_fd(&proc, 100, 3, "/dev/null", IDLE "drm-driver:\tpanfrost\ndrm-client-id:\t7\n");
	fake_proc_fd(&proc, 100, 4, "/dev/null", IDLE "drm-driver:\tother\ndrm-client-id:\t8\n");
	/* what root may not be denied is not there */
	snprintf(fd_dir, sizeof(fd_dir), "%s/100/fd/3", proc.root);
	assert_int_equal(unlink(fd_dir), 0);
	snprintf(fd_dir, sizeof(fd_dir), "%s/100/fd/4", proc.root);
	assert_int_equal(unlink(fd_dir), 0);
	open_source("fdinfo");
	s = next();
	assert_int_equal(s->n_clients, 2);
	assert_string_equal(s->clients[0].device->device.gpu, "soc-gpu");
	assert_string_equal(s->clients[1].device->device.gpu, "other");
}

static void a_sleeping_device_keeps_its_clients_and_is_not_read(void **state)
{
	static const char *const names[] = { "stat", "name", "fdinfo", "cached" };
	const struct snapshot *s;

	(void)state;
	put_platform_gpu("suspended\n");
	fake_proc_add(&proc, 100, "client", 1);
	fake_proc_fd(&proc, 100, 3, "/dev/null", CLIENT_7);
	for (int i = 0; i < 4; i++) {
		open_source(names[i]);
		put_sys("devices/soc-gpu/power/runtime_status", "suspended\n");
		s = next();
		assert_int_equal(s->frame.scan.reads, 0);
		assert_int_equal(s->n_clients, 1);
		assert_string_equal(s->clients[0].device->device.gpu, "soc-gpu");
		assert_int_equal(s->clients[0].device->device.power, DEVICE_ASLEEP);
		put_sys("devices/soc-gpu/power/runtime_status", "active\n");
		s = next();
		assert_int_equal(s->frame.scan.reads, 1);
		assert_int_equal(s->n_clients, 1);
		assert_int_equal(s->clients[0].id, 7);
		assert_int_equal(s->clients[0].device->device.power, DEVICE_AWAKE);
		source_free(source);
		source = NULL;
		table_free(table);
		assert_int_equal(table_new(&table), 0);
	}
}

static void a_text_longer_than_any_page_counts_to_its_end(void **state)
{
	struct buf text = { 0 };
	const struct snapshot *s;

	(void)state;
	buf_add_str(&text, str_of(CLIENT_7));
	for (int i = 0; i < 500; i++)
		buf_printf(&text, "drm-engine-an-engine-with-a-name-that-is-longer-than-those-of-others-%d:\t%d ns\n", i, i);
	assert_true(text.len > 32768);
	fake_proc_add(&proc, 100, "client", 1);
	fake_proc_fd(&proc, 100, 3, "/dev/null", text.ptr);
	open_source(NULL);
	s = next();
	assert_int_equal(s->n_clients, 1);
	assert_int_equal(s->clients[0].device->n_engines, 500);
	assert_int_equal(s->clients[0].engines[499].busy_ns, 499);
	buf_done(&text);
}

static void a_pid_that_is_another_process_shows_the_other(void **state)
{
	const struct snapshot *s;

	(void)state;
	open_source(NULL);
	for (unsigned long turn = 1; turn < 4; turn++) {
		fake_proc_add(&proc, 100, turn == 2 ? "second" : "client", turn);
		fake_proc_fd(&proc, 100, 3, "/dev/null", CLIENT_7);
		s = next();
		assert_int_equal(s->n_clients, 1);
		assert_int_equal(s->clients[0].process->start_time, turn);
		assert_string_equal(s->clients[0].process->comm, turn == 2 ? "second" : "client");
		fake_proc_remove(&proc, 100);
	}
	assert_int_equal(next()->n_clients, 0);
}

static void what_makes_no_sense_is_counted(void **state)
{
	const struct snapshot *s;

	(void)state;
	fake_proc_add(&proc, 100, "client", 1);
	fake_proc_fd(&proc, 100, 3, "/dev/null", CLIENT_7 "drm-engine-gfx:\t-1 ns\ndrm-total-vram:\tmuch\n");
	/* died before anything was learned of it */
	fake_proc_write(&proc, "101/fdinfo/3", CLIENT_7, strlen(CLIENT_7));
	fake_proc_write(&proc, "101/fd/x", "", 0);
	open_source("fdinfo");
	s = next();
	assert_int_equal(s->n_clients, 1);
	assert_int_equal(s->frame.scan.malformed, 2);
	assert_int_equal(s->frame.scan.gone, 1);
}

static void a_machine_without_clients_has_an_empty_frame(void **state)
{
	const struct snapshot *s;

	(void)state;
	open_source(NULL);
	s = next();
	assert_int_equal(s->n_clients, 0);
	assert_int_equal(s->n_devices, 0);
	assert_int_equal(s->frame.scan.processes, 0);
}

static void says_why_it_cannot_be_opened(void **state)
{
	static const unsigned int many[FINDER_MAX_MAJORS + 1];
	const struct { struct live_options o; int err; const char *why; } cases[] = {
		{ { .finder = "none" }, -ENOENT, "there is no such finder" },
		{ { .finder = "procgpu", .proc = proc.root }, -ENODEV,
		  "the kernel module gputop_proc is not loaded" },
		{ { .proc = "/nonexistent" }, -ENOENT, "" },
		{ { .proc = "/dev/null" }, -ENOTDIR, "" },
		{ { .majors = many, .n_majors = FINDER_MAX_MAJORS + 1 }, -EINVAL, "" },
	};

	(void)state;
	for (size_t i = 0; i < N_OF(cases); i++) {
		assert_int_equal(source_live_new(&cases[i].o, &why, &source), cases[i].err);
		assert_string_equal(why.reason, cases[i].why);
	}
	assert_null(source);
}

/* Many clients with all there is to say of them. */
static void put_clients(void)
{
	static struct fixture fixtures[N_FIXTURES];

	fixtures_read(fixtures);
	put_platform_gpu("active\n");
	for (int i = 0; i < 4 * N_FIXTURES; i++) {
		if (i % 4 == 0)
			fake_proc_add(&proc, 100 + i / 4, "client", 1);
		fake_proc_fd(&proc, 100 + i / 4, 3 + i, i % 5 ? "/dev/null" : "/dev/zero",
			     fixtures[i % N_FIXTURES].text.ptr);
	}
	fixtures_done(fixtures);
}

static void a_warm_frame_allocates_nothing(void **state)
{
	static const char *const names[] = { "stat", "name", "fdinfo", "cached" };

	(void)state;
	put_clients();
	for (int i = 0; i < 4; i++) {
		size_t before;

		open_source(names[i]);
		assert_true(next()->n_clients > 10);
		next();
		before = allocs_count();
		for (int frame = 0; frame < 20; frame++)
			next();
		assert_int_equal(allocs_count(), before);
		source_free(source);
		source = NULL;
	}
}

static void survive_every_failing_allocation(const char *finder)
{
	const struct live_options o = { .finder = finder, .proc = proc.root, .sys = sys.root, .majors = &mem_major,
					.n_majors = 1 };
	size_t n = 0;
	int err;

	do {
		struct table *t;

		assert_int_equal(table_new(&t), 0);
		source = NULL;
		allocs_fail_after(++n);
		err = source_live_new(&o, &why, &source);
		if (!err)
			err = source_next(source, t);
		allocs_fail_after(0);
		assert_true(err == 1 || err == -ENOMEM);
		if (source && err == -ENOMEM)
			assert_int_equal(source_next(source, t), 1);
		source_free(source);
		table_free(t);
	} while (err != 1);
	source = NULL;
	assert_true(n > 50);
}

static void survives_every_failing_allocation(void **state)
{
	(void)state;
	put_clients();
	survive_every_failing_allocation("stat");
	survive_every_failing_allocation("cached");
}

static void sees_live_processes_through_a_storm(void **state)
{
	static const struct fleet_fd fds[] = { { 3, FLEET_NODE }, { 4, FLEET_DUP }, { 5, FLEET_FILE } };
	static const unsigned int gpu_major = FLEET_GPU_MAJOR;
	const struct live_options o = { .sys = sys.root, .majors = &gpu_major, .n_majors = 1 };
	struct fleet fleet = { .node = FLEET_GPU };
	char gpu[16];
	pid_t pid;

	(void)state;
	snprintf(gpu, sizeof(gpu), "minor:%d", FLEET_GPU_MINOR);
	pid = fleet_spawn(&fleet, fds, 3);
	fleet_storm(&fleet);
	assert_int_equal(source_live_new(&o, &why, &source), 0);
	for (int frame = 0; frame < 50; frame++) {
		const struct snapshot *s = next();
		size_t n = 0;

		for (size_t i = 0; i < s->n_clients; i++) {
			const struct snapshot_client *c = &s->clients[i];

			if (c->process->pid != pid)
				continue;
			n += c->n_holders;
			assert_string_equal(c->device->device.gpu, gpu);
			assert_int_equal(c->id, UNKNOWN);
			assert_null(c->text.ptr);
			assert_string_equal(c->process->comm, FLEET_COMM);
		}
		/* no client id: each descriptor stands for itself */
		assert_int_equal(n, 2);
	}
	fleet_done(&fleet);
}

#define with_trees(f) cmocka_unit_test_setup_teardown(f, make_trees, drop_trees)

int main(void)
{
	const struct CMUnitTest tests[] = {
		with_trees(untold_it_takes_the_cheapest_finder_and_says_why),
		with_trees(a_frame_says_who_when_and_at_what_cost),
		with_trees(one_client_of_many_holders_is_one_client),
		with_trees(a_device_is_named_by_pdev_then_sysfs_then_minor),
		with_trees(a_platform_device_whose_node_is_denied_is_known_by_its_driver),
		with_trees(a_sleeping_device_keeps_its_clients_and_is_not_read),
		with_trees(a_text_longer_than_any_page_counts_to_its_end),
		with_trees(a_pid_that_is_another_process_shows_the_other),
		with_trees(what_makes_no_sense_is_counted),
		with_trees(a_machine_without_clients_has_an_empty_frame),
		with_trees(says_why_it_cannot_be_opened),
		with_trees(a_warm_frame_allocates_nothing),
		with_trees(survives_every_failing_allocation),
		with_trees(sees_live_processes_through_a_storm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
