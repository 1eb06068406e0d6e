# Arrow from the pyarrow wheel of a Python: its headers and shared libraries. Defines Arrow::arrow,
# Arrow::s3 and Arrow::parquet. Choose the Python with -DPython3_EXECUTABLE=.
find_package(Python3 REQUIRED COMPONENTS Interpreter)
execute_process(
  COMMAND ${Python3_EXECUTABLE} -c "import pyarrow, os; print(os.path.dirname(pyarrow.__file__))"
  OUTPUT_VARIABLE POMONA_PYARROW_DIR RESULT_VARIABLE failed OUTPUT_STRIP_TRAILING_WHITESPACE)
if(failed)
  message(FATAL_ERROR "no pyarrow in ${Python3_EXECUTABLE}\nhint: -DPython3_EXECUTABLE= names the "
    "Python that has it; in Pomona's own tree scripts/setup makes one")
endif()

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
