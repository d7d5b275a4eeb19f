/* SPDX-License-Identifier: MIT */
/*
 * The finders against processes that open, close, dup, pass on, swap, fork, exec and exit at random, each
 * step confirmed before the next. A node stands for a GPU, or the one in CHURN_NODE is one; SEED and
 * SECONDS are in the environment, too.
 */
#include "unit.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <time.h>
#include <unistd.h>

#include "fleet.h"
#include "now.h"
#include "pass.h"

#define CONTROL_FD 900
#define MAX_WORKERS 12
#define MAX_FDS 24
#define ENOUGH_PASSES 300	/* to expect of chance that everything happened; fewer on a machine too busy */
#define STALE_NS UINT64_C(300000000)

enum step { STEP_OPEN, STEP_OPEN_CLOEXEC, STEP_FILE, STEP_PATH, STEP_CLOSE, STEP_DUP, STEP_SWAP_IN, STEP_SWAP_OUT,
	    STEP_TAKE, STEP_FORK, STEP_EXEC, N_STEPS };

enum slot { SLOT_FREE, SLOT_NODE, SLOT_NODE_CLOEXEC, SLOT_OTHER };

struct command {
	enum step step;
	int fd;
};

struct worker {
	pid_t pid;
	int control;
	enum slot slots[MAX_FDS];
	unsigned int clients[MAX_FDS];	/* numbers of our own, one per open */
	uint64_t changed_ns[MAX_FDS];	/* 0: never */
	uint64_t counted_ns;		/* before that nothing changed that its number of descriptors did not show */
	size_t n_at_pass;
	bool is_new;
};

static struct worker workers[MAX_WORKERS];
static size_t n_workers;
static size_t n_steps[N_STEPS];
static const char *node = FLEET_GPU;
static uint64_t random_state;
static unsigned int last_client;

static size_t any(size_t n)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return random_state % n;
}

/* A message with a descriptor, if @fd is one. Returns 0 or -1. */
static int send_fd(int socket, const void *bytes, size_t len, int fd)
{
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control = { 0 };
	struct iovec iov = { .iov_base = (void *)bytes, .iov_len = len };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };

	if (fd >= 0) {
		struct cmsghdr *cmsg;

		msg.msg_control = control.bytes;
		msg.msg_controllen = sizeof(control.bytes);
		cmsg = CMSG_FIRSTHDR(&msg);
		cmsg->cmsg_level = SOL_SOCKET;
		cmsg->cmsg_type = SCM_RIGHTS;
		cmsg->cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(cmsg), &fd, sizeof(fd));
	}
	return sendmsg(socket, &msg, MSG_NOSIGNAL) == (ssize_t)len ? 0 : -1;
}

static int receive_fd(int socket, void *bytes, size_t len, int *ret_fd)
{
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control = { 0 };
	struct iovec iov = { .iov_base = bytes, .iov_len = len };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = control.bytes,
			      .msg_controllen = sizeof(control.bytes) };

	*ret_fd = -1;
	if (recvmsg(socket, &msg, 0) != (ssize_t)len)
		return -1;
	if (CMSG_FIRSTHDR(&msg))
		memcpy(ret_fd, CMSG_DATA(CMSG_FIRSTHDR(&msg)), sizeof(*ret_fd));
	return 0;
}

static int swap_for(int fd, const char *path, int flags)
{
	int other = open(path, flags);

	if (other < 0 || dup2(other, fd) < 0)
		return -1;
	close(other);
	return fd;
}

static int fork_worker(int control)
{
	pid_t pid = fork();

	if (pid == 0) {
		if (dup2(control, CONTROL_FD) < 0)
			_exit(1);
		close(control);
		return 0;
	}
	close(control);
	return pid;
}

static int take_step(const struct command *c, int passed)
{
	switch (c->step) {
	case STEP_OPEN:
		return open(node, O_RDWR);
	case STEP_OPEN_CLOEXEC:
		return open(node, O_RDWR | O_CLOEXEC);
	case STEP_FILE:
		return open("/proc/self/exe", O_RDONLY);
	case STEP_PATH:
		return open(node, O_PATH);
	case STEP_CLOSE:
		return close(c->fd);
	case STEP_DUP:
		return dup(c->fd);
	case STEP_SWAP_IN:
		return swap_for(c->fd, node, O_RDWR);
	case STEP_SWAP_OUT:
		return swap_for(c->fd, "/proc/self/exe", O_RDONLY);
	case STEP_TAKE:
		return passed;
	case STEP_FORK:
		return fork_worker(passed);
	case STEP_EXEC:
		execl("/proc/self/exe", "churn", "--worker", node, NULL);
		break;
	case N_STEPS:
		break;
	}
	return -1;
}

