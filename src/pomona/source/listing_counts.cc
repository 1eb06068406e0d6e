#include "pomona/source/listing_counts.h"

#include <algorithm>

namespace pomona {
namespace {

constexpr size_t kLongestSuffix = 16;
constexpr size_t kMostSuffixes = 64;

}  // namespace

std::string SuffixOf(std::string_view name) {
  const size_t dot = name.rfind('.');
  if (dot == std::string_view::npos || dot == 0 || dot + 1 == name.size()) return "";
  std::string suffix(name.substr(dot));
  const auto is_odd = [](unsigned char c) { return c <= ' ' || c == 0x7f || c == '\\'; };
  if (suffix.size() > kLongestSuffix || std::any_of(suffix.begin(), suffix.end(), is_odd)) {
    return "";
  }
  for (char& c : suffix) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return suffix;
}

void ListingSummary::Add(const ListingSummary& other) {
  references += other.references;
  not_taken += other.not_taken;
  not_taken_by_old_rule += other.not_taken_by_old_rule;
  for (const auto& [suffix, count] : other.not_taken_by_suffix) {
    if (not_taken_by_suffix.size() < kMostSuffixes || not_taken_by_suffix.contains(suffix)) {
      not_taken_by_suffix[suffix] += count;
    }
  }
  if (unlabelled == 0) unlabelled_example = other.unlabelled_example;
  unlabelled += other.unlabelled;
}

void ListingCounts::AddReferences(int64_t count) {
  std::lock_guard lock(mutex_);
  summary_.references += count;
}

void ListingCounts::AddNotTaken(std::string_view uri, bool by_todays) {
  const std::string suffix = SuffixOf(uri.substr(uri.rfind('/') + 1));
  std::lock_guard lock(mutex_);
  ++summary_.not_taken;
  if (by_todays) ++summary_.not_taken_by_old_rule;
  auto& suffixes = summary_.not_taken_by_suffix;
  if (suffixes.size() < kMostSuffixes || suffixes.contains(suffix)) ++suffixes[suffix];
}

void ListingCounts::AddUnlabelled(std::string_view uri) {
  std::lock_guard lock(mutex_);
  if (summary_.unlabelled++ == 0) summary_.unlabelled_example = uri;
}

ListingSummary ListingCounts::summary() const {
  std::lock_guard lock(mutex_);
  return summary_;
}

}  // namespace pomona
