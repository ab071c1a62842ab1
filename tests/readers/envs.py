# SPDX-License-Identifier: MIT
"""envs - readers of env files, for roundtrip.

Each document sets A, B and C; a reader gives the three of every document.
What a reader does not give back, or with other neighbours, is None.
"""
import ctypes
import glob
import importlib.util
import io
import re
import shutil
import subprocess
import tempfile

from servers import decoded, in_folder

NEIGHBOURS = (b"x", b"y")
SYSTEMD = glob.glob("/usr/lib/*/systemd/libsystemd-shared-252.so")

# Each prints "NUMBER BASE64" where A and C are as they were.
NODE = """
const fs = require('fs'), util = require('util'), folder = process.argv[2];
for (const name of fs.readdirSync(folder)) {
  const found = util.parseEnv(fs.readFileSync(`${folder}/${name}`, 'utf8'));
  if (found.A === 'x' && found.C === 'y' && found.B !== undefined)
    console.log(name, Buffer.from(found.B).toString('base64'));
}
"""
RUBY = """
Dir.each_child(ARGV[0]) do |name|
  found = Dotenv::Parser.call(File.read("#{ARGV[0]}/#{name}")) rescue next
  puts "#{name} #{[found['B']].pack('m0')}" if
    found['A'] == 'x' && found['C'] == 'y' && found.key?('B')
end
"""
PHP = """<?php
require 'Dotenv/autoload.php';
foreach (array_diff(scandir($argv[1]), ['.', '..']) as $name) {
  try {
    $found = Dotenv\\Dotenv::parse(file_get_contents("$argv[1]/$name"));
  } catch (Exception $e) {
    continue;
  }
  if ($found['A'] === 'x' && $found['C'] === 'y' && isset($found['B']))
    echo $name, ' ', base64_encode($found['B']), "\\n";
}
"""


def value_of(found):
    """B of a mapping, where it and its neighbours are all there is."""
    if (found.pop(b"A", None), found.pop(b"C", None)) != NEIGHBOURS:
        return None
    value = found.pop(b"B", None)
    return None if found else value


def by_shell(*shell):
    """A reader that sources the documents, each after the other."""
    script = "for n in \"$1\"/*; do A= B= C=; . \"$n\"; " \
        "printf '%s\\0' \"${n##*/}\" \"$A\" \"$B\" \"$C\"; done\n"

    def read(documents):
        output = in_folder(documents, lambda folder: (
            [*shell, "-s", folder], script))
        found = output.split(b"\0")[:-1]
        return {int(n): b for n, a, b, c in zip(*[iter(found)] * 4)
                if (a, c) == NEIGHBOURS}
    return read


def by_program(*command):
    """A program that gets a folder, the script on its standard input."""
    *argv, script = command

    def read(documents):
        return decoded(in_folder(documents, lambda folder: (
            [*argv, folder], script)))
    return read


def load_env_file(path):
    """The NAME=VALUE that systemd's own function reads, of its private
    library; None where it refuses the file."""
    library = ctypes.CDLL(SYSTEMD[0])
    entries = ctypes.POINTER(ctypes.c_char_p)()
    if library.load_env_file(None, path.encode(), ctypes.byref(entries)) < 0:
        return None
    found = list(iter(iter(entries).__next__, None)) if entries else []
    library.strv_free(entries)
    return [entry.partition(b"=")[::2] for entry in found]


def by_systemd(documents):
    """B by that function."""
    read = {}
    with tempfile.NamedTemporaryFile() as file:
        for number, document in documents.items():
            file.seek(0)
            file.truncate()
            file.write(document)
            file.flush()
            found = load_env_file(file.name)
            if found is not None:
                read[number] = value_of(dict(found))
    return read


def by_dotenv(document, **how):
    """What python-dotenv reads in one document."""
    import dotenv
    found = dotenv.dotenv_values(stream=document, **how)
    return value_of({name.encode(): value.encode()
                     for name, value in found.items() if value is not None})


def by_python(documents):
    """A file is opened as text, which knows three line ends."""
    return {number: by_dotenv(io.TextIOWrapper(io.BytesIO(document), "utf-8"))
            for number, document in documents.items()}


def by_compose(documents):
    """
    The parser that compose v1 has of python-dotenv, less what compose v2
    changed: "$" in single quotes is text, and "\\$" in double ones is "$".
    """
    read = {}
    for number, document in documents.items():
        value = by_dotenv(io.StringIO(document.decode(), newline=""),
                          interpolate=False)
        if value is not None and b'B="' in document:
            value = value.replace(b"\\$", b"$")
        read[number] = value
    return read


