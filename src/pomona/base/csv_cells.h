#pragma once

#include <arrow/result.h>

#include <string>
#include <string_view>
#include <vector>

namespace pomona {

/// The cells of a small CSV file as text, row by row, the header's first: values such as `1` or
/// `NA` are names here. All rows are equally long; empty lines are none. DamagedData: no CSV, or
/// more than 64 columns. Memory: a few times the file.
arrow::Result<std::vector<std::vector<std::string>>> CsvCells(std::string_view csv);

}  // namespace pomona
