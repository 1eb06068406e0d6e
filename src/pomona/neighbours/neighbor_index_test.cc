#include "pomona/neighbor_index.h"

#include <arrow/builder.h>
#include <arrow/io/file.h>
#include <arrow/table.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <parquet/arrow/writer.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include "pomona/error_kind.h"
#include "temp_folder.h"

namespace pomona {
namespace {

using testing::Each;
using testing::HasSubstr;

constexpr int64_t kRows = 400, kDim = 37;
/// Rows without features; ids count them.
constexpr int64_t kHole = 5;

class NeighborIndexTest : public testing::Test {
 protected:
  NeighborIndexTest() : values_(kRows * kDim) {
    std::mt19937 random(1);
    std::normal_distribution<float> normal;
    for (float& value : values_) value = normal(random);
    Write("features.parquet", values_);
  }

  std::string File(const std::string& name) const { return (folder_.path() / name).string(); }

  /// kRows rows, and one without features at kHole.
  void Write(const std::string& name, const std::vector<float>& values) const {
    arrow::StringBuilder path, label;
    const auto item = std::make_shared<arrow::FloatBuilder>();
    arrow::ListBuilder features(arrow::default_memory_pool(), item);
    for (int64_t i = 0; i <= kRows; ++i) {
      EXPECT_TRUE(path.Append("/i/" + std::to_string(i)).ok());
      EXPECT_TRUE(label.Append(i % 3 == 0 ? "a" : "b").ok());
      if (i == kHole) {
        EXPECT_TRUE(features.AppendNull().ok());
        continue;
      }
      EXPECT_TRUE(features.Append().ok());
      EXPECT_TRUE(item->AppendValues(values.data() + (i > kHole ? i - 1 : i) * kDim, kDim).ok());
    }
    const auto table = arrow::Table::Make(
        arrow::schema({arrow::field("path", arrow::utf8()), arrow::field("label", arrow::utf8()),
                       arrow::field("features", features.type())}),
        {path.Finish().ValueOrDie(), label.Finish().ValueOrDie(), features.Finish().ValueOrDie()});
    const auto sink = arrow::io::FileOutputStream::Open(File(name)).ValueOrDie();
    EXPECT_TRUE(parquet::arrow::WriteTable(*table, arrow::default_memory_pool(), sink).ok());
    EXPECT_TRUE(sink->Close().ok());
  }

  NeighborIndexOptions Options() const {
    return {
        .features = File("features.parquet"), .index = File("index"), .threads = 2, .storage = {}};
  }

