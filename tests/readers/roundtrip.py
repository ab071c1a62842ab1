#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""roundtrip - every hostile value, rendered and read back by the real reader.

    roundtrip.py FORMAT POSITION      each value in a file of its own
    roundtrip.py FORMAT "all at once" all that can be carried in one file
    roundtrip.py yaml exporter        the same, asked from a running exporter

Each value becomes a secret, is rendered to one place of one format, and is
read by a parser that keyplate has no part in.  It counts as

    carried  the reader gives exactly the secret, less one final line ending,
             and every neighbour is as it was
    refused  exit 1, one error that names place and reason without the value,
             and the target has the inode, time and bytes that it had
    wrong    anything else
    lost     refused, though the format's rules say that it can be carried

The last line of the output counts all four; the exit status is 0 when
nothing is wrong or lost.  KEYPLATE names the binary, GRAFANA_READER and
YAML_READER the two readers written in Go, SYSTEMD_READER the one in C.
"""
import base64
import concurrent.futures
import configparser
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import tomllib
import urllib.request

import yaml

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "hostile"))
from values import values  # noqa: E402
import envs  # noqa: E402
import markup  # noqa: E402
import models  # noqa: E402
import servers  # noqa: E402

KEYPLATE = os.path.abspath(os.environ.get("KEYPLATE", "./keyplate"))
PLACE = re.compile(rb"^keyplate: [^\n]*:\d+:\d+: [^\n]+$")
BEFORE = b"this stays when a value is refused\n"


def chomp(value):
    """A secret as it is used: less one final LF or CR LF."""
    if value.endswith(b"\r\n"):
        return value[:-2]
    return value[:-1] if value.endswith(b"\n") else value


def is_text(value):
    try:
        value.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def read_files(documents, suffix, ask):
    """{number: document}, in files, to {number: what ask(paths) has of it}."""
    with tempfile.TemporaryDirectory() as folder:
        paths = [f"{folder}/{number}{suffix}" for number in documents]
        for path, document in zip(paths, documents.values()):
            with open(path, "wb") as file:
                file.write(document)
        return dict(zip(documents, ask(paths), strict=True))


# --- the formats: where a value can stand, who reads it, what must pass ---


class Format:
    """One reader.  "@" in a template is where the value goes."""

    name = ""
    key = ""
    templates = {}

    def template(self, position, number):
        return self.templates[position].replace("NNN", f"{number:03d}")

    def around(self, position):
        """Text of the template that is part of the same value."""
        return (b"pre-", b"-post") if "part" in position else (b"", b"")

    def can(self, position, value):
        """True when the rules say that value must be carried."""
        raise NotImplementedError

    def read(self, documents):
        """{number: bytes} to {number: value, or None if anything is off}."""
        raise NotImplementedError

    def together(self, numbers):
        """A template with a slot, "@NNN@", for each number."""
        raise NotImplementedError

    def read_together(self, document, numbers):
        """As read(), of the one document."""
        raise NotImplementedError


class Grafana(Format):
    name = "ini/grafana"
    key = "security.admin_password"
    file = "grafana.ini"
    templates = {
        "bare": "[security]\nadmin_user = u\nadmin_password = @\n"
                "last = z\n[other]\nk = v\n",
        "comment after": "[security]\nadmin_user = u\n"
                         "admin_password = @ ; a comment\n"
                         "last = z\n[other]\nk = v\n",
        "back-quoted": "[security]\nadmin_user = u\nadmin_password = `@`\n"
                       "last = z\n[other]\nk = v\n",
        "triple-quoted": "[security]\nadmin_user = u\n"
                         "admin_password = \"\"\"@\"\"\"\n"
                         "last = z\n[other]\nk = v\n",
        "single-quoted": "[security]\nadmin_user = u\nadmin_password = '@'\n"
                         "last = z\n[other]\nk = v\n",
        "double-quoted": "[security]\nadmin_user = u\nadmin_password = \"@\"\n"
                         "last = z\n[other]\nk = v\n",
        "part": "[security]\nadmin_user = u\nadmin_password = pre-@-post\n"
                "last = z\n[other]\nk = v\n",
        "set": "[security]\nadmin_user = u\nadmin_password = xxx\n"
               "last = z\n[other]\nk = v\n",
        "set commented out": "[security]\nadmin_user = u\n"
                             ";admin_password = admin\n"
                             "last = z\n[other]\nk = v\n",
        "match": "[security]\nadmin_user = u\nadmin_password = xxx\n"
                 "last = z\n[other]\nk = v\n",
    }
    templates["crlf"] = templates["bare"].replace("\n", "\r\n")
    templates["crlf set"] = templates["set"].replace("\n", "\r\n")
    templates["no final line ending"] = \
        "[other]\nk = v\n[security]\nadmin_user = u\nlast = z\n" \
        "admin_password = @"

    # Both of Grafana's passes, and go-ini's references.
    EXPANDS = re.compile(rb"\$(|__\w+)\{([^}]+)\}|%\([^)]+\)s")

    def can(self, position, value):
        lines = value.split(b"\n")
        above = b"\n".join(lines[:-1])
        if not value or self.EXPANDS.search(value):
            return False
        if position == "back-quoted":
            return b"`" not in above
        if position == "triple-quoted":
            return b'"""' not in above
        if position == "single-quoted":
            return not re.search(rb"[\n#;']", value)
        if position == "double-quoted":
            return not re.search(rb'[\n#;"]', value)
        if position == "part":
            return re.fullmatch(rb"[!-~]+", value) is not None and \
                re.search(rb"[#;\"'`\\]|%\(|\)s", value) is None
        return b"`" not in above or b'"""' not in above

    def read(self, documents):
        return read_files(documents, ".ini", self.ask_all)

    def together(self, numbers):
        return "[all]\n" + "".join(f"k{n} = @{n}@\n" for n in numbers)

    def read_together(self, document, numbers):
        found = read_files({0: document}, ".ini", self.load)[0].get("all", {})
        read = {n: found.pop(f"k{n}", None) for n in numbers}
        return {} if found else read

    @staticmethod
    def load(paths):
        """What Grafana has of each file: {section: {key: bytes}}."""
        ran = subprocess.run([os.environ["GRAFANA_READER"], "-json", *paths],
                             capture_output=True)
        return [{section: {key: base64.b64decode(value)
                           for key, value in keys.items()}
                 for section, keys in (json.loads(line) or {}).items() if keys}
                for line in ran.stdout.splitlines()]

    def ask_all(self, paths):
        return [self.value_of(found) for found in self.load(paths)]

    @staticmethod
    def value_of(found):
        """The value; None when a neighbour is not as it was."""
        value = found.get("security", {}).pop("admin_password", None)
        intact = found == {"security": {"admin_user": b"u", "last": b"z"},
                           "other": {"k": b"v"}}
        return value if intact else None


