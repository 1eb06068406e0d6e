#include "pomona/extract/feature_batch.h"

#include <thread>
#include <vector>

#include <arrow/api.h>
#include <gtest/gtest.h>

#include "pomona/extract.h"
#include "pomona/list.h"

namespace pomona {
namespace {

constexpr int kDim = 3;

std::shared_ptr<arrow::RecordBatch> References(int64_t rows) {
  arrow::StringBuilder uri, version, label;
  arrow::Int64Builder size;
  arrow::TimestampBuilder mtime(ReferenceSchema()->field(2)->type(), arrow::default_memory_pool());
  for (int64_t i = 0; i < rows; ++i) {
    EXPECT_TRUE(uri.Append("file:/" + std::to_string(i)).ok());
    EXPECT_TRUE(size.Append(10 * i).ok());
    EXPECT_TRUE((i % 2 == 0 ? mtime.Append(i) : mtime.AppendNull()).ok());
    EXPECT_TRUE((i % 2 == 0 ? version.AppendNull() : version.Append("etag")).ok());
    EXPECT_TRUE(label.Append("Lemon").ok());
  }
  return arrow::RecordBatch::Make(
      ReferenceSchema(), rows,
      {*uri.Finish(), *size.Finish(), *mtime.Finish(), *version.Finish(), *label.Finish()});
}

std::unique_ptr<FeatureBatch> Batch(std::shared_ptr<arrow::RecordBatch> references) {
  return FeatureBatch::Make(std::move(references), {kDim, {}, false}).ValueOrDie();
}

std::vector<float> RowOf(int64_t row) {
  const auto value = static_cast<float>(row);
  return {value, value + 0.25F, value + 0.5F};
}

TEST(FeatureBatchTest, SaysWhenItsLastRowIsSet) {
  auto batch = Batch(References(3));
  EXPECT_FALSE(batch->done());
  EXPECT_FALSE(batch->SetFeatures(2, 0, RowOf(2).data()));
  EXPECT_FALSE(batch->SetReject(0, RejectReason::kCorrupt, "bits"));
  EXPECT_TRUE(batch->SetFeatures(1, 0, RowOf(1).data()));
  EXPECT_TRUE(batch->done());
}

TEST(FeatureBatchTest, AnEmptyBatchIsDone) { EXPECT_TRUE(Batch(References(0))->done()); }

TEST(FeatureBatchTest, KeepsTheOrderAndClosesTheHolesOfRejects) {
  auto batch = Batch(References(5));
  for (const int64_t row : {4, 0, 2}) batch->SetFeatures(row, 0, RowOf(row).data());
  batch->SetReject(1, RejectReason::kEmptyFile, "no bytes");
  batch->SetReject(3, RejectReason::kTimeout, "30 s");
  const auto rows = batch->Finish().ValueOrDie();
  ASSERT_TRUE(rows->ValidateFull().ok());
  EXPECT_TRUE(rows->schema()->Equals(*FeatureSchema()));

  const auto& features = static_cast<const arrow::ListArray&>(*rows->GetColumnByName("features"));
  const auto& reject = static_cast<const arrow::StringArray&>(*rows->GetColumnByName("reject"));
  const auto& message = static_cast<const arrow::StringArray&>(*rows->GetColumnByName("message"));
  for (const int64_t row : {0, 2, 4}) {
    const auto values = features.value_slice(row);
    ASSERT_EQ(values->length(), kDim);
    for (int i = 0; i < kDim; ++i) {
      EXPECT_EQ(static_cast<const arrow::FloatArray&>(*values).Value(i),
                RowOf(row)[static_cast<size_t>(i)]);
    }
    EXPECT_TRUE(reject.IsNull(row));
  }
  EXPECT_TRUE(features.IsNull(1));
  EXPECT_TRUE(features.IsNull(3));
  EXPECT_EQ(features.values()->length(), 3 * kDim);
  EXPECT_EQ(reject.GetString(1), "empty_file");
  EXPECT_EQ(message.GetString(3), "30 s");
}

TEST(FeatureBatchTest, NamesItsImages) {
  EXPECT_EQ(Batch(References(6)->Slice(2, 3))->name(1), "file:/3");
  const auto nameless = arrow::RecordBatch::Make(arrow::schema({}), 4, arrow::ArrayVector{});
  EXPECT_EQ(Batch(nameless)->name(3), "image 3 of its batch");
}

TEST(FeatureBatchTest, WithoutColumnsThereAreFeaturesOnly) {
  auto batch = Batch(arrow::RecordBatch::Make(arrow::schema({}), 2, arrow::ArrayVector{}));
  batch->SetFeatures(1, 0, RowOf(1).data());
  batch->SetReject(0, RejectReason::kCorrupt, "bits");
  const auto rows = batch->Finish().ValueOrDie();
  ASSERT_TRUE(rows->ValidateFull().ok());
  EXPECT_TRUE(rows->schema()->Equals(*ImageFeatureSchema()));
  EXPECT_EQ(rows->num_rows(), 2);
}

TEST(FeatureBatchTest, KeepsTheFeaturesOfViewsInAColumnOfTheirOwn) {
  const RowShape shape{kDim, {View::kRot90, View::kMirror}, false};
  auto batch = FeatureBatch::Make(References(3), shape).ValueOrDie();
  // Row r's look l is 10 r + l; they come in any order.
  const auto set = [&](int64_t row, int look) {
    return batch->SetFeatures(row, look, RowOf(10 * row + look).data());
  };
  for (const int look : {2, 0, 1}) EXPECT_FALSE(set(2, look));
  EXPECT_FALSE(batch->SetReject(1, RejectReason::kCorrupt, "bits"));
  EXPECT_FALSE(set(0, 0));
  EXPECT_FALSE(set(0, 1));
  EXPECT_TRUE(set(0, 2));
  const auto rows = batch->Finish().ValueOrDie();
  ASSERT_TRUE(rows->ValidateFull().ok());
  EXPECT_TRUE(rows->schema()->Equals(*FeatureSchema(/*views=*/true)));
  const auto& features = static_cast<const arrow::ListArray&>(*rows->GetColumnByName("features"));
  const auto& first =
      static_cast<const arrow::FloatArray&>(*features.values()->Slice(kDim));  // of row 2
  EXPECT_EQ(first.Value(0), 20);
  const auto& views = static_cast<const arrow::ListArray&>(*rows->GetColumnByName("views"));
  EXPECT_TRUE(views.IsNull(1));
  EXPECT_EQ(views.value_length(2), 2);
  const auto& view = static_cast<const arrow::StructArray&>(*views.values());
  ASSERT_EQ(view.length(), 4);
  EXPECT_EQ(static_cast<const arrow::StringArray&>(*view.field(0)).GetString(3), "mirror");
  const auto& lists = static_cast<const arrow::ListArray&>(*view.field(1));
  EXPECT_EQ(static_cast<const arrow::FloatArray&>(*lists.value_slice(3)).Value(1), 22.25F);
}

TEST(FeatureBatchTest, AveragesThePictureAndItsViews) {
  const RowShape shape{kDim, {View::kRot90, View::kMirror}, true};
  auto batch = FeatureBatch::Make(References(1), shape).ValueOrDie();
  EXPECT_FALSE(batch->SetFeatures(0, 1, RowOf(4).data()));
  EXPECT_FALSE(batch->SetFeatures(0, 0, RowOf(1).data()));
  EXPECT_TRUE(batch->SetFeatures(0, 2, RowOf(7).data()));
  const auto rows = batch->Finish().ValueOrDie();
  EXPECT_TRUE(rows->schema()->Equals(*FeatureSchema()));
  const auto& features = static_cast<const arrow::ListArray&>(*rows->GetColumnByName("features"));
  EXPECT_EQ(static_cast<const arrow::FloatArray&>(*features.values()).Value(1), 4.25F);
}

TEST(FeatureBatchTest, RefusesMoreNumbersThanAColumnHolds) {
  const RowShape shape{1'000'000, {View::kMirror}, false};
  const auto status = FeatureBatch::Make(References(3000), shape).status();
  EXPECT_TRUE(status.IsInvalid());
  EXPECT_NE(status.message().find("smaller batches"), std::string::npos);
}

TEST(FeatureBatchTest, RowsMayBeSetByManyThreads) {
  constexpr int64_t kRows = 4000;
  auto batch = Batch(References(kRows));
  std::atomic<int> last{0};
  std::vector<std::thread> threads;
  for (int64_t first = 0; first < 4; ++first) {
    threads.emplace_back([&, first] {
      for (int64_t row = first; row < kRows; row += 4) {
        const bool closed = row % 7 == 0 ? batch->SetReject(row, RejectReason::kCorrupt, "")
                                         : batch->SetFeatures(row, 0, RowOf(row).data());
        last += closed ? 1 : 0;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(last, 1);
  const auto rows = batch->Finish().ValueOrDie();
  EXPECT_TRUE(rows->ValidateFull().ok());
  EXPECT_EQ(rows->GetColumnByName("features")->null_count(), (kRows + 6) / 7);
}

}  // namespace
}  // namespace pomona
