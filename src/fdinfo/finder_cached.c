/* SPDX-License-Identifier: MIT */
/*
 * The finder that remembers. What it knows of a process stands until its number of descriptors changes,
 * the text of a client shows something else, or its turn in the rolling share comes and it has run since.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/queue.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "../now.h"
#include "array.h"
#include "doorbell.h"
#include "finder_walk.h"
#include "finders.h"
#include "hash.h"
#include "held.h"
#include "parse.h"

#define STALE_COUNTED_NS (30 * NSEC_PER_SEC)
#define STALE_UNCOUNTED_NS (5 * NSEC_PER_SEC)
/* However often the doorbell rings, all is looked through no more than so often in stale_ns. */
#define RINGS_PER_STALE 6

#define COUNT_UNKNOWN (-1)

/* A descriptor known to be a GPU's. */
struct known {
	struct hash_node node;		/* by client, while is_shareable */
	int fd;
	dev_t rdev;
	bool is_seen;			/* by the examination under way */
	bool is_named;			/* identity is known: not so while its device sleeps */
	bool is_shareable;		/* others with the same identity are the same client */
	bool is_reader;			/* of all those, the one whose text is read */
	int held;			/* its fdinfo */
	struct buf identity;
	struct buf text;		/* as read at t_ns, in pass number @read */
	uint64_t t_ns;
	uint64_t read;
};

struct tracked {
	struct hash_node node;		/* by pid */
	TAILQ_ENTRY(tracked) link;	/* in all */
	TAILQ_ENTRY(tracked) holding;	/* in holding, if n_known */
	pid_t pid;
	ino_t ino;
	int dir;			/* its fd/, held; only where that gives counts */
	int64_t count;
	uint64_t examined_ns;
	uint64_t cpu_ns;		/* what it had used of the CPU when it was examined; UNKNOWN */
	uint64_t seen;			/* the last pass that listed it */
	uint64_t examined;		/* the last pass that examined it */
	bool is_denied;
	struct known **known;
	size_t n_known, known_size;
};

TAILQ_HEAD(tracked_list, tracked);

struct cache {
	struct walk *walk;
	struct proc *proc;
	struct held held;
	struct doorbell bell;
	bool is_rung;			/* and not answered yet */
	bool was_asleep;		/* any device, in the last pass */
	uint64_t stale_ns, last_ns, end_ns, answered_ns;	/* a pass began and ended at last_ns, end_ns */
	uint64_t pass;
	pid_t own_pid;			/* 0: not there */
	struct hash by_pid;
	struct hash by_client;
	struct tracked_list all;	/* the one examined longest ago first */
	struct tracked_list holding;	/* those with a known descriptor */
	size_t n_denied;
	size_t n_listed;		/* in the pass under way */
	double share;			/* of all, due in the rolling share and not had yet */
	struct tracked *under_way;	/* being examined */
	bool is_moved;			/* holding was changed */
	struct buf identity;		/* scratch */
};

/* The lines that do not change while a descriptor stays what it is; ino is of the node, not the client. */
static int read_identity(struct buf *ret, struct str text)
{
	static const char *const keys[] = { "ino:", "drm-driver:", "drm-pdev:", "drm-client-id:", "pdev:",
					    "pasid:" };
	struct str line;

	buf_reset(ret);
	buf_reserve(ret, 1);
	while (parse_line(&text, &line)) {
		for (size_t i = 0; i < N_OF(keys); i++) {
			if (!str_starts(line, keys[i]))
				continue;
			buf_add_str(ret, line);
			buf_add(ret, "\n", 1);
			break;
		}
	}
	return ret->err;
}

static bool is_same(const struct buf *a, const struct buf *b)
{
	return a->len == b->len && memcmp(a->ptr, b->ptr, a->len) == 0;
}

static uint64_t client_key(const struct known *k)
{
	uint64_t key = hash_mix(0, k->rdev);

	for (size_t i = 0; i < k->identity.len; i++)
		key = hash_mix(key, (unsigned char)k->identity.ptr[i]);
	return key;
}

