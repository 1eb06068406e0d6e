#include "pomona/app/cards.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "pomona/base/csv_cells.h"
#include "pomona/base/json.h"
#include "pomona/error_kind.h"
#include "pomona/shown_text.h"

namespace pomona {
namespace {

using arrow::Result;

constexpr const char* kLabels = "labels";
constexpr std::array kColumns = {
    "id",        "labels",    "name_en",     "name_fr",       "scientific_name", "family",
    "origin_en", "origin_fr", "season_en",   "season_fr",     "fact_en",         "fact_fr",
    "source_1",  "source_2",  "fact_source", "season_source", "licence"};

/// Where each of kColumns is.
Result<std::map<std::string, size_t>> PlacesOf(const std::vector<std::string>& header) {
  std::map<std::string, size_t> places;
  for (const char* name : kColumns) {
    const auto count = std::ranges::count(header, name);
    if (count != 1) {
      return DamagedData("the cards have ", count == 0 ? "no" : "more than one", " column `", name,
                         "`\nhint: docs/format/cards.md says what columns there are");
    }
    places[name] = static_cast<size_t>(std::ranges::find(header, name) - header.begin());
  }
  return places;
}

std::vector<std::string> SplitAt(const std::string& text, char at) {
  std::vector<std::string> parts;
  for (size_t first = 0; first <= text.size();) {
    const size_t end = std::min(text.find(at, first), text.size());
    if (end > first) parts.push_back(text.substr(first, end - first));
    first = end + 1;
  }
  return parts;
}

}  // namespace

Result<Cards> CardsFor(std::string_view csv, const std::vector<std::string>& labels) {
  ARROW_ASSIGN_OR_RAISE(const auto rows, CsvCells(csv));
  if (rows.empty()) return DamagedData("the cards' file is empty");
  ARROW_ASSIGN_OR_RAISE(const auto places, PlacesOf(rows.front()));
  std::set<std::string> told;
  Cards found;
  Json cards = Json::array();
  for (size_t i = 1; i < rows.size(); ++i) {
    Json of_card = Json::array();
    for (const std::string& label : SplitAt(rows[i][places.at(kLabels)], ';')) {
      if (!told.insert(label).second) {
        return DamagedData("label `", ShownText(label), "` is on two cards");
      }
      if (std::ranges::binary_search(labels, label)) of_card.push_back(label);
    }
    if (of_card.empty()) continue;
    Json card = {{kLabels, std::move(of_card)}};
    for (const char* name : kColumns) {
      if (name != kLabels) card[name] = rows[i][places.at(name)];
    }
    cards.push_back(std::move(card));
  }
  found.labels_without_card =
      std::ranges::count_if(labels, [&](const auto& label) { return !told.contains(label); });
  found.count = static_cast<int64_t>(cards.size());
  found.json = CompactJson(cards);
  return found;
}

}  // namespace pomona
