#pragma once

#include <condition_variable>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "pomona/source/source.h"

namespace pomona {

inline Uri Address(const std::string& text) { return Uri::Parse(text).ValueOrDie(); }

/// Tests: the fetch of a file that was listed, of any number of bytes.
inline ImageRef ToFetch(const ListedFile& file) {
  return {.uri = Address(file.uri),
          .size = file.size,
          .mtime_us = file.mtime_us,
          .version = file.version};
}

/// Tests: reads the listing to its end.
inline arrow::Result<std::vector<ListedFile>> ListAll(Source& source, const std::string& uri) {
  ARROW_ASSIGN_OR_RAISE(auto listing, source.List(Address(uri), arrow::StopToken::Unstoppable()));
  std::vector<ListedFile> all;
  while (true) {
    ARROW_ASSIGN_OR_RAISE(auto page, listing->Next());
    if (page.empty()) return all;
    for (ListedFile& file : page) all.push_back(std::move(file));
  }
}

/// Tests: fetches all at once and waits. Results in the order of `refs`.
inline std::vector<arrow::Result<std::string>> FetchAll(Source& source,
                                                        const std::vector<ImageRef>& refs) {
  std::vector<arrow::Result<std::string>> results(refs.size(),
                                                  arrow::Status::UnknownError("not called"));
  std::mutex mutex;
  std::condition_variable all_done;
  size_t done = 0;
  for (size_t i = 0; i < refs.size(); ++i) {
    source.Fetch(refs[i], [&, i](arrow::Result<std::shared_ptr<arrow::Buffer>> got) {
      std::lock_guard lock(mutex);
      if (got.ok()) {
        results[i] = (*got)->ToString();
      } else {
        results[i] = got.status();
      }
      if (++done == refs.size()) all_done.notify_one();
    });
  }
  std::unique_lock lock(mutex);
  all_done.wait(lock, [&] { return done == refs.size(); });
  return results;
}

inline std::vector<arrow::Result<std::string>> FetchAll(Source& source,
                                                        const std::vector<ListedFile>& files) {
  std::vector<ImageRef> refs;
  for (const ListedFile& file : files) refs.push_back(ToFetch(file));
  return FetchAll(source, refs);
}

inline arrow::Result<std::string> FetchOne(Source& source, const ImageRef& ref) {
  return FetchAll(source, std::vector{ref}).front();
}

inline arrow::Result<std::string> FetchOne(Source& source, const ListedFile& file) {
  return FetchOne(source, ToFetch(file));
}

}  // namespace pomona