class Yaml(Format):
    name = "yaml"
    key = "modules.probe.http.basic_auth.password"
    file = "blackbox.yml"
    HEAD = "modules:\n  probe:\n    prober: http\n    http:\n" \
           "      basic_auth:\n        username: u\n"
    TAIL = "      method: GET\n  after:\n    prober: tcp\n"
    templates = {
        "bare": HEAD + "        password: @\n" + TAIL,
        "comment after": HEAD + "        password: @ # a comment\n" + TAIL,
        "single-quoted": HEAD + "        password: '@'\n" + TAIL,
        "double-quoted": HEAD + "        password: \"@\"\n" + TAIL,
        "literal": HEAD + "        password: |-\n          @\n" + TAIL,
        "folded": HEAD + "        password: >-\n          @\n" + TAIL,
        "part": HEAD + "        password: pre-@-post\n" + TAIL,
        "part double-quoted": HEAD + "        password: \"pre-@-post\"\n"
                              + TAIL,
        "part single-quoted": HEAD + "        password: 'pre-@-post'\n" + TAIL,
        "part literal": HEAD + "        password: |-\n          pre-@-post\n"
                        + TAIL,
        "set": HEAD + "        password: xxx\n" + TAIL,
        "set double-quoted": HEAD + "        password: \"xxx\"\n" + TAIL,
        "set empty": HEAD + "        password:\n" + TAIL,
        "match": HEAD + "        password: xxx\n" + TAIL,
        "flow": "modules: {probe: {prober: http, http: {basic_auth: "
                "{username: u, password: @}, method: GET}}, "
                "after: {prober: tcp}}\n",
    }
    templates["crlf"] = templates["bare"].replace("\n", "\r\n")
    templates["no final line ending"] = \
        "modules:\n  after:\n    prober: tcp\n  probe:\n    prober: http\n" \
        "    http:\n      method: GET\n      basic_auth:\n" \
        "        username: u\n        password: @"

    def can(self, position, value):
        return len(value) > 0 and is_text(value)

    def read(self, documents):
        read = {number: self.read_one(document)
                for number, document in documents.items()}
        self.ask_others({number: document
                         for number, document in documents.items()
                         if read[number] is not None}, read)
        return read

    def ask_others(self, documents, read):
        """Forget in read what a reader in Go has otherwise, or refuses."""
        if not documents:
            return
        joined = self.joined(documents)
        if self.accepted(joined) and \
                self.agreed(joined, {n: read[n] for n in documents}):
            return
        if len(documents) == 1:
            read[next(iter(documents))] = None
            return
        numbers = sorted(documents)
        middle = len(numbers) // 2
        for half in numbers[:middle], numbers[middle:]:
            self.ask_others({n: documents[n] for n in half}, read)

    @staticmethod
    def joined(documents):
        """One configuration: the modules of each under names of their own."""
        bodies = []
        for number, document in documents.items():
            flow = document.startswith(b"modules: {")
            start, end = (10, document.rindex(b"}")) if flow else \
                (document.index(b"\n") + 1, len(document))
            body = document[start:end]
            body = body.replace(b"probe:", b"probe%d:" % number, 1)
            head, tail = body.rsplit(b"after:", 1) if flow or \
                not body.startswith(b"  after:") else (b"  ", body[8:])
            body = head + b"after%d:" % number + tail
            bodies.append(body if flow or body.endswith(b"\n")
                          else body + b"\n")
        if flow:
            return b"modules: {" + b", ".join(bodies) + b"}\n"
        return b"modules:\n" + b"".join(bodies)

    @staticmethod
    def agreed(document, values):
        """True when both versions of Go's YAML have the same values."""
        if "YAML_READER" not in os.environ:
            return True
        with tempfile.NamedTemporaryFile(suffix=".yml") as config:
            config.write(document)
            config.flush()
            for version in [], ["-v2"]:
                ran = subprocess.run(
                    [os.environ["YAML_READER"], *version, config.name],
                    capture_output=True)
                found = {}
                for line in ran.stdout.splitlines():
                    scalar = json.loads(line)
                    found[scalar["path"]] = scalar
                for number, value in values.items():
                    scalar = found.get(
                        f"modules.probe{number}.http.basic_auth.password")
                    if scalar is None or scalar["type"] != "string" or \
                            base64.b64decode(scalar["base64"]) != value:
                        return False
        return True

    @staticmethod
    def accepted(document):
        """True when the exporter takes the file."""
        with tempfile.NamedTemporaryFile(suffix=".yml") as config:
            config.write(document)
            config.flush()
            ran = subprocess.run(
                ["prometheus-blackbox-exporter", "--config.check",
                 "--config.file=" + config.name], capture_output=True)
        return ran.returncode == 0

    def together(self, numbers):
        return "modules:\n" + "".join(
            f"  m{n}:\n    prober: http\n    http:\n      basic_auth:\n"
            f"        username: @{n}@\n        password: @{n}@\n"
            for n in numbers)

    def read_together(self, document, numbers):
        if not self.accepted(document):
            return {}
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        return self.credentials(yaml.load(document, loader), "password")

    @staticmethod
    def credentials(config, field):
        """The user name or password of each module, by number."""
        return {int(name[1:]): module["http"]["basic_auth"][field].encode(
                    "utf-8", "surrogatepass")
                for name, module in config["modules"].items()}

    @staticmethod
    def read_one(document):
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        try:
            found = yaml.load(document, loader)
            value = found["modules"]["probe"]["http"]["basic_auth"].pop(
                "password")
        except (yaml.YAMLError, KeyError, TypeError):
            return None
        intact = found == {"modules": {
            "probe": {"prober": "http", "http": {
                "basic_auth": {"username": "u"}, "method": "GET"}},
            "after": {"prober": "tcp"}}}
        if not intact or not isinstance(value, str):
            return None
        return value.encode("utf-8", "surrogatepass")


