#pragma once

#include <arrow/result.h>

#include <optional>
#include <regex>
#include <string>

namespace pomona {

/// Finds the label of an image in its URI. See ListOptions::label. Immutable; thread-safe.
class LabelRule {
 public:
  /// `rule`: "parent", "none" or a regular expression (ECMAScript). Invalid if it is none.
  static arrow::Result<LabelRule> Make(const std::string& rule);

  /// nullopt: no label. "parent" gives the folder that holds the file, whatever the store; of
  /// "Lemon//1.jpg" the nearest that has a name, "Lemon"; for an object at the root of a bucket,
  /// the bucket. The search of a regular expression is Invalid if it is too complex for this URI.
  arrow::Result<std::optional<std::string>> Find(const std::string& uri) const;

  /// Whether no image is to have a label.
  bool is_none() const { return kind_ == Kind::kNone; }

 private:
  enum class Kind { kParent, kNone, kRegex };
  Kind kind_ = Kind::kNone;
  std::regex regex_;
};

}  // namespace pomona
