# Without TBB_ENABLE_SANITIZERS oneTBB loads its helper with RTLD_DEEPBIND, which the sanitizers
# refuse; Arrow's own allocators would hide from them what is freed.
set(POMONA_SANITIZER_ENVIRONMENT
  "TBB_ENABLE_SANITIZERS=1" "ARROW_DEFAULT_MEMORY_POOL=system"
  "LSAN_OPTIONS=suppressions=${PROJECT_SOURCE_DIR}/cmake/lsan.supp:print_suppressions=0"
  "TSAN_OPTIONS=suppressions=${PROJECT_SOURCE_DIR}/cmake/tsan.supp:ignore_noninstrumented_modules=1:print_suppressions=0")

# pomona_test(name [ONE_THREAD] SOURCES ... [LIBRARIES ...] [LABELS ...]): one GoogleTest program and
# one ctest entry. A room has one of them, as linking a program for each file took longer than
# compiling it. ONE_THREAD: there is nothing in it for TSan to see.
function(pomona_test name)
  cmake_parse_arguments(T "ONE_THREAD" "" "SOURCES;LIBRARIES;LABELS" ${ARGN})
  if(T_ONE_THREAD AND POMONA_SANITIZE STREQUAL "thread")
    return()
  endif()
  add_executable(${name} ${T_SOURCES})
  set_target_properties(${name} PROPERTIES POMONA_TEST ON)
  target_link_libraries(${name} PRIVATE pomona_rooms pomona_warnings GTest::gmock GTest::gtest_main ${T_LIBRARIES})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR}/src ${PROJECT_SOURCE_DIR}/tests)
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
  add_test(NAME ${name} COMMAND ${name} --gtest_brief=1 WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
  set_tests_properties(${name} PROPERTIES LABELS "unit;${T_LABELS}" TIMEOUT 900)
  if(POMONA_SANITIZE)
    set_tests_properties(${name} PROPERTIES ENVIRONMENT "${POMONA_SANITIZER_ENVIRONMENT}")
  endif()
endfunction()
