#include "pomona/split.h"

#include <arrow/builder.h>
#include <arrow/io/file.h>
#include <arrow/table.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <parquet/arrow/writer.h>

#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "pomona/error_kind.h"
#include "temp_folder.h"

namespace pomona {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

struct Row {
  std::string path;
  std::optional<std::string> label;
  int like = -1;  ///< the row whose features it has; -1: those of none
};

/// More than the rows of a table here: each row is at right angles to the others.
constexpr size_t kDim = 128;

class SplitTest : public testing::Test {
 protected:
  std::string File(const std::string& name) const { return (folder_.path() / name).string(); }

  std::string Bytes(const std::string& name) const {
    std::ifstream in(File(name), std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  /// A table of such rows, in row groups of three.
  SplitOptions Of(const std::vector<Row>& rows) {
    paths_.clear();
    arrow::StringBuilder path, label;
    arrow::ListBuilder features(arrow::default_memory_pool(),
                                std::make_shared<arrow::FloatBuilder>());
    for (const Row& row : rows) {
      paths_.push_back(row.path);
      EXPECT_TRUE(path.Append(row.path).ok());
      EXPECT_TRUE((row.label ? label.Append(*row.label) : label.AppendNull()).ok());
      EXPECT_TRUE(features.Append().ok());
      std::vector<float> of_row(kDim, 0);
      of_row[row.like < 0 ? paths_.size() - 1 : static_cast<size_t>(row.like)] = 1;
      EXPECT_TRUE(
          static_cast<arrow::FloatBuilder&>(*features.value_builder()).AppendValues(of_row).ok());
    }
    const auto table = arrow::Table::Make(
        arrow::schema({arrow::field("path", arrow::utf8()), arrow::field("label", arrow::utf8()),
                       arrow::field("features", features.type())}),
        {path.Finish().ValueOrDie(), label.Finish().ValueOrDie(), features.Finish().ValueOrDie()});
    const auto sink = arrow::io::FileOutputStream::Open(File("features.parquet")).ValueOrDie();
    EXPECT_TRUE(parquet::arrow::WriteTable(*table, arrow::default_memory_pool(), sink, 3).ok());
    EXPECT_TRUE(sink->Close().ok());
    SplitOptions options;
    options.features = File("features.parquet");
    options.split = File("split.parquet");
    options.threads = 1;
    return options;
  }

  /// Frames of plain and r_ movies of two classes, in the folders of the official split.
  SplitOptions OfFruits() {
    std::vector<Row> rows;
    for (const char* label : {"Apple", "Lemon"}) {
      for (const char* movie : {"", "r_"}) {
        for (int frame = 0; frame < 4; ++frame) {
          rows.push_back({std::string("file:/train/") + (frame % 2 == 0 ? "Training/" : "Test/") +
                              label + "/" + movie + std::to_string(frame) + "_100.jpg",
                          label});
        }
      }
    }
    return Of(rows);
  }

  /// As many rows of each label: a group has two rows.
  SplitOptions OfGroups(const std::map<std::string, int>& groups) {
    std::vector<Row> rows;
    for (const auto& [label, count] : groups) {
      for (int g = 0; g < count; ++g) {
        for (const char* side : {"F", "B"}) {
          rows.push_back({"/i/" + label + "/" + std::to_string(g) + "_" + side + ".jpg", label});
        }
      }
    }
    SplitOptions options = Of(rows);
    options.group = "([^/]+)/([0-9]+)_";
    return options;
  }

  std::shared_ptr<arrow::StringArray> Paths(const std::vector<std::string>& paths) const {
    arrow::StringBuilder builder;
    EXPECT_TRUE(builder.AppendValues(paths).ok());
    std::shared_ptr<arrow::StringArray> array;
    EXPECT_TRUE(builder.Finish(&array).ok());
    return array;
  }
  arrow::Result<SplitRows> Read() const { return ReadSplit(File("split.parquet"), *Paths(paths_)); }

  /// Nothing is written, and the message says this.
  void ExpectRefused(const SplitOptions& options, ErrorKind kind, const std::string& words) const {
    const auto report = MakeSplit(options);
    EXPECT_EQ(KindOf(report.status()), kind) << report.status();
    EXPECT_THAT(report.status().message(), HasSubstr(words));
    EXPECT_FALSE(std::filesystem::exists(File("split.parquet")));
  }

  TempFolder folder_;
  std::vector<std::string> paths_;
};

TEST_F(SplitTest, plain_movies_train_and_r_movies_test) {
  SplitOptions options = OfFruits();
  options.group = "fruits-360";
  options.train = "/plain$";
  const auto report = MakeSplit(options);
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->part(SplitPart::kTrain).rows, 8);
  EXPECT_EQ(report->part(SplitPart::kTest).rows, 8);
  EXPECT_EQ(report->groups_on_both_sides, 0);
  const auto rows = Read();
  ASSERT_TRUE(rows.ok()) << rows.status();
  EXPECT_THAT(rows->groups, ElementsAre("Apple/plain", "Apple/r", "Lemon/plain", "Lemon/r"));
  EXPECT_EQ(rows->part[0], SplitPart::kTrain);
  EXPECT_EQ(rows->part[4], SplitPart::kTest);
  EXPECT_EQ(rows->folds, 0);
}

TEST_F(SplitTest, official_folders_with_groups_on_both_sides_are_counted) {
  SplitOptions options = OfFruits();
  options.group = "fruits-360";
  options.by = "official";
  const auto report = MakeSplit(options);
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->part(SplitPart::kTest).rows, 8);
  EXPECT_EQ(report->part(SplitPart::kTest).rows_seen_in_training, 8);
  EXPECT_EQ(report->groups_on_both_sides, 4);
  EXPECT_THAT(report->remarks.front(),
              HasSubstr("8 of 8 test rows have a row of the same group in training"));
}

TEST_F(SplitTest, validation_is_for_calibration_beside_a_test_and_for_the_test_without) {
  const std::vector<Row> both = {
      {"/d/TRAIN/a/1", "a"}, {"/d/train/b/2", "b"}, {"/d/val/a/3", "a"}, {"/d/test/b/4", "b"}};
  SplitOptions options = Of(both);
  options.by = "official";
  ASSERT_TRUE(MakeSplit(options).ok());
  EXPECT_THAT(Read()->part, ElementsAre(SplitPart::kTrain, SplitPart::kTrain,
                                        SplitPart::kCalibration, SplitPart::kTest));
  options = Of({both[0], both[1], both[2]});
  options.by = "official";
  options.overwrite = true;
  ASSERT_TRUE(MakeSplit(options).ok());
  EXPECT_EQ(Read()->part[2], SplitPart::kTest);
}

TEST_F(SplitTest, a_test_that_calibration_has_seen_is_said_too) {
  SplitOptions options = Of({{"/d/train/a/1_1", "a"},
                             {"/d/train/b/2_1", "b"},
                             {"/d/val/a/3_1", "a"},
                             {"/d/test/a/3_2", "a"},
                             {"/d/test/b/4_1", "b"}});
  options.by = "official";
  options.group = "/([0-9]+)_";
  const auto report = MakeSplit(options);
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->part(SplitPart::kTest).rows_seen_in_training, 1);
  EXPECT_EQ(report->part(SplitPart::kCalibration).rows_seen_in_training, 0);
  EXPECT_EQ(report->groups_on_both_sides, 1);
}

