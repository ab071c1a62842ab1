<?php
use A, ${secret:v};
$object->${secret:v}();
new ${secret:v}();
function f(${secret:v} $x) {}
f(${secret:v}: 1);
f('a' . ${N});
