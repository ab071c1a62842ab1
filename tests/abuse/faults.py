# SPDX-License-Identifier: MIT
"""faults - what can go wrong below keyplate goes wrong, one thing at a time.

usage: faults.py KIND [CASES]

errors   a system call fails, with each error that it can have
lies     a call says that it did its work, and did not
kills    SIGKILL comes with a call
signals  SIGTERM, SIGINT or SIGHUP comes with a call
moments  SIGKILL comes at some moment
memory   there is little address space
without  newer calls are missing or forbidden; others are interrupted
short    reads and writes transfer few bytes; needs $SHORTIO

Every call up to the start of the service has its turn: in CASES of all
cases, drawn by SEED, or in all.  strace does it, so keyplate is what is
shipped.

After each run every target has its old contents or its new ones, whole,
with the mode that it should have; the status tells which; nothing is left
beside them, or is gone after the next run that may end.
"""
import collections
import concurrent.futures
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

from sample import Sample

KEYPLATE = os.path.realpath(os.environ.get("KEYPLATE", "./keyplate"))
CANARY = "c4n4ry-in-the-m1ne"
LIMIT_S = 60

# What the calls can say; every other call gets OTHER.
WRITING = ["EIO", "ENOSPC", "EDQUOT", "EINTR"]
NAMING = ["EIO", "ENOSPC", "EROFS", "EACCES", "EPERM", "ENOMEM"]
ERRORS = {
    "openat": ["EIO", "EACCES", "EMFILE", "ENFILE", "ENOMEM", "EINTR",
               "ENOSPC", "EROFS"],
    "openat2": ["ENOSYS", "EAGAIN", "EINTR", "EMFILE", "EXDEV", "EIO"],
    "read": ["EIO", "EINTR", "EAGAIN", "ENOMEM"],
    "write": WRITING + ["EPIPE", "EFBIG"],
    "pwrite64": WRITING + ["EFBIG"],
    "fsync": ["EIO", "ENOSPC", "EDQUOT"],
    "fchmod": ["EIO", "EPERM", "EROFS"],
    "fchown": ["EIO", "EPERM", "EDQUOT", "EROFS"],
    "renameat": NAMING + ["EBUSY", "EXDEV", "EDQUOT"],
    "renameat2": NAMING + ["EBUSY", "ENOSYS", "EINVAL", "EDQUOT"],
    "linkat": NAMING + ["EMLINK"],
    "unlinkat": ["EIO", "EROFS", "EACCES", "EBUSY"],
    "mkdirat": NAMING + ["EDQUOT"],
    "ftruncate": ["EIO", "EINTR", "EPERM"],
    "fallocate": WRITING + ["EOPNOTSUPP", "ENOSYS"],
    "close": ["EIO", "EINTR", "ENOSPC"],
    "newfstatat": ["EIO", "ENOMEM", "EACCES"],
    "fstat": ["EIO"],
    "statx": ["ENOSYS", "EIO", "EPERM"],
    "mmap": ["ENOMEM"],
    "execve": ["ENOMEM", "EACCES", "EIO", "ETXTBSY"],
    "rt_sigtimedwait": ["EAGAIN", "EINTR"],
    # These fail where the caller is wrong, and never else; brk not even then.
    "brk": [],
    "getpid": [],
    "getppid": [],
    "rt_sigaction": [],
    "rt_sigprocmask": [],
    "umask": [],
}
OTHER = ["EINTR", "ENOSYS", "EPERM"]

AT_EACH_CALL = ["errors", "lies", "kills", "signals"]
ENDINGS = ["TERM", "INT", "HUP"]

# The calls that change something: each of them can only pretend to.
PRETENDED = ["fallocate", "fchmod", "fchown", "flock", "fremovexattr", "fsync",
             "ftruncate", "linkat", "mkdirat", "pwrite64", "renameat",
             "renameat2", "unlinkat", "write"]

# Calls that an old kernel or a filter has not.
NEWER = ["close_range", "fallocate", "flock", "fremovexattr", "openat2",
         "renameat2", "statx"]
# Every second one of each of these is interrupted.
INTERRUPTED = ["openat", "read", "write", "pwrite64"]

# What happens (how) at which call, for the n-th time; by which program and
# its arguments before keyplate.  A status of 0 may be the only good one.
Case = collections.namedtuple("Case", "scenario how call number wrapper must",
                              defaults=[[], False])


