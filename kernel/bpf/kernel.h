/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The members of kernel structures that the programs read. Offsets are those of the kernel that runs
 * (CO-RE), so only names and types matter here, and building needs no vmlinux.h.
 */
#ifndef GPUTOP_BPF_KERNEL_H
#define GPUTOP_BPF_KERNEL_H

typedef unsigned char __u8;
typedef signed short __s16;
typedef unsigned short __u16;
typedef signed int __s32;
typedef unsigned int __u32;
typedef signed long long __s64;
typedef unsigned long long __u64;
typedef __u16 __be16;
typedef __u32 __be32;
typedef __u32 __wsum;

#define NULL ((void *)0)
#define ENOENT 2
#define E2BIG 7
#define EAGAIN 11
#define FMODE_PATH 0x4000
#define S_IFMT 0170000
#define S_IFCHR 0020000
#define MINORBITS 20
#define DRM_MINOR_RENDER 2
#define XA_SLOTS 64

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct hlist_node {
	struct hlist_node *next;
};

struct hlist_head {
	struct hlist_node *first;
};

struct list_head {
	struct list_head *next, *prev;
};

struct xarray {
	void *xa_head;
};

struct xa_node {
	unsigned char shift;
	void *slots[XA_SLOTS];
};

struct idr {
	struct xarray idr_rt;
};

struct pid_namespace {
	struct idr idr;
	unsigned int level;
};

struct upid {
	int nr;
	struct pid_namespace *ns;
};

struct pid {
	unsigned int level;
	struct hlist_head tasks[4];
	struct upid numbers[1];
};

struct inode {
	unsigned short i_mode;
	__u32 i_rdev;
};

struct file_operations;

typedef struct {
	__s64 counter;
} atomic_long_t;

struct file {
	atomic_long_t f_count;
	unsigned int f_mode;
	const struct file_operations *f_op;
	struct inode *f_inode;
};

/* Linux 6.13 */
struct file___6_13 {
	struct {
		atomic_long_t refcnt;
	} f_ref;
};

struct fdtable {
	unsigned int max_fds;
	struct file **fd;
};

struct files_struct {
	struct fdtable *fdt;
};

struct task_struct {
	int pid;
	int tgid;
	struct task_struct *group_leader;
	struct pid *thread_pid;
	struct hlist_node pid_links[4];
	struct files_struct *files;
};

struct seq_file {
	void *private;
};

struct bpf_iter_meta {
	struct seq_file *seq;
	__u64 session_id;
	__u64 seq_num;
};

struct bpf_iter__task {
	struct bpf_iter_meta *meta;
	struct task_struct *task;
};

struct bpf_iter__task_file {
	struct bpf_iter_meta *meta;
	struct task_struct *task;
	__u32 fd;
	struct file *file;
};

/* kernel/bpf/task_iter.c: what both iterators begin their private data with. */
struct bpf_iter_seq_task_common {
	struct pid_namespace *ns;
};

#pragma clang attribute pop

#endif
