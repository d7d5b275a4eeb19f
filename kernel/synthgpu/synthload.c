// SPDX-License-Identifier: GPL-2.0-only
/*
 * synthload: keeps synthetic GPUs busy, in programmed amounts and from as many processes, clients
 * and descriptors as wanted, and says at the end how busy each client really was. Needs no
 * library.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <glob.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "synthgpu_uapi.h"

#define MAX_LOADS	8
#define MAX_MEMS	8
#define MAX_CLIENTS	512
#define MAX_HOLDERS	64
#define MAX_PROCS	4096
#define NS_PER_S	1000000000LL

/* More unfinished jobs are not submitted: an engine that others keep busy gets no endless queue. */
#define BACKLOG		16

/* What libdrm's drm.h calls drm_prime_handle. */
struct prime_handle {
	__u32 handle;
	__u32 flags;
	__s32 fd;
};
#define PRIME_HANDLE_TO_FD	_IOWR('d', 0x2d, struct prime_handle)

struct load {
	const char *engine;
	__u32 index;		/* of the engine */
	double busy;		/* 1: one instance */
};

struct mem {
	char region[SYNTHGPU_NAME_LEN];
	unsigned long long bytes;
	bool purgeable, shared;
};

struct client {
	int fd;
	__u64 id;
	__u64 start_ns;
	double debt_ns[MAX_LOADS];	/* of time that is still to be submitted */
	__u64 jobs[MAX_LOADS][BACKLOG];	/* the last ones; a ring */
	unsigned int njobs[MAX_LOADS];
};

static struct {
	struct load loads[MAX_LOADS];
	int nloads;
	struct mem mems[MAX_MEMS];
	int nmems;
	const char *name;
	const char *node;
	int card, pass_fd, exec, hand_over, no_fd, quiet;
	double device, clients, procs, forks, dups;
	double seconds, linger, period, burst_on, burst_off, wave, churn;	/* s */
} opt = { .clients = 1, .procs = 1, .seconds = -1, .period = 0.02 };

static struct client clients[MAX_CLIENTS];
static pid_t holders[MAX_HOLDERS];
static int nholders;
static bool unplugged;
static volatile sig_atomic_t stop;

static const char help[] =
"usage: synthload [OPTIONS]\n"
"Keeps a synthetic GPU (synthgpu.ko) busy, then prints how busy it was, to the ns.\n"
"\n"
"what to do\n"
"  --engine NAME        load this engine (default render); may be given several times\n"
"  --busy P%            by so much (default 30%); 250% fills two and a half instances\n"
"  --seconds S          for so long (default: until SIGINT or SIGTERM)\n"
"  --period MS          in one job per so many milliseconds (default 20)\n"
"  --burst ON:OFF       ON ms of that, OFF ms of nothing, and again\n"
"  --wave S             rise from nothing to that and fall again, every S seconds\n"
"  --mem REGION=SIZE[,purgeable][,shared]   hold a buffer of SIZE bytes (suffix K, M or G)\n"
"  --name NAME          the client's name in fdinfo\n"
"  --linger S           then hold everything, idle, for so long\n"
"who does it\n"
"  --device N           on synthgpu.N (default 0); or --node PATH\n"
"  --card               through its card node, not its render node\n"
"  --procs N            in so many processes, each with its own clients\n"
"  --clients N          with so many clients per process, each loading all of the above\n"
"  --churn MS           with new clients every so many milliseconds\n"
"who holds the descriptors besides\n"
"  --dup N              N duplicates in the same process\n"
"  --fork N             N idle child processes that inherit them\n"
"  --exec               a child that runs sleep(1)\n"
"  --pass-fd            a process that gets them over a socket\n"
"  --hand-over          not who opened them: that process passed them on and left\n"
"  --no-fd              nobody: they are closed, a mapping keeps the clients; a job that was\n"
"                       submitted before fills whole instances. Needs --mem\n"
"\n"
"  --quiet              print nothing\n"
"  --help               print this\n"
"\n"
"At the start: `open client ID pid PID node PATH`. At the end, per client and engine:\n"
"`truth client ID engine NAME busy NS elapsed NS share P%`, elapsed since the client was opened.\n"
"Example: synthload --engine render --busy 30% --engine copy --busy 5% --seconds 5 --fork 3\n";

static _Noreturn void die(const char *what)
{
	fprintf(stderr, "synthload: %s: %s\n", what, strerror(errno));
	exit(1);
}

static _Noreturn void usage_error(const char *what, const char *arg)
{
	fprintf(stderr, "synthload: %s: %s (see --help)\n", what, arg);
	exit(2);
}

static long long now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * NS_PER_S + t.tv_nsec;
}

static void sleep_until(long long t_ns)
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
static const char *find_node(void)
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

