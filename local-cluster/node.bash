# A node: a disk (an overlay over the host's root), a network, and a systemd-nspawn that boots a
# systemd on them. Below $STATE/nK: upper, work and root of the overlay, net, console.log;
# small and binds if it has a small disk beside.
# shellcheck shell=bash disable=SC2153,SC2154

disk() { echo "$STATE/$1"; }
nodes() { find "$STATE" -maxdepth 1 -name 'n[0-9]*' -printf '%f\n' 2>/dev/null | sort -V; }
need() {
    [[ $1 =~ ^n[0-9]+$ && -d $STATE/$1 ]] ||
        die "cluster $NAME has no node \"$1\", it has: $(nodes | xargs)"
}

# The same for the same cluster and node every time, as if it were the same machine.
first_machine_id() { echo "fleet-cluster/$NAME/$1" | md5sum | cut -c1-32; }
machine_id() { cat "$(disk "$1")/root/etc/machine-id"; }

# ---- its disk -----------------------------------------------------------------------------------

mount_disk() {
    local dir; dir=$(disk "$1")
    mkdir -p "$dir"/{upper,work,root} || return
    mountpoint -q "$dir/root" ||
        mount -t overlay "fleet-$NAME-$1" \
            -o "lowerdir=$LOWER,upperdir=$dir/upper,workdir=$dir/work" "$dir/root" || return
    [ -e "$dir/furnished" ] || { furnish "$1" "$dir/root" && : >"$dir/furnished"; }
}

# From a copy of the host to a machine of its own: nothing that the host has enabled, or generates at
# boot, runs here; only systemd, its journal, D-Bus and a socket for SSH. What is enabled later, is as
# on any Debian.
furnish() {
    local node=$1 root=$2 units=$2/etc/systemd/system k
    rm -rf "$units" "$root"/etc/{init.d,rc?.d,fstab,crypttab,resolv.conf,fleet} \
        "$root"/{etc,usr/lib}/systemd/system-generators \
        "$root/usr/lib/systemd/system/multi-user.target.wants" \
        "$root"/var/lib/{fleet,dbus/machine-id} "$root/var/log/journal" &&
        mkdir -p "$units/multi-user.target.wants" \
            "$root"/{etc,var/lib}/fleet "$root/var/log/journal" &&
        ln -s /usr/lib/systemd/system/multi-user.target "$units/default.target" &&
        ln -s /usr/lib/systemd/system/dbus.service "$units/multi-user.target.wants/" &&
        first_machine_id "$node" >"$root/etc/machine-id" &&
        echo "$node" >"$root/etc/hostname" &&
        furnish_ssh "$node" "$root" || return
    {
        printf '127.0.0.1 localhost\n%s host\n' "$(address host)"
        for ((k = 1; k <= MAX_NODES; k++)); do echo "$NET.$((10 + k)) n$k"; done
    } >"$root/etc/hosts"
}

