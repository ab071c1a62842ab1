#!/bin/sh
# SPDX-License-Identifier: MIT
# binary - what the linker made of keyplate: static, hardened, small.
set -eu
. "${TOP_SRCDIR:-.}/tests/tap/tap.sh"
keyplate=${KEYPLATE:-./keyplate}
# The promise of the manual; which C library it is, configure knows.
case ${LIBC:-glibc} in
musl) max_bytes=1048576 ;;
*) max_bytes=1800000 ;;
esac

[ "${KIND:-static}" = static ] ||
	skip_all "this is a $KIND build: keyplate is shipped static"
needs readelf

headers=$(readelf -hlW "$keyplate")
dynamic=$(readelf -dW "$keyplate")

# shows TEXT PATTERN, lacks TEXT PATTERN: of one line.
shows()
{
	echo "$1" | grep -qE "$2" || {
		echo "$1"
		return 1
	}
}

lacks()
{
	none "$(echo "$1" | grep -E "$2" || true)"
}

# calls PATTERN: our own code calls a function of such a name.
calls()
{
	nm -u libkeyplate.a libkeyplate-run.a | grep -qE " U ($1)\$"
}

# Each object says that indirect jumps of it may be checked.
marks_jumps()
{
	objects=$(ar t libkeyplate.a | grep -c '\.o$')
	marked=$(readelf -nW libkeyplate.a |
	    grep -c 'x86 feature:.*IBT.*SHSTK')
	echo "$marked of $objects objects"
	[ "$marked" -eq "$objects" ]
}

is_small()
{
	size=$(stat -c %s "$keyplate")
	echo "$size bytes"
	[ "$size" -le "$max_bytes" ]
}

check 'it needs no loader' lacks "$headers" '^ *INTERP '
check 'it needs no shared library' lacks "$dynamic" '\(NEEDED\)'
check 'it is position-independent' shows "$headers" '^ *Type: *DYN '
check 'its relocations are made read-only' shows "$headers" '^ *GNU_RELRO '
check 'they are all bound at the start' \
    shows "$dynamic" 'BIND_NOW|FLAGS_1.*NOW'
check 'its stack is not executable' \
    shows "$headers" '^ *GNU_STACK .* RW  *0x'
check 'no segment is writable and executable' \
    lacks "$headers" '^ *LOAD .* RWE '
check 'no code needs relocations' lacks "$dynamic" '\(TEXTREL\)'
check 'code has a segment of its own' \
    lacks "$headers" ' \.text .* \.rodata '
check 'the stack of its functions is guarded' calls __stack_chk_fail
# musl's headers have no such calls.
[ "${LIBC:-glibc}" != glibc ] ||
	check 'calls with buffers check their sizes' \
	    calls '__(snprintf|vsnprintf|memcpy|read)_chk'
case $(uname -m) in
x86_64) check 'jumps of its own code can be checked' marks_jumps ;;
esac
check 'it is stripped' \
    lacks "$(readelf -SW "$keyplate")" '\.(symtab|debug_info)'
check "it has $max_bytes bytes at most" is_small
finish