static void client_init(struct client *client, int fd)
{
	struct drm_synthgpu_query query = { .kind = SYNTHGPU_QUERY_ENGINE };
	int i;

	*client = (struct client){ .fd = fd };
	if (ioctl(fd, DRM_IOCTL_SYNTHGPU_QUERY, &query))
		die("this is not a synthgpu");
	client->id = query.client_id;
	client->start_ns = query.now_ns;
	for (i = 0; i < opt.nloads; i++)
		opt.loads[i].index = find_index(fd, SYNTHGPU_QUERY_ENGINE, opt.loads[i].engine);
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
		.engine = opt.loads[load].index,
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

static void open_all(const char *node)
{
	int i;

	for (i = 0; i < opt.clients; i++)
		client_open(&clients[i], node);
	fflush(stdout);
}

static void run(const char *node, long long start_ns, int index)
{
	long long period_ns = opt.period * NS_PER_S, tick_ns = start_ns, churn_ns = start_ns;
	long long end_ns = opt.seconds < 0 ? LLONG_MAX : start_ns + opt.seconds * NS_PER_S;
	int i, load;

	while (!stop && !unplugged && tick_ns < end_ns) {
		long long late = (now_ns() - tick_ns) / period_ns;
		/* Processes are out of step, or many of them would look like one. */
		double part = shape((tick_ns - start_ns) / (double)NS_PER_S + index * 0.37);
		double owed_ns = (late + 1) * part * period_ns;

		if (opt.churn > 0 && tick_ns - churn_ns >= opt.churn * NS_PER_S) {
			for (i = 0; i < opt.clients; i++)
				close(clients[i].fd);
			open_all(node);
			churn_ns = tick_ns;
		}
		for (i = 0; i < opt.clients; i++)
			for (load = 0; load < opt.nloads; load++)
				client_work(&clients[i], load, owed_ns * opt.loads[load].busy);
		tick_ns += (late + 1) * period_ns;
		sleep_until(tick_ns);
	}
}

static void run_without_fd(long long start_ns)
{
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

/* Forks a process that dies with this one; returns as fork() does. */
static pid_t fork_holder(void)
{
	pid_t parent = getpid(), pid;

	if (nholders == MAX_HOLDERS)
		usage_error("too many", "--fork");
	fflush(stdout);
	pid = fork();
	if (pid < 0)
		die("fork");
	if (pid)
		holders[nholders++] = pid;
	else if (prctl(PR_SET_PDEATHSIG, SIGKILL) || getppid() != parent)
		_exit(0);
	return pid;
}

static _Noreturn void hold(void)
{
	signal(SIGINT, SIG_IGN);
	for (;;)
		pause();
}

/* One message per client: more than one descriptor a time would need no less code. */
static void pass(int socket, int *fd, bool send)
{
	union {
		char bytes[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} control = {};
	char byte = 0;
	struct iovec iov = { .iov_base = &byte, .iov_len = 1 };
	struct msghdr msg = {
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = control.bytes,
		.msg_controllen = sizeof(control.bytes),
	};
	struct cmsghdr *cmsg = CMSG_FIRSTHDR(&msg);

	if (send) {
		cmsg->cmsg_level = SOL_SOCKET;
		cmsg->cmsg_type = SCM_RIGHTS;
		cmsg->cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(cmsg), fd, sizeof(int));
		if (sendmsg(socket, &msg, 0) != 1)
			die("sendmsg");
	} else if (recvmsg(socket, &msg, 0) != 1 || !CMSG_FIRSTHDR(&msg)) {
		_exit(1);
	} else {
		memcpy(fd, CMSG_DATA(CMSG_FIRSTHDR(&msg)), sizeof(int));
	}
}

/* A process that exists before anything is opened, so that it cannot have inherited it. */
static int fork_receiver(void)
{
	int pair[2], i, fd;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair))
		die("socketpair");
	if (!fork_holder()) {
		for (i = 0; i < opt.clients; i++)
			pass(pair[1], &fd, false);
		if (write(pair[1], "", 1) != 1)
			_exit(1);
		hold();
	}
	close(pair[1]);
	return pair[0];
}

static void send_to_receiver(int socket)
{
	char ack;
	int i;

	for (i = 0; i < opt.clients; i++)
		pass(socket, &clients[i].fd, true);
	if (read(socket, &ack, 1) != 1)
		die("the receiving process is gone");
	close(socket);
}

/* Clients that a process opened which is no more. */
static void open_all_elsewhere(const char *node)
{
	int pair[2], i, fd;
	pid_t opener;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair))
		die("socketpair");
	opener = fork();
	if (opener < 0)
		die("fork");
	if (!opener) {
		open_all(node);
		for (i = 0; i < opt.clients; i++)
			pass(pair[1], &clients[i].fd, true);
		_exit(0);
	}
	close(pair[1]);
	for (i = 0; i < opt.clients; i++) {
		pass(pair[0], &fd, false);
		client_init(&clients[i], fd);
	}
	close(pair[0]);
	waitpid(opener, NULL, 0);
}

