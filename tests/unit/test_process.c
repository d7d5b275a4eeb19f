/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "allocs.h"
#include "fake_proc.h"
#include "fdinfo/proc.h"
#include "fdinfo/process.h"

#define SEC UINT64_C(1000000000)

static struct fake_proc fake;
static struct proc proc;
static struct process_cache *cache;

static int make_fake(void **state)
{
	(void)state;
	fake_proc_init(&fake);
	if (proc_init(&proc, fake.root))
		return -1;
	return process_cache_new(&proc, &cache);
}

static int drop_fake(void **state)
{
	(void)state;
	process_cache_free(cache);
	proc_done(&proc);
	fake_proc_done(&fake);
	return 0;
}

static const struct process *look(pid_t pid, uint64_t t_ns)
{
	const struct process *p = NULL;

	assert_int_equal(process_lookup(cache, pid, t_ns, &p), 0);
	assert_non_null(p);
	assert_int_equal(p->pid, pid);
	return p;
}

static void write_text(const char *path, const char *text)
{
	fake_proc_write(&fake, path, text, strlen(text));
}

static void add(pid_t pid, const char *comm, unsigned long start_time)
{
	char path[32], cmdline[64];
	int len;

	fake_proc_add(&fake, pid, comm, start_time);
	snprintf(path, sizeof(path), "%d/cmdline", pid);
	len = snprintf(cmdline, sizeof(cmdline), "/usr/bin/%s%c--flag", comm, '\0');
	fake_proc_write(&fake, path, cmdline, (size_t)len + 1);
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

static uint64_t opens(void)
{
	return proc.scan.syscalls[SYSCALL_OPEN];
}

static void reads_who_what_since_when_and_where(void **state)
{
	const struct process *p;

	(void)state;
	add(42, "mpv", 123456);
	write_text("42/status", "Name:\tmpv\nPid:\t42\nUid:\t1000\t0\t1001\t1002\n");
	p = look(42, SEC);
	assert_int_equal(p->start_time, 123456);
	assert_int_equal(p->uid, 0);
	is_text(p->comm, "mpv");
	is_text(p->cmdline, "/usr/bin/mpv --flag");
	is_text(p->user, "root");
	is_text(p->cgroup, "/user.slice/user-1000.slice/session-2.scope");
}

static void a_user_without_a_name_is_a_number(void **state)
{
	(void)state;
	add(42, "mpv", 1);
	write_text("42/status", "Name:\tmpv\nUid:\t0\t3999999998\t0\t0\n");
	is_text(look(42, SEC)->user, "3999999998");
	assert_int_equal(look(42, SEC)->uid, 3999999998);
}

static void a_process_that_changes_its_user_is_seen_to_do_so(void **state)
{
	(void)state;
	add(42, "login", 1);
	write_text("42/status", "Name:\tlogin\nUid:\t0\t0\t0\t0\n");
	is_text(look(42, SEC)->user, "root");
	write_text("42/status", "Name:\tlogin\nUid:\t0\t3999999998\t0\t0\n");
	process_cache_sweep(cache);
	is_text(look(42, 12 * SEC)->user, "3999999998");
	process_cache_sweep(cache);
	write_text("42/status", "Name:\tlogin\n");
	assert_int_equal(look(42, 30 * SEC)->uid, UNKNOWN);
	assert_null(look(42, 30 * SEC)->user.ptr);
}

static void comm_may_contain_anything(void **state)
{
	static const char *const comms[] = {
		"", " ", "a b", ")", "(", "a) S 1 2", "((x))", ") 1 (", "a\nb",
		"\033[31m", "\xff\xfe", "\\n", "0123456789abcde",
	};

	(void)state;
	for (size_t i = 0; i < N_OF(comms); i++) {
		const struct process *p;
		pid_t pid = 100 + (pid_t)i;

		add(pid, comms[i], 77);
		p = look(pid, SEC);
		is_text(p->comm, comms[i]);
		assert_int_equal(p->start_time, 77);
	}
}

static void command_lines_are_whole_and_raw(void **state)
{
	static char big[200000];
	static const struct { const char *in; size_t len; const char *out; } cases[] = {
		{ "", 0, "" }, { "\0", 1, "" }, { "a", 1, "a" }, { "a\0", 2, "a" },
		{ "a\0b\0", 4, "a b" }, { "a\0\0b\0", 5, "a  b" }, { "a b\0c", 5, "a b c" },
		{ "x\ny\0z\0", 6, "x\ny z" },
		{ "\033]0;pwn\a\0\xff\xc3\0", 11, "\033]0;pwn\a \xff\xc3" },
		/* a title that is shorter than the arguments it was written over */
		{ "nginx: worker\0\0\0\0\0", 18, "nginx: worker" },
	};

	(void)state;
	for (size_t i = 0; i < N_OF(cases); i++) {
		char path[32];
		pid_t pid = 100 + (pid_t)i;

		add(pid, "x", 1);
		snprintf(path, sizeof(path), "%d/cmdline", pid);
		fake_proc_write(&fake, path, cases[i].in, cases[i].len);
		is_text(look(pid, SEC)->cmdline, cases[i].out);
	}
	memset(big, 'x', sizeof(big));
	add(42, "x", 1);
	fake_proc_write(&fake, "42/cmdline", big, sizeof(big));
	is_bytes(look(42, SEC)->cmdline, big, sizeof(big));
}

static void what_may_not_be_read_is_absent(void **state)
{
	const struct process *p;

	(void)state;
	write_text("42/stat", "42 (x) S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 99 20 21\n");
	p = look(42, SEC);
	assert_int_equal(p->start_time, 99);
	is_text(p->comm, "x");
	assert_int_equal(p->uid, UNKNOWN);
	assert_null(p->cmdline.ptr);
	assert_null(p->user.ptr);
	assert_null(p->cgroup.ptr);
	/* it comes, and goes again */
	write_text("42/cmdline", "x -v");
	write_text("42/cgroup", "0::/a.slice\n");
	process_cache_sweep(cache);
	p = look(42, 20 * SEC);
	is_text(p->cmdline, "x -v");
	is_text(p->cgroup, "/a.slice");
	write_text("42/cgroup", "");
	process_cache_sweep(cache);
	assert_null(look(42, 40 * SEC)->cgroup.ptr);
}

static void a_stat_that_makes_no_sense_is_an_error(void **state)
{
	static const char *const texts[] = {
		"", "42", "42 x S 1", "42 )x( S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20",
		"42 (x", "42 x)", "42 (x) S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18",
		"42 (x) S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 ",
		"42 (x) S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 -1 20",
	};
	const struct process *p = NULL;

	(void)state;
	for (size_t i = 0; i < N_OF(texts); i++) {
		write_text("42/stat", texts[i]);
		assert_int_equal(process_lookup(cache, 42, SEC, &p), -EINVAL);
		assert_null(p);
	}
	assert_int_equal(process_lookup(cache, 43, SEC, &p), -ESRCH);
	assert_null(p);
}

static void reads_stat_once_a_frame_and_the_rest_seldom(void **state)
{
	const struct process *p;

	(void)state;
	add(42, "x", 1);
	p = look(42, SEC);
	/* stat, the directory, cmdline, cgroup, stat, status; stat of its ancestor */
	assert_int_equal(opens(), 7);
	assert_ptr_equal(look(42, SEC), p);
	assert_int_equal(opens(), 7);
	process_cache_sweep(cache);
	write_text("42/cmdline", "another");
	assert_ptr_equal(look(42, 10 * SEC), p);
	assert_int_equal(opens(), 8);
	is_text(p->cmdline, "/usr/bin/x --flag");
	process_cache_sweep(cache);
	look(42, 11 * SEC);
	assert_int_equal(opens(), 14);
	is_text(p->cmdline, "another");
	assert_int_equal(proc.scan.syscalls[SYSCALL_CLOSE], 13);	/* the ancestor is not there */
}

static void exec_is_noticed_at_once(void **state)
{
	const struct process *p;

	(void)state;
	add(42, "sh", 1);
	look(42, SEC);
	process_cache_sweep(cache);
	fake_proc_remove(&fake, 42);
	add(42, "blender", 1);
	p = look(42, 2 * SEC);
	is_text(p->comm, "blender");
	is_text(p->cmdline, "/usr/bin/blender --flag");
	assert_int_equal(p->start_time, 1);
}

static void a_pid_that_was_reused_is_another_process(void **state)
{
	const struct process *p;

	(void)state;
	add(42, "x", 1);
	look(42, SEC);
	process_cache_sweep(cache);
	fake_proc_remove(&fake, 42);
	add(42, "x", 2);
	write_text("42/cmdline", "new");
	write_text("42/cgroup", "0::/new\n");
	p = look(42, 2 * SEC);
	assert_int_equal(p->start_time, 2);
	is_text(p->cmdline, "new");
	is_text(p->cgroup, "/new");
}

static void forgets_processes_nobody_looks_up(void **state)
{
	uint64_t before;

	(void)state;
	add(41, "a", 1);
	add(42, "b", 1);
	add(43, "c", 1);
	look(41, SEC);
	look(42, SEC);
	look(43, SEC);
	process_cache_sweep(cache);
	look(41, SEC);
	look(43, SEC);
	process_cache_sweep(cache);
	before = opens();
	look(41, SEC);
	look(43, SEC);
	assert_int_equal(opens(), before + 2);
	look(42, SEC);
	assert_int_equal(opens(), before + 2 + 7);
}

static void write_stat(pid_t pid, const char *comm, pid_t ppid, unsigned long start_time)
{
	char path[32], text[256];

	snprintf(path, sizeof(path), "%d/stat", pid);
	snprintf(text, sizeof(text), "%d (%s) S %d 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 %lu 20 21\n", pid,
		 comm, ppid, start_time);
	write_text(path, text);
}

static void knows_the_ancestors_of_a_process(void **state)
{
	static const pid_t expected[] = { 41, 40, 1 };
	const struct process *p;
	uint64_t before;

	(void)state;
	write_stat(1, "init", 0, 1);
	write_stat(40, "a) S 9 (", 1, 40);
	write_stat(41, "shell", 40, 41);
	write_stat(42, "client", 41, 42);
	p = look(42, SEC);
	assert_int_equal(p->n_ancestors, 3);
	assert_memory_equal(p->ancestors, expected, sizeof(expected));

	/* they are not read again, */
	process_cache_sweep(cache);
	before = opens();
	look(42, 2 * SEC);
	assert_int_equal(opens(), before + 1);
	/* but where it has got another parent */
	write_stat(42, "client", 1, 42);
	process_cache_sweep(cache);
	p = look(42, 3 * SEC);
	assert_int_equal(p->n_ancestors, 1);
	assert_int_equal(p->ancestors[0], 1);
}

static void a_line_of_ancestors_has_an_end(void **state)
{
	const struct process *p;

	(void)state;
	/* one that may not be read, and one that leads to itself */
	write_stat(42, "client", 41, 42);
	p = look(42, SEC);
	assert_int_equal(p->n_ancestors, 1);
	write_stat(50, "odd", 51, 50);
	write_stat(51, "odd", 50, 51);
	assert_int_equal(look(50, SEC)->n_ancestors, PROCESS_MAX_ANCESTORS);
}

static void allocates_nothing_once_warm(void **state)
{
	size_t before;

	(void)state;
	for (pid_t pid = 1; pid <= 100; pid++)
		add(pid, "x", 1);
	for (uint64_t frame = 0; frame < 30; frame++) {
		if (frame == 2)
			before = allocs_count();
		for (pid_t pid = 1; pid <= 100; pid++)
			look(pid, frame * SEC);
		process_cache_sweep(cache);
	}
	assert_int_equal(allocs_count(), before);
}

static void out_of_memory_is_an_error_that_passes(void **state)
{
	struct process_cache *pc;
	const struct process *p;
	int err;

	(void)state;
	add(42, "x", 1);
	write_text("42/status", "Name:\tx\nUid:\t0\t0\t0\t0\n");
	for (size_t n = 1;; n++) {
		p = NULL;
		allocs_fail_after(n);
		err = process_cache_new(&proc, &pc);
		if (!err) {
			err = process_lookup(pc, 42, SEC, &p);
			allocs_fail_after(0);
			if (err) {
				assert_null(p);
				assert_int_equal(process_lookup(pc, 42, SEC, &p), 0);
				is_text(p->user, "root");
				is_text(p->cmdline, "/usr/bin/x --flag");
			}
			process_cache_free(pc);
		}
		allocs_fail_after(0);
		if (!err)
			break;
		assert_int_equal(err, -ENOMEM);
		assert_true(n < 100);
	}
	process_cache_free(NULL);
}

#define FAKE(f) cmocka_unit_test_setup_teardown(f, make_fake, drop_fake)

int main(void)
{
	const struct CMUnitTest tests[] = {
		FAKE(reads_who_what_since_when_and_where),
		FAKE(a_user_without_a_name_is_a_number),
		FAKE(a_process_that_changes_its_user_is_seen_to_do_so),
		FAKE(comm_may_contain_anything),
		FAKE(command_lines_are_whole_and_raw),
		FAKE(what_may_not_be_read_is_absent),
		FAKE(a_stat_that_makes_no_sense_is_an_error),
		FAKE(reads_stat_once_a_frame_and_the_rest_seldom),
		FAKE(knows_the_ancestors_of_a_process),
		FAKE(a_line_of_ancestors_has_an_end),
		FAKE(exec_is_noticed_at_once),
		FAKE(a_pid_that_was_reused_is_another_process),
		FAKE(forgets_processes_nobody_looks_up),
		FAKE(allocates_nothing_once_warm),
		FAKE(out_of_memory_is_an_error_that_passes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
