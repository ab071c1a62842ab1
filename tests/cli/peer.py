#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""peer - what the tests of waiting talk to.

usage: peer.py KIND ADDRESS [PORT]

ADDRESS is an IP address, or a path for a socket of the file system; PORT is 0
unless given: any that is free.  Once there is somebody to talk to, the file
"port" has the number.  What is asked is added to the file "requests".

KIND is one of:
  http    answers "GET /STATUS" with that status
  interim answers with 103, then with 204
  mute    accepts and says nothing
  closing accepts and closes
  banner  greets as mail servers do
  trickle answers byte for byte, 10 ms between
  full    never accepts, and has no room for one more
  dgram   a socket for datagrams
  dns     a name server; the file "zone" has lines "NAME ADDRESS ...", or
          "NAME nodata", "NAME servfail", "NAME mute", "NAME v4only ADDRESS",
          "NAME forged ADDRESS", "NAME late ADDRESS"; all other names do not exist
"""
import ipaddress
import os
import signal
import socket
import struct
import sys
import time


def tell(name, text):
    """Write a file in one step: who sees it sees all of it."""
    with open(name + ".new", "w") as file:
        file.write(text)
    os.rename(name + ".new", name)


def note(text):
    with open("requests", "a") as file:
        file.write(text)


def open_socket(kind, address, port):
    of_type = socket.SOCK_STREAM
    if kind in ("dns", "dgram"):
        of_type = socket.SOCK_DGRAM
    if address.startswith("/"):
        peer = socket.socket(socket.AF_UNIX, of_type)
        peer.bind(address)
        return peer
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    peer = socket.socket(family, of_type)
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    peer.bind((address, port))
    return peer


# --- streams ---

def read_request(client):
    request = b""
    while not request.endswith(b"\r\n\r\n"):
        got = client.recv(4096)
        if not got:
            break
        request += got
    if request:
        note(request.decode("latin-1"))
    return request


def answer(kind, client):
    if kind == "banner":
        client.sendall(b"220 mail.example ESMTP")
        client.recv(4096)
        return
    request = read_request(client)
    if not request:
        return
    if kind == "http":
        status = request.split()[1].lstrip(b"/").split(b"?")[0] or b"200"
        client.sendall(b"HTTP/1.1 %s Words\r\nContent-Length: 5\r\n\r\nbody\n"
                       % status)
    elif kind == "interim":
        client.sendall(b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"
                       b"HTTP/1.1 204 No Content\r\n\r\n")
    elif kind == "trickle":
        for byte in b"HTTP/1.1 200 OK\r\n":
            client.sendall(bytes([byte]))
            time.sleep(0.01)


def serve(kind, peer):
    kept = []
    while True:
        client, _ = peer.accept()
        if kind == "mute":
            kept.append(client)
            continue
        try:
            if kind != "closing":
                answer(kind, client)
        except OSError:
            pass
        client.close()


# --- names ---

def read_zone():
    zone = {}
    with open("zone") as file:
        for line in file:
            name, *rest = line.split()
            zone[name] = rest
    return zone


def read_question(query):
    labels, at = [], 12
    while query[at]:
        labels.append(query[at + 1:at + 1 + query[at]].decode())
        at += query[at] + 1
    return ".".join(labels), struct.unpack("!H", query[at + 1:at + 3])[0]


def reply(query, rcode, addresses=()):
    head = query[:2] + struct.pack("!HHHHH", 0x8180 | rcode, 1,
                                   len(addresses), 0, 0)
    text = head + query[12:]
    for address in addresses:
        data = address.packed
        kind = 1 if address.version == 4 else 28
        text += struct.pack("!HHHIH", 0xC00C, kind, 1, 60, len(data)) + data
    return text


def replies(query, zone):
    name, kind = read_question(query)
    note("%s %s\n" % (name, {1: "A", 28: "AAAA"}[kind]))
    if name not in zone:
        return [reply(query, 3)]
    words = zone[name]
    if words[0] == "servfail":
        return [reply(query, 2)]
    if words[0] == "mute" or (words[0] == "v4only" and kind == 28):
        return []
    if words[0] == "late":
        time.sleep(0.2)
    version = 4 if kind == 1 else 6
    found = [ipaddress.ip_address(word) for word in words
             if word not in ("nodata", "v4only", "forged", "late")]
    true = reply(query, 0, [a for a in found if a.version == version])
    if words[0] != "forged" or kind == 28:
        return [true]
    # Somebody else is faster, and does not know the number.
    wrong = bytes([query[0] ^ 0xFF]) + query[1:]
    return [reply(wrong, 0, [ipaddress.ip_address("127.0.0.99")]), true]


def serve_names(peer):
    zone = read_zone()
    while True:
        query, client = peer.recvfrom(4096)
        for text in replies(query, zone):
            peer.sendto(text, client)


# --- all ---

CLIENTS = []


def fill(peer):
    """Connections that nobody accepts, until there is no room."""
    while True:
        client = socket.socket(peer.family, socket.SOCK_STREAM)
        client.settimeout(0.2)
        CLIENTS.append(client)
        try:
            client.connect(peer.getsockname())
        except OSError:
            return


def main():
    kind, address = sys.argv[1:3]
    port = int(sys.argv[3]) if len(sys.argv) > 3 else 0
    peer = open_socket(kind, address, port)
    if peer.type == socket.SOCK_STREAM:
        peer.listen(0 if kind == "full" else 16)
    if kind == "full":
        fill(peer)
    tell("port", "" if address.startswith("/")
         else str(peer.getsockname()[1]))
    if kind == "dns":
        serve_names(peer)
    elif kind in ("full", "dgram"):
        signal.pause()
    else:
        serve(kind, peer)


main()
