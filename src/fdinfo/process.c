/* SPDX-License-Identifier: MIT */
#include "process.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "buf.h"
#include "cgroup.h"
#include "hash.h"
#include "parse.h"
#include "proc.h"
#include "process_owner.h"

/* Command line, user and control group of a process may change without exec. */
#define FACTS_AGE_NS (10 * NSEC_PER_SEC)

struct entry {
	struct hash_node node;		/* by pid */
	struct entry *next;		/* in process_cache.entries */
	struct process process;		/* borrows from what follows */
	uint64_t facts_ns;		/* when the facts beyond stat were read */
	bool has_facts;
	bool has_ancestors;
	pid_t ppid;
	bool is_seen;			/* since the last sweep */
	struct buf comm, cmdline, user, cgroup;
};

struct process_cache {
	struct proc *proc;
	struct owners *owners;
	struct hash by_pid;
	struct entry *entries;
	struct buf text;		/* scratch */
};

int process_cache_new(struct proc *proc, struct process_cache **ret)
{
	struct process_cache *pc = calloc(1, sizeof(*pc));
	int err;

	if (!pc)
		return -ENOMEM;
	pc->proc = proc;
	err = owners_new(proc, &pc->owners);
	if (err) {
		free(pc);
		return err;
	}
	*ret = pc;
	return 0;
}

static void entry_free(struct entry *e)
{
	buf_done(&e->comm);
	buf_done(&e->cmdline);
	buf_done(&e->user);
	buf_done(&e->cgroup);
	free(e);
}

void process_cache_free(struct process_cache *pc)
{
	struct entry *next;

	if (!pc)
		return;
	owners_free(pc->owners);
	for (struct entry *e = pc->entries; e; e = next) {
		next = e->next;
		entry_free(e);
	}
	hash_done(&pc->by_pid);
	buf_done(&pc->text);
	free(pc);
}

struct stat_facts {
	struct str comm;
	pid_t ppid;		/* 0: none, or in another pid namespace */
	uint64_t start_time;
};

/* The @n'th field of a stat after the name, which ends at @p; the state is the first. */
static bool stat_field(const char *p, int n, uint64_t *ret)
{
	struct str word;

	for (int i = 0; p && i < n; i++)
		p = strchr(p + 1, ' ');
	if (!p)
		return false;
	word = (struct str){ p + 1, strspn(p + 1, "0123456789") };
	return parse_digits(word, UNKNOWN, ret);
}

/*
 * /proc/<pid>/stat: "42 (comm) S 1 ...". comm may contain anything, so it ends at the last parenthesis;
 * the parent is the 4th field, start time the 22nd.
 */
static int parse_stat(const struct buf *text, struct stat_facts *ret)
{
	const char *open = text->len ? strchr(text->ptr, '(') : NULL;
	const char *close = text->len ? strrchr(text->ptr, ')') : NULL;
	uint64_t ppid, start_time;

	if (!open || !close || close < open || !stat_field(close, 2, &ppid) || ppid > INT_MAX ||
	    !stat_field(close, 20, &start_time))
		return -EINVAL;
	*ret = (struct stat_facts){
		.comm = { open + 1, (size_t)(close - open - 1) },
		.ppid = (pid_t)ppid, .start_time = start_time,
	};
	return 0;
}

/* Reads @path, a stat, into @e. Another process or program in it makes the facts old. */
static int read_stat(struct process_cache *pc, int dirfd, const char *path, struct entry *e)
{
	struct process *p = &e->process;
	struct stat_facts now;
	int err = proc_read_file(pc->proc, dirfd, path, &pc->text);

	if (err)
		return proc_is_gone(err) ? -ESRCH : err;
	err = parse_stat(&pc->text, &now);
	if (err)
		return err;
	if (now.start_time != p->start_time || now.ppid != e->ppid)
		e->has_ancestors = false;
	e->ppid = now.ppid;
	if (now.start_time == p->start_time && str_eq(now.comm, p->comm))
		return 0;
	e->has_facts = false;
	buf_reset(&e->comm);
	buf_add_str(&e->comm, now.comm);
	p->start_time = now.start_time;
	p->comm = buf_str(&e->comm);
	return e->comm.err;
}

/* Arguments end with a NUL each: joined by spaces, without the last NUL and padding behind it. */
static int read_cmdline(struct process_cache *pc, int dirfd, struct entry *e)
{
	int err = proc_read_file(pc->proc, dirfd, "cmdline", &e->cmdline);

	e->process.cmdline = (struct str){ 0 };
	if (err)
		return err == -ENOMEM ? err : 0;
	while (e->cmdline.len && e->cmdline.ptr[e->cmdline.len - 1] == '\0')
		e->cmdline.len--;
	for (size_t i = 0; i < e->cmdline.len; i++)
		if (e->cmdline.ptr[i] == '\0')
			e->cmdline.ptr[i] = ' ';
	e->process.cmdline = buf_str(&e->cmdline);
	return 0;
}