/* @is_started: the one who waits for an answer waits for this. */
static int __attribute__((noreturn)) be_worker(bool is_started)
{
	struct command c;
	int passed, answer = getpid();

	signal(SIGCHLD, SIG_IGN);
	if (is_started && send_fd(CONTROL_FD, &answer, sizeof(answer), -1) < 0)
		_exit(1);
	while (receive_fd(CONTROL_FD, &c, sizeof(c), &passed) == 0) {
		answer = take_step(&c, passed);
		if (c.step == STEP_FORK && answer == 0)
			continue;
		if (send_fd(CONTROL_FD, &answer, sizeof(answer), -1) < 0)
			break;
	}
	_exit(0);
}

static int order(const struct worker *w, enum step step, int fd, int passed)
{
	const struct command c = { step, fd };
	int answer, none;

	n_steps[step]++;
	assert_int_equal(send_fd(w->control, &c, sizeof(c), passed), 0);
	assert_int_equal(receive_fd(w->control, &answer, sizeof(answer), &none), 0);
	return answer;
}

static void spawn_worker(void)
{
	struct worker *w = &workers[n_workers++];
	int pair[2];

	*w = (struct worker){ .is_new = true };
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair), 0);
	w->pid = fork();
	assert_true(w->pid >= 0);
	if (w->pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (dup2(pair[1], CONTROL_FD) < 0)
			_exit(1);
		close_range(0, CONTROL_FD - 1, 0);
		close_range(CONTROL_FD + 1, ~0U, 0);
		be_worker(true);
	}
	close(pair[1]);
	w->control = pair[0];
	assert_int_equal(receive_fd(w->control, &(int){ 0 }, sizeof(int), &pair[1]), 0);
}

static void fork_one(const struct worker *from)
{
	struct worker *w = &workers[n_workers++];
	int pair[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair), 0);
	*w = *from;
	w->is_new = true;
	for (int fd = 0; fd < MAX_FDS; fd++)
		w->changed_ns[fd] = now_ns();
	w->control = pair[0];
	w->pid = order(from, STEP_FORK, -1, pair[1]);
	assert_true(w->pid > 0);
	close(pair[1]);
	/* until it is where it listens, it has one descriptor more */
	assert_int_equal(order(w, STEP_CLOSE, -1, -1), -1);
}

static void end_one(size_t i)
{
	char end;

	kill(workers[i].pid, SIGKILL);
	/* its highest descriptor is closed last */
	assert_int_equal(recv(workers[i].control, &end, 1, 0), 0);
	close(workers[i].control);
	workers[i] = workers[--n_workers];
}

static void set_slot(struct worker *w, int fd, enum slot slot, unsigned int client)
{
	assert_true(fd >= 0 && fd < MAX_FDS);
	w->slots[fd] = slot;
	w->clients[fd] = client;
	w->changed_ns[fd] = now_ns();
}

static size_t count_slots(const struct worker *w)
{
	size_t n = 0;

	for (int fd = 0; fd < MAX_FDS; fd++)
		n += w->slots[fd] != SLOT_FREE;
	return n;
}

static int any_used(const struct worker *w)
{
	int fd = (int)any(MAX_FDS);

	while (w->slots[fd] == SLOT_FREE)
		fd = (fd + 1) % MAX_FDS;
	return fd;
}

static enum slot slot_of(enum step step)
{
	return step == STEP_OPEN ? SLOT_NODE : step == STEP_OPEN_CLOEXEC ? SLOT_NODE_CLOEXEC : SLOT_OTHER;
}

static void exec_one(struct worker *w)
{
	assert_int_equal(order(w, STEP_EXEC, -1, -1), w->pid);
	for (int fd = 0; fd < MAX_FDS; fd++)
		if (w->slots[fd] == SLOT_NODE_CLOEXEC)
			set_slot(w, fd, SLOT_FREE, 0);
}

/* What closes on exec is lost by dup, fork keeps it. */
static enum slot dup_of(enum slot slot)
{
	return slot == SLOT_NODE_CLOEXEC ? SLOT_NODE : slot;
}

