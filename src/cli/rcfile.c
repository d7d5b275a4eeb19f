/* SPDX-License-Identifier: MIT */
#include "rcfile.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../ini_file.h"
#include "../report/write_all.h"
#include "format.h"

int rcfile_path(char *ret, size_t size)
{
	const char *own = getenv("GPUTOPRC"), *xdg = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
	int n;

	if (own && *own)
		n = snprintf(ret, size, "%s", own);
	else if (xdg && *xdg == '/')
		n = snprintf(ret, size, "%s/gputop/gputoprc", xdg);
	else if (home && *home)
		n = snprintf(ret, size, "%s/.config/gputop/gputoprc", home);
	else
		return -ENOENT;
	return n < 0 || (size_t)n >= size ? -ENOENT : 0;
}

static int take_key(void *arg, const char *section, const char *key, const char *value, char *why, size_t size)
{
	struct options *o = arg;

	if (!*section && options_set(o, key, value) == 0)
		return 0;
	snprintf(why, size, "%s", *section ? "there are no [sections] in this file" : o->error);
	return -EINVAL;
}

int rcfile_read(const char *path, struct options *ret, char *error, size_t size)
{
	struct options o;
	struct buf wrong = { 0 };
	const char *text;
	int err;

	options_init(&o);
	err = ini_file_read(path, take_key, &o, &wrong);
	if (err == -ENOENT || err == -ENOTDIR)
		err = 0;
	/* there is room for one line */
	text = buf_str(&wrong).ptr;
	if (err)
		snprintf(error, size, "%.*s", (int)strcspn(text, "\n"), text);
	buf_done(&wrong);
	if (err)
		return err;
	/* A recording's own pace is not for the file to change. */
	o.has_delay = false;
	*ret = o;
	return 0;
}

static void add_column(const struct column *c, struct buf *out)
{
	buf_printf(out, "%s%s%s", c->field->key, *c->of ? ":" : "", c->of);
}

/* The lines of the file for what is chosen now. */
static void write_text(const struct model *m, struct buf *out)
{
	uint64_t delay_ns = m->mode == MODE_LIVE ? m->delay_ns : m->saved_delay_ns;

	buf_printf(out, "# Made by gputop: name = value, as the options of its command line.\n");
	buf_printf(out, "theme = %s\n", theme_names[m->theme]);
	buf_printf(out, "units = %s\n", units_names[m->units]);
	buf_printf(out, "delay = %" PRIu64 ".%02" PRIu64 "\n", delay_ns / NSEC_PER_SEC,
		   delay_ns % NSEC_PER_SEC / 10000000);
	buf_printf(out, "all = %s\n", m->view.all ? "yes" : "no");
	buf_printf(out, "tree = %s\n", m->view.tree ? "yes" : "no");
	buf_printf(out, "no-mouse = %s\n", m->no_mouse ? "yes" : "no");
	if (m->view.group)
		buf_printf(out, "group = %s\n", m->view.group->key);
	if (m->view.sort.field) {
		buf_printf(out, "sort = %s", m->view.reverse ? "-" : "");
		add_column(&m->view.sort, out);
		buf_printf(out, "\n");
	}
	if (m->default_columns)
		return;
	for (size_t i = 0; i < m->n_columns; i++) {
		buf_printf(out, i ? "," : "fields = ");
		add_column(&m->columns[i], out);
	}
	buf_printf(out, "\n");
}

/* All directories that are missing on the way to @path. */
static void make_directories(const char *path)
{
	char part[PATH_MAX];

	for (const char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		snprintf(part, sizeof(part), "%.*s", (int)(slash - path), path);
		(void)mkdir(part, 0700);
	}
}

static int write_new(const char *path, const char *temporary, int fd, const struct buf *text)
{
	struct stat old;
	int err = text->err ? text->err : write_all(fd, text->ptr, text->len);

	if (!err && stat(path, &old) == 0 && fchmod(fd, old.st_mode & 0777))
		err = -errno;
	if (!err && fsync(fd))
		err = -errno;
	if (!err && rename(temporary, path))
		err = -errno;
	return err;
}

int rcfile_write(const char *path, const struct model *m)
{
	char real[PATH_MAX], temporary[PATH_MAX + 8];
	struct buf text = { 0 };
	struct stat old;
	int fd, err;

	make_directories(path);
	if (realpath(path, real))
		path = real;
	/* The new file takes the place of the old one, which /dev/null is not to lose. */
	if (stat(path, &old) == 0 && !S_ISREG(old.st_mode))
		return S_ISDIR(old.st_mode) ? -EISDIR : -EINVAL;
	snprintf(temporary, sizeof(temporary), "%s.XXXXXX", path);
	fd = mkostemp(temporary, O_CLOEXEC);
	if (fd < 0)
		return -errno;
	write_text(m, &text);
	err = write_new(path, temporary, fd, &text);
	if (err)
		unlink(temporary);
	close(fd);
	buf_done(&text);
	return err;
}
