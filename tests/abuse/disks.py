# SPDX-License-Identifier: MIT
"""disks - the file system below keyplate fails, or the power does.

usage: disks.py KIND [CASES]

served   a file system of FUSE answers a call with an error
disk     the disk below ext4 answers a write or a flush with an error
power    what the disk below ext4 has after each write is what is left

In CASES of all cases, drawn by SEED, or in all.  Needs root, /dev/fuse and
loop devices, and is to be run in a mount namespace of its own.

The disk is a file of served.py, so that it can fail, and that each of its
writes is known.  ext4 is told not to help: without "auto_da_alloc" and with
"data=writeback" a file is on the disk when it was asked for, and not before.

The file is old or new each time, whole, with its mode; it is the one that the
status tells; the message names it; nothing is left beside it, or is gone
after the next run.
"""
import collections
import os
import pathlib
import random
import struct
import subprocess
import sys
import tempfile

from sample import Sample

HERE = pathlib.Path(__file__).resolve().parent
KEYPLATE = os.path.realpath(os.environ.get("KEYPLATE", "./keyplate"))
LIMIT_S = 60
SIZE = 16 << 20
OLD = b"old: a\n" * 3000
VALUE = b"x" * 30000
NEW = b"a: " + VALUE + b"\n"

# What a file system on a network, or of a process, may answer.
ANY = ["EIO", "ESTALE", "ETIMEDOUT", "EACCES", "ENOTCONN"]
ERRORS = {
    "write": ANY + ["ENOSPC", "EDQUOT", "EROFS"],
    "create": ANY + ["ENOSPC", "EDQUOT", "EROFS"],
    "fsync": ANY + ["EINVAL", "ENOSYS", "ENOSPC", "EDQUOT"],
    "fsyncdir": ANY + ["EINVAL", "ENOSYS"],
    "flush": ANY + ["ENOSYS", "EDQUOT"],
    "fallocate": ANY + ["EOPNOTSUPP", "ENOSYS", "ENOSPC"],
    "link": ANY + ["EPERM", "ENOSYS", "EMLINK"],
    "rename2": ANY + ["EBUSY", "EXDEV", "EINVAL", "ENOSYS"],
    "setattr": ANY + ["EPERM", "ENOSYS", "EOPNOTSUPP"],
}
WAYS = {"anew": [], "in place": ["--in-place"], "mode": ["--mode", "0640"]}

Case = collections.namedtuple("Case", "way call number error")


