# Installing Debian packages, as root or through a sudo that asks no question.
# shellcheck shell=bash

as_root() {
    if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo -n "$@"; fi
}

can_apt() {
    have apt-get && { [ "$(id -u)" -eq 0 ] || { have sudo && sudo -n true 2>/dev/null; }; }
}

# apt_install WHAT-FOR PACKAGE...
apt_install() {
    local purpose=$1
    shift
    can_apt || fail "$purpose is missing and cannot be installed from here. As root: apt-get install $*"
    # A package list that is not quite fresh may be enough: only the installation has to succeed.
    as_root apt-get update -qq >/dev/null 2>&1 || true
    quietly "apt-get install $*" as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends "$@" \
        || fail "$purpose could not be installed. As root: apt-get install $*"
}
