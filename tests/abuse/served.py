# SPDX-License-Identifier: MIT
"""served - a file system in memory whose answers can be told to be errors.

usage: served.py FOLDER

Mounts itself on FOLDER through /dev/fuse: plain files, directories and hard
links, no unnamed files, no attributes, as FUSE and network file systems have
it.  A line on standard input is a command, and its answer a line:

begin [CALL NUMBER ERROR]  count calls anew; that one of that name fails
calls                      those since then, in order
log FILE                   write down what was written since then, and when
                           it was asked to be on the disk: see power.py
end                        unmount
"""
import collections
import ctypes
import errno
import os
import select
import stat
import struct
import sys
import time

CALLS = {1: "lookup", 2: "forget", 3: "getattr", 4: "setattr", 9: "mkdir",
         10: "unlink", 11: "rmdir", 12: "rename", 13: "link", 14: "open",
         15: "read", 16: "write", 17: "statfs", 18: "release", 20: "fsync",
         25: "flush", 26: "init", 27: "opendir", 28: "readdir",
         29: "releasedir", 30: "fsyncdir", 34: "access", 35: "create",
         36: "interrupt", 38: "destroy", 42: "batch_forget", 43: "fallocate",
         45: "rename2"}
SILENT = ("forget", "batch_forget", "interrupt")
BUFFER = 1 << 20
BIG_WRITES = 1 << 5
MOST_BYTES = 128 * 1024
ROOT = 1


class Node:
    def __init__(self, number, mode, uid, gid):
        self.number, self.mode = number, mode
        self.uid, self.gid, self.links = uid, gid, 1
        self.bytes = bytearray()
        self.names = {}  # of a directory
        self.changed = time.time_ns()


class Refused(Exception):
    """With the error number."""


def name_of(body):
    return body.split(b"\0", 1)[0]


class FileSystem:
    """One method for each call: the node, its body, who asks; the answer."""

    def __init__(self):
        self.nodes = {ROOT: Node(ROOT, stat.S_IFDIR | 0o755, 0, 0)}
        self.log = []

    def attributes(self, node):
        second, nano = divmod(node.changed, 10 ** 9)
        return struct.pack("<6Q10I", node.number, len(node.bytes),
                           (len(node.bytes) + 511) // 512, second, second,
                           second, nano, nano, nano, node.mode, node.links,
                           node.uid, node.gid, 0, 4096, 0)

    def entry(self, node):
        return struct.pack("<QQQQII", node.number, 0, 0, 0, 0, 0) + \
            self.attributes(node)

    def child(self, node, name):
        if name not in node.names:
            raise Refused(errno.ENOENT)
        return self.nodes[node.names[name]]

    def make(self, node, name, mode, who):
        if name in node.names:
            raise Refused(errno.EEXIST)
        made = Node(max(self.nodes) + 1, mode, *who)
        self.nodes[made.number] = made
        node.names[name] = made.number
        return made

    def lookup(self, node, body, who):
        return self.entry(self.child(node, name_of(body)))

    def getattr(self, node, body, who):
        return struct.pack("<QII", 0, 0, 0) + self.attributes(node)

    def setattr(self, node, body, who):
        (valid, _, _, size, _, _, _, _, _, _, _, mode, _, uid,
         gid) = struct.unpack_from("<II6Q7I", body)
        if valid & 1:
            node.mode = stat.S_IFMT(node.mode) | stat.S_IMODE(mode)
        if valid & 2:
            node.uid = uid
        if valid & 4:
            node.gid = gid
        if valid & 8:
            del node.bytes[size:]
            node.bytes.extend(bytes(size - len(node.bytes)))
        return self.getattr(node, body, who)

    def mkdir(self, node, body, who):
        mode, _ = struct.unpack_from("<II", body)
        return self.entry(self.make(node, name_of(body[8:]),
                                    stat.S_IFDIR | mode, who))

    def create(self, node, body, who):
        _, mode, _, _ = struct.unpack_from("<4I", body)
        made = self.make(node, name_of(body[16:]), mode, who)
        return self.entry(made) + self.open(made, body, who)

    def open(self, node, body, who):
        return struct.pack("<QII", 0, 0, 0)

    opendir = open

    def read(self, node, body, who):
        _, offset, size = struct.unpack_from("<QQI", body)
        return bytes(node.bytes[offset:offset + size])

    def write(self, node, body, who):
        _, offset, size = struct.unpack_from("<QQI", body)
        data = body[40:40 + size]
        node.bytes.extend(bytes(max(0, offset + size - len(node.bytes))))
        node.bytes[offset:offset + size] = data
        self.log.append((offset, data))
        return struct.pack("<II", size, 0)

    def fallocate(self, node, body, who):
        _, offset, length, mode, _ = struct.unpack_from("<QQQII", body)
        if mode & 2:  # a hole
            end = min(offset + length, len(node.bytes))
            self.write(node, struct.pack("<QQI20x", 0, offset, end - offset) +
                       bytes(end - offset), who)
        elif not mode & 1:
            node.bytes.extend(bytes(max(
                0, offset + length - len(node.bytes))))
        return b""

    def fsync(self, node, body, who):
        self.log.append((0, b""))
        return b""

    def nothing(self, node, body, who):
        return b""

    flush = release = releasedir = fsyncdir = access = nothing

    def unlink(self, node, body, who):
        self.child(node, name_of(body)).links -= 1
        del node.names[name_of(body)]
        return b""

    rmdir = unlink

    def rename2(self, node, body, who):
        to, flags, _ = struct.unpack_from("<QII", body)
        if flags:
            raise Refused(errno.EINVAL)
        return self.move(node, self.nodes[to], body[16:])

    def rename(self, node, body, who):
        return self.move(node, self.nodes[struct.unpack_from("<Q", body)[0]],
                         body[8:])

    def move(self, node, to, names):
        old, new, _ = names.split(b"\0", 2)
        moved = self.child(node, old)
        del node.names[old]
        to.names[new] = moved.number
        return b""

    def link(self, node, body, who):
        linked = self.nodes[struct.unpack_from("<Q", body)[0]]
        if name_of(body[8:]) in node.names:
            raise Refused(errno.EEXIST)
        node.names[name_of(body[8:])] = linked.number
        linked.links += 1
        return self.entry(linked)

    def readdir(self, node, body, who):
        _, offset, size = struct.unpack_from("<QQI", body)
        found = b""
        for at, (name, number) in enumerate(list(node.names.items())):
            if at < offset:
                continue
            kind = stat.S_IFMT(self.nodes[number].mode) >> 12
            one = struct.pack("<QQII", number, at + 1, len(name), kind) + name
            one += bytes(-len(one) % 8)
            if len(found) + len(one) > size:
                break
            found += one
        return found

    def statfs(self, node, body, who):
        return struct.pack("<5Q4I24x", 1 << 20, 1 << 19, 1 << 19, 1 << 20,
                           1 << 19, 4096, 255, 4096, 0)


