#pragma once

#include <arrow/result.h>
#include <arrow/util/cancel.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "pomona/model.h"
#include "pomona/public.h"
#include "pomona/storage.h"

namespace POMONA_PUBLIC pomona {

/// A classifier as a web page that computes in the browser: docs/guides/app.md.
struct AppOptions {
  /// The file that `pomona train` wrote, a path or URI.
  std::string classifier;

  /// The folder to write, a local path.
  std::string output;

  /// What the app is called, on the page and on the phone.
  std::string title = "Pomona";

  /// What is worth knowing of each fruit: a file as docs/format/cards.md describes it, a path or
  /// URI. Empty: the cards that came with this installation.
  std::string cards;

  /// Of a file of several targets the one that is meant. Empty: there is one.
  std::string target;

  /// The network's path. Empty: by its name in the catalogue, which the classifier knows.
  std::string model;

  /// Of the network's arithmetic, kF32 or kInt8. Absent: kInt8 where the network has an int8 file,
  /// which makes the app smaller by some 10 MB.
  std::optional<Precision> precision;

  /// Replace an app that is there; a folder of anything else is left alone.
  bool overwrite = false;

  /// Cores to make pictures with; 0: all.
  int threads = 0;

  StorageOptions storage;

  /// Ends it with Cancelled; then nothing is written.
  arrow::StopToken stop = arrow::StopToken::Unstoppable();

  /// Invalid names the field.
  arrow::Status Validate() const;
};

/// What was written.
struct AppReport {
  std::string version, classifier, output;
  int64_t labels = 0;
  int64_t cards = 0;  ///< those that the labels need
  int64_t labels_without_card = 0;
  int64_t pictures = 0;  ///< of training, which are shown where a photo is unknown
  int64_t missing = 0;   ///< such pictures that could not be read: their names are shown
  Precision precision = Precision::kF32;
  bool same_arithmetic = true;  ///< as the features that were learned from
  int64_t files = 0;
  int64_t bytes = 0;                 ///< of all files: what a phone loads, once
  std::vector<std::string> remarks;  ///< what people should know
  double seconds = 0;

  std::string ToJson() const;
};

/// Writes the folder, which appears whole: the page, the runtime, the network with its classifier
/// (Export), cards, pictures of training as far as they can be read where their paths say, and the
/// list by which a browser keeps all that for use without a network. The same input, the same
/// bytes. No path of this machine is in it, but the names of pictures' files.
///
/// Cost: Export's, and a millisecond a picture. Memory: some 20 MB beside the network.
///
/// Errors: Invalid (an option; a folder that is there; an installation without the page's runtime;
/// what Export refuses; then nothing is changed), KeyError (the network), DamagedData (the
/// classifier, the cards), IOError, Cancelled.
arrow::Result<AppReport> WriteApp(const AppOptions& options);

}  // namespace pomona
