#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <new>
#include <optional>
#include <span>

#include "pomona/base/available_cores.h"
#include "pomona/base/clock.h"
#include "pomona/base/environment.h"
#include "pomona/base/peak_memory.h"
#include "pomona/projection.h"
#include "pomona/report.h"
#include "pomona/report/common_folder.h"
#include "pomona/report/data_files.h"
#include "pomona/report/page_data.h"
#include "pomona/report/page_file.h"
#include "pomona/report/provenance.h"
#include "pomona/report/spread.h"
#include "pomona/shown_text.h"
#include "pomona/storage/uri.h"
#include "pomona/storage/whole_file.h"
#include "pomona/version.h"

namespace pomona {
namespace {

using arrow::Result;
using arrow::Status;

constexpr size_t kMostPoints = 100'000;
/// Of so many labels each has a picture before anything else has one.
constexpr size_t kMostFirst = 1'000;
/// Share of a page that its data may have: the rest is for pictures.
constexpr double kDataShare = 0.6;

/// When the page is made: SOURCE_DATE_EPOCH, or now.
int64_t Now() {
  const std::string given = FirstInEnvironment({"SOURCE_DATE_EPOCH"});
  int64_t seconds = 0;
  const auto [end, error] = std::from_chars(given.data(), given.data() + given.size(), seconds);
  if (!given.empty() && error == std::errc() && end == given.data() + given.size()) return seconds;
  return std::chrono::duration_cast<std::chrono::seconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

/// One call of MakeReport: its state between the steps.
class PageRun {
 public:
  PageRun(const ReportOptions& options, int threads)
      : options_(options), threads_(threads), page_(options) {}

  Result<PageReport> Execute() {
    const auto start = Clock::now();
    ARROW_ASSIGN_OR_RAISE(const auto file, WholeFile::At(options_.output, options_.storage));
    ARROW_RETURN_NOT_OK(file.CheckCanPut(options_.overwrite));
    ARROW_RETURN_NOT_OK(CheckDataFiles(options_));
    page_.title = Title();
    page_.made = IsoTime(Now());
    ARROW_RETURN_NOT_OK(Timed(&report_.read_seconds, [&] { return Read(); }));
    if (page_.rows.rows() > 0) {
      ARROW_RETURN_NOT_OK(Timed(&report_.judge_seconds, [&] { return Judge(); }));
      ARROW_RETURN_NOT_OK(Timed(&report_.duplicates_seconds, [&] { return Duplicates(); }));
    } else {
      page_.remarks.push_back({"summary", "no row has features: there is nothing to show of them"});
    }
    page_.classes = CountClasses(page_.rows, &page_.remarks);
    if (!options_.compare.empty()) {
      ARROW_ASSIGN_OR_RAISE(page_.compare,
                            CompareTables(options_, page_.rows, threads_, &page_.remarks));
    }
    ChoosePoints();
    ARROW_RETURN_NOT_OK(Timed(&report_.map_seconds, [&] { return Map(); }));
    // The page itself says nothing of single features, and wants memory for pictures.
    page_.rows.matrix.values.reset();
    page_.provenance = ProvenanceOf(page_);
    ARROW_RETURN_NOT_OK(Timed(&report_.thumbnail_seconds, [&] { return Pictures(); }));
    const std::string html = Html();
    if (static_cast<int64_t>(html.size()) > options_.max_size) return TooLarge(html.size());
    ARROW_RETURN_NOT_OK(WriteDataFiles(page_));
    ARROW_RETURN_NOT_OK(file.Put(html));
    FillReport(static_cast<int64_t>(html.size()));
    report_.seconds = SecondsSince(start);
    return std::move(report_);
  }

 private:
  template <class Step>
  static Status Timed(double* seconds, Step&& step) {
    const auto start = Clock::now();
    const Status status = step();
    *seconds = SecondsSince(start);
    return status;
  }

  std::string Title() const {
    if (!options_.title.empty()) return options_.title;
    std::string name = options_.features;
    while (name.size() > 1 && name.ends_with('/')) name.pop_back();
    return ShownText(name.substr(name.rfind('/') + 1));
  }

  Status Read() {
    ARROW_ASSIGN_OR_RAISE(page_.rows, ReadReportRows(options_, threads_, &page_.remarks));
    return ReadTableRecord(options_, &page_.remarks).Value(&page_.record);
  }

  /// What is learned takes as much memory as the features: one is held at a time.
  Status Judge() {
    page_.rows.matrix.values.reset();
    ARROW_RETURN_NOT_OK(AnswerRows());
    return ReadFeaturesAgain(options_, threads_, &page_.rows);
  }

  Status AnswerRows() {
    if (options_.classifier.empty()) {
      ARROW_ASSIGN_OR_RAISE(page_.judgement,
                            JudgeOutOfFold(options_, threads_, &page_.rows, &page_.remarks));
    } else {
      ARROW_ASSIGN_OR_RAISE(page_.judgement,
                            JudgeByClassifier(options_, threads_, &page_.rows, &page_.remarks));
    }
    if (page_.judgement) {
      page_.wrong = WrongAnswers(page_.rows, *page_.judgement);
      page_.trust = TrustInAnswers(page_.rows, *page_.judgement);
    }
    const bool wrong_told = std::ranges::any_of(
        page_.remarks, [](const auto& remark) { return remark.section == "wrong"; });
    if (!page_.wrong && !wrong_told) {
      page_.remarks.push_back({"wrong", "no row with a label judges"});
    }
    if (!page_.trust) {
      page_.remarks.push_back(
          {"trust", "there are no answers to trust: see what is said of wrong"});
    } else if (page_.trust->histogram.empty()) {
      page_.remarks.push_back(
          {"trust",
           "which rows look like no label is what a classifier says: option `classifier`"});
    }
    return Status::OK();
  }

  Status Duplicates() {
    return FindPageDuplicates(page_.rows, threads_, options_.stop, &page_.remarks)
        .Value(&page_.duplicates);
  }

  /// All rows: one of each label, those that sections show by themselves, and then evenly of all
  /// labels.
  void ChoosePoints() {
    const std::vector<int64_t> even = EvenByLabel(page_.rows.label);
    std::vector<bool> taken(even.size());
    const auto take = [&](std::span<const int64_t> rows) {
      for (const int64_t row : rows) {
        if (taken[static_cast<size_t>(row)]) continue;
        taken[static_cast<size_t>(row)] = true;
        wanted_.push_back(row);
      }
    };
    const size_t labels = page_.rows.labels.size();
    if (labels <= kMostFirst) take(std::span(even).first(std::min(labels, even.size())));
    take(page_.ShownRows());
    pinned_ = wanted_.size();
    take(even);
    if (wanted_.size() > kMostPoints) {
      page_.remarks.push_back({"map", fmt::format("{} of {} rows are points, evenly of all labels",
                                                  kMostPoints, wanted_.size())});
    }
    KeepPoints(std::min(wanted_.size(), kMostPoints));
  }

  /// The first `count` that are wanted.
  void KeepPoints(size_t count) {
    wanted_.resize(count);
    std::vector<int64_t> rows = wanted_;
    std::ranges::sort(rows);
    page_.points.Keep(std::move(rows));
  }

  Status Map() {
    const PagePoints& points = page_.points;
    if (points.rows.empty()) {
      page_.remarks.push_back({"map", "there are no rows to lay out"});
      return Status::OK();
    }
    FeatureView view = page_.rows.view();
    std::vector<float> some;
    if (static_cast<int64_t>(points.rows.size()) < page_.rows.rows()) {
      some.reserve(points.rows.size() * static_cast<size_t>(view.dim));
      for (const int64_t row : points.rows) {
        const auto values = page_.rows.matrix.row(row);
        some.insert(some.end(), values.begin(), values.end());
      }
      view.values = some;
    }
    auto projected = ProjectToPlane(view, {.threads = threads_, .stop = options_.stop});
    ARROW_ASSIGN_OR_RAISE(const bool shows, Shows(projected.status(), "map", &page_.remarks));
    if (!shows) return Status::OK();
    page_.points.x = std::move(projected->x);
    page_.points.y = std::move(projected->y);
    return Status::OK();
  }

  std::string Html() const {
    const bool files = !BrowserPrefix(CommonFolder(page_.rows)).empty();
    return PageHtml(page_.title, PageJson(page_), files);
  }

  /// Fewer points where their data would leave no room, then as many pictures as there is room for.
  Status Pictures() {
    const auto most = static_cast<double>(options_.max_size);
    size_t bytes = Html().size();
    while (static_cast<double>(bytes) > kDataShare * most && wanted_.size() > pinned_) {
      const double share = std::min(kDataShare * most / static_cast<double>(bytes), 0.9);
      const auto fewer = static_cast<size_t>(static_cast<double>(wanted_.size()) * share);
      KeepPoints(std::max(fewer, pinned_));
      bytes = Html().size();
    }
    if (wanted_.size() < std::min(static_cast<size_t>(page_.rows.rows()), kMostPoints)) {
      page_.remarks.push_back(
          {"map", fmt::format("{} of {} rows are points, as option `max_size` is {}",
                              wanted_.size(), page_.rows.rows(), options_.max_size)});
    }
    if (page_.rows.matrix.path == nullptr || wanted_.empty()) return Status::OK();
    // What says where the pictures are takes room, too.
    const int64_t words =
        8'192 + 8 * static_cast<int64_t>(std::min<size_t>(wanted_.size(), 10'000));
    ARROW_ASSIGN_OR_RAISE(
        page_.thumbnails,
        MakeThumbnails(page_.rows, wanted_, options_.max_size - static_cast<int64_t>(bytes) - words,
                       threads_, options_.storage, options_.stop, &page_.remarks));
    if (page_.thumbnails.rows.empty() && page_.thumbnails.missing == 0) {
      page_.remarks.push_back(
          {"samples", "there is no room for pictures within option `max_size`"});
    }
    return Status::OK();
  }

