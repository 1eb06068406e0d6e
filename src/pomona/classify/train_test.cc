#include "pomona/train.h"

#include <arrow/array.h>
#include <arrow/builder.h>
#include <arrow/io/file.h>
#include <arrow/table.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <parquet/arrow/writer.h>

#include <fstream>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "pomona/error_kind.h"
#include "pomona/evaluate.h"
#include "pomona/features/feature_matrix.h"
#include "pomona/predict.h"
#include "pomona/split.h"
#include "temp_folder.h"

namespace pomona {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;

constexpr int kRows = 240;
constexpr int kDim = 5;
const std::vector<std::string> kLabels = {"apple", "lemon", "pear"};

/// Rows about a centre for each label, twelve groups of them, and a turned view of each.
class TrainTest : public testing::Test {
 protected:
  TrainTest() { EXPECT_TRUE(Write().ok()); }

  std::string Path(const std::string& name) const { return folder_.string() + "/" + name; }

  TrainOptions Options(const std::string& output) const {
    TrainOptions options;
    options.features = Path("rows.parquet");
    options.output = Path(output);
    return options;
  }

  std::string BytesOf(const std::string& name) const {
    std::ifstream file(Path(name), std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

 protected:
  const TempFolder folder_;

 private:
  float Next() {
    state_ = state_ * 1664525U + 1013904223U;
    return static_cast<float>(state_ >> 8) / static_cast<float>(1 << 24) - 0.5F;
  }

  arrow::Status Write() {
    arrow::StringBuilder path;
    arrow::StringBuilder label;
    const auto numbers = std::make_shared<arrow::FloatBuilder>();
    arrow::ListBuilder features(arrow::default_memory_pool(), numbers);
    const auto turned = std::make_shared<arrow::FloatBuilder>();
    const auto lists = std::make_shared<arrow::ListBuilder>(arrow::default_memory_pool(), turned);
    const auto names = std::make_shared<arrow::StringBuilder>();
    const auto type = arrow::struct_(
        {arrow::field("view", arrow::utf8()), arrow::field("features", lists->type())});
    const auto view = std::make_shared<arrow::StructBuilder>(
        type, arrow::default_memory_pool(),
        std::vector<std::shared_ptr<arrow::ArrayBuilder>>{names, lists});
    arrow::ListBuilder views(arrow::default_memory_pool(), view);
    for (int r = 0; r < kRows; ++r) {
      const auto c = static_cast<size_t>(r) % kLabels.size();
      ARROW_RETURN_NOT_OK(path.Append("/g" + std::to_string(r / 20) + "_" + std::to_string(r)));
      ARROW_RETURN_NOT_OK(label.Append(kLabels[c]));
      ARROW_RETURN_NOT_OK(features.Append());
      ARROW_RETURN_NOT_OK(views.Append());
      ARROW_RETURN_NOT_OK(view->Append());
      ARROW_RETURN_NOT_OK(names->Append("mirror"));
      ARROW_RETURN_NOT_OK(lists->Append());
      for (int i = 0; i < kDim; ++i) {
        const float centre = static_cast<size_t>(i) == c ? 0.6F : 0;
        ARROW_RETURN_NOT_OK(numbers->Append(centre + Next()));
        ARROW_RETURN_NOT_OK(turned->Append(centre + Next()));
      }
    }
    const auto schema = arrow::schema(
        {arrow::field("path", arrow::utf8()), arrow::field("label", arrow::utf8()),
         arrow::field("features", features.type()), arrow::field("views", views.type())});
    arrow::ArrayVector columns(4);
    ARROW_RETURN_NOT_OK(path.Finish(&columns[0]));
    ARROW_RETURN_NOT_OK(label.Finish(&columns[1]));
    ARROW_RETURN_NOT_OK(features.Finish(&columns[2]));
    ARROW_RETURN_NOT_OK(views.Finish(&columns[3]));
    ARROW_ASSIGN_OR_RAISE(const auto sink, arrow::io::FileOutputStream::Open(Path("rows.parquet")));
    ARROW_RETURN_NOT_OK(parquet::arrow::WriteTable(*arrow::Table::Make(schema, columns),
                                                   arrow::default_memory_pool(), sink, 64));
    return sink->Close();
  }

  uint32_t state_ = 1;
};

TEST_F(TrainTest, threads_change_nothing) {
  TrainOptions options = Options("one");
  options.threads = 1;
  const auto one = Train(options);
  ASSERT_TRUE(one.ok()) << one.status();
  EXPECT_EQ(one->rows, kRows);
  EXPECT_EQ(one->views, kRows);
  options = Options("three");
  options.threads = 3;
  ASSERT_TRUE(Train(options).ok());
  EXPECT_EQ(BytesOf("one"), BytesOf("three"));
}

TEST_F(TrainTest, what_is_learned_judges_and_answers) {
  SplitOptions split;
  split.features = Path("rows.parquet");
  split.split = Path("split");
  split.group = "/(g[0-9]+)_";
  split.train = "^g[0-8]$";
  split.folds = 3;
  split.threads = 2;
  ASSERT_TRUE(MakeSplit(split).ok());

  TrainOptions train = Options("classifier");
  train.split = Path("split");
  train.threads = 2;
  const auto trained = Train(train);
  ASSERT_TRUE(trained.ok()) << trained.status();
  EXPECT_THAT(trained->classifier->labels(), ElementsAre("apple", "lemon", "pear"));
  EXPECT_TRUE(trained->honest_folds);
  EXPECT_EQ(trained->rows, 180);

  EvaluateOptions evaluate;
  evaluate.features = Path("rows.parquet");
  evaluate.classifier = Path("classifier");
  evaluate.split = Path("split");
  evaluate.draws = 50;
  evaluate.threads = 2;
  const auto judged = Evaluate(evaluate);
  ASSERT_TRUE(judged.ok()) << judged.status();
  ASSERT_THAT(judged->evaluations, SizeIs(1));
  EXPECT_EQ(judged->evaluations[0].rows, 60);
  EXPECT_GT(judged->evaluations[0].accuracy.value, 0.7);

  PredictOptions predict;
  predict.run.list.source = Path("rows.parquet");
  predict.run.output = Path("answers");
  predict.classifier = Path("classifier");
  predict.run.extract.threads = 2;
  const auto answered = Predict(predict);
  ASSERT_TRUE(answered.ok()) << answered.status();
  EXPECT_EQ(answered->rows, kRows);
  const auto again = Predict(predict);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_TRUE(again->finished_before);
}

TEST_F(TrainTest, a_stop_ends_it_and_nothing_is_written) {
  arrow::StopSource stop;
  TrainOptions options = Options("none");
  options.stop = stop.token();
  stop.RequestStop();
  EXPECT_TRUE(Train(options).status().IsCancelled());
  EXPECT_EQ(BytesOf("none"), "");
}

TEST_F(TrainTest, several_targets_are_one_file) {
  folder_.Write("map.csv",
                "from,colour,kind\napple,red,round\nlemon,yellow,oval\npear,yellow,round\n");
  TrainOptions options = Options("both");
  options.labels = Path("map.csv");
  options.targets = {"kind", "colour"};
  EXPECT_TRUE(Train(options).status().IsInvalid());
  EXPECT_EQ(BytesOf("both"), "");
  const auto reports = TrainTargets(options);
  ASSERT_TRUE(reports.ok()) << reports.status();
  ASSERT_THAT(*reports, SizeIs(2));
  const auto loaded = LoadClassifiers(Path("both"));
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  ASSERT_THAT(*loaded, SizeIs(2));
  EXPECT_EQ(loaded->front().target(), "kind");
  EXPECT_THAT(LoadClassifier(Path("both"), {}, "colour")->labels(), ElementsAre("red", "yellow"));
  EXPECT_TRUE(LoadClassifier(Path("both")).status().IsInvalid());
  EXPECT_TRUE(LoadClassifier(Path("both"), {}, "taste").status().IsInvalid());
  // One of them is as it is learned alone, and goes into a file of its own.
  options.targets = {"colour"};
  options.output = Path("colour");
  ASSERT_TRUE(Train(options).ok());
  ASSERT_TRUE(SaveClassifier((*loaded)[1], Path("saved"), false).ok());
  EXPECT_EQ(BytesOf("saved"), BytesOf("colour"));

  EvaluateOptions evaluate;
  evaluate.features = Path("rows.parquet");
  evaluate.classifier = Path("both");
  evaluate.labels = Path("map.csv");
  evaluate.draws = 0;
  EXPECT_TRUE(Evaluate(evaluate).status().IsInvalid());
  EXPECT_THAT(*EvaluateTargets(evaluate), SizeIs(2));
  evaluate.target = "colour";
  EXPECT_EQ(Evaluate(evaluate)->target, "colour");
}

TEST_F(TrainTest, prototypes_are_rows_of_their_class_and_nearest_to_themselves) {
  TrainOptions options = Options("c");
  options.prototypes = 2;
  const auto report = Train(options);
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->prototypes, 6);
  const auto classifier = LoadClassifier(Path("c"));
  ASSERT_TRUE(classifier.ok()) << classifier.status();
  const auto table =
      FeatureTable::Open({.uri = options.features, .column = "features", .storage = {}});
  const auto matrix =
      ReadFeatureMatrix(**table, "table", "features", arrow::StopToken::Unstoppable()).ValueOrDie();
  int32_t number = 0;
  for (size_t c = 0; c < kLabels.size(); ++c) {
    ASSERT_THAT(classifier->prototypes()[c], SizeIs(2));
    for (const Prototype& one : classifier->prototypes()[c]) {
      const auto row = std::stoll(one.path.substr(one.path.find('_') + 1));
      EXPECT_EQ(matrix.label->GetString(row), kLabels[c]);
      EXPECT_EQ(classifier->Answer(matrix.row(row).data(), 1, 1, 1).nearest.front(), number++);
    }
  }
  EXPECT_THAT(classifier->Answer(matrix.row(0).data(), 1, 1, 20).nearest, SizeIs(6));
  EXPECT_THAT(classifier->Answer(matrix.row(0).data(), 1).nearest, SizeIs(0));
}

/// The rows of the table, in memory.
RowsToLearn InMemory(const std::vector<float>& values, int64_t dim,
                     std::vector<std::string> labels) {
  return {.values = values, .dim = dim, .labels = std::move(labels), .groups = {}};
}

TEST_F(TrainTest, rows_in_memory_teach_what_their_table_does) {
  TrainOptions options = Options("c");
  options.views = false;
  const auto of_table = Train(options);
  ASSERT_TRUE(of_table.ok()) << of_table.status();
  const auto table =
      FeatureTable::Open({.uri = options.features, .column = "features", .storage = {}});
  const auto matrix =
      ReadFeatureMatrix(**table, "table", "features", arrow::StopToken::Unstoppable()).ValueOrDie();
  std::vector<float> values;
  std::vector<std::string> labels;
  for (int64_t i = 0; i < matrix.rows; ++i) {
    values.insert(values.end(), matrix.row(i).begin(), matrix.row(i).end());
    labels.push_back(matrix.label->GetString(i));
  }
  RowsToLearn rows = InMemory(values, kDim, labels);
  const auto report = TrainOnRows(rows, {});
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->shrinkage, of_table->shrinkage);
  const auto answer = report->classifier->Answer(values.data(), kRows);
  EXPECT_EQ(answer.probabilities, of_table->classifier->Answer(values.data(), kRows).probabilities);
  EXPECT_FALSE(report->honest_folds);

