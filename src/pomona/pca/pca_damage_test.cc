#include <arrow/api.h>
#include <arrow/io/file.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <parquet/arrow/writer.h>
#include <parquet/properties.h>

#include "pomona/error_kind.h"
#include "pomona/features/feature_table.h"
#include "pomona/pca_run.h"
#include "pomona/verify.h"
#include "whole_table.h"

namespace pomona {
namespace {

namespace fs = std::filesystem;

/// Everything that a model is.
std::vector<double> NumbersOf(const PcaModel& model) {
  std::vector<double> numbers = {static_cast<double>(model.dim()), static_cast<double>(model.k()),
                                 static_cast<double>(model.rows()),
                                 static_cast<double>(model.center()),
                                 static_cast<double>(model.standardize())};
  for (const auto& some : {model.components(), model.variance(), model.mean(), model.scale()}) {
    numbers.insert(numbers.end(), some.begin(), some.end());
  }
  return numbers;
}

/// A feature table, and the principal components of it.
class PcaDamageTest : public testing::Test {
 protected:
  PcaDamageTest() {
    table_.Make("features");
    EXPECT_TRUE(RunPca(Options("out")).ok());
    out_.emplace(table_, "out");
  }

  PcaRunOptions Options(const std::string& output) const {
    PcaRunOptions options;
    options.features = table_.Path("features").string();
    options.output = table_.Path(output).string();
    options.pca.k = 2;
    options.threads = 1;
    options.rows_per_file = 4;
    return options;
  }
  std::string PartOf(const Tree& tree) const {
    for (const auto& [name, bytes] : tree) {
      if (IsPartFile(name)) return name;
    }
    return "";
  }
  /// The rows of a table as PCA reads them: an error, or as text.
  arrow::Result<std::string> Read(const fs::path& table, bool prove = false) const {
    ARROW_ASSIGN_OR_RAISE(const auto opened, FeatureTable::Open({.uri = table.string(),
                                                                 .column = "features",
                                                                 .csv = false,
                                                                 .prove = prove,
                                                                 .threads = 1,
                                                                 .storage = {}}));
    ARROW_ASSIGN_OR_RAISE(const auto batches, opened->Read({}));
    std::string rows;
    for (;;) {
      ARROW_ASSIGN_OR_RAISE(const auto next, batches->Next());
      if (!next) return rows;
      for (const auto& column : next->batch->columns()) rows += column->ToString();
    }
  }
  /// Does it with each byte of `bytes` changed by one bit.
  static void EachByteFlipped(const std::string& bytes, const fs::path& file,
                              const std::function<void(const std::string& what)>& check) {
    for (size_t at = 0; at < bytes.size(); ++at) {
      std::string flipped = bytes;
      flipped[at] = static_cast<char>(bytes[at] ^ (1 << (at + at / 8) % 8));
      WriteFile(file, flipped);
      check(file.filename().string() + " at " + std::to_string(at));
    }
    WriteFile(file, bytes);
  }

