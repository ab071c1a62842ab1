# SPDX-License-Identifier: MIT
"""draw_ini - random INI files in each dialect."""


class Dialect:
    """What may stand in a file of one reader."""

    separators = ("=", " = ", " =", "= ")
    indents = ("",)
    comment_signs = (";", "#")
    comment_marks = "'\"`\\${}[]()<>&|;#=:%!?*@~^+-_.,/ "
    behind = ()  # what may stand behind a value
    crlf = 0.15
    quotes = ()
    #: text of a value that holds no place
    plain = ("word", "two words", "12", "true", "a.b/c:d", "é漢", "")
    section_extras = ("",)

    parts = ("pre-{}-post", "{}.d", "x/{}", "a{}b", "{}-{}", "tcp(h:1)/{}")


    def place(self, draft):
        """A value with one place or more."""
        kind = draft.rng.randrange(4)
        if kind == 0:
            text = draft.pick(*self.parts)
            while "{}" in text:
                text = text.replace("{}", draft.slot(), 1)
            return text + self.tail(draft)
        if kind == 1 and self.quotes:
            quote = draft.pick(*self.quotes)
            return quote + draft.slot() + quote + self.tail(draft)
        if kind == 2 and self.quotes:
            quote = draft.pick(*self.quotes)
            return quote + draft.pick("a b {}", "{};x", "{}#", "p={}") \
                .replace("{}", draft.slot()) + quote
        return draft.slot() + self.tail(draft)

    def tail(self, draft):
        return draft.pick(*self.behind) if self.behind and \
            draft.chance(0.2) else draft.pick("", "", "", " ")

    def neighbour(self, draft):
        return draft.pick(*self.plain) + self.tail(draft)

    def line(self, draft, names):
        del names
        filled = draft.chance(0.6)
        return draft.pick(*self.indents) + draft.name() + \
            draft.pick(*self.separators) + \
            (self.place(draft) if filled else self.neighbour(draft))

    def comment(self, draft):
        sign = draft.pick(*self.comment_signs)
        if draft.chance(0.2):
            return f"{sign}{draft.name()} = old"
        return sign + draft.prose(self.comment_marks)

    def header(self, draft):
        return f"[{draft.pick('', 'a.', 'A-')}{draft.name()}]" + \
            draft.pick(*self.section_extras)


class Grafana(Dialect):
    separators = ("=", " = ", " =", "= ", ": ", ":", "\t=\t")
    indents = ("", "", "  ", "\t")
    behind = (" ; c", " # it's", "\t;c")
    quotes = ("'", '"', "`", '"""')
    plain = Dialect.plain + (
        "`a#b`", '"""a;b"""', "'q'", '"q"', "`l1\nl2`", '"""l1\nl2\n[x]"""',
        "%(nothing)s", "a\\b", "$HOME", "$__env{NOTHING_HERE}", "50%",
        "a \\\n  b")


class Mysql(Dialect):
    indents = ("", "", " ", "\t")
    quotes = ("'", '"')
    plain = ("word", "two words", "12", "'q'", '"q"', "a\\\\b", "a\\sb",
             "'a#b'", "C:\\\\x", "", "a;b")
    section_extras = ("", " ")


class Php(Dialect):
    parts = Dialect.parts[:5]
    comment_signs = (";",)
    indents = ("", "", "  ")
    behind = (" ; c", " ; it's \"so\"", ";c")
    quotes = ("'", '"')
    plain = ("word", "two words", "12", "on", "'a;b'", '"a\\\\b"', '"$x"',
             "'l1\nl2'", "null", "1.5", "E_ALL & ~E_NOTICE", "'a'\"b\"", "",
             "${NOTHING_HERE}")

    def line(self, draft, names):
        line = super().line(draft, names)
        if draft.chance(0.1):
            name, rest = line.split("=", 1)
            name = name.strip() + draft.pick("[]", "[a]", "[0]")
            return f"{name}={rest}"
        return line


class Python(Dialect):
    separators = ("=", " = ", ": ", ":", " =")
    plain = ("word", "two words", "12", "%%", "a;b#c", "'q'", "l1\n  l2",
             "l1\n\tl2\n\n  l3", "", "\n  l1", "a = b", "`x`", "é漢")

    def place(self, draft):
        if draft.chance(0.15):
            return draft.pick("\n  {}", "l1\n  {}", "{}\n\tl2", "{}\n  l2\n"
                              "  l3", "50%% {}", "a\n  ; c\n  {}").replace(
                                  "{}", draft.slot())
        return super().place(draft)


class Systemd(Dialect):
    separators = ("=", " = ", "=", "=")
    plain = ("word", "two words", "12", "é漢", "a \\\n  b", "a;b", "'q'",
             "%%h", "")
    quotes = ('"', "'")
    section_extras = ("",)
    COMMANDS = ("/bin/x {} b", "/bin/x \"a {}\" 'c d'", "/bin/x '{}'",
                "-/bin/x --p={} ; /bin/y {}", ":/bin/x {} $A",
                "/bin/x a \\\n  {} \\\n  b", "/bin/x ${A} a${A} %%i {}")
    VARIABLES = ("A=b B={}", '"A={}" C=d', "'A={}'", "A=a\\x20{} B=c",
                 'A="{} x"')

    def line(self, draft, names):
        kind = draft.rng.randrange(5)
        if kind == 0:
            name, text = draft.pick("ExecStart", "ExecReload", "ExecStartPre"
                                    ), draft.pick(*self.COMMANDS)
        elif kind == 1:
            name, text = "Environment", draft.pick(*self.VARIABLES)
        elif kind == 2:
            name, text = "Description", draft.pick(
                "{}", "a {} b", "%%h {}", "it's {}", "{} {}")
        else:
            return "K" + super().line(draft, names)
        while "{}" in text:
            text = text.replace("{}", draft.slot(), 1)
        return name + draft.pick(*self.separators) + text

    def header(self, draft):
        return f"[{draft.pick('Service', 'X-', 'Unit')}{draft.name()}]"


class Common(Dialect):
    parts = Dialect.parts[:5]
    crlf = 0.05
    comment_signs = (";",)
    comment_marks = "'.,-+/@!?: "
    plain = ("word", "two words", "12", "a.b/c", "1.5")
    separators = ("=", " = ", "=")

    def tail(self, draft):
        return ""


DIALECTS = {"ini": Common(), "ini/grafana": Grafana(), "ini/mysql": Mysql(),
            "ini/php": Php(), "ini/python": Python(),
            "ini/systemd": Systemd()}


def draw(draft, name):
    dialect = DIALECTS[name]
    for _ in range(draft.rng.randrange(1, 5)):
        draft.text += dialect.header(draft) + "\n"
        for _ in range(draft.rng.randrange(1, 14)):
            draft.text += draft.blank_lines() if name != "ini/python" \
                else draft.pick("", "", "\n")
            if draft.chance(0.2):
                draft.text += dialect.comment(draft) + "\n"
            draft.text += dialect.line(draft, draft.names) + "\n"
    return draft.finish(dialect.crlf)