class Caddyfile(Format):
    name = "caddyfile"
    file = "Caddyfile"
    key = "http://sNNN.test.header[1]"
    SITE = "http://sNNN.test {\n\theader X-Before b\n\theader X-Val %s\n" \
           "\theader X-After a\n}\n"
    templates = {
        "bare": SITE % "@",
        "comment after": SITE % "@ # a comment",
        "double-quoted": SITE % '"@"',
        "back-quoted": SITE % "`@`",
        "part": SITE % "pre-@-post",
        "part double-quoted": SITE % '"pre-@-post"',
        "match": SITE % "xxx",
        "first argument": "http://sNNN.test {\n\theader X-Before b\n"
                          "\trespond @\n\theader X-After a\n}\n",
        "first of a line": "http://sNNN.test {\n\theader X-Before b\n"
                           "\tbasicauth {\n\t\t@ JDJhJDEw\n\t}\n"
                           "\theader X-After a\n}\n",
    }
    templates["crlf"] = templates["bare"].replace("\n", "\r\n")
    PLAIN = re.compile(rb"[A-Za-z0-9_./:@%+,=!?^*()>|&;$'~-]+")
    # A run of backslashes, odd, before a double quote or the end.
    ODD = re.compile(rb'(?<!\\)\\(\\\\)*("|\Z)')

    def can(self, position, value):
        if not value:
            return False
        head, tail = self.around(position)
        value = head + value + tail
        if not is_text(value) or value in (b"{", b"}"):
            return False
        if b"{$" in value or b"\\{" in value or \
                re.search(rb"\{[^}]*\}", value) or \
                (b"\\}" in value and b"{" in value):
            return False
        if position == "first argument" and \
                re.match(rb"[*/@]|[1-9][0-9][0-9]\Z", value):
            return False
        if position == "first of a line" and \
                not re.fullmatch(rb"[A-Za-z0-9_.-]+", value):
            return False
        if value == b"import" and position == "first of a line":
            return False
        if "back-quoted" in position:
            return b"`" not in value
        if "double-quoted" in position:
            return not self.ODD.search(value)
        return self.PLAIN.fullmatch(value) is not None or \
            not self.ODD.search(value) or b"`" not in value

    def together(self, numbers):
        return "\n".join(
            (self.SITE % f"@{n}@").replace("NNN", f"{n:03d}")
            for n in numbers)

    def read_together(self, document, numbers):
        sites = self.adapt(document) or {}
        return {n: sites.get(f"s{n:03d}.test") for n in numbers}

    def read(self, documents):
        if not documents:
            return {}
        sites = self.adapt(b"\n".join(documents.values()))
        if sites is None and len(documents) > 1:
            numbers = sorted(documents)
            middle = len(numbers) // 2
            halves = numbers[:middle], numbers[middle:]
            read = {}
            for half in halves:
                read.update(self.read({n: documents[n] for n in half}))
            return read
        if sites is None or len(sites) != len(documents):
            if len(documents) == 1:
                return dict.fromkeys(documents)
            read = {}
            for number, document in documents.items():
                read.update(self.read({number: document}))
            return read
        return {number: sites.get(f"s{number:03d}.test")
                for number in documents}

    def adapt(self, document):
        """Each site's value by its host; None when Caddy refuses the file."""
        with tempfile.NamedTemporaryFile() as caddyfile:
            caddyfile.write(document)
            caddyfile.flush()
            ran = subprocess.run(
                ["caddy", "adapt", "--adapter", "caddyfile", "--config",
                 caddyfile.name], capture_output=True)
        if ran.returncode != 0:
            return None
        try:
            servers = json.loads(ran.stdout)["apps"]["http"]["servers"]
            return {route["match"][0]["host"][0]: self.value_of(route)
                    for server in servers.values()
                    for route in server["routes"]}
        except (KeyError, IndexError):
            return None  # not even the shape that the template had

    @staticmethod
    def value_of(route):
        """The value of one site; None when a neighbour is not as it was."""
        inner = route["handle"][0]["routes"]
        handlers = [h for r in inner for h in r["handle"]]
        fields, value = {}, None
        for handler in handlers:
            if handler["handler"] == "headers":
                changed = handler.get("response", {}).get("set", {})
                fields.update((k, texts[0]) for k, texts in changed.items())
            elif handler["handler"] == "static_response":
                value = handler.get("body")
            elif handler["handler"] == "authentication":
                users = handler["providers"]["http_basic"]["accounts"]
                value = users[0]["username"] if len(users) == 1 else None
        before, after = fields.pop("X-Before", ""), fields.pop("X-After", "")
        value = fields.pop("X-Val", value)
        if (before, after) != ("b", "a") or fields or value is None:
            return None
        return value.encode("utf-8", "surrogatepass")


