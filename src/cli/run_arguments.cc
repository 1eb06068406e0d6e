#include "cli/run_arguments.h"

namespace pomona::cli {
namespace {

void AddSource(CLI::App& command, std::string& source) {
  command
      .add_option("SOURCE", source, "Folder, file, or s3://bucket/prefix, hdfs://, gs://, abfs://")
      ->required();
}

}  // namespace

arrow::Result<StorageOptions> StorageArguments::Resolve() const {
  ARROW_ASSIGN_OR_RAISE(RunOptions options, options_.Resolve());
  return options.extract.storage;
}

void ListArguments::AddTo(CLI::App& command) {
  AddSource(command, source_);
  options_.AddTo(command);
}

arrow::Result<ListOptions> ListArguments::Resolve() const {
  ARROW_ASSIGN_OR_RAISE(RunOptions options, options_.Resolve());
  options.list.source = source_;
  return options.list;
}

void RunArguments::AddTo(CLI::App& command) {
  AddSource(command, source_);
  command.add_option("OUTPUT", output_, "Folder or URI of the table")->required();
  options_.AddTo(command);
}

arrow::Result<RunOptions> RunArguments::Parse() const {
  ARROW_ASSIGN_OR_RAISE(RunOptions options, options_.Resolve());
  options.list.source = source_;
  options.output = output_;
  return options;
}

arrow::Result<RunOptions> RunArguments::Resolve() const {
  ARROW_ASSIGN_OR_RAISE(RunOptions options, Parse());
  ARROW_RETURN_NOT_OK(options.Validate());
  return options;
}

}  // namespace pomona::cli