class Server:
    def __init__(self, folder):
        self.folder = folder
        self.files = FileSystem()
        self.seen = []
        self.fault = None
        self.device = os.open("/dev/fuse", os.O_RDWR)
        libc = ctypes.CDLL(None, use_errno=True)
        options = f"fd={self.device},rootmode=40000,user_id=0,group_id=0," \
            "default_permissions,allow_other"
        if libc.mount(b"served", folder.encode(), b"fuse", 0,
                      options.encode()):
            sys.exit(os.strerror(ctypes.get_errno()))

    def answer(self, call, node, body, who):
        """The number of the error, and the bytes."""
        if call == "init":
            major, minor, ahead, _ = struct.unpack_from("<4I", body)
            return 0, struct.pack("<4IHHII28x", 7, min(minor, 31), ahead,
                                  BIG_WRITES, 16, 12, MOST_BYTES, 1)
        self.seen.append(call)
        if self.fault and (call, self.seen.count(call)) == self.fault[:2]:
            return self.fault[2], b""
        if not hasattr(self.files, call) or node not in self.files.nodes:
            return errno.ENOSYS, b""
        try:
            return 0, getattr(self.files, call)(self.files.nodes[node], body,
                                                who)
        except Refused as why:
            return why.args[0], b""

    def serve(self):
        asked = os.read(self.device, BUFFER + 4096)
        (_, number, unique, node, uid, gid,
         _, _) = struct.unpack_from("<IIQQIIII", asked)
        call = CALLS.get(number, str(number))
        if call in SILENT:
            return
        error, said = self.answer(call, node, asked[40:], (uid, gid))
        try:
            os.write(self.device, struct.pack("<IiQ", 16 + len(said), -error,
                                              unique) + said)
        except FileNotFoundError:
            pass  # who asked is gone

    def command(self, line):
        words = line.split()
        if words[0] == "begin":
            self.seen = []
            self.files.log = []
            self.fault = words[1:] and (words[1], int(words[2]),
                                        getattr(errno, words[3]))
            return "begun"
        if words[0] == "log":
            with open(words[1], "wb") as out:
                for offset, data in self.files.log:
                    out.write(struct.pack("<QQ", offset, len(data)) + data)
            return "logged"
        return " ".join(self.seen)

    def run(self):
        while True:
            ready, _, _ = select.select([self.device, 0], [], [])
            if 0 in ready:
                line = sys.stdin.readline()
                if line.strip() in ("", "end"):
                    return
                print(self.command(line), flush=True)
            else:
                try:
                    self.serve()
                except OSError as why:
                    if why.errno == errno.ENODEV:
                        return
                    if why.errno not in (errno.EINTR, errno.ENOENT):
                        raise


Server(sys.argv[1]).run()
