#pragma once

#include <arrow/result.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "pomona/model.h"

namespace pomona {

/// How to run a network. See ExtractOptions for the user's view of the same.
struct EngineOptions {
  std::string features;         ///< tensors to read; empty: the card's, else found
  std::string features_layout;  ///< "NCHW" or "NHWC", of maps; empty: the graph tells
  std::optional<Pooling> pooling;
  int input_size = 0;  ///< side of the image in pixels; 0: the network's own
  Precision precision = Precision::kF32;
  int threads = 0;          ///< cores to use; 0: all
  bool pin_threads = true;  ///< false where several processes share the cores
  std::string cache_dir;    ///< compiled models; empty: no cache
  /// In place of the features, the ranges of the tensors that its layers read: BuildRangeNetwork.
  /// Never cached.
  bool ranges = false;
};

/// A compiled network: [1, height, width, 3] uint8 RGB in, [feature_dim] float32 out.
/// Normalisation and layout change happen inside the graph. One image per request:
/// on a CPU that is the fastest, and makes a row independent of its neighbours.
class Engine {
 public:
  /// One inference slot. Owned by the engine; used by one thread at a time.
  class Request {
   public:
    virtual ~Request() = default;
    /// [height, width, 3] uint8, RGB, row-major: fill before Start.
    virtual uint8_t* pixels() const = 0;
    /// Runs; `done` is called once on an engine thread and must be short.
    virtual void Start(std::function<void(arrow::Status)> done) = 0;
    /// [feature_dim] float32; valid in `done` and until the next Start.
    virtual const float* features() const = 0;
  };

  /// Cost: a compile (about a second), or a cache read (about 0.1 s).
  /// Errors: KeyError if there is no such tensor; Invalid for a bad option or an
  /// unusable model, or one without an int8 file where that is wanted; IOError if it cannot be
  /// read; DamagedData for an int8 file that is none.
  static arrow::Result<std::unique_ptr<Engine>> Load(const Model& model,
                                                     const EngineOptions& options);
  /// Waits for running requests.
  virtual ~Engine() = default;

  virtual int width() const = 0;
  virtual int height() const = 0;
  virtual int feature_dim() const = 0;
  virtual const std::string& feature_tensor() const = 0;
  /// Why that tensor, and what was done to it, for people.
  virtual const std::string& feature_origin() const = 0;
  /// "NCHW" or "NHWC" where maps were pooled over their pixels, else empty.
  virtual const std::string& feature_layout() const = 0;
  /// What is where in a row's features; their lengths sum up to feature_dim().
  virtual const std::vector<FeatureSlice>& feature_slices() const = 0;
  /// The layout of the image that the network itself takes: "NCHW" or "NHWC".
  virtual const std::string& input_layout() const = 0;
  /// What really runs: kF32, kBf16 or kInt8.
  virtual Precision precision() const = 0;
  /// Requests that keep the engine busy; there are exactly that many.
  virtual int request_count() const = 0;
  virtual Request& request(int index) = 0;
};

}  // namespace pomona
