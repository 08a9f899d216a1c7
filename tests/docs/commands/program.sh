#!/bin/bash
# `trueup` for the commands of pages: the wheel's own. A page's reader looks again when the engine
# has not come so far; where `init` asks, the test has nobody to answer.
case "$1 $#" in
"init 1") exec "$TRUEUP" init --simulator "$SIMULATOR" ;;
"init "*) exec "$TRUEUP" "$@" ;;
"status "* | "explain "* | "history "*)
    for _ in $(seq 30); do
        said=$("$TRUEUP" "$@" 2>&1)
        code=$?
        [ $code -eq 0 ] && break
        sleep 0.1
    done
    printf '%s\n' "$said"
    exit $code
    ;;
*) exec "$TRUEUP" "$@" ;;
esac
