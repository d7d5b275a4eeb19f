/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/due.h"
#include "daemon/history.h"
#include "daemon/textfile.h"
#include "scratch.h"

static void has(const char *name, const char *text)
{
	char got[256] = "";
	FILE *f = fopen(scratch_path(name), "r");

	assert_non_null(f);
	got[fread(got, 1, sizeof(got) - 1, f)] = '\0';
	(void)fclose(f);
	assert_string_equal(got, text);
}

static void begin(struct history *h, const char *name)
{
	history_init(h);
	snprintf(h->path, sizeof(h->path), "%s", scratch_path(name));
	h->max_size = 100;
	h->max_files = 2;
}

static void add(struct history *h, const char *line, bool is_new)
{
	bool got;

	assert_int_equal(history_prepare(h, &got), 0);
	assert_int_equal(got, is_new);
	assert_int_equal(history_append(h, line, strlen(line)), 0);
}

static void what_was_there_stays(void **state)
{
	struct history h;

	(void)state;
	scratch_write("stays", "one\n");
	begin(&h, "stays");
	add(&h, "two\n", true);
	add(&h, "three\n", false);
	history_close(&h);
	has("stays", "one\ntwo\nthree\n");
}

static void a_torn_last_line_is_cut_off(void **state)
{
	char text[9001];
	struct history h;
	struct stat st;

	(void)state;
	scratch_write("torn", "one\ntwo\nthr");
	begin(&h, "torn");
	add(&h, "four\n", true);
	has("torn", "one\ntwo\nfour\n");
	history_close(&h);

	/* further back than a block */
	memset(text, 'x', sizeof(text) - 1);
	text[10] = '\n';
	text[sizeof(text) - 1] = '\0';
	scratch_write("torn", text);
	add(&h, "y\n", true);
	assert_int_equal(stat(scratch_path("torn"), &st), 0);
	assert_int_equal(st.st_size, 13);
	history_close(&h);
}

static void a_full_file_makes_room(void **state)
{
	char line[101];
	struct history h;

	(void)state;
	memset(line, 'x', 99);
	memcpy(line + 99, "\n", 2);
	begin(&h, "room");
	for (int i = 0; i < 4; i++) {
		line[0] = (char)('a' + i);
		add(&h, line, true);
	}
	history_close(&h);
	line[0] = 'd';
	has("room", line);
	line[0] = 'c';
	has("room.1", line);
	line[0] = 'b';
	has("room.2", line);
	assert_int_equal(access(scratch_path("room.3"), F_OK), -1);
}

/* As an attempt leaves them that moved the old files and then could not move the youngest. */
static void a_rotation_that_failed_costs_no_old_file(void **state)
{
	char full[101];
	struct history h;

	(void)state;
	memset(full, 'x', 99);
	memcpy(full + 99, "\n", 2);
	scratch_write("again", full);
	scratch_write("again.2", "old\n");
	scratch_write("again.3", "oldest\n");
	begin(&h, "again");
	h.max_files = 3;
	add(&h, "new\n", true);
	history_close(&h);
	has("again", "new\n");
	has("again.1", full);
	has("again.2", "old\n");
	has("again.3", "oldest\n");
}

static void a_file_that_was_moved_is_followed_by_a_new_one(void **state)
{
	char moved[128];
	struct history h;

	(void)state;
	begin(&h, "here");
	add(&h, "one\n", true);
	snprintf(moved, sizeof(moved), "%s", scratch_path("moved"));
	assert_int_equal(rename(scratch_path("here"), moved), 0);
	add(&h, "two\n", true);
	has("moved", "one\n");
	has("here", "two\n");
	history_close(&h);
}

static void what_cannot_be_opened_is_an_error_until_it_can(void **state)
{
	struct history h;
	bool is_new;

	(void)state;
	begin(&h, "later/file");
	assert_int_equal(history_prepare(&h, &is_new), -ENOENT);
	assert_int_equal(mkdir(scratch_path("later"), 0700), 0);
	add(&h, "one\n", true);
	history_close(&h);
	begin(&h, "fifo");
	assert_int_equal(mkfifo(scratch_path("fifo"), 0600), 0);
	assert_int_equal(history_prepare(&h, &is_new), -EINVAL);
}

/* A limit on file sizes cuts a write short as a full disk does. */
static void a_piece_that_does_not_fit_leaves_the_file_as_it_was(void **state)
{
	static const struct rlimit none = { RLIM_INFINITY, RLIM_INFINITY }, small = { 10, RLIM_INFINITY };
	struct history h;
	bool is_new;

	(void)state;
	signal(SIGXFSZ, SIG_IGN);
	begin(&h, "full");
	add(&h, "one\n", true);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	assert_int_equal(history_prepare(&h, &is_new), 0);
	assert_int_equal(history_append(&h, "two two two\n", 12), -EFBIG);
	has("full", "one\n");
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &none), 0);
	add(&h, "three\n", false);
	has("full", "one\nthree\n");
	history_close(&h);
}

static void a_textfile_is_whole_or_the_old_one(void **state)
{
	static const struct rlimit none = { RLIM_INFINITY, RLIM_INFINITY }, small = { 4, RLIM_INFINITY };
	struct stat st;
	mode_t mask = umask(0077);

	(void)state;
	scratch_write("g.prom.new", "what a killed writer left");
	assert_int_equal(textfile_replace(scratch_path("g.prom"), "old\n", 4), 0);
	has("g.prom", "old\n");
	assert_int_equal(stat(scratch_path("g.prom"), &st), 0);
	assert_int_equal(st.st_mode & 0777, 0644);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	assert_int_equal(textfile_replace(scratch_path("g.prom"), "newer\n", 6), -EFBIG);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &none), 0);
	has("g.prom", "old\n");
	assert_int_equal(access(scratch_path("g.prom.new"), F_OK), -1);
	assert_int_equal(textfile_replace(scratch_path("nowhere/g.prom"), "x\n", 2), -ENOENT);
	umask(mask);
}

static void what_is_due_keeps_to_its_schedule(void **state)
{
	struct due d = { 0 };
	unsigned int n = 0;

	(void)state;
	/* frames each 100, a little late or early; every 300 of them wanted */
	for (unsigned int i = 10; i < 40; i++)
		n += due_take(&d, i * 100 + i % 3, 300, 100);
	assert_int_equal(n, 10);
	/* after a gap the missed ones do not pile up */
	assert_true(due_take(&d, 9000, 300, 100));
	assert_false(due_take(&d, 9100, 300, 100));
	d = (struct due){ 0 };
	for (unsigned int i = 1; i < 10; i++)
		assert_true(due_take(&d, i * 100, 0, 100));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_there_stays),
		cmocka_unit_test(a_torn_last_line_is_cut_off),
		cmocka_unit_test(a_full_file_makes_room),
		cmocka_unit_test(a_rotation_that_failed_costs_no_old_file),
		cmocka_unit_test(a_file_that_was_moved_is_followed_by_a_new_one),
		cmocka_unit_test(what_cannot_be_opened_is_an_error_until_it_can),
		cmocka_unit_test(a_piece_that_does_not_fit_leaves_the_file_as_it_was),
		cmocka_unit_test(a_textfile_is_whole_or_the_old_one),
		cmocka_unit_test(what_is_due_keeps_to_its_schedule),
	};

	return cmocka_run_group_tests(tests, scratch_begin, scratch_end);
}
