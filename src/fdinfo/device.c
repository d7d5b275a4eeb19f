/* SPDX-License-Identifier: MIT */
#include "device.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "array.h"
#include "buf.h"
#include "device_facts.h"
#include "sysfs.h"

/*
 * Devices and, in parallel, their directories in sysfs (NULL for a node without a device) and what is open
 * there (NULL until sensors are read).
 */
struct list {
	struct device *devices;
	char **dirs;
	struct sensor_files **files;
	size_t n;
	size_t devices_size, dirs_size, files_size;	/* allocated */
};

struct devices {
	char *sys;
	bool is_own;		/* sys is this machine's own: libdrm speaks of the same devices */
	struct list list;
	struct buf listing;	/* the nodes that list was made from */
	bool is_complete;	/* and none of them was half there */
	struct buf now;		/* the nodes there are now */
};

/* A node on its way into a list. */
struct found {
	struct device_node node;
	uint32_t inode;		/* as listed; so much of it as tells one from the next */
	char *dir;		/* its device's directory, or NULL */
};

struct founds {
	struct found *items;
	size_t n;
	size_t items_size;	/* allocated */
};

static void list_done(struct list *l)
{
	for (size_t i = 0; i < l->n; i++) {
		free(l->dirs[i]);
		sensor_files_close(l->files[i]);
	}
	free(l->dirs);
	free(l->files);
	free(l->devices);
}

static void founds_done(struct founds *f)
{
	for (size_t i = 0; i < f->n; i++)
		free(f->items[i].dir);
	free(f->items);
}

/* "card0", "renderD128", "accel0"; not "card0-HDMI-A-1", "version" or the "controlD64" of old. */
static bool is_node_name(const char *name)
{
	static const char *const kinds[] = { "card", "renderD", "accel" };

	if (strlen(name) >= sizeof(((struct device_node *)NULL)->name))
		return false;
	for (size_t i = 0; i < N_OF(kinds); i++) {
		size_t len = strlen(kinds[i]);

		if (strncmp(name, kinds[i], len) == 0 && name[len])
			return name[len + strspn(name + len, "0123456789")] == '\0';
	}
	return false;
}

/* Adds "drm/card0 INODE" for each node: the inode tells a new card0 from the card0 before it. */
static int list_class(const char *sys, const char *class, struct buf *ret)
{
	_Alignas(struct dirent64) char entries[4096];
	char path[PATH_MAX];
	int fd, err;
	ssize_t n;

	if (snprintf(path, sizeof(path), "%s/class/%s", sys, class) >= (int)sizeof(path))
		return -ENAMETOOLONG;
	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT || errno == ENOTDIR ? 0 : -errno;
	while ((n = getdents64(fd, entries, sizeof(entries))) > 0) {
		const struct dirent64 *e;

		for (ssize_t at = 0; at < n; at += e->d_reclen) {
			e = (const struct dirent64 *)(entries + at);
			if (is_node_name(e->d_name))
				buf_printf(ret, "%s/%s %ju\n", class, e->d_name,
					   (uintmax_t)e->d_ino);
		}
	}
	err = n < 0 ? -errno : ret->err;
	close(fd);
	return err;
}

/*
 * Reads the node @path, "drm/card0". Returns 0, -ENOMEM, or another -errno where the node is half
 * there: it comes or goes at this moment.
 */
static int read_node(const char *sys, const char *path, struct found *ret)
{
	char dir[PATH_MAX], text[32], *colon, *end;
	unsigned long major, minor;
	int err;

	if (snprintf(dir, sizeof(dir), "%s/class/%s", sys, path) >= (int)sizeof(dir))
		return -ENAMETOOLONG;
	err = sysfs_read(dir, "dev", text, sizeof(text));
	if (err)
		return err;
	major = strtoul(text, &colon, 10);
	minor = *colon == ':' ? strtoul(colon + 1, &end, 10) : 0;
	if (*colon != ':' || end == colon + 1)
		return -EINVAL;
	*ret = (struct found){ .node.rdev = makedev((unsigned int)major, (unsigned int)minor) };
	snprintf(ret->node.name, sizeof(ret->node.name), "%s", strchr(path, '/') + 1);
	snprintf(dir, sizeof(dir), "%s/class/%s/device", sys, path);
	ret->dir = realpath(dir, NULL);
	return ret->dir || errno != ENOMEM ? 0 : -ENOMEM;
}

/* Reads the nodes of @listing; sets @complete if none was missing. 0 or -ENOMEM. */
static int read_nodes(const char *sys, struct buf *listing, struct founds *f, bool *complete)
{
	char path[64];

	*complete = true;
	for (const char *line = listing->ptr; line && *line; line = strchr(line, '\n') + 1) {
		int err = ARRAY_RESERVE(&f->items, &f->items_size, f->n + 1);

		if (err)
			return err;
		snprintf(path, sizeof(path), "%.*s", (int)strcspn(line, " "), line);
		err = read_node(sys, path, &f->items[f->n]);
		if (err == -ENOMEM)
			return err;
		if (err) {
			*complete = false;
			continue;
		}
		f->items[f->n++].inode = (uint32_t)strtoumax(line + strcspn(line, " "), NULL, 10);
	}
	return 0;
}