class Scenario:
    """A command, what is there before, and what is to be there after."""

    def __init__(self, name, argv, old, new, command=False, atomic=True):
        self.name = name
        self.argv = argv
        self.old = old  # {path: (contents or None, mode)}
        self.new = new
        self.command = command  # starts a service, which makes "ran"
        self.atomic = atomic  # False: a kill may leave a part

    def prepare(self, folder):
        for path in folder.iterdir():
            if path.name != "secrets":
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        secrets = folder / "secrets"
        secrets.mkdir(exist_ok=True)
        (secrets / "word").write_text(CANARY + "\n")
        (folder / "sub").mkdir()
        for path, text in TEMPLATES.items():
            place = folder / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text)
        for path, (text, mode) in self.old.items():
            if text is not None:
                (folder / path).write_text(text)
                (folder / path).chmod(mode)


TEMPLATES = {
    "a.tmpl": "a: ${secret:word}\n",
    "b.tmpl": "[s]\nk = ${secret:word}\n",
    "c.tmpl": "word ${secret:word}\n",
    "tree/in/d.yaml": "d: ${secret:word}\n",
}
SHORT = {"a.yaml": ("old: a\n", 0o640)}
LONG = {"a.yaml": ("old: a\n" * 2000, 0o640)}
NEW_A = {"a.yaml": (f"a: {CANARY}\n", 0o640)}
SEVERAL_OLD = {**SHORT, "b.conf": ("[s]\nk = old\n", 0o600),
               "sub/c.txt": (None, 0)}
SEVERAL_NEW = {**NEW_A, "b.conf": (f"[s]\nk = {CANARY}\n", 0o600),
               "sub/c.txt": (f"word {CANARY}\n", 0o600)}
SERVICE = ["--", "/bin/sh", "-c", "echo ran >ran"]
SEALED = "[s]\nk = ${secret:word}\n"


def scenarios():
    several = ["-c", "rules"]
    TEMPLATES["rules"] = (
        "[file a]\nsource = a.tmpl\npath = a.yaml\n"
        "[file b]\nsource = b.tmpl\npath = b.conf\nformat = ini/python\n"
        "[file c]\nsource = c.tmpl\npath = sub/c.txt\nformat = text\n")
    return [
        Scenario("one", ["render", "a.tmpl:a.yaml"], SHORT, NEW_A),
        Scenario("several", ["render", *several], SEVERAL_OLD, SEVERAL_NEW),
        Scenario("mode", ["render", "--mode", "0604", "--owner", "1:1",
                          "a.tmpl:a.yaml"], SHORT,
                 {"a.yaml": (f"a: {CANARY}\n", 0o604)}),
        Scenario("in place", ["render", "--in-place", "a.tmpl:a.yaml"], LONG,
                 NEW_A, atomic=False),
        Scenario("sealed", ["render", "-f", "ini/python", "s.ini:s.ini"],
                 {"s.ini": (SEALED, 0o600), "s.ini.keyplate": (None, 0)},
                 {"s.ini": (f"[s]\nk = {CANARY}\n", 0o600),
                  "s.ini.keyplate": (SEALED, 0o600)}),
        Scenario("tree", ["render", "-t", "tree:sub"],
                 {"sub/in/d.yaml": (None, 0)},
                 {"sub/in/d.yaml": (f"d: {CANARY}\n", 0o600)}),
        Scenario("exec", ["run", "--exec", *several, *SERVICE],
                 SEVERAL_OLD, SEVERAL_NEW, command=True),
        Scenario("run", ["run", *several, *SERVICE],
                 SEVERAL_OLD, SEVERAL_NEW, command=True),
    ]


# --- running ---

def traced(trace, *arguments):
    return ["strace", "-qq", "-o", trace, *arguments]


def command_of(scenario, wrapper=()):
    environ = {"PATH": os.environ["PATH"], "HOME": "/",
               "KEYPLATE_SECRETS": "secrets"}
    return [*wrapper, KEYPLATE, *scenario.argv], environ


def run(scenario, folder, wrapper=()):
    argv, environ = command_of(scenario, wrapper)
    return subprocess.run(argv, cwd=folder, env=environ, timeout=LIMIT_S,
                          stdin=subprocess.DEVNULL, capture_output=True)


