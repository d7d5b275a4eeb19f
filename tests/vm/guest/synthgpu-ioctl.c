// SPDX-License-Identifier: MIT
/*
 * What synthgpu promises in its header, asked by a program: prints TAP. `synthgpu-ioctl hold-fence`
 * instead keeps the fence of a job of a client that is closed, until it is killed.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/sync_file.h>
#include <poll.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "../../../kernel/synthgpu/synthgpu_uapi.h"

#define RENDER	"/dev/dri/renderD128"
#define MS	1000000LL

/* Engines and regions as the module makes them unless told. */
enum { ENGINE_RENDER, ENGINE_COPY, ENGINE_VIDEO, ENGINE_COMPUTE, ENGINES };
enum { REGION_SYSTEM, REGION_VRAM };

struct prime_handle {
	__u32 handle;
	__u32 flags;
	__s32 fd;
};
#define PRIME_HANDLE_TO_FD	_IOWR('d', 0x2d, struct prime_handle)
#define PRIME_FD_TO_HANDLE	_IOWR('d', 0x2e, struct prime_handle)

static int points, failed;

static void ok(bool good, const char *format, ...)
{
	va_list args;

	printf("%sok %d - ", good ? "" : "not ", ++points);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	putchar('\n');
	failed += !good;
}

static void is(long long got, long long want, const char *what)
{
	ok(got == want, "%s", what);
	if (got != want)
		printf("# got %lld, want %lld\n", got, want);
}

static long long now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000 * MS + t.tv_nsec;
}

/* 0 or -errno, as all below. */
static int call(int fd, unsigned long request, void *args)
{
	return ioctl(fd, request, args) ? -errno : 0;
}

static int client_open(void)
{
	int fd = open(RENDER, O_RDWR | O_CLOEXEC);

	if (fd < 0) {
		printf("Bail out! %s: %s\n", RENDER, strerror(errno));
		exit(1);
	}
	return fd;
}

static int submit(int fd, struct drm_synthgpu_submit args, struct drm_synthgpu_submit *ret)
{
	int err = call(fd, DRM_IOCTL_SYNTHGPU_SUBMIT, &args);

	if (ret)
		*ret = args;
	return err;
}

static int wait_job(int fd, __u64 job, long long timeout_ns)
{
	struct drm_synthgpu_wait args = { .job = job, .timeout_ns = now_ns() + timeout_ns };

	return call(fd, DRM_IOCTL_SYNTHGPU_WAIT, &args);
}

static struct drm_synthgpu_query query(int fd, __u32 kind, __u32 index)
{
	struct drm_synthgpu_query args = { .kind = kind, .index = index };

	if (call(fd, DRM_IOCTL_SYNTHGPU_QUERY, &args))
		args.client = args.device = -1;
	return args;
}

static long long busy_ns(int fd, __u32 engine)
{
	return query(fd, SYNTHGPU_QUERY_ENGINE, engine).client;
}

/* The number after a key in the client's fdinfo, in the unit printed; -1 without such a key. */
static long long fdinfo(int fd, const char *key)
{
	char path[64], line[128];
	long long value = -1;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", fd);
	file = fopen(path, "r");
	while (file && fgets(line, sizeof(line), file))
		if (!strncmp(line, key, strlen(key)) && line[strlen(key)] == ':')
			value = strtoll(line + strlen(key) + 1, NULL, 10);
	if (file)
		fclose(file);
	return value;
}

static int fence_status(int fence)
{
	struct sync_file_info info = {};

	return ioctl(fence, SYNC_IOC_FILE_INFO, &info) ? -errno : info.status;
}

