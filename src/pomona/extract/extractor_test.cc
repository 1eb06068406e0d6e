#include "pomona/extract.h"

#include <arrow/api.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <iterator>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "pomona/list.h"
#include "temp_folder.h"

namespace pomona {
namespace {

using testing::HasSubstr;

constexpr int kSide = 32;

/// A PPM of a gradient and a stripe: no two are alike.
std::string Image(int seed) {
  std::string ppm = "P6 32 32 255\n";
  for (int i = 0; i < kSide * kSide; ++i) {
    ppm += static_cast<char>(i % kSide * 8);
    ppm += static_cast<char>((i + seed) % 7 == 0 ? 255 : seed * 37 % 256);
    ppm += static_cast<char>(i / kSide * 8);
  }
  return ppm;
}

std::shared_ptr<arrow::RecordBatch> Images(const std::vector<std::string>& images) {
  arrow::BinaryBuilder cells;
  // "null" stands for null.
  for (const std::string& image : images) {
    EXPECT_TRUE((image == "null" ? cells.AppendNull() : cells.Append(image)).ok());
  }
  return arrow::RecordBatch::Make(arrow::schema({arrow::field("content", arrow::binary())}),
                                  static_cast<int64_t>(images.size()), {*cells.Finish()});
}

std::shared_ptr<arrow::RecordBatchReader> Reader(arrow::RecordBatchVector batches) {
  const auto schema = batches[0]->schema();
  return arrow::RecordBatchReader::Make(std::move(batches), schema).ValueOrDie();
}

/// Seeds from `first` on, in batches of `rows`.
std::shared_ptr<arrow::RecordBatchReader> ManyImages(int first, int batches, int rows) {
  arrow::RecordBatchVector all;
  for (int b = 0; b < batches; ++b) {
    std::vector<std::string> images;
    for (int row = 0; row < rows; ++row) images.push_back(Image(first++));
    all.push_back(Images(images));
  }
  return Reader(std::move(all));
}

class ExtractorTest : public testing::Test {
 protected:
  /// Loaded once for all tests: that is how it is to be used.
  static Extractor& extractor() {
    static const auto loaded = [] {
      ExtractOptions options;
      options.threads = 2;
      options.share_cores = true;
      return Extractor::Load(options).ValueOrDie();
    }();
    return *loaded;
  }
};

TEST_F(ExtractorTest, ImagesInMemoryGiveTheRowsOfTheirFiles) {
  const TempFolder folder;
  std::vector<std::string> images;
  for (int i = 0; i < 9; ++i) {
    images.push_back(Image(i));
    folder.Write(std::to_string(i) + ".ppm", images.back());
  }
  ListOptions list;
  list.source = folder.string();
  list.globs = {"*.ppm"};
  list.batch_rows = 4;
  const auto files = ListImages(list).ValueOrDie();
  const auto expected =
      extractor().Extract(files).ValueOrDie()->ToTable().ValueOrDie()->GetColumnByName("features");
  const auto memory = extractor().ExtractImages(Reader({Images(images)})).ValueOrDie();
  const auto table = memory->ToTable().ValueOrDie();
  EXPECT_TRUE(table->schema()->Equals(*ImageFeatureSchema()));
  EXPECT_TRUE(table->GetColumnByName("features")->Equals(expected));
  EXPECT_EQ(memory->counters().images, 9);
  EXPECT_EQ(memory->counters().bytes, 9 * static_cast<int64_t>(images[0].size()));
  EXPECT_EQ(memory->counters().requests, 0);
}

TEST_F(ExtractorTest, ImagesInMemoryComeBackBatchForBatchWithTheirRejects) {
  const auto stream = extractor()
                          .ExtractImages(Reader({Images({Image(1), "null", ""}), Images({}),
                                                 Images({"no image", Image(1)})}))
                          .ValueOrDie();
  const auto batches = stream->ToRecordBatches().ValueOrDie();
  ASSERT_EQ(batches.size(), 3u);
  EXPECT_EQ(batches[0]->num_rows(), 3);
  EXPECT_EQ(batches[1]->num_rows(), 0);
  EXPECT_EQ(batches[2]->num_rows(), 2);
  const auto code = [&](size_t batch, int64_t row) {
    return batches[batch]->GetColumnByName("reject")->GetScalar(row).ValueOrDie()->ToString();
  };
  EXPECT_EQ(code(0, 0), "null");
  EXPECT_EQ(code(0, 1), "empty_file");
  EXPECT_EQ(code(0, 2), "empty_file");
  EXPECT_EQ(code(2, 0), "unsupported_format");
  EXPECT_TRUE(batches[0]
                  ->GetColumnByName("features")
                  ->Slice(0, 1)
                  ->Equals(batches[2]->GetColumnByName("features")->Slice(1, 1)));
  EXPECT_EQ(stream->counters().rejects, 3);
}

TEST(ExtractorLimits, FilesAboveMaxBytesAreRejectedUnread) {
  const TempFolder folder;
  const std::string image = Image(1);
  folder.Write("a.ppm", image);
  folder.Write("b.ppm", image + "x");
  folder.Write("c.ppm", image);
  ExtractOptions options;
  options.threads = 1;
  options.share_cores = true;
  options.image.max_bytes = static_cast<int64_t>(image.size());
  options.memory_bytes = 1;  // each of them is larger: one goes at a time
  const auto extractor = Extractor::Load(options).ValueOrDie();
  ListOptions list;
  list.source = folder.string();
  list.globs = {"*.ppm"};
  const auto files = extractor->Extract(ListImages(list).ValueOrDie()).ValueOrDie();
  const auto memory = extractor->ExtractImages(Reader({Images({image, image + "x"})})).ValueOrDie();
  const auto rejects = [](const std::shared_ptr<FeatureReader>& stream) {
    return stream->ToTable().ValueOrDie()->GetColumnByName("reject")->chunk(0)->ToString();
  };
  EXPECT_EQ(rejects(files), "[\n  null,\n  \"too_many_bytes\",\n  null\n]");
  EXPECT_EQ(files->counters().requests, 2) << "the large one was not read";
  EXPECT_EQ(rejects(memory), "[\n  null,\n  \"too_many_bytes\"\n]");
}

TEST_F(ExtractorTest, StreamsAtTheSameTimeGiveTheRowsThatTheyGiveAlone) {
  constexpr int kStreams = 3;
  const auto rows = [](int stream) {
    auto reader = extractor().ExtractImages(ManyImages(100 * stream, 6, 5)).ValueOrDie();
    return reader->ToTable().ValueOrDie();
  };
  std::vector<std::shared_ptr<arrow::Table>> alone;
  for (int i = 0; i < kStreams; ++i) alone.push_back(rows(i));
  EXPECT_FALSE(alone[0]->Equals(*alone[1]));

  std::vector<std::shared_ptr<arrow::Table>> together(kStreams);
  std::vector<std::thread> threads;
  for (int i = 0; i < kStreams; ++i) {
    threads.emplace_back([&, i] { together[static_cast<size_t>(i)] = rows(i); });
  }
  for (auto& thread : threads) thread.join();
  for (size_t i = 0; i < kStreams; ++i) EXPECT_TRUE(together[i]->Equals(*alone[i])) << i;
}

TEST_F(ExtractorTest, AStreamThatIsGivenUpHoldsUpNoOther) {
  auto idle = extractor().ExtractImages(ManyImages(0, 20, 5)).ValueOrDie();
  std::shared_ptr<arrow::RecordBatch> batch;
  ASSERT_TRUE(idle->ReadNext(&batch).ok());
  // It waits for its reader, with batches done and in work.
  EXPECT_EQ(extractor()
                .ExtractImages(ManyImages(0, 4, 5))
                .ValueOrDie()
                ->ToTable()
                .ValueOrDie()
                ->num_rows(),
            20);
  idle.reset();
  EXPECT_TRUE(extractor().ExtractImages(ManyImages(0, 1, 1)).ValueOrDie()->ToTable().ok());
}

TEST_F(ExtractorTest, AStreamOfOneImageDoesNotWaitForALongOne) {
  const auto large = extractor().ExtractImages(ManyImages(0, 4, 500)).ValueOrDie();
  while (large->counters().images == 0) std::this_thread::yield();
  const auto one = extractor().ExtractImages(ManyImages(0, 1, 1)).ValueOrDie();
  EXPECT_EQ(one->ToTable().ValueOrDie()->num_rows(), 1);
  EXPECT_LT(large->counters().images, 100) << "an image each, in turns";
  large->Cancel();
}

int64_t ThreadsOfThisProcess() {
  return std::distance(std::filesystem::directory_iterator("/proc/self/task"), {});
}

TEST_F(ExtractorTest, AStreamAfterTheFirstStartsNoThread) {
  EXPECT_TRUE(extractor().ExtractImages(ManyImages(0, 1, 2)).ValueOrDie()->ToTable().ok());
  const int64_t threads = ThreadsOfThisProcess();
  const auto stream = extractor().ExtractImages(ManyImages(0, 20, 5)).ValueOrDie();
  std::shared_ptr<arrow::RecordBatch> batch;
  ASSERT_TRUE(stream->ReadNext(&batch).ok());
  EXPECT_EQ(ThreadsOfThisProcess(), threads);
  EXPECT_EQ(stream->counters().workers, 2);
}

/// Batches of nulls, and how many were taken.
class NullImages : public arrow::RecordBatchReader {
 public:
  NullImages(int batches, int64_t rows) : left_(batches), rows_(rows) {}
  std::shared_ptr<arrow::Schema> schema() const override { return Images({})->schema(); }
  arrow::Status ReadNext(std::shared_ptr<arrow::RecordBatch>* batch) override {
    batch->reset();
    if (left_-- == 0) return arrow::Status::OK();
    ++taken_;
    *batch = arrow::RecordBatch::Make(
        schema(), rows_, {arrow::MakeArrayOfNull(arrow::binary(), rows_).ValueOrDie()});
    return arrow::Status::OK();
  }
  int taken() const { return taken_; }

