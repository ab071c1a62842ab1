# SPDX-License-Identifier: MIT
"""draw - random values, and random files with places for them."""
import os
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "hostile"))
from values import values  # noqa: E402

HOSTILE = [value for _, value in values() if len(value) < 6000]
LONG = [value for _, value in values() if len(value) >= 6000]

# What a value is mostly made of, by format; all of them for the others.
MARKS = {
    "ini": "[]=;#\"'`\\%$(){}\r\n\t :",
    "yaml": ":-?[]{},#&*!|>'\"%@`\\\n \t~<=.",
    "json": "\"\\/{}[],:\b\f\n\r\t\x7f",
    "toml": "\"'\\#=[]{},.\n\r\t\x7f",
    "caddyfile": "{}\"`\\#$@*/<() \n\t%",
    "env": "'\"\\$`#=!;&|(){}<>*?~ \t\n\r",
    "properties": "\\=:#! \t\n\r\fu0",
    "nginx": "\"'\\;{}#$ \t\n\r",
    "php": "'\"\\$?><{}/*#\n\r",
    "redis": "\"'\\x# \t\n\r\ab",
    "xml": "<>&'\"]!?-[;#/= \t\n\r",
    "text": "${}@_%\r\n",
}
WORDS = ["true", "no", "null", "~", "0x1F", "1e3", "012", "import", "xxx",
         "${HOME}", "$HOME", "${", "%(k)s", "%%", "{$X}", "{env.X}", "$__",
         "'''", '"""', "]]>", "<![CDATA[", "&amp;", "?>", "/*", "*/", "//",
         "\\n", "\\u0041", "\\x41", "\\", "\\\\", ": ", " #", "- ", "EOF",
         "$(id)", "`id`", "<<", "---", "...", "=\"", "kpabcdef00000000z",
         "${secret:s1}", "\r\n", "\n\n", "\n ", "\n\t"]


def text_character(rng):
    """Any character of Unicode, the odd ones more often than others."""
    kind = rng.randrange(6)
    if kind == 0:
        return rng.choice("\u0085\u00a0\u2028\u2029\ufeff\u00ad\u200b\u3000"
                          "\ufffd\ufffe\uffff\U0001fffe\U0010ffff\ufdd0")
    if kind == 1:
        return chr(rng.randrange(0x80, 0x100))
    if kind == 2:
        return chr(rng.randrange(0x10000, 0x110000))
    code = rng.randrange(0xa0, 0xf800)
    return chr(code - 0x800 if 0xd800 <= code < 0xe000 else code)


def stretch(rng, marks, around):
    """A few bytes of one kind."""
    kind = rng.randrange(12)
    if kind < 4:
        return "".join(rng.choices(marks, k=rng.randrange(1, 5))).encode()
    if kind < 6:
        return "".join(rng.choices("abcxyz01.-_/", k=rng.randrange(1, 9))
                       ).encode()
    if kind == 6:
        return rng.choice(WORDS).encode()
    if kind == 7:
        return text_character(rng).encode()
    if kind == 8 and around:  # what stands in the file itself
        start = rng.randrange(len(around))
        return around[start:start + rng.randrange(1, 60)]
    if kind == 9:
        return bytes([rng.randrange(0x20, 0x7f)])
    if kind == 10 and rng.random() < 0.3:
        return bytes([rng.randrange(0x01, 0x100)])
    if kind == 11 and rng.random() < 0.1:
        return rng.choice([b"\0", b"\xff", b"\xc3", b"\xed\xa0\x80", b"\1"])
    return rng.choice(["a", " ", "\t", "-"]).encode()


def value(rng, family, around):
    """One random value; around is the file that it will stand in."""
    kind = rng.random()
    if kind < 0.12:
        return rng.choice(HOSTILE)
    marks = MARKS.get(family) or "".join(MARKS.values())
    drawn = b"".join(stretch(rng, marks, around)
                     for _ in range(rng.choice([1, 1, 2, 2, 3, 4, 6, 12])))
    if kind < 0.16:
        drawn = drawn + rng.choice(HOSTILE)
    elif kind < 0.17:
        drawn = drawn * rng.randrange(2, 400)
    elif kind < 0.1705:
        drawn = drawn + rng.choice(LONG)
    return drawn


class Draft:
    """A file as it grows.  A place for value n stands in the text as NUL, n,
    NUL; there the template gets a placeholder, and the harmless file a word
    that every reader takes for a string, in quotes where it needs them."""

    MARKER = re.compile("\0(\\d+)\0")
    WORD = re.compile(rb"wq(\d+)x")

    def __init__(self, rng):
        self.rng = rng
        self.text = ""
        self.quoted = []  # of each place: its quotes in the harmless file
        self.names = 0

    def chance(self, share):
        return self.rng.random() < share

    def pick(self, *choices):
        return self.rng.choice(choices)

    def slot(self, quotes=""):
        self.quoted.append(quotes)
        return f"\0{len(self.quoted) - 1}\0"

    def name(self):
        """A name that no other key has."""
        self.names += 1
        letters = self.rng.choices("abcdefghijklmnoprstuvyz", k=3)
        return "".join(letters) + str(self.names)

    def prose(self, marks="'\"`\\${}[]()<>&|;#=:%!?*@~^+-_.,/ "):
        """Text for a comment: anything, and now and then a placeholder."""
        words = self.rng.choices(
            ["the", "key", "it's", "a", "b", "1"] + list(marks),
            k=self.rng.randrange(8))
        if self.chance(0.1):
            words.append(self.slot())
        return self.pick("", " ").join(words)

    def blank_lines(self):
        return self.pick("", "", "", "\n", "\n\n", " \n")

    def finish(self, share_crlf=0.15):
        # "$" before a placeholder would make it a literal one.
        self.text = re.sub("\\$+\0", "\0", self.text)
        if self.text.endswith("\n") and self.chance(0.1):
            self.text = self.text[:-1]
        if self.chance(share_crlf):
            self.text = self.text.replace("\n", "\r\n")
        return self

    def word(self, match):
        quotes = self.quoted[int(match[1])]
        return f"{quotes}wq{match[1]}x{quotes}"

    def template(self, without=()):
        """With placeholders, but for the places without."""
        def placeholder(match):
            if int(match[1]) in without:
                return self.word(match)
            return f"${{secret:s{match[1]}}}"

        text = self.text.replace("${", "$${")
        return self.MARKER.sub(placeholder, text).encode()

    def harmless(self):
        return self.MARKER.sub(self.word, self.text).encode()