static void test_arguments(void)
{
	static const struct {
		const char *what;
		struct drm_synthgpu_submit args;
		int err;
	} table[] = {
		{ "no such engine", { ENGINES, 1000, 1, 0, 0, 0, 0 }, -EINVAL },
		{ "a job too short", { 0, SYNTHGPU_MIN_DURATION_US - 1, 1, 0, 0, 0, 0 }, -EINVAL },
		{ "a job too long", { 0, SYNTHGPU_MAX_DURATION_US + 1, 1, 0, 0, 0, 0 }, -EINVAL },
		{ "no run at all", { 0, 1000, 0, 0, 0, 0, 0 }, -EINVAL },
		{ "an unknown flag", { 0, 1000, 1, 2, 0, 0, 0 }, -EINVAL },
		{ "no such buffer", { 0, 1000, 1, 0, 77, 0, 0 }, -ENOENT },
		{ "no such buffer, with a fence", { 0, 1000, 1, 1, 77, 0, 0 }, -ENOENT },
	};
	struct drm_synthgpu_query unknown = { .index = ENGINES };
	int fd = client_open();
	unsigned int i;

	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		is(submit(fd, table[i].args, NULL), table[i].err, table[i].what);
	is(call(fd, DRM_IOCTL_SYNTHGPU_QUERY, &unknown), -ENOENT, "engines end somewhere");
	unknown.kind = 2;
	is(call(fd, DRM_IOCTL_SYNTHGPU_QUERY, &unknown), -EINVAL, "no such kind of thing");
	is(wait_job(fd, 1, 0), -EINVAL, "waiting for a job that was never submitted");
	is(query(fd, SYNTHGPU_QUERY_ENGINE, ENGINE_COMPUTE).capacity, 4,
	   "compute has four instances");
	is(busy_ns(fd, ENGINE_RENDER), 0, "what failed did not run");
	close(fd);
}

static void test_time(void)
{
	struct drm_synthgpu_submit job = {
		.engine = ENGINE_RENDER,
		.duration_us = 50000,
		.repeat = 1,
	};
	struct drm_synthgpu_submit last = {};
	long long start, took, seen;
	int fd = client_open(), i;

	start = now_ns();
	for (i = 0; i < 4; i++)
		submit(fd, job, &last);
	is(last.job, 4, "jobs are counted");
	is(wait_job(fd, last.job, 0), -ETIME, "a job that waits is not done");
	seen = busy_ns(fd, ENGINE_RENDER);
	took = now_ns() - start;
	ok(seen > 0 && seen <= took, "a running job counts up to now");
	is(wait_job(fd, last.job, 5000 * MS), 0, "then it is done");
	took = now_ns() - start;
	ok(took >= 200 * MS, "one instance runs one job at a time");
	is(busy_ns(fd, ENGINE_RENDER), 200 * MS, "and is busy exactly as long as they say");
	is(fdinfo(fd, "drm-engine-render"), 200 * MS, "fdinfo says the same");

	job.engine = ENGINE_COMPUTE;
	job.duration_us = 300000;
	start = now_ns();
	for (i = 0; i < 4; i++)
		submit(fd, job, &last);
	is(wait_job(fd, last.job, 5000 * MS), 0, "four instances");
	took = now_ns() - start;
	ok(took < 600 * MS, "run four jobs at a time");
	for (i = 5; i < 9; i++)
		wait_job(fd, i, 5000 * MS);
	is(busy_ns(fd, ENGINE_COMPUTE), 1200 * MS, "and add up");
	close(fd);
}

static void test_taking_turns(void)
{
	struct drm_synthgpu_submit job = {
		.engine = ENGINE_COPY,
		.duration_us = 10000,
		.repeat = 20,
	};
	struct drm_synthgpu_submit first, second;
	int a = client_open(), b = client_open();

	submit(a, job, &first);
	submit(b, job, &second);
	is(wait_job(a, first.job, 5000 * MS), 0, "a repeated job ends");
	is(busy_ns(a, ENGINE_COPY), 200 * MS, "after all its runs");
	ok(busy_ns(b, ENGINE_COPY) >= 190 * MS, "between which another client had its turn");
	is(wait_job(b, second.job, 5000 * MS), 0, "which then ends, too");
	is(busy_ns(b, ENGINE_COPY), 200 * MS, "after as long");
	close(a);
	close(b);
}

