# SPDX-License-Identifier: MIT
"""flat - what real parsers read in a whole file, as a flat mapping.

READERS has, for each format, the readers that it is proved with.  A reader
takes many documents, {number: bytes}, and gives {number: found}, where found
is None when the parser refuses the document, else {path: value}: a path is a
tuple of keys and indices, a value is bytes where the parser has a string, and
otherwise a tuple that tells its type.

GRAFANA_READER, YAML_READER, TOML_READER and SYSTEMD_READER name the readers
that have to be built; a reader whose program is missing is not there().
"""
import base64
import configparser
import ctypes
import glob
import hashlib
import io
import json
import os
import re
import shutil
import socket
import subprocess
import tempfile
import time
import tomllib
import xml.etree.ElementTree

import yaml

import models

try:
    import dotenv
except ImportError:
    dotenv = None

HERE = os.path.dirname(os.path.abspath(__file__))
# What a reader could expand must not depend on who runs the tests.
CLEAN = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin"}


def flatten(value, path=(), into=None):
    """A tree of mappings and lists by the paths of its leaves."""
    into = {} if into is None else into
    if isinstance(value, dict):
        into[path + ("{}",)] = ("mapping", len(value))
        for key, inner in value.items():
            flatten(inner, path + (key,), into)
    elif isinstance(value, (list, tuple)):
        into[path + ("[]",)] = ("list", len(value))
        for index, inner in enumerate(value):
            flatten(inner, path + (index,), into)
    elif isinstance(value, str):
        into[path] = value.encode("utf-8", "surrogatepass")
    elif isinstance(value, bytes):
        into[path] = value
    else:
        into[path] = (type(value).__name__, repr(value))
    return into


def decode_leaves(value):
    """The same tree with each leaf, in base64, as bytes."""
    if isinstance(value, dict):
        return {key: decode_leaves(inner) for key, inner in value.items()}
    return base64.b64decode(value)


class Reader:
    """name is for the table; programs have to be there."""

    name = ""
    programs = ()
    variable = ""  # of the environment, naming a program that is built
    # False where what is read does not tell where a key ends.
    whole = True

    def there(self):
        return all(shutil.which(p, path=CLEAN["PATH"])
                   for p in self.programs) and \
            (not self.variable or
             os.path.exists(os.environ.get(self.variable, "")))

    def read(self, documents, alike=None):
        """alike has documents of the same structure, in which a reader that
        is asked for one thing after the other finds what there is to ask."""
        return {n: self.read_one(text, (alike or documents)[n])
                for n, text in documents.items()}

    def read_one(self, text, alike):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "file")
            with open(path, "wb") as out:
                out.write(text)
            return self.read_file(path, alike)

    def read_file(self, path, alike):
        raise NotImplementedError

    @staticmethod
    def output(*command, **options):
        """What a program prints; None when it fails."""
        ran = subprocess.run(command, stdin=subprocess.DEVNULL,
                             capture_output=True, env=CLEAN, check=False,
                             **options)
        return ran.stdout if ran.returncode == 0 else None


class Batch(Reader):
    """A program that takes many files and prints a line of JSON for each."""

    def command(self, paths):
        raise NotImplementedError

    def found(self, line):
        return flatten(json.loads(line))

    def read(self, documents, alike=None):
        with tempfile.TemporaryDirectory() as folder:
            paths = [os.path.join(folder, str(n)) for n in documents]
            for path, text in zip(paths, documents.values()):
                with open(path, "wb") as out:
                    out.write(text)
            printed = self.output(*self.command(paths), cwd=folder)
        lines = (printed or b"").splitlines()
        if len(lines) == len(documents):
            return {n: None if line == b"null" else self.found(line)
                    for n, line in zip(documents, lines)}
        if len(documents) == 1:
            return dict.fromkeys(documents)
        read = {}  # one of them is refused, by which the program ends
        numbers = list(documents)
        middle = len(numbers) // 2
        for half in numbers[:middle], numbers[middle:]:
            read.update(self.read({n: documents[n] for n in half}))
        return read


