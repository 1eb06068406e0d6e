#pragma once

#include <arrow/result.h>

#include <cstdint>
#include <string>
#include <vector>

#include "pomona/extract.h"
#include "pomona/list.h"
#include "pomona/public.h"

namespace POMONA_PUBLIC pomona {

/// How a network gets the int8 file that Precision::kInt8 needs: docs/format/int8.md.
struct Int8Options {
  /// The photos: the ranges of the network's tensors are those of some of them, the answers are
  /// compared on others.
  ListOptions images;

  /// The model and its features. `precision` is not looked at.
  ExtractOptions extract;

  /// What the set of photos is called in the file. Empty: as the folder.
  std::string name;

  /// Photos that give the ranges, drawn by their paths. A few hundred are enough.
  int64_t calibrated = 300;

  /// Other photos on which the answers are compared, drawn by their paths; 0: none.
  int64_t compared = 2000;

  /// Layers that stay in f32, by the names of their outputs. Empty: as many of the first ones as
  /// the features need to stay close to those of f32.
  std::vector<std::string> float_layers;

  /// The file to write: `int8.json` in the model's folder, or FILE.int8.json beside a network FILE.
  std::string output;

  /// Invalid names the field.
  arrow::Status Validate() const;
};

/// The share of photos whose label was found, and on how many of them both agree.
struct Int8Answers {
  double f32 = 0;
  double int8 = 0;
  double same = 0;
};

/// What became of it.
struct Int8Report {
  std::string output;
  std::string model;
  int64_t calibrated = 0;  ///< photos that gave the ranges
  int64_t layers = 0;      ///< that can be of 8 bits
  std::vector<std::string> float_layers;

  int64_t compared = 0;  ///< photos; 0: nothing below is known
  /// Of the features in int8 and in f32, of each photo.
  double mean_cosine = 0;
  double least_cosine = 0;
  double speedup = 0;  ///< of the whole pipeline on this machine, which does other things as well

  /// Of each label the first half of its photos, by their paths, is learned from, the second half
  /// is asked for. 0: there are no two labels.
  int64_t asked = 0;
  int64_t labels = 0;
  Int8Answers neighbour;  ///< the label of the photo with the features of the largest cosine
  Int8Answers probe;      ///< a linear classifier: ridge regression on the labels

  std::string ToJson() const;
};

/// Makes the int8 file of a model. Runs the network over `calibrated` photos a few times, and twice
/// over `compared`; holds the features of both in memory.
/// Errors: Invalid (an option, no photos, a network without a layer of that kind), and those of
/// Extractor::Load and of its streams.
arrow::Result<Int8Report> MakeInt8(const Int8Options& options);

}  // namespace pomona
