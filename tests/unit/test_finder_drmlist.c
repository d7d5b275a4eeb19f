/* SPDX-License-Identifier: MIT */
/* What drmlist does where there is no BPF; proof-drmlist.sh of tests/vm has the rest. /dev/null stands for a GPU. */
#include "unit.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <time.h>
#include <unistd.h>

#include "allocs.h"
#include "fake_proc.h"
#include "fdinfo/drm_debugfs.h"
#include "fdinfo/drmlist.h"
#include "pass.h"

#define LIST "sys/kernel/debug/dri/3/clients"
#define HEADER "             command  tgid dev master a   uid      magic\n"
#define LINE(pid) "              client " pid " 128   n    y  1000          0\n"

static struct devices devices;
static struct fake_proc fp;
static struct proc proc;
static struct finder_env env;
static char sys[128];
static void *state;
static struct pass pass;

static int set_up(void **unused)
{
	(void)unused;
	fake_proc_init(&fp);
	devices = (struct devices){
		.list = { { .n_nodes = 2, .nodes = { { "card3", makedev(1, 3) }, { "renderD131", makedev(1, 131) } } } },
		.n = 1,
	};
	snprintf(sys, sizeof(sys), "%s/sys", fp.root);
	env = (struct finder_env){ .proc = &proc, .devices = &devices, .majors = { 1 }, .n_majors = 1, .sys = sys };
	return proc_init(&proc, fp.root);
}

static int tear_down(void **unused)
{
	(void)unused;
	if (state)
		drmlist_by_debugfs.close(state);
	state = NULL;
	proc_done(&proc);
	fake_proc_done(&fp);
	return 0;
}

static void list(const char *text)
{
	fake_proc_write(&fp, LIST, text, strlen(text));
}

static void open_finder(uint64_t stale_ns)
{
	struct finder_why why;

	env.stale_ns = stale_ns;
	assert_int_equal(drmlist_by_debugfs.open(&env, &why, &state), 0);
}

static int run(void)
{
	proc.scan = (struct scan){ 0 };
	pass.n = 0;
	return drmlist_by_debugfs.find(state, pass_keep, &pass);
}

/* A process, with /dev/null as descriptor @fd unless that is negative. */
static void put(pid_t pid, int fd)
{
	fake_proc_add(&fp, pid, "process", 1);
	if (fd >= 0)
		fake_proc_fd(&fp, pid, fd, "/dev/null", "drm-driver:\tx\n");
}

struct found_pids {
	pid_t pids[8];
	size_t n;
	size_t stop_at;
};

static int keep_pid(void *arg, pid_t pid)
{
	struct found_pids *f = arg;

	f->pids[f->n++] = pid;
	return f->n == f->stop_at ? 7 : 0;
}

static void every_kernel_names_its_columns(void **unused)
{
	static const struct { const char *text; int ret; size_t n, n_malformed; } cases[] = {
		/* 6.1, 6.12, 6.14 */
		{ "             command   pid dev master a   uid      magic\n"
		  "           synthload   114 128   n    y     0          0\n"
		  "           <unknown>  2147 128   n    y     0          0\n", 0, 2, 0 },
		{ HEADER LINE("  114") LINE(" 2147"), 0, 2, 0 },
		{ "             command  tgid dev master a   uid      magic                                                             name                   id\n"
		  "                gpud   114   0   y    y     0          0                                                          <unset>                    5\n"
		  "     Web Content 7 8  2147 128   n    y  1000          0                                                             tabs                    6\n",
		  0, 2, 0 },
		/* a command is whatever a process calls itself */
		{ HEADER "     1 2 3 4 5 6 7 8   114 128   n    y     0          0\n"
		  "                   a\nb  2147 128   n    y     0          0\n", 0, 2, 1 },
		{ HEADER "                     1147283 128   n    y     0          0\n", 0, 1, 0 },
		{ HEADER, 0, 0, 0 },
		{ HEADER LINE("-1") LINE("99999999999") LINE("x") "\n", 0, 0, 4 },
		{ "", -EINVAL, 0, 0 },
		{ "\n", -EINVAL, 0, 0 },
		{ "command dev master\n" LINE("1"), -EINVAL, 0, 0 },
		{ "tgid dev command\n" LINE("1"), -EINVAL, 0, 0 },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct found_pids found = { .n = 0 };
		uint64_t n_malformed = 0;

		assert_int_equal(drm_debugfs_clients(str_of(cases[i].text), keep_pid, &found, &n_malformed),
				 cases[i].ret);
		assert_int_equal(found.n, cases[i].n);
		assert_int_equal(n_malformed, cases[i].n_malformed);
		if (found.n == 2) {
			assert_int_equal(found.pids[0], 114);
			assert_int_equal(found.pids[1], 2147);
		}
	}
}

