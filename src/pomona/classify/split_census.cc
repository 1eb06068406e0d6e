#include "pomona/classify/split_census.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>

#include "pomona/base/json.h"
#include "pomona/classify/share_groups.h"
#include "pomona/shown_text.h"

namespace pomona {
namespace {

/// Labels that a remark names before it only counts.
constexpr size_t kNamedLabels = 5;
/// Largest over smallest label from which a remark says so.
constexpr int64_t kUnevenLabels = 10;

std::string WithThousands(int64_t number) {
  std::string text = std::to_string(number);
  for (size_t at = text.size(); at > 3;) text.insert(at -= 3, ",");
  return text;
}

std::string SomeNames(const std::vector<std::string>& names) {
  std::string text;
  for (size_t i = 0; i < std::min(names.size(), kNamedLabels); ++i) {
    text += (i == 0 ? "" : ", ") + ShownText(names[i]);
  }
  if (names.size() > kNamedLabels) {
    text += fmt::format(" and {} more",
                        WithThousands(static_cast<int64_t>(names.size() - kNamedLabels)));
  }
  return text;
}

/// Which of the bins (parts, folds) each group or label has rows in.
class Presence {
 public:
  Presence(int32_t names, size_t bins)
      : bins_(bins), there_(static_cast<size_t>(names) * bins, 0) {}

  void Add(int32_t name, size_t bin) { there_[static_cast<size_t>(name) * bins_ + bin] = 1; }
  bool Has(int32_t name, size_t bin) const {
    return there_[static_cast<size_t>(name) * bins_ + bin] != 0;
  }
  int64_t Count(size_t bin) const {
    int64_t names = 0;
    for (size_t i = bin; i < there_.size(); i += bins_) names += there_[i];
    return names;
  }

 private:
  const size_t bins_;
  std::vector<uint8_t> there_;
};

constexpr size_t Index(SplitPart part) { return static_cast<size_t>(part); }

class SplitCensus {
 public:
  SplitCensus(const ToldRows& told, const std::optional<NearTwins>& twins,
              const SplitOptions& options)
      : told_(told),
        twins_(twins),
        options_(options),
        group_parts_(told.table.group_count, kSplitParts.size()),
        label_parts_(told.table.labels.size(), kSplitParts.size()),
        label_rows_(static_cast<size_t>(told.table.labels.size()), 0) {}

  SplitReport Take() {
    report_.rows = told_.table.rows();
    report_.groups = told_.table.group_count;
    report_.labels = told_.table.labels.size();
    CountParts();
    CountBothSides();
    if (options_.folds) CountFolds();
    if (twins_) TakeTwins();
    Remark();
    return std::move(report_);
  }

 private:
  void CountParts() {
    for (size_t i = 0; i < told_.part.size(); ++i) {
      const size_t part = Index(told_.part[i]);
      ++report_.parts[part].rows;
      group_parts_.Add(told_.table.group[i], part);
      label_parts_.Add(told_.table.label[i], part);
      ++label_rows_[static_cast<size_t>(told_.table.label[i])];
    }
    for (size_t part = 0; part < kSplitParts.size(); ++part) {
      report_.parts[part].groups = group_parts_.Count(part);
      report_.parts[part].labels = label_parts_.Count(part);
    }
    for (int32_t label = 0; label < told_.table.labels.size(); ++label) {
      const bool judged = label_parts_.Has(label, Index(SplitPart::kTest)) ||
                          label_parts_.Has(label, Index(SplitPart::kCalibration));
      if (judged && !label_parts_.Has(label, Index(SplitPart::kTrain))) {
        report_.labels_not_in_train.push_back(told_.table.labels.name(label));
      }
    }
    std::sort(report_.labels_not_in_train.begin(), report_.labels_not_in_train.end());
  }

  bool SeenBefore(int32_t group, size_t part) const {
    return std::ranges::any_of(kSplitParts, [&](SplitPart seen) {
      return IsSeenBefore(seen, kSplitParts[part]) && group_parts_.Has(group, Index(seen));
    });
  }

  void TakeTwins() {
    report_.twins_counted = true;
    report_.rows_with_twin_in_another_fold = twins_->rows_of_folds;
    for (size_t part = 0; part < kSplitParts.size(); ++part) {
      report_.parts[part].rows_with_twin_in_training = twins_->rows_of_part[part];
    }
  }

