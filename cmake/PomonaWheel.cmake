# The install as a wheel has it: everything in site-packages/pomona, which finds Arrow and OpenVINO in
# the packages beside it. A wheel cannot hold links: libpomona.so.0 is the file itself.
set(beside "$ORIGIN/../pyarrow" "$ORIGIN/../openvino/libs")
set_target_properties(pomona PROPERTIES
  VERSION ${PROJECT_VERSION_MAJOR} SOVERSION ${PROJECT_VERSION_MAJOR} INSTALL_RPATH "${beside}")
set_target_properties(_core PROPERTIES INSTALL_RPATH "$ORIGIN;${beside}")
set_target_properties(pomona_cli PROPERTIES
  INSTALL_RPATH "$ORIGIN/..;$ORIGIN/../../pyarrow;$ORIGIN/../../openvino/libs")

install(TARGETS _core LIBRARY DESTINATION pomona COMPONENT python)
install(TARGETS pomona LIBRARY DESTINATION pomona COMPONENT python NAMELINK_SKIP)
install(TARGETS pomona_cli RUNTIME DESTINATION pomona/bin COMPONENT python)
install(FILES ${PROJECT_BINARY_DIR}/python/_build.py DESTINATION pomona COMPONENT python)
install(FILES python/_pomona_command.py DESTINATION . COMPONENT python)
install(DIRECTORY ${pomona_share}/models DESTINATION pomona/share/pomona COMPONENT python)
install(FILES ${pomona_converter} DESTINATION pomona/share/pomona COMPONENT python)
install(DIRECTORY ${pomona_int8_files} DESTINATION pomona/share/pomona COMPONENT python)
