# SPDX-License-Identifier: MIT
"""readers - which files are of a format, and what its real reader has of them.

A corpus reads many files at once: for each a list of (name, value in bytes)
of all that the reader sees, in its order, or None where it refuses the file.
"""
import base64
import configparser
import importlib.util
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
import xml.sax

import yaml

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[1:1] = [f"{HERE}/../readers", f"{HERE}/../hostile"]
import envs  # noqa: E402


class Corpus:
    name = ""
    names = re.compile("")  # of files
    known = ()              # reasons of refusals that the manual tells ...
    unread = "is UTF-16"    # ... and one of all formats
    choosy = False          # the reader looks at what a value means, too
    expands = False         # one value may go into others
    ignores_empty = False   # an empty value is none
    retypes = False         # what is set becomes another kind of thing

    def read(self, paths):
        return [self.read_one(path) for path in paths]

    def read_one(self, path):
        raise NotImplementedError


def text_of(path):
    with open(path, "rb") as file:
        return file.read()


def encoded(value):
    return str(value).encode("utf-8", "surrogatepass")


def leaves(value, path=()):
    """The scalars of nested lists and of lists of pairs."""
    if isinstance(value, Pairs):
        for key, inner in value:
            yield from leaves(inner, (*path, key))
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from leaves(inner, (*path, index))
    else:
        yield path, encoded(value)


class Pairs(list):
    """A mapping with what it has twice."""


class Yaml(Corpus):
    name = "yaml"
    names = re.compile(r"\.ya?ml$")

    def read_one(self, path):
        try:
            return [leaf for document in yaml.compose_all(
                        text_of(path), getattr(yaml, "CSafeLoader",
                                               yaml.SafeLoader))
                    for leaf in self.walk(document, (), frozenset())]
        except (yaml.YAMLError, UnicodeDecodeError):
            return None

    def walk(self, node, path, above):
        if isinstance(node, yaml.ScalarNode):
            yield path, node.value.encode("utf-8", "surrogatepass")
        elif node is None or id(node) in above:
            return
        elif isinstance(node, yaml.SequenceNode):
            for index, inner in enumerate(node.value):
                yield from self.walk(inner, (*path, index),
                                     above | {id(node)})
        else:
            for key, inner in node.value:
                name = tuple(self.walk(key, (), above))
                yield from self.walk(inner, (*path, name), above | {id(node)})


class Json(Corpus):
    name = "json"
    names = re.compile(r"\.(json|webmanifest|ipynb)$")

    def read_one(self, path):
        try:
            return list(leaves(json.loads(text_of(path),
                                          object_pairs_hook=Pairs)))
        except (ValueError, RecursionError):
            return None


class Toml(Corpus):
    name = "toml"
    names = re.compile(r"(\.toml|/Cargo\.lock|/poetry\.lock)$")

    def read_one(self, path):
        try:
            return list(leaves(tomllib.loads(text_of(path).decode())))
        except ValueError:
            return None


class Ini(Corpus):
    """The common ground: what both Python and PHP take."""

    name = "ini"
    names = re.compile(r"\.(ini|cfg|cnf|inf|desktop)$|/(tox|setup)\.ini$")

    def read(self, paths):
        php = Php().read(paths)
        return [found if other is not None else None for found, other in
                zip(super().read(paths), php)]

    def read_one(self, path):
        parser = configparser.ConfigParser()
        try:
            parser.read(path, encoding="utf-8")
        except (configparser.Error, UnicodeDecodeError, AttributeError):
            return None
        return list(leaves({section: dict(parser.items(section, raw=True))
                            for section in (*parser.sections(), "DEFAULT")}))


class Python(Ini):
    name = "ini/python"
    read = Corpus.read


class Php(Ini):
    name = "ini/php"
    known = ("quote without its counterpart",)  # up to the end of the file

    def read(self, paths):
        printed = subprocess.run(
            ["php", "-n", f"{HERE}/../readers/php/ini.php", *paths],
            capture_output=True, check=True).stdout
        return [self.decode(json.loads(line, object_pairs_hook=Pairs))
                for line in printed.splitlines()]

    @staticmethod
    def decode(found):
        return None if found is None else [
            (path, base64.b64decode(value)) for path, value in leaves(found)]


