# SPDX-License-Identifier: MIT
"""draw_server - random Caddyfiles, nginx.conf, redis.conf, PHP and text."""
from draw_tree import filled

# --- Caddyfile ---

WORDS = ["{}", "{}", '"{}"', "`{}`", "pre-{}-post", '"a {} b"',
         "`a {} b`", '"\\"{}"', '"{} {}"', "{}.x", '"l1\n{}"', "p={}"]
CADDY_PLAIN = ["word", '"two words"', "`a\"b`", "a#b", '"# no"', "é漢",
               "a\\b", '"l1\nl2"', "$x", "50%", "{host}", '"a {host} b"',
               "{$NONE_1:x}"]


def caddy_word(draft, old, share=0.7):
    words = WORDS if draft.chance(share) else CADDY_PLAIN
    text = draft.pick(*words)
    while old and "`" in text:  # Caddy 1 has no back quotes
        text = draft.pick(*words)
    if text in CADDY_PLAIN:
        return text
    return filled(draft, text)


def caddy_line(draft, pad, depth, old):
    kind = draft.rng.randrange(8 if depth < 3 else 5)
    if kind < 3:
        return f"header X-{draft.name()} {caddy_word(draft, old)}"
    if kind == 3 and old:
        return f"gzip {caddy_word(draft, old)} \\\n\t{pad}b"
    if kind == 3:
        return f"respond /{draft.name()} {caddy_word(draft, old)} " + \
            draft.pick("200", "404", "")
    if kind == 4 and old:
        return f"basicauth /{draft.name()} {caddy_word(draft, old)} " + \
            caddy_word(draft, old)
    if kind == 4:
        return f"basicauth /{draft.name()} {{\n{pad}\t{draft.name()} " \
            f"JDJhJDEw\n{pad}}}"
    if kind == 5:
        return "header {\n" + "".join(
            f"{pad}\tX-{draft.name()} {caddy_word(draft, old)}\n"
            for _ in range(draft.rng.randrange(1, 4))) + pad + "}"
    if kind == 6 and not old:
        return f"handle /{draft.name()}/* {{\n" + \
            caddy_lines(draft, pad + "\t", depth + 1, old) + pad + "}"
    return f"header X-{draft.name()} {caddy_word(draft, old, 0.2)}"


def caddy_lines(draft, pad, depth, old):
    lines = ""
    for _ in range(draft.rng.randrange(1, 7)):
        lines += draft.pick("", "", "\n")
        if draft.chance(0.2):
            lines += f"{pad}#{draft.prose('.,;:=()[]<>!?-+')}\n"
        lines += pad + caddy_line(draft, pad, depth, old) + \
            draft.pick("", "", "", " # it's") + "\n"
    return lines


def draw_caddyfile(draft, name):
    old = name.endswith("v1")
    if draft.chance(0.2) and not old:
        draft.text += "{\n\tadmin off\n}\n"
    if draft.chance(0.2) and not old:
        draft.text += "(snip) {\n\theader X-Snip " + \
            caddy_word(draft, old) + "\n}\n"
    for _ in range(draft.rng.randrange(2, 6)):
        draft.text += draft.pick("", "# c\n", "\n") + \
            f"http://{draft.name()}.test {{\n" + \
            caddy_lines(draft, draft.pick("\t", "  "), 0, old) + "}\n"
    return draft.finish(0.1)


# --- nginx ---

NGINX = ["{}", "{}", '"{}"', "'{}'", "pre-{}-post", '"a {} b"', "'a;{}'",
         '"\\"{}\\\\"', "{}-{}", "'{{}'", '"l1\n{}"', "a\\ {}",
         '"$uri {}"', "$uri-{}"]
NGINX_PLAIN = ["word", '"two words"', "'a;b'", "a#b", "$uri", "'it\\'s'",
               "é漢", '"l1\nl2"', "a\\;b", "${uri}x"]


def nginx_location(draft, pad):
    text = filled(draft, draft.pick(*NGINX)) if draft.chance(0.75) else \
        draft.pick(*NGINX_PLAIN)
    name = draft.name()
    lines = [f"return 200 {text};"]
    if draft.chance(0.2):
        lines.insert(0, "add_header X-A 'b;c'; # it's \"so\"")
    if draft.chance(0.2):
        lines.insert(0, "#" + draft.prose())
    if draft.chance(0.2):
        lines.insert(0, "error_page 404\n    /x ;")
    gap = f"\n{pad}    "
    if draft.chance(0.3) and len(lines) == 1:
        return f"{pad}location /{name} {{ {lines[0]} }}\n"
    return f"{pad}location {draft.pick('', '= ')}/{name}" \
        f"{draft.pick(' ', '')}{{{gap}" + gap.join(lines) + f"\n{pad}}}\n"