  Status TooLarge(size_t bytes) const {
    return Status::Invalid("option `max_size` is ", options_.max_size,
                           " bytes, and the page without any picture has ", bytes,
                           "\nhint: a larger one");
  }

  void FillReport(int64_t bytes) {
    const ReportRows& rows = page_.rows;
    report_.version = kVersion;
    report_.features = options_.features;
    report_.output = options_.output;
    report_.data = DataFolder(options_);
    report_.rows = rows.rows();
    report_.left_out = rows.matrix.skipped;
    report_.classes = static_cast<int64_t>(rows.labels.size());
    report_.points = static_cast<int64_t>(page_.points.rows.size());
    report_.thumbnails = static_cast<int64_t>(page_.thumbnails.rows.size());
    report_.missing = page_.thumbnails.missing;
    report_.duplicate_sets = page_.duplicates ? page_.duplicates->sets : 0;
    report_.label_issues = page_.wrong ? page_.wrong->issues_of : 0;
    report_.rejects = page_.record.rejects ? static_cast<int64_t>(page_.record.rejects->size()) : 0;
    report_.page_bytes = bytes;
    report_.remarks = page_.remarks;
    report_.cores = threads_;
    report_.peak_memory_bytes = PeakMemoryBytes();
  }

  const ReportOptions& options_;
  const int threads_;
  PageData page_;
  std::vector<int64_t> wanted_;  ///< the points, the most wanted first
  size_t pinned_ = 0;            ///< of them those that sections show by themselves
  PageReport report_;
};

}  // namespace

