#pragma once

#include <arrow/result.h>
#include <arrow/util/cancel.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pomona/base/thread_team.h"
#include "pomona/extract/reference_feed.h"
#include "pomona/image/image_reader.h"
#include "pomona/report/sprite_sheet.h"
#include "pomona/storage.h"

namespace pomona {

/// Gets the pictures of rows from where their paths say, small. Whatever is wrong with one is its
/// own trouble. For one thread.
class PictureLoader {
 public:
  /// `path_of` says where the picture of a row is; what it gives lives longer. Opens no store yet.
  using PathOf = std::function<std::string_view(int64_t row)>;
  PictureLoader(PathOf path_of, const StorageOptions& storage, int threads);

  /// The cells of these rows, in their order; nothing where there is no picture. At most kFetches
  /// reads are under way and kFetchedBytes bytes not yet decoded. Cancelled.
  arrow::Result<std::vector<std::optional<SpriteCell>>> Load(std::span<const int64_t> rows,
                                                             const arrow::StopToken& stop);

  /// Why there were none, with how often and for which path first: "not_found: 3 pictures ...".
  std::vector<std::string> Troubles() const;

  static constexpr int kFetches = 64;
  static constexpr int64_t kFetchedBytes = int64_t{64} << 20;

 private:
  arrow::Result<std::unique_ptr<ReferenceFeed>> FeedOf(std::span<const int64_t> rows) const;

  struct Trouble {
    std::string reason, path, message;
    int64_t count = 0;
  };

  const PathOf path_of_;
  StorageOptions storage_;
  ImageOptions image_;
  ThreadTeam team_;
  std::vector<Trouble> troubles_;  ///< in the order in which they came
};

}  // namespace pomona
