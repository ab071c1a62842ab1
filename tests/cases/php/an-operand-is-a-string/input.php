<html><?= ${secret:v} ?></html>
<?php
$dsn = 'mysql:password=' . ${secret:v};
$dsn = ${secret:v} . ';host=db' . ${secret:v}
    . 'x';
connect($host, ${secret:v});
connect(${secret:v}, $user);
$list[] = ${secret:v};
if ($given == ${secret:v}) { exit; }
return ['dsn' => 'a' . ${secret:v}, 'port' => ${PORT}];
