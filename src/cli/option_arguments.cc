#include "cli/option_arguments.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <chrono>
#include <type_traits>
#include <variant>

namespace pomona::cli {
namespace {

template <typename T, typename... Ts>
constexpr bool kIsOneOf = (std::is_same_v<T, Ts> || ...);

std::string Heading(OptionGroup group) {
  std::string name(OptionGroupName(group));
  name.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(name.front())));
  return name;
}

std::string HelpOf(const Option& option) {
  std::string help(option.help);
  if (option.type() == "patterns") help += " Repeatable.";
  if (!option.otherwise.empty()) {
    help.insert(help.size() - 1, fmt::format(" (default: {})", option.otherwise));
  }
  return help;
}

}  // namespace

void OptionArguments::AddTo(Command command) {
  for (const Option& option : RunOptionTable()) {
    if (!(option.surfaces & kCommandLine)) continue;
    if (std::ranges::find(groups_, option.group) == groups_.end()) continue;
    if (takes_ && !takes_(option)) continue;
    Argument argument = Add(command, option);
    if (const auto text = option.default_text(); !text.empty()) argument.ShowDefault(text);
    if (option.unit == "bytes") argument.Bytes();
    argument.Group(Heading(option.group));
  }
}

Argument OptionArguments::Add(Command command, const Option& option) {
  const auto add = [&](auto& value) { return command.Add(option.flag(), value, HelpOf(option)); };
  const auto add_later = [&](auto Given::*value) {
    Given& given = given_.emplace_back();
    given.option = &option;
    given.argument = add(given.*value);
    return *given.argument;
  };
  const auto add_field = [&](const auto& field) -> Argument {
    using Field = std::remove_cvref_t<decltype(field)>;
    if constexpr (kIsOneOf<Field, TextField, RejectLimit*>) {
      return add_later(&Given::text);
    } else if constexpr (kIsOneOf<Field, std::chrono::milliseconds*>) {
      return add_later(&Given::seconds);
    } else if constexpr (kIsOneOf<Field, PathField>) {
      return add(*field.value);
    } else if constexpr (kIsOneOf<Field, bool*>) {
      return command.AddFlag(option.flag(), *field, HelpOf(option));
    } else if constexpr (kIsOneOf<Field, std::vector<std::string>*>) {
      return add(*field).Repeatable();
    } else {
      return add(*field);
    }
  };
  return std::visit(add_field, option.field(options_));
}

arrow::Result<RunOptions> OptionArguments::Resolve() const {
  RunOptions options = options_;
  for (const Given& given : given_) {
    if (given.argument->given()) ARROW_RETURN_NOT_OK(given.SetIn(options));
  }
  options.list.storage = options.extract.storage;
  return options;
}

arrow::Status OptionArguments::Given::SetIn(RunOptions& options) const {
  const OptionField field = option->field(options);
  if (const auto* parsed = std::get_if<TextField>(&field)) return parsed->set(text);
  if (auto* const* limit = std::get_if<RejectLimit*>(&field)) {
    return text.empty() ? arrow::Status::OK() : RejectLimit::Parse(text).Value(*limit);
  }
  return SetSeconds(*option, seconds, std::get<std::chrono::milliseconds*>(field));
}

}  // namespace pomona::cli
