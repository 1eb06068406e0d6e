#pragma once

#include <arrow/result.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace pomona {

/// What the page is told of fruits.
struct Cards {
  std::string json;  ///< an array of objects, one a card, with its columns as they are called
  int64_t count = 0;
  int64_t labels_without_card = 0;
};

/// Of the cards of a file (docs/format/cards.md) those that are for `labels`, with these of their
/// labels alone, which is how many kinds of a fruit the classifier knows. DamagedData: no CSV, a
/// column that is missing or twice there, a label on two cards.
arrow::Result<Cards> CardsFor(std::string_view csv, const std::vector<std::string>& labels);

}  // namespace pomona