def run_a_moment(scenario, folder, seconds):
    """Kill it after a time, or be late."""
    argv, environ = command_of(scenario)
    with subprocess.Popen(argv, cwd=folder, env=environ,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE) as running:
        try:
            running.wait(seconds)
        except subprocess.TimeoutExpired:
            running.kill()
        out, err = running.communicate(timeout=LIMIT_S)
    return subprocess.CompletedProcess(argv, running.returncode, out, err)


def calls_of(scenario, folder):
    """The calls of a good run in order, up to the start of a service."""
    scenario.prepare(folder)
    ran = run(scenario, folder, traced("trace"))
    bad = judge(folder, Case(scenario, "", "", 0, must=True), ran)
    if bad:
        sys.exit(f"{scenario.name}: a run with no fault: {bad} {ran.stderr}")
    calls = re.findall(r"^(\w+)\(", (folder / "trace").read_text(), re.M)
    calls = [call for call in calls[1:] if call != "exit_group"]
    for stop in ("execve", "clone", "clone3", "vfork"):
        if scenario.command and stop in calls:
            return calls[:calls.index(stop) + 1]
    return calls


# --- judging ---

def state_of(folder, path, wanted):
    """Whether a file is as wanted, which is its contents and its mode.

    Where the file before could not be looked at, its access control list
    may have kept the group out: then the new one does.
    """
    text, mode = wanted
    try:
        st = os.lstat(folder / path)
        found = (folder / path).read_text()
    except OSError:
        return text is None
    return text == found and st.st_mode & 0o7777 in (mode, mode & ~0o070)


def litter(folder):
    return [path for path in folder.rglob("*")
            if path.name.startswith(".keyplate-")]


def judge_targets(folder, case, status):
    """What is wrong with the targets, as a text; None: nothing."""
    scenario, how = case.scenario, case.how
    old = [state_of(folder, path, scenario.old[path]) for path in scenario.old]
    new = [state_of(folder, path, scenario.new[path]) for path in scenario.old]
    if status == 0:
        return None if all(new) else "status 0, and not all is new"
    if not scenario.atomic and how == "KILL":
        return None
    if not all(a or b for a, b in zip(old, new)):
        return "a target is neither old nor new"
    # A kill may come between two renames, another signal when all is done.
    done = all(new) and (scenario.command or how in ENDINGS)
    if how == "KILL" or all(old) or done:
        return None
    return f"status {status}, and not all is old"


def judge_service(folder, scenario, status):
    if not (folder / "ran").exists():
        return "status 0, and no service ran" if status == 0 else None
    new = [state_of(folder, path, scenario.new[path]) for path in scenario.new]
    return None if all(new) else "the service ran without its files"


def judge_status(case, ran):
    status = ran.returncode
    if case.must and status != 0:
        return f"status {status}"
    if status < 0 and case.how not in ("KILL", *ENDINGS):
        return f"died of signal {-status}"
    # There may be nobody left to tell it to.
    silent = case.how in ("KILL", *ENDINGS) or \
        case.call in ("write", "poll", "ioctl")
    if status != 0 and not ran.stderr and not silent:
        return f"status {status}, and no message"
    if CANARY.encode() in ran.stdout + ran.stderr:
        return "the value was printed"
    return None


def judge_litter(folder, case):
    targets = [*case.scenario.old.values(), *case.scenario.new.values()]
    modes = [0o600] + [mode for _, mode in targets]
    for path in litter(folder):
        if path.stat().st_mode & 0o777 not in modes:
            return f"{path.name} is too wide"
        if case.how != "KILL" and case.call != "unlinkat":
            return f"{path.name} is left"
    return None


def judge(folder, case, ran):
    """What is wrong after a run, as a text; None: nothing."""
    service = case.scenario.command
    return judge_targets(folder, case, ran.returncode) or \
        (service and judge_service(folder, case.scenario, ran.returncode)) or \
        judge_status(case, ran) or judge_litter(folder, case)


def judge_next(folder, case):
    """A run that may end sets all right."""
    if not case.scenario.atomic and case.how == "KILL":
        case.scenario.prepare(folder)
    ran = run(case.scenario, folder)
    if ran.returncode != 0:
        return f"the next run: status {ran.returncode}, {ran.stderr}"
    if litter(folder):
        return "the next run leaves a temporary file"
    return judge_targets(folder, case, 0)


