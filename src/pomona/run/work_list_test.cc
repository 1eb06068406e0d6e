#include "pomona/run/work_list.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "hooked_file_system.h"
#include "pomona/table/part_writer.h"
#include "temp_folder.h"
#include "test_rows.h"

namespace pomona {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

constexpr char kUuid[] = "0f3a2b1c-1111-4222-8333-444455556666";
constexpr int64_t kLater = 1'800'000'000'000'000;

/// A listing in batches of `page` rows.
std::shared_ptr<arrow::RecordBatchReader> Listing(const std::vector<TestRow>& rows, size_t page) {
  arrow::RecordBatchVector batches;
  for (size_t at = 0; at < rows.size(); at += page) {
    const auto first = rows.begin() + static_cast<ptrdiff_t>(at);
    const auto last = rows.begin() + static_cast<ptrdiff_t>(std::min(at + page, rows.size()));
    batches.push_back(ReferenceBatch(std::vector<TestRow>(first, last)).ValueOrDie());
  }
  return arrow::RecordBatchReader::Make(std::move(batches), ReferenceSchema()).ValueOrDie();
}

std::vector<TestRow> Rows(const std::vector<std::string>& uris) {
  std::vector<TestRow> rows;
  for (const auto& uri : uris) rows.push_back({.uri = uri});
  return rows;
}

class WorkListTest : public testing::Test {
 protected:
  WorkListTest() { EXPECT_TRUE(store_.Prepare().ok()); }

  void AddPart(int generation, const std::vector<TestRow>& rows) {
    auto writer =
        PartWriter::Open(store_, {.id = {.index = static_cast<int64_t>(parts_.size()), .epoch = 0},
                                  .generation = generation,
                                  .uuid = kUuid,
                                  .metadata = nullptr})
            .ValueOrDie();
    EXPECT_TRUE(writer->Append(*BatchOfRows(rows).ValueOrDie()).ok());
    parts_.push_back(writer->Commit().ValueOrDie());
  }

  /// What is left to do, a vector for each batch.
  arrow::Result<std::vector<std::vector<std::string>>> Work(const std::vector<TestRow>& listed,
                                                            WorkList::Options options,
                                                            size_t page = 3) {
    options.output = "the-output";
    work_ = std::make_unique<WorkList>(Listing(listed, page), store_, parts_, options);
    std::vector<std::vector<std::string>> batches;
    for (;;) {
      std::shared_ptr<arrow::RecordBatch> batch;
      ARROW_RETURN_NOT_OK(work_->ReadNext(&batch));
      if (batch == nullptr) return batches;
      EXPECT_TRUE(batch->schema()->Equals(*ReferenceSchema()));
      batches.push_back(Texts(*batch, "uri"));
    }
  }
  std::vector<std::string> Flat(const std::vector<TestRow>& listed, WorkList::Options options) {
    std::vector<std::string> flat;
    for (const auto& batch : Work(listed, options).ValueOrDie()) {
      flat.insert(flat.end(), batch.begin(), batch.end());
    }
    return flat;
  }
  void ExpectRefused(const std::vector<TestRow>& listed, WorkList::Options options,
                     const std::string& what) {
    const auto status = Work(listed, options).status();
    EXPECT_TRUE(status.IsInvalid()) << status.ToString();
    EXPECT_THAT(status.message(),
                AllOf(HasSubstr("the source changed since the-output was written: " + what),
                      HasSubstr("\nhint: option `update`")));
  }
  const WorkList::Counts& counts() const { return work_->counts(); }

  const WorkList::Options kResume{};
  const WorkList::Options kFinished{.finished = true, .output = ""};
  const WorkList::Options kUpdate{.update = true, .finished = true, .output = ""};

