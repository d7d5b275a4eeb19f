/* SPDX-License-Identifier: MIT */
#include "open_files.h"

#include <errno.h>
#include <stdlib.h>

#include "../now.h"
#include "array.h"

struct open_file {
	struct hash_node node;		/* by file_id */
	uint64_t seen, read;		/* passes */
	pid_t pid;			/* whose fdinfo is held */
	int fd;
	int fdinfo;			/* or HELD_NONE */
	struct buf identity;		/* the lines that say which client it is; empty where they do not */
};

void open_files_init(struct open_files *of, const struct finder_env *env)
{
	*of = (struct open_files){ .env = env };
	held_init(&of->held);
}

static void file_free(struct open_files *of, struct open_file *f)
{
	held_close(&of->held, of->env->proc, &f->fdinfo);
	buf_done(&f->identity);
	free(f);
}

void open_files_done(struct open_files *of)
{
	for (size_t i = 0; i < of->n; i++)
		file_free(of, of->files[i]);
	free(of->files);
	hash_done(&of->by_id);
	buf_done(&of->text);
	buf_done(&of->identity);
	buf_done(&of->path);
}

void open_files_begin(struct open_files *of)
{
	of->pass++;
	of->denied = 0;
}

void open_files_end(struct open_files *of)
{
	size_t kept = 0;

	for (size_t i = 0; i < of->n; i++) {
		struct open_file *f = of->files[i];

		if (f->seen == of->pass) {
			of->files[kept++] = f;
			continue;
		}
		hash_remove(&of->by_id, &f->node);
		file_free(of, f);
	}
	of->n = kept;
}

static int file_lookup(struct open_files *of, uint64_t id, struct open_file **ret)
{
	struct hash_node *node = hash_first(&of->by_id, id);
	struct open_file *f = (struct open_file *)node;

	if (!f) {
		if (ARRAY_RESERVE(&of->files, &of->size, of->n + 1))
			return -ENOMEM;
		f = calloc(1, sizeof(*f));
		if (!f || hash_add(&of->by_id, &f->node, id)) {
			free(f);
			return -ENOMEM;
		}
		f->fdinfo = HELD_NONE;
		of->files[of->n++] = f;
	}
	f->seen = of->pass;
	*ret = f;
	return 0;
}

/* fs/proc/fd.c prints the open flags, drm-usage-stats.rst names the rest. Empty without a client id. */
static int identity_of(struct str text, struct buf *ret)
{
	static const char *const keys[] = { "drm-driver:", "drm-pdev:", "drm-client-id:" };
	bool has_id = false;

	buf_reset(ret);
	while (text.len) {
		const char *newline = memchr(text.ptr, '\n', text.len);
		size_t len = newline ? (size_t)(newline + 1 - text.ptr) : text.len;

		for (size_t i = 0; i < 3; i++)
			if (str_starts(text, keys[i])) {
				buf_add_str(ret, (struct str){ text.ptr, len });
				has_id |= i == 2;
			}
		text.ptr += len;
		text.len -= len;
	}
	if (!has_id)
		buf_reset(ret);
	return ret->err;
}

static int read_once(struct open_files *of, const struct file_holder *h)
{
	struct proc *p = of->env->proc;

	buf_reset(&of->path);
	buf_printf(&of->path, "%d/fdinfo/%d", h->pid, h->fd);
	return of->path.err ? of->path.err : proc_read_file(p, p->fd, of->path.ptr, &of->text);
}

/* The text of @h, by the held descriptor of @f where there can be one. */
static int read_held(struct open_files *of, struct open_file *f, const struct file_holder *h)
{
	struct proc *p = of->env->proc;
	int err;

	if (f->fdinfo != HELD_NONE && f->pid == h->pid && f->fd == h->fd) {
		err = held_read(p, f->fdinfo, &of->text);
		/* gone: the number of the process may be another's by now */
		if (!proc_is_gone(err))
			return err;
	}
	held_close(&of->held, p, &f->fdinfo);
	buf_reset(&of->path);
	buf_printf(&of->path, "%d/fdinfo/%d", h->pid, h->fd);
	if (of->path.err)
		return of->path.err;
	err = held_open(&of->held, p, p->fd, of->path.ptr, 0, &f->fdinfo);
	if (err)
		return err;
	if (f->fdinfo == HELD_NONE)
		return proc_read_file(p, p->fd, of->path.ptr, &of->text);
	f->pid = h->pid;
	f->fd = h->fd;
	return held_read(p, f->fdinfo, &of->text);
}

static bool is_asleep(const struct open_files *of, dev_t rdev)
{
	const struct device *d = devices_find(of->env->devices, rdev);

	return d && d->power == DEVICE_ASLEEP;
}

/*
 * A text was read: remembers which client it is of. Where it is another's than before, either the number refers
 * to another file since the kernel was asked, or another file has the place, and so the id, of one that was
 * closed: the text is true of the number, and nobody shares what it says.
 */
static int learn(struct open_files *of, struct open_file *f)
{
	int err = identity_of(buf_str(&of->text), &of->identity);

	if (err)
		return err;
	if (f->identity.len && !of->identity.len)
		return 0;
	if (f->identity.len && !str_eq(buf_str(&f->identity), buf_str(&of->identity))) {
		buf_reset(&f->identity);
		return 0;
	}
	f->read = of->pass;
	if (f->identity.len)
		return 0;
	buf_add_str(&f->identity, buf_str(&of->identity));
	return f->identity.err;
}

int open_files_emit(struct open_files *of, const struct file_holder *fh, finder_emit *emit, void *arg)
{
	struct scan *scan = &of->env->proc->scan;
	struct holder h = { .pid = fh->pid, .fd = fh->fd, .rdev = fh->rdev };
	struct open_file *f;
	bool is_read;
	int err = file_lookup(of, fh->file_id, &f);

	if (err)
		return err;
	is_read = f->read == of->pass;
	h.is_sharer = is_read && f->identity.len;
	if (h.is_sharer || is_asleep(of, fh->rdev)) {
		if (h.is_sharer)
			h.text = buf_str(&f->identity);
		h.t_ns = now_ns();
		return emit(arg, &h);
	}
	err = is_read ? read_once(of, fh) : read_held(of, f, fh);
	scan->reads += !err;
	if (!err)
		err = learn(of, f);
	if (!err) {
		h.t_ns = now_ns();
		h.text = buf_str(&of->text);
		return emit(arg, &h);
	}
	if (proc_is_exhausted(err))
		return err;
	if (proc_is_denied(err)) {
		scan->denied += of->denied != fh->pid;
		of->denied = fh->pid;
	} else {
		scan->gone++;
	}
	return 0;
}