  void CountBothSides() {
    for (int32_t group = 0; group < told_.table.group_count; ++group) {
      for (size_t part = 0; part < kSplitParts.size(); ++part) {
        if (!group_parts_.Has(group, part) || !SeenBefore(group, part)) continue;
        ++report_.groups_on_both_sides;
        break;
      }
    }
    for (size_t i = 0; i < told_.part.size(); ++i) {
      const size_t part = Index(told_.part[i]);
      if (SeenBefore(told_.table.group[i], part)) ++report_.parts[part].rows_seen_in_training;
    }
  }

  void CountFolds() {
    const auto folds = static_cast<size_t>(*options_.folds);
    report_.folds.resize(folds);
    Presence labels(told_.table.labels.size(), folds);
    std::vector<bool> counted(static_cast<size_t>(told_.table.group_count), false);
    std::vector<int64_t> groups_of(static_cast<size_t>(told_.table.labels.size()), 0);
    std::vector<std::pair<int32_t, int32_t>> pairs;
    for (size_t i = 0; i < told_.fold.size(); ++i) {
      if (told_.fold[i] < 0) continue;
      const auto fold = static_cast<size_t>(told_.fold[i]);
      ++report_.folds[fold].rows;
      labels.Add(told_.table.label[i], fold);
      pairs.emplace_back(told_.table.label[i], told_.table.group[i]);
      const auto group = static_cast<size_t>(told_.table.group[i]);
      if (!counted[group]) ++report_.folds[fold].groups;
      counted[group] = true;
    }
    for (size_t fold = 0; fold < folds; ++fold) report_.folds[fold].labels = labels.Count(fold);
    std::sort(pairs.begin(), pairs.end());
    pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());
    for (const auto& pair : pairs) ++groups_of[static_cast<size_t>(pair.first)];
    for (size_t label = 0; label < groups_of.size(); ++label) {
      if (groups_of[label] > 0 && groups_of[label] < *options_.folds) {
        report_.labels_of_few_groups.push_back(
            told_.table.labels.name(static_cast<int32_t>(label)));
      }
    }
    std::sort(report_.labels_of_few_groups.begin(), report_.labels_of_few_groups.end());
  }

  void Remark() {
    auto& remarks = report_.remarks;
    for (const SplitPart part : kSplitParts) {
      const auto& counts = report_.part(part);
      if (counts.rows_seen_in_training == 0) continue;
      const bool calibrates =
          part != SplitPart::kCalibration && report_.part(SplitPart::kCalibration).rows > 0;
      remarks.push_back(
          fmt::format("{} of {} {} rows have a row of the same group in training{}: what is "
                      "measured on them is "
                      "too kind",
                      WithThousands(counts.rows_seen_in_training), WithThousands(counts.rows),
                      SplitPartName(part), calibrates ? " or calibration" : ""));
    }
    RemarkTwins();
    if (!told_.table.grouped) {
      remarks.push_back(
          "each row is a group of its own: photos of one fruit may be on both sides (option "
          "`group` keeps them together)");
    } else if (!SayWhatIsAlike(report_.groups, report_.rows)) {
      remarks.push_back(fmt::format(
          "{} groups of {} rows: nearly each row is a group of its own, as if nobody had said what "
          "is alike; photos of one fruit may be on both sides",
          WithThousands(report_.groups), WithThousands(report_.rows)));
    }
    if (const auto& labels = report_.labels_not_in_train; !labels.empty()) {
      remarks.push_back(fmt::format(
          "{} {} not in training: {}", WithThousands(static_cast<int64_t>(labels.size())),
          labels.size() == 1 ? "label that is judged is" : "labels that are judged are",
          SomeNames(labels)));
    }
    RemarkMissingInTest();
    if (const auto& labels = report_.labels_of_few_groups; !labels.empty()) {
      remarks.push_back(
          fmt::format("{} {} fewer groups than there are folds, and {} missing in some of them: {}",
                      WithThousands(static_cast<int64_t>(labels.size())),
                      labels.size() == 1 ? "label has" : "labels have",
                      labels.size() == 1 ? "is" : "are", SomeNames(labels)));
    }
    const auto [least, most] = std::minmax_element(label_rows_.begin(), label_rows_.end());
    if (*most >= kUnevenLabels * *least) {
      remarks.push_back(fmt::format(
          "labels are uneven: {} has {} rows, {} has {}",
          ShownText(told_.table.labels.name(static_cast<int32_t>(most - label_rows_.begin()))),
          WithThousands(*most),
          ShownText(told_.table.labels.name(static_cast<int32_t>(least - label_rows_.begin()))),
          WithThousands(*least)));
    }
  }

