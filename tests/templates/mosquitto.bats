#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# mosquitto - templates/mosquitto, read by the broker.

bats_require_minimum_version 1.5.0
load templates.sh

setup_mosquitto() {
	need mosquitto mosquitto_passwd mosquitto_pub
	setup_image mosquitto
}

# What mosquitto_passwd makes of a password.
hash_of() {
	mosquitto_passwd -b -c hashes operator "$1"
	cut -d : -f 2- hashes
}

# The broker, at free ports.
start_mosquitto() {
	rendered
	ended 0
	free_port && PLAIN=$PORT
	free_port && KEYED=$PORT
	sed "s,/mosquitto/config,$IMAGE&,
		s,^listener 1883,listener $PLAIN 127.0.0.1,
		s,^listener 8883,listener $KEYED 127.0.0.1,
		\$a user root" image/mosquitto/config/mosquitto.conf >broker.conf
	mosquitto -c broker.conf >log 2>&1 3>&- &
	SERVICES+=("$!")
	up "tcp://127.0.0.1:$PLAIN" "tcp://127.0.0.1:$KEYED"
}

operator_may() {
	timeout 10 mosquitto_pub -h 127.0.0.1 -p "$PLAIN" -t t -m m -q 1 \
	    -u operator -P "$1" 2>&1
}

# The key is $1, as a file's bytes.
device_may() {
	timeout 10 mosquitto_pub -h 127.0.0.1 -p "$KEYED" -t t -m m -q 1 \
	    --psk-identity device \
	    --psk "$(printf %s "$1" | od -An -v -tx1 | tr -d ' \n')" 2>&1
}

@test "mosquitto: a hash with a second line would be a second user" {
	setup_mosquitto
	secret mqtt_operator_hash "$(hash_of password)"$'\n'"intruder:$(hash_of x)"
	secret mqtt_device_key key
	rendered
	ended 1
	complains 'more than one line'
	[ ! -e image/mosquitto/config/passwd ]
}

@test "mosquitto knows every password and every key" {
	setup_mosquitto
	for value in "${HOSTILE[@]}"; do
		secret mqtt_operator_hash "$(hash_of "$value")"
		secret mqtt_device_key "$value"
		start_mosquitto
		operator_may "$value"
		run ! operator_may "x$value"
		device_may "$value"
		run ! device_may "x$value"
		stop_services
	done
}