class Caddy1(Caddyfile):
    """Read by a model, for there is no package of Caddy 1."""

    name = "caddyfile/v1"
    templates = {position: Caddyfile.templates[position] for position in (
        "bare", "comment after", "double-quoted", "part",
        "part double-quoted", "match", "crlf")}
    together = Format.together
    WORDS = [(b"{", "brace"), b"header", b"X-Before", b"b", b"header",
             b"X-Val", None, b"header", b"X-After", b"a", (b"}", "brace")]

    def can(self, position, value):
        if not value or b"{%" in value:
            return False
        head, tail = self.around(position)
        value = head + value + tail
        bare = "double-quoted" not in position and \
            re.fullmatch(rb'[!$-z|~][!-"$-z|~]*', value) is not None
        return super().can("double-quoted", value) or \
            (bare and super().can("back-quoted", value))

    def read(self, documents):
        read = {}
        for number, document in documents.items():
            found = models.caddy1(document) or []
            words = [word.encode() if isinstance(word, str) else
                     (word[1].encode(), word[0]) for word, _ in found]
            wanted = [f"http://s{number:03d}.test".encode(), *self.WORDS]
            at = wanted.index(None)
            if words[:at] + [None] + words[at + 1:] == wanted:
                read[number] = words[at]
        return read


class Lines(Format):
    """An INI file read one at a time: a value between two neighbours."""

    key = "s.k"
    HEAD = "[s]\nbefore = b\n"
    TAIL = "\nafter = a\n"

    def __init__(self):
        values = dict(self.values)
        values.update({"bare": "@", "part": "pre-@-post"})
        self.templates = {position: f"{self.HEAD}k = {value}{self.TAIL}"
                          for position, value in values.items()}
        self.templates["set"] = f"{self.HEAD}k = xxx{self.TAIL}"
        self.templates["set commented out"] = \
            f"{self.HEAD};k = xxx{self.TAIL}"
        self.templates["match"] = self.templates["set"]
        self.templates["crlf"] = self.templates["bare"].replace("\n", "\r\n")

    def read(self, documents):
        return read_files(documents, self.file, self.ask_all)

    def ask_all(self, paths):
        """The values of some files, by one process for each of them."""
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            return list(pool.map(self.ask, paths))

    def ask(self, path):
        """The value; None when a neighbour is not as it was."""
        raise NotImplementedError

    @staticmethod
    def output(*command):
        """What a reader prints; empty when it refuses the file."""
        ran = subprocess.run(command, capture_output=True)
        return ran.stdout if ran.returncode == 0 else b""


