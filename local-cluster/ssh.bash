# SSH: root enters any node from any other, and from the host with the cluster's key. A node's sshd
# costs nothing until somebody comes: systemd listens, and starts one for each connection.
# shellcheck shell=bash disable=SC2153,SC2154

ssh_key() { echo "$STATE/key"; }

# One key for the cluster. It comes into being whole, as a crash may come at any moment.
make_ssh_key() {
    local key; key=$(ssh_key)
    [ ! -e "$key" ] || return 0
    rm -f "$key.new" && new_key "$NAME" "$key.new" && mv "$key.new.pub" "$key.pub" &&
        mv "$key.new" "$key"
}

new_key() { ssh-keygen -q -t ed25519 -N '' -C "fleet-cluster-$1" -f "$2"; }

# What tells a machine from another at the same address.
make_host_key() {
    rm -f "$2"/etc/ssh/ssh_host_* && new_key "$NAME-$1" "$2/etc/ssh/ssh_host_ed25519_key"
}

# What the host has of keys, of hosts that it knows and of users that it lets in stays outside.
furnish_ssh() {
    local node=$1 root=$2 key; key=$(ssh_key)
    rm -rf "$root"/root/.{ssh,fleetctl} "$root"/etc/ssh/{ssh_known_hosts,sshd_config.d} &&
        sed -i 's/^root:[^:]*:/root:*:/' "$root/etc/shadow" &&
        mkdir -p "$root"/root/.ssh "$root/etc/ssh" && chmod 700 "$root"/root/{,.ssh} &&
        install -m 600 "$key" "$root/root/.ssh/id_ed25519" &&
        install -m 600 "$key.pub" "$root/root/.ssh/authorized_keys" &&
        make_host_key "$node" "$root" || return
    cat >"$root/etc/ssh/sshd_config" <<'END'
HostKey /etc/ssh/ssh_host_ed25519_key
PermitRootLogin prohibit-password
PasswordAuthentication no
UsePAM no
END
    mkdir -p "$root/etc/systemd/system/sockets.target.wants" &&
        ln -s ../sshd.socket "$root/etc/systemd/system/sockets.target.wants/" || return
    printf '[Socket]\nListenStream=22\nAccept=yes\n' >"$root/etc/systemd/system/sshd.socket"
    cat >"$root/etc/systemd/system/sshd@.service" <<'END'
[Service]
ExecStart=-/usr/sbin/sshd -i
StandardInput=socket
RuntimeDirectory=sshd
RuntimeDirectoryPreserve=yes
END
}