static int compare_numbers(const void *va, const void *vb)
{
	const struct found *a = va, *b = vb;
	unsigned int x = major(a->node.rdev), y = major(b->node.rdev);

	if (x == y) {
		x = minor(a->node.rdev);
		y = minor(b->node.rdev);
	}
	return (x > y) - (x < y);
}

/* Adds a node to its device, or a device for it. Takes f->dir. 0 or -ENOMEM. */
static int list_add(struct list *l, struct found *f)
{
	struct device *d;
	size_t i = 0;
	int err;

	while (i < l->n && (!f->dir || !l->dirs[i] || strcmp(l->dirs[i], f->dir) != 0))
		i++;
	if (i == l->n) {
		err = ARRAY_RESERVE(&l->devices, &l->devices_size, i + 1);
		if (!err)
			err = ARRAY_RESERVE(&l->dirs, &l->dirs_size, i + 1);
		if (!err)
			err = ARRAY_RESERVE(&l->files, &l->files_size, i + 1);
		if (err)
			return err;
		l->devices[i] = (struct device){ .nodes[0] = f->node, .n_nodes = 1, .instance = f->inode };
		l->dirs[i] = f->dir;
		l->files[i] = NULL;
		f->dir = NULL;
		l->n++;
		return 0;
	}
	d = &l->devices[i];
	/* numbers only grow: a node that comes later does not make the device another */
	if (f->inode < d->instance)
		d->instance = f->inode;
	if (d->n_nodes < DEVICE_MAX_NODES)
		d->nodes[d->n_nodes++] = f->node;
	return 0;
}

/* Makes the list anew from ds->now. */
static int rebuild(struct devices *ds)
{
	struct founds f = { 0 };
	struct libdrm drm = { 0 };
	struct list new = { 0 };
	struct buf old = ds->listing;
	bool complete;
	int err;

	err = read_nodes(ds->sys, &ds->now, &f, &complete);
	if (err)
		goto out;
	if (f.n)
		qsort(f.items, f.n, sizeof(f.items[0]), compare_numbers);
	for (size_t i = 0; i < f.n; i++) {
		err = list_add(&new, &f.items[i]);
		if (err)
			goto out;
	}
	if (ds->is_own)
		libdrm_init(&drm);
	for (size_t i = 0; i < new.n; i++)
		device_describe(&new.devices[i], new.dirs[i], &drm);
	libdrm_done(&drm);
	list_done(&ds->list);
	ds->list = new;
	ds->listing = ds->now;
	ds->now = old;
	ds->is_complete = complete;
	new = (struct list){ 0 };
out:
	list_done(&new);
	founds_done(&f);
	return err;
}

int devices_refresh(struct devices *ds)
{
	static const char *const classes[] = { "drm", "accel" };
	struct list *l = &ds->list;
	int err;

	buf_reset(&ds->now);
	for (size_t i = 0; i < N_OF(classes); i++) {
		err = list_class(ds->sys, classes[i], &ds->now);
		if (err)
			return err;
	}
	if (!ds->is_complete || !str_eq(buf_str(&ds->now), buf_str(&ds->listing))) {
		err = rebuild(ds);
		if (err)
			return err;
	}
	for (size_t i = 0; i < l->n; i++)
		if (l->dirs[i])
			l->devices[i].power = device_read_power(l->dirs[i]);
	return 0;
}

int devices_new(const char *sys, struct devices **ret)
{
	struct devices *ds = calloc(1, sizeof(*ds));

	if (!ds)
		return -ENOMEM;
	ds->is_own = !sys;
	ds->sys = strdup(sys ? sys : "/sys");
	if (!ds->sys || devices_refresh(ds) == -ENOMEM) {
		devices_free(ds);
		return -ENOMEM;
	}
	*ret = ds;
	return 0;
}

void devices_free(struct devices *ds)
{
	if (!ds)
		return;
	list_done(&ds->list);
	buf_done(&ds->listing);
	buf_done(&ds->now);
	free(ds->sys);
	free(ds);
}

static const char *card_of(const struct device *d)
{
	for (size_t i = 0; i < d->n_nodes; i++)
		if (strncmp(d->nodes[i].name, "card", 4) == 0)
			return d->nodes[i].name;
	return "";
}

int devices_read_sensors(struct devices *ds, uint64_t t_ns, struct scan *scan)
{
	struct list *l = &ds->list;

	for (size_t i = 0; i < l->n; i++) {
		struct device *d = &l->devices[i];

		if (!l->dirs[i])
			continue;
		if (!l->files[i] && sensor_files_open(l->dirs[i], card_of(d), scan, &l->files[i]))
			return -ENOMEM;
		sensor_files_read(l->files[i], d->power == DEVICE_AWAKE, t_ns, &d->sensors, scan);
	}
	return 0;
}

const struct device *devices_list(const struct devices *ds, size_t *ret_n)
{
	*ret_n = ds->list.n;
	return ds->list.devices;
}

const struct device *devices_find(const struct devices *ds, dev_t rdev)
{
	for (size_t i = 0; i < ds->list.n; i++) {
		const struct device *d = &ds->list.devices[i];

		for (size_t k = 0; k < d->n_nodes; k++)
			if (d->nodes[k].rdev == rdev)
				return d;
	}
	return NULL;
}
