/* SPDX-License-Identifier: MIT */
#include "scratch.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "tree.h"

static char root[64];

int scratch_begin(void **state)
{
	(void)state;
	tree_make(root);
	return 0;
}

int scratch_end(void **state)
{
	(void)state;
	tree_remove(root, "");
	return 0;
}

const char *scratch_root(void)
{
	return root;
}

const char *scratch_path(const char *name)
{
	static char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/%s", root, name);
	return path;
}

void scratch_write(const char *name, const char *text)
{
	tree_write(root, name, text, strlen(text));
}

void scratch_link(const char *name, const char *target)
{
	tree_link(root, name, target);
}

void scratch_remove(const char *name)
{
	tree_remove(root, name);
}