class Served:
    """A file system of served.py."""

    def __init__(self, folder):
        self.folder = folder
        folder.mkdir(exist_ok=True)
        self.server = subprocess.Popen(
            [sys.executable, HERE / "served.py", folder], text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.tell("calls")

    def tell(self, command):
        self.server.stdin.write(command + "\n")
        self.server.stdin.flush()
        return self.server.stdout.readline().split()

    def end(self):
        subprocess.run(["umount", "-l", self.folder], check=True)
        self.server.stdin.close()
        self.server.wait(LIMIT_S)


def render(sources, folder, way):
    return subprocess.run(
        [KEYPLATE, "render", "-s", sources / "secrets", *WAYS[way],
         f"{sources}/a.tmpl:{folder}/a.yaml"],
        stdin=subprocess.DEVNULL, capture_output=True, timeout=LIMIT_S)


def make_sources(top):
    (top / "secrets").mkdir()
    (top / "secrets" / "word").write_bytes(VALUE)
    (top / "a.tmpl").write_text("a: ${secret:word}\n")


def make_old(folder):
    for path in folder.iterdir():
        if path.is_file():
            path.unlink()
    (folder / "a.yaml").write_bytes(OLD)
    (folder / "a.yaml").chmod(0o600)


def contents(folder):
    """"old" or "new", or what is wrong."""
    found = (folder / "a.yaml").read_bytes()
    mode = (folder / "a.yaml").stat().st_mode & 0o7777
    if mode not in (0o600, 0o640):
        return f"mode {mode:o}"
    return {OLD: "old", NEW: "new"}.get(found, f"{len(found)} other bytes")


def litter(folder):
    return [path.name for path in folder.iterdir()
            if path.name not in ("a.yaml", "lost+found")]


def judge(folder, ran, call):
    """What is wrong after a run, as a text; None: nothing."""
    status = ran.returncode
    is_in = contents(folder)
    if status not in (0, 1):
        return f"status {status}"
    if is_in not in ("old", "new"):
        return is_in
    # When its name is there, only the disk may not have it yet: that is told,
    # and it cannot be taken back.
    late = call in ("fsyncdir", "unlink")
    if (status == 0) != (is_in == "new") and not late:
        return f"status {status}, and it is {is_in}"
    if status and b"a.yaml: " not in ran.stderr:
        return "no message names it"
    if VALUE[:20] in ran.stdout + ran.stderr:
        return "the value was printed"
    if litter(folder) and call != "unlink":
        return f"{litter(folder)} is left"
    return None


# --- a file system that answers with errors ---

def served_cases(served, sources, folder):
    for way in WAYS:
        make_old(folder)
        served.tell("begin")
        ran = render(sources, folder, way)
        calls = served.tell("calls")
        if bad := judge(folder, ran, ""):
            sys.exit(f"{way}: a run with no fault: {bad} {ran.stderr}")
        seen = collections.Counter()
        for call in calls:
            seen[call] += 1
            for error in ERRORS.get(call, ANY):
                yield Case(way, call, seen[call], error)


def try_served(served, sources, folder, case):
    make_old(folder)
    served.tell(f"begin {case.call} {case.number} {case.error}")
    ran = render(sources, folder, case.way)
    came = served.tell("calls").count(case.call) >= case.number
    served.tell("begin")
    bad = judge(folder, ran, case.call)
    if bad is None:
        again = render(sources, folder, case.way)
        if again.returncode or contents(folder) != "new" or litter(folder):
            bad = f"the next run: {again.returncode} {litter(folder)}"
    return bad and f"{bad}; {ran.stderr.decode(errors='replace')}", came


def run_served(top, choose):
    served, folder = served_folder(top)
    every = list(served_cases(served, top, folder))
    cases = choose(every)
    cases += [case for case in every if is_found(case) and case not in cases]
    done = []
    for case in cases:
        done.append((case, *try_served(served, top, folder, case)))
        # The kernel asks no more for what is not implemented.
        if case.error == "ENOSYS":
            served.end()
            served, folder = served_folder(top)
    served.end()
    return done


def is_found(case):
    """One of these once left a file behind: it was made, and not opened."""
    return case._replace(number=0) == Case("anew", "getattr", 0, "EIO")


def served_folder(top):
    served = Served(top / "served")
    (served.folder / "out").mkdir()
    return served, served.folder / "out"


# --- a disk ---

def mount(disk, folder):
    """The loop device; None: it cannot be mounted."""
    device = subprocess.run(["losetup", "--find", "--show", disk], text=True,
                            capture_output=True).stdout.strip()
    if not device:
        return None
    if subprocess.run(
            ["mount", "-t", "ext4", "-o", "data=writeback,noauto_da_alloc",
             device, folder], stderr=subprocess.DEVNULL).returncode:
        subprocess.run(["losetup", "--detach", device], check=True)
        return None
    return device


def umount(device):
    """Not by the option "loop": the next disk would be what is cached."""
    subprocess.run(["umount", device], check=True)
    subprocess.run(["losetup", "--detach", device], check=True)


def make_disk(top, served):
    """An ext4 with the old file, and its bytes."""
    disk = top / "plain"
    with open(disk, "wb") as out:
        out.truncate(SIZE)
    # What a loop device asks for at an odd place is more than one write; it
    # does not tell when the second of them fails.
    subprocess.run(["mkfs.ext4", "-q", "-b", "4096", "-J", "size=4",
                    "-E", "lazy_itable_init=0", disk], check=True)
    folder = top / "mounted"
    folder.mkdir()
    device = mount(disk, folder)
    make_old(folder)
    umount(device)
    (served.folder / "disk").write_bytes(disk.read_bytes())
    return folder, disk.read_bytes()


def recorded(served, top, folder, way, plain):
    """All writes, and how many there were before the run and after it."""
    (served.folder / "disk").write_bytes(plain)
    served.tell("begin")
    device = mount(served.folder / "disk", folder)
    mounted = len(written(served, top))
    ran = render(top, folder, way)
    done = len(written(served, top))
    umount(device)
    if ran.returncode:
        sys.exit(f"{way}: a run with no fault: {ran.stderr}")
    return written(served, top), mounted, done


def written(served, top):
    """The offset and bytes of each write; a flush has none."""
    served.tell(f"log {top}/log")
    log = (top / "log").read_bytes()
    writes, at = [], 0
    while at < len(log):
        offset, size = struct.unpack_from("<QQ", log, at)
        writes.append((offset, log[at + 16:at + 16 + size]))
        at += 16 + size
    return writes


def left(plain, writes, end, lost):
    """The disk after so many writes; of those that no flush has followed
    some may be lost."""
    disk = bytearray(plain)
    flushed = max((at for at in range(end) if not writes[at][1]), default=0)
    for at, (offset, data) in enumerate(writes[:end]):
        if at < flushed or not lost or lost.random() < 0.5:
            disk[offset:offset + len(data)] = data
    return disk


def power_cases(logs):
    for way, (writes, mounted, _) in logs.items():
        for end in range(mounted, len(writes) + 1):
            for number in range(4):
                yield Case(way, "power", end, number)


def try_power(top, folder, plain, logs, case):
    writes, _, done = logs[case.way]
    lost = random.Random(case.number) if case.error else None
    disk = top / "left"
    disk.write_bytes(left(plain, writes, case.number, lost))
    device = mount(disk, folder)
    if device is None:
        return "it cannot be mounted", True
    is_in = contents(folder)
    bad = None
    if is_in not in ("old", "new") or (case.number >= done and
                                       is_in != "new"):
        bad = f"{case.number} of {done} writes: {is_in}"
    elif render(top, folder, case.way).returncode or litter(folder):
        bad = f"the next run leaves {litter(folder)}"
    umount(device)
    return bad, True


def run_power(top, choose):
    served = Served(top / "served")
    folder, plain = make_disk(top, served)
    logs = {way: recorded(served, top, folder, way, plain)
            for way in WAYS if way != "in place"}
    served.end()
    cases = choose(list(power_cases(logs)))
    return [(case, *try_power(top, folder, plain, logs, case))
            for case in cases]


def disk_cases(logs):
    for way, (writes, mounted, done) in logs.items():
        number = collections.Counter()
        for _, data in writes[mounted:done]:
            call = "write" if data else "fsync"
            number[call] += 1
            for error in ("EIO", "ENOSPC"):
                yield Case(way, call, number[call], error)


def try_disk(served, top, folder, plain, case):
    (served.folder / "disk").write_bytes(plain)
    device = mount(served.folder / "disk", folder)
    if device is None:
        return "it cannot be mounted", True
    served.tell(f"begin {case.call} {case.number} {case.error}")
    ran = render(top, folder, case.way)
    came = served.tell("calls").count(case.call) >= case.number
    served.tell("begin")
    umount(device)
    device = mount(served.folder / "disk", folder)
    if device is None:
        return "it cannot be mounted again", True
    bad = judge_disk(folder, ran)
    umount(device)
    return bad and f"{bad}; {ran.stderr.decode(errors='replace')}", came


def judge_disk(folder, ran):
    is_in = contents(folder)
    if is_in not in ("old", "new"):
        return is_in
    if ran.returncode == 0 and is_in == "old":
        return "status 0, and it is old"
    if ran.returncode and b"a.yaml: " not in ran.stderr:
        return "no message names it"
    return None


def run_disk(top, choose):
    served = Served(top / "served")
    folder, plain = make_disk(top, served)
    logs = {way: recorded(served, top, folder, way, plain)
            for way in WAYS if way != "in place"}
    cases = choose(list(disk_cases(logs)))
    done = [(case, *try_disk(served, top, folder, plain, case))
            for case in cases]
    served.end()
    return done


def main():
    sample = Sample()
    kinds = {"served": run_served, "power": run_power, "disk": run_disk}
    with tempfile.TemporaryDirectory() as top:
        top = pathlib.Path(top)
        make_sources(top)
        done = kinds[sample.kind](top, sample.draw)
    return sample.report([
        (f"{case.way}: {case.error} at {case.call} {case.number}", text, came)
        for case, text, came in done])


sys.exit(main())
