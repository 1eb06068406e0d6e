#include "pomona/classify/train_remarks.h"

#include <fmt/format.h>

#include <string>

namespace pomona {

void RemarkOnRows(const LearningRows& which, const LearningRows* validation,
                  int64_t without_features, TrainReport* report) {
  const auto say = [&](int64_t rows, const char* what) {
    if (rows > 0) report->remarks.push_back(fmt::format("{} rows {}", rows, what));
  };
  report->remarks = which.remarks;
  say(which.of_other_splits, "are kept for other uses by the split");
  say(which.unlabelled, "have no label and are left out");
  say(which.of_unlearned_labels, "to calibrate on have labels that are not learned");
  say(without_features, "have no features and are left out");
  if (report->like > 0) {
    std::string too_kind =
        ": how right and how sure answers are, is of the rows of training, and too kind for photos "
        "of another kind";
    report->remarks.push_back(fmt::format("rows are seen from the mean of {} photos without labels{}",
                                          report->like, validation ? "" : too_kind));
  }
  if (validation != nullptr) {
    say(validation->unlabelled, "to validate by have no label and are left out");
    say(validation->of_unlearned_labels,
        "to validate by have labels that are not learned and are left out");
    report->remarks.push_back(fmt::format(
        "{} rows of another table chose how to learn, by the share of right names of each label, "
        "and how sure to be: what they say of it is too kind, and rows of others judge it",
        report->validation));
    return;
  }
  if (which.labels_of_one_fold > 0) {
    report->remarks.push_back(fmt::format(
        "{} labels are in one fold alone: nothing here says how good answers to them are",
        which.labels_of_one_fold));
  }
  if (which.folds_of_groups) return;
  report->remarks.emplace_back(
      "the folds do not keep groups whole: where photos of one fruit, visit or movie are alike, "
      "the share that is right is too kind, and so is what says how sure answers are (pomona "
      "split --group ... --folds 5 makes honest ones)");
}

void RemarkOnLogistic(const LearnedLogistic& learned, size_t features, double discriminant,
                      TrainReport* report) {
  if (learned.axes < static_cast<int64_t>(features)) {
    report->remarks.push_back(
        fmt::format("logistic regression learned in the first {} principal axes of {}, which hold "
                    "{:.4g} % of the variance: all of them are more than it holds",
                    learned.axes, features, 100 * learned.explained));
  }
  if (learned.right >= discriminant) return;
  report->remarks.push_back(
      fmt::format("the discriminant names more rows rightly, {:.3f} instead of {:.3f}: method auto "
                  "takes it",
                  discriminant, learned.right));
}

}  // namespace pomona