/* Another descriptor of the client of @k: the reader, or any. */
static struct known *find_mate(const struct cache *c, const struct known *k, bool is_reader)
{
	struct hash_node *node = hash_first(&c->by_client, k->node.key);

	for (; node; node = hash_next(node)) {
		struct known *mate = (struct known *)node;

		if (mate != k && mate->is_reader == is_reader && mate->rdev == k->rdev &&
		    is_same(&mate->identity, &k->identity))
			return mate;
	}
	return NULL;
}

/* c->identity is that of @k from now on. */
static int known_name(struct cache *c, struct known *k)
{
	int err = 0;

	SWAP(k->identity, c->identity);
	/* without the node, two devices' clients of one number would be taken for one */
	k->is_shareable = k->rdev && strstr(k->identity.ptr, "drm-client-id:");
	k->is_named = true;
	k->is_reader = true;
	if (k->is_shareable) {
		err = hash_add(&c->by_client, &k->node, client_key(k));
		k->is_shareable = !err;
	}
	if (k->is_shareable && find_mate(c, k, true))
		k->is_reader = false;
	return err;
}

static void known_free(struct cache *c, struct known *k)
{
	if (k->is_shareable) {
		struct known *heir = k->is_reader ? find_mate(c, k, false) : NULL;

		if (heir)
			heir->is_reader = true;
		hash_remove(&c->by_client, &k->node);
	}
	held_close(&c->held, c->proc, &k->held);
	buf_done(&k->identity);
	buf_done(&k->text);
	free(k);
}

static void forget(struct cache *c, struct tracked *t, size_t i)
{
	known_free(c, t->known[i]);
	t->known[i] = t->known[--t->n_known];
	if (t->n_known == 0)
		TAILQ_REMOVE(&c->holding, t, holding);
}

static int keep_text(const struct cache *c, struct known *k, struct str text, uint64_t t_ns)
{
	buf_reset(&k->text);
	buf_add_str(&k->text, text);
	k->t_ns = t_ns;
	k->read = c->pass;
	return k->text.err;
}

static int known_new(struct cache *c, struct tracked *t, const struct holder *h, struct known **ret)
{
	struct known *k;

	if (ARRAY_RESERVE(&t->known, &t->known_size, t->n_known + 1))
		return -ENOMEM;
	k = calloc(1, sizeof(*k));
	if (!k)
		return -ENOMEM;
	k->fd = h->fd;
	k->rdev = h->rdev;
	k->held = HELD_NONE;
	k->is_reader = true;
	if (t->n_known == 0)
		TAILQ_INSERT_TAIL(&c->holding, t, holding);
	t->known[t->n_known++] = k;
	*ret = k;
	return 0;
}

/* A finder_emit: what the examination of a process finds. */
static int take_holder(void *arg, const struct holder *h)
{
	struct cache *c = arg;
	struct tracked *t = c->under_way;
	struct known *k;
	size_t i = 0;
	int err = h->text.ptr ? read_identity(&c->identity, h->text) : 0;

	while (i < t->n_known && t->known[i]->fd != h->fd)
		i++;
	k = i < t->n_known ? t->known[i] : NULL;
	if (!err && k && (k->rdev != h->rdev ||
			  (h->text.ptr && k->is_named && !is_same(&k->identity, &c->identity)))) {
		forget(c, t, i);
		k = NULL;
	}
	if (!err && !k)
		err = known_new(c, t, h, &k);
	if (err)
		return err;
	k->is_seen = true;
	if (!h->text.ptr)
		return 0;
	if (!k->is_named)
		err = known_name(c, k);
	if (!err && k->is_reader)
		err = keep_text(c, k, h->text, h->t_ns);
	return err;
}

static void move_to_end(struct cache *c, struct tracked *t)
{
	TAILQ_REMOVE(&c->all, t, link);
	TAILQ_INSERT_TAIL(&c->all, t, link);
	t->examined_ns = c->last_ns;
}

/* CPU time of all its threads; of those that run at this moment it is that of the last tick. */
static uint64_t cpu_ns(const struct cache *c, pid_t pid)
{
	clockid_t clock;
	struct timespec t;

	if (!c->proc->is_own || clock_getcpuclockid(pid, &clock) || clock_gettime(clock, &t))
		return UNKNOWN;
	c->proc->scan.syscalls[SYSCALL_OTHER] += 2;
	return (uint64_t)t.tv_sec * NSEC_PER_SEC + (uint64_t)t.tv_nsec;
}

