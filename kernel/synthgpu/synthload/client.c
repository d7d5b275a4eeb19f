// SPDX-License-Identifier: GPL-2.0-only
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "synthload.h"

/* What libdrm's drm.h calls drm_prime_handle. */
struct prime_handle {
	__u32 handle;
	__u32 flags;
	__s32 fd;
};
#define PRIME_HANDLE_TO_FD	_IOWR('d', 0x2d, struct prime_handle)

struct client clients[MAX_CLIENTS];
static bool unplugged;

long long now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * NS_PER_S + t.tv_nsec;
}

void sleep_until(long long t_ns)
{
	struct timespec t = { .tv_sec = t_ns / NS_PER_S, .tv_nsec = t_ns % NS_PER_S };

	clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL);
}

/* The number of an engine or region. */
static __u32 find_index(int fd, __u32 kind, const char *name)
{
	struct drm_synthgpu_query query = { .kind = kind };

	for (; !ioctl(fd, DRM_IOCTL_SYNTHGPU_QUERY, &query); query.index++)
		if (!strncmp(query.name, name, sizeof(query.name)))
			return query.index;
	usage_error("the device has no engine or region of that name", name);
}

/* /dev/dri/NODE of synthgpu.N: names and numbers of nodes may be any. */
const char *find_node(void)
{
	static char path[64];
	char device[64], wanted[32];
	glob_t nodes;
	size_t i;

	snprintf(wanted, sizeof(wanted), "/synthgpu.%d", (int)opt.device);
	if (!glob(opt.card ? "/sys/class/drm/card*" : "/sys/class/drm/renderD*", 0, NULL, &nodes)) {
		for (i = 0; i < nodes.gl_pathc; i++) {
			char link[sizeof("/sys/class/drm/") + 48];
			const char *end;
			ssize_t n;

			snprintf(link, sizeof(link), "%s/device", nodes.gl_pathv[i]);
			n = readlink(link, device, sizeof(device) - 1);
			device[n < 0 ? 0 : n] = 0;
			end = strrchr(device, '/');
			if (!end || strcmp(end, wanted))
				continue;
			snprintf(path, sizeof(path), "/dev/dri/%s",
				 strrchr(nodes.gl_pathv[i], '/') + 1);
			globfree(&nodes);
			return path;
		}
		globfree(&nodes);
	}
	usage_error("no such device", wanted + 1);
}

static void client_add_mem(struct client *client, const struct mem *mem)
{
	struct drm_synthgpu_gem_create create = {
		.size = mem->bytes,
		.region = find_index(client->fd, SYNTHGPU_QUERY_REGION, mem->region),
	};

	if (ioctl(client->fd, DRM_IOCTL_SYNTHGPU_GEM_CREATE, &create))
		die("cannot create a buffer");
	if (mem->purgeable) {
		struct drm_synthgpu_gem_madvise madvise = {
			.handle = create.handle,
			.advice = SYNTHGPU_MADV_DONTNEED,
		};

		if (ioctl(client->fd, DRM_IOCTL_SYNTHGPU_GEM_MADVISE, &madvise))
			die("cannot make a buffer purgeable");
	}
	if (mem->shared) {
		struct prime_handle prime = { .handle = create.handle, .flags = O_CLOEXEC };

		if (ioctl(client->fd, PRIME_HANDLE_TO_FD, &prime))
			die("cannot share a buffer");
	}
	if (opt.no_fd && mmap(NULL, create.size, PROT_READ, MAP_SHARED, client->fd,
			      create.mmap_offset) == MAP_FAILED)
		die("cannot map a buffer");
}

void client_init(struct client *client, int fd)
{
	struct drm_synthgpu_query query = { .kind = SYNTHGPU_QUERY_ENGINE };
	int i;

	*client = (struct client){ .fd = fd };
	if (ioctl(fd, DRM_IOCTL_SYNTHGPU_QUERY, &query))
		die("this is not a synthgpu");
	client->id = query.client_id;
	client->start_ns = query.now_ns;
	for (i = 0; i < opt.nloads; i++)
		client->engines[i] = find_index(fd, SYNTHGPU_QUERY_ENGINE, opt.loads[i].engine);
}

static void client_open(struct client *client, const char *node)
{
	int fd = open(node, O_RDWR | O_CLOEXEC), i;

	if (fd < 0)
		die(node);
	client_init(client, fd);
	if (opt.name) {
		struct drm_synthgpu_set_name name = {};

		snprintf(name.name, sizeof(name.name), "%s", opt.name);
		if (ioctl(client->fd, DRM_IOCTL_SYNTHGPU_SET_NAME, &name))
			die("cannot set that name");
	}
	for (i = 0; i < opt.nmems; i++)
		client_add_mem(client, &opt.mems[i]);
	if (!opt.quiet)
		printf("open client %llu pid %d node %s\n", client->id, getpid(), node);
}

static void client_print_truth(const struct client *client)
{
	struct drm_synthgpu_query query = { .kind = SYNTHGPU_QUERY_ENGINE };

	for (; !ioctl(client->fd, DRM_IOCTL_SYNTHGPU_QUERY, &query); query.index++)
		printf("truth client %llu engine %s busy %llu elapsed %llu share %.2f%%\n",
		       client->id, query.name, query.client, query.now_ns - client->start_ns,
		       100. * query.client / (query.now_ns - client->start_ns));
}

