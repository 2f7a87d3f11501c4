import { COLLECT_MARK } from '../machine/proc/collected.ts';

/** Files that say what a machine's memory is and how it is used. */
const PROC_FILES = [
	'version',
	'cmdline',
	'cpuinfo',
	'iomem',
	'meminfo',
	'zoneinfo',
	'buddyinfo',
	'vmallocinfo',
] as const;

/**
 * A script for any POSIX shell, busybox's ash among them. Everything is in functions and the last line calls them, so a
 * script that arrives cut does nothing. Nothing reads standard input: that is the script itself.
 */
export const collectScript = (): string => `#!/bin/sh
# Gathers what highmem reads of a machine's memory. Reads only, changes nothing, needs no root:
#   highmem collect | ssh board sh > board.txt
#   highmem --from board.txt
# Another place than /proc: sh collect.sh FOLDER, or sh -s FOLDER.

mark='${COLLECT_MARK} 1'

say() {
	echo "highmem collect: $*" >&2
}

section() {
	count=$((count + 1))
	echo "$mark: begin $1"
}

missing() {
	echo "$mark: missing $1 $2"
	say "$1 $2"
}

file() {
	if [ ! -e "$proc/$1" ]; then
		missing "/proc/$1" 'is not there'
	elif [ ! -r "$proc/$1" ]; then
		missing "/proc/$1" 'cannot be read; root can'
	elif cat "$proc/$1" </dev/null >/dev/null 2>&1; then
		section "/proc/$1"
		cat "$proc/$1" </dev/null 2>/dev/null
		echo
		echo "$mark: end /proc/$1"
	else
		missing "/proc/$1" 'cannot be read'
	fi
}

# The kernel's log where it still begins with the boot; else what the system kept of it.
log() {
	if dmesg </dev/null 2>/dev/null | grep -q 'Linux version'; then
		dmesg </dev/null 2>/dev/null
	elif grep -q 'Linux version' /var/log/dmesg </dev/null 2>/dev/null; then
		cat /var/log/dmesg </dev/null
	elif journalctl -k -b -o short-monotonic --no-pager </dev/null 2>/dev/null | grep -q 'Linux version'; then
		journalctl -k -b -o short-monotonic --no-pager </dev/null 2>/dev/null
	else
		return 1
	fi
}

kernel_log() {
	if log | grep -q 'Linux version'; then
		section dmesg
		log
		echo
		echo "$mark: end dmesg"
	else
		missing dmesg 'has no boot in it any more, or only root may read it'
	fi
}

# Whether the first area is as long as its addresses say; hashed ones are not.
has_addresses() {
	read -r range size rest <"$proc/vmallocinfo" || return 0
	case $range in
	*\\(*) return 1 ;;
	0x*-0x*) [ "$((\${range#*-} - \${range%-*}))" -eq "$size" ] ;;
	*) return 1 ;;
	esac
}

collect() {
	proc=\${1:-/proc}
	count=0
${PROC_FILES.map(name => `\tfile ${name}`).join('\n')}
	if [ "$proc" = /proc ]; then kernel_log; fi
	if ! sed 's/ : .*//' "$proc/iomem" </dev/null 2>/dev/null | grep -q '[1-9a-f]'; then
		say 'the addresses in /proc/iomem are zeros; root would see them'
	fi
	if [ -r "$proc/vmallocinfo" ] && ! has_addresses; then
		say 'the addresses in /proc/vmallocinfo are hidden; root with kernel.kptr_restrict=1 would see them'
	fi
	echo "$mark: complete $count sections"
}

collect "$@"
`;
