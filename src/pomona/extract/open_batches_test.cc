#include "pomona/extract/open_batches.h"

#include <thread>

#include <gtest/gtest.h>

namespace pomona {
namespace {

const arrow::StopToken kNever = arrow::StopToken::Unstoppable();

constexpr int64_t kManyRows = 1000;

std::unique_ptr<FeatureBatch> Rows(int64_t rows) {
  const auto images = arrow::RecordBatch::Make(arrow::schema({}), rows, arrow::ArrayVector{});
  return FeatureBatch::Make(images, {1, {}, false}).ValueOrDie();
}

std::unique_ptr<FeatureBatch> OneRow() { return Rows(1); }

void Close(OpenBatches& batches, FeatureBatch* batch) {
  const float feature = 0;
  if (batch->SetFeatures(0, 0, &feature)) batches.Wake();
}

TEST(OpenBatchesTest, LeaveInTheirOrderWhateverOrderTheyFillIn) {
  OpenBatches batches(4, kManyRows);
  FeatureBatch* first = batches.Add(OneRow());
  FeatureBatch* second = batches.Add(OneRow());
  batches.Close();
  Close(batches, second);
  Close(batches, first);
  EXPECT_EQ(batches.Next(kNever).ValueOrDie().get(), first);
  EXPECT_EQ(batches.Next(kNever).ValueOrDie().get(), second);
  EXPECT_EQ(batches.Next(kNever).ValueOrDie(), nullptr);
}

TEST(OpenBatchesTest, AddWaitsUntilOneLeaves) {
  OpenBatches batches(1, kManyRows);
  Close(batches, batches.Add(OneRow()));
  std::atomic<bool> added{false};
  std::thread feeder([&] {
    batches.Add(OneRow());
    added = true;
  });
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  EXPECT_FALSE(added);
  EXPECT_NE(batches.Next(kNever).ValueOrDie(), nullptr);
  feeder.join();
  EXPECT_TRUE(added);
}

TEST(OpenBatchesTest, LargeBatchesAreFewerButNeverLessThanTwo) {
  OpenBatches batches(8, 100);
  const float feature = 0;
  FeatureBatch* first = batches.Add(Rows(100));
  batches.Add(Rows(100));
  std::atomic<bool> added{false};
  std::thread feeder([&] {
    batches.Add(OneRow());
    added = true;
  });
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  EXPECT_FALSE(added);
  for (int64_t row = 0; row < 100; ++row) first->SetFeatures(row, 0, &feature);
  EXPECT_NE(batches.Next(kNever).ValueOrDie(), nullptr);
  feeder.join();
  EXPECT_TRUE(added);
}

TEST(OpenBatchesTest, AFailureComesAfterTheBatchesThatWereDone) {
  OpenBatches batches(4, kManyRows);
  Close(batches, batches.Add(OneRow()));
  batches.Add(OneRow());
  batches.Fail(arrow::Status::IOError("first"));
  batches.Fail(arrow::Status::IOError("second"));
  EXPECT_NE(batches.Next(kNever).ValueOrDie(), nullptr);
  EXPECT_EQ(batches.Next(kNever).status().message(), "first");
}

TEST(OpenBatchesTest, AnErrorAtTheEndComesAfterAllBatches) {
  OpenBatches batches(4, kManyRows);
  auto* batch = batches.Add(OneRow());
  batches.Close(arrow::Status::IOError("of the source"));
  batches.Close();
  Close(batches, batch);
  EXPECT_NE(batches.Next(kNever).ValueOrDie(), nullptr);
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(batches.Next(kNever).status().message(), "of the source");
  }
}

TEST(OpenBatchesTest, StopEndsAddAndTheTokenEndsNext) {
  OpenBatches batches(1, kManyRows);
  batches.Add(OneRow());
  std::thread feeder([&] { EXPECT_EQ(batches.Add(OneRow()), nullptr); });
  arrow::StopSource source;
  std::thread stopper([&] { source.RequestStop(); });
  EXPECT_TRUE(batches.Next(source.token()).status().IsCancelled());
  batches.Stop();
  feeder.join();
  stopper.join();
}

}  // namespace
}  // namespace pomona
