/* SPDX-License-Identifier: MIT */
/*
 * The arms that are not finders: what one would write first, what top does, and gputop as a whole.
 */
#include "config.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#ifdef HAVE_LIBPROC2
#include <libproc2/pids.h>
#endif

#include "../fdinfo/source.h"
#include "bench_arm.h"
#include "layout.h"

#define PATH_SIZE 512

struct naive {
	const struct arm_env *env;
	struct fdinfo fi;
	struct buf text;
};

static int naive_open(const struct arm_env *env, const char *name, void **ret)
{
	struct naive *n = calloc(1, sizeof(*n));

	(void)name;
	if (!n)
		return -ENOMEM;
	n->env = env;
	*ret = n;
	return 0;
}

static void naive_close(void *state)
{
	struct naive *n = state;

	fdinfo_done(&n->fi);
	buf_done(&n->text);
	free(n);
}

/* As a first version is written: a FILE for each descriptor, line by line. */
static int naive_read(struct naive *n, const char *path, struct arm_pass *ret)
{
	FILE *file = fopen(path, "re");
	char line[512];

	if (!file) {
		ret->scan.gone++;
		return 0;
	}
	buf_reset(&n->text);
	while (fgets(line, sizeof(line), file))
		buf_add_str(&n->text, str_of(line));
	fclose(file);
	ret->scan.fds++;
	ret->scan.reads++;
	return n->text.err ? n->text.err : fdinfo_parse(&n->fi, buf_str(&n->text));
}

static int naive_process(struct naive *n, const char *proc, const char *pid, struct arm_pass *ret)
{
	char path[PATH_SIZE];
	struct dirent *entry;
	int err = 0;
	DIR *dir;

	snprintf(path, sizeof(path), "%s/%s/fdinfo", proc, pid);
	dir = opendir(path);
	if (!dir) {
		ret->scan.gone++;
		return 0;
	}
	ret->scan.processes++;
	while (!err && (entry = readdir(dir))) {
		if (entry->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "%s/%s/fdinfo/%s", proc, pid, entry->d_name);
		err = naive_read(n, path, ret);
		if (!err && n->text.len && n->fi.driver.ptr)
			arm_count(n->env, (pid_t)strtol(pid, NULL, 10), buf_str(&n->text), ret);
	}
	closedir(dir);
	return err;
}

static int naive_pass(void *state, struct arm_pass *ret)
{
	struct naive *n = state;
	const char *proc = n->env->proc ? n->env->proc : "/proc";
	DIR *dir = opendir(proc);
	struct dirent *entry;
	int err = 0;

	if (!dir)
		return -errno;
	while (!err && (entry = readdir(dir)))
		if (entry->d_name[0] >= '0' && entry->d_name[0] <= '9')
			err = naive_process(n, proc, entry->d_name, ret);
	closedir(dir);
	return err;
}

const struct arm_ops arm_naive = {
	.name = "naive",
	.help = "opens, reads line by line and parses every fdinfo, with stdio",
	.sees = ARM_USAGES,
	.open = naive_open,
	.pass = naive_pass,
	.close = naive_close,
};

#ifdef HAVE_LIBPROC2
/* The columns of top's first screen: PID USER PR NI VIRT RES SHR S %CPU %MEM TIME+ COMMAND. */
static enum pids_item top_items[] = {
	PIDS_ID_PID, PIDS_ID_EUSER, PIDS_PRIORITY, PIDS_NICE, PIDS_MEM_VIRT, PIDS_MEM_RES, PIDS_MEM_SHR,
	PIDS_STATE, PIDS_TICS_ALL_DELTA, PIDS_TICS_ALL, PIDS_CMD,
};

#define TICS_ALL_DELTA 8

static int top_open(const struct arm_env *env, const char *name, void **ret)
{
	struct pids_info *info = NULL;
	int err;

	(void)name;
	if (env->proc)
		return -EOPNOTSUPP;
	err = procps_pids_new(&info, top_items, N_OF(top_items));
	if (err < 0)
		return err;
	*ret = info;
	return 0;
}

