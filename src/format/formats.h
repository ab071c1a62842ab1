/* SPDX-License-Identifier: MIT */
/* formats - the dialects, one source file each or one per family. */
#ifndef KP_FORMAT_FORMATS_H
#define KP_FORMAT_FORMATS_H

#include "format/format.h"

extern const struct kp_format kp_format_caddyfile;
extern const struct kp_format kp_format_caddyfile_v1;
extern const struct kp_format kp_format_env;
extern const struct kp_format kp_format_env_compose;
extern const struct kp_format kp_format_env_sh;
extern const struct kp_format kp_format_env_systemd;
extern const struct kp_format kp_format_ini;
extern const struct kp_format kp_format_ini_grafana;
extern const struct kp_format kp_format_ini_mysql;
extern const struct kp_format kp_format_ini_php;
extern const struct kp_format kp_format_ini_python;
extern const struct kp_format kp_format_ini_systemd;
extern const struct kp_format kp_format_json;
extern const struct kp_format kp_format_nginx;
extern const struct kp_format kp_format_php;
extern const struct kp_format kp_format_properties;
extern const struct kp_format kp_format_redis;
extern const struct kp_format kp_format_text;
extern const struct kp_format kp_format_toml;
extern const struct kp_format kp_format_xml;
extern const struct kp_format kp_format_yaml;

#endif
