# The network: one bridge, on which the host has .1, and per node a network namespace with one link.
# The namespace is kept as a file next to the node's disk, so that it is a mount like the others.
# shellcheck shell=bash disable=SC2153,SC2154

BRIDGE=fl-$NAME
NOWHERE=02:00:00:00:de:ad    # a MAC address that nobody has

link() { echo "$BRIDGE-$1"; }
device() { if [ "$1" = host ]; then echo "$BRIDGE"; else echo eth0; fi; }
address() { if [ "$1" = host ]; then echo "$NET.1"; else echo "$NET.$((10 + ${1#n}))"; fi; }

# The same after a reboot, as a network card's is: else peers would talk to the one before.
mac() {
    local part; IFS=. read -ra part <<<"$(address "$1")"
    printf '02:00:%02x:%02x:%02x:%02x' "${part[@]}"
}

# A bridge without an address of its own takes the lowest of its ports', so that nodes would lose the
# host for seconds whenever another node comes or goes.
bridge_up() {
    ip link show "$BRIDGE" >/dev/null 2>&1 ||
        ip link add "$BRIDGE" address "$(mac host)" type bridge stp_state 0 forward_delay 0 mcast_snooping 0 || return
    ip addr replace "$(address host)/24" dev "$BRIDGE" && ip link set "$BRIDGE" up
}

bridge_down() {
    local port
    for port in $(ip -o link show master "$BRIDGE" 2>/dev/null | cut -d' ' -f2); do
        ip link del "${port%%[@:]*}"
    done
    ip link del "$BRIDGE" 2>/dev/null
    true
}

wire() {
    local node=$1 net; net=$(disk "$node")/net
    unwire "$node"
    : >"$net" &&
        unshare --net="$net" ip link set lo up &&
        ip link add "$(link "$node")" type veth \
            peer name eth0 address "$(mac "$node")" netns "$net" &&
        ip link set "$(link "$node")" master "$BRIDGE" up &&
        at "$node" ip addr add "$(address "$node")/24" dev eth0 &&
        at "$node" ip link set eth0 up &&
        at "$node" ip route add default via "$(address host)" &&
        cuts_of "$node" | while read -r cut; do apply sever "$cut"; done
}

unwire() {
    local net; net=$(disk "$1")/net
    ip link del "$(link "$1")" 2>/dev/null
    umount -l "$net" 2>/dev/null
    rm -f "$net"
}

wired() { [ "$1" = host ] || [ -e "$(disk "$1")/net" ]; }

# at WHERE CMD…: run it in the network of a node, or of the host
at() {
    local where=$1; shift
    if [ "$where" = host ]; then "$@"; else nsenter --net="$(disk "$where")/net" "$@"; fi
}

# ---- cuts ---------------------------------------------------------------------------------------

# Each cut is a file, so that it outlives a node's power cut: n1 (from everybody), n1-n2, or n1+n2,
# where only what n1 sends to n2 is lost.
cuts_of() {
    find "$STATE/cuts" -type f -printf '%f\n' 2>/dev/null | grep -xE "$1|$1[-+].*|.*[-+]$1"
    true
}

# cut_off NODE [PEER…], mute NODE PEER…
cut_off() { cut_between - "$@"; }
mute() { [ $# -gt 1 ] || die "mute: from whom?"; cut_between + "$@"; }

cut_between() {
    local way=$1 node=$2 peer cut; shift 2
    for peer; do [ "$peer" = host ] || need "$peer"; done
    mkdir -p "$STATE/cuts" || return
    for peer in "${@:-}"; do
        cut=$node${peer:+$way$peer}
        : >"$STATE/cuts/$cut"
        apply sever "$cut" || return
    done
}

heal() {
    local node=$1 cut ends peer; shift
    for cut in $(cuts_of "$node"); do
        read -ra ends <<<"${cut/[-+]/ }"
        peer=${ends[1]:-}; [ "$peer" != "$node" ] || peer=${ends[0]}
        [ $# = 0 ] || [[ " $* " == *" ${peer:--} "* ]] || continue
        rm "$STATE/cuts/$cut" && apply rejoin "$cut" || return
    done
}

# apply sever|rejoin CUT
apply() {
    local ends; read -ra ends <<<"${2/[-+]/ }"
    case $1$2 in
        sever*+*) misdirect "${ends[@]}" ;;
        rejoin*+*) direct "${ends[@]}" ;;
        *) "$1" "${ends[@]}" ;;
    esac
}

# sever NODE [PEER]
sever() {
    if [ -z "${2:-}" ]; then port "$1" disabled; else misdirect "$1" "$2" && misdirect "$2" "$1"; fi
}

rejoin() {
    if [ -z "${2:-}" ]; then port "$1" forwarding && forget "$1"; else direct "$1" "$2" && direct "$2" "$1"; fi
}

# A disabled port of the bridge drops everything, while the node's link stays up.
port() {
    local state=0; [ "$2" = disabled ] || state=3
    ! wired "$1" || bridge link set dev "$(link "$1")" state $state
}

# After failed look-ups each side would wait before it asks again.
forget() {
    ! wired "$1" || at "$1" ip neigh flush dev eth0
    ip neigh flush dev "$BRIDGE" to "$(address "$1")"
}

# What A sends to B goes to a MAC address that nobody has: silence, where a route could only refuse.
misdirect() {
    ! wired "$1" ||
        at "$1" ip neigh replace "$(address "$2")" lladdr $NOWHERE dev "$(device "$1")" nud permanent
}

direct() {
    ! wired "$1" || at "$1" ip neigh del "$(address "$2")" dev "$(device "$1")" 2>/dev/null
    true
}