  std::string Bytes() const {
    std::ifstream in(File("index"), std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  void Put(const std::string& bytes) const {
    std::ofstream(File("index"), std::ios::binary) << bytes;
  }

  FeatureView View(int64_t queries) const {
    return {.values = {values_.data(), static_cast<size_t>(queries * kDim)}, .dim = kDim};
  }

  TempFolder folder_;
  std::vector<float> values_;
};

TEST_F(NeighborIndexTest, AnswersAsTheTableDoes) {
  const auto made = NeighborIndex::Open(Options()).ValueOrDie();
  EXPECT_TRUE(made.made());
  const auto mapped = NeighborIndex::Open(Options()).ValueOrDie();
  EXPECT_FALSE(mapped.made());
  EXPECT_EQ(mapped.rows(), kRows);
  const FeatureView all = View(kRows);
  for (const auto metric : {NeighborMetric::kCosine, NeighborMetric::kEuclidean}) {
    // Sifted, and too many for that.
    for (const int64_t queries : {int64_t{1}, int64_t{7}, NeighborIndex::kSiftedQueries + 1}) {
      const NeighborOptions options = {.k = 6, .metric = metric, .threads = 2};
      auto expected = FindNeighbors(View(queries), all, options).ValueOrDie();
      for (int64_t& id : expected.ids) id += id >= kHole ? 1 : 0;
      for (const NeighborIndex& index : {made, mapped}) {
        const auto found = index.Find(View(queries), options).ValueOrDie();
        EXPECT_EQ(found.ids, expected.ids);
        EXPECT_EQ(found.distances, expected.distances);
      }
    }
  }
  EXPECT_EQ(mapped.path(kHole + 1), "/i/6");
  EXPECT_EQ(mapped.path(kHole), "");
  EXPECT_EQ(mapped.path(kRows + 1), "");
  EXPECT_EQ(mapped.label(3), "a");
}

TEST_F(NeighborIndexTest, FindsOnlyRowsOfALabel) {
  const auto index = NeighborIndex::Open(Options()).ValueOrDie();
  for (const int64_t queries : {2, 40}) {
    const auto found = index.Find(View(queries), {.k = 5}, "label=a").ValueOrDie();
    std::vector<int64_t> thirds;
    for (const int64_t id : found.ids) thirds.push_back(id % 3);
    EXPECT_THAT(thirds, Each(0));
  }
  EXPECT_THAT(index.Find(View(1), {}, "label=c").status().message(), HasSubstr("labels are a, b"));
  EXPECT_TRUE(index.Find(View(1), {}, "a").status().IsInvalid());
  EXPECT_THAT(index.Find(View(1), {.k = 300}, "label=a").status().message(),
              HasSubstr("there are only 134 rows"));
}

TEST_F(NeighborIndexTest, TheSameRowsMakeTheSameBytes) {
  auto options = Options();
  ASSERT_TRUE(NeighborIndex::Open(options).ok());
  const std::string bytes = Bytes();
  std::filesystem::remove(File("index"));
  options.threads = 1;
  ASSERT_TRUE(NeighborIndex::Open(options).ok());
  EXPECT_EQ(Bytes(), bytes);
}

TEST_F(NeighborIndexTest, OfATableThatChangedIsRefused) {
  ASSERT_TRUE(NeighborIndex::Open(Options()).ok());
  const std::string bytes = Bytes();
  std::filesystem::last_write_time(File("features.parquet"), {});
  const auto status = NeighborIndex::Open(Options()).status();
  EXPECT_EQ(KindOf(status), ErrorKind::kRequest);
  EXPECT_THAT(status.message(), HasSubstr("as that table is now\nhint: remove it"));
  EXPECT_EQ(Bytes(), bytes);
}

TEST_F(NeighborIndexTest, EachByteThatIsDamagedIsFound) {
  ASSERT_TRUE(NeighborIndex::Open(Options()).ok());
  const std::string bytes = Bytes();
  const auto answer = [&]() -> arrow::Result<Neighbors> {
    ARROW_ASSIGN_OR_RAISE(const auto index, NeighborIndex::Open(Options()));
    return index.Find(View(1), {.k = kRows});
  };
  const auto expected = answer().ValueOrDie();
  for (size_t at = 0; at < bytes.size(); at += 211) {
    std::string damaged = bytes;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x55);
    Put(damaged);
    const auto found = answer();
    // Between what is read there are bytes of padding.
    if (found.ok()) {
      EXPECT_EQ(found->ids, expected.ids) << at;
      EXPECT_EQ(found->distances, expected.distances) << at;
    } else {
      EXPECT_NE(KindOf(found.status()), ErrorKind::kOther) << at << found.status();
      EXPECT_NE(KindOf(found.status()), ErrorKind::kStorage) << at << found.status();
    }
  }
  Put(bytes.substr(0, bytes.size() / 2));
  EXPECT_EQ(KindOf(answer().status()), ErrorKind::kData) << answer().status();
  Put("");
  EXPECT_EQ(KindOf(answer().status()), ErrorKind::kData) << answer().status();
  Put("no index");
  EXPECT_EQ(KindOf(answer().status()), ErrorKind::kData) << answer().status();
}

TEST_F(NeighborIndexTest, ARowThatIsDamagedIsNamedWhenItIsUsed) {
  ASSERT_TRUE(NeighborIndex::Open(Options()).ok());
  std::string bytes = Bytes();
  const std::string row(reinterpret_cast<const char*>(values_.data() + 10 * kDim), kDim * 4);
  const size_t at = bytes.find(row);
  ASSERT_NE(at, std::string::npos);
  bytes[at + 9] = static_cast<char>(bytes[at + 9] ^ 1);
  Put(bytes);
  const auto index = NeighborIndex::Open(Options()).ValueOrDie();
  const auto status = index.Find(View(1), {.k = kRows}).status();
  EXPECT_EQ(KindOf(status), ErrorKind::kData);
  EXPECT_THAT(status.message(), HasSubstr("row 11 is not what was written"));
  EXPECT_EQ(KindOf(index.Find(View(60), {.k = 1}).status()), ErrorKind::kData);
}

TEST_F(NeighborIndexTest, RefusesWhatIsNoFileOfThisMachine) {
  auto options = Options();
  options.index = "s3://bucket/index";
  EXPECT_EQ(KindOf(NeighborIndex::Open(options).status()), ErrorKind::kRequest);
  options.index = folder_.path().string();
  EXPECT_EQ(KindOf(NeighborIndex::Open(options).status()), ErrorKind::kRequest);
  options.index = File("no/folder");
  EXPECT_EQ(KindOf(NeighborIndex::Open(options).status()), ErrorKind::kRequest);
}

}  // namespace
}  // namespace pomona
