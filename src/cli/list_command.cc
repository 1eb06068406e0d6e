#include <arrow/api.h>
#include <fmt/chrono.h>
#include <fmt/format.h>

#include <cstdio>
#include <map>
#include <memory>
#include <string>

#include "cli/commands.h"
#include "cli/listing_remarks.h"
#include "cli/run_arguments.h"
#include "cli/terminal.h"
#include "pomona/base/json.h"
#include "pomona/list.h"
#include "pomona/shown_text.h"

namespace pomona::cli {
namespace {

/// On a terminal all but ASCII is escaped: JSON itself lets some controls through.
std::string Line(const Json& json) { return CompactJson(json, IsTerminal(stdout)); }

struct ListCommandArguments {
  ListArguments list;
  std::string format = "table";
  bool summary = false;
};

struct Row {
  std::string uri;
  int64_t size;
  std::string mtime;  ///< ISO 8601, UTC; empty: unknown
  std::optional<std::string> label;
};

Row RowOf(const arrow::RecordBatch& batch, int64_t i) {
  const auto& mtimes = static_cast<const arrow::TimestampArray&>(*batch.column(2));
  const auto& labels = static_cast<const arrow::StringArray&>(*batch.column(4));
  Row row{.uri = static_cast<const arrow::StringArray&>(*batch.column(0)).GetString(i),
          .size = static_cast<const arrow::Int64Array&>(*batch.column(1)).Value(i),
          .mtime = "",
          .label = std::nullopt};
  if (mtimes.IsValid(i)) {
    row.mtime = fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(mtimes.Value(i) / 1'000'000));
  }
  if (labels.IsValid(i)) row.label = labels.GetString(i);
  return row;
}

/// RFC 4180. On a terminal for people: without controls.
std::string Csv(std::string text) {
  if (IsTerminal(stdout)) text = ShownText(text);
  if (text.find_first_of("\",\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

void PrintRow(const Row& row, const std::string& format) {
  if (format == "json") {
    Json json = {{"uri", row.uri}, {"size", row.size}, {"mtime", nullptr}, {"label", nullptr}};
    if (!row.mtime.empty()) json["mtime"] = row.mtime;
    if (row.label) json["label"] = *row.label;
    fmt::print("{}\n", Line(json));
  } else if (format == "csv") {
    fmt::print("{},{},{},{}\n", Csv(row.uri), row.size, row.mtime, Csv(row.label.value_or("")));
  } else {
    fmt::print("{:>10}  {:<20}  {:<20}  {}\n", row.size, row.mtime,
               ShownText(row.label.value_or("-")), ShownText(row.uri));
  }
}

struct Totals {
  int64_t images = 0;
  int64_t bytes = 0;
};

void PrintSummary(const std::map<std::string, Totals>& labels, const std::string& format) {
  Totals all;
  if (format == "csv") fmt::print("label,images,bytes\n");
  for (const auto& [label, totals] : labels) {
    all.images += totals.images;
    all.bytes += totals.bytes;
    if (format == "json") {
      fmt::print("{}\n",
                 Line({{"label", label}, {"images", totals.images}, {"bytes", totals.bytes}}));
    } else if (format == "csv") {
      fmt::print("{},{},{}\n", Csv(label), totals.images, totals.bytes);
    } else {
      fmt::print("{:>12}  {:>10}  {}\n", Thousands(totals.images), Bytes(totals.bytes),
                 ShownText(label));
    }
  }
  if (format == "table") {
    fmt::print("{:>12}  {:>10}  in {} labels\n", Thousands(all.images), Bytes(all.bytes),
               labels.size());
  }
}

arrow::Status List(const ListCommandArguments& arguments) {
  const std::string& format = arguments.format;
  if (format != "json" && format != "csv" && format != "table") {
    return arrow::Status::Invalid("format must be json, csv or table, got `", ShownText(format),
                                  "`");
  }
  ARROW_ASSIGN_OR_RAISE(const ListOptions options, arguments.list.Resolve());
  ARROW_ASSIGN_OR_RAISE(auto listing, ListImages(options));
  if (format == "csv" && !arguments.summary) fmt::print("uri,size,mtime,label\n");
  std::map<std::string, Totals> labels;
  for (;;) {
    std::shared_ptr<arrow::RecordBatch> batch;
    ARROW_RETURN_NOT_OK(listing->ReadNext(&batch));
    if (batch == nullptr) break;
    for (int64_t i = 0; i < batch->num_rows(); ++i) {
      const Row row = RowOf(*batch, i);
      if (arguments.summary) {
        auto& totals = labels[row.label.value_or("-")];
        ++totals.images;
        totals.bytes += row.size;
      } else {
        PrintRow(row, format);
      }
    }
  }
  if (arguments.summary) PrintSummary(labels, format);
  std::fflush(stdout);
  PrintRemarks(listing->summary().Remarks());
  return arrow::Status::OK();
}

}  // namespace

void AddListCommand(Command all) {
  Command command = all.AddCommand("list", "Show the images that extract would read");
  auto arguments = std::make_shared<ListCommandArguments>();
  arguments->list.AddTo(command);
  command.Add("--format", arguments->format, "json (one object a line), csv or table")
      .ShowDefault();
  command.AddFlag("--summary", arguments->summary, "Counts per label instead of images");
  command.Does([arguments] { return Report(List(*arguments)); });
}

}  // namespace pomona::cli