static void add_holders(void)
{
	int i, n;

	for (i = 0; i < opt.clients; i++)
		for (n = 0; n < opt.dups; n++)
			if (fcntl(clients[i].fd, F_DUPFD_CLOEXEC, 0) < 0)
				die("dup");
	for (n = 0; n < opt.forks; n++)
		if (!fork_holder())
			hold();
	if (opt.exec && !fork_holder()) {
		for (i = 0; i < opt.clients; i++)
			fcntl(clients[i].fd, F_SETFD, 0);
		execlp("sleep", "sleep", "1000000", NULL);
		die("sleep");
	}
}

static void remove_holders(void)
{
	while (nholders) {
		kill(holders[--nholders], SIGKILL);
		waitpid(holders[nholders], NULL, 0);
	}
}

static void work(const char *node, int index)
{
	long long start_ns, end_ns;
	int socket = -1, i;

	if (opt.pass_fd)
		socket = fork_receiver();
	if (opt.hand_over)
		open_all_elsewhere(node);
	else
		open_all(node);
	if (opt.pass_fd)
		send_to_receiver(socket);
	add_holders();
	start_ns = now_ns();
	if (opt.no_fd) {
		run_without_fd(start_ns);
		return;
	}
	run(node, start_ns, index);
	for (i = 0; i < opt.clients; i++)
		client_drain(&clients[i]);
	for (i = 0; i < opt.clients && !opt.quiet; i++)
		client_print_truth(&clients[i]);
	fflush(stdout);
	end_ns = now_ns() + opt.linger * NS_PER_S;
	while (!stop && now_ns() < end_ns)
		sleep_until(end_ns < now_ns() + NS_PER_S / 20 ? end_ns : now_ns() + NS_PER_S / 20);
	remove_holders();
}

static int work_in_processes(const char *node)
{
	static pid_t workers[MAX_PROCS];
	pid_t parent = getpid();
	int i, status, failed = 0;

	for (i = 0; i < opt.procs; i++) {
		workers[i] = fork();
		if (workers[i] < 0)
			die("fork");
		if (!workers[i]) {
			if (!prctl(PR_SET_PDEATHSIG, SIGTERM) && getppid() == parent)
				work(node, i);
			exit(0);
		}
	}
	for (i = 0; i < opt.procs; ) {
		if (waitpid(workers[i], &status, 0) == workers[i]) {
			failed |= status;
			i++;
		} else if (stop == 1) {
			int n;

			for (n = i; n < opt.procs; n++)
				kill(workers[n], SIGTERM);
			stop = 2;
		}
	}
	return failed != 0;
}

static void on_signal(int signal)
{
	(void)signal;
	stop = 1;
}

static double parse_number(const char *arg, const char *suffix, double min, double max)
{
	char *end;
	double number = strtod(arg, &end);

	if (end == arg || (*end && strcmp(end, suffix)) || !(number >= min && number <= max))
		usage_error("not a number, or out of range", arg);
	return number;
}

static void parse_burst(const char *arg)
{
	double on, off;
	char end;

	if (sscanf(arg, "%lf:%lf%c", &on, &off, &end) != 2 || !(on > 0) || !(off >= 0))
		usage_error("--burst", arg);
	opt.burst_on = on / 1000;
	opt.burst_off = off / 1000;
}

static void parse_mem(const char *arg)
{
	struct mem mem = {};
	char unit[2] = "", words[32] = "", *word;
	const char *units = "KMG", *found;
	int n = 0;

	if (opt.nmems == MAX_MEMS)
		usage_error("too many", "--mem");
	if (sscanf(arg, "%15[^=]=%llu%n%1[KMG]%n", mem.region, &mem.bytes, &n, unit, &n) < 2)
		usage_error("--mem", arg);
	found = strchr(units, *unit);
	if (*unit && found)
		mem.bytes <<= 10 * (found - units + 1);
	snprintf(words, sizeof(words), "%s", arg + n);
	for (word = strtok(words, ","); word; word = strtok(NULL, ",")) {
		if (!strcmp(word, "purgeable"))
			mem.purgeable = true;
		else if (!strcmp(word, "shared"))
			mem.shared = true;
		else
			usage_error("--mem", arg);
	}
	opt.mems[opt.nmems++] = mem;
}

static void add_load(const char *engine)
{
	if (opt.nloads == MAX_LOADS)
		usage_error("too many", "--engine");
	opt.loads[opt.nloads++] = (struct load){ .engine = engine, .busy = 0.3 };
}

