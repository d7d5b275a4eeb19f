// SPDX-License-Identifier: GPL-2.0-only
/*
 * Puts /proc/gpu and, through livepatch, /proc/<pid>/gpu into a kernel that was
 * built without them.  Knows fs/proc's table of per-process files; does not
 * know what the new files say.
 *
 * Nothing that outlives the patch points here.  The new row of the table gives
 * its inodes what /proc/<pid>/fdinfo's files have as inode operations, and no
 * file operations at all: opening such an inode gets to no_open(), which fails
 * with ENXIO, or to its replacement below, which makes the file ours.  So
 * - cached dentries and inodes, O_PATH descriptors and mounts on them refer to
 *   the kernel's own code only and may stay for ever,
 * - an open file holds this module by its f_op->owner,
 * - the replacements themselves are what livepatch waits for before it lets go
 *   of the module.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/dcache.h>
#include <linux/fs.h>
#include <linux/livepatch.h>
#include <linux/module.h>
#include <linux/proc_fs.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/static_call.h>
#include <linux/uaccess.h>

#include "symbols.h"
#include "walk.h"

/* As in fs/proc/base.c; table_check() holds it against the running kernel. */
struct pid_entry {
	const char *name;
	unsigned int len;
	umode_t mode;
	const struct inode_operations *iop;
	const struct file_operations *fop;
	union {
		void *show;
		int lsmid;
	} op;
};

/* fs/proc's, by their types only: they are reached through the static calls. */
struct dentry *proc_pident_lookup(struct inode *dir, struct dentry *dentry,
				  const struct pid_entry *p, const struct pid_entry *end);
int proc_pident_readdir(struct file *file, struct dir_context *ctx,
			const struct pid_entry *ents, unsigned int nents);

DEFINE_STATIC_CALL_NULL(gputop_pident_lookup, proc_pident_lookup);
DEFINE_STATIC_CALL_NULL(gputop_pident_readdir, proc_pident_readdir);
DEFINE_STATIC_CALL_NULL(gputop_dir_to_pid, tgid_pidfd_to_pid);

#define ROW_NAME	"gpu"

static struct pid_entry *rows;	/* the kernel's and ours, the last */
static unsigned int nr_rows;
static const struct inode_operations *fdinfo_iop;

/* In place of proc_tgid_base_lookup(). */
static struct dentry *lookup_with_gpu(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	return static_call(gputop_pident_lookup)(dir, dentry, rows, rows + nr_rows);
}

/* In place of proc_tgid_base_readdir(). */
static int readdir_with_gpu(struct file *file, struct dir_context *ctx)
{
	return static_call(gputop_pident_readdir)(file, ctx, rows, nr_rows);
}

static const struct file_operations pid_gpu_fops = {
	.owner		= THIS_MODULE,
	.read		= seq_read,
	.llseek		= seq_lseek,
	.release	= walk_release,
};

/* The process of @file, by the directory that it lies in; with a reference. */
static struct pid *file_to_pid(const struct file *file)
{
	struct dentry *parent = dget_parent(file->f_path.dentry);
	/* All that tgid_pidfd_to_pid() looks at, had the directory been opened. */
	const struct file dir = {
		.f_inode = d_inode(parent),
		.f_op = d_inode(parent)->i_fop,
	};
	struct pid *pid = static_call(gputop_dir_to_pid)(&dir);

	if (!IS_ERR(pid))
		get_pid(pid);
	dput(parent);
	return pid;
}

/* In place of no_open(), which inodes without file operations get to. */
static int open_gpu(struct inode *inode, struct file *file)
{
	struct pid *pid;
	int err;

	if (inode->i_op != fdinfo_iop || !try_module_get(THIS_MODULE))
		return -ENXIO;

	pid = file_to_pid(file);
	if (IS_ERR(pid)) {
		module_put(THIS_MODULE);
		return PTR_ERR(pid);
	}

	err = walk_open(file, pid);
	if (err)
		module_put(THIS_MODULE);
	else
		replace_fops(file, &pid_gpu_fops);	/* takes over the module reference */
	put_pid(pid);
	return err;
}

static struct klp_func replacements[] = {
	{ .old_name = "proc_tgid_base_lookup", .new_func = lookup_with_gpu },
	{ .old_name = "proc_tgid_base_readdir", .new_func = readdir_with_gpu },
	{ .old_name = "no_open", .new_func = open_gpu },
	{ }
};

static void drop_dentries(struct super_block *sb, void *data)
{
	shrink_dcache_sb(sb);
}

/* Safe as they are, but unused dentries would let stat() find what ls does not list. */
static void forget_dentries(struct klp_object *obj)
{
	struct file_system_type *proc = get_fs_type("proc");

	if (proc)
		iterate_supers_type(proc, drop_dentries, NULL);
}

static struct klp_object objects[] = {
	{
		.funcs = replacements,
		.callbacks.post_unpatch = forget_dentries,
	},
	{ }
};

static struct klp_patch patch = {
	.mod = THIS_MODULE,
	.objs = objects,
};

static int gpu_open(struct inode *inode, struct file *file)
{
	return walk_open(file, NULL);
}

static const struct proc_ops gpu_proc_ops = {
	.proc_open	= gpu_open,
	.proc_read	= seq_read,
	.proc_lseek	= seq_lseek,
	.proc_release	= walk_release,
};

