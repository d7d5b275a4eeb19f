/* SPDX-License-Identifier: MIT */
#include "profiling.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../fdinfo/array.h"
#include "../fdinfo/number.h"
#include "../fdinfo/sysfs.h"

struct knobs {
	struct profiling_knob *list;
	size_t n, size;
};

/* Where the attribute @dir/@name/@attribute is there. */
static int add(struct knobs *k, const char *driver, unsigned int on, const char *dir, const char *name,
	       const char *attribute)
{
	struct profiling_knob knob = { .on = on };
	char path[PATH_MAX], text[16];
	uint64_t value;

	if (snprintf(path, sizeof(path), "%s/%s", dir, name) >= PATH_MAX ||
	    snprintf(knob.path, sizeof(knob.path), "%s/%s/%s", dir, name, attribute) >= PATH_MAX ||
	    snprintf(knob.device, sizeof(knob.device), "%s", name) >= (int)sizeof(knob.device) ||
	    sysfs_read(path, attribute, text, sizeof(text)) ||
	    parse_number(str_of(text), 0, UINT8_MAX, &value))
		return 0;
	knob.value = (unsigned int)value;
	snprintf(knob.driver, sizeof(knob.driver), "%s", driver);
	if (ARRAY_RESERVE(&k->list, &k->size, k->n + 1))
		return -ENOMEM;
	k->list[k->n++] = knob;
	return 0;
}

static int add_driver(struct knobs *k, const char *sys, const char *driver, unsigned int on)
{
	char dir[PATH_MAX];
	struct dirent *e;
	int err = 0;
	DIR *d;

	snprintf(dir, sizeof(dir), "%s/bus/platform/drivers/%s", sys, driver);
	d = opendir(dir);
	while (d && !err && (e = readdir(d)))
		err = e->d_name[0] == '.' ? 0 : add(k, driver, on, dir, e->d_name, "profiling");
	if (d)
		closedir(d);
	return err;
}

static int add_debugfs(struct knobs *k, const char *sys)
{
	char dir[PATH_MAX], path[PATH_MAX], name[64];
	struct dirent *e;
	int err = 0;
	DIR *d;

	snprintf(dir, sizeof(dir), "%s/kernel/debug/dri", sys);
	d = opendir(dir);
	while (d && !err && (e = readdir(d))) {
		/* "panfrost dev=fb000000.gpu unique=..." */
		if (snprintf(path, sizeof(path), "%s/%s", dir, e->d_name) < PATH_MAX &&
		    sysfs_read(path, "name", name, sizeof(name)) == 0 && strncmp(name, "panfrost ", 9) == 0)
			err = add(k, "panfrost", 1, dir, e->d_name, "profile");
	}
	if (d)
		closedir(d);
	return err;
}

int profiling_find(const char *sys, struct profiling_knob **ret, size_t *ret_n)
{
	struct knobs k = { 0 };
	int err;

	if (!sys)
		sys = "/sys";
	err = add_driver(&k, sys, "panfrost", 1);
	if (!err)
		err = add_driver(&k, sys, "panthor", 3);
	if (!err)
		err = add_debugfs(&k, sys);
	if (err) {
		free(k.list);
		return err;
	}
	*ret = k.list;
	*ret_n = k.n;
	return 0;
}
