# SPDX-License-Identifier: MIT
"""markup - readers of XML, for roundtrip.

Four parsers that share no code: expat in Python, libxml2 in xmllint, the one
of Java, and that of Go in the program that XML_READER names; those that are
missing are not asked.  Each gives a document as {path: text}, all have to
agree, and nothing but the value may differ from the template.
"""
import base64
import os
import re
import shutil
import subprocess
import tempfile
import xml.etree.ElementTree

HERE = os.path.dirname(os.path.abspath(__file__))


def flat(element, path="", found=None):
    """{path: text} of an element: its attributes, its own text, its content."""
    found = {} if found is None else found
    path += "/" + element.tag
    for name, value in element.attrib.items():
        found[path + "@" + name] = value.encode()
    texts = [element.text, *(child.tail for child in element)]
    found[path] = "".join(text or "" for text in texts).encode()
    for child in element:
        flat(child, path, found)
    return found


def parse(document):
    try:
        return flat(xml.etree.ElementTree.fromstring(document))
    except xml.etree.ElementTree.ParseError:
        return {}


def by_libxml2(folder, numbers):
    """Of the canonical form, in which all that is raw text is as it was."""
    ran = subprocess.run(["xmllint", "--c14n", *numbers], cwd=folder,
                         capture_output=True)
    read = {}
    for document in re.findall(rb"<root.*?</root>", ran.stdout, re.S):
        found = parse(document)
        read[int(found["/root@n"])] = found
    return read


def by_program(command):
    """Of lines "NUMBER PATH BASE64"."""
    def read_all(folder, numbers):
        ran = subprocess.run(command + numbers, cwd=folder,
                             capture_output=True)
        read = {}
        for line in ran.stdout.decode().splitlines():
            number, path, text = line.split(" ")
            read.setdefault(int(number), {})[path] = base64.b64decode(text)
        return read
    return read_all


def readers():
    if shutil.which("xmllint"):
        yield by_libxml2
    if shutil.which("java"):
        yield by_program(["java", f"{HERE}/markup/Read.java"])
    if "XML_READER" in os.environ:
        yield by_program([os.environ["XML_READER"]])


def formats(base, is_text):
    """The formats of this file, derived from base."""

    class Xml(base):
        name = "xml"
        file = "server.xml"
        TEXT = '<?xml version="1.0" encoding="UTF-8"?>\n' \
               "<!-- it's \"a\" <comment> & -->\n" \
               '<root n="NNN">\n  <before k="x &quot;">b</before>\n' \
               "  <v>%s</v>\n  <after>a</after>\n  <?last it's?>\n</root>\n"
        ATTRIBUTE = TEXT.replace("<v>%s</v>", '<v\n     a="%s" z=\'y\'/>')
        LATIN = TEXT.replace("UTF-8", "ISO-8859-1")
        templates = {
            "text": TEXT % "@",
            "part": TEXT % "pre-@-post",
            "lines": TEXT % "\n    @\n  ",
            "beside markup": TEXT % "p&#233;<!-- c -->@<w/><?i?>",
            "double-quoted": ATTRIBUTE % "@",
            "single-quoted": ATTRIBUTE.replace('"%s"', "'%s'") % "@",
            "part of an attribute": ATTRIBUTE % "&#9;pre-@-post'",
            "cdata": TEXT % "<![CDATA[@]]>",
            "part of cdata": TEXT % "\n   <![CDATA[pre]-@-post]]>\n  ",
            "beside cdata": TEXT % "@<![CDATA[x&y]]>",
            "set": TEXT % "xxx",
            "set empty": TEXT % "",
            "set empty tag": TEXT.replace("<v>%s</v>", "<v />"),
            "set cdata": TEXT % "\n   <![CDATA[xxx]]>\n",
            "set attribute": ATTRIBUTE % "xxx",
            "set missing": TEXT.replace("  <v>%s</v>\n", ""),
            "set commented out": TEXT.replace("<v>%s</v>",
                                              "<!-- <v>xxx</v> -->"),
            "set missing attribute": TEXT.replace("<v>%s</v>", "<v z='y'/>"),
            "match": TEXT % "\n    xxx\n  ",
            "latin-1": LATIN % "@",
            "latin-1 cdata": LATIN % "<![CDATA[@]]>",
            "latin-1 attribute": ATTRIBUTE.replace("UTF-8", "iso-8859-1")
                                 % "@",
            "doctype": (TEXT % "@").replace(
                "<root", "<!DOCTYPE root [\n  <!-- ]> ' -->\n"
                "  <!ENTITY e \"]>\">\n]>\n<root", 1),
            "doctype attribute": (ATTRIBUTE % "@").replace(
                "<root", "<!DOCTYPE root [<!ATTLIST v a NMTOKENS #IMPLIED>]>"
                "\n<root", 1),
            "no declaration": "\ufeff" + TEXT[TEXT.index("<!--"):] % "@",
        }
        templates["crlf lines"] = templates["lines"].replace("\n", "\r\n")
        templates["crlf cdata"] = templates["part of cdata"].replace(
            "\n", "\r\n")
        AROUND = {
            "lines": (b"\n    ", b"\n  "),
            "crlf lines": (b"\n    ", b"\n  "),
            "beside markup": ("p\u00e9".encode(), b""),
            "part": (b"pre-", b"-post"),
            "part of an attribute": (b"\tpre-", b"-post'"),
            "part of cdata": (b"\n   pre]-", b"-post\n  "),
            "crlf cdata": (b"\n   pre]-", b"-post\n  "),
            "beside cdata": (b"", b"x&y"),
            "match": (b"\n    ", b"\n  "),
        }
        # Production [2] of XML 1.0.
        CHARS = re.compile("[\t\n\r -\ud7ff\ue000-\ufffd"
                           "\U00010000-\U0010ffff]*")

        def template(self, position, number):
            self.position = position
            self.key = "root.v@a" if self.is_attribute() else "root.v"
            return super().template(position, number)

        def is_attribute(self):
            return re.search("attribute|quoted", self.position) is not None

        def around(self, position):
            return self.AROUND.get(position, (b"", b""))

        def can(self, position, value):
            if position == "doctype attribute" and (
                    b" " in (value[:1], value[-1:]) or b"  " in value):
                return False
            return len(value) > 0 and is_text(value) and \
                self.CHARS.fullmatch(value.decode()) is not None

        def read(self, documents):
            answers = [{n: parse(d) for n, d in documents.items()}]
            numbers = [str(number) for number in documents]
            with tempfile.TemporaryDirectory() as folder:
                for number, document in documents.items():
                    with open(f"{folder}/{number}", "wb") as out:
                        out.write(document)
                for reader in readers():
                    answers.append(reader(folder, numbers))
            return {number: self.value_of(
                        number, [a.get(number, {}) for a in answers])
                    for number in documents}

        def value_of(self, number, answers):
            """The value; None when readers or neighbours differ."""
            found = dict(answers[0])
            rest = {"/root/before": b"b", "/root/before@k": b'x "',
                    "/root/after": b"a", "/root@n": b"%03d" % number}
            if self.is_attribute():
                rest.update({"/root/v": b"", "/root/v@z": b"y"})
            elif self.position == "beside markup":
                rest["/root/v/w"] = b""
            value = found.pop("/root/v@a" if self.is_attribute() else
                              "/root/v", None)
            layout = found.pop("/root", b"none").strip(b" \n")
            intact = found == rest and not layout and \
                all(answer == answers[0] for answer in answers)
            return value if intact else None

    return [Xml()]