TEST_F(SplitTest, shares_and_folds_keep_groups_together) {
  SplitOptions options = OfGroups({{"a", 20}, {"b", 20}, {"c", 12}});
  options.test_share = 0.25;
  options.calibration_share = 0.2;
  options.folds = 3;
  const auto report = MakeSplit(options);
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->groups_on_both_sides, 0);
  EXPECT_NEAR(static_cast<double>(report->part(SplitPart::kTest).rows), 26, 2);
  EXPECT_EQ(report->part(SplitPart::kTest).labels, 3);
  EXPECT_EQ(report->part(SplitPart::kCalibration).labels, 3);
  ASSERT_THAT(report->folds, SizeIs(3));
  for (const auto& fold : report->folds) EXPECT_EQ(fold.labels, 3);
  const auto rows = Read();
  ASSERT_TRUE(rows.ok()) << rows.status();
  std::map<int32_t, std::set<std::pair<SplitPart, int32_t>>> places;
  for (size_t i = 0; i < rows->part.size(); ++i) {
    places[rows->group[i]].insert({rows->part[i], rows->fold[i]});
    EXPECT_EQ(rows->fold[i] >= 0, rows->part[i] == SplitPart::kTrain);
  }
  for (const auto& [group, where] : places) EXPECT_THAT(where, SizeIs(1)) << group;
  EXPECT_EQ(rows->folds, 3);
}

