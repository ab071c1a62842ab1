#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# render - the command that renders and stops.

bats_require_minimum_version 1.5.0
load cli.sh

@test "a source without a target goes to standard output" {
	printf 'user=${secret:user}\n' >motd
	keyplate render motd
	ended 0
	is stdout "$output" 'user=operator'
	is stderr "$stderr" ''
	holds motd 'user=${secret:user}\n'
}

@test "a dash is standard input" {
	output=$(printf 'a: ${secret:password}\n' |
	    "$KEYPLATE" render -f yaml -)
	is stdout "$output" 'a: "p&a\"ss#w;or|d\\1$HOME"'
}

@test "a dash is standard output, and no file" {
	printf 'user=${secret:user}\n' >motd
	printf '[file f]\npath = out\nsource = motd\n' >rules
	local -a how
	for how in 'motd:-' '-o - motd' '-c rules motd:-' '-c rules -o - motd'; do
		# shellcheck disable=SC2086 # words of their own
		keyplate render $how
		ended 0
		is "$how" "$output" 'user=operator'
	done
	[ ! -e - ]
	[ ! -e out ]
	keyplate render -t motd:-
	ended 2
	complains '"-" is neither'
	[ ! -e - ]
	keyplate render "motd:./-"
	ended 0
	holds ./- 'user=operator\n'
}

@test "a source with a target is written there" {
	printf '[s]\nk = ${secret:password}\n' >a.tmpl
	keyplate render -f ini/grafana a.tmpl:a.ini
	ended 0
	is stdout "$output$stderr" ''
	holds a.ini '[s]\nk = `p&a"ss#w;or|d\\1$HOME`\n'
}

@test "the format is that of the target's name" {
	printf 'k: ${secret:password}\n' >a.tmpl
	keyplate render a.tmpl:a.yml
	ended 0
	holds a.yml 'k: "p&a\\"ss#w;or|d\\\\1$HOME"\n'
}

@test "the output of one source may be named by -o" {
	printf '${secret:user}\n' >a.tmpl
	keyplate render -o out a.tmpl
	ended 0
	holds out 'operator\n'
}

@test "several sources are written in one run" {
	printf 'a ${secret:user}\n' >a.tmpl
	printf 'b ${DOMAIN}\n' >b.tmpl
	keyplate render a.tmpl:a b.tmpl:b
	ended 0
	holds a 'a operator\n'
	holds b 'b example.org\n'
	keyplate render -t a.tmpl:c -t b.tmpl:d
	ended 0
	cmp a c
	cmp b d
}

@test "--set changes a value in place" {
	printf '# c\n[s]\nk = xxx ; why\nl = 2\n' >a.ini
	keyplate render -f ini/grafana --set 'a.ini:s.k=${secret:user}'
	ended 0
	holds a.ini '# c\n[s]\nk = operator ; why\nl = 2\n'
}

@test "--set may name a file section of the rules" {
	printf '[file g]\npath = a.ini\nformat = ini/grafana\n' >rules.conf
	printf '[s]\nk = xxx\n' >a.ini
	keyplate render -c rules.conf --set 'g:s.k=${secret:words}'
	ended 0
	holds a.ini '[s]\nk = correct horse\n'
}

@test "a directory of rules is read in the order of names" {
	mkdir conf.d
	printf '[file g]\npath = a.ini\nformat = ini/grafana\n' >conf.d/10.conf
	printf '[set k]\nfile = g\nkey = s.k\nvalue = v\n' >conf.d/20.conf
	printf 'not a rule\n' >conf.d/ignored
	printf '[s]\nk = xxx\n' >a.ini
	keyplate render -c conf.d
	ended 0
	holds a.ini '[s]\nk = v\n'
}

@test "--root takes the paths of rules as below it" {
	mkdir -p image/etc
	printf '[s]\nk = xxx\n' >image/etc/a.ini
	printf '[file g]\npath = /etc/a.ini\nformat = ini/grafana\n' >rules.conf
	printf '[set k]\nfile = g\nkey = s.k\nvalue = ${secret:user}\n' \
	    >>rules.conf
	keyplate render --root "$PWD/image" -s secrets -c rules.conf
	ended 0
	holds image/etc/a.ini '[s]\nk = operator\n'
	[ ! -e /etc/a.ini ]
}

