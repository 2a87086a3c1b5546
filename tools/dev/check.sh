# Sourced by ./dev after test.sh: the steps of ./dev check, each with its time, and a table at the end. A step that
# fails does not keep the others from running.
# shellcheck shell=bash disable=SC2154

table=()

# step NAME COMMAND...: a step that counts no tests of its own counts as one. CREDVAULT_CHECK_WITHOUT names steps,
# separated by semicolons, that are left out; the table says so.
step() {
    local name=$1 started=$SECONDS before status=0
    shift
    if [[ ";${CREDVAULT_CHECK_WITHOUT-};" == *";$name;"* ]]; then
        say "$name: LEFT OUT (CREDVAULT_CHECK_WITHOUT)"
        table+=("$(printf '%-28s %-8s' "$name" "left out")")
        return
    fi
    say "$name"
    before=$(wc -l <"$counts")
    set +e
    (
        set -e
        "$@"
    )
    status=$?
    set -e
    if [[ $(wc -l <"$counts") -eq $before ]]; then
        count "$name" $((status == 0)) $((status != 0))
    elif [[ $status -ne 0 ]] && ! tail -n +$((before + 1)) "$counts" | grep -qv ' 0$'; then
        count "$name" 0 1
    fi
    table+=("$(printf '%-28s %-8s %5d s' "$name" "$([[ $status -eq 0 ]] && echo ok || echo FAILED)" $((SECONDS - started)))")
}

check_format() { cpp_files | xargs -r clang-format-16 --dry-run -Werror; }

check_shell() { shellcheck -x dev .ci/run tools/dev/*.sh; }

# What CREDVAULT_REQUIRE_CASES and ../shared mean for the recorded cases is ./dev test's business.
check_tests() { suite "./dev test" ./dev test; }

check_openapi() { build/release/credvault openapi | diff -u docs/openapi.json -; }

# Types, and the format of what is not C++.
check_web() { npm_ci web && npm_ci clients/typescript && npm run --silent --prefix web check && npm run --silent --prefix clients/typescript check; }

# Two linters and, for a few minutes, Schemathesis against a server.
check_openapi_lint() {
    install_npm openapi
    build/release/credvault openapi >build/openapi/openapi.json
    build/release/credvault openapi --yaml >build/openapi/openapi.yaml
    suite "OpenAPI linters" node tools/openapi/check.mjs "$PWD/build/openapi/openapi.json" "$PWD/build/openapi/openapi.yaml"
}

check_schemathesis() {
    local wanted=tests/schemathesis/requirements.txt venv=build/venv-schemathesis
    if [[ ! -x $venv/bin/schemathesis || $wanted -nt $venv ]]; then
        python3 -m venv "$venv"
        "$venv/bin/pip" install -q -r "$wanted"
        touch "$venv"
    fi
    suite "Schemathesis" python3 tests/schemathesis/run.py --server build/release/credvault \
        --schemathesis "$venv/bin/schemathesis" --seconds "${CREDVAULT_SCHEMATHESIS_SECONDS:-100}"
}

check_readme() { suite "README" python3 tools/readme_commands.py; }

check_tidy() {
    cmake --preset release -B build/tidy -DCMAKE_CXX_COMPILER=clang++-16 >build/tidy.log 2>&1 || { cat build/tidy.log; return 1; }
    python3 tools/tidy.py --database build/tidy --seconds "${CREDVAULT_TIDY_SECONDS:-600}"
}

# The C++ tests, or those over HTTP, again on an instrumented build; the first finding ends the program that has it.
check_sanitizer() {
    # A server that aborts is told from one that was stopped, whatever the test saw of it.
    export ASAN_OPTIONS=abort_on_error=1:detect_stack_use_after_return=1:strict_string_checks=1
    export UBSAN_OPTIONS=abort_on_error=1:print_stacktrace=1:halt_on_error=1
    export TSAN_OPTIONS=abort_on_error=1:halt_on_error=1:second_deadlock_stack=1
    # The random rounds are for answers, which the release build has compared.
    export CREDVAULT_ORACLE_ROUNDS=8
    local started=$SECONDS
    build "$1" all
    echo "built in $((SECONDS - started)) s"
    suite "$2 ($1)" "$3" "$1"
}

# Two targets at a time. Those that what strangers send reaches first get CREDVAULT_FUZZ_SECONDS (60) each, the others
# half as much: there are many.
check_fuzz() {
    local name seconds=${CREDVAULT_FUZZ_SECONDS:-60} started=$SECONDS
    build asan fuzz_targets
    echo "built in $((SECONDS - started)) s"
    for name in $(basename -a -s _fuzz.cpp fuzz/*_fuzz.cpp); do
        case $name in
            http | json | filter | projection | sort | cursor | key) echo "$name $seconds" ;;
            *) echo "$name $(((seconds + 1) / 2))" ;;
        esac
    done | xargs -P 2 -n 2 tools/dev/fuzz_target.sh
}

run_checks() {
    step "format" check_format
    step "shell scripts" check_shell
    step "include arrows" python3 tools/check_includes.py
    step "sizes" python3 tools/check_sizes.py
    step "no local names" python3 tools/check_local_names.py
    step "web" check_web
    step "tests" check_tests
    step "benchmarks build" build release benchmarks
    step "OpenAPI document" check_openapi
    step "OpenAPI linters" check_openapi_lint
    step "Schemathesis" check_schemathesis
    step "README's commands" check_readme
    step "clang-tidy" check_tidy
    step "address, undefined" check_sanitizer asan "unit tests" unit_tests
    step "address, undefined: HTTP" check_sanitizer asan "HTTP tests" http_tests
    step "threads" check_sanitizer tsan "unit tests" unit_tests
    step "threads: HTTP" check_sanitizer tsan "HTTP tests" http_tests
    step "fuzzing" check_fuzz
    say "checks"
    printf '%s\n' "${table[@]}"
    printf '%-37s %5d s\n\n' all "$SECONDS"
    sum_counts
}
