/* SPDX-License-Identifier: MIT */
#include "frame.h"

const char *const syscall_names[N_SYSCALL_KINDS] = {
	[SYSCALL_OPEN] = "open",
	[SYSCALL_CLOSE] = "close",
	[SYSCALL_READ] = "read",
	[SYSCALL_GETDENTS] = "getdents",
	[SYSCALL_STAT] = "stat",
	[SYSCALL_READLINK] = "readlink",
	[SYSCALL_OTHER] = "other",
};
