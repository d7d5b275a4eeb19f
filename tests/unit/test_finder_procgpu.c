/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <time.h>
#include <unistd.h>

#include "allocs.h"
#include "fake_proc.h"
#include "pass.h"

#define TEXT_5 "drm-driver:\tx\ndrm-client-id:\t5\n"
#define TEXT_6 "drm-driver:\tx\ndrm-client-id:\t6\n"

static const struct devices awake;
static struct fake_proc fp;
static struct proc proc;
static struct finder_env env;
static struct finder *finder;
static struct pass pass;

static int set_up(void **state)
{
	(void)state;
	fake_proc_init(&fp);
	fake_proc_write(&fp, "self/gpu", "", 0);
	return proc_init(&proc, fp.root);
}

static int tear_down(void **state)
{
	(void)state;
	finder_free(finder);
	finder = NULL;
	proc_done(&proc);
	fake_proc_done(&fp);
	return 0;
}

static void open_by(const char *name, uint64_t stale_ns)
{
	env = (struct finder_env){ .proc = &proc, .devices = &awake, .majors = { 226 }, .n_majors = 1,
				   .stale_ns = stale_ns };
	assert_int_equal(finder_new(name, &env, NULL, &finder), 0);
}

static void open_finder(uint64_t stale_ns)
{
	open_by("procgpu", stale_ns);
}

static int run(void)
{
	proc.scan = (struct scan){ 0 };
	pass.n = 0;
	return finder_find(finder, pass_keep, &pass);
}

/* The file of process @pid. */
static void put(pid_t pid, const char *text)
{
	char path[32];

	snprintf(path, sizeof(path), "%d/gpu", pid);
	fake_proc_write(&fp, path, text, strlen(text));
}

/* /proc/gpu */
static void list(const char *text)
{
	fake_proc_write(&fp, "gpu", text, strlen(text));
}

static uint64_t syscalls(void)
{
	uint64_t n = 0;

	for (size_t i = 0; i < N_SYSCALL_KINDS; i++)
		n += proc.scan.syscalls[i];
	return n;
}

static void wait_ms(long ms)
{
	nanosleep(&(struct timespec){ ms / 1000, ms % 1000 * 1000000 }, NULL);
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

/* One client each of 100, shared with none, and of 101, shared with 102. */
#define LIST_5 "gputop-pid:\t100\ngputop-refs:\t1\ngputop-dev:\t226:128\ngputop-client:\t5\n" \
	"gputop-time:\t7000 ns\n" TEXT_5 "\n"
#define LIST_6(refs) "gputop-pid:\t101\ngputop-refs:\t" refs "\ngputop-dev:\t226:0\ngputop-client:\t6\n" \
	"gputop-time:\t8000 ns\n" TEXT_6 "\n"
#define LIST_END "gputop-hidden:\t0\n\n"
#define FILE_5(fds) "gputop-fd:\t3\ngputop-fds:\t" fds "\ngputop-dev:\t226:128\ngputop-client:\t5\n" TEXT_5 "\n"
#define FILE_6 "gputop-fd:\t4\ngputop-fds:\t4\ngputop-dev:\t226:0\ngputop-client:\t6\n" TEXT_6 "\n"

static void the_list_costs_nothing_for_processes_without_a_client(void **state)
{
	uint64_t first = 0, later = 0;

	(void)state;
	for (pid_t n = 0; n < 50; n += 49) {
		put(100, FILE_5("3"));
		put(101, FILE_6);
		for (pid_t pid = 200; pid < 200 + n; pid++)
			put(pid, "");
		list(LIST_5 LIST_6("1") LIST_END);
		open_finder(0);
		for (int i = 0; i < 3; i++) {
			assert_int_equal(run(), 0);
			pass_expect(&pass, 2, 100, 3, 101, 4);
			assert_int_equal(pass_count_sharers(&pass), 0);
			assert_int_equal(proc.scan.reads, 2);
			assert_int_equal(proc.scan.processes, i == 0 ? 2 : 0);
			assert_int_equal(proc.scan.denied, 0);
			assert_string_equal(pass_find(&pass, 100, 3)->text, TEXT_5);
			assert_int_equal(pass.last_ns, 8000);
			if (n == 0)
				*(i == 0 ? &first : &later) = syscalls();
			else
				assert_int_equal(syscalls(), i == 0 ? first : later);
		}
		finder_free(finder);
		finder = NULL;
	}
}

static void a_client_without_a_descriptor_is_its_process(void **state)
{
	(void)state;
	put(100, "");
	put(200, "");
	list(LIST_5 "gputop-pid:\t0\ngputop-refs:\t1\ngputop-dev:\t226:128\ngputop-client:\t9\n\n" LIST_END);
	open_finder(0);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(run(), 0);
		pass_expect(&pass, 2, 100, -1, 0, -1);
		assert_int_equal(pass_find(&pass, 0, -1)->text_len, 0);
		/* it was looked for everywhere, once */
		assert_int_equal(proc.scan.processes, i == 0 ? 2 : 0);
	}
}