class Mysql(Lines):
    name = "ini/mysql"
    file = "my.cnf"
    values = {"single-quoted": "'@'", "double-quoted": "\"@\"",
              "escapes beside": "C:\\\\pre-@-post"}

    def around(self, position):
        if position == "escapes beside":
            return b"C:\\pre-", b"-post"
        return super().around(position)

    def can(self, position, value):
        return value and b"\0" not in value and len(value) < 2000

    def ask(self, path):
        printed = self.output("my_print_defaults",
                              f"--defaults-file={path}", "s")
        head, tail = b"--before=b\n--k=", b"\n--after=a\n"
        if not printed.startswith(head) or not printed.endswith(tail):
            return None
        return printed[len(head):-len(tail)]


class Php(Lines):
    name = "ini/php"
    file = "php.ini"
    values = {"single-quoted": "'@'", "double-quoted": "\"@\"",
              "comment after": "@ ; it's \"a\" comment",
              "part double-quoted": "\"pre-@-post\""}

    def can(self, position, value):
        return value and b"\0" not in value

    def ask_all(self, paths):
        printed = self.output("php", f"{HERE}/php/ini.php", *paths)
        return [self.value_of(json.loads(line))
                for line in printed.splitlines()]

    @staticmethod
    def value_of(found):
        if not found or found[""] or len(found) != 2:
            return None
        section = {key: base64.b64decode(value)
                   for key, value in found["s"].items()}
        value = section.pop("k", None)
        return value if section == {"before": b"b", "after": b"a"} else None


class Ini(Lines):
    """By all readers that are here, which have to agree."""

    name = "ini"
    file = "app.ini"
    values = {}
    PLAIN = re.compile(rb"[a-z]+[0-9][a-z0-9./:@+-]{0,150}")

    def can(self, position, value):
        return self.PLAIN.fullmatch(value) is not None

    def ask_all(self, paths):
        readers = [Python().ask_all]
        if shutil.which("my_print_defaults"):
            readers.append(Mysql().ask_all)
        if shutil.which("php"):
            readers.append(Php().ask_all)
        if "GRAFANA_READER" in os.environ:
            readers.append(self.ask_go)
        answers = zip(*(read(paths) for read in readers), strict=True)
        return [answer[0] if len(set(answer)) == 1 else None
                for answer in answers]

    @staticmethod
    def ask_go(paths):
        sections = [found.get("s", {}) for found in Grafana.load(paths)]
        values = [section.pop("k", None) for section in sections]
        return [value if section == {"before": b"b", "after": b"a"} else None
                for value, section in zip(values, sections)]


class Python(Lines):
    name = "ini/python"
    file = "app.ini"
    values = {"below": "\n  pre-@-post", "per cent beside": "pre-@-post%%"}

    def around(self, position):
        if position == "below":
            return b"\npre-", b"-post"
        if position == "per cent beside":
            return b"pre-", b"-post%"
        return super().around(position)

    def can(self, position, value):
        if not value or not is_text(value) or b"\r" in value:
            return False
        head, tail = self.around(position)
        text = (head + value + tail).decode()
        lines = text.split("\n")
        return all(line == line.strip() for line in lines) and \
            not any(line[:1] in "#;" for line in lines[1:] if line) and \
            (len(lines) == 1 or lines[-1] != "")

    def ask(self, path):
        parser = configparser.ConfigParser()
        try:
            parser.read(path, encoding="utf-8")
            found = dict(parser["s"])
        except (configparser.Error, UnicodeDecodeError):
            return None
        value = found.pop("k", None)
        if value is None or found != {"before": "b", "after": "a"}:
            return None
        return value.encode()


class Systemd(Lines):
    name = "ini/systemd"
    file = "app.service"
    key = "Service.Description"
    HEAD = "[Service]\nBefore=b\n"
    TAIL = "\nAfter=a\n"
    values = {}

    def __init__(self):
        super().__init__()
        self.templates = {position: text.replace("k =", "Description =")
                          for position, text in self.templates.items()}
        for position, line in (
                ("variable", "Environment=A=b X=@ C=d"),
                ("quoted variable", "Environment=A=b \"X=@\" C=d"),
                ("single-quoted variable", "Environment=A=b 'X=@' C=d"),
                ("argument", "ExecStart=/bin/x @ ; /bin/y"),
                ("part of an argument", "ExecStart=/bin/x \"pre-@-post\""),
                ("argument without variables", "ExecStart=:/bin/x @"),
                ("part of a path", "ExecStart=/bin/pre-@-post /bin/y")):
            self.templates[position] = self.HEAD + line + self.TAIL

    def around(self, position):
        if position == "part of a path":
            return b"/bin/pre-", b"-post"
        return (b"X=", b"") if "variable" in position and \
            "argument" not in position else super().around(position)

    @staticmethod
    def is_safe(value):
        """Text without the noncharacters that systemd takes for damage."""
        return is_text(value) and b"\0" not in value and len(value) < 500000 \
            and not any(0xfdd0 <= ord(c) <= 0xfdef or
                        ord(c) & 0xfffe == 0xfffe for c in value.decode())

    def can(self, position, value):
        if not value or not self.is_safe(value):
            return False
        if "variable" in position or "argument" in position:
            return True
        if position == "part of a path":
            return re.search(rb"[\0-\37\"'\\\177]|\$[${]", value) is None
        head, tail = self.around(position)
        text = head + value + tail
        return text == text.strip(b" \t\n\r") and \
            not re.search(rb"[\n\r]", value) and \
            not re.search(rb"(?<!\\)(\\\\)*\\\Z", text)

    def ask(self, path):
        printed = self.output(os.environ["SYSTEMD_READER"], path)
        lines = printed.decode().split("\n")
        if len(lines) != 4 or lines[0] != "Service Before =62" or \
                lines[2] != "Service After =61":
            return None
        words = [bytes.fromhex(word) for word in lines[1].split(" =")[1:]]
        known = (b"A=b", b"C=d", b"/bin/x", b":/bin/x", b"/bin/y")
        if len(words) > 1:
            if words[-2:] == [b";", b"/bin/y"]:
                words[-2:] = []
            words = [word for word in words if word not in known]
        return words[0] if len(words) == 1 else None