static void reading_stops_when_told(void **unused)
{
	struct found_pids found = { .stop_at = 2 };
	uint64_t n_malformed = 0;

	(void)unused;
	assert_int_equal(drm_debugfs_clients(str_of(HEADER LINE("1") LINE("2") LINE("3")), keep_pid, &found,
					     &n_malformed), 7);
	assert_int_equal(found.n, 2);
}

static void only_who_is_named_or_held_before_is_looked_into(void **unused)
{
	(void)unused;
	put(100, 3);
	put(101, 4);
	for (pid_t pid = 200; pid < 230; pid++)
		put(pid, -1);
	put(231, 5);
	/* two clients of one process; 0 is not of this pid namespace */
	list(HEADER LINE("100") LINE("101") LINE("101") LINE("0"));
	open_finder(UINT64_C(3600000000000));
	for (int i = 0; i < 3; i++) {
		assert_int_equal(run(), 0);
		pass_expect(&pass, 3, 100, 3, 101, 4, 231, 5);
		assert_int_equal(proc.scan.processes, i == 0 ? 33 : 3);
	}
	/* no longer named, and a holder still */
	list(HEADER LINE("100"));
	assert_int_equal(run(), 0);
	pass_expect(&pass, 3, 100, 3, 101, 4, 231, 5);
	fake_proc_close(&fp, 101, 4);
	assert_int_equal(run(), 0);
	assert_int_equal(run(), 0);
	pass_expect(&pass, 2, 100, 3, 231, 5);
	assert_int_equal(proc.scan.processes, 2);
}

static void a_process_is_asked_once_however_many_clients_it_has(void **unused)
{
	uint64_t opens;

	(void)unused;
	put(100, 3);
	list(HEADER LINE("100"));
	open_finder(UINT64_C(3600000000000));
	assert_int_equal(run(), 0);
	assert_int_equal(run(), 0);
	opens = proc.scan.syscalls[SYSCALL_OPEN];
	list(HEADER LINE("100") LINE("100") LINE("100"));
	assert_int_equal(run(), 0);
	assert_int_equal(proc.scan.syscalls[SYSCALL_OPEN], opens);
}

static void a_thread_is_its_process(void **unused)
{
	static const char status[] = "Name:\tclient\nTgid:\t100\nPid:\t105\n";

	(void)unused;
	put(100, 3);
	/* not listed in a true /proc, and there all the same */
	list(HEADER LINE("105"));
	open_finder(UINT64_C(3600000000000));
	assert_int_equal(run(), 0);
	put(105, 3);
	fake_proc_write(&fp, "105/status", status, strlen(status));
	assert_int_equal(run(), 0);
	pass_expect(&pass, 1, 100, 3);
	assert_int_equal(proc.scan.processes, 1);
}

static void a_new_client_is_seen_at_once(void **unused)
{
	(void)unused;
	put(100, 3);
	put(101, -1);
	list(HEADER LINE("100"));
	open_finder(UINT64_C(3600000000000));
	assert_int_equal(run(), 0);
	pass_expect(&pass, 1, 100, 3);
	fake_proc_fd(&fp, 101, 7, "/dev/null", "drm-driver:\tx\n");
	list(HEADER LINE("100") LINE("101"));
	assert_int_equal(run(), 0);
	pass_expect(&pass, 2, 100, 3, 101, 7);
	assert_int_equal(proc.scan.processes, 2);
}

static void who_was_given_a_descriptor_is_seen_in_time(void **unused)
{
	(void)unused;
	put(100, 3);
	put(200, -1);
	list(HEADER LINE("100"));
	open_finder(20000000);
	assert_int_equal(run(), 0);
	fake_proc_fd(&fp, 200, 9, "/dev/null", "drm-driver:\tx\n");
	nanosleep(&(struct timespec){ .tv_nsec = 20000000 }, NULL);
	assert_int_equal(run(), 0);
	pass_expect(&pass, 2, 100, 3, 200, 9);
}

