# Sourced by sessions of expect: a terminal of a size that none has by itself. What is waited for comes, or ends the session.
set timeout 60
set stty_init "rows 33 cols 111"

proc at {what} {
	global spawn_id
	expect -re $what {} timeout { exit 98 } eof { exit 97 }
}

proc ended {} { # with the status of what was spawned
	global spawn_id
	expect eof {} timeout { exit 96 }
	return [lindex [wait] 3]
}

proc the_terminal_is_the_guests {} { # at a prompt: the window's size is known there, and Ctrl-C ends what runs there
	global spawn_id
	send "stty size\r"
	at "33 111"
	at "# "
	send "echo re''ady; cat\r"
	at "ready\r+\n"
	send "to cat\r"
	at "to cat\r+\nto cat"
	send "\003"
	at "# "
}
