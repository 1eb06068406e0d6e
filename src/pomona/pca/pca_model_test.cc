#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <arrow/buffer.h>
#include <arrow/io/memory.h>
#include <arrow/table.h>
#include <arrow/util/key_value_metadata.h>
#include <parquet/arrow/reader.h>
#include <parquet/arrow/writer.h>

#include <random>
#include <string>
#include <vector>

#include "pomona/pca.h"

namespace pomona {
namespace {

using testing::HasSubstr;

std::vector<double> Random(int64_t count, unsigned seed) {
  std::mt19937 random(seed);
  std::normal_distribution<double> normal(1.5);
  std::vector<double> values(static_cast<size_t>(count));
  for (double& value : values) value = normal(random);
  return values;
}

PcaModel Fit(int64_t dim, const PcaOptions& options) {
  auto statistics = PcaStatistics::Make(dim).ValueOrDie();
  const auto rows = Random(dim * 3 * dim, 3);
  EXPECT_TRUE(statistics.Update(rows.data(), 3 * dim).ok());
  return statistics.Solve(options).ValueOrDie();
}

/// The formula of PcaModel::Transform, as it is written there.
std::vector<double> Plainly(const PcaModel& model, const std::vector<double>& rows) {
  std::vector<double> out;
  const auto dim = static_cast<size_t>(model.dim());
  for (size_t first = 0; first < rows.size(); first += dim) {
    for (size_t c = 0; c < static_cast<size_t>(model.k()); ++c) {
      double sum = 0;
      for (size_t i = 0; i < dim; ++i) {
        const double mean = model.center() ? model.mean()[i] : 0;
        const double scale = model.standardize() ? model.scale()[i] : 1;
        sum += (rows[first + i] - mean) / scale * model.components()[c * dim + i];
      }
      out.push_back(sum);
    }
  }
  return out;
}

struct Case {
  int64_t dim, k, rows;
  bool center, standardize;
};

class Transform : public testing::TestWithParam<Case> {};

// Dimensions, components and rows that leave every kind of rest behind whole panels and blocks.
INSTANTIATE_TEST_SUITE_P(Shapes, Transform,
                         testing::Values(Case{1, 1, 1, true, false}, Case{7, 3, 5, true, false},
                                         Case{8, 8, 64, false, false}, Case{30, 25, 65, true, true},
                                         Case{300, 17, 200, false, true},
                                         Case{513, 50, 130, true, false}));

TEST_P(Transform, IsTheFormula) {
  const Case& c = GetParam();
  const auto model = Fit(c.dim, {.k = c.k, .center = c.center, .standardize = c.standardize});
  const auto rows = Random(c.rows * c.dim, 9);
  const auto expected = Plainly(model, rows);
  std::vector<double> out(expected.size());
  for (const int threads : {1, 3}) {
    model.Transform(rows.data(), c.rows, out.data(), threads);
    for (size_t i = 0; i < out.size(); ++i) ASSERT_NEAR(out[i], expected[i], 1e-11) << i;
  }
  const std::vector<float> floats(rows.begin(), rows.end());
  const auto widened = Plainly(model, {floats.begin(), floats.end()});
  model.Transform(floats.data(), c.rows, out.data());
  for (size_t i = 0; i < out.size(); ++i) ASSERT_NEAR(out[i], widened[i], 1e-11) << i;
}

TEST_P(Transform, ARowDoesNotDependOnItsNeighbours) {
  const Case& c = GetParam();
  const auto model = Fit(c.dim, {.k = c.k});
  const auto rows = Random(c.rows * c.dim, 9);
  std::vector<double> together(static_cast<size_t>(c.rows * c.k));
  std::vector<double> alone(static_cast<size_t>(c.k));
  model.Transform(rows.data(), c.rows, together.data());
  const int64_t last = c.rows - 1;
  model.Transform(rows.data() + last * c.dim, 1, alone.data());
  EXPECT_TRUE(std::equal(alone.begin(), alone.end(), together.begin() + last * c.k));
}

TEST(PcaModel, BytesCarryEverything) {
  for (const bool standardize : {false, true}) {
    const auto model = Fit(20, {.k = 6, .center = !standardize, .standardize = standardize});
    const auto bytes = model.ToBytes().ValueOrDie();
    const auto back = PcaModel::FromBytes(bytes).ValueOrDie();
    const auto same = [](std::span<const double> a, std::span<const double> b) {
      return std::equal(a.begin(), a.end(), b.begin(), b.end());
    };
    EXPECT_EQ(back.dim(), 20);
    EXPECT_EQ(back.k(), 6);
    EXPECT_EQ(back.rows(), 60);
    EXPECT_EQ(back.center(), !standardize);
    EXPECT_EQ(back.standardize(), standardize);
    EXPECT_TRUE(same(back.components(), model.components()));
    EXPECT_TRUE(same(back.variance(), model.variance()));
    EXPECT_TRUE(same(back.ratio(), model.ratio()));
    EXPECT_TRUE(same(back.mean(), model.mean()));
    EXPECT_TRUE(same(back.scale(), model.scale()));
    EXPECT_TRUE(back.ToBytes().ValueOrDie()->Equals(*bytes));
  }
}

TEST(PcaModel, OtherBytesAreRefused) {
  const auto load = [](const std::string& text) {
    return PcaModel::FromBytes(arrow::Buffer::FromString(text)).status();
  };
  EXPECT_TRUE(load("").IsSerializationError());
  EXPECT_THAT(load("not a model at all").message(), HasSubstr("this is no PCA model"));
  const std::string bytes = Fit(4, {.k = 2}).ToBytes().ValueOrDie()->ToString();
  EXPECT_TRUE(load(bytes.substr(0, bytes.size() / 2)).IsSerializationError());
  std::string newer = bytes;
  const size_t at = newer.find("\"format\":1");
  ASSERT_NE(at, std::string::npos);
  newer[at + 9] = '7';
  EXPECT_THAT(load(newer).message(), HasSubstr("format 7 is not known"));
  std::string fewer = bytes;
  const size_t k = fewer.find("\"k\":2");
  ASSERT_NE(k, std::string::npos);
  fewer[k + 4] = '3';
  EXPECT_THAT(load(fewer).message(), HasSubstr("component 2"));
}

TEST(PcaModel, AFlippedBitChangesNoNumberInSilence) {
  const auto model = Fit(4, {.k = 2, .standardize = true});
  const std::string whole = model.ToBytes().ValueOrDie()->ToString();
  const auto same = [](std::span<const double> a, std::span<const double> b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end());
  };
  int refused = 0;
  for (size_t at = 0; at < whole.size(); ++at) {
    std::string damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ (1 << at % 8));
    const auto back = PcaModel::FromBytes(arrow::Buffer::FromString(damaged));
    if (!back.ok()) {
      ++refused;
      continue;
    }
    EXPECT_EQ(back->k(), model.k()) << at;
    EXPECT_EQ(back->rows(), model.rows()) << at;
    EXPECT_EQ(back->center(), model.center()) << at;
    EXPECT_TRUE(same(back->mean(), model.mean())) << at;
    EXPECT_TRUE(same(back->scale(), model.scale())) << at;
    EXPECT_TRUE(same(back->variance(), model.variance())) << at;
    EXPECT_TRUE(same(back->components(), model.components())) << at;
  }
  EXPECT_GT(refused, 0);
}

