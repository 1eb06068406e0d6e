# Warnings and sanitizers for every target of ours.
add_library(pomona_warnings INTERFACE)
target_compile_options(pomona_warnings INTERFACE -Wall -Wextra -Wpedantic -Wnon-virtual-dtor)
target_compile_options(pomona_warnings INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wshadow=local>)
# GCC 12 and 13 report overlaps inside std::string that cannot happen (GCC bug 105329).
target_compile_options(pomona_warnings INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>)
if(POMONA_WERROR)
  target_compile_options(pomona_warnings INTERFACE -Werror)
endif()
if(POMONA_SANITIZE)
  target_compile_options(pomona_warnings INTERFACE -fsanitize=${POMONA_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=undefined)
  target_link_options(pomona_warnings INTERFACE -fsanitize=${POMONA_SANITIZE})
  # Instrumented code makes GCC 12 see uninitialised members inside std::regex and std::function.
  target_compile_options(pomona_warnings INTERFACE
    $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
endif()