  SmallTable table_;
  std::optional<WholeTable> out_;
};

TEST_F(PcaDamageTest, AFlippedBitOfAModelIsRefusedOrChangesNothing) {
  const auto numbers = NumbersOf(LoadPcaModel(out_->root().string()).ValueOrDie());
  const fs::path file = out_->root() / kPcaModelFile;
  const std::string& bytes = out_->tree().at(kPcaModelFile);
  EachByteFlipped(bytes, file, [&](const std::string& what) {
    const auto model = LoadPcaModel(out_->root().string());
    const bool right =
        model.ok() ? NumbersOf(*model) == numbers : KindOf(model.status()) == ErrorKind::kData;
    EXPECT_TRUE(right) << what << ": " << model.status();
  });
  for (size_t size = 0; size < bytes.size(); ++size) {
    WriteFile(file, bytes.substr(0, size));
    EXPECT_EQ(KindOf(LoadPcaModel(file.string()).status()), ErrorKind::kData) << size;
  }
}

TEST_F(PcaDamageTest, WhateverIsMissingOrFlippedOfAnOutputIsFound) {
  constexpr size_t kStep = 61;  // odd, so that it meets every bit
  for (const auto& [name, bytes] : out_->tree()) {
    const bool for_people = name == kReportFile || name.starts_with(kLeaseFolder);
    const auto expected = for_people ? WholeTable::kProved : WholeTable::kFound;
    for (size_t at = 0; at < bytes.size(); at += kStep) {
      std::string flipped = bytes;
      flipped[at] = static_cast<char>(bytes[at] ^ (1 << at % 8));
      WriteFile(out_->root() / name, flipped);
      EXPECT_EQ(out_->Verdict(), expected) << name << " at " << at;
      WriteFile(out_->root() / name, bytes.substr(0, at));
      EXPECT_EQ(out_->Verdict(), expected) << name << " cut to " << at;
    }
    fs::remove(out_->root() / name);
    EXPECT_EQ(out_->Verdict(), expected) << name;
    WriteFile(out_->root() / name, bytes);
  }
}

TEST_F(PcaDamageTest, AnOutputThatLostAPartIsNotTakenForFinished) {
  EXPECT_TRUE(RunPca(Options("out")).ValueOrDie().finished_before);
  fs::remove(out_->root() / PartOf(out_->tree()));
  const auto status = RunPca(Options("out")).status();
  EXPECT_EQ(KindOf(status), ErrorKind::kData) << status;
}

TEST_F(PcaDamageTest, FeaturesThatAreNotThoseOfTheManifestAreRefused) {
  const Tree whole = TreeOf(table_.Path("features"));
  const std::string part = PartOf(whole);
  const auto expect_refused = [&](const std::string& what) {
    const auto status = RunPca(Options("again")).status();
    EXPECT_EQ(KindOf(status), ErrorKind::kData) << what << status;
    EXPECT_FALSE(fs::exists(table_.Path("again"))) << what;
    WriteTree(table_.Path("features"), whole);
  };
  fs::remove(table_.Path("features/" + part));
  expect_refused("lost");
  WriteFile(table_.Path("features/part-00009.parquet"), whole.at(part));
  expect_refused("stranger");
  std::string flipped = whole.at(part);
  flipped[5] = static_cast<char>(flipped[5] ^ 1);  // a page that is no page of data any more
  WriteFile(table_.Path("features/" + part), flipped);
  expect_refused("flipped");
  for (const auto& [name, bytes] : whole) {
    if (name.starts_with(kStatesFolder)) fs::remove(table_.Path("features/" + name));
  }
  expect_refused("no states");
}

TEST_F(PcaDamageTest, AFlippedBitOfFeaturesIsRefused) {
  const Tree whole = TreeOf(table_.Path("features"));
  const std::string part = PartOf(whole);
  EachByteFlipped(whole.at(part), table_.Path("features/" + part), [&](const std::string& what) {
    const auto rows = Read(table_.Path("features"), /*prove=*/true);
    EXPECT_EQ(KindOf(rows.status()), ErrorKind::kData) << what << rows.status();
  });
  EXPECT_TRUE(Read(table_.Path("features"), /*prove=*/true).ok());
}

TEST_F(PcaDamageTest, AFileOfFewerRowsThanItSaysIsRefused) {
  const Tree whole = TreeOf(table_.Path("features"));
  std::string bytes = whole.at(PartOf(whole));
  const fs::path file = table_.Path("alone.parquet");
  WriteFile(file, bytes);
  EXPECT_TRUE(Read(file).ok());
  bytes[5] = static_cast<char>(bytes[5] ^ 1);  // a page that is no page of data any more
  WriteFile(file, bytes);
  EXPECT_EQ(KindOf(Read(file).status()), ErrorKind::kData);
}

}  // namespace
}  // namespace pomona
