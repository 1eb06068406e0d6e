#include "pomona/features/file_kind.h"

#include <arrow/array/builder_primitive.h>
#include <arrow/io/memory.h>
#include <arrow/table.h>
#include <arrow/util/key_value_metadata.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <parquet/arrow/writer.h>

#include "pomona/error_kind.h"

namespace pomona {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string KindOfText(std::string_view text) {
  return FileKindOf(arrow::Buffer(text));
}

/// A table of one column, with a key in its footer.
std::shared_ptr<arrow::Buffer> Parquet(const std::string& column, const std::string& key) {
  const auto sink = arrow::io::BufferOutputStream::Create().ValueOrDie();
  const auto schema = arrow::schema({arrow::field(column, arrow::int32())});
  arrow::Int32Builder values;
  EXPECT_TRUE(values.Append(1).ok());
  const auto table = arrow::Table::Make(schema, {values.Finish().ValueOrDie()});
  auto writer =
      parquet::arrow::FileWriter::Open(*schema, arrow::default_memory_pool(), sink).ValueOrDie();
  EXPECT_TRUE(writer->AddKeyValueMetadata(arrow::key_value_metadata({key}, {"{}"})).ok());
  EXPECT_TRUE(writer->WriteTable(*table, 1).ok());
  EXPECT_TRUE(writer->Close().ok());
  return sink->Finish().ValueOrDie();
}

TEST(FileKind, is_told_by_the_bytes) {
  EXPECT_EQ(KindOfText("\xFF\xD8\xFF\xE0..."), "an image");
  EXPECT_EQ(KindOfText("\x89PNG\r\n\x1a\n"), "an image");
  EXPECT_EQ(KindOfText("from,species\n*,Äpfel\n"), "text");
  EXPECT_EQ(KindOfText(std::string_view("\x00\x01\x02", 3)), "");
  EXPECT_EQ(KindOfText(""), "");
  EXPECT_EQ(KindOfText("PAR1 and no more"), "a damaged Parquet file");
  EXPECT_EQ(FileKindOf(*Parquet("x", "pomona.pca")), "a PCA model");
  EXPECT_EQ(FileKindOf(*Parquet("x", "pomona.classifier")), "a classifier");
  EXPECT_EQ(FileKindOf(*Parquet("x", "pomona.features")), "a feature table");
  EXPECT_EQ(FileKindOf(*Parquet("features", "somebody")), "a feature table");
  EXPECT_EQ(FileKindOf(*Parquet("x", "somebody")), "another Parquet file");
}

TEST(FileKind, what_was_named_for_another_is_said) {
  const arrow::Buffer image("\xFF\xD8\xFF\xE0...");
  const auto told = NotWhatWasNamed(DamagedData("this is no split"), "a.jpg", image, "make one");
  EXPECT_EQ(KindOf(told), ErrorKind::kData);
  EXPECT_EQ(told.message(), "a.jpg: this is no split\nhint: it looks like an image; make one");
  // A hint of its own is the better one, and a bad request is not the file's fault.
  const auto own = NotWhatWasNamed(DamagedData("old\nhint: remove it"), "a", image, "make one");
  EXPECT_EQ(own.message(), "a: old\nhint: remove it");
  const auto request = NotWhatWasNamed(arrow::Status::Invalid("no"), "a", image, "make one");
  EXPECT_THAT(request.message(), Not(HasSubstr("hint")));
}

}  // namespace
}  // namespace pomona
