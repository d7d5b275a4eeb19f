/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fake_proc.h"
#include "fdinfo/held.h"

static struct proc p;
static struct held held;
static struct buf text;

static int set_up(void **state)
{
	(void)state;
	held_init(&held);
	return proc_init(&p, NULL);
}

static int tear_down(void **state)
{
	(void)state;
	buf_done(&text);
	proc_done(&p);
	return 0;
}

static int hold_fdinfo(pid_t pid, int fd, int *ret)
{
	char path[64];

	snprintf(path, sizeof(path), "%d/fdinfo/%d", pid, fd);
	return held_open(&held, &p, p.fd, path, 0, ret);
}

static void a_held_file_is_read_anew_each_time(void **state)
{
	int fd = open("/proc/self/exe", O_RDONLY), fdinfo;
	uint64_t reads;

	(void)state;
	assert_int_equal(hold_fdinfo(getpid(), fd, &fdinfo), 0);
	assert_int_equal(held_read(&p, fdinfo, &text), 0);
	assert_non_null(strstr(text.ptr, "pos:\t0\n"));
	assert_int_equal(lseek(fd, 77, SEEK_SET), 77);
	reads = p.scan.syscalls[SYSCALL_READ];
	assert_int_equal(held_read(&p, fdinfo, &text), 0);
	assert_int_equal(p.scan.syscalls[SYSCALL_READ], reads + 1);
	assert_non_null(strstr(text.ptr, "pos:\t77\n"));
	close(fd);
	assert_int_equal(held_read(&p, fdinfo, &text), -ENOENT);
	held_close(&held, &p, &fdinfo);
	assert_int_equal(held.n, 0);
}

static void a_reused_number_shows_what_is_there_now(void **state)
{
	int fd = open("/", O_RDONLY), other, fdinfo;

	(void)state;
	assert_int_equal(hold_fdinfo(getpid(), fd, &fdinfo), 0);
	close(fd);
	other = open("/", O_PATH);
	assert_int_equal(other, fd);
	assert_int_equal(held_read(&p, fdinfo, &text), 0);
	assert_non_null(strstr(text.ptr, "flags:\t010000000\n"));
	close(other);
	held_close(&held, &p, &fdinfo);
}

static void what_a_dead_process_had_is_gone(void **state)
{
	pid_t pid = fork();
	int fdinfo, dir;
	char path[32];

	(void)state;
	if (pid == 0) {
		pause();
		_exit(0);
	}
	assert_int_equal(hold_fdinfo(pid, 0, &fdinfo), 0);
	snprintf(path, sizeof(path), "%d/fd", pid);
	assert_int_equal(held_open(&held, &p, p.fd, path, O_PATH | O_DIRECTORY, &dir), 0);
	assert_int_equal(held.n, 2);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	assert_true(proc_is_gone(held_read(&p, fdinfo, &text)));
	if (p.has_fd_counts) {
		struct statx stx;

		assert_int_equal(statx(dir, "", AT_EMPTY_PATH, STATX_SIZE, &stx), -1);
		assert_true(proc_is_gone(-errno));
	}
	held_close(&held, &p, &fdinfo);
	held_close(&held, &p, &dir);
	held_close(&held, &p, &dir);
	assert_int_equal(held.n, 0);
}

static void a_text_of_any_length_is_read_whole(void **state)
{
	static const size_t sizes[] = { 0, 1, 4095, 4096, 4097, 8191, 8192, 100000 };
	struct fake_proc fp;

	(void)state;
	fake_proc_init(&fp);
	for (size_t i = 0; i < N_OF(sizes); i++) {
		char *bytes = malloc(sizes[i] + 1), path[128];
		int fd;

		memset(bytes, 'x', sizes[i] + 1);
		fake_proc_write(&fp, "text", bytes, sizes[i]);
		snprintf(path, sizeof(path), "%s/text", fp.root);
		assert_int_equal(held_open(&held, &p, p.fd, path, 0, &fd), 0);
		assert_int_equal(held_read(&p, fd, &text), 0);
		assert_int_equal(text.len, sizes[i]);
		assert_memory_equal(text.ptr, bytes, sizes[i]);
		assert_int_equal(text.ptr[text.len], '\0');
		held_close(&held, &p, &fd);
		free(bytes);
	}
	fake_proc_done(&fp);
}

static void holds_no_more_than_leaves_room_for_others(void **state)
{
	struct rlimit before, small;
	int fds[256], fd, spare;
	size_t n = 0;

	(void)state;
	getrlimit(RLIMIT_NOFILE, &before);
	small = before;
	small.rlim_cur = 128;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &small), 0);
	held_init(&held);
	do
		assert_int_equal(hold_fdinfo(getpid(), 0, &fds[n]), 0);
	while (fds[n] != HELD_NONE && ++n < 256);
	assert_true(n > 32);
	spare = open("/dev/null", O_RDONLY);
	assert_int_equal(spare, 64);
	/* one given back is one more to be had */
	held_close(&held, &p, &fds[0]);
	assert_int_equal(hold_fdinfo(getpid(), 0, &fds[0]), 0);
	assert_int_not_equal(fds[0], HELD_NONE);

	/* others took more than was left to them */
	small.rlim_cur = (rlim_t)spare + 1;
	held_close(&held, &p, &fds[1]);
	held.max = held.first_spare = 1000;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &small), 0);
	assert_int_equal(hold_fdinfo(getpid(), 0, &fds[1]), 0);
	assert_int_equal(hold_fdinfo(getpid(), 0, &fd), 0);
	assert_int_equal(fd, HELD_NONE);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
	close(spare);
	for (size_t i = 0; i < n; i++)
		held_close(&held, &p, &fds[i]);
	assert_int_equal(held.n, 0);
}

#define clean(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		clean(a_held_file_is_read_anew_each_time),
		clean(a_reused_number_shows_what_is_there_now),
		clean(what_a_dead_process_had_is_gone),
		clean(a_text_of_any_length_is_read_whole),
		clean(holds_no_more_than_leaves_room_for_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
