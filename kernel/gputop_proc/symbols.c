// SPDX-License-Identifier: GPL-2.0-only
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/kallsyms.h>
#include <linux/kprobes.h>
#include <linux/static_call.h>
#include <linux/string.h>

#include "symbols.h"

DEFINE_STATIC_CALL_NULL(gputop_lookup_name, kallsyms_lookup_name);

int symbols_init(void)
{
	struct kprobe probe = { .symbol_name = "kallsyms_lookup_name" };
	unsigned long start, size;
	int err;

	err = register_kprobe(&probe);
	if (err) {
		pr_err("cannot find kallsyms_lookup_name by a kprobe: error %d\n", err);
		return err;
	}
	/* The probe may sit behind a landing pad: call the function's first byte. */
	err = symbol_extent(probe.addr, &start, &size);
	unregister_kprobe(&probe);
	if (err)
		return err;

	static_call_update(gputop_lookup_name, (typeof(&kallsyms_lookup_name))start);
	return 0;
}

void *symbol_address(const char *name)
{
	void *addr = (void *)static_call(gputop_lookup_name)(name);

	if (!addr)
		pr_err("this kernel has no symbol %s\n", name);
	return addr;
}

int symbol_extent(const void *addr, unsigned long *ret_start, unsigned long *ret_size)
{
	char text[KSYM_SYMBOL_LEN];
	unsigned long offset, size;
	char *plus;

	sprint_symbol(text, (unsigned long)addr);
	plus = strchr(text, '+');
	if (!plus || sscanf(plus, "+%lx/%lx", &offset, &size) != 2) {
		pr_err("kallsyms knows no symbol and size of what it calls %s\n", text);
		return -ENOENT;
	}

	*ret_start = (unsigned long)addr - offset;
	*ret_size = size;
	return 0;
}
