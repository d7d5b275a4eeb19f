// SPDX-License-Identifier: GPL-2.0-only
/* Module parameters: what they mean, and what is wrong with them. */
#include <linux/ctype.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "synthgpu.h"

static unsigned int ndev = 1;
module_param(ndev, uint, 0444);
MODULE_PARM_DESC(ndev, "number of devices, 1 to 64 (default 1)");

static char *engines = "render:1,copy:1,video:2,compute:4";
module_param(engines, charp, 0444);
MODULE_PARM_DESC(engines, "name:capacity,... of each device (default render:1,copy:1,video:2,compute:4)");

static char *regions = "system:1024,vram:256";
module_param(regions, charp, 0444);
MODULE_PARM_DESC(regions, "name:MiB,... of each device (default system:1024,vram:256)");

static char *style[SYNTHGPU_MAX_DEVICES];
static unsigned int nstyle;
module_param_array(style, charp, &nstyle, 0444);
MODULE_PARM_DESC(style, "what fdinfo shows: ns, cycles, both, maxfreq, amdgpu-late or none; "
		 "one for each device, the last one also for the rest (default ns)");

static unsigned int mhz = 1200;
module_param(mhz, uint, 0444);
MODULE_PARM_DESC(mhz, "frequency of all engines, in the styles that count cycles (default 1200)");

static bool accel;
module_param(accel, bool, 0444);
MODULE_PARM_DESC(accel, "whether each device has an accel node as well (default N)");

const char * const synthgpu_style_names[] = {
	[SYNTHGPU_STYLE_NS] = "ns",
	[SYNTHGPU_STYLE_CYCLES] = "cycles",
	[SYNTHGPU_STYLE_BOTH] = "both",
	[SYNTHGPU_STYLE_MAXFREQ] = "maxfreq",
	[SYNTHGPU_STYLE_AMDGPU_LATE] = "amdgpu-late",
	[SYNTHGPU_STYLE_NONE] = "none",
};

/* "name:number,...", which is cut up; names as they may stand in an fdinfo key. */
static int parse_named(const char *what, char *list, struct synthgpu_named *ret,
		       unsigned int max_names, u64 max_number)
{
	unsigned int i, n = 0;
	char *word;

	while ((word = strsep(&list, ","))) {
		char *name = strsep(&word, ":");

		if (n == max_names || !*name || strlen(name) >= SYNTHGPU_NAME_LEN || !word ||
		    kstrtou64(word, 10, &ret[n].number) || !ret[n].number ||
		    ret[n].number > max_number)
			goto invalid;
		for (i = 0; name[i]; i++)
			if (!isalnum(name[i]) && name[i] != '-' && name[i] != '_')
				goto invalid;
		for (i = 0; i < n; i++)
			if (!strcmp(name, ret[i].name))
				goto invalid;
		strscpy(ret[n++].name, name, SYNTHGPU_NAME_LEN);
	}
	return n;
invalid:
	pr_err("synthgpu: %s: entry %u is not valid: at most %u of name:number, number 1 to %llu\n",
	       what, n + 1, max_names, max_number);
	return -EINVAL;
}

static int parse_list(const char *what, const char *list, struct synthgpu_named *ret,
		      unsigned int max_names, u64 max_number)
{
	char *copy = kstrdup(list, GFP_KERNEL);
	int n;

	if (!copy)
		return -ENOMEM;
	n = parse_named(what, copy, ret, max_names, max_number);
	kfree(copy);
	return n;
}

int synthgpu_params_parse(struct synthgpu_config *config, struct synthgpu_slot *slots,
			  unsigned int *ret_nslots)
{
	unsigned int i;
	int n;

	if (!ndev || ndev > SYNTHGPU_MAX_DEVICES || !mhz || mhz > 1000000) {
		pr_err("synthgpu: ndev or mhz out of range\n");
		return -EINVAL;
	}
	if (accel && !SYNTHGPU_HAS_ACCEL) {
		pr_err("synthgpu: this kernel has no accel nodes (CONFIG_DRM_ACCEL, since 6.2)\n");
		return -EOPNOTSUPP;
	}
	config->mhz = mhz;
	config->accel = accel;
	n = parse_list("engines", engines, config->engines, SYNTHGPU_MAX_ENGINES,
		       SYNTHGPU_MAX_INSTANCES);
	if (n < 0)
		return n;
	config->nengines = n;
	n = parse_list("regions", regions, config->regions, SYNTHGPU_MAX_REGIONS, 1 << 20);
	if (n < 0)
		return n;
	config->nregions = n;
	for (i = 0; i < ndev; i++) {
		slots[i].index = i;
		if (!nstyle)
			continue;
		n = match_string(synthgpu_style_names, ARRAY_SIZE(synthgpu_style_names),
				 style[min(i, nstyle - 1)]);
		if (n < 0) {
			pr_err("synthgpu: no style %s\n", style[min(i, nstyle - 1)]);
			return n;
		}
		slots[i].style = n;
	}
	*ret_nslots = ndev;
	return 0;
}
