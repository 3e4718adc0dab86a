#!/bin/sh
# The requests of fleet 1.0's client, in its order and at its pace: it looks first after 250 ms, and
# every 250 ms after that.
#
#   v1-client start UNIT        with the options of the unit, as JSON, on standard input
#   v1-client replace UNIT      the same, as for `start --replace`
#   v1-client restart UNIT
#   v1-client stop UNIT
set -u
verb=$1 unit=$2
polls=24    # six seconds; that client waits for ever

call() {    # METHOD PATH [BODY]
    curl -s -m 5 --unix-socket /run/fleet.sock -A 'google-api-go-client/0.5' -X "$1" \
        -H 'Content-Type: application/json' ${3+--data-binary "$3"} -w '\n%{http_code}' \
        "http://fleet/fleet/v1/$2?alt=json"
}

done_with() {   # METHOD PATH [BODY]: whether the answer is one of success
    case $(call "$@" | tail -n 1) in
        20?) ;;
        *) exit 1 ;;
    esac
}

await() {
    for poll in $(seq $polls); do
        sleep 0.25
        case $(call GET "units/$unit") in
            *'"currentState":"'"$1"'"'*) return ;;
        esac
    done
    exit 1
}

target() { done_with PUT "units/$unit" '{"name":"'"$unit"'","desiredState":"'"$1"'"}'; }

create() { done_with PUT "units/$unit" '{"name":"'"$unit"'","options":'"$(cat)"'}'; }

case $verb in
    start)
        case $(call GET "units/$unit" | tail -n 1) in
            404) create ;;
            200) ;;
            *) exit 1 ;;
        esac
        target launched
        await launched
        ;;
    replace)
        create
        await inactive
        target launched
        await launched
        ;;
    restart)
        call GET units >/dev/null
        target loaded
        await launched    # its fault: it means loaded
        target launched
        await launched
        ;;
    stop)
        target loaded
        await loaded
        ;;
    *) exit 2 ;;
esac
