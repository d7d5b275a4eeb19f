// SPDX-License-Identifier: GPL-2.0-only
/* What is built for a kernel without livepatch: a module that says so. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/errno.h>
#include <linux/module.h>
#include <linux/printk.h>

static int __init gputop_proc_init(void)
{
	pr_err("needs CONFIG_LIVEPATCH, which this kernel was built without\n");
	return -EOPNOTSUPP;
}

module_init(gputop_proc_init);
MODULE_DESCRIPTION("GPU clients in /proc/gpu and /proc/<pid>/gpu");
MODULE_LICENSE("GPL");
