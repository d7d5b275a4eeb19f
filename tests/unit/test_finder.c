/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "fake_proc.h"
#include "fixture.h"
#include "pass.h"

#define NULL_RDEV makedev(1, 3)
#define ZERO_RDEV makedev(1, 5)

static const struct devices awake;
static const char *const names[] = { "stat", "name", "fdinfo" };

static void a_finder_goes_by_its_name(void **state)
{
	struct finder_env env = { 0 };
	struct finder_why why;
	struct finder *f = NULL;

	(void)state;
	assert_int_equal(finder_new("stat", &env, &why, &f), 0);
	assert_string_equal(finder_name(f), "stat");
	assert_string_equal(finder_passed_over(f), "");
	finder_free(f);
	f = NULL;
	assert_int_equal(finder_new("sta", &env, &why, &f), -ENOENT);
	assert_string_equal(why.reason, "there is no such finder");
	assert_null(f);
	finder_free(NULL);
}

/* What auto takes, and what it says of those it did not. */
static void auto_takes(const struct finder_env *env, const char *name, const char *passed_over)
{
	struct finder *f;

	assert_int_equal(finder_new("auto", env, NULL, &f), 0);
	assert_string_equal(finder_name(f), name);
	assert_string_equal(finder_passed_over(f), passed_over);
	finder_free(f);
}

#define NO_MODULE "procgpu: the kernel module gputop_proc is not loaded"
#define FOREIGN(finder) "; " finder ": it sees this machine's own /proc only"
#define SLOW(finder) "; " finder ": its start takes longer than so few passes save"
#ifdef HAVE_BPF
#define IF_BPF(text) text
#else
#define IF_BPF(text)
#endif

static void auto_is_the_cheapest_that_works(void **state)
{
	struct fake_proc fp;
	struct proc p;
	struct finder_env env = { .proc = &p, .devices = &awake };

	(void)state;
	fake_proc_init(&fp);
	assert_int_equal(proc_init(&p, fp.root), 0);
	auto_takes(&env, "cached", NO_MODULE FOREIGN("drmlist") IF_BPF(FOREIGN("bpf")));
	env.n_passes = 49;
	auto_takes(&env, "cached", NO_MODULE SLOW("drmlist") IF_BPF(SLOW("bpf")));
	env.n_passes = 50;
	auto_takes(&env, "cached", NO_MODULE FOREIGN("drmlist") IF_BPF(FOREIGN("bpf")));
	fake_proc_write(&fp, "self/gpu", "", 0);
	auto_takes(&env, "procgpu", "");
	proc_done(&p);
	fake_proc_done(&fp);
}

static void every_finder_yields_the_same_holders(void **state)
{
	static const char *const texts[] = {
		"amdgpu-6.12", "amdgpu-5.14-5.18-legacy", "i915-6.12-dg2", "xe-6.12-dgpu", "panfrost-6.12-profiling-on",
		"v3d-6.12", "ivpu-7.3-accel", "edge-6.12-client-no-objects",
	};
	static struct fixture fixtures[N_FIXTURES];
	static struct pass pass[3];
	struct fake_proc fp;

	(void)state;
	fixtures_read(fixtures);
	fake_proc_init(&fp);
	for (int i = 0; i < 8; i++) {
		pid_t pid = 100 + i / 2;

		if (i % 2 == 0)
			fake_proc_add(&fp, pid, "client", 1);
		fake_proc_fd(&fp, pid, 3 * i, i % 3 ? "/dev/null" : "/dev/zero",
			     fixture_find(fixtures, texts[i]).ptr);
		fake_proc_fd(&fp, pid, 50 + i, "/proc/self/exe", NULL);
		fake_proc_fd(&fp, pid, 60 + i, "/dev/tty", NULL);
	}
	fake_proc_add(&fp, 200, "no descriptors", 1);
	for (size_t i = 0; i < 3; i++) {
		pass_run(&pass[i], names[i], fp.root, &awake, 1);
		assert_int_equal(pass[i].ret, 0);
		assert_int_equal(pass[i].n, 8);
		assert_int_equal(pass[i].scan.processes, 5);
		assert_int_equal(pass[i].scan.fds, 24);
		assert_int_equal(pass[i].scan.reads, i == 2 ? 24 : 8);
		assert_int_equal(pass[i].scan.denied, 0);
		assert_int_equal(pass[i].scan.gone, 0);
		assert_memory_equal(pass[i].found, pass[0].found, sizeof(pass[0].found));
	}
	assert_int_equal(pass[0].found[7].pid, 103);
	assert_int_equal(pass[0].found[7].fd, 21);
	assert_int_equal(pass[0].found[0].rdev, ZERO_RDEV);
	assert_int_equal(pass[0].found[1].rdev, NULL_RDEV);
	assert_non_null(strstr(pass[0].found[0].text, "drm-client-id:\t217\n"));
	fixtures_done(fixtures);
	fake_proc_done(&fp);
}

