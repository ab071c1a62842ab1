<?php
// SPDX-License-Identifier: MIT
//
// source - what a file of PHP source sets, when PHP runs it.
//
// usage: php source.php FILE
//
// Prints a line of JSON: {"constants": {...}, "variables": {...}, "output":
// "..."}, arrays as objects, each other value in base64 with its type before
// it.  Nothing is printed where PHP refuses the file.

function encode($value)
{
	if (is_array($value))
		return array_map('encode', $value);
	return base64_encode(is_string($value) ? $value
	    : gettype($value) . ' ' . var_export($value, true));
}

function variables_of($path)
{
	include $path;
	unset($path);
	return get_defined_vars();
}

ob_start();
try {
	$variables = variables_of($argv[1]);
} catch (Error $error) {
	exit(1);
}
$output = ob_get_clean();
$constants = get_defined_constants(true)['user'] ?? [];
echo json_encode(['constants' => encode($constants),
    'variables' => encode($variables), 'output' => encode($output)],
    JSON_FORCE_OBJECT), "\n";
