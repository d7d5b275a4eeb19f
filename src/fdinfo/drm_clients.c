/* SPDX-License-Identifier: MIT */
#include "drm_clients.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/random.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <clients.skel.h>

#include "bpf_why.h"

/* How often a list is read that changes while it is read. */
#define MAX_TRIES 8

#define MAX_FAILURES 3

struct drm_clients {
	const struct finder_env *env;
	struct clients_bpf *programs;
	bool has_drm;
	int btf;		/* of the module drm, readable for as long as that is there; -1: none */
	unsigned int n_failures;	/* to load, one after the other */
};

static void unload(struct drm_clients *c)
{
	clients_bpf__destroy(c->programs);
	c->programs = NULL;
	if (c->btf >= 0)
		close(c->btf);
	c->btf = -1;
}

void drm_clients_free(struct drm_clients *c)
{
	if (c)
		unload(c);
	free(c);
}

static bool is_drm_there(void)
{
	return access("/sys/module/drm", F_OK) == 0;
}

/* Where struct @type has @member, in bytes; 0 if it has none. */
static __u32 offset_of(const struct btf *btf, const char *type, const char *member)
{
	const struct btf_type *t;
	__s32 id = btf__find_by_name_kind(btf, type, BTF_KIND_STRUCT);

	if (id < 0)
		return 0;
	t = btf__type_by_id(btf, (__u32)id);
	for (__u32 i = 0; i < btf_vlen(t); i++)
		if (strcmp(btf__name_by_offset(btf, btf_members(t)[i].name_off), member) == 0)
			return btf_member_bit_offset(t, i) / 8;
	return 0;
}

/* libbpf looks into modules for CO-RE only where it may ask for all of them: CAP_SYS_ADMIN. */
static int read_layout(struct drm_layout *ret)
{
	struct btf *base = btf__load_vmlinux_btf();
	struct btf *module = base ? btf__load_module_btf("drm", base) : NULL;
	const struct btf *drm = module ? module : base;

	if (!base)
		return -errno;
	*ret = (struct drm_layout){
		.minor_type = offset_of(drm, "drm_minor", "type"),
		.minor_dev = offset_of(drm, "drm_minor", "dev"),
		.device_filelist = offset_of(drm, "drm_device", "filelist"),
		.file_lhead = offset_of(drm, "drm_file", "lhead"),
		.file_pid = offset_of(drm, "drm_file", "pid"),
		.file_filp = offset_of(drm, "drm_file", "filp"),
		.file_client_id = offset_of(drm, "drm_file", "client_id"),
	};
	btf__free(module);
	btf__free(base);
	return ret->minor_type && ret->minor_dev && ret->device_filelist && ret->file_lhead && ret->file_pid &&
	       ret->file_filp ? 0 : -EOPNOTSUPP;
}

/* What the program returns, or -errno. */
static int run(const struct drm_clients *c, const struct bpf_program *program)
{
	LIBBPF_OPTS(bpf_test_run_opts, opts);
	int err = bpf_prog_test_run_opts(bpf_program__fd(program), &opts);

	c->env->proc->scan.syscalls[SYSCALL_OTHER]++;
	return err ? err : (int)opts.retval;
}

/* Into the programs' clients[]. -EAGAIN: what there is of it is worth seeing. */
static int list(const struct drm_clients *c)
{
	int err = -EAGAIN;

	for (int i = 0; i < MAX_TRIES && err == -EAGAIN; i++)
		err = run(c, c->programs->progs.list_clients);
	return err;
}

static int open_programs(struct drm_clients *c, const struct drm_layout *layout)
{
	struct clients_bpf *p = clients_bpf__open();

	c->programs = p;
	if (!p)
		return -errno;
	for (size_t i = 0; i < c->env->n_majors; i++)
		p->rodata->majors[i] = c->env->majors[i];
	p->rodata->n_majors = (__u32)c->env->n_majors;
	p->rodata->drm = *layout;
	if (getrandom((void *)p->rodata->key, sizeof(p->rodata->key), 0) != (ssize_t)sizeof(p->rodata->key))
		return -EIO;
	return clients_bpf__load(p);
}

