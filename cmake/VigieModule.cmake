# vigie_module(NAME room SOURCES a.cpp … USES vigie::base … [LINKS fmt::fmt …] [TESTS a_test.cpp …])
#
# One folder under src/ is one static library, vigie::<room>. The order of the rooms is enforced by what a compiler can
# see: each room is exported through an include folder that holds that room alone, so `#include "plan/plan.h"` compiles
# only in a room whose USES reach vigie::plan. An upward include is a missing file, never a lint message.
#
# The tests beside the code become one executable per room, <room>_test.
function(vigie_module)
  cmake_parse_arguments(M "" "NAME" "SOURCES;USES;LINKS;PRIVATE_LINKS;TESTS" ${ARGN})
  set(layer "${CMAKE_BINARY_DIR}/layers/${M_NAME}")
  file(MAKE_DIRECTORY "${layer}")
  file(CREATE_LINK "${CMAKE_CURRENT_SOURCE_DIR}" "${layer}/${M_NAME}" SYMBOLIC)

  set(target "vigie_${M_NAME}")
  add_library(${target} STATIC ${M_SOURCES})
  add_library(vigie::${M_NAME} ALIAS ${target})
  target_include_directories(${target} PUBLIC "${layer}")
  target_link_libraries(${target} PUBLIC vigie_flags ${M_USES} ${M_LINKS} PRIVATE ${M_PRIVATE_LINKS})
  vigie_precompile(${target})

  if(VIGIE_TESTS AND M_TESTS)
    add_executable(${M_NAME}_test ${M_TESTS})
    target_link_libraries(${M_NAME}_test PRIVATE ${target} GTest::gtest GTest::gmock GTest::gtest_main rapidcheck)
    target_compile_definitions(${M_NAME}_test PRIVATE VIGIE_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
    vigie_precompile(${M_NAME}_test GTEST)
    add_test(NAME ${M_NAME} COMMAND ${M_NAME}_test)
  endif()
endfunction()

# vigie_precompile(target [GTEST]): two precompiled headers for the whole tree, each built once: what most files include of
# the standard library, and that with GoogleTest for the tests. What runs once per build is not worth optimizing: tests of a
# release build are compiled without, in two fifths of the time; the rooms that they test are those of the command.
function(vigie_precompile target)
  if("GTEST" IN_LIST ARGN)
    set(from vigie_pch_gtest)
  else()
    set(from vigie_pch)
  endif()
  if(NOT TARGET ${from})
    file(CONFIGURE OUTPUT "${CMAKE_BINARY_DIR}/pch/${from}.cpp" CONTENT "// The precompiled header lives in this target.\n")
    add_library(${from} STATIC "${CMAKE_BINARY_DIR}/pch/${from}.cpp")
    target_link_libraries(${from} PUBLIC vigie_flags fmt::fmt)
    target_precompile_headers(${from} PRIVATE <algorithm> <array> <chrono> <cstdint> <expected> <filesystem> <functional>
      <map> <memory> <mutex> <optional> <set> <span> <sstream> <string> <string_view> <unordered_map> <utility> <variant>
      <vector> <fmt/format.h>)
    if(from STREQUAL vigie_pch_gtest)
      target_link_libraries(${from} PUBLIC GTest::gtest)
      target_precompile_headers(${from} PRIVATE <gtest/gtest.h>)
      target_compile_options(${from} PRIVATE "$<$<CONFIG:Release>:-O0>")
    endif()
    target_compile_options(${from} PRIVATE
      "$<$<CXX_COMPILER_ID:Clang>:-fpch-instantiate-templates;SHELL:-Xclang -fno-pch-timestamp>")
  endif()
  target_link_libraries(${target} PRIVATE fmt::fmt)
  if("GTEST" IN_LIST ARGN)
    target_compile_options(${target} PRIVATE "$<$<CONFIG:Release>:-O0>")
  endif()
  target_precompile_headers(${target} REUSE_FROM ${from})
endfunction()
