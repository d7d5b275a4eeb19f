/* SPDX-License-Identifier: MIT */
#include "listed.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "array.h"

/* However often there is reason to, all processes are looked into in vain no more than so often in stale_ns. */
#define VAIN_PER_STALE 6

struct listed_process {
	struct hash_node node;		/* by pid */
	pid_t pid;
	uint64_t seen;			/* the last pass with a client that it has or is named for */
	uint64_t looked;		/* the last pass that looked into it */
	uint64_t looked_ns;
	bool is_due;
};

void listed_init(struct listed *l, struct proc *proc, uint64_t stale_ns, uint64_t known_stale_ns,
		 listed_look *look, void *arg)
{
	*l = (struct listed){ .proc = proc, .stale_ns = stale_ns, .known_stale_ns = known_stale_ns, .look = look,
			      .arg = arg };
}

static void client_free(struct listed *l, struct listed_client *c)
{
	hash_remove(&l->by_id, &c->node);
	free(c->fds);
	free(c);
}

static void process_free(struct listed *l, struct listed_process *p)
{
	hash_remove(&l->by_pid, &p->node);
	free(p);
}

static void forget(struct listed *l)
{
	while (l->n_clients)
		client_free(l, l->clients[--l->n_clients]);
	while (l->n_processes)
		process_free(l, l->processes[--l->n_processes]);
	l->vain_ns = 0;
}

void listed_done(struct listed *l)
{
	forget(l);
	free(l->clients);
	free(l->processes);
	hash_done(&l->by_id);
	hash_done(&l->by_pid);
}

void listed_begin(struct listed *l, uint64_t now_ns)
{
	l->interval_ns = l->pass ? now_ns - l->now_ns : 0;
	l->now_ns = now_ns;
	l->pass++;
	/* half of what a pass found is as good as nothing */
	if (!l->is_whole)
		forget(l);
	l->is_whole = false;
}

static struct listed_process *process_find(const struct listed *l, pid_t pid)
{
	return (struct listed_process *)hash_first(&l->by_pid, (uint64_t)pid);
}

/* The process @pid, which has a client or is named for one. */
static int process_take(struct listed *l, pid_t pid, struct listed_process **ret)
{
	struct listed_process *p = process_find(l, pid);

	if (!p) {
		if (ARRAY_RESERVE(&l->processes, &l->processes_size, l->n_processes + 1))
			return -ENOMEM;
		p = calloc(1, sizeof(*p));
		if (!p || hash_add(&l->by_pid, &p->node, (uint64_t)pid)) {
			free(p);
			return -ENOMEM;
		}
		p->pid = pid;
		l->processes[l->n_processes++] = p;
	}
	p->seen = l->pass;
	*ret = p;
	return 0;
}

static int client_new(struct listed *l, uint64_t id, struct listed_client **ret)
{
	struct listed_client *c;

	if (ARRAY_RESERVE(&l->clients, &l->clients_size, l->n_clients + 1))
		return -ENOMEM;
	c = calloc(1, sizeof(*c));
	if (!c || hash_add(&l->by_id, &c->node, id)) {
		free(c);
		return -ENOMEM;
	}
	l->clients[l->n_clients++] = c;
	*ret = c;
	return 0;
}

int listed_add(struct listed *l, uint64_t id, pid_t named, uint64_t refs, struct listed_client **ret)
{
	struct listed_client *c = (struct listed_client *)hash_first(&l->by_id, id);

	if (!c && client_new(l, id, &c))
		return -ENOMEM;
	c->is_changed = !c->seen || c->named != named || c->refs != refs;
	c->named = named;
	c->refs = refs;
	c->seen = l->pass;
	*ret = c;
	return 0;
}

