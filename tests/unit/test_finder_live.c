/* SPDX-License-Identifier: MIT */
/* The finders on this machine's own /proc, among processes that come and go. */
#include "unit.h"

#include <fcntl.h>
#include <grp.h>
#include <errno.h>
#include <linux/capability.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fake_proc.h"
#include "fleet.h"
#include "pass.h"

#define NOBODY 65534
#define CAPS(c) (1U << (c))

static const struct devices awake;

static const struct fleet_fd mixed[] = {
	{ 0, FLEET_FILE }, { 1, FLEET_NODE }, { 2, FLEET_DUP }, { 5, FLEET_SOCKET }, { 6, FLEET_PIPE },
	{ 7, FLEET_EVENTFD }, { 8, FLEET_PATH }, { 9, FLEET_DUP }, { 100, FLEET_PASSED }, { 511, FLEET_NODE },
};
#define N_MIXED (sizeof(mixed) / sizeof(mixed[0]))
static const int mixed_holders[] = { 1, 2, 100, 511 };

static void holds_the_mix(const struct pass *pass, pid_t pid)
{
	assert_int_equal(pass_count(pass, pid), 4);
	for (size_t i = 0; i < 4; i++) {
		const struct found *f = pass_find(pass, pid, mixed_holders[i]);

		assert_non_null(f);
		assert_int_equal(f->rdev, makedev(FLEET_GPU_MAJOR, FLEET_GPU_MINOR));
		assert_int_equal(strncmp(f->text, "pos:", 4), 0);
	}
}

static void finds_exactly_what_is_held(void **state)
{
	struct fleet fleet = { .node = FLEET_GPU };
	static struct pass pass;
	pid_t pid, parent, child, none;

	(void)state;
	pid = fleet_spawn(&fleet, mixed, N_MIXED);
	parent = fleet_spawn_forked(&fleet, mixed, N_MIXED, &child);
	none = fleet_spawn(&fleet, NULL, 0);
	for (int i = 0; i < 2; i++) {
		pass_run(&pass, i ? "name" : "stat", NULL, &awake, FLEET_GPU_MAJOR);
		assert_int_equal(pass.ret, 0);
		assert_int_equal(pass.n_more, 0);
		holds_the_mix(&pass, pid);
		holds_the_mix(&pass, parent);
		holds_the_mix(&pass, child);
		assert_int_equal(pass_count(&pass, none), 0);
	}
	/* none of them prints usage */
	pass_run(&pass, "fdinfo", NULL, &awake, FLEET_GPU_MAJOR);
	assert_int_equal(pass.ret, 0);
	assert_int_equal(pass_count(&pass, pid), 0);
	assert_true(pass.scan.reads >= 3 * N_MIXED);
	fleet_done(&fleet);
}

static void finds_the_same_while_processes_come_and_go(void **state)
{
	static const char *const names[] = { "stat", "name", "fdinfo" };
	struct fleet fleet = { .node = FLEET_GPU };
	static struct pass pass;
	uint64_t gone = 0;
	pid_t pids[4];

	(void)state;
	pids[0] = fleet_spawn(&fleet, mixed, N_MIXED);
	fleet_storm(&fleet);
	pids[1] = fleet_spawn(&fleet, mixed, N_MIXED);
	fleet_storm(&fleet);
	pids[2] = fleet_spawn_forked(&fleet, mixed, N_MIXED, &pids[3]);
	for (int round = 0; round < 300; round++) {
		pass_run(&pass, names[round % 3], NULL, &awake, FLEET_GPU_MAJOR);
		assert_int_equal(pass.ret, 0);
		gone += pass.scan.gone;
		for (int i = 0; i < 4 && round % 3 != 2; i++)
			holds_the_mix(&pass, pids[i]);
	}
	/* or else the test did not see what it is for */
	assert_true(gone > 0);
	fleet_done(&fleet);
}

/* A build without BPF has nothing to test; where it is built and does not open, that is told. */
static bool is_without_bpf(void)
{
	for (const struct finder_ops *const *f = finders; *f; f++)
		if (strcmp((*f)->name, "bpf") == 0)
			return false;
	print_message("# built without the bpf finder\n");
	return true;
}

