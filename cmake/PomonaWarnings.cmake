# Warnings, optimisation and sanitizers for every target of ours.
add_library(pomona_warnings INTERFACE)
target_compile_options(pomona_warnings INTERFACE -Wall -Wextra -Wpedantic -Wnon-virtual-dtor)
target_compile_options(pomona_warnings INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wshadow=local>)
# GCC 12 and 13 report overlaps inside std::string that cannot happen (GCC bug 105329).
target_compile_options(pomona_warnings INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>)
if(POMONA_WERROR)
  target_compile_options(pomona_warnings INTERFACE -Werror)
endif()

# The level of optimisation is the target's, not the build type's: what a test does takes no time, and
# compiling it does. So under ASan and UBSan it is the library alone that is instrumented. Under TSan
# everything must be, or the sanitizer does not see how a test waits.
set(is_test $<BOOL:$<TARGET_PROPERTY:POMONA_TEST>>)
set(CMAKE_CXX_FLAGS_RELEASE "-DNDEBUG")
set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-DNDEBUG")
target_compile_options(pomona_warnings INTERFACE
  $<$<CONFIG:Release,RelWithDebInfo>:$<IF:${is_test},-O0,$<IF:$<CONFIG:Release>,-O3,-O1;-g1>>>)

if(POMONA_SANITIZE)
  set(instrument -fsanitize=${POMONA_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=undefined)
  # Instrumented code makes GCC 12 see uninitialised members inside std::regex and std::function.
  list(APPEND instrument $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
  if(POMONA_SANITIZE STREQUAL "thread")
    target_compile_options(pomona_warnings INTERFACE ${instrument})
  else()
    target_compile_options(pomona_warnings INTERFACE "$<$<NOT:${is_test}>:${instrument}>")
    # Or the library would run what a test has of the same inline functions.
    target_link_options(pomona_warnings INTERFACE -Wl,-Bsymbolic-functions)
  endif()
  target_link_options(pomona_warnings INTERFACE -fsanitize=${POMONA_SANITIZE})
endif()