static void test_fences(void)
{
	struct drm_synthgpu_submit job = {
		.engine = ENGINE_RENDER,
		.duration_us = 100000,
		.repeat = 1,
		.flags = SYNTHGPU_SUBMIT_FENCE,
	};
	struct drm_synthgpu_submit out, queued;
	int a = client_open(), b = client_open();
	struct pollfd poller = { .events = POLLIN };
	long long before;

	is(submit(a, job, &out), 0, "a job with a fence");
	poller.fd = out.fence_fd;
	is(poll(&poller, 1, 0), 0, "is not signalled while it runs");
	is(poll(&poller, 1, 5000), 1, "but when it is done");
	is(fence_status(out.fence_fd), 1, "without an error");
	close(out.fence_fd);

	job.duration_us = 10000000;
	submit(a, job, &out);
	submit(a, job, &queued);
	job.duration_us = 100000;
	submit(b, job, NULL);
	before = query(b, SYNTHGPU_QUERY_ENGINE, ENGINE_RENDER).device;
	close(a);
	is(fence_status(out.fence_fd), -ECANCELED, "closing ends the job that runs");
	is(fence_status(queued.fence_fd), -ECANCELED, "and those that wait");
	is(wait_job(b, 1, 5000 * MS), 0, "others go on");
	is(busy_ns(b, ENGINE_RENDER), 100 * MS, "and lose nothing");
	ok(query(b, SYNTHGPU_QUERY_ENGINE, ENGINE_RENDER).device >= before + (__u64)(100 * MS) &&
	   query(b, SYNTHGPU_QUERY_ENGINE, ENGINE_RENDER).device < before + (__u64)(5000 * MS),
	   "the engine only counts what ran");
	close(out.fence_fd);
	close(queued.fence_fd);
	close(b);
}

static void test_queue_limit(void)
{
	struct drm_synthgpu_submit job = {
		.engine = ENGINE_COPY,
		.duration_us = 60000000,
		.repeat = 1,
	};
	int fd = client_open(), i;

	for (i = 0; i < SYNTHGPU_MAX_JOBS && !submit(fd, job, NULL); i++)
		;
	is(i, SYNTHGPU_MAX_JOBS, "a client may have many jobs");
	job.flags = SYNTHGPU_SUBMIT_FENCE;
	is(submit(fd, job, NULL), -EBUSY, "but not any number");
	close(fd);
}

static void test_name(void)
{
	struct drm_synthgpu_set_name name = { .name = "good-name" };
	int fd = client_open();

	is(call(fd, DRM_IOCTL_SYNTHGPU_SET_NAME, &name), 0, "a name");
	strcpy(name.name, "two words");
	is(call(fd, DRM_IOCTL_SYNTHGPU_SET_NAME, &name), -EINVAL, "no name with a blank");
	strcpy(name.name, "line\n");
	is(call(fd, DRM_IOCTL_SYNTHGPU_SET_NAME, &name), -EINVAL, "no name with a newline");
	strcpy(name.name, "\xc3\xa4");
	is(call(fd, DRM_IOCTL_SYNTHGPU_SET_NAME, &name), -EINVAL, "no name beyond ASCII");
	memset(name.name, 'x', sizeof(name.name));
	is(call(fd, DRM_IOCTL_SYNTHGPU_SET_NAME, &name), -EINVAL, "no name without an end");
	close(fd);
}

static __u32 create(int fd, __u32 region, __u64 mib, int want, const char *what)
{
	struct drm_synthgpu_gem_create args = { .size = mib << 20, .region = region };

	is(call(fd, DRM_IOCTL_SYNTHGPU_GEM_CREATE, &args), want, what);
	return args.handle;
}

static int retained(int fd, __u32 handle, __u32 advice)
{
	struct drm_synthgpu_gem_madvise args = { .handle = handle, .advice = advice };

	return call(fd, DRM_IOCTL_SYNTHGPU_GEM_MADVISE, &args) ? -1 : (int)args.retained;
}

