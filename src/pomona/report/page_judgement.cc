#include "pomona/report/page_judgement.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <tuple>
#include <utility>

#include "pomona/classify/calibration_error.h"

namespace pomona {
namespace {

constexpr int64_t kCoveragePoints = 50;
constexpr size_t kHistogramBins = 40;

std::vector<int64_t> JudgingRowsOf(const Judgement& judgement) {
  std::vector<int64_t> judging;
  for (size_t r = 0; r < judgement.judges.size(); ++r) {
    if (judgement.judges[r] != 0) judging.push_back(static_cast<int64_t>(r));
  }
  return judging;
}

float ProbabilityOf(const Judgement& judgement, int64_t row) {
  return judgement.probability[static_cast<size_t>(row)];
}

/// The surest first; of equals the first row.
auto BySureness(const Judgement& judgement) {
  return [&](int64_t row) { return std::tuple(-ProbabilityOf(judgement, row), row); };
}

std::vector<ReliabilityBin> Reliability(const ReportRows& rows, const Judgement& judgement,
                                        const std::vector<int64_t>& judging) {
  std::array<ReliabilityBin, kCalibrationBins> bins;
  for (size_t b = 0; b < bins.size(); ++b) {
    bins[b].from = static_cast<double>(b) / kCalibrationBins;
    bins[b].to = static_cast<double>(b + 1) / kCalibrationBins;
  }
  for (const int64_t row : judging) {
    const double top = ProbabilityOf(judgement, row);
    const double at =
        std::clamp(std::ceil(top * kCalibrationBins) - 1, 0.0, kCalibrationBins - 1.0);
    ReliabilityBin& bin = bins[static_cast<size_t>(at)];
    ++bin.count;
    bin.confidence += top;
    bin.accuracy += judgement.right(row, rows) ? 1 : 0;
  }
  std::vector<ReliabilityBin> filled;
  for (ReliabilityBin bin : bins) {
    if (bin.count == 0) continue;
    bin.confidence /= static_cast<double>(bin.count);
    bin.accuracy /= static_cast<double>(bin.count);
    filled.push_back(bin);
  }
  return filled;
}

std::vector<CoveragePoint> Coverage(const ReportRows& rows, const Judgement& judgement,
                                    std::vector<int64_t> judging) {
  std::ranges::sort(judging, {}, BySureness(judgement));
  const auto count = static_cast<int64_t>(judging.size());
  std::vector<CoveragePoint> points;
  int64_t wrong = 0, at = 0;
  for (int64_t step = 1; step <= std::min(kCoveragePoints, count); ++step) {
    const int64_t covered = count * step / std::min(kCoveragePoints, count);
    for (; at < covered; ++at) {
      wrong += judgement.right(judging[static_cast<size_t>(at)], rows) ? 0 : 1;
    }
    points.push_back({.coverage = static_cast<double>(covered) / static_cast<double>(count),
                      .error = static_cast<double>(wrong) / static_cast<double>(covered)});
  }
  return points;
}

std::vector<HistogramBin> Histogram(const std::vector<float>& scores) {
  if (scores.empty()) return {};
  const auto [least, most] = std::ranges::minmax(scores);
  const double width = (static_cast<double>(most) - least) / kHistogramBins;
  std::vector<HistogramBin> bins(width > 0 ? kHistogramBins : 1);
  for (size_t b = 0; b < bins.size(); ++b) {
    bins[b].from = least + width * static_cast<double>(b);
    bins[b].to = b + 1 == bins.size() ? most : least + width * static_cast<double>(b + 1);
  }
  for (const float score : scores) {
    const double at = width > 0 ? (static_cast<double>(score) - least) / width : 0;
    ++bins[std::min(static_cast<size_t>(at), bins.size() - 1)].count;
  }
  return bins;
}

}  // namespace

std::optional<PageWrong> WrongAnswers(const ReportRows& rows, const Judgement& judgement) {
  const std::vector<int64_t> judging = JudgingRowsOf(judgement);
  if (judging.empty()) return std::nullopt;
  PageWrong wrong;
  std::map<std::pair<int32_t, int32_t>, int64_t> cells;
  for (const int64_t row : judging) {
    const auto at = static_cast<size_t>(row);
    ++cells[{rows.label[at], judgement.predicted[at]}];
    (judgement.right(row, rows) ? wrong.doubtful : wrong.mistakes).push_back(row);
  }
  for (const auto& [cell, count] : cells) {
    wrong.confusion.push_back({.label = cell.first, .predicted = cell.second, .count = count});
  }
  std::ranges::sort(wrong.mistakes, {}, BySureness(judgement));
  std::ranges::sort(wrong.doubtful, {},
                    [&](int64_t row) { return std::tuple(ProbabilityOf(judgement, row), row); });
  wrong.mistakes_of = static_cast<int64_t>(wrong.mistakes.size());
  wrong.issues_of = static_cast<int64_t>(judgement.issues.size());
  wrong.mistakes.resize(std::min(wrong.mistakes.size(), PageWrong::kMostMistakes));
  wrong.doubtful.resize(std::min(wrong.doubtful.size(), PageWrong::kMostMistakes));
  wrong.issues.assign(
      judgement.issues.begin(),
      judgement.issues.begin() +
          static_cast<int64_t>(std::min(judgement.issues.size(), PageWrong::kMostMistakes)));
  return wrong;
}

std::optional<PageTrust> TrustInAnswers(const ReportRows& rows, const Judgement& judgement) {
  const std::vector<int64_t> judging = JudgingRowsOf(judgement);
  if (judging.empty() && judgement.unknown.empty()) return std::nullopt;
  PageTrust trust;
  CalibrationError error;
  for (const int64_t row : judging) {
    error.Add(ProbabilityOf(judgement, row), judgement.right(row, rows));
  }
  trust.calibration_error = error.Value();
  trust.reliability = Reliability(rows, judgement, judging);
  trust.coverage = Coverage(rows, judgement, judging);
  trust.answered = static_cast<int64_t>(judgement.unknown.size());
  trust.unknown = std::ranges::count_if(
      judgement.unknown, [&](float score) { return score > judgement.unknown_threshold; });
  trust.histogram = Histogram(judgement.unknown);
  return trust;
}

}  // namespace pomona