static int load(struct drm_clients *c, struct finder_why *why)
{
	struct drm_layout layout = { 0 };
	int err = bpf_check(c->env, why);

	if (err)
		return err;
	c->has_drm = is_drm_there();
	c->btf = c->has_drm ? open("/sys/kernel/btf/drm", O_RDONLY | O_CLOEXEC) : -1;
	if (c->has_drm && read_layout(&layout))
		return finder_refuse(why, -EOPNOTSUPP, "the kernel has no BTF of DRM",
				     "a kernel with CONFIG_DEBUG_INFO_BTF_MODULES");
	err = open_programs(c, &layout);
	if (err)
		return bpf_refuse(why, err);
	err = run(c, c->programs->progs.find_lists);
	if (proc_is_denied(err))
		return finder_refuse(why, err, "the kernel hides its symbols from this process",
				     "CAP_SYSLOG, or root; and kernel.kptr_restrict not 2");
	if (err == -ENOENT && c->has_drm)
		return finder_refuse(why, err, "DRM's list of devices is not among the kernel's symbols", NULL);
	if (err)
		return err == -ENOENT ? 0 : err;
	return list(c) == -E2BIG ? finder_refuse(why, -E2BIG, "there are more clients than it has room for", NULL) : 0;
}

int drm_clients_new(const struct finder_env *env, struct finder_why *why, struct drm_clients **ret)
{
	struct drm_clients *c = calloc(1, sizeof(*c));
	int err;

	if (!c)
		return -ENOMEM;
	c->env = env;
	c->btf = -1;
	/* it would print to stderr; what went wrong is in the error */
	libbpf_set_print(NULL);
	err = load(c, why);
	if (err)
		drm_clients_free(c);
	else
		*ret = c;
	return err;
}

/* Whether the programs are for the DRM that is there. */
static bool is_current(const struct drm_clients *c)
{
	char byte;

	if (!c->programs)
		return false;
	c->env->proc->scan.syscalls[c->btf < 0 ? SYSCALL_OTHER : SYSCALL_READ]++;
	/* the file of a module that was removed cannot be read, though another took its name */
	return c->btf < 0 ? c->has_drm == is_drm_there() : pread(c->btf, &byte, 1, 0) == 1;
}

int drm_clients_list(struct drm_clients *c, const struct bpf_client **ret, size_t *ret_n)
{
	int err = 0;

	*ret_n = 0;
	if (!is_current(c)) {
		struct finder_why why;

		unload(c);
		err = is_drm_there() ? load(c, &why) : 0;
		if (err)
			unload(c);
		/* a module that is being loaded is there before its types and symbols are, and before any client */
		c->n_failures = err ? c->n_failures + 1 : 0;
		if (err && err != -ENOMEM && c->n_failures < MAX_FAILURES)
			return 0;
	}
	if (!err && c->programs && c->has_drm) {
		err = list(c);
		*ret = c->programs->bss->clients;
		*ret_n = c->programs->bss->n_clients;
	}
	if (!err || err == -EAGAIN)
		return 0;
	return err == -ENOMEM ? err : -ENODEV;
}

int drm_clients_look(struct drm_clients *c, pid_t pid, const struct bpf_client **ret, size_t *ret_n)
{
	int err;

	*ret_n = 0;
	/* DRM is gone, so that nobody can have it open */
	if (!c->programs)
		return 0;
	c->programs->bss->asked_pid = (__u32)pid;
	err = run(c, c->programs->progs.walk_process);
	if (err)
		return err;
	c->env->proc->scan.fds += c->programs->bss->n_fds;
	*ret = c->programs->bss->clients;
	*ret_n = c->programs->bss->n_clients;
	return 0;
}

bool drm_clients_in_container(const struct drm_clients *c)
{
	return c->programs && c->programs->bss->reader_level > 0;
}