@test "a dry run writes nothing" {
	printf '${secret:user}\n' >a.tmpl
	printf 'old\n' >b
	keyplate render -n a.tmpl:a a.tmpl:b
	ended 0
	[ ! -e a ]
	holds b 'old\n'
}

@test "a dry run finds what is missing" {
	printf '${secret:missing}\n' >a.tmpl
	keyplate render -n a.tmpl:a
	ended 1
	complains 'a.tmpl:1:1: '
}

@test "a missing value stays with --allow-missing, and is warned about" {
	printf '${secret:missing} ${secret:user}\n' >a.tmpl
	keyplate render --allow-missing a.tmpl:a
	ended 0
	holds a '${secret:missing} operator\n'
	complains missing
	complains a.tmpl:1:1
}

@test "what --allow-missing leaves must be something that is read" {
	printf '{"a": ${missing}}\n' >a.json
	keyplate render --allow-missing a.json
	ended 1
	is stdout "$output" ''
	complains 'a.json:1:7: "missing" has no value, and json cannot read'
	printf '{"a": "${missing}"}\n' >a.json
	keyplate render --allow-missing a.json
	ended 0
	is stdout "$output" '{"a": "${missing}"}'
}

@test "a new file is for its owner alone" {
	umask 022
	printf '${secret:user}\n' >a.tmpl
	chmod 644 a.tmpl
	keyplate render a.tmpl:a
	ended 0
	is mode "$(stat -c %a a)" 600
}

@test "an existing file keeps its mode" {
	printf '${secret:user}\n' >a.tmpl
	printf 'old\n' >a
	chmod 640 a
	keyplate render a.tmpl:a
	ended 0
	is mode "$(stat -c %a a)" 640
}

@test "--mode gives the mode" {
	umask 077
	printf '${secret:user}\n' >a.tmpl
	keyplate render --mode 0644 a.tmpl:a
	ended 0
	is mode "$(stat -c %a a)" 644
}

@test "an existing file keeps its owner" {
	[ "$(id -u)" -eq 0 ] || skip 'needs root'
	printf '${secret:user}\n' >a.tmpl
	printf 'old\n' >a
	chown 1:2 a
	keyplate render a.tmpl:a
	ended 0
	is owner "$(stat -c %u:%g a)" 1:2
}

@test "--owner gives the owner" {
	[ "$(id -u)" -eq 0 ] || skip 'needs root'
	printf '${secret:user}\n' >a.tmpl
	keyplate render --owner 1:2 a.tmpl:a
	ended 0
	is owner "$(stat -c %u:%g a)" 1:2
}

@test "mode and owner of a rule are those of the file" {
	[ "$(id -u)" -eq 0 ] || skip 'needs root'
	printf '${secret:user}\n' >a.tmpl
	printf '[file a]\nsource = a.tmpl\npath = a\nmode = 0640\nowner = 1:2\n' \
	    >rules.conf
	keyplate render -c rules.conf
	ended 0
	is 'mode and owner' "$(stat -c '%a %u:%g' a)" '640 1:2'
}

@test "--no-overwrite leaves what is there" {
	printf '${secret:user}\n' >a.tmpl
	printf 'old\n' >a
	keyplate render --no-overwrite a.tmpl:a a.tmpl:b
	ended 0
	holds a 'old\n'
	holds b 'operator\n'
}

@test "the same bytes are not written again" {
	printf '${secret:user}\n' >a.tmpl
	"$KEYPLATE" render a.tmpl:a
	before=$(identity a)
	keyplate render a.tmpl:a
	ended 0
	is identity "$(identity a)" "$before"
}

@test "one bad target keeps all others from being written" {
	printf '${secret:user}\n' >good.tmpl
	printf '${secret:missing}\n' >bad.tmpl
	printf 'old\n' >a
	printf 'old\n' >c
	before=$(identity a c)
	keyplate render good.tmpl:a good.tmpl:b bad.tmpl:c
	ended 1
	is identity "$(identity a c)" "$before"
	[ ! -e b ]
}

@test "one target that cannot be written keeps all others as they are" {
	printf '${secret:user}\n' >good.tmpl
	printf 'old\n' >a
	before=$(identity a)
	keyplate render good.tmpl:a good.tmpl:nowhere/b
	[ "$status" -ne 0 ]
	is identity "$(identity a)" "$before"
	complains nowhere/b
}

