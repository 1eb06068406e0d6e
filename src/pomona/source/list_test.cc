#include "pomona/list.h"

#include <arrow/array.h>
#include <arrow/scalar.h>
#include <arrow/table.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pomona/source/listing_rule.h"
#include "temp_folder.h"

namespace pomona {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

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
  for (const char* name :
       {"a.JPG", "b.jpeg", "c.Png", "d.webp", "e.txt", "f.jfif", "g.jpe", "h.JIF", "jpg"}) {
    folder_.Write(name, "x");
  }
  EXPECT_THAT(Column(*List(), "uri"),
              ElementsAre(Uri("a.JPG"), Uri("b.jpeg"), Uri("c.Png"), Uri("d.webp"), Uri("f.jfif"),
                          Uri("g.jpe"), Uri("h.JIF")));
  options_.globs = {"*.txt"};
  EXPECT_THAT(Column(*List(), "uri"), ElementsAre(Uri("e.txt")));
}

TEST_F(ListTest, takes_images_whatever_their_names_begin_with) {
  for (const char* name : {"_DSC0002.JPG", "_MG_0003.JPG", "_unknown_/1.jpg", ".hidden.jpg",
                           "._DSC0002.JPG", ".cache/1.jpg", "_temporary/0/1.jpg", "_pomona/1.jpg",
                           "Lemon/_delta_log/1.jpg", "Lemon/1.jpg"}) {
    folder_.Write(name, "x");
  }
  EXPECT_THAT(Column(*List(), "uri"), ElementsAre(Uri("Lemon/1.jpg"), Uri("_DSC0002.JPG"),
                                                  Uri("_MG_0003.JPG"), Uri("_unknown_/1.jpg")));
}

TEST_F(ListTest, an_older_rule_hides_every_underscore_and_says_what_it_hid) {
  for (const char* name :
       {"_DSC0002.JPG", "_unknown_/1.jpg", "_unknown_/1.txt", "2.jpg", "3.jfif"}) {
    folder_.Write(name, "x");
  }
  const ListingRule old{.globs = {"*.jpg"}, .hides_underscore = true};
  const auto reader =
      ListImagesBy(old, pomona::Uri::Parse(options_.source).ValueOrDie(), options_).ValueOrDie();
  EXPECT_THAT(Column(*reader->ToTable().ValueOrDie(), "uri"), ElementsAre(Uri("2.jpg")));
  const ListingSummary summary = reader->summary();
  EXPECT_EQ(summary.references, 1);
  EXPECT_EQ(summary.not_taken, 4);
  EXPECT_EQ(summary.not_taken_by_old_rule, 3);
}

TEST_F(ListTest, the_root_of_a_source_may_have_any_name) {
  folder_.Write("_pomona/.x/_in/1.jpg", "x");
  options_.source = folder_.string() + "/_pomona/.x";
  EXPECT_THAT(Column(*List(), "uri"), ElementsAre(Uri("_pomona/.x/_in/1.jpg")));
}

TEST_F(ListTest, what_lies_there_and_is_not_taken_is_counted) {
  for (const char* name : {"1.jpg", "a.xyz", "b.XYZ", "notes.txt", "README", ".hidden", "_SUCCESS",
                           "part-0.parquet", "Lemon_$folder$"}) {
    folder_.Write(name, "x");
  }
  const auto reader = ListImages(options_).ValueOrDie();
  EXPECT_EQ(reader->ToTable().ValueOrDie()->num_rows(), 1);
  const ListingSummary summary = reader->summary();
  EXPECT_EQ(summary.references, 1);
  EXPECT_EQ(summary.not_taken, 4);
  EXPECT_EQ(summary.not_taken_by_old_rule, 0);
  EXPECT_THAT(summary.not_taken_by_suffix,
              ElementsAre(Pair("", 1), Pair(".txt", 1), Pair(".xyz", 2)));
}

TEST_F(ListTest, a_marker_of_a_folder_is_no_file_whatever_the_pattern) {
  folder_.Write("Lemon_$folder$", "");
  folder_.Write("Lemon/1.jpg", "x");
  options_.globs = {"*"};
  EXPECT_THAT(Column(*List(), "uri"), ElementsAre(Uri("Lemon/1.jpg")));
}

TEST_F(ListTest, labels_that_are_not_found_are_counted) {
  for (const char* name : {"a/1.jpg", "a/2.jpg", "b/3.jpg"}) folder_.Write(name, "x");
  const auto unlabelled = [&](const std::string& rule) {
    options_.label = rule;
    const auto reader = ListImages(options_).ValueOrDie();
    EXPECT_TRUE(reader->ToTable().ok());
    return reader->summary();
  };
  EXPECT_EQ(unlabelled("/a/(.)").unlabelled, 1);
  EXPECT_EQ(unlabelled("/a/(.)").unlabelled_example, Uri("b/3.jpg"));
  EXPECT_EQ(unlabelled("none").unlabelled, 0);
  EXPECT_EQ(unlabelled("parent").unlabelled, 0);
  EXPECT_EQ(unlabelled("no such").unlabelled, 3);
}

TEST_F(ListTest, a_source_that_is_a_pattern_is_refused_with_what_to_write) {
  folder_.Write("photos/a/1.jpg", "x");
  options_.source = folder_.string() + "/photos/*/*.jpg";
  const arrow::Status status = ListImages(options_).status();
  EXPECT_TRUE(status.IsInvalid());
  EXPECT_THAT(status.message(), HasSubstr("/photos with option `glob=*.jpg`"));
}

TEST_F(ListTest, a_folder_whose_name_looks_like_a_pattern_is_listed) {
  folder_.Write("photos/*/[1]{2}?.jpg", "x");
  options_.source = folder_.string() + "/photos/*";
  EXPECT_THAT(Column(*List(), "uri"), ElementsAre(Uri("photos/*/[1]{2}?.jpg")));
  options_.source += "/[1]{2}?.jpg";
  EXPECT_THAT(Column(*List(), "uri"), ElementsAre(Uri("photos/*/[1]{2}?.jpg")));
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
