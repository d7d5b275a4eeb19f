/* SPDX-License-Identifier: MIT */
#include "bench_run.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>

#include "../now.h"

/*
 * Passes that are not counted: the first allocates and fills caches. In the second, what remembers makes up for the
 * time that took; the last one says what a pass takes.
 */
#define WARM_UP_PASSES 3

#define NOISE_LIMIT 0.05
#define SPREAD_LIMIT 1.5
#define DRIFT_LIMIT 0.05

static const struct arm_ops *const other_arms[] = { &arm_naive, &arm_top, &arm_gputop };

static void sleep_until(uint64_t due_ns)
{
	struct timespec t = { (time_t)(due_ns / NSEC_PER_SEC), (long)(due_ns % NSEC_PER_SEC) };

	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL) == EINTR)
		;
}

/* All there before the first pass, so that keeping a number faults no page in. */
static int samples_init(struct samples *s, size_t size)
{
	void *p = mmap(NULL, 2 * size * sizeof(*s->wall_ns), PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		return -errno;
	madvise(p, 2 * size * sizeof(*s->wall_ns), MADV_POPULATE_WRITE);
	*s = (struct samples){ .wall_ns = p, .cpu_ns = (uint64_t *)p + size, .size = size };
	return 0;
}

static void samples_done(struct samples *s)
{
	if (s->wall_ns)
		munmap(s->wall_ns, 2 * s->size * sizeof(*s->wall_ns));
}

static void samples_add(struct samples *s, const struct arm_pass *pass)
{
	s->wall_ns[s->n] = pass->wall_ns;
	s->cpu_ns[s->n++] = pass->cpu_ns;
}

static int compare_ns(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static void samples_sort(struct samples *s)
{
	if (s->n == 0)
		return;
	qsort(s->wall_ns, s->n, sizeof(*s->wall_ns), compare_ns);
	qsort(s->cpu_ns, s->n, sizeof(*s->cpu_ns), compare_ns);
}

uint64_t percentile(const uint64_t *values, size_t n, unsigned int percent)
{
	return values[(n - 1) * percent / 100];
}

static void add(struct bench_run *r, const struct arm_ops *ops, const char *name)
{
	/* finder.h: it misses drivers that print no usage */
	bool by_text = ops == &arm_finder && strcmp(name, "fdinfo") == 0;

	r->arms[r->n_arms++] = (struct bench_arm){
		.arm = { .ops = ops, .name = name, .sees = by_text ? ARM_USAGES : ops->sees },
	};
}

int bench_run_add(struct bench_run *r, const char *name)
{
	if (r->n_arms == BENCH_MAX_ARMS)
		return -E2BIG;
	for (const struct finder_ops *const *f = finders; *f; f++)
		if (strcmp((*f)->name, name) == 0) {
			add(r, &arm_finder, (*f)->name);
			return 0;
		}
	for (size_t i = 0; i < N_OF(other_arms); i++)
		if (strcmp(other_arms[i]->name, name) == 0) {
			add(r, other_arms[i], other_arms[i]->name);
			return 0;
		}
	return -ENOENT;
}

static void add_all(struct bench_run *r)
{
	for (const struct finder_ops *const *f = finders; *f; f++)
		bench_run_add(r, (*f)->name);
	for (size_t i = 0; i < N_OF(other_arms); i++)
		bench_run_add(r, other_arms[i]->name);
}

/* What there is to find, by the reference finder. */
static int look(const struct bench_plan *plan, struct arm_pass *ret)
{
	struct arm stat = { .ops = &arm_finder, .name = "stat" };

	return arm_cold_pass(&stat, &plan->env, ret);
}

static int open_arm(struct bench_arm *a, const struct bench_plan *plan)
{
	int err;

	a->error = arm_open(&a->arm, &plan->env);
	if (a->error)
		return a->error == -ENOMEM ? -ENOMEM : 0;
	err = samples_init(&a->steady, plan->passes);
	if (!err && a->arm.ops->has_cold)
		err = samples_init(&a->cold, plan->passes);
	return err;
}

static void compare(struct bench_run *r, struct bench_arm *a, const struct arm_pass *pass)
{
	if (a->arm.sees == ARM_NOTHING)
		return;
	a->n_compared++;
	if (a->arm.sees == ARM_HOLDERS ? pass->holders != r->truth.holders : pass->usages != r->truth.usages)
		a->n_differing++;
}

static int warm_up(struct bench_run *r, struct bench_arm *a, uint64_t pace_ns)
{
	struct arm_pass pass;

	for (size_t i = 0; i < WARM_UP_PASSES; i++) {
		int err = arm_pass(&a->arm, &pass);

		if (err)
			return err;
		compare(r, a, &pass);
	}
	a->due_ns = pass.start_ns;
	a->estimate_ns = pass.wall_ns;
	a->is_heavy = !pace_ns || pass.wall_ns > pace_ns / 4;
	return 0;
}

/* A pass that counts if it is not late. */
static int run_pass(struct bench_run *r, struct bench_arm *a, uint64_t pace_ns)
{
	struct arm_pass pass;
	int err = arm_pass(&a->arm, &pass);
	bool is_late;

	if (err)
		return err;
	is_late = !a->is_heavy && pace_ns && pass.start_ns - a->due_ns > pace_ns + pace_ns / 4;
	a->due_ns = pass.start_ns;
	compare(r, a, &pass);
	if (is_late) {
		a->n_late++;
		return 0;
	}
	if (a->steady.n == a->steady.size)
		return 0;
	a->last = pass;
	a->faults += pass.faults;
	a->processes += pass.scan.processes;
	a->fds += pass.scan.fds;
	for (size_t i = 0; i < N_SYSCALL_KINDS; i++)
		a->syscalls[i] += pass.scan.syscalls[i];
	samples_add(&a->steady, &pass);
	return 0;
}

/* The arms that opened, the second stat among them. */
struct turn {
	struct bench_arm *arms[BENCH_MAX_ARMS + 1];
	size_t n;
	size_t next_heavy;
};

static bool is_done(const struct turn *t, const struct bench_plan *plan, size_t *ret_passes)
{
	bool done = true;

	*ret_passes = 0;
	for (size_t i = 0; i < t->n; i++) {
		*ret_passes += t->arms[i]->steady.n;
		done = done && t->arms[i]->steady.n >= plan->passes;
	}
	return done;
}

/* Light arms all, another one first each time; then heavy ones while there is time, one at least. */
static int run_round(struct bench_run *r, struct turn *t, const struct bench_plan *plan, size_t round)
{
	uint64_t start_ns = now_ns();
	size_t n_heavy = 0;
	int err = 0;

	for (size_t i = 0; i < t->n && !err; i++) {
		struct bench_arm *a = t->arms[(round + i) % t->n];

		if (!a->is_heavy)
			err = run_pass(r, a, plan->pace_ns);
	}
	for (size_t i = 0; i < t->n && !err; i++) {
		struct bench_arm *a = t->arms[t->next_heavy % t->n];

		if (a->is_heavy && a->steady.n < plan->passes) {
			if (n_heavy && plan->pace_ns && now_ns() - start_ns + a->estimate_ns > plan->pace_ns)
				break;
			n_heavy++;
			err = run_pass(r, a, plan->pace_ns);
		}
		t->next_heavy++;
	}
	return err;
}

static int run_steady(struct bench_run *r, struct turn *t, const struct bench_plan *plan)
{
	size_t passes;
	int err = 0;

	for (size_t i = 0; i < t->n; i++) {
		plan->progress(plan->arg, 0, t->n * plan->passes);
		err = warm_up(r, t->arms[i], plan->pace_ns);
		if (err)
			return err;
	}
	for (size_t round = 0; !err && !is_done(t, plan, &passes); round++) {
		uint64_t start_ns = now_ns();

		plan->progress(plan->arg, passes, t->n * plan->passes);
		err = run_round(r, t, plan, round);
		sleep_until(start_ns + plan->pace_ns);
	}
	return err;
}

/* Fewer of these: they are more of the same work. */
static int run_cold(struct bench_run *r, struct turn *t, const struct bench_plan *plan)
{
	size_t n = plan->passes < 12 ? plan->passes < 3 ? plan->passes : 3 : plan->passes / 4;
	struct arm_pass pass;

	for (size_t i = 0; i < t->n; i++)
		arm_close(&t->arms[i]->arm);
	for (size_t round = 0; round < n; round++)
		for (size_t i = 0; i < t->n; i++) {
			struct bench_arm *a = t->arms[i];
			int err;

			if (!a->arm.ops->has_cold || a == &r->again)
				continue;
			err = arm_cold_pass(&a->arm, &plan->env, &pass);
			if (err)
				return err;
			compare(r, a, &pass);
			samples_add(&a->cold, &pass);
		}
	return 0;
}

static int open_all(struct bench_run *r, const struct bench_plan *plan, struct turn *ret)
{
	int err = 0;

	for (size_t i = 0; i < r->n_arms && !err; i++) {
		err = open_arm(&r->arms[i], plan);
		if (!err && !r->arms[i].error)
			ret->arms[ret->n++] = &r->arms[i];
	}
	r->again.arm = (struct arm){ .ops = &arm_finder, .name = "stat", .sees = ARM_HOLDERS };
	if (!err)
		err = open_arm(&r->again, plan);
	if (!err)
		err = r->again.error;
	ret->arms[ret->n++] = &r->again;
	return err;
}

int bench_run(struct bench_run *r, const struct bench_plan *plan)
{
	uint64_t start_ns = now_ns();
	struct turn turn = { .n = 0 };
	struct arm_pass after;
	int err = look(plan, &r->truth);

	if (err)
		return err;
	if (plan->env.fleet)
		r->truth.holders = plan->clients;
	if (r->n_arms == 0)
		add_all(r);
	err = open_all(r, plan, &turn);
	if (!err)
		err = run_steady(r, &turn, plan);
	if (!err)
		err = run_cold(r, &turn, plan);
	if (!err)
		err = look(plan, &after);
	if (err)
		return err;
	/* what else runs comes and goes: costs are those of the machine as it was on the mean */
	r->drift = fabs((double)after.scan.fds / (double)(r->truth.scan.fds ? r->truth.scan.fds : 1) - 1);
	r->truth.scan.processes = r->again.processes / r->again.steady.n;
	r->truth.scan.fds = r->again.fds / r->again.steady.n;
	r->is_moving = after.holders != r->truth.holders || after.usages != r->truth.usages;
	for (size_t i = 0; i < turn.n; i++) {
		samples_sort(&turn.arms[i]->steady);
		samples_sort(&turn.arms[i]->cold);
	}
	r->wall_ns = now_ns() - start_ns;
	return 0;
}

static void arm_done(struct bench_arm *a)
{
	arm_close(&a->arm);
	samples_done(&a->steady);
	samples_done(&a->cold);
}

void bench_run_done(struct bench_run *r)
{
	for (size_t i = 0; i < r->n_arms; i++)
		arm_done(&r->arms[i]);
	arm_done(&r->again);
}

bool bench_arm_agrees(const struct bench_run *r, const struct bench_arm *a, bool has_fleet)
{
	if (has_fleet)
		return a->n_differing == 0;
	return r->is_moving || 2 * a->n_differing <= a->n_compared;
}

static const struct bench_arm *find_stat(const struct bench_run *r)
{
	for (size_t i = 0; i < r->n_arms; i++)
		if (strcmp(r->arms[i].arm.name, "stat") == 0 && r->arms[i].steady.n)
			return &r->arms[i];
	return NULL;
}

double bench_noise(const struct bench_run *r)
{
	const struct bench_arm *stat = find_stat(r);

	if (!stat || !r->again.steady.n)
		return NAN;
	return fabs((double)percentile(r->again.steady.cpu_ns, r->again.steady.n, 50) /
		    (double)percentile(stat->steady.cpu_ns, stat->steady.n, 50) - 1);
}

double bench_spread(const struct bench_run *r)
{
	const struct samples *s = &r->again.steady;

	if (!s->n)
		return NAN;
	return (double)percentile(s->cpu_ns, s->n, 90) / (double)percentile(s->cpu_ns, s->n, 10);
}

bool bench_is_quiet(const struct bench_run *r)
{
	double noise = bench_noise(r);

	return r->drift <= DRIFT_LIMIT && (isnan(noise) || noise <= NOISE_LIMIT) && bench_spread(r) <= SPREAD_LIMIT;
}
