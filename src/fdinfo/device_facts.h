/* SPDX-License-Identifier: MIT */
/*
 * What one device is and whether it sleeps: a part of device.c. It does not know which there are.
 */
#ifndef GPUTOP_DEVICE_FACTS_H
#define GPUTOP_DEVICE_FACTS_H

#include "device.h"

/* libdrm's devices at one moment. Zero-initialised is valid and empty. */
struct libdrm {
	struct _drmDevice *devices[64];	/* more than that are described from sysfs */
	int n;
};

/* Lists what is in /dev/dri: empty where there is none, or no sysfs. */
void libdrm_init(struct libdrm *l);
void libdrm_done(struct libdrm *l);

/*
 * Fills in gpu, driver, name, vendor_id and device_id of @d, whose nodes are known, from libdrm
 * where it lists one of them, else from @dir, the device's directory in sysfs (NULL if it has none). Cuts
 * @dir down to the device that counts where it is only a layer upon that.
 */
void device_describe(struct device *d, char *dir, const struct libdrm *l);

/* The gpu of a node number without a device: writes "minor:N" to @ret. */
void device_gpu_of_minor(dev_t rdev, char ret[static 64]);

/* Reads @dir/power/runtime_status. */
enum device_power device_read_power(const char *dir);

#endif
