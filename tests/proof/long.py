#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""long - random values in random files, rendered and read by real parsers.

    long.py [FORMAT...]

SEED repeats a run, ROUNDS is how many values each format gets, JOBS how many
formats are at work at once, FAILURES the folder for what went wrong.

Each file is drawn with places for values in every position that its format
has.  With harmless words in these places the parser tells where each place
ends up and what else is in the file.  With the random values, rendered by
keyplate, it has to tell the same but for the values.  A value that keyplate
refuses by its name is counted, gives way to the harmless word, and the file
is rendered again.  One file in four is changed by rules with paths instead,
some of which add a key.
"""
import collections
import concurrent.futures
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "..", "readers"), HERE]
import draw  # noqa: E402
import flat  # noqa: E402
import roundtrip  # noqa: E402
import surroundings  # noqa: E402

KEYPLATE = roundtrip.KEYPLATE
ROUNDS = int(os.environ.get("ROUNDS", "20000"))
FAILURES = os.path.abspath(os.environ.get("FAILURES", "proof-failures"))
BATCH = 20
# Where a rule may set a key that is not there, and its name.
ADDING = ("ini/grafana", "ini/php", "ini/python", "yaml", "json", "toml",
          "env", "env/compose", "env/sh", "env/systemd", "properties")
NEW = "kpnew"

REPEATED = re.compile(rb"^keyplate: (?:[^:\n]*:\d+:\d+: )?(.*) in \S+ "
                      rb"stands there more than once", re.M)
NAMED = re.compile(rb'^keyplate: (?!warning)(?:(?!warning:).)*?"s(\d+)"', re.M)
EXPLAINED = re.compile(
    r"^\S+:\d+:\d+\s+(\S(?:.*?\S)?)\s+secret:s(\d+) +\S+ +\S+ +- +(.*)$", re.M)
SIMPLE = re.compile(r"[\w.\[\]/-]+")
WORD = draw.Draft.WORD


def put(found, values):
    """What a reader found, with values in place of the harmless words."""
    words = {flat.hashed(b"wq%dx" % n): flat.hashed(v)
             for n, v in values.items()}

    def filled(text):
        return words.get(text) or WORD.sub(
            lambda m: values.get(int(m[1]), m[0]), text)

    return {path: filled(value) if isinstance(value, bytes) else value
            for path, value in found.items()}


def replace(reader, found, values):
    """The same where a value takes the place of the whole scalar."""
    def whole(text):
        if not reader.whole:  # a line for each option
            return re.sub(rb"^(--[^=\n]*=).*?wq(\d+)x.*$",
                          lambda m: m[1] + values[int(m[2])]
                          if int(m[2]) in values else m[0], text, flags=re.M)
        for match in WORD.finditer(text):
            if int(match[1]) in values:
                return values[int(match[1])]
        return text

    return {path: whole(value) if isinstance(value, bytes) else value
            for path, value in found.items()}


def differs(expected, found):
    """The paths at which found is not as expected."""
    if found is None:
        return ["(the reader refuses the file)"]
    return [path for path in {**expected, **found}
            if expected.get(path) != found.get(path)]


class Case:
    """One file: its template, its values, and what became of them."""

    def __init__(self, name, seed, folder):
        self.name, self.seed = name, seed
        self.rng = random.Random(seed)
        self.draft = draw.Draft(self.rng)
        surroundings.DRAW[name](self.draft, name)
        self.harmless = self.draft.harmless()
        self.template = self.draft.template()
        self.folder = os.path.join(folder, seed.replace("/", "-"))
        self.rules = name != "text" and self.rng.random() < 0.25
        self.values, self.refused, self.errors = {}, set(), b""
        self.paths = {}
        self.mates, self.hopeless = {}, set()
        self.result, self.added, self.touched = None, None, False

    def write(self, name, data):
        with open(os.path.join(self.folder, name), "wb") as out:
            out.write(data)

    def places(self, found):
        """The numbers of the places that the reader knows of."""
        text = b"\n".join(v for v in found.values() if isinstance(v, bytes))
        seen = {int(n) for n in WORD.findall(text)}
        return seen | {n for n in range(len(self.draft.quoted))
                       if flat.hashed(b"wq%dx" % n) in text}

    def find_mates(self, found):
        """Of each place, those that share a scalar with it."""
        for value in found.values():
            if isinstance(value, bytes):
                together = {int(n) for n in WORD.findall(value)}
                for number in together:
                    self.mates[number] = together

    def prepare(self, found):
        """Draw the values; write the files that keyplate gets."""
        self.find_mates(found)
        os.makedirs(os.path.join(self.folder, "secrets"))
        for number in sorted(self.places(found)):
            self.values[number] = draw.value(
                self.rng, self.name.partition("/")[0], self.harmless)
        self.write("template", self.template)
        for number in range(len(self.draft.quoted)):
            self.write(f"secrets/s{number}",
                       self.values.get(number, b"wq%dx" % number))
        if self.rules:
            self.find_paths(found)
            self.rules = bool(self.paths)
        self.values = {n: roundtrip.chomp(v) for n, v in self.values.items()
                       if not self.rules or n in self.paths}

    def find_paths(self, found):
        """Paths that lead to one place alone."""
        explained = self.run("explain", "-f", self.name, "template").stdout
        rows = [(path, int(number)) for path, number, state in
                EXPLAINED.findall(explained.decode("utf-8", "replace"))
                if path != "-" and "comment" not in state
                and int(number) in self.values]
        direct = set(WORD.findall(b"\n".join(
            v for v in found.values() if isinstance(v, bytes))))
        counts = collections.Counter(path for path, _ in rows)
        self.paths = {number: path for path, number in rows
                      if counts[path] == 1 and b"%d" % number in direct}
        self.add_key()

    def add_key(self):
        """In some files a rule sets a key that is not there, beside one."""
        beside = [path for path in self.paths.values()
                  if re.fullmatch(r"(?:[\w.\[\]]+\.)?\w+", path)]
        if self.name not in ADDING or not beside or self.rng.random() < 0.5:
            return
        above, dot, _ = self.rng.choice(beside).rpartition(".")
        self.added = len(self.draft.quoted)
        self.paths[self.added] = above + dot + NEW
        self.values[self.added] = draw.value(
            self.rng, self.name.partition("/")[0], self.harmless)
        self.write(f"secrets/s{self.added}", self.values[self.added])

    def without_added(self, before, found):
        """What was found less the key that was added, if it is as it has to
        be."""
        if found is None or self.added not in self.placed():
            return found
        new = [path for path in found if path not in before]
        if len(new) != 1 or found[new[0]] != self.values[self.added] or \
                NEW not in str(new[0]):
            return found
        rest = {path: value for path, value in found.items()
                if path != new[0]}
        for path, value in before.items():
            if value[:1] == ("mapping",) and \
                    rest.get(path) == ("mapping", value[1] + 1):
                rest[path] = value
        return rest

    def run(self, command, *arguments):
        return subprocess.run(
            [KEYPLATE, command, "-s", "secrets", *arguments], cwd=self.folder,
            capture_output=True, env=flat.CLEAN, check=False,
            stdin=subprocess.DEVNULL)

    def command(self):
        if not self.rules:
            return ["render", "-f", self.name, "template:result"]
        self.write("source", self.harmless.replace(b"${", b"$${"))
        lines = [f"[file f]\npath = {self.folder}/result\n"
                 f"source = {self.folder}/source\nformat = {self.name}\n"]
        options = []
        for number in self.paths.keys() & self.values.keys():
            path = self.paths[number]
            if number in self.refused:
                continue
            if SIMPLE.fullmatch(path):
                lines.append(f"[set s{number}]\nfile = f\nkey = {path}\n"
                             f"value = ${{secret:s{number}}}\n")
            else:
                options += ["--set", f"{self.folder}/result:{path}="
                            f"${{secret:s{number}}}"]
        self.write("rules.conf", "".join(lines).encode())
        return ["render", "-c", "rules.conf", *options]

    def refuse(self):
        """Withdraw the values that the messages name; False: there are none.
        Of a scalar with several the first is named: then all go."""
        repeated = REPEATED.findall(self.errors)
        gone = [number for number, path in self.paths.items()
                if path.encode() in repeated]
        for number in gone:
            del self.paths[number], self.values[number]
        named = {int(n) for n in NAMED.findall(self.errors)}
        new = (named & self.values.keys()) - self.refused
        if not new:
            for number in named:
                new |= self.mates.get(number, set())
            new = (new & self.values.keys()) - self.refused
        if not new and NEW.encode() in self.errors and \
                self.added in self.placed():
            new.add(self.added)
        for number in new:
            self.refused.add(number)
            self.write(f"secrets/s{number}", b"wq%dx" % number)
        hopeless = set() if new else named - self.hopeless
        if hopeless:  # not even the word can stand there
            self.hopeless |= hopeless
            self.write("template", self.draft.template(self.hopeless))
        return bool(new or hopeless or gone)

    def render(self):
        """True when keyplate has written the file, maybe without the values
        that it refuses; these are in refused."""
        while self.placed() or not self.rules:
            ran = self.run(*self.command())
            self.errors = ran.stderr
            if ran.returncode == 0:
                with open(f"{self.folder}/result", "rb") as result:
                    self.result = result.read()
                return True
            self.touched |= os.path.exists(f"{self.folder}/result")
            if ran.returncode != 1 or not self.refuse():
                return False
        self.result = self.harmless
        return True

    def placed(self):
        return {n: v for n, v in self.values.items()
                if n not in self.refused}

    def expected(self, reader, found):
        if self.rules:
            return replace(reader, found, self.placed())
        return put(found, self.placed())


class Format:
    """The run of one format."""

    def __init__(self, name, seed, folder):
        self.name, self.seed, self.folder = name, seed, folder
        self.readers = [r for r in flat.READERS[name] if r.there()]
        self.counts = collections.Counter()
        self.reasons = collections.Counter()
        self.number = 0

    def batch(self):
        """The next files, with what each reader has of the harmless ones."""
        cases = []
        while len(cases) < BATCH:
            case = Case(self.name, f"{self.seed}/{self.number}", self.folder)
            self.number += 1
            if case.draft.quoted:
                cases.append(case)
        documents = {n: case.harmless for n, case in enumerate(cases)}
        read = [reader.read(documents) for reader in self.readers]
        for number, case in enumerate(cases):
            found = [answers[number] for answers in read]
            if None in found:
                self.counts["unread"] += 1
                self.reasons["unread by " + self.readers[
                    found.index(None)].name] += 1
            else:
                yield case, found

    def go(self):
        while self.counts["carried"] + self.counts["refused"] < ROUNDS:
            done = []
            for case, found in self.batch():
                case.prepare(found[0])
                self.counts["files"] += 1
                if case.render():
                    done.append((case, found))
                else:
                    self.note_refusal(case)
            self.compare(done)
            values = self.counts["carried"] + self.counts["refused"]
            if values < self.number - 100 or self.counts["wrong"] > 20:
                break  # not even a value a file, or enough to look at
            for case, _ in done:
                shutil.rmtree(case.folder)
        return self

    def note_refusal(self, case):
        """A file that keyplate does not take, whatever the values."""
        first = next((line for line in case.errors.split(b"\n")
                      if line.startswith(b"keyplate: ")
                      and b"warning: " not in line), b"").decode(
                          "utf-8", "replace")
        self.counts["untaken"] += 1
        self.reasons[re.sub(r"^keyplate: [^:]*:\d+:\d+: ", "", re.sub(
            r'"[^"]*"', '"..."', first))] += 1
        if not first.startswith("keyplate: "):
            self.fail(case, [], f"no message but {first!r}")

    def compare(self, done):
        documents = {n: case.result for n, (case, _) in enumerate(done)}
        alike = {n: case.harmless for n, (case, _) in enumerate(done)}
        read = [reader.read(documents, alike) for reader in self.readers]
        for number, (case, found) in enumerate(done):
            self.counts["carried"] += len(case.placed())
            self.counts["refused"] += len(case.refused)
            for reader, before, answers in zip(self.readers, found, read):
                wrong = differs(
                    case.expected(reader, before),
                    case.without_added(before, answers[number]))
                if wrong:
                    self.fail(case, wrong, reader.name)
                    break
            # Messages show lines of the template, with blanks before them.
            if any(roundtrip.shows(case.errors, value) and
                   value.strip() not in case.template + case.harmless
                   for value in case.values.values()):
                self.fail(case, [], "a message holds a value")
            if case.touched:
                self.fail(case, [], "a file was written, and refused")

    def fail(self, case, paths, why):
        self.counts["wrong"] += 1
        folder = os.path.join(FAILURES, f"{self.name.replace('/', '-')}-"
                              f"{case.seed.replace('/', '-')}")
        os.makedirs(FAILURES, exist_ok=True)
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(case.folder, folder)
        with open(f"{folder}/why", "w", encoding="utf-8") as out:
            print(why, f"seed {case.seed}", sep="\n", file=out)
            for path in paths:
                print("at", path, file=out)
            for number, value in sorted(case.placed().items()):
                print(f"s{number}", repr(value[:2000]), file=out)
        print(f"wrong: {self.name}, {why}, {paths[:3]}: see {folder}",
              flush=True)


def run(name, seed):
    start = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="keyplate-proof-") as folder:
        form = Format(name, seed, folder)
        if form.readers:
            form.go()
        return name, form.counts, form.reasons, \
            [r.name for r in form.readers], time.monotonic() - start


def main():
    seed = os.environ.get("SEED") or \
        str(random.SystemRandom().randrange(10**8))
    names = sys.argv[1:] or list(flat.READERS)
    known = {n for n in names if subprocess.run(
        [KEYPLATE, "encode", "--format", n], input=b"x", capture_output=True,
        check=False).returncode != 2}
    print(f"SEED={seed} ROUNDS={ROUNDS}", flush=True)
    failed = False
    with concurrent.futures.ProcessPoolExecutor(
            int(os.environ.get("JOBS", os.cpu_count()))) as pool:
        jobs = [pool.submit(run, name, seed) for name in names
                if name in known]
        for job in concurrent.futures.as_completed(jobs):
            name, counts, reasons, readers, seconds = job.result()
            if not readers:
                print(f"{name}: no reader is here", flush=True)
                failed = True
                continue
            print(f"{name}: {counts['carried']} carried, "
                  f"{counts['refused']} refused, {counts['wrong']} wrong, in "
                  f"{counts['files']} files, {seconds:.0f} s "
                  f"({', '.join(readers)})", flush=True)
            for reason, number in reasons.most_common(6):
                print(f"    {number} files: {reason}", flush=True)
            failed |= counts["wrong"] > 0 or \
                counts["carried"] + counts["refused"] < ROUNDS
    for name in sorted(set(names) - known):
        print(f"{name}: not a format")
        failed = True
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