static int read_cgroup(struct process_cache *pc, int dirfd, struct entry *e)
{
	int err = proc_read_file(pc->proc, dirfd, "cgroup", &e->cgroup);

	e->process.cgroup = (struct str){ 0 };
	if (err)
		return err == -ENOMEM ? err : 0;
	e->process.cgroup = cgroup_path(buf_str(&e->cgroup));
	return 0;
}

/*
 * Through one descriptor of the process' directory, so that a number that is reused meanwhile
 * cannot mix two processes; after stat, which fails if the process died before the rest was read.
 * libproc2 has no part in the command line: it takes newlines for the ends of arguments.
 */
static int read_facts(struct process_cache *pc, int dirfd, struct entry *e)
{
	struct process *p = &e->process;
	int err = read_cmdline(pc, dirfd, e);

	if (!err)
		err = read_cgroup(pc, dirfd, e);
	if (!err)
		err = read_stat(pc, dirfd, "stat", e);
	if (!err)
		err = owners_read(pc->owners, p->pid, p->start_time, dirfd, &p->uid, &e->user);
	if (err)
		return err;
	p->user = (struct str){ 0 };
	if (p->uid != UNKNOWN)
		p->user = buf_str(&e->user);
	return 0;
}

/* Up to the first process, or one that may not be read. */
static int read_ancestors(struct process_cache *pc, struct entry *e)
{
	struct process *p = &e->process;
	struct stat_facts of = { .ppid = e->ppid };
	char path[32];
	int err = 0;

	p->n_ancestors = 0;
	while (!err && of.ppid > 0 && p->n_ancestors < PROCESS_MAX_ANCESTORS) {
		p->ancestors[p->n_ancestors++] = of.ppid;
		snprintf(path, sizeof(path), "%d/stat", of.ppid);
		err = proc_read_file(pc->proc, pc->proc->fd, path, &pc->text);
		if (!err)
			err = parse_stat(&pc->text, &of);
	}
	e->has_ancestors = true;
	return err == -ENOMEM ? err : 0;
}

static struct entry *entry_find(const struct process_cache *pc, pid_t pid)
{
	struct hash_node *node = hash_first(&pc->by_pid, (uint64_t)pid);

	return node ? (struct entry *)((char *)node - offsetof(struct entry, node)) : NULL;
}

static int entry_new(struct process_cache *pc, pid_t pid, struct entry **ret)
{
	struct entry *e = calloc(1, sizeof(*e));
	int err;

	if (!e)
		return -ENOMEM;
	e->process.pid = pid;
	e->process.start_time = UNKNOWN;
	e->process.uid = UNKNOWN;
	err = hash_add(&pc->by_pid, &e->node, (uint64_t)pid);
	if (err) {
		free(e);
		return err;
	}
	e->next = pc->entries;
	pc->entries = e;
	*ret = e;
	return 0;
}

int process_lookup(struct process_cache *pc, pid_t pid, uint64_t t_ns, const struct process **ret)
{
	struct entry *e = entry_find(pc, pid);
	char path[32];
	int err, dirfd;

	if (!e) {
		err = entry_new(pc, pid, &e);
		if (err)
			return err;
	}
	if (!e->is_seen) {
		snprintf(path, sizeof(path), "%d/stat", pid);
		err = read_stat(pc, pc->proc->fd, path, e);
		if (err)
			return err;
	}
	if (!e->has_facts || t_ns >= e->facts_ns + FACTS_AGE_NS) {
		snprintf(path, sizeof(path), "%d", pid);
		dirfd = proc_open_dir(pc->proc, pc->proc->fd, path);
		if (dirfd < 0)
			return proc_is_gone(dirfd) ? -ESRCH : dirfd;
		err = read_facts(pc, dirfd, e);
		proc_close(pc->proc, dirfd);
		e->has_facts = !err;
		if (err)
			return err;
		e->facts_ns = t_ns;
	}
	if (!e->has_ancestors) {
		err = read_ancestors(pc, e);
		if (err)
			return err;
	}
	e->is_seen = true;
	*ret = &e->process;
	return 0;
}

void process_cache_sweep(struct process_cache *pc)
{
	struct entry **link = &pc->entries;

	while (*link) {
		struct entry *e = *link;

		if (e->is_seen) {
			e->is_seen = false;
			link = &e->next;
			continue;
		}
		*link = e->next;
		hash_remove(&pc->by_pid, &e->node);
		entry_free(e);
	}
}