  TempFolder folder_;
  const std::shared_ptr<OutputStore> owned_store_ =
      OutputStore::Make(HookedFileSystem::LocalDisk(), folder_.string(), folder_.string());
  OutputStore& store_ = *owned_store_;
  std::vector<PartRecord> parts_;
  std::unique_ptr<WorkList> work_;
};

TEST_F(WorkListTest, WithoutPartsAllIsWork) {
  EXPECT_THAT(Flat(Rows({"a", "b", "c", "d"}), kResume), ElementsAre("a", "b", "c", "d"));
  EXPECT_EQ(counts().listed, 4);
  EXPECT_EQ(counts().added, 4);
  EXPECT_EQ(counts().bytes_to_fetch, 400);
}

TEST_F(WorkListTest, AListingOutOfOrderIsAnErrorThatNamesBoth) {
  for (const auto& listed : {Rows({"a", "c", "b", "d"}), Rows({"a", "b", "c", "bb"})}) {
    const auto status = Work(listed, kUpdate).status();
    EXPECT_TRUE(status.IsIOError()) << status.ToString();
    EXPECT_THAT(status.message(),
                AllOf(HasSubstr("not listed in order: b"), HasSubstr(" comes behind c\nhint: ")));
  }
}

TEST_F(WorkListTest, ANameThatIsListedTwiceIsAnError) {
  EXPECT_THAT(Work(Rows({"a", "b", "b"}), kResume, /*page=*/2).status().message(),
              HasSubstr("b comes behind b"));
}

TEST_F(WorkListTest, ReferencesOutOfOrderInTheOutputAreDamage) {
  AddPart(0, Rows({"a", "c"}));
  AddPart(0, Rows({"b"}));
  EXPECT_THAT(Work(Rows({"a", "b", "c"}), kUpdate).status().message(),
              HasSubstr("is damaged: in the references of part 1 b comes behind c"));
}

TEST_F(WorkListTest, AnEmptyListingIsNoWork) {
  EXPECT_THAT(Flat({}, kResume), IsEmpty());
  EXPECT_EQ(counts().listed, 0);
}

TEST_F(WorkListTest, ResumesBehindTheLastPart) {
  AddPart(0, Rows({"a", "b"}));
  AddPart(0, Rows({"c", "d"}));
  EXPECT_THAT(Flat(Rows({"a", "b", "c", "d", "e", "f"}), kResume), ElementsAre("e", "f"));
  EXPECT_EQ(counts().unchanged, 4);
  EXPECT_EQ(counts().added, 2);
  EXPECT_EQ(work_->unchanged_so_far(), 4);
  EXPECT_THAT(work_->dropped(), IsEmpty());
}

TEST_F(WorkListTest, AFinishedOutputOfTheSameSourceIsNoWork) {
  AddPart(0, Rows({"a", "b", "c"}));
  EXPECT_THAT(Flat(Rows({"a", "b", "c"}), kFinished), IsEmpty());
  EXPECT_THAT(Flat(Rows({"a", "b", "c"}), kUpdate), IsEmpty());
}

TEST_F(WorkListTest, BatchesNeverCrossTheBorderOfAPart) {
  EXPECT_THAT(Work(Rows({"a", "b", "c", "d", "e", "f", "g"}), {.rows_per_file = 4, .output = ""}, 3)
                  .ValueOrDie(),
              ElementsAre(ElementsAre("a", "b", "c"), ElementsAre("d"), ElementsAre("e", "f"),
                          ElementsAre("g")));
  EXPECT_THAT(
      Work(Rows({"a", "b", "c", "d", "e"}), {.rows_per_file = 2, .output = ""}, 5).ValueOrDie(),
      ElementsAre(ElementsAre("a", "b"), ElementsAre("c", "d"), ElementsAre("e")));
}

TEST_F(WorkListTest, BordersCountWorkAndNotWhatIsSkipped) {
  AddPart(0, Rows({"a", "c", "e"}));
  EXPECT_THAT(Work(Rows({"a", "b", "c", "d", "e", "f", "g"}),
                   {.rows_per_file = 3, .update = true, .finished = true, .output = ""}, 2)
                  .ValueOrDie(),
              ElementsAre(ElementsAre("b"), ElementsAre("d"), ElementsAre("f"), ElementsAre("g")));
}

TEST_F(WorkListTest, WithoutUpdateAnyChangeIsRefused) {
  AddPart(0, Rows({"b", "d"}));
  ExpectRefused(Rows({"a", "b", "d"}), kResume, "a is new");
  ExpectRefused(Rows({"b", "c", "d"}), kResume, "c is new");
  ExpectRefused(Rows({"b", "d", "e"}), kFinished, "e is new");
  ExpectRefused(Rows({"b"}), kResume, "d is gone");
  ExpectRefused(Rows({"d"}), kResume, "b is gone");
  ExpectRefused({}, kFinished, "b is gone");
  ExpectRefused({{.uri = "b", .size = 101}, {.uri = "d"}}, kResume, "b is changed");
  ExpectRefused({{.uri = "b"}, {.uri = "d", .mtime_us = kLater}}, kResume, "d is changed");
}

TEST_F(WorkListTest, AVersionThatIsSpelledOtherwiseOrToldOnceHasNotChanged) {
  AddPart(0, {{.uri = "a", .version = "\"etag\""}, {.uri = "b"}});
  EXPECT_THAT(Flat({{.uri = "a", .version = "W/\"etag\""}, {.uri = "b", .version = "x"}}, kUpdate),
              ElementsAre());
  EXPECT_THAT(Flat({{.uri = "a"}, {.uri = "b"}}, kUpdate), ElementsAre());
  EXPECT_THAT(Flat({{.uri = "a", .version = "etag"}, {.uri = "b"}}, kUpdate), ElementsAre());
  ExpectRefused({{.uri = "a", .version = "\"other\""}, {.uri = "b"}}, kResume, "a is changed");
}

TEST_F(WorkListTest, AnUpdateExtractsWhatIsNewAndDropsWhatIsGone) {
  AddPart(0, Rows({"a", "b", "c"}));
  AddPart(0, Rows({"d", "e", "g"}));
  EXPECT_THAT(Flat(Rows({"a", "c", "d", "f", "g", "h"}), kUpdate), ElementsAre("f", "h"));
  EXPECT_THAT(work_->dropped(), ElementsAre(Pair(0, ElementsAre(1)), Pair(1, ElementsAre(1))));
  EXPECT_EQ(counts().unchanged, 4);
  EXPECT_EQ(counts().added, 2);
  EXPECT_EQ(counts().deleted, 2);
  EXPECT_EQ(counts().changed, 0);
}

TEST_F(WorkListTest, AnUpdateExtractsWhatChangedAndDropsItsOldRow) {
  AddPart(0, {{.uri = "a"}, {.uri = "b"}, {.uri = "c", .version = "v1"}});
  EXPECT_THAT(Flat({{.uri = "a", .size = 7},
                    {.uri = "b", .mtime_us = kLater},
                    {.uri = "c", .version = "v2"}},
                   kUpdate),
              ElementsAre("a", "b", "c"));
  EXPECT_THAT(work_->dropped(), ElementsAre(Pair(0, ElementsAre(0, 1, 2))));
  EXPECT_EQ(counts().changed, 3);
  EXPECT_EQ(counts().added, 0);
  EXPECT_EQ(counts().bytes_to_fetch, 207);
}

TEST_F(WorkListTest, AnUpdateOfAnEmptiedSourceDropsAll) {
  AddPart(0, Rows({"a", "b"}));
  EXPECT_THAT(Flat({}, kUpdate), IsEmpty());
  EXPECT_THAT(work_->dropped(), ElementsAre(Pair(0, ElementsAre(0, 1))));
  EXPECT_EQ(counts().deleted, 2);
}

TEST_F(WorkListTest, OnlyAnUpdateTriesAgainWhatStorageRefused) {
  AddPart(0, {{.uri = "a", .reject = "timeout"},
              {.uri = "b", .reject = "truncated"},
              {.uri = "c", .reject = "forbidden"},
              {.uri = "d", .reject = "a code of the future"}});
  EXPECT_THAT(Flat(Rows({"a", "b", "c", "d"}), kFinished), IsEmpty());
  EXPECT_THAT(Flat(Rows({"a", "b", "c", "d"}), kUpdate), ElementsAre("a", "c"));
  EXPECT_THAT(work_->dropped(), ElementsAre(Pair(0, ElementsAre(0, 2))));
  EXPECT_EQ(counts().retried, 2);
  EXPECT_EQ(counts().unchanged, 2);
}

TEST_F(WorkListTest, GenerationsAreMerged) {
  AddPart(0, Rows({"b", "d"}));
  AddPart(0, Rows({"f", "h"}));
  AddPart(1, Rows({"a", "e"}));
  AddPart(2, Rows({"c"}));
  AddPart(2, Rows({"g"}));
  const std::vector<std::string> all = {"a", "b", "c", "d", "e", "f", "g", "h"};
  EXPECT_THAT(Flat(Rows(all), kFinished), IsEmpty());
  EXPECT_EQ(counts().unchanged, 8);
  EXPECT_THAT(Flat(Rows({"a", "b", "d", "e", "f", "g", "i"}), kUpdate), ElementsAre("i"));
  EXPECT_THAT(work_->dropped(), ElementsAre(Pair(1, ElementsAre(1)), Pair(3, ElementsAre(0))));
}

TEST_F(WorkListTest, OfAnOldAndANewRowThatAKilledUpdateLeftTheCurrentOneStays) {
  AddPart(0, {{.uri = "a"}, {.uri = "b"}, {.uri = "c"}});
  AddPart(1, {{.uri = "b", .mtime_us = kLater}});
  const std::vector<TestRow> listed = {
      {.uri = "a"}, {.uri = "b", .mtime_us = kLater}, {.uri = "c"}};
  EXPECT_THAT(Flat(listed, {.update = true, .output = ""}), IsEmpty());
  EXPECT_THAT(work_->dropped(), ElementsAre(Pair(0, ElementsAre(1))));
  EXPECT_EQ(counts().unchanged, 3);
  // Without update the old row is a change that nobody allowed.
  ExpectRefused(listed, kResume, "b is changed");
}

TEST_F(WorkListTest, OldAndNewRowThatBothChangedAgainGiveOneTask) {
  AddPart(0, {{.uri = "b"}});
  AddPart(1, {{.uri = "b", .size = 2}});
  EXPECT_THAT(Flat({{.uri = "b", .size = 3}}, kUpdate), ElementsAre("b"));
  EXPECT_THAT(work_->dropped(), ElementsAre(Pair(0, ElementsAre(0)), Pair(1, ElementsAre(0))));
  EXPECT_EQ(counts().changed, 1);
}

TEST_F(WorkListTest, OfTheSameRowTwiceOneStays) {
  AddPart(0, {{.uri = "b"}});
  AddPart(1, {{.uri = "b"}});
  EXPECT_THAT(Flat({{.uri = "b"}}, kUpdate), IsEmpty());
  EXPECT_THAT(work_->dropped(), ElementsAre(Pair(1, ElementsAre(0))));
}

TEST_F(WorkListTest, ARetryThatAKilledUpdateFinishedIsNotDoneAgain) {
  AddPart(0, {{.uri = "b", .reject = "timeout"}});
  AddPart(1, {{.uri = "b"}});
  EXPECT_THAT(Flat({{.uri = "b"}}, kUpdate), IsEmpty());
  EXPECT_THAT(work_->dropped(), ElementsAre(Pair(0, ElementsAre(0))));
}

TEST_F(WorkListTest, EmptyPartsAreSteppedOver) {
  AddPart(0, {});
  AddPart(0, Rows({"a"}));
  AddPart(0, {});
  AddPart(0, {});
  AddPart(1, {});
  EXPECT_THAT(Flat(Rows({"a", "b"}), kResume), ElementsAre("b"));
}

TEST_F(WorkListTest, OrderIsThatOfBytes) {
  AddPart(0, Rows({"A b", "A-b", "A/b", "Ab", "\xc3\xa9"}));
  EXPECT_THAT(Flat(Rows({"A b", "A-b", "A/b", "Ab", "\xc3\xa9"}), kFinished), IsEmpty());
  EXPECT_EQ(counts().unchanged, 5);
}

TEST_F(WorkListTest, StopsWhenItIsTold) {
  arrow::StopSource stop;
  WorkList::Options options = kResume;
  options.stop = stop.token();
  stop.RequestStop();
  EXPECT_TRUE(Work(Rows({"a"}), options).status().IsCancelled());
}

TEST_F(WorkListTest, AReferencesFileThatIsMissingEndsTheRun) {
  AddPart(0, Rows({"a"}));
  ASSERT_TRUE(store_.Delete(parts_[0].references->name).ok());
  EXPECT_FALSE(Work(Rows({"a"}), kResume).ok());
}

}  // namespace
}  // namespace pomona