# --- INI ---


class Grafana(Batch):
    name = "go-ini, as Grafana has it"
    variable = "GRAFANA_READER"

    def command(self, paths):
        return [os.environ[self.variable], "-json", *paths]

    def found(self, line):
        return flatten(decode_leaves(json.loads(line)))


class MariaDB(Reader):
    """Each group as printed: where one option ends the lines tell, and so
    their number is part of what is read."""

    name = "my_print_defaults"
    programs = ("my_print_defaults",)
    whole = False

    def read_file(self, path, alike):
        with open(path, "rb") as file:
            found = {("lines",): ("int", file.read().count(b"\n"))}
        for group in set(re.findall(rb"^\s*\[([^]\n]+)\]", alike, re.M)):
            printed = self.output("my_print_defaults",
                                  f"--defaults-file={path}", group)
            if printed is None:
                return None
            found[(group,)] = printed
        return found


class PhpIni(Batch):
    name = "php parse_ini_file"
    programs = ("php",)

    def command(self, paths):
        return ["php", "-n", f"{HERE}/php/ini.php", *paths]

    def found(self, line):
        return flatten(decode_leaves(json.loads(line)))


class ConfigParser(Reader):
    name = "Python configparser"

    def read_one(self, text, alike=b""):
        parser = configparser.ConfigParser()
        try:
            # As a file that is opened is read: each kind of line end.
            parser.read_file(io.TextIOWrapper(io.BytesIO(text), "utf-8"))
            return flatten({name: dict(parser[name]) for name in parser})
        except (configparser.Error, UnicodeDecodeError):
            return None


class SystemdUnit(Reader):
    name = "systemd config_parse"
    variable = "SYSTEMD_READER"

    def read_file(self, path, alike):
        printed = self.output(os.environ[self.variable], path)
        if printed is None:
            return None
        found = {}
        for number, line in enumerate(printed.decode().splitlines()):
            name, *words = line.split(" =")
            found[(number, "name")] = ("name", name)
            found[(number, "words")] = ("int", len(words))
            for index, word in enumerate(words):
                found[(number, index)] = bytes.fromhex(word)
        return found


# --- trees ---


class PyYaml(Reader):
    name = "PyYAML"

    def read_one(self, text, alike=b""):
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        try:
            return flatten(yaml.load(text, loader))
        except (yaml.YAMLError, ValueError):
            return None


class GoYaml(Reader):
    variable = "YAML_READER"

    def __init__(self, version):
        self.name = f"go-yaml {version}"
        self.options = ["-v2"] if version == 2 else []

    def read_file(self, path, alike):
        printed = self.output(os.environ[self.variable], *self.options, path)
        if printed is None:
            return None
        found = {}
        for line in printed.splitlines():
            scalar = json.loads(line)
            value = base64.b64decode(scalar["base64"])
            found[(scalar["path"],)] = value if scalar["type"] == "string" \
                else (scalar["type"], value)
        return found


class Node(Batch):
    """A function of Node's, whose strings come back as UTF-16."""

    programs = ("node",)
    module = ""
    parse = "JSON.parse"
    SCRIPT = "for (const f of process.argv.slice(1)) { let v = null; " \
        "try { v = JSON.stringify(%s(new TextDecoder('utf-8', {fatal: true, " \
        "ignoreBOM: true}).decode(require('fs').readFileSync(f)))) } " \
        "catch (e) {} console.log(v || 'null') }"

    def there(self):
        return super().there() and (
            not self.module or
            os.path.exists(f"/usr/share/nodejs/{self.module}"))

    def command(self, paths):
        return ["node", "-e", self.SCRIPT % self.parse, "--", *paths]


class NodeJson(Node):
    name = "Node"


class JsYaml(Node):
    name = "js-yaml"
    module = "js-yaml"
    parse = "require('/usr/share/nodejs/js-yaml').load"


