# Installs Debian packages, as root or through a sudo that asks for no password.
#
# Only these packages are installed without a lock. A pinned version could not be installed for long, because Debian's
# mirrors delete a version once it is superseded. Within a stable release, packages only get security and bug fixes, and the
# used parts (a C compiler, PostgreSQL, Python's venv, wrk) have stable interfaces. Only Chromium moves to new major versions.
# scripts/install/chromium explains why that works.
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
    # A slightly old package list may be enough, because only the installation has to succeed.
    as_root apt-get update -qq >/dev/null 2>&1 || true
    quietly "apt-get install $*" as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends "$@" \
        || fail "$purpose could not be installed. As root: apt-get install $*"
}