class Json(Format):
    name = "json"
    key = "db.password"
    file = "config.json"
    TEXT = '{\n  "db": {\n    "user": "u",\n    "password": %s,\n' \
           '    "port": 1\n  },\n  "after": [true, null]\n}\n'
    templates = {
        "bare": TEXT % "@",
        "double-quoted": TEXT % '"@"',
        "part double-quoted": TEXT % '"pre-@-post"',
        "set": TEXT % '"xxx"',
        "set null": TEXT % "null",
        "set missing": TEXT.replace('    "password": %s,\n', ""),
        "compact": '{"db":{"user":"u","password":@,"port":1},'
                   '"after":[true,null]}',
    }
    templates["crlf"] = templates["bare"].replace("\n", "\r\n")
    NODE = "for (const f of process.argv.slice(1)) console.log(" \
           "JSON.stringify(JSON.parse(require('fs').readFileSync(f))))"

    def can(self, position, value):
        return len(value) > 0 and is_text(value)

    def read(self, documents):
        read = {number: self.value_of(self.load(document))
                for number, document in documents.items()}
        for command in ["jq", "-c", "."], ["node", "-e", self.NODE, "--"]:
            if shutil.which(command[0]) is None:
                continue
            for number, found in zip(documents, self.ask(command, documents)):
                if self.value_of(found) != read[number]:
                    read[number] = None
        return read

    @staticmethod
    def load(document):
        try:
            return json.loads(document)
        except ValueError:
            return None

    @staticmethod
    def ask(command, documents):
        """What a program prints of each document, a line of JSON each."""
        with tempfile.TemporaryDirectory() as folder:
            names = [f"{folder}/{number}.json" for number in documents]
            for name, document in zip(names, documents.values()):
                with open(name, "wb") as out:
                    out.write(document)
            ran = subprocess.run(command + names, capture_output=True)
        lines = ran.stdout.decode("utf-8", "surrogatepass").split("\n")
        return [json.loads(line) if line else None
                for line in (lines + [""] * len(names))[:len(names)]]

    @staticmethod
    def value_of(found):
        """The value; None when a neighbour is not as it was."""
        try:
            value = found["db"].pop("password").encode()
        except (AttributeError, KeyError, TypeError, UnicodeEncodeError):
            return None
        intact = found == {"db": {"user": "u", "port": 1},
                           "after": [True, None]}
        return value if intact else None


class Toml(Format):
    name = "toml"
    key = "db.password"
    file = "config.toml"
    TEXT = "before = 1 # a comment\n[db]\nuser = \"u\"\npassword = %s\n" \
           "port = 1\n[[after]]\nk = [true, 'x']\n"
    templates = {
        "bare": TEXT % "@",
        "comment after": TEXT % "@ # a comment",
        "double-quoted": TEXT % '"@"',
        "single-quoted": TEXT % "'@'",
        "triple-quoted": TEXT % '"""@"""',
        "triple-quoted lines": TEXT % '"""\n@"""',
        "triple-single-quoted": TEXT % "'''@'''",
        "part double-quoted": TEXT % '"pre-@-post"',
        "part single-quoted": TEXT % "'pre-@-post'",
        "part triple-quoted": TEXT % '"""\npre-@-post"""',
        "part triple-single-quoted": TEXT % "'''pre-@-post'''",
        "set": TEXT % "'xxx'",
        "set number": TEXT % "1_000",
        "set commented out": TEXT.replace("password", "# password") % "1",
        "set missing": TEXT.replace("password = %s\n", ""),
        "inline table": "before = 1\n"
                        "db = {user = \"u\", password = @, port = 1}\n"
                        "after = [{k = [true, 'x']}]\n",
    }
    templates["crlf"] = templates["bare"].replace("\n", "\r\n")
    INTACT = {"before": "1", "db.user": "u", "db.port": "1",
              "after[0].k[0]": "true", "after[0].k[1]": "x"}

    def can(self, position, value):
        return len(value) > 0 and is_text(value)

    def read(self, documents):
        read = {number: self.read_one(document)
                for number, document in documents.items()}
        if "TOML_READER" in os.environ:
            self.ask_go(documents, read)
        return read

    @staticmethod
    def read_one(document):
        try:
            found = tomllib.loads(document.decode())
            value = found["db"].pop("password").encode()
        except (ValueError, AttributeError, KeyError):
            return None
        intact = found == {"before": 1, "db": {"user": "u", "port": 1},
                           "after": [{"k": [True, "x"]}]}
        return value if intact else None

    def ask_go(self, documents, read):
        """Forget in read what a library for Go has otherwise, or refuses."""
        with tempfile.TemporaryDirectory() as folder:
            for number, document in documents.items():
                with open(f"{folder}/{number}", "wb") as out:
                    out.write(document)
            ran = subprocess.run(
                [os.environ["TOML_READER"], *map(str, documents)],
                capture_output=True, check=True, cwd=folder)
        for line in ran.stdout.splitlines():
            answer = json.loads(line)
            found = {path: base64.b64decode(text) for path, text in
                     (answer["values"] or {}).items()}
            value = found.pop("db.password", None)
            number = int(answer["file"])
            if value != read[number] or found != {
                    path: text.encode() for path, text in self.INTACT.items()}:
                read[number] = None