static void who_shares_a_client_is_found_at_once(void **state)
{
	(void)state;
	put(100, FILE_5("3"));
	put(101, FILE_6);
	put(102, FILE_6);
	list(LIST_5 LIST_6("2") LIST_END);
	open_finder(0);
	assert_int_equal(run(), 0);
	pass_expect(&pass, 3, 100, 3, 101, 4, 102, 4);
	assert_int_equal(pass_count_sharers(&pass), 1);
	assert_int_equal(run(), 0);
	pass_expect(&pass, 3, 100, 3, 101, 4, 102, 4);
	assert_int_equal(proc.scan.processes, 0);
	/* and who comes to */
	for (pid_t pid = 103; pid < 106; pid++) {
		put(pid, FILE_6);
		list(pid == 103 ? LIST_5 LIST_6("3") LIST_END : pid == 104 ? LIST_5 LIST_6("4") LIST_END :
		     LIST_5 LIST_6("5") LIST_END);
		assert_int_equal(run(), 0);
		assert_int_equal(pass.n, pid - 99);
	}
}

static void who_shares_a_mapped_client_is_found_in_time(void **state)
{
	(void)state;
	put(101, FILE_6);
	for (pid_t pid = 300; pid < 340; pid++)
		put(pid, "");
	list(LIST_6("1") LIST_END);
	/* long beside what a pass takes on a busy machine */
	open_finder(1500 * NSEC_PER_MSEC);
	assert_int_equal(run(), 0);
	pass_expect(&pass, 1, 101, 4);
	/* from now on it is mapped, too: nobody explains that reference */
	list(LIST_6("2") LIST_END);
	assert_int_equal(run(), 0);
	pass_expect(&pass, 1, 101, 4);
	put(330, FILE_6);
	list(LIST_6("3") LIST_END);
	for (int i = 0; i < 10; i++) {
		wait_ms(5);
		assert_int_equal(run(), 0);
		assert_true(proc.scan.processes < 41);
		if (pass.n == 2)
			break;
	}
	wait_ms(1500);
	assert_int_equal(run(), 0);
	pass_expect(&pass, 2, 101, 4, 330, 4);
}

static void looking_in_vain_is_not_done_all_the_time(void **state)
{
	size_t n_full = 0;

	(void)state;
	put(101, FILE_6);
	for (pid_t pid = 300; pid < 340; pid++)
		put(pid, "");
	list(LIST_END);
	open_finder(0);
	/* a system call under way in every other pass */
	for (int i = 0; i < 10; i++) {
		list(i & 1 ? LIST_6("2") LIST_END : LIST_6("1") LIST_END);
		assert_int_equal(run(), 0);
		pass_expect(&pass, 1, 101, 4);
		n_full += proc.scan.processes > 40;
	}
	assert_int_equal(n_full, 1);
}

static void other_references_are_looked_after_at_once(void **state)
{
	(void)state;
	put(100, FILE_5("3"));
	list(LIST_5 LIST_END);
	open_finder(0);
	assert_int_equal(run(), 0);
	pass_expect(&pass, 1, 100, 3);
	put(100, FILE_5("3 7 9"));
	list("gputop-pid:\t100\ngputop-refs:\t3\ngputop-dev:\t226:128\ngputop-client:\t5\n" TEXT_5 "\n");
	assert_int_equal(run(), 0);
	pass_expect(&pass, 3, 100, 3, 100, 7, 100, 9);
	assert_int_equal(pass_count_sharers(&pass), 2);
	put(100, FILE_5("9"));
	list(LIST_5 LIST_END);
	assert_int_equal(run(), 0);
	pass_expect(&pass, 1, 100, 9);
	/* named otherwise */
	put(100, "");
	put(101, FILE_5("3"));
	list("gputop-pid:\t101\ngputop-refs:\t1\ngputop-dev:\t226:128\ngputop-client:\t5\n" TEXT_5 "\n");
	assert_int_equal(run(), 0);
	pass_expect(&pass, 1, 101, 3);
	list(LIST_END);
	assert_int_equal(run(), 0);
	pass_expect(&pass, 0);
}