@test "nothing but the target is left behind" {
	mkdir out
	printf '${secret:user}\n' >a.tmpl
	keyplate render a.tmpl:out/a
	ended 0
	is listing "$(ls -A out)" a
}

@test "a refused render leaves nothing behind" {
	mkdir out
	printf '[s]\nk = ${secret:brace}\n' >a.tmpl
	printf 'a${HOME}b\n' >secrets/brace
	keyplate render -f ini/grafana a.tmpl:out/a
	ended 1
	is listing "$(ls -A out)" ''
}

@test "a directory of templates is rendered as a tree" {
	mkdir -p in/sub out
	printf '${secret:user}\n' >in/a.conf.tmpl
	printf '${DOMAIN}\n' >in/sub/b.conf.tmpl
	keyplate render -t in:out --suffix .tmpl
	ended 0
	holds out/a.conf 'operator\n'
	holds out/sub/b.conf 'example.org\n'
}

@test "a tree holds templates that can be read, or none is rendered" {
	printf '${secret:user}\n' >a.tmpl
	mkdir -p in out
	cp a.tmpl in
	ln -s nowhere in/z
	keyplate render -t in:out
	ended 1
	complains 'in: cannot look at z: No such file or directory'
	is listing "$(ls -A out)" ''
}

@test "the directory that a tree goes to has to be there" {
	mkdir -p in/sub
	printf '${secret:user}\n' >in/sub/a
	keyplate render -t in:out
	ended 1
	complains 'out/sub: cannot make the directory: No such file or directory'
	[ ! -e out ]
}