class PythonJson(Reader):
    name = "Python json"

    def read_one(self, text, alike=b""):
        try:
            return flatten(json.loads(text.decode()))
        except ValueError:
            return None


class Jq(Batch):
    name = "jq"
    programs = ("jq",)

    def command(self, paths):
        return ["jq", "-c", ".", *paths]


class TomlLib(Reader):
    name = "Python tomllib"

    def read_one(self, text, alike=b""):
        try:
            return flatten(tomllib.loads(text.decode()))
        except ValueError:
            return None


class GoToml(Reader):
    variable = "TOML_READER"

    def __init__(self, library):
        self.name = library

    def read(self, documents, alike=None):
        """The program prints three lines a file, one for each library."""
        with tempfile.TemporaryDirectory() as folder:
            for number, text in documents.items():
                with open(f"{folder}/{number}", "wb") as out:
                    out.write(text)
            printed = self.output(os.environ[self.variable],
                                  *map(str, documents), cwd=folder)
        read = dict.fromkeys(documents)
        for line in (printed or b"").splitlines():
            answer = json.loads(line)
            if answer["reader"] == self.name and \
                    answer["values"] is not None:
                read[int(answer["file"])] = {
                    (path,): base64.b64decode(value)
                    for path, value in answer["values"].items()}
        return read


class Expat(Reader):
    name = "Python expat"

    def read_one(self, text, alike=b""):
        try:
            root = xml.etree.ElementTree.fromstring(text)
        except (xml.etree.ElementTree.ParseError, ValueError):
            return None
        return flatten(self.tree(root))

    def tree(self, element):
        return [element.tag, dict(element.attrib), element.text or "",
                [self.tree(inner) for inner in element], element.tail or ""]


class XmlLint(Reader):
    """libxml2, whose canonical form is read by expat."""

    name = "xmllint"
    programs = ("xmllint",)

    def read_file(self, path, alike):
        printed = self.output("xmllint", "--huge", "--c14n", path)
        return None if printed is None else Expat().read_one(printed)


# --- env files ---


class Shell(Reader):
    def __init__(self, shell, *options):
        self.name = os.path.basename(shell)
        self.programs = (shell,)
        self.start = [shell, *options]
        # Built in: a program could not start beside a large variable.
        show, end = ("print -nr --", "print -n '\\0000'") \
            if shell == "mksh" else ("printf %s", "printf '\\0'")
        self.script = "file=$1; shift; . \"$file\" >/dev/null 2>&1 || " \
            "exit 1; for n; do eval \"" + show + " \\\"\\$$n\\\"\"; " + \
            end + "; done"

    def read_file(self, path, alike):
        names = sorted(set(re.findall(rb"[A-Za-z_]\w*(?==)", alike)))
        printed = self.output(*self.start, "-c", self.script, "-", path,
                              *names, cwd=os.path.dirname(path))
        if printed is None:
            return None
        values = printed.split(b"\0")
        return dict(zip([(name,) for name in names], values)) \
            if len(values) == len(names) + 1 else None


class SystemdEnv(Reader):
    """load_env_file_pairs() of systemd's private library."""

    name = "systemd load_env_file"

    def __init__(self):
        libraries = glob.glob("/usr/lib/*/systemd/libsystemd-shared-2*.so")
        self.path = libraries[0] if libraries else None

    def there(self):
        return self.path is not None

    def read_file(self, path, alike):
        library, libc = ctypes.CDLL(self.path), ctypes.CDLL(None)
        libc.fopen.restype = ctypes.c_void_p
        file = ctypes.c_void_p(libc.fopen(path.encode(), b"re"))
        pairs = ctypes.POINTER(ctypes.c_char_p)()
        status = library.load_env_file_pairs(file, path.encode(),
                                             ctypes.byref(pairs))
        libc.fclose(file)
        words = []
        while status >= 0 and pairs and pairs[len(words)] is not None:
            words.append(pairs[len(words)])
        return dict(zip([(name,) for name in words[::2]], words[1::2])) \
            if status >= 0 else None


