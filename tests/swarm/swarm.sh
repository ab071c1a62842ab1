# SPDX-License-Identifier: MIT
# swarm - what the tests of examples/swarm share.
# shellcheck shell=bash disable=SC2034,SC2154

load ../cli/cli.sh

EXAMPLES=$(realpath "${BATS_TEST_DIRNAME:?}/../../examples")
SWARM=$EXAMPLES/swarm
IMAGES='caddy caddy_monitoring grafana blackbox-exporter prometheus wordpress
mariadb adminer'

# Hostile to the formats of all images.
# shellcheck disable=SC2016 # $HOME is part of it
ADMIN_USER='adm"in#;\1 &$USER'
# shellcheck disable=SC2016
DATABASE_PASSWORD='d"b'\''p#s;s\2 &%$HOME/`x`'

# What a swarm would mount, and the variables of environment $1.
setup_secrets() {
	printf '%s\n' "$ADMIN_USER" >secrets/lb_admin_user
	printf '%s\n' "$PASSWORD" >secrets/lb_admin_pass
	printf '%s' "$DATABASE_PASSWORD" >secrets/wp_db_pass
	printf '%s' "root $DATABASE_PASSWORD" >secrets/db_root_pass
	printf 'salt %s' "$PASSWORD" >secrets/wp_salt
	set -a
	# shellcheck disable=SC1090
	. "$SWARM/$1/environment/$1.env"
	set +a
}

# Lay out in the folder "root" what the Dockerfile of image $1 copies, and the
# directories that its base has.
lay_out() {
	local from to
	rm -rf root
	mkdir -p root/etc root/usr/src/wordpress root/etc/mysql/conf.d
	printf 'www-data:x:33:33::/:/bin/sh\n' >root/etc/passwd
	printf 'www-data:x:33:\n' >root/etc/group
	while read -r -a words; do
		[[ ${words[*]} == 'COPY '[^-]* ]] || continue
		to=root${words[-1]}
		for from in "${words[@]:1:${#words[@]}-2}"; do
			# shellcheck disable=SC2016 # as it is written there
			from=${from/'${INI}'/${INI:-grafana.ini}}
			mkdir -p "$(dirname "$to/")"
			if [[ $to == */ ]]; then
				mkdir -p "$to"
			fi
			cp -R "$SWARM/$1/$from" "$to"
		done
	done <"$SWARM/$1/Dockerfile"
}

# Run keyplate as the image that is laid out would.
in_image() {
	keyplate "$1" --root "$PWD/root" -c /etc/keyplate.conf \
	    -s "$PWD/secrets" "${@:2}"
}
