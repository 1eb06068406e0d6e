#include "pomona/predict.h"

#include <arrow/array.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "hooked_file_system.h"
#include "pomona/error_kind.h"
#include "pomona/predict/source_kind.h"
#include "pomona/table/manifest.h"
#include "pomona/table/part_reader.h"
#include "pomona/train.h"
#include "temp_folder.h"
#include "test_rows.h"

namespace pomona {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

constexpr int kSide = 24;
constexpr int kImages = 8;  // of each label

/// A plain colour with stripes: a PPM file.
std::string Picture(int red, int seed) {
  std::string bytes = "P6 " + std::to_string(kSide) + " " + std::to_string(kSide) + " 255\n";
  for (int i = 0; i < kSide * kSide; ++i) {
    const int stripe = (i + seed) % 7 == 0 ? 60 : 0;
    for (const int value : {red + stripe, 90 + seed * 5, 40 + stripe}) {
      bytes += static_cast<char>(value);
    }
  }
  return bytes;
}

RunOptions RunOf(const std::string& images, const std::string& output) {
  static const TempFolder cache;
  RunOptions options;
  options.list.source = images;
  options.list.globs = {"*.ppm"};
  options.output = output;
  options.rows_per_file = 5;
  options.extract.cache_dir = cache.string();
  options.extract.share_cores = true;
  return options;
}

/// Sixteen images of two labels, their features, and a classifier that learned from them.
class Learned {
 public:
  static const Learned& Once() {
    static const Learned learned;
    return learned;
  }

  std::string Path(const std::string& name) const { return folder_.string() + "/" + name; }

 private:
  Learned() {
    for (int i = 0; i < kImages; ++i) {
      folder_.Write("images/apple/" + std::to_string(i) + ".ppm", Picture(190, i));
      folder_.Write("images/lemon/" + std::to_string(i) + ".ppm", Picture(20, i));
    }
    EXPECT_TRUE(Run(RunOf(Path("images"), Path("features"))).ok());
    TrainOptions train;
    train.features = Path("features");
    train.output = Path("classifier");
    train.threads = 1;
    EXPECT_TRUE(Train(train).ok());
  }

  const TempFolder folder_;
};

class PredictTest : public testing::Test {
 protected:
  std::string Path(const std::string& name) const { return folder_.string() + "/" + name; }

  RunOptions OfImages(const std::string& output) const {
    return RunOf(learned_.Path("images"), Path(output));
  }

  PredictOptions Options(const std::string& output) const {
    PredictOptions options;
    options.run = OfImages(output);
    options.classifier = learned_.Path("classifier");
    return options;
  }

  PredictOptions OfTable(const std::string& output) const {
    PredictOptions options;
    options.run.list.source = learned_.Path("features");
    options.run.output = Path(output);
    options.classifier = learned_.Path("classifier");
    return options;
  }

  /// All rows of a table, as text.
  std::string Rows(const std::string& output) const {
    const auto store = OutputStore::Make(HookedFileSystem::LocalDisk(), Path(output), output);
    arrow::RecordBatchVector batches;
    const auto manifest = *Manifest::Load(*store).ValueOrDie();
    for (const auto& part : manifest.parts()) {
      const auto rows = ReadTableFile(*store, part.data).ValueOrDie();
      batches.push_back(rows->ReplaceSchemaMetadata(nullptr));
    }
    const auto table = arrow::Table::FromRecordBatches(batches).ValueOrDie();
    return table->CombineChunks().ValueOrDie()->ToString();
  }

  const Learned& learned_ = Learned::Once();
  const TempFolder folder_;
};

TEST_F(PredictTest, images_get_the_answers_of_their_features) {
  int told = 0;
  auto options = Options("answers");
  options.run.on_progress = [&](const RunProgress&) { ++told; };
  const auto report = Predict(options);
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->rows, 2 * kImages);
  EXPECT_EQ(report->parts, 4);
  ASSERT_TRUE(report->run);
  EXPECT_EQ(report->run->images, 2 * kImages);
  EXPECT_EQ(report->run->counts.at("single"), report->targets.front().single);
  EXPECT_GT(told, 0);
  ASSERT_TRUE(Predict(OfTable("of-table")).ok());
  EXPECT_EQ(Rows("answers"), Rows("of-table"));

  const auto again = Predict(Options("answers"));
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_TRUE(again->finished_before);
  EXPECT_EQ(again->rows, 2 * kImages);
}

TEST_F(PredictTest, what_makes_features_is_the_classifiers) {
  auto options = Options("answers");
  options.run.extract.input_size = 96;
  const auto status = Predict(options).status();
  EXPECT_EQ(KindOf(status), ErrorKind::kRequest);
  EXPECT_THAT(status.message(), HasSubstr("`input_size`"));
  EXPECT_FALSE(std::filesystem::exists(Path("answers")));
}

TEST_F(PredictTest, a_table_takes_no_option_of_images) {
  auto options = OfTable("answers");
  options.run.max_rejects = RejectLimit::Parse("3").ValueOrDie();
  EXPECT_THAT(Predict(options).status().message(), HasSubstr("`max_rejects` is for images"));
  EXPECT_THAT(PlanPredict(OfTable("answers")).status().message(), HasSubstr("is a feature table"));
  EXPECT_FALSE(std::filesystem::exists(Path("answers")));
}

TEST_F(PredictTest, a_plan_tells_what_it_would_do) {
  const auto plan = PlanPredict(Options("answers"));
  ASSERT_TRUE(plan.ok()) << plan.status();
  EXPECT_THAT(plan->parts, SizeIs(4));
  EXPECT_EQ(plan->added, 2 * kImages);
  EXPECT_FALSE(std::filesystem::exists(Path("answers")));
  ASSERT_TRUE(Predict(Options("answers")).ok());
  EXPECT_TRUE(PlanPredict(Options("answers"))->finished);
  // Features are another table.
  EXPECT_THAT(MakePlan(OfImages("answers"))->refusal, HasSubstr("classifier: "));
}

TEST_F(PredictTest, a_source_is_a_table_by_what_lies_in_it) {
  const auto is_table = [&](const std::string& source) {
    ListOptions list;
    list.source = source;
    list.globs = {"*.ppm"};
    return IsFeatureTable(list);
  };
  EXPECT_TRUE(*is_table(learned_.Path("features")));
  EXPECT_FALSE(*is_table(learned_.Path("images")));
  EXPECT_FALSE(*is_table(learned_.Path("images/apple/0.ppm")));
  EXPECT_FALSE(*is_table(Path("missing")));
  folder_.Write("texts/a.txt", "text");
  EXPECT_EQ(KindOf(is_table(Path("texts")).status()), ErrorKind::kRequest);
  folder_.Write("texts/0.parquet", "PAR1");
  EXPECT_TRUE(*is_table(Path("texts")));
  EXPECT_TRUE(*is_table(Path("texts/0.parquet")));
  folder_.Write("texts/b.ppm", Picture(0, 0));
  EXPECT_FALSE(*is_table(Path("texts")));
}

}  // namespace
}  // namespace pomona
