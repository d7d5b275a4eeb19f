/* SPDX-License-Identifier: MIT */
/*
 * The list read in the kernel: each client with its open file, of which the processes that have to do with it
 * are asked in every pass, and all others as listed.h has it.
 */
#include "drmlist.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/sysmacros.h>

#include "../now.h"
#include "array.h"
#include "drm_clients.h"
#include "finder_walk.h"
#include "listed.h"
#include "open_files.h"

#define STALE_NS UINT64_C(30000000000)

struct item {
	uint64_t file_id, client_id;
	pid_t named;
	dev_t rdev;
	const struct listed_client *known;
	bool is_unplugged;
};

/* What is emitted; fd -1: a client without any descriptor. */
struct found {
	pid_t pid;
	int fd;
	size_t item;
};

struct drmlist {
	struct finder_env env;
	struct drm_clients *clients;
	struct listed listed;
	struct open_files files;
	struct item *items, *before;	/* of this pass and of the last one */
	size_t n_items, items_size, n_before, before_size;
	struct found *found;
	size_t n_found, found_size;
	struct buf identity;
};

/* A listed_look. */
static int look(void *arg, pid_t pid, const char *name)
{
	struct drmlist *l = arg;
	const struct bpf_client *fds;
	size_t n;
	int err = drm_clients_look(l->clients, pid, &fds, &n);

	(void)name;
	for (size_t i = 0; i < n && !err; i++)
		err = listed_fd_add(&l->listed, fds[i].holder.file_id, fds[i].holder.fd);
	return err;
}

static int add_item(struct drmlist *l, const struct item *item, uint64_t refs)
{
	struct listed_client *known;

	if (ARRAY_RESERVE(&l->items, &l->items_size, l->n_items + 1) ||
	    listed_add(&l->listed, item->file_id, item->named, refs, &known))
		return -ENOMEM;
	l->items[l->n_items] = *item;
	l->items[l->n_items++].known = known;
	return 0;
}

/*
 * A device that was unplugged is in no list, but whoever has it open is its client still, as the processes
 * tell. Nobody else is looked for: most of those that are no longer listed are closed.
 */
static int add_unplugged(struct drmlist *l)
{
	int err = 0;

	for (size_t i = 0; i < l->n_before && !err; i++) {
		struct item item = l->before[i];

		if (item.known->seen == l->listed.pass || item.known->n_fds == 0)
			continue;
		item.is_unplugged = true;
		err = add_item(l, &item, 0);
	}
	return err;
}

static void begin(struct drmlist *l)
{
	SWAP(l->before, l->items);
	SWAP(l->before_size, l->items_size);
	l->n_before = l->n_items;
	l->n_items = 0;
	listed_begin(&l->listed, now_ns());
}

static int read_list(struct drmlist *l)
{
	const struct bpf_client *list;
	size_t n;
	int err = drm_clients_list(l->clients, &list, &n);

	if (err)
		return err;
	begin(l);
	for (size_t i = 0; i < n && !err; i++) {
		const struct bpf_holder *h = &list[i].holder;
		struct item item = { .file_id = h->file_id, .client_id = list[i].client_id,
				     .named = (pid_t)h->pid, .rdev = makedev(h->major, h->minor) };

		err = add_item(l, &item, (uint64_t)list[i].refs);
	}
	return err ? err : add_unplugged(l);
}

static void add_found(struct drmlist *l, pid_t pid, int fd, size_t item)
{
	l->found[l->n_found++] = (struct found){ pid, fd, item };
}

static int compare_found(const void *va, const void *vb)
{
	const struct found *a = va, *b = vb;

	if (a->pid != b->pid)
		return a->pid < b->pid ? -1 : 1;
	return (a->fd > b->fd) - (a->fd < b->fd);
}

/* The holders of all clients, by process. */
static int collect(struct drmlist *l)
{
	bool in_container = drm_clients_in_container(l->clients);

	l->n_found = 0;
	for (size_t i = 0; i < l->n_items; i++) {
		const struct item *item = &l->items[i];
		const struct listed_client *known = item->known;

		if (ARRAY_RESERVE(&l->found, &l->found_size, l->n_found + known->n_fds + 1))
			return -ENOMEM;
		for (size_t n = 0; n < known->n_fds; n++)
			add_found(l, known->fds[n].pid, known->fds[n].fd, i);
		/* what no process here has to do with is of those outside */
		if (!known->n_fds && !item->is_unplugged && (item->named || !in_container))
			add_found(l, item->named, -1, i);
	}
	qsort(l->found, l->n_found, sizeof(*l->found), compare_found);
	return 0;
}

/*
 * What the kernel knows of a client that has no text. It would be wrong to remember one: before 6.5, without
 * a number of the client, another may be where its file was.
 */
static struct str identity_of(struct drmlist *l, const struct item *item)
{
	const struct device *d = devices_find(l->env.devices, item->rdev);

	if (!d || item->client_id == UNKNOWN)
		return (struct str){ 0 };
	buf_reset(&l->identity);
	buf_printf(&l->identity, "drm-driver:\t%s\ndrm-client-id:\t%llu\n", d->driver,
		   (unsigned long long)item->client_id);
	return buf_str(&l->identity);
}

static int emit_found(struct drmlist *l, const struct found *f, finder_emit *emit, void *arg)
{
	const struct item *item = &l->items[f->item];
	struct file_holder fh = { item->file_id, f->pid, f->fd, item->rdev };
	struct holder h = { .pid = f->pid, .fd = -1, .rdev = item->rdev, .is_sharer = true };

	if (f->fd >= 0)
		return open_files_emit(&l->files, &fh, emit, arg);
	h.text = identity_of(l, item);
	h.t_ns = now_ns();
	return l->identity.err ? l->identity.err : emit(arg, &h);
}

static int drmlist_find(void *state, finder_emit *emit, void *arg)
{
	struct drmlist *l = state;
	int err = read_list(l);

	if (!err)
		err = listed_settle(&l->listed);
	if (err) {
		/* half of a pass is forgotten, and with it what these refer to */
		l->n_items = 0;
		return err;
	}
	err = collect(l);
	if (err)
		return err;
	open_files_begin(&l->files);
	for (size_t i = 0; i < l->n_found && !err; i++)
		err = emit_found(l, &l->found[i], emit, arg);
	open_files_end(&l->files);
	return err;
}

static void drmlist_close(void *state)
{
	struct drmlist *l = state;

	drm_clients_free(l->clients);
	listed_done(&l->listed);
	open_files_done(&l->files);
	buf_done(&l->identity);
	free(l->items);
	free(l->before);
	free(l->found);
	free(l);
}

static int drmlist_open(const struct finder_env *env, struct finder_why *why, void **ret)
{
	struct drmlist *l = calloc(1, sizeof(*l));
	int err;

	if (!l)
		return -ENOMEM;
	l->env = *env;
	open_files_init(&l->files, &l->env);
	listed_init(&l->listed, env->proc, env->stale_ns ? env->stale_ns : STALE_NS, 0, look, l);
	err = drm_clients_new(&l->env, why, &l->clients);
	if (err)
		drmlist_close(l);
	else
		*ret = l;
	return err;
}

const struct finder_ops drmlist_by_bpf = {
	.name = "drmlist (bpf)",
	.help = "",
	.open = drmlist_open,
	.find = drmlist_find,
	.close = drmlist_close,
};