def draw_nginx(draft, name):
    del name
    for _ in range(draft.rng.randrange(3, 25)):
        if draft.chance(0.2):
            draft.text += "#" + draft.prose() + "\n"
        draft.text += draft.blank_lines() + nginx_location(
            draft, draft.pick("", "\t", "    "))
    return draft.finish()


# --- redis ---

REDIS = ["{}", '"{}"', "'{}'", '"a {} b"', '"\\x41{}\\n"', "pre-{}",
         "'it\\'s {}'", '"{}{}"', "{}-{}"]
STRINGS = ["requirepass", "masterauth", "masteruser", "tls-key-file-pass"]
REDIS_PLAIN = ["appendfsync everysec", 'save 900 1 300 10', "timeout 0",
               "maxmemory 10mb", "hz 10", "notify-keyspace-events 'Ex'",
               "client-output-buffer-limit normal 0 0 0", "LogLevel notice",
               "appendonly no", "syslog-ident 'it is'",
               "lazyfree-lazy-expire yes", "slowlog-max-len 128"]


def draw_redis(draft, name):
    del name
    lines = [f"{draft.pick(key, key.upper())}{draft.pick(' ', '  ', chr(9))}"
             + filled(draft, draft.pick(*REDIS))
             for key in STRINGS[:3] if draft.chance(0.8)]
    lines += draft.rng.sample(REDIS_PLAIN, draft.rng.randrange(6))
    for _ in range(draft.rng.randrange(3, 25)):
        word = draft.pick('">{}"', "'>{}'", ">{}", '"\\x3e{}"')
        lines.append(f"user {draft.name()} on {filled(draft, word)}"
                     + draft.pick("", " ~* +@all", " '~a:*' +get"))
    draft.rng.shuffle(lines)
    for line in lines:
        if draft.chance(0.2):
            draft.text += draft.pick("", "  ") + "#" + draft.prose() + "\n"
        draft.text += draft.blank_lines() + draft.pick("", "", "  ") + \
            line + draft.pick("", "", " ") + "\n"
    return draft.finish(0.1)


# --- PHP ---

PHP = ["'{}'", '"{}"', "'pre-{}-post'", '"a {} b"', "'it\\'s {}'",
       '"\\t{}\\""', "'{}{}'", "'\\\\{}'", '"\\\\{}\\n"', "'l1\n{}'",
       '"l1\n{}"', '"\\$x {}"', "'{} ?>'"]
PHP_PLAIN = ["1", "true", "null", "'it\\'s'", '"a\\tb $c"', "['x', 'y' => 2]",
             "'a' . 'b'", "1 + 2", "<<<EOT\n it's {$d} \"q\"\n EOT",
             "<<<'EOT'\nl1 'x'\nEOT", "'?>'", "E_ALL & ~E_NOTICE"]


def php_value(draft, depth):
    kind = draft.rng.randrange(10)
    if kind < 2:
        return draft.slot("'")
    if kind < 6:
        return filled(draft, draft.pick(*PHP))
    if kind == 6 and depth < 3:
        opened, closed = draft.pick(("[", "]"), ("array(", ")"))
        inner = [f"'{draft.name()}' => {php_value(draft, depth + 1)}"
                 for _ in range(draft.rng.randrange(1, 5))]
        return opened + draft.pick(" ", "\n\t", " /* it's */ ") + \
            ",\n\t".join(inner) + draft.pick("", ",", "\n") + closed
    if kind == 7 and depth == 0:
        return filled(draft, draft.pick("'{}' . \"{}\"", "'a' . '{}'",
                                        '$d . "{}"'))
    return draft.pick(*PHP_PLAIN)


def draw_php(draft, name):
    del name
    draft.text = draft.pick("", "it's <b>\n") + "<?php\n$c = 'c'; $d = 'd';\n"
    for _ in range(draft.rng.randrange(4, 25)):
        draft.text += draft.blank_lines()
        if draft.chance(0.25):
            prose = draft.prose("'\"`\\${}[]()<&|;=:%!@~^+-_.,")
            draft.text += draft.pick("//{}\n", "#!{}\n", "/*{}*/\n",
                                     "/**\n *{}\n */ ").replace("{}", prose)
        key, text = draft.name(), php_value(draft, 0)
        draft.text += draft.pick(
            "define('{k}', {v});\n", 'define( "{k}", {v} );\n',
            "${k} = {v};\n", "${k}['a']['b'] = {v};\n",
            "$cfg['{k}']={v} ;\n", "if (true) {{ ${k} = {v}; }}\n"
        ).replace("{k}", key).replace("{v}", text).replace("{{", "{") \
            .replace("}}", "}")
        if draft.chance(0.05):
            draft.text += "?>\nit's $html <?php\n"
    return draft.finish()


# --- text ---


def draw_text(draft, name):
    del name
    for _ in range(draft.rng.randrange(2, 30)):
        draft.text += draft.slot() if draft.chance(0.5) else draft.pick(
            draft.prose(), "\n", "$$", "$", "é漢", "{", "wq", "@")
    return draft.finish()