Result<PageReport> MakeReport(const ReportOptions& options) {
  ARROW_RETURN_NOT_OK(options.Validate());
  const int threads = options.threads == 0 ? AvailableCores() : options.threads;
  try {
    return PageRun(options, threads).Execute();
  } catch (const std::bad_alloc&) {
    return Status::OutOfMemory("there is not enough memory for the rows of ",
                               ShownUri(options.features),
                               "\nhint: pomona pca makes fewer features of many");
  }
}

Status ReportOptions::Validate() const {
  ARROW_RETURN_NOT_OK(storage.Validate());
  ARROW_RETURN_NOT_OK(Uri::Parse(features).status());
  ARROW_RETURN_NOT_OK(Uri::Parse(output).status());
  for (const std::string* one : {&classifier, &split, &labels, &compare, &data}) {
    if (!one->empty()) ARROW_RETURN_NOT_OK(Uri::Parse(*one).status());
  }
  const std::string name = output.substr(output.rfind('/') + 1);
  if (!name.ends_with(".html") || name.size() == 5) {
    return Status::Invalid("the page ", ShownUri(output),
                           " has no name that ends in .html, by which a browser opens it");
  }
  if (column.empty()) return Status::Invalid("column must not be empty");
  if (!target.empty() && labels.empty()) {
    return Status::Invalid("target: there is no label map\nhint: option `labels` names one");
  }
  if (max_size < kLeastSize) {
    return Status::Invalid("option `max_size` must be ", kLeastSize, " or more, not ", max_size);
  }
  return CheckThreads(threads);
}

}  // namespace pomona