static void a_descriptor_passed_on_is_missed_for_a_while(void **state)
{
	(void)state;
	put(100, FILE_5("3"));
	put(200, "");
	list(LIST_5 LIST_END);
	open_finder(UINT64_C(20000000));
	assert_int_equal(run(), 0);
	put(100, "");
	put(200, FILE_5("3"));
	assert_int_equal(run(), 0);
	pass_expect(&pass, 1, 100, 3);
	wait_ms(20);
	assert_int_equal(run(), 0);
	pass_expect(&pass, 1, 200, 3);
}

static void a_record_without_text_was_not_read(void **state)
{
	(void)state;
	put(100, "gputop-fd:\t3\ngputop-fds:\t3\ngputop-dev:\t226:128\ngputop-client:\t5\n\n");
	list("gputop-pid:\t100\ngputop-refs:\t1\ngputop-dev:\t226:128\ngputop-client:\t5\n\n" LIST_END);
	open_finder(0);
	assert_int_equal(run(), 0);
	pass_expect(&pass, 1, 100, 3);
	assert_int_equal(pass.found[0].text_len, 0);
	assert_int_equal(proc.scan.reads, 0);
}

static void processes_are_asked_where_the_list_hides_something(void **state)
{
	(void)state;
	put(100, FILE_5("3"));
	put(101, FILE_6);
	put(102, "");
	list(LIST_5 "gputop-hidden:\t1\n\n");
	open_finder(0);
	assert_int_equal(run(), 0);
	pass_expect(&pass, 2, 100, 3, 101, 4);
	assert_int_equal(proc.scan.processes, 3);
	assert_int_equal(proc.scan.reads, 2);
}

static void nothing_is_allocated_once_warm_and_lack_of_memory_survived(void **state)
{
	size_t n = 0;
	int ret;

	(void)state;
	put(100, FILE_5("3 7"));
	put(101, FILE_6);
	put(102, FILE_6);
	list("gputop-pid:\t100\ngputop-refs:\t2\ngputop-dev:\t226:128\ngputop-client:\t5\n" TEXT_5 "\n"
	     LIST_6("3") LIST_END);
	do {
		finder_free(finder);
		open_finder(0);
		allocs_fail_after(++n);
		ret = run();
		allocs_fail_after(0);
		assert_true(ret == 0 || ret == -ENOMEM);
		assert_int_equal(run(), 0);
		pass_expect(&pass, 4, 100, 3, 100, 7, 101, 4, 102, 4);
	} while (ret);
	assert_true(n > 5);
	n = allocs_count();
	for (int i = 0; i < 3; i++)
		assert_int_equal(run(), 0);
	assert_int_equal(allocs_count(), n);
}

static void is_not_there_without_the_module(void **state)
{
	struct proc p;
	struct finder *f = NULL, *before;
	char path[128];

	(void)state;
	assert_int_equal(proc_init(&p, fp.root), 0);
	env = (struct finder_env){ .proc = &p, .devices = &awake, .majors = { 226 }, .n_majors = 1 };
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

static void auto_goes_on_without_the_module(void **state)
{
	char path[128];

	(void)state;
	open_by("auto", 0);
	assert_string_equal(finder_name(finder), "procgpu");
	snprintf(path, sizeof(path), "%s/self/gpu", fp.root);
	assert_int_equal(unlink(path), 0);
	env.majors[0] = 1;
	fake_proc_add(&fp, 100, "client", 1);
	fake_proc_fd(&fp, 100, 4, "/dev/null", TEXT_5);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(run(), 0);
		pass_expect(&pass, 1, 100, 4);
		assert_string_equal(finder_name(finder), "cached");
		assert_non_null(strstr(finder_passed_over(finder), "gputop_proc"));
	}
}

#define with_tree(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		with_tree(every_descriptor_of_every_client_is_a_holder),
		with_tree(other_majors_and_cut_records_are_none),
		with_tree(the_list_costs_nothing_for_processes_without_a_client),
		with_tree(a_client_without_a_descriptor_is_its_process),
		with_tree(who_shares_a_client_is_found_at_once),
		with_tree(who_shares_a_mapped_client_is_found_in_time),
		with_tree(looking_in_vain_is_not_done_all_the_time),
		with_tree(other_references_are_looked_after_at_once),
		with_tree(a_descriptor_passed_on_is_missed_for_a_while),
		with_tree(a_record_without_text_was_not_read),
		with_tree(processes_are_asked_where_the_list_hides_something),
		with_tree(nothing_is_allocated_once_warm_and_lack_of_memory_survived),
		with_tree(is_not_there_without_the_module),
		with_tree(auto_goes_on_without_the_module),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