static void a_driver_without_usage_is_seen_by_its_node_alone(void **state)
{
	struct fake_proc fp;
	static struct pass pass;

	(void)state;
	fake_proc_init(&fp);
	fake_proc_add(&fp, 100, "client", 1);
	fake_proc_fd(&fp, 100, 4, "/dev/null", NULL);
	for (size_t i = 0; i < 3; i++) {
		pass_run(&pass, names[i], fp.root, &awake, 1);
		assert_int_equal(pass.n, i == 2 ? 0 : 1);
	}
	fake_proc_done(&fp);
}

static void an_o_path_descriptor_is_no_client(void **state)
{
	struct fake_proc fp;
	static struct pass pass;

	(void)state;
	fake_proc_init(&fp);
	fake_proc_add(&fp, 100, "client", 1);
	fake_proc_fd(&fp, 100, 4, "/dev/null", "pos:\t0\nflags:\t012100000\nmnt_id:\t26\nino:\t301\n");
	fake_proc_fd(&fp, 100, 5, "/dev/null", "pos:\t0\nflags:\t012100000\nmnt_id:\t26\ndrm-driver:\tx\n");
	fake_proc_fd(&fp, 100, 6, "/dev/null", "pos:\t0\nflags:\t02100002\nmnt_id:\t26\ndrm-driver:\tx\n");
	for (size_t i = 0; i < 3; i++) {
		pass_run(&pass, names[i], fp.root, &awake, 1);
		assert_int_equal(pass.n, 1);
		assert_int_equal(pass.found[0].fd, 6);
	}
	fake_proc_done(&fp);
}

static void only_character_devices_have_a_major(void **state)
{
	struct fake_proc fp;
	static struct pass pass;

	(void)state;
	fake_proc_init(&fp);
	fake_proc_add(&fp, 100, "client", 1);
	/* st_rdev of a regular file is 0:0 */
	fake_proc_fd(&fp, 100, 4, "/proc/self/exe", "drm-driver:\tx\n");
	for (size_t i = 0; i < 3; i++) {
		pass_run(&pass, names[i], fp.root, &awake, 0);
		assert_int_equal(pass.n, 0);
	}
	fake_proc_done(&fp);
}

static void a_renamed_node_escapes_the_name_alone(void **state)
{
	struct fake_proc fp;
	static struct pass pass;
	char node[128];

	(void)state;
	fake_proc_init(&fp);
	snprintf(node, sizeof(node), "%s/elsewhere", fp.root);
	assert_int_equal(symlink("/dev/null", node), 0);
	fake_proc_add(&fp, 100, "client", 1);
	fake_proc_fd(&fp, 100, 4, node, "drm-driver:\tx\n");
	for (size_t i = 0; i < 3; i++) {
		pass_run(&pass, names[i], fp.root, &awake, 1);
		assert_int_equal(pass.n, i == 1 ? 0 : 1);
	}
	fake_proc_done(&fp);
}