/*
 * Nothing is opened or closed by who does not run. Another process that shares its table of descriptors
 * (CLONE_FILES) may do so, but is examined itself.
 */
static bool has_run(const struct cache *c, const struct tracked *t)
{
	return t->cpu_ns == UNKNOWN || cpu_ns(c, t->pid) != t->cpu_ns;
}

static int examine(struct cache *c, struct tracked *t)
{
	char name[16];
	int err;

	move_to_end(c, t);
	t->cpu_ns = cpu_ns(c, t->pid);
	c->is_moved = true;
	for (size_t i = 0; i < t->n_known; i++)
		t->known[i]->is_seen = false;
	c->under_way = t;
	snprintf(name, sizeof(name), "%d", t->pid);
	err = walk_process(c->walk, t->pid, name);
	/* the listing counted it already */
	c->proc->scan.processes--;
	if (err) {
		/* half seen: again in the next pass */
		t->count = COUNT_UNKNOWN;
		t->cpu_ns = UNKNOWN;
		return err;
	}
	t->examined = c->pass;
	c->n_denied += (size_t)c->walk->denied - (size_t)t->is_denied;
	t->is_denied = c->walk->denied;
	for (size_t i = t->n_known; i-- > 0;)
		if (!t->known[i]->is_seen)
			forget(c, t, i);
	return 0;
}

static void tracked_free(struct cache *c, struct tracked *t)
{
	while (t->n_known)
		forget(c, t, t->n_known - 1);
	c->n_denied -= t->is_denied;
	held_close(&c->held, c->proc, &t->dir);
	hash_remove(&c->by_pid, &t->node);
	TAILQ_REMOVE(&c->all, t, link);
	free(t->known);
	free(t);
}

/* 0 with the number of descriptors, COUNT_UNKNOWN where the kernel does not count; -errno: no such process. */
static int count_fds(struct cache *c, struct tracked *t, const char *name, int64_t *ret)
{
	char path[WALK_PATH_MAX];
	struct statx stx;
	int err;

	*ret = COUNT_UNKNOWN;
	/* our own number goes up and down with what is held: its turn comes with the rolling share */
	if (!c->proc->has_fd_counts || t->pid == c->own_pid)
		return 0;
	snprintf(path, sizeof(path), "%s/fd", name);
	if (t->dir == HELD_NONE) {
		err = held_open(&c->held, c->proc, c->proc->fd, path, O_PATH | O_DIRECTORY, &t->dir);
		if (err)
			return err;
	}
	c->proc->scan.syscalls[SYSCALL_STAT]++;
	err = t->dir == HELD_NONE ? statx(c->proc->fd, path, AT_STATX_DONT_SYNC, STATX_SIZE, &stx) :
	      statx(t->dir, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC, STATX_SIZE, &stx);
	if (err < 0)
		return -errno;
	*ret = (int64_t)stx.stx_size;
	return 0;
}

static int tracked_new(struct cache *c, pid_t pid, ino_t ino, struct tracked **ret)
{
	struct tracked *t = calloc(1, sizeof(*t));

	if (!t)
		return -ENOMEM;
	t->pid = pid;
	t->ino = ino;
	t->dir = HELD_NONE;
	t->count = COUNT_UNKNOWN;
	t->cpu_ns = UNKNOWN;
	if (hash_add(&c->by_pid, &t->node, (uint64_t)pid)) {
		free(t);
		return -ENOMEM;
	}
	TAILQ_INSERT_TAIL(&c->all, t, link);
	*ret = t;
	return 0;
}

