# Parts of the cluster: a node, etcd, the keeper. Each is a control group (version 2, which kills and
# freezes all that is in it at once); its processes are those that the kernel counts there.
# shellcheck shell=bash disable=SC2153,SC2154

CGROUPS=/sys/fs/cgroup
[ -e $CGROUPS/cgroup.controllers ] || CGROUPS=/sys/fs/cgroup/unified
GROUP=$CGROUPS/fleet-cluster/$NAME

# The calling process, and all that it starts from now on, belong to the part.
enter() { mkdir -p "$GROUP/$1" && echo "$BASHPID" >"$GROUP/$1/cgroup.procs"; }

# start_in PART LOG CMD…: in the background, in a session of its own. It enters the group first, and
# only then gives up the lock.
start_in() {
    local part=$1 log=$2; shift 2
    (
        enter "$part" || exit
        exec 9>&- </dev/null >>"$log" 2>&1
        exec setsid "$@"
    ) &
    disown
}

alive() { grep -qs '^populated 1' "$GROUP/$1/cgroup.events"; }
dead() { ! alive "$1"; }
frozen() { grep -qs '^frozen 1' "$GROUP/$1/cgroup.events"; }

kill_part() {
    alive "$1" || return 0
    echo 1 >"$GROUP/$1/cgroup.kill"
    await 60 dead "$1" || die "cannot kill $1"
}

freeze() {
    local part
    for part; do
        alive "$part" || { say "$part is off"; return 1; }
        echo 1 >"$GROUP/$part/cgroup.freeze" && await 60 frozen "$part" || return
    done
}

thaw() {
    local part
    for part; do [ ! -d "$GROUP/$part" ] || echo 0 >"$GROUP/$part/cgroup.freeze"; done
}

# nspawn makes the same folders in the host's systemd hierarchy of version 1, if there is one.
remove_groups() {
    local group
    for group in "$GROUP" "/sys/fs/cgroup/systemd/fleet-cluster/$NAME"; do
        [ ! -d "$group/$1" ] || find "$group/$1" -depth -type d -exec rmdir {} +
        rmdir "${group%/*}" 2>/dev/null    # stays as long as there is another cluster
    done
    true
}

# await SECONDS CMD…: until it succeeds
await() {
    local end=$((SECONDS + $1)); shift
    until "$@"; do [ $SECONDS -lt $end ] || return 1; sleep 0.02; done
}
