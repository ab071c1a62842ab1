#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# kubernetes - the manifests are what the API takes, and their containers do
# with a rotated secret what they say.
# shellcheck disable=SC2016,SC2154

bats_require_minimum_version 1.5.0
load swarm.sh

MANIFESTS=$EXAMPLES/kubernetes
LOOK=$BATS_TEST_DIRNAME/manifests.py

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	unset CREDENTIALS_DIRECTORY
	PIDS=()
	/usr/bin/python3 -c 'import yaml' || skip 'needs python3-yaml'
}

teardown() {
	local pid
	for pid in "${PIDS[@]}"; do
		kill "$pid" 2>/dev/null || :
		{ wait "$pid" || :; } 2>/dev/null
	done
}

look() {
	/usr/bin/python3 "$LOOK" "$@"
}

need_schema() {
	/usr/bin/python3 -c 'import kubernetes' 2>/dev/null ||
	    skip 'needs python3-kubernetes'
}

# Both Deployments, as JSON.
deployments() {
	local file
	for file in "$MANIFESTS"/*.yml; do
		look show "$file" Deployment
	done
}

# Wait for a command to become true, ten seconds at most.
await() {
	local end=$((SECONDS + 10))
	until "$@" >/dev/null 2>&1; do
		[ "$SECONDS" -lt "$end" ] || {
			echo "in vain: $*"
			return 1
		}
		sleep 0.05
	done
}

@test "the manifests are what the API's schema says" {
	need_schema
	look check "$MANIFESTS"/*.yml
}

@test "the schema finds unknown fields, wrong types, and what is missing" {
	need_schema
	sed 's/replicas: 2/replica: 2/; s/periodSeconds: 1$/periodSeconds: "1"/
		s/^  selector: { app: caddy }/  selektor: {}/' \
	    "$MANIFESTS/caddy.yml" >bad.yml
	sed '/^      containers:/,$d' "$MANIFESTS/caddy.yml" >short.yml
	run look check bad.yml short.yml
	ended 1
	is output "$output" 'bad.yml: Deployment caddy.spec.replica: unknown
bad.yml: Deployment caddy.spec.template.spec.containers[0].startupProbe.periodSeconds: no int: '\''1'\''
bad.yml: Service caddy.spec.selektor: unknown
short.yml: Deployment caddy.spec.template.spec: Invalid value for `containers`, must not be `None`'
}

@test "containers are not root, and write nowhere but into memory" {
	deployments >all
	is number "$(wc -l <all)" 2
	is others "$(jq -c '.spec.template.spec as $pod |
		$pod.containers[].securityContext | select((
		.readOnlyRootFilesystem and .allowPrivilegeEscalation == false
		and .capabilities.drop == ["ALL"] and
		$pod.securityContext.runAsNonRoot) | not)' all)" ''
	is 'writable mounts' "$(jq -r '.spec.template.spec as $pod |
		$pod.containers[].volumeMounts[] | select(.readOnly != true) |
		.name as $name | $pod.volumes[] | select(.name == $name) |
		.emptyDir.medium' all | uniq)" Memory
	is probes "$(jq -r '.spec.template.spec.containers[] |
		(.startupProbe, .readinessProbe, .livenessProbe) // empty |
		.exec.command[0:2] | join(" ")' all | sort -u)" '/keyplate probe'
}

@test "names in the manifests fit together" {
	local file
	for file in "$MANIFESTS"/*.yml; do
		look show "$file" ConfigMap >map
		look show "$file" Deployment >deployment
		look show "$file" Service >service
		is map "$(jq -r '.spec.template.spec.volumes[] |
			.configMap.name // empty' deployment)" \
		    "$(jq -r .metadata.name map)"
		is mounts "$(jq -r '.spec.template.spec.containers[] |
			.volumeMounts[].name' deployment | sort)" \
		    "$(jq -r '.spec.template.spec.volumes[].name' \
			deployment | sort)"
		is selector "$(jq -cS .spec.selector service)" \
		    "$(jq -cS .spec.template.metadata.labels deployment)"
		is port "$(jq -r '.spec.ports[].targetPort' service)" \
		    "$(jq -r '.spec.template.spec.containers[].ports[].name' \
			deployment)"
	done
}

# The folders that a Pod of the manifest sees, and the first secrets.
mount_all() {
	mkdir -p pod/run/secrets pod/rendered maps
	look unpack "$MANIFESTS/$1.yml" maps
	cp -r "maps/$1" pod/rules
	rotate "$ADMIN_USER" "$PASSWORD"
}

# A new generation of the secret, as kubelet puts it there.
rotate() {
	local secrets=pod/run/secrets generation
	generation=..$(date +%s.%N)
	mkdir "$secrets/$generation"
	printf %s "$1" >"$secrets/$generation/lb_admin_user"
	printf %s "$2" >"$secrets/$generation/lb_admin_pass"
	ln -s "$generation" "$secrets/..data_tmp"
	mv -T "$secrets/..data_tmp" "$secrets/..data"
	ln -sf ..data/lb_admin_user ..data/lb_admin_pass "$secrets"
	find "$secrets" -mindepth 1 -maxdepth 1 -type d \
	    ! -name "$generation" -exec rm -r {} +
}

@test "caddy's manifest renders a file that caddy accepts" {
	command -v caddy >/dev/null || skip 'no caddy here'
	mount_all caddy
	export XDG_DATA_HOME=$PWD XDG_CONFIG_HOME=$PWD
	is arguments "$(look show "$MANIFESTS/caddy.yml" Deployment |
	    jq -r '.spec.template.spec.containers[0].args | join(" ")')" \
	    'caddy run --adapter caddyfile --config @{Caddyfile}'
	"$KEYPLATE" run --root "$PWD/pod" -c /rules/keyplate.conf \
	    -s "$PWD/pod/run/secrets" -- caddy adapt --validate \
	    --adapter caddyfile --config '@{Caddyfile}' >adapted 2>errors || {
		cat errors
		return 1
	}
	is user "$(jq -r '.. | .accounts? // empty | .[].username' adapted)" \
	    "$ADMIN_USER"
}

# A page that only this user and password may see.
serve() {
	printf '%s:%s' "$1" "$2" | base64 -w 0 >accepted
	python3 - 3>&- <<-'END' &
		import http.server, os
		class Guard(http.server.BaseHTTPRequestHandler):
		    def log_message(self, *_): pass
		    def do_GET(self):
		        wanted = "Basic " + open("accepted").read()
		        right = self.headers["Authorization"] == wanted
		        self.send_response(200 if right else 401)
		        self.end_headers()
		server = http.server.HTTPServer(("127.0.0.1", 0), Guard)
		with open("port.new", "w") as port:
		    port.write(str(server.server_port))
		os.rename("port.new", "port")
		server.serve_forever()
	END
	PIDS+=("$!")
	await test -e port
}

# The exporter logs in to the page.
logs_in() {
	curl -s "http://127.0.0.1:$1/probe?module=http_2xx_admin&target=http://127.0.0.1:$(cat port)/" |
	    grep -qx 'probe_success 1'
}

@test "a rotated secret reaches the exporter, through ..data" {
	local port=$((20000 + RANDOM % 20000))
	command -v prometheus-blackbox-exporter >/dev/null ||
	    skip 'no exporter here'
	mount_all blackbox-exporter
	is watch "$(look show "$MANIFESTS/blackbox-exporter.yml" Deployment |
	    jq -r '.spec.template.spec.containers[0].env[] |
		select(.name == "KEYPLATE_WATCH").value')" HUP
	serve "$ADMIN_USER" "$PASSWORD"
	"$KEYPLATE" run --watch HUP --root "$PWD/pod" \
	    -c /rules/keyplate.conf -s "$PWD/pod/run/secrets" -- \
	    prometheus-blackbox-exporter \
	    --config.file="$PWD/pod/rendered/blackbox.yml" \
	    --web.listen-address="127.0.0.1:$port" >log 2>&1 3>&- &
	PIDS+=("$!")
	await "$KEYPLATE" probe "http://127.0.0.1:$port/-/healthy"
	logs_in "$port"
	printf '%s:%s' operator 'of "the" next; day #\$HOME' |
	    base64 -w 0 >accepted
	run ! logs_in "$port"
	rotate operator 'of "the" next; day #\$HOME'
	await logs_in "$port"
}
