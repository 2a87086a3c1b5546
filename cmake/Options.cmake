# Language, warnings, sanitizers and the compiler cache: what every target is built with.

set(CREDVAULT_SANITIZE "" CACHE STRING "Sanitizers for every target, as -fsanitize takes them")
option(CREDVAULT_FUZZ "Instrument everything for the fuzz targets, and build them too (needs Clang)" OFF)

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

add_compile_options(-Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Werror)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # GCC 12 reports overlapping copies in std::string's own operator+ (GCC bug 105651).
    add_compile_options(-Wno-restrict)
endif()

if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    # The flags of C++ mean nothing to an assembler.
    add_compile_options($<$<COMPILE_LANGUAGE:ASM>:-Wno-unused-command-line-argument>)
endif()

if(CREDVAULT_SANITIZE)
    add_compile_options(-fsanitize=${CREDVAULT_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
    add_link_options(-fsanitize=${CREDVAULT_SANITIZE})
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
        # Instrumentation defeats GCC's flow analysis, and Asio's fences are unknown to its thread sanitizer.
        add_compile_options(-Wno-maybe-uninitialized -Wno-tsan)
    endif()
endif()
if(CREDVAULT_FUZZ)
    if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
        message(FATAL_ERROR "CREDVAULT_FUZZ needs Clang: cmake --preset asan")
    endif()
    add_compile_options(-fsanitize=fuzzer-no-link)
    add_link_options(-fuse-ld=lld)
endif()

# Objects do not depend on where the source lies, so that a second checkout is built from the first one's cache.
add_compile_options(-ffile-prefix-map=${CMAKE_SOURCE_DIR}=.)
find_program(CREDVAULT_CCACHE ccache)
if(CREDVAULT_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
    set(CMAKE_CXX_COMPILER_LAUNCHER
        ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1 ${CREDVAULT_CCACHE})
endif()
