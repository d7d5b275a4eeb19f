/* SPDX-License-Identifier: MIT */
/*
 * The GPUs and NPUs of this machine: which device nodes belong to which device, what it is called,
 * whether it sleeps. It does not know clients.
 *
 * It asks libdrm, sysfs and pci.ids, never the hardware, opens no device node and wakes nothing up.
 * What it reads: in class/drm and class/accel the names, and of each node dev and the device link;
 * of a device power/runtime_status, the driver link, vendor, device and of_node/compatible. libdrm
 * (drmGetDevices2 without flags) reads the names in /dev/dri, and of a device the subsystem link,
 * uevent and the four id files. The kernel answers all of these from memory; config, resource and
 * enable it does not, and they are left alone. sensors.h says what more is read of a device that is awake.
 */
#ifndef GPUTOP_DEVICE_H
#define GPUTOP_DEVICE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "sensors.h"
#include "types.h"

enum device_power {
	DEVICE_POWER_UNKNOWN,	/* sysfs does not say */
	DEVICE_AWAKE,
	DEVICE_ASLEEP,		/* runtime suspended: its clients' fdinfo must not be read */
};

#define DEVICE_MAX_NODES 8

struct device_node {
	char name[24];		/* "card0", "renderD128", "accel0" */
	dev_t rdev;
};

struct device {
	char gpu[64];		/* "0000:03:00.0", else the sysfs device name, else "minor:N" */
	char driver[32];	/* "" if unknown */
	char name[128];		/* for a person: "AMD Navi 31 [Radeon RX 7900 XTX]", else the driver */
	uint32_t vendor_id;	/* 0 if not a PCI device */
	uint32_t device_id;
	uint32_t instance;	/* another one when its driver has let go of it and taken it again; 0 if unknown */
	enum device_power power;
	struct sensors sensors;
	struct device_node nodes[DEVICE_MAX_NODES];
	size_t n_nodes;
};

struct devices;

/*
 * @sys: where sysfs is mounted, "/sys" when NULL; a named root is read from its files alone: libdrm
 * knows only /sys and /dev/dri. A machine without sysfs or GPU has an empty list; that is no error.
 * Returns 0, or -ENOMEM.
 */
int devices_new(const char *sys, struct devices **ret);
void devices_free(struct devices *ds);

/*
 * Looks again at what is there (hotplug) and at each device's power state. Cheap enough for every
 * frame: reads power/runtime_status of each device, and the rest only when the list of nodes changed.
 * Returns 0 or -errno; on error the old list stands.
 */
int devices_refresh(struct devices *ds);

/*
 * Reads the sensors of devices that are awake by the last devices_refresh(), at @t_ns (CLOCK_MONOTONIC), and
 * counts the system calls in @scan. Returns 0 or -ENOMEM.
 */
int devices_read_sensors(struct devices *ds, uint64_t t_ns, struct scan *scan);

/* The list, by their first node's number; valid until the next devices_refresh(). */
const struct device *devices_list(const struct devices *ds, size_t *ret_n);

/* The device a node number belongs to, or NULL; valid until the next devices_refresh(). */
const struct device *devices_find(const struct devices *ds, dev_t rdev);

#endif
