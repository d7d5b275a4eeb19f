/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "process_owner.h"

#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#ifdef HAVE_LIBPROC2
#include <libproc2/pids.h>
#endif

#include "proc.h"

struct pids_info;

struct owners {
	struct proc *proc;
	struct pids_info *pids;	/* NULL: the files serve */
	struct buf text;	/* scratch */
};

static int set(uint64_t *uid, struct buf *name, uint64_t new_uid, const char *new_name)
{
	buf_reset(name);
	if (new_name)
		buf_add_str(name, str_of(new_name));
	else
		buf_printf(name, "%ju", (uintmax_t)new_uid);
	*uid = name->err ? UNKNOWN : new_uid;
	return name->err;
}

static int add_name(struct owners *o, uid_t id, uint64_t *uid, struct buf *name)
{
	struct passwd pw, *found = NULL;
	int err;

	buf_reset(&o->text);
	for (size_t size = 1024; size <= 1 << 20; size *= 2) {
		if (buf_reserve(&o->text, size))
			return -ENOMEM;
		err = getpwuid_r(id, &pw, o->text.ptr, o->text.size, &found);
		if (err != ERANGE)
			break;
	}
	return set(uid, name, id, found ? pw.pw_name : NULL);
}

#ifdef HAVE_LIBPROC2
enum { TICS_BEGAN, ID_EUID, ID_EUSER, N_ITEMS };

static void pids_open(struct owners *o)
{
	enum pids_item items[N_ITEMS] = {
		[TICS_BEGAN] = PIDS_TICS_BEGAN,
		[ID_EUID] = PIDS_ID_EUID,
		[ID_EUSER] = PIDS_ID_EUSER,
	};

	if (procps_pids_new(&o->pids, items, N_ITEMS) < 0)
		o->pids = NULL;
}

static void pids_close(struct owners *o)
{
	if (o->pids)
		procps_pids_unref(&o->pids);
}

static int pids_read(struct owners *o, pid_t pid, uint64_t start_time, uint64_t *uid,
		     struct buf *name)
{
	unsigned int which = (unsigned int)pid;
	struct pids_fetch *fetch = procps_pids_select(o->pids, &which, 1, PIDS_SELECT_PID);
	const struct pids_result *r;

	if (!fetch || fetch->counts->total != 1)
		return -ESRCH;
	r = fetch->stacks[0]->head;
	if (r[TICS_BEGAN].result.ull_int != start_time)
		return -ESRCH;
	if (*uid == r[ID_EUID].result.u_int)
		return 0;
	/* a number is a name of more than 32 bytes, too */
	if (strspn(r[ID_EUSER].result.str, "0123456789"))
		return add_name(o, r[ID_EUID].result.u_int, uid, name);
	return set(uid, name, r[ID_EUID].result.u_int, r[ID_EUSER].result.str);
}
#else
/* libprocps has no way to ask for one process that costs less than the files. */
static void pids_open(struct owners *o)
{
	(void)o;
}

static void pids_close(struct owners *o)
{
	(void)o;
}

static int pids_read(struct owners *o, pid_t pid, uint64_t start_time, uint64_t *uid,
		     struct buf *name)
{
	(void)o, (void)pid, (void)start_time, (void)uid, (void)name;
	return -ESRCH;
}
#endif

/* "Uid:" has the real, effective, saved and filesystem one. */
static int files_read(struct owners *o, int dirfd, uint64_t *uid, struct buf *name)
{
	int err = proc_read_file(o->proc, dirfd, "status", &o->text);
	const char *line = err || !o->text.len ? NULL : strstr(o->text.ptr, "\nUid:");
	char *real_end, *end;
	uid_t id;

	if (err == -ENOMEM)
		return err;
	if (!line)
		goto unknown;
	strtoul(line + strlen("\nUid:"), &real_end, 10);
	id = (uid_t)strtoul(real_end, &end, 10);
	if (end == real_end)
		goto unknown;
	return *uid == id ? 0 : add_name(o, id, uid, name);
unknown:
	*uid = UNKNOWN;
	buf_reset(name);
	return 0;
}

int owners_new(struct proc *proc, struct owners **ret)
{
	struct owners *o = calloc(1, sizeof(*o));

	if (!o)
		return -ENOMEM;
	o->proc = proc;
	if (proc->is_own)
		pids_open(o);
	*ret = o;
	return 0;
}

void owners_free(struct owners *o)
{
	if (!o)
		return;
	pids_close(o);
	buf_done(&o->text);
	free(o);
}

int owners_read(struct owners *o, pid_t pid, uint64_t start_time, int dirfd, uint64_t *uid,
		struct buf *name)
{
	if (o->pids)
		return pids_read(o, pid, start_time, uid, name);
	return files_read(o, dirfd, uid, name);
}
