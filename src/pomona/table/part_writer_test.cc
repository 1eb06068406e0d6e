#include "pomona/table/part_writer.h"

#include <arrow/io/memory.h>
#include <arrow/json/from_string.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <parquet/file_reader.h>
#include <parquet/metadata.h>

#include <memory>
#include <string>
#include <vector>

#include "hooked_file_system.h"
#include "pomona/table/part_reader.h"
#include "pomona/table/table_schema.h"
#include "temp_folder.h"
#include "test_rows.h"

namespace pomona {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr char kUuid[] = "0f3a2b1c-1111-4222-8333-444455556666";

TestRow Reject(const std::string& uri, const std::string& code) {
  return {.uri = uri, .reject = code};
}

/// "OUTPUT/_pomona/staging/<uuid>/part-..."
bool IsStagedData(const std::string& path) {
  return path.find("/staging/") != path.npos && path.find("/part-") != path.npos;
}

class PartWriterTest : public testing::Test {
 protected:
  PartWriterTest() { EXPECT_TRUE(store_.Prepare().ok()); }

  std::unique_ptr<PartWriter> Open(FeatureFormat format = FeatureFormat::kArray) {
    return PartWriter::Open(store_,
                            {.id = {.index = 3, .epoch = 0},
                             .generation = 1,
                             .uuid = kUuid,
                             .rows = FeaturesThemselves(format),
                             .metadata = arrow::key_value_metadata({"pomona.model"}, {"lite0"})})
        .ValueOrDie();
  }
  PartRecord Written(const std::vector<TestRow>& rows,
                     FeatureFormat format = FeatureFormat::kArray) {
    auto writer = Open(format);
    EXPECT_TRUE(writer->Append(*BatchOfRows(rows).ValueOrDie()).ok());
    return writer->Commit().ValueOrDie();
  }
  std::shared_ptr<arrow::RecordBatch> Read(const FileRecord& file) {
    return ReadTableFile(store_, file).ValueOrDie();
  }
  std::vector<std::string> AllFiles() {
    std::vector<std::string> names;
    for (const char* folder :
         {"", "_pomona/references", "_pomona/rejects", "_pomona/staging", "_pomona/manifest"}) {
      for (const auto& entry : store_.List(folder).ValueOrDie()) names.push_back(entry.name);
    }
    return names;
  }