static void names_of_the_usual_majors_are_the_two_directories(void **state)
{
	static const struct { const char *target; int is_candidate; } cases[] = {
		{ "/dev/dri/card77", 1 }, { "/dev/accel/accel77", 1 }, { "/dev/dri/renderD200 (deleted)", 1 },
		{ "/dev/dri", 0 }, { "/dev/driver", 0 }, { "/dev/null", 0 }, { "/x/dev/dri/card0", 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct fake_proc fp;
		static struct pass pass;

		fake_proc_init(&fp);
		fake_proc_add(&fp, 100, "client", 1);
		fake_proc_fd(&fp, 100, 4, cases[i].target, "drm-driver:\tx\n");
		pass_run(&pass, "name", fp.root, &awake, 226);
		/* the nodes do not exist: the name was taken for one, and then nothing was behind it */
		assert_int_equal(pass.scan.syscalls[SYSCALL_STAT], cases[i].is_candidate);
		assert_int_equal(pass.scan.gone, cases[i].is_candidate);
		assert_int_equal(pass.n, 0);
		fake_proc_done(&fp);
	}
}

static void a_sleeping_device_is_not_read(void **state)
{
	const struct devices sleeping = {
		.list = { { .power = DEVICE_ASLEEP, .n_nodes = 1, .nodes = { { "card0", ZERO_RDEV } } } },
		.n = 1,
	};
	struct fake_proc fp;
	static struct pass pass;

	(void)state;
	fake_proc_init(&fp);
	fake_proc_add(&fp, 100, "client", 1);
	fake_proc_fd(&fp, 100, 4, "/dev/zero", "drm-driver:\tsleeps\n");
	fake_proc_fd(&fp, 100, 5, "/dev/null", "drm-driver:\tawake\n");
	fake_proc_fd(&fp, 100, 6, "/proc/self/exe", NULL);
	for (size_t i = 0; i < 3; i++) {
		pass_run(&pass, names[i], fp.root, &sleeping, 1);
		assert_int_equal(pass.n, 2);
		assert_int_equal(pass.found[0].fd, 4);
		assert_int_equal(pass.found[0].rdev, ZERO_RDEV);
		assert_int_equal(pass.found[0].text_len, 0);
		assert_string_equal(pass.found[1].text, "drm-driver:\tawake\n");
		assert_int_equal(pass.scan.reads, 1);
	}
	fake_proc_done(&fp);
}

static void what_vanished_is_counted_and_no_client(void **state)
{
	struct fake_proc fp;
	static struct pass pass;
	char path[128];

	(void)state;
	fake_proc_init(&fp);
	fake_proc_add(&fp, 100, "client", 1);
	fake_proc_fd(&fp, 100, 4, "/dev/null", "drm-driver:\tx\n");
	fake_proc_fd(&fp, 100, 5, "/dev/null", "drm-driver:\tx\n");
	snprintf(path, sizeof(path), "%s/100/fdinfo/5", fp.root);
	assert_int_equal(unlink(path), 0);
	fake_proc_write(&fp, "101/stat", "", 0);
	for (size_t i = 0; i < 2; i++) {
		pass_run(&pass, names[i], fp.root, &awake, 1);
		assert_int_equal(pass.ret, 0);
		assert_int_equal(pass.n, 1);
		assert_int_equal(pass.scan.gone, 2);
		assert_int_equal(pass.scan.denied, 0);
	}
	fake_proc_done(&fp);
}

static void a_reused_number_is_judged_anew(void **state)
{
	struct fake_proc fp;

	(void)state;
	fake_proc_init(&fp);
	fake_proc_add(&fp, 100, "client", 1);
	for (size_t i = 0; i < 3; i++) {
		static const struct { const char *target, *text; size_t n; } turns[] = {
			{ "/dev/null", "drm-driver:\tx\n", 1 }, { "/proc/self/exe", NULL, 0 },
			{ "/dev/zero", "drm-driver:\ty\n", 1 }, { "/dev/tty", NULL, 0 },
		};
		struct proc p;
		struct finder_env env = { .proc = &p, .devices = &awake, .majors = { 1 }, .n_majors = 1 };
		struct finder *f;

		assert_int_equal(proc_init(&p, fp.root), 0);
		assert_int_equal(finder_new(names[i], &env, NULL, &f), 0);
		for (size_t turn = 0; turn < 8; turn++) {
			static struct pass pass;

			/* first the descriptor's number changes hands, then the process' */
			if (turn == 4) {
				fake_proc_remove(&fp, 100);
				fake_proc_add(&fp, 100, "another", 2);
			}
			pass.n = 0;
			fake_proc_fd(&fp, 100, 4, turns[turn % 4].target, turns[turn % 4].text);
			assert_int_equal(finder_find(f, pass_keep, &pass), 0);
			assert_int_equal(pass.n, turns[turn % 4].n);
			if (pass.n)
				assert_string_equal(pass.found[0].text, turns[turn % 4].text);
			fake_proc_close(&fp, 100, 4);
		}
		finder_free(f);
		proc_done(&p);
	}
	fake_proc_done(&fp);
}

static void every_client_of_a_process_and_node_is_seen(void **state)
{
	struct fake_proc fp;
	static struct pass pass;

	(void)state;
	fake_proc_init(&fp);
	fake_proc_add(&fp, 100, "client", 1);
	fake_proc_fd(&fp, 100, 4, "/dev/null", "drm-driver:\tx\ndrm-client-id:\t1\n");
	fake_proc_fd(&fp, 100, 5, "/dev/null", "drm-driver:\tx\ndrm-client-id:\t2\n");
	fake_proc_fd(&fp, 100, 6, "/dev/zero", "drm-driver:\tx\ndrm-client-id:\t3\n");
	for (size_t i = 0; i < 3; i++) {
		pass_run(&pass, names[i], fp.root, &awake, 1);
		assert_int_equal(pass.n, 3);
		for (size_t fd = 4; fd < 7; fd++)
			assert_int_equal(pass.found[fd - 4].text[strlen("drm-driver:\tx\ndrm-client-id:\t")],
					 '1' + fd - 4);
	}
	fake_proc_done(&fp);
}

static void hostile_entries_do_no_harm(void **state)
{
	struct fake_proc fp;
	static struct pass pass;
	size_t size = 200000;
	char path[128], *big = malloc(size + 1);

	(void)state;
	fake_proc_init(&fp);
	fake_proc_write(&fp, "12", "a file", 6);
	fake_proc_write(&fp, "13/fd", "a file", 6);
	fake_proc_write(&fp, "0/fd/3", "", 0);
	fake_proc_write(&fp, "4294967296/fd/3", "", 0);
	fake_proc_write(&fp, "14/fd/007", "", 0);
	fake_proc_write(&fp, "14/fd/4294967299", "", 0);
	fake_proc_write(&fp, "14/fdinfo/5/dir", "", 0);
	snprintf(path, sizeof(path), "%s/14/fd/5", fp.root);
	assert_int_equal(symlink("/dev/null", path), 0);
	snprintf(path, sizeof(path), "%s/14/fd/6", fp.root);
	assert_int_equal(symlink(path, path), 0);
	snprintf(path, sizeof(path), "%s/15", fp.root);
	assert_int_equal(symlink("15", path), 0);
	fake_proc_add(&fp, 2147483647, "last", 1);
	memset(big, 'x', size);
	memcpy(big, "drm-driver:\tx\n", 14);
	big[size] = '\0';
	fake_proc_fd(&fp, 2147483647, 2147483647, "/dev/null", big);
	for (size_t i = 0; i < 3; i++) {
		pass_run(&pass, names[i], fp.root, &awake, 1);
		assert_int_equal(pass.ret, 0);
		assert_int_equal(pass.n, 1);
		assert_int_equal(pass.found[0].pid, 2147483647);
		assert_int_equal(pass.found[0].fd, 2147483647);
		assert_int_equal(pass.found[0].text_len, size);
	}
	free(big);
	fake_proc_done(&fp);
}

static void emit_stops_the_pass_with_its_own_value(void **state)
{
	static const int values[] = { 5, -ENOENT, -EACCES, -ENOMEM };
	struct fake_proc fp;

	(void)state;
	fake_proc_init(&fp);
	for (pid_t pid = 100; pid < 103; pid++) {
		fake_proc_add(&fp, pid, "client", 1);
		fake_proc_fd(&fp, pid, 4, "/dev/null", "drm-driver:\tx\n");
	}
	for (size_t i = 0; i < 12; i++) {
		static struct pass pass;

		pass.stop = values[i / 3];
		pass_run(&pass, names[i % 3], fp.root, &awake, 1);
		assert_int_equal(pass.ret, values[i / 3]);
		assert_int_equal(pass.n, 1);
	}
	fake_proc_done(&fp);
}

/* One pass with @n_left descriptors to spare. */
static int find_with_few(struct finder *f, struct pass *pass, int n_left)
{
	struct rlimit was, few;
	int fds[64] = { 0 }, n = 0, ret;

	assert_int_equal(getrlimit(RLIMIT_NOFILE, &was), 0);
	few = (struct rlimit){ .rlim_cur = 64, .rlim_max = was.rlim_max };
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
	while (n < 64 && (fds[n] = open("/", O_PATH)) >= 0)
		n++;
	while (n_left-- > 0)
		close(fds[--n]);
	ret = finder_find(f, pass_keep, pass);
	while (n > 0)
		close(fds[--n]);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &was), 0);
	return ret;
}

