/* SPDX-License-Identifier: MIT */
/* What process.c says of real processes. */
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fdinfo/proc.h"
#include "fdinfo/process.h"

static struct proc proc;
static struct process_cache *cache;

/* Called before each file is read: where a process can be caught in the middle of it. */
static void (*before_read)(const char *path);

int __real_proc_read_file(struct proc *p, int dirfd, const char *path, struct buf *ret);
int __wrap_proc_read_file(struct proc *p, int dirfd, const char *path, struct buf *ret);

int __wrap_proc_read_file(struct proc *p, int dirfd, const char *path, struct buf *ret)
{
	if (before_read)
		before_read(path);
	return __real_proc_read_file(p, dirfd, path, ret);
}

static int open_live(void **state)
{
	(void)state;
	if (proc_init(&proc, NULL))
		return -1;
	return process_cache_new(&proc, &cache);
}

static int close_live(void **state)
{
	(void)state;
	before_read = NULL;
	process_cache_free(cache);
	proc_done(&proc);
	return 0;
}

static const struct process *look(pid_t pid)
{
	const struct process *p = NULL;

	assert_int_equal(process_lookup(cache, pid, NSEC_PER_SEC, &p), 0);
	assert_non_null(p);
	assert_int_equal(p->pid, pid);
	return p;
}

static void is_bytes(struct str got, const void *want, size_t len)
{
	assert_non_null(got.ptr);
	assert_int_equal(got.len, len);
	assert_memory_equal(got.ptr, want, len);
}

static void is_text(struct str got, const char *want)
{
	is_bytes(got, want, strlen(want));
}

/* Forks a child that does @setup and then sleeps; returns once it does. */
static pid_t spawn(void (*setup)(void))
{
	int ready[2];
	char c;
	pid_t pid;

	assert_int_equal(pipe(ready), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		setup();
		/* last, because a change of user forgets it */
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		close(ready[0]);
		close(ready[1]);
		for (;;)
			pause();
	}
	close(ready[1]);
	assert_int_equal(read(ready[0], &c, 1), 0);
	close(ready[0]);
	return pid;
}

