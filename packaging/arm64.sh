#!/bin/sh
# SPDX-License-Identifier: MIT
# arm64 - cross-compile DIR/tree for arm64, and test it with QEMU.
# usage: arm64.sh DIR
#
# The libraries are Debian's for arm64, unpacked and not installed: nothing of
# this machine changes.
set -eu
cd "$1"
root=$PWD/sysroot
host=aarch64-linux-gnu

[ -e sysroot/unpacked ] || {
	rm -rf sysroot
	mmdebstrap --quiet --variant=extract --architectures=arm64 \
	    --include=libbsd-dev,libc6-dev,libcmocka-dev,libcrypt-dev \
	    --include=libgcc-12-dev,libiniparser-dev,libjansson-dev \
	    --include=libmd-dev,libpcre2-dev,libyaml-dev \
	    "$(. /etc/os-release && echo "$VERSION_CODENAME")" sysroot
	touch sysroot/unpacked
}

export PKG_CONFIG_SYSROOT_DIR="$root"
export PKG_CONFIG_LIBDIR="$root/usr/lib/$host/pkgconfig"
cd tree
./configure --host=$host CC="$host-gcc --sysroot=$root"
make -j"$(nproc)"

# What the tests start, in place of a kernel that knows the machine; the name
# that it is called by counts.
cat >emulated <<END
#!/bin/sh
exec $(command -v qemu-aarch64) -0 "\$0" $PWD/keyplate "\$@"
END
chmod 0755 emulated
# With -L the loader would be found too, but every other path as well.
libraries=$root/lib/$host
UNIT_WRAPPER="qemu-aarch64 $libraries/ld-linux-aarch64.so.1
    --library-path $libraries:$root/usr/lib/$host" \
    make check TESTS='$(UNIT_TESTS)'

export KEYPLATE="$PWD/emulated" KIND=static LIBC=glibc
export TOP_SRCDIR="$PWD" TOP_BUILDDIR="$PWD"
{
	tests/cases/run.sh
	for name in check diff encode envsubst explain render syntax; do
		tests/tap/bats.sh "tests/cli/$name.bats" || :
	done
} | tee tap
if grep '^not ok' tap; then
	exit 1
fi
printf 'arm64: %s points passed\n' "$(grep -c '^ok' tap)"