@test "a tree has at most 32 levels, and 10000 files" {
	local way=in/1 level

	mkdir out
	for level in {2..33}; do
		way+=/$level
	done
	mkdir -p "$way"
	printf '${secret:user}\n' >"$way/a"
	keyplate render -t in:out
	ended 1
	complains 'in: is nested deeper than 32 directories'
	is listing "$(ls -A out)" ''
	# One level less is fine.
	mv "$way/a" "$way/.."
	rmdir "$way"
	keyplate render -t in:out
	ended 0
	way=${way%/*}
	holds "out${way#in}/a" 'operator\n'
	mkdir many none
	(cd many && printf 'a\n' | tee {1..10001} >said)
	keyplate render -t many:none
	ended 1
	complains 'many: holds more than 10000 files'
	is listing "$(ls -A none)" ''
}

@test "a rule is for one file, and a tree needs another place" {
	mkdir in out
	printf '${secret:user}\n' >in/a
	keyplate render in
	ended 2
	complains 'in is a directory: it takes SRC:DST'
	printf '[file f]\npath = out\nsource = in\n' >rules
	printf '[set k]\nfile = f\nkey = a\nvalue = b\n' >>rules
	keyplate render -c rules
	ended 1
	complains 'rules:1:2: in is a directory: a rule needs a file'
	is listing "$(ls -A out)" ''
}

@test "the first secrets directory that has a name wins" {
	mkdir other
	printf 'other\n' >other/user
	printf 'fallback\n' >other/third
	printf '${secret:user} ${secret:third}\n' >a
	keyplate render -s secrets -s other a
	ended 0
	is stdout "$output" 'operator fallback'
}

@test "a path into a secrets directory reads from what is held of it" {
	local dir

	mkdir secrets/..v1
	printf 'held\n' >secrets/..v1/link
	ln -s ..v1 secrets/..data
	ln -s user secrets/link
	printf '${file:%s}\n' "$PWD/secrets/link" >a
	for dir in "$PWD/secrets" "$PWD/secrets/" "$PWD/secrets//"; do
		keyplate render -s "$dir" a
		is stdout "$output" held
	done
}

@test "a link within a secrets directory is followed" {
	mkdir secrets/..v1
	printf 'projected\n' >secrets/..v1/link
	ln -s ..v1 secrets/..data
	ln -s ..data/link secrets/link
	printf '${secret:link}\n' >a
	keyplate render a
	ended 0
	is stdout "$output" projected
}

@test "the real environment wins over a file of settings" {
	printf 'DOMAIN=other\n# a comment\nPORT="80"\n' >settings.env
	printf '${env:DOMAIN} ${env:PORT}\n' >a
	keyplate render -e settings.env a
	ended 0
	is stdout "$output" 'example.org 80'
}

@test "a name may come from the file that its variable names" {
	printf 'from the file\n' >elsewhere
	printf '${API_KEY}\n' >a
	API_KEY_FILE=$PWD/elsewhere keyplate render a
	ended 0
	is stdout "$output" 'from the file'
}

@test "a variable and the file of it together are an error" {
	printf 'from the file\n' >elsewhere
	printf '${API_KEY}\n' >a
	API_KEY=1 API_KEY_FILE=$PWD/elsewhere keyplate render a
	ended 1
	complains API_KEY
	complains a:1:1
}

@test "a file may be named by its path" {
	printf '${file:%s}\n' "$PWD/secrets/user" >a
	keyplate render a
	ended 0
	is stdout "$output" operator
}

@test "an unreadable secret is an error even with a default" {
	mkdir secrets/directory
	printf '${secret:directory:-d}\n' >a
	keyplate render a
	ended 1
	complains directory
}

@test "a secret over its limit is refused" {
	head -c 1048577 /dev/zero | tr '\0' a >secrets/long
	head -c 1048576 /dev/zero | tr '\0' a >secrets/longest
	printf '${secret:long}' >a
	printf '${secret:longest}' >b
	keyplate render a:out
	ended 1
	complains long
	keyplate render b:out
	ended 0
	cmp out secrets/longest
}

@test "all problems are reported, sorted by place" {
	printf '${secret:a}\n ${secret:b}\n' >z
	printf '${secret:c}\n' >y
	keyplate render z:z.out y:y.out
	ended 1
	is places "$(grep -o '[yz]:[0-9]*:[0-9]*' <<<"$stderr" | tr '\n' ' ')" \
	    'y:1:1 z:1:1 z:2:2 '
}

@test "a message never has a value in it" {
	printf '[s]\nk = ${secret:password}\nl = ${secret:bad}\n' >a.ini
	printf 'correct horse${HOME}\n' >secrets/bad
	keyplate render -v -f ini/grafana a.ini:out
	ended 1
	keeps_quiet
}

@test "a source that is not there is an error that names it" {
	keyplate render nothing.here
	ended 1
	complains nothing.here
}

@test "an unknown format is a mistake of use" {
	printf 'a\n' >a
	keyplate render -f inii a
	ended 2
	complains inii
}

@test "a thousand lines change in their slots alone" {
	{
		cat "$TEMPLATES/grafana/grafana.ini"
		for i in $(seq 1000); do
			printf '; line %d\n;key_%d = "a;b" # c\n' "$i" "$i"
		done
	} >grafana.ini
	cp grafana.ini before.ini
	printf 'abc\n' >secrets/lb_admin_user
	printf 'xyz\n' >secrets/lb_admin_pass
	mkdir -p etc/grafana
	mv grafana.ini etc/grafana/
	DOMAIN=dom keyplate render --root "$PWD" -s secrets \
	    -c "$(realpath --relative-to . "$TEMPLATES")/grafana/keyplate.conf"
	ended 0
	# "xxx" became as many other letters, so that cmp lists each byte.
	is 'bytes changed' \
	    "$(cmp -l before.ini etc/grafana/grafana.ini | wc -l)" 8
	is 'lines changed' \
	    "$(diff before.ini etc/grafana/grafana.ini | grep '^>')" \
	    '> domain = dom
> admin_user = abc
> admin_password = xyz'
}

@test "a file with nothing to fill in is not written" {
	printf '[s]\nk = v\n' >a.ini
	printf '[file g]\npath = a.ini\nformat = ini/grafana\n' >rules.conf
	printf '[set k]\nfile = g\nkey = s.k\nvalue = v\n' >>rules.conf
	before=$(identity a.ini)
	keyplate render -c rules.conf
	ended 0
	is identity "$(identity a.ini)" "$before"
}

@test "in place, a new secret is rendered at the next start" {
	printf 'k=${secret:user}\n' >a
	printf '[file a]\npath = a\nformat = text\n' >rules.conf
	"$KEYPLATE" render -c rules.conf
	holds a 'k=operator\n'
	printf 'somebody\n' >secrets/user
	keyplate render -c rules.conf
	ended 0
	holds a 'k=somebody\n'
	holds a.keyplate 'k=${secret:user}\n'
}

@test "in place, what was changed by hand is warned about" {
	local edit before

	printf '# one\nuser = ${secret:user} x\nlast = ${DOMAIN}' >a.txt
	keyplate render -t a.txt
	ended 0
	before=$(cat a.txt)
	for edit in 's/one/two/' 's/ x$/ y/' 's/^last/first/' '1i first' \
	    '$a more' 's/operator/${secret:user}/;s/one/three/'; do
		printf '%s' "$before" >a.txt
		sed -i "$edit" a.txt
		keyplate diff -t a.txt
		ended 1
		complains 'a.txt: warning: was changed since it was rendered'
		complains 'its template is a.txt.keyplate'
		keyplate render -t a.txt
		ended 0
		complains 'warning: was changed since it was rendered'
		is 'what is written' "$(cat a.txt)" "$before"
	done
	for DOMAIN in '' a 'user = operator x'; do
		printf 'another%s\n' "$DOMAIN" >secrets/user
		keyplate render -t a.txt
		ended 0
		is 'standard error' "$stderr" ''
	done
}

@test "a verify command that fails stops everything" {
	printf '${secret:password}\n' >a.tmpl
	printf 'old\n' >a
	printf '[file a]\nsource = a.tmpl\npath = a\nverify = grep -q nothing {}\n' \
	    >rules.conf
	keyplate render -c rules.conf
	ended 1
	holds a 'old\n'
	keeps_quiet
}

@test "what a verify command prints has names for values, the longest first" {
	printf '#%%' >secrets/short
	printf 'x#%%y' >secrets/long
	printf 'now ${secret:short} ${secret:long}\n' >a.tmpl
	printf '[file a]\nsource = a.tmpl\npath = a\nformat = text\n' >rules.conf
	printf 'verify = grep -h now {} nowhere\n' >>rules.conf
	keyplate render -c rules.conf
	ended 1
	[[ $stderr == *'verify: now <short> <long>'* ]]
	[ ! -e a ]
}

@test "a value at which the output of a verify command is cut has a name too" {
	printf '%s\n' 'head -c 16374 /dev/zero | tr "\0" x; printf "\n."' \
	    'printf "correct horse"; exit 1' >verify
	printf '[file a]\nsource = a.tmpl\npath = a\nverify = sh verify\n' \
	    >rules.conf
	printf '${secret:words}' >a.tmpl
	keyplate render -c rules.conf
	ended 1
	complains 'verify: .<value>'
	[[ $stderr != *correct* ]]
}

@test "what a verify command prints keeps its order" {
	printf '%s\n' 'printf "two\none\nthree\none\n"; exit 1' >verify
	printf '[file a]\nsource = a.tmpl\npath = a\nverify = sh verify\n' \
	    >rules.conf
	printf '${secret:user}' >a.tmpl
	keyplate render -c rules.conf
	ended 1
	is 'its lines' "$(sed -n 's/^keyplate: verify: //p' <<<"$stderr" | xargs)" \
	    'two one three one'
}

@test "a verify command sees the staged file" {
	printf '${secret:user}\n' >a.tmpl
	printf '[file a]\nsource = a.tmpl\npath = a\nverify = grep -q operator {}\n' \
	    >rules.conf
	keyplate render -c rules.conf
	ended 0
	holds a 'operator\n'
}

@test "a hash is one that crypt() knows, and stays while it fits" {
	local kept
	printf '${secret:words|bcrypt(4)} ${secret:words|sha512crypt}\n' >a.tmpl
	keyplate render -t a.tmpl:a
	ended 0
	perl -ane 'die "no $_" for grep { crypt("correct horse", $_) ne $_ } @F;
	    exit !(@F == 2)' a
	kept=$(cat a)
	keyplate render -t a.tmpl:a
	ended 0
	is 'the second time' "$(cat a)" "$kept"
}

@test "a mode or a format in a rule that is none is an error" {
	local mode

	printf '${secret:user}\n' >a.tmpl
	for mode in 0999 01000 rw 00000600 6; do
		printf '[file f]\npath = a\nsource = a.tmpl\nmode = %s\n' \
		    "$mode" >rules
		keyplate render -c rules
		ended 1
		complains 'rules:4:8: mode wants a file mode from 0000 to 0777'
		[ ! -e a ]
	done
	printf '[file f]\npath = a\nsource = a.tmpl\nformat = yml\n' >rules
	keyplate render -c rules
	ended 1
	complains 'rules:4:10: format wants the name of a format'
	complains 'hint: did you mean yaml?'
	sed -i 's/yml$/mysql/' rules
	keyplate render -c rules
	complains 'did you mean ini/mysql?'
	[ ! -e a ]
}

@test "an owner or a verify command in a rule that is not there is an error" {
	printf '${secret:user}\n' >a.tmpl
	printf '[file f]\npath = a\nsource = a.tmpl\nowner = nosuch\n' >rules
	for command in render check; do
		keyplate "$command" -c rules
		ended 1
		complains 'rules:4:9: no user "nosuch" in /etc/passwd'
	done
	# There it is the image's.
	keyplate check --root "$PWD" -c rules
	ended 0
	printf '[file f]\npath = a\nsource = a.tmpl\nverify = nosuch {}\n' \
	    >rules
	keyplate render -c rules
	ended 1
	complains 'rules:4:10: "nosuch": command not found'
	[ ! -e a ]
}

@test "a text that cannot be written to standard output is a failure" {
	printf '${secret:words}\n' >a.tmpl
	run --separate-stderr sh -c '"$1" render a.tmpl >/dev/full' sh \
	    "$KEYPLATE"
	ended 1
	complains 'cannot write to standard output: No space left on device'
	keeps_quiet
}

@test "a value that its reader would not see is refused" {
	# A comment between the lines of a value is no part of it.
	printf '[S]\nA=a\\\n# ${secret:words}\nb\n' >a.tmpl
	keyplate render -f ini/systemd a.tmpl:a
	ended 1
	complains 'a.tmpl:3:3: the reader drops what stands here (ini/systemd)'
	printf '[s]\na = a\n  # ${secret:words}\n  b\n' >b.tmpl
	keyplate render -f ini/python b.tmpl:b
	ended 1
	complains 'b.tmpl:3:5: the reader drops what stands here (ini/python)'
	keeps_quiet
	[ ! -e a ]
	[ ! -e b ]
}

@test "a template in UTF-16 is refused, whose placeholders nobody would find" {
	local format formats order
	formats=$("$KEYPLATE" help formats | sed -n '/^  /p')
	[[ $formats == *'ini/grafana '*text ]]
	for order in UTF-16LE UTF-16BE; do
		printf '\357\273\277{"a": "${secret:user}"}\n' |
		    iconv -f UTF-8 -t "$order" >a.tmpl
		for format in $formats; do
			keyplate render -f "$format" a.tmpl:a
			ended 1
			complains 'a.tmpl:1:1: is UTF-16, and must be UTF-8'
			complains 'hint: iconv -f UTF-16 -t UTF-8 converts it'
		done
	done
	[ ! -e a ]
	iconv -f UTF-16BE -t UTF-8 a.tmpl >b.tmpl
	keyplate render -f text b.tmpl:b
	ended 0
	keeps_quiet
}

@test "so are those of other marks" {
	local -a how
	local row
	for row in '@Q@ --syntax=at' '$Q --syntax=envsubst' \
	    '{{ Q }} --delimiters={{\ }}' '{$Q} --syntax=caddy'; do
		how=("${row##* --}")
		[[ $row != *delim* ]] || how=('delimiters={{ }}')
		printf '\357\273\277a %s\n' "${row%% --*}" |
		    iconv -f UTF-8 -t UTF-16LE >a.tmpl
		Q=x keyplate render "--${how[0]}" -f text a.tmpl:a
		ended 1
		complains 'a.tmpl:1:1: is UTF-16'
	done
	printf '\357\273\277a ${b}\n' | iconv -f UTF-8 -t UTF-16LE >a.tmpl
	keyplate render --syntax at -f text a.tmpl:a
	ended 0
}

@test "text in UTF-16 without a placeholder is bytes as any" {
	printf '\357\273\277{"a": "$ {b}"}\n' | iconv -f UTF-8 -t UTF-16LE >a.tmpl
	keyplate render -f text a.tmpl:a
	ended 0
	cmp a.tmpl a
}

@test "a variable added to a file of CR LF lines is read without a CR" {
	printf 'A=x\r\n#B=y\r\nC=z' >a.env
	keyplate render -f env/sh --set 'a.env:B=${secret:password}' \
	    --set 'a.env:D=${secret:user}'
	ended 0
	output=$(sh -c '. ./a.env; printf "%s\n" "$B" "$C" "$D"')
	is values "$output" $'p&a"ss#w;or|d\\1$HOME\nz\noperator'
}

@test "text that a DTD tells a part of is not set by halves" {
	local text
	for text in '&e;x' 'x&e;' '&e;'; do
		printf '<!DOCTYPE c [<!ENTITY e "f">]>\n<c><a>%s</a></c>\n' \
		    "$text" >a.xml
		cp a.xml was.xml
		keyplate render --set 'a.xml:c.a=${secret:words}'
		ended 1
		complains 'an entity in it that the DTD declares'
		cmp a.xml was.xml
	done
	# The author of the template knows what is beside a placeholder.
	printf '<!DOCTYPE c [<!ENTITY e "f">]>\n<c>&e;${secret:user}</c>\n' \
	    >a.xml
	keyplate render a.xml
	ended 0
	is text "${lines[1]}" '<c>&e;operator</c>'
}

@test "a secret with a dash that is read as a name with a default is told" {
	local file
	printf 'x' >secrets/db-password
	for file in app.ini app.txt; do
		printf 'password = ${db-password}\n' >"$file"
		keyplate render "$file"
		ended 0
		is stdout "$output" 'password = password'
		complains "$file:1:12: warning: \"db-password\" is a secret, but"
		complains 'write secret:db-password'
	done
	rm secrets/db-password
	keyplate render app.ini
	ended 0
	is 'standard error' "$stderr" ''
}

@test "a value that the shell left empty is told" {
	printf 'a = 1\n' >f.ini
	keyplate render --set "f.ini:a=${secret:user}" -v f.ini
	ended 0
	complains '--set:1:9: warning: the value is empty'
	complains 'use single quotes'
	keyplate run --export NAME= -- true
	ended 0
	complains '--export:1:6: warning: the value is empty'
	keyplate render --set 'f.ini:a=${secret:user}' f.ini
	ended 0
	is 'standard error' "$stderr" ''
}

@test "a value within a command of a shell is to get a variable of its own" {
	printf 'G="$(echo "${secret:user}")"\n' >a.env
	printf 'G=`echo ${secret:user}`\nH="$A${secret:user}"\n' >b.env
	keyplate render --format env/sh a.env
	ended 1
	complains 'hint: give it a variable of its own'
	keyplate render --format env/sh b.env
	ended 1
	complains 'hint: give it a variable of its own'
	complains 'hint: write ${NAME} with braces'
}

@test "a path may have an equals sign between quotes" {
	printf '"a=b":\n  c: x\n"d\\"=": x\n' >a.yml
	keyplate render --set 'a.yml:"a=b".c=1=2' --set 'a.yml:"d\"="=z'
	ended 0
	holds a.yml '"a=b":\n  c: 1=2\n"d\\"=": z\n'
	# Behind a quote that nothing closes there is no value.
	keyplate render --set 'a.yml:"a=b'
	ended 2
	complains '--set takes FILE:PATH=VALUE'
}

@test "two names without a colon are told how to write the second" {
	printf '${secret:user}' >a.tmpl
	keyplate render a.tmpl b.txt
	ended 1
	complains 'b.txt: cannot be opened'
	complains 'hint: to write it there: a.tmpl:b.txt'
	keyplate render b.txt a.tmpl
	ended 1
	[[ $stderr != *'write it there'* ]]
}

@test "a hint fits what a rule cannot do" {
	printf 'a = 1\n' >a.conf
	keyplate render --set a.conf:a=2 a.conf
	ended 1
	complains 'a in a.conf cannot be found: text has no keys'
	complains 'hint: say which format it is: --format NAME'
	printf '[set a]\nfile = a.conf\nkey = a\nvalue = b\\\n' >rules
	keyplate check -c rules
	ended 1
	complains 'hint: what ends in one has to come from a secret'
	printf '[match a]\nfile = a.conf\npattern = a\\\nvalue = b\n' >rules
	keyplate check -c rules
	ended 1
	complains 'hint: put it in brackets, [\\]'
	printf '${secret:user|upcase}' >a.conf
	keyplate check a.conf
	ended 1
	complains 'hint: keyplate help filters lists them'
}
