#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <map>
#include <set>
#include <string>

#include "pomona/options.h"

namespace pomona {
namespace {

TEST(OptionTable, names_and_flags_are_there_once) {
  std::set<std::string> names, flags;
  for (const Option& option : RunOptionTable()) {
    EXPECT_TRUE(names.emplace(option.name).second) << option.name;
    EXPECT_TRUE(flags.insert(option.flag()).second) << option.flag();
    EXPECT_NE(option.surfaces, 0U) << option.name;
  }
}

TEST(OptionTable, help_is_a_sentence) {
  for (const Option& option : RunOptionTable()) {
    EXPECT_TRUE(std::isupper(static_cast<unsigned char>(option.help.front()))) << option.name;
    EXPECT_TRUE(option.help.ends_with('.')) << option.name;
  }
}

TEST(OptionTable, each_choice_is_taken_and_nothing_else_is) {
  for (const Option& option : RunOptionTable()) {
    if (option.choices.empty()) continue;
    RunOptions run;
    run.list.source = run.output = "place";
    const OptionField field = option.field(run);
    const auto set = [&](std::string_view text) -> arrow::Status {
      if (const auto* parsed = std::get_if<TextField>(&field)) {
        return parsed->set(std::string(text));
      }
      *std::get<std::string*>(field) = text;
      return run.extract.Validate();
    };
    for (const auto choice : option.choices) EXPECT_TRUE(set(choice).ok()) << choice;
    EXPECT_TRUE(set("anything").IsInvalid()) << option.name;
  }
}

TEST(OptionTable, defaults_are_shown_as_people_write_them) {
  std::map<std::string_view, std::string> shown;
  for (const Option& option : RunOptionTable()) shown[option.name] = option.default_text();
  EXPECT_EQ(shown["max_bytes"], "256MiB");
  EXPECT_EQ(shown["timeout"], "30");
  EXPECT_EQ(shown["max_image_seconds"], "10");
  EXPECT_EQ(shown["preset"], "same");
  EXPECT_EQ(shown["threads"], "");
  EXPECT_TRUE(shown["glob"].starts_with("*.jpg, *.jpeg"));
}

TEST(OptionTable, seconds_are_kept_to_the_millisecond_and_refused_by_name) {
  for (const Option& option : RunOptionTable()) {
    if (option.name != "timeout") continue;
    std::chrono::milliseconds value{};
    ASSERT_TRUE(SetSeconds(option, 0.001, &value).ok());
    EXPECT_EQ(value.count(), 1);
    for (const double bad : {0.0, -1.0, 1e300, std::nan("")}) {
      const auto status = SetSeconds(option, bad, &value);
      EXPECT_TRUE(status.IsInvalid());
      EXPECT_TRUE(status.message().starts_with("timeout ")) << status;
    }
  }
}

TEST(SpellOptions, each_mark_is_replaced_and_nothing_else_is) {
  const auto spell = [](std::string_view name, std::string_view value) {
    return "<" + std::string(name) + "|" + std::string(value) + ">";
  };
  EXPECT_EQ(SpellOptions("", spell), "");
  EXPECT_EQ(SpellOptions("no option", spell), "no option");
  EXPECT_EQ(SpellOptions("option `overwrite`, or option `glob=*.{a,b}` ...", spell),
            "<overwrite|>, or <glob|*.{a,b}> ...");
  EXPECT_EQ(SpellOptions("option `over", spell), "option `over");
  EXPECT_EQ(SpellOptions("option `no Name` option `update`", spell), "option `no Name` <update|>");
}

}  // namespace
}  // namespace pomona
