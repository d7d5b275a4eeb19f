/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel's symbols that are not exported, by name.  Functions among them
 * are called through static calls, which are direct calls once patched: with
 * kernel IBT a function nobody calls through a pointer has no landing pad left.
 * Knows nothing of GPUs.
 */
#ifndef GPUTOP_PROC_SYMBOLS_H
#define GPUTOP_PROC_SYMBOLS_H

#include <linux/types.h>

/* Finds kallsyms_lookup_name().  To be called first; 0 or a negative error. */
int symbols_init(void);

/*
 * The address of symbol @name, in vmlinux or in a loaded module; NULL, and an
 * error in the log, when there is none.
 */
void *symbol_address(const char *name);

/*
 * Start and size in bytes of the symbol that covers @addr, as kallsyms knows
 * them.  0 or -ENOENT.
 */
int symbol_extent(const void *addr, unsigned long *ret_start, unsigned long *ret_size);

#endif
