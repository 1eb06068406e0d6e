#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "pomona/report/class_counts.h"
#include "pomona/report/compare_tables.h"
#include "pomona/report/duplicate_pairs.h"
#include "pomona/report/judgement.h"
#include "pomona/report/page_judgement.h"
#include "pomona/report/report_rows.h"
#include "pomona/report/table_record.h"
#include "pomona/report/thumbnails.h"

namespace pomona {

/// The rows that a page has, and where they lie on its map.
struct PagePoints {
  std::vector<int64_t> rows;  ///< ascending
  std::vector<float> x, y;    ///< [rows]; empty: there is no map

  /// The place of a row among them; -1: it is not there. Cost: a search.
  int64_t Find(int64_t row) const;
  /// Leaves these rows alone, ascending, all of which are there.
  void Keep(std::vector<int64_t> kept);
};

/// All that a page shows. What is absent cannot be shown: a remark says why.
struct PageData {
  // Of each list the page shows so many; the data files have all.
  static constexpr size_t kMostPairs = 600;
  static constexpr size_t kMostExamples = 200;
  static constexpr size_t kMostLabels = 1'000;  ///< that differ from another table's
  static constexpr size_t kMostOfAReason = 20;  ///< rejects

  explicit PageData(const ReportOptions& given) : options(given) {}

  const ReportOptions& options;
  std::string title, made;
  ReportRows rows;
  TableRecord record;
  std::optional<ClassCounts> classes;
  std::optional<PageDuplicates> duplicates;
  std::optional<Judgement> judgement;
  std::optional<PageWrong> wrong;
  std::optional<PageTrust> trust;
  std::optional<PageCompare> compare;
  PagePoints points;
  Thumbnails thumbnails;
  std::vector<std::pair<std::string, std::string>> provenance;
  Remarks remarks;

  /// Rows that sections show by themselves, the most telling first, each once: they are among the
  /// points, and wanted among the pictures.
  std::vector<int64_t> ShownRows() const;
};

/// The data of the page, one JSON object: docs/format/report.md.
std::string PageJson(const PageData& page);

}  // namespace pomona
