# One etcd on the host's side of the bridge: a part of the cluster that is no node.
# shellcheck shell=bash disable=SC2153,SC2154

etcd() {
    local url; url=http://$(address host):2379
    case ${1:-} in
        url) echo "$url" ;;
        start) etcd_start "$url" ;;
        stop) etcd_stop ;;
        kill) kill_part etcd ;;
        wipe) kill_part etcd; rm -rf "$STATE/etcd" ;;
        pause) freeze etcd ;;
        resume) thaw etcd ;;
        *) usage >&2; exit 2 ;;
    esac
}

etcd_start() {
    local url=$1 program
    ! alive etcd || return 0
    program=$(type -P etcd) || die "this host lacks etcd (apt-get install etcd-server)"
    claim
    start_in etcd "$STATE/etcd.log" env -i "$program" --name "$NAME" --data-dir "$STATE/etcd" \
        --listen-client-urls "$url" --advertise-client-urls "$url" \
        --listen-peer-urls "http://$(address host):2380" --logger zap
    await 60 etcd_healthy || die "etcd does not answer, see $STATE/etcd.log"
}

etcd_stop() {
    thaw etcd
    ! alive etcd || xargs kill -TERM <"$GROUP/etcd/cgroup.procs"
    await 20 dead etcd || kill_part etcd
}

etcd_healthy() {
    (
        exec 3<>"/dev/tcp/$(address host)/2379" && printf 'GET /health HTTP/1.0\r\n\r\n' >&3 &&
            grep -q true <&3
    ) 2>/dev/null
}