static void a_client_that_its_process_does_not_hold_is_looked_for_at_once(void **unused)
{
	(void)unused;
	put(100, 3);
	put(200, 9);
	list(HEADER LINE("100"));
	open_finder(UINT64_C(3600000000000));
	fake_proc_close(&fp, 200, 9);
	assert_int_equal(run(), 0);
	pass_expect(&pass, 1, 100, 3);
	/* 100 hands it over and leaves */
	fake_proc_remove(&fp, 100);
	fake_proc_fd(&fp, 200, 9, "/dev/null", "drm-driver:\tx\n");
	assert_int_equal(run(), 0);
	pass_expect(&pass, 1, 200, 9);
	/* the list names 100 still: that is no reason to search again */
	assert_int_equal(run(), 0);
	pass_expect(&pass, 1, 200, 9);
	assert_int_equal(proc.scan.processes, 2);
}

static void without_a_list_every_process_is_looked_into(void **unused)
{
	char path[256];

	(void)unused;
	put(100, 3);
	put(200, 9);
	list(HEADER LINE("100"));
	open_finder(UINT64_C(3600000000000));
	assert_int_equal(run(), 0);
	put(201, 5);
	snprintf(path, sizeof(path), "%s/%s", fp.root, LIST);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(run(), 0);
	pass_expect(&pass, 3, 100, 3, 200, 9, 201, 5);
	put(202, 6);
	list("something else\n");
	assert_int_equal(run(), 0);
	pass_expect(&pass, 4, 100, 3, 200, 9, 201, 5, 202, 6);
}

static int stop(void *arg, const struct holder *h)
{
	(void)arg;
	(void)h;
	return -EMFILE;
}

static void after_a_pass_that_failed_all_are_looked_for(void **unused)
{
	(void)unused;
	put(100, 3);
	put(231, 5);
	list(HEADER LINE("100"));
	open_finder(UINT64_C(3600000000000));
	for (int i = 0; i < 2; i++) {
		/* the first in the search for all, the second among those known */
		assert_int_equal(drmlist_by_debugfs.find(state, stop, NULL), -EMFILE);
		assert_int_equal(run(), 0);
		pass_expect(&pass, 2, 100, 3, 231, 5);
	}
}

static void nothing_is_allocated_once_warm_and_lack_of_memory_survived(void **unused)
{
	size_t n = 0;
	int ret;

	(void)unused;
	put(100, 3);
	put(101, 4);
	list(HEADER LINE("100"));
	do {
		if (state)
			drmlist_by_debugfs.close(state);
		open_finder(UINT64_C(3600000000000));
		allocs_fail_after(++n);
		ret = run();
		allocs_fail_after(0);
		assert_true(ret == 0 || ret == -ENOMEM);
		assert_int_equal(run(), 0);
		pass_expect(&pass, 2, 100, 3, 101, 4);
	} while (ret);
	assert_true(n > 3);
	n = allocs_count();
	for (int i = 0; i < 3; i++)
		assert_int_equal(run(), 0);
	assert_int_equal(allocs_count(), n);
}

static void what_it_cannot_list_it_refuses(void **unused)
{
	struct finder_why why = { 0 };
	struct finder *f = NULL;
	struct stat st;

	(void)unused;
	/* not DRM's */
	assert_int_equal(finder_new("drmlist", &env, &why, &f), -EOPNOTSUPP);
	assert_string_equal(why.reason, "it sees the devices of DRM only");
	/* no debugfs, and no BPF for other trees than this machine's */
	env.majors[0] = PROC_DRM_MAJOR;
	assert_int_equal(stat(sys, &st), -1);
	assert_true(finder_new("drmlist", &env, &why, &f) < 0);
	assert_string_not_equal(why.reason, "");
	assert_null(f);
	list(HEADER);
	assert_int_equal(finder_new("drmlist", &env, &why, &f), 0);
	assert_string_equal(finder_name(f), "drmlist");
	finder_free(f);
	/* another /proc than that of the machine whose list it would be */
	env.sys = NULL;
	f = NULL;
	assert_int_equal(finder_new("drmlist", &env, &why, &f), -EXDEV);
	assert_null(f);
}

#define with_tree(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_kernel_names_its_columns),
		cmocka_unit_test(reading_stops_when_told),
		with_tree(only_who_is_named_or_held_before_is_looked_into),
		with_tree(a_process_is_asked_once_however_many_clients_it_has),
		with_tree(a_thread_is_its_process),
		with_tree(a_new_client_is_seen_at_once),
		with_tree(who_was_given_a_descriptor_is_seen_in_time),
		with_tree(a_client_that_its_process_does_not_hold_is_looked_for_at_once),
		with_tree(without_a_list_every_process_is_looked_into),
		with_tree(after_a_pass_that_failed_all_are_looked_for),
		with_tree(nothing_is_allocated_once_warm_and_lack_of_memory_survived),
		with_tree(what_it_cannot_list_it_refuses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