 private:
  int left_;
  const int64_t rows_;
  std::atomic<int> taken_{0};
};

TEST_F(ExtractorTest, TheInputIsTakenABoundedNumberOfRowsAhead) {
  struct Case {
    int64_t rows;
    int ahead;
  };
  // One more waits to be opened.
  for (const Case& c : {Case{10, 8 + 1}, Case{3000, 3 + 1}, Case{20'000, 2 + 1}}) {
    const auto input = std::make_shared<NullImages>(30, c.rows);
    const auto stream = extractor().ExtractImages(input).ValueOrDie();
    for (int read = 0; read < 30; ++read) {
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
      EXPECT_LE(input->taken(), read + c.ahead) << c.rows;
      std::shared_ptr<arrow::RecordBatch> batch;
      ASSERT_TRUE(stream->ReadNext(&batch).ok());
      ASSERT_EQ(batch->num_rows(), c.rows);
    }
  }
}

TEST_F(ExtractorTest, PathsAloneGiveTheFeaturesOfTheListing) {
  const TempFolder folder;
  const std::string path = folder.Write("a b%20.ppm", Image(3));
  ListOptions list;
  list.source = path;
  const auto listed = ListImages(list).ValueOrDie()->ToRecordBatches().ValueOrDie();
  arrow::ArrayVector columns = listed[0]->columns();
  for (size_t i = 1; i < columns.size(); ++i) {
    columns[i] = arrow::MakeArrayOfNull(columns[i]->type(), 1).ValueOrDie();
  }
  const auto paths = arrow::RecordBatch::Make(ReferenceSchema(), 1, columns);
  const auto features = [](const std::shared_ptr<arrow::RecordBatch>& references) {
    const auto rows =
        extractor().Extract(Reader({references})).ValueOrDie()->ToTable().ValueOrDie();
    EXPECT_TRUE(rows->ValidateFull().ok());
    EXPECT_EQ(rows->GetColumnByName("reject")->null_count(), 1);
    return rows->GetColumnByName("features");
  };
  EXPECT_TRUE(features(paths)->Equals(features(listed[0])));
}

TEST_F(ExtractorTest, AnErrorOfTheInputIsTheErrorOfTheStream) {
  class Broken : public arrow::RecordBatchReader {
   public:
    std::shared_ptr<arrow::Schema> schema() const override { return Images({})->schema(); }
    arrow::Status ReadNext(std::shared_ptr<arrow::RecordBatch>* batch) override {
      if (std::exchange(read_, true)) return arrow::Status::IOError("input broke");
      *batch = Images({Image(1)});
      return arrow::Status::OK();
    }

   private:
    bool read_ = false;
  };
  const auto stream = extractor().ExtractImages(std::make_shared<Broken>()).ValueOrDie();
  const auto status = stream->ToTable().status();
  EXPECT_TRUE(status.IsIOError());
  EXPECT_THAT(status.message(), HasSubstr("input broke"));
}

TEST_F(ExtractorTest, OtherColumnsAreInvalid) {
  EXPECT_TRUE(extractor().Extract(ManyImages(0, 1, 1)).status().IsInvalid());
  const auto references = arrow::RecordBatchReader::Make({}, ReferenceSchema()).ValueOrDie();
  EXPECT_TRUE(extractor().ExtractImages(references).status().IsInvalid());
}

}  // namespace
}  // namespace pomona
