// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who holds a descriptor of a GPU's device file: all processes and their descriptor tables, without
 * procfs. Threads with a table of their own are left out, as in /proc/<pid>/fd.
 */
#include "common.h"

/* What the walk under way looked at, if it is the only one. Not static: clang would take it apart. */
struct {
	__u64 session_id, fds, processes;
} scan;

static __always_inline void put_holder(struct seq_file *seq, struct file *file, __u32 rdev, __u32 pid,
				       __u32 fd)
{
	struct bpf_holder h = {
		.file_id = file_id(file), .pid = pid, .fd = (__s32)fd,
		.major = rdev >> MINORBITS, .minor = rdev & ((1U << MINORBITS) - 1),
	};

	bpf_seq_write(seq, &h, sizeof(h));
}

static __always_inline void put_end(struct bpf_iter_meta *meta)
{
	struct bpf_holder end = { 0 };

	if (scan.session_id == meta->session_id) {
		end.file_id = scan.fds;
		end.minor = (__u32)scan.processes;
	}
	bpf_seq_write(meta->seq, &end, sizeof(end));
}

static __always_inline void begin(struct bpf_iter_meta *meta)
{
	if (meta->seq_num)
		return;
	scan.session_id = meta->session_id;
	scan.fds = scan.processes = 0;
	forget_ops();
}

static __always_inline __u32 number_of(struct bpf_iter_meta *meta, struct task_struct *task)
{
	struct bpf_iter_seq_task_common *common = BPF_CORE_READ(meta->seq, private);
	struct pid_namespace *ns = BPF_CORE_READ(common, ns);

	return pid_number(BPF_CORE_READ(task, thread_pid), ns, BPF_CORE_READ(ns, level));
}

static __always_inline long put_file(struct walk *w, struct file *file, __u32 rdev, __u32 fd)
{
	if (!w->pid)
		w->pid = number_of(w->meta, w->task);
	put_holder(w->meta->seq, file, rdev, w->pid, fd);
	return 0;
}

SEC("iter/task")
int walk_tasks(struct bpf_iter__task *ctx)
{
	struct task_struct *task = ctx->task;
	struct walk w = { .meta = ctx->meta, .task = task };

	begin(ctx->meta);
	if (!task) {
		put_end(ctx->meta);
		return 0;
	}
	if (task->pid != task->tgid)
		return 0;
	if (scan.session_id == ctx->meta->session_id)
		scan.processes++;
	walk_table(&w);
	if (scan.session_id == ctx->meta->session_id)
		scan.fds += w.fds;
	return 0;
}

/* The slower walk, a call for each descriptor: for a process with more holders than a page of output. */
SEC("iter/task_file")
int walk_files(struct bpf_iter__task_file *ctx)
{
	struct task_struct *task = ctx->task;
	struct file *file;
	__u32 rdev;

	/* a plain number, unlike ctx->file: it is to be hashed */
	bpf_core_read(&file, sizeof(file), &ctx->file);
	begin(ctx->meta);
	if (!task || !file) {
		put_end(ctx->meta);
		return 0;
	}
	if (task->pid != task->tgid)
		return 0;
	if (scan.session_id == ctx->meta->session_id)
		scan.fds++;
	rdev = gpu_rdev(file);
	if (rdev)
		put_holder(ctx->meta->seq, file, rdev, number_of(ctx->meta, task), ctx->fd);
	return 0;
}