static void test_memory(void)
{
	int fd = client_open();
	__u32 first;

	create(fd, 2, 1, -EINVAL, "no such region");
	create(fd, REGION_VRAM, 0, -EINVAL, "no empty buffer");
	create(fd, REGION_VRAM, 257, -ENOSPC, "nothing larger than the region");
	first = create(fd, REGION_VRAM, 200, 0, "200 of 256 MiB");
	create(fd, REGION_VRAM, 100, -ENOSPC, "do not leave 100");
	is(fdinfo(fd, "drm-resident-vram"), 200, "it is resident");
	is(retained(fd, first, SYNTHGPU_MADV_DONTNEED), 1, "it may be taken");
	is(fdinfo(fd, "drm-purgeable-vram"), 200, "it is purgeable");
	create(fd, REGION_VRAM, 100, 0, "now there is room");
	is(retained(fd, first, SYNTHGPU_MADV_WILLNEED), 0, "it was taken");
	is(fdinfo(fd, "drm-total-vram"), 300, "both exist");
	is(fdinfo(fd, "drm-resident-vram"), 100, "one is resident");
	is(fdinfo(fd, "drm-purgeable-vram"), 0, "none is purgeable");
	is(query(fd, SYNTHGPU_QUERY_REGION, REGION_VRAM).device, 100 << 20, "the region knows");
	is(fdinfo(fd, "drm-total-system"), 0, "the other region has nothing");
	is(retained(fd, 77, 0), -1, "no advice on buffers that are not there");
	close(fd);
	fd = client_open();
	is(query(fd, SYNTHGPU_QUERY_REGION, REGION_VRAM).device, 0, "closing frees all");
	close(fd);
}

static void test_sharing(void)
{
	struct drm_synthgpu_gem_create bo = { .size = 1 << 20, .region = REGION_SYSTEM };
	struct drm_synthgpu_submit job = {
		.engine = ENGINE_VIDEO,
		.duration_us = 500000,
		.repeat = 1,
	};
	int a = client_open(), b = client_open();
	struct prime_handle prime = {};
	char *map;

	call(a, DRM_IOCTL_SYNTHGPU_GEM_CREATE, &bo);
	is(fdinfo(a, "drm-shared-system"), 0, "a new buffer is not shared");
	prime.handle = bo.handle;
	is(call(a, PRIME_HANDLE_TO_FD, &prime), 0, "it can be exported");
	is(call(b, PRIME_FD_TO_HANDLE, &prime), 0, "and imported by another client");
	is(fdinfo(a, "drm-shared-system"), 1, "then it is shared for the one");
	is(fdinfo(b, "drm-shared-system"), 1, "and for the other");

	map = mmap(NULL, bo.size, PROT_READ | PROT_WRITE, MAP_SHARED, a, bo.mmap_offset);
	ok(map != MAP_FAILED, "it can be mapped");
	if (map != MAP_FAILED) {
		map[bo.size - 1] = 42;
		munmap(map, bo.size);
	}

	job.bo_handle = bo.handle;
	submit(a, job, &job);
	is(fdinfo(b, "drm-active-system"), 1, "it is active while a job uses it");
	wait_job(a, job.job, 5000 * MS);
	is(fdinfo(b, "drm-active-system"), 0, "and no longer");
	close(prime.fd);
	close(a);
	close(b);
}

static void test_nodes(void)
{
	int card = open("/dev/dri/card0", O_RDWR), render = client_open();
	struct drm_synthgpu_submit job = {
		.engine = ENGINE_COPY,
		.duration_us = 1000,
		.repeat = 1,
	};

	is(submit(card, job, &job), 0, "the card node takes jobs as well");
	is(wait_job(card, job.job, 5000 * MS), 0, "and runs them");
	ok(fdinfo(card, "drm-client-id") != fdinfo(render, "drm-client-id"),
	   "each open is a client");
	is(busy_ns(render, ENGINE_COPY), 0, "with times of its own");
	close(card);
	close(render);
}

static void hold_fence(void)
{
	struct drm_synthgpu_submit job = {
		.duration_us = 1000000,
		.repeat = 1,
		.flags = SYNTHGPU_SUBMIT_FENCE,
	};
	int fd = client_open();

	if (submit(fd, job, &job))
		exit(1);
	close(fd);
	printf("held\n");
	fflush(stdout);
	pause();
}

int main(int argc, char **argv)
{
	(void)argv;
	if (argc > 1)
		hold_fence();
	test_arguments();
	test_time();
	test_taking_turns();
	test_fences();
	test_queue_limit();
	test_name();
	test_memory();
	test_sharing();
	test_nodes();
	printf("1..%d\n", points);
	return failed != 0;
}