static void churn_fds(struct worker *w, enum step step)
{
	bool has_room = count_slots(w) < MAX_FDS - 2;
	int fd = count_slots(w) ? any_used(w) : -1, passed;

	if (has_room && step <= STEP_PATH) {
		set_slot(w, order(w, step, -1, -1), slot_of(step), ++last_client);
	} else if (step == STEP_TAKE && has_room) {
		passed = open(node, O_RDWR | O_CLOEXEC);
		set_slot(w, order(w, STEP_TAKE, -1, passed), SLOT_NODE, ++last_client);
		close(passed);
	} else if (fd < 0) {
		return;
	} else if (step == STEP_CLOSE) {
		assert_int_equal(order(w, STEP_CLOSE, fd, -1), 0);
		set_slot(w, fd, SLOT_FREE, 0);
	} else if (step == STEP_DUP && has_room) {
		set_slot(w, order(w, STEP_DUP, fd, -1), dup_of(w->slots[fd]), w->clients[fd]);
	} else if (step == STEP_SWAP_IN && w->slots[fd] == SLOT_OTHER) {
		assert_int_equal(order(w, STEP_SWAP_IN, fd, -1), fd);
		set_slot(w, fd, SLOT_NODE, ++last_client);
	} else if (step == STEP_SWAP_OUT && w->slots[fd] != SLOT_OTHER) {
		assert_int_equal(order(w, STEP_SWAP_OUT, fd, -1), fd);
		set_slot(w, fd, SLOT_OTHER, 0);
	}
}

static void churn(void)
{
	enum step step = (enum step)any(N_STEPS);
	size_t i = n_workers ? any(n_workers) : 0;

	if (n_workers == 0 || (any(40) == 0 && n_workers < MAX_WORKERS))
		spawn_worker();
	else if (step == STEP_FORK && n_workers < MAX_WORKERS)
		fork_one(&workers[i]);
	else if (step == STEP_FORK || any(60) == 0)
		end_one(i);
	else if (step == STEP_EXEC)
		exec_one(&workers[i]);
	else
		churn_fds(&workers[i], step);
}

static bool is_node(const struct worker *w, int fd)
{
	return w->slots[fd] == SLOT_NODE || w->slots[fd] == SLOT_NODE_CLOEXEC;
}

/* Returns how many it missed that it may miss: of what changed since @since_ns, and not too long ago. */
static size_t check(const struct pass *pass, const struct worker *w, const char *finder, uint64_t start_ns,
		    uint64_t since_ns)
{
	size_t missed = 0, n = 0;

	for (int fd = 0; fd < MAX_FDS; fd++) {
		bool is_found = pass_find(pass, w->pid, fd);

		n += is_found;
		if (is_found == is_node(w, fd))
			continue;
		if (w->changed_ns[fd] <= since_ns || start_ns - w->changed_ns[fd] > STALE_NS + STALE_NS / 2)
			fail_msg("%s: descriptor %d of %d is%s a node's, changed %g ms ago", finder, fd, w->pid,
				 is_node(w, fd) ? "" : " not",
				 w->changed_ns[fd] ? (double)(start_ns - w->changed_ns[fd]) / 1e6 : -1.);
		missed++;
	}
	/* a client may be told by its process alone */
	for (size_t i = 0; i < pass->n; i++)
		n += pass->found[i].pid == w->pid && pass->found[i].fd < 0;
	assert_int_equal(pass_count(pass, w->pid), n);
	return missed;
}

struct tested {
	const char *name;
	struct proc proc;
	struct finder_env env;
	struct finder *finder;
	size_t n_missed;
};

static int compare_numbers(const void *a, const void *b)
{
	unsigned long x = *(const unsigned long *)a, y = *(const unsigned long *)b;

	return (x > y) - (x < y);
}

static size_t count_distinct(unsigned long *numbers, size_t n)
{
	size_t distinct = 0;

	qsort(numbers, n, sizeof(*numbers), compare_numbers);
	for (size_t i = 0; i < n; i++)
		distinct += i == 0 || numbers[i] != numbers[i - 1];
	return distinct;
}

/* All clients there are, whether or not a holder of each was found, and no other. */
static void check_clients(const struct pass *pass)
{
	static unsigned long found[PASS_MAX], held[MAX_WORKERS * MAX_FDS];
	size_t n_found = 0, n_unnamed = 0, n_held = 0;

	for (size_t i = 0; i < pass->n; i++) {
		const char *id = strstr(pass->found[i].text, "drm-client-id:");

		/* before 6.5 nobody but a descriptor tells */
		if (id)
			found[n_found++] = strtoul(id + strlen("drm-client-id:"), NULL, 10);
		else
			n_unnamed++;
	}
	for (size_t i = 0; i < n_workers; i++)
		for (int fd = 0; fd < MAX_FDS; fd++)
			if (is_node(&workers[i], fd))
				held[n_held++] = workers[i].clients[fd];
	assert_int_equal(count_distinct(found, n_found) + n_unnamed, count_distinct(held, n_held));
}

