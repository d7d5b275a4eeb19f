/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the programs have in common: telling GPU files from others, naming them, numbering processes.
 */
#ifndef GPUTOP_BPF_COMMON_H
#define GPUTOP_BPF_COMMON_H

#include "kernel.h"

#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>

#include "holders.h"

/* Random, set before loading. */
const volatile __u64 key[2];

static __always_inline __u64 rotate(__u64 v, int n)
{
	return v << n | v >> (64 - n);
}

static __always_inline void sip_round(__u64 v[4])
{
	v[0] += v[1];
	v[2] += v[3];
	v[1] = rotate(v[1], 13) ^ v[0];
	v[3] = rotate(v[3], 16) ^ v[2];
	v[0] = rotate(v[0], 32);
	v[2] += v[1];
	v[0] += v[3];
	v[1] = rotate(v[1], 17) ^ v[2];
	v[3] = rotate(v[3], 21) ^ v[0];
	v[2] = rotate(v[2], 32);
}

static __always_inline void sip_block(__u64 v[4], __u64 block)
{
	v[3] ^= block;
	sip_round(v);
	sip_round(v);
	v[0] ^= block;
}

/* SipHash-2-4 of the address: it tells files apart, and nothing of where they lie. */
static __always_inline __u64 file_id(const struct file *file)
{
	__u64 v[4] = {
		key[0] ^ 0x736f6d6570736575ULL, key[1] ^ 0x646f72616e646f6dULL,
		key[0] ^ 0x6c7967656e657261ULL, key[1] ^ 0x7465646279746573ULL,
	};

	sip_block(v, (__u64)file);
	sip_block(v, (__u64)sizeof(file) << 56);
	v[2] ^= 0xff;
	sip_round(v);
	sip_round(v);
	sip_round(v);
	sip_round(v);
	return v[0] ^ v[1] ^ v[2] ^ v[3];
}

/* The number of @pid in @ns, which is @level deep; 0 if it has none. */
static __always_inline __u32 pid_number(struct pid *pid, struct pid_namespace *ns, unsigned int level)
{
	struct upid *number;

	if (!pid || BPF_CORE_READ(pid, level) < level)
		return 0;
	number = (void *)pid + bpf_core_field_offset(struct pid, numbers) +
		 (__u64)level * bpf_core_type_size(struct upid);
	return BPF_CORE_READ(number, ns) == ns ? (__u32)BPF_CORE_READ(number, nr) : 0;
}

#define N_OPS 64

const volatile __u32 majors[BPF_MAX_MAJORS];
const volatile __u32 n_majors;

/*
 * File operations seen on something else than a character device so far: most files are told apart
 * by them alone, without touching their inodes. To be forgotten when a pass begins, since modules come and go.
 */
static __u64 other_ops[N_OPS];

static __always_inline void forget_ops(void)
{
	__builtin_memset(other_ops, 0, sizeof(other_ops));
}

static __always_inline __u64 *ops_slot(__u64 ops)
{
	return &other_ops[(ops >> 6 ^ ops >> 12) % N_OPS];
}

/* The rdev of @file if it is an open GPU device file, else 0. */
static __always_inline __u32 gpu_rdev(struct file *file)
{
	__u64 ops = (__u64)BPF_CORE_READ(file, f_op);
	struct inode *inode;
	__u32 rdev;

	if (*ops_slot(ops) == ops)
		return 0;
	inode = BPF_CORE_READ(file, f_inode);
	if ((BPF_CORE_READ(inode, i_mode) & S_IFMT) != S_IFCHR) {
		*ops_slot(ops) = ops;
		return 0;
	}
	/* nothing was opened through O_PATH: there is no client */
	if (BPF_CORE_READ(file, f_mode) & FMODE_PATH)
		return 0;
	rdev = BPF_CORE_READ(inode, i_rdev);
	for (__u32 i = 0; i < BPF_MAX_MAJORS && i < n_majors; i++)
		if (majors[i] == rdev >> MINORBITS)
			return rdev;
	return 0;
}

#define CHUNK 32	/* pointers that fit on the stack */

/* Through the descriptors of a process. */
struct walk {
	struct task_struct *task;
	struct files_struct *files;
	struct file **table;
	__u32 max, fds;		/* descriptors there may be, and those looked at */
	/* put_file()'s own */
	struct bpf_iter_meta *meta;
	__u32 pid, n;
};

/* What a program does with descriptor @fd of a GPU; non-zero ends the walk. */
static __always_inline long put_file(struct walk *w, struct file *file, __u32 rdev, __u32 fd);

static __always_inline struct files_struct *files_of(struct task_struct *task)
{
	return BPF_CORE_READ(task, files);
}

static long walk_chunk(__u32 n, struct walk *w)
{
	__u32 first = n * CHUNK;
	struct file *files[CHUNK];

	if (bpf_probe_read_kernel(files, sizeof(files), w->table + first))
		return 1;
	for (int i = 0; i < CHUNK; i++) {
		__u32 rdev = files[i] ? gpu_rdev(files[i]) : 0;

		w->fds += files[i] != NULL;
		if (!rdev)
			continue;
		/* a process that ends leaves its table to another one, without waiting for who reads it */
		if (files_of(w->task) != w->files || put_file(w, files[i], rdev, first + i))
			return 1;
	}
	return 0;
}

static __always_inline void walk_table(struct walk *w)
{
	struct files_struct *files = files_of(w->task);
	struct fdtable *table = BPF_CORE_READ(files, fdt);

	if (!table)
		return;
	w->files = files;
	w->table = BPF_CORE_READ(table, fd);
	w->max = BPF_CORE_READ(table, max_fds);
	/* a table's size is a multiple of the bits of a word: no chunk is cut */
	bpf_loop(w->max / CHUNK, walk_chunk, w, 0);
}

char LICENSE[] SEC("license") = "GPL";

#endif
