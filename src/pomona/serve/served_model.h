#pragma once

#include <arrow/result.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "pomona/classifier.h"
#include "pomona/extract.h"
#include "pomona/neighbor_index.h"
#include "pomona/reject.h"
#include "pomona/serve.h"
#include "pomona/serve/photo_body.h"

namespace pomona {

/// What a network made of photos.
struct PhotoFeatures {
  std::vector<float> values;  ///< [photos, dim]
  int64_t dim = 0;

  const float* row(size_t photo) const { return values.data() + photo * static_cast<size_t>(dim); }
};

/// A photo of training, or of the table, that is near.
struct NearPhoto {
  std::string path, label;
  std::optional<int64_t> row;     ///< of the table
  std::optional<float> distance;  ///< from what was asked; of a row of the table
};

/// The classifiers of a file, the network of their features, and the table that neighbours are
/// looked up in.
/// Immutable, thread-safe: a reload makes another one.
class ServedModel {
 public:
  /// `before`: what is served until now; its network and its table are shared where they are the
  /// same. EXIF is obeyed, whatever the features were learned from.
  /// Errors: those of Server::Open that are about the classifier, the network, the table.
  static arrow::Result<std::shared_ptr<const ServedModel>> Load(const ServeOptions& options,
                                                                const ServedModel* before);

  /// One a target; not empty, and of the same features.
  const std::vector<Classifier>& classifiers() const { return classifiers_; }
  const std::string& digest() const { return digest_; }  ///< SHA-256 of the classifier's file
  Extractor& extractor() const { return *extractor_; }
  bool has_table() const { return table_.has_value(); }
  int64_t table_rows() const { return table_ ? table_->rows() : 0; }

  /// By a stream of their own, which shares the cores with all others. What one photo's trouble is
  /// has the reject's reason (RejectReasonOf), and the photo's number where there are several.
  /// `done`: what the stream did, also where it fails.
  arrow::Result<PhotoFeatures> Features(const Photos& photos, ExtractCounters* done) const;

  /// The `k` rows that are nearest to any of the photos, or all, where there are fewer: each row
  /// once. The table must be there.
  arrow::Result<std::vector<NearPhoto>> Nearest(const PhotoFeatures& photos, int64_t k) const;

 private:
  ServedModel(std::vector<Classifier> classifiers, std::string digest)
      : classifiers_(std::move(classifiers)), digest_(std::move(digest)) {}

  const std::vector<Classifier> classifiers_;
  const std::string digest_;
  std::shared_ptr<Extractor> extractor_;
  std::optional<NeighborIndex> table_;
  std::string table_made_of_;
};

}  // namespace pomona