# A disk that can be filled without harm to the host, which holds it in memory.
small_disk() {
    local node=${1%%:*} path=${1#*:} size=${2:-} dir
    [[ $1 == n*:/* ]] || die "small-disk: expected NODE:/PATH, found \"$1\""
    [[ $size =~ ^[0-9]+[km]$ ]] || die "small-disk: expected a size such as 12m, found \"$size\""
    need "$node"
    ! alive "$node" || die "small-disk: $node is on"
    dir=$(disk "$node")/small
    [ ! -e "$dir" ] || die "small-disk: $node has one already"
    mkdir -p "$dir" && mount -t tmpfs -o "size=$size,mode=755" "fleet-$NAME-$node" "$dir" &&
        echo "--bind=$dir:$path" >"$(disk "$node")/binds"
}

# What is installed stays, as if from an image.
rebuild() {
    local node root
    for node; do
        root=$(disk "$node")/root
        ! alive "$node" || { say "$node is on"; return 1; }
        rm -rf "$root"/var/lib/fleet/* "$root"/var/log/journal/* "${root%/root}"/small/* || return
        tr -d - </proc/sys/kernel/random/uuid >"$root/etc/machine-id" || return
        make_host_key "$node" "$root" || return
    done
}

# ---- on and off ---------------------------------------------------------------------------------

boot() {
    local node rc=0
    for node; do launch "$node" || { say "cannot set up $node"; rc=1; }; done
    for node; do
        await 120 booted "$node" && continue
        say "$node did not boot; $(disk "$node")/console.log ends with:"
        tail -n 5 "$(disk "$node")/console.log" >&2
        rc=1
    done
    return $rc
}

launch() {
    local node=$1 dir list binds=(); dir=$(disk "$node")
    ! alive "$node" || return 0
    clear_node "$node"
    mount_disk "$node" && wire "$node" && : >"$dir/console.log" || return
    for list in "$STATE/binds" "$dir/binds"; do
        [ ! -e "$list" ] || mapfile -t -O ${#binds[@]} binds <"$list"
    done
    # The node sees control groups of version 2 only, as on a machine of today, whatever the host has.
    start_in "$node" "$dir/console.log" env SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=1 \
        systemd-nspawn --quiet --boot --register=no --keep-unit --settings=no \
        --directory="$dir/root" --machine="fleet-$NAME-$node" --hostname="$node" \
        --network-namespace-path="$dir/net" --capability=CAP_NET_ADMIN \
        --link-journal=no --resolv-conf=off --timezone=off --console=pipe "${binds[@]}"
}

# D-Bus comes last. What else is enabled may still be starting: a unit that waits for a dead store
# must not make its machine look off.
booted() { (enter_node "$1" systemctl is-active --quiet dbus.service) 2>/dev/null; }

# Several lose their power at the same moment, before the remains of the first are cleared.
power_cut() {
    local node
    # The links first: the dying kernels' FIN and RST would tell the peers what happened.
    for node; do ip link set "$(link "$node")" down 2>/dev/null; done
    for node; do ! alive "$node" || echo 1 >"$GROUP/$node/cgroup.kill"; done
    for node; do clear_node "$node"; done
}

power_off() {
    local node pid
    for node; do
        thaw "$node"
        pid=$(leader "$node") && kill -s RTMIN+4 "$pid"    # systemd(1): starts poweroff.target
    done
    for node; do
        await 100 dead "$node" || say "$node does not power off, cutting its power"
        clear_node "$node"
    done
}

reboot() { power_off "$@"; boot "$@"; }

# Leaves nothing of a node but its disk.
clear_node() {
    local node=$1 root; root=$(disk "$1")/root
    kill_part "$node"
    unwire "$node"
    rm -rf "/run/systemd/nspawn/propagate/fleet-$NAME-$node" \
        "/run/systemd/nspawn/locks/inode-$(stat -c %d:%i "$root" 2>/dev/null)"
    remove_groups "$node"
}

# ---- inside -------------------------------------------------------------------------------------

# The host's PID of the node's PID 1.
leader() {
    local pid status
    while read -r pid; do
        { status=$(<"/proc/$pid/status"); } 2>/dev/null
        [[ $status =~ NSpid:[[:space:]]+[0-9]+[[:space:]]+1$'\n' ]] && echo "$pid" && return
    done 2>/dev/null <"$GROUP/$1/payload/init.scope/cgroup.procs"
    return 1
}

# Becomes a command in the node: in its control group too, else it would outlive a power cut.
enter_node() {
    local node=$1 pid; shift
    pid=$(leader "$node") || { say "$node is off"; exit 125; }
    ! frozen "$node" || { say "$node is paused"; exit 125; }
    echo "$BASHPID" >"$GROUP/$node/payload/init.scope/cgroup.procs" || exit 125
    exec nsenter -t "$pid" --all env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin \
        HOME=/root LANG=C.UTF-8 TERM="${TERM:-dumb}" "$@"
}

put() {
    local node=${1%%:*} path=${1#*:} mode=${2:-644} inside
    [[ $1 == n*:/* ]] || die "put: expected NODE:/PATH, found \"$1\""
    need "$node"
    inside=(chroot "$(disk "$node")/root")
    ! alive "$node" || inside=(enter_node "$node")
    # shellcheck disable=SC2016    # for the other shell
    "${inside[@]}" sh -c 'mkdir -p "${1%/*}" && cat >"$1~" && chmod "$2" "$1~" && mv "$1~" "$1"' \
        put "$path" "$mode"
}
