#pragma once

#include <functional>
#include <memory>
#include <string>

#include "cli/exit_code.h"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace pomona::cli {

// CLI11 is seen by command_line.cc alone: it is a header of 400 kB, and most of what compiling a
// command would cost.

/// An argument or option of a command, and what is asked of it. A reference: copies mean the same.
class Argument {
 public:
  explicit Argument(CLI::Option* option) : option_(option) {}

  Argument Group(const std::string& title);  ///< its heading in the help
  Argument Required(bool required = true);
  Argument ShowDefault();                         ///< that of its value
  Argument ShowDefault(const std::string& text);  ///< in these words
  Argument Positive();                            ///< a number above 0
  Argument Bytes();                               ///< a count that may be written as 500MiB
  Argument Seconds();                             ///< a time with its unit, as 90min
  Argument Repeatable();                          ///< of a list: each time adds one value
  Argument SeparatedBy(char delimiter);           ///< of a list: or several values at once
  Argument Needs(Argument other);
  Argument Excludes(Argument other);

  bool given() const;  ///< once the command line is parsed

 private:
  CLI::Option* option_;
};

/// A command, to which arguments are added. A reference: copies mean the same.
class Command {
 public:
  using Action = std::function<ExitCode()>;

  Command(CLI::App* app, Action* chosen) : app_(app), chosen_(chosen) {}

  /// A command of this one, which then needs one of them.
  Command AddCommand(const std::string& name, const std::string& help);

  /// "--name" is an option, "NAME" an argument by its place. `value` must live until the command
  /// line is parsed, and holds the default. T: a number, text, either as an optional, a list of
  /// texts or of int.
  template <typename T>
  Argument Add(const std::string& name, T& value, const std::string& help);
  Argument AddFlag(const std::string& name, bool& value, const std::string& help);

  /// What the help ends with.
  void Footer(const std::string& text);
  /// No help shows this command.
  void Hide();
  /// What is done if this command is chosen, once all of the command line is right.
  void Does(Action action);

 private:
  CLI::App* app_;
  Action* chosen_;
};

/// The whole command line. Of an option that is given twice the last word counts, as elsewhere:
/// a script's options can be overridden.
class CommandLine {
 public:
  CommandLine(const std::string& help, const std::string& name, const std::string& version);
  ~CommandLine();

  /// To add commands to.
  Command root();

  /// Parses, and does what the chosen command does. What cannot be parsed is a UsageError.
  ExitCode Execute(int argc, const char* const* argv);

 private:
  std::unique_ptr<CLI::App> app_;
  Command::Action chosen_;
};

/// Prints what is wrong with the command line, and where its help is. Returns kRefused.
ExitCode UsageError(const std::string& message);

}  // namespace pomona::cli
