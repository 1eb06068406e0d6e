# Arrow, Parquet and OpenVINO come from the pinned wheels of the build's Python
# (requirements/build.txt): headers and shared libraries, no source build.
# Defines Arrow::arrow, Arrow::s3, Arrow::parquet, openvino::runtime, TBB::tbb.
find_package(Python3 REQUIRED COMPONENTS Interpreter)
execute_process(
  COMMAND ${Python3_EXECUTABLE} -c
    "import pyarrow, openvino, os; print(os.path.dirname(pyarrow.__file__)); print(os.path.dirname(openvino.__file__))"
  OUTPUT_VARIABLE wheels RESULT_VARIABLE failed OUTPUT_STRIP_TRAILING_WHITESPACE)
if(failed)
  message(FATAL_ERROR "no pyarrow and openvino in ${Python3_EXECUTABLE}: run scripts/setup, or "
    "pip install -r requirements/build.txt and pass -DPython3_EXECUTABLE=")
endif()
string(REPLACE "\n" ";" wheels "${wheels}")
list(GET wheels 0 POMONA_PYARROW_DIR)
list(GET wheels 1 POMONA_OPENVINO_DIR)

function(pomona_import_arrow target library)
  file(GLOB path "${POMONA_PYARROW_DIR}/lib${library}.so.*00")
  if(NOT path)
    message(FATAL_ERROR "lib${library} is not in ${POMONA_PYARROW_DIR}")
  endif()
  add_library(${target} SHARED IMPORTED GLOBAL)
  set_target_properties(${target} PROPERTIES IMPORTED_LOCATION ${path})
  target_include_directories(${target} SYSTEM INTERFACE ${POMONA_PYARROW_DIR}/include)
endfunction()
pomona_import_arrow(Arrow::arrow arrow)
pomona_import_arrow(Arrow::s3 arrow_s3)
pomona_import_arrow(Arrow::parquet parquet)
target_link_libraries(Arrow::s3 INTERFACE Arrow::arrow)
target_link_libraries(Arrow::parquet INTERFACE Arrow::arrow)

find_package(OpenVINO REQUIRED COMPONENTS Runtime PATHS ${POMONA_OPENVINO_DIR}/cmake NO_DEFAULT_PATH)
find_package(TBB REQUIRED PATHS ${POMONA_OPENVINO_DIR}/cmake NO_DEFAULT_PATH)
