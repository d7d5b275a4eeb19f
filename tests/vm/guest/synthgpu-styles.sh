# shellcheck shell=dash
# SPDX-License-Identifier: MIT
# fdinfo in each style, and that all of them tell the same truth.
. /tests/lib.sh
need synthgpu synthload

styles='ns cycles both maxfreq amdgpu-late none'

# value DEVICE KEY, without the unit; truth DEVICE.
value() {
	sed -n "s/^$2:[ \t]*\([^ ]*\).*/\1/p" "/tmp/fdinfo.$1"
}

truth() {
	sed -n 's/^truth client .* engine render busy \([0-9]*\) .*/\1/p' "/tmp/out.$1"
}

keys() {
	sed -n 's/^\(drm-[^:]*\):.*/\1/p' "/tmp/fdinfo.$1" | grep -E 'engine|cycles|maxfreq' |
		grep "$2" | sort | tr '\n' ' '
}

load synthgpu ndev=6 style=ns,cycles,both,maxfreq,amdgpu-late,none mhz=1500
device=0
for style in $styles; do
	is "$(sed -n 's/^style //p' /sys/kernel/debug/synthgpu/$device/truth)" "$style" \
		"device $device has style $style"
	synthload --device $device --busy 40% --seconds 1 --linger 1000 --mem vram=8M >/tmp/out.$device &
	eval "pid_$device=$!"
	device=$((device + 1))
done
for device in 0 1 2 3 4 5; do
	wait_for 20 grep -q '^truth' /tmp/out.$device
	eval "cat /proc/\$pid_$device/fdinfo/3" >/tmp/fdinfo.$device
done

is "$(keys 0 render)" "drm-engine-render " "ns: render"
is "$(keys 0 video)" "drm-engine-capacity-video drm-engine-video " "ns: video, of two instances"
is "$(keys 1 render)" "drm-cycles-render drm-total-cycles-render " "cycles: render"
is "$(keys 1 video)" "drm-cycles-video drm-engine-capacity-video drm-total-cycles-video " \
	"cycles: video"
is "$(keys 2 render)" "drm-cycles-render drm-engine-render drm-total-cycles-render " "both: render"
is "$(keys 3 render)" "drm-cycles-render drm-maxfreq-render " "maxfreq: render"
is "$(keys 4 .)" "drm-engine-render " "amdgpu-late: only what was used"
is "$(keys 5 .)" "" "none: nothing"

is "$(value 0 drm-engine-render)" "$(truth 0)" "ns is the truth"
is "$(value 1 drm-cycles-render)" $(($(truth 1) * 3 / 2)) "cycles are the truth at 1500 MHz"
is "$(value 2 drm-engine-render)" "$(truth 2)" "both: ns"
is "$(value 2 drm-cycles-render)" $(($(truth 2) * 3 / 2)) "both: cycles"
is "$(value 3 drm-cycles-render)" $(($(truth 3) * 3 / 2)) "maxfreq: cycles"
is "$(value 3 drm-maxfreq-render)" 1500000000 "maxfreq: Hz"
is "$(value 4 drm-engine-render)" "$(truth 4)" "amdgpu-late: ns"
is "$(value 1 drm-total-cycles-render)" "$(value 1 drm-total-cycles-copy)" \
	"total cycles are the device's clock"

is "$(value 0 drm-resident-vram)" 8 "memory has the keys of the specification"
is "$(value 4 drm-memory-vram)" 8192 "amdgpu-late: the older ones"
is "$(value 5 drm-driver)" synthgpu "none: the header is there"
is "$(sed -n 's/^drm-client-id:\t//p' /tmp/fdinfo.* | sort -u | grep -c .)" 6 "client ids are unique"
is "$(grep -h drm-pdev /tmp/fdinfo.*)" "" "it is no PCI device"

killall -KILL synthload
ok "the module unloads" wait_for 5 unload synthgpu
for wrong in ndev=0 ndev=65 style=fast engines= engines=a engines=a:0 engines=a:17 engines=a:1,a:1 \
	engines=a.b:1 engines=abcdefghijklmnop:1 regions=a:1,b:1,c:1,d:1,e:1 mhz=0; do
	not_ok "refused: $wrong" load synthgpu "$wrong"
done
dmesg_clean "the kernel is content"
done_testing