def try_case(case, folder):
    """What is wrong with it, or None; and whether the fault came to be."""
    case.scenario.prepare(folder)
    trace = folder / "trace"
    trace.write_text("")
    try:
        if case.call == "moment":
            ran = run_a_moment(case.scenario, folder, case.number)
        else:
            ran = run(case.scenario, folder, case.wrapper)
    except subprocess.TimeoutExpired:
        return "it hangs", True
    calls = re.findall(rf"^{case.call}\(", trace.read_text(errors="replace"),
                       re.M)
    came = "trace" not in case.wrapper or len(calls) >= case.number
    bad = judge(folder, case, ran)
    if bad is None and (litter(folder) or case.how == "KILL"):
        bad = judge_next(folder, case)
    if bad:
        bad += "; " + ran.stderr.decode(errors="replace")
    return bad, came


# --- cases ---

# Before main() it is the C library's start, which ends the process its way.
MAIN = "rt_sigprocmask"


def injected(scenario, how, call, number, what, must=False):
    wrapper = traced("trace", "-e", f"trace={call}",
                     "-e", f"inject={call}:{what}:when={number}")
    return Case(scenario, how, call, int(str(number).split("+")[0]), wrapper,
                must)


def faults_of(kind, call, in_libc):
    """Each fault that a call can have, and its words for strace."""
    if kind == "kills":
        return [("KILL", "signal=KILL")]
    if kind == "signals":
        return [(name, "signal=" + name) for name in ENDINGS]
    if kind == "lies":
        return [("lie", "retval=0")] if call in PRETENDED else []
    if in_libc:
        return []
    return [(name, "error=" + name) for name in ERRORS.get(call, OTHER)]


def at_each_call(kind, scenario, calls):
    start = calls.index(MAIN)
    seen = collections.Counter()
    for place, call in enumerate(calls):
        seen[call] += 1
        for how, what in faults_of(kind, call, place < start):
            yield injected(scenario, how, call, seen[call], what)


def without(scenario, calls):
    for call in NEWER:
        for error in ("ENOSYS", "EPERM") if call in calls else ():
            yield injected(scenario, error, call, "1+", "error=" + error, True)
    for call in INTERRUPTED:
        if call in calls:
            yield injected(scenario, "EINTR", call, "1+2", "error=EINTR")


def least_memory():
    """KiB of address space with which the program starts at all."""
    for kib in range(1000, 20000, 100):
        ran = subprocess.run(["prlimit", f"--as={kib * 1024}", KEYPLATE,
                              "--version"], capture_output=True)
        if ran.returncode == 0:
            return kib
    sys.exit("keyplate does not start")


def all_cases(kind, folder):
    least = least_memory() if kind == "memory" else 0
    for scenario in scenarios():
        calls = calls_of(scenario, folder)
        if kind == "without":
            yield from without(scenario, calls)
        elif kind == "memory" and not scenario.command:
            for kib in range(least, least + 40 * 16, 16):
                yield Case(scenario, "memory", f"{kib} KiB", 1,
                           ["prlimit", f"--as={kib * 1024}"])
        elif kind == "short" and not scenario.command:
            for size in (1, 7, 100):
                yield Case(scenario, "short", f"{size} bytes", 1,
                           [os.environ["SHORTIO"], str(size)], True)
        elif kind == "moments" and scenario.atomic:
            for step in range(200):
                yield Case(scenario, "KILL", "moment", step * 0.00005)
        elif kind in AT_EACH_CALL:
            yield from at_each_call(kind, scenario, calls)


def describe(case):
    return f"{case.scenario.name}: {case.how} at {case.call} {case.number}"


def work(number, workers, cases, top):
    """Each worker has every so many-th case, and a folder of its own."""
    folder = top / str(number)
    folder.mkdir()
    found = []
    for case in cases[number::workers]:
        bad, came = try_case(case, folder)
        found.append((describe(case), bad, came))
    return found


def main():
    sample = Sample()
    workers = os.cpu_count() or 1
    with tempfile.TemporaryDirectory() as top:
        top = pathlib.Path(top)
        (top / "calls").mkdir()
        cases = sample.draw(list(all_cases(sample.kind, top / "calls")))
        with concurrent.futures.ThreadPoolExecutor(workers) as pool:
            done = pool.map(lambda n: work(n, workers, cases, top),
                            range(workers))
            found = [one for some in done for one in some]
    return sample.report(found)


sys.exit(main())
