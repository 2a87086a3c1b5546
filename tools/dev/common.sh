# Sourced by ./dev: packages, builds and the list of files. The current directory is the project's root.
# shellcheck shell=bash

say() { printf '\n== %s\n' "$*"; }

# Whether a package is there: by dpkg, or, for tools that came another way, by its command.
has_package() {
    dpkg-query -W -f '${Status}' "$1" 2>/dev/null | grep -q '^install ok installed' || command -v "$1" >/dev/null
}

# Installs what is missing of the named groups of packages.txt.
need_packages() {
    local group name
    local -a missing=() root=()
    for group in "$@"; do
        while read -r name; do
            has_package "$name" || missing+=("$name")
        done < <(sed -e 's/#.*//' packages.txt | awk -v want="[$group]" '/^\[/ { on = $1 == want; next } on && NF { print $1 }')
    done
    [[ ${#missing[@]} -gt 0 ]] || return 0
    if ! command -v apt-get >/dev/null; then
        echo "./dev installs packages with apt-get (Debian 12), which is not here. Missing: ${missing[*]}" >&2
        exit 1
    fi
    if [[ $(id -u) -ne 0 ]]; then
        if ! command -v sudo >/dev/null; then
            echo "Installing packages needs root: run this as root, or first: apt-get install ${missing[*]}" >&2
            exit 1
        fi
        root=(sudo)
    fi
    say "installing ${missing[*]}"
    "${root[@]}" apt-get update -q
    "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "${missing[@]}"
}

# build PRESET TARGET...: configures build/PRESET and builds the targets.
build() {
    local preset=$1 log
    shift
    log=build/$preset/configure.log
    mkdir -p "build/$preset"
    if ! cmake --preset "$preset" >"$log" 2>&1; then
        cat "$log" >&2
        return 1
    fi
    cmake --build "build/$preset" -j "$(nproc)" --target "$@"
}

# npm packages that are no part of the server: those of tools/NAME/package-lock.json, in build/NAME.
install_npm() {
    local lock=tools/$1/package-lock.json
    [[ ! -f build/$1/node_modules/.package-lock.json || $lock -nt build/$1/package-lock.json ]] || return 0
    need_packages sample
    mkdir -p "build/$1"
    cp "tools/$1/package.json" "$lock" "build/$1/"
    npm ci --prefix "build/$1" --ignore-scripts --no-audit --no-fund --loglevel=error
}

# npm packages beside their lock file, in DIRECTORY/node_modules.
npm_ci() {
    [[ ! -f $1/node_modules/.package-lock.json || $1/package-lock.json -nt $1/node_modules/.package-lock.json ]] || return 0
    npm ci --prefix "$1" --ignore-scripts --no-audit --no-fund --loglevel=error
    touch "$1/node_modules/.package-lock.json"
}

# The data of `credvault sample load`.
install_sample() { install_npm sample; }

# Tracked files and those about to be, without what git ignores; those that are deleted but not yet staged left out.
source_files() {
    git ls-files --cached --others --exclude-standard | while read -r file; do
        [[ -f $file ]] && echo "$file"
    done
}

cpp_files() { source_files | grep -E '\.(h|cpp)$' || true; }