static void top_close(void *state)
{
	struct pids_info *info = state;

	procps_pids_unref(&info);
}

static int top_pass(void *state, struct arm_pass *ret)
{
	struct pids_info *info = state;
	struct pids_fetch *fetch = procps_pids_reap(info, PIDS_FETCH_TASKS_ONLY);

	if (!fetch)
		return errno ? -errno : -EIO;
	if (!procps_pids_sort(info, fetch->stacks, fetch->counts->total, top_items[TICS_ALL_DELTA],
			      PIDS_SORT_DESCEND))
		return -EIO;
	ret->scan.processes = (uint64_t)fetch->counts->total;
	return 0;
}
#else
static int top_open(const struct arm_env *env, const char *name, void **ret)
{
	(void)env;
	(void)name;
	(void)ret;
	return -EOPNOTSUPP;
}

static int top_pass(void *state, struct arm_pass *ret)
{
	(void)state;
	(void)ret;
	return -EOPNOTSUPP;
}

static void top_close(void *state)
{
	(void)state;
}
#endif

const struct arm_ops arm_top = {
	.name = "top",
	.help = "what top(1) reads and sorts in a refresh, with libproc2; no descriptors",
	.sees = ARM_NOTHING,
	.open = top_open,
	.pass = top_pass,
	.close = top_close,
};

/* The screen of a large terminal. */
#define SCREEN_WIDTH 200
#define SCREEN_HEIGHT 60

struct whole {
	const struct arm_env *env;
	struct source *source;
	struct table *table;
	struct model model;
	struct view view;
	struct layout layout;
	struct screen screen;
};

static void whole_close(void *state)
{
	struct whole *w = state;

	source_free(w->source);
	table_free(w->table);
	view_done(&w->view);
	layout_done(&w->layout);
	screen_done(&w->screen);
	free(w);
}

static int whole_open(const struct arm_env *env, const char *name, void **ret)
{
	struct live_options live = { .proc = env->proc, .sys = env->sys, .majors = env->majors,
				     .n_majors = env->n_majors, .stale_ns = env->stale_ns };
	struct whole *w = calloc(1, sizeof(*w));
	struct finder_why why;
	int err;

	(void)name;
	if (!w)
		return -ENOMEM;
	w->env = env;
	model_init(&w->model);
	w->model.view.all = true;
	err = source_live_new(&live, &why, &w->source);
	if (!err)
		err = table_new(&w->table);
	if (!err)
		err = screen_resize(&w->screen, SCREEN_WIDTH, SCREEN_HEIGHT);
	if (err)
		whole_close(w);
	else
		*ret = w;
	return err;
}

static int whole_pass(void *state, struct arm_pass *ret)
{
	struct whole *w = state;
	int err = source_next(w->source, w->table);
	const struct snapshot *s;

	if (err < 0)
		return err;
	s = table_snapshot(w->table);
	err = view_select(&w->view, &w->model.view, s);
	if (err)
		return err;
	layout_plan(&w->layout, &w->model, s, &w->view, SCREEN_WIDTH, SCREEN_HEIGHT);
	screen_clear(&w->screen);
	layout_draw(&w->layout, &w->model, s, &w->view, &w->screen);
	ret->scan = s->frame.scan;
	for (size_t i = 0; i < s->n_clients; i++)
		for (size_t j = 0; j < s->clients[i].n_holders; j++)
			arm_count(w->env, s->clients[i].holders[j].pid, (struct str){ 0 }, ret);
	return 0;
}

const struct arm_ops arm_gputop = {
	.name = "gputop",
	.help = "a whole frame: the auto finder, processes, table, order, a drawn screen of 200 x 60",
	.sees = ARM_HOLDERS,
	.is_counted = true,
	.open = whole_open,
	.pass = whole_pass,
	.close = whole_close,
};
