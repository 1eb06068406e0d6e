#include <arrow/util/base64.h>
#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <map>
#include <span>

#include "pomona/base/json.h"
#include "pomona/report/common_folder.h"
#include "pomona/report/page_data.h"
#include "pomona/report/sprite_sheet.h"
#include "pomona/shown_text.h"
#include "pomona/version.h"

namespace pomona {
namespace {

static_assert(std::endian::native == std::endian::little);

/// Base64 of the little-endian numbers.
template <class T>
std::string Numbers(const std::vector<T>& values) {
  return arrow::util::base64_encode(
      std::string_view(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T)));
}

template <class T>
std::span<const T> First(const std::vector<T>& all, size_t most) {
  return std::span(all).first(std::min(all.size(), most));
}

Json OrNull(const std::string& text) { return text.empty() ? Json() : Json(text); }

/// One page, section by section.
class JsonPage {
 public:
  explicit JsonPage(const PageData& page)
      : page_(page), rows_(page.rows), image_(page.points.rows.size(), -1) {
    const auto& pictures = page.thumbnails.rows;
    for (size_t k = 0; k < pictures.size(); ++k) {
      const auto point = Point(pictures[k]);
      image_[static_cast<size_t>(point)] = static_cast<int32_t>(k);
      picture_points_.push_back(static_cast<int32_t>(point));
    }
  }

  Json All() const {
    return {{"format", 1},
            {"title", page_.title},
            {"pomona", kVersion},
            {"made", page_.made},
            {"remarks", RemarksJson()},
            {"summary", Summary()},
            {"labels", rows_.labels},
            {"splits", rows_.splits},
            {"classes", Classes()},
            {"points", Points()},
            {"thumbnails", ThumbnailsJson()},
            {"samples", Samples()},
            {"duplicates", Duplicates()},
            {"wrong", Wrong()},
            {"trust", Trust()},
            {"rejects", Rejects()},
            {"compare", Compare()},
            {"provenance", Provenance()}};
  }

 private:
  int64_t Point(int64_t row) const { return page_.points.Find(row); }

  Json PointsOf(std::span<const int64_t> rows) const {
    Json points = Json::array();
    for (const int64_t row : rows) points.push_back(Point(row));
    return points;
  }

  Json RemarksJson() const {
    Json remarks = Json::array();
    for (const auto& remark : page_.remarks) {
      remarks.push_back({{"section", remark.section}, {"text", remark.text}});
    }
    return remarks;
  }

  static Json Share(const std::optional<PageAccuracy>& accuracy) {
    if (!accuracy) return {};
    const auto& interval = accuracy->estimate.interval;
    return {{"value", accuracy->estimate.value},
            {"low", interval ? Json(interval->low) : Json()},
            {"high", interval ? Json(interval->high) : Json()},
            {"rows", accuracy->rows},
            {"how", accuracy->how}};
  }

  Json Accuracy() const {
    const auto& judgement = page_.judgement;
    if (!judgement || (!judgement->honest && !judgement->official)) return {};
    return {{"honest", Share(judgement->honest)}, {"official", Share(judgement->official)}};
  }

  /// "efficientnet-lite0, last layer, f32, 224 px".
  std::string FeaturesInWords(const Json& made_of) const {
    const auto text = [&](const char* key) {
      const Json value = made_of.value(key, Json());
      return value.is_string() ? value.get<std::string>() : std::string();
    };
    std::string words = text("model");
    if (words.empty()) return fmt::format("{} numbers a row", rows_.matrix.row_dim);
    const Json slices = made_of.value("feature_slices", Json());
    words += slices.is_array() ? fmt::format(", {} levels", slices.size()) : ", one layer";
    if (!text("precision").empty()) words += ", " + text("precision");
    const Json width = made_of.value("width", Json());
    if (width.is_number_integer()) words += fmt::format(", {} px", width.get<int64_t>());
    return words;
  }

