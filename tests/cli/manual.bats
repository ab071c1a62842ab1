#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# manual - the table of options, as --help shows it, and keyplate.1 agree; all
# formats have their section; what the EXAMPLES of all manuals show is what
# happens.

bats_require_minimum_version 1.5.0
load transcript.sh

MANUALS=$(realpath "${BATS_TEST_DIRNAME:?}/../../man")
MANUAL=$MANUALS/keyplate.1
COMMANDS='run render check diff explain init encode decode wait probe'

# "-c --config" or "--root" a line, in the order of the options of $1.
options_of_help() {
	"$KEYPLATE" "$1" --help |
		sed -nE 's/^  (-.), (--[a-z-]+).*/\1 \2/p; s/^ {6}(--[a-z-]+).*/\1/p'
}

# The same of the manual's sections OPTIONS, all of them.
options_of_manual() {
	sed -n '/^\.Sh OPTIONS/,/^\.Sh [^O]/p' "$MANUAL" |
		sed -nE 's/^\.It Fl (.) , Fl Fl ([a-z-]+).*/-\1 --\2/p; s/^\.It Fl Fl ([a-z-]+).*/--\1/p'
}

# The EXAMPLES of manual $1 as a transcript.  A block that does not begin with
# a command is the file that the line before it names, ".Pa NAME :"; where
# there is no such line, it is neither.
examples() {
	awk '/^\.Sh / { examples = $2 == "EXAMPLES" }
		!examples { next }
		/^\.Bd -literal/ { inside = first = 1; next }
		/^\.Ed/ {
			if (kind == "file")
				print "> END OF FILE"
			print "$ :"
			inside = 0
			next
		}
		!inside {
			file = $1 == ".Pa" && $NF == ":" && $2 !~ /^\// ? $2 : ""
			next
		}
		{ gsub(/\\&/, ""); gsub(/\\-/, "-"); gsub(/\\e/, "\\") }
		first {
			kind = /^\$ / ? "commands" : file == "" ? "" : "file"
			first = 0
			if (kind == "file") {
				print "$ mkdir -p \"$(dirname " file ")\""
				print "$ cat >" file " <<\"END OF FILE\""
			}
		}
		kind == "file" { print "> " $0 }
		kind == "commands"' "$MANUALS/$1"
}

@test "the manual has every option of every command, and no other" {
	for command in $COMMANDS; do
		options_of_help "$command"
	done | sort -u >"$BATS_TEST_TMPDIR/help"
	options_of_manual | sort >"$BATS_TEST_TMPDIR/manual"
	[ -s "$BATS_TEST_TMPDIR/help" ]
	diff "$BATS_TEST_TMPDIR/help" "$BATS_TEST_TMPDIR/manual"
}

@test "the manual has the options in the order of --help" {
	for command in $COMMANDS; do
		options_of_help "$command" >"$BATS_TEST_TMPDIR/help"
		options_of_manual | grep -Fxf "$BATS_TEST_TMPDIR/help" \
			>"$BATS_TEST_TMPDIR/manual"
		diff "$BATS_TEST_TMPDIR/help" "$BATS_TEST_TMPDIR/manual"
	done
}

@test "the manual writes the arguments of options as --help does" {
	for command in $COMMANDS; do
		"$KEYPLATE" "$command" --help
	done | sed -nE 's/^ .*(--[a-z-]+ [^ ]+( [^ ]+)?)  .*/\1/p' | sort -u \
		>"$BATS_TEST_TMPDIR/help"
	sed -nE 's/^\.It Fl .*Fl ([a-z-]+) Ar (.*)/--\1 \2/p' "$MANUAL" |
		sort >"$BATS_TEST_TMPDIR/manual"
	[ -s "$BATS_TEST_TMPDIR/help" ]
	diff "$BATS_TEST_TMPDIR/help" "$BATS_TEST_TMPDIR/manual"
}

