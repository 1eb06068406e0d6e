#include "pomona/list.h"

#include <arrow/array.h>
#include <arrow/scalar.h>
#include <arrow/table.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "temp_folder.h"

namespace pomona {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::vector<std::string> Column(const arrow::Table& table, const std::string& name) {
  std::vector<std::string> values;
  const auto column = table.GetColumnByName(name);
  for (int64_t i = 0; i < column->length(); ++i) {
    values.push_back(column->GetScalar(i).ValueOrDie()->ToString());
  }
  return values;
}

class ListTest : public ::testing::Test {
 protected:
  std::shared_ptr<arrow::Table> List() {
    auto reader = ListImages(options_);
    EXPECT_TRUE(reader.ok()) << reader.status();
    return (*reader)->ToTable().ValueOrDie();
  }
  std::string Uri(const std::string& name) { return "file:" + folder_.string() + "/" + name; }

  TempFolder folder_;
  ListOptions options_ = [this] {
    ListOptions options;
    options.source = folder_.string();
    return options;
  }();
};

TEST_F(ListTest, gives_uri_size_time_and_label) {
  folder_.Write("Apple Braeburn/3_100.jpg", "12345");
  const auto table = List();
  EXPECT_TRUE(table->schema()->Equals(*ReferenceSchema()));
  EXPECT_THAT(Column(*table, "uri"), ElementsAre(Uri("Apple Braeburn/3_100.jpg")));
  EXPECT_THAT(Column(*table, "size"), ElementsAre("5"));
  EXPECT_THAT(Column(*table, "label"), ElementsAre("Apple Braeburn"));
  EXPECT_THAT(Column(*table, "version"), ElementsAre("null"));
  EXPECT_EQ(table->GetColumnByName("mtime")->null_count(), 0);
}

TEST_F(ListTest, takes_images_only_in_any_case) {
  for (const char* name : {"a.JPG", "b.jpeg", "c.Png", "d.webp", "e.txt", "jpg"}) {
    folder_.Write(name, "x");
  }
  EXPECT_THAT(Column(*List(), "uri"),
              ElementsAre(Uri("a.JPG"), Uri("b.jpeg"), Uri("c.Png"), Uri("d.webp")));
  options_.globs = {"*.txt"};
  EXPECT_THAT(Column(*List(), "uri"), ElementsAre(Uri("e.txt")));
}

TEST_F(ListTest, file_named_itself_is_taken_whatever_its_name) {
  options_.source = folder_.Write("_photo.bin", "x");
  EXPECT_THAT(Column(*List(), "uri"), ElementsAre(Uri("_photo.bin")));
}

TEST_F(ListTest, batches_have_the_rows_asked_for) {
  for (int i = 0; i < 25; ++i) folder_.Write(std::to_string(i) + ".jpg", "x");
  options_.batch_rows = 10;
  auto reader = ListImages(options_).ValueOrDie();
  std::vector<int64_t> rows;
  while (auto batch = reader->Next().ValueOrDie()) {
    EXPECT_TRUE(batch->ValidateFull().ok());
    rows.push_back(batch->num_rows());
  }
  EXPECT_THAT(rows, ElementsAre(10, 10, 5));
  EXPECT_EQ(reader->Next().ValueOrDie(), nullptr);
}

TEST_F(ListTest, empty_folder_gives_no_rows) { EXPECT_EQ(List()->num_rows(), 0); }

TEST_F(ListTest, missing_source_is_an_io_error) {
  options_.source = folder_.string() + "/gone";
  const arrow::Status status = ListImages(options_).status();
  EXPECT_TRUE(status.IsIOError());
  EXPECT_THAT(status.message(), HasSubstr("does not exist"));
}

TEST_F(ListTest, bad_option_is_refused_by_name_before_any_io) {
  options_.source = folder_.string() + "/gone";
  const auto refused = [&](void (*spoil)(ListOptions*), const char* name) {
    ListOptions options = options_;
    spoil(&options);
    const arrow::Status status = ListImages(options).status();
    EXPECT_TRUE(status.IsInvalid()) << status;
    EXPECT_THAT(status.message(), HasSubstr(name));
  };
  refused([](ListOptions* o) { o->label = "("; }, "label");
  refused([](ListOptions* o) { o->globs = {}; }, "globs");
  refused([](ListOptions* o) { o->batch_rows = 0; }, "batch_rows");
  refused([](ListOptions* o) { o->storage.max_attempts = 0; }, "max_attempts");
  refused([](ListOptions* o) { o->storage.s3_endpoint = "localhost:9000"; }, "s3_endpoint");
  refused([](ListOptions* o) { o->storage.s3_access_key = "k"; }, "s3_secret_key");
  refused([](ListOptions* o) { o->storage.backoff_cap = std::chrono::milliseconds(1); },
          "backoff_cap");
  refused([](ListOptions* o) { o->source = ""; }, "empty path");
}

}  // namespace
}  // namespace pomona