static void bpf_finds_what_stat_finds(void **state)
{
	struct fleet fleet = { .node = FLEET_GPU };
	struct proc p;
	struct finder_env env = { .proc = &p, .devices = &awake, .majors = { FLEET_GPU_MAJOR }, .n_majors = 1 };
	static struct pass pass;
	struct finder_why why;
	struct finder *f;
	pid_t pids[3];

	(void)state;
	if (is_without_bpf())
		return;
	assert_int_equal(proc_init(&p, NULL), 0);
	if (finder_new("bpf", &env, &why, &f)) {
		proc_done(&p);
		not_tested(why.reason);
	}
	pids[0] = fleet_spawn(&fleet, mixed, N_MIXED);
	fleet_storm(&fleet);
	pids[1] = fleet_spawn_forked(&fleet, mixed, N_MIXED, &pids[2]);
	/* one finder for all passes: what it holds from pass to pass must not show */
	for (int round = 0; round < 100; round++) {
		pass.n = pass.n_more = 0;
		assert_int_equal(finder_find(f, pass_keep, &pass), 0);
		for (int i = 0; i < 3; i++)
			holds_the_mix(&pass, pids[i]);
	}
	assert_true(p.scan.processes >= 300);
	assert_true(p.scan.fds >= 300 * N_MIXED);
	fleet_done(&fleet);
	pass.n = 0;
	assert_int_equal(finder_find(f, pass_keep, &pass), 0);
	assert_int_equal(pass_count(&pass, pids[0]), 0);
	finder_free(f);
	proc_done(&p);
}

/* More holders than one read of the faster walk can say. */
#define CROWD_FROM 2000
#define CROWD_TO 3500

static void bpf_walks_fast_again_once_a_crowd_is_gone(void **state)
{
	struct rlimit limit, raised;
	struct proc p;
	struct finder_env env = { .proc = &p, .devices = &awake, .majors = { FLEET_GPU_MAJOR }, .n_majors = 1 };
	static struct pass pass;
	struct finder_why why;
	struct finder *f;
	int gpu;

	(void)state;
	if (is_without_bpf())
		return;
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
	raised = (struct rlimit){ .rlim_cur = limit.rlim_max, .rlim_max = limit.rlim_max };
	assert_int_equal(proc_init(&p, NULL), 0);
	if (limit.rlim_max <= CROWD_TO || finder_new("bpf", &env, &why, &f)) {
		proc_done(&p);
		not_tested("no bpf finder here, or no room for descriptors");
	}
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &raised), 0);
	pass.n = pass.n_more = 0;
	gpu = open(FLEET_GPU, O_RDWR | O_CLOEXEC);
	assert_true(gpu >= 0);
	for (int fd = CROWD_FROM; fd < CROWD_TO; fd++)
		assert_int_equal(dup2(gpu, fd), fd);
	close(gpu);
	for (int i = 0; i < 2; i++) {
		p.scan = (struct scan){ 0 };
		assert_int_equal(finder_find(f, pass_keep, &pass), 0);
		assert_true(p.scan.fds >= CROWD_TO - CROWD_FROM);
		/* this walk does not count them */
		assert_int_equal(p.scan.processes, 0);
	}
	close_range(CROWD_FROM, CROWD_TO, 0);
	for (int i = 0; i < 2; i++) {
		p.scan = (struct scan){ 0 };
		assert_int_equal(finder_find(f, pass_keep, &pass), 0);
	}
	assert_true(p.scan.processes > 0);
	finder_free(f);
	proc_done(&p);
	setrlimit(RLIMIT_NOFILE, &limit);
}

/* For a process about to end: no rights but @caps from here on. */
static void become_nobody(uint32_t caps)
{
	struct __user_cap_header_struct head = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2] = { { .effective = caps, .permitted = caps } };

	if (geteuid() == 0 &&
	    (prctl(PR_SET_KEEPCAPS, 1) < 0 || setgroups(0, NULL) < 0 ||
	     setresgid(NOBODY, NOBODY, NOBODY) < 0 || setresuid(NOBODY, NOBODY, NOBODY) < 0 ||
	     syscall(SYS_capset, &head, data) < 0))
		_exit(1);
	/* dropping rights makes even one's own /proc entry root's */
	prctl(PR_SET_DUMPABLE, 1);
}

