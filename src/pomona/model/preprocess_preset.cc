#include <array>
#include <utility>

#include "pomona/model.h"
#include "pomona/shown_text.h"

namespace pomona {
namespace {

// Means are in the channel order that the network sees: BGR where bgr is true.
const std::array<std::pair<std::string_view, Normalisation>, 5> kPresets = {{
    {"keras-tf", {{127.5F, 127.5F, 127.5F}, {127.5F, 127.5F, 127.5F}, false}},
    {"keras-caffe", {{103.939F, 116.779F, 123.68F}, {1, 1, 1}, true}},
    {"torch", {{123.675F, 116.28F, 103.53F}, {58.395F, 57.12F, 57.375F}, false}},
    {"lite", {{127, 127, 127}, {128, 128, 128}, false}},
    {"none", {{0, 0, 0}, {1, 1, 1}, false}},
}};

}  // namespace

arrow::Result<Normalisation> PreprocessPreset(std::string_view name) {
  std::string known;
  for (const auto& [preset, normalisation] : kPresets) {
    if (preset == name) return normalisation;
    known += (known.empty() ? "" : ", ") + std::string(preset);
  }
  return arrow::Status::Invalid("no preprocessing preset `", ShownText(name), "`\nhint: one of ",
                                known);
}

}  // namespace pomona
