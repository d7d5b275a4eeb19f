# shellcheck shell=dash
# SPDX-License-Identifier: MIT
# What the ioctls promise: see synthgpu-ioctl.c.
. /tests/lib.sh
need synthgpu synthgpu-ioctl

load synthgpu
exec synthgpu-ioctl