class PythonDotenv(Reader):
    name = "python-dotenv"

    def there(self):
        return dotenv is not None

    def read_one(self, text, alike=b""):
        try:
            stream = io.StringIO(text.decode(), newline="")
        except UnicodeDecodeError:
            return None
        found = dotenv.main.DotEnv(None, stream, interpolate=True,
                                   override=True).dict()
        return flatten(dict(found))


class Model(Reader):
    """A model of ours, of a reader that Debian does not have."""

    def __init__(self, name, parse):
        self.name = f"{name} (a model: no package)"
        self.parse = parse

    def read_one(self, text, alike=b""):
        found = self.parse(text)
        return None if found is None else flatten(found)


# --- servers ---


class Java(Batch):
    """As Latin-1 and as UTF-8, which have to agree."""

    name = "java.util.Properties"
    programs = ("java",)

    def command(self, paths):
        return ["java", f"{HERE}/properties/Read.java", *paths]

    def found(self, line):
        return {(base64.b64decode(key),): base64.b64decode(value)
                for key, value in json.loads(line)}


class PhpSource(Reader):
    name = "php"
    programs = ("php",)

    def read_file(self, path, alike):
        printed = self.output("php", "-n", f"{HERE}/php/source.php", path)
        return None if not printed else \
            flatten(decode_leaves(json.loads(printed)))


class Caddy(Reader):
    name = "caddy adapt"
    programs = ("caddy",)

    def read_file(self, path, alike):
        printed = self.output("caddy", "adapt", "--adapter", "caddyfile",
                              "--config", path)
        return None if printed is None else flatten(json.loads(printed))


class Nginx(Reader):
    """The bodies of all locations, asked for from a server.

    A document is what stands in a server's block."""

    name = "nginx"
    programs = ("nginx",)
    HEAD = "daemon off; master_process off; pid {0}/pid;\n" \
        "error_log stderr notice; events {{ }}\nhttp {{ access_log off;\n" \
        "client_body_temp_path {0}/a; proxy_temp_path {0}/b;\n" \
        "fastcgi_temp_path {0}/c; uwsgi_temp_path {0}/d;\n" \
        "scgi_temp_path {0}/e; default_type text/plain;\n" \
        "server {{ listen unix:{0}/socket; keepalive_requests 100000;\n"

    def read_file(self, path, alike):
        folder = os.path.dirname(path)
        os.chmod(folder, 0o755)
        with open(path, "rb") as file:
            text = file.read()
        with open(path, "wb") as conf:
            conf.write(self.HEAD.format(folder).encode() + text +
                       b"\nlocation = /last { return 200 z; }\n}\n}\n")
        names = re.findall(rb"location (?:= )?(/\w+)", alike)
        with subprocess.Popen(["nginx", "-p", folder, "-c", path],
                              stdout=subprocess.DEVNULL, env=CLEAN,
                              stderr=subprocess.PIPE) as nginx:
            for line in nginx.stderr:
                if b"start worker processes" in line or b"using the" in line:
                    break
            try:
                return self.ask(f"{folder}/socket", names + [b"/last"])
            except (OSError, ValueError):
                return None  # it did not start
            finally:
                nginx.terminate()
                nginx.stderr.close()

    @staticmethod
    def ask(path, names):
        found = {}
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect(path)
            answers = connection.makefile("rb")
            for name in names:
                connection.sendall(b"GET " + name +
                                   b" HTTP/1.1\r\nHost: a\r\n\r\n")
                found[(name, "status")] = ("line", answers.readline())
                length = 0
                while (line := answers.readline()) not in (b"\r\n", b""):
                    if line.lower().startswith(b"content-length:"):
                        length = int(line[15:])
                found[(name,)] = answers.read(length)
        return found if found[(b"/last",)] == b"z" else None