/* How much of the programmed load is wanted at t seconds after the start. */
static double shape(double t)
{
	double part = 1;

	if (opt.burst_on > 0)
		part *= t - (long long)(t / (opt.burst_on + opt.burst_off)) *
			(opt.burst_on + opt.burst_off) < opt.burst_on;
	if (opt.wave > 0) {
		double phase = t / opt.wave - (long long)(t / opt.wave);

		part *= phase < 0.5 ? 2 * phase : 2 - 2 * phase;
	}
	return part;
}

static bool submit(struct client *client, int load, __u32 duration_us, __u32 repeat)
{
	struct drm_synthgpu_submit args = {
		.engine = client->engines[load],
		.duration_us = duration_us,
		.repeat = repeat,
	};
	__u64 *oldest = &client->jobs[load][client->njobs[load] % BACKLOG];
	struct drm_synthgpu_wait wait = { .job = *oldest };

	if (*oldest && ioctl(client->fd, DRM_IOCTL_SYNTHGPU_WAIT, &wait) && errno == ETIME)
		return false;
	if (ioctl(client->fd, DRM_IOCTL_SYNTHGPU_SUBMIT, &args)) {
		if (errno == ENODEV)
			unplugged = true;
		return false;
	}
	*oldest = args.job;
	client->njobs[load]++;
	return true;
}

/* Submits what a load owes, in as many jobs as it is to fill instances. */
static void client_work(struct client *client, int load, double owed_ns)
{
	int instances = opt.loads[load].busy, i;
	__u32 duration_us;

	instances += instances < opt.loads[load].busy;
	if (!instances)
		return;
	client->debt_ns[load] += owed_ns;
	duration_us = client->debt_ns[load] / instances / 1000;
	if (duration_us < SYNTHGPU_MIN_DURATION_US)
		return;
	if (duration_us > SYNTHGPU_MAX_DURATION_US)
		duration_us = SYNTHGPU_MAX_DURATION_US;
	for (i = 0; i < instances; i++)
		submit(client, load, duration_us, 1);
	/* What found the engine's queue full is lost, as with a program that drops frames. */
	client->debt_ns[load] -= duration_us * 1000. * instances;
}

static void client_drain(const struct client *client)
{
	int load, i;

	for (load = 0; load < opt.nloads; load++)
		for (i = 0; i < BACKLOG; i++) {
			struct drm_synthgpu_wait wait = {
				.job = client->jobs[load][i],
				.timeout_ns = now_ns() + 60 * NS_PER_S,
			};

			if (wait.job)
				ioctl(client->fd, DRM_IOCTL_SYNTHGPU_WAIT, &wait);
		}
}

void clients_open(const char *node)
{
	int i;

	for (i = 0; i < opt.clients; i++)
		client_open(&clients[i], node);
	fflush(stdout);
}

void clients_run(const char *node, int index)
{
	long long start_ns = now_ns();
	long long period_ns = opt.period * NS_PER_S, tick_ns = start_ns, churn_ns = start_ns;
	long long end_ns = opt.seconds < 0 ? LLONG_MAX : start_ns + opt.seconds * NS_PER_S;
	int i, load;

	while (!stop && !enough && !unplugged && tick_ns < end_ns) {
		long long late = (now_ns() - tick_ns) / period_ns;
		/* Processes are out of step, or many of them would look like one. */
		double part = shape((tick_ns - start_ns) / (double)NS_PER_S + index * 0.37);
		double owed_ns = (late + 1) * part * period_ns;

		if (opt.churn > 0 && tick_ns - churn_ns >= opt.churn * NS_PER_S) {
			for (i = 0; i < opt.clients; i++)
				close(clients[i].fd);
			clients_open(node);
			churn_ns = tick_ns;
		}
		for (i = 0; i < opt.clients; i++)
			for (load = 0; load < opt.nloads; load++)
				if (tick_ns - start_ns >= opt.loads[load].after * NS_PER_S)
					client_work(&clients[i], load,
						    owed_ns * opt.loads[load].busy);
		tick_ns += (late + 1) * period_ns;
		sleep_until(tick_ns);
	}
}

void clients_finish(void)
{
	int i;

	for (i = 0; i < opt.clients; i++)
		client_drain(&clients[i]);
	for (i = 0; i < opt.clients && !opt.quiet; i++)
		client_print_truth(&clients[i]);
	fflush(stdout);
}

void clients_run_without_fd(void)
{
	long long start_ns = now_ns();
	long long end_ns = opt.seconds < 0 ? LLONG_MAX : start_ns + opt.seconds * NS_PER_S;
	__u32 repeat = opt.seconds < 0 ? -1 : opt.seconds * 100;
	int i, load, instance;

	for (i = 0; i < opt.clients; i++) {
		for (load = 0; load < opt.nloads; load++)
			for (instance = 0; instance < opt.loads[load].busy; instance++)
				submit(&clients[i], load, 10000, repeat);
		close(clients[i].fd);
	}
	while (!stop && now_ns() < end_ns)
		sleep_until(now_ns() + NS_PER_S / 20);
}