class Grafana(Ini):
    name = "ini/grafana"
    ignores_empty = True
    read = Corpus.read

    def read_one(self, path):
        # Its own defaults: a key is not taken for that of a parent section.
        ran = subprocess.run([os.environ["GRAFANA_READER"], "-defaults", path,
                              "-json", path], capture_output=True)
        return Php.decode(json.loads(ran.stdout)) \
            if ran.returncode == 0 else None


class Mysql(Ini):
    name = "ini/mysql"
    known = ("a value without an option", "a NUL, where MariaDB cuts")
    read = Corpus.read

    def read_one(self, path):
        groups = re.findall(rb"^\s*\[([^]\n]*?)\s*\]", text_of(path), re.M)
        ran = subprocess.run(["my_print_defaults", f"--defaults-file={path}",
                              *(groups or [b"none"])], capture_output=True)
        if ran.returncode != 0:
            return None
        return [line.partition(b"=")[::2] for line in
                ran.stdout.split(b"\n")]


class Systemd(Corpus):
    name = "ini/systemd"
    names = re.compile(r"/systemd/.*\.(service|socket|timer|target|mount|path|"
                       r"slice|automount|network|link|conf)$")
    known = ("systemd leaves the line out",)
    choosy = True

    def read_one(self, path):
        ran = subprocess.run([os.environ["SYSTEMD_READER"], path],
                             capture_output=True)
        if ran.returncode != 0:
            return None
        return [word for line in ran.stdout.splitlines()
                for word in self.words(line)]

    @staticmethod
    def words(line):
        name, *words = line.split(b" =")
        for word in words:
            value = bytes.fromhex(word.decode())
            if name.endswith(b" Environment"):
                variable, _, value = value.partition(b"=")
                yield name + b" " + variable, value
            else:
                yield name, value


class Env(Corpus):
    """As systemd reads it."""

    name = "env/systemd"
    names = re.compile(r"\.env$|/\.env(\.\w+)?$|^/etc/default/[^/]+$|"
                       r"/etc/(environment|os-release|locale\.conf)$|"
                       r"/os-release$|/sysconfig/[^/]+$")

    def read_one(self, path):
        return envs.load_env_file(path)


class Common(Env):
    name = "env"
    known = ("all that readers agree on", "readers differ",
             "a blank behind the =", "a CR, which", "ends in a backslash")


class Compose(Env):
    name = "env/compose"

    def read_one(self, path):
        from dotenv.parser import parse_stream
        try:
            found = list(parse_stream(io.StringIO(text_of(path).decode())))
        except UnicodeDecodeError:
            return None
        # Elsewhere it goes on behind what it does not understand.
        return None if any(one.error for one in found) else [
            (one.key, encoded(one.value)) for one in found if one.key]


class Shell(Env):
    name = "env/sh"
    expands = True
    SCRIPT = "set -a; . \"$1\" >/dev/null 2>&1 && exec /usr/bin/env -0"
    PROGRAM = re.compile(rb"^\s*(if|case|for|while)\b|`", re.M)

    def read_one(self, path):
        if self.PROGRAM.search(text_of(path)):
            return None  # what it sets depends
        ran = subprocess.run(["dash", "-c", self.SCRIPT, "sh", path],
                             env={"PATH": os.environ["PATH"]},
                             stdin=subprocess.DEVNULL, capture_output=True)
        if ran.returncode != 0:
            return None
        return [entry.partition(b"=")[::2]
                for entry in sorted(ran.stdout.split(b"\0"))]


class PhpSource(Corpus):
    """The tokens of PHP itself, literals as the strings that they are."""

    name = "php"
    names = re.compile(r"\.php$")
    retypes = True  # a constant becomes a literal

    def read(self, paths):
        printed = subprocess.run(
            ["php", "-n", "-d", "extension=tokenizer",
             f"{HERE}/tokens.php", *paths],
            capture_output=True, check=True).stdout
        return [None if line == b"null" else [
                    (name, base64.b64decode(value))
                    for name, value in json.loads(line)]
                for line in printed.splitlines()]