static int each_pid(void *arg, int pid, const char *name)
{
	struct cache *c = arg;
	ino_t ino = c->proc->ino;
	struct tracked *t = (struct tracked *)hash_first(&c->by_pid, (uint64_t)pid);
	bool is_new = false;
	int64_t count;
	int err = 0;

	c->proc->scan.processes++;
	if (t && (t->ino != ino || proc_is_gone(count_fds(c, t, name, &count)))) {
		tracked_free(c, t);
		t = NULL;
	}
	if (!t) {
		is_new = true;
		err = tracked_new(c, pid, ino, &t);
		if (err)
			return err;
		/* counted before it is examined: what changes in between shows in the next pass */
		err = count_fds(c, t, name, &count);
		if (proc_is_gone(err)) {
			c->proc->scan.gone++;
			tracked_free(c, t);
			return 0;
		}
	}
	t->seen = c->pass;
	c->n_listed++;
	if (is_new || count != t->count || (t->is_denied && c->was_asleep != c->walk->any_asleep)) {
		t->count = count;
		/* that nothing is open there needs no look */
		if (is_new && count == 0)
			move_to_end(c, t);
		else
			return examine(c, t);
	}
	return 0;
}

static void drop_unlisted(struct cache *c)
{
	struct tracked *next;

	/* going through all is what a pass can do without */
	for (struct tracked *t = TAILQ_FIRST(&c->all); t && c->n_listed < c->by_pid.n; t = next) {
		next = TAILQ_NEXT(t, link);
		if (t->seen != c->pass)
			tracked_free(c, t);
	}
}

/*
 * The rolling share: those examined longest ago, so many that all have their turn in stale_ns, and each
 * whose verdict would be older than that by the next pass, which comes as this one did. Where that was late only
 * because the last pass took so long, another one of that length would not make up for it.
 */
static int roll(struct cache *c, uint64_t interval_ns, uint64_t pause_ns, bool is_full)
{
	uint64_t ahead_ns = interval_ns < 2 * pause_ns ? interval_ns : 2 * pause_ns;
	size_t n = c->by_pid.n;
	int err = 0;

	c->share += (double)n * (double)interval_ns / (double)c->stale_ns;
	while (!err && n-- > 0) {
		struct tracked *t = TAILQ_FIRST(&c->all);
		bool is_due = is_full || t->examined_ns + c->stale_ns <= c->last_ns + ahead_ns;

		if (!is_due && c->share < 1)
			break;
		c->share = c->share < 1 ? 0 : c->share - 1;
		if (t->count == 0 || t->examined == c->pass || (!t->is_denied && !has_run(c, t)))
			move_to_end(c, t);
		else
			err = examine(c, t);
	}
	return err;
}

static int read_text(struct cache *c, const struct tracked *t, struct known *k)
{
	char path[40];
	int err = 0;

	snprintf(path, sizeof(path), "%d/fdinfo/%d", t->pid, k->fd);
	if (k->held == HELD_NONE)
		err = held_open(&c->held, c->proc, c->proc->fd, path, 0, &k->held);
	if (err)
		return err;
	err = k->held == HELD_NONE ? proc_read_file(c->proc, c->proc->fd, path, &k->text) :
	      held_read(c->proc, k->held, &k->text);
	k->t_ns = now_ns();
	if (err)
		return err;
	k->read = c->pass;
	c->proc->scan.reads++;
	if (walk_is_o_path(k->text.ptr))
		return -ENOENT;
	err = read_identity(&c->identity, buf_str(&k->text));
	if (err)
		return err;
	if (!k->is_named)
		return known_name(c, k);
	return is_same(&k->identity, &c->identity) ? 0 : -ENOENT;
}

/*
 * Reads the clients of @t that no pass read yet. Where one is no longer what it was, the process is
 * examined, which finds what there is instead.
 */
static int read_process(struct cache *c, struct tracked *t)
{
	for (size_t i = 0; i < t->n_known; i++) {
		struct known *k = t->known[i];
		int err;

		if (!k->is_reader || k->read == c->pass || walk_may_sleep(c->walk, k->rdev))
			continue;
		err = read_text(c, t, k);
		if (err == -ENOMEM)
			return err;
		if (!err)
			continue;
		forget(c, t, i);
		err = examine(c, t);
		if (err)
			return err;
		i = SIZE_MAX;
	}
	return 0;
}

/*
 * Until every client is read: an examination moves processes in the list under way, and where it lost the
 * reader of a client, another is to read, maybe in a process gone through before.
 */