/* One pass in a process without rights but @caps, as it came out. */
static const struct pass *run_as_nobody(const char *finder, const char *root,
					const struct devices *devices, uint32_t caps)
{
	static struct pass *shared;
	int status;
	pid_t pid;

	if (!shared)
		shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_true(shared != MAP_FAILED);
	shared->ret = -1;
	pid = fork();
	if (pid == 0) {
		become_nobody(caps);
		pass_run(shared, finder, root, devices, FLEET_GPU_MAJOR);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_int_equal(shared->ret, 0);
	return shared;
}

#define needs_root()                                                          \
	do {                                                                  \
		if (geteuid() != 0)                                           \
			not_tested("only root can drop rights one by one");   \
	} while (0)

static void bpf_says_which_rights_are_missing(void **state)
{
	struct proc p;
	struct finder_env env = { .proc = &p, .devices = &awake, .majors = { FLEET_GPU_MAJOR }, .n_majors = 1 };
	struct finder_why why;
	struct finder *f;
	int status;
	pid_t pid;

	(void)state;
	if (is_without_bpf())
		return;
	needs_root();
	assert_int_equal(proc_init(&p, NULL), 0);
	if (finder_new("bpf", &env, &why, &f)) {
		proc_done(&p);
		not_tested(why.reason);
	}
	finder_free(f);
	pid = fork();
	if (pid == 0) {
		become_nobody(0);
		if (finder_new("bpf", &env, &why, &f) != -EPERM)
			_exit(2);
		_exit(strcmp(why.reason, "CAP_BPF and CAP_PERFMON are missing") != 0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	proc_done(&p);
}

static void counts_each_denied_process_once(void **state)
{
	struct fleet fleet = { .node = FLEET_GPU };
	const struct pass *pass;
	pid_t pid;

	(void)state;
	needs_root();
	pid = fleet_spawn(&fleet, mixed, N_MIXED);
	fleet_spawn(&fleet, mixed, N_MIXED);
	for (int i = 0; i < 3; i++) {
		pass = run_as_nobody((const char *[]){ "stat", "name", "fdinfo" }[i], NULL, &awake, 0);
		assert_int_equal(pass_count(pass, pid), 0);
		assert_true(pass->scan.denied >= 2);
		assert_true(pass->scan.denied < pass->scan.processes);
		/* fd/ may be listed with this one, but not looked into: still one per process */
		pass = run_as_nobody("stat", NULL, &awake, CAPS(CAP_DAC_READ_SEARCH));
		assert_int_equal(pass_count(pass, pid), 0);
		assert_true(pass->scan.denied >= 2);
		assert_true(pass->scan.denied < pass->scan.processes);
	}
	fleet_done(&fleet);
}

static void a_process_without_descriptors_is_not_denied(void **state)
{
	uint64_t before;
	struct proc p;
	bool has_fd_counts;
	pid_t zombies[20];

	(void)state;
	needs_root();
	assert_int_equal(proc_init(&p, NULL), 0);
	has_fd_counts = p.has_fd_counts;
	proc_done(&p);
	if (!has_fd_counts)
		not_tested("this kernel does not say how many descriptors a process has");
	before = run_as_nobody("stat", NULL, &awake, 0)->scan.denied;
	for (int i = 0; i < 20; i++) {
		siginfo_t info;

		zombies[i] = fork();
		if (zombies[i] == 0)
			_exit(0);
		assert_int_equal(waitid(P_PID, (id_t)zombies[i], &info, WEXITED | WNOWAIT), 0);
	}
	/* others come and go meanwhile, though not that many */
	assert_true(run_as_nobody("stat", NULL, &awake, 0)->scan.denied < before + 15);
	for (int i = 0; i < 20; i++)
		waitpid(zombies[i], NULL, 0);
}

static void both_capabilities_see_all(void **state)
{
	struct fleet fleet = { .node = FLEET_GPU };
	const struct pass *pass;
	pid_t pid;

	(void)state;
	needs_root();
	pid = fleet_spawn(&fleet, mixed, N_MIXED);
	pass = run_as_nobody("stat", NULL, &awake, CAPS(CAP_SYS_PTRACE) | CAPS(CAP_DAC_READ_SEARCH));
	holds_the_mix(pass, pid);
	fleet_done(&fleet);
}

static void ptrace_alone_sees_through_fdinfo(void **state)
{
	struct fleet fleet = { .node = FLEET_GPU };
	const struct pass *pass;
	uint64_t denied;

	(void)state;
	needs_root();
	for (int i = 0; i < 20; i++)
		fleet_spawn(&fleet, mixed, N_MIXED);
	denied = run_as_nobody("stat", NULL, &awake, 0)->scan.denied;
	pass = run_as_nobody("stat", NULL, &awake, CAPS(CAP_SYS_PTRACE));
	/* others come and go meanwhile, though not that many */
	assert_true(pass->scan.denied + 15 < denied);
	assert_true(pass->scan.reads >= 20 * N_MIXED);
	fleet_done(&fleet);
}

static void a_closed_fd_directory_is_walked_by_its_texts(void **state)
{
	static const char *const names[] = { "stat", "name", "fdinfo" };
	const struct devices sleeping = { .list = { { .power = DEVICE_ASLEEP } }, .n = 1 };
	struct fake_proc fp;
	const struct pass *pass;
	char path[128];

	(void)state;
	fake_proc_init(&fp);
	fake_proc_add(&fp, 100, "open", 1);
	fake_proc_fd(&fp, 100, 3, FLEET_GPU, "flags:\t02\ndrm-driver:\tx\n");
	fake_proc_add(&fp, 101, "fd closed", 1);
	fake_proc_fd(&fp, 101, 4, FLEET_GPU, "flags:\t02\ndrm-driver:\ty\n");
	fake_proc_fd(&fp, 101, 5, FLEET_GPU, NULL);
	fake_proc_add(&fp, 102, "both closed", 1);
	fake_proc_fd(&fp, 102, 6, FLEET_GPU, "flags:\t02\ndrm-driver:\tz\n");
	snprintf(path, sizeof(path), "%s/101/fd", fp.root);
	assert_int_equal(chmod(path, 0), 0);
	snprintf(path, sizeof(path), "%s/102/fd", fp.root);
	assert_int_equal(chmod(path, 0), 0);
	snprintf(path, sizeof(path), "%s/102/fdinfo", fp.root);
	assert_int_equal(chmod(path, 0), 0);
	for (int i = 0; i < 3; i++) {
		pass = run_as_nobody(names[i], fp.root, &awake, 0);
		assert_int_equal(pass->n, 2);
		assert_int_equal(pass->found[0].rdev, makedev(FLEET_GPU_MAJOR, FLEET_GPU_MINOR));
		assert_int_equal(pass->found[1].pid, 101);
		assert_int_equal(pass->found[1].fd, 4);
		assert_int_equal(pass->found[1].rdev, 0);
		assert_string_equal(pass->found[1].text, "flags:\t02\ndrm-driver:\ty\n");
		assert_int_equal(pass->scan.denied, 1);

		/* what could be the text of a sleeping device is left alone */
		pass = run_as_nobody(names[i], fp.root, &sleeping, 0);
		assert_int_equal(pass->n, 1);
		assert_int_equal(pass->found[0].pid, 100);
		assert_int_equal(pass->scan.reads, 1);
		assert_int_equal(pass->scan.denied, 2);
	}
	chmod(path, 0755);
	snprintf(path, sizeof(path), "%s/102/fd", fp.root);
	chmod(path, 0755);
	snprintf(path, sizeof(path), "%s/101/fd", fp.root);
	chmod(path, 0755);
	fake_proc_done(&fp);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_exactly_what_is_held),
		cmocka_unit_test(finds_the_same_while_processes_come_and_go),
		cmocka_unit_test(bpf_finds_what_stat_finds),
		cmocka_unit_test(bpf_walks_fast_again_once_a_crowd_is_gone),
		cmocka_unit_test(bpf_says_which_rights_are_missing),
		cmocka_unit_test(counts_each_denied_process_once),
		cmocka_unit_test(a_process_without_descriptors_is_not_denied),
		cmocka_unit_test(both_capabilities_see_all),
		cmocka_unit_test(ptrace_alone_sees_through_fdinfo),
		cmocka_unit_test(a_closed_fd_directory_is_walked_by_its_texts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
