/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "fake_proc.h"
#include "pass.h"

static const struct devices awake;
static struct fake_proc fp;
static struct pass pass;

static int set_up(void **state)
{
	(void)state;
	fake_proc_init(&fp);
	fake_proc_write(&fp, "self/gpu", "", 0);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	fake_proc_done(&fp);
	return 0;
}

static void put(pid_t pid, const char *text)
{
	char path[32];

	fake_proc_add(&fp, pid, "client", 1);
	snprintf(path, sizeof(path), "%d/gpu", pid);
	fake_proc_write(&fp, path, text, strlen(text));
}

static void every_descriptor_of_every_client_is_a_holder(void **state)
{
	(void)state;
	put(100, "gputop-fd:\t3\ngputop-fds:\t3 7\ngputop-dev:\t226:128\ndrm-driver:\tx\ndrm-client-id:\t5\n\n"
		 "gputop-fd:\t4\ngputop-fds:\t4\ngputop-dev:\t226:0\n\n");
	put(101, "");
	put(102, "gputop-fd:\t9\ngputop-fds:\t9\ngputop-dev:\t226:128\ndrm-driver:\tx\ndrm-client-id:\t5\n\n");
	pass_run(&pass, "procgpu", fp.root, &awake, 226);
	assert_int_equal(pass.ret, 0);
	assert_int_equal(pass.n, 4);
	assert_int_equal(pass.scan.processes, 3);
	for (size_t i = 0; i < 4; i++) {
		static const struct { pid_t pid; int fd; unsigned int minor; } want[] = {
			{ 100, 3, 128 }, { 100, 4, 0 }, { 100, 7, 128 }, { 102, 9, 128 },
		};
		const struct found *f = &pass.found[i];

		assert_int_equal(f->pid, want[i].pid);
		assert_int_equal(f->fd, want[i].fd);
		assert_int_equal(f->rdev, makedev(226, want[i].minor));
		assert_string_equal(f->text, want[i].minor ? "drm-driver:\tx\ndrm-client-id:\t5\n" : "");
	}
}

static void other_majors_and_cut_records_are_none(void **state)
{
	(void)state;
	put(100, "gputop-fd:\t3\ngputop-fds:\t3\ngputop-dev:\t261:0\ndrm-driver:\tx\n\n"
		 "gputop-hidden:\t3\n\nnonsense\n\n\n\ngputop-fd:\t4\ngputop-fds:\t4\ngputop-dev:\t226:0\n");
	pass_run(&pass, "procgpu", fp.root, &awake, 226);
	assert_int_equal(pass.ret, 0);
	assert_int_equal(pass.n, 0);
}

static void a_sleeping_device_is_looked_for_by_its_descriptors(void **state)
{
	const struct devices sleeping = {
		.list = { { .power = DEVICE_ASLEEP, .n_nodes = 1, .nodes = { { "card0", makedev(1, 3) } } } },
		.n = 1,
	};

	(void)state;
	put(100, "gputop-fd:\t4\ngputop-fds:\t4\ngputop-dev:\t1:3\ndrm-driver:\tx\n\n");
	fake_proc_fd(&fp, 100, 4, "/dev/null", "drm-driver:\tx\n");
	pass_run(&pass, "procgpu", fp.root, &sleeping, 1);
	assert_int_equal(pass.n, 1);
	assert_int_equal(pass.found[0].text_len, 0);
	assert_int_equal(pass.scan.reads, 0);
}

static void is_not_there_without_the_module(void **state)
{
	struct proc p;
	struct finder_env env = { .proc = &p, .devices = &awake, .majors = { 226 }, .n_majors = 1 };
	struct finder *f = NULL, *before;
	char path[128];

	(void)state;
	assert_int_equal(proc_init(&p, fp.root), 0);
	assert_int_equal(finder_new("procgpu", &env, NULL, &before), 0);
	snprintf(path, sizeof(path), "%s/self/gpu", fp.root);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(finder_new("procgpu", &env, NULL, &f), -ENODEV);
	assert_null(f);
	/* nor does it find nothing once the module is gone */
	pass.n = 0;
	assert_int_equal(finder_find(before, pass_keep, &pass), -ENODEV);
	finder_free(before);
	proc_done(&p);
}

#define with_tree(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		with_tree(every_descriptor_of_every_client_is_a_holder),
		with_tree(other_majors_and_cut_records_are_none),
		with_tree(a_sleeping_device_is_looked_for_by_its_descriptors),
		with_tree(is_not_there_without_the_module),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