static int read_clients(struct cache *c)
{
	do {
		c->is_moved = false;
		for (struct tracked *t = TAILQ_FIRST(&c->holding); t && !c->is_moved;
		     t = TAILQ_NEXT(t, holding)) {
			int err = read_process(c, t);

			if (err)
				return err;
		}
	} while (c->is_moved);
	return 0;
}

static int emit_process(const struct cache *c, const struct tracked *t, finder_emit *emit, void *arg)
{
	bool is_hidden = false;
	int err = 0;

	for (size_t i = 0; i < t->n_known && !err; i++) {
		const struct known *k = t->known[i];
		struct holder h = { .pid = t->pid, .fd = k->fd, .rdev = k->rdev, .t_ns = c->last_ns };
		bool may_sleep = walk_may_sleep(c->walk, k->rdev);

		/* nobody could tell whether reading it wakes something up */
		if (may_sleep && !k->rdev) {
			is_hidden = true;
			continue;
		}
		if (!may_sleep && k->is_reader) {
			h.text = buf_str(&k->text);
			h.t_ns = k->t_ns;
		} else if (!may_sleep) {
			h.text = buf_str(&k->identity);
			h.is_sharer = true;
		}
		err = emit(arg, &h);
	}
	c->proc->scan.denied += is_hidden && !t->is_denied;
	return err;
}

static int cached_find(void *state, finder_emit *emit, void *arg)
{
	struct cache *c = state;
	uint64_t now = now_ns(), interval = c->pass ? now - c->last_ns : 0;
	uint64_t denied = c->proc->scan.denied;
	bool is_full;
	int err;

	c->last_ns = now;
	c->pass++;
	c->own_pid = c->proc->is_own ? getpid() : 0;
	c->n_listed = 0;
	c->is_rung |= doorbell_rang(&c->bell, c->proc);
	is_full = c->is_rung && now - c->answered_ns >= c->stale_ns / RINGS_PER_STALE;
	walk_begin(c->walk, take_holder, c);
	err = proc_each_pid(c->proc, each_pid, c);
	if (!err)
		drop_unlisted(c);
	if (!err && c->pass > 1)
		err = roll(c, interval, now - c->end_ns, is_full);
	if (!err)
		err = read_clients(c);
	if (err)
		return err;
	if (is_full) {
		c->is_rung = false;
		c->answered_ns = now;
	}
	c->was_asleep = c->walk->any_asleep;
	/* the walk counted only those examined now */
	c->proc->scan.denied = denied + c->n_denied;
	for (struct tracked *t = TAILQ_FIRST(&c->holding); t && !err; t = TAILQ_NEXT(t, holding))
		err = emit_process(c, t, emit, arg);
	c->end_ns = now_ns();
	return err;
}

static void cached_close(void *state)
{
	struct cache *c = state;

	while (!TAILQ_EMPTY(&c->all))
		tracked_free(c, TAILQ_FIRST(&c->all));
	hash_done(&c->by_pid);
	hash_done(&c->by_client);
	doorbell_done(&c->bell);
	buf_done(&c->identity);
	walk_close(c->walk);
	free(c);
}

static int cached_open(const struct finder_env *env, struct finder_why *why, void **ret)
{
	struct cache *c = calloc(1, sizeof(*c));
	void *walk;

	(void)why;
	if (!c)
		return -ENOMEM;
	if (walk_new(env, "fd", walk_stat, &walk)) {
		free(c);
		return -ENOMEM;
	}
	c->walk = walk;
	c->proc = env->proc;
	c->stale_ns = env->stale_ns ? env->stale_ns :
		      env->proc->has_fd_counts ? STALE_COUNTED_NS : STALE_UNCOUNTED_NS;
	TAILQ_INIT(&c->all);
	TAILQ_INIT(&c->holding);
	held_init(&c->held);
	doorbell_init(&c->bell, env->dev ? env->dev : "/dev");
	*ret = c;
	return 0;
}

const struct finder_ops finder_by_cache = {
	.name = "cached",
	.help = "as stat, but only what may have changed since the last pass; needs what stat needs",
	.open = cached_open,
	.find = cached_find,
	.close = cached_close,
};
