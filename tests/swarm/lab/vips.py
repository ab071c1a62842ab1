#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""vips - stand in for IPVS in a swarm of one node, where the kernel has none.

usage: vips.py NETNS SOCKET

The engine gives each service a virtual address and each published port a
listener, and leaves it to IPVS to bring what arrives there to the tasks.  In
place of it, as long as this runs:

- in the name space of each network's load balancer, below NETNS, the virtual
  addresses are addresses, and DNAT takes turns among the tasks;
- this process listens at the published ports and takes turns itself.

A task counts while it runs, so that a health check decides here too.  The
engine at SOCKET is asked twice a second.
"""
import asyncio
import http.client
import itertools
import json
import os
import socket
import subprocess
import sys
import urllib.parse

NETNS, SOCKET = sys.argv[1:]
CHAIN = "VIPS"
# What leads there, and the way back.
LEADING = (("PREROUTING", "--jump", CHAIN),
           ("POSTROUTING", "--match", "conntrack", "--ctstate", "DNAT",
            "--out-interface", "eth0", "--jump", "MASQUERADE"))
SETTINGS = {"net.ipv4.ip_forward": "1",
            "net.ipv4.conf.all.send_redirects": "0",
            "net.ipv4.conf.eth0.send_redirects": "0"}


class Engine(http.client.HTTPConnection):
    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(10)
        self.sock.connect(SOCKET)


def ask(path, **filters):
    if filters:
        path += "?filters=" + urllib.parse.quote(json.dumps(filters))
    engine = Engine("engine")
    try:
        engine.request("GET", path)
        reply = engine.getresponse()
        body = json.load(reply)
        if reply.status != 200:
            raise OSError(body["message"])
        return body
    finally:
        engine.close()


def without_mask(address):
    return address.split("/")[0]


def running_tasks():
    """The running tasks by service, in the order of their slots."""
    tasks = {}
    for task in ask("/tasks", **{"desired-state": ["running"]}):
        if task["Status"]["State"] == "running":
            tasks.setdefault(task["ServiceID"], []).append(task)
    for several in tasks.values():
        several.sort(key=lambda task: task.get("Slot", 0))
    return tasks


def addresses_in(network, tasks):
    return [without_mask(address)
            for task in tasks
            for attachment in task.get("NetworksAttachments") or []
            if attachment["Network"]["ID"] == network
            for address in attachment.get("Addresses") or []]


def observe():
    """Where traffic has to go: {network: {virtual address: [address]}} and
    {published port: [(address, port)]}."""
    networks, ports = {}, {}
    tasks = running_tasks()
    # Containers are reached from outside of their networks over this bridge.
    outside = {container: without_mask(end["IPv4Address"])
               for container, end in
               ask("/networks/docker_gwbridge")["Containers"].items()}
    for service in ask("/services"):
        own = tasks.get(service["ID"], [])
        endpoint = service["Endpoint"]
        for virtual in endpoint.get("VirtualIPs") or []:
            if "Addr" in virtual:
                network = virtual["NetworkID"]
                networks.setdefault(network, {})[
                    without_mask(virtual["Addr"])] = addresses_in(network, own)
        containers = [task["Status"]["ContainerStatus"]["ContainerID"]
                      for task in own]
        for port in endpoint.get("Ports") or []:
            if port["PublishMode"] == "ingress":
                ports[port["PublishedPort"]] = [
                    (outside[container], port["TargetPort"])
                    for container in containers if container in outside]
    return networks, ports


class LoadBalancer:
    """What leads from virtual addresses to tasks, in one network."""

    def __init__(self, path):
        self.path = path
        self.inode = os.stat(path).st_ino
        self.table = {}

    def run(self, *command, text=None):
        return subprocess.run(
            ["nsenter", "--net=" + self.path, *command], input=text, text=True,
            check=True, stdout=subprocess.PIPE).stdout

    def has(self, rule):
        ran = subprocess.run(["nsenter", "--net=" + self.path, "iptables",
                              "--wait", "--table", "nat", "--check", *rule],
                             stderr=subprocess.DEVNULL)
        return ran.returncode == 0

    def addresses(self):
        return {word for word in self.run(
            "ip", "-oneline", "-4", "address", "show", "dev", "eth0").split()
            if word.endswith("/32")}

    def is_whole(self):
        """Is all there still?  The engine has settings, rules and addresses of
        its own, which it writes when it makes the name space."""
        if self.run("sysctl", "-n", *SETTINGS).split() != [*SETTINGS.values()]:
            return False
        rules = self.run("iptables", "--wait", "--table", "nat",
                         "--list-rules").split("\n")
        return (sum(rule.startswith(f"-A {CHAIN} ") for rule in rules) ==
                sum(map(len, self.table.values())) and
                all(map(self.has, LEADING)) and
                {address + "/32" for address, tasks in self.table.items()
                 if tasks} <= self.addresses())

    def restore(self, *rules):
        """All rules or none; those of the chain are new ones."""
        rules += tuple("-A " + " ".join(rule) for rule in LEADING
                       if not self.has(rule))
        self.run("iptables-restore", "--wait", "--noflush", text="\n".join(
            ["*nat", f":{CHAIN} - [0:0]", *rules, "COMMIT", ""]))

    def apply(self, table):
        if table == self.table and self.is_whole():
            return
        self.run("sysctl", "-qw", *map("=".join, SETTINGS.items()))
        there = self.addresses()
        for address in table.keys() | self.table.keys():
            own = address + "/32"
            if table.get(address):
                self.run("ip", "address", "replace", own, "dev", "eth0")
            elif own in there and address in self.table:
                self.run("ip", "address", "del", own, "dev", "eth0")
        self.restore(*(rule for address, tasks in table.items()
                       for rule in turns(address, tasks)))
        self.table = table


def turns(address, tasks):
    """The rules by which each of the tasks gets the same part."""
    for number, task in enumerate(tasks):
        left = len(tasks) - number
        chance = f"-m statistic --mode nth --every {left} --packet 0 "
        yield (f"-A {CHAIN} -d {address}/32 {chance if left > 1 else ''}"
               f"-j DNAT --to-destination {task}")


def apply_networks(networks, balancers):
    for network, table in networks.items():
        path = f"{NETNS}/lb_{network[:9]}"
        # A network of this name may have been removed and made again.
        known = balancers.get(path)
        if not os.path.exists(path):
            balancers.pop(path, None)
            continue
        if not known or known.inode != os.stat(path).st_ino:
            known = balancers[path] = LoadBalancer(path)
        known.apply(table)


class Port:
    """A published port, and the tasks behind it."""

    def __init__(self):
        self.tasks = []
        self.turn = itertools.count()
        self.server = None

    async def open(self, port):
        self.server = await asyncio.start_server(self.serve, "0.0.0.0", port)

    async def serve(self, reader, writer):
        for _ in self.tasks:
            task = self.tasks[next(self.turn) % len(self.tasks)]
            try:
                to_task = await asyncio.wait_for(
                    asyncio.open_connection(*task), 3)
            except (OSError, asyncio.TimeoutError):
                continue
            await asyncio.gather(copy(reader, to_task[1]),
                                 copy(to_task[0], writer))
            to_task[1].close()
            break
        else:
            writer.transport.abort()
        writer.close()


async def copy(reader, writer):
    try:
        while data := await reader.read(1 << 16):
            writer.write(data)
            await writer.drain()
        writer.write_eof()
    except OSError:
        writer.transport.abort()


async def apply_ports(wanted, ports):
    for number in ports.keys() - wanted.keys():
        ports.pop(number).server.close()
    for number, tasks in wanted.items():
        if number not in ports:
            port = Port()
            await port.open(number)
            ports[number] = port
        ports[number].tasks = tasks


async def main():
    balancers, ports = {}, {}
    while True:
        # What comes and goes while it is looked at is looked at again.
        try:
            networks, wanted = await asyncio.to_thread(observe)
            await asyncio.to_thread(apply_networks, networks, balancers)
            await apply_ports(wanted, ports)
        except (KeyError, OSError, ValueError, http.client.HTTPException,
                subprocess.CalledProcessError) as error:
            print("vips: again:", repr(error), file=sys.stderr, flush=True)
        await asyncio.sleep(0.5)


asyncio.run(main())