static void run(struct tested *t)
{
	static struct pass pass;
	uint64_t start_ns = now_ns();
	bool is_cached = strcmp(t->name, "cached") == 0, is_drmlist = strcmp(t->name, "drmlist") == 0;
	bool is_listed = is_drmlist || strcmp(t->name, "procgpu") == 0;

	pass.n = pass.n_more = 0;
	assert_int_equal(finder_find(t->finder, pass_keep, &pass), 0);
	assert_int_equal(pass.n_more, 0);
	for (size_t i = 0; i < n_workers; i++) {
		const struct worker *w = &workers[i];
		bool is_counted = t->proc.has_fd_counts && count_slots(w) != w->n_at_pass;
		uint64_t since_ns = UINT64_MAX;

		/* this one sees what is in the count, those what does not cancel out in a client's references */
		if (is_cached && !w->is_new && !is_counted)
			since_ns = w->counted_ns;
		else if (is_listed)
			since_ns = 0;
		t->n_missed += check(&pass, w, t->name, start_ns, since_ns);
	}
	if (is_drmlist)
		check_clients(&pass);
}

/* All finders but procgpu and drmlist have seen everything of a process whose count changed, or that is new. */
static void end_pass(bool has_counts)
{
	for (size_t i = 0; i < n_workers; i++) {
		struct worker *w = &workers[i];

		if (w->is_new || (has_counts && count_slots(w) != w->n_at_pass))
			w->counted_ns = now_ns();
		w->n_at_pass = count_slots(w);
		w->is_new = false;
	}
}

static void every_finder_tells_the_truth(void **state)
{
	static struct tested tested[] = { { .name = "stat" }, { .name = "cached" }, { .name = "bpf" },
					  { .name = "procgpu" }, { .name = "drmlist" } };
	const size_t n_finders = N_OF(tested);
	static const struct devices awake;
	const char *seed = getenv("SEED"), *seconds = getenv("SECONDS");
	const char *wanted = getenv("CHURN_NODE");
	uint64_t end_ns;
	size_t passes = 0, n_tested = 0, n = 0;
	struct stat st;

	(void)state;
	if (wanted)
		node = wanted;
	assert_int_equal(stat(node, &st), 0);
	random_state = seed ? strtoull(seed, NULL, 10) : now_ns();
	print_message("SEED=%llu\n", (unsigned long long)random_state);
	for (size_t i = 0; i < n_finders; i++) {
		struct tested *t = &tested[i];

		assert_int_equal(proc_init(&t->proc, NULL), 0);
		t->env = (struct finder_env){ .proc = &t->proc, .devices = &awake, .stale_ns = STALE_NS,
					      .majors = { major(st.st_rdev) }, .n_majors = 1 };
		if ((i >= 3 && !wanted) || finder_new(t->name, &t->env, NULL, &t->finder))
			t->finder = NULL;
		n_tested += t->finder != NULL;
	}
	assert_true(n_tested >= 2);
	end_ns = now_ns() + (seconds ? strtoull(seconds, NULL, 10) : 4) * 1000000000;
	for (; now_ns() < end_ns; passes++) {
		for (size_t i = any(9); i > 0; i--)
			churn();
		for (size_t i = 0; i < n_finders; i++)
			if (tested[i].finder)
				run(&tested[i]);
		end_pass(tested[0].proc.has_fd_counts);
	}
	for (enum step step = 0; step < N_STEPS; step++) {
		assert_true(passes < ENOUGH_PASSES || n_steps[step] > 0);
		n += n_steps[step];
	}
	print_message("%zu finders, %zu passes, %zu steps; cached was late %zu times, procgpu %zu, drmlist %zu\n",
		      n_tested, passes, n, tested[1].n_missed, tested[3].n_missed, tested[4].n_missed);
	/* or else nothing was tested that stat does not see at once */
	assert_true(passes < ENOUGH_PASSES || tested[1].n_missed > 0);
	for (size_t i = 0; i < n_finders; i++) {
		finder_free(tested[i].finder);
		proc_done(&tested[i].proc);
	}
	while (n_workers)
		end_one(0);
}

int main(int argc, char *argv[])
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(every_finder_tells_the_truth) };

	if (argc == 3 && strcmp(argv[1], "--worker") == 0) {
		node = argv[2];
		be_worker(true);
	}
	/* the workers' parent reaps them without being asked */
	signal(SIGCHLD, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