static void running_out_of_descriptors_is_an_error_not_an_empty_machine(void **state)
{
	struct finder_env env = { .devices = &awake, .majors = { 1 }, .n_majors = 1 };
	static struct pass pass;
	struct fake_proc fp;
	struct finder *f;
	struct proc p;

	(void)state;
	fake_proc_init(&fp);
	fake_proc_add(&fp, 100, "client", 1);
	fake_proc_fd(&fp, 100, 4, "/dev/null", "drm-driver:\tx\n");
	assert_int_equal(proc_init(&p, fp.root), 0);
	env.proc = &p;
	assert_int_equal(finder_new("stat", &env, NULL, &f), 0);
	/* a pass needs two at a time: the process' directory, and the text */
	assert_int_equal(find_with_few(f, &pass, 0), -EMFILE);
	assert_int_equal(find_with_few(f, &pass, 1), -EMFILE);
	assert_int_equal(find_with_few(f, &pass, 2), 0);
	assert_int_equal(pass.n, 1);
	finder_free(f);
	proc_done(&p);
	fake_proc_done(&fp);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_finder_goes_by_its_name),
		cmocka_unit_test(auto_is_the_cheapest_that_works),
		cmocka_unit_test(every_finder_yields_the_same_holders),
		cmocka_unit_test(a_driver_without_usage_is_seen_by_its_node_alone),
		cmocka_unit_test(an_o_path_descriptor_is_no_client),
		cmocka_unit_test(only_character_devices_have_a_major),
		cmocka_unit_test(a_renamed_node_escapes_the_name_alone),
		cmocka_unit_test(names_of_the_usual_majors_are_the_two_directories),
		cmocka_unit_test(a_sleeping_device_is_not_read),
		cmocka_unit_test(what_vanished_is_counted_and_no_client),
		cmocka_unit_test(a_reused_number_is_judged_anew),
		cmocka_unit_test(every_client_of_a_process_and_node_is_seen),
		cmocka_unit_test(hostile_entries_do_no_harm),
		cmocka_unit_test(emit_stops_the_pass_with_its_own_value),
		cmocka_unit_test(running_out_of_descriptors_is_an_error_not_an_empty_machine),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
