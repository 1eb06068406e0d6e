# OpenVINO from the wheel of the build's Python, and the oneTBB that comes with it: a second one in
# the same process would be a second thread pool. Defines openvino::runtime and TBB::tbb.
execute_process(
  COMMAND ${Python3_EXECUTABLE} -c
    "import importlib.util as u; print(u.find_spec('openvino').submodule_search_locations[0])"
  OUTPUT_VARIABLE POMONA_OPENVINO_DIR RESULT_VARIABLE failed OUTPUT_STRIP_TRAILING_WHITESPACE)
if(failed)
  message(FATAL_ERROR "no openvino in ${Python3_EXECUTABLE}\nhint: run scripts/setup")
endif()
find_package(OpenVINO REQUIRED COMPONENTS Runtime PATHS ${POMONA_OPENVINO_DIR}/cmake NO_DEFAULT_PATH)
find_package(TBB REQUIRED PATHS ${POMONA_OPENVINO_DIR}/cmake NO_DEFAULT_PATH)