class Text(Format):
    name = "text"
    file = "motd"
    templates = {
        "bare": "@",
        "part": "pre-@-post",
        "lines": "first\n@\nlast\n",
    }

    def can(self, position, value):
        return len(value) > 0

    def around(self, position):
        if position == "lines":
            return b"first\n", b"\nlast\n"
        return super().around(position)

    def read(self, documents):
        return dict(documents)


FORMATS = {f.name: f for f in (
    Grafana(), Mysql(), Php(), Python(), Systemd(), Ini(), Yaml(),
    Caddyfile(), Caddy1(), Json(), Toml(), Text())}
FORMATS.update((f.name, f) for module in (servers, envs, markup)
               for f in module.formats(Format, is_text))


# --- one value in one place ---


class Run:
    """One value in one place: the files of a render and what came of it."""

    def __init__(self, fmt, position, number, value, folder):
        self.fmt, self.position, self.number = fmt, position, number
        self.value = chomp(value)
        self.folder = os.path.join(folder, f"{number:03d}")
        self.target = os.path.join(self.folder, fmt.file)
        self.errors, self.messages = [], b""
        os.mkdir(self.folder)
        self.write(f"../secrets/v{number}", value)
        self.arguments = self.prepare()
        self.before = self.look()

    def write(self, name, data):
        with open(os.path.join(self.folder, name), "wb") as out:
            out.write(data)

    def prepare(self):
        """Write template or target and rules; returns what renders them."""
        text = self.fmt.template(self.position, self.number)
        if "set" in self.position or self.position == "match":
            self.write(self.fmt.file, text.encode())
            self.write("rules.conf", self.rules().encode())
            return ["-c", f"{self.folder}/rules.conf"]
        self.write("template", text.replace("@", self.placeholder()).encode())
        self.write(self.fmt.file, BEFORE)
        return [f"{self.folder}/template:{self.target}"]

    def placeholder(self):
        return f"${{secret:v{self.number}}}"

    def rules(self):
        number, key = self.number, self.fmt.key
        file = f"[file f{number}]\npath = {self.target}\n" \
            f"format = {self.fmt.name}\n"
        if self.position == "match":
            return file + f"[match v{number}]\nfile = f{number}\n" \
                "pattern = ^.*[ =](?<value>xxx)\\s*$\n" \
                f"value = {self.placeholder()}\n"
        return file + f"[set v{number}]\nfile = f{number}\n" \
            f"key = {key.replace('NNN', f'{number:03d}')}\n" \
            f"value = {self.placeholder()}\n"

    def look(self):
        info = os.stat(self.target)
        with open(self.target, "rb") as target:
            return info.st_ino, info.st_mtime_ns, target.read()

    def take(self, message):
        """Keep one message, its excerpt and hint; it names a file of this."""
        self.messages += message
        line = message.split(b"\n")[0]
        if b" warning: " not in line:
            self.errors.append(line)

    def refusal_fault(self):
        """What is wrong with how this was refused, or an empty string."""
        if self.look() != self.before:
            return "the target was touched"
        if len(self.errors) != 1:
            return f"{len(self.errors)} errors instead of one"
        if not PLACE.match(self.errors[0]):
            return f"no place in {self.errors[0]!r}"
        if self.shows_value():
            return "the message holds the value"
        return ""

    def shows_value(self):
        """True when a message quotes the value; an excerpt has the name."""
        return self.value not in self.placeholder().encode() and \
            shows(self.messages, self.value)


def render(runs, folder):
    """Render all in one go: the status, and each message with its run."""
    if not runs:
        return 0
    options = ["-f", runs[0].fmt.name] if "-c" not in runs[0].arguments else []
    ran = subprocess.run(
        [KEYPLATE, "render", "-s", f"{folder}/secrets", *options,
         *(argument for run in runs for argument in run.arguments)],
        capture_output=True)
    by_folder = {run.folder.encode(): run for run in runs}
    for message in re.split(rb"^(?=keyplate: )", ran.stderr, flags=re.M)[1:]:
        place = re.search(re.escape(folder.encode()) + rb"/\d+", message)
        by_folder[place[0]].take(message)
    return ran.returncode


