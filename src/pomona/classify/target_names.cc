#include "pomona/classify/target_names.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <string_view>

#include "pomona/shown_text.h"

namespace pomona {
namespace {

using arrow::Status;

constexpr std::array kColumns = {"predicted",     "probability",   "set",    "unknown",
                                 "unknown_score", "probabilities", "nearest"};

bool NamesColumn(unsigned char c) {
  return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

std::string Lower(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

std::string NamesOf(std::span<const Classifier> classifiers) {
  std::string names;
  for (const Classifier& one : classifiers) {
    names += (names.empty() ? "" : ", ") + ShownText(one.target());
  }
  return names;
}

}  // namespace

std::span<const char* const> AnswerColumnNames() { return kColumns; }

std::string AnswerSuffix(const Classifier& classifier, size_t classifiers) {
  return classifiers < 2 ? "" : "_" + classifier.target();
}

Status CheckTargetNames(const std::vector<std::string>& targets) {
  if (targets.size() < 2) return Status::OK();
  std::map<std::string, std::string> columns;
  for (const std::string& target : targets) {
    if (target.empty() || !std::all_of(target.begin(), target.end(), NamesColumn)) {
      return Status::Invalid(
          "target: `", ShownText(target), "` cannot end the name of a column, as it does in the ",
          "answers to several targets\nhint: rename it in the label map: letters, digits and ",
          "underscores (a to z, A to Z)");
    }
    for (const char* column : kColumns) {
      const auto [place, is_new] = columns.emplace(Lower(column + ("_" + target)), target);
      if (is_new) continue;
      if (Lower(place->second) == Lower(target)) {
        return Status::Invalid("target: `", ShownText(target), "` is named twice");
      }
      return Status::Invalid("target: `", ShownText(place->second), "` and `", ShownText(target),
                             "` both give the column `", place->first, "`");
    }
  }
  return Status::OK();
}

arrow::Result<Classifier> PickTarget(std::span<const Classifier> classifiers,
                                     const std::string& target) {
  if (target.empty()) {
    if (classifiers.size() == 1) return classifiers.front();
    return Status::Invalid("the classifier has several targets",
                           "\nhint: option `target` takes one of ", NamesOf(classifiers));
  }
  const auto found = std::find_if(classifiers.begin(), classifiers.end(),
                                  [&](const Classifier& one) { return one.target() == target; });
  if (found != classifiers.end()) return *found;
  return Status::Invalid("the classifier has no target `", ShownText(target), "`\nhint: ",
                         NamesOf(classifiers).empty() ? "it learned the column `label` as it is"
                                                      : "it has " + NamesOf(classifiers));
}

}  // namespace pomona
