<?php
// SPDX-License-Identifier: MIT
//
// ini - what PHP reads in each of some files, as php.ini is read.
//
// usage: php ini.php FILE...
//
// Prints a line of JSON a file: {"section": {"key": base64}}, keys above the
// first header in the section "", or null when PHP refuses the file.

function encode($value)
{
	return is_array($value) ? array_map('encode', $value)
	    : base64_encode((string) $value);
}

foreach (array_slice($argv, 1) as $path) {
	$found = @parse_ini_file($path, true, INI_SCANNER_NORMAL);
	$sections = $found === false ? null : ['' => []];
	foreach ($found === false ? [] : $found as $name => $value) {
		if (is_array($value))
			$sections[$name] = encode($value);
		else
			$sections[''][$name] = encode($value);
	}
	echo json_encode($sections, JSON_FORCE_OBJECT |
	    JSON_INVALID_UTF8_SUBSTITUTE), "\n";
}
