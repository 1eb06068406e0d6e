#include "pomona/run/progress_ticker.h"

#include <arrow/record_batch.h>

#include <utility>

namespace pomona {

ProgressTicker::ProgressTicker(std::chrono::milliseconds every, std::function<void()> tick) {
  thread_ = std::thread([this, every, tick = std::move(tick)] {
    std::unique_lock lock(mutex_);
    while (!ending_.wait_for(lock, every, [&] { return ended_; })) tick();
    tick();
  });
}

ProgressTicker::~ProgressTicker() {
  {
    std::lock_guard lock(mutex_);
    ended_ = true;
    ending_.notify_all();
  }
  thread_.join();
}

SourceCounter::SourceCounter(ListingRule rule, Uri source, ListOptions options) {
  options.stop = ending_.token();
  thread_ = std::thread(
      [this, rule = std::move(rule), source = std::move(source), options = std::move(options)] {
        auto listing = ListImagesBy(rule, source, options);
        int64_t count = 0;
        while (listing.ok()) {
          std::shared_ptr<arrow::RecordBatch> batch;
          if (!(*listing)->ReadNext(&batch).ok()) return;
          if (batch == nullptr) {
            total_ = count;
            return;
          }
          count += batch->num_rows();
        }
      });
}

SourceCounter::~SourceCounter() {
  ending_.RequestStop();
  thread_.join();
}

}  // namespace pomona
