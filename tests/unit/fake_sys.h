/* SPDX-License-Identifier: MIT */
/*
 * A tree that looks like /sys, in the scratch directory (scratch.h). Directories of devices are named from its root:
 * "devices/pci0000:00/0000:03:00.0".
 */
#ifndef GPUTOP_FAKE_SYS_H
#define GPUTOP_FAKE_SYS_H

#include "fdinfo/device.h"

/* A device with a link to its driver, unless @driver is NULL, and a power/runtime_status. */
void fake_sys_device(const char *dir, const char *driver, const char *status);

/* One that is awake, with the ids of PCI. */
void fake_sys_pci(const char *dir, const char *driver, const char *vendor, const char *device);

/* Its node: class/CLASS/NAME links to it below its device, to which it links back. */
void fake_sys_node(const char *dir, const char *class, const char *name, const char *dev);

/* Its link in class/CLASS alone, in the place of one that has the name: another inode for certain. */
void fake_sys_link(const char *dir, const char *class, const char *name);

/* What is in the tree; and the only device that is. */
struct devices *fake_sys_devices(void);
const struct device *fake_sys_only(const struct devices *ds);

#endif
