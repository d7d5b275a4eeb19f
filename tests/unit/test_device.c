/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <stdio.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "fake_sys.h"
#include "scratch.h"
#include "tree.h"

#define PCI_DIR "devices/pci0000:00/0000:00:01.0/"

static bool have_pci_ids(void)
{
	return access("/usr/share/misc/pci.ids", R_OK) == 0 ||
	       access("/usr/share/misc/pci.ids.gz", R_OK) == 0;
}

static void card_and_render_node_of_one_gpu_are_one_device(void **state)
{
	struct devices *ds;
	const struct device *d;

	(void)state;
	fake_sys_pci(PCI_DIR "0000:03:00.0", "../../../../bus/pci/drivers/amdgpu",
		"0x1002\n", "0x744c\n");
	fake_sys_node(PCI_DIR "0000:03:00.0", "drm", "card0", "226:0\n");
	fake_sys_node(PCI_DIR "0000:03:00.0", "drm", "renderD128", "226:128\n");
	scratch_write("class/drm/version", "drm 1.1.0 20060810\n");
	scratch_link("class/drm/card0-HDMI-A-1", "../../" PCI_DIR "0000:03:00.0/drm/card0");
	ds = fake_sys_devices();
	d = fake_sys_only(ds);
	assert_string_equal(d->gpu, "0000:03:00.0");
	assert_string_equal(d->driver, "amdgpu");
	assert_int_equal(d->vendor_id, 0x1002);
	assert_int_equal(d->device_id, 0x744c);
	assert_int_equal(d->power, DEVICE_AWAKE);
	assert_int_equal(d->n_nodes, 2);
	assert_string_equal(d->nodes[0].name, "card0");
	assert_string_equal(d->nodes[1].name, "renderD128");
	assert_true(d->nodes[1].rdev == makedev(226, 128));
	if (have_pci_ids())
		assert_memory_equal(d->name, "AMD Navi 31 [", strlen("AMD Navi 31 ["));
	else
		assert_string_equal(d->name, "amdgpu");
	assert_ptr_equal(devices_find(ds, makedev(226, 0)), d);
	assert_ptr_equal(devices_find(ds, makedev(226, 128)), d);
	assert_null(devices_find(ds, makedev(226, 129)));
	assert_null(devices_find(ds, makedev(261, 0)));
	devices_free(ds);
}

static void sensors_of_a_sleeping_device_are_not_read(void **state)
{
	struct scan scan = { 0 };
	struct devices *ds;

	(void)state;
	fake_sys_pci(PCI_DIR "0000:03:00.0", "x/amdgpu", "0x1002\n", "0x744c\n");
	fake_sys_node(PCI_DIR "0000:03:00.0", "drm", "card0", "226:0\n");
	scratch_write(PCI_DIR "0000:03:00.0/drm/card0/gt_act_freq_mhz", "700\n");
	scratch_write(PCI_DIR "0000:03:00.0/power/runtime_status", "suspended\n");
	ds = fake_sys_devices();
	assert_int_equal(devices_read_sensors(ds, 1, &scan), 0);
	assert_int_equal(scan.syscalls[SYSCALL_READ], 0);
	assert_true(sensors_get(&fake_sys_only(ds)->sensors, SENSOR_CLOCK) == UNKNOWN);
	scratch_write(PCI_DIR "0000:03:00.0/power/runtime_status", "active\n");
	assert_int_equal(devices_refresh(ds), 0);
	assert_int_equal(devices_read_sensors(ds, 2, &scan), 0);
	assert_true(sensors_get(&fake_sys_only(ds)->sensors, SENSOR_CLOCK) == 700000000);
	devices_free(ds);
}

static void two_gpus_are_told_apart_and_sorted_by_number(void **state)
{
	struct devices *ds;
	const struct device *d;
	size_t n;

	(void)state;
	fake_sys_pci(PCI_DIR "0000:04:00.0", "x/xe", "0x8086\n", "0x56a0\n");
	fake_sys_pci("devices/pci0000:00/0000:00:02.0", "x/i915", "0x8086\n", "0x4680\n");
	fake_sys_node(PCI_DIR "0000:04:00.0", "drm", "renderD129", "226:129\n");
	fake_sys_node("devices/pci0000:00/0000:00:02.0", "drm", "renderD128", "226:128\n");
	fake_sys_node(PCI_DIR "0000:04:00.0", "drm", "card10", "226:10\n");
	fake_sys_node("devices/pci0000:00/0000:00:02.0", "drm", "card2", "226:2\n");
	ds = fake_sys_devices();
	d = devices_list(ds, &n);
	assert_int_equal(n, 2);
	assert_string_equal(d[0].gpu, "0000:00:02.0");
	assert_string_equal(d[0].nodes[0].name, "card2");
	assert_string_equal(d[1].gpu, "0000:04:00.0");
	assert_string_equal(d[1].nodes[0].name, "card10");
	assert_string_equal(d[1].driver, "xe");
	assert_ptr_equal(devices_find(ds, makedev(226, 129)), &d[1]);
	if (have_pci_ids())
		assert_memory_equal(d[1].name, "Intel DG2 [", strlen("Intel DG2 ["));
	devices_free(ds);
}