  Json Summary() const {
    const FeatureMatrix& matrix = rows_.matrix;
    const TableRecord& record = page_.record;
    const Json made_of = ParseJson(rows_.made_of).ValueOr(Json::object());
    const Json report = ParseJson(record.report).ValueOr(Json::object());
    const auto of_report = [&](const char* key) {
      const Json value = report.is_object() ? report.value(key, Json()) : Json();
      return value.is_number() ? value : Json();
    };
    const Json cost = of_report("cost_per_million_images"), price = of_report("price_per_hour");
    const auto rejects = record.rejects ? static_cast<int64_t>(record.rejects->size()) : int64_t{0};
    return {{"images", matrix.rows + matrix.skipped + rejects},
            {"rows", matrix.rows},
            {"rejects", record.rejects ? Json(rejects) : Json()},
            {"classes", rows_.labels.size()},
            {"dim", matrix.row_dim},
            {"compared_dim", matrix.dim},
            {"features", FeaturesInWords(made_of)},
            {"network", made_of.value("model", Json())},
            {"digest", made_of.value("model.digest", Json())},
            {"finished", OrNull(record.finished)},
            {"seconds", of_report("seconds")},
            {"images_per_second", of_report("images_per_second")},
            {"cost", cost.is_null() ? Json()
                                    : Json(fmt::format("{:.2f} a million images, at {:g} an hour",
                                                       cost.get<double>(), price.get<double>()))},
            {"accuracy", Accuracy()}};
  }

  Json Classes() const {
    if (!page_.classes) return {};
    return {{"count", Numbers(page_.classes->count)},
            {"alone", page_.classes->alone},
            {"ratio", page_.classes->ratio}};
  }

  /// Of the points, the values of their rows.
  template <class T>
  std::vector<T> OfPoints(const std::vector<T>& values) const {
    std::vector<T> some;
    for (const int64_t row : page_.points.rows) some.push_back(values[static_cast<size_t>(row)]);
    return some;
  }

  Json Unknown() const {
    const auto& judgement = page_.judgement;
    if (!judgement || judgement->unknown.empty()) return {};
    std::vector<uint8_t> unknown;
    for (const float score : OfPoints(judgement->unknown)) {
      unknown.push_back(score > judgement->unknown_threshold ? 1 : 0);
    }
    return Numbers(unknown);
  }

  Json Points() const {
    const PagePoints& points = page_.points;
    const auto& judgement = page_.judgement;
    const std::string prefix = CommonFolder(rows_);
    const std::string href = BrowserPrefix(prefix);
    Json paths = Json::array();
    std::vector<int32_t> table_rows;
    for (const int64_t row : points.rows) {
      const std::string_view path = rows_.path(row);
      paths.push_back(std::string(path.substr(std::min(path.size(), prefix.size()))));
      table_rows.push_back(static_cast<int32_t>(rows_.matrix.table_row(row)));
    }
    const bool map = !points.x.empty();
    return {{"count", points.rows.size()},
            {"of", rows_.rows()},
            {"row", Numbers(table_rows)},
            {"x", map ? Json(Numbers(points.x)) : Json()},
            {"y", map ? Json(Numbers(points.y)) : Json()},
            {"label", Numbers(OfPoints(rows_.label))},
            {"split", Numbers(OfPoints(rows_.split))},
            {"predicted", judgement ? Json(Numbers(OfPoints(judgement->predicted))) : Json()},
            {"probability", judgement ? Json(Numbers(OfPoints(judgement->probability))) : Json()},
            {"unknown", Unknown()},
            {"image", Numbers(image_)},
            {"prefix", prefix},
            {"paths", std::move(paths)},
            {"href_prefix", OrNull(href)}};
  }

  Json ThumbnailsJson() const {
    if (picture_points_.empty()) return {};
    Json sheets = Json::array();
    for (const std::string& sheet : page_.thumbnails.sheets) {
      sheets.push_back("data:image/webp;base64," + arrow::util::base64_encode(sheet));
    }
    return {{"side", SpriteLayout::kSide},
            {"columns", SpriteLayout::kColumns},
            {"per_sheet", SpriteLayout::kPerSheet},
            {"sheets", std::move(sheets)},
            {"point", Numbers(picture_points_)}};
  }

