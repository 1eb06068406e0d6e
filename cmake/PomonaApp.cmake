# What `pomona app` copies: ${PROJECT_BINARY_DIR}/share/pomona/app, with the page, the cards, and the page's runtime,
# which scripts/setup fetched into .venv. Without that the command says so, and all else works.
set(POMONA_APP_RUNTIME ${PROJECT_SOURCE_DIR}/.venv/share/onnxruntime-web CACHE PATH
  "Folder with ort.wasm.bundle.min.mjs and ort-wasm-simd-threaded.wasm of onnxruntime-web")
set(pomona_page ${PROJECT_SOURCE_DIR}/src/pomona/app/page)
file(GLOB_RECURSE pomona_page_files CONFIGURE_DEPENDS ${pomona_page}/*)
set(pomona_app ${pomona_share}/app)
set(pomona_runtime_files ${POMONA_APP_RUNTIME}/ort.wasm.bundle.min.mjs ${POMONA_APP_RUNTIME}/ort-wasm-simd-threaded.wasm)
set(pomona_copy_runtime "")
if(EXISTS ${POMONA_APP_RUNTIME}/ort-wasm-simd-threaded.wasm)
  # Hosts know .js; many do not know .mjs, and browsers refuse a module of another type.
  set(pomona_copy_runtime
    COMMAND ${CMAKE_COMMAND} -E copy ${POMONA_APP_RUNTIME}/ort.wasm.bundle.min.mjs ${pomona_app}/runtime/ort.wasm.bundle.min.js
    COMMAND ${CMAKE_COMMAND} -E copy ${POMONA_APP_RUNTIME}/ort-wasm-simd-threaded.wasm ${pomona_app}/runtime)
  set(pomona_runtime_depends ${pomona_runtime_files})
else()
  message(STATUS "No ${POMONA_APP_RUNTIME}: `pomona app` will refuse; scripts/setup fetches it")
endif()
add_custom_command(
  OUTPUT ${pomona_share}/app.stamp
  COMMAND ${CMAKE_COMMAND} -E rm -rf ${pomona_app}
  COMMAND ${CMAKE_COMMAND} -E make_directory ${pomona_app}/runtime
  COMMAND ${CMAKE_COMMAND} -E copy_directory ${pomona_page} ${pomona_app}/page
  COMMAND ${CMAKE_COMMAND} -E copy ${PROJECT_SOURCE_DIR}/data/cards/cards.csv ${PROJECT_SOURCE_DIR}/src/pomona/app/licences.txt ${pomona_app}
  ${pomona_copy_runtime}
  COMMAND ${CMAKE_COMMAND} -E touch ${pomona_share}/app.stamp
  DEPENDS ${pomona_page_files} ${PROJECT_SOURCE_DIR}/data/cards/cards.csv ${PROJECT_SOURCE_DIR}/src/pomona/app/licences.txt ${pomona_runtime_depends}
  COMMENT "Copying the page of the app"
  VERBATIM)
add_custom_target(pomona_app_page ALL DEPENDS ${pomona_share}/app.stamp)
add_dependencies(pomona pomona_app_page)
