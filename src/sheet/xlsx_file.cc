#include "sheet/xlsx_file.h"

#include "sheet/safe_cell.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <fmt/format.h>

namespace onefold::sheet {
namespace {

using namespace std::chrono;

constexpr std::size_t exact_digits_max = 15; // of a double
constexpr local_days day_zero{year{1899} / 12 / 30};

constexpr std::string_view xml_head = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
constexpr std::string_view content_types =
    R"(<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>)";
constexpr std::string_view relations =
    R"(<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>)";
constexpr std::string_view workbook_relations =
    R"(<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>)";
constexpr std::string_view workbook =
    R"(<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><bookViews><workbookView/></bookViews><sheets><sheet name="{}" sheetId="1" r:id="rId1"/></sheets></workbook>)";
constexpr std::string_view bold = R"( s="1")", dated = R"( s="2")"; // of cellXfs, from 0
constexpr std::string_view styles =
    R"(<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\-mm\-dd hh:mm:ss"/></numFmts><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/><xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs></styleSheet>)";
constexpr std::string_view sheet_head =
    R"(<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols><col min="1" max="{}" width="20" customWidth="1"/></cols><sheetData>)";

constexpr auto is_plain = [] {
    std::array<bool, 256> plain{};
    for (std::size_t c = 0; c < plain.size(); ++c)
        plain[c] = c >= ' ' || c == '\t' || c == '\n';
    for (const unsigned char c : std::string_view("&<>_\xEF"))
        plain[c] = false;
    return plain;
}();

bool is_escape(std::string_view text) {
    return text.size() >= 7 && text.starts_with("_x") && text[6] == '_' &&
           std::ranges::all_of(text.substr(2, 4), [](unsigned char c) { return std::isxdigit(c) != 0; });
}

// What is not plain at the beginning of `rest`, as the format writes it; how many bytes of it that was.
std::size_t put_special(std::string& to, std::string_view rest) {
    const unsigned char c = static_cast<unsigned char>(rest.front());
    if (c == '&')
        to += "&amp;";
    else if (c == '<')
        to += "&lt;";
    else if (c == '>')
        to += "&gt;";
    else if (c < ' ')
        fmt::format_to(std::back_inserter(to), "_x{:04X}_", c);
    else if (is_escape(rest))
        to += "_x005F_";
    else if (rest.starts_with("\xEF\xBF\xBE") || rest.starts_with("\xEF\xBF\xBF")) // no characters of XML
        return to += rest[2] == '\xBE' ? "_xFFFE_" : "_xFFFF_", 3;
    else
        to += rest.front();
    return 1;
}

void put_escaped(std::string& to, std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
        const auto begin = at;
        while (at < text.size() && is_plain[static_cast<unsigned char>(text[at])])
            ++at;
        to += text.substr(begin, at - begin);
        if (at < text.size())
            at += put_special(to, text.substr(at));
    }
}

bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\n';
}

bool is_exact(std::string_view decimal) {
    const auto digits = std::ranges::count_if(decimal, [](char c) { return c >= '0' && c <= '9'; });
    return digits > 0 && digits <= std::ptrdiff_t(exact_digits_max) &&
           decimal.find_first_not_of("0123456789.-") == decimal.npos;
}

std::size_t utf16_units(std::string_view text) {
    std::size_t units = 0;
    for (const unsigned char c : text)
        units += (c & 0xC0) == 0x80 ? 0 : c >= 0xF0 ? 2 : 1;
    return units;
}

} // namespace

bool fits_cell(std::string_view text) {
    return text.size() < cell_units_max || utf16_units(marked_cell(text)) <= cell_units_max;
}

Result<XlsxFile> XlsxFile::create(runtime::Files& files, const std::string& path, std::string_view sheet) {
    XlsxFile made(TRY(ZipFile::create(files, path)));
    const auto add = [&](const char* name, std::string_view xml) {
        made.zip_.begin(name);
        made.zip_.add(xml_head);
        made.zip_.add(xml);
    };
    add("[Content_Types].xml", content_types);
    add("_rels/.rels", relations);
    add("xl/workbook.xml", fmt::format(workbook, sheet));
    add("xl/_rels/workbook.xml.rels", workbook_relations);
    add("xl/styles.xml", styles);
    add("xl/worksheets/sheet1.xml", "");
    return made;
}

void XlsxFile::head(const std::vector<std::string_view>& titles) {
    zip_.add(fmt::format(sheet_head, std::max<std::size_t>(titles.size(), 1)));
    for (const auto title : titles)
        put_text(title, bold);
    end_row();
}

void XlsxFile::text(std::string_view text) {
    if (text.starts_with('\'')) [[unlikely]]
        put_text(marked_cell(text), "");
    else
        put_text(text, "");
}

void XlsxFile::put_text(std::string_view text, std::string_view style) {
    if (text.empty()) {
        row_ += "<c/>";
        return;
    }
    ((row_ += "<c") += style) += R"( t="inlineStr"><is><t)";
    row_ += is_blank(text.front()) || is_blank(text.back()) ? R"( xml:space="preserve">)" : ">";
    put_escaped(row_, text);
    row_ += "</t></is></c>";
}

void XlsxFile::number(std::string_view decimal) {
    if (!is_exact(decimal))
        return text(decimal);
    ((row_ += "<c><v>") += decimal) += "</v></c>";
}

void XlsxFile::time(local_time<microseconds> at, std::string_view written) {
    const auto second = floor<seconds>(at);
    const year_month_day date(floor<days>(second));
    if (second != at || date.year() < year(1901) || date.year() > year(9998))
        return text(written);
    const double serial = double((second - day_zero).count()) / 86'400;
    fmt::format_to(std::back_inserter(row_), "<c{}><v>{}</v></c>", dated, serial);
}

void XlsxFile::end_row() {
    zip_.add("<row>");
    zip_.add(row_);
    zip_.add("</row>");
    row_.clear();
}

void XlsxFile::row(std::initializer_list<std::string_view> texts) {
    for (const auto cell : texts)
        text(cell);
    end_row();
}

Result<> XlsxFile::finish() {
    zip_.add("</sheetData></worksheet>");
    return zip_.finish();
}

} // namespace onefold::sheet