  /// Pictures by label, in the order in which they were wanted; those without one at the end.
  Json Samples() const {
    if (picture_points_.empty()) return {};
    std::vector<std::vector<int32_t>> by_label(rows_.labels.size() + 1);
    for (size_t k = 0; k < picture_points_.size(); ++k) {
      const int32_t label = rows_.label[static_cast<size_t>(page_.thumbnails.rows[k])];
      by_label[label < 0 ? by_label.size() - 1 : static_cast<size_t>(label)].push_back(
          picture_points_[k]);
    }
    std::vector<int32_t> offsets = {0}, points;
    for (const auto& its : by_label) {
      points.insert(points.end(), its.begin(), its.end());
      offsets.push_back(static_cast<int32_t>(points.size()));
    }
    offsets.pop_back();
    return {{"shown", picture_points_.size()},
            {"of", rows_.rows()},
            {"by_label", {{"offsets", Numbers(offsets)}, {"point", Numbers(points)}}}};
  }

  Json Duplicates() const {
    if (!page_.duplicates) return {};
    const PageDuplicates& duplicates = *page_.duplicates;
    Json pairs = Json::array();
    for (const DuplicatePair& pair : First(duplicates.pairs, PageData::kMostPairs)) {
      pairs.push_back({{"a", Point(pair.a)},
                       {"b", Point(pair.b)},
                       {"distance", pair.distance},
                       {"exact", pair.exact},
                       {"splits", pair.across_splits},
                       {"labels", pair.across_labels}});
    }
    const size_t shown = pairs.size();
    return {{"threshold", duplicates.threshold},
            {"sets", duplicates.sets},
            {"exact_sets", duplicates.exact_sets},
            {"across_splits", duplicates.across_splits},
            {"across_labels", duplicates.across_labels},
            {"pairs", std::move(pairs)},
            {"shown", shown},
            {"of", duplicates.pairs.size()}};
  }

  Json Wrong() const {
    if (!page_.wrong) return {};
    const PageWrong& wrong = *page_.wrong;
    std::vector<int32_t> label, predicted, count;
    for (const ConfusionCell& cell : wrong.confusion) {
      label.push_back(cell.label);
      predicted.push_back(cell.predicted);
      count.push_back(static_cast<int32_t>(cell.count));
    }
    Json issues = Json::array();
    for (const auto& issue : wrong.issues) {
      issues.push_back(
          {{"point", Point(issue.row)}, {"score", issue.score}, {"suggested", issue.suggested}});
    }
    return {
        {"by", page_.judgement->by},
        {"confusion",
         {{"label", Numbers(label)}, {"predicted", Numbers(predicted)}, {"count", Numbers(count)}}},
        {"mistakes", PointsOf(wrong.mistakes)},
        {"mistakes_of", wrong.mistakes_of},
        {"doubtful", PointsOf(wrong.doubtful)},
        {"label_issues", std::move(issues)},
        {"label_issues_of", wrong.issues_of}};
  }

  Json Trust() const {
    if (!page_.trust) return {};
    const PageTrust& trust = *page_.trust;
    Json reliability = Json::array(), coverage = Json::array(), histogram = Json::array();
    for (const ReliabilityBin& bin : trust.reliability) {
      reliability.push_back({{"from", bin.from},
                             {"to", bin.to},
                             {"count", bin.count},
                             {"confidence", bin.confidence},
                             {"accuracy", bin.accuracy}});
    }
    for (const CoveragePoint& point : trust.coverage) {
      coverage.push_back({{"coverage", point.coverage}, {"error", point.error}});
    }
    for (const HistogramBin& bin : trust.histogram) {
      histogram.push_back({{"from", bin.from}, {"to", bin.to}, {"count", bin.count}});
    }
    const bool known = !trust.histogram.empty();
    return {{"reliability", std::move(reliability)},
            {"ece", trust.calibration_error},
            {"coverage", std::move(coverage)},
            {"unknown", known ? Json{{"threshold", page_.judgement->unknown_threshold},
                                     {"count", trust.unknown},
                                     {"of", trust.answered},
                                     {"histogram", std::move(histogram)}}
                              : Json()}};
  }

