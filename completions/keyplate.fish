# SPDX-License-Identifier: MIT
# fish completion for keyplate.  What there is to complete, "keyplate help
# completion" lists, from the table of options itself.

# Is no command there yet?
function __keyplate_is_first
    test (count (commandline -opc)) -eq 1
end

# Is $argv[1] the command, and the service's own command line not begun?
function __keyplate_is
    set -l words (commandline -opc)
    contains -- -- $words; and return 1
    set -l command run
    if set -q words[2]; and not string match -q -- '-*' $words[2]
        set command $words[2]
    end
    test $command = $argv[1]
end

# The service's command line, behind "--".
function __keyplate_rest
    set -l words (commandline -opc) (commandline -ct)
    set -l end (contains -i -- -- $words); or return
    test $end -lt (count $words); or return
    complete -C (string join -- ' ' (string escape -- $words[(math $end + 1)..-1]))
end

function __keyplate_option -a command letter long argument words text
    set -l flags -c keyplate -n "__keyplate_is $command" \
        -l (string sub -s 3 -- $long) -d $text
    test $letter = -; or set -a flags -s (string sub -s 2 -- $letter)
    if test $words != -
        set -a flags -x -a (string replace -a , ' ' -- $words)
    else
        switch $argument
            case -
            case 'FILE*' 'SRC*' DST
                set -a flags -r -F
            case DIR
                set -a flags -x -a '(__fish_complete_directories)'
            case 'USER*'
                set -a flags -x -a '(__fish_complete_users)'
            case 'SIG*'
                set -a flags -x -a '(kill -l | string split " ")'
            case '*'
                set -a flags -x
        end
    end
    complete $flags
end

complete -c keyplate -f
keyplate help completion 2>/dev/null | while read -d \t -l kind name a b c d e
    switch $kind
        case command
            complete -c keyplate -n __keyplate_is_first -a $name -d $a
            complete -c keyplate -n '__keyplate_is help' -a $name -d $a
        case topic
            complete -c keyplate -n '__keyplate_is help' -a $name
        case option
            __keyplate_option $name $a $b $c $d $e
    end
end
for command in render check diff explain init
    complete -c keyplate -n "__keyplate_is $command" -F
end
for command in wait probe
    complete -c keyplate -n "__keyplate_is $command" \
        -a 'tcp:// unix:/ http:// file:/'
end
complete -c keyplate -n '__keyplate_is run' -a --
complete -c keyplate -a '(__keyplate_rest)'
