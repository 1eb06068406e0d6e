#include "pomona/table/part_reader.h"

#include <arrow/io/file.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <parquet/arrow/writer.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "hooked_file_system.h"
#include "pomona/error_kind.h"
#include "pomona/table/hashing_stream.h"
#include "temp_folder.h"
#include "test_rows.h"

namespace pomona {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr char kUuid[] = "0f3a2b1c-1111-4222-8333-444455556666";

class PartReaderTest : public testing::TestWithParam<FeatureFormat> {
 protected:
  PartReaderTest() { EXPECT_TRUE(store_.Prepare().ok()); }

  PartWriter::Options Options(int epoch = 0) const {
    return {.id = {.index = 4, .epoch = epoch},
            .generation = 2,
            .uuid = kUuid,
            .rows = FeaturesThemselves(GetParam()),
            .metadata = nullptr};
  }
  /// a, b (rejected), c, d (rejected), e; features of the n-th are {n}.
  PartRecord FiveReferences() {
    auto writer = PartWriter::Open(store_, Options()).ValueOrDie();
    EXPECT_TRUE(writer
                    ->Append(*BatchOfRows({{.uri = "a", .features = {0}},
                                           {.uri = "b", .reject = "truncated"},
                                           {.uri = "c", .label = {}, .features = {2}},
                                           {.uri = "d", .reject = "timeout"},
                                           {.uri = "e", .version = "v", .features = {4}}})
                                  .ValueOrDie())
                    .ok());
    return writer->Commit().ValueOrDie();
  }
  std::shared_ptr<arrow::RecordBatch> Read(const FileRecord& file) {
    return ReadTableFile(store_, file).ValueOrDie();
  }
  /// First feature of each row.
  std::vector<double> Features(const FileRecord& file) {
    const auto column = Read(file)->GetColumnByName("features");
    std::vector<double> values;
    for (int64_t i = 0; i < column->length(); ++i) {
      if (GetParam() == FeatureFormat::kVector) {
        const auto& lists = static_cast<const arrow::ListArray&>(
            *static_cast<const arrow::StructArray&>(*column).field(3));
        values.push_back(static_cast<const arrow::DoubleArray&>(*lists.value_slice(i)).Value(0));
      } else {
        values.push_back(static_cast<const arrow::FloatArray&>(
                             *static_cast<const arrow::ListArray&>(*column).value_slice(i))
                             .Value(0));
      }
    }
    return values;
  }

