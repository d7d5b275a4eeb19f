/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fake_proc.h"
#include "fdinfo/proc.h"

struct seen {
	int numbers[64];
	size_t n, stop_after;
};

static int see(void *arg, int number, const char *name)
{
	struct seen *s = arg;
	char text[16];

	snprintf(text, sizeof(text), "%d", number);
	assert_string_equal(name, text);
	assert_true(s->n < 64);
	s->numbers[s->n++] = number;
	return s->n == s->stop_after ? 7 : 0;
}

static int count(void *arg, int number, const char *name)
{
	size_t *n = arg;

	(void)number;
	(void)name;
	(*n)++;
	return 0;
}

static int compare(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

static void lists_numbers_and_nothing_else(void **state)
{
	static const char *const names[] = {
		"1/x", "42/x", "2147483647/x",
		"0/x", "007/x", "00/x", "2147483648/x", "4294967296/x", "4294967338/x", "-1/x", "+1/x",
		"99999999999999999999999999/x", "12a/x", "0x10/x", "self/x", "1 /x", " 1/x", "\xd9\xa1/x",
	};
	struct fake_proc fp;
	struct seen s = { 0 };
	struct proc p;
	int fd;

	(void)state;
	fake_proc_init(&fp);
	for (size_t i = 0; i < N_OF(names); i++)
		fake_proc_write(&fp, names[i], "", 0);
	assert_int_equal(proc_init(&p, fp.root), 0);
	for (int pass = 0; pass < 2; pass++) {
		s.n = 0;
		assert_int_equal(proc_each_pid(&p, see, &s), 0);
		assert_int_equal(s.n, 3);
		qsort(s.numbers, s.n, sizeof(int), compare);
		assert_int_equal(s.numbers[0], 1);
		assert_int_equal(s.numbers[1], 42);
		assert_int_equal(s.numbers[2], 2147483647);
	}
	/* a descriptor may be 0 */
	s.n = 0;
	fd = proc_open_dir(&p, p.fd, ".");
	assert_int_equal(proc_each_fd(&p, fd, see, &s), 0);
	assert_int_equal(s.n, 4);
	proc_close(&p, fd);
	s.n = 0;
	s.stop_after = 2;
	assert_int_equal(proc_each_pid(&p, see, &s), 7);
	assert_int_equal(s.n, 2);
	proc_done(&p);
	fake_proc_done(&fp);
}

static void goes_on_where_it_stopped(void **state)
{
	struct fake_proc fp;
	struct seen s = { 0 };
	int64_t position = 0;
	struct proc p;
	int sum = 0;

	(void)state;
	fake_proc_init(&fp);
	for (int pid = 1; pid <= 100; pid++)
		fake_proc_add(&fp, pid, "x", 1);
	assert_int_equal(proc_init(&p, fp.root), 0);
	for (size_t n = 0; n < 98; n += 7) {
		s.n = 0;
		assert_int_equal(proc_each_pid_from(&p, &position, 7, see, &s), 0);
		assert_int_equal(s.n, 7);
		assert_true(position != 0);
		for (size_t i = 0; i < 7; i++)
			sum += s.numbers[i];
	}
	s.n = 0;
	assert_int_equal(proc_each_pid_from(&p, &position, 7, see, &s), 0);
	assert_int_equal(s.n, 2);
	assert_int_equal(sum + s.numbers[0] + s.numbers[1], 5050);
	assert_int_equal(position, 0);
	proc_done(&p);
	fake_proc_done(&fp);
}

static void lists_a_directory_of_100000_descriptors(void **state)
{
	struct fake_proc fp;
	struct proc p;
	char path[128];
	size_t n = 0;
	int fd;

	(void)state;
	fake_proc_init(&fp);
	fake_proc_add(&fp, 5, "many", 1);
	for (int i = 0; i < 100000; i++) {
		snprintf(path, sizeof(path), "%s/5/fd/%d", fp.root, i);
		assert_int_equal(symlink("x", path), 0);
	}
	assert_int_equal(proc_init(&p, fp.root), 0);
	fd = proc_open_dir(&p, p.fd, "5/fd");
	assert_int_equal(proc_each_fd(&p, fd, count, &n), 0);
	assert_int_equal(n, 100000);
	assert_true(p.scan.syscalls[SYSCALL_GETDENTS] > 1);
	proc_close(&p, fd);
	proc_done(&p);
	fake_proc_done(&fp);
}

static void reads_files_of_any_size_whole(void **state)
{
	static const size_t sizes[] = { 0, 1, 255, 256, 4094, 4095, 4096, 4097, 65536, 100001, 3000000 };
	struct fake_proc fp;
	struct buf b = { 0 };
	struct proc p;
	char *bytes = malloc(3000000);
	int fd;

	(void)state;
	fake_proc_init(&fp);
	for (size_t i = 0; i < 3000000; i++)
		bytes[i] = (char)(i * 7919 >> 3);
	assert_int_equal(proc_init(&p, fp.root), 0);
	for (size_t i = 0; i < N_OF(sizes); i++) {
		fake_proc_write(&fp, "7/f", bytes, sizes[i]);
		assert_int_equal(proc_read_file(&p, p.fd, "7/f", &b), 0);
		assert_int_equal(b.len, sizes[i]);
		assert_memory_equal(b.ptr, bytes, sizes[i]);
		assert_int_equal(b.ptr[b.len], '\0');
		/* and what is open, again and again */
		fd = openat(p.fd, "7/f", O_RDONLY);
		for (int n = 0; n < 2; n++) {
			assert_int_equal(proc_reread(&p, fd, &b), 0);
			assert_int_equal(b.len, sizes[i]);
			assert_memory_equal(b.ptr, bytes, sizes[i]);
		}
		close(fd);
	}
	assert_int_equal(p.scan.syscalls[SYSCALL_OPEN], N_OF(sizes));
	assert_int_equal(p.scan.syscalls[SYSCALL_CLOSE], N_OF(sizes));
	free(bytes);
	buf_done(&b);
	proc_done(&p);
	fake_proc_done(&fp);
}

static void says_why_a_file_cannot_be_read(void **state)
{
	struct fake_proc fp;
	struct buf b = { 0 };
	struct proc p;
	char path[128];

	(void)state;
	fake_proc_init(&fp);
	fake_proc_write(&fp, "7/dir/f", "x", 1);
	assert_int_equal(proc_init(&p, fp.root), 0);
	assert_int_equal(proc_read_file(&p, p.fd, "7/missing", &b), -ENOENT);
	assert_int_equal(proc_read_file(&p, p.fd, "7/dir", &b), -EISDIR);
	assert_int_equal(proc_read_file(&p, p.fd, "7/dir/f/g", &b), -ENOTDIR);
	snprintf(path, sizeof(path), "%s/7/zero", fp.root);
	assert_int_equal(symlink("/dev/zero", path), 0);
	assert_int_equal(proc_read_file(&p, p.fd, "7/zero", &b), -EFBIG);
	snprintf(path, sizeof(path), "%s/7/fifo", fp.root);
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_int_equal(proc_read_file(&p, p.fd, "7/fifo", &b), 0);
	assert_int_equal(b.len, 0);
	buf_done(&b);
	proc_done(&p);
	fake_proc_done(&fp);
}

static void refuses_what_is_no_directory(void **state)
{
	struct proc p = { .fd = 77 };

	(void)state;
	assert_int_equal(proc_init(&p, "/dev/null"), -ENOTDIR);
	assert_int_equal(proc_init(&p, "/nonexistent/proc"), -ENOENT);
	assert_int_equal(p.fd, 77);
}

static void knows_its_own_proc(void **state)
{
	struct fake_proc fp;
	struct proc p;
	char path[128], self[16];

	(void)state;
	assert_int_equal(proc_init(&p, NULL), 0);
	assert_true(p.is_own);
	proc_done(&p);
	fake_proc_init(&fp);
	snprintf(path, sizeof(path), "%s/self", fp.root);
	snprintf(self, sizeof(self), "%d", getpid());
	assert_int_equal(symlink(self, path), 0);
	fake_proc_add(&fp, getpid(), "me", 1);
	assert_int_equal(proc_init(&p, fp.root), 0);
	assert_false(p.is_own);
	assert_false(p.has_fd_counts);
	proc_done(&p);
	fake_proc_done(&fp);
}

static void takes_majors_from_devices(void **state)
{
	static const struct { const char *devices; unsigned int drm, accel; } cases[] = {
		{ "Character devices:\n  1 mem\n226 drm\n261 accel\n\nBlock devices:\n  7 loop\n", 226, 261 },
		{ "Character devices:\n  1 mem\n240 drm\n 99 accel\n\nBlock devices:\n  7 loop\n", 240, 99 },
		{ "Character devices:\n 99 drmx\n 98 dr\n97  drm\n\nBlock devices:\n 96 drm\n 95 accel\n",
		  226, 261 },
		{ "Character devices:\n  3 accel", 226, 3 },
		{ "Character devices:\n", 226, 261 },
		{ "Character devices:", 226, 261 },
		{ "", 226, 261 },
		{ "\n\n\n  4 drm\n", 226, 261 },
		{ NULL, 226, 261 },
	};

	(void)state;
	for (size_t i = 0; i < N_OF(cases); i++) {
		struct fake_proc fp;
		struct proc p;
		unsigned int majors[3] = { 0 };

		fake_proc_init(&fp);
		if (cases[i].devices)
			fake_proc_write(&fp, "devices", cases[i].devices, strlen(cases[i].devices));
		assert_int_equal(proc_init(&p, fp.root), 0);
		assert_int_equal(proc_gpu_majors(&p, majors, 3), 2);
		assert_int_equal(majors[0], cases[i].drm);
		assert_int_equal(majors[1], cases[i].accel);
		majors[1] = 0;
		assert_int_equal(proc_gpu_majors(&p, majors, 1), 1);
		assert_int_equal(majors[1], 0);
		proc_done(&p);
		fake_proc_done(&fp);
	}
}

static void stays_with_the_process_it_opened(void **state)
{
	struct buf b = { 0 };
	struct proc p;
	char path[32];
	int dir, ready[2], status;
	pid_t pid;
	char c;

	(void)state;
	assert_int_equal(pipe(ready), 0);
	pid = fork();
	if (pid == 0) {
		close(ready[1]);
		_exit(read(ready[0], &c, 1) != 0);
	}
	assert_int_equal(proc_init(&p, NULL), 0);
	snprintf(path, sizeof(path), "%d/fd", pid);
	dir = proc_open_dir(&p, p.fd, path);
	assert_true(dir >= 0);
	assert_int_equal(proc_read_file(&p, dir, "../fdinfo/0", &b), 0);
	assert_int_equal(strncmp(b.ptr, "pos:", 4), 0);
	close(ready[1]);
	waitpid(pid, &status, 0);
	assert_true(proc_is_gone(proc_read_file(&p, dir, "../fdinfo/0", &b)));
	close(ready[0]);
	proc_close(&p, dir);
	buf_done(&b);
	proc_done(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lists_numbers_and_nothing_else),
		cmocka_unit_test(goes_on_where_it_stopped),
		cmocka_unit_test(lists_a_directory_of_100000_descriptors),
		cmocka_unit_test(reads_files_of_any_size_whole),
		cmocka_unit_test(says_why_a_file_cannot_be_read),
		cmocka_unit_test(refuses_what_is_no_directory),
		cmocka_unit_test(knows_its_own_proc),
		cmocka_unit_test(takes_majors_from_devices),
		cmocka_unit_test(stays_with_the_process_it_opened),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