TEST_F(SplitTest, labels_that_are_held_out_are_not_learned) {
  SplitOptions options = OfGroups({{"a", 8}, {"b", 8}, {"c", 8}});
  options.hold_out = {"c"};
  options.test_share = 0.5;
  const auto report = MakeSplit(options);
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->part(SplitPart::kHeldOut).rows, 16);
  EXPECT_EQ(report->part(SplitPart::kTrain).labels, 2);
}

TEST_F(SplitTest, the_same_seed_makes_the_same_bytes_for_any_threads) {
  SplitOptions options = OfGroups({{"a", 20}, {"b", 20}});
  options.test_share = 0.3;
  ASSERT_TRUE(MakeSplit(options).ok());
  const std::string bytes = Bytes("split.parquet");
  options.overwrite = true;
  options.threads = 4;
  ASSERT_TRUE(MakeSplit(options).ok());
  EXPECT_EQ(Bytes("split.parquet"), bytes);
  options.seed = 2;
  ASSERT_TRUE(MakeSplit(options).ok());
  EXPECT_NE(Bytes("split.parquet"), bytes);
}

TEST_F(SplitTest, says_what_to_know_before_it_is_used) {
  SplitOptions options = OfGroups({{"a", 20}, {"b", 2}});
  options.folds = 3;
  const auto report = MakeSplit(options);
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_THAT(report->labels_of_few_groups, ElementsAre("b"));
  EXPECT_THAT(report->remarks, ElementsAre(HasSubstr("1 label has fewer groups than there are"),
                                           HasSubstr("a has 40 rows, b has 4")));
}

TEST_F(SplitTest, twins_across_the_split_are_counted) {
  SplitOptions options = Of({{"/train/a/1", "a"},
                             {"/train/b/2", "b"},
                             {"/val/a/3", "a"},
                             {"/test/a/4", "a", 0},
                             {"/test/b/5", "b", 2},
                             {"/test/b/6", "b"}});
  options.by = "official";
  const auto report = MakeSplit(options);
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_TRUE(report->twins_counted);
  EXPECT_EQ(report->part(SplitPart::kTest).rows_with_twin_in_training, 2);
  EXPECT_EQ(report->part(SplitPart::kCalibration).rows_with_twin_in_training, 0);
  EXPECT_THAT(
      report->remarks.front(),
      HasSubstr("2 of 3 test rows have a near twin in training or calibration, within 0.01"));
}

TEST_F(SplitTest, twins_in_another_fold_are_counted) {
  SplitOptions options = Of({{"/1", "a"}, {"/2", "b"}, {"/3", "a", 0}, {"/4", "b", 1}});
  options.folds = 2;
  const auto report = MakeSplit(options);
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->rows_with_twin_in_another_fold, 4);
  options.group = "duplicates";
  options.overwrite = true;
  EXPECT_EQ(MakeSplit(options)->rows_with_twin_in_another_fold, 0);
}

TEST_F(SplitTest, near_rows_are_never_on_two_sides) {
  std::vector<Row> rows;
  for (int i = 0; i < 60; ++i) {
    rows.push_back({"/i/" + std::to_string(i), i % 2 == 0 ? "a" : "b", i / 6 * 6});
  }
  SplitOptions options = Of(rows);
  options.group = "duplicates";
  options.test_share = 0.3;
  options.folds = 3;
  const auto report = MakeSplit(options);
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->groups, 10);
  EXPECT_EQ(report->part(SplitPart::kTest).rows, 18);
  EXPECT_EQ(report->part(SplitPart::kTest).rows_with_twin_in_training, 0);
  EXPECT_EQ(report->rows_with_twin_in_another_fold, 0);
  const auto told = Read();
  ASSERT_TRUE(told.ok()) << told.status();
  EXPECT_EQ(told->groups[1], "/i/6");
  for (size_t i = 0; i < rows.size(); ++i) {
    const size_t first = i / 6 * 6;
    EXPECT_EQ(told->part[i], told->part[first]) << i;
    EXPECT_EQ(told->fold[i], told->fold[first]) << i;
    EXPECT_EQ(told->group[i], told->group[first]) << i;
  }
}

