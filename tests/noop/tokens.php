<?php
// SPDX-License-Identifier: MIT
//
// tokens - what PHP makes of each of some source files.
//
// usage: php tokens.php FILE...
//
// Prints a line of JSON a file: the tokens that mean something, each as
// ["T_NAME", base64], or null when PHP refuses the file.  A literal without
// variables is a "literal" with its value; numbers, null, true and false are
// "literal" with their text.

const KINDS = [T_CONSTANT_ENCAPSED_STRING, T_LNUMBER, T_DNUMBER];

function literal($token)
{
	if (!$token->is(T_CONSTANT_ENCAPSED_STRING))
		return $token->text;
	if ($token->text[0] === "'")
		return preg_replace('/\\\\([\\\\\'])/', '$1',
		    substr($token->text, 1, -1));
	return eval("return $token->text;");
}

function is_literal($token)
{
	return $token->is(KINDS) ||
	    in_array(strtolower($token->text), ['null', 'true', 'false']);
}

// A "-" that has nothing before it to be subtracted from.
function ends_in_sign($found)
{
	$names = array_column(array_slice($found, -2), 0);
	return count($names) === 2 && $names[1] === '-' &&
	    !in_array($names[0], ['literal', 'T_VARIABLE', 'T_STRING', ')', ']']);
}

function list_tokens($tokens)
{
	$found = [];
	foreach ($tokens as $token) {
		if ($token->isIgnorable() && !$token->is(T_OPEN_TAG))
			continue;
		if (is_literal($token) && ends_in_sign($found))
			array_splice($found, -1, 1,
			    [['literal', base64_encode('-' . literal($token))]]);
		else
			$found[] = is_literal($token) ?
			    ['literal', base64_encode(literal($token))] :
			    [$token->getTokenName(), base64_encode($token->text)];
	}
	return $found;
}

foreach (array_slice($argv, 1) as $path) {
	try {
		$tokens = PhpToken::tokenize(file_get_contents($path),
		    TOKEN_PARSE);
	} catch (Error $e) {
		echo "null\n";
		continue;
	}
	echo json_encode(list_tokens($tokens)), "\n";
}
