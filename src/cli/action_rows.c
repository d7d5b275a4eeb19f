/* SPDX-License-Identifier: MIT */
/* Which rows there are. */
#include "action.h"

ACTION(group_next)
{
	static const char *const keys[] = { "pid", "comm", "user", "container", "gpu" };
	size_t n = sizeof(keys) / sizeof(keys[0]), i = 0;

	while (m->view.group && i < n && strcmp(m->view.group->key, keys[i++]) != 0)
		;
	m->view.tree = false;
	m->view.group = i < n ? field_find(str_of(keys[i])) : NULL;
}

ACTION(tree)
{
	m->view.tree = !m->view.tree;
}
