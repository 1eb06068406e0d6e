#pragma once

#include <condition_variable>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "pomona/source/source.h"

namespace pomona {

/// Tests: reads the listing to its end.
inline arrow::Result<std::vector<ImageRef>> ListAll(Source& source, const std::string& uri) {
  ARROW_ASSIGN_OR_RAISE(auto listing, source.List(uri, arrow::StopToken::Unstoppable()));
  std::vector<ImageRef> all;
  while (true) {
    ARROW_ASSIGN_OR_RAISE(auto page, listing->Next());
    if (page.empty()) return all;
    for (ImageRef& ref : page) all.push_back(std::move(ref));
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

inline arrow::Result<std::string> FetchOne(Source& source, const ImageRef& ref) {
  return FetchAll(source, {ref}).front();
}

}  // namespace pomona
