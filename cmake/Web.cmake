# What runs in a browser, built by Vite from web/ and packed into the program. Node and npm are needed for it; a build
# with CREDVAULT_WEB=OFF does without them and serves the API alone.

option(CREDVAULT_WEB "Build the dashboard and the explorer into the program (needs Node and npm)" ON)

# Adds the packed pages, or an empty table, to the library `target`.
function(credvault_web target)
    set(out ${PROJECT_BINARY_DIR}/web)
    if(NOT CREDVAULT_WEB)
        file(CONFIGURE OUTPUT ${out}/none/pages.cpp CONTENT [[
#include "pages/page.h"

std::span<const credvault::pages::Page> credvault::pages::packed_pages() { return {}; }
]])
        target_sources(${target} PRIVATE ${out}/none/pages.cpp)
        return()
    endif()
    find_program(CREDVAULT_NODE NAMES node nodejs REQUIRED)
    find_program(CREDVAULT_NPM npm REQUIRED)

    # The packages stand beside their lock file, where editors and `npm run dev` look for them; npm writes the stamp.
    set(web ${PROJECT_SOURCE_DIR}/web)
    set(installed ${web}/node_modules/.package-lock.json)
    add_custom_command(OUTPUT ${installed}
        COMMAND ${CREDVAULT_NPM} ci --ignore-scripts --no-audit --no-fund --loglevel=error
        COMMAND ${CMAKE_COMMAND} -E touch ${installed}
        DEPENDS ${web}/package.json ${web}/package-lock.json
        WORKING_DIRECTORY ${web}
        COMMENT "Installing what the pages are built with" VERBATIM USES_TERMINAL)

    file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${web}/src/* ${web}/public/* ${PROJECT_SOURCE_DIR}/clients/typescript/src/*)
    file(GLOB pages CONFIGURE_DEPENDS ${web}/*.html ${web}/*/index.html)
    list(FILTER sources EXCLUDE REGEX "(\\.test\\.ts|/schema\\.d\\.ts)$")
    add_custom_command(OUTPUT ${out}/pages.cpp ${out}/pages.s BYPRODUCTS ${out}/pages.bin
        COMMAND ${CREDVAULT_NODE} node_modules/vite/bin/vite.js build --outDir ${out}/dist --emptyOutDir --logLevel warn
        COMMAND ${CREDVAULT_NODE} pack.mjs ${out}/dist ${out}
        DEPENDS ${installed} ${sources} ${pages} ${PROJECT_SOURCE_DIR}/docs/webhooks.md ${web}/vite.config.ts ${web}/tsconfig.json ${web}/pack.mjs
        WORKING_DIRECTORY ${web}
        COMMENT "Building the dashboard and the explorer" VERBATIM)
    target_sources(${target} PRIVATE ${out}/pages.cpp ${out}/pages.s)
    # The assembler looks for what it includes as is; the object must not be older than that.
    set_source_files_properties(${out}/pages.s PROPERTIES
        COMPILE_OPTIONS "-I${out}" OBJECT_DEPENDS ${out}/pages.bin)
endfunction()
