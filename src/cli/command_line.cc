#include "cli/command_line.h"

#include <CLI/CLI.hpp>
#include <cstdint>
#include <cstdio>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "pomona/shown_text.h"

namespace pomona::cli {
namespace {

const std::map<std::string, double> kSeconds = {
    {"s", 1}, {"m", 60}, {"min", 60}, {"h", 3600}, {"d", 86'400}};

}  // namespace

Argument Argument::Group(const std::string& title) { return Argument(option_->group(title)); }
Argument Argument::Required(bool required) { return Argument(option_->required(required)); }
Argument Argument::ShowDefault() { return Argument(option_->capture_default_str()); }
Argument Argument::ShowDefault(const std::string& text) {
  return Argument(option_->default_str(text));
}
Argument Argument::Positive() { return Argument(option_->check(CLI::PositiveNumber)); }
Argument Argument::Bytes() { return Argument(option_->transform(CLI::AsSizeValue(false))); }
Argument Argument::Seconds() {
  return Argument(option_->transform(
      CLI::AsNumberWithUnit(kSeconds, CLI::AsNumberWithUnit::UNIT_REQUIRED, "TIME")));
}
Argument Argument::Repeatable() {
  return Argument(
      option_->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)->allow_extra_args(false));
}
Argument Argument::SeparatedBy(char delimiter) { return Argument(option_->delimiter(delimiter)); }
Argument Argument::Needs(Argument other) { return Argument(option_->needs(other.option_)); }
Argument Argument::Excludes(Argument other) { return Argument(option_->excludes(other.option_)); }
bool Argument::given() const { return option_->count() > 0; }

Command Command::AddCommand(const std::string& name, const std::string& help) {
  app_->require_subcommand(1);
  return {app_->add_subcommand(name, help), chosen_};
}

template <typename T>
Argument Command::Add(const std::string& name, T& value, const std::string& help) {
  return Argument(app_->add_option(name, value, help));
}

template Argument Command::Add(const std::string&, int&, const std::string&);
template Argument Command::Add(const std::string&, int64_t&, const std::string&);
template Argument Command::Add(const std::string&, uint64_t&, const std::string&);
template Argument Command::Add(const std::string&, double&, const std::string&);
template Argument Command::Add(const std::string&, std::string&, const std::string&);
template Argument Command::Add(const std::string&, std::optional<int>&, const std::string&);
template Argument Command::Add(const std::string&, std::optional<int64_t>&, const std::string&);
template Argument Command::Add(const std::string&, std::optional<double>&, const std::string&);
template Argument Command::Add(const std::string&, std::vector<int>&, const std::string&);
template Argument Command::Add(const std::string&, std::vector<std::string>&, const std::string&);

Argument Command::AddFlag(const std::string& name, bool& value, const std::string& help) {
  return Argument(app_->add_flag(name, value, help));
}

void Command::Footer(const std::string& text) { app_->footer(text); }

void Command::Hide() { app_->group(""); }

void Command::Does(Action action) {
  app_->callback([chosen = chosen_, action = std::move(action)] { *chosen = action; });
}

CommandLine::CommandLine(const std::string& help, const std::string& name,
                         const std::string& version)
    : app_(std::make_unique<CLI::App>(help, name)) {
  app_->set_version_flag("--version", name + " " + version);
  app_->option_defaults()->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
}

CommandLine::~CommandLine() = default;

Command CommandLine::root() { return {app_.get(), &chosen_}; }

ExitCode CommandLine::Execute(int argc, const char* const* argv) {
  try {
    app_->parse(argc, argv);
  } catch (const CLI::Success& wanted) {
    return static_cast<ExitCode>(app_->exit(wanted));
  } catch (const CLI::ParseError& error) {
    // CLI11 asks for a command where there is one that it does not know.
    const bool unknown = argc > 1 && argv[1][0] != '-' && app_->get_subcommands().empty();
    return UsageError(unknown ? "there is no command " + std::string(argv[1]) : error.what());
  }
  return chosen_();
}

ExitCode UsageError(const std::string& message) {
  std::fprintf(stderr, "error: %s\nhint: pomona --help, or pomona COMMAND --help\n",
               ShownMessage(message).c_str());
  return kRefused;
}

}  // namespace pomona::cli
