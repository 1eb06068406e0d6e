#include "pomona/source/local/source.h"

#include <algorithm>
#include <utility>

#include "pomona/base/guarded.h"
#include "pomona/source/fetch_counts.h"
#include "pomona/source/fetch_pool.h"
#include "pomona/source/local/file.h"
#include "pomona/source/local/listing.h"

namespace pomona {
namespace {

// Enough to keep a network mount with 10 ms a read at 1,600 images/s.
constexpr int kMaxThreads = 16;

class LocalSource : public Source {
 public:
  explicit LocalSource(int threads) : pool_(threads) {}

  arrow::Result<std::unique_ptr<Listing>> List(const Uri& uri, arrow::StopToken stop) override {
    return OpenLocalListing(uri.path, std::move(stop));
  }

  void Fetch(ImageRef ref, FetchCallback done) override {
    pool_.Submit([this, ref = std::move(ref), done = std::move(done)] {
      auto read = Guarded([&] { return ReadLocalFile(ref); });
      counts_.requests.fetch_add(1, std::memory_order_relaxed);
      if (read.ok()) counts_.bytes.fetch_add((*read)->size(), std::memory_order_relaxed);
      done(std::move(read));
    });
  }

  FetchCounters counters() const override { return counts_.Read(pool_.busy_ns()); }

 private:
  FetchCounts counts_;
  FetchPool pool_;
};

}  // namespace

std::shared_ptr<Source> MakeLocalSource(int fetches) {
  return std::make_shared<LocalSource>(std::min(fetches, kMaxThreads));
}

}  // namespace pomona