class Properties(Corpus):
    name = "properties"
    names = re.compile(r"\.properties$")

    def read(self, paths):
        found = dict.fromkeys(range(len(paths)))
        printed = subprocess.run(["java", "-cp", os.environ["DUMP_CLASSES"],
                                  "Dump", *paths],
                                 capture_output=True, check=True).stdout
        for line in printed.decode().splitlines():
            number, *pair = line.split(" ")
            if found[int(number)] is None:
                found[int(number)] = []
            if pair:
                key, value = map(base64.b64decode, pair)
                found[int(number)].append((key, value))
        return list(found.values())


class Caddyfile(Corpus):
    name = "caddyfile"
    names = re.compile(r"/Caddyfile[^/]*$|\.caddyfile$")
    choosy = True

    def read_one(self, path):
        ran = subprocess.run(["caddy", "adapt", "--adapter", "caddyfile",
                              "--config", path], capture_output=True)
        return [] if ran.returncode == 0 else None


class Nginx(Corpus):
    """nginx reads a configuration with all that it includes, or not at all."""

    name = "nginx"
    names = re.compile(r"/nginx/.*(\.conf|_params|/default|mime\.types|"
                       r"fastcgi\.conf|koi-utf|win-utf)$|/nginx[^/]*\.conf$")

    def read_one(self, path):
        return []


class Redis(Nginx):
    name = "redis"
    names = re.compile(r"/(redis|sentinel)[^/]*\.conf$")


class Text(Nginx):
    name = "text"
    names = re.compile(r"/(motd|issue|hosts|fstab|services|protocols)[^/]*$")


class Xml(Corpus):
    """Elements, attributes and texts as expat has them."""

    name = "xml"
    names = re.compile(r"\.(xml|xsd|svg|ui|policy|xsl)$")
    known = ("a document in this encoding cannot be written",)

    def read_one(self, path):
        handler = Handler()
        parser = xml.sax.make_parser()
        parser.setContentHandler(handler)
        parser.setFeature(xml.sax.handler.feature_external_ges, False)
        try:
            parser.parse(io.BytesIO(text_of(path)))
        except (xml.sax.SAXException, ValueError, OSError):
            return None
        return handler.found


class Handler(xml.sax.handler.ContentHandler):
    """Texts are those of elements with nothing else in them, and what is not
    blank between elements."""

    def __init__(self):
        super().__init__()
        self.found, self.path, self.text, self.leaf = [], [], [], False

    def flush(self, end=False):
        text = "".join(self.text)
        if text.strip() or (end and self.leaf):
            self.found.append((".".join(self.path), encoded(text)))
        self.text = []

    def startElement(self, name, attrs):
        self.flush()
        self.leaf = True
        self.path.append(name)
        self.found += [(".".join([*self.path, key]), encoded(value))
                       for key, value in attrs.items()]

    def endElement(self, name):
        self.flush(True)
        self.leaf = False
        self.path.pop()

    def characters(self, content):
        self.text.append(content)


def is_here(corpus):
    """Is its reader installed?"""
    programs = {"caddyfile": "caddy",
                "ini": "php", "ini/php": "php", "php": "php",
                "ini/mysql": "my_print_defaults", "env/sh": "dash"}
    variables = {"properties": "DUMP_CLASSES",
                 "ini/grafana": "GRAFANA_READER",
                 "ini/systemd": "SYSTEMD_READER"}
    if corpus.name in ("env", "env/systemd"):
        return bool(envs.SYSTEMD)
    if corpus.name == "env/compose":
        return importlib.util.find_spec("dotenv") is not None
    if corpus.name in variables:
        return variables[corpus.name] in os.environ
    return corpus.name not in programs or \
        shutil.which(programs[corpus.name]) is not None


CORPORA = {corpus.name: corpus for corpus in (
    Yaml(), Json(), Toml(), Ini(), Python(), Php(), Grafana(), Mysql(),
    Systemd(), Env(), Common(), Compose(), Shell(), PhpSource(),
    Properties(), Caddyfile(), Nginx(), Redis(), Text(), Xml())}