@test "the manual has every command and topic" {
	for topic in $("$KEYPLATE" help completion | awk '$1 == "topic" {
	    print $2 }'); do
		sed -n '/^\.It Nm Cm help/,/^\.El/p' "$MANUAL" |
			grep -q "^\.Cm.* $topic\( \|$\)"
	done
	for command in $COMMANDS help; do
		grep -q "^\.It Nm Cm $command\( \|$\)" "$MANUAL"
	done
}

@test "the manual writes the filters as help does" {
	command -v mandoc >/dev/null || skip 'no mandoc'
	mandoc -T ascii "$MANUAL" | sed 's/.\x08//g' >"$BATS_TEST_TMPDIR/manual"
	"$KEYPLATE" help filters |
		sed -nE '1d; s/^  ([^ ]+(, [^ ]+)*)(  .*)?$/\1/p' >"$BATS_TEST_TMPDIR/help"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/help")" -ge 12 ]
	while read -r filters; do
		grep -qF -- "     $filters" "$BATS_TEST_TMPDIR/manual" || {
			echo "not there: $filters"
			return 1
		}
	done <"$BATS_TEST_TMPDIR/help"
}

@test "a command in a manual is keyplate's, whatever the manual's name" {
	run grep -h -A 1 -x '\.Nm' "$MANUALS"/*.[57]
	[[ $output != *.Cm* ]]
}

@test "help exit has every status of the manual" {
	"$KEYPLATE" help exit >"$BATS_TEST_TMPDIR/help"
	while read -r status; do
		grep -q "^ *$status  " "$BATS_TEST_TMPDIR/help"
	done < <(sed -n '/^\.Sh EXIT/,/^\.Sh EXAM/s/^\.It \([0-9]\)/\1/p' "$MANUAL")
	grep -q 'neither a command nor --, it is 2' "$BATS_TEST_TMPDIR/help"
}

@test "every option is a variable too, as the manual says" {
	options_of_manual | sed 's/.*--//' | grep -vx -e help -e version |
		tr 'a-z-' 'A-Z_' |
		while read -r name; do
			run --separate-stderr env "KEYPLATE_$name=x" \
				"$KEYPLATE" check -v
			[[ $stderr != *"KEYPLATE_$name names no option"* ]] || {
				echo "KEYPLATE_$name is not known"
				return 1
			}
		done
}

@test "keyplate-formats.7 has every format, and no other" {
	sed -nE 's/^\t\.name = "(.*)",$/\1/p' "$MANUALS"/../src/format/*.c |
		sort >"$BATS_TEST_TMPDIR/formats"
	sed -n '/^\.Sh FORMATS/,/^\.Sh EXAMPLES/s/^\.Ss //p' \
		"$MANUALS/keyplate-formats.7" | sort >"$BATS_TEST_TMPDIR/manual"
	[ -s "$BATS_TEST_TMPDIR/formats" ]
	diff "$BATS_TEST_TMPDIR/formats" "$BATS_TEST_TMPDIR/manual"
}

@test "the examples of keyplate.1 print what they say" {
	umask 022 # init tells of files that anybody may read
	play 5 < <(examples keyplate.1)
}

@test "the examples of keyplate.conf.5 print what they say" {
	play 15 < <(examples keyplate.conf.5)
}

@test "the examples of keyplate-formats.7 print what they say" {
	play 5 < <(examples keyplate-formats.7)
}

@test "the examples of keyplate-migrate.7 print what they say" {
	play 5 < <(examples keyplate-migrate.7)
}

@test "make html makes a page of each manual, linked to the others" {
	command -v mandoc >/dev/null || skip 'no mandoc'
	make -s -C "$TOP_BUILDDIR" html-local
	cd "$TOP_BUILDDIR/docs"
	for manual in "$MANUALS"/*.[1-9]; do
		page=${manual##*/}.html
		grep -q '<h1 class="Sh" id="NAME">' "$page"
		while read -r link; do
			[ -s "${link#*\"}" ]
		done < <(grep -o 'href="keyplate[^"#]*' "$page")
	done
	grep -q 'href="keyplate.conf.5.html"' keyplate.1.html
	[ -s manual.css ]
}
