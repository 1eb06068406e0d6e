#include "cli/evaluation_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace pomona::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

Evaluation Made(const std::string& name, int64_t right, int64_t wrong) {
  Evaluation made;
  made.name = name;
  made.classes = {"apple", "lemon", "plum"};
  made.rows = 2 * (right + wrong);
  made.groups = 4;
  made.accuracy = {static_cast<double>(right) / static_cast<double>(right + wrong),
                   Interval{0.5, 1}};
  made.scores = {{right + wrong, right, right, 1, 0.5, 0.6},
                 {right + wrong, right, right, 0.25, 0.5, 0.3},
                 {}};
  if (wrong > 0) made.confusions = {{1, 0, wrong}};
  return made;
}

TEST(EvaluationTable, has_a_column_for_each_evaluation) {
  const std::vector<Evaluation> both = {Made("official", 1000, 0), Made("honest", 6, 2)};
  const std::string text = EvaluationTable(both);
  EXPECT_THAT(text, HasSubstr("official"));
  EXPECT_THAT(text, HasSubstr("1.000 (0.500 to 1.000)  0.750 (0.500 to 1.000)\n"));
  // Of few classes the last one's confusions are a matrix.
  EXPECT_THAT(text, HasSubstr("given \\ predicted  apple  lemon\n"
                              "apple                  6      .\n"
                              "lemon                  2      6\n"));
  // Classes are in the matrix's order; one that nobody named is not there.
  EXPECT_LT(text.find("\napple "), text.find("\nlemon "));
  EXPECT_THAT(text, Not(HasSubstr("plum")));
  // What none of them measured is no line.
  EXPECT_THAT(text, Not(HasSubstr("AUROC")));
}

TEST(EvaluationTable, says_how_many_lines_are_left_out) {
  Evaluation made = Made("honest", 1, 0);
  made.classes.clear();
  made.scores.clear();
  for (int i = 0; i < 83; ++i) {
    made.classes.push_back("class " + std::to_string(100 + i));
    made.scores.push_back({1, 1, 1, 1, 1, 1});
    made.confusions.push_back({i, (i + 1) % 83, 1});
  }
  made.scores[80].f1 = 0.5;
  const std::string text = EvaluationTable(std::span(&made, 1));
  EXPECT_THAT(text, HasSubstr("class 118"));
  EXPECT_THAT(text, Not(HasSubstr("class 130")));
  // The worst class is first where there is no matrix.
  EXPECT_LT(text.find("\nclass 180 "), text.find("\nclass 100 "));
  EXPECT_THAT(text, HasSubstr("and 63 more"));
}

TEST(EvaluationTable, names_of_others_cannot_command_a_terminal) {
  Evaluation made = Made("honest", 6, 2);
  made.classes[1] = "le\x1b[31mmon";
  made.remarks = {"all rows are of one group"};
  const std::string text = EvaluationTable(std::span(&made, 1));
  EXPECT_THAT(text, Not(HasSubstr("\x1b")));
  EXPECT_THAT(text, HasSubstr("note: honest: all rows are of one group\n"));
  EXPECT_THAT(EvaluationTable(std::vector<Evaluation>{Made("", 1, 0)}),
              HasSubstr("no row was taken for another class"));
}

}  // namespace
}  // namespace pomona::cli
