# SPDX-License-Identifier: MIT
"""models - two readers that Debian does not have, as their rules are.

compose(): an env file as Docker Compose 2 has it.
caddy1(): the words of a Caddyfile as Caddy 0.10 to 1 has them.
Each takes bytes and gives what is read, or None where the reader refuses.
"""
import re

ESCAPES = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t",
           "v": "\v", "\\": "\\", '"': '"', "$": "$$"}
VARIABLE = re.compile(r"\$(?:(\$)|([A-Za-z_]\w*)|\{([A-Za-z_]\w*)"
                      r"(?:(:?[-?+])([^}]*))?\}|)", re.ASCII)


class Refused(Exception):
    """The reader does not take this text."""


# --- Docker Compose 2 ---


def expand(text, known):
    """Variables replaced by those above in the file; none from outside."""
    def replace(match):
        dollar, plain, braced, operator, word = match.groups()
        if dollar:
            return "$"
        name = plain or braced
        if not name:
            raise Refused
        value = known.get(name)
        if operator is None:
            return value or ""
        there = bool(value) if operator[0] == ":" else value is not None
        if operator[-1] == "-":
            return value if there else word
        if operator[-1] == "+":
            return word if there else ""
        if not there:
            raise Refused
        return value

    return VARIABLE.sub(replace, text)


def compose_bare(text, at, known):
    line = text[at:].split("\n", 1)[0]
    value = line.split(" #", 1)[0].rstrip()
    return expand(value, known), at + len(line)


def compose_quoted(text, at, known):
    quote, value, start = text[at], "", at
    at += 1
    while at < len(text) and text[at] != quote:
        if text[at] == "\\" and at + 1 < len(text):
            # Of the quote the backslash goes now, of others it stays.
            value += text[at + 1] if text[at + 1] == quote and \
                quote == "'" else text[at:at + 2]
            at += 2
        else:
            value += text[at]
            at += 1
    if at >= len(text):
        raise Refused
    if quote == '"':
        value = expand(re.sub(r'\\([abfnrtv\\"$])',
                              lambda m: ESCAPES[m[1]], value), known)
    rest = text[at + 1:].split("\n", 1)[0]
    # What versions read differently no file of ours may have.
    if rest.strip() and not rest.lstrip().startswith("#"):
        raise Refused(start)
    return value, at + 1 + len(rest)


def compose(raw):
    known = {}
    try:
        text, at = raw.decode(), 0
    except UnicodeDecodeError:
        return None
    entry = re.compile(r"(?:export[ \t]+)?([\w.-]+)[^\S\n]*(?:[=:][^\S\n]*|"
                       r"(?=\n|\Z)())", re.ASCII)
    try:
        while at < len(text):
            if text[at].isspace():
                at += 1
                continue
            if text[at] == "#":
                at += len(text[at:].split("\n", 1)[0])
                continue
            match = entry.match(text, at)
            if match is None or "\0" in text:
                return None
            at = match.end()
            if match[2] is not None:
                continue  # a name alone: from outside, where it is not
            quoted = text[at:at + 1] in ("'", '"') and at < len(text)
            known[match[1]], at = \
                (compose_quoted if quoted else compose_bare)(text, at, known)
    except Refused:
        return None
    return known


# --- Caddy 1 ---


def caddy1_words(text):
    """Words, each with the line that it is on."""
    words, at, line = [], 0, 0
    while at < len(text):
        char = text[at]
        if char.isspace():
            line += char == "\n"
            at += 1
        elif char == "#":
            at = (text + "\n").index("\n", at)
        elif char == '"':
            word, at, first = "", at + 1, line
            while at < len(text) and text[at] != '"':
                if text[at:at + 2] == '\\"':
                    at += 1
                elif text[at:at + 2] == "\\\\":
                    word += "\\"  # a pair stays two, and stays together
                    at += 1
                line += text[at] == "\n"
                word += text[at]
                at += 1
            if at >= len(text):
                raise Refused
            words.append((word, first))
            at += 1
        else:
            word = ""
            while at < len(text) and not text[at].isspace():
                if text[at] == "#":
                    while at < len(text) and not text[at].isspace():
                        at += 1
                    break
                word += text[at]
                at += 1
                while text[at:at + 1] == "\r":
                    at += 1  # it is not even a blank
            words.append((word, line))
    return words


def caddy1(raw):
    try:
        text = raw.decode().removeprefix("\ufeff")
        words = caddy1_words(text)
    except (UnicodeDecodeError, Refused):
        return None
    found, before, depth = [], None, 0
    for word, line in words:
        depth += {"{": 1, "}": -1}.get(word, 0)
        word = re.sub(r"\{[$%][^}]*\}", "", word)
        # A brace alone is structure, whatever its quotes.
        found.append([word if word not in "{}" or not word else
                      ("brace", word), line != before])
        before = line + word.count("\n")
    if depth != 0:
        return None
    return found