  Json Rejects() const {
    const auto& rejects = page_.record.rejects;
    if (!rejects) return {};
    std::map<std::string, std::vector<const PageReject*>> by_reason;
    for (const PageReject& reject : *rejects) by_reason[reject.reason].push_back(&reject);
    std::vector<std::pair<std::string, std::vector<const PageReject*>>> order(by_reason.begin(),
                                                                              by_reason.end());
    std::ranges::stable_sort(order, std::ranges::greater(),
                             [](const auto& one) { return one.second.size(); });
    Json reasons = Json::array();
    for (const auto& [reason, its] : order) {
      Json examples = Json::array();
      for (const PageReject* reject : First(its, PageData::kMostOfAReason)) {
        examples.push_back({{"path", reject->path}, {"message", reject->message}});
      }
      reasons.push_back(
          {{"reason", reason}, {"count", its.size()}, {"examples", std::move(examples)}});
    }
    return {{"count", rejects->size()}, {"reasons", std::move(reasons)}};
  }

  Json Compare() const {
    if (!page_.compare) return {};
    const PageCompare& compare = *page_.compare;
    Json gone = Json::array(), changed = Json::array(), classes = Json::array(),
         by_label = Json::array();
    for (const std::string& path : First(compare.gone, PageData::kMostExamples)) {
      gone.push_back(path);
    }
    for (size_t i = 0; i < std::min(compare.changed.size(), PageData::kMostExamples); ++i) {
      changed.push_back(
          {{"point", Point(compare.changed[i])}, {"distance", compare.changed_by[i]}});
    }
    std::vector<const PageCompare::LabelCount*> moved;
    for (const auto& one : compare.labels) moved.push_back(&one);
    std::ranges::stable_sort(moved, std::ranges::greater(), [](const auto* one) {
      return std::max(one->now - one->before, one->before - one->now);
    });
    for (const auto* one : First(moved, PageData::kMostLabels)) {
      classes.push_back({{"label", one->label}, {"before", one->before}, {"now", one->now}});
    }
    std::erase_if(moved, [](const auto* one) { return !one->distance; });
    std::ranges::stable_sort(moved, std::ranges::greater(),
                             [](const auto* one) { return *one->distance; });
    for (const auto* one : First(moved, PageData::kMostLabels)) {
      by_label.push_back({{"label", one->label}, {"distance", *one->distance}});
    }
    const Json drift = compare.drift
                           ? Json{{"value", *compare.drift},
                                  {"how",
                                   "energy statistics: 0 where the rows of both are alike, 1 "
                                   "where each table is one point of its own"}}
                           : Json();
    return {{"other", compare.other},
            {"rows", compare.rows},
            {"new", compare.added.size()},
            {"gone", compare.gone.size()},
            {"changed", compare.changed.size()},
            {"new_examples", PointsOf(First(compare.added, PageData::kMostExamples))},
            {"gone_examples", std::move(gone)},
            {"changed_examples", std::move(changed)},
            {"classes", std::move(classes)},
            {"drift", drift},
            {"by_label", std::move(by_label)}};
  }

  Json Provenance() const {
    Json all = Json::array();
    for (const auto& [name, value] : page_.provenance) {
      all.push_back({{"name", name}, {"value", value}});
    }
    return all;
  }

  const PageData& page_;
  const ReportRows& rows_;
  std::vector<int32_t> image_;           ///< [points]: its picture; -1: none
  std::vector<int32_t> picture_points_;  ///< [pictures]
};

}  // namespace

std::string PageJson(const PageData& page) { return CompactJson(JsonPage(page).All()); }

}  // namespace pomona