static void end(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

static void be_hostile(void)
{
	prctl(PR_SET_NAME, "a\nb\\)c\033[1m\x80)");
}

static void libproc2_and_the_files_say_the_same(void **state)
{
	static const char comm[] = "a\nb\\)c\033[1m\x80)";
	struct proc other;
	struct process_cache *files;
	const struct process *a, *b;
	pid_t child;

	(void)state;
	assert_true(proc.is_own);
	assert_int_equal(proc_init(&other, NULL), 0);
	other.is_own = false;
	assert_int_equal(process_cache_new(&other, &files), 0);
	child = spawn(be_hostile);
	a = look(child);
	assert_int_equal(process_lookup(files, child, NSEC_PER_SEC, &b), 0);
	is_text(a->comm, comm);
	assert_int_equal(a->uid, geteuid());
	assert_int_equal(a->start_time, b->start_time);
	assert_int_equal(a->uid, b->uid);
	is_bytes(a->comm, b->comm.ptr, b->comm.len);
	is_bytes(a->cmdline, b->cmdline.ptr, b->cmdline.len);
	is_bytes(a->user, b->user.ptr, b->user.len);
	is_bytes(a->cgroup, b->cgroup.ptr, b->cgroup.len);
	end(child);
	process_cache_free(files);
	proc_done(&other);
}

#define LONG_NAME "firstname.middlename.surname@research.example.com"

static struct passwd long_name = { .pw_name = (char[]){ LONG_NAME }, .pw_uid = 3999999999 };

/* Instead of the C library's, for us and for libproc2: only one user has a name here. */
struct passwd *getpwuid(uid_t uid)
{
	return uid == long_name.pw_uid ? &long_name : NULL;
}

int getpwuid_r(uid_t uid, struct passwd *resultbuf, char *buffer, size_t buflen, struct passwd **result)
{
	(void)buffer, (void)buflen;
	*result = NULL;
	if (uid == long_name.pw_uid) {
		*resultbuf = long_name;
		*result = resultbuf;
	}
	return 0;
}

static void drop_to_long_name(void)
{
	if (setresuid(0, long_name.pw_uid, 0) < 0)
		_exit(1);
}

static void a_long_name_of_a_user_comes_whole(void **state)
{
	pid_t child;

	(void)state;
	if (geteuid() != 0)
		not_tested("only root can become somebody else");
	child = spawn(drop_to_long_name);
	assert_int_equal(look(child)->uid, long_name.pw_uid);
	is_text(look(child)->user, LONG_NAME);
	end(child);
}

static void drop_to_nobody(void)
{
	if (setresuid(0, 65534, 0) < 0)
		_exit(1);
}

static void the_effective_user_counts(void **state)
{
	const struct passwd *pw;
	pid_t child;

	(void)state;
	if (geteuid() != 0)
		not_tested("only root can become somebody else");
	child = spawn(drop_to_nobody);
	assert_int_equal(look(child)->uid, 65534);
	pw = getpwuid(65534);
	is_text(look(child)->user, pw ? pw->pw_name : "65534");
	end(child);
}

static void the_arguments_of_a_real_process_come_whole(void **state)
{
	static char big[6001], want[7000];
	int in[2], out[2];
	char c;
	pid_t pid;

	(void)state;
	memset(big, 'z', sizeof(big) - 1);
	assert_int_equal(pipe(in), 0);
	assert_int_equal(pipe(out), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		dup2(in[0], 0);
		dup2(out[1], 1);
		dup2(open("/dev/null", O_WRONLY), 2);
		execl("/bin/cat", "cat", "x\ny", "", "\033[2J\xff", big, "-", (char *)NULL);
		_exit(1);
	}
	/* cat has found no file but "-" and copies it: it runs */
	assert_int_equal(write(in[1], "!", 1), 1);
	assert_int_equal(read(out[0], &c, 1), 1);
	snprintf(want, sizeof(want), "cat x\ny  \033[2J\xff %s -", big);
	is_text(look(pid)->cmdline, want);
	is_text(look(pid)->comm, "cat");
	end(pid);
	close(in[0]);
	close(in[1]);
	close(out[0]);
	close(out[1]);
}

static void a_zombie_has_an_empty_command_line(void **state)
{
	siginfo_t info;
	pid_t pid = fork();

	(void)state;
	assert_true(pid >= 0);
	if (pid == 0)
		_exit(0);
	assert_int_equal(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT), 0);
	is_text(look(pid)->cmdline, "");
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

static pid_t victim;
static const char *fatal_path;

static void kill_victim_at(const char *path)
{
	if (victim && strcmp(path, fatal_path) == 0) {
		end(victim);
		victim = 0;
	}
}

static void do_nothing(void)
{
}

static void a_process_that_dies_while_it_is_looked_at_is_gone(void **state)
{
	static const char *const paths[] = { "cmdline", "cgroup", "stat" };

	(void)state;
	before_read = kill_victim_at;
	for (size_t i = 0; i < N_OF(paths); i++) {
		const struct process *p = NULL;
		pid_t pid;

		fatal_path = paths[i];
		pid = spawn(do_nothing);
		victim = pid;
		assert_int_equal(process_lookup(cache, pid, NSEC_PER_SEC, &p), -ESRCH);
		assert_int_equal(victim, 0);
		assert_null(p);
		process_cache_sweep(cache);
	}
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, open_live, close_live)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(libproc2_and_the_files_say_the_same),
		TEST(a_long_name_of_a_user_comes_whole),
		TEST(the_effective_user_counts),
		TEST(the_arguments_of_a_real_process_come_whole),
		TEST(a_zombie_has_an_empty_command_line),
		TEST(a_process_that_dies_while_it_is_looked_at_is_gone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
