# SPDX-License-Identifier: MIT
"""surroundings - which random file each format has."""
import draw_env
import draw_ini
import draw_server
import draw_tree

DRAW = {
    "yaml": draw_tree.draw_yaml,
    "json": draw_tree.draw_json,
    "toml": draw_tree.draw_toml,
    "xml": draw_tree.draw_xml,
    "caddyfile": draw_server.draw_caddyfile,
    "caddyfile/v1": draw_server.draw_caddyfile,
    "nginx": draw_server.draw_nginx,
    "redis": draw_server.draw_redis,
    "php": draw_server.draw_php,
    "properties": draw_env.draw_properties,
    "text": draw_server.draw_text,
}
DRAW.update(dict.fromkeys(draw_ini.DIALECTS, draw_ini.draw))
DRAW.update(dict.fromkeys(draw_env.DIALECTS, draw_env.draw))
