#include "cli/run_arguments.h"

#include <utility>

namespace pomona::cli {
namespace {

Argument AddSource(Command command, std::string& source) {
  return command.Add("SOURCE", source,
                     "Folder, file, or s3://bucket/prefix, hdfs://, gs://, abfs://");
}

}  // namespace

arrow::Result<StorageOptions> StorageArguments::Resolve() const {
  ARROW_ASSIGN_OR_RAISE(RunOptions options, options_.Resolve());
  return options.extract.storage;
}

void ListArguments::AddTo(Command command) {
  AddSource(command, source_).Required();
  options_.AddTo(command);
}

arrow::Result<ListOptions> ListArguments::Resolve() const {
  ARROW_ASSIGN_OR_RAISE(RunOptions options, options_.Resolve());
  options.list.source = source_;
  return options.list;
}

void RunArguments::AddTo(Command command, bool required) {
  AddSource(command, source_).Required(required);
  command.Add("OUTPUT", output_, "Folder or URI of the table").Required(required);
  options_.AddTo(command);
}

arrow::Result<RunOptions> RunArguments::Parse() const {
  ARROW_ASSIGN_OR_RAISE(RunOptions options, options_.Resolve());
  options.list.source = source_;
  options.output = output_;
  return options;
}

arrow::Result<RunOptions> RunArguments::Resolve() const {
  for (const auto& [name, given] : {std::pair("SOURCE", source_), std::pair("OUTPUT", output_)}) {
    if (given.empty()) {
      return arrow::Status::Invalid(name, " is required\nhint: pomona COMMAND --help");
    }
  }
  ARROW_ASSIGN_OR_RAISE(RunOptions options, Parse());
  ARROW_RETURN_NOT_OK(options.Validate());
  return options;
}

void MetricsArguments::AddTo(Command command) {
  const char* group = "Metrics";
  command
      .Add("--metrics-file", options_.file,
           "Keep FILE up to date for Prometheus's node_exporter: DIR/NAME.prom")
      .Group(group);
  command
      .Add("--metrics-port", options_.port,
           "Serve /metrics over HTTP on this machine; 0 takes a free port and says which")
      .Group(group);
  command.Add("--metrics-address", address_, "Serve on this address instead, for all who reach it")
      .Group(group);
}

arrow::Result<MetricsOptions> MetricsArguments::Resolve() const {
  MetricsOptions options = options_;
  if (!address_.empty()) {
    if (!options.port) {
      return arrow::Status::Invalid("metrics-address ", address_, " has no metrics-port");
    }
    options.address = address_;
  }
  ARROW_RETURN_NOT_OK(options.Validate());
  return options;
}

}  // namespace pomona::cli
