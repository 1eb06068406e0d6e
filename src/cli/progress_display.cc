#include "cli/progress_display.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <string>

#include "cli/listing_remarks.h"
#include "cli/spelling.h"
#include "cli/terminal.h"
#include "pomona/shown_text.h"

namespace pomona::cli {
namespace {

constexpr std::chrono::seconds kLineEvery{10};

std::string Describe(const RunProgress& progress, int64_t done, double rate) {
  std::string text = Thousands(done);
  if (progress.total) text += " of " + Thousands(*progress.total);
  text += fmt::format(" images  {:.0f}/s", rate);
  if (progress.total && rate > 0) {
    const auto left = static_cast<double>(std::max<int64_t>(*progress.total - done, 0));
    text += "  " + Duration(left / rate) + " left";
  }
  if (progress.rejects > 0) text += fmt::format("  {} rejected", Thousands(progress.rejects));
  return text + "  limit: " + progress.bottleneck;
}

std::string Bar(double share, int width) {
  const int full = static_cast<int>(std::clamp(share, 0.0, 1.0) * width);
  std::string bar;
  for (int i = 0; i < width; ++i) bar += i < full ? "█" : "░";
  return bar;
}

}  // namespace

ProgressDisplay::ProgressDisplay() : terminal_(IsTerminal(stderr)) {}

ProgressDisplay::~ProgressDisplay() {
  if (drawn_) fmt::print(stderr, "\r\033[K");
}

void ProgressDisplay::Show(const RunProgress& progress) {
  const int64_t work = progress.images + progress.rejects;
  const double seconds = progress.elapsed.count();
  const double rate = seconds > 0 ? static_cast<double>(work) / seconds : 0;
  const int64_t done = work + progress.unchanged;
  if (!terminal_) {
    if (Clock::now() - last_line_ < kLineEvery) return;
    last_line_ = Clock::now();
    fmt::print(stderr, "{}\n", Describe(progress, done, rate));
    return;
  }
  constexpr int kBarWidth = 20;
  std::string line = Describe(progress, done, rate);
  if (progress.total && *progress.total > 0) {
    line = Bar(static_cast<double>(done) / static_cast<double>(*progress.total), kBarWidth) + " " +
           line;
  }
  // A line that wraps would not be redrawn but repeated. A bar's letters are three bytes each.
  const auto width = static_cast<size_t>(TerminalWidth(stderr) - 1);
  const size_t extra = progress.total ? 2 * size_t{kBarWidth} : 0;
  if (line.size() > width + extra) line.resize(width + extra);
  fmt::print(stderr, "\r{}\033[K", line);
  std::fflush(stderr);
  drawn_ = true;
}

void PrintSummary(const RunReport& report) {
  const auto line = [](const char* name, const std::string& text) {
    fmt::print(stderr, "  {:<10}{}\n", name, text);
  };
  const int64_t work = report.images + report.reject_count();
  if (report.parts_written == 0) {
    fmt::print(stderr, "{} nothing to do: {} references, all done\n", Green("done", stderr),
               Thousands(report.references));
  } else {
    fmt::print(stderr, "{} {} images in {}: {:.0f} images/s ({:.0f} a core)\n",
               Green("done", stderr), Thousands(work), Duration(report.seconds),
               report.images_per_second(), report.images_per_second() / std::max(report.cores, 1));
  }
  const bool holds_features = report.counts.empty();  // else something was made of them
  line("table",
       fmt::format("{}: {} rows{} in {} part{}", ShownUri(report.output), Thousands(report.rows),
                   holds_features ? fmt::format(" x {} features", report.feature_dim) : "",
                   report.parts, report.parts == 1 ? "" : "s"));
  line("model", fmt::format("{}, {}", ShownText(report.model), report.precision));
  if (holds_features) {
    const auto tensors = 1 + std::count(report.features.begin(), report.features.end(), ',');
    line("features",
         fmt::format("{} [{}], {}",
                     tensors == 1 ? ShownText(report.features) : fmt::format("{} tensors", tensors),
                     report.feature_dim, ShownText(Spelt(report.features_origin))));
  }
  if (report.unchanged > 0 || report.dropped > 0) {
    line("before", fmt::format("{} unchanged, {} dropped", Thousands(report.unchanged),
                               Thousands(report.dropped)));
  }
  if (!report.rejects.empty()) {
    line("rejects", DescribeRejects(report.rejects) + " (see _pomona/rejects)");
  } else if (report.references > report.rows) {
    line("rejects", Thousands(report.references - report.rows) +
                        ", of earlier runs (see "
                        "_pomona/rejects)");
  }
  if (work > 0) {
    std::string busy;
    for (const auto& [stage, share] : report.busy()) {
      busy += fmt::format("{}{} {:.0f} %", busy.empty() ? "" : ", ", stage, share * 100);
    }
    line("busy", fmt::format("{}; limit: {}", busy, report.bottleneck));
    line("cost", fmt::format("{} fetched in {} requests, {} retries; {} memory at most",
                             Bytes(report.counters.bytes), Thousands(report.counters.requests),
                             Thousands(report.counters.retries), Bytes(report.peak_memory_bytes)));
    if (report.price_per_hour > 0) {
      line("", fmt::format("{:.2f} per million images at {:.3f} an hour", report.cost_per_million(),
                           report.price_per_hour));
    }
  }
  PrintRemarks(report.Remarks());
}

}  // namespace pomona::cli
