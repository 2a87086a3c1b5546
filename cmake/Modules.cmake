# Turns folders into targets. File names decide: x.cpp belongs to its folder's library, x_test.cpp to the folder's
# test program; src/app/main.cpp is the server, fuzz/x_fuzz.cpp and bench/x_bench.cpp are programs of their own.

include(GoogleTest)
enable_language(ASM)

set(CREDVAULT_SOURCE ${CMAKE_CURRENT_SOURCE_DIR}/src)
set(CREDVAULT_MODULES "")

# What all code sees: the include root and the version.
add_library(cv_common INTERFACE)
target_include_directories(cv_common INTERFACE ${CREDVAULT_SOURCE})
target_compile_definitions(cv_common INTERFACE CREDVAULT_VERSION="${PROJECT_VERSION}")

# A static library cv_<path> from src/<path>/*.cpp (an interface library while there are only headers), and
# cv_<path>_test from src/<path>/*_test.cpp. DEPENDS names module paths, LIBS imported targets, TEST_DEPENDS module
# paths that only the tests use.
function(credvault_module path)
    cmake_parse_arguments(arg "" "" "DEPENDS;LIBS;TEST_DEPENDS" ${ARGN})
    string(REPLACE "/" "_" name cv_${path})
    file(GLOB sources CONFIGURE_DEPENDS ${CREDVAULT_SOURCE}/${path}/*.cpp)
    # Folders that are no modules of their own but parts of the one above.
    foreach(part date endpoints expression geo mail pipeline sessions teams text transfer update users)
        file(GLOB part_sources CONFIGURE_DEPENDS ${CREDVAULT_SOURCE}/${path}/${part}/*.cpp)
        list(APPEND sources ${part_sources})
    endforeach()
    set(tests ${sources})
    list(FILTER tests INCLUDE REGEX "_test\\.cpp$")
    list(FILTER sources EXCLUDE REGEX "(_test|/main)\\.cpp$")
    foreach(list arg_DEPENDS arg_TEST_DEPENDS)
        list(TRANSFORM ${list} PREPEND cv_)
        list(TRANSFORM ${list} REPLACE "/" "_")
    endforeach()

    if(sources)
        set(scope PUBLIC)
        add_library(${name} STATIC ${sources})
    else()
        set(scope INTERFACE)
        add_library(${name} INTERFACE)
    endif()
    target_link_libraries(${name} ${scope} cv_common ${arg_DEPENDS} ${arg_LIBS})
    set(CREDVAULT_MODULES ${CREDVAULT_MODULES} ${name} PARENT_SCOPE)

    # These start no thread: their tests have nothing to show to the thread sanitizer.
    if(CREDVAULT_SANITIZE STREQUAL "thread" AND path MATCHES "^(json|query)$")
        set(tests "")
    endif()
    if(tests)
        credvault_test(${name}_test "${name};${arg_TEST_DEPENDS}" ${tests})
    endif()
endfunction()

# A GoogleTest program, each of its tests known to ctest by name. A machine may have GoogleTest without its mocks.
function(credvault_test name modules)
    if(NOT TARGET GTest::gmock)
        return()
    endif()
    add_executable(${name} ${ARGN})
    target_link_libraries(${name} PRIVATE ${modules} GTest::gmock GTest::gtest_main)
    string(REGEX REPLACE "^cv_(.*)_test$" "\\1." prefix ${name})
    gtest_discover_tests(${name} DISCOVERY_MODE PRE_TEST TEST_PREFIX ${prefix} PROPERTIES TIMEOUT 300)
endfunction()

# Puts a file into the library `name` as the bytes between the symbols `symbol` and `symbol`_end.
function(credvault_embed name file symbol)
    set(assembly ${PROJECT_BINARY_DIR}/embedded/${symbol}.s)
    file(CONFIGURE OUTPUT ${assembly} CONTENT [[
    .section .rodata
    .global @symbol@, @symbol@_end
@symbol@:
    .incbin "@file@"
@symbol@_end:
    .section .note.GNU-stack,"",%progbits
]] @ONLY)
    target_sources(${name} PRIVATE ${assembly})
    set_source_files_properties(${assembly} PROPERTIES OBJECT_DEPENDS ${file})
endfunction()

# build/<preset>/credvault
function(credvault_program)
    if(EXISTS ${CREDVAULT_SOURCE}/app/main.cpp)
        add_executable(credvault ${CREDVAULT_SOURCE}/app/main.cpp)
        target_link_libraries(credvault PRIVATE cv_app)
    endif()
endfunction()

# C++ tests that join several modules: tests/**/*_test.cpp with the code beside them, as one program; those of the
# engines' contract, tests/engine/, as one of their own, which needs only the stores. Both have what is beside the latter.
function(credvault_suite_tests)
    file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tests/*.cpp)
    file(GLOB engine_sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tests/engine/*.cpp)
    credvault_test(cv_engine_test "cv_storage_memory;cv_storage_sqlite" ${engine_sources})
    if(TARGET cv_engine_test)
        target_include_directories(cv_engine_test PRIVATE ${PROJECT_SOURCE_DIR}/tests)
    endif()
    list(REMOVE_ITEM sources ${engine_sources})
    if(sources)
        list(FILTER engine_sources EXCLUDE REGEX "_test\\.cpp$")
        credvault_test(cv_suite_test cv_app ${sources} ${engine_sources})
        if(TARGET cv_suite_test)
            target_include_directories(cv_suite_test PRIVATE ${PROJECT_SOURCE_DIR}/tests)
        endif()
    endif()
endfunction()

# bench/x_bench.cpp (Google Benchmark), bench/epoll_floor.cpp and the load generator bench/load/. Built on request:
# cmake --build build/release --target benchmarks
function(credvault_benchmarks)
    if(NOT benchmark_FOUND)
        return()
    endif()
    add_custom_target(benchmarks)
    file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/bench/*_bench.cpp)
    foreach(source ${sources})
        cmake_path(GET source STEM name)
        add_executable(${name} EXCLUDE_FROM_ALL ${source})
        target_link_libraries(${name} PRIVATE ${CREDVAULT_MODULES} benchmark::benchmark_main)
        add_dependencies(benchmarks ${name})
    endforeach()
    if(EXISTS ${PROJECT_SOURCE_DIR}/bench/epoll_floor.cpp)
        add_executable(epoll_floor EXCLUDE_FROM_ALL ${PROJECT_SOURCE_DIR}/bench/epoll_floor.cpp)
        target_link_libraries(epoll_floor PRIVATE Threads::Threads)
        add_dependencies(benchmarks epoll_floor)
    endif()
    file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/bench/load/*.cpp)
    if(sources)
        add_executable(cv_load EXCLUDE_FROM_ALL ${sources})
        target_link_libraries(cv_load PRIVATE cv_http)
        add_dependencies(benchmarks cv_load)
    endif()
endfunction()

# fuzz/x_fuzz.cpp -> fuzz_x, on the libraries that the sanitized tests use.
function(credvault_fuzz_targets)
    if(NOT CREDVAULT_FUZZ)
        return()
    endif()
    add_custom_target(fuzz_targets)
    file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/fuzz/*_fuzz.cpp)
    foreach(source ${sources})
        cmake_path(GET source STEM stem)
        string(REGEX REPLACE "_fuzz$" "" name ${stem})
        add_executable(fuzz_${name} ${source})
        target_link_libraries(fuzz_${name} PRIVATE cv_api)
        target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
        add_dependencies(fuzz_targets fuzz_${name})
    endforeach()
endfunction()