  TempFolder folder_;
  const std::shared_ptr<OutputStore> owned_store_ =
      OutputStore::Make(HookedFileSystem::LocalDisk(), folder_.string(), folder_.string());
  OutputStore& store_ = *owned_store_;
};

INSTANTIATE_TEST_SUITE_P(, PartReaderTest,
                         testing::Values(FeatureFormat::kArray, FeatureFormat::kVector),
                         [](const auto& format) {
                           return format.param == FeatureFormat::kArray ? "Array" : "Vector";
                         });

TEST_P(PartReaderTest, ReadsTheColumnsThatAreAskedFor) {
  const auto batch =
      ReadTableFile(store_, *FiveReferences().references, {"reject", "uri"}).ValueOrDie();
  EXPECT_EQ(batch->num_columns(), 2);
  EXPECT_THAT(Texts(*batch, "uri"), ElementsAre("a", "b", "c", "d", "e"));
}

TEST_P(PartReaderTest, AnotherCountThanTheRecordsIsDamage) {
  PartRecord part = FiveReferences();
  ++part.data.rows;
  const auto status = ReadTableFile(store_, part.data).status();
  EXPECT_EQ(KindOf(status), ErrorKind::kData);
  EXPECT_THAT(status.message(), HasSubstr("has 3 rows, the manifest says 4"));
}

/// `file` as it is now: what follows shall not be found by its checksum alone.
FileRecord AsItIs(const std::filesystem::path& folder, FileRecord file) {
  const std::string path = (folder / file.name).string();
  file.bytes = static_cast<int64_t>(std::filesystem::file_size(path));
  file.sha256 = Sha256Of(*arrow::io::ReadableFile::Open(path).ValueOrDie()).ValueOrDie();
  return file;
}

/// Writes `file` again as pyarrow would, with `values` for one column.
void Replace(const OutputStore& store, const std::filesystem::path& folder, const FileRecord& file,
             const std::string& column, const std::shared_ptr<arrow::Array>& values) {
  const auto batch = ReadTableFile(store, file).ValueOrDie();
  const int index = batch->schema()->GetFieldIndex(column);
  const auto changed =
      batch->SetColumn(index, arrow::field(column, values->type()), values).ValueOrDie();
  const auto table = arrow::Table::FromRecordBatches({changed}).ValueOrDie();
  const auto sink = arrow::io::FileOutputStream::Open((folder / file.name).string()).ValueOrDie();
  const auto properties = parquet::ArrowWriterProperties::Builder().store_schema()->build();
  ASSERT_TRUE(parquet::arrow::WriteTable(*table, arrow::default_memory_pool(), sink, 1024,
                                         parquet::default_writer_properties(), properties)
                  .ok());
  ASSERT_TRUE(sink->Close().ok());
}

TEST_P(PartReaderTest, AColumnOfAnotherTypeIsDamageAndNoCrash) {
  const PartRecord part = FiveReferences();
  const auto text = Read(*part.references)->GetColumnByName("uri");
  const std::vector<std::shared_ptr<arrow::DataType>> types = {
      arrow::large_utf8(), arrow::binary(),  arrow::dictionary(arrow::int32(), arrow::utf8()),
      arrow::int64(),      arrow::boolean(), arrow::list(arrow::utf8())};
  for (const auto& type : types) {
    for (const auto& [file, column] :
         {std::pair(*part.references, "uri"), std::pair(*part.references, "size"),
          std::pair(*part.references, "reject"), std::pair(*part.rejects, "reason"),
          std::pair(part.data, "path"), std::pair(part.data, "features")}) {
      if (std::string(column) == "size" && type->id() == arrow::Type::INT64) continue;
      const PartRecord fresh = FiveReferences();
      Replace(store_, folder_.path(), file, column,
              arrow::MakeArrayOfNull(type, file.rows).ValueOrDie());
      const auto status = ReadTableFile(store_, AsItIs(folder_.path(), file)).status();
      EXPECT_EQ(KindOf(status), ErrorKind::kData) << column << " " << type->ToString();
      EXPECT_THAT(status.message(), HasSubstr(std::string("column ") + column + " is "));
      EXPECT_EQ(KindOf(RewriteWithout(store_, part, {0}, Options(1)).status()),
                column == std::string("reason") ? ErrorKind::kNone : ErrorKind::kData);
    }
  }
}

TEST_P(PartReaderTest, AUriThatIsNullIsDamage) {
  const PartRecord part = FiveReferences();
  Replace(store_, folder_.path(), *part.references, "uri",
          arrow::MakeArrayOfNull(arrow::utf8(), 5).ValueOrDie());
  const auto status = ReadTableFile(store_, AsItIs(folder_.path(), *part.references)).status();
  EXPECT_EQ(KindOf(status), ErrorKind::kData);
  EXPECT_THAT(status.message(), HasSubstr("a uri is null"));
}

TEST_P(PartReaderTest, AFlippedBitIsDamageAndIsNotCopied) {
  const PartRecord part = FiveReferences();
  for (const auto& file : {part.data, *part.references}) {
    const auto path = folder_.path() / file.name;
    std::fstream bytes(path, std::ios::in | std::ios::out | std::ios::binary);
    bytes.seekg(file.bytes / 2);
    const int byte = bytes.get();
    bytes.seekp(file.bytes / 2).put(static_cast<char>(byte ^ 1)).flush();
    const auto status = RewriteWithout(store_, part, {0}, Options(1)).status();
    EXPECT_EQ(KindOf(status), ErrorKind::kData);
    EXPECT_THAT(status.message(), HasSubstr(file.name));
    EXPECT_THAT(status.message(), HasSubstr("another checksum than in the manifest"));
    bytes.seekp(file.bytes / 2).put(static_cast<char>(byte)).flush();
  }
  EXPECT_TRUE(RewriteWithout(store_, part, {0}, Options(1)).ok());
}

TEST_P(PartReaderTest, AColumnThatIsMissingIsDamage) {
  const PartRecord part = FiveReferences();
  // The files of another kind have other columns.
  for (const auto& [file, other] :
       {std::pair(part.data, *part.references), std::pair(*part.references, *part.rejects),
        std::pair(*part.rejects, part.data)}) {
    const PartRecord fresh = FiveReferences();
    FileRecord swapped = file;
    swapped.rows = other.rows;
    std::filesystem::copy_file(folder_.path() / other.name, folder_.path() / file.name,
                               std::filesystem::copy_options::overwrite_existing);
    swapped = AsItIs(folder_.path(), swapped);
    EXPECT_THAT(ReadTableFile(store_, swapped).status().message(), HasSubstr("its columns are"));
  }
  const PartRecord fresh = FiveReferences();
  EXPECT_EQ(KindOf(ReadTableFile(store_, *fresh.rejects, {"reject"}).status()), ErrorKind::kData);
}

TEST_P(PartReaderTest, ACutFileIsDamage) {
  const PartRecord part = FiveReferences();
  std::filesystem::resize_file(folder_.path() / part.data.name, part.data.bytes / 2);
  EXPECT_EQ(KindOf(ReadTableFile(store_, part.data).status()), ErrorKind::kData);
}

TEST_P(PartReaderTest, AStoreThatFailsIsNoDamage) {
  const PartRecord part = FiveReferences();
  const auto disk = HookedFileSystem::LocalDisk();
  disk->before = [](const std::string& call, const std::string&) {
    return call == "read" ? arrow::Status::IOError("the disk is on fire") : arrow::Status::OK();
  };
  const auto failing_owned = OutputStore::Make(disk, folder_.string(), folder_.string());
  const OutputStore& failing = *failing_owned;
  const auto status = ReadTableFile(failing, part.data).status();
  EXPECT_EQ(KindOf(status), ErrorKind::kStorage);
  EXPECT_THAT(status.message(), HasSubstr("on fire"));
}

TEST_P(PartReaderTest, AMissingFileIsAnError) {
  const PartRecord part = FiveReferences();
  ASSERT_TRUE(store_.Delete(part.data.name).ok());
  EXPECT_FALSE(ReadTableFile(store_, part.data).ok());
}

TEST_P(PartReaderTest, RewriteDropsRowsAndRejects) {
  const PartRecord part = FiveReferences();
  const PartRecord kept = RewriteWithout(store_, part, {0, 3}, Options(1)).ValueOrDie();
  EXPECT_EQ(kept.id.index, 4);
  EXPECT_EQ(kept.id.epoch, 1);
  EXPECT_EQ(kept.generation, 2);
  EXPECT_THAT(Texts(*Read(kept.data), "path"), ElementsAre("c", "e"));
  EXPECT_THAT(Texts(*Read(kept.data), "label"), ElementsAre("null", "a label"));
  EXPECT_THAT(Features(kept.data), ElementsAre(2, 4));
  EXPECT_THAT(Texts(*Read(*kept.references), "uri"), ElementsAre("b", "c", "e"));
  EXPECT_THAT(Texts(*Read(*kept.references), "version"), ElementsAre("null", "null", "v"));
  ASSERT_TRUE(kept.rejects.has_value());
  EXPECT_THAT(Texts(*Read(*kept.rejects), "uri"), ElementsAre("b"));
}

TEST_P(PartReaderTest, RewriteLeavesTheOldFilesForWhoReadsThem) {
  const PartRecord part = FiveReferences();
  ASSERT_TRUE(RewriteWithout(store_, part, {2}, Options(1)).ok());
  EXPECT_THAT(Features(part.data), ElementsAre(0, 2, 4));
  EXPECT_EQ(Read(*part.references)->num_rows(), 5);
}

TEST_P(PartReaderTest, RewriteWithoutTheOnlyRejectsHasNoRejects) {
  const PartRecord kept = RewriteWithout(store_, FiveReferences(), {1, 3}, Options(1)).ValueOrDie();
  EXPECT_FALSE(kept.rejects.has_value());
  EXPECT_THAT(Features(kept.data), ElementsAre(0, 2, 4));
}

TEST_P(PartReaderTest, RewriteGoesFromRowGroupToRowGroup) {
  // Every third is a reject: those after the last row of a group belong to it.
  std::vector<TestRow> rows;
  for (int i = 0; i < 9'000; ++i) {
    TestRow row{.uri = std::to_string(i)};
    if (i % 3 == 1) {
      row.reject = "timeout";
    } else {
      row.features = {static_cast<float>(i)};
    }
    rows.push_back(row);
  }
  auto writer = PartWriter::Open(store_, Options()).ValueOrDie();
  ASSERT_TRUE(writer->Append(**BatchOfRows(rows)).ok());
  const PartRecord part = writer->Commit().ValueOrDie();
  ASSERT_EQ(part.data.rows, 6'000);
  const std::vector<int64_t> dropped = {0, 1, 3071, 3072, 3073, 8999};
  const PartRecord kept = RewriteWithout(store_, part, dropped, Options(1)).ValueOrDie();
  std::vector<double> features;
  for (int i = 0; i < 9'000; ++i) {
    if (i % 3 != 1 && std::find(dropped.begin(), dropped.end(), i) == dropped.end()) {
      features.push_back(i);
    }
  }
  EXPECT_EQ(Features(kept.data), features);
  EXPECT_EQ(kept.references->rows, 8'994);
  EXPECT_EQ(kept.rejects->rows, 3'000 - 2);
}

TEST_P(PartReaderTest, RewriteWithoutAnyRowLeavesRejectsOnly) {
  const PartRecord kept =
      RewriteWithout(store_, FiveReferences(), {0, 2, 4}, Options(1)).ValueOrDie();
  EXPECT_EQ(kept.data.rows, 0);
  EXPECT_EQ(kept.rejects->rows, 2);
}

TEST_P(PartReaderTest, RewriteWithoutAllIsAnEmptyPart) {
  const PartRecord kept =
      RewriteWithout(store_, FiveReferences(), {0, 1, 2, 3, 4}, Options(1)).ValueOrDie();
  EXPECT_EQ(kept.data.rows, 0);
  EXPECT_EQ(kept.references->rows, 0);
  EXPECT_EQ(Read(*kept.references)->num_rows(), 0);
  EXPECT_THAT(Features(kept.data), IsEmpty());
}

/// How long each path is, in place of features; asked for no row twice.
class LengthsOfPaths : public PartRows {
 public:
  const std::shared_ptr<arrow::Schema>& schema() const override { return schema_; }
  arrow::Result<std::shared_ptr<arrow::RecordBatch>> Make(
      const std::shared_ptr<arrow::RecordBatch>& rows) override {
    arrow::Int64Builder lengths;
    for (const auto& path : Texts(*rows, "uri")) {
      made_.push_back(path);
      ARROW_RETURN_NOT_OK(lengths.Append(static_cast<int64_t>(path.size())));
    }
    ARROW_ASSIGN_OR_RAISE(auto column, lengths.Finish());
    return arrow::RecordBatch::Make(
        schema_, rows->num_rows(),
        {rows->GetColumnByName("uri"), rows->GetColumnByName("label"), std::move(column)});
  }
  const std::vector<std::string>& made() const { return made_; }

 private:
  const std::shared_ptr<arrow::Schema> schema_ =
      arrow::schema({arrow::field("path", arrow::utf8()), arrow::field("label", arrow::utf8()),
                     arrow::field("length", arrow::int64())});
  std::vector<std::string> made_;
};

TEST_P(PartReaderTest, WhatIsMadeOfFeaturesIsMadeOnceAndCopied) {
  const auto rows = std::make_shared<LengthsOfPaths>();
  auto options = Options();
  options.rows = rows;
  auto writer = PartWriter::Open(store_, options).ValueOrDie();
  ASSERT_TRUE(
      writer
          ->Append(**BatchOfRows(
              {{.uri = "a"}, {.uri = "bb", .reject = "corrupt"}, {.uri = "ccc"}, {.uri = "dddd"}}))
          .ok());
  const PartRecord part = writer->Commit().ValueOrDie();
  EXPECT_EQ(part.data.rows, 3);
  options = Options(1);
  options.rows = rows;
  const PartRecord kept = RewriteWithout(store_, part, {0}, options).ValueOrDie();
  EXPECT_THAT(rows->made(), ElementsAre("a", "ccc", "dddd"));
  EXPECT_THAT(Texts(*Read(kept.data), "path"), ElementsAre("ccc", "dddd"));
  EXPECT_EQ(Read(kept.data)->GetColumnByName("length")->ToString(), "[\n  3,\n  4\n]");
  // A table of features has no such columns.
  EXPECT_EQ(KindOf(RewriteWithout(store_, part, {0}, Options(1)).status()), ErrorKind::kData);
}

TEST_P(PartReaderTest, RewriteAfterRewrite) {
  const PartRecord once = RewriteWithout(store_, FiveReferences(), {1}, Options(1)).ValueOrDie();
  const PartRecord twice = RewriteWithout(store_, once, {1}, Options(2)).ValueOrDie();
  EXPECT_EQ(twice.id.epoch, 2);
  EXPECT_THAT(Texts(*Read(*twice.references), "uri"), ElementsAre("a", "d", "e"));
  EXPECT_THAT(Features(twice.data), ElementsAre(0, 4));
}

TEST_P(PartReaderTest, RewritingTwiceAfterAKillGivesTheSameFiles) {
  const PartRecord part = FiveReferences();
  const PartRecord once = RewriteWithout(store_, part, {1, 2}, Options(1)).ValueOrDie();
  const PartRecord again = RewriteWithout(store_, part, {1, 2}, Options(1)).ValueOrDie();
  EXPECT_EQ(ToJson(once), ToJson(again));
}

}  // namespace
}  // namespace pomona
