/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <errno.h>
#include <string.h>
#include <sys/sysmacros.h>

#include "fake_proc.h"
#include "fdinfo/open_files.h"
#include "pass.h"

#define TEXT(id) "flags:\t02\ndrm-driver:\tx\ndrm-client-id:\t" id "\ndrm-engine-a:\t1 ns\n"
#define IDENTITY(id) "drm-driver:\tx\ndrm-client-id:\t" id "\n"

static const struct devices awake;
static struct fake_proc fp;
static struct proc proc;
static const struct finder_env env = { .proc = &proc, .devices = &awake };
static struct open_files files;
static struct pass pass;

static int set_up(void **state)
{
	(void)state;
	fake_proc_init(&fp);
	for (pid_t pid = 100; pid < 103; pid++)
		fake_proc_add(&fp, pid, "process", 1);
	if (proc_init(&proc, fp.root))
		return -1;
	open_files_init(&files, &env);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	open_files_done(&files);
	proc_done(&proc);
	fake_proc_done(&fp);
	return 0;
}

static void begin(void)
{
	proc.scan = (struct scan){ 0 };
	pass.n = 0;
	open_files_begin(&files);
}

static void emit(uint64_t file_id, pid_t pid)
{
	const struct file_holder h = { file_id, pid, 4, makedev(226, 128) };

	assert_int_equal(open_files_emit(&files, &h, pass_keep, &pass), 0);
}

static void one_holder_is_read_the_others_share(void **state)
{
	(void)state;
	fake_proc_fd(&fp, 100, 4, "/dev/null", TEXT("5"));
	fake_proc_fd(&fp, 101, 4, "/dev/null", TEXT("5"));
	for (int i = 0; i < 2; i++) {
		begin();
		emit(1, 100);
		emit(1, 101);
		open_files_end(&files);
		assert_int_equal(pass.n, 2);
		assert_int_equal(pass_count_sharers(&pass), 1);
		assert_int_equal(proc.scan.reads, 1);
		assert_string_equal(pass.found[0].text, TEXT("5"));
		assert_string_equal(pass.found[1].text, IDENTITY("5"));
		assert_int_equal(proc.scan.syscalls[SYSCALL_OPEN], i == 0);
	}
}

static void a_number_that_refers_to_another_client_is_what_its_text_says(void **state)
{
	(void)state;
	fake_proc_fd(&fp, 100, 4, "/dev/null", TEXT("5"));
	fake_proc_fd(&fp, 101, 4, "/dev/null", TEXT("5"));
	begin();
	emit(1, 100);
	emit(1, 101);
	open_files_end(&files);
	/* in place: a descriptor held on the text shows what the number refers to now */
	fake_proc_write(&fp, "100/fdinfo/4", TEXT("6"), strlen(TEXT("6")));
	begin();
	emit(1, 100);
	emit(1, 101);
	open_files_end(&files);
	assert_int_equal(pass.n, 2);
	assert_int_equal(pass_count_sharers(&pass), 0);
	assert_string_equal(pass.found[0].text, TEXT("6"));
	assert_string_equal(pass.found[1].text, TEXT("5"));
}

static void an_id_may_be_of_another_file_in_the_next_pass(void **state)
{
	static const char *const texts[] = { TEXT("5"), TEXT("6"), TEXT("6"), TEXT("7"), TEXT("7") };

	(void)state;
	fake_proc_fd(&fp, 100, 4, "/dev/null", "");
	for (size_t i = 0; i < 5; i++) {
		fake_proc_write(&fp, "100/fdinfo/4", texts[i], strlen(texts[i]));
		begin();
		emit(1, 100);
		open_files_end(&files);
		assert_int_equal(pass.n, 1);
		assert_string_equal(pass.found[0].text, texts[i]);
	}
}

#define with_tree(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		with_tree(one_holder_is_read_the_others_share),
		with_tree(a_number_that_refers_to_another_client_is_what_its_text_says),
		with_tree(an_id_may_be_of_another_file_in_the_next_pass),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
