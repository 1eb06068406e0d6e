#include "pomona/features/feature_matrix.h"

#include <arrow/array.h>
#include <arrow/builder.h>
#include <arrow/io/file.h>
#include <arrow/table.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <parquet/arrow/writer.h>

#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "pomona/error_kind.h"
#include "temp_folder.h"

namespace pomona {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

struct Row {
  std::string path;
  std::string label;
  std::optional<std::vector<double>> features;
};

class FeatureMatrixTest : public testing::Test {
 protected:
  /// A file of such rows, read with nothing but what is asked for.
  arrow::Result<FeatureMatrix> Read(const std::vector<Row>& rows,
                                    UnusableRows unusable = UnusableRows::kRefuse) {
    arrow::StringBuilder path;
    arrow::StringDictionary32Builder label;
    arrow::ListBuilder features(arrow::default_memory_pool(),
                                std::make_shared<arrow::DoubleBuilder>());
    auto& numbers = static_cast<arrow::DoubleBuilder&>(*features.value_builder());
    for (const Row& row : rows) {
      ARROW_RETURN_NOT_OK(path.Append(row.path));
      ARROW_RETURN_NOT_OK(label.Append(row.label));
      ARROW_RETURN_NOT_OK(row.features ? features.Append() : features.AppendNull());
      if (row.features) ARROW_RETURN_NOT_OK(numbers.AppendValues(*row.features));
    }
    const auto schema =
        arrow::schema({arrow::field("features", features.type()),
                       arrow::field("path", arrow::utf8()), arrow::field("label", label.type())});
    ARROW_ASSIGN_OR_RAISE(const auto features_column, features.Finish());
    ARROW_ASSIGN_OR_RAISE(const auto path_column, path.Finish());
    ARROW_ASSIGN_OR_RAISE(const auto label_column, label.Finish());
    const auto table = arrow::Table::Make(schema, {features_column, path_column, label_column});
    const std::string file = (folder_.path() / "rows.parquet").string();
    ARROW_ASSIGN_OR_RAISE(const auto sink, arrow::io::FileOutputStream::Open(file));
    ARROW_RETURN_NOT_OK(parquet::arrow::WriteTable(*table, arrow::default_memory_pool(), sink, 2));
    ARROW_RETURN_NOT_OK(sink->Close());
    ARROW_ASSIGN_OR_RAISE(const auto opened,
                          FeatureTable::Open({.uri = file, .column = "features", .storage = {}}));
    return ReadFeatureMatrix(*opened, "table", "features", arrow::StopToken::Unstoppable(),
                             FeaturePart::kAll, unusable);
  }

 private:
  const TempFolder folder_;
};

TEST_F(FeatureMatrixTest, rows_without_features_are_left_out_with_their_names) {
  const auto matrix =
      Read({{"a.jpg", "apple", {{1, 2}}}, {"b.jpg", "banana", {}}, {"c.jpg", "apple", {{3, 4}}}})
          .ValueOrDie();
  EXPECT_EQ(matrix.rows, 2);
  EXPECT_EQ(matrix.skipped, 1);
  EXPECT_EQ(matrix.table_row(1), 2);
  EXPECT_THAT(matrix.row(1), ElementsAre(3.0F, 4.0F));
  EXPECT_EQ(matrix.path->GetView(1), "c.jpg");
  EXPECT_EQ(matrix.label->GetView(1), "apple");
}

TEST_F(FeatureMatrixTest, a_value_that_is_no_number_is_damage_of_its_row) {
  const auto status =
      Read({{"a.jpg", "", {{1, 2}}}, {"b.jpg", "", {{1, std::numeric_limits<double>::infinity()}}}})
          .status();
  EXPECT_EQ(KindOf(status), ErrorKind::kData);
  EXPECT_THAT(status.message(), HasSubstr("rows.parquet: row 1"));
}

TEST_F(FeatureMatrixTest, another_length_is_damage) {
  EXPECT_EQ(KindOf(Read({{"a.jpg", "", {{1, 2}}}, {"b.jpg", "", {{1}}}}).status()),
            ErrorKind::kData);
}

TEST_F(FeatureMatrixTest, unusable_rows_are_left_out_and_counted_where_that_is_asked_for) {
  constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
  const auto matrix = Read({{"a.jpg", "", {{kNaN, 2}}},
                            {"b.jpg", "", {}},
                            {"c.jpg", "", {{1, 2}}},
                            {"d.jpg", "", {{1}}},
                            {"e.jpg", "", {{3, 4}}},
                            {"f.jpg", "", {std::vector<double>{}}}},
                           UnusableRows::kLeaveOut)
                          .ValueOrDie();
  EXPECT_EQ(matrix.rows, 2);
  EXPECT_EQ(matrix.skipped, 4);
  EXPECT_EQ(matrix.unusable, 3);
  EXPECT_EQ(matrix.table_row(0), 2);
  EXPECT_EQ(matrix.table_row(1), 4);
  EXPECT_THAT(matrix.row(1), ElementsAre(3.0F, 4.0F));
  EXPECT_EQ(matrix.path->GetView(1), "e.jpg");
}

TEST_F(FeatureMatrixTest, a_table_without_a_usable_row_has_no_rows_where_that_is_asked_for) {
  const auto matrix = Read({{"a.jpg", "", {}}}, UnusableRows::kLeaveOut).ValueOrDie();
  EXPECT_EQ(matrix.rows, 0);
  EXPECT_EQ(matrix.skipped, 1);
}

TEST_F(FeatureMatrixTest, no_rows_are_damage) {
  EXPECT_EQ(KindOf(Read({{"a.jpg", "", {}}}).status()), ErrorKind::kData);
}

}  // namespace
}  // namespace pomona