/* Where (@pid, @fd) is among the descriptors of @c, which are in this order, or belongs. */
static size_t place_of(const struct listed_client *c, pid_t pid, int fd)
{
	size_t low = 0, high = c->n_fds;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		const struct listed_fd *at = &c->fds[mid];

		if (at->pid < pid || (at->pid == pid && at->fd < fd))
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

int listed_fd_add(struct listed *l, uint64_t id, int fd)
{
	struct listed_client *c = (struct listed_client *)hash_first(&l->by_id, id);
	struct listed_process *p;
	size_t at;

	/* opened since the list was made: the next one has it */
	if (!c)
		return 0;
	at = place_of(c, l->pid, fd);
	if (at < c->n_fds && c->fds[at].pid == l->pid && c->fds[at].fd == fd) {
		c->fds[at].seen = l->pass;
		return 0;
	}
	if (process_take(l, l->pid, &p) || ARRAY_RESERVE(&c->fds, &c->fds_size, c->n_fds + 1))
		return -ENOMEM;
	memmove(&c->fds[at + 1], &c->fds[at], (c->n_fds - at) * sizeof(*c->fds));
	c->fds[at] = (struct listed_fd){ l->pid, fd, l->pass };
	c->n_fds++;
	return 0;
}

/* The descriptors that were not there any more when their processes were looked into. */
static void drop_unseen_fds(struct listed *l)
{
	for (size_t i = 0; i < l->n_clients && l->has_looked; i++) {
		struct listed_client *c = l->clients[i];
		size_t kept = 0;

		for (size_t n = 0; n < c->n_fds; n++)
			if (c->fds[n].seen == l->pass || process_find(l, c->fds[n].pid)->looked != l->pass)
				c->fds[kept++] = c->fds[n];
		if (c->n_fds && !kept)
			c->was_in_vain = false;
		c->n_fds = kept;
	}
	l->has_looked = false;
}

static int look_into(struct listed *l, pid_t pid, const char *name)
{
	struct listed_process *p;
	int err;

	l->pid = pid;
	l->proc->scan.processes++;
	err = l->look(l->arg, pid, name);
	if (err)
		return err;
	p = process_find(l, pid);
	if (!p)
		return 0;
	p->is_due = false;
	p->looked = l->pass;
	p->looked_ns = l->now_ns;
	l->has_looked = true;
	return 0;
}

static void drop_unlisted(struct listed *l)
{
	size_t kept = 0;

	for (size_t i = 0; i < l->n_clients; i++) {
		if (l->clients[i]->seen == l->pass)
			l->clients[kept++] = l->clients[i];
		else
			client_free(l, l->clients[i]);
	}
	l->n_clients = kept;
}

static int process_of_client(struct listed *l, const struct listed_client *c, pid_t pid)
{
	struct listed_process *p;

	if (process_take(l, pid, &p))
		return -ENOMEM;
	p->is_due |= c->is_changed;
	return 0;
}

/* Finds the processes that have to do with a client, and forgets those that have no more. */
static int update_processes(struct listed *l)
{
	size_t kept = 0;

	for (size_t i = 0; i < l->n_clients; i++) {
		struct listed_client *c = l->clients[i];
		int err = c->named ? process_of_client(l, c, c->named) : 0;

		for (size_t n = 0; n < c->n_fds && !err; n++)
			err = process_of_client(l, c, c->fds[n].pid);
		if (err)
			return err;
	}
	for (size_t i = 0; i < l->n_processes; i++) {
		if (l->processes[i]->seen == l->pass)
			l->processes[kept++] = l->processes[i];
		else
			process_free(l, l->processes[i]);
	}
	l->n_processes = kept;
	return 0;
}

static int look_into_processes(struct listed *l)
{
	char name[16];
	int err = update_processes(l);

	/* one that has a client since now was looked into: the end of the list may move */
	for (size_t i = 0; i < l->n_processes && !err; i++) {
		const struct listed_process *p = l->processes[i];

		if (p->looked == l->pass ||
		    (!p->is_due && p->looked_ns + l->known_stale_ns > l->now_ns + l->interval_ns))
			continue;
		snprintf(name, sizeof(name), "%d", p->pid);
		err = look_into(l, p->pid, name);
	}
	drop_unseen_fds(l);
	return err;
}

static int each_pid(void *arg, int pid, const char *name)
{
	struct listed *l = arg;
	const struct listed_process *p = process_find(l, pid);

	l->n_round++;
	return p && p->looked == l->pass ? 0 : look_into(l, pid, name);
}

static int look_into_all(struct listed *l)
{
	int err;

	l->n_round = 0;
	err = proc_each_pid(l->proc, each_pid, l);
	drop_unseen_fds(l);
	if (err)
		return err;
	for (size_t i = 0; i < l->n_clients; i++) {
		struct listed_client *c = l->clients[i];

		if (c->refs <= c->n_fds || c->was_in_vain)
			continue;
		c->was_in_vain = true;
		l->vain_ns = l->now_ns;
	}
	l->n_all = l->n_round;
	l->n_round = 0;
	l->position = 0;
	l->share = 0;
	return 0;
}

/* Through with the round one pass early: a verdict is to be no older than stale_ns by the next. */
static int roll(struct listed *l)
{
	uint64_t round_ns = l->stale_ns > 2 * l->interval_ns ? l->stale_ns - l->interval_ns : l->interval_ns;
	size_t n;
	int err;

	l->share += (double)l->n_all * (double)l->interval_ns / (double)round_ns;
	n = l->share < (double)l->n_all ? (size_t)l->share : l->n_all;
	if (n == 0)
		return 0;
	l->share -= (double)n;
	err = proc_each_pid_from(l->proc, &l->position, n, each_pid, l);
	drop_unseen_fds(l);
	if (!err && l->position == 0 && l->n_round) {
		l->n_all = l->n_round;
		l->n_round = 0;
	}
	return err;
}

int listed_settle(struct listed *l)
{
	bool is_unexplained = false, has_reason = false;
	int err;

	drop_unlisted(l);
	err = look_into_processes(l);
	for (size_t i = 0; i < l->n_clients && !err; i++) {
		struct listed_client *c = l->clients[i];
		bool has_more = c->refs > c->n_fds;

		c->was_in_vain &= has_more;
		is_unexplained |= has_more;
		has_reason |= has_more && !c->was_in_vain;
	}
	if (l->vain_ns && l->now_ns - l->vain_ns < l->stale_ns / VAIN_PER_STALE)
		has_reason = false;
	if (!err && is_unexplained)
		err = has_reason ? look_into_all(l) : roll(l);
	l->is_whole = !err;
	return err;
}
