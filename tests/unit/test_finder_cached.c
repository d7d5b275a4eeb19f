/* SPDX-License-Identifier: MIT */
/* What only the finder that remembers does; what all do is in test_finder.c and test_churn.c. */
#include "unit.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fake_proc.h"
#include "fleet.h"
#include "pass.h"

#define TEXT_7 "pos:\t0\nflags:\t02\nmnt_id:\t26\nino:\t614\ndrm-driver:\tx\ndrm-client-id:\t7\n"
#define TEXT_8 "pos:\t0\nflags:\t02\nmnt_id:\t26\nino:\t614\ndrm-driver:\tx\ndrm-client-id:\t8\n"

static const struct devices awake;
static struct fake_proc fp;
static struct proc proc;
static struct finder *finder;
static struct pass pass;

static int set_up(void **state)
{
	(void)state;
	fake_proc_init(&fp);
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

static void open_finder(uint64_t stale_ns)
{
	static struct finder_env env;

	env = (struct finder_env){ .proc = &proc, .devices = &awake, .majors = { 1 }, .n_majors = 1,
				   .stale_ns = stale_ns, .dev = fp.root };
	assert_int_equal(finder_new("cached", &env, NULL, &finder), 0);
}

static void run(void)
{
	proc.scan = (struct scan){ 0 };
	pass.n = 0;
	assert_int_equal(finder_find(finder, pass_keep, &pass), 0);
}

static void put(pid_t pid, const char *text)
{
	fake_proc_add(&fp, pid, "client", (unsigned long)pid);
	fake_proc_fd(&fp, pid, 4, "/dev/null", text);
}

static void a_client_is_read_once_whoever_holds_it(void **state)
{
	(void)state;
	for (pid_t pid = 100; pid < 105; pid++)
		put(pid, TEXT_7);
	put(105, TEXT_8);
	open_finder(0);
	run();
	for (int i = 0; i < 3; i++) {
		run();
		assert_int_equal(pass.n, 6);
		assert_int_equal(pass_count_sharers(&pass), 4);
		assert_int_equal(proc.scan.reads, 2);
		assert_int_equal(proc.scan.processes, 6);
		/* from the second time on through what is held */
		assert_int_equal(proc.scan.syscalls[SYSCALL_OPEN], i == 0 ? 2 : 0);
		for (pid_t pid = 100; pid < 106; pid++)
			assert_non_null(strstr(pass_find(&pass, pid, 4)->text,
					       pid < 105 ? "client-id:\t7\n" : "client-id:\t8\n"));
	}
}

static int take_long(void *arg, const struct holder *h)
{
	(void)arg;
	(void)h;
	return usleep(180000);
}

/* That the last pass took more than half of stale_ns is no reason to look into all again: that would take as long. */
static void a_long_pass_is_not_made_up_for_by_another(void **state)
{
	(void)state;
	for (pid_t pid = 100; pid < 110; pid++)
		put(pid, TEXT_7);
	open_finder(UINT64_C(3000000000));
	assert_int_equal(finder_find(finder, take_long, NULL), 0);
	assert_int_equal(proc.scan.fds, 10);
	run();
	assert_in_range(proc.scan.fds, 1, 9);
	assert_int_equal(pass.n, 10);
}

static void another_holder_is_read_when_the_first_is_gone(void **state)
{
	(void)state;
	for (pid_t pid = 100; pid < 103; pid++)
		put(pid, TEXT_7);
	open_finder(0);
	for (pid_t pid = 100; pid < 103; pid++) {
		run();
		assert_int_equal(pass.n, 103 - pid);
		assert_int_equal(pass_count_sharers(&pass), pass.n - 1);
		fake_proc_remove(&fp, pid);
	}
	run();
	assert_int_equal(pass.n, 0);
}

static void a_reused_number_shows_in_the_text(void **state)
{
	static const struct { const char *target, *text; size_t n; } turns[] = {
		{ "/dev/null", TEXT_8, 1 },
		{ "/proc/self/exe", "pos:\t0\nflags:\t02\nmnt_id:\t26\nino:\t999\n", 0 },
		{ "/dev/null", "pos:\t0\nflags:\t010000000\nmnt_id:\t26\nino:\t614\n", 0 },
	};
	char path[128];

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		put(100, TEXT_7);
		open_finder(0);
		run();
		run();
		assert_int_equal(pass.n, 1);
		/* in place, as what is held of procfs shows it */
		snprintf(path, sizeof(path), "%s/100/fd/4", fp.root);
		assert_int_equal(unlink(path), 0);
		assert_int_equal(symlink(turns[i].target, path), 0);
		fake_proc_write(&fp, "100/fdinfo/4", turns[i].text, strlen(turns[i].text));
		run();
		assert_int_equal(pass.n, turns[i].n);
		if (pass.n)
			assert_string_equal(pass.found[0].text, TEXT_8);
		fake_proc_remove(&fp, 100);
		finder_free(finder);
	}
	finder = NULL;
}

