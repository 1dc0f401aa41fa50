# Language, warnings, sanitizers, precompiled header: what every target of the project is compiled with.
set(CMAKE_CXX_STANDARD 23)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release)
endif()

if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 14)
  message(FATAL_ERROR "GCC ${CMAKE_CXX_COMPILER_VERSION} miscompiles coroutines (objects destroyed twice): "
                      "use clang 19 (Debian: clang-19) or GCC 14 and later.")
endif()

set(VIGIE_SANITIZE "" CACHE STRING "Sanitizers to build with, e.g. address,undefined or thread")
option(VIGIE_WERROR "Treat warnings as errors (CI does)" OFF)

add_library(vigie_flags INTERFACE)
target_compile_options(vigie_flags INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion
                                             -Wnon-virtual-dtor -Woverloaded-virtual -Wimplicit-fallthrough)
# libstdc++ 12's own stable_sort calls its deprecated get_temporary_buffer: no code of ours can avoid it.
target_compile_options(vigie_flags INTERFACE -Wno-deprecated-declarations)
if(VIGIE_WERROR)
  target_compile_options(vigie_flags INTERFACE -Werror)
endif()
if(VIGIE_SANITIZE)
  target_compile_options(vigie_flags INTERFACE -fsanitize=${VIGIE_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(vigie_flags INTERFACE -fsanitize=${VIGIE_SANITIZE})
endif()

# ccache refuses every file that uses a precompiled header until it may take times and macros on trust; the header itself is
# written without time stamps (VigieModule.cmake), so that one from the cache is as good as one just made.
find_program(VIGIE_CCACHE ccache)
if(VIGIE_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${CMAKE_COMMAND}" -E env
    CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime "${VIGIE_CCACHE}")
endif()
find_program(VIGIE_MOLD mold)
if(VIGIE_MOLD)
  add_link_options(-fuse-ld=mold)
endif()
