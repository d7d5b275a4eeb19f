/* SPDX-License-Identifier: MIT */
#include "device_facts.h"

#include <errno.h>
#include <pciaccess.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <xf86drm.h>

#include "sysfs.h"

void libdrm_init(struct libdrm *l)
{
	int n = drmGetDevices2(0, l->devices, (int)N_OF(l->devices));

	l->n = n < 0 ? 0 : n < (int)N_OF(l->devices) ? n : (int)N_OF(l->devices);
}

void libdrm_done(struct libdrm *l)
{
	drmFreeDevices(l->devices, l->n);
	l->n = 0;
}

/* libdrm's device with a node of @d, or NULL: by number, since containers rename nodes. */
static const drmDevice *libdrm_find(const struct libdrm *l, const struct device *d)
{
	for (int i = 0; i < l->n; i++) {
		const drmDevice *drm = l->devices[i];

		for (int type = 0; type < DRM_NODE_MAX; type++) {
			struct stat st;

			if (!(drm->available_nodes & 1 << type) || stat(drm->nodes[type], &st) < 0)
				continue;
			for (size_t k = 0; k < d->n_nodes; k++)
				if (d->nodes[k].rdev == st.st_rdev)
					return drm;
		}
	}
	return NULL;
}

/* virtio is a layer upon the PCI device that everyone else means. */
static void skip_virtio(char *dir)
{
	char *base = strrchr(dir, '/');

	if (base && base != dir && strncmp(base, "/virtio", 7) == 0)
		*base = '\0';
}

void device_gpu_of_minor(dev_t rdev, char ret[static 64])
{
	snprintf(ret, 64, "minor:%u", minor(rdev));
}

static void name_gpu(struct device *d, const char *dir)
{
	const char *base = dir ? strrchr(dir, '/') : NULL;

	if (base && base[1] && strlen(base + 1) < sizeof(d->gpu))
		snprintf(d->gpu, sizeof(d->gpu), "%s", base + 1);
	else
		device_gpu_of_minor(d->nodes[0].rdev, d->gpu);
}

static uint32_t read_id(const char *dir, const char *name)
{
	char text[16];

	sysfs_read(dir, name, text, sizeof(text));
	return (uint32_t)strtoul(text, NULL, 16);
}

/* "0000:03:00.0" */
static bool is_pci_address(const char *name)
{
	static const char ends[] = { ':', ':', '.', '\0' };

	for (size_t i = 0; i < N_OF(ends); i++) {
		size_t len = strspn(name, "0123456789abcdef");

		if (!len || name[len] != ends[i])
			return false;
		name += len + 1;
	}
	return true;
}

/* The ids of a PCI device, or what the device tree calls another: "rockchip,rk3588-mali". */
static void describe_from_libdrm(const drmDevice *drm, struct device *d, char *compatible,
				 size_t size)
{
	char **names = NULL;

	if (drm->bustype == DRM_BUS_PCI) {
		d->vendor_id = drm->deviceinfo.pci->vendor_id;
		d->device_id = drm->deviceinfo.pci->device_id;
	} else if (drm->bustype == DRM_BUS_PLATFORM) {
		names = drm->deviceinfo.platform->compatible;
	} else if (drm->bustype == DRM_BUS_HOST1X) {
		names = drm->deviceinfo.host1x->compatible;
	}
	if (names && names[0])
		snprintf(compatible, size, "%s", names[0]);
}

static void describe_from_sysfs(const char *dir, struct device *d, char *compatible, size_t size)
{
	if (is_pci_address(d->gpu)) {
		d->vendor_id = read_id(dir, "vendor");
		d->device_id = read_id(dir, "device");
	} else {
		/* a list of strings, the most specific first, each with its NUL */
		sysfs_read(dir, "of_node/compatible", compatible, size);
	}
}

/* "AMD" of "Advanced Micro Devices, Inc. [AMD/ATI]", "Intel" of "Intel Corporation". */
static struct str short_vendor(const char *vendor)
{
	static const char *const ends[] = { ",", " Corporation", " Corp", " Inc", " Ltd", " Co." };
	const char *bracket = strchr(vendor, '[');
	struct str s = str_of(vendor);

	if (bracket && bracket[1 + strcspn(bracket + 1, "/]")])
		return (struct str){ bracket + 1, strcspn(bracket + 1, "/]") };
	for (size_t i = 0; i < N_OF(ends); i++) {
		const char *end = strstr(vendor, ends[i]);

		if (end && (size_t)(end - vendor) < s.len)
			s.len = (size_t)(end - vendor);
	}
	return s;
}

/*
 * From pci.ids by the ids alone: pci_get_strings() opens that one file, where pci_system_init() and
 * pci_device_probe() would go through every device of the machine.
 */
static bool name_from_pci_ids(struct device *d)
{
	const struct pci_id_match match = {
		.vendor_id = d->vendor_id,
		.device_id = d->device_id,
		.subvendor_id = PCI_MATCH_ANY,
		.subdevice_id = PCI_MATCH_ANY,
	};
	const char *device = NULL, *vendor = NULL;
	struct str maker;

	pci_get_strings(&match, &device, &vendor, NULL, NULL);
	if (!device || !vendor)
		return false;
	maker = short_vendor(vendor);
	snprintf(d->name, sizeof(d->name), "%.*s %s", (int)maker.len, maker.ptr, device);
	return true;
}

void device_describe(struct device *d, char *dir, const struct libdrm *l)
{
	const drmDevice *drm = libdrm_find(l, d);
	char compatible[sizeof(d->name)] = "";

	if (dir) {
		sysfs_link(dir, "driver", d->driver, sizeof(d->driver));
		/* the bus of devices without a bus has one driver for all of them */
		if (strcmp(d->driver, "faux_driver") == 0)
			d->driver[0] = '\0';
		skip_virtio(dir);
	}
	name_gpu(d, dir);
	if (drm)
		describe_from_libdrm(drm, d, compatible, sizeof(compatible));
	else if (dir)
		describe_from_sysfs(dir, d, compatible, sizeof(compatible));
	if (d->vendor_id && name_from_pci_ids(d))
		return;
	snprintf(d->name, sizeof(d->name), "%s",
		 compatible[0] ? compatible : d->driver[0] ? d->driver : d->gpu);
}

enum device_power device_read_power(const char *dir)
{
	static const struct {
		const char *status;
		enum device_power power;
	} known[] = {
		{ "active", DEVICE_AWAKE },
		{ "resuming", DEVICE_AWAKE },
		{ "unsupported", DEVICE_AWAKE },	/* never sleeps */
		{ "suspended", DEVICE_ASLEEP },
		{ "suspending", DEVICE_ASLEEP },
	};
	char status[16];

	if (sysfs_read(dir, "power/runtime_status", status, sizeof(status)) == 0)
		for (size_t i = 0; i < N_OF(known); i++)
			if (strcmp(status, known[i].status) == 0)
				return known[i].power;
	return DEVICE_POWER_UNKNOWN;
}