  void RemarkTwins() {
    auto& remarks = report_.remarks;
    const auto judged = report_.rows - report_.part(SplitPart::kTrain).rows;
    if (!report_.twins_counted) {
      if (judged == 0 && !options_.folds) return;
      remarks.push_back(
          fmt::format("near twins were not looked for among so many rows: photos that are there "
                      "twice may be on "
                      "both sides (option `twins` counts them)"));
      return;
    }
    const auto remark = [&](int64_t rows, int64_t of, std::string_view what,
                            std::string_view where) {
      if (rows == 0) return;
      remarks.push_back(fmt::format(
          "{} of {} {} have a near twin in {}, within {:g}{}: what is measured on them is "
          "too kind (option `group=duplicates` keeps them together)",
          WithThousands(rows), WithThousands(of), what, where, options_.within,
          told_.table.features && told_.table.features->dim < told_.table.features->row_dim
              ? " by the last layer"
              : ""));
    };
    for (const SplitPart part : kSplitParts) {
      const auto& counts = report_.part(part);
      const bool calibrates =
          part != SplitPart::kCalibration && report_.part(SplitPart::kCalibration).rows > 0;
      remark(counts.rows_with_twin_in_training, counts.rows,
             fmt::format("{} rows", SplitPartName(part)),
             calibrates ? "training or calibration" : "training");
    }
    int64_t folded = 0;
    for (const auto& fold : report_.folds) folded += fold.rows;
    remark(report_.rows_with_twin_in_another_fold, folded, "rows of folds", "another fold");
  }

  void RemarkMissingInTest() {
    if (report_.part(SplitPart::kTest).rows == 0) return;
    std::vector<std::string> missing;
    for (int32_t label = 0; label < told_.table.labels.size(); ++label) {
      if (label_parts_.Has(label, Index(SplitPart::kTrain)) &&
          !label_parts_.Has(label, Index(SplitPart::kTest))) {
        missing.push_back(told_.table.labels.name(label));
      }
    }
    if (missing.empty()) return;
    std::sort(missing.begin(), missing.end());
    report_.remarks.push_back(fmt::format("{} {} in training and not in the test: {}",
                                          WithThousands(static_cast<int64_t>(missing.size())),
                                          missing.size() == 1 ? "label is" : "labels are",
                                          SomeNames(missing)));
  }

  const ToldRows& told_;
  const std::optional<NearTwins>& twins_;
  const SplitOptions& options_;
  Presence group_parts_, label_parts_;
  std::vector<int64_t> label_rows_;
  SplitReport report_;
};

}  // namespace

SplitReport TakeCensus(const ToldRows& told, const std::optional<NearTwins>& twins,
                       const SplitOptions& options) {
  return SplitCensus(told, twins, options).Take();
}

std::string SplitReport::ToJson() const {
  Json json = {{"pomona", version},        {"features", ShownUri(features)},
               {"split", ShownUri(split)}, {"rows", rows},
               {"groups", groups},         {"labels", labels}};
  const auto of_twins = [&](int64_t counted) { return twins_counted ? Json(counted) : Json(); };
  for (const SplitPart which : kSplitParts) {
    const Part& counts = part(which);
    json["parts"][std::string(SplitPartName(which))] = {
        {"rows", counts.rows},
        {"groups", counts.groups},
        {"labels", counts.labels},
        {"rows_seen_in_training", counts.rows_seen_in_training},
        {"rows_with_twin_in_training", of_twins(counts.rows_with_twin_in_training)}};
  }
  json["folds"] = Json::array();
  for (const Fold& fold : folds) {
    json["folds"].push_back(
        {{"rows", fold.rows}, {"groups", fold.groups}, {"labels", fold.labels}});
  }
  json["groups_on_both_sides"] = groups_on_both_sides;
  json["rows_with_twin_in_another_fold"] = of_twins(rows_with_twin_in_another_fold);
  json["labels_not_in_train"] = labels_not_in_train;
  json["labels_of_few_groups"] = labels_of_few_groups;
  json["remarks"] = remarks;
  return JsonDocument(json);
}

}  // namespace pomona