def readers():
    """The readers of env files that are here."""
    found = {"systemd": by_systemd} if SYSTEMD else {}
    if importlib.util.find_spec("dotenv"):
        found["python-dotenv"] = by_python
    for probe, reader in (
            (["dash", "-c", ":"], by_shell("dash")),
            (["bash", "-c", ":"], by_shell("bash", "--norc")),
            (["zsh", "-c", ":"], by_shell("zsh", "-f")),
            (["node", "-e", "require('util').parseEnv('A=b')"],
             by_program("node", "-", NODE)),
            (["ruby", "-rdotenv", "-e", "1"],
             by_program("ruby", "-rdotenv", "-", RUBY)),
            (["php", "-r", "require 'Dotenv/autoload.php';"],
             by_program("php", "--", PHP))):
        if shutil.which(probe[0]) and subprocess.run(
                probe, capture_output=True).returncode == 0:
            found[probe[0]] = reader
    return found


def formats(base, is_text):
    """The formats of this file, derived from base."""

    class Env(base):
        name = "env"
        key = "B"
        file = "service.env"
        templates = {
            "bare": "A=x\nB=@\nC=y\n",
            "single-quoted": "A=x\nB='@'\nC=y\n",
            "double-quoted": "A=x\nB=\"@\"\nC=y\n",
            "part": "A=x\nB=pre-@-post\nC=y\n",
            "part single-quoted": "A=x\nB='pre-@-post'\nC=y\n",
            "part double-quoted": "A=x\nB=\"pre-@-post\"\nC=y\n",
            "match": "A=x\nB=xxx\nC=y\n",
            "set": "A=x\nB=xxx\nC=y\n",
            "set quoted": "A=x\nB=\"it is xxx\"\nC=y\n",
            "set commented out": "A=x\n#B=xxx\nC=y\n",
            "set missing": "A=x\nC=y\n",
            "no final line ending": "A=x\nC=y\nB=@",
        }

        def can(self, position, value):
            """The subset that is portable, and phpdotenv's multi-line mode
            is not."""
            return re.fullmatch(rb"[ -~]+", value) is not None and \
                re.search(rb"['\\$`]|=\"", value) is None

        def read(self, documents):
            """By all readers that are here, which have to agree."""
            read = None
            for name, reader in readers().items():
                found = reader(documents)
                for number in documents:
                    if read is not None and \
                            found.get(number) != read.get(number):
                        print(f"{name} disagrees on {number}")
                        found[number] = None
                read = found
            return read or {}

    class Shell(Env):
        name = "env/sh"
        templates = {
            "bare": "A=x\nB=@\nC=y\n",
            "export": "A=x; export B=@ C=y # c\n",
            "single-quoted": "A=x\nB='@'\nC=y\n",
            "double-quoted": "A=x\nB=\"@\"\nC=y\n",
            "part": "A=x\nB=pre-@-post\nC=y\n",
            "part double-quoted": "A=x\nB=\"pre-@-post\"\nC=y\n",
            "set": "A=x\nB=xxx\nC=y\n",
            "set commented out": "A=x\n#B=xxx\nC=y\n",
            "no final line ending": "A=x\nC=y\nB=@",
        }

        def can(self, position, value):
            return len(value) > 0 and b"\0" not in value

        def read(self, documents):
            return by_shell("dash")(documents)

    class Systemd(Env):
        name = "env/systemd"
        templates = dict(Env.templates)
        templates["joined"] = "A=x\nB=\"pre-\"@\nC=y\n"
        templates["over lines"] = "A=x\nB=pre-\\\n@-post\nC=y\n"
        templates["crlf"] = templates["bare"].replace("\n", "\r\n")

        def around(self, position):
            return {"joined": (b"pre-", b""),
                    "over lines": (b"pre-", b"-post")}.get(
                        position, super().around(position))

        def can(self, position, value):
            return len(value) > 0 and is_text(value) and \
                b"\0" not in value and not any(
                    0xfdd0 <= ord(c) <= 0xfdef or ord(c) & 0xfffe == 0xfffe
                    for c in value.decode())

        def read(self, documents):
            return by_systemd(documents)

    class Compose(Env):
        name = "env/compose"
        templates = dict(Env.templates)
        templates["export"] = "A=x\nexport B=@ # c\nC=y\n"

        def can(self, position, value):
            return len(value) > 0 and is_text(value) and b"\0" not in value

        def read(self, documents):
            return by_compose(documents)

    return [Env(), Shell(), Systemd(), Compose()]
