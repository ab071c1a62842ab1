<html><?= 'it\'s \\ "$x" ?>' ?></html>
<?php
$dsn = 'mysql:password=' . 'it\'s \\ "$x" ?>';
$dsn = 'it\'s \\ "$x" ?>' . ';host=db' . 'it\'s \\ "$x" ?>'
    . 'x';
connect($host, 'it\'s \\ "$x" ?>');
connect('it\'s \\ "$x" ?>', $user);
$list[] = 'it\'s \\ "$x" ?>';
if ($given == 'it\'s \\ "$x" ?>') { exit; }
return ['dsn' => 'a' . 'it\'s \\ "$x" ?>', 'port' => 5432];