static void what_was_opened_unnoticed_is_seen_in_time(void **state)
{
	(void)state;
	fake_proc_add(&fp, 100, "client", 1);
	/* long beside what a pass takes on a busy machine */
	open_finder(1000000000);
	run();
	fake_proc_fd(&fp, 100, 4, "/dev/null", TEXT_7);
	run();
	assert_int_equal(pass.n, 0);
	usleep(1010000);
	run();
	assert_int_equal(pass.n, 1);
}

static void an_opened_node_has_all_looked_through_at_once(void **state)
{
	char path[128];
	int fd;

	(void)state;
	fake_proc_add(&fp, 100, "client", 1);
	fake_proc_write(&fp, "dri/card0", "", 0);
	/* so long that its turn does not come */
	open_finder(UINT64_C(1000000000) * 1000000);
	run();
	fake_proc_fd(&fp, 100, 4, "/dev/null", TEXT_7);
	run();
	assert_int_equal(pass.n, 0);
	finder_free(finder);

	fake_proc_close(&fp, 100, 4);
	open_finder(600000000);
	run();
	fake_proc_fd(&fp, 100, 4, "/dev/null", TEXT_7);
	snprintf(path, sizeof(path), "%s/dri/card0", fp.root);
	fd = open(path, O_RDONLY);
	assert_true(fd >= 0);
	close(fd);
	run();
	assert_int_equal(pass.n, 1);
}

static void wake_up(int signal)
{
	(void)signal;
}

/* Two who sleep and have one table of descriptors; the second makes @fd the node when it is woken. */
static void share_descriptors(int fd, pid_t ret[2])
{
	int ready[2];

	assert_int_equal(pipe(ready), 0);
	assert_int_equal(dup2(ready[0], fd), fd);
	signal(SIGUSR1, wake_up);
	if (fork() == 0) {
		/* ours as well, and with us it goes */
		pid_t second = (pid_t)syscall(SYS_clone, CLONE_FILES | CLONE_PARENT | SIGCHLD, NULL, NULL, NULL, 0);
		pid_t pids[2] = { getpid(), second };
		int node;

		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (second && write(ready[1], pids, sizeof(pids)) != sizeof(pids))
			_exit(1);
		pause();
		node = second ? -1 : open(FLEET_GPU, O_RDWR | O_CLOEXEC | O_NOCTTY);
		if (node >= 0 && dup2(node, fd) == fd)
			close(node);
		for (;;)
			pause();
	}
	close(ready[1]);
	assert_int_equal(read(ready[0], ret, 2 * sizeof(*ret)), 2 * sizeof(*ret));
	close(ready[0]);
	close(fd);
}

static bool is_asleep(pid_t pid)
{
	char path[32], text[256] = "";
	const char *state;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	file = fopen(path, "r");
	assert_non_null(file);
	assert_non_null(fgets(text, sizeof(text), file));
	fclose(file);
	state = strrchr(text, ')');
	return state && state[2] == 'S';
}

static void run_in_time(void)
{
	usleep(50000);
	run();
	usleep(50000);
	run();
}

/* However long a busy machine takes to wake @pid up. */
static void run_until_found(pid_t pid, int fd)
{
	for (int i = 0; i < 600 && !pass_find(&pass, pid, fd); i++)
		run_in_time();
	assert_non_null(pass_find(&pass, pid, fd));
}

/* The one that opens nothing without running is not looked through again, however old the verdict. */
static void who_sleeps_is_not_looked_through(void **state)
{
	enum { FD = 77 };
	struct proc live;
	struct finder_env env = { .proc = &live, .devices = &awake, .majors = { FLEET_GPU_MAJOR }, .n_majors = 1,
				  .stale_ns = 40000000 };
	const char *preload = getenv("LD_PRELOAD");
	pid_t pids[2];

	(void)state;
	if (preload && strstr(preload, "vgpreload"))
		not_tested("valgrind knows no clone(2) that shares descriptors alone");
	assert_int_equal(proc_init(&live, NULL), 0);
	assert_int_equal(finder_new("cached", &env, NULL, &finder), 0);
	share_descriptors(FD, pids);
	for (int i = 0; i < 600 && !(is_asleep(pids[0]) && is_asleep(pids[1])); i++)
		usleep(100000);
	run_in_time();
	assert_null(pass_find(&pass, pids[0], FD));
	assert_null(pass_find(&pass, pids[1], FD));

	assert_int_equal(kill(pids[1], SIGUSR1), 0);
	run_until_found(pids[1], FD);
	assert_null(pass_find(&pass, pids[0], FD));

	assert_int_equal(kill(pids[0], SIGUSR1), 0);
	run_until_found(pids[0], FD);
	for (int i = 0; i < 2; i++) {
		kill(pids[i], SIGKILL);
		waitpid(pids[i], NULL, 0);
	}
	finder_free(finder);
	finder = NULL;
	proc_done(&live);
}

#define with_tree(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		with_tree(a_client_is_read_once_whoever_holds_it),
		with_tree(a_long_pass_is_not_made_up_for_by_another),
		with_tree(another_holder_is_read_when_the_first_is_gone),
		with_tree(a_reused_number_shows_in_the_text),
		with_tree(what_was_opened_unnoticed_is_seen_in_time),
		with_tree(an_opened_node_has_all_looked_through_at_once),
		with_tree(who_sleeps_is_not_looked_through),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