  TempFolder folder_;
  std::shared_ptr<HookedFileSystem> files_ = HookedFileSystem::LocalDisk();
  const std::shared_ptr<OutputStore> owned_store_ =
      OutputStore::Make(files_, folder_.string(), folder_.string());
  OutputStore& store_ = *owned_store_;
};

TEST_F(PartWriterTest, RowsGoToTheTableAndRejectsBeside) {
  const PartRecord part = Written({{.uri = "file:/a/Apple Braeburn/1.jpg", .features = {1, 2}},
                                   Reject("file:/a/b.jpg", "truncated"),
                                   {.uri = "file:/a/c.jpg", .label = {}, .features = {3, 4}}});
  EXPECT_EQ(part.id.index, 3);
  EXPECT_EQ(part.generation, 1);
  EXPECT_EQ(part.data.rows, 2);
  EXPECT_EQ(part.references->rows, 3);
  ASSERT_TRUE(part.rejects.has_value());
  EXPECT_EQ(part.rejects->rows, 1);

  const auto rows = Read(part.data);
  EXPECT_TRUE(rows->schema()->Equals(TableSchema(FeatureFormat::kArray), false))
      << rows->schema()->ToString();
  EXPECT_THAT(Texts(*rows, "path"), ElementsAre("file:/a/Apple Braeburn/1.jpg", "file:/a/c.jpg"));
  EXPECT_THAT(Texts(*rows, "label"), ElementsAre("a label", "null"));
  EXPECT_EQ(rows->GetColumnByName("features")->ToString(),
            arrow::json::ArrayFromJSONString(rows->schema()->field(2)->type(), "[[1,2],[3,4]]")
                .ValueOrDie()
                ->ToString());

  const auto references = Read(*part.references);
  EXPECT_TRUE(references->schema()->Equals(PartReferencesSchema(), false))
      << references->schema()->ToString();
  EXPECT_THAT(Texts(*references, "uri"),
              ElementsAre("file:/a/Apple Braeburn/1.jpg", "file:/a/b.jpg", "file:/a/c.jpg"));
  EXPECT_THAT(Texts(*references, "reject"), ElementsAre("null", "truncated", "null"));

  const auto rejects = Read(*part.rejects);
  EXPECT_TRUE(rejects->schema()->Equals(RejectsSchema(), false)) << rejects->schema()->ToString();
  EXPECT_THAT(Texts(*rejects, "uri"), ElementsAre("file:/a/b.jpg"));
  EXPECT_THAT(Texts(*rejects, "reason"), ElementsAre("truncated"));
  EXPECT_THAT(Texts(*rejects, "message"), ElementsAre("why"));
}

TEST_F(PartWriterTest, TheRecordDescribesTheFilesAsTheyLie) {
  const PartRecord part = Written({{.uri = "a"}, Reject("b", "corrupt")});
  EXPECT_THAT(AllFiles(), ElementsAre(PartFileName(part.id, kUuid), ReferencesFileName(part.id),
                                      RejectsFileName(part.id)));
  for (const FileRecord& file : {part.data, *part.references, *part.rejects}) {
    const std::string bytes = store_.Get(file.name).ValueOrDie();
    Sha256 hash;
    hash.Update(bytes);
    EXPECT_EQ(file.sha256, hash.Hex()) << file.name;
    EXPECT_EQ(file.bytes, static_cast<int64_t>(bytes.size())) << file.name;
  }
}

TEST_F(PartWriterTest, FooterHoldsItsMetadataAndSnappyColumns) {
  const PartRecord part = Written({{.uri = "a"}});
  const auto reader = parquet::ParquetFileReader::Open(store_.Open(part.data.name).ValueOrDie());
  const auto metadata = reader->metadata();
  EXPECT_EQ(metadata->key_value_metadata()->Get("pomona.model").ValueOrDie(), "lite0");
  EXPECT_THAT(metadata->created_by(), HasSubstr("pomona version"));
  EXPECT_EQ(metadata->num_row_groups(), 1);
  EXPECT_EQ(metadata->RowGroup(0)->ColumnChunk(2)->compression(), parquet::Compression::SNAPPY);
  EXPECT_EQ(metadata->schema()->Column(2)->path()->ToDotString(), "features.list.element");
}

TEST_F(PartWriterTest, APartOfRejectsOnlyHasAnEmptyTable) {
  for (const auto format : {FeatureFormat::kArray, FeatureFormat::kVector}) {
    const PartRecord part = Written({Reject("a", "empty_file"), Reject("b", "corrupt")}, format);
    EXPECT_EQ(part.data.rows, 0);
    EXPECT_EQ(part.rejects->rows, 2);
    EXPECT_EQ(Read(part.data)->num_rows(), 0);
    EXPECT_TRUE(Read(part.data)->schema()->Equals(TableSchema(format), false));
  }
}

TEST_F(PartWriterTest, APartOfOneRow) {
  const PartRecord part = Written({{.uri = "only", .features = {7}}});
  EXPECT_FALSE(part.rejects.has_value());
  EXPECT_THAT(Texts(*Read(part.data), "path"), ElementsAre("only"));
}

TEST_F(PartWriterTest, TakesSlicedBatches) {
  auto writer = Open();
  const auto batch = BatchOfRows({{.uri = "a", .features = {1}},
                                  {.uri = "b", .features = {2}},
                                  Reject("c", "corrupt"),
                                  {.uri = "d", .features = {4}},
                                  {.uri = "e", .features = {5}}})
                         .ValueOrDie();
  ASSERT_TRUE(writer->Append(*batch->Slice(1, 3)).ok());
  ASSERT_TRUE(writer->Append(*batch->Slice(4, 1)).ok());
  EXPECT_EQ(writer->references(), 4);
  const PartRecord part = writer->Commit().ValueOrDie();
  EXPECT_THAT(Texts(*Read(part.data), "path"), ElementsAre("b", "d", "e"));
  EXPECT_EQ(Read(part.data)->GetColumnByName("features")->ToString(),
            "[\n  [\n    2\n  ],\n  [\n    4\n  ],\n  [\n    5\n  ]\n]");
}

TEST_F(PartWriterTest, WritesVectors) {
  const PartRecord part =
      Written({{.uri = "a", .features = {1, 2}}, Reject("b", "corrupt")}, FeatureFormat::kVector);
  const auto features = Read(part.data)->GetColumnByName("features");
  EXPECT_TRUE(features->Equals(
      *arrow::json::ArrayFromJSONString(TableSchema(FeatureFormat::kVector)->field(2)->type(),
                                        "[[1, null, null, [1, 2]]]")
           .ValueOrDie()))
      << features->ToString();
}

TEST_F(PartWriterTest, KeepsPathsWithOddCharacters) {
  const std::string odd = "file:/a/quo\"te's new\nline %2F#?\xc3\xa9.jpg";
  EXPECT_THAT(Texts(*Read(Written({{.uri = odd}}).data), "path"), ElementsAre(odd));
}

TEST_F(PartWriterTest, TheSameRowsGiveTheSameBytes) {
  const PartRecord once = Written({{.uri = "a"}, Reject("b", "corrupt")});
  const PartRecord again = Written({{.uri = "a"}, Reject("b", "corrupt")});
  EXPECT_EQ(once.data.sha256, again.data.sha256);
  EXPECT_EQ(once.references->sha256, again.references->sha256);
  EXPECT_EQ(once.rejects->sha256, again.rejects->sha256);
}

TEST_F(PartWriterTest, AbandonedItLeavesNothing) {
  {
    auto writer = Open();
    ASSERT_TRUE(
        writer->Append(*BatchOfRows({{.uri = "a"}, Reject("b", "corrupt")}).ValueOrDie()).ok());
  }
  EXPECT_THAT(AllFiles(), IsEmpty());
}

TEST_F(PartWriterTest, AnyFailedWriteLeavesNoTable) {
  int writes = 0;
  files_->before = [&](const std::string& call, const std::string&) {
    writes += call == "write" ? 1 : 0;
    return arrow::Status::OK();
  };
  Written({{.uri = "a"}, Reject("b", "corrupt")});
  const int all = writes;
  ASSERT_GT(all, 6);
  ASSERT_TRUE(store_.Delete(PartFileName({.index = 3, .epoch = 0}, kUuid)).ok());
  for (int nth = 1; nth <= all; ++nth) {
    writes = 0;
    files_->before = [&](const std::string& call, const std::string&) {
      return call == "write" && ++writes == nth ? arrow::Status::IOError("no space left on device")
                                                : arrow::Status::OK();
    };
    const auto status = [&]() -> arrow::Status {
      ARROW_ASSIGN_OR_RAISE(auto writer,
                            PartWriter::Open(store_, {.id = {.index = 3, .epoch = 0},
                                                      .uuid = kUuid,
                                                      .metadata = arrow::key_value_metadata(
                                                          {"pomona.model"}, {"lite0"})}));
      ARROW_ASSIGN_OR_RAISE(auto batch, BatchOfRows({{.uri = "a"}, Reject("b", "corrupt")}));
      ARROW_RETURN_NOT_OK(writer->Append(*batch));
      return writer->Commit().status();
    }();
    EXPECT_THAT(status.message(), HasSubstr("no space left")) << nth;
    EXPECT_THAT(store_.List("").ValueOrDie(), IsEmpty()) << nth;
    EXPECT_THAT(store_.List("_pomona/staging").ValueOrDie(), IsEmpty()) << nth;
  }
}

TEST_F(PartWriterTest, AFlippedBitOnTheWayToTheDiskIsNoticed) {
  files_->change = [](const std::string& path, std::string bytes) {
    if (IsStagedData(path) && bytes.size() > 20) bytes[10] ^= 1;
    return bytes;
  };
  auto writer = Open();
  ASSERT_TRUE(writer->Append(*BatchOfRows({{.uri = "a"}}).ValueOrDie()).ok());
  const auto status = writer->Commit().status();
  EXPECT_TRUE(status.IsIOError());
  EXPECT_THAT(status.message(), HasSubstr(PartFileName({.index = 3, .epoch = 0}, kUuid)));
  writer.reset();
  EXPECT_THAT(store_.List("").ValueOrDie(), IsEmpty());
}

TEST_F(PartWriterTest, ALostFooterIsNoticed) {
  files_->change = [](const std::string& path, std::string bytes) {
    const bool magic = IsStagedData(path) && bytes == "PAR1";
    return magic ? std::string() : bytes;
  };
  auto writer = Open();
  ASSERT_TRUE(writer->Append(*BatchOfRows({{.uri = "a"}}).ValueOrDie()).ok());
  EXPECT_TRUE(writer->Commit().status().IsIOError());
  EXPECT_THAT(store_.List("").ValueOrDie(), IsEmpty());
}

TEST(PartWriterOnObjects, WritesThePart) {
  const auto store_owned =
      OutputStore::Make(HookedFileSystem::ObjectStore(), "bucket/out", "s3a://bucket/out");
  OutputStore& store = *store_owned;
  auto writer =
      PartWriter::Open(store, {.id = {}, .uuid = kUuid, .metadata = nullptr}).ValueOrDie();
  ASSERT_TRUE(
      writer->Append(*BatchOfRows({{.uri = "a"}, Reject("b", "corrupt")}).ValueOrDie()).ok());
  EXPECT_THAT(store.List("").ValueOrDie(), IsEmpty());
  const PartRecord part = writer->Commit().ValueOrDie();
  EXPECT_THAT(Texts(*ReadTableFile(store, part.data).ValueOrDie(), "path"), ElementsAre("a"));
}

}  // namespace
}  // namespace pomona
