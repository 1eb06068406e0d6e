#include "pomona/report/page_file.h"

#include <arrow/util/base64.h>
#include <gtest/gtest.h>

#include <string>

#include "pomona/base/json.h"
#include "pomona/base/sha256.h"

namespace pomona {
namespace {

/// What stands between two texts of the page.
std::string Between(const std::string& page, const std::string& from, const std::string& to) {
  const size_t begin = page.find(from);
  if (begin == std::string::npos) return "there is no " + from;
  const size_t end = page.find(to, begin + from.size());
  return page.substr(begin + from.size(), end - begin - from.size());
}

std::string DataOf(const std::string& page) {
  return Between(page, "id=\"report-data\">", "</script>");
}

TEST(PageHtmlTest, WhatTheDataHoldIsNeverTakenForHtml) {
  const std::string text =
      "</script><script>alert(1)</script><!--\xe2\x80\xa8\xe2\x80\xa9 {{style}}";
  const std::string page = PageHtml("title", CompactJson({{"label", text}}), false);
  const std::string data = DataOf(page);
  EXPECT_EQ(data.find('<'), std::string::npos);
  EXPECT_EQ(data.find("\xe2\x80\xa8"), std::string::npos);
  const auto read = ParseJson(data);
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->at("label"), text);
}

TEST(PageHtmlTest, ATitleIsTextWhereverItStands) {
  const std::string page = PageHtml("<b>\"Fruits\" & 'more' {{data}}</b>", "{}", false);
  EXPECT_EQ(Between(page, "<title>", "</title>"),
            "&lt;b&gt;&quot;Fruits&quot; &amp; &#39;more&#39; {{data}}&lt;/b&gt;");
  EXPECT_EQ(page.find("{{title}}"), std::string::npos);
}

TEST(PageHtmlTest, ThePolicyAllowsItsOwnStyleAndScriptAlone) {
  const std::string page = PageHtml("title", "{}", false);
  const auto hash = [](const std::string& text) {
    const Sha256Digest digest = Sha256Of(text);
    return "'sha256-" +
           arrow::util::base64_encode(
               {reinterpret_cast<const char*>(digest.data()), digest.size()}) +
           "'";
  };
  const std::string policy = Between(page, "Content-Security-Policy\" content=\"", "\"");
  EXPECT_EQ(policy, "default-src 'none'; img-src data: blob:; style-src " +
                        hash(Between(page, "<style>", "</style>")) + "; script-src " +
                        hash(Between(page, "<script>", "</script>")) +
                        "; base-uri 'none'; form-action 'none'");
  const std::string local = PageHtml("title", "{}", true);
  EXPECT_NE(local.find("img-src data: blob: file:;"), std::string::npos);
}

}  // namespace
}  // namespace pomona