static void a_pci_device_nobody_has_a_name_for_is_called_by_its_driver(void **state)
{
	struct devices *ds;
	const struct device *d;

	(void)state;
	fake_sys_pci(PCI_DIR "10000:e1:00.0", "x/amdgpu", "0x1002\n", "0xffff\n");
	fake_sys_node(PCI_DIR "10000:e1:00.0", "drm", "card0", "226:0\n");
	ds = fake_sys_devices();
	d = fake_sys_only(ds);
	assert_string_equal(d->gpu, "10000:e1:00.0");
	assert_int_equal(d->device_id, 0xffff);
	assert_string_equal(d->name, "amdgpu");
	devices_free(ds);
}

static void an_accelerator_is_a_device_of_its_own(void **state)
{
	struct devices *ds;
	const struct device *d;
	size_t n;

	(void)state;
	fake_sys_pci(PCI_DIR "0000:00:0b.0", "x/intel_vpu", "0x8086\n", "0x7d1d\n");
	fake_sys_node(PCI_DIR "0000:00:0b.0", "accel", "accel0", "261:0\n");
	fake_sys_pci(PCI_DIR "0000:03:00.0", "x/amdgpu", "0x1002\n", "0x744c\n");
	fake_sys_node(PCI_DIR "0000:03:00.0", "drm", "card0", "226:0\n");
	ds = fake_sys_devices();
	d = devices_list(ds, &n);
	assert_int_equal(n, 2);
	assert_string_equal(d[1].gpu, "0000:00:0b.0");
	assert_string_equal(d[1].driver, "intel_vpu");
	assert_string_equal(d[1].nodes[0].name, "accel0");
	assert_ptr_equal(devices_find(ds, makedev(261, 0)), &d[1]);
	assert_ptr_equal(devices_find(ds, makedev(226, 0)), &d[0]);
	devices_free(ds);
}

static void an_accel_node_of_a_gpu_joins_it(void **state)
{
	struct devices *ds;

	(void)state;
	fake_sys_pci(PCI_DIR "0000:03:00.0", "x/habanalabs", "0x1da3\n", "0x1060\n");
	fake_sys_node(PCI_DIR "0000:03:00.0", "accel", "accel3", "261:3\n");
	fake_sys_node(PCI_DIR "0000:03:00.0", "drm", "renderD128", "226:128\n");
	ds = fake_sys_devices();
	assert_int_equal(fake_sys_only(ds)->n_nodes, 2);
	assert_ptr_equal(devices_find(ds, makedev(261, 3)), devices_find(ds, makedev(226, 128)));
	devices_free(ds);
}

static void a_platform_device_is_called_as_the_device_tree_calls_it(void **state)
{
	static const char mali[] = "rockchip,rk3568-mali\0arm,mali-bifrost";
	struct devices *ds;
	const struct device *d;
	size_t n;

	(void)state;
	fake_sys_device("devices/platform/fde60000.gpu", "x/panfrost", "suspended\n");
	tree_write(scratch_root(), "devices/platform/fde60000.gpu/of_node/compatible", mali, sizeof(mali));
	fake_sys_node("devices/platform/fde60000.gpu", "drm", "card1", "226:1\n");
	fake_sys_node("devices/platform/fde60000.gpu", "drm", "renderD128", "226:128\n");
	fake_sys_device("devices/platform/soc@0/ae00000.display-subsystem/ae01000.display-controller",
		   "x/msm_dpu", "unsupported\n");
	fake_sys_node("devices/platform/soc@0/ae00000.display-subsystem/ae01000.display-controller",
		 "drm", "card2", "226:2\n");
	ds = fake_sys_devices();
	d = devices_list(ds, &n);
	assert_int_equal(n, 2);
	assert_string_equal(d[0].gpu, "fde60000.gpu");
	assert_string_equal(d[0].driver, "panfrost");
	assert_string_equal(d[0].name, "rockchip,rk3568-mali");
	assert_int_equal(d[0].vendor_id, 0);
	assert_int_equal(d[0].power, DEVICE_ASLEEP);
	assert_int_equal(d[0].n_nodes, 2);
	assert_string_equal(d[1].gpu, "ae01000.display-controller");
	assert_string_equal(d[1].name, "msm_dpu");
	assert_int_equal(d[1].power, DEVICE_AWAKE);
	devices_free(ds);
}

