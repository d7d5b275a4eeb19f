/* SPDX-License-Identifier: MIT */
/*
 * gputop-bpf-pin: keeps the walk of the descriptor tables in the kernel for a group, so that gputop needs no
 * capability to use it. It runs once and leaves a mounted bpffs behind.
 */
#include "config.h"

#include <dirent.h>
#include <err.h>
#include <errno.h>
#include <getopt.h>
#include <grp.h>
#include <limits.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "../fdinfo/bpf_walk.h"
#include "../fdinfo/bpf_why.h"
#include "../fdinfo/finder.h"
#include "../fdinfo/number.h"

static const char usage[] =
	"usage: gputop-bpf-pin [-g GROUP] [-d DIR]\n"
	"       gputop-bpf-pin -r [-d DIR]\n"
	"Lets the members of a group (render) find GPU clients with the bpf finder of gputop.\n\n"
	"  -g GROUP  who may, a name or a number\n"
	"  -d DIR    where to mount the bpffs that keeps it (" BPF_WALK_PINS ", where gputop looks)\n"
	"  -r        take it back\n"
	"  -h, -V    this text, the version\n";

static const char *const pins[] = { BPF_WALK_PIN_TASKS, BPF_WALK_PIN_FILES };

static bool is_mounted(const char *dir)
{
	struct statfs fs;

	return statfs(dir, &fs) == 0 && (uint32_t)fs.f_type == BPF_FS_MAGIC;
}

/* Both pins are in it, and nothing but what the kernel puts into every bpffs. */
static bool is_ours(const char *path)
{
	const struct dirent *e;
	DIR *dir = opendir(path);
	size_t n_pins = 0, n_strange = 0;

	while (dir && (e = readdir(dir))) {
		const char *dot = strrchr(e->d_name, '.');

		if (strcmp(e->d_name, pins[0]) == 0 || strcmp(e->d_name, pins[1]) == 0)
			n_pins++;
		else if (*e->d_name != '.' && !(dot && strcmp(dot, ".debug") == 0))
			n_strange++;
	}
	if (dir)
		closedir(dir);
	return n_pins == N_OF(pins) && n_strange == 0;
}

/* Who has the iterators open keeps them. */
static int take_down(const char *dir)
{
	if (is_mounted(dir) && umount2(dir, MNT_DETACH | UMOUNT_NOFOLLOW))
		return -errno;
	return rmdir(dir) && errno != ENOENT ? -errno : 0;
}

/* -EEXIST: the bpffs there is somebody else's. */
static int take_back(const char *dir)
{
	return is_mounted(dir) && !is_ours(dir) ? -EEXIST : take_down(dir);
}

static int load(struct bpf_walk **ret)
{
	unsigned int majors[FINDER_MAX_MAJORS];
	struct proc proc;
	struct finder_env env = { .proc = &proc };
	struct finder_why why = { 0 };
	size_t n;
	int err = proc_init(&proc, NULL);

	if (err) {
		warnx("/proc: %s", strerror(-err));
		return err;
	}
	n = proc_gpu_majors(&proc, majors, FINDER_MAX_MAJORS);
	err = bpf_check(&env, &why);
	if (!err) {
		err = bpf_walk_load(majors, n, ret);
		if (err)
			bpf_refuse(&why, err);
	}
	if (err)
		warnx("%s", why.reason);
	proc_done(&proc);
	return err;
}

/* Nobody but root can look before all of it is there. */
static int keep(const struct bpf_walk *walk, const char *dir, gid_t group)
{
	char path[PATH_MAX];
	int err;

	if ((mkdir(dir, 0700) && errno != EEXIST) ||
	    mount("bpf", dir, "bpf", MS_NOSUID | MS_NODEV | MS_NOEXEC, "mode=0700"))
		return -errno;
	err = bpf_walk_pin(walk, dir);
	for (size_t i = 0; i < N_OF(pins) && !err; i++) {
		snprintf(path, sizeof(path), "%s/%s", dir, pins[i]);
		if (chown(path, 0, group) || chmod(path, 0440))
			err = -errno;
	}
	if (!err && (chown(dir, 0, group) || chmod(dir, 0750)))
		err = -errno;
	if (err)
		take_down(dir);
	return err;
}

static int find_group(const char *name, gid_t *ret)
{
	const struct group *group = getgrnam(name);
	uint64_t number;

	if (!group && parse_number(str_of(name), 0, UINT32_MAX - 1, &number))
		return -ENOENT;
	*ret = group ? group->gr_gid : (gid_t)number;
	return 0;
}

int main(int argc, char *argv[])
{
	const char *dir = BPF_WALK_PINS, *group_name = "render";
	struct bpf_walk *walk = NULL;
	bool is_removal = false;
	gid_t group = 0;
	int key, error;

	while ((key = getopt(argc, argv, "d:g:hrV")) != -1) {
		if (key == 'd')
			dir = optarg;
		else if (key == 'g')
			group_name = optarg;
		else if (key == 'r')
			is_removal = true;
		else if (key == 'h' || key == 'V')
			return fputs(key == 'h' ? usage : PACKAGE_STRING "\n", stdout) < 0 || fflush(stdout);
		else
			return 2;
	}
	if (optind < argc)
		errx(2, "unexpected argument '%s' (see -h)", argv[optind]);
	if (!is_removal && find_group(group_name, &group))
		errx(1, "there is no group '%s' (see -g)", group_name);
	error = is_removal ? 0 : load(&walk);
	if (error)
		return 1;
	/* what an earlier run left goes when the new one is sure */
	error = take_back(dir);
	if (!error && walk)
		error = keep(walk, dir, group);
	bpf_walk_close(walk);
	if (error)
		errx(1, "%s: %s", dir, error == -EEXIST ? "a bpffs that is not ours" : strerror(-error));
	return 0;
}
