# cmake --install: bin/pomona, lib/libpomona.so, headers, models, and the package
# for find_package(pomona). Arrow and OpenVINO stay in the wheels that were linked against.
include(CMakePackageConfigHelpers)
set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/pomona)

set(wheel_libraries ${POMONA_PYARROW_DIR} ${POMONA_OPENVINO_DIR}/libs)
set_target_properties(pomona PROPERTIES INSTALL_RPATH "${wheel_libraries}")
install(TARGETS pomona EXPORT pomona LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
if(POMONA_BUILD_CLI)
  set_target_properties(pomona_cli PROPERTIES
    INSTALL_RPATH "$ORIGIN/../${CMAKE_INSTALL_LIBDIR};${wheel_libraries}")
  install(TARGETS pomona_cli RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()
install(DIRECTORY ${pomona_share}/models DESTINATION ${CMAKE_INSTALL_DATADIR}/pomona)
install(DIRECTORY ${pomona_app} DESTINATION ${CMAKE_INSTALL_DATADIR}/pomona)
install(PROGRAMS ${pomona_converter} DESTINATION ${CMAKE_INSTALL_DATADIR}/pomona)
install(DIRECTORY ${pomona_int8_files} DESTINATION ${CMAKE_INSTALL_DATADIR}/pomona)
install(DIRECTORY include/pomona DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(EXPORT pomona NAMESPACE pomona:: FILE pomonaTargets.cmake DESTINATION ${package_dir})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/pomonaConfigVersion.cmake
  COMPATIBILITY SameMinorVersion)
configure_file(cmake/pomonaConfig.cmake.in pomonaConfig.cmake @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/pomonaConfig.cmake ${PROJECT_BINARY_DIR}/pomonaConfigVersion.cmake
  cmake/PomonaArrow.cmake DESTINATION ${package_dir})