  for (int r = 0; r < kRows; ++r) rows.groups.push_back(r / 20);
  const auto grouped = TrainOnRows(rows, {});
  ASSERT_TRUE(grouped.ok()) << grouped.status();
  EXPECT_TRUE(grouped->honest_folds);
  EXPECT_EQ(grouped->folds, 5);
}

TEST(TrainOnRows, RefusesWhatIsNotARowEach) {
  const std::vector<float> values = {1, 2, 3, 4};
  const auto status = [&](const RowsToLearn& rows, const TrainOptions& options = {}) {
    return TrainOnRows(rows, options).status();
  };
  EXPECT_TRUE(status(InMemory(values, 2, {"a"})).IsInvalid());
  EXPECT_TRUE(status(InMemory(values, 0, {"a", "b"})).IsInvalid());
  EXPECT_TRUE(status(InMemory(values, 2, {"a", ""})).IsInvalid());
  EXPECT_EQ(KindOf(status(InMemory(values, 2, {"a", "a"}))), ErrorKind::kData);
  RowsToLearn rows = InMemory(values, 2, {"a", "b"});
  rows.groups = {0};
  EXPECT_TRUE(status(rows).IsInvalid());
  rows.groups = {0, 2};
  EXPECT_TRUE(status(rows).IsInvalid());
  rows.groups = {1, 1};
  EXPECT_TRUE(status(rows).IsInvalid());
  rows.groups.clear();
  TrainOptions options;
  options.coverage = 1;
  EXPECT_TRUE(status(rows, options).IsInvalid());
}

}  // namespace
}  // namespace pomona
