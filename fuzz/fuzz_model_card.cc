// Whatever lies in a model card is refused, with the card's name in one short message, or
// understood.

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "pomona/error_kind.h"
#include "pomona/model/model_card.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const auto card =
      pomona::ParseModelCard({reinterpret_cast<const char*>(data), size}, "card.json");
  if (!card.ok()) {
    const bool named = card.status().message().find("card.json") != std::string::npos;
    if (pomona::KindOf(card.status()) != pomona::ErrorKind::kData || !named) std::abort();
    return 0;
  }
  for (const auto& pixels : {card->height, card->width}) {
    if (pixels && (*pixels < 1 || *pixels > 4096)) std::abort();
  }
  if (card->normalisation) {
    for (const float scale : card->normalisation->scale) {
      if (!std::isfinite(scale) || scale <= 0) std::abort();
    }
  }
  return 0;
}