TEST_F(SplitTest, bad_tables_are_refused) {
  using enum ErrorKind;
  const auto tell = [&](const std::vector<Row>& rows) {
    SplitOptions options = Of(rows);
    options.test_share = 0.5;
    return options;
  };
  ExpectRefused(tell({{"/1", "a"}, {"/2", std::nullopt}, {"/3", ""}}), kData,
                "2 rows have no label (null or empty); the first is /2");
  ExpectRefused(tell({{"/1", "a"}, {"/2", "a"}}), kData, "have one label, a");
  ExpectRefused(tell({{"/1", "a"}, {"/2", "b"}, {"/1", "b"}}), kData,
                "1 row has the path of another row, such as /1");
}

TEST_F(SplitTest, bad_options_are_refused) {
  using enum ErrorKind;
  const auto with = [&](const auto& change) {
    SplitOptions options = OfGroups({{"a", 3}, {"b", 3}});
    options.test_share = 0.5;
    change(options);
    return options;
  };
  ExpectRefused(with([](auto& o) { o.group = "("; }), kRequest,
                "option `group`: not a regular expression");
  ExpectRefused(with([](auto& o) { o.group = "a/([0-9]+)_"; }), kRequest,
                "option `group`: 6 of 12 paths do not match it, such as /i/b/0_F.jpg");
  ExpectRefused(with([](auto& o) { o.group = "^(/)"; }), kRequest, "all rows are of one group");
  ExpectRefused(with([](auto& o) { o.within = 1; }), kRequest,
                "option `within` must be 0 to below 1, not 1");
  ExpectRefused(with([](auto& o) { o.group_column = "visit"; }), kRequest, "exclude each other");
  ExpectRefused(with([](auto& o) { o.train = "a"; }), kRequest, "exclude each other");
  ExpectRefused(with([](auto& o) { o.test_share = 1; }), kRequest,
                "option `test_share` must be above 0 and below 1, not 1");
  ExpectRefused(with([](auto& o) { o.hold_out = {"pear"}; }), kRequest,
                "option `hold_out`: no row has the label pear");
  ExpectRefused(with([](auto& o) {
                  o.hold_out = {"a", "b"};
                }),
                kRequest, "no row is left to train");
  ExpectRefused(with([](auto& o) { o.folds = 7; }), kRequest, "option `folds` is 7");
  ExpectRefused(with([](auto& o) { o.folds = 1; }), kRequest, "option `folds` must be 2 to 100");
  ExpectRefused(with([](auto& o) {
                  o.test_share.reset();
                  o.train = "/pear";
                }),
                kRequest, "option `train`: no row is left to train on");
  ExpectRefused(with([](auto& o) {
                  o.test_share.reset();
                  o.by = "official";
                }),
                kRequest, "option `by=official`: 12 of 12 paths have no folder");
  ExpectRefused(with([](auto& o) { o.test_share.reset(); }), kRequest, "nothing says");
}

TEST_F(SplitTest, a_split_of_another_table_is_refused) {
  SplitOptions options = OfGroups({{"a", 3}, {"b", 3}});
  options.test_share = 0.5;
  ASSERT_TRUE(MakeSplit(options).ok());
  const std::string split = File("split.parquet");
  const auto lacking = ReadSplit(split, *Paths({paths_[0], "/other/1", "/other/2"}));
  EXPECT_EQ(KindOf(lacking.status()), ErrorKind::kRequest);
  EXPECT_THAT(lacking.status().message(),
              HasSubstr("it lacks 2 of the table's 3 rows, such as /other/1"));
  EXPECT_THAT(ReadSplit(split, *Paths({paths_[0], paths_[0]})).status().message(),
              HasSubstr("names 1 path more than once"));
  const auto fewer = ReadSplit(split, *Paths({paths_[3]}));
  ASSERT_TRUE(fewer.ok()) << fewer.status();
  EXPECT_EQ(fewer->unused, 11);
  EXPECT_EQ(KindOf(ReadSplit(options.features, *Paths(paths_)).status()), ErrorKind::kData);
  EXPECT_EQ(KindOf(ReadSplit(File("none"), *Paths(paths_)).status()), ErrorKind::kRequest);
}

}  // namespace
}  // namespace pomona