class Redis(Reader):
    """What a server has of its configuration, passwords of users as hashes.

    A document names neither port nor socket."""

    name = "redis-server"
    programs = ("redis-server",)
    ADMIN = "proof"
    # Apart from what depends on the machine or the moment.
    IGNORED = (b"unixsocket", b"dir", b"pidfile", b"maxclients", b"user")

    def read_file(self, path, alike):
        folder = os.path.dirname(path)
        with subprocess.Popen(
                ["redis-server", path, "--port", "0", "--unixsocket",
                 f"{folder}/socket", "--user", self.ADMIN, "on", "nopass",
                 "~*", "+@all"], cwd=folder, env=CLEAN,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL) as server:
            try:
                return self.ask(f"{folder}/socket", server)
            except (OSError, ValueError):
                return None
            finally:
                server.terminate()

    def ask(self, path, server):
        with self.connected(path, server) as connection:
            answers = connection.makefile("rb")

            def call(*words):
                connection.sendall(
                    b"*%d\r\n" % len(words) + b"".join(
                        b"$%d\r\n%s\r\n" % (len(w), w) for w in words))
                return self.answer(answers)

            call(b"AUTH", self.ADMIN.encode(), b"x")
            settings = call(b"CONFIG", b"GET", b"*")
            found = {(key,): value for key, value in
                     zip(settings[::2], settings[1::2])
                     if key not in self.IGNORED}
            for user in set(call(b"ACL", b"USERS")) - {b"default"}:
                facts = call(b"ACL", b"GETUSER", user)
                found.update(flatten(facts, (b"user", user)))
        return found

    @staticmethod
    def connected(path, server):
        """A connection, as soon as the server has its socket."""
        limit = time.monotonic() + 10
        while server.poll() is None and time.monotonic() < limit:
            connection = socket.socket(socket.AF_UNIX)
            try:
                connection.connect(path)
                return connection
            except OSError:
                connection.close()
                time.sleep(0.002)
        raise OSError("it did not start")

    def answer(self, answers):
        """One value of the protocol: bytes, a number or a list."""
        line = answers.readline()
        kind, rest = line[:1], line[1:-2]
        if kind == b"*":
            return [self.answer(answers) for _ in range(int(rest))]
        if kind == b"$":
            return answers.read(int(rest) + 2)[:-2]
        if kind == b"-":
            raise ValueError(rest)
        return rest


class Whole(Reader):
    name = "bytes as they are"

    def read_one(self, text, alike=b""):
        return {(): text}


def hashed(value):
    """What Redis tells of a password."""
    return hashlib.sha256(value).hexdigest().encode()


SHELLS = [Shell("dash"), Shell("bash"), Shell("mksh"), Shell("zsh"),
          Shell("busybox", "sh")]
COMPOSE = Model("compose-go 1.20 to 2.9", models.compose)

READERS = {
    "ini": [Grafana(), MariaDB(), PhpIni(), ConfigParser(), SystemdUnit()],
    "ini/grafana": [Grafana()],
    "ini/mysql": [MariaDB()],
    "ini/php": [PhpIni()],
    "ini/python": [ConfigParser()],
    "ini/systemd": [SystemdUnit()],
    "yaml": [PyYaml(), GoYaml(2), GoYaml(3), JsYaml()],
    "json": [PythonJson(), Jq(), NodeJson()],
    "toml": [TomlLib(), GoToml("burntsushi"), GoToml("pelletier1"),
             GoToml("pelletier2")],
    "caddyfile": [Caddy()],
    "caddyfile/v1": [Model("Caddy 1's lexer", models.caddy1)],
    "env": [*SHELLS, SystemdEnv(), COMPOSE, PythonDotenv()],
    "env/compose": [COMPOSE],
    "env/sh": SHELLS,
    "env/systemd": [SystemdEnv()],
    "properties": [Java()],
    "nginx": [Nginx()],
    "php": [PhpSource()],
    "redis": [Redis()],
    "xml": [Expat(), XmlLint()],
    "text": [Whole()],
}