/// The file of a model with another record.
arrow::Result<std::shared_ptr<arrow::Buffer>> WithRecord(const std::string& record) {
  ARROW_ASSIGN_OR_RAISE(const auto bytes, Fit(4, {.k = 2}).ToBytes());
  ARROW_ASSIGN_OR_RAISE(auto reader,
                        parquet::arrow::OpenFile(std::make_shared<arrow::io::BufferReader>(bytes),
                                                 arrow::default_memory_pool()));
  ARROW_ASSIGN_OR_RAISE(const auto table, reader->ReadTable());
  ARROW_ASSIGN_OR_RAISE(auto sink, arrow::io::BufferOutputStream::Create());
  ARROW_ASSIGN_OR_RAISE(
      auto writer, parquet::arrow::FileWriter::Open(*table->schema()->RemoveMetadata(),
                                                    arrow::default_memory_pool(), sink,
                                                    parquet::WriterProperties::Builder().build()));
  ARROW_RETURN_NOT_OK(
      writer->AddKeyValueMetadata(arrow::key_value_metadata({"pomona.pca"}, {record})));
  ARROW_RETURN_NOT_OK(writer->WriteTable(*table, table->num_rows()));
  ARROW_RETURN_NOT_OK(writer->Close());
  return sink->Finish();
}

TEST(PcaModel, ARecordThatCannotBeReadIsNamed) {
  const auto load = [](const std::string& record) {
    return PcaModel::FromBytes(WithRecord(record).ValueOrDie()).status();
  };
  constexpr size_t kLevels = 200'000;
  const std::string deep = std::string(kLevels, '[') + std::string(kLevels, ']');
  const arrow::Status status = load(R"({"format":1,"dim":)" + deep + "}");
  EXPECT_TRUE(status.IsSerializationError());
  EXPECT_EQ(status.message(),
            "this is no PCA model: key pomona.pca nests more than 64 levels deep");
  EXPECT_THAT(load("{").message(), HasSubstr("key pomona.pca is no JSON"));
  EXPECT_TRUE(
      load(R"({"format":1,"dim":4,"k":2,"rows":12,"center":true,"standardize":false})").ok());
}

}  // namespace
}  // namespace pomona
