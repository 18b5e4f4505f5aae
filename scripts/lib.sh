# Shared by the scripts of this folder: `. "$(dirname "$0")/lib.sh"` (or `../lib.sh`). Changes to the project's root, and puts
# the project's own tools first on PATH.
# shellcheck shell=bash

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"

cargo_home=${CARGO_HOME:-$HOME/.cargo}
# The tools are compiled once per machine and user. Clones share them and link to them from `.tools/bin`.
tool_store=$cargo_home/rollcall-tools
# The folder of cargo's output: the project's own `target`, unless the caller chose another.
target_dir=${CARGO_TARGET_DIR:-$root/target}

PATH=$root/.tools/bin:$PATH
# A shell opened before rustup was installed does not have cargo's folder yet.
case ":$PATH:" in *":$cargo_home/bin:"*) ;; *) PATH=$PATH:$cargo_home/bin ;; esac
export PATH

say() { printf '\033[1m%s\033[0m\n' "==> $*" >&2; }
fail() {
    printf '%s\n' "rollcall: $*" >&2
    exit 1
}
have() { command -v "$1" >/dev/null 2>&1; }

# quietly LABEL COMMAND...: runs the command, and prints its output only if it fails.
quietly() {
    local label=$1 log status=0
    shift
    log=$(mktemp)
    "$@" >"$log" 2>&1 </dev/null || status=$?
    if [ "$status" -ne 0 ]; then
        tail -n 40 "$log" >&2
        printf '%s\n' "rollcall: $label failed (exit status $status); its last lines stand above" >&2
    fi
    rm -f "$log"
    return "$status"
}

# link_tool FILE [NAME]: makes FILE reachable as `.tools/bin/NAME`.
link_tool() {
    mkdir -p .tools/bin
    ln -sfn "$1" ".tools/bin/${2:-$(basename "$1")}"
}