/* What a long option's value is: its place in numbers[], or one of those after them. */
enum {
	OPT_SECONDS, OPT_LINGER, OPT_PERIOD, OPT_WAVE, OPT_CHURN, OPT_DEVICE, OPT_PROCS,
	OPT_CLIENTS, OPT_DUP, OPT_FORK, NUMBERS,
	OPT_BUSY, OPT_ENGINE, OPT_BURST, OPT_MEM, OPT_NAME, OPT_NODE, OPT_HELP,
};

static const struct {
	double *value;
	double min, max;
	double scale;		/* of the value, from what is written */
} numbers[NUMBERS] = {
	[OPT_SECONDS] = { &opt.seconds, 0, 1e6, 1 },
	[OPT_LINGER] = { &opt.linger, 0, 1e6, 1 },
	[OPT_PERIOD] = { &opt.period, 1, 6e4, 1e-3 },
	[OPT_WAVE] = { &opt.wave, 0.1, 1e6, 1 },
	[OPT_CHURN] = { &opt.churn, 1, 1e6, 1e-3 },
	[OPT_DEVICE] = { &opt.device, 0, 63, 1 },
	[OPT_PROCS] = { &opt.procs, 1, MAX_PROCS, 1 },
	[OPT_CLIENTS] = { &opt.clients, 1, MAX_CLIENTS, 1 },
	[OPT_DUP] = { &opt.dups, 0, 1e4, 1 },
	[OPT_FORK] = { &opt.forks, 0, MAX_HOLDERS - 2, 1 },
};

static const struct option options[] = {
	{ "engine", required_argument, NULL, OPT_ENGINE },
	{ "busy", required_argument, NULL, OPT_BUSY },
	{ "seconds", required_argument, NULL, OPT_SECONDS },
	{ "period", required_argument, NULL, OPT_PERIOD },
	{ "burst", required_argument, NULL, OPT_BURST },
	{ "wave", required_argument, NULL, OPT_WAVE },
	{ "mem", required_argument, NULL, OPT_MEM },
	{ "name", required_argument, NULL, OPT_NAME },
	{ "linger", required_argument, NULL, OPT_LINGER },
	{ "device", required_argument, NULL, OPT_DEVICE },
	{ "node", required_argument, NULL, OPT_NODE },
	{ "card", no_argument, &opt.card, 1 },
	{ "procs", required_argument, NULL, OPT_PROCS },
	{ "clients", required_argument, NULL, OPT_CLIENTS },
	{ "churn", required_argument, NULL, OPT_CHURN },
	{ "dup", required_argument, NULL, OPT_DUP },
	{ "fork", required_argument, NULL, OPT_FORK },
	{ "exec", no_argument, &opt.exec, 1 },
	{ "pass-fd", no_argument, &opt.pass_fd, 1 },
	{ "hand-over", no_argument, &opt.hand_over, 1 },
	{ "no-fd", no_argument, &opt.no_fd, 1 },
	{ "quiet", no_argument, &opt.quiet, 1 },
	{ "help", no_argument, NULL, OPT_HELP },
	{}
};

static void parse_option(int option, const char *arg)
{
	if (option < NUMBERS) {
		*numbers[option].value = numbers[option].scale *
			parse_number(arg, "", numbers[option].min, numbers[option].max);
		return;
	}
	switch (option) {
	case OPT_ENGINE:
		add_load(arg);
		break;
	case OPT_BUSY:
		if (!opt.nloads)
			add_load("render");
		opt.loads[opt.nloads - 1].busy = parse_number(arg, "%", 0, 1600) / 100;
		break;
	case OPT_BURST:
		parse_burst(arg);
		break;
	case OPT_MEM:
		parse_mem(arg);
		break;
	case OPT_NAME:
		opt.name = arg;
		break;
	case OPT_NODE:
		opt.node = arg;
		break;
	case OPT_HELP:
		fputs(help, stdout);
		exit(0);
	default:
		exit(2);
	}
}

int main(int argc, char **argv)
{
	const struct sigaction action = { .sa_handler = on_signal };
	const char *node;
	int option, place = 0;

	while ((option = getopt_long(argc, argv, "", options, &place)) != -1)
		if (!options[place].flag || option == '?')
			parse_option(option, optarg);
	if (optind < argc)
		usage_error("what is that", argv[optind]);
	if (opt.no_fd && (!opt.nmems || opt.hand_over || opt.churn > 0))
		usage_error("--no-fd", "needs --mem, and neither --hand-over nor --churn");
	if (!opt.nloads)
		add_load("render");
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	node = opt.node ? opt.node : find_node();
	if (opt.procs > 1)
		return work_in_processes(node);
	work(node, 0);
	return 0;
}
