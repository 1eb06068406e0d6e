#include "pomona/base/page_template.h"

#include <gtest/gtest.h>

namespace pomona {
namespace {

TEST(EscapedHtml, is_no_markup) {
  EXPECT_EQ(EscapedHtml("<a href=\"x\">'&'</a>"),
            "&lt;a href=&quot;x&quot;&gt;&#39;&amp;&#39;&lt;/a&gt;");
}

TEST(FillMarks, replaces_each_mark_once) {
  EXPECT_EQ(FillMarks("{{a}}-{{b}}-{{a}}", {{"a", "{{b}}"}, {"b", "2"}}), "{{b}}-2-{{b}}");
}

TEST(FillMarks, leaves_what_it_does_not_know) {
  EXPECT_EQ(FillMarks("{{c}} {{a", {{"a", "1"}}), "{{c}} {{a");
}

}  // namespace
}  // namespace pomona
