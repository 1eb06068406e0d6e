#include "pomona/base/csv_cells.h"

#include <gtest/gtest.h>

#include "pomona/error_kind.h"

namespace pomona {
namespace {

using Cells = std::vector<std::vector<std::string>>;

TEST(CsvCells, are_text_whatever_they_look_like) {
  EXPECT_EQ(CsvCells("a,b\r\n1,NA\n\"x, \"\"y\"\"\",\n").ValueOrDie(),
            (Cells{{"a", "b"}, {"1", "NA"}, {"x, \"y\"", ""}}));
}

TEST(CsvCells, of_rows_that_are_not_equally_long_are_damage) {
  EXPECT_EQ(KindOf(CsvCells("a,b\n1\n").status()), ErrorKind::kData);
}

TEST(CsvCells, of_too_many_columns_are_damage) {
  const std::string line = std::string(64, ',') + "\n";
  EXPECT_EQ(KindOf(CsvCells(line).status()), ErrorKind::kData);
}

}  // namespace
}  // namespace pomona
