/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/control.h"

/* A process with a second thread, and when it began. */
struct victim {
	pid_t pid;
	pid_t thread;
	uint64_t start_time;
};

static void *wait_forever(void *arg)
{
	int *fd = arg;
	pid_t tid = gettid();

	assert_int_equal(write(*fd, &tid, sizeof(tid)), sizeof(tid));
	for (;;)
		pause();
	return NULL;
}

static uint64_t start_time_of(pid_t pid)
{
	char path[32], text[512];
	FILE *file;
	size_t n;
	char *at;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	file = fopen(path, "r");
	assert_non_null(file);
	n = fread(text, 1, sizeof(text) - 1, file);
	(void)fclose(file);
	text[n] = '\0';
	at = strrchr(text, ')');
	for (int i = 0; i < 20; i++)
		at = strchr(at, ' ') + 1;
	return strtoull(at, NULL, 10);
}

static struct victim begin(void)
{
	struct victim v;
	int fds[2];

	assert_int_equal(pipe(fds), 0);
	v.pid = fork();
	if (v.pid == 0) {
		pthread_t thread;

		prctl(PR_SET_PDEATHSIG, SIGKILL);
		pthread_create(&thread, NULL, wait_forever, &fds[1]);
		for (;;)
			pause();
	}
	assert_int_equal(read(fds[0], &v.thread, sizeof(v.thread)), sizeof(v.thread));
	close(fds[0]);
	close(fds[1]);
	v.start_time = start_time_of(v.pid);
	return v;
}

static int end(const struct victim *v, bool do_kill)
{
	int status;

	if (do_kill)
		kill(v->pid, SIGKILL);
	assert_int_equal(waitpid(v->pid, &status, 0), v->pid);
	return status;
}

static void a_signal_reaches_its_process(void **state)
{
	struct victim v = begin();

	(void)state;
	assert_int_equal(control_signal(v.pid, v.start_time, SIGUSR1), 0);
	assert_int_equal(WTERMSIG(end(&v, false)), SIGUSR1);
	assert_int_equal(control_signal(v.pid, v.start_time, SIGUSR1), -ESRCH);
}

static void another_process_with_the_number_is_left_alone(void **state)
{
	struct victim v = begin();
	int nice;

	(void)state;
	assert_int_equal(control_signal(v.pid, v.start_time - 1, SIGUSR1), -ESTALE);
	assert_int_equal(control_get_nice(v.pid, v.start_time - 1, &nice), -ESTALE);
	assert_int_equal(control_set_nice(v.pid, v.start_time - 1, 19), -ESTALE);
	assert_int_equal(getpriority(PRIO_PROCESS, (id_t)v.pid), getpriority(PRIO_PROCESS, 0));
	assert_int_equal(WTERMSIG(end(&v, true)), SIGKILL);
}

static void all_threads_get_the_nice_value(void **state)
{
	struct victim v = begin();
	int nice;

	(void)state;
	assert_int_equal(control_set_nice(v.pid, v.start_time, 17), 0);
	assert_int_equal(control_get_nice(v.pid, v.start_time, &nice), 0);
	assert_int_equal(nice, 17);
	assert_int_equal(getpriority(PRIO_PROCESS, (id_t)v.pid), 17);
	assert_int_equal(getpriority(PRIO_PROCESS, (id_t)v.thread), 17);
	end(&v, true);
	assert_int_equal(control_set_nice(v.pid, v.start_time, 17), -ESRCH);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_signal_reaches_its_process),
		cmocka_unit_test(another_process_with_the_number_is_left_alone),
		cmocka_unit_test(all_threads_get_the_nice_value),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
