#include "pomona/base/json.h"
#include "pomona/issues.h"
#include "pomona/shown_text.h"

namespace pomona {
namespace {

Json OrNull(const std::string& text) { return text.empty() ? Json() : Json(text); }

}  // namespace

std::string_view IssueKindName(IssueKind kind) {
  switch (kind) {
    case IssueKind::kLabel:
      return "label";
    case IssueKind::kDuplicateOfOther:
      return "near duplicate of another label";
    case IssueKind::kOutlier:
      return "outlier";
    case IssueKind::kNearDuplicate:
      return "near duplicate";
    case IssueKind::kClassImbalance:
      return "class imbalance";
    case IssueKind::kNone:
      return "none";
  }
  return "";
}

std::string IssuesReport::ToJson() const {
  Json right;
  if (accuracy) {
    right = {{"value", accuracy->value}};
    if (accuracy->interval) {
      right["low"] = accuracy->interval->low;
      right["high"] = accuracy->interval->high;
    }
  }
  Json small = Json::array();
  for (const SmallClass& one : small_classes) {
    small.push_back({{"label", one.label}, {"rows", one.rows}});
  }
  Json worst = Json::array();
  for (const ShownIssue& one : shown) {
    worst.push_back({{"issue", IssueKindName(one.kind)},
                     {"score", one.score},
                     {"given_label", OrNull(one.given_label)},
                     {"predicted_label", OrNull(one.predicted_label)},
                     {"path", OrNull(ShownUri(one.path))}});
  }
  return JsonDocument({{"pomona", version},
                       {"features", ShownUri(features)},
                       {"output", ShownUri(output)},
                       {"rows", rows},
                       {"skipped", skipped},
                       {"dim", dim},
                       {"classes", classes},
                       {"judged", judged},
                       {"unlabelled", unlabelled},
                       {"unjudged", unjudged},
                       {"folds", folds},
                       {"honest_folds", honest_folds},
                       {"accuracy", std::move(right)},
                       {"slices", slices},
                       {"label_issues", label_issues},
                       {"outlier_issues", outlier_issues},
                       {"neighbors", neighbors},
                       {"outlier_threshold", outlier_threshold},
                       {"near_duplicate_issues", near_duplicate_issues},
                       {"near_duplicate_sets", near_duplicate_sets},
                       {"threshold", threshold},
                       {"sets_across_labels", sets_across_labels},
                       {"rows_across_labels", rows_across_labels},
                       {"class_imbalance_issues", class_imbalance_issues},
                       {"small_classes", std::move(small)},
                       {"shown", std::move(worst)},
                       {"remarks", remarks},
                       {"cores", cores},
                       {"seconds", seconds},
                       {"peak_memory_bytes", peak_memory_bytes}});
}

}  // namespace pomona
