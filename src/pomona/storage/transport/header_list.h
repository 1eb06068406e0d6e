#pragma once

#include <curl/curl.h>

#include <array>
#include <cstddef>
#include <string>

namespace pomona {

/// A list of header lines for libcurl over strings that live here: nothing is allocated or
/// copied for it, unlike by curl_slist_append. For one thread.
class HeaderList {
 public:
  static constexpr size_t kMax = 12;

  void Clear() { size_ = 0; }

  /// An empty line to be filled; at most kMax.
  std::string& Add() {
    lines_[size_].clear();
    return lines_[size_++];
  }

  /// What CURLOPT_HTTPHEADER takes; valid until the next change. There is at least one line.
  curl_slist* Link() {
    for (size_t i = 0; i < size_; ++i) {
      nodes_[i].data = lines_[i].data();
      nodes_[i].next = i + 1 < size_ ? &nodes_[i + 1] : nullptr;
    }
    return nodes_.data();
  }

 private:
  std::array<std::string, kMax> lines_;
  std::array<curl_slist, kMax> nodes_{};
  size_t size_ = 0;
};

}  // namespace pomona