static void virtual_devices_have_what_names_they_have(void **state)
{
	static const struct { const char *dir, *driver, *gpu, *name, *driver_name; } cases[] = {
		{ "devices/platform/vgem", NULL, "vgem", "vgem", "" },
		{ "devices/faux/vgem", "x/faux_driver", "vgem", "vgem", "" },
		{ PCI_DIR "0000:00:05.0/virtio2", "x/virtio_gpu", "0000:00:05.0", NULL,
		  "virtio_gpu" },
		{ "devices/platform/a003e00.virtio_mmio/virtio0", "x/virtio_gpu",
		  "a003e00.virtio_mmio", "virtio_gpu", "virtio_gpu" },
	};

	(void)state;
	fake_sys_pci(PCI_DIR "0000:00:05.0", "x/virtio-pci", "0x1af4\n", "0x1050\n");
	fake_sys_device("devices/platform/a003e00.virtio_mmio", "x/virtio-mmio", "active\n");
	for (size_t i = 0; i < N_OF(cases); i++) {
		struct devices *ds;
		const struct device *d;

		fake_sys_device(cases[i].dir, cases[i].driver, "unsupported\n");
		fake_sys_node(cases[i].dir, "drm", "card0", "226:0\n");
		ds = fake_sys_devices();
		d = fake_sys_only(ds);
		assert_string_equal(d->gpu, cases[i].gpu);
		assert_string_equal(d->driver, cases[i].driver_name);
		if (cases[i].name)
			assert_string_equal(d->name, cases[i].name);
		else
			assert_int_equal(d->vendor_id, 0x1af4);
		devices_free(ds);
		scratch_remove("class");
	}
}

static void nodes_without_a_device_stand_alone(void **state)
{
	struct devices *ds;
	const struct device *d;
	size_t n;

	(void)state;
	scratch_write("class/drm/card0/dev", "226:0\n");
	scratch_write("class/drm/renderD128/dev", "226:128\n");
	ds = fake_sys_devices();
	d = devices_list(ds, &n);
	assert_int_equal(n, 2);
	assert_string_equal(d[0].gpu, "minor:0");
	assert_string_equal(d[0].name, "minor:0");
	assert_string_equal(d[1].gpu, "minor:128");
	assert_int_equal(d[1].power, DEVICE_POWER_UNKNOWN);
	devices_free(ds);
}

static void the_number_of_a_node_does_not_tell_its_kind(void **state)
{
	struct devices *ds;
	const struct device *d;

	(void)state;
	fake_sys_pci(PCI_DIR "0000:83:00.0", "x/amdgpu", "0x1002\n", "0x74a1\n");
	fake_sys_node(PCI_DIR "0000:83:00.0", "drm", "card192", "226:192\n");
	fake_sys_node(PCI_DIR "0000:83:00.0", "drm", "renderD193", "226:193\n");
	fake_sys_node(PCI_DIR "0000:83:00.0", "drm", "renderD1048575", "226:1048575\n");
	ds = fake_sys_devices();
	d = fake_sys_only(ds);
	assert_int_equal(d->n_nodes, 3);
	assert_string_equal(d->nodes[2].name, "renderD1048575");
	assert_ptr_equal(devices_find(ds, makedev(226, 1048575)), d);
	devices_free(ds);
}

static void more_nodes_than_there_is_room_for_are_left_out(void **state)
{
	struct devices *ds;
	char name[16], dev[16];

	(void)state;
	fake_sys_pci(PCI_DIR "0000:83:00.0", "x/amdgpu", "0x1002\n", "0x74a1\n");
	for (int i = 0; i < DEVICE_MAX_NODES + 3; i++) {
		snprintf(name, sizeof(name), "renderD%d", 128 + i);
		snprintf(dev, sizeof(dev), "226:%d\n", 128 + i);
		fake_sys_node(PCI_DIR "0000:83:00.0", "drm", name, dev);
	}
	ds = fake_sys_devices();
	assert_int_equal(fake_sys_only(ds)->n_nodes, DEVICE_MAX_NODES);
	devices_free(ds);
}

static void a_machine_without_sysfs_or_gpu_has_an_empty_list(void **state)
{
	struct devices *ds;
	size_t n = 1;

	(void)state;
	ds = fake_sys_devices();
	devices_list(ds, &n);
	assert_int_equal(n, 0);
	assert_null(devices_find(ds, makedev(226, 0)));
	devices_free(ds);
	assert_int_equal(devices_new("/nonexistent", &ds), 0);
	devices_list(ds, &n);
	assert_int_equal(n, 0);
	assert_int_equal(devices_refresh(ds), 0);
	devices_free(ds);
	devices_free(NULL);
	/* this machine, whatever it has: nothing is opened, nothing leaks */
	assert_int_equal(devices_new(NULL, &ds), 0);
	assert_int_equal(devices_refresh(ds), 0);
	devices_free(ds);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, scratch_begin, scratch_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(card_and_render_node_of_one_gpu_are_one_device),
		TEST(sensors_of_a_sleeping_device_are_not_read),
		TEST(two_gpus_are_told_apart_and_sorted_by_number),
		TEST(a_pci_device_nobody_has_a_name_for_is_called_by_its_driver),
		TEST(an_accelerator_is_a_device_of_its_own),
		TEST(an_accel_node_of_a_gpu_joins_it),
		TEST(a_platform_device_is_called_as_the_device_tree_calls_it),
		TEST(virtual_devices_have_what_names_they_have),
		TEST(nodes_without_a_device_stand_alone),
		TEST(the_number_of_a_node_does_not_tell_its_kind),
		TEST(more_nodes_than_there_is_room_for_are_left_out),
		TEST(a_machine_without_sysfs_or_gpu_has_an_empty_list),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
