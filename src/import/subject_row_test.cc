#include "import/subject_row.h"
#include "testing/folder.h"
#include "testing/outside.h"

#include <gtest/gtest.h>

namespace onefold::import {
namespace {

const std::vector<std::string> header{"company", "code", "domain", "person", "phone", "boss", "until"};
const std::vector<std::string> fields{"name", "title"};
constexpr std::string_view both =
    R"({"organisation":{"identifiers":{"code":"credit_code","domain":"web_domain"},"fields":{"company":"name"}},)"
    R"("person":{"identifiers":{"phone":"phone"},"fields":{"person":"name"}},)"
    R"("membership":{"is_decision_maker":"boss","valid_to":"until"}})";

class SubjectRow : public ::testing::Test {
  protected:
    ReadSubject read(std::vector<std::string> cells, std::string_view map = both) {
        source_.name = "crm";
        source_.region = "CN";
        Row row;
        row.line = 2;
        row.fields = std::move(cells);
        return read_subject(row, parse_map(map, MapContext{Kind::customer, header, fields}).value(), source_, *keys_);
    }
    testing::Folder folder_;
    testing::Outside outside_;
    std::unique_ptr<access::Keys> keys_ = std::move(*access::Keys::open(outside_.all, folder_.path()));
    source::Source source_;
};

TEST_F(SubjectRow, ACompanyIsKnownByItsCodeElseItsDomainElseItsName) {
    const auto key = [&](std::vector<std::string> cells) { return read(std::move(cells)).subject.organisation->key; };
    const std::string phone = "13912345678";
    EXPECT_EQ(key({"Acme", "91330100799655058B", "acme.cn", "Ann", phone, "", ""}), "credit_code:91330100799655058B");
    EXPECT_TRUE(key({"Acme", "", "info@acme.cn", "Ann", phone, "", ""}).starts_with("web_domain:"));
    EXPECT_EQ(
        key({"Acme", "", "ann@acme.cn", "Ann", phone, "", ""}), key({"Acme", "", "acme.cn", "Ben", phone, "", ""}));
    const std::string by_name = key({"Acme (China)", "", "qq.com", "Ann", phone, "", ""});
    EXPECT_TRUE(by_name.starts_with("organisation_name@crm:")) << "everybody's mail domain is nobody's";
    EXPECT_EQ(key({"ＡＣＭＥ（China）", "", "", "Ann", phone, "", ""}), by_name);
    EXPECT_FALSE(read({"n/a", "", "", "Ann", phone, "", ""}).subject.organisation);
}

TEST_F(SubjectRow, ARowAboutNobodySaysWhichCellIsToBlame) {
    constexpr std::string_view person = R"({"identifiers":{"phone":"phone"},"fields":{"person":"name"}})";
    const ReadSubject bad = read({"", "", "", "Ann", "12", "", ""}, person);
    ASSERT_TRUE(bad.subject.key.empty());
    const RowError why = about_nobody(9, bad.warnings);
    EXPECT_EQ(why.line, 9u);
    EXPECT_EQ(why.column, "phone");
    EXPECT_TRUE(why.message.in("en").starts_with(bad.warnings.front().message.in("en"))) << why.message.in("en");
    EXPECT_NE(why.message.in("zh-CN").find("没有其他可用的标识"), std::string_view::npos);
    const ReadSubject blank = read({"", "", "", "Ann", "N/A", "", ""}, person);
    ASSERT_TRUE(blank.subject.key.empty());
    EXPECT_EQ(about_nobody(3, blank.warnings).column, "");
}

TEST_F(SubjectRow, WithoutAPersonItIsOfTheCompany) {
    const auto [subject, warnings] = read({"Acme", "", "", "Ann", "", "", ""});
    EXPECT_EQ(subject.kind, identity::NodeKind::organisation);
    EXPECT_EQ(subject.facts.front().second, "Acme");
    EXPECT_FALSE(subject.organisation);
}

TEST_F(SubjectRow, SaysWhatTheMembershipIs) {
    const auto [subject, warnings] = read({"Acme", "", "", "Ann", "13912345678", "是", "2025-01-01"});
    EXPECT_EQ(subject.kind, identity::NodeKind::person);
    EXPECT_EQ(subject.organisation->membership.is_decision_maker, true);
    EXPECT_EQ(to_rfc3339(*subject.organisation->membership.valid_to), "2025-01-01T00:00:00Z");
    const auto wrong = read({"Acme", "", "", "Ann", "13912345678", "perhaps", "one day"});
    ASSERT_EQ(wrong.warnings.size(), 2u);
    EXPECT_EQ(wrong.warnings[0].code, "import.bad_flag");
    EXPECT_EQ(wrong.warnings[1].column, "until");
}

} // namespace
} // namespace onefold::import