static bool row_is_named(const struct pid_entry *row, const char *name)
{
	return row->len == strlen(name) && !memcmp(row->name, name, row->len);
}

/*
 * Whether every row reads as one: the mode of a file, and a name as long as the
 * row says.  What is taken for a pointer to it may not be one.
 */
static bool rows_are_sane(const struct pid_entry *row, unsigned int nr)
{
	char name[32];

	for (; nr; nr--, row++) {
		if (!row->len || row->len >= sizeof(name) ||
		    copy_from_kernel_nofault(name, row->name, row->len + 1) ||
		    strnlen(name, sizeof(name)) != row->len)
			return false;
		if (!S_ISREG(row->mode) && !S_ISDIR(row->mode) && !S_ISLNK(row->mode))
			return false;
	}
	return true;
}

/*
 * Whether the kernel's table is laid out as struct pid_entry says, shown by rows
 * of which each field is known.  @size may include padding, less than a row.
 * 0, -EEXIST where it has our row, or -EOPNOTSUPP.
 */
static int table_check(const struct pid_entry *table, unsigned long size)
{
	const unsigned int nr = size / sizeof(*table);
	const struct pid_entry *row;
	bool has_fdinfo = false, has_limits = false;

	if (!nr || !rows_are_sane(table, nr))
		goto unknown;

	for (row = table; row < table + nr; row++) {
		if (row_is_named(row, ROW_NAME)) {
			pr_err("this kernel has a /proc/<pid>/" ROW_NAME " already\n");
			return -EEXIST;
		}
		if (row_is_named(row, "fdinfo"))
			has_fdinfo = S_ISDIR(row->mode) &&
				     row->iop == symbol_address("proc_fdinfo_inode_operations") &&
				     row->fop == symbol_address("proc_fdinfo_operations");
		if (row_is_named(row, "limits"))
			has_limits = S_ISREG(row->mode) && !row->iop &&
				     row->fop == symbol_address("proc_single_file_operations") &&
				     row->op.show == symbol_address("proc_pid_limits");
	}
	if (row_is_named(&table[0], "task") && row_is_named(&table[1], "fd") &&
	    has_fdinfo && has_limits)
		return 0;
unknown:
	pr_err("tgid_base_stuff, %lu bytes, is laid out in an unknown way: not loading\n",
	       size);
	return -EOPNOTSUPP;
}

/* The kernel's table and one row more. */
static int rows_init(void)
{
	const struct pid_entry *table = symbol_address("tgid_base_stuff");
	unsigned long start, size;
	int err;

	fdinfo_iop = symbol_address("proc_fdinfo_file_inode_operations");
	if (!table || !fdinfo_iop)
		return -ENOENT;
	if (fdinfo_iop->permission != symbol_address("proc_fdinfo_permission")) {
		pr_err("the files of /proc/<pid>/fdinfo have another access check than known here\n");
		return -EOPNOTSUPP;
	}

	err = symbol_extent(table, &start, &size);
	if (!err)
		err = table_check(table, size);
	if (err)
		return err;

	nr_rows = size / sizeof(*table) + 1;
	rows = kmalloc_array(nr_rows, sizeof(*rows), GFP_KERNEL);
	if (!rows)
		return -ENOMEM;
	memcpy(rows, table, (nr_rows - 1) * sizeof(*rows));
	rows[nr_rows - 1] = (struct pid_entry){
		.name = ROW_NAME,
		.len = strlen(ROW_NAME),
		.mode = S_IFREG | 0444,
		.iop = fdinfo_iop,
	};
	return 0;
}

static int calls_init(void)
{
	void *lookup = symbol_address("proc_pident_lookup");
	void *readdir = symbol_address("proc_pident_readdir");
	void *to_pid = symbol_address("tgid_pidfd_to_pid");

	if (!lookup || !readdir || !to_pid)
		return -ENOENT;
	static_call_update(gputop_pident_lookup, (typeof(&proc_pident_lookup))lookup);
	static_call_update(gputop_pident_readdir, (typeof(&proc_pident_readdir))readdir);
	static_call_update(gputop_dir_to_pid, (typeof(&tgid_pidfd_to_pid))to_pid);
	return 0;
}

static int __init gputop_proc_init(void)
{
	int err;

	err = symbols_init();
	if (!err)
		err = walk_init();
	if (!err)
		err = calls_init();
	if (!err)
		err = rows_init();
	if (err)
		return err;

	if (!proc_create(ROW_NAME, 0444, NULL, &gpu_proc_ops)) {
		err = -ENOMEM;
		goto out_rows;
	}

	err = klp_enable_patch(&patch);
	if (err)
		goto out_proc;
	return 0;

out_proc:
	remove_proc_entry(ROW_NAME, NULL);
out_rows:
	kfree(rows);
	return err;
}

static void __exit gputop_proc_exit(void)
{
	remove_proc_entry(ROW_NAME, NULL);
	kfree(rows);
}

module_init(gputop_proc_init);
module_exit(gputop_proc_exit);
MODULE_DESCRIPTION("GPU clients in /proc/gpu and /proc/<pid>/gpu");
MODULE_LICENSE("GPL");
MODULE_INFO(livepatch, "Y");