def render_all(runs, folder):
    """Render all, which writes none when one is refused, then the others.

    Gives those that were written."""
    status = render(runs, folder)
    refused = [run for run in runs if run.errors]
    if status != (1 if refused else 0):
        sys.exit(f"status {status} with {len(refused)} refused")
    if not refused:
        return runs
    touched = [run.number for run in runs if run.look() != run.before]
    if touched:
        sys.exit(f"targets {touched} were written beside one refused")
    others = [run for run in runs if not run.errors]
    status = render(others, folder)
    if status != 0:
        sys.exit(f"status {status}, though none of them was refused")
    return others


def shows(output, value):
    """True when output quotes a value that no message has of itself."""
    return len(value) >= 6 and not re.fullmatch(rb"[a-z]+", value) and \
        value in output


# --- all of them ---


def count(fmt, position):
    counts = {"carried": 0, "refused": 0, "wrong": 0, "lost": 0}

    def note(kind, run, why):
        counts[kind] += 1
        if kind in ("wrong", "lost"):
            print(f"{kind}: {NAMES[run.number]}: {why}")

    with tempfile.TemporaryDirectory() as folder:
        os.mkdir(f"{folder}/secrets")
        runs = [Run(fmt, position, number, value, folder)
                for number, (_, value) in enumerate(VALUES)]
        written = render_all(runs, folder)
        read = fmt.read({run.number: run.look()[2] for run in written})
        head, tail = fmt.around(position)
        for run in runs:
            if run.errors:
                fault = run.refusal_fault()
                if fault:
                    note("wrong", run, fault)
                elif fmt.can(position, run.value):
                    note("lost", run, run.errors[0].decode("utf-8", "replace"))
                else:
                    note("refused", run, "")
            elif read.get(run.number) != head + run.value + tail:
                note("wrong", run, "the reader does not give the value")
            elif run.shows_value():
                note("wrong", run, "a message holds the value")
            else:
                note("carried", run, "")
    return counts


def render_together(fmt, numbers, folder):
    """All values in one file, in one run; its bytes."""
    os.mkdir(f"{folder}/secrets")
    for number in numbers:
        with open(f"{folder}/secrets/v{number}", "wb") as secret:
            secret.write(VALUES[number][1])
    template = re.sub(r"@(\d+)@", r"${secret:v\1}", fmt.together(numbers))
    with open(f"{folder}/template", "w", encoding="utf-8") as out:
        out.write(template)
    subprocess.run(
        [KEYPLATE, "render", "-s", f"{folder}/secrets", "-f", fmt.name,
         f"{folder}/template:{folder}/{fmt.file}"],
        check=True, stderr=subprocess.DEVNULL)
    with open(f"{folder}/{fmt.file}", "rb") as rendered:
        return rendered.read()


def ask_exporter(config):
    """The configuration as a running exporter shows it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with subprocess.Popen(
            ["prometheus-blackbox-exporter", f"--config.file={config}",
             f"--web.listen-address=127.0.0.1:{port}"],
            stderr=subprocess.PIPE) as exporter:
        try:
            for line in exporter.stderr:
                if b'"Listening on"' in line:
                    break
            with urllib.request.urlopen(
                    f"http://127.0.0.1:{port}/config") as answer:
                return yaml.load(answer.read(), yaml.BaseLoader)
        except OSError:
            return {"modules": {}}  # it did not start
        finally:
            exporter.terminate()
            exporter.stderr.close()


def count_together(fmt, position):
    numbers = [n for n, (_, value) in enumerate(VALUES)
               if len(value) < 100000 and fmt.can("bare", chomp(value))]
    if position == "exporter":
        # Its writer, not its reader, drops a line break that comes first.
        numbers = [n for n in numbers if VALUES[n][1][:1] != b"\n"]
    counts = {"carried": 0, "refused": 0, "wrong": 0, "lost": 0}
    with tempfile.TemporaryDirectory() as folder:
        document = render_together(fmt, numbers, folder)
        if position == "exporter":
            config = ask_exporter(f"{folder}/{fmt.file}")
            read = fmt.credentials(config, "username")
        else:
            read = fmt.read_together(document, numbers)
    for number in numbers:
        if read.get(number) == chomp(VALUES[number][1]):
            counts["carried"] += 1
        else:
            counts["wrong"] += 1
            print(f"wrong: {NAMES[number]}: the reader does not give it")
    return counts


VALUES = values()
NAMES = [name for name, _ in VALUES]


def main():
    if len(sys.argv) == 2:
        print("\n".join(FORMATS[sys.argv[1]].templates))
        return 0
    fmt, position = FORMATS[sys.argv[1]], sys.argv[2]
    if position in ("all at once", "exporter"):
        counts = count_together(fmt, position)
    else:
        counts = count(fmt, position)
    print(", ".join(f"{number} {kind}" for kind, number in counts.items()))
    return 0 if counts["wrong"] == counts["lost"] == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
