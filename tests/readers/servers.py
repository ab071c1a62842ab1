# SPDX-License-Identifier: MIT
"""servers - readers of server files, for roundtrip.

Each reads many documents with one process: the program that the format is
named after takes them in turn, or under names of their own.
"""
import base64
import concurrent.futures
import hashlib
import os
import re
import socket
import subprocess
import tempfile

import flat

from values import values


def in_folder(documents, command):
    """Each document as a file NUMBER; the output lines of command(folder)."""
    with tempfile.TemporaryDirectory() as folder:
        for number, document in documents.items():
            with open(f"{folder}/{number}", "wb") as out:
                out.write(document)
        argv, text = command(folder)
        ran = subprocess.run(argv, input=text.encode(), capture_output=True)
    return ran.stdout


def decoded(output):
    """Lines "NUMBER BASE64" as {number: bytes}."""
    read = {}
    for line in output.decode("ascii", "replace").splitlines():
        number, _, value = line.partition(" ")
        read[int(number)] = base64.b64decode(value)
    return read


def between(found, before, name, after):
    """What flat has of name; None when a neighbour is not as it was."""
    found = dict(found or {})
    value = found.pop((name,), None)
    return value if found == {(before,): b"x", (after,): b"y"} else None


def formats(base, is_text):
    """The formats of this file, derived from base."""

    class Php(base):
        name = "php"
        key = "B"
        file = "wp-config.php"
        SOURCE = "<?php\n// it's\ndefine('A', 'x');\ndefine('B', %s);\n" \
                 "$c = ['d' => 'y'];\n"
        templates = {
            "bare": SOURCE % "@",
            "single-quoted": SOURCE % "'@'",
            "double-quoted": SOURCE % '"@"',
            "part single-quoted": SOURCE % "'pre-@-post'",
            "part double-quoted": SOURCE % '"pre-@-post"',
            "operand": SOURCE % "'' . @",
            "set": SOURCE % "'xxx'",
        }

        def can(self, position, value):
            return len(value) > 0

        def read(self, documents):
            """Constants are for ever: each document has its own."""
            documents = {n: re.sub(rb"^define\('([AB])'",
                                   rb"define('\g<1>%d'" % n, d, flags=re.M)
                         for n, d in documents.items()}
            script = "<?php foreach (scandir($argv[1]) as $n) { " \
                "if ($n[0] == '.') continue; $c = null; ob_start(); " \
                "include \"$argv[1]/$n\"; ob_end_clean(); " \
                "$b = constant(\"B$n\"); if (is_string($b) && " \
                "constant(\"A$n\") === 'x' && $c === ['d' => 'y']) " \
                "echo $n, ' ', base64_encode($b), \"\\n\"; }"
            return decoded(in_folder(documents, lambda folder: (
                ["php", "-n", "--", folder], script)))

    class Properties(base):
        name = "properties"
        key = "b"
        file = "app.properties"
        templates = {
            "bare": "a=x\nb=@\nc=y\n",
            "blank": "a x\nb @\nc y\n",
            "part": "a=x\nb = pre-@-\\\n    post\nc=y\n",
            "crlf": "a=x\r\nb=@\r\nc=y\r\n",
            "set": "a=x\nb=xxx\nc=y\n",
            "set alone": "a=x\nb\nc=y\n",
            "set commented out": "a=x\n#b=xxx\nc=y\n",
        }

        def can(self, position, value):
            return len(value) > 0 and is_text(value)

        def read(self, documents):
            """By Java, as Latin-1 and as UTF-8, which have to agree."""
            read = flat.Java().read(documents)
            return {n: between(found, b"a", b"b", b"c")
                    for n, found in read.items()}

    class Nginx(base):
        name = "nginx"
        key = "location./NNN.return[1]"
        file = "nginx.conf"
        templates = {
            "bare": "location /NNN { return 200 @; }\n",
            "single-quoted": "location /NNN { return 200 '@'; }\n",
            "double-quoted": "location /NNN { return 200 \"@\"; }\n",
            "part": "location /NNN {\r\n\treturn 200 pre-@-post;\r\n}\r\n",
            "set": "location /NNN { return 200 xxx; }\n",
        }

        def can(self, position, value):
            return 0 < len(value) < 2000 and b"$" not in value and \
                b"\0" not in value

        def read(self, documents):
            """One server has all locations; each is asked for."""
            with tempfile.TemporaryDirectory() as folder:
                os.chmod(folder, 0o755)
                self.configure(folder, documents)
                with subprocess.Popen(
                        ["nginx", "-p", folder, "-c", f"{folder}/conf"],
                        stdout=subprocess.PIPE,
                        stderr=subprocess.PIPE) as nginx:
                    for line in nginx.stderr:
                        if b"start worker processes" in line or \
                                b"using the" in line:
                            break
                    try:
                        return self.ask(f"{folder}/socket", documents)
                    except OSError:
                        return {}  # it did not start
                    finally:
                        nginx.terminate()
                        nginx.stderr.close()

        @staticmethod
        def configure(folder, documents):
            paths = "".join(f"{kind}_temp_path {folder}/{kind};\n"
                            for kind in ("client_body", "proxy", "fastcgi",
                                         "uwsgi", "scgi"))
            with open(f"{folder}/conf", "wb") as conf:
                conf.write(f"daemon off;\nmaster_process off;\n"
                           f"pid {folder}/pid;\nerror_log stderr notice;\n"
                           f"events {{ }}\nhttp {{\naccess_log off;\n{paths}"
                           f"server {{\nlisten unix:{folder}/socket;\n"
                           f"keepalive_requests 100000;\n".encode())
                conf.write(b"".join(documents.values()))
                conf.write(b"location /last { return 200 z; }\n}\n}\n")

        @staticmethod
        def ask(path, documents):
            """The body of each location; nothing unless the last is there."""
            read = {}
            with socket.socket(socket.AF_UNIX) as connection:
                connection.connect(path)
                answers = connection.makefile("rb")
                for name in [*documents, "last"]:
                    where = name if name == "last" else f"{name:03d}"
                    connection.sendall(b"GET /%s HTTP/1.1\r\nHost: a\r\n\r\n"
                                       % where.encode())
                    length = 0
                    while (line := answers.readline()) not in (b"\r\n", b""):
                        if line.lower().startswith(b"content-length:"):
                            length = int(line[15:])
                    read[name] = answers.read(length)
            return read if read.pop("last") == b"z" else {}

    class Redis(base):
        name = "redis"
        key = "requirepass"
        file = "redis.conf"
        HEAD, TAIL = "masteruser u\n", "\nmasterauth z\n"
        templates = {
            "bare": HEAD + "requirepass @" + TAIL,
            "single-quoted": HEAD + "requirepass '@'" + TAIL,
            "double-quoted": HEAD + "requirepass \"@\"" + TAIL,
            "part": HEAD + "requirepass pre-@-post" + TAIL,
            "part single-quoted": HEAD + "requirepass 'pre-@-post'" + TAIL,
            "part double-quoted": HEAD + "requirepass \"pre-@-post\"" + TAIL,
            "argument": HEAD + "user b on >@ ~k" + TAIL,
            "quoted argument": HEAD + "user b on \">@\" ~k" + TAIL,
            "match": HEAD + "requirepass xxx" + TAIL,
            "set": HEAD + "RequirePass 'xxx'" + TAIL,
            "set commented out": HEAD + "# requirepass foobared" + TAIL,
            "set missing": HEAD + TAIL,
            "no final line ending": HEAD + TAIL + "requirepass @",
        }
        templates["crlf"] = templates["bare"].replace("\n", "\r\n")
        # Of users Redis keeps the hashes alone: what they are made of.
        HASHES = {hashlib.sha256(made).hexdigest().encode(): made
                  for _, value in values()
                  for made in (value, value[:-1], value[:-2])}
        # A server that has no files, and a user that may ask all of it.
        OWN = "\nport 0\nsave \"\"\nunixsocket %s\n" \
              "user t on nopass ~* +@all\n"

        def can(self, position, value):
            return len(value) > 0

        def read(self, documents):
            with concurrent.futures.ThreadPoolExecutor(2) as pool:
                return dict(pool.map(self.read_one, documents.items()))

        def read_one(self, item):
            number, document = item
            with tempfile.TemporaryDirectory() as folder:
                with open(f"{folder}/conf", "wb") as conf:
                    conf.write(document)
                    conf.write((self.OWN % f"{folder}/socket").encode())
                with subprocess.Popen(
                        ["redis-server", f"{folder}/conf"], cwd=folder,
                        stdout=subprocess.PIPE) as server:
                    try:
                        for line in server.stdout:
                            if b"Ready to accept" in line or \
                                    b"ready to accept" in line:
                                return number, self.ask(f"{folder}/socket")
                        return number, None  # it did not start
                    finally:
                        server.kill()

        @classmethod
        def ask(cls, path):
            """The password, where its neighbours are as they were."""
            with socket.socket(socket.AF_UNIX) as connection:
                connection.connect(path)
                connection.sendall(
                    b"AUTH t t\r\nCONFIG GET requirepass masteruser "
                    b"masterauth\r\nACL GETUSER b\r\n")
                answers = connection.makefile("rb")
                _, config, user = (cls.answer(answers) for _ in range(3))
            found = dict(zip(*[iter(config)] * 2))
            value = found.pop(b"requirepass")
            if found != {b"masteruser": b"u", b"masterauth": b"z"}:
                return None
            if user is None:
                return value
            user = dict(zip(*[iter(user)] * 2))
            if value or user[b"keys"] != b"~k" or b"on" not in user[b"flags"]:
                return None
            passwords = user[b"passwords"]
            return cls.HASHES.get(passwords[0]) if passwords else None

        @classmethod
        def answer(cls, answers):
            """One answer of Redis, as bytes or a list."""
            line = answers.readline()[:-2]
            kind, rest = line[:1], line[1:]
            if kind == b"*":
                count = int(rest)
                return None if count < 0 else [
                    cls.answer(answers) for _ in range(count)]
            if kind == b"$" and int(rest) >= 0:
                return answers.read(int(rest) + 2)[:-2]
            return None if kind == b"$" else rest

    return [Php(), Properties(), Nginx(), Redis()]
